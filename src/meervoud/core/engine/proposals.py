"""The full answer to a request: proposals with their reasons, near misses, and what was excluded."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

import numpy as np

from meervoud.core.engine.arrays import SLOT_MINUTES, SLOTS_PER_DAY
from meervoud.core.engine.demand import Demand
from meervoud.core.engine.edges import frame_edges
from meervoud.core.engine.fitting import plans_of, write_out_all
from meervoud.core.engine.index import Index, refuse_doubles
from meervoud.core.engine.moments import WrittenOut
from meervoud.core.engine.musts import conditions_in, vague_words
from meervoud.core.engine.near_misses import find_near_misses
from meervoud.core.engine.options import Label, labels_of
from meervoud.core.engine.plans import DaysPlan, HoursPlan, MomentPlan, Plan, rounding_of
from meervoud.core.engine.retrieval import CERTAINTIES, Ranking, rank, rank_requests
from meervoud.core.engine.score import weights_for
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import (
    PART_NAMES,
    Answer,
    FrameEdge,
    Moment,
    Part,
    Pattern,
    Proposal,
    Result,
    Weights,
)
from meervoud.core.engine.types.time import Grid
from meervoud.core.engine.types.vocabulary import SOLO_KINDS_OF_ACTIVITY


def match(
    index: Index,
    requests: Iterable[Request],
    weights: Weights,
    *,
    k: int = 10,
    near: int = 5,
    progress: Callable[[], None] = lambda: None,
) -> Result:
    """Answer every request.

    Args:
        index: all spaces.
        requests: with unique ids.
        weights: of the score.
        k: proposals for each request at most.
        near: near misses for each condition at most.
        progress: called after each request.

    Returns:
        The answers in the order of the requests; the same input gives the same result, byte for byte.

    Raises:
        InputError: two requests with one id, or a rule that leaves the grid of the index.
    """
    every = list(requests)
    refuse_doubles([request.id for request in every], "request")
    answers: list[Answer] = []
    for request in every:
        answers.append(answer(index, request, weights, k=k, near=near))
        progress()
    return Result(index.grid, weights, tuple(answers), top=k, near=near)


def answer(
    index: Index, request: Request, weights: Weights, *, k: int = 10, near: int = 5, per_space: int = 1
) -> Answer:
    """Answer one request: proposals, near misses, relaxations and exclusions; see `retrieval.rank` for arguments."""
    ranking = rank(index, request, weights, k=k, per_space=per_space)
    misses = find_near_misses(index, request, near=near)
    return Answer(
        request_id=request.id,
        considered=len(index.spaces),
        sure=ranking.counts[0],
        assumed=ranking.counts[1],
        to_ask=ranking.counts[2],
        proposals=write_proposals(index, request, weights, ranking),
        near_misses=misses.near_misses,
        relaxations=misses.relaxations,
        exclusions=misses.exclusions,
        rounding=rounding_of(request),
        without_room=request.kind_of_activity in SOLO_KINDS_OF_ACTIVITY,
    )


def who_fits(
    index: Index, space_id: str, requests: Demand | Sequence[Request], weights: Weights, *, k: int | None = None
) -> tuple[Proposal, ...]:
    """Turn the question round: the requests that would fit a space, best first, each as a proposal; k at most.

    Raises:
        InputError: a rule leaves the grid of the index.
        KeyError: no space has the id.
    """
    demand = requests if isinstance(requests, Demand) else Demand(requests)
    ranked = rank_requests(index, space_id, demand, weights)[:k]
    by_id = {request.id: request for request in demand.requests}
    return tuple(
        _proposal(index, by_id[request_id], weights, ranking, 0, place)
        for place, (request_id, ranking) in enumerate(ranked, start=1)
    )


def write_proposals(index: Index, request: Request, weights: Weights, ranking: Ranking) -> tuple[Proposal, ...]:
    """Write out a ranking: patterns with every moment, parts of the score, what to ask, what bounds the time."""
    return tuple(_proposal(index, request, weights, ranking, place, place + 1) for place in range(len(ranking.rows)))


def _proposal(index: Index, request: Request, weights: Weights, ranking: Ranking, place: int, number: int) -> Proposal:
    row, metres = int(ranking.rows[place]), int(ranking.metres[place])
    patterns = _patterns(index, request, row, ranking.choices[:, place].tolist())
    weight = weights_for(request, weights, knows_needs=bool(index.cause_needs))
    return Proposal(
        request_id=request.id,
        space_id=index.spaces[row].id,
        rank=number,
        certainty=CERTAINTIES[int(ranking.certainty[place])],
        score=int(ranking.scores[place]),
        parts=tuple(
            Part(name, int(points), each)
            for name, points, each in zip(PART_NAMES, ranking.parts[:, place], weight, strict=True)
            if each
        ),
        metres=None if metres < 0 else metres,
        patterns=patterns,
        ask=conditions_in(ranking.asked, int(vague_words(index, request, np.array([row]))[0])),
        assumed=conditions_in(ranking.asked, int(index.columns.assumed[row])),
        edges=_edges(index, row, patterns),
    )


def _patterns(index: Index, request: Request, row: int, choices: list[int]) -> tuple[Pattern, ...]:
    if not choices or choices[0] < 0:
        return ()
    plans = plans_of(request.needs, index)
    labels = tuple(labels_of(plan)[choice] for plan, choice in zip(plans, choices, strict=True))
    written = write_out_all(plans, labels, index, row)
    return tuple(
        _pattern(rule, plan, label, moments, index.grid)
        for rule, (plan, label, moments) in enumerate(zip(plans, labels, written, strict=True))
    )


def _pattern(rule: int, plan: Plan, label: Label, written: WrittenOut, grid: Grid) -> Pattern:
    moments = () if isinstance(plan, DaysPlan) else written.stretches
    return Pattern(
        rule=rule,
        weekdays=_weekdays(plan, label),
        start=label.start * SLOT_MINUTES if label.start >= 0 else None,
        minutes=_length(plan) * SLOT_MINUTES,
        held=written.wanted - len(written.missing),
        wanted=written.wanted,
        unit="days" if isinstance(plan, DaysPlan) else "weeks" if isinstance(plan, HoursPlan) else plan.unit,
        missing=tuple(_date(grid, day) for day in written.missing),
        moments=tuple(
            Moment(_date(grid, day), start * SLOT_MINUTES, (start + length) * SLOT_MINUTES)
            for day, start, length in moments
        ),
    )


def _weekdays(plan: Plan, label: Label) -> tuple[int, ...]:
    if not isinstance(plan, MomentPlan) or plan.unit == "dates":
        return ()
    return tuple(plan.weekdays[row] for row in label.rows)


def _length(plan: Plan) -> int:
    if isinstance(plan, DaysPlan):
        return SLOTS_PER_DAY
    return plan.block if isinstance(plan, HoursPlan) else plan.slots


def _edges(index: Index, row: int, patterns: tuple[Pattern, ...]) -> tuple[FrameEdge, ...]:
    space = index.spaces[row]
    first_moments = [pattern.moments[0] for pattern in patterns if pattern.moments]
    return tuple(edge for moment in first_moments for edge in frame_edges(space, index.grid, moment))


def _date(grid: Grid, day: int) -> date:
    return grid.monday + timedelta(days=day)
