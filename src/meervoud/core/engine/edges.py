"""What bounds a moment: the nearest half-hour before and after it that each cause blocks."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from meervoud.core.engine.arrays import SLOT_MINUTES, SLOTS_PER_DAY, Words
from meervoud.core.engine.lendable import blocked_slots
from meervoud.core.engine.types.results import FrameEdge, Moment
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.time import Grid


def frame_edges(space: Space, grid: Grid, moment: Moment) -> tuple[FrameEdge, ...]:
    """Return every cause that blocks time within a day of a moment, with where it ends before and begins after.

    Args:
        space: where the moment is; its own time is free.
        grid: the weeks looked at; nothing is known beyond them.
        moment: on the half-hour.

    Returns:
        Sorted by side and minute, the nearest first.
    """
    near = _weeks_around(grid, moment)
    day = (moment.day - near.monday).days
    found = [
        FrameEdge(cause, side, moment.day, minute)
        for cause, slots in blocked_slots(space, near).items()
        for side, minute in _nearest(slots, day, moment)
    ]
    before = sorted((edge for edge in found if edge.side == "before"), key=lambda edge: (-edge.minute, edge.cause))
    after = sorted((edge for edge in found if edge.side == "after"), key=lambda edge: (edge.minute, edge.cause))
    return tuple(before + after)


def _weeks_around(grid: Grid, moment: Moment) -> Grid:
    """Return the weeks of the grid that hold the day of a moment, the day before and the day after."""
    week = (moment.day - grid.monday).days // 7
    first = max(week - (moment.day.weekday() == 0), 0)
    last = min(week + (moment.day.weekday() == 6), grid.weeks - 1)
    return Grid(grid.zone, grid.monday + timedelta(days=7 * first), last - first + 1)


def _nearest(slots: Words, day: int, moment: Moment) -> Iterator[tuple[Literal["before", "after"], int]]:
    around = 0  # the slots of yesterday, today and tomorrow as one whole number
    for offset in (-1, 0, 1):
        if 0 <= day + offset < len(slots):
            around |= int(slots[day + offset]) << ((offset + 1) * SLOTS_PER_DAY)
    start = SLOTS_PER_DAY + moment.start // SLOT_MINUTES
    end = SLOTS_PER_DAY + moment.end // SLOT_MINUTES
    earlier = around & ((1 << start) - 1)
    later = around >> end
    if earlier:
        yield "before", (earlier.bit_length() - SLOTS_PER_DAY) * SLOT_MINUTES
    if later:
        yield "after", (end + (later & -later).bit_length() - 1 - SLOTS_PER_DAY) * SLOT_MINUTES
