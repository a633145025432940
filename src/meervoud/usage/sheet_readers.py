"""People of a building without an account: who reads its sheet, and the link by which they do."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Q

from meervoud.core.errors import InputError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.parties.models import Person
from meervoud.parties.models.people import LANGUAGES
from meervoud.parties.roles import acts_for, works_for
from meervoud.places.models import Building
from meervoud.usage.links import MOST_LETTERS
from meervoud.usage.models import SheetReader
from meervoud.usage.tonight import bounds, today_of

SHEET: Final = "meervoud.usage.sheet"
MOST: Final = 30
LINK: Final = "whoever has the link reads the sheet of one building"


def looks_after(person: Person, building: Building) -> bool:
    """Say whether a person acts for the host of a building, or works for its programme."""
    return acts_for(person, building.host) or works_for(person, building.programme)


@transaction.atomic
def add_reader(
    *, building: Building, by: Person, role: str, name: str, email: str = "", language: str = "nl"
) -> SheetReader:
    """Let somebody read the sheet of a building; the same name and address again changes nothing.

    Raises:
        InputError: there are 30 already, or the role, name or language cannot be.
        NotAllowedError: the person does not look after the building.
    """
    _check(by, building)
    name = " ".join(name.replace("\x00", "").split())[:120]
    if role not in SheetReader.Role.values or not name or language not in dict(LANGUAGES):
        raise InputError("Say what they do there, and what they are called.", code="reader_unknown")
    rows = building.sheet_readers.select_for_update()
    found = rows.filter(name=name, email=email, role=role).first()
    if found is not None:
        return found
    if rows.count() >= MOST:
        raise InputError(f"{MOST} people read this sheet already. Remove one first.", code="reader_many", most=MOST)
    reader = SheetReader.objects.create(building=building, role=role, name=name, email=email, language=language)
    journal(by, "sheet_reader.added", reader, building=str(building.pk), role=role)
    return reader


@transaction.atomic
def renew_link(*, reader: SheetReader, by: Person) -> SheetReader:
    """Give a reader another link; the old one opens nothing any more.

    Raises:
        NotAllowedError: the person does not look after the building.
    """
    _check(by, reader.building)
    row = reader.building.sheet_readers.select_for_update().get(pk=reader.pk)
    row.number += 1
    row.save(update_fields=["number", "changed_at"])
    journal(by, "sheet_reader.link_renewed", row, number=row.number)
    return row


@transaction.atomic
def remove_reader(*, reader: SheetReader, by: Person) -> None:
    """Let somebody read the sheet no more; what they told of stays, without their name.

    Raises:
        NotAllowedError: the person does not look after the building.
    """
    _check(by, reader.building)
    journal(by, "sheet_reader.removed", reader, building=str(reader.building_id))
    reader.building.sheet_readers.filter(pk=reader.pk).delete()


def _check(by: Person, building: Building) -> None:
    if not looks_after(by, building):
        raise NotAllowedError("Only the host of the building and the desk say who reads its sheet.")


def sheet_token(reader: SheetReader) -> str:
    """Return the word in the link of a reader; it works until they get another one."""
    return signing.Signer(salt=SHEET).sign_object([reader.pk.hex, reader.number])


def reader_of_token(token: str) -> SheetReader | None:
    """Return the reader of a link; None where it was tampered with, renewed, or they are removed."""
    try:
        reader, number = signing.Signer(salt=SHEET).unsign_object(token[:MOST_LETTERS])
        key = UUID(reader)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    rows = SheetReader.objects.every(because=LINK).filter(pk=key, number=number)
    return rows.select_related("building__programme", "building__host").first()


@transaction.atomic
def note_seen(*, reader: SheetReader, now: datetime) -> bool:
    """Note that a reader looked: once a day in the journal, for names and phones stand on a sheet."""
    begins, _ends = bounds(today_of(reader.building, now), reader.building.programme.time_zone)
    rows = SheetReader.objects.every(because=LINK).filter(pk=reader.pk)
    is_first = bool(rows.filter(Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=begins)).update(last_seen_at=now))
    if is_first:
        journal(None, "sheet.seen", reader, building=str(reader.building_id))
    return is_first
