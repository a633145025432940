"""Days on which nothing happens, in the notations that people use, written out within a period."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.values.cells import Cell
from meervoud.files.values.moments import parse_date, range_of
from meervoud.files.values.words import WORDS, fold, split_list

_END = r"\d{4}-\d{2}-\d{2}|\d{4}-\d{2}|\d{2}-\d{2}|\d{2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
_RANGE = re.compile(rf"({_END})(?:\s*(?::|\.\.|–|—)\s*|\s+(?:-|t/m|tot en met|tot|til|to)\s+)({_END})")
NamedRange = tuple[str, DateRange]


@dataclass(frozen=True)
class Calendar:
    """What closed days are written out with.

    Attributes:
        period: the days that are planned; None allows only notations with a year.
        school_holidays: names and days, for "school holidays" or one name among them.
        dayfirst: whether 03-04-2026 is in April.
    """

    period: DateRange | None = None
    school_holidays: tuple[NamedRange, ...] = ()
    dayfirst: bool = True


def closed_days(cell: Cell, calendar: Calendar) -> tuple[DateRange, ...]:
    """Return the closed days of a list such as "08; 12-24:12-31; 2026-05-05", sorted, within the period.

    Notations: "08" every August, "07:08" July to August every year, "12-24:12-31" and "12-31" every year,
    "2024-09" a month, "2026-02:2026-03" months, dates, and ranges of dates; also the names of school holidays.
    """
    if not isinstance(cell, str):
        single = parse_date(cell, dayfirst=calendar.dayfirst)
        return (DateRange(single, single),)
    found = [days for part in split_list(cell) for days in _parse(part, calendar)]
    within = [days for days in found if _overlaps(days, calendar.period)]
    return tuple(sorted(set(within), key=lambda days: (days.first, days.last)))


def _overlaps(days: DateRange, period: DateRange | None) -> bool:
    return period is None or (days.first <= period.last and days.last >= period.first)


def _parse(text: str, calendar: Calendar) -> list[DateRange]:
    if named := _named(text, calendar.school_holidays):
        return named
    found = _RANGE.fullmatch(text)
    first, last = (found[1], found[2]) if found else (text, text)
    if re.fullmatch(r"\d{2}|\d{2}-\d{2}", first) and re.fullmatch(r"\d{2}|\d{2}-\d{2}", last):
        return list(_every_year(first, last, text, calendar.period))
    return [range_of(_edge(first, text, calendar, at_end=False), _edge(last, text, calendar, at_end=True), text)]


def _named(text: str, holidays: Sequence[NamedRange]) -> list[DateRange]:
    is_any = fold(text) in WORDS["school_holidays"]
    if is_any and not holidays:
        raise unreadable("school_holidays_unknown", value=text)
    return [days for name, days in holidays if is_any or fold(name) == fold(text)]


def _edge(text: str, shown: str, calendar: Calendar, *, at_end: bool) -> date:
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return _day_in(int(found[1]), found[2], shown, at_end=at_end)
    try:
        return parse_date(text, dayfirst=calendar.dayfirst)
    except InputError as error:
        raise unreadable("period_unreadable", value=shown) from error


def _every_year(first: str, last: str, shown: str, period: DateRange | None) -> Iterator[DateRange]:
    if period is None:
        raise unreadable("period_needs_year", value=shown)
    for year in range(period.first.year - 1, period.last.year + 1):
        if first == last == "02-29" and monthrange(year, 2)[1] == 28:
            continue
        start, end = _day_in(year, first, shown, at_end=False), _day_in(year, last, shown, at_end=True)
        if (end.month, end.day) < (start.month, start.day):  # over the turn of the year
            end = _day_in(year + 1, last, shown, at_end=True)
        yield DateRange(start, end)


def _day_in(year: int, text: str, shown: str, *, at_end: bool) -> date:
    """Return the day "12-24" of a year, or the first or last day of the month "12"."""
    month, _, number = text.partition("-")
    try:
        length = monthrange(year, int(month))[1]
        if not number:
            return date(year, int(month), length if at_end else 1)
        return date(year, int(month), length if (month, number) == ("02", "29") else int(number))
    except ValueError as error:
        raise unreadable("period_unreadable", value=shown) from error


def drop_closed(days: Sequence[date], closed: Sequence[DateRange]) -> list[date]:
    """Return the days that lie in no closed range."""
    return [day for day in days if not any(shut.first <= day <= shut.last for shut in closed)]


def period_of(first: date, weeks: int) -> DateRange:
    """Return whole weeks from a first day."""
    return DateRange(first, first + timedelta(days=7 * weeks - 1))
