"""Data in parts as files: one long table in CSV, a sheet for each part in a workbook."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from meervoud.files.output.rows_out import safe_cell

Value = str | int | float
CSV_HEADS: Final = ("part", "name", "key", "value", "unit")
LONGEST_CELL: Final = 32_767  # of a workbook
LONGEST_TITLE: Final = 31  # of a sheet
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_THREE_DECIMALS = re.compile(r"\d{1,3}\.\d{3}")


@dataclass(frozen=True)
class Line:
    """One number. `key` and `unit` are the same in every language; `name` is in that of the page."""

    name: str
    key: str
    value: Value
    unit: str = ""


@dataclass(frozen=True)
class Column:
    """A column of numbers of one kind."""

    key: str
    head: str
    unit: str


@dataclass(frozen=True)
class Row:
    """A row of numbers: its names from left to right, and its key where it has one."""

    names: tuple[str, ...]
    key: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Sheet:
    """One part of the data.

    Attributes:
        part: its name in the CSV, the same in every language.
        title: its name in the workbook.
        heads, rows: what the workbook shows.
        lines: the same numbers, one a line.
    """

    part: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Value]]
    lines: Sequence[Line]


def listed(part: str, title: str, lines: Sequence[Line]) -> Sheet:
    """Return a part that is a list of numbers."""
    heads = [_("Name"), _("Key"), _("Value"), _("Unit")]
    return Sheet(part, title, heads, [[each.name, each.key, each.value, each.unit] for each in lines], lines)


def crossed(part: str, title: str, heads: Sequence[str], columns: Sequence[Column], rows: Sequence[Row]) -> Sheet:
    """Return a part that is a table: the name of a line has all names of its row, its key those of row and column."""
    lines = [
        Line(", ".join(row.names), ".".join(filter(None, (row.key, column.key))), value, column.unit)
        for row in rows
        for column, value in zip(columns, row.values, strict=True)
    ]
    wide: list[list[Value]] = [[*row.names, *row.values] for row in rows]
    return Sheet(part, title, [*heads, *(each.head for each in columns)], wide, lines)


def write_csv(sheets: Iterable[Sheet]) -> bytes:
    """Return CSV that opens in a spreadsheet: UTF-8 with a mark, no cell that could run as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CSV_HEADS)
    for sheet in sheets:
        for each in sheet.lines:
            writer.writerow([sheet.part, safe_cell(each.name), each.key, _plain(each.value), each.unit])
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> Value:
    """Return 12.125 as 12.1250, for it may mean twelve thousand; no exponent, and no text that a spreadsheet would run."""
    if not isinstance(value, float):
        return safe_cell(value)
    text = format(Decimal(repr(value)), "f").removesuffix(".0")
    return f"{text}0" if _THREE_DECIMALS.fullmatch(text) else text


def write_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Return a workbook: a sheet for each part, bold headers, a frozen first row; text stays text, whatever it begins with.

    The notice of a ledger that is made up is printed at the top of every sheet.
    """
    book = Workbook(write_only=True)
    notice = next((str(line.value) for sheet in sheets for line in sheet.lines if line.key == "notice"), "")
    for each in sheets:
        page = book.create_sheet(_NOT_IN_TITLE.sub(" ", each.title)[:LONGEST_TITLE])
        page.freeze_panes = "A2"
        page.oddHeader.center.text = notice or None
        for number, values in enumerate((each.heads, *each.rows)):
            page.append([_cell(page, value, is_head=number == 0) for value in values])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(page: Any, value: Value, *, is_head: bool) -> WriteOnlyCell:  # Any: openpyxl has no types
    text = _NOT_IN_XML.sub("", value)[:LONGEST_CELL] or None if isinstance(value, str) else value
    cell = WriteOnlyCell(page, value=text)
    if isinstance(text, str):
        cell.data_type = "s"
    if is_head:
        cell.font = Font(bold=True)
    return cell
