"""Cases to value: a plain one that is easy to compute by hand, and random ones."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from meervoud.core.impact.valuation.case import Adjustment, Case, Claim, Input, Payer, Proxy, ProxyKind, Terms
from meervoud.core.impact.valuation.discount import DiscountRule
from meervoud.core.impact.valuation.prices import PriceSeries, Rates
from meervoud.core.impact.valuation.uncertain import Fixed, Lognormal, Measured, Share, Triangular, Uncertain

DUTCH: Final = DiscountRule("NL", ((0, 0.0225),), "rwseconomie.nl, from 1 January 2021")
DANISH: Final = DiscountRule("DK", ((0, 0.035), (36, 0.025)), "Finansministeriet, 7 January 2021")
CBS: Final = PriceSeries(
    "NL",
    {},
    {(2018, 2024): Decimal("1.260"), (2022, 2024): Decimal("1.073"), (2023, 2024): Decimal("1.033")},
    "CBS, table 83131ned",
)
BRITISH: Final = PriceSeries("GB", {2019: Decimal(100), 2024: Decimal("123.23")}, {}, "a level")
POUNDS: Final = {("GBP", "EUR"): Rates("GBP", "EUR", {2024: Decimal("1.18")}, "a rate")}
PARITY: Final = {("GB", "NL"): Rates("GB", "NL", {2024: Decimal("1.10")}, "a parity")}
TERMS: Final = Terms("EUR", "NL", 2024, DUTCH, 10, {"NL": CBS, "GB": BRITISH}, POUNDS, PARITY)
CONSULTATION: Final = Proxy(
    *("GP-NL", ProxyKind.CARE_COST, "consultation", Decimal("30.87"), Decimal("28.74"), Decimal("42.47")),
    *("EUR", 2022, "NL", "the Dutch costing manual", True),
)
WELLBEING: Final = Proxy(
    *("WELLBY-UK", ProxyKind.WELLBEING, "point*person*year", Decimal(13000), Decimal(10000), Decimal(16000)),
    *("GBP", 2019, "GB", "HM Treasury", True),
)


def share(value: float, reason: str = "asked where they meet now") -> Adjustment:
    return Adjustment(Fixed(value), reason)


CLAIM: Final = Claim(
    outcome="fewer visits",
    stakeholder="neighbours",
    quantity=Fixed(100),
    unit="consultation",
    proxy=replace(CONSULTATION, low=CONSULTATION.value, high=CONSULTATION.value),
    deadweight=share(0.2),
    displacement=share(0.1),
    attribution_to_others=share(0.5),
    drop_off=share(0.25),
    years=3,
    payer=Payer.STATE,
)
DESK: Final = Input("desk", "the municipality", ProxyKind.OTHER, Fixed(1000), "EUR", 2024, "NL")
CASE: Final = Case((CLAIM,), (DESK,), TERMS)


def case(claim: Claim = CLAIM, *more: Claim, inputs: tuple[Input, ...] = (DESK,), **terms: Any) -> Case:
    """Return a case of claims; terms as given, else those of TERMS."""
    return Case((claim, *more), inputs, replace(TERMS, **terms))


amounts = st.one_of(
    st.floats(-1e4, 1e4).map(Fixed),
    st.tuples(*[st.floats(-1e4, 1e4)] * 3).map(lambda each: Triangular(*sorted(each))),
    st.tuples(st.floats(0.1, 10), st.floats(1, 20)).map(lambda each: Lognormal(each[0], each[0] * each[1])),
    st.lists(st.floats(-5, 5), min_size=1, max_size=9).map(lambda each: Measured(tuple(each))),
)
shares = st.one_of(
    st.floats(0, 1).map(Fixed),
    st.tuples(*[st.floats(0, 1)] * 3).map(lambda each: Triangular(*sorted(each))),
    st.tuples(st.floats(0.02, 0.98), st.floats(1, 400)).map(lambda each: Share(*each)),
)


def _input(number: int, amount: Fixed, price: tuple[str, int, str], year: int) -> Input:
    currency, price_year, country = price
    return Input(f"input {number}", "somebody", ProxyKind.OTHER, amount, currency, price_year, country, year)


@st.composite
def cases(draw: Any) -> Case:
    """Return random cases without double counts: every claim has a stakeholder of its own."""
    claims = [
        Claim(
            outcome=f"outcome {number}",
            stakeholder=f"group {number}",
            quantity=draw(amounts),
            unit=proxy.unit,
            proxy=proxy,
            deadweight=Adjustment(draw(shares), "a reason"),
            displacement=Adjustment(draw(shares), "a reason"),
            attribution_to_others=Adjustment(draw(shares), "a reason"),
            drop_off=Adjustment(draw(shares), "a reason"),
            starts_after=draw(st.integers(0, 3)),
            years=draw(st.integers(1, 12)),
            payer=draw(st.sampled_from(Payer)),
            is_transfer=draw(st.booleans()),
        )
        for number, proxy in enumerate(draw(st.lists(st.sampled_from((CONSULTATION, WELLBEING)), max_size=5)))
    ]
    horizon = draw(st.integers(1, 40))
    inputs = [
        _input(number, Fixed(draw(st.floats(0, 1e6))), each, year)
        for number, (each, year) in enumerate(
            draw(
                st.lists(
                    st.tuples(st.sampled_from((("EUR", 2022, "NL"), ("GBP", 2019, "GB"))), st.integers(0, horizon)),
                    max_size=3,
                )
            )
        )
    ]
    terms = replace(
        TERMS, horizon=horizon, discount=draw(st.sampled_from((DUTCH, DANISH))), is_start_of_year=draw(st.booleans())
    )
    return Case(tuple(claims), tuple(inputs), terms)


def of(what: Uncertain) -> Claim:
    """Return the plain claim with another quantity."""
    return replace(CLAIM, quantity=what)
