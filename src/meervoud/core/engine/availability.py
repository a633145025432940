"""Availability as one word a day and space: 48 half-hours and the first 16 of the next day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from meervoud.core.engine.arrays import SLOTS_PER_DAY, SPILL_MASK, Ints, Words
from meervoud.core.engine.lendable import booked_from_arrays, booked_slots, free_slots
from meervoud.core.engine.types.spaces import Edge, OpenPeriod, Space
from meervoud.core.engine.types.time import Closure, Grid

CHUNK = 2_000
Frame = tuple[tuple[OpenPeriod, ...], tuple[Edge, ...], tuple[Closure, ...]]


@dataclass(frozen=True, eq=False)
class BookingArrays:
    """Many bookings at once, beside those that the spaces carry.

    Attributes:
        row: position of the space in the sequence of spaces, shape (n,).
        start: UTC minutes since the grid's Monday 00:00, the buffer before it included, shape (n,).
        end: the same, the buffer after it included, shape (n,), > start.
    """

    row: Ints
    start: Ints
    end: Ints

    def by_row(self) -> "BookingArrays":
        """Return the same bookings in the order of their rows."""
        order = np.argsort(self.row, kind="stable")
        return BookingArrays(self.row[order], self.start[order], self.end[order])

    def chunk(self, first: int, last: int) -> "BookingArrays":
        """Return the bookings of rows first to last - 1, counted from first; the rows must be in order."""
        low, high = np.searchsorted(self.row, (first, last))
        return BookingArrays(self.row[low:high] - first, self.start[low:high], self.end[low:high])

    def reordered(self, place: Ints) -> "BookingArrays":
        """Return the same bookings where row r has become row place[r]."""
        return BookingArrays(place[self.row], self.start, self.end)


def compile_bits(spaces: Sequence[Space], grid: Grid, taken: BookingArrays | None = None) -> Words:
    """Compile the free half-hours of spaces.

    Args:
        spaces: in the order of the rows wanted.
        grid: one zone, whole weeks.
        taken: more bookings, by position in `spaces`.

    Returns:
        Words on the wall clock, shape (7 weekdays, rows, weeks): bits 0-47 are the half-hours of the day,
        bits 48-63 the first 8 hours of the next day. Nothing is free beyond the last day of the grid.
    """
    bits = np.zeros((7, len(spaces), grid.weeks), dtype=np.uint64)
    frames: dict[Frame, Words] = {}
    known: dict[tuple[int, int, int], Words] = {}
    taken = None if taken is None else taken.by_row()
    for first in range(0, len(spaces), CHUNK):
        chunk = list(spaces[first : first + CHUNK])
        free = np.stack([_frame(space, grid, frames, known) for space in chunk])
        free &= ~booked_slots(grid, chunk)
        if taken is not None:
            some = taken.chunk(first, first + len(chunk))
            free &= ~booked_from_arrays(grid, len(chunk), some.row, some.start, some.end)
        bits[:, first : first + len(chunk), :] = weekday_first(with_spill(free))
    return bits


def with_spill(days: Words) -> Words:
    """Add the first 16 half-hours of the next day to each word; shape (rows, days), 48 bits in, 64 out."""
    words = days.copy()
    words[:, :-1] |= (days[:, 1:] & SPILL_MASK) << np.uint64(SLOTS_PER_DAY)
    return words


def weekday_first(days: Words) -> Words:
    """Turn (rows, 7 * weeks) into (7, rows, weeks), so that a weekly pattern is a contiguous row."""
    rows, count = days.shape
    return np.ascontiguousarray(days.reshape(rows, count // 7, 7).transpose(2, 0, 1))


def _frame(space: Space, grid: Grid, frames: dict[Frame, Words], known: dict[tuple[int, int, int], Words]) -> Words:
    # many spaces share their hours, edges and closures: compile each combination once. Comparing them takes longer than
    # compiling, so the very same objects are not compared again; the spaces keep them alive, so that no id is used twice
    same = (id(space.periods), id(space.edges), id(space.closures))
    if same not in known:
        key = (space.periods, space.edges, space.closures)
        if key not in frames:
            frames[key] = free_slots(space, grid)
        known[same] = frames[key]
    return known[same]
