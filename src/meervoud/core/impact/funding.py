"""What more money would do if things go on as they did: people within reach, and value, as ranges."""

from dataclasses import dataclass
from math import floor

from meervoud.core.errors import InputError


@dataclass(frozen=True, slots=True)
class Coming:
    """What an amount would bring about at the average so far.

    Attributes:
        value: low, most likely and high value, in the money of the amount.
        people: how many more people, from the dearest to the cheapest; None where nobody was counted.
    """

    value: tuple[float, float, float]
    people: tuple[int, int] | None


def coming(
    amount: float, *, ratio: tuple[float, float, float], inputs: tuple[float, float], people: int | None
) -> Coming:
    """Return what an amount would bring about if each unit does what it did on average so far.

    That is no forecast: the next unit may do more or less than the average, and whether there are rooms and volunteers for
    more people is not in it.

    Args:
        amount: money, >= 0.
        ratio: value for each unit put in: low, most likely, high.
        inputs: what was put in: low and high, > 0.
        people: who came often enough for that, >= 1; None is not known.

    Returns:
        Ranges; people are rounded down.

    Raises:
        InputError: the amount is below 0, or nothing was put in.
    """
    if amount < 0 or not 0 < inputs[0] <= inputs[1]:
        raise InputError("Give an amount of 0 or more, and what was put in.", code="funding_unusable")
    low, likely, high = ratio
    reached = None if not people else (floor(amount * people / inputs[1]), floor(amount * people / inputs[0]))
    return Coming((amount * low, amount * likely, amount * high), reached)
