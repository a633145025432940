"""Times, parts of the day, dates and weekdays, as people write them in three languages."""

import re
from collections.abc import Callable
from datetime import date, datetime, time

from meervoud.core.engine.types.requests import Window
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.values.cells import Cell, cell_text
from meervoud.files.values.words import WORDS, fold, split_list

_TIME = re.compile(
    r"(?:kl\.?\s*)?(\d{1,2})(?:[:.h]\s*([0-5]\d)(?::00)?|\s*(?:u|uur|h)\s*([0-5]\d)?)?(?:\s*(?:u|uur|h|hrs))?"
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})")
_DAY_MONTH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_CLOCK = re.compile(r"[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)  # beyond them a date is a slip, and sums leave the calendar
_BETWEEN = re.compile(r"\s*(?:-|–|—|\btot\b|\bt/m\b|\bto\b|\btil\b)\s*")


def parse_time(cell: Cell) -> int:
    """Return minutes after midnight of "19:00", "19.00" or "19u"; 24:00 is 1440."""
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute
    found = _TIME.fullmatch(cell_text(cell).lower())
    minutes = int(found[1]) * 60 + int(found[2] or found[3] or 0) if found else -1
    if not 0 <= minutes <= 1440:
        raise unreadable("time_unreadable", value=cell_text(cell))
    return minutes


def parse_window(cell: Cell) -> Window:
    """Return the part of the day of "19:00-22:00"; an end before the start is on the next day."""
    ends = _BETWEEN.split(cell_text(cell).lower()) if isinstance(cell, str) else []
    if len(ends) != 2:
        raise unreadable("window_unreadable", value=cell_text(cell))
    return window_between(parse_time(ends[0]), parse_time(ends[1]), cell_text(cell))


def window_between(start: int, end: int, shown: str) -> Window:
    """Return the window from one minute of the day to another, past midnight where it must."""
    if start == end:
        raise unreadable("window_unreadable", value=shown)
    return Window(start, end if end > start else end + 1440)


def day(*, dayfirst: bool = True) -> Callable[[Cell], date]:
    """Return a reader of dates; `dayfirst` says what 03-04-2026 is."""
    return lambda cell: parse_date(cell, dayfirst=dayfirst)


def parse_date(cell: Cell, *, dayfirst: bool = True) -> date:
    """Return a date; a midnight behind it says nothing and is dropped.

    Raises:
        InputError: it is no date, has a time of the day, or lies in no century that is planned for.
    """
    found = _date_in(cell, cell_text(cell), dayfirst=dayfirst)
    if not FIRST_DAY <= found <= LAST_DAY:
        raise unreadable("number_outside", value=cell_text(cell), low=str(FIRST_DAY), high=str(LAST_DAY))
    return found


def _date_in(cell: Cell, shown: str, *, dayfirst: bool) -> date:
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise unreadable("date_with_time", value=shown)
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not re.fullmatch(r"(19|20)\d{6}", shown):
        raise unreadable("date_serial", value=shown)
    return _date_in_text(shown, dayfirst=dayfirst)


def _date_in_text(shown: str, *, dayfirst: bool) -> date:
    text = shown
    if clock := _CLOCK.search(text):
        if any(int(part or 0) for part in clock.groups()):
            raise unreadable("date_with_time", value=shown)
        text = text[: clock.start()]
    if found := _ISO.fullmatch(text):
        year, month, number = (int(part) for part in found.groups() if part)
    elif found := _DAY_MONTH.fullmatch(text):
        first, second, year = (int(part) for part in found.groups())
        number, month = (first, second) if dayfirst else (second, first)
        if month > 12 >= number:
            raise unreadable("date_order", value=shown, month=month)
    else:
        raise unreadable("date_unreadable", value=shown)
    try:
        return date(year, month, number)
    except ValueError as error:
        raise unreadable("date_unreadable", value=shown) from error


def days(*, dayfirst: bool = True) -> Callable[[Cell], tuple[date, ...]]:
    """Return a reader of lists of dates, in order and each once."""

    def read(cell: Cell) -> tuple[date, ...]:
        if not isinstance(cell, str):
            return (parse_date(cell, dayfirst=dayfirst),)
        return tuple(sorted({parse_date(part, dayfirst=dayfirst) for part in split_list(cell)}))

    return read


def parse_weekdays(cell: Cell) -> frozenset[int]:
    """Return weekdays, 0 = Monday, of "di,do", "ma-vr", "weekend" or "tirsdag"."""
    found: set[int] = set()
    for part in split_list(cell):
        folded = fold(part)
        if folded in WORDS["weekday_groups"]:
            low, high = WORDS["weekday_groups"][folded].split("-")
            found |= _from_to(int(low), int(high))
        elif folded in WORDS["weekdays"]:
            found.add(int(WORDS["weekdays"][folded]))
        else:
            found |= _weekday_range(part)
    if not found:
        raise unreadable("weekday_unknown", value=cell_text(cell))
    return frozenset(found)


def _weekday_range(part: str) -> set[int]:
    for pattern in (r"\s*[-–—]\s*", r"\s+(?:t/m|tot en met|tot|til|to|and|en|og|&)\s+", r"\s+"):
        ends = [WORDS["weekdays"].get(fold(end)) for end in re.split(pattern, part)]
        numbers = [int(end) for end in ends if end is not None]
        if len(numbers) != len(ends):
            continue
        both = re.search(r"\s(?:and|en|og|&)\s", part) or pattern == r"\s+"
        if len(numbers) == 2 and not both:
            return _from_to(numbers[0], numbers[1])
        if both:
            return set(numbers)
    raise unreadable("weekday_unknown", value=part)


def _from_to(low: int, high: int) -> set[int]:
    return {number % 7 for number in range(low, (high if high >= low else high + 7) + 1)}


def range_of(first: date, last: date, shown: str) -> DateRange:
    """Return the days from first to last, both included, or refuse a range that ends before it begins."""
    try:
        return DateRange(first, last)
    except InputError as error:
        raise unreadable("period_unreadable", value=shown) from error
