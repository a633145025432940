"""How often a month a request comes, day by day."""

from collections import Counter
from datetime import date, timedelta
from itertools import combinations

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Weekly

Month = tuple[int, int]


def days_a_month_plainly(needs: tuple[Need, ...]) -> int:
    """Return on how many days of its fullest month a request asks to come, at the least."""
    return max((max(days_by_month(need).values(), default=0) for need in needs), default=0)


def days_by_month(need: Need) -> Counter[Month]:
    """Return for each month the fewest days on which a rule asks to come."""
    if isinstance(need, Dates):
        return Counter(month_of(day) for day in need.dates)
    if isinstance(need, Continuous):
        return Counter(month_of(need.first + timedelta(days=number)) for number in range(need.days))
    weeks = [[need.first + timedelta(days=7 * week + day) for day in range(7)] for week in range(need.weeks)]
    open_weeks = [[day for day in week if is_met_on(need, day)] for week in weeks]
    if isinstance(need, Weekly) and need.same_start:
        return _fewest_on_fixed_days(need, open_weeks)
    times = need.per_week if isinstance(need, Weekly) else fewest_days(need)
    found = Counter[Month]()
    for week, is_open in zip(weeks, open_weeks, strict=True):
        if month_of(week[0]) == month_of(week[-1]):
            found[month_of(week[0])] += min(times, len(is_open))
    return found


def _fewest_on_fixed_days(need: Weekly, weeks: list[list[date]]) -> Counter[Month]:
    extra = Counter(month_of(day) for day in need.extra if day.weekday() not in need.weekdays)
    met = sorted({day.weekday() for week in weeks for day in week})
    counts = {
        weekday: Counter(month_of(day) for week in weeks for day in week if day.weekday() == weekday) for weekday in met
    }
    found = Counter[Month]()
    for month in {month for each in counts.values() for month in each} | set(extra):
        choices = combinations(met, min(need.per_week, len(met)))
        found[month] = min(sum(counts[weekday][month] for weekday in choice) for choice in choices) + extra[month]
    return found


def is_met_on(need: Weekly | Hours, day: date) -> bool:
    """Return whether a day is one of the rule's weekdays and not one on which the group does not meet."""
    return day.weekday() in need.weekdays and not any(each.first <= day <= each.last for each in need.closed)


def fewest_days(need: Hours) -> int:
    """Return on how many days a week the hours fit at the least."""
    days = 1
    while days * (need.window.end - need.window.start) < need.per_week_minutes:
        days += 1
    return days


def month_of(day: date) -> Month:
    """Return year and month."""
    return day.year, day.month
