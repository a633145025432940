"""How often a month a request comes, counted again from what its rules say."""

from calendar import monthrange
from datetime import date, timedelta

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Weekly


def most_days_of_a_month(request_needs: tuple[Need, ...]) -> int:
    """Return the days of the fullest month that the rules of a request cannot do without."""
    return max([0, *(_of_rule(need) for need in request_needs)])


def _of_rule(need: Need) -> int:
    return max(_in_month(need, year, month) for year, month in _months_of(need))


def _months_of(need: Need) -> set[tuple[int, int]]:
    if isinstance(need, Dates):
        days = set(need.dates)
    else:
        length = need.days if isinstance(need, Continuous) else need.weeks * 7
        days = {need.first + timedelta(days=each) for each in (*range(0, length, 28), length - 1)}
        days |= set(need.extra) if isinstance(need, Weekly) else set()
    return {(each.year, each.month) for each in days}


def _in_month(need: Need, year: int, month: int) -> int:
    days = [date(year, month, number) for number in range(1, monthrange(year, month)[1] + 1)]
    if isinstance(need, Dates):
        return sum(day in need.dates for day in days)
    if isinstance(need, Continuous):
        return sum(need.first <= day <= need.last for day in days)
    last = need.first + timedelta(days=need.weeks * 7 - 1)
    inside = [day for day in days if need.first <= day <= last]
    met = [
        day
        for day in inside
        if day.weekday() in need.weekdays and not any(c.first <= day <= c.last for c in need.closed)
    ]
    if isinstance(need, Weekly) and need.same_start:
        extra = [day for day in days if day in need.extra and day.weekday() not in need.weekdays]
        tally = sorted(sum(day.weekday() == weekday for day in met) for weekday in _weekdays_met(need))
        return sum(tally[: need.per_week]) + len(extra)
    times = _times(need)
    weeks: dict[int, list[bool]] = {}
    for day in inside:
        weeks.setdefault((day - need.first).days // 7, []).append(day in met)
    return sum(min(times, sum(each)) for each in weeks.values() if len(each) == 7)


def _weekdays_met(need: Weekly) -> set[int]:
    """Return the weekdays that are met at least once."""
    every = (need.first + timedelta(days=number) for number in range(need.weeks * 7))
    return {
        day.weekday()
        for day in every
        if day.weekday() in need.weekdays and not any(c.first <= day <= c.last for c in need.closed)
    }


def _times(need: Weekly | Hours) -> int:
    if isinstance(need, Weekly):
        return need.per_week
    whole, rest = divmod(need.per_week_minutes, need.window.end - need.window.start)
    return whole + (rest > 0)
