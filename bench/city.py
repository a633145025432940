"""A seeded made-up city for the benchmarks: six kinds of spaces, recurring and single bookings, four kinds of needs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from meervoud.core.engine.availability import BookingArrays
from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Request, Weekly, Window
from meervoud.core.engine.types.spaces import OpenPeriod, Position, Price, Space
from meervoud.core.engine.types.time import Closure, DateRange, Grid
from meervoud.core.engine.types.vocabulary import ACTIVITIES, FACILITIES

GRID = Grid("Europe/Amsterdam", date(2026, 1, 5), 53)
BUFFER = 30
RECURRING, SINGLE = 6, 12
HOURS = {
    "office": ("Mo-Fr 18:00-23:00; Sa-Su 09:00-23:00", 0.35),
    "community_centre": ("Mo-Su 09:00-22:00", 0.20),
    "school": ("Mo-Fr 16:00-22:00", 0.15),
    "vacant_shop": ("Mo-Su 00:00-24:00", 0.10),
    "place_of_worship": ("Tu-Sa 12:00-22:00", 0.10),
    "sports_hall": ("Mo-Fr 08:00-12:00,17:00-23:00; Sa 08:00-18:00", 0.10),
}
Choice = np.random.Generator


@dataclass(frozen=True)
class Recurrence:
    """A weekly booking on the wall clock: first day, start minute, length, how many weeks."""

    first: date
    start: int
    minutes: int
    weeks: int


@dataclass(frozen=True)
class City:
    """Spaces without bookings, their bookings as rules and as arrays, and requests."""

    spaces: list[Space]
    recurrences: list[list[Recurrence]]
    taken: BookingArrays
    requests: list[Request]


def make_city(spaces: int, requests: int, *, cities: int, seed: int = 7, only_weekly: bool = True) -> City:
    """Make a country of `cities` cities of Zipf size with `spaces` spaces."""
    dice = np.random.default_rng(seed)
    centres = np.column_stack([dice.uniform(51.2, 53.2, cities), dice.uniform(4.4, 6.6, cities)])
    shares = 1 / np.arange(1, cities + 1)
    home = dice.choice(cities, spaces, p=shares / shares.sum())
    spread = 0.9 + 3.1 * np.sqrt(np.bincount(home, minlength=cities) / max(spaces / cities, 1))
    places = centres[home] + dice.normal(0, 1, (spaces, 2)) * spread[home, None] * [0.009, 0.0145] * 1.4
    made = [_space(number, places[number], dice) for number in range(spaces)]
    recurrences = [_recurrences(dice) for _ in range(spaces)]
    asked = dice.integers(0, spaces, requests)
    wants = [_request(number, places[asked[number]], dice, only_weekly=only_weekly) for number in range(requests)]
    return City(made, recurrences, _as_arrays(recurrences), wants)


def _space(number: int, place: NDArray[np.float64], dice: Choice) -> Space:
    kinds = list(HOURS)
    kind = kinds[dice.choice(len(kinds), p=[share for _, share in HOURS.values()])]
    weeks = dice.integers(0, 50, 2)
    closures = tuple(
        Closure(DateRange(first, first + timedelta(days=6)))
        for first in (GRID.monday + timedelta(days=7 * int(week)) for week in weeks)
    )
    there = frozenset(name for name in FACILITIES[:16] if dice.random() < 0.6)
    return Space(
        id=f"s{number:06}",
        kind=kind,
        position=Position(float(place[0]), float(place[1])),
        capacity=int(np.exp(dice.normal(3.3, 0.8))) + 4,
        area_m2=float(dice.integers(12, 300)),
        facilities=there,
        no_facilities=frozenset(FACILITIES) - there,
        step_free="yes" if dice.random() < 0.7 else "no",
        activities=frozenset(name for name in ACTIVITIES[:8] if dice.random() < 0.7),
        loudness="amplified",
        price=Price(int(dice.choice([0, 0, 500, 1000, 2000, 4000]))),
        periods=(OpenPeriod(parse_opening_hours(HOURS[kind][0]), "inside"),),
        closures=closures,
    )


def _recurrences(dice: Choice) -> list[Recurrence]:
    found: list[Recurrence] = []
    for number in range(RECURRING + SINGLE):
        weekly = number < RECURRING
        day = GRID.monday + timedelta(days=int(dice.integers(0, 7 * 50)))
        start = int(dice.integers(16, 42)) * 30
        minutes = int(dice.choice([60, 90, 120, 150]))
        room = (GRID.last - day).days // 7
        found.append(Recurrence(day, start, minutes, min(int(dice.integers(4, 40)), room) if weekly else 1))
    return found


def _as_arrays(recurrences: list[list[Recurrence]]) -> BookingArrays:
    # bookings lie between 08:00 and 24:00, where no clock changes: the offset at noon holds for the whole day
    zone, days = ZoneInfo(GRID.zone), GRID.weeks * 7
    noons = [
        datetime(GRID.monday.year, GRID.monday.month, GRID.monday.day, 12, tzinfo=UTC) + timedelta(d)
        for d in range(days)
    ]
    offset = np.array([(noon.astimezone(zone).utcoffset() or timedelta()).seconds // 60 for noon in noons])
    flat = [(row, each) for row, some in enumerate(recurrences) for each in some]
    weeks = np.array([each.weeks for _, each in flat])
    piece = np.repeat(np.arange(len(flat)), weeks)
    week = np.arange(len(piece)) - np.repeat(np.cumsum(weeks) - weeks, weeks)
    first = np.array([(each.first - GRID.monday).days for _, each in flat])[piece] + 7 * week
    start = first * 1440 + np.array([each.start for _, each in flat])[piece] - offset[np.minimum(first, days - 1)]
    end = start + np.array([each.minutes for _, each in flat])[piece]
    row = np.array([row for row, _ in flat])[piece]
    return BookingArrays(row.astype(np.int64), start - BUFFER, end + BUFFER)


def _request(number: int, place: NDArray[np.float64], dice: Choice, *, only_weekly: bool) -> Request:
    shift = dice.normal(0, 0.006, 2)
    kind = "weekly" if only_weekly else str(dice.choice(["weekly", "dates", "hours", "days"], p=[0.6, 0.15, 0.15, 0.1]))
    people = int(dice.integers(5, 40))
    return Request(
        id=f"r{number:05}",
        position=Position(float(place[0] + shift[0]), float(place[1] + shift[1])),
        max_metres=int(dice.choice([1500, 2500, 4000, 6000])),
        group_min=people,
        group_max=people,
        facilities=frozenset(
            np.array(FACILITIES[:16])[dice.choice(16, int(dice.integers(0, 3)), replace=False)].tolist()
        ),
        activities=frozenset({str(dice.choice(ACTIVITIES[:8]))}),
        budget=Price(int(dice.choice([0, 1000, 2000, 4000]))),
        needs=(_need(kind, dice),),
    )


def _need(kind: str, dice: Choice) -> Need:
    first = GRID.monday + timedelta(days=7 * int(dice.integers(0, 30)))
    weekdays = frozenset(dice.choice(7, int(dice.integers(1, 4)), replace=False).tolist())
    start = int(dice.choice([9, 13, 17, 18, 19])) * 60
    window, minutes = Window(start, start + 240), int(dice.choice([60, 90, 120, 180]))
    weeks = int(dice.choice([8, 12, 20]))
    if kind == "dates":
        days = sorted({first + timedelta(days=int(day)) for day in dice.integers(0, 70, 4)})
        return Dates(tuple(days), window, minutes)
    if kind == "hours":
        return Hours(4 * 60, frozenset(range(7)), Window(8 * 60, 22 * 60), 120, first, weeks)
    if kind == "days":
        return Continuous(first, int(dice.integers(28, 120)), 0.8)
    return Weekly(weekdays, window, minutes, first, weeks)
