"""What is not known exactly: five shapes of uncertainty, and the draws of each; the same name gives the same draws."""

from dataclasses import dataclass
from hashlib import sha256
from math import inf, isfinite, log, sqrt
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray

from meervoud.core.errors import InputError

Draws = NDArray[np.float64]

NORMAL_95: Final = 1.6448536269514722
"""The 95th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A number without doubt."""

    value: float


@dataclass(frozen=True, slots=True)
class Triangular:
    """A lowest, a most likely and a highest value; low <= mode <= high."""

    low: float
    mode: float
    high: float


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A positive amount by its 5th and its 95th percentile; 0 < p5 <= p95."""

    p5: float
    p95: float


@dataclass(frozen=True, slots=True)
class Share:
    """A share of 0-1 that was found among `people` people: a beta distribution around it; 0 < mean < 1, people >= 1."""

    mean: float
    people: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Values of single pairs; each draw is the mean of as many, taken with replacement. None of them may be missing."""

    values: tuple[float, ...]


MOST_CELLS: Final = 1_000_000
"""How many numbers are drawn at once where means are resampled."""
Uncertain = Fixed | Triangular | Lognormal | Share | Measured


def at_least(what: Triangular, *, part: float) -> Triangular:
    """Return a range that reaches at least a part of its most likely value to each side (reference/impact.md 3.6: 30 %)."""
    room = abs(what.mode) * part
    return Triangular(min(what.low, what.mode - room), what.mode, max(what.high, what.mode + room))


def most_likely(what: Uncertain) -> float:
    """Return the value that the point estimate is computed with."""
    match what:
        case Fixed(value):
            return value
        case Triangular(_, mode, _):
            return mode
        case Lognormal(p5, p95):
            return sqrt(p5) * sqrt(p95)
        case Share(mean, _):
            return mean
        case Measured(values):
            return float(np.mean(values))
    assert_never(what)


def limits(what: Uncertain) -> tuple[float, float]:
    """Return between which values a number can be at all."""
    match what:
        case Fixed(value):
            return value, value
        case Triangular(low, _, high):
            return low, high
        case Lognormal():
            return 0.0, inf
        case Share():
            return 0.0, 1.0
        case Measured(values):
            return min(values), max(values)
    assert_never(what)


def ends(what: Uncertain, drawn: Draws) -> tuple[float, float]:
    """Return the low and the high value that a tornado turns a number to: its ends, or its 5th and 95th percentile.

    Args:
        what: the number.
        drawn: draws of it, for shapes that have no ends and whose percentiles are not given.
    """
    match what:
        case Fixed() | Triangular():
            return limits(what)
        case Lognormal(p5, p95):
            return p5, p95
        case Share() | Measured():
            low, high = np.percentile(drawn, (5, 95))
            return float(low), float(high)
    assert_never(what)


def is_certain(what: Uncertain) -> bool:
    """Return whether all draws of a number are the same, whatever its shape."""
    if isinstance(what, Lognormal):
        return what.p5 == what.p95
    low, high = limits(what)
    return low == high


def generator_of(name: str, seed: int) -> np.random.Generator:
    """Return the generator that belongs to a name: one more name changes no draw of another."""
    key = int.from_bytes(sha256(name.encode()).digest()[:16], "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, key))))


def draw(what: Uncertain, *, name: str, seed: int, number: int) -> Draws:
    """Return draws of a number.

    Args:
        what: the number.
        name: of the number; two numbers with one name, such as a price that is used twice, have the same draws.
        seed: of the whole computation, >= 0; it is stored with the result.
        number: how many draws.

    Raises:
        InputError: the ends are not in order, or no finite numbers.
    """
    check(what, name)
    generator = generator_of(name, seed)
    match what:
        case Fixed(value):
            return np.full(number, value)
        case Triangular(low, mode, high):
            return np.full(number, low) if low == high else generator.triangular(low, mode, high, number)
        case Lognormal(p5, p95):
            return generator.lognormal((log(p5) + log(p95)) / 2, (log(p95) - log(p5)) / (2 * NORMAL_95), number)
        case Share(mean, people):
            return generator.beta(mean * people, (1 - mean) * people, number)
        case Measured(values):
            return _means(np.asarray(values, np.float64), generator, number)
    assert_never(what)


def _means(values: Draws, generator: np.random.Generator, number: int) -> Draws:
    """The means of resampled values: how often each value is taken is multinomial, and cheaper to draw than the values."""
    means, chances = np.empty(number), np.full(len(values), 1 / len(values))
    slice_of = max(1, MOST_CELLS // len(values))
    for at in range(0, number, slice_of):
        means[at : at + slice_of] = generator.multinomial(len(values), chances, min(slice_of, number - at)) @ values
    return means / len(values)


def check(what: Uncertain, name: str) -> None:
    """Refuse an uncertain number that cannot be drawn.

    Raises:
        InputError: as said for each shape.
    """
    match what:
        case Fixed(value):
            is_right = isfinite(value)
        case Triangular(low, mode, high):
            is_right = all(map(isfinite, (low, mode, high))) and low <= mode <= high
        case Lognormal(p5, p95):
            is_right = isfinite(p5) and isfinite(p95) and 0 < p5 <= p95
        case Share(mean, people):
            is_right = 0 < mean < 1 and isfinite(people) and people >= 1
        case Measured(values):
            is_right = len(values) > 0 and all(map(isfinite, values))
        case _:
            assert_never(what)
    if not is_right:
        raise InputError(
            f"“{name}” has no usable range. Give the lowest, the most likely and the highest in this order.",
            code="range_unusable",
            what=name,
        )
