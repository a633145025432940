"""The ledger of a period: realised moments as rows, and their sums by dekad, read anew only where something changed."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import CharField, F, QuerySet
from django.db.models.functions import Cast, Coalesce

from meervoud.core.impact.ledger import Room, Tally, Use
from meervoud.core.impact.use_figures import STAY_GAP_MINUTES, counted_minutes, starts_a_stay, tallied
from meervoud.core.impact.week import minutes_by_hour
from meervoud.lib.journal import stand_in_line
from meervoud.outcomes.models import LedgerDekad
from meervoud.outcomes.sums import HOURS_A_WEEK, Hours, Sums, added_hours, added_tallies, pack, sums_of, unpack
from meervoud.outcomes.whole_minutes import WholeMinutes
from meervoud.parties.models import Programme
from meervoud.places.models import Space
from meervoud.supply.models import Offer
from meervoud.usage.models import State, UsageMoment
from meervoud.usage.settled import MomentSettled

WHY: Final = "sums of a whole programme, for who works for it or reads what was published"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
DAY: Final = timedelta(days=1)
GAP: Final = timedelta(minutes=STAY_GAP_MINUTES)
MINUTE: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=40)
"""No moment lasts longer: a use of months is written as days, see usage.beginning."""
AT_ONCE: Final = 1000
EMPTY_KINDS: Final = ("vacant_shop", "vacant_building")
APART: Final = "/apart"
Moments = QuerySet[Any, Any]  # Any: usage moments with annotations


@dataclass(frozen=True)
class Ledger:
    """What the realised moments of a period add up to.

    Attributes:
        tallies: the sums, by room, initiative and evidence.
        rooms: every room of the tallies, by id.
        sheltered: initiatives that are counted in the whole only, never per place, host or hour.
        hours: room-minutes used in each of the 168 hours of the week, by name of neighbourhood; without sheltered groups, and
            of rooms that are offered by the hour only: these are what hours offered can be held against.
        months: room-minutes by month, "2026-11".
        hours_apart: the same as `hours`, of all other rooms: lent as a whole, or with no offer any more.
        rooms_apart: the ids of those rooms.
    """

    tallies: tuple[Tally, ...]
    rooms: Mapping[str, Room]
    sheltered: frozenset[str]
    hours: Mapping[str, Sequence[int]]
    months: Mapping[str, int]
    hours_apart: Mapping[str, Sequence[int]] = field(default_factory=dict)
    rooms_apart: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Kept:
    """What is kept of a period, and what may have changed since.

    Attributes:
        dekads: what is kept, by the first day of each dekad.
        sheltered: who needs shelter now.
        place_of: where each room that is kept counts now.
    """

    dekads: Mapping[date, LedgerDekad]
    sheltered: frozenset[str]
    place_of: Mapping[str, str]

    def holds(self, dekad: LedgerDekad) -> bool:
        """Say whether the sums of a dekad are still what they would be now."""
        said = dekad.sums
        if dekad.summed_at_change != dekad.changes or not dekad.packed or "place_of_rooms" not in said:
            return False
        places = [said["places"][each] for each in said["place_of_rooms"]]
        return places == [self.place_of.get(each) for each in said["rooms"]] and (
            set(said["sheltered"]) == self.sheltered & set(said["initiatives"])
        )


def ledger_of(programme: Programme, first: date, last: date) -> Ledger:
    """Return the ledger of a period; whole dekads come from their kept sums.

    A moment belongs to the day on which it began, on the clock of the programme. Sums know a neighbourhood by its id, and it
    is called here what it is called now. A dekad is read anew where a room of it came to another neighbourhood, or is offered
    by the hour now and was not, or the other way round.

    Args:
        programme: whose.
        first: the first day.
        last: the last day, included.
    """
    spans = list(dekads_of(first, last))
    dekads = _kept(programme, spans)
    rooms, place_of = _rooms_and_places({each for dekad in dekads.values() for each in dekad.sums.get("rooms", ())})
    kept = Kept(dekads, frozenset(map(str, sheltered_askers(programme))), place_of)
    parts = [_sums_of_part(programme, begin, end, kept) for begin, end in spans]
    months: dict[str, int] = defaultdict(int)
    for (begin, _end), part in zip(spans, parts, strict=True):
        months[f"{begin:%Y-%m}"] += part.room_minutes
    tallies = added_tallies(parts)
    sheltered = frozenset(each for part in parts for each in part.sheltered)
    used = {each.room for each in tallies}
    more_rooms, more_places = _rooms_and_places(used - rooms.keys())
    rooms = {name: room for name, room in (rooms | more_rooms).items() if name in used}
    by_hour, apart = _named(added_hours(parts), place_of | more_places, rooms)
    rooms_apart = frozenset(each for each in rooms if (place_of | more_places)[each].endswith(APART))
    return Ledger(tallies, rooms, sheltered, by_hour, dict(months), apart, rooms_apart)


def _named(hours: Hours, place_of: Mapping[str, str], rooms: Mapping[str, Room]) -> tuple[Hours, Hours]:
    """Return hours by place as hours by name of neighbourhood: of rooms that are offered by the hour, and of all others."""
    found: tuple[Hours, Hours] = {}, {}
    names = {place_of[each]: room.neighbourhood for each, room in rooms.items()}
    for place, row in hours.items():
        rows, name = found[place.endswith(APART)], names.get(place, "")
        rows[name] = [sum(each) for each in zip(rows[name], row, strict=True)] if name in rows else row
    return found


def parts_of(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Split a period at the borders of months."""
    while first <= last:
        end = min(last, first.replace(day=monthrange(first.year, first.month)[1]))
        yield first, end
        first = end + DAY


