"""What stands in one cell, as a CSV file or a workbook gives it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from meervoud.files.reading import Problem

Cell = str | bool | int | float | date | time | None
UNKNOWN_TEXTS = frozenset(
    {"", "na", "n/a", "n.a.", "-", "--", "–", "—", ".", "?", "onbekend", "unknown", "ukendt", "null", "nan"}
)


@dataclass(frozen=True)
class Row:
    """One row: its number as a person sees it, its cells by column, and what is wrong with it already."""

    number: int
    cells: Mapping[str, Cell]
    problems: tuple[Problem, ...] = ()


def cell_text(cell: Cell) -> str:
    """Return what a person sees in the cell: 12.0 is "12", a midnight is no time, padding is gone."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, date | time):
        return _moment_text(cell)
    text = str(cell).replace("\u00a0", " ").strip("\ufeff\u200b \t\r\n")
    # JSON may hold half a character, which no file can be written with
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _moment_text(cell: date | time) -> str:
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    return cell.isoformat()


def is_unknown(cell: Cell) -> bool:
    """Return whether the cell says nothing: empty, NA, -, a point, "unknown" in one of the three languages."""
    return cell is None or (isinstance(cell, str) and cell_text(cell).casefold() in UNKNOWN_TEXTS)
