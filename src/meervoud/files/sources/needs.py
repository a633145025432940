"""When an initiative needs a space: a row's columns as a rule of the engine."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Weekly, Window, sort_dates
from meervoud.core.engine.types.time import DateRange
from meervoud.files.messages import unreadable
from meervoud.files.tables.row_cells import RowCells
from meervoud.files.values.amounts import parse_minutes, parse_share, whole_number
from meervoud.files.values.cells import Cell, cell_text
from meervoud.files.values.closed_days import Calendar, closed_days, drop_closed, period_of
from meervoud.files.values.moments import day, days, parse_time, parse_weekdays, parse_window, window_between
from meervoud.files.values.recurrence import parse_recurrence, write_out
from meervoud.files.values.words import parse_yes_no

EVERY_DAY = frozenset(range(7))
IN_A_DAY = ("window", "start_time", "end_time")
COLUMNS_OF: dict[str, tuple[str, ...]] = {
    "rrule": ("rrule", *IN_A_DAY, "minutes", "first", "weeks", "coverage", "same_start", "closed", "extra"),
    "dates": ("dates", *IN_A_DAY, "minutes", "coverage", "same_start", "closed", "extra"),
    "hours_per_week": (
        *("hours_per_week", "weekdays", *IN_A_DAY, "min_block"),
        *("first", "weeks", "coverage", "closed"),
    ),
    "days": ("days", "first", "coverage"),
    "weekdays": (
        *("weekdays", *IN_A_DAY, "minutes", "first", "weeks"),
        *("coverage", "per_week", "same_start", "closed", "extra"),
    ),
}
"""The columns that each kind of rule may fill, by the column that makes it that kind."""
NEED_COLUMNS = tuple(dict.fromkeys((*COLUMNS_OF, *(name for names in COLUMNS_OF.values() for name in names))))
LONGEST_WEEKS = 106
LONGEST_DAYS = LONGEST_WEEKS * 7


@dataclass(frozen=True)
class Span:
    """First day and number of weeks, from the row or from the planned period."""

    first: date
    weeks: int

    @property
    def days(self) -> DateRange:
        """All days of it."""
        return period_of(self.first, self.weeks)


def parse_needs(cells: RowCells, calendar: Calendar) -> tuple[Need, ...]:
    """Return the rule of a row, none where the row says nothing of time; what is wrong is added to the cells."""
    readers: dict[str, Callable[[RowCells, Calendar], Need | None]] = {
        "rrule": _recurring,
        "dates": _dates,
        "hours_per_week": _hours,
        "days": _continuous,
        "weekdays": _weekly,
    }
    kind = _kind(cells)
    if kind is None or not _is_of_one_kind(cells, kind):
        return ()
    before = len(cells.problems)
    need = readers[kind](cells, calendar)
    return (need,) if need is not None and len(cells.problems) == before else ()


def _kind(cells: RowCells) -> str | None:
    """Return the column that makes the rule of a row what it is; what the row says goes before what a mapping adds."""
    for has in (cells.says, cells.has):
        if kind := next((name for name in COLUMNS_OF if has(name)), None):
            return kind
    speaks = any(map(cells.says, NEED_COLUMNS)) or any(map(cells.has, (*IN_A_DAY, "minutes")))
    return "weekdays" if speaks else None


def _is_of_one_kind(cells: RowCells, kind: str) -> bool:
    """Return whether a rule uses all that the row says of time; a column that it would drop refuses the row."""
    others = [name for name in NEED_COLUMNS if cells.says(name) and name not in COLUMNS_OF[kind]]
    if others:
        shown = ", ".join(cells.header(name) for name in others)
        allowed = ", ".join(name for name in COLUMNS_OF[kind] if name != kind)
        gaps = {"kind": cells.header(kind), "columns": shown, "allowed": allowed}
        cells.fail(others[0], unreadable("needs_mixed", **gaps))
    return not others


def _span(cells: RowCells, calendar: Calendar, because: str) -> Span | None:
    period = calendar.period
    first = cells.take("first", day(dayfirst=cells.options.dayfirst), period.first if period else None)
    planned = (period.last - first).days // 7 + 1 if period and first and first <= period.last else None
    weeks = cells.take("weeks", whole_number(low=1, high=LONGEST_WEEKS), planned)
    for name, value in (("first", first), ("weeks", weeks)):
        if value is None:
            cells.require(name, because)
    if first is None or weeks is None:
        return None
    return Span(first, min(weeks, LONGEST_WEEKS))


def _window(cells: RowCells, because: str) -> Window | None:
    if not cells.has("start_time") and not cells.has("end_time"):
        return cells.take("window", parse_window, None) if cells.require("window", because) else None
    if not cells.has("window"):
        return _from_start_to_end(cells)
    window, times = cells.take("window", parse_window, None), _from_start_to_end(cells)
    if window and times and window != times:
        cells.fail("window", unreadable("window_twice", window=cells.text("window"), times=_start_to_end(cells)))
    return window


def _from_start_to_end(cells: RowCells) -> Window | None:
    if not cells.require("start_time", "end_time"):
        return None
    start = cells.take("start_time", parse_time, None)
    end = cells.take("end_time", parse_time, None) if cells.require("end_time", "start_time") else None
    if start is None or end is None:
        return None
    return cells.attempt("end_time", lambda: window_between(start, end, _start_to_end(cells)), None)


def _start_to_end(cells: RowCells) -> str:
    return f"{cells.text('start_time')}-{cells.text('end_time')}"


def _minutes(cells: RowCells, window: Window) -> int:
    """Return the length of a moment: as long as the window where the row does not say."""
    return cells.take("minutes", parse_minutes, window.end - window.start)


def _closed(cells: RowCells, calendar: Calendar, period: DateRange) -> tuple[DateRange, ...]:
    within = Calendar(period, calendar.school_holidays, cells.options.dayfirst)
    return cells.take("closed", lambda cell: closed_days(cell, within), tuple[DateRange, ...]())


def _extra(cells: RowCells) -> tuple[date, ...]:
    return cells.take("extra", days(dayfirst=cells.options.dayfirst), tuple[date, ...]())


def _weekly(cells: RowCells, calendar: Calendar) -> Need | None:
    because = next((name for name in NEED_COLUMNS if name != "weekdays" and cells.has(name)), "window")
    weekdays = cells.take("weekdays", parse_weekdays, None) if cells.require("weekdays", because) else None
    return _weekly_on(cells, calendar, weekdays, 1)


def _weekly_on(cells: RowCells, calendar: Calendar, weekdays: frozenset[int] | None, per_week: int) -> Need | None:
    window, span = _window(cells, "weekdays"), _span(cells, calendar, "weekdays")
    if weekdays is None or window is None or span is None:
        return None
    return cells.attempt(
        "weekdays",
        lambda: Weekly(
            weekdays=weekdays,
            window=window,
            minutes=_minutes(cells, window),
            first=span.first,
            weeks=span.weeks,
            coverage_share=cells.take("coverage", parse_share, 0.9),
            per_week=cells.take("per_week", whole_number(low=1, high=7), per_week) or 1,
            same_start=cells.take("same_start", parse_yes_no, default=True),
            closed=_closed(cells, calendar, span.days),
            extra=_extra(cells),
        ),
        None,
    )


def _dates(cells: RowCells, calendar: Calendar) -> Need | None:
    given = cells.take("dates", days(dayfirst=cells.options.dayfirst), tuple[date, ...]())
    return _on_dates(cells, calendar, list(given), "dates") if given else None


def _on_dates(cells: RowCells, calendar: Calendar, given: list[date], because: str) -> Need | None:
    window = _window(cells, because)
    if window is None:
        return None
    closed = _closed(cells, calendar, DateRange(min(given), max(given)))
    wanted = sort_dates([*drop_closed(given, closed), *_extra(cells)])
    return cells.attempt(
        because,
        lambda: Dates(
            dates=wanted,
            window=window,
            minutes=_minutes(cells, window),
            coverage_share=cells.take("coverage", parse_share, 1.0),
            same_start=cells.take("same_start", parse_yes_no, default=False),
        ),
        None,
    )


def _hours(cells: RowCells, calendar: Calendar) -> Need | None:
    window = _window(cells, "hours_per_week") if any(map(cells.has, IN_A_DAY)) else Window(0, 1440)
    span = _span(cells, calendar, "hours_per_week")
    total = cells.take("hours_per_week", _hours_as_minutes, None)
    if window is None or span is None or total is None:
        return None
    return cells.attempt(
        "hours_per_week",
        lambda: Hours(
            per_week_minutes=total,
            weekdays=cells.take("weekdays", parse_weekdays, EVERY_DAY),
            window=window,
            min_block_minutes=cells.take("min_block", parse_minutes, min(60, total)),
            first=span.first,
            weeks=span.weeks,
            coverage_share=cells.take("coverage", parse_share, 0.9),
            closed=_closed(cells, calendar, span.days),
        ),
        None,
    )


def _hours_as_minutes(cell: Cell) -> int:
    """Return minutes of "8", "7,5" or "8 h": in this column a bare number is hours."""
    text = cell_text(cell)
    return parse_minutes(f"{text} h" if text.replace(",", "").replace(".", "").isdigit() else cell)


def _continuous(cells: RowCells, calendar: Calendar) -> Need | None:
    start = calendar.period.first if calendar.period else None
    first = cells.take("first", day(dayfirst=cells.options.dayfirst), start)
    length = cells.take("days", whole_number(low=1, high=LONGEST_DAYS), None)
    if first is None:
        cells.require("first", "days")
        return None
    if length is None:
        return None
    return cells.attempt("days", lambda: Continuous(first, length, cells.take("coverage", parse_share, 1.0)), None)


def _recurring(cells: RowCells, calendar: Calendar) -> Need | None:
    recurrence = cells.take("rrule", lambda cell: parse_recurrence(cell_text(cell)), None)
    if recurrence is None:
        return None
    if recurrence.is_plain_weekly:
        return _weekly_on(cells, calendar, recurrence.weekdays, len(recurrence.weekdays))
    span = _span(cells, calendar, "rrule")
    if span is None:
        return None
    start = span.first if cells.has("first") else None
    given = cells.attempt("rrule", lambda: write_out(recurrence, span.days, start), list[date]())
    within = Calendar(span.days, calendar.school_holidays, cells.options.dayfirst)
    return _on_dates(cells, within, given, "rrule") if given else None
