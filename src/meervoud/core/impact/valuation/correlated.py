"""Numbers that share a source go up and down together: their draws are put into another order, and stay the same draws.

Iman & Conover (1982), A distribution-free approach to inducing rank correlation among input variables; reference/impact.md
3.6. As only the order changes, every number keeps its own range to the last bit. The point estimate, the tornado (one number
at a time) and the turning values look at no two draws together, so that correlations do not touch them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import combinations
from math import pi, sin, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from meervoud.core.errors import InputError
from meervoud.core.impact.valuation.case import Correlation
from meervoud.core.impact.valuation.uncertain import Draws, Uncertain, draw, generator_of, is_certain

Order = NDArray[np.int64]
"""Places of draws: which comes first, second, and so on."""
SINGULAR: Final = 1e-10
"""What is left of the spread of a number, once the others are known, below which a matrix counts as impossible."""
DECIMALS: Final = 9
"""Scores are compared in so many decimals, and equal ones by their place: another machine rounds the last bits elsewhere."""
EXAMPLES: Final = 3


def draw_together(
    parameters: Mapping[str, Uncertain], correlations: Sequence[Correlation], *, seed: int, number: int
) -> dict[str, Draws]:
    """Return draws of all numbers, those of correlated numbers in the order that makes them go together.

    Args:
        parameters: every uncertain number by its name.
        correlations: between which of them; in any order.
        seed: of the whole computation, >= 0.
        number: how many draws, >= 1.

    Returns:
        Draws by name. Numbers that no correlation names have the draws of `draw`, the others the same in another order.

    Raises:
        InputError: a number cannot be drawn, or see check_correlations.
    """
    check_correlations(correlations, parameters)
    drawn = {name: draw(what, name=name, seed=seed, number=number) for name, what in parameters.items()}
    names = _named(correlations)
    if not names:
        return drawn
    shuffles = [shuffle_of(name, seed=seed, number=number) for name in names]
    for name, order in zip(names, _orders(shuffles, _root_of(correlations)), strict=True):
        placed = np.empty(number)
        placed[order] = np.sort(drawn[name])
        drawn[name] = placed
    return drawn


def sorted_correlations(correlations: Iterable[Correlation]) -> list[Correlation]:
    """Return correlations by their names, which are sorted too: however they were listed, they read the same."""
    return sorted((replace(each, of=tuple(sorted(each.of))) for each in correlations), key=lambda each: each.of)


def shuffle_of(name: str, *, seed: int, number: int) -> Order:
    """Return in which order the scores of a number begin: a permutation of 0 to `number`, by the name alone."""
    return generator_of(f"order of {name}", seed).permutation(number)


def check_correlations(correlations: Sequence[Correlation], parameters: Mapping[str, Uncertain]) -> None:
    """Refuse correlations that cannot be, whatever the order they are given in.

    Args:
        correlations: of a case.
        parameters: every number of that case by its name.

    Raises:
        InputError: one names fewer than two numbers, one twice, one that is not there or that is known exactly; its rank is
            not between -1 and 1; it has no reason; a pair is given twice; or no numbers can go together in such a way.
    """
    for each in correlations:
        _check_one(each, parameters)
    seen = set[tuple[str, str]]()
    for each in correlations:
        for pair in combinations(sorted(each.of), 2):
            if pair in seen:
                raise InputError(
                    f"How “{pair[0]}” and “{pair[1]}” go together is said twice. Keep one of the two correlations.",
                    code="correlation_twice",
                    what=pair[0],
                    other=pair[1],
                )
            seen.add(pair)
    _root_of(correlations)


def _check_one(one: Correlation, parameters: Mapping[str, Uncertain]) -> None:
    if len(one.of) < 2 or len(set(one.of)) < len(one.of):
        raise InputError(
            f"A correlation is between two or more different numbers, and this one names: {_names(one)}. "
            "Name each of them once.",
            code="correlation_names",
            what=_names(one),
        )
    for name in one.of:
        _check_name(name, parameters)
    if not -1 < one.rank < 1:
        raise InputError(
            f"The rank correlation of {_names(one)} is {one.rank:g}. Give a number between -1 and 1, without the two ends.",
            code="correlation_rank",
            what=_names(one),
            rank=f"{one.rank:g}",
        )
    if not one.reason.strip():
        raise InputError(
            f"The correlation of {_names(one)} has no reason. Write why they go together, such as their shared source.",
            code="correlation_reason",
            what=_names(one),
        )


def _check_name(name: str, parameters: Mapping[str, Uncertain]) -> None:
    if name not in parameters:
        known = sorted(each for each, what in parameters.items() if not is_certain(what))
        near = ", ".join(f"“{each}”" for each in get_close_matches(name, known, EXAMPLES, 0)) or "-"
        raise InputError(
            f"A correlation names “{name}”, and this case has no such number. Names that look like it: {near}.",
            code="correlation_unknown",
            what=name,
            known=near,
        )
    if is_certain(parameters[name]):
        raise InputError(
            f"A correlation names “{name}”, which is known exactly and cannot go with anything. "
            "Give it a range, or leave it out of the correlation.",
            code="correlation_fixed",
            what=name,
        )


def _names(one: Correlation) -> str:
    return ", ".join(f"“{each}”" for each in sorted(one.of)) or "-"


def _named(correlations: Iterable[Correlation]) -> list[str]:
    return sorted({name for each in correlations for name in each.of})


def _matrix(correlations: Sequence[Correlation]) -> Draws:
    """Return the correlations of normal scores, names sorted, under which their ranks have those that are asked for."""
    places = {name: place for place, name in enumerate(_named(correlations))}
    matrix = np.eye(len(places))
    for each in correlations:
        for one, other in combinations([places[name] for name in each.of], 2):
            matrix[one, other] = matrix[other, one] = 2 * sin(pi * each.rank / 6)
    return matrix


def _root(matrix: Draws) -> Draws | None:
    """Return the lower triangular root of a correlation matrix (Cholesky); None where it is not positive definite."""
    root = np.zeros_like(matrix)
    for at in range(len(matrix)):
        column = matrix[at:, at] - root[at:, :at] @ root[at, :at]
        if column[0] <= SINGULAR:
            return None
        root[at:, at] = column / sqrt(column[0])
    return root


def _root_of(correlations: Sequence[Correlation]) -> Draws:
    """Return the root of a matrix that can be, or say which correlations are in each other's way."""
    root = _root(_matrix(correlations))
    if root is None:
        told = "; ".join(f"{_names(each)} ({each.rank:g})" for each in _clashing(correlations))
        raise InputError(
            f"These correlations cannot all be true: {told}. Bring them closer to 0, or say how the other pairs of these "
            "numbers go together too: a pair that is not named counts as 0.",
            code="correlations_clash",
            what=told,
        )
    return root


def _clashing(correlations: Sequence[Correlation]) -> list[Correlation]:
    """Return correlations that cannot all be true, none of which may be left out for that."""
    left = sorted_correlations(correlations)
    for each in list(left):
        fewer = [other for other in left if other is not each]
        if _root(_matrix(fewer)) is None:
            left = fewer
    return left


def _orders(shuffles: Sequence[Order], wanted: Draws) -> Iterator[Order]:
    """Yield for each number at which draw its lowest value comes, its second lowest, and so on.

    Van der Waerden scores in shuffled order are mixed so that they have the wanted correlation exactly: what they happen
    to have already is taken out first. Where that cannot be done, as with no more draws than numbers, it is left in.
    """
    number, normal = len(shuffles[0]), NormalDist()
    scores = np.asarray([normal.inv_cdf(place / (number + 1)) for place in range(1, number + 1)])
    shuffled = np.asarray([scores[each] for each in shuffles])
    found = _root(shuffled @ shuffled.T / (scores @ scores)) if number > len(shuffles) else None
    mixing = wanted if found is None else np.linalg.solve(found.T, wanted.T).T
    for row in np.round(mixing @ shuffled, DECIMALS):
        yield np.argsort(row, kind="stable")
