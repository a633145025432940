"""The moments of one option in one space, written out day by day."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from meervoud.core.engine.arrays import SLOTS_PER_DAY, WHOLE_DAY, Words, span_mask
from meervoud.core.engine.day_table import DayTable
from meervoud.core.engine.kernel import erode
from meervoud.core.engine.options import Label
from meervoud.core.engine.plans import DaysPlan, HoursPlan, Plan

Stretch = tuple[int, int, int]  # day of the grid, first slot, slots


@dataclass(frozen=True)
class WrittenOut:
    """How one option works out in one space.

    Attributes:
        stretches: the moments that work, sorted.
        missing: days of the grid that do not work; for a week its first wanted day.
        wanted: how many weeks, dates or days were wanted.
    """

    stretches: tuple[Stretch, ...]
    missing: tuple[int, ...]
    wanted: int


def write_out(plan: Plan, label: Label, words: Words, skipped: Words) -> WrittenOut:
    """Return the moments that one option takes in one space.

    Args:
        plan: a rule on the grid.
        label: one of its options.
        words: free slots of the space, shape (7, weeks).
        skipped: half-hours that summer time skips, shape (7, weeks).
    """
    if isinstance(plan, HoursPlan):
        return _hours(plan, words)
    if isinstance(plan, DaysPlan):
        return _days(plan, words, skipped)
    starts = span_mask(plan.first_start, plan.first_start + plan.starts)
    if plan.same_start:
        starts = np.uint64(1 << label.start)
    free = erode(words, plan.slots) & starts
    wanted = len(label.rows) if plan.same_start else plan.per_week
    rows = label.rows or tuple(range(len(plan.weekdays)))
    taken: list[Stretch] = []
    missing: list[int] = []
    groups = list(_groups(plan.table, rows, plan.extra))
    for cells in groups:
        found = [(day, _lowest(int(free[day % 7, day // 7])), plan.slots) for day in cells if free[day % 7, day // 7]]
        if len(found) >= min(wanted, len(cells)):
            taken += found[: min(wanted, len(cells))]
        else:
            missing.append(cells[0])
    return WrittenOut(tuple(sorted(taken)), tuple(sorted(missing)), len(groups))


def clear(words: Words, stretches: tuple[Stretch, ...]) -> None:
    """Take the time of some moments out of the words of a space, shape (7, weeks), in place."""
    weeks = words.shape[1]
    for day, start, slots in stretches:
        # the same half-hour also stands in the word of the day before (spill) and of the day after
        for other in (day - 1, day, day + 1):
            low = start + (day - other) * SLOTS_PER_DAY
            high = min(low + slots, 64)
            if 0 <= other < weeks * 7 and high > max(low, 0):
                words[other % 7, other // 7] &= ~span_mask(max(low, 0), high)


def _groups(table: DayTable, rows: tuple[int, ...], extra: DayTable | None) -> Iterator[list[int]]:
    for column in range(table.week.shape[1]):
        days = [_day(table, row, column) for row in rows if table.wanted[row, column]]
        if days:
            yield sorted(days)
    if extra is not None:
        for column in range(extra.week.shape[1]):
            yield [_day(extra, 0, column)]


def _day(table: DayTable, row: int, column: int) -> int:
    return int(table.week[row, column]) * 7 + int(table.weekday[row, column])


def _lowest(word: int) -> int:
    return (word & -word).bit_length() - 1


def _hours(plan: HoursPlan, words: Words) -> WrittenOut:
    taken: list[Stretch] = []
    missing: list[int] = []
    groups = list(_groups(plan.table, tuple(range(plan.table.week.shape[0])), None))
    for cells in groups:
        stretches = [stretch for day in cells for stretch in _blocks(int(words[day % 7, day // 7]), day, plan)]
        if sum(slots for _, _, slots in stretches) >= plan.slots:
            taken += _first_slots(stretches, plan)
        else:
            missing.append(cells[0])
    return WrittenOut(tuple(taken), tuple(missing), len(groups))


def _blocks(word: int, day: int, plan: HoursPlan) -> Iterator[Stretch]:
    start = plan.first_slot
    while start < plan.last_slot:
        end = start
        while end < plan.last_slot and word >> end & 1:
            end += 1
        if end - start >= plan.block:
            yield day, start, end - start
        start = end + 1


def _first_slots(stretches: list[Stretch], plan: HoursPlan) -> Iterator[Stretch]:
    left = plan.slots
    for day, start, slots in stretches:
        if left > 0:
            # the last block is cut to what is still wanted, never below the shortest useful block
            length = min(slots, max(left, plan.block))
            yield day, start, length
            left -= length


def _days(plan: DaysPlan, words: Words, skipped: Words) -> WrittenOut:
    days = [_day(plan.table, 0, column) for column in range(plan.table.week.shape[1])]
    whole = {day for day in days if (words | skipped)[day % 7, day // 7] & WHOLE_DAY == WHOLE_DAY}
    taken = tuple((day, 0, SLOTS_PER_DAY) for day in days if day in whole)
    return WrittenOut(taken, tuple(day for day in days if day not in whole), len(days))
