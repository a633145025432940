"""When an initiative needs a space: a row's columns as a rule of the engine."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Weekly, Window, sort_dates
from meervoud.core.engine.types.time import DateRange
from meervoud.files.amounts import parse_minutes, parse_share, whole_number
from meervoud.files.cells import Cell, cell_text
from meervoud.files.closed_days import Calendar, closed_days, drop_closed, period_of
from meervoud.files.messages import unreadable
from meervoud.files.moments import day, days, parse_time, parse_weekdays, parse_window, window_between
from meervoud.files.recurrence import parse_recurrence, write_out
from meervoud.files.row_cells import RowCells
from meervoud.files.words import parse_yes_no

EVERY_DAY = frozenset(range(7))
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
    }
    kinds = [name for name in readers if cells.has(name)]
    if len(kinds) > 1:
        cells.fail(kinds[1], unreadable("needs_mixed", kinds=", ".join(kinds)))
        return ()
    if not kinds and not any(cells.has(name) for name in ("weekdays", "window", "start_time", "minutes")):
        return ()
    before = len(cells.problems)
    need = readers[kinds[0]](cells, calendar) if kinds else _weekly(cells, calendar)
    return (need,) if need is not None and len(cells.problems) == before else ()


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
    if cells.has("window") or not cells.has("start_time"):
        return cells.take("window", parse_window, None) if cells.require("window", because) else None
    start = cells.take("start_time", parse_time, None)
    end = cells.take("end_time", parse_time, None) if cells.require("end_time", "start_time") else None
    if start is None or end is None:
        return None
    shown = f"{cells.text('start_time')}-{cells.text('end_time')}"
    return cells.attempt("end_time", lambda: window_between(start, end, shown), None)


def _minutes(cells: RowCells, window: Window) -> int:
    """Return the length of a moment: as long as the window where the row does not say."""
    return cells.take("minutes", parse_minutes, window.end - window.start)


def _closed(cells: RowCells, calendar: Calendar, period: DateRange) -> tuple[DateRange, ...]:
    within = Calendar(period, calendar.school_holidays, cells.options.dayfirst)
    return cells.take("closed", lambda cell: closed_days(cell, within), tuple[DateRange, ...]())


def _extra(cells: RowCells) -> tuple[date, ...]:
    return cells.take("extra", days(dayfirst=cells.options.dayfirst), tuple[date, ...]())


def _weekly(cells: RowCells, calendar: Calendar) -> Need | None:
    weekdays = cells.take("weekdays", parse_weekdays, None) if cells.require("weekdays", "window") else None
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
    window = _window(cells, "hours_per_week") if cells.has("window") or cells.has("start_time") else Window(0, 1440)
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
