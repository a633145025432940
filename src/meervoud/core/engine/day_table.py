"""Days of the grid as rows of weekday and week, and the words of spaces on those days."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from meervoud.core.engine.arrays import ALL_BITS, Flags, Ints, Words

Cell = tuple[int, int]  # weekday, week of the grid


@dataclass(frozen=True, eq=False)
class DayTable:
    """Rows of days, all of one length.

    Attributes:
        weekday, week: shape (rows, n); 0 where the day is not wanted.
        wanted: shape (rows, n). mask: the same as words of all ones or zeros, shape (rows, 1, n); None where all are.
        wanted_count: wanted days of each row, shape (rows,).
        start: first week where every row runs over the same weeks without a gap, else -1.
    """

    weekday: Ints
    week: Ints
    wanted: Flags
    mask: Words | None
    wanted_count: Ints
    start: int

    def gather(self, bits: Words, rows: Ints) -> Words:
        """Return the words of some spaces on these days, 0 where a day is not wanted.

        Args:
            bits: shape (7, all spaces, weeks).
            rows: which spaces, shape (spaces,).

        Returns:
            A new array, shape (rows of the table, spaces, n).
        """
        if self.start >= 0:
            weeks = slice(self.start, self.start + self.week.shape[1])
            words: Words = bits[self.weekday[:, :1], rows, weeks]
        else:
            words = bits[self.weekday[:, None, :], rows[None, :, None], self.week[:, None, :]]
        if self.mask is not None:
            words &= self.mask
        return words


def day_table(rows: Sequence[Sequence[Cell | None]]) -> DayTable:
    """Build a table; None is a day that is not wanted."""
    weekday = np.array([[0 if cell is None else cell[0] for cell in row] for row in rows], dtype=np.int64)
    week = np.array([[0 if cell is None else cell[1] for cell in row] for row in rows], dtype=np.int64)
    wanted = np.array([[cell is not None for cell in row] for row in rows], dtype=bool)
    whole = bool(wanted.all())
    return DayTable(
        weekday=weekday,
        week=week,
        wanted=wanted,
        mask=None if whole else np.where(wanted, ALL_BITS, np.uint64(0))[:, None, :],
        wanted_count=wanted.sum(axis=1),
        start=_common_start(weekday, week) if whole else -1,
    )


def _common_start(weekday: Ints, week: Ints) -> int:
    start = int(week[0, 0])
    runs = bool(np.all(week == np.arange(start, start + week.shape[1], dtype=np.int64)))
    return start if runs and bool(np.all(weekday == weekday[:, :1])) else -1
