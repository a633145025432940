"""The first free moment of every space."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meervoud.core.engine.first_free import first_free
from meervoud.core.engine.index import build_index
from meervoud.core.engine.reference.free_time import free_half_hours
from meervoud.core.engine.types.requests import Window
from meervoud.core.engine.types.results import Moment
from meervoud.core.engine.types.time import Booking, DateRange
from meervoud.core.errors import InputError
from tests.core import strategies as city
from tests.makers import MONDAY, make_grid, make_period, make_space

EVENING = Window(18 * 60, 22 * 60)


def test_the_first_evening_with_three_hours_wins_and_the_full_room_comes_last() -> None:
    busy = Booking(datetime(2026, 11, 30, 18, tzinfo=UTC), datetime(2026, 11, 30, 20, tzinfo=UTC))  # 19-21 on the clock
    spaces = [
        make_space("later", periods=(make_period("We 18:00-22:00"),)),
        make_space("never", periods=(make_period("Mo-Fr 09:00-17:00"),)),
        make_space("booked", bookings=(busy,)),
        make_space("free"),
    ]
    found = first_free(build_index(spaces, make_grid()), EVENING, 180, DateRange(MONDAY, MONDAY + timedelta(days=20)))
    assert [each.space_id for each in found] == ["free", "booked", "later", "never"]
    assert found[0].moment == Moment(MONDAY, 18 * 60, 21 * 60)
    assert found[1].moment == Moment(MONDAY + timedelta(days=1), 18 * 60, 21 * 60)
    assert found[3].moment is None


def test_days_outside_the_grid_or_the_period_are_not_free() -> None:
    index = build_index([make_space()], make_grid(weeks=2))
    for first, last in ((date(2026, 1, 1), date(2026, 11, 29)), (date(2027, 1, 1), date(2027, 2, 1))):
        assert first_free(index, EVENING, 60, DateRange(first, last))[0].moment is None


@pytest.mark.parametrize(("minutes", "weekdays"), [(0, {0}), (241, {0}), (60, set())])
def test_a_moment_that_cannot_be_is_refused(minutes: int, weekdays: set[int]) -> None:
    with pytest.raises(InputError):
        first_free(
            build_index([make_space()], make_grid()),
            EVENING,
            minutes,
            DateRange(MONDAY, MONDAY),
            weekdays=frozenset(weekdays),
        )


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_it_is_what_a_plain_sweep_finds(data: st.DataObject) -> None:
    grid = data.draw(city.grids)
    spaces = data.draw(city.cities(grid, most=3))
    weekdays = data.draw(st.frozensets(st.integers(0, 6), min_size=1))
    within = data.draw(city.ranges(grid))
    found = first_free(build_index(spaces, grid), EVENING, 120, within, weekdays=weekdays)
    for space in spaces:
        free = free_half_hours(space, grid)
        moments = [
            Moment(grid.monday + timedelta(days=day), slot * 30, slot * 30 + 120)
            for day in range(grid.weeks * 7)
            for slot in range(36, 41)
            if within.first <= grid.monday + timedelta(days=day) <= within.last
            if day % 7 in weekdays
            if all(day * 48 + each in free for each in range(slot, slot + 4))
        ]
        assert next(each.moment for each in found if each.space_id == space.id) == (moments[0] if moments else None)
