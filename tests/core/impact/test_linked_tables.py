"""Several published tables of the same people, against an attacker who has all of them."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from meervoud.core.errors import InputError
from meervoud.core.impact.linked_tables import shown_over, shown_together
from meervoud.core.impact.small_cells import Place, ShownTable, Table, shown
from tests.core.impact.attacker import Puzzle, Range, add_same, add_table

REASONS = ("full", "no hour", "too far", "steps")
FIELDS = {"hood": ("east", "north", "west"), "month": ("may", "june"), "all": ("all",)}
Published = Mapping[str, tuple[Table, ShownTable]]


def table_by(field: str, people: Sequence[tuple[str, ...]], reasons: tuple[str, ...] = REASONS) -> Table:
    at = tuple(FIELDS).index(field)
    counts = tuple(
        tuple(sum(person[at] == row and person[-1] == reason for person in people) for reason in reasons)
        for row in FIELDS[field]
    )
    return Table(FIELDS[field], reasons, counts)


@st.composite
def crowds(draw: st.DrawFn) -> list[tuple[str, ...]]:
    kinds = draw(st.lists(st.tuples(*[st.sampled_from(names) for names in (*FIELDS.values(), REASONS)]), max_size=9))
    return [kind for kind in kinds for _ in range(draw(st.integers(1, 8)))]


def what_a_reader_has(published: Published, k: int) -> Puzzle:
    """Every table with its sums; each hidden number is 0 or more."""
    puzzle = Puzzle()
    for name, (table, seen) in published.items():
        far = 2 * table.value((None, None)) + 6 * k
        known: dict[Place, Range] = {}
        for place in table.places():
            here = seen.value(place)
            known[place] = (0, far) if here is None else (here, here)
        add_table(puzzle, name, table.rows, table.columns, known)
        puzzle.likely.update({(name, *place): table.value(place) for place in table.places()})
    return puzzle


def with_shared_totals(puzzle: Puzzle, *names: str, reasons: Sequence[str] = REASONS) -> Puzzle:
    for other in names[1:]:
        for column in (*reasons, None):
            add_same(puzzle, (names[0], None, column), (other, None, column))
    return puzzle


def with_sum_over_periods(puzzle: Puzzle, parts: Sequence[str], whole: str, table: Table) -> Puzzle:
    for place in table.places():
        puzzle.sums.append((tuple((part, *place) for part in parts), (whole, *place)))
    return puzzle


def given_away(puzzle: Puzzle, published: Published, k: int) -> list[tuple[str, Place]]:
    """The small numbers that cannot be everything from 0 to k."""
    return [
        (name, place)
        for name, (table, _) in published.items()
        for place in table.places()
        if table.value(place) < k and puzzle.values((name, *place), k) != set(range(k + 1))
    ]


@pytest.mark.slow
@given(crowds(), st.sampled_from([3, 5]))
@settings(max_examples=30, deadline=None)
def test_three_tables_that_share_their_column_totals_give_nothing_away(people: list[tuple[str, ...]], k: int) -> None:
    made = [table_by(field, people) for field in FIELDS]
    published = dict(zip(FIELDS, zip(made, shown_together(made, k=k), strict=True), strict=True))
    puzzle = with_shared_totals(what_a_reader_has(published, k), *FIELDS)
    assume(len(people) >= k)
    assert given_away(puzzle, published, k) == []
    for column in (*REASONS, None):
        assert len({seen.value((None, column)) for _, seen in published.values()}) == 1


@pytest.mark.slow
@given(crowds())
@settings(max_examples=30, deadline=None)
def test_each_of_the_tables_is_safe_on_its_own(people: list[tuple[str, ...]]) -> None:
    assume(len(people) >= 5)
    made = [table_by(field, people) for field in FIELDS]
    for table, seen in zip(made, shown_together(made), strict=True):
        published = {"t": (table, seen)}
        assert given_away(what_a_reader_has(published, 5), published, 5) == []


def linked_example() -> tuple[Table, Table]:
    hoods = Table(("east", "north"), ("full", "steps", "far"), ((6, 3, 9), (6, 20, 12)))
    reasons = Table(("all",), ("full", "steps", "far"), ((12, 23, 21),))
    return hoods, reasons


def test_tables_made_safe_one_by_one_give_a_small_one_away_to_who_has_both() -> None:
    reasons = ("full", "steps", "far")
    made = {
        "hood": Table(("east", "north"), reasons, ((2, 1, 6), (1, 9, 9))),
        "month": Table(("may", "june"), reasons, ((3, 10, 12), (0, 0, 3))),
    }
    alone = {name: (table, shown(table)) for name, table in made.items()}
    puzzle = with_shared_totals(what_a_reader_has(alone, 5), *made, reasons=reasons)
    assert puzzle.values(("hood", None, "full"), 20) == {3}
    seen = shown_together(tuple(made.values()))
    together = {name: (table, each) for (name, table), each in zip(made.items(), seen, strict=True)}
    puzzle = with_shared_totals(what_a_reader_has(together, 5), *made, reasons=reasons)
    assert given_away(puzzle, together, 5) == []


def test_a_total_that_is_hidden_in_one_table_is_hidden_in_all() -> None:
    hoods, reasons = linked_example()
    seen_hoods, seen_reasons = shown_together((hoods, reasons))
    assert seen_hoods.column_totals == seen_reasons.column_totals == seen_reasons.counts[0]


def test_fewer_than_five_people_are_shown_in_no_table() -> None:
    few = Table(("east", "north"), ("full",), ((3,), (1,)))
    for seen in shown_together((few, Table(("all",), ("full",), ((4,),)))):
        assert not [each for each in (seen.grand_total, *seen.row_totals, *seen.column_totals) if each is not None]


def test_one_column_is_hidden_with_the_grand_total_that_it_is() -> None:
    halves = Table(("east", "north"), ("full",), ((4,), (4,)))
    for seen in shown_together((halves, Table(("all",), ("full",), ((8,),)))):
        assert seen.grand_total is None
        assert not [each for each in (*seen.column_totals, *seen.row_totals, *seen.counts[0]) if each is not None]


def test_tables_of_different_people_are_not_shown_together() -> None:
    with pytest.raises(InputError, match="same totals"):
        shown_together((Table(("a",), ("x",), ((7,),)), Table(("b",), ("x",), ((8,),))))
    with pytest.raises(InputError, match="no table"):
        shown_together(())


def summed(one: Table, other: Table) -> Table:
    counts = tuple(
        tuple(a + b for a, b in zip(*rows, strict=True)) for rows in zip(one.counts, other.counts, strict=True)
    )
    return Table(one.rows, one.columns, counts)


@pytest.mark.slow
@given(crowds(), crowds())
@settings(max_examples=15, deadline=None)
def test_two_periods_and_both_together_by_neighbourhood_and_by_reason_give_nothing_away(
    first: list[tuple[str, ...]], second: list[tuple[str, ...]]
) -> None:
    assume(min(len(first), len(second)) >= 5)
    parts = []
    for people in (first, second):
        made = (table_by("hood", people), table_by("all", people))
        parts.append(list(zip(made, shown_together(made), strict=True)))
    wholes = [summed(one[0], other[0]) for one, other in zip(*parts, strict=True)]
    over = [shown_over((one, other), whole) for one, other, whole in zip(*parts, wholes, strict=True)]
    published = {
        **{f"{field} {period}": parts[period][at] for period in (0, 1) for at, field in enumerate(("hood", "all"))},
        **{f"{field} both": (wholes[at], over[at]) for at, field in enumerate(("hood", "all"))},
    }
    puzzle = what_a_reader_has(published, 5)
    for period in ("0", "1", "both"):
        with_shared_totals(puzzle, f"hood {period}", f"all {period}")
    for at, field in enumerate(("hood", "all")):
        with_sum_over_periods(puzzle, [f"{field} 0", f"{field} 1"], f"{field} both", wholes[at])
    assert given_away(puzzle, published, 5) == []


MAY = Table(("east", "north"), ("full", "steps"), ((3, 8), (9, 10)))
JUNE = Table(("east", "north"), ("full", "steps"), ((10, 10), (10, 10)))
BOTH = summed(MAY, JUNE)


def periods_puzzle(both: ShownTable) -> tuple[Puzzle, Published]:
    published = {"may": (MAY, shown(MAY)), "june": (JUNE, shown(JUNE)), "both": (BOTH, both)}
    puzzle = what_a_reader_has(published, 5)
    return with_sum_over_periods(puzzle, ["may", "june"], "both", MAY), published


def test_the_sum_of_two_periods_shown_on_its_own_gives_a_small_one_away() -> None:
    assert shown(JUNE).hidden() == shown(BOTH).hidden() == frozenset()
    puzzle, published = periods_puzzle(shown(BOTH))
    assert ("may", ("east", "full")) in given_away(puzzle, published, 5)
    assert puzzle.values(("may", "east", "full"), 20) == {3}


def test_the_sum_of_two_periods_is_hidden_where_a_part_is() -> None:
    both = shown_over(((MAY, shown(MAY)), (JUNE, shown(JUNE))), BOTH)
    puzzle, published = periods_puzzle(both)
    assert given_away(puzzle, published, 5) == []
    assert both.hidden() == shown(MAY).hidden()
    assert both.grand_total == BOTH.value((None, None))


def test_a_rest_that_nobody_published_is_hidden_as_a_part() -> None:
    june = (JUNE, shown(JUNE))
    both = shown_over((june,), BOTH, parts_are_all=False)
    assert both.hidden() == shown(MAY).hidden()
    with pytest.raises(InputError, match="rest"):
        shown_over((june,), BOTH)
    with pytest.raises(InputError, match="below 0"):
        shown_over(((BOTH, shown(BOTH)),), JUNE, parts_are_all=False)


def test_parts_need_the_rows_and_columns_of_the_whole() -> None:
    other = Table(("south",), ("full", "steps"), ((9, 9),))
    with pytest.raises(InputError, match="same rows"):
        shown_over(((other, shown(other)),), BOTH)
