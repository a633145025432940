"""Rows of a workbook, one at a time: stored values of formulas, no merged cells, no error cells."""

import warnings
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.reading import Note
from meervoud.files.tables.raw_rows import RawRow, Sheet
from meervoud.files.tables.xlsx_guard import Block, check_workbook, find_merged
from meervoud.files.values.cells import Cell

# what openpyxl raises on a damaged part
BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    ParseError,
)
TALL_BLOCK_ROWS = 1000


@dataclass(frozen=True)
class _Views:
    """The same sheet twice: with the stored results, and with the formulas."""

    results: Any  # openpyxl ships no types
    formulas: Any
    merged: "_Merged"


@dataclass(frozen=True)
class _Merged:
    """Where merged blocks begin: by row for the usual ones, as a list for the few that span very many rows."""

    by_row: Mapping[int, Sequence[int]]
    tall: Sequence[Block]

    def columns_in(self, row: int) -> list[int]:
        return [*self.by_row.get(row, ()), *(block[0] - 1 for block in self.tall if block[1] <= row <= block[3])]


@contextmanager
def open_xlsx(path: Path, sheet: str | None) -> Iterator[Sheet]:
    """Open one sheet of a workbook: the one named, or the first.

    Raises:
        InputError: it is not a workbook, it is locked or too large, or has no such sheet.
    """
    check_workbook(path)
    with _open_book(path, results=True) as results, _open_book(path, results=False) as formulas:
        name = _choose(path, results, sheet)
        views = _Views(results[name], formulas[name], _merged(path, name))
        notes = (Note("sheet_chosen", {"sheet": name}),) if sheet is None and len(results.sheetnames) > 1 else ()
        rows = _rows(path, views)
        try:
            yield Sheet(rows, notes, rows_may_be_short=True)
        finally:
            rows.close()  # else the parts that are being read keep the file open


@contextmanager
def _open_book(path: Path, *, results: bool) -> Iterator[Any]:
    with path.open("rb") as stream:  # openpyxl leaves the file open where it fails
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that no value depends on
                book = load_workbook(stream, read_only=True, data_only=results)
        except BROKEN as error:
            raise unreadable("workbook_broken", file=path.name) from error
        try:
            yield book
        finally:
            book.close()


def _choose(path: Path, book: Any, sheet: str | None) -> str:
    names = [opened.title for opened in book.worksheets]
    if not names:
        raise unreadable("file_empty", file=path.name)
    if sheet is None:
        return str(names[0])
    if sheet not in names:
        raise unreadable("sheet_missing", sheet=sheet, sheets=", ".join(names))
    return sheet


def _merged(path: Path, name: str) -> _Merged:
    by_row: dict[int, list[int]] = defaultdict(list)
    tall = []
    for block in find_merged(path, name):
        left, top, _, bottom = block
        if bottom - top > TALL_BLOCK_ROWS:
            tall.append(block)
            continue
        for row in range(top, bottom + 1):
            by_row[row].append(left - 1)
    return _Merged(by_row, tall)


def _rows(path: Path, views: _Views) -> Generator[RawRow, None, None]:
    for sheet in (views.results, views.formulas):
        sheet.reset_dimensions()  # a sheet may claim 16,384 columns that it does not have
    pairs = zip(views.results.iter_rows(), views.formulas.iter_rows(), strict=True)
    number = 0
    while True:
        number += 1
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a date outside the calendar becomes an error cell, refused below
                results, formulas = next(pairs)
        except StopIteration:
            return
        except BROKEN as error:
            raise unreadable("workbook_broken_at", file=path.name, row=number) from error
        yield _row(number, results, formulas, views.merged.columns_in(number))


def _row(number: int, results: Sequence[Any], formulas: Sequence[Any], merged: Sequence[int]) -> RawRow:
    problems: dict[int, InputError] = {index: unreadable("cell_merged") for index in merged}
    cells: list[Cell] = []
    for index, (result, formula) in enumerate(zip(results, formulas, strict=True)):
        cells.append(_cell(result.value))
        if result.data_type == "e":
            problems[index] = unreadable("cell_error", value=str(result.value))
        elif formula.data_type == "f" and result.value is None and result.data_type != "str":  # "str": stored as ""
            problems[index] = unreadable("formula_without_result")
            cells[-1] = str(formula.value) if isinstance(formula.value, str) else "="
    return RawRow(number, cells, problems)


def _cell(value: object) -> Cell:
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or isinstance(value, str | int | float | date | time):
        return value
    return str(value)
