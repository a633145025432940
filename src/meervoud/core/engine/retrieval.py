"""The best spaces for a request, and the best requests for a space."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from meervoud.core.engine.arrays import FULL_POINTS, Flags, Ints
from meervoud.core.engine.attributes import asked_bits
from meervoud.core.engine.demand import Demand
from meervoud.core.engine.fitting import fit_time, plans_of
from meervoud.core.engine.index import Index
from meervoud.core.engine.musts import Candidates, find_candidates, vague_words
from meervoud.core.engine.options import find_options
from meervoud.core.engine.plans import Plan
from meervoud.core.engine.score import score_parts
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Certainty, Weights

CERTAINTIES: tuple[Certainty, ...] = ("sure", "assumed", "ask")
CERTAINTY_SHIFT, SCORE_SHIFT = 50, 32


@dataclass(frozen=True, eq=False)
class Ranking:
    """The best (space, time pattern) pairs for one request, best first.

    Attributes:
        rows: rows of the index, shape (k,).
        certainty: index into CERTAINTIES, shape (k,).
        scores: 0-10,000, shape (k,). parts: shape (7, k), in the order of PART_NAMES.
        metres: -1 where unknown, shape (k,).
        choices: option of each rule (see `options.labels_of`), -1 where the hours are unknown, shape (rules, k).
        counts: how many spaces there are of each of CERTAINTIES.
        asked: the bits of the musts.
    """

    rows: Ints
    certainty: Ints
    scores: Ints
    parts: Ints
    metres: Ints
    choices: Ints
    counts: tuple[int, int, int]
    asked: int


def rank(index: Index, request: Request, weights: Weights, *, k: int = 10, per_space: int = 1) -> Ranking:
    """Return the best pairs of space and time pattern for one request.

    Args:
        index: all spaces.
        request: whose musts hold for every pair; unknown is never counted as fitting but ranked last, to be asked.
        weights: of the score.
        k: how many pairs at most.
        per_space: how many time patterns of one space at most, for a request with one rule.

    Returns:
        Sorted by certainty, score (high first), id of the space, weekday and start: the first 5 of 10 are the best 5.

    Raises:
        InputError: a rule leaves the grid of the index.
    """
    asked = asked_bits(request)
    return _rank(index, request, weights, find_candidates(index, request, asked), k, per_space)


def rank_all(
    index: Index, requests: Iterable[Request], weights: Weights, *, k: int = 10, per_space: int = 1
) -> list[Ranking]:
    """Return the ranking of every request, in their order; see `rank`."""
    return [rank(index, request, weights, k=k, per_space=per_space) for request in requests]


def rank_requests(
    index: Index, space_id: str, requests: Demand | Sequence[Request], weights: Weights
) -> list[tuple[str, Ranking]]:
    """Return who would fit a space: the requests that it fits, best first, each with its ranking of that one space.

    Raises:
        InputError: a rule leaves the grid of the index.
        KeyError: no space has the id.
    """
    demand = requests if isinstance(requests, Demand) else Demand(requests)
    row = index.row_of[space_id]
    found: list[tuple[tuple[int, int, str], Ranking]] = []
    rows, metres = demand.rows_for(index, row)
    for place, far in zip(rows.tolist(), metres.tolist(), strict=True):
        request: Request = demand.requests[int(place)]
        ranking = rank_alone(index, request, weights, row, far)
        if len(ranking.rows):
            found.append(((*key_of(ranking), request.id), ranking))
    return [(key[2], ranking) for key, ranking in sorted(found, key=lambda pair: pair[0])]


def rank_alone(index: Index, request: Request, weights: Weights, row: int, metres: int) -> Ranking:
    """Return the ranking of one space that fails no must but perhaps time; empty where it does."""
    here = Candidates(np.array([row], dtype=np.int64), np.array([metres], dtype=np.int64))
    return _rank(index, request, weights, here, 1, 1)


def key_of(ranking: Ranking, place: int = 0) -> tuple[int, int]:
    """Return what sorts the spaces for a request, the better one first: certainty and score, turned round."""
    return int(ranking.certainty[place]), -int(ranking.scores[place])


def _rank(index: Index, request: Request, weights: Weights, candidates: Candidates, k: int, per_space: int) -> Ranking:
    asked = np.uint64(asked_bits(request))
    pairs = _pairs(index, candidates, plans_of(request.needs, index), per_space)
    rows, metres = pairs.rows, pairs.metres
    scores, parts = score_parts(index, request, weights, rows, metres, pairs.points)
    certainty = _certainty(index, request, rows, asked)
    key = (certainty << CERTAINTY_SHIFT) | ((FULL_POINTS - scores) << SCORE_SHIFT) | index.id_order[rows]
    best = np.argsort(key, kind="stable")[:k]
    return Ranking(
        rows[best],
        certainty[best],
        scores[best],
        parts[:, best],
        metres[best],
        pairs.choices[:, best],
        _count_spaces(rows, certainty, per_space),
        int(asked),
    )


def _certainty(index: Index, request: Request, rows: Ints, asked: np.uint64) -> Ints:
    vague = (vague_words(index, request, rows) & asked) != 0
    assumed = (index.columns.assumed[rows] & asked) != 0
    return np.where(vague, 2, assumed.astype(np.int64))


@dataclass(frozen=True, eq=False)
class _Pairs:
    rows: Ints
    metres: Ints
    points: Ints
    choices: Ints


def _pairs(index: Index, candidates: Candidates, plans: tuple[Plan, ...], per_space: int) -> _Pairs:
    rows, metres = candidates.rows, candidates.metres
    if not plans:
        return _Pairs(rows, metres, np.zeros_like(rows), np.zeros((0, len(rows)), dtype=np.int64))
    known: Flags = index.columns.has_time[rows]
    whole = bool(known.all())
    pairs = _timed(index, rows if whole else rows[known], metres if whole else metres[known], plans, per_space)
    return pairs if whole else _with_untimed(pairs, rows[~known], metres[~known])


def _timed(index: Index, rows: Ints, metres: Ints, plans: tuple[Plan, ...], per_space: int) -> _Pairs:
    if per_space > 1 and len(plans) == 1:
        return _several_patterns(index, rows, metres, plans[0], per_space)
    fit = fit_time(plans, index, rows)
    return _Pairs(
        rows[fit.fits],
        metres[fit.fits],
        fit.points[fit.fits],
        fit.choices[:, fit.fits],
    )


def _several_patterns(index: Index, rows: Ints, metres: Ints, plan: Plan, per_space: int) -> _Pairs:
    points = find_options(plan, index.bits, rows, index.skipped).points()
    order = np.argsort(-points, axis=1, kind="stable")[:, :per_space]
    best = np.take_along_axis(points, order, axis=1)
    space, column = np.nonzero(best >= 0)
    return _Pairs(
        rows[space],
        metres[space],
        best[space, column],
        order[space, column][None, :],
    )


def _with_untimed(pairs: _Pairs, rows: Ints, metres: Ints) -> _Pairs:
    choices = np.full((len(pairs.choices), len(rows)), -1, dtype=np.int64)
    return _Pairs(
        np.concatenate([pairs.rows, rows]),
        np.concatenate([pairs.metres, metres]),
        np.concatenate([pairs.points, np.zeros_like(rows)]),
        np.concatenate([pairs.choices, choices], axis=1),
    )


def _count_spaces(rows: Ints, certainty: Ints, per_space: int) -> tuple[int, int, int]:
    if per_space > 1:
        certainty = certainty[np.unique(rows, return_index=True)[1]]
    sure, assumed, ask = np.bincount(certainty, minlength=3)
    return int(sure), int(assumed), int(ask)
