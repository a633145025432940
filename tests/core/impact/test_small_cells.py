"""What of a table is shown, against an attacker who subtracts."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meervoud.core.errors import InputError
from meervoud.core.impact.small_cells import Place, ShownTable, Table, masked, shown
from tests.core.impact.attacker import Puzzle, Range, add_table

LIMITS = st.sampled_from([3, 5])


def make_table(*counts: tuple[int, ...]) -> Table:
    return Table(
        tuple(f"hood {i}" for i in range(len(counts))), tuple(f"why {i}" for i in range(len(counts[0]))), counts
    )


@st.composite
def tables(draw: st.DrawFn, most: int = 12, rows: int = 4, columns: int = 4) -> Table:
    size = draw(st.integers(1, columns))
    count = st.one_of(st.integers(0, 5), st.integers(0, most))
    row = st.tuples(*[count] * size)
    return make_table(*draw(st.lists(row, min_size=1, max_size=rows)))


def what_a_reader_knows(table: Table, seen: ShownTable, *, k: int, lo: int, knows_which: bool) -> Puzzle:
    """`knows_which`: of each hidden cell (not total) whether it is below k."""
    far = 2 * table.value((None, None)) + 3 * k * (len(table.rows) + len(table.columns))

    def known(place: Place) -> Range:
        value, here = table.value(place), seen.value(place)
        if here is not None:
            return here, here
        if None in place or not knows_which:
            return (0 if None in place else lo), far
        return (lo, k - 1) if value < k else (k, far)

    puzzle = Puzzle()
    add_table(puzzle, "t", table.rows, table.columns, {place: known(place) for place in table.places()})
    puzzle.likely.update({("t", *place): table.value(place) for place in table.places()})
    return puzzle


def small_places(table: Table, *, k: int, lo: int) -> list[Place]:
    return [place for place in table.places() if lo <= table.value(place) < k]


def only_the_small_hidden(table: Table, *, k: int, lo: int) -> ShownTable:
    return masked(table, small_places(table, k=k, lo=lo))


def determined(table: Table, seen: ShownTable, *, k: int, lo: int) -> list[Place]:
    """The small numbers a reader works out who knows no more than that each hidden number is at least `lo`."""
    puzzle = what_a_reader_knows(table, seen, k=k, lo=lo, knows_which=False)
    far = table.value((None, None)) + k
    return [
        place
        for place in small_places(table, k=k, lo=lo)
        if len(puzzle.values(("t", *place), min(far, 2 * k + 2))) == 1
    ]


@given(table=tables(), k=LIMITS, zeros_are_known=st.booleans())
@settings(max_examples=60, deadline=None)
def test_who_knows_which_cells_are_small_learns_nothing_more_of_them(
    *, table: Table, k: int, zeros_are_known: bool
) -> None:
    lo = int(zeros_are_known)
    seen = shown(table, k=k, zeros_are_known=zeros_are_known)
    puzzle = what_a_reader_knows(table, seen, k=k, lo=lo, knows_which=True)
    for place in small_places(table, k=k, lo=lo):
        possible = puzzle.values(("t", *place), k)
        if None not in place:
            assert possible == set(range(lo, k))
        else:
            assert len(possible) > 1


@given(table=tables(), k=LIMITS, zeros_are_known=st.booleans())
@settings(max_examples=60, deadline=None)
def test_who_does_not_know_which_are_small_cannot_tell_that_one_is(
    *, table: Table, k: int, zeros_are_known: bool
) -> None:
    lo = int(zeros_are_known)
    seen = shown(table, k=k, zeros_are_known=zeros_are_known)
    puzzle = what_a_reader_knows(table, seen, k=k, lo=lo, knows_which=False)
    for place in small_places(table, k=k, lo=lo):
        possible = puzzle.values(("t", *place), k)
        assert k in possible
        assert None in place or possible == set(range(lo, k + 1))


@given(table=tables(most=30, rows=6, columns=6), k=LIMITS, zeros_are_known=st.booleans())
@settings(max_examples=150, deadline=None)
def test_what_is_shown_is_true_and_never_small(*, table: Table, k: int, zeros_are_known: bool) -> None:
    seen = shown(table, k=k, zeros_are_known=zeros_are_known)
    for place in table.places():
        here, value = seen.value(place), table.value(place)
        assert here in {None, value}
        assert here is None or here >= k or (here == 0 and zeros_are_known)
        assert here is not None or value > 0 or not zeros_are_known


@given(table=tables(most=30, rows=6, columns=6), k=LIMITS, zeros_are_known=st.booleans())
@settings(max_examples=150, deadline=None)
def test_what_is_missing_from_a_line_is_nothing_or_k_at_least(*, table: Table, k: int, zeros_are_known: bool) -> None:
    seen = shown(table, k=k, zeros_are_known=zeros_are_known)
    lines: list[list[Place]] = [
        *([(row, column) for column in (*table.columns, None)] for row in (*table.rows, None)),
        *([(row, column) for row in (*table.rows, None)] for column in (*table.columns, None)),
    ]
    for *parts, total in lines:
        hidden = [part for part in parts if seen.value(part) is None]
        if seen.value(total) is not None and hidden:
            assert len(hidden) > 1
            assert sum(table.value(part) for part in hidden) >= k


@given(tables(most=30, rows=6, columns=6), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_of_rows_and_columns_makes_no_difference(table: Table, random: Random) -> None:
    rows, columns = list(table.rows), list(table.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    turned = Table(
        tuple(rows), tuple(columns), tuple(tuple(table.value((row, column)) for column in columns) for row in rows)
    )
    assert shown(turned).hidden() == shown(table).hidden() == shown(table).hidden()


KNOWN = {
    "nothing small": (make_table((5, 9), (7, 6)), []),
    "the next smallest goes too": (make_table((2, 7, 8)), [(0, 0), (0, 1)]),
    "two small ones that do not hold five": (make_table((1, 1, 20, 30)), [(0, 0), (0, 1), (0, 2)]),
    "5 is too few to hide a 2 behind": (make_table((2, 5, 8)), [(0, 0), (0, 1), (0, 2)]),
    "a rectangle": (make_table((2, 10, 30), (11, 12, 31), (32, 33, 34)), [(0, 0), (0, 1), (1, 0), (1, 1)]),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_tables(name: str) -> None:
    table, hidden = KNOWN[name]
    seen = shown(table, zeros_are_known=True)
    cells = [(i, j) for i, row in enumerate(seen.counts) for j, count in enumerate(row) if count is None]
    assert cells == hidden
    assert seen.grand_total == table.value((None, None))


def test_totals_go_only_if_nothing_else_helps() -> None:
    two_small = shown(make_table((4, 4)), zeros_are_known=True)
    assert two_small.counts == ((None, None),)
    assert two_small.grand_total is None
    assert shown(make_table((4, 4, 9)), zeros_are_known=True).grand_total == 17


def test_a_zero_is_shown_only_if_everybody_knows_it() -> None:
    table = make_table((0, 8, 9), (10, 11, 12))
    assert shown(table, zeros_are_known=True).hidden() == frozenset()
    assert shown(table).counts[0][0] is None


def test_a_table_of_one_number() -> None:
    assert shown(make_table((7,))).grand_total == 7
    assert shown(make_table((4,))).hidden() == frozenset(make_table((4,)).places())
    assert shown(make_table((0,)), zeros_are_known=True).grand_total == 0


def test_one_column_is_as_one_row() -> None:
    seen = shown(make_table((2,), (7,), (8,)), zeros_are_known=True)
    assert seen.counts == ((None,), (None,), (8,))
    assert seen.row_totals == (None, None, 8)
    assert seen.grand_total == 17


def test_with_only_the_small_hidden_the_attacker_finds_them() -> None:
    table = make_table((2, 10, 30), (11, 12, 31), (32, 33, 34))
    place = ("hood 0", "why 0")
    assert determined(table, only_the_small_hidden(table, k=5, lo=0), k=5, lo=0) == [place]
    assert determined(table, shown(table), k=5, lo=0) == []


def test_with_one_more_in_the_line_but_not_in_the_column_the_attacker_finds_them() -> None:
    table = make_table((2, 10, 30), (11, 12, 31), (32, 33, 34))
    half = masked(table, [("hood 0", "why 0"), ("hood 0", "why 1")])
    assert determined(table, half, k=5, lo=0) == [("hood 0", "why 0")]


def test_the_attacker_finds_small_ones_in_most_tables_where_nothing_more_is_hidden() -> None:
    found = 0
    for seed in range(40):
        cells = [(seed * 7 + 5 * i * i + 3 * i) % 17 for i in range(9)]
        table = make_table(*(tuple(cells[at : at + 3]) for at in (0, 3, 6)))
        found += bool(determined(table, only_the_small_hidden(table, k=5, lo=0), k=5, lo=0))
        assert determined(table, shown(table), k=5, lo=0) == []
    assert found > 10


def test_a_page_of_thirty_neighbourhoods_and_eight_reasons_is_worked_out() -> None:
    worst = make_table(*(tuple((i * 5 + j * 3) % 7 % 2 for j in range(8)) for i in range(30)))
    seen, small = shown(worst), small_places(worst, k=5, lo=1)
    assert len(small) > 90
    assert all(seen.value(place) is None for place in small)


@pytest.mark.parametrize(
    ("rows", "columns", "counts"),
    [
        (("a", "a"), ("x",), ((1,), (2,))),
        ((), ("x",), ()),
        (("a",), (), ((),)),
        (("a",), ("x",), ((1, 2),)),
        (("a",), ("x",), ((-1,),)),
    ],
)
def test_what_is_no_table_is_refused(
    rows: tuple[str, ...], columns: tuple[str, ...], counts: tuple[tuple[int, ...], ...]
) -> None:
    with pytest.raises(InputError):
        Table(rows, columns, counts)


def test_a_limit_that_protects_nobody_is_refused() -> None:
    with pytest.raises(InputError, match="3 or more"):
        shown(make_table((7,)), k=2)
