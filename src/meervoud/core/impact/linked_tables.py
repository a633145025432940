"""Tables of the same people side by side: what may be shown so that no two of them, put together, give a small group away."""

from collections.abc import Sequence

from meervoud.core.errors import InputError
from meervoud.core.impact.small_cells import Place, ShownTable, Table, check_limit, hide, masked, shown

_FOLDED = "\0folded"
"""The name of the columns taken as one; no column of a page is called so."""


def shown_together(tables: Sequence[Table], *, k: int = 5) -> tuple[ShownTable, ...]:
    """Return what may be published of tables that count the same people by different rows and by the same columns.

    For neighbourhood by reason, month by reason, and reason alone: the column totals and the grand total are the same numbers.
    Each table keeps the promises of `shown`. For all tables together, however many, this holds: to a reader who takes each
    hidden number for 0 or more, each small number can be anything from 0 to k.

    How: a shared number is shown in all tables or in none. Columns with a small total are folded into one with the next smallest,
    until that holds k or more; the folded columns are hidden in full, everywhere. What is left has shared totals of k or more;
    each table is made safe without moving those, so tables no longer depend on each other; and within the folded columns any
    column totals fit any rows of each table, because a table of numbers >= 0 exists for all row and column totals with equal sums.

    Zeros are hidden: in tables that share totals, the number of cells that are not zero says how large a total is at least.
    Not covered: a reader who knows which hidden numbers are small and has several tables, so both kinds of None must look the
    same; tables that share more than the columns, such as neighbourhood by reason, month by reason and neighbourhood by month.

    Args:
        tables: at least one, with the same columns (in any order) and the same column totals.
        k: the smallest count that is shown, >= 3.

    Returns:
        What is shown, table by table, in the same order.

    Raises:
        InputError: no table, k below 3, or columns or column totals that differ.
    """
    check_limit(k)
    totals = _shared_totals(tables)
    if sum(totals.values()) < k:
        return tuple(masked(table, table.places()) for table in tables)
    folded = _folded(totals, k)
    hidden = [_safe_alone(table, _safe_beside_others(table, folded, k), k) for table in tables]
    shared = frozenset(place for each in hidden for place in each if place[0] is None)
    if len(totals) == 1 and shared:
        shared |= {(None, None), *((None, column) for column in totals)}
    return tuple(masked(table, each | _with_twins(table, shared)) for table, each in zip(tables, hidden, strict=True))


def shown_over(
    parts: Sequence[tuple[Table, ShownTable]],
    whole: Table,
    *,
    k: int = 5,
    zeros_are_known: bool = False,
    parts_are_all: bool = True,
) -> ShownTable:
    """Return what may be published of a period after parts of it were: the quarter after its months.

    A number is hidden in the whole wherever it is hidden in a part. Whatever is shown of the whole is then the sum of numbers
    readers have already, so the whole tells them nothing new, and the promises made about each part still hold. If the parts
    leave a rest, that rest can be worked out by subtraction; it is made safe as if it was published, as one more part.

    Publish the shorter periods first. A part of what was published already is refused by its nature: see releases.

    Args:
        parts: counts and what was shown of them; same rows and columns as the whole, periods that do not overlap.
        whole: the counts over all of the period.
        k: the smallest count that is shown, >= 3.
        zeros_are_known: as for `shown`; the same for parts and whole.
        parts_are_all: the parts cover the period; False leaves a rest, which may be empty of people.

    Returns:
        What is shown of the whole.

    Raises:
        InputError: k below 3, rows or columns that differ, parts that hold more than the whole, or a rest where none should be.
    """
    check_limit(k)
    if any(set(part.rows) != set(whole.rows) or set(part.columns) != set(whole.columns) for part, _ in parts):
        raise InputError("The parts of a period need the same rows and columns as the whole.")
    rest = Table(
        whole.rows,
        whole.columns,
        tuple(
            tuple(
                whole.value((row, column)) - sum(part.value((row, column)) for part, _ in parts)
                for column in whole.columns
            )
            for row in whole.rows
        ),
    )
    hidden = [place for _, seen in parts for place in seen.hidden()]
    if not parts_are_all:
        hidden += shown(rest, k=k, zeros_are_known=zeros_are_known).hidden()
    elif rest.value((None, None)):
        raise InputError("The parts do not add up to the whole: say that a rest is left, or mend the counts.")
    return masked(whole, hidden)


def _shared_totals(tables: Sequence[Table]) -> dict[str, int]:
    if not tables:
        raise InputError("There is no table to show.")
    totals = [{column: table.value((None, column)) for column in table.columns} for table in tables]
    if any(each != totals[0] for each in totals):
        raise InputError("Tables shown together need the same columns with the same totals.")
    return totals[0]


def _folded(totals: dict[str, int], k: int) -> frozenset[str]:
    """The columns with a small total, and the next smallest until they hold k or more."""
    folded: list[str] = []
    for column in sorted(totals, key=lambda name: (totals[name], name)):
        if totals[column] >= k and (not folded or (len(folded) > 1 and sum(totals[each] for each in folded) >= k)):
            break
        folded.append(column)
    return frozenset(folded)


def _safe_beside_others(table: Table, folded: frozenset[str], k: int) -> frozenset[Place]:
    columns = tuple(column for column in table.columns if column not in folded)
    counts = tuple(
        tuple(table.value((row, column)) for column in columns)
        + ((sum(table.value((row, column)) for column in folded),) if folded else ())
        for row in table.rows
    )
    narrower = Table(table.rows, (*columns, _FOLDED) if folded else columns, counts)
    hidden = hide(
        narrower,
        k=k,
        lo=0,
        readers=("plain",),
        start=frozenset((row, _FOLDED) for row in table.rows) if folded else frozenset(),
        kept=frozenset((None, column) for column in (*narrower.columns, None)),
    )
    whole_columns = frozenset((row, column) for row in (*table.rows, None) for column in folded)
    return frozenset(place for place in hidden if place[1] != _FOLDED) | whole_columns


def _safe_alone(table: Table, hidden: frozenset[Place], k: int) -> frozenset[Place]:
    return hide(table, k=k, lo=0, readers=("informed", "plain"), start=hidden)


def _with_twins(table: Table, shared: frozenset[Place]) -> frozenset[Place]:
    """With one row, each cell is the same number as its column total."""
    if len(table.rows) != 1:
        return shared
    return shared | {(table.rows[0], column) for _, column in shared}
