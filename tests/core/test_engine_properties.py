"""The fast engine says what the plain one says, for random cities."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from meervoud.core.engine.index import Index, build_index
from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.proposals import answer, who_fits
from meervoud.core.engine.reference.free_time import free_half_hours
from meervoud.core.engine.reference.ranking import propose_plainly
from meervoud.core.engine.relaxing import relax_request
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.types.requests import Continuous, Dates, Need, Request, Weekly
from meervoud.core.engine.types.results import Proposal
from meervoud.core.engine.types.spaces import OpenPeriod, Position, Space
from meervoud.core.engine.types.time import Booking, DateRange, Grid
from meervoud.core.errors import InputError
from tests.core import strategies as city

pytestmark = pytest.mark.slow
WEIGHTS = load_weights()
CAUSE_NEEDS = {("east", "language"): 9000, ("west", "music"): 4000}
quiet = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def free_in_index(index: Index, space_id: str) -> set[int]:
    row = index.row_of[space_id]
    return {
        (week * 7 + day) * 48 + slot
        for day in range(7)
        for week in range(index.grid.weeks)
        for slot in range(48)
        if int(index.bits[day, row, week]) >> slot & 1
    }


def propose(spaces: list[Space], request: Request, grid: Grid, k: int = 99) -> list[Proposal]:
    """Return the proposals without their edges, which the plain engine does not name."""
    index = build_index(spaces, grid, cause_needs=CAUSE_NEEDS)
    return [replace(each, edges=()) for each in answer(index, request, WEIGHTS, k=k).proposals]


def draw_case(data: st.DataObject, most_needs: int = 2) -> tuple[Grid, list[Space], Request]:
    grid = data.draw(city.grids)
    spaces, request = data.draw(city.cities(grid)), data.draw(city.requests(grid, most_needs=most_needs))
    try:
        answer(build_index(spaces, grid), request, WEIGHTS)
    except InputError:
        reject()  # a rule that leaves the grid is refused, see test_matching
    return grid, spaces, request


@quiet
@given(st.data())
def test_every_bit_is_the_half_hour_of_the_plain_calendar(data: st.DataObject) -> None:
    grid = data.draw(city.grids)
    space = data.draw(city.spaces(grid, "s0"))
    assert free_in_index(build_index([space], grid), "s0") == free_half_hours(space, grid)


@quiet
@given(st.data())
def test_proposals_are_those_of_the_plain_engine(data: st.DataObject) -> None:
    grid, spaces, request = draw_case(data)
    assert propose(spaces, request, grid) == propose_plainly(spaces, request, grid, WEIGHTS, CAUSE_NEEDS)


@pytest.mark.parametrize("kind", city.KINDS)
def test_patterns_of_every_kind_of_need_are_those_of_the_plain_engine(kind: str) -> None:
    found: Counter[str] = Counter()

    @settings(quiet, max_examples=70)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        grid = data.draw(city.grids)
        spaces = [data.draw(city.open_spaces(grid, f"s{number}")) for number in range(2)]
        others = data.draw(st.lists(city.needs(grid), max_size=1))
        request = Request(id="r", needs=(data.draw(city.needs(grid, kind)), *others))
        try:
            fast = propose(spaces, request, grid)
        except InputError:
            reject()  # a rule that leaves the grid is refused, see test_matching
        assert fast == propose_plainly(spaces, request, grid, WEIGHTS, CAUSE_NEEDS)
        found["patterns"] += len(fast)
        found["past midnight"] += any(moment.end > 1440 for each in fast for moment in each.patterns[0].moments)

    compare()
    # the comparison means something only where there was something to compare
    assert found["patterns"] >= 10, found
    assert kind != "night" or found["past midnight"] >= 1, found


@quiet
@given(st.data())
def test_a_booking_never_adds_an_option(data: st.DataObject) -> None:
    grid, spaces, request = draw_case(data, most_needs=1)
    before = {each.space_id for each in propose(spaces, request, grid)}
    busier = replace(spaces[0], bookings=(*spaces[0].bookings, data.draw(city.bookings(grid))))
    assert {each.space_id for each in propose([busier, *spaces[1:]], request, grid)} <= before


@quiet
@given(st.data())
def test_asking_less_never_removes_an_option(data: st.DataObject) -> None:
    grid, spaces, request = draw_case(data, most_needs=1)
    wider = replace(
        request,
        max_metres=None if request.max_metres is None else request.max_metres * 2,
        needs=tuple(replace(need, coverage_share=need.coverage_share / 2) for need in request.needs),
        group_max=request.group_max,
        facilities=frozenset(),
    )
    before = {each.space_id for each in propose(spaces, request, grid)}
    assert before <= {each.space_id for each in propose(spaces, wider, grid)}


@quiet
@given(st.data())
def test_a_space_out_of_reach_changes_nothing(data: st.DataObject) -> None:
    grid, spaces, request = draw_case(data)
    assume(request.position is not None and request.max_metres is not None)
    far = replace(spaces[0], id="z", position=Position(51.9, 4.48))
    assert propose([*spaces, far], request, grid) == propose(spaces, request, grid)


@quiet
@given(st.data())
def test_whole_weeks_later_is_the_same_answer_later(data: st.DataObject) -> None:
    grid = Grid(city.ZONE, city.MONDAYS[-1], city.weeks)  # no change of the clock from May to July
    spaces = [replace(each, periods=()) for each in data.draw(city.cities(grid))]
    hours = data.draw(st.sampled_from(("Mo-Fr 09:00-17:00", "Mo-Su 19:00-03:00", "24/7")).map(parse_opening_hours))
    spaces = [replace(each, periods=(OpenPeriod(hours, "inside"),), edges=(), closures=()) for each in spaces]
    request = replace(data.draw(city.requests(grid)), needs=(data.draw(city.needs(grid)),))
    shift = timedelta(weeks=data.draw(st.integers(1, 6)))
    later = replace(grid, monday=grid.monday + shift)
    try:
        here = propose(spaces, request, grid)
    except InputError:
        reject()
    moved = [replace(each, bookings=tuple(_later(booking, shift) for booking in each.bookings)) for each in spaces]
    there = propose(moved, replace(request, needs=tuple(_shift_need(need, shift) for need in request.needs)), later)
    assert [(each.space_id, each.score) for each in there] == [(each.space_id, each.score) for each in here]
    assert [moment.day - shift for each in there for pattern in each.patterns for moment in pattern.moments] == [
        moment.day for each in here for pattern in each.patterns for moment in pattern.moments
    ]


@quiet
@given(st.data())
def test_the_best_five_are_the_head_of_the_best_ten_and_the_order_of_rows_is_nothing(data: st.DataObject) -> None:
    grid, spaces, request = draw_case(data)
    ten = propose(spaces, request, grid, k=10)
    assert propose(spaces, request, grid, k=3) == ten[:3]
    assert propose(data.draw(st.permutations(spaces)), request, grid, k=10) == ten


@quiet
@given(st.data())
def test_every_near_miss_fails_alone_and_every_relaxation_opens_what_it_says(data: st.DataObject) -> None:
    grid, spaces, request = draw_case(data)
    found = answer(build_index(spaces, grid), request, WEIGHTS, k=99)
    fitting = {each.space_id for each in found.proposals}
    assert not fitting & {miss.space_id for miss in found.near_misses}
    for relaxation in found.relaxations:
        opened = {each.space_id for each in propose(spaces, relax_request(request, relaxation), grid)}
        assert set(relaxation.space_ids) == opened - fitting, relaxation
        assert relaxation.opens == len(relaxation.space_ids) > 0


@quiet
@given(st.data())
def test_a_changed_space_put_in_its_row_equals_a_new_index(data: st.DataObject) -> None:
    grid = data.draw(city.grids)
    spaces = data.draw(city.cities(grid))
    changed = replace(data.draw(city.spaces(grid, spaces[0].id)), position=spaces[0].position)
    index, request = build_index(spaces, grid), data.draw(city.requests(grid, most_needs=0))
    answer(index, request, WEIGHTS)  # fills the columns by price unit and cause
    index.replace_space(changed)
    rebuilt = build_index([changed, *spaces[1:]], grid)
    assert (index.bits == rebuilt.bits).all()
    assert answer(index, request, WEIGHTS) == answer(rebuilt, request, WEIGHTS)


@quiet
@given(st.data())
def test_who_fits_a_space_is_the_question_turned_round(data: st.DataObject) -> None:
    grid, spaces, request = draw_case(data)
    index = build_index(spaces, grid)
    for proposal in answer(index, request, WEIGHTS, k=99).proposals:
        assert who_fits(index, proposal.space_id, [request], WEIGHTS) == (replace(proposal, rank=1),)


def _later(booking: Booking, shift: timedelta) -> Booking:
    return Booking(booking.starts_at + shift, booking.ends_at + shift)


def _shift_need(need: Need, shift: timedelta) -> Need:
    if isinstance(need, Dates):
        return replace(need, dates=tuple(day + shift for day in need.dates))
    moved = replace(need, first=need.first + shift)
    if isinstance(moved, Continuous):
        return moved
    closed = tuple(DateRange(each.first + shift, each.last + shift) for each in moved.closed)
    if isinstance(moved, Weekly):
        return replace(moved, closed=closed, extra=tuple(day + shift for day in moved.extra))
    return replace(moved, closed=closed)
