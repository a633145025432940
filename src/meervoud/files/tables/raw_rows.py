"""Rows as a file holds them, before their cells have names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from meervoud.core.errors import InputError
from meervoud.files.reading import Note
from meervoud.files.values.cells import Cell

WHOLE_ROW = -1


@dataclass(frozen=True)
class RawRow:
    """Cells by place. `problems`: by index of the cell, WHOLE_ROW for the row itself."""

    number: int
    cells: Sequence[Cell]
    problems: Mapping[int, InputError] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """The rows of one sheet, the header among them; in a workbook a row may end before the last column."""

    rows: Iterator[RawRow]
    notes: tuple[Note, ...] = ()
    rows_may_be_short: bool = False
