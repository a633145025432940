"""What changed between two waves of answers: pairs by pseudonym, an interval, effect sizes; and who did not answer again.

Formulas and gates: reference/impact.md 3.8. Few pairs show little: nothing under 5, a mean from 5, an interval from 10, all from 30.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from meervoud.core.errors import InputError

FEWEST, FEWEST_FOR_INTERVAL, FEWEST_FOR_ALL = 5, 10, 30
CONFIDENCE: Final = 0.95
Scores = Mapping[str, float]
"""One score for each pseudonym."""
_Array = NDArray[np.float64]


class Gate(StrEnum):
    """How much a number of pairs allows to say."""

    NOTHING = "nothing"
    MEAN = "mean"
    SMALL_GROUP = "small_group"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % confidence interval; None for the ends where too few people say so."""

    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What changed, as far as it may be said.

    Attributes:
        pairs: how many people answered both times; None where they are 1 to k - 1.
        gate: what may be said.
        before, after: means of those people.
        change: after less before; a change for the better may be below 0, see Scale.is_lower_better.
        sd: standard deviation of the changes; None under 10 pairs.
        p_value: of the paired t-test, two-sided; None under 10 pairs, or where nobody changed otherwise than all.
        wilcoxon_p: of the signed rank test; None under 10 pairs, or where nobody changed.
        d_z, d_av, hedges_g: effect sizes; d_av is the one to compare scales by; hedges_g is d_z for small groups.
        conservative: with no change for who did not answer again; what is valued, by default.
        response_before, response_after: who answered, of who was asked, 0-1; None where few answered, or few did not again.
        stayed_before, left_before: mean before of who answered again, and of who did not; None where either is too few.
        warnings: codes: regression_to_mean, small_group, many_left.
    """

    pairs: int | None
    gate: Gate
    before: float | None = None
    after: float | None = None
    change: Estimate | None = None
    sd: float | None = None
    p_value: float | None = None
    wilcoxon_p: float | None = None
    d_z: float | None = None
    d_av: float | None = None
    hedges_g: float | None = None
    conservative: Estimate | None = None
    response_before: float | None = None
    response_after: float | None = None
    stayed_before: float | None = None
    left_before: float | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waves:
    """Two waves of one scale.

    Attributes:
        before, after: scores by pseudonym.
        asked_before, asked_after: how many people were asked, at least as many as answered.
        reach: lowest and highest score of the scale.
        is_lower_better: a lower score is better.
    """

    before: Scores
    after: Scores
    asked_before: int
    asked_after: int
    reach: tuple[float, float]
    is_lower_better: bool


def paired(waves: Waves, *, k: int = FEWEST, has_comparison: bool = False) -> Effect:
    """Return what changed between two waves.

    Args:
        waves: of one scale.
        k: the smallest group that anything is said of, >= 5.
        has_comparison: a group without the activity answered too, so that a bad start alone explains less.

    Raises:
        InputError: a score is outside the scale, more people answered than were asked, or k is below 5.
    """
    _check(waves, k)
    ids = sorted(waves.before.keys() & waves.after.keys())
    number = len(ids)
    left = [score for each, score in waves.before.items() if each not in waves.after]
    response = _response(waves, len(left), k)
    if number < k:
        known = None if number else 0
        return Effect(known, Gate.NOTHING, response_before=response[0], response_after=response[1])
    before, after = (np.asarray([wave[each] for each in ids], np.float64) for wave in (waves.before, waves.after))
    change = after - before
    padded = np.concatenate([change, np.zeros(len(left))])
    is_told = len(left) >= k
    sizes = _sizes(before, after) if number >= FEWEST_FOR_INTERVAL else _Sizes()
    return Effect(
        pairs=number,
        gate=_gate(number),
        before=float(before.mean()),
        after=float(after.mean()),
        change=_estimate(change, number),
        sd=sizes.sd,
        p_value=sizes.p_value,
        wilcoxon_p=sizes.wilcoxon_p,
        d_z=sizes.d_z,
        d_av=sizes.d_av,
        hedges_g=sizes.hedges_g,
        conservative=_estimate(padded, number) if is_told or not left else None,
        response_before=response[0],
        response_after=response[1],
        stayed_before=float(before.mean()) if is_told else None,
        left_before=float(np.mean(left)) if is_told else None,
        warnings=tuple(_warnings(waves, float(before.mean()), number, len(left), has_comparison=has_comparison)),
    )


def changes_with_drop_outs(waves: Waves) -> tuple[float, ...]:
    """Return the change of everybody who answered the first time, 0 for who did not answer again: what is valued by default."""
    return tuple(waves.after.get(each, score) - score for each, score in sorted(waves.before.items()))


@dataclass(frozen=True, slots=True)
class Difference:
    """The change of a group less that of a comparison group, with a Welch interval, and the deadweight that follows."""

    change: Estimate
    deadweight: float | None


def compared(group: Waves, comparison: Waves) -> Difference | None:
    """Return what changed more than in a comparison group; None where either has fewer than ten pairs.

    The deadweight is the change of the comparison group as a part of that of the group, kept within 0-1; None where the
    group did not change for the better: what the activity kept from getting worse is no part of it.
    """
    one, other = (_changes(each) for each in (group, comparison))
    if min(len(one), len(other)) < FEWEST_FOR_INTERVAL:
        return None
    mean = float(one.mean() - other.mean())
    parts = one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)
    error = sqrt(sum(parts))
    turned = -1.0 if group.is_lower_better else 1.0
    is_better = turned * one.mean() > 0
    deadweight = min(max(float(other.mean() / one.mean()), 0.0), 1.0) if is_better else None
    if error == 0:
        return Difference(Estimate(mean, mean, mean), deadweight)
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(each) - 1) for part, each in zip(parts, (one, other), strict=True) if part
    )
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * error
    return Difference(Estimate(mean, mean - reach, mean + reach), deadweight)


def _changes(waves: Waves) -> _Array:
    return np.asarray(
        [waves.after[each] - waves.before[each] for each in sorted(waves.before.keys() & waves.after.keys())],
        np.float64,
    )


@dataclass(frozen=True, slots=True)
class _Sizes:
    sd: float | None = None
    p_value: float | None = None
    wilcoxon_p: float | None = None
    d_z: float | None = None
    d_av: float | None = None
    hedges_g: float | None = None


def _sizes(before: _Array, after: _Array) -> _Sizes:
    change = after - before
    number, mean, sd = len(change), float(change.mean()), float(change.std(ddof=1))
    spread = float(before.std(ddof=1) + after.std(ddof=1)) / 2
    if sd == 0:
        return _Sizes(sd=sd, d_av=mean / spread if spread else None)
    small = 1 - 3 / (4 * (number - 1) - 1)
    t = mean / (sd / sqrt(number))
    return _Sizes(
        sd=sd,
        p_value=float(2 * stats.t.sf(abs(t), number - 1)),
        wilcoxon_p=float(stats.wilcoxon(change).pvalue),
        d_z=mean / sd,
        d_av=mean / spread if spread else None,
        hedges_g=mean / sd * small,
    )


def _estimate(values: _Array, pairs: int) -> Estimate:
    mean, number = float(values.mean()), len(values)
    if pairs < FEWEST_FOR_INTERVAL:
        return Estimate(mean, None, None)
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, number - 1)) * float(values.std(ddof=1)) / sqrt(number)
    return Estimate(mean, mean - reach, mean + reach)


def _gate(pairs: int) -> Gate:
    if pairs < FEWEST_FOR_INTERVAL:
        return Gate.MEAN
    return Gate.SMALL_GROUP if pairs < FEWEST_FOR_ALL else Gate.FULL


def _warnings(waves: Waves, before: float, pairs: int, left: int, *, has_comparison: bool) -> list[str]:
    low, high = waves.reach
    third = (high - low) / 3
    is_at_worst = before >= high - third if waves.is_lower_better else before <= low + third
    found = list[str]()
    if is_at_worst and not has_comparison:
        found.append("regression_to_mean")
    if pairs < FEWEST_FOR_ALL:
        found.append("small_group")
    if left > pairs:
        found.append("many_left")
    return found


def _response(waves: Waves, left: int, k: int) -> tuple[float | None, float | None]:
    """Return who answered of who was asked, each time; not where that tells of few: who answered, or who did not again."""
    counts = ((len(waves.before), waves.asked_before), (len(waves.after), waves.asked_after))
    if 0 < left < k:
        return None, None
    before, after = (part / whole if whole and not 0 < part < k else None for part, whole in counts)
    return before, after


def _check(waves: Waves, k: int) -> None:
    low, high = waves.reach
    for wave, asked in ((waves.before, waves.asked_before), (waves.after, waves.asked_after)):
        if len(wave) > asked:
            raise InputError(
                f"{len(wave)} people answered, and {asked} were asked. Check how many were asked.",
                code="more_answers_than_asked",
                answered=len(wave),
                asked=asked,
            )
        if not all(low <= each <= high for each in wave.values()):
            raise InputError(
                f"A score is not between {low:g} and {high:g}. Check that both waves are of the same scale.",
                code="score_outside",
                low=low,
                high=high,
            )
    if k < FEWEST:
        raise InputError(
            f"Groups of {k} are too small to tell anything of. Choose at least {FEWEST}.", code="k_too_small"
        )
