"""The spaces and requests of a programme as sheets that the readers read back without a difference."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from meervoud.core.engine.types.requests import WEEKDAYS
from meervoud.core.engine.types.time import DateRange
from meervoud.demand.models import RequestRule
from meervoud.files.output.rows_out import safe_cell
from meervoud.files.output.spaces_out import COLUMNS
from meervoud.lib.journal import journal
from meervoud.parties.models import Programme
from meervoud.site.imports.differences import Setting, Stored, Values
from meervoud.site.imports.faults import RowError
from meervoud.site.imports.requests import Requests
from meervoud.site.imports.space_values import ranges_in
from meervoud.site.imports.spaces import Spaces

Form = Literal["csv", "xlsx"]
Cells = dict[str, str | int | float]
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_THREE_DECIMALS = re.compile(r"\d{1,3}\.\d{3}")
LONGEST_CELL: Final = 32_767  # of a workbook
EVERYTHING: Final = DateRange(date.min, date.max)
SPACE_COLUMNS: Final = (*COLUMNS, "season_first", "season_last")
REQUEST_COLUMNS: Final = (
    *("id", "name", "organisation", "neighbourhood", "latitude", "longitude", "max_metres", "people", "area_m2"),
    *("facilities", "wishes", "step_free", "activities", "loudness", "cause", "budget", "kind_of_activity", "meets_at"),
    *("weekdays", "window", "minutes", "first", "weeks", "coverage", "per_week", "same_start", "dates"),
    *("hours_per_week", "min_block", "days", "closed", "extra"),
)


def export_sheet(*, setting: Setting, kind: str, form: Form) -> bytes:
    """Return the spaces or the requests of a programme as a file, and note in the journal who took it.

    Raises:
        InputError: a cell is too long for a workbook.
    """
    programme, setting = setting.programme, replace(setting, period=EVERYTHING)
    columns: tuple[str, ...] = SPACE_COLUMNS if kind == "spaces" else REQUEST_COLUMNS
    if kind == "spaces":
        rows = [row for each in Spaces(setting).stored() for row in space_rows(each, programme)]
    else:
        rows = [row for each in Requests(setting).stored() for row in request_rows(each, programme)]
    content = write_csv(columns, rows) if form == "csv" else write_xlsx(columns, rows)
    journal(setting.by, "sheet.exported", programme, kind=kind, form=form, rows=len(rows))
    return content


def space_rows(space: Stored, programme: Programme) -> Iterator[Cells]:
    """Return a row for each season of a space."""
    values = space.values
    common: Cells = {
        "id": space.key,
        "price": _price(values["price"], programme.currency),
        "closed": "; ".join(f"{each.first}:{each.last}" for each in ranges_in(values["closed"])),
        "holidays": "; ".join(values["holidays"]),
    }
    for name in SPACE_COLUMNS:
        if name in values and name not in common:
            common[name] = _cell(values[name])
    for text, lend, first, last in values["hours"] or [("", "", None, None)]:
        yield {**common, "opening_hours": text, "lend": lend, "season_first": first or "", "season_last": last or ""}


def request_rows(request: Stored, programme: Programme) -> Iterator[Cells]:
    """Return a row for each rule of a request."""
    values = request.values
    common: Cells = {
        "id": request.key,
        "budget": _price(["price", *values["budget"]], programme.currency) if values["budget"] else "",
        "people": _people(values),
        "step_free": "yes" if values["step_free"] else "",
    }
    for name in REQUEST_COLUMNS:
        if name in values and name not in common:
            common[name] = _cell(values[name])
    for rule in values["needs"] or [{"kind": ""}]:
        yield {**common, **_rule(rule)}


def _cell(value: Any) -> str | int | float:  # Any: what a field holds
    if isinstance(value, list):
        return ",".join(value)
    return value or ""


def _price(price: list[Any] | None, currency: str) -> str:  # Any: [kind, cents, per]
    kind, cents, per = price or ("", None, "hour")
    if kind == "free" or cents == 0:
        return "free"
    return "" if cents is None else f"{currency} {cents // 100}.{cents % 100:02} per {per}"


def _people(values: Values) -> str:
    least, most = values["group_min"], values["group_max"]
    if not most:
        return ""
    return str(most) if least == most else f"{least}-{most}"


def _rule(rule: Mapping[str, Any]) -> Cells:  # Any: see requests.rule_values
    kind = rule["kind"]
    if not kind:
        return {}
    coverage = {"coverage": rule["coverage_share"]}
    if kind == RequestRule.Kind.CONTINUOUS:
        return {"days": rule["days"], "first": rule["first"], **coverage}
    window = {"window": f"{_clock(rule['window_start'])}-{_clock(rule['window_end'])}", **coverage}
    moments = {"minutes": rule["minutes"], "same_start": "yes" if rule["same_start"] else "no"}
    if kind == RequestRule.Kind.DATES:
        return {"dates": "; ".join(rule["dates"]), **window, **moments}
    weeks = {
        "weekdays": ",".join(WEEKDAYS[day] for day in rule["weekdays"]),
        "first": rule["first"],
        "weeks": rule["weeks"],
        "closed": "; ".join(f"{first}:{last}" for first, last in rule["closed"]),
        **window,
    }
    if kind == RequestRule.Kind.HOURS:
        total = rule["per_week_minutes"]
        return {**weeks, "hours_per_week": f"{total // 60}:{total % 60:02}", "min_block": rule["minutes"]}
    return {**weeks, **moments, "per_week": rule["per_week"], "extra": "; ".join(rule["dates"])}


def _clock(minute: int) -> str:
    return f"{(minute - 1440 if minute > 1440 else minute) // 60:02}:{minute % 60:02}"


def write_csv(columns: Iterable[str], rows: Iterable[Cells]) -> bytes:
    """Return CSV that opens in a spreadsheet: UTF-8 with a mark, no cell that could run as a formula."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(columns), restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _unambiguous(safe_cell(value)) for name, value in row.items()})
    return text.getvalue().encode("utf-8-sig")


def _unambiguous(value: str | float) -> str | float:
    """Return 12.125 as 12.1250, for it may mean twelve thousand, and no number with an exponent."""
    if not isinstance(value, float):
        return value
    text = format(Decimal(repr(value)), "f")
    return f"{text}0" if _THREE_DECIMALS.fullmatch(text) else text


def write_xlsx(columns: Iterable[str], rows: Iterable[Cells]) -> bytes:
    """Return a workbook with bold headers and a frozen first row; text stays text, whatever it begins with.

    Raises:
        InputError: a cell is too long for a workbook.
    """
    names = list(columns)
    header: Cells = dict(zip(names, names, strict=True))
    # every cell before the first one is written: a sheet left half-written holds its file open
    table = [[_within(row.get(name, ""), name) for name in names] for row in (header, *rows)]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Meervoud")
    sheet.freeze_panes = "A2"
    for number, values in enumerate(table):
        cells = [WriteOnlyCell(sheet, value=value) for value in values]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
            if number == 0:
                cell.font = Font(bold=True)
        sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _within(value: str | float, column: str) -> str | int | float | None:
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        raise RowError("import_cell_too_long", column=column, value=column)
    return (_NOT_IN_XML.sub("", value) or None) if isinstance(value, str) else value
