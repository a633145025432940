"""Prices of another year or another money: an index level by year, or one direct factor; rounded yearly factors are never chained."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from meervoud.core.errors import InputError


@dataclass(frozen=True, slots=True)
class PriceSeries:
    """Consumer prices of a country.

    Attributes:
        country: ISO 3166, e.g. NL.
        levels: by year; what 1.00 of that year is worth is their ratio. Empty where only direct factors are known.
        factors: by (from year, to year): one direct factor.
        source: publisher, table.
    """

    country: str
    levels: Mapping[int, Decimal]
    factors: Mapping[tuple[int, int], Decimal]
    source: str


@dataclass(frozen=True, slots=True)
class Rates:
    """Money of one currency in another, by year: how much of `into` one unit of `of` was on average.

    Attributes:
        of, into: ISO 4217; of a parity, ISO 3166.
        by_year: the average rate of a year.
        source: publisher, table.
    """

    of: str
    into: str
    by_year: Mapping[int, Decimal]
    source: str


def index_factor(series: PriceSeries, from_year: int, to_year: int) -> Decimal:
    """Return what one unit of money of a year is worth in another year, in prices of that year.

    A direct factor goes before levels. Factors are never multiplied: each was rounded by itself, so that their product is
    wrong in the third digit (reference/impact.md 3.5).

    Raises:
        InputError: the series does not know one of the years.
    """
    if from_year == to_year:
        return Decimal(1)
    direct = series.factors.get((from_year, to_year))
    if direct is not None:
        return direct
    if from_year in series.levels and to_year in series.levels:
        return series.levels[to_year] / series.levels[from_year]
    raise InputError(
        f"There is no price index of {series.country} from {from_year} to {to_year}. Add it, or choose another year.",
        code="index_missing",
        country=series.country,
        first=str(from_year),
        last=str(to_year),
    )


def rate_of(rates: Mapping[tuple[str, str], Rates], of: str, into: str, year: int) -> Decimal:
    """Return the average rate of a year.

    Raises:
        InputError: it is not known.
    """
    if of == into:
        return Decimal(1)
    found = rates.get((of, into))
    if found is None or year not in found.by_year:
        raise InputError(
            f"There is no rate from {of} to {into} in {year}. Add it, or use a price in {into}.",
            code="rate_missing",
            of=of,
            into=into,
            year=str(year),
        )
    return found.by_year[year]