def dekads_of(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Split a period at the 1st, 11th and 21st of each month."""
    for begin, end in parts_of(first, last):
        borders = [begin.replace(day=day) for day in (11, 21) if begin.day < day <= end.day]
        yield from zip([begin, *borders], [*(each - DAY for each in borders), end], strict=True)


def forget_sums(event: MomentSettled) -> None:
    """Let the sums of a dekad no longer hold: a moment that began in it is settled, or one that reaches into it."""
    moment = event.moment
    zone = ZoneInfo(moment.agreement.programme.time_zone)
    begin = moment.starts_at.astimezone(zone).date()
    last = (moment.ends_at + GAP).astimezone(zone).date()
    firsts = sorted({_first_of(begin), *(_first_of(end) for _begin, end in dekads_of(begin, last))})
    stand_in_line()
    # a reader may be about to keep sums without this moment: the row must be there for its count to say so
    LedgerDekad.objects.bulk_create(
        [LedgerDekad(programme=moment.agreement.programme, first=each) for each in firsts], ignore_conflicts=True
    )
    rows = LedgerDekad.objects.every(because=WHY).filter(programme=moment.agreement.programme_id)
    rows.filter(first__gte=_first_of(begin), first__lte=last).update(changes=F("changes") + 1)


def _first_of(day: date) -> date:
    """Return the first day of the dekad of a day."""
    return day.replace(day=1 if day.day < 11 else 11 if day.day < 21 else 21)  # see dekads_of


def _is_whole(first: date, last: date) -> bool:
    return first == _first_of(first) and _first_of(last) != _first_of(last + DAY)


def held_moments(programme: Programme, first: date, last: date) -> Moments:
    """Return the realised moments that began in a period; each has `until`, when its group left, and its `asker`."""
    rows = _held(programme).filter(starts_at__gte=_midnight(programme, first))
    return rows.filter(starts_at__lt=_midnight(programme, last + DAY)).order_by("starts_at", "pk")


def uses_of(moments: Iterable[Any]) -> list[Use]:  # Any: see Moments
    """Return realised moments, from `held_moments`, as uses."""
    return [
        Use(
            *(str(each.pk), str(each.space_id), str(each.asker), _minute(each.starts_at), _minute(each.until)),
            *(each.evidence, each.people, each.first_timers),
        )
        for each in moments
    ]


def before_of(programme: Programme, uses: Sequence[Use]) -> list[Use]:
    """Return the uses that may reach into others of the same rooms, those others themselves left out."""
    if not uses:
        return []
    begin, end = (EPOCH + timedelta(minutes=pick(each.starts for each in uses)) for pick in (min, max))
    rows = _held(programme).filter(starts_at__range=(begin - LONGEST, end), ends_at__gte=begin - GAP)
    known = {each.id for each in uses}
    near = rows.filter(space__in={UUID(each.room) for each in uses})
    return [each for each in use_rows(near) if each.id not in known]


def sheltered_askers(programme: Programme) -> QuerySet[Any, Any]:
    """Return the ids of the groups of a programme that need shelter: they are in no list and in no place."""
    rows = programme.requests.every(because=WHY).filter(is_sheltered=True)
    return rows.annotate(asker=Coalesce("organisation", "asked_by")).values_list("asker", flat=True)


def rooms_of(ids: Iterable[str]) -> dict[str, Room]:
    """Return rooms by id. What stood empty, or is lent as a whole, keeps no use of its own: that is re-use."""
    return _rooms_and_places(ids)[0]


def _rooms_and_places(ids: Iterable[str]) -> tuple[dict[str, Room], dict[str, str]]:
    """Return rooms by id, and where they count: see places_of."""
    spaces = Space.objects.every(because=WHY).filter(pk__in=[UUID(each) for each in ids])
    atoms: dict[str, set[str]] = defaultdict(set)
    parts = Space.atoms.through.objects.filter(space__in=spaces)
    for space, atom in parts.values_list(*_as_text("space_id", "atom_id")):
        atoms[_name(space)].add(_name(atom))
    rooms, place_of = dict[str, Room](), dict[str, str]()
    found = _as_text("pk", "building__host", "building__neighbourhood")
    names = ("building__neighbourhood__name", "area_m2", "kind", "offer__length")
    for pk, host, area_id, area, m2, kind, length in spaces.values_list(*found, *names):
        name = _name(pk)
        rooms[name] = Room(name, _name(host), area or "", m2, _keeps_use(kind, length), frozenset(atoms[name]))
        place_of[name] = _place(area_id and _name(area_id), length)
    return rooms, place_of


def _as_text(*names: str) -> list[Cast]:
    return [Cast(each, CharField()) for each in names]


def _keeps_use(kind: str, length: str | None) -> bool:
    return kind not in EMPTY_KINDS and length != Offer.Length.WHOLE


def _kept(programme: Programme, spans: Sequence[tuple[date, date]]) -> dict[date, LedgerDekad]:
    """Return the whole dekads of a period; who is not there yet is, before a moment is read: see forget_sums."""
    firsts = [begin for begin, end in spans if _is_whole(begin, end)]
    rows = LedgerDekad.objects.every(because=WHY).filter(programme=programme, first__in=firsts)
    found = {each.first: each for each in rows}
    missing = [each for each in firsts if each not in found]
    if missing:
        _wait_for_a_turn()
        new = [LedgerDekad(programme=programme, first=each) for each in missing]
        LedgerDekad.objects.bulk_create(new, ignore_conflicts=True)
        found |= {each.first: each for each in rows.filter(first__in=missing)}
    return found


def _wait_for_a_turn() -> None:
    """Stand in line first where what is kept stays locked for a while: who settles a moment stands there too, and then writes to the same rows."""
    if connection.in_atomic_block:
        stand_in_line()


def _sums_of_part(programme: Programme, first: date, last: date, kept: Kept) -> Sums:
    dekad = kept.dekads.get(first)
    if dekad is None or not _is_whole(first, last):
        return _sums(programme, first, last, kept.sheltered)
    if kept.holds(dekad):
        return unpack(dekad.sums, bytes(dekad.packed))
    found = _sums(programme, first, last, kept.sheltered)
    names, packed = pack(found)
    _wait_for_a_turn()
    # who settled a moment meanwhile counted `changes` on: then these sums are told once and not kept
    rows = LedgerDekad.objects.every(because=WHY).filter(pk=dekad.pk, changes=dekad.changes)
    rows.update(sums=names, packed=packed, summed_at_change=dekad.changes)
    return found


def _sums(programme: Programme, first: date, last: date, sheltered: frozenset[str]) -> Sums:
    uses, before = _uses(programme, first, last)
    minutes = counted_minutes(uses, before=before)
    found = tallied(uses, minutes, starts_a_stay(uses, before=before))
    place_of = places_of({each.room for each in uses})
    hours = _hours(programme, [each for each in uses if each.initiative not in sheltered], minutes, place_of)
    return sums_of(found, hours, sorted(sheltered & {each.initiative for each in uses}), place_of)


def _hours(programme: Programme, uses: Sequence[Use], counted: Mapping[str, int], place_of: Mapping[str, str]) -> Hours:
    zone = ZoneInfo(programme.time_zone)
    hours: Hours = defaultdict(lambda: [0] * HOURS_A_WEEK)
    for each in uses:
        row = hours[place_of[each.room]]
        for hour, minutes in minutes_by_hour(each.ends - counted[each.id], each.ends, zone):
            row[hour] += minutes
    return dict(hours)


def places_of(ids: Iterable[str]) -> dict[str, str]:
    """Return where each room counts: the id of its neighbourhood, "" where none is known; APART behind it if it is not offered by the hour."""
    spaces = Space.objects.every(because=WHY).filter(pk__in=[UUID(each) for each in ids])
    rows = spaces.values_list(*_as_text("pk", "building__neighbourhood"), "offer__length")
    return {_name(pk): _place(area and _name(area), length) for pk, area, length in rows}


def _place(area: str | None, length: str | None) -> str:
    return f"{area or ''}{'' if length == Offer.Length.HOURS else APART}"


def _uses(programme: Programme, first: date, last: date) -> tuple[list[Use], list[Use]]:
    """Return the uses that began in a period, and those from before that reach into it."""
    begin = _midnight(programme, first)
    inside = use_rows(held_moments(programme, first, last))
    before = _held(programme).filter(starts_at__range=(begin - LONGEST, begin - MINUTE), ends_at__gte=begin - GAP)
    return inside, use_rows(before)


def use_rows(rows: Moments) -> list[Use]:
    """Return realised moments that know `until` and `asker` as uses, without making a moment of each."""
    # ids as text and times as minutes: thousands of UUIDs and datetimes take longer to make than to read
    ids = _as_text("pk", "space", "asker")
    found = rows.values_list(
        *ids, WholeMinutes("starts_at"), WholeMinutes("until"), "evidence", "people", "first_timers"
    )
    return [Use(_id(pk), _name(space), _name(asker), *said) for pk, space, asker, *said in found.iterator(AT_ONCE)]


def _id(text: str) -> str:
    """Return an id as Python writes it: SQLite keeps it without hyphens."""
    return text if "-" in text else f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_name = lru_cache(maxsize=10_000)(_id)


def _held(programme: Programme) -> Moments:
    rows = UsageMoment.objects.every(because=WHY).filter(agreement__programme=programme, state=State.HELD)
    asker = Coalesce("agreement__request__organisation", "agreement__request__asked_by")
    return rows.annotate(until=Coalesce("released_at", "ends_at"), asker=asker)


def _minute(at: datetime) -> int:
    return int((at - EPOCH).total_seconds()) // 60


def _midnight(programme: Programme, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(programme.time_zone))
