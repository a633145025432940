"""The first free moment of every space at once."""

from datetime import date, timedelta

import numpy as np

from meervoud.core.engine.arrays import SLOT_MINUTES, Ints, Words, span_mask
from meervoud.core.engine.index import Index
from meervoud.core.engine.kernel import erode
from meervoud.core.engine.plans import snap_window
from meervoud.core.engine.types.requests import Window, check_moment
from meervoud.core.engine.types.results import FirstFree, Moment
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError

NEVER = -1
BITS = 64
EVERY_DAY = frozenset(range(7))


def first_free(
    index: Index, window: Window, minutes: int, within: DateRange, *, weekdays: frozenset[int] = EVERY_DAY
) -> tuple[FirstFree, ...]:
    """Return for every space the first moment that is free for the whole length.

    Args:
        index: all spaces.
        window: part of the day that would suit; shrinks inward to the half-hour.
        minutes: length, > 0; grows outward to the half-hour.
        within: first and last day looked at; days outside the grid count as not free.
        weekdays: 0 = Monday to 6 = Sunday, the days that would suit.

    Returns:
        One for each space, sorted by moment and then by id; those without a free moment last.

    Raises:
        InputError: the length does not fit in the window, or no weekday is named.
    """
    if not weekdays:
        raise InputError("Name one or more weekdays, e.g. Tu,Th.", code="no_weekday")
    check_moment(window, minutes)
    first, end, slots = snap_window(window, minutes)
    starts = (first, end - first - slots + 1)
    numbers = first_free_starts(index.bits, starts, slots, _days_looked_at(index, within, weekdays))
    order = np.lexsort((index.id_order, np.where(numbers < 0, np.iinfo(np.int64).max, numbers)))
    return tuple(_found(index, int(row), int(numbers[row]), slots) for row in order)


def first_free_starts(bits: Words, starts: tuple[int, int], slots: int, days: Ints) -> Ints:
    """Return the first free start of each space as day * 64 + slot, NEVER where there is none.

    Args:
        bits: free slots, shape (7, spaces, weeks).
        starts: first slot of the starts looked at, and how many, 1-64.
        slots: length, 1-64.
        days: days of the grid looked at, sorted, shape (n,).

    Returns:
        Shape (spaces,).
    """
    found = np.full(bits.shape[1], NEVER, dtype=np.int64)
    if len(days) == 0 or len(found) == 0:
        return found
    weekdays = np.unique(days % 7)
    first, last = int(days[0]) // 7, int(days[-1]) // 7 + 1
    free = erode(bits[weekdays, :, first:last], slots) & span_mask(starts[0], starts[0] + starts[1])
    by_day = free.transpose(1, 2, 0).reshape(bits.shape[1], -1)  # in the order of the calendar
    number = (np.arange(first, last)[:, None] * 7 + weekdays).reshape(-1)
    by_day = np.where(np.isin(number, days), by_day, np.uint64(0))
    column = (by_day != 0).argmax(axis=1)
    words = by_day[np.arange(len(found)), column]
    lowest = np.bitwise_count((words & (~words + np.uint64(1))) - np.uint64(1)).astype(np.int64)
    return np.where(words == 0, NEVER, number[column] * BITS + lowest)


def _days_looked_at(index: Index, within: DateRange, weekdays: frozenset[int]) -> Ints:
    first = max((within.first - index.grid.monday).days, 0)
    last = min((within.last - index.grid.monday).days + 1, index.grid.weeks * 7)
    return np.array([day for day in range(first, last) if day % 7 in weekdays], dtype=np.int64)


def _found(index: Index, row: int, number: int, slots: int) -> FirstFree:
    if number < 0:
        return FirstFree(index.spaces[row].id, None)
    day: date = index.grid.monday + timedelta(days=number // BITS)
    start = number % BITS
    return FirstFree(index.spaces[row].id, Moment(day, start * SLOT_MINUTES, (start + slots) * SLOT_MINUTES))
