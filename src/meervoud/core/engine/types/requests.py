"""A request for space: who, what for, and a list of rules that say when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from meervoud.core.engine.types.spaces import Position, Price
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


@dataclass(frozen=True)
class Window:
    """Wished part of the day, minutes after local midnight; at most 24 hours, `end` may pass 1440 by 8 hours.

    With 24 hours at most the windows of two days never overlap, so no half-hour counts for both.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a window outside the day and its 8 hours of spill."""
        if not (0 <= self.start < 1440 and self.start < self.end <= 1920):
            raise InputError(
                f"The window from minute {self.start} to {self.end} is not inside a day and the 8 hours after it. "
                "Give a start before midnight and an end before 08:00 the next morning.",
                code="window_outside_day",
                start=self.start,
                end=self.end,
            )
        if self.end - self.start > 1440:
            raise InputError(
                f"The window lasts {self.end - self.start} minutes. Give one of 24 hours at most.",
                code="window_too_long",
                minutes=self.end - self.start,
            )


@dataclass(frozen=True)
class Weekly:
    """The same weekdays, week after week.

    Attributes:
        weekdays: 0 = Monday to 6 = Sunday, the days that would suit.
        window: part of the day that would suit.
        minutes: length of one moment, > 0.
        first: first day on which a moment may fall.
        weeks: how many weeks from `first`, >= 1.
        coverage_share: share of the weeks in which it must work, (0, 1].
        per_week: moments a week, on different weekdays.
        same_start: the same weekdays and start every week (True), or any that is free that week.
        closed: days on which the initiative itself does not meet (school holidays, August).
        extra: further days on which it meets at the same hours.
    """

    weekdays: frozenset[int]
    window: Window
    minutes: int
    first: date
    weeks: int
    coverage_share: float = 0.9
    per_week: int = 1
    same_start: bool = True
    closed: tuple[DateRange, ...] = ()
    extra: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no week can hold."""
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise InputError("A weekly rule needs one or more weekdays. Name them, e.g. Tu,Th.", code="no_weekday")
        if not 1 <= self.per_week <= len(self.weekdays):
            raise InputError(
                f"{self.per_week} moments a week do not fit on {len(self.weekdays)} weekdays. "
                "Name more weekdays or ask for fewer moments.",
                code="per_week",
                per_week=self.per_week,
                weekdays=len(self.weekdays),
            )
        check_moment(self.window, self.minutes)
        _check_share(self.coverage_share)
        if self.weeks < 1:
            raise InputError(f"A weekly rule lasts at least one week, not {self.weeks}.", code="weeks")


@dataclass(frozen=True)
class Dates:
    """Given dates (one-off, a series, or monthly ordinals written out).

    Attributes:
        dates: sorted, unique, at least one.
        window, minutes: as in Weekly.
        coverage_share: share of the dates that must work; 1 is all of them.
        same_start: the same start on every date.
    """

    dates: tuple[date, ...]
    window: Window
    minutes: int
    coverage_share: float = 1.0
    same_start: bool = False

    def __post_init__(self) -> None:
        """Refuse an empty or unsorted list."""
        if not self.dates or list(self.dates) != sorted(set(self.dates)):
            raise InputError("A rule by dates needs dates, in order, each once.", code="dates_order")
        check_moment(self.window, self.minutes)
        _check_share(self.coverage_share)


@dataclass(frozen=True)
class Hours:
    """Some hours a week, on whatever moments are free.

    Attributes:
        per_week_minutes: total a week, > 0.
        weekdays, window: where the hours may lie; the window ends at midnight at the latest.
        min_block_minutes: the shortest block that is of use, > 0.
        first, weeks, coverage_share, closed: as in Weekly.
    """

    per_week_minutes: int
    weekdays: frozenset[int]
    window: Window
    min_block_minutes: int
    first: date
    weeks: int
    coverage_share: float = 0.9
    closed: tuple[DateRange, ...] = ()

    def __post_init__(self) -> None:
        """Refuse hours that pass midnight: a block belongs to one day."""
        if self.window.end > 1440:
            raise InputError("Hours a week lie within a day: let the window end at 24:00.", code="hours_past_midnight")
        if not self.weekdays or self.weeks < 1 or self.per_week_minutes <= 0:
            raise InputError("Hours a week need weekdays, a number of weeks and a length.", code="hours_incomplete")
        check_moment(self.window, self.min_block_minutes)
        _check_share(self.coverage_share)


@dataclass(frozen=True)
class Continuous:
    """The space as a whole, day and night, for a period.

    Attributes:
        first: first day.
        days: how many days, >= 1.
        coverage_share: share of the days that must be wholly free, (0, 1].
    """

    first: date
    days: int
    coverage_share: float = 1.0

    def __post_init__(self) -> None:
        """Refuse an empty period."""
        if self.days < 1 or not 0 < self.coverage_share <= 1:
            raise InputError(
                "Continuous use needs at least one day and a share above 0 and up to 1.", code="continuous"
            )

    @property
    def last(self) -> date:
        """The last day of the period."""
        return self.first + timedelta(days=self.days - 1)


Need = Weekly | Dates | Hours | Continuous


@dataclass(frozen=True)
class Request:
    """An initiative's request for space. What is None or empty is not asked for.

    Attributes:
        id: unique among the requests.
        max_metres: greatest distance as the crow flies; None is no limit.
        group_min, group_max: how many people come, at least and at most; 0 is not said.
        facilities: musts. wishes: facilities that would be nice.
        activities: what they will do, from ACTIVITIES.
        loudness: how loud it gets, from LOUDNESS.
        budget: the most they can pay; None is not said, 0 cents is "it must be free".
        needs: *all* rules must hold in the same space; a later rule takes no time that an earlier one took.
        kind_of_activity: one of KINDS_OF_ACTIVITY.
        meets_at: id of the space where they meet now.
    """

    id: str
    name: str = ""
    organisation: str = ""
    neighbourhood: str | None = None
    position: Position | None = None
    max_metres: int | None = None
    group_min: int = 0
    group_max: int = 0
    area_m2: float = 0
    facilities: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    step_free: bool = False
    activities: frozenset[str] = frozenset()
    loudness: str | None = None
    cause: str | None = None
    budget: Price | None = None
    needs: tuple[Need, ...] = ()
    kind_of_activity: str | None = None
    meets_at: str | None = None
    notes: tuple[tuple[str, str], ...] = field(default=(), compare=False)


def check_moment(window: Window, minutes: int) -> None:
    """Refuse a moment that does not fit in its window; both in minutes."""
    if not 0 < minutes <= window.end - window.start:
        raise InputError(
            f"A moment of {minutes} minutes does not fit in a window of {window.end - window.start} minutes. "
            "Widen the window or shorten the moment.",
            code="longer_than_window",
            minutes=minutes,
            window=window.end - window.start,
        )


def _check_share(coverage_share: float) -> None:
    if not 0 < coverage_share <= 1:
        raise InputError(
            f"The share of moments that must work is above 0 and at most 1, not {coverage_share}.",
            code="coverage",
            value=coverage_share,
        )


def sort_dates(dates: Sequence[date]) -> tuple[date, ...]:
    """Return the dates in order, each once, as `Dates` wants them."""
    return tuple(sorted(set(dates)))
