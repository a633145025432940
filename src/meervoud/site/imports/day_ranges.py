"""Sums with periods of whole days: put together, cut to a period, what lies outside of it."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from meervoud.core.engine.types.time import DateRange

A_DAY = timedelta(days=1)
YEARS = 5  # closed days without a year are written out for so many years


def planned_period(today: date) -> DateRange:
    """Return the days for which closed days without a year are written out: whole years, so that it seldom moves."""
    return DateRange(date(today.year, 1, 1), date(today.year + YEARS - 1, 12, 31))


def join_days(ranges: Iterable[DateRange]) -> list[DateRange]:
    """Return the same days as few sorted ranges that do not touch."""
    joined: list[DateRange] = []
    for each in sorted(ranges, key=lambda days: (days.first, days.last)):
        if joined and each.first <= joined[-1].last + A_DAY:
            joined[-1] = DateRange(joined[-1].first, max(joined[-1].last, each.last))
        else:
            joined.append(each)
    return joined


def cut_days(ranges: Iterable[DateRange], period: DateRange) -> list[DateRange]:
    """Return the days that lie in the period."""
    return [
        DateRange(max(each.first, period.first), min(each.last, period.last))
        for each in join_days(ranges)
        if each.first <= period.last and each.last >= period.first
    ]


def days_outside(ranges: Iterable[DateRange], period: DateRange) -> list[DateRange]:
    """Return the days that lie before or after the period."""
    rest: list[DateRange] = []
    for each in ranges:
        if each.first < period.first:
            rest.append(DateRange(each.first, min(each.last, period.first - A_DAY)))
        if each.last > period.last:
            rest.append(DateRange(max(each.first, period.last + A_DAY), each.last))
    return join_days(rest)


def each_day(days: DateRange) -> Iterator[date]:
    """Go through the days of a range."""
    for number in range((days.last - days.first).days + 1):
        yield days.first + timedelta(days=number)
