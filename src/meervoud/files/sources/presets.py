"""Files of known projects that are no tables: the repair cafes of Amsterdam, and lists of school holidays."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from meervoud.core.engine.types.requests import Dates, Need, Request, Weekly, Window
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.reading import Note, Problem, Reading, Refusal, refuse
from meervoud.files.sources.needs import LONGEST_WEEKS, parse_needs
from meervoud.files.tables.mapping import ColumnMapping, Matched, match_columns
from meervoud.files.tables.positions import make_position
from meervoud.files.tables.row_cells import RowCells
from meervoud.files.tables.tables import open_table
from meervoud.files.values.cells import Row, cell_text
from meervoud.files.values.closed_days import Calendar, NamedRange, period_of
from meervoud.files.values.moments import day
from meervoud.files.values.words import fold

Cafe = Mapping[str, Any]  # a JSON object
FIELDS = ("rrule", "start_time", "end_time", "closed", "extra", "weeks")
NOTED = ("address", "open", "closed", "doRepair", "dontRepair")
BROKEN_JSON = (ValueError, RecursionError)


def read_repair_cafes(
    path: Path, first: date, weeks: int, *, slack_minutes: int = 0, school_holidays: Sequence[NamedRange] = ()
) -> Reading[Request]:
    """Read the repair cafes of repaircafes-in-amsterdam (cafes.json) as requests; each recurrence is a row.

    Args:
        path: a JSON list of cafes.
        first: first planned day.
        weeks: how many weeks are planned.
        slack_minutes: how much earlier or later than its hours a cafe could meet.
        school_holidays: named days for closed ranges that name them.
    """
    cafes = _read_list(path)
    calendar = Calendar(period_of(first, min(max(weeks, 1), LONGEST_WEEKS)), tuple(school_holidays))
    taken: dict[str, tuple[Request, range]] = {}
    refused: list[Refusal] = []
    notes: list[Note] = []
    row = 0
    for cafe in cafes:
        rows = range(row + 1, row + 1 + _number_of_rules(cafe))
        row = rows[-1]
        request, problems = _request(cafe, rows, calendar, slack_minutes)
        if request and request.id in taken:
            double = Problem("name", request.name, unreadable("double_id", value=request.id))
            problems = {number: [double] for number in rows}
        elif request:
            taken[request.id] = request, rows
            notes += _closed_text(cafe, rows[0])
        refused += [refusal for number in rows for refusal in refuse(path.name, number, problems.get(number, []))]
    rows_taken = row - len({refusal.row for refusal in refused})
    requests = tuple(request for request, _ in taken.values())
    made_of = tuple(tuple(rows) for _, rows in taken.values())
    return Reading(path.name, row, requests, rows_taken, tuple(refused), tuple(notes), rows=made_of)


def _read_list(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise unreadable("file_missing", file=str(path)) from error
    except BROKEN_JSON as error:
        raise unreadable("json_broken", file=path.name, reason=str(error)[:100]) from error
    if not isinstance(content, list):
        raise unreadable("json_kind", file=path.name, wanted="objects")
    return content


def _number_of_rules(cafe: object) -> int:
    rules = cafe.get("rrule") if isinstance(cafe, dict) else None
    return max(len(rules), 1) if isinstance(rules, list) else 1


def _request(
    cafe: object, rows: range, calendar: Calendar, slack_minutes: int
) -> tuple[Request | None, dict[int, list[Problem]]]:
    """Return the request of a cafe, or what is wrong with each of its rules."""
    problems: dict[int, list[Problem]] = {number: [] for number in rows}
    if not isinstance(cafe, dict):
        problems[rows[0]].append(Problem("", str(cafe), unreadable("feature_broken")))
        return None, problems
    needs: list[Need] = []
    for number, rule in zip(rows, _rules(cafe, rows, problems), strict=False):
        cells = _cells(number, rule, calendar)
        needs += (_with_slack(need, slack_minutes) for need in parse_needs(cells, calendar))
        problems[number] += cells.problems
    try:
        request = _identity(cafe, tuple(needs))
    except InputError as error:
        problems[rows[0]].append(Problem("coordinate", str(cafe.get("coordinate")), error))
        request = None
    broken = next((number for number in rows if problems[number]), None)
    if broken is None:
        return request, problems
    name = str(cafe.get("name"))
    for number in rows:
        sibling = Problem("name", name, unreadable("sibling_refused", row=broken, id=name))
        problems[number] = problems[number] or [sibling]
    return None, problems


def _rules(cafe: Cafe, rows: range, problems: dict[int, list[Problem]]) -> list[dict[str, str]]:
    """Pair each recurrence with its hours; closed ranges and extra dates count for all of them."""
    rules, starts, ends = (_texts(cafe.get(key)) for key in ("rrule", "startTime", "endTime"))
    if not (len(rules) == len(starts) == len(ends) > 0):
        error = unreadable("lists_uneven", rules=len(rules), starts=len(starts), ends=len(ends))
        problems[rows[0]].append(Problem("rrule", ", ".join(rules), error))
        return []
    closed, extra = ("; ".join(_texts(cafe.get(key))) for key in ("closedRanges", "exceptions"))
    return [
        {"rrule": rule, "start_time": start, "end_time": end, "closed": closed, "extra": extra if index == 0 else ""}
        for index, (rule, start, end) in enumerate(zip(rules, starts, ends, strict=True))
    ]


def _texts(values: object) -> list[str]:
    return [str(value) for value in values] if isinstance(values, list) else []


def _cells(number: int, rule: Mapping[str, str], calendar: Calendar) -> RowCells:
    headers = {name: name for name in FIELDS}
    cells = RowCells(Row(number, dict(rule)), Matched(headers, (), ColumnMapping()))
    if calendar.period and rule["extra"]:
        inside = [text for text in rule["extra"].split("; ") if _is_inside(text, calendar.period)]
        cells = RowCells(Row(number, {**rule, "extra": "; ".join(inside)}), Matched(headers, (), ColumnMapping()))
    return cells


def _is_inside(text: str, period: DateRange) -> bool:
    """Return whether an extra date is in the period; what is no date is kept, to be refused with a reason."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return True
    return str(period.first) <= text <= str(period.last)


