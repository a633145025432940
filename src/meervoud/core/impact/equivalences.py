"""Large numbers in terms that people know, each of which says what it means; never rounded up."""

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Final

from meervoud.core.errors import InputError

MINUTES_ROUND_THE_CLOCK: Final = 24 * 60
MINUTES_OF_A_WORKING_DAY: Final = 8 * 60


@dataclass(frozen=True, slots=True)
class Hall:
    """A hall that people know, to compare floor with.

    Attributes:
        name: as people call it.
        m2: its floor in m2, > 0.
        source: who says so.
        year: of that source.
    """

    name: str
    m2: float
    source: str
    year: int


def days_round_the_clock(minutes: int) -> int:
    """Return how many whole days of 24 hours minutes (>= 0) are; say "round the clock" with it."""
    return minutes // MINUTES_ROUND_THE_CLOCK


def working_days(minutes: int) -> int:
    """Return how many whole working days of 8 hours minutes (>= 0) are."""
    return minutes // MINUTES_OF_A_WORKING_DAY


def times_a_hall(m2: float, hall: Hall) -> float:
    """Return how many times the floor of a hall fits in a floor.

    Args:
        m2: floor, >= 0.
        hall: what it is compared with.

    Returns:
        Times, with one decimal, rounded down.

    Raises:
        InputError: the floor is below 0 or not finite, or the hall has none.
    """
    for floor, is_usable in ((m2, m2 >= 0), (hall.m2, hall.m2 > 0)):
        if not is_usable or not isfinite(floor):
            raise InputError(
                f"A floor of {floor} m2 cannot be compared. Give a number of m2 above 0.",
                code="floor_unusable",
                value=str(floor),
            )
    # as decimals: in floats 0.3 / 0.1 is less than 3, and would be rounded down to 2.9
    return float(Decimal(str(m2)) * 10 // Decimal(str(hall.m2)) / 10)


def too_precise(value: float | Decimal, digits: int = 3) -> bool:
    """Return whether a number says more than so many digits, zeros at either end left aside: 2,842 does, 11,500 does not.

    Args:
        value: finite.
        digits: how many digits may stand, >= 1.
    """
    return len(Decimal(str(value)).normalize().as_tuple().digits) > digits
