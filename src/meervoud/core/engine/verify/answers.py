"""All that is claimed about a request as a whole, and the verifier itself."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from meervoud.core.engine.types.requests import Dates, Hours, Need, Request, Weekly, Window
from meervoud.core.engine.types.results import Answer, Condition, NearMiss, Proposal, Relaxation, Result, Weights
from meervoud.core.engine.types.spaces import Price, Space
from meervoud.core.engine.types.vocabulary import ACTIVITIES, FACILITIES, SOLO_KINDS_OF_ACTIVITY
from meervoud.core.engine.verify.claims import Claim, Violation, claims_of, nearly
from meervoud.core.engine.verify.fit import (
    CERTAINTIES,
    CauseNeeds,
    City,
    Verdict,
    judge,
    metres_between,
    missing_facilities,
    refused_activities,
    score_of,
    score_parts,
)
from meervoud.core.engine.verify.rules import rounding_of
from meervoud.core.errors import InputError

FAR = float("inf")


@dataclass(frozen=True)
class _Case:
    """One answer, and what every space is for its request."""

    city: City
    request: Request
    answer: Answer
    result: Result
    cause_needs: CauseNeeds
    verdicts: dict[str, Verdict]

    @property
    def weights(self) -> Weights:
        return self.result.weights

    def score(self, space_id: str) -> int:
        space, verdict = self.city.spaces[space_id], self.verdicts[space_id]
        return score_of(score_parts(self.request, space, verdict, self.weights, self.cause_needs))

    def fails_alone(self, condition: str) -> list[str]:
        """Return the spaces that fail one condition and no other, the nearest first."""
        failing = [space_id for space_id, verdict in self.verdicts.items() if verdict.fails_alone(condition)]
        return sorted(failing, key=self._nearness)

    def _nearness(self, space_id: str) -> tuple[float, str]:
        metres = self.verdicts[space_id].metres
        return FAR if metres is None else metres, space_id


def verify(
    spaces: Sequence[Space],
    requests: Sequence[Request],
    result: Result,
    *,
    cause_needs: Mapping[tuple[str, str], int] | None = None,
) -> list[Violation]:
    """Derive every claim of a result again.

    Which relaxations were tried a result does not tell: what they claim is verified, not that none is missing.

    Args:
        spaces: what was searched.
        requests: all requests, one answer for each.
        result: with the grid and the weights that it says it was computed with.
        cause_needs: need of neighbourhoods, (neighbourhood, cause) -> 0-10,000; none is the same as None.

    Returns:
        One violation for each claim that does not hold; nothing where all is true.
    """
    city = City(spaces, result.grid)
    by_id = {request.id: request for request in requests}
    asked, answered = [request.id for request in requests], [answer.request_id for answer in result.answers]
    found = [] if answered == asked else [Violation("", "", "answers", ",".join(answered), ",".join(asked))]
    for answer in result.answers:
        if answer.request_id in by_id:
            request = by_id[answer.request_id]
            verdicts = {space.id: judge(city, request, space) for space in spaces}
            case = _Case(city, request, answer, result, cause_needs or {}, verdicts)
            found += [
                Violation(request.id, claim.space_id, claim.name, str(claim.said), str(claim.found))
                for claim in _claims(case)
                if claim.said != claim.found
            ]
    return found


def _claims(case: _Case) -> Iterator[Claim]:
    for proposal in case.answer.proposals:
        yield from claims_of(case.city, case.request, proposal, case.weights, case.cause_needs)
    yield from _order(case)
    yield from _totals(case)
    for miss in case.answer.near_misses:
        yield from _near_miss(case, miss)
    yield from _nearest(case)
    for relaxation in case.answer.relaxations:
        yield from _relaxation(case, relaxation)


def _order(case: _Case) -> Iterator[Claim]:
    """The proposals are the head of all that fits, best first, each space once."""
    proposals = case.answer.proposals
    yield Claim("", "ranks", [each.rank for each in proposals], list(range(1, len(proposals) + 1)))
    yield Claim(
        "", "order", [each.space_id for each in proposals], [each.space_id for each in sorted(proposals, key=_place)]
    )
    listed = Counter(each.space_id for each in proposals)
    yield Claim("", "a space listed twice", [space_id for space_id, count in listed.items() if count > 1], [])
    fitting = [space_id for space_id, verdict in case.verdicts.items() if not verdict.failed]
    yield Claim("", "number of proposals", len(proposals), min(len(fitting), case.result.top))
    if proposals:
        last = max(_place(each) for each in proposals)
        for space_id in fitting:
            place = (CERTAINTIES.index(case.verdicts[space_id].certainty), -case.score(space_id), space_id)
            if space_id not in listed and place < last:
                yield Claim(space_id, "left out", "not listed", f"score {-place[1]}, before {last[2]}")


def _place(proposal: Proposal) -> tuple[int, int, str]:
    return CERTAINTIES.index(proposal.certainty), -proposal.score, proposal.space_id


def _totals(case: _Case) -> Iterator[Claim]:
    answer, request = case.answer, case.request
    fitting = Counter(verdict.certainty for verdict in case.verdicts.values() if not verdict.failed)
    said = (answer.sure, answer.assumed, answer.to_ask)
    for certainty, count in zip(CERTAINTIES, said, strict=True):
        yield Claim("", f"how many {certainty}", count, fitting[certainty])
    yield Claim("", "considered", answer.considered, len(case.verdicts))
    yield Claim("", "without_room", answer.without_room, request.kind_of_activity in SOLO_KINDS_OF_ACTIVITY)
    rounding = [each for rule, need in enumerate(request.needs) for each in rounding_of(rule, need)]
    yield Claim("", "rounding", sorted(answer.rounding, key=repr), sorted(rounding, key=repr))
    failing = Counter(condition for verdict in case.verdicts.values() for condition in verdict.failed)
    exclusions = sorted((condition, count, len(case.fails_alone(condition))) for condition, count in failing.items())
    yield Claim(
        "", "exclusions", sorted((each.condition, each.spaces, each.alone) for each in answer.exclusions), exclusions
    )


def _near_miss(case: _Case, miss: NearMiss) -> Iterator[Claim]:
    space = case.city.spaces.get(miss.space_id)
    if space is None:
        yield Claim(miss.space_id, "near miss", miss.condition, "no such space")
        return
    verdict = case.verdicts[space.id]
    yield Claim(space.id, "near miss", [miss.condition], sorted(verdict.failed))
    if verdict.fails_alone(miss.condition):
        wanted, found = _clash(case, space, miss)
        yield Claim(space.id, f"near miss, {miss.condition} wanted", miss.wanted, wanted)
        yield Claim(space.id, f"near miss, {miss.condition} found", miss.found, found)


def _clash(case: _Case, space: Space, miss: NearMiss) -> tuple[str, str]:
    """Return the two values that clash."""
    request = case.request
    if miss.condition == "time":
        wanted, reached = case.city.worst_share(request.needs, space)
        found: int | str = "together" if reached >= wanted else reached
        return str(wanted), str(found)
    if miss.condition == "distance":
        metres = metres_between(request.position, space.position)
        said = int(miss.found) if miss.found.isdecimal() else None
        return str(request.max_metres), str(nearly(said, metres))
    budget, price = request.budget or Price(0), space.price or Price(0)
    values: dict[str, tuple[object, object]] = {
        "capacity": (request.group_max, space.capacity),
        "capacity_min": (request.group_max, space.capacity_min),
        "area": (f"{request.area_m2:g}", f"{space.area_m2 or 0:g}"),
        "facilities": (_names(request.facilities), _listed(missing_facilities(request, space), FACILITIES)),
        "activities": (_names(request.activities), _listed(refused_activities(request, space), ACTIVITIES)),
        "loudness": (request.loudness, space.loudness),
        "step_free": ("yes", space.step_free),
        "budget": (budget.cents, price.cents),
        "currency": (budget.currency, price.currency),
    }
    pair = values[miss.condition]
    return str(pair[0]), str(pair[1])


def _names(names: frozenset[str]) -> str:
    return ",".join(sorted(names))


def _listed(names: frozenset[str], order: Sequence[str]) -> str:
    return ",".join(name for name in order if name in names)


def _nearest(case: _Case) -> Iterator[Claim]:
    """The near misses of each condition are the nearest of all that fail it alone, the nearest first."""
    for condition in get_args(Condition):
        said = [miss.space_id for miss in case.answer.near_misses if miss.condition == condition]
        yield Claim("", f"nearest that fail on {condition}", said, case.fails_alone(condition)[: case.result.near])


def _relaxation(case: _Case, relaxation: Relaxation) -> Iterator[Claim]:
    name = f"relaxation {relaxation.kind} {relaxation.value}"
    yield Claim("", f"{name} opens", relaxation.opens, len(relaxation.space_ids))
    condition = "time" if relaxation.rule >= 0 else relaxation.kind
    spaces = [case.city.spaces[space_id] for space_id in sorted(case.fails_alone(condition))]
    try:
        relaxed = _relax(case.request, relaxation)
        opened = tuple(space.id for space in spaces if not judge(case.city, relaxed, space).failed)
    except (InputError, ValueError, IndexError) as error:
        yield Claim("", name, relaxation.space_ids, f"no change of the request: {error}")
        return
    yield Claim("", name, relaxation.space_ids, opened or "opens nothing")


def _relax(request: Request, relaxation: Relaxation) -> Request:
    """Return the request after a change; ValueError where there is no such change of this request."""
    kind, value = relaxation.kind, relaxation.value
    if relaxation.rule >= 0:
        needs = list(request.needs)
        needs[relaxation.rule] = _relax_need(needs[relaxation.rule], kind, int(value))
        return replace(request, needs=tuple(needs))
    if kind in ("capacity", "capacity_min"):
        return replace(request, group_max=int(value))
    if kind == "budget" and request.budget is not None:
        return replace(request, budget=replace(request.budget, cents=int(value)))
    return _relax_attribute(request, kind, value)


def _relax_attribute(request: Request, kind: str, value: str) -> Request:
    names = frozenset(value.split(","))
    match kind:
        case "distance":
            return replace(request, max_metres=int(value))
        case "area":
            return replace(request, area_m2=float(value))
        case "facilities":
            return replace(request, facilities=request.facilities - names)
        case "activities":
            return replace(request, activities=request.activities - names)
        case "loudness":
            return replace(request, loudness=value)
        case "step_free":
            return replace(request, step_free=False)
        case _:
            raise ValueError(f"{kind} cannot be relaxed")


def _relax_need(need: Need, kind: str, value: int) -> Need:
    if kind == "coverage":
        return replace(need, coverage_share=value / 100)
    if kind == "weekday" and isinstance(need, Weekly | Hours):
        return replace(need, weekdays=need.weekdays | {value})
    if kind == "minutes" and isinstance(need, Weekly | Dates):
        return replace(need, minutes=value)
    if kind == "start" and isinstance(need, Weekly | Dates):
        start, end = min(need.window.start, value), max(need.window.end, value + need.minutes)
        return replace(need, window=Window(start, end))
    raise ValueError(f"{kind} is no change of this rule")
