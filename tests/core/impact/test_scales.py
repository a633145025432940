"""How answers become a score: sums, counts, turned questions, what is missing, and what is no answer."""

import pytest

from meervoud.core.errors import InputError
from meervoud.core.impact.scales import Band, Item, Scale, Scoring, band_of, score

LONELY = Scale(
    "count of six",
    Scoring.COUNT,
    tuple(Item(str(at), 1, 3, counts=frozenset({1, 2} if at in (1, 4, 6) else {2, 3})) for at in range(1, 7)),
    is_lower_better=True,
    source="a test",
    licence="",
    bands=(Band("not", 0, 1), Band("somewhat", 2, 4), Band("strongly", 5, 6)),
)
WELL = Scale(
    "sum of two",
    Scoring.SUM,
    (Item("a", 0, 5), Item("b", 0, 5, is_reversed=True)),
    is_lower_better=False,
    source="a test",
    licence="",
    factor=4,
)


def test_the_middle_answer_counts_with_the_lonely_side() -> None:
    assert score(LONELY, {str(at): 2 for at in range(1, 7)}) == 6
    assert score(LONELY, {"1": 3, "2": 1, "3": 1, "4": 3, "5": 1, "6": 3}) == 0
    assert score(LONELY, {"1": 1, "2": 1, "3": 1, "4": 3, "5": 3, "6": 3}) == 2
    assert [band_of(LONELY, each) for each in (0, 1, 2, 4, 5, 6)] == [
        *("not", "not", "somewhat", "somewhat", "strongly", "strongly")
    ]


def test_a_turned_question_counts_the_other_way_and_a_sum_is_multiplied() -> None:
    assert score(WELL, {"a": 5, "b": 0}) == 40
    assert score(WELL, {"a": 0, "b": 5}) == 0
    assert [*WELL.reach, *LONELY.reach] == [0, 40, 0, 6]
    assert not band_of(WELL, 10)


@pytest.mark.parametrize("answers", [{"a": 1}, {"a": 1, "b": None}, {}])
def test_a_missing_answer_is_no_score(answers: dict[str, int | None]) -> None:
    assert score(WELL, answers) is None


@pytest.mark.parametrize("answers", [{"a": 6, "b": 1}, {"a": -1, "b": 1}, {"a": 1, "b": 1, "c": 1}])
def test_what_is_no_answer_is_refused(answers: dict[str, int | None]) -> None:
    with pytest.raises(InputError) as error:
        score(WELL, answers)
    assert error.value.code == "answer_unusable"
