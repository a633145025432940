"""When a space is free: every half-hour of the wall clock against hours, edges, closures and bookings."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from meervoud.core.engine.types.spaces import Edge, OpenPeriod, Space
from meervoud.core.engine.types.time import Booking, DateRange, Grid
from meervoud.core.engine.verify.opening import DAY_MINUTES, HALF_HOUR, HALF_HOURS, open_day

SPILL_MINUTES = 480
HALF = timedelta(minutes=HALF_HOUR)

Span = tuple[int, int]
"""Minutes on the wall clock since the grid's Monday 00:00, half-open."""


@dataclass(frozen=True)
class WallClock:
    """The half-hours of a grid, named by their first minute since the grid's Monday 00:00.

    Attributes:
        skipped: those that summer time skips.
        begins: when each begins in UTC, sorted; one that autumn repeats begins twice.
        minutes: which half-hour begins then.
    """

    skipped: frozenset[int]
    begins: tuple[datetime, ...]
    minutes: tuple[int, ...]


@lru_cache(maxsize=8)
def wall_clock(grid: Grid) -> WallClock:
    """Ask the time zone for every half-hour of a grid when it begins."""
    zone = ZoneInfo(grid.zone)
    midnight = datetime.combine(grid.monday, time(0))
    passes: set[tuple[datetime, int]] = set()
    skipped: set[int] = set()
    for minute in range(0, grid.weeks * 7 * DAY_MINUTES, HALF_HOUR):
        shown = midnight + timedelta(minutes=minute)
        begins = {shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
        real = {begin for begin in begins if begin.astimezone(zone).replace(tzinfo=None) == shown}
        passes |= {(begin, minute) for begin in real}
        if not real:
            skipped.add(minute)
    ordered = sorted(passes)
    return WallClock(frozenset(skipped), tuple(begin for begin, _ in ordered), tuple(minute for _, minute in ordered))


class FreeTime:
    """Free time as spans on the wall clock: sorted, none touches the next."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = tuple(spans)
        self._ends = [end for _, end in self.spans]

    def within(self, begin: int, end: int) -> list[Span]:
        """Return what is free of a stretch of time."""
        found: list[Span] = []
        for start, stop in self.spans[bisect_right(self._ends, begin) :]:
            if start >= end:
                break
            found.append((max(start, begin), min(stop, end)))
        return found

    def starts(self, begin: int, end: int, minutes: int) -> list[int]:
        """Return the half-hours of a stretch from which so many minutes on end are free within it."""
        return [start for free, stop in self.within(begin, end) for start in range(free, stop - minutes + 1, HALF_HOUR)]

    def without(self, taken: Iterable[Span]) -> "FreeTime":
        """Return the free time that is left when some spans are taken."""
        left = list(self.spans)
        for begin, end in taken:
            left = [
                piece
                for start, stop in left
                for piece in ((start, min(stop, begin)), (max(start, end), stop))
                if piece[0] < piece[1]
            ]
        return FreeTime(left)


@dataclass(frozen=True)
class Calendar:
    """What keeps a space from being lent, and what is left.

    Attributes:
        blocked: cause -> for each day of the grid the half-hours that it blocks, as minutes after midnight.
        free: the rest.
    """

    blocked: dict[str, list[frozenset[int]]]
    free: FreeTime


def calendar_of(space: Space, grid: Grid) -> Calendar:
    """Return when a space is free in the weeks of a grid, and what blocks it when it is not."""
    days = [grid.monday + timedelta(days=number) for number in range(grid.weeks * 7)]
    clock = wall_clock(grid)
    layers = [("hours", [HALF_HOURS - _lent(space, day) for day in days]), ("clock", _by_day(clock.skipped, days))]
    layers += [(edge.kind, [_forbidden(edge, day) for day in days]) for edge in space.edges]
    layers += [
        (closure.reason, [HALF_HOURS if _lies_in(day, closure.days) else frozenset[int]() for day in days])
        for closure in space.closures
    ]
    booked = {minute for booking in space.bookings for minute in _booked(booking, space.buffer_minutes, clock)}
    layers.append(("booking", _by_day(booked, days)))
    blocked: dict[str, list[frozenset[int]]] = {}
    for cause, taken in layers:
        blocked[cause] = [one | other for one, other in zip(blocked.get(cause, taken), taken, strict=True)]
    left = [HALF_HOURS.difference(*sets) for sets in zip(*blocked.values(), strict=True)]
    return Calendar(blocked, FreeTime(_joined(left)))


def _joined(left: Sequence[frozenset[int]]) -> list[Span]:
    spans: list[Span] = []
    for number, half_hours in enumerate(left):
        for half_hour in sorted(half_hours):
            start = number * DAY_MINUTES + half_hour
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], start + HALF_HOUR)
            else:
                spans.append((start, start + HALF_HOUR))
    return spans


def _by_day(minutes: Iterable[int], days: Sequence[date]) -> list[frozenset[int]]:
    found: list[set[int]] = [set() for _ in days]
    for minute in minutes:
        found[minute // DAY_MINUTES].add(minute % DAY_MINUTES)
    return [frozenset(each) for each in found]


def _lent(space: Space, day: date) -> frozenset[int]:
    """Return the half-hours of a day that the host lends, by the periods alone."""
    periods = [each for each in space.periods if each.season is None or _lies_in(day, each.season)]
    if any(each.lend == "always" or each.hours is None for each in periods):
        return HALF_HOURS
    lent = frozenset[int]().union(*(_inside(each, day, space) for each in periods if each.lend == "inside"))
    outside = [open_day(each.hours, day).possible for each in periods if each.lend == "outside" and each.hours]
    return lent | HALF_HOURS.difference(*outside) if outside else lent


def _inside(period: OpenPeriod, day: date, space: Space) -> frozenset[int]:
    sure = open_day(period.hours, day).sure if period.hours else HALF_HOURS
    if not any(_lies_in(day - timedelta(days=1), closure.days) for closure in space.closures):
        return sure
    # the morning may be the end of a night that did not take place
    night: set[int] = set()
    for half_hour in range(0, SPILL_MINUTES, HALF_HOUR):
        if half_hour not in sure:
            break
        night.add(half_hour)
    return sure - night


def _forbidden(edge: Edge, day: date) -> frozenset[int]:
    hours = open_day(edge.hours, day)
    return hours.possible if edge.kind == "cleaning" else HALF_HOURS - hours.sure


def _booked(booking: Booking, buffer_minutes: int, clock: WallClock) -> Sequence[int]:
    if booking.starts_at == booking.ends_at:
        return ()
    buffer = timedelta(minutes=buffer_minutes)
    first = bisect_right(clock.begins, booking.starts_at.astimezone(UTC) - buffer - HALF)
    return clock.minutes[first : bisect_left(clock.begins, booking.ends_at.astimezone(UTC) + buffer)]


def _lies_in(day: date, days: DateRange) -> bool:
    return days.first <= day <= days.last
