"""Musts, score and order, space by space."""

from dataclasses import replace
from math import asin, cos, radians, sin, sqrt

from meervoud.core.engine.reference.evenings import days_a_month_plainly
from meervoud.core.engine.reference.free_time import free_half_hours
from meervoud.core.engine.reference.patterns import best_pattern, without
from meervoud.core.engine.types.requests import Continuous, Request
from meervoud.core.engine.types.results import PART_NAMES, Condition, Part, Pattern, Proposal, Weights
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.time import Grid
from meervoud.core.engine.types.vocabulary import LOUDNESS

CauseNeeds = dict[tuple[str, str], int]
ORDER = {"sure": 0, "assumed": 1, "ask": 2}


def propose_plainly(
    spaces: list[Space], request: Request, grid: Grid, weights: Weights, cause_needs: CauseNeeds | None = None
) -> list[Proposal]:
    """Return every proposal for a request, best first, without edges; the engine's must be the head of it."""
    found: list[Proposal] = []
    for space in spaces:
        states = must_states(space, request)
        patterns = time_patterns(space, request, grid)
        if "fails" in states.values() or patterns is None:
            continue
        if request.needs:
            states["time"] = "holds" if space.periods else "unknown"
            most = space.most_evenings_a_month
            is_more = most is not None and days_a_month_plainly(request.needs) > most
            states["evenings"] = "unknown" if is_more else "holds"
        found.append(_proposal(space, request, patterns, states, weights, cause_needs or {}))
    found.sort(key=lambda each: (ORDER[each.certainty], -each.score, each.space_id))
    return [replace(each, rank=rank) for rank, each in enumerate(found, start=1)]


def time_patterns(space: Space, request: Request, grid: Grid) -> tuple[Pattern, ...] | None:
    """Return the best pattern of each rule, none where the hours are unknown, or None where a rule does not fit."""
    patterns: list[Pattern] = []
    if not space.periods:
        return ()
    free = free_half_hours(space, grid) if request.needs else set[int]()
    for rule, need in enumerate(request.needs):
        pattern = best_pattern(need, rule, free, grid)
        if pattern is None:
            return None
        free = without(free, pattern.moments, grid)
        patterns.append(replace(pattern, moments=()) if isinstance(need, Continuous) else pattern)
    return tuple(patterns)


def must_states(space: Space, request: Request) -> dict[Condition, str]:
    """Return "holds", "fails" or "unknown" for each must of the request but time."""
    states = _named_musts(space, request)
    if request.group_max:
        few, many = space.capacity is not None and space.capacity < request.group_max, space.capacity is not None
        states["capacity"] = _state(fails=few, known=many)
        states["capacity_min"] = _state(fails=space.capacity_min > request.group_max, known=True)
    if request.area_m2:
        area = space.area_m2
        states["area"] = _state(fails=area is not None and area < request.area_m2, known=area is not None)
    if request.position is not None and request.max_metres is not None:
        metres = metres_apart(space, request)
        far = metres is not None and metres > request.max_metres
        states["distance"] = _state(fails=far, known=metres is not None)
    if request.budget is not None:
        states["budget"] = _budget(space, request)
    return states


def _named_musts(space: Space, request: Request) -> dict[Condition, str]:
    states: dict[Condition, str] = {}
    if request.facilities:
        absent = request.facilities & (space.no_facilities - space.facilities)
        states["facilities"] = _state(fails=bool(absent), known=request.facilities <= space.facilities)
    if request.step_free:
        states["step_free"] = _state(fails=space.step_free == "no", known=space.step_free == "yes")
    if request.activities:
        listed = space.activities is not None
        refused = request.activities & space.no_activities
        if space.activities is not None:
            refused |= request.activities - space.activities
        states["activities"] = _state(fails=bool(refused), known=listed or bool(space.no_activities))
    if request.loudness is not None and request.loudness != LOUDNESS[0]:
        too_loud = space.loudness is not None and LOUDNESS.index(space.loudness) < LOUDNESS.index(request.loudness)
        states["loudness"] = _state(fails=too_loud, known=space.loudness is not None)
    return states


def metres_apart(space: Space, request: Request) -> int | None:
    """Return whole metres along the earth by the haversine formula, None where a position is unknown."""
    if space.position is None or request.position is None:
        return None
    north, other = radians(space.position.latitude), radians(request.position.latitude)
    east = radians(space.position.longitude - request.position.longitude)
    square = sin((north - other) / 2) ** 2 + cos(north) * cos(other) * sin(east / 2) ** 2
    return round(2 * 6_371_008.8 * asin(min(sqrt(square), 1)))


def _budget(space: Space, request: Request) -> str:
    price, budget = space.price, request.budget
    if price is None or budget is None:
        return "unknown"
    if price.cents == 0:
        return "holds"
    if price.currency != budget.currency:
        return "fails"
    if price.per != budget.per:
        return "unknown"
    return "holds" if price.cents <= budget.cents else "fails"


def _state(*, fails: bool, known: bool) -> str:
    return "fails" if fails else "holds" if known else "unknown"


def _proposal(  # plain on purpose: no object gathers the six
    space: Space,
    request: Request,
    patterns: tuple[Pattern, ...],
    states: dict[Condition, str],
    weights: Weights,
    cause_needs: CauseNeeds,
) -> Proposal:
    parts = _parts(space, request, patterns, weights, cause_needs)
    total = sum(part.weight for part in parts)
    attributes = {"budget": "price", "distance": "position"}
    ask: list[Condition] = [condition for condition in sorted(states) if states[condition] == "unknown"]
    asked: list[Condition] = [condition for condition in sorted(states) if condition != "capacity_min"]
    assumed: tuple[Condition, ...] = tuple(each for each in asked if attributes.get(each, each) in space.assumed)
    return Proposal(
        request_id=request.id,
        space_id=space.id,
        rank=0,
        certainty="ask" if ask else "assumed" if assumed else "sure",
        score=sum(part.points * part.weight for part in parts) // total if total else 0,
        parts=parts,
        metres=metres_apart(space, request),
        patterns=patterns,
        ask=tuple(ask),
        assumed=assumed,
    )


def _parts(
    space: Space, request: Request, patterns: tuple[Pattern, ...], weights: Weights, cause_needs: CauseNeeds
) -> tuple[Part, ...]:
    metres, half = metres_apart(space, request), weights.half_points_metres
    held, wanted = sum(pattern.held for pattern in patterns), sum(pattern.wanted for pattern in patterns)
    points: dict[str, int] = {}
    if request.needs:
        points["time_fit"] = held * 10_000 // wanted if wanted else 0
    if request.position is not None:
        points["distance"] = 0 if metres is None else half * 10_000 // (half + metres)
    if request.group_max:
        roomy = request.group_max * weights.comfort_percent * 100
        points["size_fit"] = 0 if space.capacity is None else min(roomy // space.capacity, 10_000)
    if request.wishes:
        points["wishes"] = len(request.wishes & space.facilities) * 10_000 // len(request.wishes)
    if request.cause is not None:
        liked = request.cause in space.causes
        points["causes"] = (10_000 if liked else 0) if space.causes else weights.open_host_points
        if cause_needs:
            points["neighbourhood"] = cause_needs.get((space.neighbourhood or "", request.cause), 0)
    if request.meets_at is not None:
        points["continuity"] = 10_000 if space.id == request.meets_at else 0
    weighed = zip(PART_NAMES, weights.parts, strict=True)
    return tuple(Part(name, points[name], weight) for name, weight in weighed if name in points and weight)
