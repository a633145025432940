"""Places of an extract of OpenStreetMap as leads of a programme: read, compared with what is there, written."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import models, transaction
from shapely.geometry import shape

from meervoud.core.errors import InputError
from meervoud.files.reading import Reading
from meervoud.files.sources.geojson import Area, place_in_areas
from meervoud.files.sources.scout import ASSUMING_TAGS, Candidate, scout_candidates
from meervoud.lib.journal import journal
from meervoud.matching.models import Lead, LeadList, LeadState
from meervoud.parties.models import Person, Programme
from meervoud.places.models import Neighbourhood

SOURCE: Final = "osm"
MOST_PLACES: Final = 10_000
BATCH: Final = 200
KEPT_DAYS: Final = 14
FROM_MAP: Final = (
    "name",
    "kind",
    "latitude",
    "longitude",
    "neighbourhood",
    "street",
    "postcode",
    "town",
    "opening_hours",
    "tags",
)
LENGTHS: Final = {each.name: each.max_length for each in Lead._meta.fields if isinstance(each, models.CharField)}
_UNSAFE: Final = re.compile(r"[^\w .()-]")
Facts = Mapping[str, Any]  # Any: the values of the fields FROM_MAP


@dataclass(frozen=True)
class Comparison:
    """What an extract would do: leads that are new, and those of which the map says something else now."""

    new: tuple[Lead, ...]
    changed: tuple[Lead, ...]
    unchanged: int


def read_places(name: str, content: bytes, *, most: int | None = MOST_PLACES) -> Reading[Candidate]:
    """Read an extract as it was given, each value that is filled in marked as assumed.

    Args:
        name: of the file, for what is said about it.
        content: GeoJSON points with the tags of OpenStreetMap.
        most: more places are refused; None is no limit.

    Raises:
        InputError: the file as a whole cannot be read; what is wrong with a place is in the reading.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (_UNSAFE.sub("_", Path(name).name)[-80:] or "places.geojson")
        path.write_bytes(content)
        reading = scout_candidates(path)
    if most is not None and reading.read > most:
        raise InputError(
            f"The file has more than {most} places. Give a smaller part.", code="leads_too_many", most=most
        )
    return reading


def compare_places(programme: Programme, places: Sequence[Candidate]) -> Comparison:
    """Return what the places of an extract are to a programme; nothing is written."""
    rows = Lead.objects.every(because="an extract is compared with the whole programme").filter(programme=programme)
    known = {each.source_id: each for each in rows.filter(source=SOURCE)}
    new, changed, unchanged = dict[str, Lead](), list[Lead](), 0
    for key, facts in _facts(programme, places).items():
        lead = known.get(key)
        if lead is None:
            new[key] = Lead(programme=programme, source=SOURCE, source_id=key, **facts)
        elif lead.state != LeadState.HOST and _take_over(lead, facts):
            changed.append(lead)
        else:
            unchanged += 1
    return Comparison(tuple(new.values()), tuple(changed), unchanged)


def _take_over(lead: Lead, facts: Facts) -> bool:
    """Set what the map says now and no person has corrected; say whether anything is different."""
    different = {name: value for name, value in facts.items() if name not in lead.said and getattr(lead, name) != value}
    for name, value in different.items():
        setattr(lead, name, value)
    return bool(different)


def _facts(programme: Programme, places: Sequence[Candidate]) -> dict[str, Facts]:
    areas = [
        Area(each.name, each.code, shape(each.outline))
        for each in Neighbourhood.objects.filter(programme=programme).exclude(kind="water")
    ]
    placed = place_in_areas([each.space for each in places], areas)
    return {
        _text(each.space.id, "source_id"): _facts_of(each, area.neighbourhood)
        for each, area in zip(places, placed, strict=True)
    }


def _facts_of(place: Candidate, neighbourhood: str | None) -> Facts:
    space, tags = place.space, place.tags
    street = " ".join(filter(None, (tags.get("addr:street", ""), tags.get("addr:housenumber", ""))))
    texts = {
        "name": space.name,
        "neighbourhood": neighbourhood or "",
        "street": street,
        "postcode": tags.get("addr:postcode", ""),
        "town": tags.get("addr:city", ""),
        "opening_hours": tags.get("opening_hours", ""),
    }
    return {
        **{name: _text(text, name) for name, text in texts.items()},
        "kind": space.kind,
        "latitude": space.position.latitude if space.position else None,
        "longitude": space.position.longitude if space.position else None,
        "tags": {key: _clean(tags[key])[:255] for key in sorted(ASSUMING_TAGS - {"opening_hours"}) if tags.get(key)},
    }


def _text(text: str, field: str) -> str:
    return _clean(text)[: LENGTHS[field]]


def _clean(text: str) -> str:
    return text.replace("\0", "")  # a database takes no such sign


@transaction.atomic
def bring_leads(*, programme: Programme, places: Sequence[Candidate], by: Person | None) -> Comparison:
    """Make leads of the places that are not known yet, and follow the map where nobody has corrected it.

    A place that is known by its number is not doubled; one that is a host already stays as it is.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)  # two lists at once would double a place
    found = compare_places(programme, places)
    Lead.objects.bulk_create(found.new, batch_size=BATCH)
    rows = Lead.objects.every(because="an extract is written to the whole programme")
    rows.bulk_update(found.changed, FROM_MAP, batch_size=BATCH)
    journal(by, "leads.brought", programme, new=len(found.new), changed=len(found.changed))
    return found


def keep_list(*, programme: Programme, by: Person, name: str, content: bytes) -> LeadList:
    """Keep an extract until its person says yes or no to it; it takes the place of the one they gave before.

    Raises:
        InputError: the file as a whole cannot be read.
    """
    reading = read_places(name, content)  # before the transaction: it takes seconds
    with transaction.atomic():
        LeadList.objects.every(because="their own list before").filter(programme=programme, by=by).delete()
        kept = LeadList.objects.create(programme=programme, by=by, file_name=name[-200:], content=content)
        journal(by, "leads.given", kept, places=reading.read)
    return kept


def bring_list(*, waiting: LeadList, by: Person) -> Comparison:
    """Make leads of an extract that waited, and forget the file."""
    reading = read_places(waiting.file_name, bytes(waiting.content))  # before the transaction: it takes seconds
    with transaction.atomic():
        found = bring_leads(programme=waiting.programme, places=reading.taken, by=by)
        drop_list(waiting=waiting, by=by)
    return found


@transaction.atomic
def drop_list(*, waiting: LeadList, by: Person | None) -> None:
    """Forget an extract; the leads that were made of an earlier one stay."""
    journal(by, "leads.dropped", waiting)
    waiting.delete()


def drop_old_lists(*, now: datetime) -> int:
    """Forget the extracts that nobody took over within fourteen days, and return how many."""
    waiting = LeadList.objects.every(because="the platform's own clock")
    late = list(waiting.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).defer("content"))
    for each in late:
        drop_list(waiting=each, by=None)
    return len(late)
