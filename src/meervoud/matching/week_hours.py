"""Hour by hour of the week: how many requests wait for a space, and how many spaces stand empty."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import numpy as np

from meervoud.core.engine import Index
from meervoud.core.engine.arrays import Floats
from meervoud.core.engine.types.requests import Continuous, Dates, Need
from meervoud.core.engine.types.requests import Request as Asked
from meervoud.demand.models import Request
from meervoud.matching.city_index import CityIndex, city_index
from meervoud.matching.models import Proposal, State
from meervoud.matching.open_requests import open_requests
from meervoud.parties.models import Programme
from meervoud.places.actions import names_at

WEEKS: Final = 8
HOURS: Final = 24
WHY: Final = "which requests still wait, counted for the desk; the view has checked that the viewer works for it"
Hour = tuple[int, int]
"""Weekday 0-6, Monday first, and hour 0-23."""


@dataclass(frozen=True)
class Area:
    """A neighbourhood, or the whole programme.

    Attributes:
        name: "" is what names no neighbourhood.
        waiting: requests that wait; of groups that need shelter only in the whole programme.
        asked: by weekday and hour, requests that could use that hour, shape (7, 24).
        spaces: that are lent by the hour.
        empty: by weekday and hour, spaces that are free then, the mean of the next eight weeks, shape (7, 24).
    """

    name: str
    waiting: int
    asked: Floats
    spaces: int
    empty: Floats

    @property
    def short(self) -> int:
        """In how many hours of the week more requests wait than spaces stand empty."""
        return int((self.asked > self.empty).sum())


@dataclass(frozen=True)
class Waiting:
    """What waits and what stands empty.

    Attributes:
        all: the whole programme.
        areas: the neighbourhoods, most waiting first.
        sheltered: how many waiting requests are of groups that need shelter: in no area and no hour.
    """

    all: Area
    areas: tuple[Area, ...]
    sheltered: int


def waiting_and_empty(programme: Programme, *, now: datetime) -> Waiting:
    """Hold what waits against what stands empty.

    A request waits while it is open and not both sides said yes. It counts once in every hour of the week that lies in
    the window of one of its rules, wherever in that window it would meet: it can use any of them, and needs few.

    Args:
        programme: whose requests and spaces.
        now: the week that is first looked at.
    """
    with city_index(programme, now) as city:
        waiting, sheltered = _waiting(programme, city)
        empty, spaces = _empty(city)
    asked: dict[str, Floats] = defaultdict(_no_hours)
    numbers: Counter[str] = Counter()
    for name, hours in waiting:
        numbers[name] += 1
        for weekday, hour in hours:
            asked[name][weekday, hour] += 1
    names = {*numbers, *spaces}
    areas = [Area(name, numbers[name], asked[name], spaces[name], empty.get(name, _no_hours())) for name in names]
    total = Area(
        "",
        sum(numbers.values()) + sheltered,
        sum((each.asked for each in areas), start=_no_hours()),
        sum(spaces.values()),
        sum((each.empty for each in areas), start=_no_hours()),
    )
    return Waiting(total, tuple(sorted(areas, key=lambda each: (-each.waiting, each.name))), sheltered)


def hours_of(needs: Iterable[Need]) -> set[Hour]:
    """Return the hours of the week that lie in the windows of some rules; what runs past midnight is of the next day."""
    found: set[Hour] = set()
    for need in needs:
        if isinstance(need, Continuous):
            return {(weekday, hour) for weekday in range(7) for hour in range(HOURS)}
        days = {each.weekday() for each in need.dates} if isinstance(need, Dates) else need.weekdays
        for hour in range(need.window.start // 60, -(-need.window.end // 60)):
            found |= {((day + hour // HOURS) % 7, hour % HOURS) for day in days}
    return found


def _waiting(programme: Programme, city: CityIndex) -> tuple[list[tuple[str, set[Hour]]], int]:
    known = open_requests(programme, city).asked
    agreed = Proposal.objects.every(because=WHY).filter(programme=programme, state=State.AGREED)
    settled: set[UUID] = set(agreed.values_list("request", flat=True))
    sheltered: set[UUID] = set(
        Request.objects.open_in(programme, because=WHY).filter(is_sheltered=True).values_list("pk", flat=True)
    )
    waiting = {pk: each for pk, each in known.items() if pk not in settled}
    open_ones = [each for pk, each in waiting.items() if pk not in sheltered]
    shown = list(zip(_areas_of(programme, open_ones), (hours_of(each.needs) for each in open_ones), strict=True))
    return shown, len(waiting) - len(shown)


def _areas_of(programme: Programme, requests: Sequence[Asked]) -> list[str]:
    """Return the neighbourhood that each request names, or in which the point lies that it would like to be near to."""
    placed = [each for each in requests if each.position and not each.neighbourhood]
    names = names_at(programme, [(each.position.latitude, each.position.longitude) for each in placed if each.position])
    by_id = {each.id: name for each, name in zip(placed, names, strict=True)}
    return [each.neighbourhood or by_id.get(each.id, "") for each in requests]


def _empty(city: CityIndex) -> tuple[Mapping[str, Floats], Counter[str]]:
    index = city.by_hours
    places = [space.neighbourhood or "" for space in index.spaces]
    names = sorted(set(places))
    lies_in = np.array(names)[:, None] == np.array(places)[None, :]
    free = _free_by_area(index, (city.today - index.grid.monday).days, lies_in.astype(np.float64))
    return {name: free[place] for place, name in enumerate(names)}, Counter(places)


def _free_by_area(index: Index, first: int, lies_in: Floats) -> Floats:
    """Return how many spaces are free for a whole hour, the mean of the next weeks, shape (areas, 7, 24).

    Args:
        index: of the spaces that are lent by the hour.
        first: the day of the grid to begin with.
        lies_in: 1 where a space lies in an area, else 0, shape (areas, spaces).
    """
    days = np.arange(first, min(first + 7 * WEEKS, index.grid.weeks * 7))
    found = np.zeros((len(lies_in), 7, HOURS))
    for weekday in range(7):
        words = index.bits[weekday][:, days[days % 7 == weekday] // 7]
        whole_hours = words & (words >> np.uint64(1))
        for hour in range(HOURS):
            free = np.bitwise_count(whole_hours & np.uint64(1 << (2 * hour)))
            found[:, weekday, hour] = lies_in @ free.mean(axis=1)
    return found


def _no_hours() -> Floats:
    return np.zeros((7, HOURS))
