"""What a square metre for an hour is worth, halls to compare with, hours of a year: read from the dated file of core.impact."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Final

from meervoud.core.impact.contribution import UNIT, Tariff
from meervoud.core.impact.equivalences import Hall

FILE: Final = "parameters/2026-11.toml"
_FINE: Final = Decimal("0.0001")
Table = Mapping[str, Any]  # TOML has values of any type


@dataclass(frozen=True)
class ImpactParameters:
    """What impact is computed with where a programme settled nothing else.

    Attributes:
        version: the day of the file.
        default_tariff: name of the tariff to start from.
        tariffs: by name: the hire of rooms as published, and rents divided by the hours of a year, as alternatives.
        halls: by name.
        working_year_hours: hours a room of one's own would be used in a year.
    """

    version: str
    default_tariff: str
    tariffs: Mapping[str, Tariff]
    halls: Mapping[str, Hall]
    working_year_hours: int

    @property
    def tariff(self) -> Tariff:
        """The tariff to start from."""
        return self.tariffs[self.default_tariff]


@cache
def read_impact_parameters() -> ImpactParameters:
    """Return the parameters that come with Meervoud, the latest value of each."""
    table = tomllib.loads((files("meervoud.core.impact") / FILE).read_text("utf-8"), parse_float=Decimal)
    hours = {name: int(_latest(each)["value"]) for name, each in table["hours"].items()}
    tariffs = {name: _tariff(each, hours=1) for name, each in table["tariffs"].items()}
    for name, rent in table["rents"].items():
        tariffs |= {f"{name}_{year}": _tariff(rent, hours=hours[year]) for year in hours}
    halls = {name: _hall(each) for name, each in table["halls"].items()}
    return ImpactParameters(table["version"], table["default_tariff"], tariffs, halls, hours["working_year"])


def _latest(table: Table) -> Table:
    found: Table = max(table["values"], key=lambda each: each["from"])
    return found


def _tariff(table: Table, *, hours: int) -> Tariff:
    """Return a tariff per hour; a rent by the year is divided by `hours` of it."""
    row = _latest(table)
    low, value, high = (Decimal(row[name]) for name in ("low", "value", "high"))
    unit, source = table["unit"], row["source"]
    if unit == "m2*year":
        low, value, high = ((each / hours).quantize(_FINE) for each in (low, value, high))
        unit, source = UNIT, f"{source}; a year of {hours} hours"
    return Tariff(low, value, high, table["currency"], unit, row["price_year"], source)


def _hall(table: Table) -> Hall:
    row = _latest(table)
    return Hall(table["name"], float(row["value"]), row["source"], row["from"].year)
