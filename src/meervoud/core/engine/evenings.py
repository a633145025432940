"""How often a month a request comes: some hosts lend a number of evenings a month, whatever the hour."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np

from meervoud.core.engine.arrays import Flags, Ints
from meervoud.core.engine.types.requests import Continuous, Dates, Need, Weekly
from meervoud.core.engine.types.time import DateRange

WEEK = 7
EPOCH = date(1970, 1, 1).toordinal()


def days_a_month(needs: Sequence[Need]) -> int:
    """Return on how many days of its fullest month a request asks to come, at the least.

    Two rules may share their days, and a rule that may change its day from week to week counts only in weeks that lie
    within one month: so nothing is asked of a host that the request could do without.

    Args:
        needs: the rules of a request.

    Returns:
        Days, >= 0; 0 without a rule.
    """
    return max((_days_a_month(need) for need in needs), default=0)


@lru_cache(maxsize=20_000)
def _days_a_month(need: Need) -> int:
    if isinstance(need, Dates):
        return _fullest(_months(np.array([_number(day) for day in need.dates], dtype=np.int64)))
    if isinstance(need, Continuous):
        return _fullest(_months(_days_from(need.first, need.days)))
    days = _days_from(need.first, need.weeks * WEEK).reshape(need.weeks, WEEK)
    weekdays = (need.first.weekday() + np.arange(WEEK)) % WEEK
    meets = np.isin(weekdays, list(need.weekdays))[None, :] & ~_within(days, need.closed)
    if isinstance(need, Weekly) and need.same_start:
        return _on_fixed_days(need, days, meets)
    times = (
        need.per_week
        if isinstance(need, Weekly)
        else -(-need.per_week_minutes // (need.window.end - need.window.start))
    )
    whole = _months(days[:, 0]) == _months(days[:, -1])
    taken = np.minimum(meets.sum(axis=1), times)
    return int(np.bincount(_places(_months(days[:, 0])), taken * whole, minlength=1).max())


def _on_fixed_days(need: Weekly, days: Ints, meets: Flags) -> int:
    """Return the days of the fullest month on those weekdays that come least often in it, and the extra days."""
    extra = np.array([_number(day) for day in need.extra if day.weekday() not in need.weekdays], dtype=np.int64)
    every = np.concatenate([_months(days).ravel(), _months(extra)])
    places = _places(every)
    inside, outside = places[: days.size], places[days.size :]
    months = int(places.max()) + 1
    by_weekday = inside.reshape(days.shape)
    counts = np.stack([np.bincount(by_weekday[:, place], meets[:, place], months) for place in range(WEEK)])
    chosen = np.sort(counts[meets.any(axis=0)], axis=0)[: need.per_week] if meets.any() else counts[:0]
    return int((chosen.sum(axis=0) + np.bincount(outside, minlength=months)).max())


def _number(day: date) -> int:
    return day.toordinal() - EPOCH


def _days_from(first: date, number: int) -> Ints:
    return _number(first) + np.arange(number, dtype=np.int64)


def _months(days: Ints) -> Ints:
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _places(months: Ints) -> Ints:
    return months - months.min() if len(months) else months


def _fullest(months: Ints) -> int:
    return int(np.bincount(_places(months)).max())


def _within(days: Ints, closed: Sequence[DateRange]) -> Flags:
    shut: Flags = np.zeros(days.shape, dtype=np.bool_)
    for each in closed:
        shut |= (days >= _number(each.first)) & (days <= _number(each.last))
    return shut
