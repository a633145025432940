"""A file as a table: columns with names, and rows one at a time, with what is wrong in them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.reading import Note, Problem
from meervoud.files.tables.csv_rows import open_csv
from meervoud.files.tables.raw_rows import WHOLE_ROW, RawRow, Sheet
from meervoud.files.tables.xlsx_rows import open_xlsx
from meervoud.files.values.cells import Cell, Row, cell_text, is_unknown

LOOK_AHEAD_ROWS = 30


@dataclass
class Table:
    """Columns and rows of one file; the rows can be gone through once.

    Attributes:
        columns: names in order, each once; a column without a header is called "column 3".
        repeated: names that stand twice or more in the header.
        first_column: what stands first in the rows at the top, to notice a table on its side.
        empty: rows without a value, counted while going through the rows.
    """

    file: str
    columns: tuple[str, ...]
    rows: Iterator[Row]
    repeated: frozenset[str] = frozenset()
    first_column: tuple[str, ...] = ()
    notes: list[Note] = field(default_factory=list)
    empty: int = 0


@contextmanager
def open_table(path: Path, *, sheet: str | None = None) -> Iterator[Table]:
    """Open a CSV file or a workbook, whichever it is by its content.

    Raises:
        InputError: the file cannot be read as a table at all; what is wrong with single rows is in the rows.
    """
    with _open_sheet(path, sheet) as opened:
        yield _name_columns(path.name, opened)


@contextmanager
def _open_sheet(path: Path, sheet: str | None) -> Iterator[Sheet]:
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        raise unreadable("file_missing", file=str(path)) from error
    if not start:
        raise unreadable("file_empty", file=path.name)
    is_workbook = start[:2] == b"PK" or start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    if is_workbook or path.suffix.lower() in {".xlsx", ".xlsm"}:
        with open_xlsx(path, sheet) as opened:
            yield opened
    else:
        with open_csv(path) as opened:
            yield opened


def _name_columns(file: str, sheet: Sheet) -> Table:
    skipped = 0
    for header in sheet.rows:
        if any(not is_blank(cell) for cell in header.cells):
            break
        skipped += 1
    else:
        raise unreadable("file_empty", file=file)
    if header.problems:
        raise next(iter(header.problems.values()))
    columns, repeated, notes = _column_names(header.cells)
    ahead = list(islice(sheet.rows, LOOK_AHEAD_ROWS))
    table = Table(
        file=file,
        columns=columns,
        rows=iter(()),
        repeated=repeated,
        first_column=(columns[0], *(cell_text(raw.cells[0]) for raw in ahead if raw.cells)),
        notes=[*sheet.notes, *notes],
        empty=skipped,
    )
    table.rows = _rows(table, chain(ahead, sheet.rows), may_be_short=sheet.rows_may_be_short)
    return table


def is_blank(cell: Cell) -> bool:
    """Return whether there is nothing at all in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip("\ufeff\u200b \t\r\n\u00a0"))


def _column_names(cells: Sequence[Cell]) -> tuple[tuple[str, ...], frozenset[str], list[Note]]:
    texts = [" ".join(cell_text(cell).split()) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    notes = []
    names: list[str] = []
    seen: Counter[str] = Counter()
    for number, text in enumerate(texts, start=1):
        name = text or f"column {number}"
        if not text:
            notes.append(Note("column_without_header", {"column": name}))
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    repeated = frozenset(name for name, times in seen.items() if times > 1)
    notes += [Note("column_twice", {"column": name}) for name in sorted(repeated)]
    return tuple(names), repeated, notes


def _rows(table: Table, raws: Iterable[RawRow], *, may_be_short: bool) -> Iterator[Row]:
    for raw in raws:
        problems = {index: error for index, error in raw.problems.items() if not _is_beside(raw, index, table.columns)}
        if all(is_blank(cell) for cell in raw.cells) and not problems:
            table.empty += 1
            continue
        yield _name_cells(raw, problems, table.columns, may_be_short=may_be_short)


def _is_beside(raw: RawRow, index: int, columns: Sequence[str]) -> bool:
    """Return whether a problem is in an empty cell beside the table, such as a merged margin."""
    return index >= len(columns) and (index >= len(raw.cells) or is_blank(raw.cells[index]))


def _name_cells(raw: RawRow, problems: dict[int, InputError], columns: Sequence[str], *, may_be_short: bool) -> Row:
    width = len(raw.cells)
    while width > len(columns) and is_blank(raw.cells[width - 1]):
        width -= 1
    too_short = width < len(columns) and not may_be_short
    if (width > len(columns) or too_short) and WHOLE_ROW not in problems:
        problems[WHOLE_ROW] = unreadable("row_ragged", cells=width, columns=len(columns))
    cells = dict(zip(columns, raw.cells, strict=False))
    return Row(raw.number, cells, tuple(_problem(raw, columns, index, error) for index, error in problems.items()))


def _problem(raw: RawRow, columns: Sequence[str], index: int, error: InputError) -> Problem:
    if index == WHOLE_ROW:
        return Problem("", " | ".join(cell_text(cell) for cell in raw.cells), error)
    column = columns[index] if index < len(columns) else f"column {index + 1}"
    value = cell_text(raw.cells[index]) if index < len(raw.cells) else ""
    return Problem(column, value, error)


def table_of(file: str, records: Sequence[tuple[int, Mapping[str, Cell], Sequence[Problem]]]) -> Table:
    """Make a table of records that are already in memory, such as the features of a GeoJSON file."""
    columns = tuple(dict.fromkeys(name for _, cells, _ in records for name in cells))
    table = Table(file=file, columns=columns, rows=iter(()))
    table.rows = (Row(number, cells, tuple(problems)) for number, cells, problems in records)
    return table


__all__ = ["Cell", "Row", "Table", "is_unknown", "open_table", "table_of"]
