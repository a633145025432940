"""Which counts of a table may be shown, so that no small group can be worked out from what is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from meervoud.core.errors import InputError
from meervoud.core.impact.slack import MANY, Bounds, Slack, Spot

Place: TypeAlias = tuple[str | None, str | None]
"""A number by the names of its row and its column; None stands for the total, so (None, None) is the grand total."""
FEWEST: Final = 3
"""The smallest limit allowed: with 2, a hidden count of people is always 1."""


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of people or groups, published with row totals, column totals and a grand total.

    A one-way table has one row or one column.

    Attributes:
        rows: names, each once, at least one.
        columns: names, each once, at least one.
        counts: shape (rows, columns), >= 0; each person or group is in one cell only.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        """Refuse what is no table.

        Raises:
            InputError: a name twice, no row, no column, another shape than the names, or a count below 0.
        """
        for names in (self.rows, self.columns):
            if not names or len(set(names)) < len(names):
                raise InputError(f"A table needs names that differ, not {names}.")
        if len(self.counts) != len(self.rows) or any(len(row) != len(self.columns) for row in self.counts):
            raise InputError(f"The counts do not fit {len(self.rows)} rows and {len(self.columns)} columns.")
        if any(count < 0 for row in self.counts for count in row):
            raise InputError("A count of people is never below 0.")

    def value(self, place: Place) -> int:
        """Give a count or a total.

        Args:
            place: names that the table has, None for the total.
        """
        row, column = place
        rows = self.counts if row is None else (self.counts[self.rows.index(row)],)
        return sum(sum(each) if column is None else each[self.columns.index(column)] for each in rows)

    def places(self) -> tuple[Place, ...]:
        """Give every number of the table: rows in turn, totals last."""
        return tuple((row, column) for row in (*self.rows, None) for column in (*self.columns, None))


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as it may be published: None is "fewer than k, or hidden so that another cannot be worked out".

    The two reasons for None must look the same on screen.

    Attributes:
        rows: names.
        columns: names.
        counts: shape (rows, columns).
        row_totals: shape (rows,).
        column_totals: shape (columns,).
        grand_total: of everything.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    grand_total: int | None

    def value(self, place: Place) -> int | None:
        """Give what is shown of a count or a total.

        Args:
            place: names that the table has, None for the total.
        """
        row, column = place
        if row is None:
            return self.grand_total if column is None else self.column_totals[self.columns.index(column)]
        at = self.rows.index(row)
        return self.row_totals[at] if column is None else self.counts[at][self.columns.index(column)]

    def hidden(self) -> frozenset[Place]:
        """Give the places where nothing is shown."""
        everywhere = ((row, column) for row in (*self.rows, None) for column in (*self.columns, None))
        return frozenset(place for place in everywhere if self.value(place) is None)


def shown(table: Table, *, k: int = 5, zeros_are_known: bool = False) -> ShownTable:
    """Return what of a table may be published on its own.

    Counts of 1 to k - 1 are hidden, in totals too; zeros as well, unless everybody knows them. Then more is hidden, small counts
    first, totals last, until the shown numbers keep two promises about each small number:

    1. To a reader who even knows which hidden cells are small (lo to k - 1) and which are not (k or more), a small cell can be
       any number from lo to k - 1; lo is 1 if zeros are known, else 0. A small total can be anything its cells allow, up to k.
    2. To a reader who does not know which are small, and takes each hidden cell for lo or more, each small number can be k as
       well. So no sum of hidden cells that can be worked out is below k if a small cell is in it.

    Not covered: a reader who runs this choice on every thinkable table and compares; other tables of the same people (see
    linked_tables); other figures of them (see releases).

    Args:
        table: the counts. The order of rows and columns makes no difference; where counts tie, names decide.
        k: the smallest count that is shown, >= 3.
        zeros_are_known: a zero is no secret and is shown.

    Returns:
        The same table with None where nothing is shown.

    Raises:
        InputError: k is below 3.

    References:
        Willenborg & de Waal (2001), Elements of Statistical Disclosure Control (cell suppression, audit of intervals); Gusfield
        (1988), A graph theoretic approach to statistical data security (two-way tables as networks).
    """
    check_limit(k)
    readers = ("informed", "plain")
    return masked(table, hide(table, k=k, lo=int(zeros_are_known), readers=readers))


def check_limit(k: int) -> None:
    """Refuse a limit that protects nobody.

    Args:
        k: the smallest count that is shown.

    Raises:
        InputError: it is below 3.
    """
    if k < FEWEST:
        raise InputError(f"The smallest count that is shown must be {FEWEST} or more, not {k}.")


def masked(table: Table, hidden: Iterable[Place]) -> ShownTable:
    """Return the table without some of its numbers.

    Args:
        table: the counts.
        hidden: the places to leave out.
    """
    gone = frozenset(hidden)

    def seen(row: str | None, column: str | None) -> int | None:
        return None if (row, column) in gone else table.value((row, column))

    return ShownTable(
        rows=table.rows,
        columns=table.columns,
        counts=tuple(tuple(seen(row, column) for column in table.columns) for row in table.rows),
        row_totals=tuple(seen(row, None) for row in table.rows),
        column_totals=tuple(seen(None, column) for column in table.columns),
        grand_total=seen(None, None),
    )


def hide(
    table: Table,
    *,
    k: int,
    lo: int,
    readers: tuple[str, ...],
    start: frozenset[Place] = frozenset(),
    kept: frozenset[Place] = frozenset(),
) -> frozenset[Place]:
    """Return the places to hide so that each small number stays open to each of the readers.

    Args:
        table: the counts.
        k: the smallest count that is shown.
        lo: the smallest number behind a hidden cell: 1 if zeros are known, else 0.
        readers: "informed" knows which hidden cells are below k, "plain" does not.
        start: hidden already.
        kept: totals nobody may hide; none of them is small.

    Returns:
        `start`, the small numbers, and what had to go with them.

    Raises:
        InputError: it cannot be done with those totals kept.
    """
    rows: tuple[str | None, ...] = (*sorted(table.rows), None)
    columns: tuple[str | None, ...] = (*sorted(table.columns), None)
    values = tuple(tuple(table.value((row, column)) for column in columns) for row in rows)
    spots = {(i, j): (row, column) for i, row in enumerate(rows) for j, column in enumerate(columns)}
    small = sorted(
        (spot for spot in spots if lo <= values[spot[0]][spot[1]] < k), key=lambda at: (values[at[0]][at[1]], at)
    )
    fixed = frozenset(spot for spot in spots if values[spot[0]][spot[1]] < lo or spots[spot] in kept)
    slack = Slack(values, fixed, {*small, *(spot for spot, place in spots.items() if place in start)})
    for reader in readers:
        bounds = _bounds(slack, k, lo, reader)
        for spot in small:
            least, most = _open_range(slack, spot, bounds)
            slack.make_possible(spot, least, bounds)
            slack.make_possible(spot, min(k, most), bounds)
    return frozenset(spots[spot] for spot in slack.hidden)


def _bounds(slack: Slack, k: int, lo: int, reader: str) -> Bounds:
    def of(spot: Spot) -> tuple[int, int]:
        value = slack.values[spot[0]][spot[1]]
        if slack.is_total(spot):
            return 0, MANY
        if value < lo:
            return 0, 0
        if reader == "plain":
            return lo, MANY
        return (lo, k - 1) if value < k else (k, MANY)

    return {spot: of(spot) for spot in slack.spots()}


def _open_range(slack: Slack, spot: Spot, bounds: Bounds) -> tuple[int, int]:
    """What the number could be if nothing at all was shown."""
    last_row, last_column = len(slack.values) - 1, len(slack.values[0]) - 1
    rows = range(last_row) if spot[0] == last_row else (spot[0],)
    columns = range(last_column) if spot[1] == last_column else (spot[1],)
    parts = [bounds[row, column] for row in rows for column in columns]
    return sum(least for least, _ in parts), sum(most for _, most in parts)
