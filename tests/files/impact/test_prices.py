"""The prices that come with Meervoud are those of the reference, no more and no fewer, and each can be valued with."""

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from meervoud.core.impact.valuation.case import Terms
from meervoud.core.impact.valuation.discount import discount_factors
from meervoud.core.impact.valuation.statement import value_case
from meervoud.core.impact.valuation.uncertain import Fixed
from meervoud.files.impact.prices import read_economy, read_proxies
from tests.core.impact.valuation.cases import CLAIM, DESK, PARITY, POUNDS, case


@pytest.mark.reference_data
def test_every_price_that_somebody_read_is_there_as_it_was_read(reference_data: Path) -> None:
    with (reference_data / "impact_proxies.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    usable = {each["code"]: each for each in rows if each["verified"].startswith("yes") and each["price_year"]}
    found = read_proxies()
    assert found.keys() == usable.keys()
    for code, row in usable.items():
        have = found[code]
        assert [have.low, have.value, have.high] == [
            Decimal(row[each]) if row[each] else None for each in ("low", "value", "high")
        ]
        assert [have.unit, have.currency, have.country] == [row["unit"], row["currency"], row["country"]], code
        assert have.price_year == int(row["price_year"])
        assert row["source"].split(" (")[0].split(",")[0] in have.source
    left_out = {each["code"] for each in rows} - usable.keys()
    assert {"LONELY-UK-CHRONIC", "QALY-NL", "AED-UK-GMCA"} <= left_out


def test_every_dutch_price_can_be_valued_with_and_the_rest_says_what_is_missing() -> None:
    economy, valued = read_economy(), set[str]()
    terms = Terms("EUR", "NL", 2024, economy.discount["NL"], 5, economy.prices, POUNDS, PARITY, draws=100)
    for proxy in read_proxies().values():
        one = replace(CLAIM, unit=proxy.unit, proxy=proxy, quantity=Fixed(1))
        known = economy.prices.get(proxy.country)
        is_known = proxy.price_year == 2024 or (known is not None and (proxy.price_year, 2024) in known.factors)
        if is_known and proxy.currency in ("EUR", "GBP") and proxy.kind != "rent":
            found = value_case(replace(case(one, inputs=(DESK,)), terms=terms), seed=1)
            assert found.value.low <= found.value.high
            valued.add(proxy.code)
    assert {"GP-NL", "WELLBY-UK", "VOLHOUR-NL-WML"} <= valued
    assert len(valued) >= 15


def test_rates_are_those_of_each_country() -> None:
    rules = read_economy().discount
    assert discount_factors(rules["NL"], 1)[0] == pytest.approx(1 / 1.0225)
    assert discount_factors(rules["DK"], 36)[35] == pytest.approx(1.035**-35 / 1.025)
    assert discount_factors(rules["GB"], 31)[30] == pytest.approx(1.035**-30 / 1.03)
