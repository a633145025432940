"""The rule of heads on ESG pages on thought-up ledgers: beside the reports, the pages of all hosts tell nothing of anybody small."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest
from tests.core.impact.attacker import GaveUpError, Puzzle

from meervoud.core.impact.ledger import Room, Tally
from meervoud.core.impact.small_cells import Table, shown
from meervoud.outcomes.esg_days import Beside, Days, Part, Span, Told
from meervoud.outcomes.esg_heads import hidden_hosts

HOSTS, AREAS = ("Ada", "Bo", "Cy"), ("East", "North")
ROOMS = {
    f"{host} {area}": Room(f"{host} {area}", host, area, 10, keeps_use=True, atoms=frozenset())
    for host in HOSTS
    for area in AREAS
}
HALVES = 3
SHELTERED = "sheltered"
MANY = 30
SEEDS = 120
Use = tuple[str, str, int]
"""Host, neighbourhood, half a year; of sheltered groups both names are SHELTERED."""
Halves = tuple[int, int]
YEARS: tuple[Halves, ...] = ((0, 1), (2, 2))


def uses(random: Random) -> Counter[Use]:
    """Think up how many came: mostly a host is in one neighbourhood, and mostly not few."""
    found = Counter[Use]()
    for host in HOSTS:
        for area in random.sample(AREAS, random.choice((1, 1, 1, 2))):
            for half in range(HALVES):
                found[host, area, half] = random.choice((0, 3, 5, 6, 7, 8, 9, 11))
    for half in range(HALVES):
        found[SHELTERED, SHELTERED, half] = random.choice((0, 0, 2, 7))
    return Counter({use: people for use, people in found.items() if people})


def days(halves: Halves) -> Days:
    first, last = (date(2020 + at // 2, 7 if at % 2 else 1, 1) for at in (halves[0], halves[1] + 1))
    return first, last - timedelta(days=1)


def over(found: Counter[Use], halves: Halves) -> list[tuple[Use, int]]:
    return [(use, people) for use, people in found.items() if halves[0] <= use[2] <= halves[1]]


def report_on(found: Counter[Use], halves: Halves) -> dict[str, int | None]:
    """Return the heads by neighbourhood, and the total at "", as a report tells them."""
    sums = Counter[str]()
    for (_host, area, _half), people in over(found, halves):
        sums[area] += people
    if not sums:
        return {"": 0}
    table = shown(Table(tuple(sums), ("visits",), tuple((people,) for people in sums.values())), k=5)
    if table.grand_total is None:
        return {"": None, **dict.fromkeys(sums)}
    return {"": table.grand_total, **{area: table.value((area, "visits")) for area in sums}}


def span(found: Counter[Use], halves: Halves) -> Span:
    open_to_all, apart = list[Tally](), list[Tally]()
    for (host, area, half), people in over(found, halves):
        rows, room = (apart, "Ada East") if host == SHELTERED else (open_to_all, f"{host} {area}")
        rows.append(Tally(room, f"{host} {half}", "host", 0, 0, 0, 1, 1, people, 0, 0, people))
    return Span(days(halves), tuple(open_to_all), tuple(apart))


def known(found: Counter[Use], reports: list[Halves]) -> Beside:
    borders = sorted({0, 2, HALVES, *(at for first, last in reports for at in (first, last + 1))})
    pieces = [(first, after - 1) for first, after in pairwise(borders)]
    shared = [(max(y[0], r[0]), min(y[1], r[1])) for y in YEARS for r in reports if max(y[0], r[0]) <= min(y[1], r[1])]
    spans = {each: span(found, each) for each in (*pieces, *YEARS, *reports, *shared)}
    told = []
    for each in reports:
        said: dict[Part, int | None] = {
            ("area", name): visits for name, visits in report_on(found, each).items() if name
        }
        total = report_on(found, each)[""]
        said["evidence", "host"] = total
        told.append((Told(days(each), said), spans[each]))
    return Beside(tuple(spans.values()), tuple(spans[each] for each in YEARS), tuple(told), ROOMS)


def outsider(found: Counter[Use], reports: list[Halves], hidden: frozenset[str] | None) -> Puzzle:
    """Return what somebody knows with the reports, and the pages too where it is told whom these hide."""
    puzzle = Puzzle()
    for use, people in found.items():
        puzzle.ranges[use], puzzle.likely[use] = (0, MANY), people
    for key, cells, visits in (*_by_reports(found, reports), *_secrets(found), *_by_pages(found, hidden)):
        puzzle.sums.append((tuple(cells), key))
        puzzle.likely[key] = sum(found[each] for each in cells)
        puzzle.ranges[key] = (0, MANY * 20) if visits is None else (visits, visits)
    return puzzle


Row = tuple[tuple[str, str, Halves], list[Use], int | None]


def _by_reports(found: Counter[Use], reports: list[Halves]) -> Iterator[Row]:
    for each in reports:
        for name, visits in report_on(found, each).items():
            yield ("report", name, each), [use for use, _ in over(found, each) if name in ("", use[1])], visits


def _by_pages(found: Counter[Use], hidden: frozenset[str] | None) -> Iterator[Row]:
    if hidden is None:
        return
    for year in YEARS:
        for host in HOSTS:
            cells = [use for use, _ in over(found, year) if use[0] == host]
            visits = sum(found[each] for each in cells)
            yield ("page", host, year), cells, None if host in hidden or 0 < visits < 5 else visits


def _secrets(found: Counter[Use]) -> Iterator[Row]:
    for year in YEARS:
        for host in (*HOSTS, SHELTERED):
            for area in {use[1] for use in found if use[0] == host}:
                yield (host, area, year), [use for use, _ in over(found, year) if use[:2] == (host, area)], None
            yield (host, "", year), [use for use, _ in over(found, year) if use[0] == host], None
        for area in AREAS:
            yield ("area", area, year), [use for use, _ in over(found, year) if use[1] == area], None


def worked_out(puzzle: Puzzle) -> set[object]:
    few = [
        key for key, people in puzzle.likely.items() if 0 < people < 5 and isinstance(key, tuple) and key[0] != "page"
    ]
    return {key for key in few if not {0, 5} <= puzzle.values(key, 5)}


def adds(seed: int, *, has_rule: bool) -> set[object] | None:
    """Return who is found by pages and reports and not by reports alone; None where the search takes too long."""
    random = Random(seed)  # noqa: S311  # no secret
    found, reports = uses(random), _some_reports(random)
    hidden = hidden_hosts(known(found, reports)) if has_rule else frozenset[str]()
    try:
        return worked_out(outsider(found, reports, hidden)) - worked_out(outsider(found, reports, None))
    except GaveUpError:
        return None


@pytest.mark.slow
def test_beside_the_reports_the_pages_tell_nothing_of_anybody_small() -> None:
    found = [adds(seed, has_rule=True) for seed in range(SEEDS)]
    assert found.count(None) <= SEEDS // 20, "what the search gave up on proves nothing"
    assert [seed for seed, each in enumerate(found) if each] == []


@pytest.mark.slow
def test_the_control_without_the_rule_the_pages_often_do() -> None:
    assert sum(bool(adds(seed, has_rule=False)) for seed in range(20)) >= 5


def test_the_rule_leaves_pages_that_tell_heads() -> None:
    shows = 0
    for seed in range(SEEDS):
        random = Random(seed)  # noqa: S311  # no secret
        shows += hidden_hosts(known(uses(random), _some_reports(random))) < frozenset(HOSTS)
    assert shows >= 10


def _some_reports(random: Random) -> list[Halves]:
    every = [(first, last) for first in range(HALVES) for last in range(first, HALVES)]
    return [(1, 2), *random.sample([each for each in every if each != (1, 2)], random.choice((0, 1)))]
