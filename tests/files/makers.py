"""Files that tests read, made where they are needed."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.spaces import Space
from meervoud.files.reading import Reading
from meervoud.files.sources.requests import read_requests
from meervoud.files.sources.spaces import read_spaces
from meervoud.files.tables.mapping import ColumnMapping
from meervoud.files.values.cells import Cell
from meervoud.files.values.closed_days import Calendar


def write_csv(folder: Path, text: str, *, encoding: str = "utf-8", name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def write_xlsx(folder: Path, rows: Sequence[Sequence[Cell]], *, merge: str | None = None) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    path = folder / "table.xlsx"
    book.save(path)
    return path


def spaces_of(folder: Path, text: str, mapping: ColumnMapping | None = None) -> Reading[Space]:
    return read_spaces(write_csv(folder, text), mapping)


def requests_of(folder: Path, text: str, calendar: Calendar | None = None) -> Reading[Request]:
    return read_requests(write_csv(folder, text), calendar=calendar)


def codes(reading: Reading[Space] | Reading[Request]) -> list[tuple[int, str, str]]:
    return [(refusal.row, refusal.column, refusal.code) for refusal in reading.refused]
