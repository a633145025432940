"""What a space is for a request: which musts it fails, what is unknown, what is assumed, and what it scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, ceil, cos, radians, sin, sqrt

from meervoud.core.engine.types.requests import Need, Request
from meervoud.core.engine.types.results import PART_NAMES, Certainty, Condition, Part, Pattern, Weights
from meervoud.core.engine.types.spaces import Attribute, Position, Price, Space
from meervoud.core.engine.types.time import Grid
from meervoud.core.engine.types.vocabulary import LOUDNESS
from meervoud.core.engine.verify.evenings import most_days_of_a_month
from meervoud.core.engine.verify.free_time import Calendar, FreeTime, calendar_of, wall_clock
from meervoud.core.engine.verify.rules import Option, Placing, best_of

EARTH_METRES = 6_371_008.8
FULL = 10_000
CERTAINTIES: tuple[Certainty, ...] = ("sure", "assumed", "ask")
CauseNeeds = Mapping[tuple[str, str], int]

_ASKED_AS: dict[Attribute, Condition] = {
    "position": "distance",
    "price": "budget",
    "time": "time",
    "capacity": "capacity",
    "area": "area",
    "facilities": "facilities",
    "step_free": "step_free",
    "activities": "activities",
    "loudness": "loudness",
}


@dataclass(frozen=True)
class Verdict:
    """What one space is for one request.

    Attributes:
        failed, unknown, assumed: conditions; a space fits when none failed.
        metres: None where a position is unknown or not given.
        options: the option of each rule; empty where time is not asked, unknown or not enough.
    """

    failed: frozenset[Condition]
    unknown: frozenset[Condition]
    assumed: frozenset[Condition]
    metres: int | None
    options: tuple[Option, ...]

    @property
    def certainty(self) -> Certainty:
        """How sure it is that the space fits, if nothing failed."""
        if self.unknown:
            return "ask"
        return "assumed" if self.assumed else "sure"

    def fails_alone(self, condition: str) -> bool:
        """Return whether this condition fails and no other."""
        return len(self.failed) == 1 and condition in self.failed


class City:
    """All spaces, with their calendars once they are asked for.

    Args:
        spaces: in any order.
        grid: the weeks looked at.
    """

    def __init__(self, spaces: Sequence[Space], grid: Grid) -> None:
        self.spaces = {space.id: space for space in spaces}
        self.grid = grid
        self._calendars: dict[str, Calendar] = {}
        self._placed: dict[tuple[str, tuple[Need, ...]], tuple[Option, ...] | None] = {}

    def calendar(self, space: Space) -> Calendar:
        """Return when a space is free and what blocks it."""
        if space.id not in self._calendars:
            self._calendars[space.id] = calendar_of(space, self.grid)
        return self._calendars[space.id]

    def placing(self, need: Need, free: FreeTime) -> Placing:
        """Return one rule in some free time."""
        return Placing(need, free, self.grid.monday, wall_clock(self.grid).skipped)

    def options(self, needs: tuple[Need, ...], space: Space) -> tuple[Option, ...] | None:
        """Return the best option of each rule, one placed after the other; None where one is not enough."""
        key = (space.id, needs)
        if key not in self._placed:
            self._placed[key] = self._place(needs, space)
        return self._placed[key]

    def patterns(self, needs: tuple[Need, ...], space: Space, options: Sequence[Option]) -> tuple[Pattern, ...]:
        """Write out the chosen options, one after the other."""
        free = self.calendar(space).free
        patterns: list[Pattern] = []
        for rule, (need, option) in enumerate(zip(needs, options, strict=True)):
            pattern, taken = self.placing(need, free).write_out(option, rule)
            patterns.append(pattern)
            free = free.without(taken)
        return tuple(patterns)

    def worst_share(self, needs: tuple[Need, ...], space: Space) -> tuple[int, int]:
        """Return the percentage wanted and the best one found, of the rule that is worst off by itself."""
        free = self.calendar(space).free
        shares: list[tuple[int, int]] = []
        for need in needs:
            best = max(option.points for option in self.placing(need, free).options) // 100
            shares.append((ceil(round(need.coverage_share * 100, 6)), best))
        return min(shares, key=lambda share: share[1] - share[0])

    def _place(self, needs: tuple[Need, ...], space: Space) -> tuple[Option, ...] | None:
        free = self.calendar(space).free
        chosen: list[Option] = []
        for rule, need in enumerate(needs):
            placing = self.placing(need, free)
            option = best_of(need, placing.options)
            if option is None:
                return None
            chosen.append(option)
            if rule < len(needs) - 1:
                free = free.without(placing.write_out(option, rule)[1])
        return tuple(chosen)


def judge(city: City, request: Request, space: Space) -> Verdict:
    """Hold one space against every must of one request."""
    metres = metres_between(request.position, space.position)
    failed, unknown, asked = _judge_attributes(request, space)
    if request.max_metres is not None and request.position is not None:
        asked.add("distance")
        if metres is None:
            unknown.add("distance")
        elif metres > request.max_metres:
            failed.add("distance")
    options: tuple[Option, ...] | None = ()
    if request.needs:
        asked |= {"time", "evenings"}
        most = space.most_evenings_a_month
        if most is not None and most_days_of_a_month(request.needs) > most:
            unknown.add("evenings")
        if not space.periods:
            unknown.add("time")
        else:
            options = city.options(request.needs, space)
            if options is None:
                failed.add("time")
    assumed = asked & {_ASKED_AS[attribute] for attribute in space.assumed}
    return Verdict(frozenset(failed), frozenset(unknown), frozenset(assumed), metres, options or ())


def metres_between(here: Position | None, there: Position | None) -> int | None:
    """Return whole metres on the sphere (haversine), None where a position is missing."""
    if here is None or there is None:
        return None
    north, other_north = radians(here.latitude), radians(there.latitude)
    east = radians(there.longitude - here.longitude)
    square = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin(east / 2) ** 2
    return round(2 * EARTH_METRES * asin(min(1.0, sqrt(square))))


def missing_facilities(request: Request, space: Space) -> frozenset[str]:
    """Return the facilities that are a must and known to be absent."""
    return (request.facilities & space.no_facilities) - space.facilities


def refused_activities(request: Request, space: Space) -> frozenset[str]:
    """Return the activities that are planned and not permitted."""
    refused = request.activities & space.no_activities
    return refused if space.activities is None else refused | (request.activities - space.activities)


def score_parts(
    request: Request, space: Space, verdict: Verdict, weights: Weights, cause_needs: CauseNeeds
) -> tuple[Part, ...]:
    """Return the parts of the score that the request asks for and that weigh something."""
    points: dict[str, int] = {}
    if request.needs:
        held, wanted = (sum(getattr(each, name) for each in verdict.options) for name in ("held", "wanted"))
        points["time_fit"] = held * FULL // wanted if wanted else 0
    if request.position is not None:
        half = weights.half_points_metres
        points["distance"] = 0 if verdict.metres is None else half * FULL // (half + verdict.metres)
    if request.group_max > 0:
        room = request.group_max * weights.comfort_percent * 100
        points["size_fit"] = min(FULL, room // space.capacity) if space.capacity else 0
    if request.wishes:
        points["wishes"] = len(request.wishes & space.facilities) * FULL // len(request.wishes)
    if request.cause is not None:
        open_host = 0 if space.causes else weights.open_host_points
        points["causes"] = FULL if request.cause in space.causes else open_host
        if cause_needs:
            points["neighbourhood"] = cause_needs.get((space.neighbourhood or "", request.cause), 0)
    if request.meets_at is not None:
        points["continuity"] = FULL if space.id == request.meets_at else 0
    weighed = zip(PART_NAMES, weights.parts, strict=True)
    return tuple(Part(name, points[name], weight) for name, weight in weighed if name in points and weight > 0)


def score_of(parts: Sequence[Part]) -> int:
    """Return the weighted mean of parts, rounded down; 0 where nothing weighs."""
    weight = sum(part.weight for part in parts)
    return sum(part.points * part.weight for part in parts) // weight if weight else 0


def _judge_attributes(request: Request, space: Space) -> tuple[set[Condition], set[Condition], set[Condition]]:
    """Return which conditions fail, are unknown and are asked: all but distance and time."""
    failed: set[Condition] = set()
    unknown: set[Condition] = set()
    asked: set[Condition] = set()
    for condition, is_asked, fails, is_unknown in (
        *_people_and_floor(request, space),
        *_things_and_doings(request, space),
        *_money(request.budget, space.price),
    ):
        if is_asked:
            asked.add(condition)
            failed |= {condition} if fails else set()
            unknown |= {condition} if is_unknown else set()
    return failed, unknown, asked


_Line = tuple[Condition, bool, bool, bool]
"""A condition, whether it is asked, fails, is unknown."""


def _people_and_floor(request: Request, space: Space) -> list[_Line]:
    capacity, area, people = space.capacity, space.area_m2, request.group_max
    return [
        ("capacity", people > 0, capacity is not None and capacity < people, capacity is None),
        ("capacity_min", people > 0, space.capacity_min > people, False),
        ("area", request.area_m2 > 0, area is not None and area < request.area_m2, area is None),
    ]


def _things_and_doings(request: Request, space: Space) -> list[_Line]:
    missing, refused = missing_facilities(request, space), refused_activities(request, space)
    untold = request.facilities - space.facilities - space.no_facilities
    no_word = space.activities is None and not space.no_activities
    loud = LOUDNESS.index(request.loudness or LOUDNESS[0])
    permitted = None if space.loudness is None else LOUDNESS.index(space.loudness)
    return [
        ("facilities", bool(request.facilities), bool(missing), bool(untold)),
        ("step_free", request.step_free, space.step_free == "no", space.step_free in (None, "limited")),
        ("activities", bool(request.activities), bool(refused), no_word),
        ("loudness", loud > 0, permitted is not None and permitted < loud, permitted is None),
    ]


def _money(budget: Price | None, price: Price | None) -> list[_Line]:
    if budget is None:
        return []
    if price is None:
        return [("budget", True, False, True)]
    if price.cents == 0:
        return [("budget", True, False, False)]
    if price.currency != budget.currency:
        return [("budget", True, False, False), ("currency", True, True, False)]
    if price.per != budget.per:
        return [("budget", True, False, True)]
    return [("budget", True, price.cents > budget.cents, False)]
