"""A made-up ledger whose totals are those that a real pilot published: it shows how such figures are computed, and proves nothing."""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any, Final

DAY: Final = timedelta(days=1)
OFFICES: Final = 14
EVENING: Final = time(19)
MORNING: Final = time(9)
STEP_MINUTES: Final = 30
EVIDENCE: Final = ("checked_in", "checked_in", "checked_in", "host", "paper", "door_code", "checked_in", "silent")
COME: Final = 0.55
"""Share of a group that is there at a time."""


@dataclass(frozen=True)
class PilotMoment:
    """One made-up moment of use; times are those of the clock on the wall.

    Attributes:
        initiative, office: numbers in the lists of the plan.
        people, first_timers: None where nobody counted.
        evidence: how it is known.
    """

    initiative: int
    office: int
    starts: datetime
    ends: datetime
    people: int | None
    first_timers: int | None
    evidence: str


def pilot_plan() -> dict[str, Any]:  # Any: TOML holds values of any kind
    """Return the tables of `parameters/demo_pilot.toml`."""
    return tomllib.loads(files("meervoud.files").joinpath("parameters/demo_pilot.toml").read_text("utf-8"))


def pilot_moments(plan: dict[str, Any], *, seed: int = 1) -> list[PilotMoment]:  # Any: see pilot_plan
    """Return the moments of the plan, in order of time; moments, minutes and people add up to its totals.

    Each office has two groups, each on a weekday of its own. The first groups of the plan come for whole days, the last for
    evenings: no evening alone gives so many hours a moment.

    Args:
        plan: from `pilot_plan`.
        seed: the same seed gives the same ledger.
    """
    dice, totals, groups = random.Random(seed), plan["totals"], len(plan["initiatives"])  # noqa: S311  # a made-up ledger
    counts = _shared(totals["moments"], [1.0] * groups)
    sizes = _shared(totals["people"], [dice.choice((0.6, 0.8, 1.0, 1.2, 1.6)) for _ in range(groups)])
    lengths = _lengths(plan, counts)
    found = []
    for number, (times, size) in enumerate(zip(counts, sizes, strict=True)):
        days = _days(plan["first"], plan["last"], number, times)
        came = _came(dice, times, size)
        starts = EVENING if _is_evening(plan, number) else MORNING
        for day, minutes, (people, first, evidence) in zip(days, lengths[number], came, strict=True):
            begin = datetime.combine(day, starts)
            office = number % len(plan["offices"])
            end = begin + timedelta(minutes=minutes)
            found.append(PilotMoment(number, office, begin, end, people, first, evidence))
    return sorted(found, key=lambda each: (each.starts, each.initiative))


def _shared(total: int, weights: Sequence[float]) -> list[int]:
    """Return whole numbers by weight that add up to a total: what rounding leaves goes to the first ones."""
    parts = [int(total * each / sum(weights)) for each in weights]
    for place in range(total - sum(parts)):
        parts[place] += 1
    return parts


def _is_evening(plan: dict[str, Any], number: int) -> bool:  # Any: see pilot_plan
    return number >= len(plan["initiatives"]) - int(plan["lengths"]["evening_groups"])


def _lengths(plan: dict[str, Any], counts: Sequence[int]) -> list[list[int]]:  # Any: see pilot_plan
    """Return how long each moment lasts; what the total still lacks makes whole days longer, half an hour each."""
    said = plan["lengths"]
    rows = [
        [said["evening_minutes"] if _is_evening(plan, number) else said["whole_day_minutes"]] * times
        for number, times in enumerate(counts)
    ]
    lacks = plan["totals"]["minutes"] - sum(map(sum, rows))
    places = [
        (row, place) for number, row in enumerate(rows) if not _is_evening(plan, number) for place in range(len(row))
    ]
    for row, place in places[: lacks // STEP_MINUTES]:
        row[place] += STEP_MINUTES
    return rows


def _days(first: date, last: date, number: int, times: int) -> list[date]:
    """Return the days of a group: the same weekday, week after week; two groups of an office have different ones."""
    begin = first + DAY * ((number + number // OFFICES * 3) % 7)
    weeks = (last - begin).days // 7
    start = (number * 5) % (weeks - times + 1)
    return [begin + timedelta(weeks=start + week) for week in range(times)]


def _came(dice: random.Random, times: int, size: int) -> list[tuple[int | None, int | None, str]]:
    """Return how many came to each moment of a group, how many of them for the first time, and how that is known.

    Each of its people comes for a first time, most of them at the start. At a moment that nobody objected to, nobody counted.
    """
    evidence = ["checked_in", *(dice.choice(EVIDENCE) for _ in range(times - 1))]
    counted = [place for place, each in enumerate(evidence) if each != "silent"]
    firsts = dict.fromkeys(counted, 0)
    firsts[0] = max(1, round(size * COME))
    for _ in range(size - firsts[0]):
        firsts[dice.choice(counted[: max(1, len(counted) * 2 // 3)])] += 1
    known, rows = 0, list[tuple[int | None, int | None, str]]()
    for place, each in enumerate(evidence):
        if place not in firsts:
            rows.append((None, None, each))
            continue
        again = min(known, round(size * COME * dice.uniform(0.5, 0.9)))
        known += firsts[place]
        rows.append((firsts[place] + again, firsts[place], each))
    return rows
