"""Something happened in a building: told from a sheet, from the page of a moment or by the desk; open until it is settled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.urls import reverse

from meervoud.agreements.drafts import sides_of
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.images import prepare_photo
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.mail import Letter, write_to
from meervoud.parties.models import Person
from meervoud.parties.roles import works_for
from meervoud.places.models import Building, Space
from meervoud.supply.calendar import Span
from meervoud.usage.models import Incident, SheetReader, UsageMoment
from meervoud.usage.sheet_readers import looks_after
from meervoud.usage.telling import say_span

MOST_LETTERS: Final = 2000
MOST_HOW: Final = 500
KEY: Final = "the key of who sends it"
Teller = Incident.Teller


@dataclass(frozen=True)
class Happened:
    """What somebody tells.

    Attributes:
        kind: one of Incident.Kind.
        note: in words.
        key: the same one, sent twice on a bad line, counts once.
        by: who is signed in.
        reader: whoever has the link of a sheet.
        photo: a picture as it was sent, b"" for none.
    """

    kind: str
    note: str
    key: str
    by: Person | None = None
    reader: SheetReader | None = None
    photo: bytes = b""


@transaction.atomic
def tell_incident(
    *, building: Building, said: Happened, space: Space | None = None, moment: UsageMoment | None = None
) -> Incident:
    """Write down that something happened, and tell the other people it is about; the same key gives the first again.

    Raises:
        InputError: it cannot be read, or the photo is none.
        NotAllowedError: the person neither looks after the building nor speaks for a side of the moment.
    """
    teller = _teller(building, said, moment)
    note = said.note.replace("\x00", "").strip()
    if said.kind not in Incident.Kind.values or not 1 <= len(note) <= MOST_LETTERS:
        raise InputError(
            f"Say what happened, in at most {MOST_LETTERS} letters.", code="incident_words", most=MOST_LETTERS
        )
    if moment is not None and moment.space.building_id != building.pk:
        raise InputError("This moment is not in this building.", code="incident_moment")
    if not 8 <= len(said.key) <= 64:
        raise InputError("This page is too old. Open it again.", code="check_in_key")
    known = _known(building, said)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            row = Incident.objects.create(
                building=building,
                space=moment.space if moment else space,
                moment=moment,
                kind=said.kind,
                note=note,
                photo=prepare_photo(said.photo)[-1].data if said.photo else None,
                teller=teller,
                by=said.by,
                by_reader=said.reader,
                key=said.key,
            )
    except IntegrityError:  # the same, at the same moment
        found = _known(building, said)
        if found is None:
            raise
        return found
    journal(said.by, "incident.told", row, building=str(building.pk), kind=row.kind, teller=teller)
    _tell(row, "told", said.by)
    return row


def _known(building: Building, said: Happened) -> Incident | None:
    found = Incident.objects.every(because=KEY).defer("photo").filter(key=said.key).first()
    if found is None:
        return None
    if (found.building_id, found.by_id, found.by_reader_id) != (
        building.pk,
        said.by.pk if said.by else None,
        said.reader.pk if said.reader else None,
    ):
        raise InputError("This page is too old. Open it again.", code="check_in_key")
    return found


def _teller(building: Building, said: Happened, moment: UsageMoment | None) -> str:
    """Return as whom somebody tells; a reader tells of the building of its own sheet only."""
    if said.reader is not None and said.reader.building_id == building.pk:
        return Teller.READER
    if said.by is not None:
        if works_for(said.by, building.programme):
            return Teller.DESK
        if looks_after(said.by, building):
            return Teller.HOST
        sides = sides_of(said.by, moment.agreement) if moment else ()
        if sides:
            return Teller.ASKER if Side.ASKER in sides else Teller.HOST
    raise NotAllowedError("Only who looks after the building, and the two sides of a moment, tell what happened there.")


@transaction.atomic
def settle_incident(*, incident: Incident, how: str, by: Person, now: datetime) -> Incident:
    """Say how something was settled.

    Raises:
        ConflictError: somebody settled it already.
        InputError: nothing is said of how, or too much.
        NotAllowedError: the person does not look after the building.
    """
    rows = Incident.objects.visible_to(by).select_for_update(of=("self",)).defer("photo")
    row = rows.select_related("building__host", "building__programme").get(pk=incident.pk)
    if not looks_after(by, row.building):
        raise NotAllowedError("Only the host of the building and the desk settle what happened there.")
    how = how.replace("\x00", "").strip()
    if not 1 <= len(how) <= MOST_HOW:
        raise InputError(f"Say how it was settled, in at most {MOST_HOW} letters.", code="incident_how", most=MOST_HOW)
    if row.settled_at is not None:
        raise ConflictError("Somebody settled this already. Look at it again.")
    row.settled_at, row.settled_by, row.settled_how = now, by, how
    row.save(update_fields=["settled_at", "settled_by", "settled_how", "changed_at"])
    journal(by, "incident.settled", row)
    _tell(row, "settled", by)
    return row


def may_settle(incident: Incident, person: Person) -> bool:
    """Say whether a person settles what happened."""
    return incident.settled_at is None and looks_after(person, incident.building)


def _tell(row: Incident, what: str, by: Person | None) -> None:
    """Write to the people of the host, and to the group of the moment: what kind, where and when, and no name."""
    people = list(Person.objects.filter(memberships__organisation=row.building.host_id).distinct())
    if row.moment is not None:
        people.append(row.moment.agreement.request.asked_by)
    zone = row.building.programme.time_zone
    for person in {each.pk: each for each in people if by is None or each.pk != by.pk}.values():
        span = Span(row.moment.starts_at, row.moment.ends_at) if row.moment else None
        gaps = {
            "what": what,
            "kind": row.kind,
            "space": row.space.name if row.space else "",
            "moment": say_span(span, zone, person.language) if span else "",
            "id": str(row.pk),
        }
        path = reverse("incident", args=[row.pk])
        write_to(person, Letter("incident", gaps, link=path))
