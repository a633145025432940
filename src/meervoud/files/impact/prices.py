"""Prices of outcomes, price indexes and discount rates: read from the dated files of core.impact."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from meervoud.core.impact.valuation.case import Proxy, ProxyKind
from meervoud.core.impact.valuation.discount import DiscountRule
from meervoud.core.impact.valuation.prices import PriceSeries

PROXIES: Final = "parameters/proxies-2026-11.toml"
ECONOMY: Final = "parameters/economy-2026-11.toml"
READ: Final = ("source", "secondary")
Table = Mapping[str, Any]  # TOML has values of any type


@dataclass(frozen=True)
class Economy:
    """What prices of other years are brought over with.

    Attributes:
        version: the day of the file.
        prices: price series by country.
        discount: discount rules by country.
    """

    version: str
    prices: Mapping[str, PriceSeries]
    discount: Mapping[str, DiscountRule]


@cache
def read_proxies() -> Mapping[str, Proxy]:
    """Return the prices that come with Meervoud, by code, the latest figure of each."""
    table = _read(PROXIES)
    return {code: _proxy(code, each) for code, each in table.items() if code != "version"}


def _proxy(code: str, table: Table) -> Proxy:
    row = max(table["values"], key=lambda each: each["from"])
    low, value, high = (Decimal(row[name]) if name in row else None for name in ("low", "value", "high"))
    if value is None:
        raise KeyError(f"{code} has no value")
    return Proxy(
        code=code,
        kind=ProxyKind(table["kind"]),
        unit=table["unit"],
        value=value,
        low=low,
        high=high,
        currency=table["currency"],
        price_year=row["price_year"],
        country=table["country"],
        source=row["source"],
        is_verified=row["read"] in READ,
    )


@cache
def read_economy() -> Economy:
    """Return the price indexes and discount rates that come with Meervoud."""
    table = _read(ECONOMY)
    prices = {
        country: PriceSeries(
            country,
            {},
            {(int(year), each["to_year"]): Decimal(by) for year, by in each["factors"].items()},
            each["source"],
        )
        for country, each in table["prices"].items()
    }
    discount = {
        country: DiscountRule(country, tuple((year, float(rate)) for year, rate in each["bands"]), each["source"])
        for country, each in table["discount"].items()
    }
    return Economy(table["version"], prices, discount)


def _read(name: str) -> Table:
    return tomllib.loads((files("meervoud.core.impact") / name).read_text("utf-8"), parse_float=Decimal)
