"""Whose wishes weigh most: priorities of stakeholders, points for outcomes, how far groups agree, and what is material.

Formulas: reference/impact.md, section 2, steps 2 and 4.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import numpy as np
from scipy import stats

from meervoud.core.errors import InputError

LEAST, MOST = 1, 5
POINTS: Final = 100
DIALOGUE_BELOW: Final = 0.3
"""Groups that agree less than this should talk: an average would hide what they want."""
MOST_RELEVANT: Final = 3
MATERIAL: Final = 4
Wishes = Mapping[str, Mapping[str, int]]
"""Points by outcome, for each group; what a group does not name gets 0."""


def priority(*, affected: int, influence: int, interest: int) -> float:
    """Return how much the wishes of a stakeholder weigh, 1-5: who is affected counts double.

    Args:
        affected: how much the initiative changes for them, 1-5.
        influence: how much they can change about it, 1-5.
        interest: how much they care, 1-5.

    Raises:
        InputError: a score is outside 1-5.
    """
    for what, score in (("affected", affected), ("influence", influence), ("interest", interest)):
        if not LEAST <= score <= MOST:
            raise InputError(
                f"{score} is no score. Choose a number from {LEAST} to {MOST}.",
                code="priority_score",
                what=what,
                value=str(score),
            )
    return (2 * affected + influence + interest) / 4


def weights(wishes: Wishes, priorities: Mapping[str, float]) -> dict[str, float]:
    """Return how much each outcome weighs, 0-1; together 1, or none where no group gave points.

    Args:
        wishes: 100 points of each group, over outcomes.
        priorities: of each of those groups, > 0; see `priority`.

    Raises:
        InputError: points that are below 0 or do not add up to 100, or a group without a priority.
    """
    _check(wishes, priorities)
    whole = sum(priorities[group] for group in wishes)
    return {
        outcome: sum(priorities[group] * points.get(outcome, 0) for group, points in wishes.items()) / whole / POINTS
        for outcome in _outcomes(wishes)
    }


def agreement(wishes: Wishes) -> float | None:
    """Return how far the groups rank the outcomes alike, from 0 (not at all) to 1 (in the same order).

    Outcomes with equal points share a rank.

    Args:
        wishes: 100 points of each group, over outcomes.

    Returns:
        Kendall's W with the correction for ties; None with fewer than two groups or two outcomes, or where no group
        prefers any outcome to another.

    Raises:
        InputError: points that are below 0 or do not add up to 100.

    References:
        Kendall & Babington Smith (1939), The problem of m rankings.
    """
    _check(wishes, dict.fromkeys(wishes, 1.0))
    outcomes = _outcomes(wishes)
    groups, number = len(wishes), len(outcomes)
    if groups < 2 or number < 2:
        return None
    points = [[each.get(outcome, 0) for outcome in outcomes] for each in wishes.values()]
    sums = np.sum([stats.rankdata(row) for row in points], axis=0)
    spread = float(((sums - sums.mean()) ** 2).sum())
    ties = sum(times**3 - times for row in points for times in Counter(row).values())
    most = groups**2 * (number**3 - number) - groups * ties
    return min(12 * spread / most, 1.0) if most else None


def needs_dialogue(agreed: float | None) -> bool:
    """Return whether the groups should talk before their points are averaged; not where their agreement is not known."""
    return agreed is not None and agreed < DIALOGUE_BELOW


def materiality(*, relevance: int, significance: int) -> int:
    """Return how much an outcome matters, 0-9; from MATERIAL on it is material.

    Args:
        relevance: how much it matters to the stakeholders, 0-3.
        significance: how large the change is, 0-3.

    Raises:
        InputError: a score is outside 0-3.
    """
    for what, score in (("relevance", relevance), ("significance", significance)):
        if not 0 <= score <= MOST_RELEVANT:
            raise InputError(
                f"{score} is no score. Choose a number from 0 to {MOST_RELEVANT}.",
                code="materiality_score",
                what=what,
                value=str(score),
            )
    return relevance * significance


def is_material(found: int) -> bool:
    """Return whether an outcome of this materiality must be measured, or left out with a reason."""
    return found >= MATERIAL


def _outcomes(wishes: Wishes) -> list[str]:
    return sorted({outcome for points in wishes.values() for outcome in points})


def _check(wishes: Wishes, priorities: Mapping[str, float]) -> None:
    for group, points in wishes.items():
        if not all(0 <= each <= POINTS for each in points.values()):
            raise InputError(
                f"{group} gave an outcome fewer than 0 or more than {POINTS} points. Correct that number.",
                code="points_unusable",
                group=group,
            )
        total = sum(points.values())
        if total != POINTS:
            raise InputError(
                f"The points of {group} add up to {total}. Spread exactly {POINTS}.",
                code="points_sum",
                group=group,
                total=str(total),
            )
        if not priorities.get(group, 0) > 0:
            raise InputError(
                f"{group} has no priority yet. Score how affected, influential and interested they are.",
                code="points_priority",
                group=group,
            )
