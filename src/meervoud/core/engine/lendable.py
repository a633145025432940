"""The lendable frame of a space: its hours, the edges of its building, closures, bookings, the clock."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import numpy as np

from meervoud.core.engine.arrays import SLOT_MINUTES, SLOTS_PER_DAY, SPILL_MASK, WHOLE_DAY, Flags, Ints, Words
from meervoud.core.engine.day_hours import slots_of_days
from meervoud.core.engine.types.spaces import OpenPeriod, Space
from meervoud.core.engine.types.time import DateRange, Grid
from meervoud.core.engine.wall_clock import skipped_slots, to_wall, utc_minutes

BUSY_WHEN_OPEN = "cleaning"


def blocked_slots(space: Space, grid: Grid) -> dict[str, Words]:
    """Return what each cause takes away from a space.

    Args:
        space: one space; its bookings may lie anywhere in time.
        grid: the weeks looked at.

    Returns:
        Cause -> half-hours that it blocks, 48 bits a day, shape (7 * weeks,). Causes are "hours" (out of season too),
        the kinds of edge, the reasons of closures, "booking" and "clock"; those that block nothing are left out.
        A slot is free when no cause blocks it.
    """
    blocked = frame_blocks(space, grid)
    booked = booked_slots(grid, [space])[0]
    return {**blocked, "booking": booked} if booked.any() else blocked


def frame_blocks(space: Space, grid: Grid) -> dict[str, Words]:
    """Return what each cause but bookings takes away; see `blocked_slots`."""
    blocked = {
        "hours": ~_hours_free(space.periods, grid, _after_closed(space, grid)) & WHOLE_DAY,
        "clock": skipped_slots(grid),
    }
    for edge in space.edges:
        slots = slots_of_days(edge.hours, grid.monday, grid.weeks * 7)
        taken = slots.possible if edge.kind == BUSY_WHEN_OPEN else ~slots.sure & WHOLE_DAY
        blocked[edge.kind] = blocked.get(edge.kind, np.zeros_like(taken)) | taken
    for closure in space.closures:
        first, last = _clip(closure.days, grid)
        if first < last:
            days = blocked.setdefault(closure.reason, np.zeros(grid.weeks * 7, dtype=np.uint64))
            days[first:last] = WHOLE_DAY
    return {cause: slots for cause, slots in blocked.items() if slots.any()}


def free_slots(space: Space, grid: Grid) -> Words:
    """Return the half-hours of the frame that no cause but a booking blocks, 48 bits a day, shape (7 * weeks,)."""
    free = np.full(grid.weeks * 7, WHOLE_DAY, dtype=np.uint64)
    for slots in frame_blocks(space, grid).values():
        free &= ~slots
    return free


def booked_slots(grid: Grid, spaces: list[Space]) -> Words:
    """Return the half-hours taken by bookings and their buffers, 48 bits a day, shape (spaces, 7 * weeks)."""
    rows: list[int] = []
    starts: list[float] = []
    ends: list[float] = []
    earliest, latest = _around(grid)
    for row, space in enumerate(spaces):
        margin = timedelta(minutes=space.buffer_minutes)
        for booking in space.bookings:
            is_near = booking.ends_at + margin > earliest and booking.starts_at - margin < latest
            if is_near and booking.ends_at > booking.starts_at:
                rows.append(row)
                starts.append(utc_minutes(grid, booking.starts_at) - space.buffer_minutes)
                ends.append(utc_minutes(grid, booking.ends_at) + space.buffer_minutes)
    if not rows:
        return np.zeros((len(spaces), grid.weeks * 7), dtype=np.uint64)
    return booked_from_arrays(
        grid,
        len(spaces),
        np.array(rows, dtype=np.int64),
        np.floor(np.array(starts)).astype(np.int64),
        np.ceil(np.array(ends)).astype(np.int64),
    )


@lru_cache(maxsize=128)
def _around(grid: Grid) -> tuple[datetime, datetime]:
    """Return two moments between which every minute of the grid lies, in whatever zone."""
    first = datetime(grid.monday.year, grid.monday.month, grid.monday.day, tzinfo=UTC)
    return first - timedelta(days=2), first + timedelta(days=grid.weeks * 7 + 2)


def booked_from_arrays(grid: Grid, spaces: int, row: Ints, start: Ints, end: Ints) -> Words:
    """Return the half-hours that bookings take, rounded outward.

    Args:
        grid: the weeks looked at.
        spaces: how many spaces.
        row: which space each booking takes, shape (n,), 0 <= row < spaces.
        start: UTC minutes since the grid's Monday 00:00, buffers included, shape (n,).
        end: the same, shape (n,), > start.

    Returns:
        48 bits a day, shape (spaces, 7 * weeks).
    """
    days = grid.weeks * 7
    taken = np.zeros(spaces * days, dtype=np.uint64)
    which, wall_start, wall_end = to_wall(grid, start, end)
    first = np.clip(wall_start // SLOT_MINUTES, 0, days * SLOTS_PER_DAY)
    last = np.clip(-(-wall_end // SLOT_MINUTES), 0, days * SLOTS_PER_DAY)
    some = last > first
    which, first, last = which[some], first[some], last[some]
    first_day = first // SLOTS_PER_DAY
    lengths = (last - 1) // SLOTS_PER_DAY - first_day + 1
    piece = np.repeat(np.arange(len(which)), lengths)
    day = first_day[piece] + np.arange(len(piece)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    low = np.maximum(first[piece] - day * SLOTS_PER_DAY, 0).astype(np.uint64)
    high = np.minimum(last[piece] - day * SLOTS_PER_DAY, SLOTS_PER_DAY).astype(np.uint64)
    one = np.uint64(1)
    np.bitwise_or.at(taken, row[which[piece]] * days + day, ((one << high) - one) ^ ((one << low) - one))
    return taken.reshape(spaces, days)


def _hours_free(periods: tuple[OpenPeriod, ...], grid: Grid, after_closed: Flags) -> Words:
    days = grid.weeks * 7
    lent = np.zeros(days, dtype=np.uint64)
    outside = np.full(days, WHOLE_DAY, dtype=np.uint64)
    has_outside = np.zeros(days, dtype=bool)
    for period in periods:
        first, last = (0, days) if period.season is None else _clip(period.season, grid)
        if period.lend == "always" or period.hours is None:
            lent[first:last] = WHOLE_DAY
        elif period.lend == "inside":
            sure = slots_of_days(period.hours, grid.monday, days).sure
            lent[first:last] |= _without_cancelled_nights(sure, after_closed)[first:last]
        else:
            # two periods "outside" on one day: free only where neither might be in use
            outside[first:last] &= ~slots_of_days(period.hours, grid.monday, days).possible[first:last]
            has_outside[first:last] = True
    return lent | np.where(has_outside, outside, np.uint64(0))


def _without_cancelled_nights(sure: Words, after_closed: Flags) -> Words:
    # after a closed day, hours that run on from midnight may be the end of a night that did not take place
    from_midnight = sure & ~(sure + np.uint64(1)) & SPILL_MASK
    return np.where(after_closed, sure & ~from_midnight, sure)


def _after_closed(space: Space, grid: Grid) -> Flags:
    """Return which days follow a closed day, shape (7 * weeks,)."""
    days = np.zeros(grid.weeks * 7, dtype=bool)
    for closure in space.closures:
        first, last = _day_index(closure.days.first, grid, 1), _day_index(closure.days.last, grid, 2)
        days[first:last] = True
    return days


def _clip(days: DateRange, grid: Grid) -> tuple[int, int]:
    return _day_index(days.first, grid, 0), _day_index(days.last, grid, 1)


def _day_index(day: date, grid: Grid, after: int) -> int:
    return min(max((day - grid.monday).days + after, 0), grid.weeks * 7)
