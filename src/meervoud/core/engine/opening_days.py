"""The days of an opening rule: which date selectors are accepted, and which days a selector means."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import opening_hours

from meervoud.core.engine.opening_tokens import Cursor, Token, refusal

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_Day = tuple[int | None, str, int]
"""Year (None: every year), month, day."""


@dataclass(frozen=True)
class Days:
    """The days of one rule.

    Attributes:
        period: years, months, dates and weeks, in OpenStreetMap syntax; "" is the whole year.
        weekdays: weekdays, "" is every day of the week.
        holidays: the rule names public holidays, beside the weekdays or alone.
    """

    period: str
    weekdays: str
    holidays: bool

    @property
    def selector(self) -> str:
        """The days without the holidays."""
        return f"{self.period} {self.weekdays}".strip()

    @property
    def only_holidays(self) -> bool:
        """Whether the rule is for public holidays alone."""
        return self.holidays and not self.weekdays


def read_days(cursor: Cursor) -> Days:
    """Read the days at the head of a rule; none is every day.

    Raises:
        InputError: days that are outside the accepted subset.
    """
    period = [part for part in (_years(cursor), _dates(cursor), _weeks(cursor)) if part]
    weekdays, holidays = _weekdays(cursor)
    return Days(" ".join(period), weekdays, holidays)


@lru_cache(maxsize=4096)
def days_of(selector: str, first: date, days: int) -> npt.NDArray[np.bool_]:
    """Return which days a selector means.

    Args:
        selector: as in `OpeningRule.days`; "" is every day.
        first: the first day.
        days: how many days, >= 1.

    Returns:
        Shape (days,), read-only.

    Raises:
        InputError: the selector cannot be read.
    """
    chosen = np.full(days, fill_value=selector == "", dtype=np.bool_)
    if selector:
        midnight = datetime.combine(first, time())
        whole_days = f"{selector} 00:00-24:00"
        if not opening_hours.validate(whole_days):
            raise refusal("hours_library", selector)
        hours = opening_hours.OpeningHours(whole_days)
        for begin, end, state, _ in hours.intervals(midnight, midnight + timedelta(days=days)):
            if state == opening_hours.State.OPEN:
                chosen[(begin - midnight).days : (end - midnight).days] = True
    chosen.flags.writeable = False
    return chosen


def _years(cursor: Cursor) -> str:
    """Read "2026", "2026-2028,2030"; a year directly before a month belongs to the date."""
    if cursor.peek().kind != "year" or cursor.peek(1).kind == "month":
        return ""
    parts: list[str] = []
    while True:
        begin = end = _year(cursor)
        if cursor.accept("-"):
            end = _year(cursor)
        if end < begin:
            raise refusal("hours_year", f"{begin}-{end}")
        parts.append(f"{begin}-{end}" if end > begin else str(begin))
        if not cursor.accept(","):
            break
    cursor.accept(":")
    return ",".join(parts)


def _year(cursor: Cursor) -> int:
    token = cursor.take()
    if token.kind != "year" or not 1900 <= int(token.value) <= 2999:
        raise refusal("hours_year", token.written)
    return int(token.value)


def _dates(cursor: Cursor) -> str:
    """Read months and dates: "Oct-Mar", "Dec 24,25", "Jul 1-Aug 15", "2026 Jul 1-2026 Aug 8"."""
    if not _sees_date(cursor):
        return ""
    parts = [_date_item(cursor)]
    while cursor.accept(","):
        if cursor.peek().kind == "number":
            day = _day(cursor, parts[-1][1])
            parts.append((_range(day, _day_end(cursor, day)), day))
        elif _sees_date(cursor):
            parts.append(_date_item(cursor))
        else:
            raise refusal("hours_days", cursor.peek().written)
    cursor.accept(":")
    return ",".join(text for text, _ in parts)


def _sees_date(cursor: Cursor) -> bool:
    return cursor.peek(cursor.peek().kind == "year").kind == "month"


def _date_item(cursor: Cursor) -> tuple[str, _Day | None]:
    """Return one month, span of months, date or span of dates, and the date if it is one."""
    year = _year(cursor) if cursor.peek().kind == "year" else None
    month = cursor.take().value
    if cursor.peek().kind == "number":
        day = _day(cursor, (year, month, 0))
        return _range(day, _day_end(cursor, day)), day
    prefix = f"{year} " if year else ""
    if not cursor.accept("-"):
        return prefix + month, None
    last = cursor.take()
    if last.kind != "month" or cursor.peek().kind == "number":
        raise refusal("hours_days", f"{month}-{last.written}")
    if year and _MONTHS.index(last.value) < _MONTHS.index(month):
        raise refusal("hours_year", f"{prefix}{month}-{last.value}")
    return f"{prefix}{month}-{last.value}", None


def _day(cursor: Cursor, like: _Day | None) -> _Day:
    """Read the number of a day in the year and month of `like`."""
    token = cursor.take()
    if like is None or token.kind != "number":
        raise refusal("hours_days", token.written)
    year, month, _ = like
    longest = calendar.monthrange(year or 2024, _MONTHS.index(month) + 1)[1]
    if not 1 <= int(token.value) <= longest:
        raise refusal("hours_date", f"{month} {token.value}")
    return year, month, int(token.value)


def _day_end(cursor: Cursor, begin: _Day) -> _Day:
    """Read what follows the first day of a span: "-15", "-Aug 15", "-2026 Aug 15"; nothing is that one day."""
    if not cursor.accept("-"):
        return begin
    if not _sees_date(cursor):
        end = _day(cursor, begin)
        if end[2] < begin[2]:
            raise refusal("hours_date", f"{begin[1]} {begin[2]}-{end[2]}")
        return end
    year = _year(cursor) if cursor.peek().kind == "year" else None
    month = cursor.take().value
    return _day(cursor, (year, month, 0))


def _range(begin: _Day, end: _Day) -> str:
    """Write a span of dates; a year at one end only counts for both, unless the span passes New Year."""
    if begin[0] is None and end[0] is not None:
        raise refusal("hours_year", f"{_text(begin)}-{_text(end)}")
    if begin[0] is not None:
        end = (end[0] or begin[0], end[1], end[2])
        if _order(end) < _order(begin):
            raise refusal("hours_year", f"{_text(begin)}-{_text(end)}")
    return _text(begin) if begin == end else f"{_text(begin)}-{_text(end)}"


def _order(day: _Day) -> tuple[int, int, int]:
    return day[0] or 0, _MONTHS.index(day[1]), day[2]


def _text(day: _Day) -> str:
    return f"{day[0]} {day[1]} {day[2]}" if day[0] else f"{day[1]} {day[2]}"


def _weeks(cursor: Cursor) -> str:
    """Read "week 1-53/2,9"."""
    if cursor.peek().kind != "week":
        return ""
    cursor.take()
    parts = [_week_item(cursor)]
    while cursor.accept(","):
        parts.append(_week_item(cursor))
    cursor.accept(":")
    return "week " + ",".join(parts)


def _week_item(cursor: Cursor) -> str:
    begin = _number(cursor, "hours_week", range(1, 54))
    if not cursor.accept("-"):
        return f"{begin:02}"
    end = _number(cursor, "hours_week", range(begin, 54))
    if not cursor.accept("/"):
        return f"{begin:02}-{end:02}"
    # Written out: opening-hours-py takes every week of a span that is shorter than its step.
    return ",".join(f"{week:02}" for week in range(begin, end + 1, _number(cursor, "hours_week", range(2, 27))))


def _number(cursor: Cursor, code: str, allowed: range) -> int:
    token = cursor.take()
    if token.kind != "number" or len(token.value) > 2 or int(token.value) not in allowed:
        raise refusal(code, token.written)
    return int(token.value)


def _weekdays(cursor: Cursor) -> tuple[str, bool]:
    """Read "Mo-Fr,Su", "Sa[1],PH"; return the weekdays and whether holidays are among them."""
    if cursor.peek().kind not in {"weekday", "holiday"}:
        return "", False
    items = [_weekday_item(cursor)]
    while cursor.accept(","):
        items.append(_weekday_item(cursor))
    if cursor.sees("+") or cursor.sees("-"):
        raise refusal("hours_offset", cursor.written(cursor.at - 1))
    cursor.accept(":")
    return ",".join(item for item in items if item != "PH"), "PH" in items


def _weekday_item(cursor: Cursor) -> str:
    first = cursor.take()
    if first.kind == "holiday":
        return first.value
    if first.kind != "weekday":
        raise refusal("hours_days", first.written)
    if cursor.accept("["):
        return first.value + _ordinals(cursor)
    if cursor.sees("-") and _is_offset(cursor.peek(1)):
        raise refusal("hours_offset", cursor.written(cursor.at - 1))
    if not cursor.accept("-"):
        return first.value
    last = cursor.take()
    if last.kind != "weekday" or cursor.sees("["):
        raise refusal("hours_days", f"{first.written}-{last.written}")
    return f"{first.value}-{last.value}"


def _is_offset(token: Token) -> bool:
    return token.kind == "number"


def _ordinals(cursor: Cursor) -> str:
    """Read what stands between the brackets: "1", "-1", "1,3", "2-4"."""
    parts = [_ordinal(cursor)]
    while cursor.accept(","):
        parts.append(_ordinal(cursor))
    if not cursor.accept("]"):
        raise refusal("hours_ordinal", cursor.peek().written)
    return f"[{','.join(parts)}]"


def _ordinal(cursor: Cursor) -> str:
    if cursor.accept("-"):
        return f"-{_number(cursor, 'hours_ordinal', range(1, 6))}"
    begin = _number(cursor, "hours_ordinal", range(1, 6))
    if not cursor.accept("-"):
        return str(begin)
    return f"{begin}-{_number(cursor, 'hours_ordinal', range(begin, 6))}"
