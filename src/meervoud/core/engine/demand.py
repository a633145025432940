"""All open requests in columns, so that one space can be held against them at once."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from meervoud.core.engine.arrays import FULL_POINTS, Floats, Ints, Words
from meervoud.core.engine.attributes import asked_bits, facility_bits
from meervoud.core.engine.geography import metres_from_each, unit_vectors
from meervoud.core.engine.index import Index
from meervoud.core.engine.score import weights_for
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Weights

NO_LIMIT = -1


class Demand:
    """Requests ready to be asked which of them a space may suit.

    Attributes:
        requests: in the order they were given; rows below are places in it.
        asked: the bits of the musts, shape (n,).
        group_max: 0 where it does not matter, shape (n,).
        area: square metres, 0 where it does not matter, shape (n,).
        vectors: positions as unit vectors, shape (n, 3), NaN where there is none.
        max_metres: NO_LIMIT where there is none, shape (n,).
        budgets: by currency and length of time, the rows that have one and its cents.
        wishes: bits of the facilities that would be nice, shape (n,).
    """

    def __init__(self, requests: Sequence[Request]) -> None:
        self.requests = tuple(requests)
        self.asked: Words = np.array([asked_bits(each) for each in requests], dtype=np.uint64)
        self.group_max: Ints = np.array([each.group_max for each in requests], dtype=np.int64)
        self.area: Floats = np.array([each.area_m2 for each in requests], dtype=np.float64)
        self.vectors: Floats = unit_vectors([each.position for each in requests])
        self.max_metres: Ints = np.array([_most_metres(each) for each in requests], dtype=np.int64)
        self.wishes: Words = np.array([facility_bits(each.wishes) for each in requests], dtype=np.uint64)
        found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for row, each in enumerate(requests):
            if each.budget is not None:
                found[each.budget.currency, each.budget.per].append((row, each.budget.cents))
        self._weighed: tuple[Weights, bool, Ints] | None = None
        self.budgets = {unit: np.array(pairs, dtype=np.int64) for unit, pairs in found.items()}

    def rows_for(self, index: Index, row: int) -> tuple[Ints, Ints]:
        """Return the requests that no known attribute of one space excludes: `musts.failures` but time, the other way.

        Args:
            index: all spaces.
            row: the space.

        Returns:
            Rows of the requests in their order and whole metres to each, -1 where unknown, both shape (m,).
        """
        columns = index.columns
        fits = (self.asked & columns.refused[row]) == 0
        fits &= (self.group_max == 0) | (
            (columns.capacity[row] >= self.group_max) & (columns.capacity_min[row] <= self.group_max)
        )
        fits &= (self.area == 0) | (columns.area[row] >= self.area)
        for unit, pairs in self.budgets.items():
            cents = int(index.prices_in(unit)[0][row])
            fits[pairs[cents > pairs[:, 1], 0]] = False
        rows = np.flatnonzero(fits)
        metres = metres_from_each(self.vectors[rows], index.vectors[row])
        near = (self.max_metres[rows] == NO_LIMIT) | (metres <= self.max_metres[rows])
        return rows[near], metres[near]

    def best_keys(self, index: Index, weights: Weights, row: int, rows: Ints, metres: Ints) -> tuple[Ints, Ints]:
        """Return a bound for how well one space may do for some requests: it never does better.

        Its time is taken to fit, its host to like the cause; what is only vague by the length of time of its price or by
        its evenings is taken to be known.

        Args:
            index: all spaces.
            weights: of the score.
            row: the space.
            rows: requests that it may suit, shape (m,).
            metres: to each of them, -1 where unknown, shape (m,).

        Returns:
            Certainty (0 is sure) and minus the score, both shape (m,): smaller is better; see `retrieval.key_of`.
        """
        columns = index.columns
        asked, wishes = self.asked[rows], self.wishes[rows]
        vague, assumed = (asked & columns.vague[row]) != 0, (asked & columns.assumed[row]) != 0
        half, comfort = weights.half_points_metres, weights.comfort_percent * (FULL_POINTS // 100)
        parts = np.full((len(weights.parts), len(rows)), FULL_POINTS, dtype=np.int64)
        parts[1] = np.where(metres < 0, 0, half * FULL_POINTS // (half + np.maximum(metres, 0)))
        parts[2] = np.minimum(self.group_max[rows] * comfort // columns.capacity[row], FULL_POINTS)
        wished = np.maximum(np.bitwise_count(wishes).astype(np.int64), 1)
        parts[3] = np.bitwise_count(wishes & columns.facilities[row]).astype(np.int64) * FULL_POINTS // wished
        weight = self._weights(index, weights)[:, rows]
        points = (weight * parts).sum(axis=0) // np.maximum(weight.sum(axis=0), 1)
        return np.where(vague, 2, assumed.astype(np.int64)), -points

    def _weights(self, index: Index, weights: Weights) -> Ints:
        """Return the weight of each part for each request, shape (parts, n)."""
        knows_needs = bool(index.cause_needs)
        if self._weighed is None or self._weighed[:2] != (weights, knows_needs):
            each = [weights_for(request, weights, knows_needs=knows_needs) for request in self.requests]
            found: Ints = np.array(each, dtype=np.int64).reshape(len(each), len(weights.parts)).T
            self._weighed = weights, knows_needs, found
        return self._weighed[2]


def _most_metres(request: Request) -> int:
    if request.position is None or request.max_metres is None:
        return NO_LIMIT
    return request.max_metres
