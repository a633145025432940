"""Random cities for the property tests: few spaces and weeks, all the odd corners."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

from hypothesis import strategies as st

from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Request, Weekly, Window
from meervoud.core.engine.types.spaces import Edge, OpenPeriod, Position, Price, Space
from meervoud.core.engine.types.time import Booking, Closure, DateRange, Grid
from meervoud.core.engine.types.vocabulary import EDGE_KINDS, LOUDNESS, Lend

ZONE = "Europe/Amsterdam"
# both changes of the clock, the turn of a year, a leap day, and a plain month
MONDAYS = (date(2026, 3, 16), date(2026, 10, 12), date(2026, 12, 21), date(2028, 2, 21), date(2026, 5, 4))
VALUES = (
    "24/7",
    "Mo-Fr 09:00-17:00",
    "Mo-Fr 08:15-17:45; PH off",
    "Mo-Su 19:00-03:00",
    "Fr,Sa 22:00-04:00; Su 10:00-18:00",
    "Tu[1],Th[-1] 18:00-23:00",
    "Mar-Apr Mo-Fr 10:00-20:00; Oct Sa 09:10-16:50",
    "Mo-Fr 18:00+",
    "Sa-Su 01:00-05:00",
    "Mo-Fr 09:00-21:00; We 12:00-13:00 off",
    '"by appointment"',
)
hours = st.sampled_from(VALUES).map(parse_opening_hours)
weeks = 4
grids = st.sampled_from(MONDAYS).map(lambda monday: Grid(ZONE, monday, weeks))


def days(grid: Grid) -> st.SearchStrategy[date]:
    return st.integers(0, grid.weeks * 7 - 1).map(lambda number: grid.monday + timedelta(days=number))


def ranges(grid: Grid) -> st.SearchStrategy[DateRange]:
    return st.tuples(days(grid), st.integers(0, 9)).map(
        lambda pair: DateRange(pair[0] - timedelta(days=3), pair[0] + timedelta(days=pair[1] - 3))
    )


def bookings(grid: Grid) -> st.SearchStrategy[Booking]:
    begin = datetime(grid.monday.year, grid.monday.month, grid.monday.day, tzinfo=UTC)
    minute = st.integers(-600, grid.weeks * 7 * 1440 + 600)
    return st.tuples(minute, st.integers(0, 3000)).map(
        lambda pair: Booking(begin + timedelta(minutes=pair[0]), begin + timedelta(minutes=pair[0] + pair[1]))
    )


positions = st.builds(Position, st.floats(52.36, 52.38), st.floats(4.88, 4.92))
prices = st.builds(
    Price, st.integers(0, 3000), st.sampled_from(("EUR", "EUR", "DKK")), st.sampled_from(("hour", "hour", "month"))
)
facilities = st.frozensets(st.sampled_from(("kitchen", "toilet", "projector", "piano")), max_size=3)
activities = st.frozensets(st.sampled_from(("meeting", "meal", "live_music")), max_size=2)
causes = st.frozensets(st.sampled_from(("language", "repair", "music")), max_size=2)


@st.composite
def periods(draw: st.DrawFn, grid: Grid) -> OpenPeriod:
    lend: Lend = draw(st.sampled_from(get_args(Lend)))
    return OpenPeriod(draw(hours), lend, draw(st.none() | ranges(grid)))


@st.composite
def spaces(draw: st.DrawFn, grid: Grid, space_id: str) -> Space:
    return Space(
        id=space_id,
        neighbourhood=draw(st.sampled_from((None, "east", "west"))),
        position=draw(st.none() | positions),
        capacity=draw(st.none() | st.integers(8, 60)),
        capacity_min=draw(st.sampled_from((0, 0, 8))),
        area_m2=draw(st.none() | st.sampled_from((12.5, 30.0, 120.0))),
        facilities=draw(facilities),
        no_facilities=draw(facilities),
        step_free=draw(st.sampled_from((None, "yes", "limited", "no"))),
        activities=draw(st.none() | activities),
        no_activities=draw(activities),
        loudness=draw(st.none() | st.sampled_from(LOUDNESS)),
        price=draw(st.none() | prices),
        causes=draw(causes),
        periods=tuple(draw(st.lists(periods(grid), max_size=2))),
        edges=tuple(draw(st.lists(st.builds(Edge, st.sampled_from(EDGE_KINDS), hours), max_size=1))),
        closures=tuple(draw(st.lists(ranges(grid).map(Closure), max_size=1))),
        bookings=tuple(draw(st.lists(bookings(grid), max_size=4))),
        buffer_minutes=draw(st.sampled_from((0, 0, 15, 45))),
        most_evenings_a_month=draw(st.sampled_from((None, None, 1, 4, 8))),
        assumed=draw(st.frozensets(st.sampled_from(("capacity", "time", "price", "position")), max_size=1)),
    )


@st.composite
def open_spaces(draw: st.DrawFn, grid: Grid, space_id: str) -> Space:
    """A space that excludes nobody and is open for long: what is left to fail is time."""
    value = draw(
        st.sampled_from(("24/7", "Mo-Su 07:00-03:00", "Mo-Fr 06:15-23:45; Sa 10:00-16:00", "Mo-Su 08:00-22:00"))
    )
    return Space(
        id=space_id,
        periods=(OpenPeriod(parse_opening_hours(value), "inside"),),
        closures=tuple(draw(st.lists(ranges(grid).map(Closure), max_size=1))),
        bookings=tuple(draw(st.lists(bookings(grid), max_size=3))),
        buffer_minutes=draw(st.sampled_from((0, 15))),
        most_evenings_a_month=draw(st.sampled_from((None, None, 2, 4))),
    )


def _any_space(grid: Grid, space_id: str) -> st.SearchStrategy[Space]:
    # half of them exclude little, so that there is something to propose
    return spaces(grid, space_id) | open_spaces(grid, space_id)


def cities(grid: Grid, most: int = 5) -> st.SearchStrategy[list[Space]]:
    return st.integers(1, most).flatmap(
        lambda count: st.tuples(*(_any_space(grid, f"s{number}") for number in range(count))).map(list)
    )


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, int]:
    start = draw(st.integers(0, 94)) * 15
    minutes = draw(st.sampled_from((20, 30, 45, 60, 90, 120, 150, 240)))
    slack = draw(st.sampled_from((0, 0, 15, 30, 60, 180, 300)))
    end = min(start + minutes + slack, 1920)
    return Window(start, end), minutes


KINDS = ("weekly", "dates", "hours", "continuous", "night")
NIGHTS = st.tuples(st.sampled_from((1350, 1380, 1410)), st.sampled_from((90, 120, 150))).map(
    lambda pair: (Window(pair[0], pair[0] + pair[1] + 60), pair[1])
)


@st.composite
def needs(draw: st.DrawFn, grid: Grid, kind: str = "") -> Need:
    window, minutes = draw(NIGHTS if kind == "night" else windows())
    share = draw(st.sampled_from((0.3, 0.5, 0.9, 1.0)))
    kind = kind or draw(st.sampled_from(("weekly", "weekly", "weekly", "dates", "hours", "continuous")))
    first = grid.monday + timedelta(days=draw(st.integers(0, 6)))
    if kind == "dates":
        dates = tuple(sorted(set(draw(st.lists(days(grid), min_size=1, max_size=4)))))
        return Dates(dates, window, minutes, share, draw(st.booleans()))
    if kind == "continuous":
        return Continuous(first, draw(st.integers(1, 20)), share)
    weekdays = draw(st.frozensets(st.integers(0, 6), min_size=1, max_size=4))
    closed = tuple(draw(st.lists(ranges(grid), max_size=1)))
    count = draw(st.integers(1, weeks - 1))
    if kind == "hours":
        inside = Window(min(window.start, 1200), min(max(window.end, window.start + 240), 1440))
        block = min(draw(st.sampled_from((30, 60, 100))), inside.end - inside.start)
        return Hours(draw(st.sampled_from((60, 200, 600))), weekdays, inside, block, first, count, share, closed)
    extra = tuple(draw(st.lists(days(grid), max_size=2)))
    per_week = draw(st.integers(1, min(2, len(weekdays))))
    same = draw(st.booleans())
    return Weekly(weekdays, window, minutes, first, count, share, per_week, same, closed, extra)


@st.composite
def requests(draw: st.DrawFn, grid: Grid, *, most_needs: int = 2) -> Request:
    return Request(
        id="r",
        position=draw(st.none() | positions),
        max_metres=draw(st.none() | st.integers(100, 3000)),
        group_max=draw(st.sampled_from((0, 5, 20))),
        area_m2=draw(st.sampled_from((0, 0, 25))),
        facilities=draw(st.frozensets(st.sampled_from(("kitchen", "piano")), max_size=2)),
        wishes=draw(facilities),
        step_free=draw(st.booleans()),
        activities=draw(st.frozensets(st.sampled_from(("meeting", "live_music")), max_size=1)),
        loudness=draw(st.none() | st.sampled_from(LOUDNESS)),
        cause=draw(st.none() | st.sampled_from(("language", "music"))),
        budget=draw(st.none() | st.builds(Price, st.sampled_from((0, 1500)), st.just("EUR"))),
        needs=tuple(draw(needs(grid)) for _ in range(min(draw(st.sampled_from((0, 1, 1, 2))), most_needs))),
        meets_at=draw(st.sampled_from((None, "s0"))),
    )
