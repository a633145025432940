"""The rules of a need in the free time of one space: which options there are, the best of them, its moments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import combinations
from math import ceil
from typing import Literal

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Weekly, Window
from meervoud.core.engine.types.results import Moment, Pattern, Rounding
from meervoud.core.engine.types.time import DateRange
from meervoud.core.engine.verify.free_time import FreeTime, Span
from meervoud.core.engine.verify.opening import DAY_MINUTES, HALF_HOUR

Group = tuple[date, ...]
"""Days that count as one: the wanted days of a week, or one date."""


@dataclass(frozen=True)
class Option:
    """One way to meet a rule: its weekdays and start (see `Pattern`), how often it holds and how often it is wanted."""

    weekdays: tuple[int, ...]
    start: int | None
    held: int
    wanted: int

    @property
    def points(self) -> int:
        """Held of wanted, 0-10,000."""
        return self.held * 10_000 // self.wanted if self.wanted else 0


@dataclass(frozen=True)
class Snapped:
    """A window and a length on the half-hour, in minutes."""

    start: int
    end: int
    minutes: int


def round_up(minutes: int) -> int:
    """Return the next half-hour at or after a minute."""
    return -(-minutes // HALF_HOUR) * HALF_HOUR


def round_down(minutes: int) -> int:
    """Return the last half-hour at or before a minute."""
    return minutes // HALF_HOUR * HALF_HOUR


def snap(window: Window, minutes: int) -> Snapped:
    """Shrink the window, lengthen the moment; where it then does not fit, take the whole window, rounded outward."""
    start, end, length = round_up(window.start), round_down(window.end), round_up(minutes)
    if length <= end - start:
        return Snapped(start, end, length)
    start, end = round_down(window.start), round_up(window.end)
    return Snapped(start, end, end - start)


def rounding_of(rule: int, need: Need) -> tuple[Rounding, ...]:
    """Return what the half-hour cost one rule."""
    if isinstance(need, Continuous):
        return ()
    if isinstance(need, Hours):
        used = Snapped(round_up(need.window.start), round_down(need.window.end), 0)
        costs = [
            Rounding(rule, "min_block", need.min_block_minutes, round_up(need.min_block_minutes)),
            Rounding(rule, "per_week", need.per_week_minutes, round_up(need.per_week_minutes)),
        ]
    else:
        used = snap(need.window, need.minutes)
        costs = [Rounding(rule, "minutes", need.minutes, used.minutes)]
    costs.append(Rounding(rule, "window_start", need.window.start, used.start))
    costs.append(Rounding(rule, "window_end", need.window.end, used.end))
    return tuple(cost for cost in costs if cost.asked != cost.used)


def is_enough(need: Need, option: Option) -> bool:
    """Return whether an option works often enough for its rule."""
    return option.held >= max(1, ceil(round(need.coverage_share * option.wanted, 6)))


def best_of(need: Need, options: Sequence[Option]) -> Option | None:
    """Return the first of the options with the highest share of those that are enough."""
    enough = [option for option in options if is_enough(need, option)]
    return max(enough, key=lambda option: option.points, default=None)  # max keeps the first of equals


class Placing:
    """One rule in the free time of one space.

    Args:
        need: the rule.
        free: what is free, without what earlier rules take.
        monday: the first day of the grid.
        skipped: half-hours that no clock shows, in minutes since that Monday.
    """

    def __init__(self, need: Need, free: FreeTime, monday: date, skipped: frozenset[int]) -> None:
        self.need = need
        self.free = free
        self.monday = monday
        self.skipped = skipped

    @cached_property
    def options(self) -> list[Option]:
        """Every option, in the order in which equals are preferred."""
        need = self.need
        if isinstance(need, Weekly | Dates) and need.same_start:
            return list(self._fixed_options(need))
        groups = self._groups(())
        held = sum(bool(self._taken(group, None)) for group in groups)
        return [Option((), None, held, len(groups))]

    def write_out(self, option: Option, rule: int) -> tuple[Pattern, list[Span]]:
        """Return the pattern of an option, and the time that it takes."""
        moments: list[Moment] = []
        missing: list[date] = []
        for group in self._groups(option.weekdays):
            taken = self._taken(group, option.start)
            moments += taken
            if not taken:
                missing.append(group[0])
        spans = [(self._at(each.day) + each.start, self._at(each.day) + each.end) for each in moments]
        shown = () if isinstance(self.need, Continuous) else tuple(sorted(moments, key=lambda each: each.day))
        return Pattern(
            rule=rule,
            weekdays=option.weekdays,
            start=option.start,
            minutes=_length(self.need),
            held=option.held,
            wanted=option.wanted,
            unit=_unit(self.need),
            missing=tuple(sorted(missing)),
            moments=shown,
        ), spans

    def _fixed_options(self, need: Weekly | Dates) -> Iterator[Option]:
        snapped = snap(need.window, need.minutes)
        choices = combinations(sorted(need.weekdays), need.per_week) if isinstance(need, Weekly) else [()]
        for weekdays in choices:
            groups = self._groups(weekdays)
            common = [self._starts[group[0]].intersection(*(self._starts[day] for day in group)) for group in groups]
            for start in range(snapped.start, snapped.end - snapped.minutes + 1, HALF_HOUR):
                yield Option(weekdays, start, sum(start in starts for starts in common), len(groups))

    def _groups(self, weekdays: tuple[int, ...]) -> list[Group]:
        need = self.need
        if isinstance(need, Dates):
            return [(day,) for day in need.dates]
        if isinstance(need, Continuous):
            return [(need.first + timedelta(days=number),) for number in range(need.days)]
        weeks = _weeks(need, frozenset(weekdays) or need.weekdays)
        extra: set[date] = set()
        if isinstance(need, Weekly):
            extra = set(need.extra).difference(*_weeks(need, need.weekdays))
        return [*weeks, *((day,) for day in sorted(extra))]

    @cached_property
    def _starts(self) -> dict[date, frozenset[int]]:
        """On which starts a moment fits, day by day."""
        assert isinstance(self.need, Weekly | Dates)  # noqa: S101  # for the type checker; the callers ask
        snapped = snap(self.need.window, self.need.minutes)
        days = {day for group in self._groups(()) for day in group}
        return {
            day: frozenset(
                start - self._at(day)
                for start in self.free.starts(
                    self._at(day) + snapped.start, self._at(day) + snapped.end, snapped.minutes
                )
            )
            for day in days
        }

    def _taken(self, group: Group, start: int | None) -> list[Moment]:
        """Return the moments of one group of days; none where it does not hold."""
        if isinstance(self.need, Continuous):
            return self._whole_day(group[0])
        if isinstance(self.need, Hours):
            return self._blocks(self.need, group)
        minutes = snap(self.need.window, self.need.minutes).minutes
        if start is not None:
            works = all(start in self._starts[day] for day in group)
            return [Moment(day, start, start + minutes) for day in group] if works else []
        wanted = min(self.need.per_week, len(group)) if isinstance(self.need, Weekly) else 1
        days = [day for day in group if self._starts[day]][:wanted]
        if len(days) < wanted:
            return []
        return [Moment(day, min(self._starts[day]), min(self._starts[day]) + minutes) for day in days]

    def _whole_day(self, day: date) -> list[Moment]:
        begin = self._at(day)
        shown = sum(end - start for start, end in self.free.within(begin, begin + DAY_MINUTES))
        hidden = sum(
            HALF_HOUR for half_hour in range(begin, begin + DAY_MINUTES, HALF_HOUR) if half_hour in self.skipped
        )
        return [Moment(day, 0, DAY_MINUTES)] if shown + hidden == DAY_MINUTES else []

    def _blocks(self, need: Hours, group: Group) -> list[Moment]:
        block, left = round_up(need.min_block_minutes), round_up(need.per_week_minutes)
        taken: list[Moment] = []
        for day in group:
            begin = self._at(day)
            for start, end in self.free.within(
                begin + round_up(need.window.start), begin + round_down(need.window.end)
            ):
                if end - start >= block and left > 0:
                    length = min(end - start, max(left, block))
                    taken.append(Moment(day, start - begin, start - begin + length))
                    left -= length
        return taken if left <= 0 else []

    def _at(self, day: date) -> int:
        return (day - self.monday).days * DAY_MINUTES


@lru_cache(maxsize=1 << 12)
def _weeks(need: Weekly | Hours, weekdays: frozenset[int]) -> tuple[Group, ...]:
    """Return for each week from the first day on which of its days are wanted; a week without any is left out."""
    weeks: list[Group] = []
    for week in range(need.weeks):
        days = (need.first + timedelta(days=7 * week + number) for number in range(7))
        wanted = tuple(day for day in days if day.weekday() in weekdays and not _is_closed(day, need.closed))
        if wanted:
            weeks.append(wanted)
    return tuple(weeks)


def _is_closed(day: date, closed: Sequence[DateRange]) -> bool:
    return any(each.first <= day <= each.last for each in closed)


def _length(need: Need) -> int:
    if isinstance(need, Continuous):
        return DAY_MINUTES
    return round_up(need.min_block_minutes) if isinstance(need, Hours) else snap(need.window, need.minutes).minutes


def _unit(need: Need) -> Literal["weeks", "dates", "days"]:
    if isinstance(need, Continuous):
        return "days"
    return "dates" if isinstance(need, Dates) else "weeks"
