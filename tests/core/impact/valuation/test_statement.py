"""What a case is worth: known answers, a plain second way, and what is refused."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from meervoud.core.errors import InputError
from meervoud.core.impact.contribution import MoneyRange
from meervoud.core.impact.valuation.case import Adjustment, Case, Payer, Portfolio, ProxyKind
from meervoud.core.impact.valuation.discount import DiscountRule, discount_factors
from meervoud.core.impact.valuation.prices import index_factor
from meervoud.core.impact.valuation.reference import plain_value
from meervoud.core.impact.valuation.statement import DoubleCountError, Sums, value_case
from meervoud.core.impact.valuation.uncertain import (
    Fixed,
    Lognormal,
    Measured,
    Share,
    Triangular,
    Uncertain,
    draw,
    ends,
    most_likely,
)
from tests.core.impact.valuation.cases import (
    BRITISH,
    CASE,
    CBS,
    CLAIM,
    CONSULTATION,
    DANISH,
    DESK,
    DUTCH,
    WELLBEING,
    case,
    cases,
    of,
    share,
)

FIRST = 100 * 30.87 * 1.073 * 0.8 * 0.9 * 0.5


def test_a_consultation_of_2022_is_by_the_direct_factor_33_12_in_2024() -> None:
    assert round(30.87 * float(index_factor(CBS, 2022, 2024)), 2) == 33.12
    assert round(30.87 * 1.038 * 1.033, 2) == 33.10  # the control: chained factors are wrong


def test_levels_are_divided_where_no_direct_factor_is_known() -> None:
    assert round(13000 * float(index_factor(BRITISH, 2019, 2024))) == 16020


def test_a_stream_drops_off_and_is_discounted_by_hand() -> None:
    found = value_case(CASE, seed=1)
    assert found.streams[CLAIM.key] == pytest.approx([FIRST, FIRST * 0.75, FIRST * 0.75**2, *[0] * 7])
    present = FIRST / 1.0225 + FIRST * 0.75 / 1.0225**2 + FIRST * 0.75**2 / 1.0225**3
    assert found.value.point == pytest.approx(present)
    assert found.value.low == found.value.median == found.value.high == pytest.approx(present)
    assert found.ratio is not None
    assert found.ratio.point == pytest.approx(present / 1000)
    assert found.payback_years == pytest.approx(
        1 + (1000 - FIRST / 1.0225) / (FIRST * 0.75 / 1.0225**2) if FIRST / 1.0225 < 1000 else 1000 / (FIRST / 1.0225)
    )
    assert found.by_payer == {Payer.STATE: pytest.approx(present)}


def test_an_effect_that_begins_a_year_later_is_one_year_further_off() -> None:
    later = value_case(case(replace(CLAIM, starts_after=1)), seed=1)
    assert later.value.point == pytest.approx(value_case(CASE, seed=1).value.point / 1.0225)


def test_what_comes_after_the_horizon_is_not_counted() -> None:
    short = value_case(case(replace(CLAIM, years=30), horizon=2), seed=1)
    assert short.value.point == pytest.approx(FIRST / 1.0225 + FIRST * 0.75 / 1.0225**2)


def test_danish_rates_change_in_year_36() -> None:
    factors = discount_factors(DANISH, 40)
    assert factors[0] == pytest.approx(1 / 1.035)
    assert factors[34] == pytest.approx(1.035**-35)
    assert factors[35] == pytest.approx(1.035**-35 / 1.025)
    assert discount_factors(DUTCH, 2, is_start_of_year=True) == pytest.approx([1, 1 / 1.0225])


@pytest.mark.parametrize("bands", [(), ((5, 0.02),), ((0, -1.0),), ((0, 0.02), (0, 0.03))])
def test_rates_that_say_nothing_about_the_first_year_are_refused(bands: tuple[tuple[int, float], ...]) -> None:
    with pytest.raises(InputError) as error:
        discount_factors(DiscountRule("NL", bands, "x"), 3)
    assert error.value.code == "discount_unusable"


@given(cases())
@settings(max_examples=150, deadline=None)
def test_the_fast_way_and_the_plain_way_agree_on_every_draw(one: Case) -> None:
    sums = Sums(one)
    values = {name: draw(each, name=name, seed=3, number=4) for name, each in sums.parameters.items()}
    found = sums.at(values)
    for number in range(4):
        plain = plain_value(one, {name: float(each[number]) for name, each in values.items()})
        assert float(np.broadcast_to(found.value, 4)[number]) == pytest.approx(plain.value, rel=1e-9, abs=1e-6)
        assert float(np.broadcast_to(found.inputs, 4)[number]) == pytest.approx(plain.inputs, rel=1e-9, abs=1e-6)


@given(cases())
@settings(max_examples=60, deadline=None)
def test_the_point_and_the_payback_are_those_of_the_plain_way(one: Case) -> None:
    found = value_case(replace(one, terms=replace(one.terms, draws=50)), seed=1)
    plain = plain_value(one, {name: most_likely(each) for name, each in Sums(one).parameters.items()})
    assert found.value.point == pytest.approx(plain.value, rel=1e-9, abs=1e-6)
    if plain.payback_years is None or found.payback_years is None:
        assert found.payback_years == plain.payback_years
    else:
        assert found.payback_years == pytest.approx(plain.payback_years, rel=1e-6)


def test_the_same_seed_gives_the_same_statement_and_another_one_does_not() -> None:
    one = case(of(Triangular(50, 100, 300)))
    assert value_case(one, seed=7) == value_case(one, seed=7)
    assert value_case(one, seed=7).value != value_case(one, seed=8).value


def test_one_more_claim_changes_no_draw_of_the_others() -> None:
    first, other = of(Triangular(50, 100, 300)), replace(of(Triangular(1, 2, 9)), stakeholder="others")
    alone, both = value_case(case(first), seed=7), value_case(case(first, other), seed=7)
    less = value_case(case(other), seed=7)
    assert both.value.point == pytest.approx(alone.value.point + less.value.point)


def test_a_price_that_is_used_twice_has_the_same_draws() -> None:
    wide = replace(CLAIM, proxy=CONSULTATION, attribution_to_others=share(0.5))
    twice = value_case(case(wide, replace(wide, stakeholder="others")), seed=1).value
    once = value_case(case(replace(wide, quantity=Fixed(200))), seed=1).value
    assert (twice.low, twice.high) == pytest.approx((once.low, once.high))
    # the control: by a name of its own the other price would even out against the first
    own = replace(wide, stakeholder="others", proxy=replace(CONSULTATION, code="another"))
    apart = value_case(case(wide, own), seed=1).value
    assert apart.high - apart.low < 0.85 * (once.high - once.low)


def test_draws_have_the_shape_that_was_said() -> None:
    def drawn(what: Uncertain) -> Any:
        return draw(what, name="x", seed=5, number=200_000)

    assert np.percentile(drawn(Lognormal(2, 9)), (5, 95)) == pytest.approx((2, 9), rel=0.02)
    triangle = drawn(Triangular(1, 2, 6))
    assert (triangle.min() >= 1, triangle.max() <= 6, triangle.mean()) == (True, True, pytest.approx(3, rel=0.01))
    found = drawn(Share(0.3, 50))
    assert (found.mean(), found.var()) == (pytest.approx(0.3, rel=0.01), pytest.approx(0.3 * 0.7 / 51, rel=0.03))
    pairs = (0.0, 1.0, 2.0, 5.0)
    means = drawn(Measured(pairs))
    assert (means.mean(), means.std()) == (pytest.approx(2, rel=0.01), pytest.approx(np.std(pairs) / 2, rel=0.02))
    assert drawn(Fixed(4)).tolist()[:2] == [4, 4]
    assert ends(Triangular(1, 2, 6), means) == (1, 6)
    assert ends(Measured(pairs), means) == pytest.approx((0.5, 3.75), abs=0.3)
    assert most_likely(Lognormal(2, 8)) == pytest.approx(4)


@pytest.mark.parametrize(
    "what",
    [
        Fixed(float("nan")),
        Triangular(2, 1, 3),
        Triangular(1, 2, float("inf")),
        Lognormal(0, 3),
        Lognormal(3, 2),
        Share(0, 9),
        Share(1.2, 9),
        Share(0.5, 0),
        Measured(()),
        Measured((1.0, float("nan"))),
    ],
)
def test_a_range_that_is_none_is_refused(what: Uncertain) -> None:
    with pytest.raises(InputError) as error:
        value_case(case(of(what)), seed=1)
    assert error.value.code == "range_unusable"


def test_the_tornado_turns_one_parameter_at_a_time_the_largest_first() -> None:
    wide = replace(
        CLAIM,
        quantity=Triangular(50, 100, 150),
        deadweight=Adjustment(Triangular(0.1, 0.2, 0.4), "asked"),
        drop_off=Adjustment(Triangular(0.2, 0.25, 0.3), "asked"),
    )
    found = value_case(case(wide), seed=1)
    assert [each.parameter.split(" of ")[0] for each in found.tornado][:3] == ["quantity", "deadweight", "drop_off"]
    low, high = (value_case(case(replace(wide, quantity=Fixed(each))), seed=1).value.point - 1000 for each in (50, 150))
    assert (found.tornado[0].low, found.tornado[0].high) == pytest.approx((low, high))


def test_at_its_turning_point_a_parameter_makes_the_value_equal_to_the_inputs() -> None:
    found = value_case(CASE, seed=1)
    for each in found.turnings:
        if each.value is None:
            continue
        changed = Sums(CASE)
        numbers = {name: np.asarray([most_likely(what)]) for name, what in changed.parameters.items()}
        sums = changed.at(numbers | {each.parameter: np.asarray([each.value])})
        assert float(sums.value[0]) == pytest.approx(float(sums.inputs[0]), rel=1e-6), each.parameter
    assert {each.parameter for each in found.turnings if each.value is None} < {
        each.parameter for each in found.turnings
    }


def test_three_lines_are_never_added() -> None:
    gift = MoneyRange(Decimal(10), Decimal(20), Decimal(30), "EUR")
    told = (Portfolio(Decimal(36_000_000), "EUR", "usespace.nl/pilot"),)
    alone, beside = value_case(CASE, seed=1), value_case(replace(CASE, host_contribution=gift, portfolio=told), seed=1)
    assert (beside.host_contribution, beside.portfolio) == (gift, told)
    assert (beside.value, beside.inputs, beside.ratio) == (alone.value, alone.inputs, alone.ratio)


def test_a_transfer_is_shown_by_payer_and_is_in_no_value() -> None:
    found = value_case(case(replace(CLAIM, is_transfer=True)), seed=1)
    assert found.value.point == 0
    assert found.by_payer[Payer.STATE] > 0


def test_wellbeing_from_another_country_is_carried_by_purchasing_power_and_said_to_be() -> None:
    felt = replace(CLAIM, unit=WELLBEING.unit, proxy=WELLBEING, quantity=Fixed(10))
    found = value_case(case(felt), seed=1)
    assert found.carried == ["price WELLBY-UK"]
    first = 10 * 13000 * 1.2323 * 1.10 * 0.8 * 0.9 * 0.5
    assert found.streams[felt.key][0] == pytest.approx(first)
    (price,) = [each for each in found.tornado if each.parameter == "price WELLBY-UK"]
    assert price.size > 0.59 * found.value.point


def test_a_price_without_a_range_gets_one_that_is_said_to_be_assumed() -> None:
    found = value_case(case(replace(CLAIM, proxy=replace(CONSULTATION, low=None, high=None))), seed=1)
    assert found.assumed == ["price GP-NL"]
    assert found.value.low < found.value.point < found.value.high


def test_two_claims_of_one_name_are_refused_and_an_input_of_that_name_changes_nothing() -> None:
    one, other = replace(CLAIM, outcome="a / b", stakeholder="s"), replace(CLAIM, outcome="a", stakeholder="b / s")
    with pytest.raises(InputError) as error:
        value_case(case(one, other), seed=1)
    assert error.value.code == "claim_name"
    named = replace(DESK, name=CLAIM.key, price_year=2018)
    assert value_case(case(inputs=(named,)), seed=1).value == value_case(CASE, seed=1).value


def test_saved_rent_is_no_more_than_the_space_that_was_put_in() -> None:
    rent = replace(CONSULTATION, code="R", kind=ProxyKind.RENT, low=None, high=None)
    saved = replace(CLAIM, proxy=rent)
    worth = value_case(case(replace(CLAIM, proxy=replace(rent, kind=ProxyKind.OTHER))), seed=1).value.point
    space = replace(DESK, name="space", kind=ProxyKind.RENT)
    value_case(case(saved, inputs=(replace(space, amount=Fixed(worth)),)), seed=1)
    with pytest.raises(DoubleCountError) as error:
        value_case(case(saved, inputs=(replace(space, amount=Fixed(worth * 0.9)),)), seed=1)
    assert [each.code for each in error.value.issues] == ["D5"]


def test_harm_has_a_turning_point_below_nothing() -> None:
    gain, harm = replace(CLAIM, quantity=Fixed(200)), replace(CLAIM, stakeholder="others", quantity=Fixed(-10))
    found = {each.parameter: each.value for each in value_case(case(gain, harm), seed=1).turnings}
    assert (found[f"quantity of {harm.key}"] or 0) < -10


def test_amounts_that_cannot_be_added_up_are_refused() -> None:
    with pytest.raises(InputError) as error, np.errstate(all="ignore"):
        value_case(case(replace(CLAIM, quantity=Fixed(1e308))), seed=1)
    assert error.value.code == "sums_too_large"


def test_many_pairs_are_resampled_in_slices_with_the_same_spread() -> None:
    pairs = tuple(float(each % 7) for each in range(3000))
    means = draw(Measured(pairs), name="x", seed=5, number=4000)
    assert (means.mean(), means.std()) == (
        pytest.approx(np.mean(pairs), rel=0.001),
        pytest.approx(np.std(pairs) / 3000**0.5, rel=0.05),
    )


def test_wellbeing_of_a_neighbour_with_the_same_money_needs_a_parity_too() -> None:
    felt = replace(WELLBEING, country="BE", currency="EUR", price_year=2024)
    with pytest.raises(InputError) as error:
        value_case(case(replace(CLAIM, unit=felt.unit, proxy=felt)), seed=1)
    assert error.value.code == "rate_missing"


def test_without_inputs_there_is_no_ratio() -> None:
    found = value_case(case(inputs=()), seed=1)
    assert (found.ratio, found.below_one, found.payback_years, found.turnings) == (None, None, None, [])


def test_a_loss_keeps_its_sign() -> None:
    found = value_case(case(CLAIM, replace(CLAIM, stakeholder="others", quantity=Fixed(-150))), seed=1)
    assert found.value.point < 0
    assert found.below_one == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "visit"}, "unit_differs"),
        ({"proxy": replace(CONSULTATION, price_year=None)}, "proxy_year"),
        ({"proxy": replace(CONSULTATION, is_verified=False)}, "proxy_unread"),
        ({"proxy": replace(CONSULTATION, source="")}, "proxy_source"),
        ({"proxy": replace(CONSULTATION, currency="")}, "proxy_source"),
        ({"proxy": replace(CONSULTATION, currency="USD")}, "rate_missing"),
        ({"proxy": replace(CONSULTATION, low=Decimal(40))}, "proxy_order"),
        ({"proxy": replace(CONSULTATION, value=Decimal("NaN"))}, "proxy_order"),
        ({"proxy": replace(CONSULTATION, price_year=2011)}, "index_missing"),
        ({"proxy": replace(CONSULTATION, country="BE")}, "index_missing"),
        ({"proxy": replace(CONSULTATION, price_year=2030)}, "price_year_later"),
        ({"deadweight": share(1.2)}, "share_unusable"),
        ({"displacement": share(-0.1)}, "share_unusable"),
        ({"deadweight": share(0, " ")}, "share_reason"),
        ({"years": 0}, "no_years"),
        ({"starts_after": -1}, "no_years"),
    ],
)
def test_what_does_not_belong_together_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as error:
        value_case(case(replace(CLAIM, **change)), seed=1)
    assert error.value.code == code
    assert str(error.value).endswith(".")


@pytest.mark.parametrize("wrong", [{"year": 11}, {"year": -1}, {"amount": Fixed(-5)}])
def test_an_input_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        value_case(case(inputs=(replace(DESK, **wrong),)), seed=1)
    assert error.value.code == "input_unusable"
    with pytest.raises(InputError) as error:
        value_case(case(inputs=(DESK, DESK)), seed=1)
    assert error.value.code == "input_unusable"


def test_one_code_cannot_stand_for_two_prices() -> None:
    other = replace(CLAIM, stakeholder="others", proxy=CONSULTATION)
    with pytest.raises(InputError) as error:
        value_case(case(CLAIM, other), seed=1)
    assert error.value.code == "proxy_twice"


def test_a_case_that_counts_twice_is_refused_with_what_it_counts_twice() -> None:
    with pytest.raises(DoubleCountError) as error:
        value_case(case(CLAIM, replace(CLAIM)), seed=1)
    assert [each.code for each in error.value.issues] == ["D1"]
