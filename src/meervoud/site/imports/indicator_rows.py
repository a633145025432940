"""Rows of figures about neighbourhoods: code, name, year, value, unit, source."""

from dataclasses import dataclass

from meervoud.core.errors import InputError
from meervoud.files.reading import Problem, Reading, Refusal, refuse
from meervoud.files.tables.tables import Table
from meervoud.files.values.amounts import parse_number
from meervoud.files.values.cells import Row, cell_text, is_unknown
from meervoud.files.values.words import fold
from meervoud.site.imports.faults import RowError

COLUMNS = ("code", "name", "year", "value", "unit", "source")
NEEDED = ("code", "name", "year", "value", "source")
LONGEST = {"code": 60, "name": 80, "unit": 40, "source": 200}


@dataclass(frozen=True)
class IndicatorRow:
    """One figure about one neighbourhood in one year."""

    code: str
    name: str
    year: int
    value: float
    unit: str
    source: str


def indicators_in(table: Table) -> Reading[IndicatorRow]:
    """Read the figures of a table that is already open.

    Raises:
        InputError: a column is missing.
    """
    headers = {fold(column): column for column in reversed(table.columns)}
    missing = next((name for name in NEEDED if name not in headers), None)
    if missing:
        raise RowError("import_column_missing", value=missing, columns=", ".join(NEEDED))
    taken: list[IndicatorRow] = []
    rows: list[tuple[int, ...]] = []
    refused: list[Refusal] = []
    seen: dict[tuple[str, str, int], int] = {}
    read = 0
    for row in table.rows:
        read += 1
        try:
            found = _figure(row, headers)
            first = seen.setdefault((found.code, found.name, found.year), row.number)
            if first != row.number:
                raise RowError("import_twice", column="name", shown=found.name, value=found.name, row=first)
        except InputError as error:
            column = error.column if isinstance(error, RowError) else "value"
            shown = error.shown if isinstance(error, RowError) else cell_text(row.cells.get(headers["value"]))
            refused += refuse(table.file, row.number, row.problems or [Problem(column, shown, error)])
        else:
            taken.append(found)
            rows.append((row.number,))
    return Reading(
        table.file, read, tuple(taken), len(taken), tuple(refused), tuple(table.notes), table.empty, 0, tuple(rows)
    )


def _figure(row: Row, headers: dict[str, str]) -> IndicatorRow:
    if row.problems:
        raise row.problems[0].error
    cells = {name: row.cells.get(headers[name]) if name in headers else None for name in COLUMNS}
    empty = next((name for name in NEEDED if is_unknown(cells[name])), None)
    if empty:
        raise RowError("import_value_missing", column=headers[empty], value=headers[empty])
    texts = {name: "" if is_unknown(cell) else cell_text(cell) for name, cell in cells.items()}
    for name, most in LONGEST.items():
        if len(texts[name]) > most:
            raise RowError(
                "import_too_long", column=headers[name], shown=texts[name], number=len(texts[name]), most=most
            )
    if not (texts["year"].isdecimal() and 1900 <= int(texts["year"]) <= 2199):
        raise RowError("import_year", column=headers["year"], shown=texts["year"], value=texts["year"])
    value = float(parse_number(cells["value"], None))
    return IndicatorRow(texts["code"], texts["name"], int(texts["year"]), value, texts["unit"], texts["source"])
