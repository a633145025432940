"""Whose wishes weigh most: by hand, against Friedman's test, and what always holds."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from meervoud.core.errors import InputError
from meervoud.core.impact.priorities import (
    agreement,
    is_material,
    materiality,
    needs_dialogue,
    priority,
    weights,
)

PRIORITIES = {"learners": 4.0, "volunteers": 2.0}
WISHES = {"learners": {"speak": 75, "meet": 25}, "volunteers": {"speak": 30, "meet": 20, "rest": 50}}


@st.composite
def wishes(draw: st.DrawFn, *, fewest: int = 1) -> dict[str, dict[str, int]]:
    """Groups that spread 100 points over the same outcomes; often with equal points."""
    number = draw(st.integers(fewest, 5))
    groups = draw(st.integers(fewest, 5))
    cuts = st.lists(st.sampled_from((0, 20, 25, 40, 50, 60, 75, 100)), min_size=number - 1, max_size=number - 1)
    found = dict[str, dict[str, int]]()
    for group in range(groups):
        ends = [0, *sorted(draw(cuts)), 100]
        found[f"g{group}"] = {f"o{at}": ends[at + 1] - ends[at] for at in range(number)}
    return found


def test_who_is_affected_counts_double() -> None:
    assert priority(affected=5, influence=2, interest=4) == 4.0
    assert priority(affected=2, influence=5, interest=4) == 3.25
    assert [priority(affected=each, influence=each, interest=each) for each in (1, 5)] == [1, 5]


@pytest.mark.parametrize("score", [0, 6, -1])
@pytest.mark.parametrize("what", ["affected", "influence", "interest"])
def test_a_score_outside_one_to_five_is_refused(what: str, score: int) -> None:
    with pytest.raises(InputError) as error:
        priority(**({"affected": 3, "influence": 3, "interest": 3} | {what: score}))
    assert (error.value.code, error.value.values) == ("priority_score", {"what": what, "value": str(score)})


def test_weights_by_hand() -> None:
    found = weights(WISHES, PRIORITIES)
    assert found == pytest.approx(
        {"speak": (4 * 75 + 2 * 30) / 600, "meet": (4 * 25 + 2 * 20) / 600, "rest": 100 / 600}
    )
    assert weights({}, {}) == {}


@given(wishes(), st.lists(st.integers(4, 20), min_size=5, max_size=5))
def test_weights_are_shares_of_one_whole(given_points: Mapping[str, Mapping[str, int]], quarters: list[int]) -> None:
    priorities = {f"g{at}": each / 4 for at, each in enumerate(quarters)}
    found = weights(given_points, priorities)
    assert sum(found.values()) == pytest.approx(1)
    for outcome, weight in found.items():
        points = [each[outcome] / 100 for each in given_points.values()]
        assert min(points) - 1e-9 <= weight <= max(points) + 1e-9


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ({"speak": 99}, "points_sum"),
        ({"speak": 60, "meet": 50}, "points_sum"),
        ({}, "points_sum"),
        ({"speak": 110, "meet": -10}, "points_unusable"),
        ({"speak": 100}, "points_priority"),
    ],
)
def test_points_that_cannot_be_used_are_refused(points: dict[str, int], code: str) -> None:
    with pytest.raises(InputError) as error:
        weights({**WISHES, "neighbours": points}, PRIORITIES)
    assert error.value.code == code
    assert error.value.values["group"] == "neighbours"


def test_agreement_by_hand() -> None:
    alike = {"a": {"x": 50, "y": 30, "z": 20}, "b": {"x": 60, "y": 25, "z": 15}}
    assert agreement(alike) == 1
    assert agreement({**alike, "b": {"x": 20, "y": 30, "z": 50}}) == 0
    # ranks 1 2.5 2.5 and 1 2 3 upwards: sums 2, 4.5, 5.5; spread 6.5; 12 * 6.5 / (4 * 24 - 2 * 6)
    tied = {"a": {"x": 20, "y": 40, "z": 40}, "b": {"x": 10, "y": 30, "z": 60}}
    assert agreement(tied) == pytest.approx(78 / 84)
    assert not needs_dialogue(agreement(tied))


@pytest.mark.parametrize(
    "points",
    [
        {},
        {"a": {"x": 60, "y": 40}},
        {"a": {"x": 100}, "b": {"x": 100}},
        {"a": {"x": 50, "y": 50}, "b": {"x": 50, "y": 50}},
    ],
)
def test_without_two_groups_two_outcomes_and_a_preference_agreement_is_not_known(
    points: dict[str, dict[str, int]],
) -> None:
    assert agreement(points) is None
    assert not needs_dialogue(None)


def test_agreement_refuses_points_that_do_not_add_up_and_asks_for_no_priority() -> None:
    with pytest.raises(InputError) as error:
        agreement({"a": {"x": 60, "y": 40}, "b": {"x": 60}})
    assert error.value.code == "points_sum"
    assert agreement(WISHES) is not None


def test_groups_that_agree_little_should_talk() -> None:
    assert [needs_dialogue(each) for each in (0.0, 0.29, 0.3, 1.0)] == [True, True, False, False]


@given(wishes(fewest=3))
def test_agreement_is_what_friedmans_test_says(points: dict[str, dict[str, int]]) -> None:
    rows = [list(each.values()) for each in points.values()]
    found = agreement(points)
    if all(len(set(row)) == 1 for row in rows):
        assert found is None
        return
    chi2 = stats.friedmanchisquare(*zip(*rows, strict=True)).statistic
    assert found == pytest.approx(chi2 / (len(rows) * (len(rows[0]) - 1)), abs=1e-9)


@given(wishes(fewest=2))
def test_agreement_lies_between_0_and_1_and_knows_no_order(points: dict[str, dict[str, int]]) -> None:
    found = agreement(points)
    assert found is None or 0 <= found <= 1
    turned = {group: dict(reversed(points[group].items())) for group in reversed(points)}
    again = agreement(turned)
    assert again == (None if found is None else pytest.approx(found))


def test_materiality_by_hand() -> None:
    assert [materiality(relevance=3, significance=each) for each in range(4)] == [0, 3, 6, 9]
    assert [is_material(each) for each in (3, 4, 9)] == [False, True, True]
    for relevance, significance in ((4, 1), (1, 4), (-1, 1)):
        with pytest.raises(InputError) as error:
            materiality(relevance=relevance, significance=significance)
        assert error.value.code == "materiality_score"
