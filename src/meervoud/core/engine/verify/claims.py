"""What one proposal claims about one space: derive each claim again and say where it differs."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import FrameEdge, Moment, Part, Pattern, Proposal, Weights
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.verify.fit import CauseNeeds, City, Verdict, judge, score_of, score_parts
from meervoud.core.engine.verify.opening import DAY_MINUTES, HALF_HOUR

METRES_APART = 1


@dataclass(frozen=True)
class Violation:
    """A claim that does not follow from the inputs.

    Attributes:
        request_id: of the answer that claims it.
        space_id: of the space it is about; "" where it is about the whole answer.
        claim: name of the claim, e.g. "score", "patterns[0].moments", "relaxation distance 500".
        said, found: what the result says and what follows from the inputs, as text.
    """

    request_id: str
    space_id: str
    claim: str
    said: str
    found: str


@dataclass(frozen=True)
class Claim:
    """One value of a result beside the value that was found again."""

    space_id: str
    name: str
    said: object
    found: object


def claims_of(
    city: City, request: Request, proposal: Proposal, weights: Weights, cause_needs: CauseNeeds
) -> Iterator[Claim]:
    """Yield every claim of a proposal but its rank."""
    space = city.spaces.get(proposal.space_id)
    if space is None:
        yield Claim(proposal.space_id, "space", proposal.space_id, "no such space")
        return
    verdict = judge(city, request, space)
    metres = nearly(proposal.metres, verdict.metres)
    parts = score_parts(request, space, replace(verdict, metres=metres), weights, cause_needs)
    pairs: list[tuple[str, object, object]] = [
        ("request_id", proposal.request_id, request.id),
        ("fits", (), tuple(sorted(verdict.failed))),
        ("certainty", proposal.certainty, verdict.certainty),
        ("ask", proposal.ask, tuple(sorted(verdict.unknown))),
        ("assumed", proposal.assumed, tuple(sorted(verdict.assumed))),
        ("metres", proposal.metres, metres),
        *_score_claims(proposal, parts),
        *_time_claims(city, request, proposal, verdict),
    ]
    for name, said, found in pairs:
        yield Claim(space.id, name, said, found)


def nearly(said: int | None, found: int | None) -> int | None:
    """Return what is said where that is as good as what was found: metres may be rounded either way."""
    return said if said is not None and found is not None and abs(said - found) <= METRES_APART else found


def _score_claims(proposal: Proposal, parts: tuple[Part, ...]) -> Iterator[tuple[str, object, object]]:
    said = {part.name: part for part in proposal.parts}
    yield "parts", tuple(part.name for part in proposal.parts), tuple(part.name for part in parts)
    for part in parts:
        yield f"parts.{part.name}", said.get(part.name, part), part
    yield "score", proposal.score, score_of(parts)


def _time_claims(
    city: City, request: Request, proposal: Proposal, verdict: Verdict
) -> Iterator[tuple[str, object, object]]:
    space = city.spaces[proposal.space_id]
    patterns = city.patterns(request.needs, space, verdict.options) if verdict.options else ()
    yield "patterns", len(proposal.patterns), len(patterns)
    for number, (said, found) in enumerate(zip(proposal.patterns, patterns, strict=False)):
        for field in fields(Pattern):
            yield f"patterns[{number}].{field.name}", getattr(said, field.name), getattr(found, field.name)
    firsts = [pattern.moments[0] for pattern in patterns if pattern.moments]
    edges = {edge for moment in firsts for edge in _edges(city, space, moment)}
    yield "edges", sorted(set(proposal.edges) - edges, key=repr), []
    yield "edges left out", [], sorted(edges - set(proposal.edges), key=repr)


def _edges(city: City, space: Space, moment: Moment) -> Iterator[FrameEdge]:
    """Yield for each cause where it last ends before a moment and first begins after it, at most a day away."""
    today = (moment.day - city.grid.monday).days
    for cause, by_day in city.calendar(space).blocked.items():
        blocked = [
            (day - today) * DAY_MINUTES + half_hour
            for day in range(max(0, today - 1), min(len(by_day), today + 2))
            for half_hour in by_day[day]
        ]
        ends = [begin + HALF_HOUR for begin in blocked if begin + HALF_HOUR <= moment.start]
        begins = [begin for begin in blocked if begin >= moment.end]
        if ends:
            yield FrameEdge(cause, "before", moment.day, max(ends))
        if begins:
            yield FrameEdge(cause, "after", moment.day, min(begins))
