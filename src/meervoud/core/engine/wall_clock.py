"""From UTC to the wall clock of the grid: pieces of constant offset, and the hour that summer time skips."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from meervoud.core.engine.arrays import SLOT_MINUTES, SLOTS_PER_DAY, Ints, Words, span_mask
from meervoud.core.engine.types.time import Grid

FAR = 10**9


@dataclass(frozen=True)
class ClockPiece:
    """A stretch of UTC with one offset. Minutes since the grid's Monday 00:00, read as UTC; `end` is open."""

    start: int
    end: int
    offset: int


@lru_cache(maxsize=64)
def clock_pieces(grid: Grid) -> tuple[ClockPiece, ...]:
    """Return the stretches of constant offset that cover the grid and two days on either side."""
    zone = ZoneInfo(grid.zone)
    midnight = datetime(grid.monday.year, grid.monday.month, grid.monday.day, tzinfo=UTC)
    hours = range(-48, (grid.weeks * 7 + 2) * 24)
    offsets = [_offset(midnight, hour * 60, zone) for hour in hours]
    starts: list[tuple[int, int]] = [(-FAR, offsets[0])]
    for hour, before, after in zip(hours[1:], offsets, offsets[1:], strict=False):
        if before != after:
            starts.append((_change(midnight, (hour - 1) * 60, hour * 60, zone), after))
    ends = [start for start, _ in starts[1:]] + [FAR]
    return tuple(ClockPiece(start, end, offset) for (start, offset), end in zip(starts, ends, strict=True))


@lru_cache(maxsize=64)
def skipped_slots(grid: Grid) -> Words:
    """Return per day the half-hours that no clock shows because summer time begins, shape (7 * weeks,)."""
    days = np.zeros(grid.weeks * 7, dtype=np.uint64)
    pieces = clock_pieces(grid)
    for before, after in pairwise(pieces):
        first, last = before.end + before.offset, before.end + after.offset
        for slot in range(first // SLOT_MINUTES, -(-last // SLOT_MINUTES)):
            day = slot // SLOTS_PER_DAY
            if 0 <= day < len(days):
                days[day] |= span_mask(slot % SLOTS_PER_DAY, slot % SLOTS_PER_DAY + 1)
    days.setflags(write=False)
    return days


def to_wall(grid: Grid, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Translate UTC spans to spans on the wall clock; a span over a change of the clock becomes two.

    Args:
        grid: the grid.
        start: UTC minutes since the grid's Monday 00:00, shape (n,).
        end: the same, shape (n,), >= start.

    Returns:
        (which span, wall start, wall end), each shape (m,), m >= n. In autumn both passes of the repeated
        hour land on the same wall minutes, so a slot is taken if either pass is.
    """
    which: list[Ints] = []
    starts: list[Ints] = []
    ends: list[Ints] = []
    for piece in clock_pieces(grid):
        inside = np.flatnonzero((start < piece.end) & (end > piece.start))
        which.append(inside)
        starts.append(np.maximum(start[inside], piece.start) + piece.offset)
        ends.append(np.minimum(end[inside], piece.end) + piece.offset)
    return np.concatenate(which), np.concatenate(starts), np.concatenate(ends)


def utc_minutes(grid: Grid, moment: datetime) -> float:
    """Return the minutes from the grid's Monday 00:00 UTC to an aware moment."""
    midnight = datetime(grid.monday.year, grid.monday.month, grid.monday.day, tzinfo=UTC)
    return (moment - midnight).total_seconds() / 60


def _offset(midnight: datetime, minute: int, zone: ZoneInfo) -> int:
    offset = (midnight + timedelta(minutes=minute)).astimezone(zone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds() / 60)


def _change(midnight: datetime, low: int, high: int, zone: ZoneInfo) -> int:
    before = _offset(midnight, low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(midnight, middle, zone) == before else (low, middle)
    return high
