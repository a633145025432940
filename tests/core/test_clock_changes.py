"""The wall clock: summer time, winter time, the turn of the year, a leap day, nights."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from meervoud.core.engine.index import build_index
from meervoud.core.engine.types.spaces import OpenPeriod
from meervoud.core.engine.types.time import Booking, Grid
from meervoud.core.engine.wall_clock import clock_pieces, skipped_slots
from meervoud.core.errors import InputError
from tests.makers import make_period, make_space

SPRING, AUTUMN = Grid("Europe/Amsterdam", date(2026, 3, 23), 2), Grid("Europe/Amsterdam", date(2026, 10, 19), 2)
ALWAYS = (OpenPeriod(None, "always"),)


def free_at(grid: Grid, day: date, clock: str, **values: object) -> bool:
    index = build_index([make_space("s", **{"periods": ALWAYS, **values})], grid)
    number = (day - grid.monday).days
    hour, minute = map(int, clock.split(":"))
    return bool(int(index.bits[number % 7, 0, number // 7]) >> (hour * 2 + minute // 30) & 1)


@pytest.mark.parametrize(("clock", "free"), [("01:30", True), ("02:00", False), ("02:30", False), ("03:00", True)])
def test_the_hour_that_summer_time_skips_is_never_free(clock: str, *, free: bool) -> None:
    assert free_at(SPRING, date(2026, 3, 29), clock) is free


def test_only_the_night_of_the_change_has_a_skipped_hour() -> None:
    assert [day for day, slots in enumerate(skipped_slots(SPRING)) if slots] == [6]
    assert not skipped_slots(AUTUMN).any()


@pytest.mark.parametrize("hour", [0, 1])
def test_the_repeated_hour_is_taken_if_either_pass_is(hour: int) -> None:
    # 02:00-03:00 on 25 October is shown at 00:00 and again at 01:00 UTC
    booking = Booking(datetime(2026, 10, 25, hour, tzinfo=UTC), datetime(2026, 10, 25, hour, 30, tzinfo=UTC))
    assert not free_at(AUTUMN, date(2026, 10, 25), "02:00", bookings=(booking,))
    assert free_at(AUTUMN, date(2026, 10, 25), "02:30", bookings=(booking,))


def test_a_booking_over_the_change_takes_what_the_clock_shows() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    night = Booking(datetime(2026, 3, 28, 23, tzinfo=zone), datetime(2026, 3, 29, 4, tzinfo=zone))
    assert not free_at(SPRING, date(2026, 3, 29), "03:30", bookings=(night,))
    assert free_at(SPRING, date(2026, 3, 29), "04:00", bookings=(night,))


def test_the_same_wall_clock_hour_is_taken_before_and_after_the_change() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    weekly = tuple(
        Booking(datetime(2026, 3, day, 19, tzinfo=zone), datetime(2026, 3, day, 21, tzinfo=zone)) for day in (24, 31)
    )
    for day in (24, 31):
        assert not free_at(SPRING, date(2026, 3, day), "19:00", bookings=weekly)
        assert free_at(SPRING, date(2026, 3, day), "18:30", bookings=weekly)
        assert free_at(SPRING, date(2026, 3, day), "21:00", bookings=weekly)


def test_a_zone_without_summer_time_has_one_piece() -> None:
    assert len(clock_pieces(Grid("Africa/Lagos", date(2026, 1, 5), 53))) == 1


def test_southern_zones_skip_their_own_hour() -> None:
    grid = Grid("Australia/Melbourne", date(2026, 9, 28), 2)
    assert [day for day, slots in enumerate(skipped_slots(grid)) if slots] == [6]  # 4 October


def test_a_night_runs_over_new_year_and_over_a_leap_day() -> None:
    for monday, day in ((date(2026, 12, 28), date(2027, 1, 1)), (date(2028, 2, 28), date(2028, 2, 29))):
        grid = Grid("Europe/Amsterdam", monday, 1)
        assert free_at(grid, day, "01:30", periods=(make_period("Mo-Su 20:00-02:00"),))
        assert not free_at(grid, day, "02:00", periods=(make_period("Mo-Su 20:00-02:00"),))


def test_a_booking_is_rounded_outward_with_its_buffer() -> None:
    booking = Booking(datetime(2026, 3, 24, 18, 10, tzinfo=UTC), datetime(2026, 3, 24, 18, 50, tzinfo=UTC))
    taken = {"bookings": (booking,), "buffer_minutes": 15}  # 18:55-20:05 on the clock
    assert [free_at(SPRING, date(2026, 3, 24), clock, **taken) for clock in ("18:00", "18:30", "20:00", "20:30")] == [
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("zone", "monday", "weeks", "code"),
    [
        ("Europe/Amsterdam", date(2026, 3, 24), 1, "grid_not_monday"),
        ("Europe/Amsterdam", date(2026, 3, 23), 107, "grid_weeks"),
        ("Europe/Atlantis", date(2026, 3, 23), 1, "zone_unknown"),
        ("../etc/passwd", date(2026, 3, 23), 1, "zone_unknown"),
    ],
)
def test_a_grid_that_no_calendar_has_is_refused(zone: str, monday: date, weeks: int, code: str) -> None:
    with pytest.raises(InputError) as error:
        Grid(zone, monday, weeks)
    assert error.value.code == code
