"""What changed: figures by hand, gates by number, who did not answer again; and a plain second way."""

from dataclasses import replace
from math import sqrt
from statistics import fmean, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from meervoud.core.errors import InputError
from meervoud.core.impact.effects import Gate, Waves, changes_with_drop_outs, compared, paired


def waves(before: list[float], after: list[float], *, left: list[float] | None = None, lower: bool = False) -> Waves:
    """Return two waves in which the n-th answers are of one person; `left` answered the first time only."""
    first = {f"p{at}": each for at, each in enumerate(before)} | {f"q{at}": each for at, each in enumerate(left or [])}
    second = {f"p{at}": each for at, each in enumerate(after)}
    return Waves(first, second, len(first) + 2, len(first), (0, 10), lower)


BEFORE = [5.0, 6.0, 4.0, 7.0, 5.0, 6.0, 3.0, 5.0, 6.0, 4.0]
AFTER = [6.0, 6.0, 6.0, 8.0, 5.0, 7.0, 5.0, 7.0, 6.0, 5.0]


def test_ten_pairs_by_hand() -> None:
    found = paired(waves(BEFORE, AFTER))
    assert (found.pairs, found.gate, found.before, found.after) == (10, Gate.SMALL_GROUP, 5.1, 6.1)
    assert found.change is not None
    assert found.change.mean == pytest.approx(1.0)
    assert found.sd == pytest.approx(sqrt(6 / 9))
    reach = 2.2621571628 * sqrt(6 / 9) / sqrt(10)  # t of 9 degrees of freedom at 97.5 %
    assert (found.change.low, found.change.high) == pytest.approx((1 - reach, 1 + reach))
    assert found.d_z == pytest.approx(1 / sqrt(6 / 9))
    assert found.hedges_g == pytest.approx(1 / sqrt(6 / 9) * (1 - 3 / 35))
    assert found.d_av == pytest.approx(1 / ((stdev(BEFORE) + stdev(AFTER)) / 2))
    assert found.p_value == pytest.approx(0.0037, abs=2e-4)
    assert found.warnings == ("small_group",)


@pytest.mark.parametrize(
    ("pairs", "gate", "has_mean", "has_interval"),
    [
        (0, Gate.NOTHING, False, False),
        (4, Gate.NOTHING, False, False),
        (5, Gate.MEAN, True, False),
        (9, Gate.MEAN, True, False),
        (10, Gate.SMALL_GROUP, True, True),
        (29, Gate.SMALL_GROUP, True, True),
        (30, Gate.FULL, True, True),
    ],
)
def test_few_pairs_show_little(pairs: int, gate: Gate, has_mean: bool, has_interval: bool) -> None:  # noqa: FBT001
    found = paired(waves((BEFORE * 3)[:pairs], (AFTER * 3)[:pairs]))
    assert found.gate == gate
    assert (found.change is not None) == has_mean
    assert (found.change is not None and found.change.low is not None) == has_interval
    assert (found.sd is not None) == has_interval
    assert (found.p_value is not None) == has_interval


def test_of_four_people_not_even_their_number_is_told() -> None:
    assert paired(waves(BEFORE[:4], AFTER[:4])).pairs is None
    assert paired(waves([], [])).pairs == 0


def test_who_did_not_answer_again_counts_as_unchanged() -> None:
    found = paired(waves(BEFORE, AFTER, left=[2.0] * 10))
    assert found.conservative is not None
    assert found.conservative.mean == pytest.approx(0.5)
    assert [found.stayed_before, found.left_before] == pytest.approx([5.1, 2.0])
    assert fmean(changes_with_drop_outs(waves(BEFORE, AFTER, left=[2.0] * 10))) == pytest.approx(0.5)
    assert paired(waves(BEFORE, AFTER, left=[2.0] * 11)).warnings == ("small_group", "many_left")
    assert [found.response_before, found.response_after] == pytest.approx([20 / 22, 10 / 20])


def test_a_few_that_did_not_answer_again_cannot_be_worked_out() -> None:
    found = paired(waves(BEFORE, AFTER, left=[2.0] * 4))
    assert (found.left_before, found.stayed_before, found.conservative) == (None, None, None)
    assert (found.response_before, found.response_after) == (None, None)


