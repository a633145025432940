"""The orders of correlated draws, plainly: lists and loops, with a ranking and a root of its own; see core's `correlated`."""

from collections.abc import Mapping, Sequence
from math import pi, sin, sqrt

from scipy.stats import norm

from meervoud.core.impact.valuation.case import Correlation

Rows = list[list[float]]


def plain_orders(correlations: Sequence[Correlation], shuffles: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """Return for each number at which draw its lowest value comes, its second lowest, and so on.

    Args:
        correlations: that can all be true.
        shuffles: in which order the scores of each named number begin.
    """
    names = sorted(shuffles)
    number = len(shuffles[names[0]])
    score = [float(norm.ppf((place + 1) / (number + 1))) for place in range(number)]
    begins = [[score[place] for place in shuffles[name]] for name in names]
    wanted = plain_root(
        [[1.0 if one == other else _pearson(correlations, one, other) for other in names] for one in names]
    )
    assert wanted is not None
    found = plain_root([[_alike(one, other) for other in begins] for one in begins]) if number > len(names) else None
    mixed: Rows = [[] for _ in names]
    for draw in range(number):
        column = [row[draw] for row in begins]
        alone = column if found is None else _solved(found, column)
        for place in range(len(names)):
            mixed[place].append(sum(wanted[place][each] * alone[each] for each in range(place + 1)))
    return {name: _order(mixed[place]) for place, name in enumerate(names)}


def plain_root(matrix: Rows) -> Rows | None:
    """Return the lower triangular root, row by row; None where the matrix has none."""
    root: Rows = [[0.0] * len(matrix) for _ in matrix]
    for row in range(len(matrix)):
        for column in range(row + 1):
            rest = matrix[row][column] - sum(root[row][each] * root[column][each] for each in range(column))
            if column < row:
                root[row][column] = rest / root[column][column]
            elif rest > 1e-10:
                root[row][row] = sqrt(rest)
            else:
                return None
    return root


def plain_spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the rank correlation of draws; of equal ones the first is the lower."""
    return _alike(_centred_ranks(one), _centred_ranks(other))


def _centred_ranks(draws: Sequence[float]) -> list[float]:
    ranks = [0.0] * len(draws)
    for rank, place in enumerate(sorted(range(len(draws)), key=lambda each: draws[each])):
        ranks[place] = rank - (len(draws) - 1) / 2
    return ranks


def _pearson(correlations: Sequence[Correlation], one: str, other: str) -> float:
    for each in correlations:
        if one in each.of and other in each.of:
            return 2 * sin(pi * each.rank / 6)
    return 0.0


def _alike(one: Sequence[float], other: Sequence[float]) -> float:
    together = sum(a * b for a, b in zip(one, other, strict=True))
    return together / sqrt(sum(a * a for a in one) * sum(b * b for b in other))


def _solved(root: Rows, column: Sequence[float]) -> list[float]:
    found: list[float] = []
    for row, amount in enumerate(column):
        found.append((amount - sum(root[row][each] * found[each] for each in range(row))) / root[row][row])
    return found


def _order(mixed: Sequence[float]) -> list[int]:
    return sorted(range(len(mixed)), key=lambda place: (round(mixed[place], 9), place))
