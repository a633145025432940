"""The ledger of a period: realised moments as rows, and their sums by dekad, read anew only where something changed."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
Moments = QuerySet[Any, Any]  # Any: usage moments with annotations


@dataclass(frozen=True)
class Ledger:
    """What the realised moments of a period add up to.

    Attributes:
        tallies: the sums, by room, initiative and evidence.
        rooms: every room of the tallies, by id.
        sheltered: initiatives that are counted in the whole only, never per place, host or hour.
        hours: room-minutes used in each of the 168 hours of the week, by neighbourhood; without sheltered groups.
        months: room-minutes by month, "2026-11".
    """

    tallies: tuple[Tally, ...]
    rooms: Mapping[str, Room]
    sheltered: frozenset[str]
    hours: Mapping[str, Sequence[int]]
    months: Mapping[str, int]


@dataclass(frozen=True)
class Kept:
    """What is kept of a period, by the first day of each dekad, and who needs shelter now: that may have changed since."""

    dekads: Mapping[date, LedgerDekad]
    sheltered: frozenset[str]

    def holds(self, dekad: LedgerDekad) -> bool:
        """Say whether the sums of a dekad are still what they would be now."""
        if dekad.summed_at_change != dekad.changes or not dekad.packed:
            return False
        return set(dekad.sums["sheltered"]) == self.sheltered & set(dekad.sums["initiatives"])


def ledger_of(programme: Programme, first: date, last: date) -> Ledger:
    """Return the ledger of a period; whole dekads come from their kept sums.

    A moment belongs to the day on which it began, on the clock of the programme.

    Args:
        programme: whose.
        first: the first day.
        last: the last day, included.
    """
    spans = list(dekads_of(first, last))
    kept = Kept(_kept(programme, spans), frozenset(map(str, sheltered_askers(programme))))
    parts = [_sums_of_part(programme, begin, end, kept) for begin, end in spans]
    months: dict[str, int] = defaultdict(int)
    for (begin, _end), part in zip(spans, parts, strict=True):
        months[f"{begin:%Y-%m}"] += part.room_minutes
    tallies = added_tallies(parts)
    sheltered = frozenset(each for part in parts for each in part.sheltered)
    return Ledger(tallies, rooms_of({each.room for each in tallies}), sheltered, added_hours(parts), dict(months))


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
    return [each for each in _use_rows(near) if each.id not in known]


def sheltered_askers(programme: Programme) -> QuerySet[Any, Any]:
    """Return the ids of the groups of a programme that need shelter: they are in no list and in no place."""
    rows = programme.requests.every(because=WHY).filter(is_sheltered=True)
    return rows.annotate(asker=Coalesce("organisation", "asked_by")).values_list("asker", flat=True)


def rooms_of(ids: Iterable[str]) -> dict[str, Room]:
    """Return rooms by id. What stood empty, or is lent as a whole, keeps no use of its own: that is re-use."""
    spaces = Space.objects.every(because=WHY).filter(pk__in=[UUID(each) for each in ids])
    atoms: dict[UUID, set[str]] = defaultdict(set)
    for space, atom in Space.atoms.through.objects.filter(space__in=spaces).values_list("space_id", "atom_id"):
        atoms[space].add(str(atom))
    names = ("pk", "building__host", "building__neighbourhood__name", "area_m2", "kind", "offer__length")
    return {
        str(pk): Room(str(pk), str(host), name or "", area, _keeps_use(kind, length), frozenset(atoms[pk]))
        for pk, host, name, area, kind, length in spaces.values_list(*names)
    }


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
    hours = _hours(programme, [each for each in uses if each.initiative not in sheltered], minutes)
    return sums_of(found, hours, sorted(sheltered & {each.initiative for each in uses}))


def _hours(programme: Programme, uses: Sequence[Use], counted: Mapping[str, int]) -> Hours:
    zone, areas = ZoneInfo(programme.time_zone), _areas_of({each.room for each in uses})
    hours: Hours = defaultdict(lambda: [0] * HOURS_A_WEEK)
    for each in uses:
        row = hours[areas[each.room]]
        for hour, minutes in minutes_by_hour(each.ends - counted[each.id], each.ends, zone):
            row[hour] += minutes
    return dict(hours)


def _areas_of(ids: Iterable[str]) -> dict[str, str]:
    """Return the name of the neighbourhood of each room, "" where none is known."""
    spaces = Space.objects.every(because=WHY).filter(pk__in=[UUID(each) for each in ids])
    return {str(pk): name or "" for pk, name in spaces.values_list("pk", "building__neighbourhood__name")}


def _uses(programme: Programme, first: date, last: date) -> tuple[list[Use], list[Use]]:
    """Return the uses that began in a period, and those from before that reach into it."""
    begin = _midnight(programme, first)
    inside = _use_rows(held_moments(programme, first, last))
    before = _held(programme).filter(starts_at__range=(begin - LONGEST, begin - MINUTE), ends_at__gte=begin - GAP)
    return inside, _use_rows(before)


def _use_rows(rows: Moments) -> list[Use]:
    # ids as text and times as minutes: thousands of UUIDs and datetimes take longer to make than to read
    ids = [Cast(each, CharField()) for each in ("pk", "space", "asker")]
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
