"""The same question answered in other ways: intervals and bisect, dateutil, PostgreSQL multiranges.

Each peer is given the spaces that the engine's prefilter leaves, for nothing; PostgreSQL filters itself. A space's answer
is its best pattern: (weekday, first half-hour, weeks that work); the first of the best counts, as in the engine.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from dateutil.rrule import WEEKLY, rrule

from bench.city import BUFFER, GRID, Recurrence
from meervoud.core.engine.index import Index
from meervoud.core.engine.plans import least_count, snap_window
from meervoud.core.engine.types.requests import Request, Weekly
from meervoud.core.engine.types.spaces import Space

Best: TypeAlias = dict[str, tuple[int, int, int]]
Intervals: TypeAlias = tuple[list[int], list[int]]
OPEN: dict[str, list[tuple[tuple[int, ...], int, int]]] = {
    "office": [((0, 1, 2, 3, 4), 18, 23), ((5, 6), 9, 23)],
    "community_centre": [((0, 1, 2, 3, 4, 5, 6), 9, 22)],
    "school": [((0, 1, 2, 3, 4), 16, 22)],
    "vacant_shop": [((0, 1, 2, 3, 4, 5, 6), 0, 24)],
    "place_of_worship": [((1, 2, 3, 4, 5), 12, 22)],
    "sports_hall": [((0, 1, 2, 3, 4), 8, 12), ((0, 1, 2, 3, 4), 17, 23), ((5,), 8, 18)],
}


def weekly(request: Request) -> Weekly:
    """Return the one weekly rule of a benchmark request."""
    need = request.needs[0]
    if not isinstance(need, Weekly):
        raise TypeError(request.id)
    return need


def free_intervals(index: Index, row: int) -> Intervals:
    """Expand the free half-hours of a space into sorted intervals of minutes since the grid's Monday."""
    starts: list[int] = []
    ends: list[int] = []
    for day in range(index.grid.weeks * 7):
        word = int(index.bits[day % 7, row, day // 7]) & ((1 << 48) - 1)
        while word:
            low = (word & -word).bit_length() - 1
            run = ((word >> low) + 1 & ~(word >> low)).bit_length() - 1
            begin = (day * 48 + low) * 30
            if ends and ends[-1] == begin:
                ends[-1] = begin + run * 30
            else:
                starts.append(begin)
                ends.append(begin + run * 30)
            word &= ~(((1 << run) - 1) << low)
    return starts, ends


def by_bisect(request: Request, candidates: Iterable[tuple[str, Intervals]]) -> Best:
    """Look each moment up in the sorted free intervals of each space."""
    need = weekly(request)
    best: Best = {}
    for space_id, (starts, ends) in candidates:
        for weekday, slot, minutes, days in _patterns(need):
            held = 0
            for day in days:
                begin = day * 1440 + slot * 30
                place = bisect_right(starts, begin) - 1
                held += place >= 0 and ends[place] >= begin + minutes
            _keep(best, space_id, (weekday, slot, held), least_count(need.coverage_share, len(days)))
    return best


def by_rrule(request: Request, candidates: Iterable[tuple[Space, list[Recurrence]]]) -> Best:
    """Expand opening rules and bookings with dateutil for each space, as application code does."""
    need = weekly(request)
    begin = datetime.combine(need.first, time())
    end = begin + timedelta(days=7 * need.weeks + 1)
    skipped = _skipped_by_the_clock()
    best: Best = {}
    for space, recurrences in candidates:
        lent: list[tuple[datetime, datetime]] = [
            (day + timedelta(hours=first), day + timedelta(hours=last))
            for weekdays, first, last in OPEN[space.kind]
            for day in rrule(WEEKLY, dtstart=begin, until=end, byweekday=weekdays)
            if not any(each.days.first <= day.date() <= each.days.last for each in space.closures)
        ]
        lent.sort()
        busy = [skipped] + [
            (moment - timedelta(minutes=BUFFER), moment + timedelta(minutes=each.minutes + BUFFER))
            for each in recurrences
            for moment in rrule(
                WEEKLY, dtstart=datetime.combine(each.first, time()) + timedelta(minutes=each.start), count=each.weeks
            )
            if begin - timedelta(days=1) < moment < end + timedelta(days=1)
        ]
        free = list(_minus(_joined(lent), sorted(busy)))
        starts = [low for low, _ in free]
        for weekday, slot, minutes, days in _patterns(need):
            held = 0
            for day in days:
                moment = datetime.combine(GRID.monday, time()) + timedelta(minutes=day * 1440 + slot * 30)
                place = bisect_right(starts, moment) - 1
                held += place >= 0 and moment + timedelta(minutes=minutes) <= free[place][1]
            _keep(best, space.id, (weekday, slot, held), least_count(need.coverage_share, len(days)))
    return best


def _patterns(need: Weekly) -> Iterator[tuple[int, int, int, list[int]]]:
    first, end, slots = snap_window(need.window, need.minutes)
    for weekday in sorted(need.weekdays):
        offset = (need.first - GRID.monday).days + (weekday - need.first.weekday()) % 7
        days = [offset + 7 * week for week in range(need.weeks)]
        for slot in range(first, end - slots + 1):
            yield weekday, slot, slots * 30, days


def _keep(best: Best, space_id: str, found: tuple[int, int, int], least: int) -> None:
    if found[2] >= least and (space_id not in best or found[2] > best[space_id][2]):
        best[space_id] = found


def _joined(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for low, high in spans:
        if joined and low <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return joined


def _minus(
    spans: list[tuple[datetime, datetime]], busy: list[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    for low, high in spans:
        at = low
        for begin, end in busy:
            if end > at and begin < high:
                if begin > at:
                    yield at, begin
                at = max(at, end)
        if at < high:
            yield at, high


def _skipped_by_the_clock() -> tuple[datetime, datetime]:
    day = datetime.combine(date(2026, 3, 29), time())
    return day + timedelta(hours=2), day + timedelta(hours=3)
