"""What an initiative could change, and how many more spaces that opens: all conditions but time."""

from dataclasses import replace

from meervoud.core.engine.arrays import Ints
from meervoud.core.engine.attributes import missing_facilities, refused_activities
from meervoud.core.engine.index import Index
from meervoud.core.engine.musts import distances
from meervoud.core.engine.types.requests import Dates, Hours, Need, Request, Weekly, Window
from meervoud.core.engine.types.results import Condition, Relaxation
from meervoud.core.engine.types.spaces import Price, Space
from meervoud.core.engine.types.vocabulary import LOUDNESS

ROUND_METRES = 100
FURTHER = 2  # times the distance asked


def relax_condition(index: Index, request: Request, condition: Condition, rows: Ints) -> list[Relaxation]:
    """Return what relaxing one condition would open.

    Args:
        index: all spaces.
        request: whose condition.
        condition: not "time".
        rows: the spaces that fail this condition only, sorted.

    Returns:
        Nothing where there is nothing to open, or where no change of the request would (another currency).
    """
    if len(rows) == 0 or condition == "currency":
        return []
    if condition == "distance":
        return _relax_distance(index, request, rows)
    if condition in ("facilities", "activities"):
        return _relax_names(index, request, condition, rows)
    return [_relax_number(index, condition, rows)]


def relax_request(request: Request, relaxation: Relaxation) -> Request:
    """Return the request as it would be after one relaxation."""
    kind, value = relaxation.kind, relaxation.value
    if relaxation.rule >= 0:
        needs = list(request.needs)
        needs[relaxation.rule] = relax_need(needs[relaxation.rule], kind, int(value))
        return replace(request, needs=tuple(needs))
    names = frozenset(value.split(","))
    if kind in ("capacity", "capacity_min"):
        return replace(request, group_max=int(value), group_min=min(request.group_min, int(value)))
    if kind == "budget" and request.budget is not None:
        return replace(request, budget=Price(int(value), request.budget.currency, request.budget.per))
    changes = {
        "distance": lambda: replace(request, max_metres=int(value)),
        "area": lambda: replace(request, area_m2=float(value)),
        "facilities": lambda: replace(request, facilities=request.facilities - names),
        "activities": lambda: replace(request, activities=request.activities - names),
        "loudness": lambda: replace(request, loudness=value),
        "step_free": lambda: replace(request, step_free=False),
    }
    return changes[kind]()


def relax_need(need: Need, kind: str, value: int) -> Need:
    """Return one rule after a relaxation of its time.

    Args:
        need: the rule.
        kind: "start" (value: a minute that is let in), "weekday" (0-6), "coverage" (percent) or "minutes".
        value: see kind.
    """
    if kind == "coverage":
        return replace(need, coverage_share=value / 100)
    if kind == "weekday" and isinstance(need, (Weekly, Hours)):
        return replace(need, weekdays=need.weekdays | {value})
    if kind == "minutes" and isinstance(need, (Weekly, Dates)):
        return replace(need, minutes=value)
    if kind == "start" and isinstance(need, (Weekly, Dates)):
        window = Window(min(need.window.start, value), max(need.window.end, value + need.minutes))
        return replace(need, window=window)
    return need


def _relax_names(index: Index, request: Request, condition: Condition, rows: Ints) -> list[Relaxation]:
    names = missing_facilities if condition == "facilities" else refused_activities
    failing = {space.id: names(request, space) for space in index.spaces_at(rows)}
    # what does without the kitchen and the piano also does without the kitchen alone
    return [
        _relaxation(
            condition,
            ",".join(dropped),
            [space_id for space_id, lacks in failing.items() if set(lacks) <= set(dropped)],
        )
        for dropped in sorted(set(failing.values()))
    ]


def _relax_distance(index: Index, request: Request, rows: Ints) -> list[Relaxation]:
    metres = distances(index, request, rows)
    asked = request.max_metres or 0
    limits = {_round_up(int(metres.min()))}
    near = metres[metres <= asked * FURTHER]
    if len(near):
        limits.add(_round_up(int(near.max())))
    return [
        _relaxation("distance", str(limit), [space.id for space in index.spaces_at(rows[metres <= limit])])
        for limit in sorted(limits)
    ]


def _round_up(metres: int) -> int:
    return -(-metres // ROUND_METRES) * ROUND_METRES


def _relax_number(index: Index, condition: Condition, rows: Ints) -> Relaxation:
    spaces = index.spaces_at(rows)
    values = [_number(space, condition) for space in spaces]
    # the change that asks least of the initiative: the largest of the small rooms, the cheapest of the dear ones
    value = min(values) if condition in ("capacity_min", "budget") else max(values)
    text = LOUDNESS[int(value)] if condition == "loudness" else "" if condition == "step_free" else f"{value:.12g}"
    return _relaxation(condition, text, [space.id for space, own in zip(spaces, values, strict=True) if own == value])


def _number(space: Space, condition: Condition) -> float:
    numbers = {
        "capacity": space.capacity or 0,
        "capacity_min": space.capacity_min,
        "area": space.area_m2 or 0,
        "budget": space.price.cents if space.price else 0,
        "loudness": LOUDNESS.index(space.loudness) if space.loudness else 0,
        "step_free": 0,
    }
    return numbers[condition]


def _relaxation(kind: str, value: str, space_ids: list[str]) -> Relaxation:
    return Relaxation(kind, -1, value, len(space_ids), tuple(sorted(space_ids)))
