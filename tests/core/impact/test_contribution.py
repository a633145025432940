"""Equivalences and the contribution in kind: known answers, and what is refused."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meervoud.core.errors import InputError
from meervoud.core.impact.contribution import MoneyRange, Tariff, contribution
from meervoud.core.impact.equivalences import Hall, days_round_the_clock, times_a_hall, too_precise, working_days

SOCIAL = Tariff(Decimal("0.10"), Decimal("0.157"), Decimal("0.30"), "EUR", "m2*hour", 2019, "a published tariff")
PARADISO = Hall("Paradiso", 1200, "NRC, 1 August 2022", 2022)
PILOT_MINUTES = 2842 * 60


def test_the_hours_of_the_pilot_are_118_days_round_the_clock() -> None:
    assert days_round_the_clock(PILOT_MINUTES) == 118
    assert working_days(PILOT_MINUTES) == 355


def test_days_are_rounded_down() -> None:
    assert [days_round_the_clock(each) for each in (0, 1439, 1440, 2879)] == [0, 0, 1, 1]
    assert [working_days(each) for each in (0, 479, 480, 959)] == [0, 0, 1, 1]


def test_the_floor_of_the_pilot_is_eleven_halls_or_nine_and_a_half() -> None:
    assert times_a_hall(11_500, replace(PARADISO, m2=1045)) == 11.0
    assert times_a_hall(11_500, PARADISO) == 9.5  # 9.58: never rounded up


def test_times_a_hall_are_not_rounded_down_by_a_float() -> None:
    assert int(0.3 / 0.1 * 10) / 10 == 2.9  # the control
    assert times_a_hall(0.3, replace(PARADISO, m2=0.1)) == 3.0


@pytest.mark.parametrize(("m2", "hall"), [(-1, 1200), (float("nan"), 1200), (float("inf"), 1200), (5, 0), (5, -2)])
def test_a_floor_that_is_none_is_not_compared(m2: float, hall: float) -> None:
    with pytest.raises(InputError) as error:
        times_a_hall(m2, replace(PARADISO, m2=hall))
    assert error.value.code == "floor_unusable"


@given(st.floats(0, 1e9), st.floats(0.1, 1e6))
def test_times_a_hall_never_says_more_than_there_is(m2: float, hall: float) -> None:
    times = Decimal(str(times_a_hall(m2, replace(PARADISO, m2=hall))))
    fits, floor = Decimal(str(hall)), Decimal(str(m2))
    assert times * fits <= floor < (times + Decimal("0.1")) * fits


@pytest.mark.parametrize(
    ("value", "says_too_much"),
    [
        (2842, True),
        (1227, True),
        (11_500, False),
        (118, False),
        (0, False),
        (9.58, False),
        (9.583, True),
        (-2842, True),
    ],
)
def test_more_than_three_digits_say_too_much(value: float, says_too_much: bool) -> None:  # noqa: FBT001
    assert too_precise(value) == says_too_much


def test_how_many_digits_may_stand_can_be_chosen() -> None:
    assert too_precise(118, digits=2)
    assert not too_precise(Decimal(1227), digits=4)


def test_a_contribution_is_floor_times_hours_times_tariff() -> None:
    assert contribution(1000, SOCIAL) == MoneyRange(Decimal("100.00"), Decimal("157.00"), Decimal("300.00"), "EUR")
    assert contribution(0, SOCIAL) == MoneyRange(Decimal("0.00"), Decimal("0.00"), Decimal("0.00"), "EUR")


def test_a_contribution_is_in_whole_cents_and_half_a_cent_goes_up() -> None:
    found = contribution(0.5, replace(SOCIAL, low=Decimal("0.01"), value=Decimal("0.03"), high=Decimal("0.05")))
    assert [str(each) for each in (found.low, found.value, found.high)] == ["0.01", "0.02", "0.03"]


@given(st.floats(0, 1e10))
def test_a_contribution_keeps_its_order(m2_hours: float) -> None:
    found = contribution(m2_hours, SOCIAL)
    assert 0 <= found.low <= found.value <= found.high
    assert all(each.as_tuple().exponent == -2 for each in (found.low, found.value, found.high))


@pytest.mark.parametrize(
    ("tariff", "code"),
    [
        (replace(SOCIAL, unit="m2*year"), "tariff_unit"),
        (replace(SOCIAL, unit=""), "tariff_unit"),
        (replace(SOCIAL, currency=""), "tariff_currency"),
        (replace(SOCIAL, price_year=None), "tariff_year"),
        (replace(SOCIAL, low=Decimal("0.2")), "tariff_order"),
        (replace(SOCIAL, high=Decimal("0.1")), "tariff_order"),
        (replace(SOCIAL, low=Decimal(-1)), "tariff_order"),
        (replace(SOCIAL, high=Decimal("NaN")), "tariff_order"),
        (replace(SOCIAL, high=Decimal("Infinity")), "tariff_order"),
    ],
)
def test_a_tariff_that_does_not_say_what_it_is_gives_no_amount(tariff: Tariff, code: str) -> None:
    with pytest.raises(InputError) as error:
        contribution(1000, tariff)
    assert error.value.code == code


@pytest.mark.parametrize("m2_hours", [-0.01, float("nan"), float("inf")])
def test_what_is_no_number_of_m2_hours_has_no_value(m2_hours: float) -> None:
    with pytest.raises(InputError) as error:
        contribution(m2_hours, SOCIAL)
    assert error.value.code == "m2_hours_unusable"
