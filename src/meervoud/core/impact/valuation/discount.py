"""What a later year is worth today: real rates by country, in bands of years."""

from collections.abc import Sequence
from dataclasses import dataclass

from meervoud.core.errors import InputError


@dataclass(frozen=True, slots=True)
class DiscountRule:
    """Real rates of a country.

    Attributes:
        country: ISO 3166.
        bands: (from year, rate): a rate holds from that year on until the next band; the first begins at year 0 or 1.
        source: publisher, date.
    """

    country: str
    bands: tuple[tuple[int, float], ...]
    source: str

    def rate(self, year: int) -> float:
        """Return the rate of a year, counted from the year of the inputs."""
        return max((each for each in self.bands if each[0] <= year), key=lambda each: each[0])[1]


def discount_factors(rule: DiscountRule, years: int, *, is_start_of_year: bool = False) -> Sequence[float]:
    """Return what one unit of money at the end of each year 1, 2, ... is worth in year 0.

    Bands are chained: with 3.5 % up to year 35 and 2.5 % from year 36 on, year 36 is 1.035^-35 / 1.025.

    Args:
        rule: rates by year.
        years: how many.
        is_start_of_year: the money comes at the start of a year; the first year is then not discounted.

    Raises:
        InputError: the rule says nothing about the first year, or a rate is -100 % or less.
    """
    if (
        not rule.bands
        or len({each[0] for each in rule.bands}) < len(rule.bands)
        or min(each[0] for each in rule.bands) > 1
        or any(each[1] <= -1 for each in rule.bands)
    ):
        raise InputError(
            f"The discount rates of {rule.country} do not begin in the first year. Give a rate from year 0 on.",
            code="discount_unusable",
            country=rule.country,
        )
    factors, worth = list[float](), 1.0
    for year in range(1, years + 1):
        if is_start_of_year:
            factors.append(worth)
        worth /= 1 + rule.rate(year)
        if not is_start_of_year:
            factors.append(worth)
    return factors
