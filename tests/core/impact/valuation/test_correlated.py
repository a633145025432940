"""Numbers that go together: the same draws in another order, a plain second way, and what is refused."""

from dataclasses import replace
from hashlib import sha256
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from meervoud.core.errors import InputError
from meervoud.core.impact.valuation import correlated
from meervoud.core.impact.valuation.case import Adjustment, Case, Correlation
from meervoud.core.impact.valuation.correlated import check_correlations, draw_together, shuffle_of
from meervoud.core.impact.valuation.statement import Statement, value_case
from meervoud.core.impact.valuation.uncertain import (
    Fixed,
    Lognormal,
    Measured,
    Share,
    Triangular,
    Uncertain,
    draw,
    is_certain,
)
from tests.core.impact.valuation.cases import CLAIM, CONSULTATION, case
from tests.core.impact.valuation.plain_correlated import plain_orders, plain_root, plain_spearman

MANY = 20_000
PEOPLE = tuple(float(each * each % 97) / 7 for each in range(40))
NUMBERS: dict[str, Uncertain] = {
    "price A": Triangular(1, 2, 9),
    "price B": Lognormal(2, 40),
    "deadweight of A": Share(0.3, 40),
    "quantity of A": Measured(PEOPLE),
    "price C": Triangular(-5, 0, 1),
    "amount of money": Lognormal(100, 200),
    "price fixed": Fixed(3),
    "price flat": Triangular(3, 3, 3),
}
LOOSE = [name for name, what in NUMBERS.items() if not is_certain(what)]


def tied(*of: str, rank: float = 0.6, reason: str = "the same survey") -> Correlation:
    return Correlation(of, rank, reason)


def drawn(*correlations: Correlation, number: int = MANY, seed: int = 1) -> dict[str, Any]:
    return draw_together(NUMBERS, correlations, seed=seed, number=number)


def spearman(one: Any, other: Any) -> float:
    return float(spearmanr(one, other).statistic)


def code_of(*correlations: Correlation) -> str:
    with pytest.raises(InputError) as error:
        check_correlations(correlations, NUMBERS)
    assert str(error.value).endswith(".")
    return error.value.code


@st.composite
def correlations_of(pick: Any) -> list[Correlation]:
    """Return correlations in which no pair is twice; they may or may not be possible together."""
    names = pick(st.lists(st.sampled_from(LOOSE), min_size=2, max_size=5, unique=True))
    pairs = pick(st.lists(st.sampled_from(list(combinations(names, 2))), min_size=1, unique=True))
    ranks = st.floats(-0.95, 0.95)
    if pick(st.booleans()):
        return [tied(*names, rank=pick(ranks))]
    return [tied(*pair, rank=pick(ranks)) for pair in pairs]


def is_possible(correlations: list[Correlation]) -> bool:
    try:
        check_correlations(correlations, NUMBERS)
    except InputError:
        return False
    return True


@given(correlations_of(), st.integers(1, 30), st.integers(0, 9))
@settings(max_examples=100, deadline=None)
def test_the_orders_are_those_of_the_plain_way(correlations: list[Correlation], number: int, seed: int) -> None:
    assume(is_possible(correlations))
    found = drawn(*correlations, number=number, seed=seed)
    names = {name for each in correlations for name in each.of}
    shuffles = {name: shuffle_of(name, seed=seed, number=number).tolist() for name in names}
    for name, order in plain_orders(correlations, shuffles).items():
        alone = sorted(draw(NUMBERS[name], name=name, seed=seed, number=number).tolist())
        assert [found[name].tolist()[place] for place in order] == alone


def matrix_of(correlations: list[Correlation]) -> Any:
    names = sorted({name for each in correlations for name in each.of})
    matrix = np.eye(len(names))
    for each in correlations:
        for one, other in combinations(map(names.index, each.of), 2):
            matrix[one, other] = matrix[other, one] = 2 * np.sin(np.pi * each.rank / 6)
    return matrix


@given(correlations_of())
@settings(max_examples=100, deadline=None)
def test_what_is_refused_is_what_has_no_root(correlations: list[Correlation]) -> None:
    matrix = matrix_of(correlations)
    least = float(np.linalg.eigvalsh(matrix)[0])
    assume(abs(least) > 1e-8)
    assert is_possible(correlations) == (least > 0) == (plain_root(matrix.tolist()) is not None)


