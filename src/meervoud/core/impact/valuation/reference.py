"""The value of a case for one set of numbers, by the formulas of reference/impact.md 3.4 and 3.5 as they stand there.

It shares only the case with the fast way, and exists to be compared with it: no draws, no arrays, one sum after another.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from meervoud.core.impact.valuation.case import Case, Claim, Terms

Numbers = Mapping[str, float]
"""By parameter, as the fast way names them: "quantity of ...", "price ...", "deadweight of ...", "amount of ..."."""


@dataclass(frozen=True)
class PlainValue:
    """Present values for society and of the inputs, and the years until the one has reached the other."""

    value: float
    inputs: float
    payback_years: float | None


def plain_value(case: Case, numbers: Numbers) -> PlainValue:
    """Return what a case is worth where every parameter has one number.

    Args:
        case: that was checked already.
        numbers: one for each parameter.
    """
    terms, by_year = case.terms, dict[int, float]()
    for claim in case.claims:
        if claim.is_transfer:
            continue
        for year in range(1, terms.horizon + 1):
            amount = _of_year(claim, year, numbers, terms) / _growth(terms, year)
            by_year[year] = by_year.get(year, 0.0) + amount
    inputs = sum(
        numbers[f"amount of {each.name}"]
        * _to_base(each.country, each.price_year, each.currency, terms, is_parity=False)
        / (_growth(terms, each.year) if each.year else 1)
        for each in case.inputs
    )
    return PlainValue(sum(by_year.values()), inputs, _payback(by_year, inputs, terms.horizon))


def _of_year(claim: Claim, year: int, numbers: Numbers, terms: Terms) -> float:
    s, lasts, key = claim.starts_after, claim.years, claim.key
    if not s < year <= s + lasts:
        return 0.0
    proxy = claim.proxy
    is_parity = proxy.kind == "wellbeing" and proxy.country != terms.country
    to_base = _to_base(proxy.country, proxy.price_year or 0, proxy.currency, terms, is_parity=is_parity)
    gross = numbers[f"quantity of {key}"] * numbers[f"price {proxy.code}"] * to_base
    net = gross
    net *= 1 - numbers[f"deadweight of {key}"]
    net *= 1 - numbers[f"displacement of {key}"]
    net *= 1 - numbers[f"attribution_to_others of {key}"]
    result: float = net * (1 - numbers[f"drop_off of {key}"]) ** (year - 1 - s)
    return result


def _growth(terms: Terms, year: int) -> float:
    """Return by how much money grows until a year; at the start of a year, that of the years before it."""
    growth = 1.0
    for each in range(1, year if terms.is_start_of_year else year + 1):
        growth *= 1 + [rate for begins, rate in sorted(terms.discount.bands) if begins <= each][-1]
    return growth


def _to_base(country: str, year: int, currency: str, terms: Terms, *, is_parity: bool) -> float:
    factor = 1.0
    if year != terms.base_year:
        series = terms.prices[country]
        direct = series.factors.get((year, terms.base_year))
        factor = float(direct if direct is not None else series.levels[terms.base_year] / series.levels[year])
    if is_parity:
        return factor * float(terms.purchasing_power[country, terms.country].by_year[terms.base_year])
    if currency != terms.currency:
        factor *= float(terms.rates[currency, terms.currency].by_year[terms.base_year])
    return factor


def _payback(by_year: Mapping[int, float], inputs: float, horizon: int) -> float | None:
    if inputs <= 0:
        return None
    left = inputs
    for year in range(1, horizon + 1):
        gained = by_year.get(year, 0.0)
        if gained >= left:
            return year - 1 + left / gained
        left -= gained
    return None
