"""Which time patterns of one rule work in which spaces, and how often."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from meervoud.core.engine.arrays import ALL_BITS, FULL_POINTS, WHOLE_DAY, Flags, Ints, Words, span_mask
from meervoud.core.engine.kernel import any_start, count_slots_in_blocks, count_starts, erode
from meervoud.core.engine.plans import DaysPlan, HoursPlan, MomentPlan, Plan, least_count


@dataclass(frozen=True)
class Label:
    """One option: which rows of the plan's table, and the slot of the start (-1 where it differs each time)."""

    rows: tuple[int, ...]
    start: int


@dataclass(frozen=True, eq=False)
class Options:
    """The options of a plan in some spaces.

    Attributes:
        held: how often each option works, shape (spaces, options).
        wanted: how often it is wanted, shape (options,); equal for all where `alike`.
        least: how often it must work at least, shape (options,).
    """

    held: Ints
    wanted: Ints
    least: Ints

    def best(self) -> tuple[Flags, Ints]:
        """Return whether some option is enough, and which is best (the first of the best), each shape (spaces,)."""
        points = self.points()
        choice = points.argmax(axis=1)
        return points[np.arange(len(choice)), choice] >= 0, choice

    def points(self) -> Ints:
        """Return 0-10,000 for each option, -1 where it does not work often enough, shape (spaces, options)."""
        return np.where(self.held >= self.least, self.held * FULL_POINTS // np.maximum(self.wanted, 1), -1)


def labels_of(plan: Plan) -> list[Label]:
    """Return the options of a plan, in the order of `Options.held`."""
    if not isinstance(plan, MomentPlan) or not plan.same_start:
        return [Label((), -1)]
    chosen = combinations(range(len(plan.weekdays)), plan.per_week)
    return [Label(rows, plan.first_start + start) for rows in chosen for start in range(plan.starts)]


def find_options(plan: Plan, bits: Words, rows: Ints, skipped: Words) -> Options:
    """Count how often each option of a plan works in some spaces.

    Args:
        plan: a rule on the grid.
        bits: free slots, shape (7, all spaces, weeks).
        rows: which spaces, shape (n,).
        skipped: half-hours that summer time skips, shape (7, weeks).
    """
    if isinstance(plan, HoursPlan):
        return _hours(plan, bits, rows)
    if isinstance(plan, DaysPlan):
        return _days(plan, bits, rows, skipped)
    if not plan.same_start:
        return _any_moments(plan, bits, rows)
    return _same_moments(plan, bits, rows) if plan.per_week == 1 else _several_moments(plan, bits, rows)


def _same_moments(plan: MomentPlan, bits: Words, rows: Ints) -> Options:
    counts = count_starts(erode(plan.table.gather(bits, rows), plan.slots), plan.first_start, plan.starts)
    held = counts.transpose(1, 0, 2)
    wanted = plan.table.wanted_count
    if plan.extra is not None:
        held = held + _extra_counts(plan, bits, rows)[:, None, :]
        wanted = wanted + plan.extra.week.shape[1]
    return _options(
        plan.coverage_share, held.reshape(len(rows), len(wanted) * plan.starts), np.repeat(wanted, plan.starts)
    )


def _several_moments(plan: MomentPlan, bits: Words, rows: Ints) -> Options:
    words = erode(plan.table.gather(bits, rows), plan.slots)
    idle = np.where(plan.table.wanted, np.uint64(0), ALL_BITS)[:, None, :]
    extra = 0 if plan.extra is None else plan.extra.week.shape[1]
    held: list[Ints] = []
    wanted: list[int] = []
    for chosen in combinations(range(len(plan.weekdays)), plan.per_week):
        some = plan.table.wanted[list(chosen)].any(axis=0)
        together = np.bitwise_and.reduce([words[row] | idle[row] for row in chosen])
        together &= np.where(some, ALL_BITS, np.uint64(0))
        counts = count_starts(together, plan.first_start, plan.starts)
        held.append(counts + _extra_counts(plan, bits, rows) if extra else counts)
        wanted.append(int(some.sum()) + extra)
    return _options(plan.coverage_share, np.concatenate(held, axis=1), np.repeat(np.array(wanted), plan.starts))


def _any_moments(plan: MomentPlan, bits: Words, rows: Ints) -> Options:
    words = erode(plan.table.gather(bits, rows), plan.slots)
    works = any_start(words, plan.first_start, plan.starts).sum(axis=0)
    wished = np.minimum(plan.table.wanted.sum(axis=0), plan.per_week)
    held = ((works >= wished) & (wished > 0)).sum(axis=1)
    wanted = int((wished > 0).sum())
    if plan.extra is not None:
        words = erode(plan.extra.gather(bits, rows)[0], plan.slots)
        held = held + any_start(words, plan.first_start, plan.starts).sum(axis=1)
        wanted += plan.extra.week.shape[1]
    return _options(plan.coverage_share, held[:, None], np.array([wanted]))


def _extra_counts(plan: MomentPlan, bits: Words, rows: Ints) -> Ints:
    if plan.extra is None:
        return np.zeros((len(rows), plan.starts), dtype=np.int64)
    words = erode(plan.extra.gather(bits, rows)[0], plan.slots)
    return count_starts(words, plan.first_start, plan.starts)


def _hours(plan: HoursPlan, bits: Words, rows: Ints) -> Options:
    words = plan.table.gather(bits, rows) & span_mask(plan.first_slot, plan.last_slot)
    in_week = count_slots_in_blocks(words, plan.block).sum(axis=0)
    some = plan.table.wanted.any(axis=0)
    held = ((in_week >= plan.slots) & some).sum(axis=1)
    return _options(plan.coverage_share, held[:, None], np.array([int(some.sum())]))


def _days(plan: DaysPlan, bits: Words, rows: Ints, skipped: Words) -> Options:
    words = plan.table.gather(bits, rows)[0] | skipped[plan.table.weekday[0], plan.table.week[0]]
    held = ((words & WHOLE_DAY) == WHOLE_DAY).sum(axis=1)
    return _options(plan.coverage_share, held[:, None], plan.table.wanted_count)


def _options(coverage_share: float, held: Ints, wanted: Ints) -> Options:
    counts = wanted.tolist()
    least = {count: least_count(coverage_share, count) for count in set(counts)}
    return Options(held, wanted, np.array([least[count] for count in counts], dtype=np.int64))
