"""One space held against all requests says what each request says of all spaces; a bound is never passed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meervoud.core.engine.arrays import SLOTS_PER_DAY
from meervoud.core.engine.demand import Demand
from meervoud.core.engine.edges import frame_edges
from meervoud.core.engine.index import Index, build_index
from meervoud.core.engine.lendable import blocked_slots
from meervoud.core.engine.musts import distances, failures
from meervoud.core.engine.near_misses import count_alone, find_near_misses
from meervoud.core.engine.proposals import answer, who_fits
from meervoud.core.engine.retrieval import key_of, rank_alone
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Moment
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.time import Grid
from meervoud.core.errors import InputError
from tests.core import strategies as city

pytestmark = pytest.mark.slow
WEIGHTS = load_weights()
CAUSE_NEEDS = {("east", "language"): 9000, ("west", "music"): 4000}
quiet = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def draw_city(data: st.DataObject) -> tuple[Index, list[Request]]:
    grid = data.draw(city.grids)
    index = build_index(data.draw(city.cities(grid)), grid, cause_needs=CAUSE_NEEDS)
    asked = [replace(data.draw(city.requests(grid)), id=f"r{number}") for number in range(3)]
    return index, [each for each in asked if is_within(index, each)]


def is_within(index: Index, request: Request) -> bool:
    try:
        answer(index, request, WEIGHTS)
    except InputError:
        return False  # a rule that leaves the grid is refused, see test_matching
    return True


def fails_nothing(index: Index, request: Request, row: int) -> bool:
    return not any(fails[row] for fails in failures(index, request).values())


@quiet
@given(st.data())
def test_the_requests_a_space_may_suit_are_those_that_fail_nothing_but_time(data: st.DataObject) -> None:
    index, asked = draw_city(data)
    demand = Demand(asked)
    for row in range(len(index.spaces)):
        rows, metres = demand.rows_for(index, row)
        assert rows.tolist() == [place for place, each in enumerate(asked) if fails_nothing(index, each, row)]
        here = np.array([row])
        assert metres.tolist() == [int(distances(index, asked[place], here)[0]) for place in rows]


@quiet
@given(st.data())
def test_no_space_does_better_than_its_bound(data: st.DataObject) -> None:
    index, asked = draw_city(data)
    demand = Demand(asked)
    for row in range(len(index.spaces)):
        rows, metres = demand.rows_for(index, row)
        bounds = zip(*demand.best_keys(index, WEIGHTS, row, rows, metres), strict=True)
        for place, far, bound in zip(rows.tolist(), metres.tolist(), bounds, strict=True):
            ranking = rank_alone(index, asked[place], WEIGHTS, row, far)
            if len(ranking.rows):
                assert (int(bound[0]), int(bound[1])) <= key_of(ranking)


@quiet
@given(st.data())
def test_who_fits_a_space_are_the_requests_that_propose_it(data: st.DataObject) -> None:
    index, asked = draw_city(data)
    for space in index.spaces:
        answers = [answer(index, each, WEIGHTS, k=99).proposals for each in asked]
        fits = {each.request_id: each for said in answers for each in said if each.space_id == space.id}
        found = who_fits(index, space.id, Demand(asked), WEIGHTS)
        assert {each.request_id: replace(each, rank=0) for each in found} == {
            key: replace(each, rank=0) for key, each in fits.items()
        }
        assert found[:1] == who_fits(index, space.id, asked, WEIGHTS, k=1)


@quiet
@given(st.data())
def test_what_fails_alone_is_counted_as_the_near_misses_count_it(data: st.DataObject) -> None:
    index, asked = draw_city(data)
    for request in asked:
        exclusions = find_near_misses(index, request).exclusions
        assert count_alone(index, request) == {each.condition: each.alone for each in exclusions if each.alone}


@quiet
@given(st.data())
def test_what_bounds_a_moment_is_read_from_the_whole_calendar(data: st.DataObject) -> None:
    grid = data.draw(city.grids)
    space = data.draw(city.spaces(grid, "a"))
    day, start = data.draw(city.days(grid)), data.draw(st.integers(0, 40))
    moment = Moment(day, start * 30, (start + 4) * 30)
    found = {(each.cause, each.side): each.minute for each in frame_edges(space, grid, moment)}
    assert found == plain_edges(space, grid, moment)


def plain_edges(space: Space, grid: Grid, moment: Moment) -> dict[tuple[str, str], int]:
    """Return the same from every blocked half-hour of the whole grid, one by one."""
    found: dict[tuple[str, str], int] = {}
    today = (moment.day - grid.monday).days * SLOTS_PER_DAY
    for cause, days in blocked_slots(space, grid).items():
        slots = [
            number * SLOTS_PER_DAY + slot - today
            for number, word in enumerate(days.tolist())
            for slot in range(SLOTS_PER_DAY)
            if word >> slot & 1
        ]
        near = [each for each in slots if -SLOTS_PER_DAY <= each < 2 * SLOTS_PER_DAY]
        before = [each for each in near if each < moment.start // 30]
        after = [each for each in near if each >= moment.end // 30]
        if before:
            found[cause, "before"] = (max(before) + 1) * 30
        if after:
            found[cause, "after"] = min(after) * 30
    return found


@quiet
@given(st.data())
def test_prices_and_needs_follow_a_space_that_changes(data: st.DataObject) -> None:
    index, _asked = draw_city(data)
    units, causes = [("EUR", "hour"), ("DKK", "month")], ["language", "music"]
    for unit in units:
        index.prices_in(unit)  # filled before the change
    for cause in causes:
        index.neighbourhood_needs(cause)
    old = data.draw(st.sampled_from(index.spaces))
    index.replace_space(replace(data.draw(city.spaces(index.grid, old.id)), position=old.position))
    fresh = build_index(index.spaces, index.grid, cause_needs=CAUSE_NEEDS)
    for unit in units:
        for mine, theirs in zip(index.prices_in(unit), fresh.prices_in(unit), strict=True):
            assert mine.tolist() == theirs.tolist()
    for cause in causes:
        assert index.neighbourhood_needs(cause).tolist() == fresh.neighbourhood_needs(cause).tolist()
