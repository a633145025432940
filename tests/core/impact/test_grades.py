"""How well a figure is known: each way of knowing gives its grade, weak ledgers and drop-outs lower it by one step at most."""

from dataclasses import replace
from itertools import product

import pytest

from meervoud.core.impact.effects import Gate
from meervoud.core.impact.grades import OF_OTHERS, Grade, Graded, Support, grade_ledger, grade_outcome, weakest
from meervoud.core.impact.ledger import EVIDENCE
from meervoud.core.impact.theory_of_change import Evidence
from meervoud.files.impact_messages import GRADES

SEEN = {"checked_in": 6, "silent": 4}
UNSEEN = {"checked_in": 4, "silent": 3, "imported": 3}


@pytest.mark.parametrize(
    ("support", "expected"),
    [
        (Support(Evidence.COMPARISON, own=Gate.FULL, comparison=Gate.FULL), ("A", "compared")),
        (Support(Evidence.COMPARISON, own=Gate.MEAN, comparison=Gate.SMALL_GROUP), ("B", "compared_few")),
        (Support(Evidence.OWN_MEASUREMENT, own=Gate.FULL), ("B", "measured")),
        (Support(Evidence.OWN_MEASUREMENT, own=Gate.SMALL_GROUP), ("C", "measured_few")),
        (Support(Evidence.OWN_MEASUREMENT, own=Gate.MEAN), ("D", "measured_very_few")),
        (Support(Evidence.LITERATURE, own=Gate.MEAN), ("C", "literature")),
        (Support(Evidence.LITERATURE), ("C", "literature")),
        (Support(Evidence.PRACTICE), ("D", "practice")),
        (Support(Evidence.NONE), ("E", "nothing_known")),
        (Support(Evidence.OWN_MEASUREMENT), ("E", "too_few_pairs")),
        (Support(Evidence.COMPARISON), ("E", "too_few_pairs")),
    ],
)
def test_each_way_of_knowing_has_its_grade(support: Support, expected: tuple[str, str]) -> None:
    found = grade_outcome(support)
    assert (found.grade, *found.reasons) == expected
    assert grade_outcome(replace(support, uses_by_evidence=SEEN)) == found


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"uses_by_evidence": UNSEEN}, ("weak_ledger",)),
        ({"many_left": True}, ("many_left",)),
        ({"uses_by_evidence": UNSEEN, "many_left": True}, ("weak_ledger", "many_left")),
    ],
)
def test_a_weak_ledger_or_many_who_left_lower_it_by_one_step(
    changed: dict[str, object], reasons: tuple[str, ...]
) -> None:
    support = Support(Evidence.OWN_MEASUREMENT, own=Gate.FULL)
    found = grade_outcome(replace(support, **changed))  # type: ignore[arg-type]  # names of fields
    assert (found.grade, found.reasons) == (Grade.C, ("measured", *reasons))


def test_half_is_not_over_half_and_who_left_says_nothing_of_literature() -> None:
    support = Support(Evidence.LITERATURE, many_left=True, uses_by_evidence={"host": 5, "imported": 5})
    assert grade_outcome(support).grade == Grade.C
    assert grade_outcome(replace(support, uses_by_evidence={"host": 5, "imported": 6})).grade == Grade.D


def test_more_knowledge_never_lowers_a_grade_and_every_reason_has_a_sentence() -> None:
    order, gates = list(Grade), list(Gate)
    for evidence, own, compared, left, uses in product(Evidence, gates, gates, (False, True), (SEEN, UNSEEN, {})):
        found = grade_outcome(Support(evidence, own, compared, left, uses))
        assert {found.grade, *found.reasons} <= GRADES.keys()
        base = grade_outcome(Support(evidence, own, compared))
        assert order.index(found.grade) - order.index(base.grade) in (0, 1)
        stronger = grade_outcome(Support(evidence, gates[-1], compared))
        assert order.index(stronger.grade) <= order.index(base.grade)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ({"checked_in": 5, "host": 4, "paper": 1}, (Grade.A, ("mostly_seen",))),
        ({"checked_in": 89, "door_code": 11}, (Grade.B, ("mostly_seen",))),
        ({"host": 69.5, "silent": 30.5}, (Grade.C, ("mostly_seen",))),
        ({"host": 49, "silent": 50, "paper": 1}, (Grade.D, ("seldom_seen",))),
        ({"host": 25, "imported": 75}, (Grade.D, ("seldom_seen", "mostly_unseen"))),
        ({"silent": 3}, (Grade.E, ("seldom_seen", "mostly_unseen"))),
        ({"paper": 3}, (Grade.E, ("seldom_seen",))),
        ({}, (Grade.E, ("no_use",))),
        ({"host": 0}, (Grade.E, ("no_use",))),
    ],
)
def test_a_figure_of_the_ledger_is_known_by_what_somebody_saw(
    amounts: dict[str, float], expected: tuple[Grade, tuple[str, ...]]
) -> None:
    found = grade_ledger(amounts)
    assert (found.grade, found.reasons) == expected
    assert set(amounts) <= set(EVIDENCE)
    assert {found.grade, *found.reasons} <= GRADES.keys()


@pytest.mark.parametrize(
    ("grades", "expected"),
    [("A", Grade.A), ("BDC", Grade.D), ("AE", Grade.E), ("", Grade.E)],
)
def test_a_figure_of_several_claims_is_known_no_better_than_the_weakest(grades: str, expected: Grade) -> None:
    found = weakest(Graded(Grade(each), ("measured",)) for each in grades)
    assert found == Graded(expected, ("weakest_claim" if grades else "nothing_known",))
    assert set(found.reasons) <= GRADES.keys()


def test_a_figure_of_others_is_not_known_here_and_says_why() -> None:
    assert (OF_OTHERS.grade, OF_OTHERS.reasons) == (Grade.E, ("of_others",))
    assert "did not check" in GRADES["of_others"]