@pytest.mark.parametrize("rank", [-0.9, -0.5, 0.0, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("pair", list(pairwise([*LOOSE, LOOSE[0]])))
def test_ranks_go_together_as_asked(pair: tuple[str, str], rank: float) -> None:
    found = drawn(tied(*pair, rank=rank))
    assert spearman(found[pair[0]], found[pair[1]]) == pytest.approx(rank, abs=0.02)
    # the control: without the correlation they do not
    alone = drawn()
    assert spearman(alone[pair[0]], alone[pair[1]]) == pytest.approx(0, abs=0.03)


def test_the_plain_rank_correlation_agrees() -> None:
    found = drawn(tied("price A", "price B", rank=0.7), number=500)
    one, other = found["price A"], found["price B"]
    assert plain_spearman(one.tolist(), other.tolist()) == pytest.approx(spearman(one, other))
    assert spearman(one, other) == pytest.approx(0.7, abs=0.03)


def test_a_number_may_stand_in_several_correlations_and_pairs_that_are_not_named_stay_apart() -> None:
    three = tied("price A", "price B", "price C", rank=0.5)
    other, apart = tied("price A", "quantity of A", rank=-0.4), tied("deadweight of A", "amount of money", rank=0.8)
    found = drawn(three, other, apart)
    asked = {frozenset(pair): 0.5 for pair in combinations(three.of, 2)}
    asked |= {frozenset(other.of): -0.4, frozenset(apart.of): 0.8}
    for pair in combinations(LOOSE, 2):
        assert spearman(*(found[name] for name in pair)) == pytest.approx(asked.get(frozenset(pair), 0), abs=0.02), pair


@given(correlations_of(), st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_every_number_keeps_its_draws_to_the_last_bit(correlations: list[Correlation], number: int) -> None:
    assume(is_possible(correlations))
    found, alone = drawn(*correlations, number=number), drawn(number=number)
    named = {name for each in correlations for name in each.of}
    for name, draws in alone.items():
        assert np.sort(found[name]).tobytes() == np.sort(draws).tobytes()
        if name not in named:
            assert found[name].tobytes() == draws.tobytes()


def test_without_correlations_draws_are_those_of_the_name_and_the_seed() -> None:
    key = int.from_bytes(sha256(b"price A").digest()[:16], "big")
    known = np.random.Generator(np.random.PCG64(np.random.SeedSequence((1, key)))).triangular(1, 2, 9, 50)
    assert drawn(number=50)["price A"].tobytes() == known.tobytes()
    assert drawn(tied("price A", "price B"), number=50)["price A"].tobytes() != known.tobytes()


@given(correlations_of(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_listing_changes_nothing(correlations: list[Correlation], shuffler: Any) -> None:
    assume(is_possible(correlations))
    mixed = [replace(each, of=tuple(shuffler.sample(each.of, len(each.of)))) for each in correlations]
    shuffler.shuffle(mixed)
    numbers = dict(shuffler.sample(list(NUMBERS.items()), len(NUMBERS)))
    first, second = drawn(*correlations, number=40), draw_together(numbers, mixed, seed=1, number=40)
    assert {name: each.tobytes() for name, each in first.items()} == {
        name: each.tobytes() for name, each in second.items()
    }


def test_the_same_seed_gives_the_same_order_and_another_one_does_not() -> None:
    one = tied("price A", "price B")
    orders = [np.argsort(drawn(one, number=50, seed=seed)["price A"]).tolist() for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]


def test_last_bits_that_another_machine_rounds_elsewhere_change_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    here = np.eye(2)
    there = np.asarray([[1, 0], [1e-14, 1]])

    def orders(root: Any) -> list[list[int]]:
        shuffles = [[shuffle_of(name, seed=seed, number=3) for name in LOOSE[:2]] for seed in range(20)]
        return [order.tolist() for pair in shuffles for order in correlated._orders(pair, root)]

    assert orders(here) == orders(there)
    monkeypatch.setattr(correlated, "DECIMALS", 16)  # the control: equal scores would be told apart by their last bits
    assert orders(here) != orders(there)


def test_one_more_number_without_correlation_changes_no_order() -> None:
    one = tied("price A", "price B")
    more = {**NUMBERS, "price D": Triangular(1, 2, 3)}
    found = draw_together(more, (one,), seed=1, number=50)
    assert all(found[name].tobytes() == each.tobytes() for name, each in drawn(one, number=50).items())


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ([tied()], "correlation_names"),
        ([tied("price A")], "correlation_names"),
        ([tied("price A", "price B", "price A")], "correlation_names"),
        ([tied("price A", "price Z")], "correlation_unknown"),
        ([tied("price A", "price fixed")], "correlation_fixed"),
        ([tied("price A", "price flat")], "correlation_fixed"),
        ([tied("price A", "price B", rank=1)], "correlation_rank"),
        ([tied("price A", "price B", rank=-1)], "correlation_rank"),
        ([tied("price A", "price B", rank=float("nan"))], "correlation_rank"),
        ([tied("price A", "price B", reason=" ")], "correlation_reason"),
        ([tied("price A", "price B"), tied("price C", "price B", "price A", rank=0.1)], "correlation_twice"),
        ([tied("price A", "price B", "price C", rank=-0.6)], "correlations_clash"),
    ],
)
def test_a_correlation_that_cannot_be_is_refused(wrong: list[Correlation], code: str) -> None:
    assert code_of(*wrong) == code
    # the control: what is close to it, and right
    check_correlations([tied("price A", "price B", "price C", rank=-0.4)], NUMBERS)
    check_correlations([tied("price A", "price B", rank=0.999_999)], NUMBERS)
    check_correlations([tied("price A", "price B"), tied("price C", "price B")], NUMBERS)


def test_a_name_that_is_not_there_is_told_with_names_like_it() -> None:
    with pytest.raises(InputError) as error:
        check_correlations([tied("price A", "deadwieght of A")], NUMBERS)
    assert error.value.values["what"] == "deadwieght of A"
    assert str(error.value.values["known"]).startswith("“deadweight of A”")
    with pytest.raises(InputError) as error:
        check_correlations([tied("price A", "price B")], {"price flat": NUMBERS["price flat"]})
    assert error.value.values["known"] == "-"


def test_only_correlations_that_are_in_each_others_way_are_named() -> None:
    one, other = tied("price A", "price B", rank=0.9), tied("price B", "price C", rank=0.9)
    beside = tied("deadweight of A", "price A", rank=0.2)
    with pytest.raises(InputError) as error:
        check_correlations([beside, other, one], NUMBERS)
    assert error.value.values["what"] == "“price A”, “price B” (0.9); “price B”, “price C” (0.9)"
    check_correlations([beside, one], NUMBERS)
    # what the message advises: the pair that was left out
    check_correlations([beside, other, one, tied("price A", "price C", rank=0.8)], NUMBERS)


@pytest.mark.parametrize(
    "same", [Lognormal(3, 3), Measured((2.0, 2.0)), Measured((2.0,)), Triangular(1, 1, 1), Fixed(0)]
)
def test_a_number_with_one_value_is_certain_whatever_its_shape(same: Uncertain) -> None:
    assert is_certain(same)
    assert np.ptp(draw(same, name="x", seed=1, number=20)) == pytest.approx(0, abs=1e-9)


ONE = replace(CLAIM, proxy=replace(CONSULTATION, code="A"), deadweight=Adjustment(Triangular(0.1, 0.2, 0.4), "asked"))
OTHER = replace(CLAIM, proxy=replace(CONSULTATION, code="B"), stakeholder="others")
TWO = case(ONE, OTHER)


def valued(*correlations: Correlation, one: Case = TWO) -> Statement:
    return value_case(replace(one, correlations=correlations), seed=1)


def test_prices_that_go_together_widen_the_value_and_prices_that_go_apart_narrow_it() -> None:
    widths = []
    for rank in (-0.8, -0.4, None, 0.4, 0.8):
        found = valued(*([] if rank is None else [tied("price A", "price B", rank=rank)])).value
        widths.append(found.high - found.low)
    for narrow, wide in pairwise(widths):
        assert wide > 1.05 * narrow


def test_points_tornado_and_turning_values_stay_the_same() -> None:
    apart, together = (
        valued(),
        valued(tied("price A", "price B"), tied("price A", f"deadweight of {ONE.key}", rank=-0.3)),
    )
    assert together.value != apart.value
    for name in ("tornado", "turnings", "payback_years", "streams", "by_payer", "issues", "assumed", "carried"):
        assert getattr(together, name) == getattr(apart, name), name
    assert (together.value.point, together.inputs) == (apart.value.point, apart.inputs)


def test_a_statement_names_its_correlations_in_one_order() -> None:
    one, other = tied("price B", "price A"), tied("price A", f"deadweight of {ONE.key}", rank=-0.3)
    found = valued(one, other)
    assert found == valued(other, replace(one, of=("price A", "price B")))
    assert [each.of for each in found.correlations] == [(f"deadweight of {ONE.key}", "price A"), ("price A", "price B")]
    assert valued().correlations == []


def test_a_case_with_a_wrong_correlation_is_not_valued() -> None:
    with pytest.raises(InputError) as error:
        valued(tied("price A", "price C"))
    assert error.value.code == "correlation_unknown"


@pytest.mark.parametrize("draws", [1, 2, 3])
def test_a_few_draws_are_enough_to_value(draws: int) -> None:
    few = replace(TWO, terms=replace(TWO.terms, draws=draws))
    assert valued(tied("price A", "price B"), one=few).value.point == valued(one=few).value.point
