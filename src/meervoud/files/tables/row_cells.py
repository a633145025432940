"""The cells of one row under the names of the fields; it gathers all that is wrong with the row."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.reading import Problem
from meervoud.files.tables.mapping import Matched, Options
from meervoud.files.values.cells import Cell, Row, cell_text, is_unknown

T = TypeVar("T")
D = TypeVar("D")


class RowCells:
    """Cells by field. A cell that cannot be read adds a problem and counts as not given."""

    def __init__(self, row: Row, matched: Matched) -> None:
        self.number = row.number
        self.problems: list[Problem] = list(row.problems)
        self._row = row
        self._matched = matched
        self._broken = {problem.column for problem in row.problems}

    @property
    def options(self) -> Options:
        """How to read values that may mean two things."""
        return self._matched.mapping.options

    def cell(self, name: str) -> Cell:
        """Return the cell of a field, its default where it says nothing, or None."""
        header = self._matched.headers.get(name)
        if name == "id" and self._matched.id_headers:
            return " / ".join(self._row_texts(self._matched.id_headers)) or None
        if header in self._broken:
            return None
        cell = self._row.cells.get(header) if header is not None else None
        if is_unknown(cell):
            cell = self._matched.mapping.defaults.get(name)
        return None if is_unknown(cell) else cell

    def _row_texts(self, headers: Sequence[str]) -> list[str]:
        cells = (self._row.cells.get(header) for header in headers if header not in self._broken)
        return [cell_text(cell) for cell in cells if not is_unknown(cell)]

    def has(self, name: str) -> bool:
        """Return whether the row, or a default of the mapping, says something for a field."""
        return self.cell(name) is not None

    def says(self, name: str) -> bool:
        """Return whether the row itself says something for a field, or something broken."""
        header = self._matched.headers.get(name)
        return header is not None and (header in self._broken or not is_unknown(self._row.cells.get(header)))

    def header(self, name: str) -> str:
        """Return what the file calls a field."""
        return self._matched.name(name)

    def text(self, name: str) -> str:
        """Return the cell as text, "" where it says nothing."""
        return cell_text(self.cell(name))

    def take(self, name: str, read: Callable[[Cell], T], default: D) -> T | D:
        """Return what the cell says, or `default` where it says nothing or cannot be read."""
        cell = self.cell(name)
        if cell is None:
            return default
        try:
            return read(cell)
        except InputError as error:
            self.fail(name, error)
            return default

    def attempt(self, name: str, make: Callable[[], T], default: D) -> T | D:
        """Return what `make` makes of several cells; what it cannot make is a problem of the field `name`."""
        try:
            return make()
        except InputError as error:
            self.fail(name, error)
            return default

    def require(self, name: str, because: str) -> bool:
        """Return whether a field is there, and note a problem where it is not."""
        if self.has(name):
            return True
        if self._matched.name(name) not in {problem.column for problem in self.problems}:
            self.fail(name, unreadable("value_missing", field=self._matched.name(name), because=because))
        return False

    def fail(self, name: str, error: InputError) -> None:
        """Note what is wrong with a field."""
        self.problems.append(Problem(self._matched.name(name), self.text(name), error))

    def notes(self) -> tuple[tuple[str, str], ...]:
        """Return what the row says in columns that are no field."""
        pairs = ((column, self._row.cells.get(column)) for column in self._matched.notes)
        return tuple((column, cell_text(cell)) for column, cell in pairs if not is_unknown(cell))