def test_a_rate_of_few_answers_is_not_told() -> None:
    few = Waves(
        {f"p{at}": 5.0 for at in range(10)}, {f"q{at}": 5.0 for at in range(3)}, 20, 20, (0, 10), is_lower_better=False
    )
    assert (paired(few).response_before, paired(few).response_after) == (0.5, None)


def test_a_group_that_starts_at_its_worst_may_only_have_come_back() -> None:
    low = [each / 2 for each in BEFORE]
    assert "regression_to_mean" in paired(waves(low, AFTER)).warnings
    assert "regression_to_mean" not in paired(waves(low, AFTER), has_comparison=True).warnings
    assert "regression_to_mean" not in paired(waves(low, AFTER, lower=True)).warnings
    assert "regression_to_mean" in paired(waves([10 - each for each in low], AFTER, lower=True)).warnings


def test_where_all_change_alike_there_is_no_test_and_no_infinite_effect() -> None:
    found = paired(waves(BEFORE, [each + 1 for each in BEFORE]))
    assert (found.sd, found.d_z, found.p_value, found.wilcoxon_p) == (0, None, None, None)
    assert found.change is not None
    assert (found.change.low, found.change.high) == (1, 1)


def test_a_comparison_group_gives_a_difference_and_the_deadweight() -> None:
    other = waves(BEFORE, [one + (two - one) / 4 for one, two in zip(BEFORE, AFTER, strict=True)])
    found = compared(waves(BEFORE, AFTER), other)
    assert found is not None
    assert found.deadweight == pytest.approx(0.25)
    assert found.change.mean == pytest.approx(0.75)
    one, two = ([b - a for a, b in zip(BEFORE, after, strict=True)] for after in (AFTER, list(other.after.values())))
    known = stats.ttest_ind(one, two, equal_var=False).confidence_interval(0.95)
    assert (found.change.low, found.change.high) == pytest.approx((known.low, known.high))
    worse = waves(BEFORE, [each - 1 for each in BEFORE])
    again = compared(waves(BEFORE, AFTER), worse)
    assert again is not None
    assert again.deadweight == 0, "a share is never below 0"
    assert compared(waves(BEFORE[:9], AFTER[:9]), other) is None
    assert compared(waves(BEFORE, BEFORE), other) is not None


def test_where_a_group_got_worse_others_say_nothing_of_what_would_have_happened_anyway() -> None:
    worse, better = [each - 1 for each in BEFORE], [each + 1 for each in BEFORE]
    for other in (worse, better):
        found = compared(waves(BEFORE, worse), waves(BEFORE, other))
        assert found is not None
        assert found.deadweight is None
    fell = compared(waves(BEFORE, worse, lower=True), waves(BEFORE, worse, lower=True))
    assert fell is not None
    assert fell.deadweight == 1, "on a scale where lower is better a fall is no harm"


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=10, max_size=40))
@settings(max_examples=100, deadline=None)
def test_another_library_gives_the_same_interval_and_test(answers: list[tuple[int, int]]) -> None:
    before, after = ([float(each[at]) for each in answers] for at in (0, 1))
    found = paired(waves(before, after))
    if found.p_value is None:
        assert stdev([b - a for a, b in answers]) == 0
        return
    known = stats.ttest_rel(after, before)
    interval = known.confidence_interval(0.95)
    assert found.change is not None
    assert found.p_value == pytest.approx(float(known.pvalue), rel=1e-6)
    assert (found.change.low, found.change.high) == pytest.approx((interval.low, interval.high))
    assert found.change.mean == pytest.approx(fmean(after) - fmean(before))
    assert found.d_z == pytest.approx(float(known.statistic) / sqrt(len(answers)))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(waves(BEFORE, AFTER), asked_before=9), "more_answers_than_asked"),
        (replace(waves(BEFORE, AFTER), asked_after=9), "more_answers_than_asked"),
        (replace(waves(BEFORE, AFTER), reach=(0, 6)), "score_outside"),
        (waves([float("nan")], AFTER), "score_outside"),
    ],
)
def test_answers_that_cannot_be_are_refused(wrong: Waves, code: str) -> None:
    with pytest.raises(InputError) as error:
        paired(wrong)
    assert error.value.code == code
    with pytest.raises(InputError):
        paired(waves(BEFORE, AFTER), k=4)
