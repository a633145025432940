"""Do all rules of a request fit, space by space; rules of one request never take the same time twice."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from meervoud.core.engine.arrays import FULL_POINTS, SLOTS_PER_DAY, Flags, Ints, Words
from meervoud.core.engine.index import Index
from meervoud.core.engine.moments import WrittenOut, clear, write_out
from meervoud.core.engine.options import Label, find_options, labels_of
from meervoud.core.engine.plans import DaysPlan, HoursPlan, MomentPlan, Plan, plan_need
from meervoud.core.engine.types.requests import Need

CHUNK = 4_096


@dataclass(frozen=True, eq=False)
class TimeFit:
    """How the rules of a request fit some spaces.

    Attributes:
        fits: every rule works often enough, shape (spaces,).
        points: held of wanted over all rules, 0-10,000, shape (spaces,).
        choices: for each rule the option chosen, shape (rules, spaces).
    """

    fits: Flags
    points: Ints
    choices: Ints


def plans_of(needs: tuple[Need, ...], index: Index) -> tuple[Plan, ...]:
    """Lay the rules on the grid of the index; see `plans.plan_need` for errors."""
    return tuple(plan_need(need, index.grid) for need in needs)


def fit_time(plans: tuple[Plan, ...], index: Index, rows: Ints) -> TimeFit:
    """Return how well the rules fit some spaces, the best option of each rule; rows shape (n,), n >= 0."""
    parts = [_fit_chunk(plans, index, rows[first : first + CHUNK]) for first in range(0, max(len(rows), 1), CHUNK)]
    if len(parts) == 1:
        return parts[0]
    return TimeFit(
        np.concatenate([part.fits for part in parts]),
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.choices for part in parts], axis=1),
    )


def write_out_all(plans: tuple[Plan, ...], labels: tuple[Label, ...], index: Index, row: int) -> list[WrittenOut]:
    """Return the moments that each rule takes in one space, with the chosen option of each rule."""
    words = index.bits[:, row].copy()
    written: list[WrittenOut] = []
    for plan, label in zip(plans, labels, strict=True):
        if written:
            clear(words, written[-1].stretches)
        written.append(write_out(plan, label, words, index.skipped))
    return written


def best_percents(plan: Plan, index: Index, rows: Ints) -> Ints:
    """Return how much of one rule the best option reaches, enough or not, in whole percent, shape (spaces,)."""
    found: list[Ints] = []
    for first in range(0, max(len(rows), 1), CHUNK):
        options = find_options(plan, index.bits, rows[first : first + CHUNK], index.skipped)
        found.append((options.held * 100 // np.maximum(options.wanted, 1)).max(axis=1))
    return np.concatenate(found)


def may_overlap(plans: tuple[Plan, ...]) -> bool:
    """Return whether two of the rules could want the same half-hour."""
    seen: set[int] = set()
    for plan in plans:
        wished = set(_half_hours_wished(plan))
        if wished & seen:
            return True
        seen |= wished
    return False


def _fit_chunk(plans: tuple[Plan, ...], index: Index, rows: Ints) -> TimeFit:
    if len(plans) == 1:
        options = find_options(plans[0], index.bits, rows, index.skipped)
        fits, choice = options.best()
        held = options.held[np.arange(len(rows)), choice]
        return TimeFit(fits, held * FULL_POINTS // np.maximum(options.wanted[choice], 1), choice[None, :])
    if may_overlap(plans):
        return _fit_one_after_other(plans, index, rows)
    return _fit_apart(plans, index, rows)


def _fit_apart(plans: tuple[Plan, ...], index: Index, rows: Ints) -> TimeFit:
    fits = np.ones(len(rows), dtype=bool)
    held = np.zeros(len(rows), dtype=np.int64)
    wanted = np.zeros(len(rows), dtype=np.int64)
    choices = np.zeros((len(plans), len(rows)), dtype=np.int64)
    for rule, plan in enumerate(plans):
        options = find_options(plan, index.bits, rows, index.skipped)
        works, choices[rule] = options.best()
        fits &= works
        held += options.held[np.arange(len(rows)), choices[rule]]
        wanted += options.wanted[choices[rule]]
    return TimeFit(fits, held * FULL_POINTS // np.maximum(wanted, 1), choices)


def _fit_one_after_other(plans: tuple[Plan, ...], index: Index, rows: Ints) -> TimeFit:
    # a rule that does not fit by itself fits even less after another: only the rest is placed space by space
    apart = _fit_apart(plans, index, rows)
    for place in np.flatnonzero(apart.fits):
        one = _fit_one_space(plans, index, int(rows[place]))
        apart.fits[place], apart.points[place] = one.fits[0], one.points[0]
        apart.choices[:, place] = one.choices[:, 0]
    return apart


def _fit_one_space(plans: tuple[Plan, ...], index: Index, row: int) -> TimeFit:
    words: Words = index.bits[:, row : row + 1].copy()
    fits, held, wanted = True, 0, 0
    choices: list[int] = []
    first = np.zeros(1, dtype=np.int64)
    for plan in plans:
        options = find_options(plan, words, first, index.skipped)
        works, choice = options.best()
        fits = fits and bool(works[0])
        held += int(options.held[0, choice[0]])
        wanted += int(options.wanted[choice[0]])
        choices.append(int(choice[0]))
        clear(words[:, 0], write_out(plan, labels_of(plan)[choices[-1]], words[:, 0], index.skipped).stretches)
    return TimeFit(
        np.array([fits]), np.array([held * FULL_POINTS // max(wanted, 1)]), np.array(choices, dtype=np.int64)[:, None]
    )


def _half_hours_wished(plan: Plan) -> Iterator[int]:
    first, last = _slots_wished(plan)
    tables = [plan.table]
    if isinstance(plan, MomentPlan) and plan.extra is not None:
        tables.append(plan.extra)
    for table in tables:
        for weekday, week in zip(table.weekday[table.wanted].tolist(), table.week[table.wanted].tolist(), strict=True):
            day = (week * 7 + weekday) * SLOTS_PER_DAY
            yield from range(day + first, day + last)


def _slots_wished(plan: Plan) -> tuple[int, int]:
    if isinstance(plan, DaysPlan):
        return 0, SLOTS_PER_DAY
    if isinstance(plan, HoursPlan):
        return plan.first_slot, plan.last_slot
    return plan.first_start, plan.first_start + plan.starts - 1 + plan.slots
