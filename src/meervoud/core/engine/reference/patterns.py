"""Every time pattern of a rule, tried one by one on the free half-hours of a space."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from math import ceil

from meervoud.core.engine.reference.free_time import Slots, half_hour_exists
from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Weekly
from meervoud.core.engine.types.results import Moment, Pattern
from meervoud.core.engine.types.time import Grid

Group = list[date]  # the days of one week (or the one date) that must work together


@dataclass(frozen=True)
class Tried:
    """One pattern and how it worked out."""

    weekdays: tuple[int, ...]
    start: int | None
    moments: tuple[Moment, ...]
    missing: tuple[date, ...]
    wanted: int

    @property
    def held(self) -> int:
        """How many groups worked."""
        return self.wanted - len(self.missing)


def best_pattern(need: Need, rule: int, free: Slots, grid: Grid) -> Pattern | None:
    """Return the first of the best patterns that works often enough, or None."""
    enough = [each for each in _try_all(need, free, grid) if _is_enough(each, need.coverage_share)]
    if not enough:
        return None
    best = max(enough, key=lambda each: each.held * 10_000 // each.wanted)  # max keeps the first of equals
    return Pattern(
        rule=rule,
        weekdays=best.weekdays,
        start=best.start,
        minutes=_minutes(need),
        held=best.held,
        wanted=best.wanted,
        unit="days" if isinstance(need, Continuous) else "dates" if isinstance(need, Dates) else "weeks",
        missing=best.missing,
        moments=best.moments,
    )


def without(free: Slots, moments: tuple[Moment, ...], grid: Grid) -> Slots:
    """Return the free half-hours less those that moments take."""
    taken = {
        (moment.day - grid.monday).days * 48 + slot
        for moment in moments
        for slot in range(moment.start // 30, moment.end // 30)
    }
    return free - taken


def snapped(need: Weekly | Dates) -> tuple[int, int, int]:
    """Return first slot, end slot and length in slots: inward, or outward as a whole where it is too tight."""
    first, end, length = ceil(need.window.start / 30), need.window.end // 30, ceil(need.minutes / 30)
    if first + length <= end:
        return first, end, length
    first, end = need.window.start // 30, ceil(need.window.end / 30)
    return first, end, end - first


def _try_all(need: Need, free: Slots, grid: Grid) -> Iterator[Tried]:
    if isinstance(need, Continuous):
        days = [need.first + timedelta(days=number) for number in range(need.days)]
        held = [day for day in days if _whole_day(day, free, grid)]
        moments = tuple(Moment(day, 0, 1440) for day in held)
        yield Tried((), None, moments, tuple(day for day in days if day not in held), len(days))
    elif isinstance(need, Hours):
        yield _try_hours(need, free, grid)
    elif isinstance(need, Dates):
        yield from _try_moments(need, [[day] for day in need.dates], (), 1, free, grid)
    else:
        chosen = combinations(sorted(need.weekdays), need.per_week) if need.same_start else [sorted(need.weekdays)]
        for weekdays in chosen:
            groups = _weeks(need, weekdays) + [[day] for day in _extra_days(need)]
            named = tuple(weekdays) if need.same_start else ()
            yield from _try_moments(need, groups, named, need.per_week, free, grid)


def _try_moments(  # plain on purpose: no object gathers the six
    need: Weekly | Dates, groups: list[Group], weekdays: tuple[int, ...], per_week: int, free: Slots, grid: Grid
) -> Iterator[Tried]:
    first, end, length = snapped(need)
    starts = range(first, end - length + 1)
    for choice in [[start] for start in starts] if need.same_start else [list(starts)]:
        moments: list[Moment] = []
        missing: list[date] = []
        for group in groups:
            found = [moment for day in group for moment in _first_moment(day, choice, length, free, grid)]
            enough = min(per_week, len(group))
            moments += found[:enough] if len(found) >= enough else []
            missing += [] if len(found) >= enough else [group[0]]
        start = choice[0] * 30 if need.same_start else None
        yield Tried(weekdays, start, tuple(sorted(moments, key=_in_time)), tuple(sorted(missing)), len(groups))


def _first_moment(day: date, starts: list[int], length: int, free: Slots, grid: Grid) -> Iterator[Moment]:
    base = (day - grid.monday).days * 48
    for start in starts:
        if all(base + slot in free for slot in range(start, start + length)):
            yield Moment(day, start * 30, (start + length) * 30)
            return


def _weeks(need: Weekly | Hours, weekdays: tuple[int, ...] | list[int]) -> list[Group]:
    weeks: list[Group] = []
    for week in range(need.weeks):
        days = [need.first + timedelta(days=7 * week + number) for number in range(7)]
        group = [day for day in days if day.weekday() in weekdays and not _is_closed(need, day)]
        if group:
            weeks.append(group)
    return weeks


def _extra_days(need: Weekly) -> list[date]:
    usual = {day for week in _weeks(need, sorted(need.weekdays)) for day in week}
    return sorted(set(need.extra) - usual)


def _is_closed(need: Weekly | Hours, day: date) -> bool:
    return any(period.first <= day <= period.last for period in need.closed)


def _try_hours(need: Hours, free: Slots, grid: Grid) -> Tried:
    wanted, block = ceil(need.per_week_minutes / 30), ceil(need.min_block_minutes / 30)
    weeks = _weeks(need, sorted(need.weekdays))
    moments: list[Moment] = []
    missing: list[date] = []
    for week in weeks:
        runs = [run for day in week for run in _runs(need, day, free, grid) if run[2] >= block]
        if sum(length for _, _, length in runs) < wanted:
            missing.append(week[0])
            continue
        left = wanted
        for day, start, length in runs:
            if left > 0:
                used = min(length, max(left, block))
                moments.append(Moment(day, start * 30, (start + used) * 30))
                left -= used
    return Tried((), None, tuple(moments), tuple(missing), len(weeks))


def _runs(need: Hours, day: date, free: Slots, grid: Grid) -> Iterator[tuple[date, int, int]]:
    base, start = (day - grid.monday).days * 48, None
    for slot in range(ceil(need.window.start / 30), need.window.end // 30 + 1):
        is_free = slot < need.window.end // 30 and base + slot in free
        if is_free and start is None:
            start = slot
        if not is_free and start is not None:
            yield day, start, slot - start
            start = None


def _whole_day(day: date, free: Slots, grid: Grid) -> bool:
    base = (day - grid.monday).days * 48
    return all(number in free or not half_hour_exists(grid, number) for number in range(base, base + 48))


def _is_enough(tried: Tried, share: float) -> bool:
    return tried.wanted > 0 and tried.held >= max(ceil(round(share * tried.wanted, 6)), 1)


def _minutes(need: Need) -> int:
    if isinstance(need, Continuous):
        return 1440
    return ceil(need.min_block_minutes / 30) * 30 if isinstance(need, Hours) else snapped(need)[2] * 30


def _in_time(moment: Moment) -> tuple[date, int]:
    return moment.day, moment.start
