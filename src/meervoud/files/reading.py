"""What comes of reading a file: what was taken, and for each row that was refused, why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from meervoud.core.errors import InputError
from meervoud.files.messages import Values, say

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Refusal:
    """One reason why a row was not taken.

    Attributes:
        row: its number as a person sees it in the file; the header is usually row 1.
        column: as the file calls it; "" where the row as a whole is at fault.
        value: what stands there.
        code, values: the sentence in other languages: a name and its gaps.
        message: the sentence in English; it ends with what to do.
    """

    file: str
    row: int
    column: str
    value: str
    code: str
    values: Mapping[str, str | float] = field(hash=False)
    message: str


@dataclass(frozen=True)
class Note:
    """Something that a reader of the file should know though nothing was refused; row 0 is the whole file."""

    code: str
    values: Mapping[str, str | float] = field(default_factory=dict, hash=False)
    row: int = 0

    @property
    def message(self) -> str:
        """The sentence in English."""
        return say(self.code, self.values)


@dataclass(frozen=True)
class Reading(Generic[T_co]):
    """The outcome: read = rows_taken + rows_refused, always.

    Attributes:
        read: rows with something in them that were to be read.
        taken: what they became; several rows may make one thing.
        rows_taken: rows that are in `taken`.
        refused: reasons, one or more for each refused row, in the order of the rows.
        empty: rows without any value. left_out: rows that the mapping did not ask for. Neither counts as read.
        rows: for each thing the rows it was made of; () where the reader does not say.
    """

    file: str
    read: int
    taken: tuple[T_co, ...]
    rows_taken: int
    refused: tuple[Refusal, ...] = ()
    notes: tuple[Note, ...] = ()
    empty: int = 0
    left_out: int = 0
    rows: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        """Refuse an outcome that lost a row: that is a fault of the reader, never of the file."""
        if self.read != self.rows_taken + self.rows_refused:
            message = f"{self.file}: {self.read} rows read, {self.rows_taken} taken, {self.rows_refused} refused"
            raise AssertionError(message)

    @property
    def rows_refused(self) -> int:
        """How many rows were not taken."""
        return len({refusal.row for refusal in self.refused})


@dataclass(frozen=True)
class Problem:
    """A fault in one cell before it is known whether there are more in the row."""

    column: str
    value: str
    error: InputError


def refuse(file: str, row: int, problems: Iterable[Problem]) -> list[Refusal]:
    """Turn all problems of a row into its refusals."""
    return [
        Refusal(
            file=file,
            row=row,
            column=problem.column,
            value=problem.value[:200],
            code=problem.error.code,
            values=problem.error.values,
            message=str(problem.error),
        )
        for problem in problems
    ]


__all__ = ["Note", "Problem", "Reading", "Refusal", "Values", "refuse"]
