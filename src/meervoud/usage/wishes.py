"""From what people say, a single day, some days or every week, to moments on the wall clock of a place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from meervoud.core.errors import InputError
from meervoud.supply.calendar import MOST_SPANS, Span

MOST_DAYS: Final = 731
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """From one time of the day to another; an end that is not later is on the next morning."""

    starts: time
    ends: time

    @property
    def minutes(self) -> int:
        """How long it lasts on the wall clock."""
        start, end = (each.hour * 60 + each.minute for each in (self.starts, self.ends))
        return end - start if end > start else end - start + 1440


@dataclass(frozen=True)
class Days:
    """Some days, or one, with the same hours."""

    days: tuple[date, ...]
    hours: Hours


@dataclass(frozen=True)
class Weekly:
    """The same weekdays (0 is Monday), every so many weeks, from one day to another, both included."""

    weekdays: frozenset[int]
    first: date
    last: date
    hours: Hours
    every_weeks: int = 1


Wish = Days | Weekly


def days_of(wish: Wish) -> list[date]:
    """Return the days of a wish in order, each once.

    Raises:
        InputError: there is none, there are more than 400, or they span more than two years.
    """
    found = sorted(set(wish.days)) if isinstance(wish, Days) else list(_weekly_days(wish))
    if not 1 <= len(found) <= MOST_SPANS:
        raise InputError(
            f"Ask for 1 to {MOST_SPANS} moments at once, not {len(found)}.",
            code="span_count",
            number=len(found),
            most=MOST_SPANS,
        )
    if (found[-1] - found[0]).days > MOST_DAYS:
        raise InputError("Plan two years at most. Choose an earlier last day.", code="plan_too_far")
    return found


def _weekly_days(wish: Weekly) -> Iterator[date]:
    if wish.last < wish.first:
        raise InputError("The last day lies before the first. Swap the two days.", code="plan_days_reversed")
    if (wish.last - wish.first).days > MOST_DAYS:
        raise InputError("Plan two years at most. Choose an earlier last day.", code="plan_too_far")
    if not wish.weekdays:
        raise InputError("Choose one weekday or more.", code="plan_no_weekday")
    monday = wish.first - timedelta(days=wish.first.weekday())
    for number in range((wish.last - wish.first).days + 1):
        day = wish.first + number * DAY
        if day.weekday() in wish.weekdays and (day - monday).days // 7 % wish.every_weeks == 0:
            yield day


def span_on(day: date, hours: Hours, zone: str) -> Span | None:
    """Return the hours of a day as a span of the world; None where the clock skips its start or its end that night.

    An end in the hour that comes twice is the later one: rather too long than given away twice.
    """
    local = ZoneInfo(zone)
    begins = datetime.combine(day, hours.starts, local)
    ends = (datetime.combine(day, hours.starts) + timedelta(minutes=hours.minutes)).replace(tzinfo=local, fold=1)
    if not (_exists(begins) and _exists(ends)):
        return None
    return Span(begins.astimezone(UTC), ends.astimezone(UTC))


def _exists(moment: datetime) -> bool:
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) == moment.replace(tzinfo=None)


def hours_of(span: Span, zone: str) -> Hours:
    """Return the hours of a span on the wall clock."""
    local = ZoneInfo(zone)
    return Hours(*(each.astimezone(local).time().replace(fold=0) for each in (span.starts_at, span.ends_at)))


def day_of(span: Span, zone: str) -> date:
    """Return the day on which a span begins, on the wall clock."""
    return span.starts_at.astimezone(ZoneInfo(zone)).date()


def by_month(span: Span, zone: str) -> list[Span]:
    """Return a span of days and nights cut at the first of each month, so that each month is one moment of use."""
    local, cuts = ZoneInfo(zone), [span.starts_at]
    day = day_of(span, zone)
    while True:
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        cut = datetime.combine(day, time(), local).astimezone(UTC)
        if cut >= span.ends_at:
            break
        cuts.append(cut)
    return [Span(start, end) for start, end in zip(cuts, [*cuts[1:], span.ends_at], strict=True)]


def as_moments(spans: Sequence[Span], zone: str) -> list[Span]:
    """Return spans as moments of use: what lasts longer than two days is one moment a month."""
    return [
        piece
        for span in spans
        for piece in (by_month(span, zone) if span.ends_at - span.starts_at > 2 * DAY else [span])
    ]
