"""The register of releases, against an attacker who solves the equations."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meervoud.core.errors import InputError
from meervoud.core.impact.linked_tables import shown_over
from meervoud.core.impact.releases import Released, refuses
from meervoud.core.impact.small_cells import ShownTable, Table, shown

MONTHS = tuple(date(2026, month, 1) for month in range(1, 9))
EVERYTHING: frozenset[tuple[str, str]] = frozenset()


def make_release(first: int, after: int, n: int | None, *pairs: tuple[str, str], statistic: str = "visits") -> Released:
    """`first` and `after` are months by number; the second is no longer in it."""
    return Released(statistic, frozenset(pairs), MONTHS[first - 1], MONTHS[after - 1], n)


def published_one_by_one(offered: Sequence[Released], k: int = 5) -> list[Released]:
    """Each goes into the register unless refused."""
    register: list[Released] = []
    for each in offered:
        if (each.n is None or each.n >= k) and refuses(register, each, k=k) is None:
            register.append(each)
    return register


def worked_out(register: Sequence[Released]) -> dict[tuple[date, date], int]:
    """Every period whose count follows from the shown ones: its row of months is a sum of multiples of theirs."""
    shown_ones = [each for each in register if each.n is not None]
    found = {}
    months = [months_in(each.starts, each.ends) for each in shown_ones]
    rows = np.array(months, dtype=float).reshape(len(months), len(MONTHS) - 1)
    counts = np.array([each.n for each in shown_ones], dtype=float)
    for starts, ends in combinations(MONTHS, 2):
        wanted = np.array(months_in(starts, ends), dtype=float)
        if shown_ones:
            weights = np.linalg.lstsq(rows.T, wanted, rcond=None)[0]
            if np.allclose(rows.T @ weights, wanted):
                found[starts, ends] = round(float(weights @ counts))
    return found


def months_in(starts: date, ends: date) -> list[int]:
    return [int(starts <= month < ends) for month in MONTHS[:-1]]


COUNTS = st.lists(st.one_of(st.integers(0, 6), st.integers(5, 40)), min_size=7, max_size=7)
SPANS = st.lists(
    st.tuples(st.integers(1, 8), st.integers(1, 8), st.booleans()).filter(lambda span: span[0] < span[1]), max_size=12
)


def offers(counts: list[int], spans: list[tuple[int, int, bool]]) -> list[Released]:
    """True counts of spans of months; what is small, or marked so, is kept back."""
    made = []
    for first, after, kept_back in spans:
        n = sum(counts[first - 1 : after - 1])
        made.append(make_release(first, after, None if 0 < n < 5 or (kept_back and n > 9) else n))
    return made


@given(COUNTS, SPANS)
@settings(max_examples=150, deadline=None)
def test_no_small_count_and_nothing_kept_back_follows_from_the_register(
    counts: list[int], spans: list[tuple[int, int, bool]]
) -> None:
    register = published_one_by_one([each for each in offers(counts, spans) if each.n != 0])
    known = worked_out(register)
    assert [period for period, n in known.items() if 1 <= n < 5] == []
    assert [each for each in register if each.n is None and (each.starts, each.ends) in known] == []


@given(COUNTS, SPANS)
@settings(max_examples=150, deadline=None)
def test_what_is_refused_would_have_given_something_away(counts: list[int], spans: list[tuple[int, int, bool]]) -> None:
    register: list[Released] = []
    for each in offers(counts, spans):
        reason = refuses(register, each)
        if reason is None:
            register.append(each)
            continue
        assert reason in register
        known = worked_out([*register, each])
        small = any(1 <= n < 5 for n in known.values())
        kept = any(one.n is None and (one.starts, one.ends) in known for one in [*register, each])
        assert small or kept


def test_without_the_register_the_attacker_finds_a_small_month() -> None:
    offered = [make_release(1, 2, 30), make_release(2, 3, 3), make_release(3, 4, 25), make_release(1, 4, 58)]
    shown_ones = [each for each in offered if each.n != 3]
    assert worked_out(shown_ones)[MONTHS[1], MONTHS[2]] == 3
    assert worked_out(published_one_by_one(shown_ones)).get((MONTHS[1], MONTHS[2])) is None


def test_a_quarter_is_refused_beside_its_other_two_months() -> None:
    january, march, quarter = make_release(1, 2, 30), make_release(3, 4, 25), make_release(1, 4, 58)
    assert refuses([january, march], quarter) in {january, march}
    assert refuses([january], quarter) is None
    assert refuses([march, quarter], january) is not None
    assert refuses([january, make_release(3, 4, 20)], quarter) is None


def test_overlapping_quarters_are_refused_if_their_ends_differ_by_a_few() -> None:
    first_three, next_three, month = make_release(1, 4, 60), make_release(2, 5, 50), make_release(1, 2, 13)
    assert refuses([first_three, next_three], month) is not None, "60 - 13 = 47, so April is 3"
    assert refuses([first_three, next_three], make_release(1, 2, 20)) is None


@pytest.mark.parametrize(("n", "refused"), [(46, True), (49, True), (45, False), (50, False), (54, True), (55, False)])
def test_a_part_may_not_differ_by_a_few_from_the_whole(n: int, refused: bool) -> None:  # noqa: FBT001
    whole = make_release(1, 4, 50)
    part = make_release(1, 4, n, ("hood", "east"))
    assert (refuses([whole], part) == whole) is refused
    assert (refuses([part], whole) == part) is refused


def test_a_shorter_period_of_a_narrower_group_is_nested_too() -> None:
    whole = make_release(1, 4, 50)
    assert refuses([whole], make_release(1, 3, 48, ("hood", "east"), ("reason", "full"))) == whole
    assert refuses([make_release(1, 3, 50)], make_release(1, 4, 48, ("hood", "east"))) is None, (
        "neither holds the other"
    )


def test_other_statistics_and_other_groups_do_not_stand_in_the_way() -> None:
    earlier = [make_release(1, 4, 50, statistic="people"), make_release(1, 4, 50, ("hood", "west"))]
    assert refuses(earlier, make_release(1, 4, 48, ("hood", "east"))) is None


def test_the_same_number_again_is_no_news_and_a_slight_correction_is_refused() -> None:
    first = make_release(1, 2, 30)
    assert refuses([first], make_release(1, 2, 30)) is None
    assert refuses([first], make_release(1, 2, 32)) == first
    assert refuses([first], make_release(1, 2, 36)) is None


def test_a_corrected_number_counts_as_both_of_its_values() -> None:
    register = [make_release(1, 3, 100), make_release(1, 3, 110), make_release(3, 5, 50)]
    first, _corrected, second = register
    for year in (153, 163):
        whole = make_release(1, 5, year)
        assert refuses(register, whole, k=5) is not None, year
        alone = [first, second] if year == 163 else [register[1], second]
        assert refuses(alone, whole, k=5) is None, "the control: beside the other value it may stand"
    assert refuses(register, make_release(1, 5, 175), k=5) is None


def test_many_corrections_are_not_tried_in_every_combination() -> None:
    register = [make_release(at, at + 1, number) for at in range(1, 7) for number in (100, 110, 120)]
    assert refuses(register, make_release(1, 7, 602), k=5) is not None
    assert refuses(register, make_release(1, 7, 723), k=5) is not None


def test_a_sum_that_is_off_by_a_few_shows_who_was_added_later() -> None:
    months = [make_release(1, 2, 30), make_release(2, 3, 40)]
    assert refuses(months, make_release(1, 3, 72)) in months
    assert refuses(months, make_release(1, 3, 70)) is None


def test_people_who_can_come_twice_are_not_subtracted_over_time() -> None:
    months = [make_release(1, 2, 30), make_release(2, 3, 40)]
    assert refuses(months, make_release(1, 3, 67), adds_up=False) is None
    assert refuses(months, make_release(1, 3, 42), adds_up=False) == months[1]


def test_what_was_kept_back_stays_back() -> None:
    january, february = make_release(1, 2, 30), make_release(2, 3, None)
    assert refuses([january, february], make_release(1, 3, 60)) == february
    assert refuses([february], make_release(2, 3, 30)) == february
    assert refuses([january, make_release(1, 3, 60)], february) is not None, "everybody can subtract already"
    assert refuses([january], february) is None


def test_a_small_count_itself_is_an_error_of_who_asks() -> None:
    with pytest.raises(InputError, match="keep it back"):
        refuses([], make_release(1, 2, 4))
    with pytest.raises(InputError, match="after it starts"):
        make_release(2, 2, 9)
    with pytest.raises(InputError, match="below 0"):
        make_release(1, 2, -1)


def numbers_of(table: Table, seen: ShownTable, first: int, after: int) -> list[Released]:
    named = [
        (place, [(key, name) for key, name in zip(("hood", "why"), place, strict=True) if name])
        for place in table.places()
    ]
    return [make_release(first, after, seen.value(place), *pairs) for place, pairs in named]


MAY = Table(("east", "north"), ("full", "steps"), ((3, 8), (9, 10)))
JUNE = Table(("east", "north"), ("full", "steps"), ((10, 10), (10, 10)))
BOTH = Table(("east", "north"), ("full", "steps"), ((13, 18), (19, 20)))


def test_the_register_refuses_the_sum_of_two_tables_where_a_part_was_hidden_and_nowhere_else() -> None:
    register = numbers_of(MAY, shown(MAY), 5, 6) + numbers_of(JUNE, shown(JUNE), 6, 7)
    naive = [each for each in numbers_of(BOTH, shown(BOTH), 5, 7) if refuses(register, each) is not None]
    careful = shown_over(((MAY, shown(MAY)), (JUNE, shown(JUNE))), BOTH)
    assert len(naive) == len(careful.hidden()) == 4
    assert [each for each in numbers_of(BOTH, careful, 5, 7) if refuses(register, each) is not None] == []


@given(st.lists(st.tuples(*[st.integers(0, 20)] * 3), min_size=1, max_size=4), st.booleans())
@settings(max_examples=100, deadline=None)
def test_the_numbers_of_one_safe_table_stand_beside_each_other(cells: list[tuple[int, ...]], zeros: bool) -> None:  # noqa: FBT001
    table = Table(tuple(f"hood {i}" for i in range(len(cells))), ("a", "b", "c"), tuple(cells))
    numbers = [each for each in numbers_of(table, shown(table, zeros_are_known=zeros), 1, 2) if each.n is not None]
    for at, each in enumerate(numbers):
        assert refuses(numbers[:at], each) is None
