"""A rule of a need on the half-hour grid: which days, which starts, how long, how often."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import ceil
from typing import Literal

from meervoud.core.engine.arrays import SLOT_MINUTES, SLOTS_PER_DAY
from meervoud.core.engine.day_table import Cell, DayTable, day_table
from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Request, Weekly, Window
from meervoud.core.engine.types.results import Rounding
from meervoud.core.engine.types.time import DateRange, Grid
from meervoud.core.errors import InputError


@dataclass(frozen=True, eq=False)
class MomentPlan:
    """Moments on given days.

    Attributes:
        table: for each weekday (or the one list of dates) its days in order.
        weekdays: the weekday of each row of the table; -1 for a list of dates.
        extra: further days, one row; None where there are none.
        first_start, starts: the wished starts are slots first_start to first_start + starts - 1.
        slots: length of a moment.
        per_week: how many rows must work in a week.
        same_start: the same rows and start every time.
    """

    table: DayTable
    weekdays: tuple[int, ...]
    extra: DayTable | None
    first_start: int
    starts: int
    slots: int
    per_week: int
    same_start: bool
    coverage_share: float
    unit: Literal["weeks", "dates"]


@dataclass(frozen=True, eq=False)
class HoursPlan:
    """So many slots a week, in blocks, within a window."""

    table: DayTable
    first_slot: int
    last_slot: int
    block: int
    slots: int
    coverage_share: float


@dataclass(frozen=True, eq=False)
class DaysPlan:
    """Whole days, one after the other."""

    table: DayTable
    coverage_share: float


Plan = MomentPlan | HoursPlan | DaysPlan


@lru_cache(maxsize=2_048)
def plan_need(need: Need, grid: Grid) -> Plan:
    """Lay a rule on the grid.

    Raises:
        InputError: the rule leaves the grid, or wants no day at all.
    """
    if isinstance(need, Weekly):
        return _plan_weekly(need, grid)
    if isinstance(need, Dates):
        return _plan_dates(need, grid)
    if isinstance(need, Hours):
        return _plan_hours(need, grid)
    days = [need.first + timedelta(days=number) for number in range(need.days)]
    return DaysPlan(day_table([[_cell(day, grid) for day in days]]), need.coverage_share)


def least_count(coverage_share: float, wanted: int) -> int:
    """Return how many of the wanted must hold; the share is read to six decimals."""
    return max(ceil(round(coverage_share * wanted, 6)), 1)


def snap_window(window: Window, minutes: int) -> tuple[int, int, int]:
    """Lay a window and a length on the half-hour grid.

    The window shrinks inward and the length grows outward. Where the moment then no longer fits (a fixed time such as
    13:30-15:45), the whole window is taken, rounded outward, as the length: the room is then free from the start of
    the first half-hour to the end of the last.

    Returns:
        (first slot, end slot, slots of the length).
    """
    first, end = -(-window.start // SLOT_MINUTES), window.end // SLOT_MINUTES
    slots = -(-minutes // SLOT_MINUTES)
    if end - first >= slots:
        return first, end, slots
    first, end = window.start // SLOT_MINUTES, -(-window.end // SLOT_MINUTES)
    return first, end, end - first


def rounding_of(request: Request) -> tuple[Rounding, ...]:
    """Return what the half-hour grid cost the request, in minutes; nothing where all was on the grid."""
    costs: list[Rounding] = []
    for rule, need in enumerate(request.needs):
        if isinstance(need, Continuous):
            continue
        if isinstance(need, Hours):
            first, end = -(-need.window.start // SLOT_MINUTES), need.window.end // SLOT_MINUTES
            block, slots = -(-need.min_block_minutes // SLOT_MINUTES), -(-need.per_week_minutes // SLOT_MINUTES)
            costs.append(Rounding(rule, "min_block", need.min_block_minutes, block * SLOT_MINUTES))
            costs.append(Rounding(rule, "per_week", need.per_week_minutes, slots * SLOT_MINUTES))
        else:
            first, end, slots = snap_window(need.window, need.minutes)
            costs.append(Rounding(rule, "minutes", need.minutes, slots * SLOT_MINUTES))
        costs.append(Rounding(rule, "window_start", need.window.start, first * SLOT_MINUTES))
        costs.append(Rounding(rule, "window_end", need.window.end, end * SLOT_MINUTES))
    return tuple(cost for cost in costs if cost.asked != cost.used)


def _plan_weekly(need: Weekly, grid: Grid) -> MomentPlan:
    weekdays = tuple(sorted(need.weekdays))
    first, end, slots = snap_window(need.window, need.minutes)
    rows = tuple(_weekday_row(need, weekday, grid, end) for weekday in weekdays)
    _refuse_empty(rows)
    wanted = {cell for row in rows for cell in row if cell is not None}
    extra = [cell for cell in (_cell(day, grid, end) for day in sorted(set(need.extra))) if cell not in wanted]
    return MomentPlan(
        table=day_table(rows),
        weekdays=weekdays,
        extra=day_table([extra]) if extra else None,
        first_start=first,
        starts=end - first - slots + 1,
        slots=slots,
        per_week=need.per_week,
        same_start=need.same_start,
        coverage_share=need.coverage_share,
        unit="weeks",
    )


def _plan_dates(need: Dates, grid: Grid) -> MomentPlan:
    first, end, slots = snap_window(need.window, need.minutes)
    return MomentPlan(
        table=day_table([[_cell(day, grid, end) for day in need.dates]]),
        weekdays=(-1,),
        extra=None,
        first_start=first,
        starts=end - first - slots + 1,
        slots=slots,
        per_week=1,
        same_start=need.same_start,
        coverage_share=need.coverage_share,
        unit="dates",
    )


def _plan_hours(need: Hours, grid: Grid) -> HoursPlan:
    rows = tuple(_weekday_row(need, day, grid, 0) for day in sorted(need.weekdays))
    _refuse_empty(rows)
    first, end = -(-need.window.start // SLOT_MINUTES), need.window.end // SLOT_MINUTES
    return HoursPlan(
        table=day_table(rows),
        first_slot=first,
        last_slot=max(end, first),
        block=-(-need.min_block_minutes // SLOT_MINUTES),
        slots=-(-need.per_week_minutes // SLOT_MINUTES),
        coverage_share=need.coverage_share,
    )


def _weekday_row(need: Weekly | Hours, weekday: int, grid: Grid, last_slot: int) -> tuple[Cell | None, ...]:
    begin = need.first + timedelta(days=(weekday - need.first.weekday()) % 7)
    days = [begin + timedelta(days=7 * week) for week in range(need.weeks)]
    return tuple(None if _is_closed(day, need.closed) else _cell(day, grid, last_slot) for day in days)


def _is_closed(day: date, closed: tuple[DateRange, ...]) -> bool:
    return any(period.first <= day <= period.last for period in closed)


def _refuse_empty(rows: tuple[tuple[Cell | None, ...], ...]) -> None:
    if not any(cell is not None for row in rows for cell in row):
        raise InputError(
            "Every day of this rule falls in a period in which the initiative is closed. Change the period or the days.",
            code="all_days_closed",
        )


def _cell(day: date, grid: Grid, last_slot: int = 0) -> Cell:
    number = (day - grid.monday).days
    nights = 1 if last_slot > SLOTS_PER_DAY else 0  # what runs past midnight needs the day after too
    if not 0 <= number < grid.weeks * 7 - nights:
        raise InputError(
            f"The day {day} lies outside the weeks that are searched ({grid.monday} to {grid.last}). "
            "Search a period that holds it, or match this request by itself.",
            code="outside_grid",
            day=str(day),
            first=str(grid.monday),
            last=str(grid.last),
        )
    return number % 7, number // 7
