"""What hosts gave in kind, in money: floor times hours times a tariff, as a range. It is never added to social value."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from typing import Final

from meervoud.core.errors import InputError

UNIT: Final = "m2*hour"
"""The one unit in which a tariff can be used."""
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Tariff:
    """What one m2 for one hour is worth.

    Attributes:
        low: the lowest that can be argued for, in `currency` per `unit`, >= 0.
        value: the most likely, >= `low`.
        high: the highest, >= `value`.
        currency: ISO 4217, e.g. EUR.
        unit: UNIT; a rent by the year has to be brought to it first.
        price_year: the year of these prices; None is not known, and then nothing is computed.
        source: publisher, title, table.
    """

    low: Decimal
    value: Decimal
    high: Decimal
    currency: str
    unit: str
    price_year: int | None
    source: str


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """An amount of money that is known between two ends.

    Attributes:
        low: in whole cents, e.g. 12.34; the lower end.
        value: the most likely.
        high: the upper end.
        currency: ISO 4217.
    """

    low: Decimal
    value: Decimal
    high: Decimal
    currency: str


def contribution(m2_hours: float, tariff: Tariff) -> MoneyRange:
    """Return what hosts contributed in kind, in prices of the tariff's own year; nothing is indexed.

    Args:
        m2_hours: floor times hours used, m2 * hour, >= 0.
        tariff: what one of those is worth.

    Returns:
        Three amounts, each rounded to the nearest cent, half a cent up.

    Raises:
        InputError: the tariff has another unit, no currency, no price year or prices out of order, or `m2_hours` is below
            0 or not finite.
    """
    _check(tariff)
    if not isfinite(m2_hours) or m2_hours < 0:
        raise InputError(
            f"{m2_hours} m2-hours cannot be valued. Give a number of 0 or more.",
            code="m2_hours_unusable",
            value=str(m2_hours),
        )
    amount = Decimal(str(m2_hours))
    low, value, high = (
        (amount * each).quantize(_CENT, ROUND_HALF_UP) for each in (tariff.low, tariff.value, tariff.high)
    )
    return MoneyRange(low, value, high, tariff.currency)


def _check(tariff: Tariff) -> None:
    if tariff.unit != UNIT:
        raise InputError(
            f"A price per “{tariff.unit}” cannot be used. Give a price per m2 and hour.",
            code="tariff_unit",
            value=tariff.unit,
        )
    if not tariff.currency:
        raise InputError("This price has no currency. Say in which money it is.", code="tariff_currency")
    if not tariff.price_year:
        raise InputError("This price has no year. Say from which year it is.", code="tariff_year")
    ends = (tariff.low, tariff.value, tariff.high)
    if not all(each.is_finite() for each in ends) or not 0 <= tariff.low <= tariff.value <= tariff.high:
        raise InputError(
            "The lowest, the likely and the highest price are not in order, or below 0. Check all three.",
            code="tariff_order",
        )