def _with_slack(need: Need, minutes: int) -> Need:
    if minutes <= 0 or not isinstance(need, Weekly | Dates):
        return need
    window = Window(max(0, need.window.start - minutes), min(need.window.end + minutes, 1920))
    return replace(need, window=window)


def _identity(cafe: Cafe, needs: tuple[Need, ...]) -> Request:
    name, coordinate = cell_text(cafe.get("name")), cafe.get("coordinate")
    if not name:
        raise unreadable("id_missing")
    try:
        position = make_position(*(float(number) for number in coordinate)) if coordinate else None
    except (TypeError, ValueError) as error:
        raise unreadable("coordinate_unreadable", value=str(coordinate)) from error
    notes = tuple((key, _words(cafe.get(key))) for key in NOTED if _words(cafe.get(key)))
    return Request(
        id=cell_text(str(cafe.get("slug") or fold(name))),
        name=name,
        organisation=name,
        neighbourhood=cell_text(cafe.get("district")) or None,
        position=position,
        activities=frozenset({"repair"}),
        cause="repair",
        needs=needs,
        notes=notes,
    )


def _words(value: object) -> str:
    """Return a text, in English where the file has several languages."""
    if isinstance(value, dict):
        value = value.get("en") or next(iter(value.values()), "")
    return " ".join(cell_text(str(value or "")).split())


def _closed_text(cafe: Cafe, row: int) -> list[Note]:
    """Say where a cafe is closed in words that no range expresses."""
    text = _words(cafe.get("closed"))
    if not text or cafe.get("closedRanges"):
        return []
    return [Note("closed_text_unread", {"name": str(cafe.get("name")), "text": text}, row)]


def read_school_holidays(path: Path) -> tuple[NamedRange, ...]:
    """Return the holidays of a table with the columns name, first and last, or of a JSON list of {name, startDate, endDate}.

    Raises:
        InputError: an entry has no name or no two dates.
    """
    if path.suffix.lower() == ".json":
        return _holidays_in_json(path)
    with open_table(path) as table:
        matched = match_columns(table, "school_holidays", ColumnMapping())
        return tuple(_holiday(table.file, RowCells(row, matched)) for row in table.rows)


def _holiday(file: str, cells: RowCells) -> NamedRange:
    first, last = (cells.take(name, day(dayfirst=cells.options.dayfirst), None) for name in ("first", "last"))
    if cells.problems or first is None or last is None or last < first or not cells.has("name"):
        raise unreadable("school_holiday_broken", file=file, row=cells.number)
    return cells.text("name"), DateRange(first, last)


def _holidays_in_json(path: Path) -> tuple[NamedRange, ...]:
    holidays = []
    for entry in _read_list(path):
        try:
            days = DateRange(date.fromisoformat(entry["startDate"]), date.fromisoformat(entry["endDate"]))
            holidays.append((str(entry["name"]), days))
        except (KeyError, TypeError, ValueError) as error:
            raise unreadable("period_unreadable", value=str(entry)) from error
    return tuple(holidays)
