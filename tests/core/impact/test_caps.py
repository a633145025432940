"""No more people count than can have come often enough: by hand, against every attendance and a flow, and what always holds."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from meervoud.core.errors import InputError
from meervoud.core.impact.caps import Capped, capped, most_by_sums, most_with_dose
from meervoud.files.impact_messages import CAPS
from tests.core.impact.plain_caps import by_every_attendance, by_flow

COUNTS = st.lists(st.integers(0, 12), max_size=6)
DOSES = st.integers(1, 4)


@pytest.mark.parametrize(
    ("head_counts", "dose", "people"),
    [
        ([10, 10, 10], 3, 10),
        ([10, 10, 10], 2, 15),
        ([10, 10, 10], 1, 30),
        ([10, 10, 10], 4, 0),
        ([100, 1, 1], 2, 2),
        ([100, 3], 2, 3),
        ([5], 1, 5),
        ([0, 0], 1, 0),
        ([], 1, 0),
    ],
)
def test_by_hand(head_counts: list[int], dose: int, people: int) -> None:
    assert most_with_dose(head_counts, dose=dose) == people


def test_a_moment_without_a_head_count_makes_it_unknown() -> None:
    assert most_with_dose([10, None, 10], dose=2) is None
    assert most_by_sums(visits=20, uses=3, counted=2, dose=2) is None


@given(st.lists(st.integers(0, 2), max_size=3), st.integers(1, 3))
@example([2, 2, 2], 2)
@settings(deadline=None)
def test_no_attendance_at_all_has_more_and_one_has_as_many(head_counts: list[int], dose: int) -> None:
    assert most_with_dose(head_counts, dose=dose) == by_every_attendance(head_counts, dose)


@given(st.lists(st.integers(0, 6), max_size=5), DOSES)
@settings(deadline=None, max_examples=60)
def test_it_is_what_a_flow_finds(head_counts: list[int], dose: int) -> None:
    assert most_with_dose(head_counts, dose=dose) == by_flow(head_counts, dose)


def test_leaving_out_that_nobody_is_somewhere_twice_would_allow_too_much() -> None:
    assert sum([100, 1, 1]) // 2 > by_flow([100, 1, 1], 2) == 2


@given(COUNTS, DOSES, st.integers(0, 12))
def test_counting_more_never_lowers_it_and_asking_more_never_raises_it(
    head_counts: list[int], dose: int, more: int
) -> None:
    found = most(head_counts, dose)
    assert most([*head_counts, more], dose) >= found
    assert most(head_counts, dose + 1) <= found
    assert most(sorted(head_counts), dose) == found
    assert most(head_counts, 1) == sum(head_counts)


@given(COUNTS, DOSES)
def test_sums_alone_refuse_nothing_that_fits(head_counts: list[int], dose: int) -> None:
    number = len(head_counts)
    by_sums = most_by_sums(visits=sum(head_counts), uses=number, counted=number, dose=dose)
    assert by_sums is not None
    assert by_sums >= most(head_counts, dose)


def test_a_long_ledger_is_quick() -> None:
    assert most_with_dose([1000] * 20_000, dose=10) == 2_000_000


@pytest.mark.parametrize(
    ("claimed", "known", "expected"),
    [
        (10, 12, Capped(10, 12, 10, "within")),
        (12, 12, Capped(12, 12, 12, "within")),
        (13, 12, Capped(13, 12, 12, "above_ledger")),
        (0, 0, Capped(0, 0, 0, "within")),
        (13, None, Capped(13, None, None, "not_counted")),
    ],
)
def test_what_is_left_of_a_claim(claimed: int, known: int | None, expected: Capped) -> None:
    found = capped(claimed, known)
    assert found == expected
    assert found.is_refused == (known is None)
    assert CAPS[found.reason] % {"claimed": claimed, "known": known, "counts": found.counts}


def test_numbers_that_mean_nothing_are_refused() -> None:
    with pytest.raises(InputError) as error:
        capped(-1, 3)
    assert error.value.code == "people_unusable"
    with pytest.raises(InputError) as error:
        most_with_dose([3], dose=0)
    assert error.value.code == "dose_unusable"
    with pytest.raises(InputError) as error:
        most_by_sums(visits=3, uses=1, counted=1, dose=0)
    assert error.value.code == "dose_unusable"


def most(head_counts: Sequence[int], dose: int) -> int:
    found = most_with_dose(head_counts, dose=dose)
    assert found is not None
    return found
