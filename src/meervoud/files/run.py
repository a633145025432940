"""A run of the command: read the files, lay the grid, match; what was read stays beside the result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypeVar

from meervoud.core.engine.index import Index, build_index
from meervoud.core.engine.plans import plan_need
from meervoud.core.engine.proposals import match
from meervoud.core.engine.types.requests import Continuous, Dates, Request
from meervoud.core.engine.types.results import Weights
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.time import DateRange, Grid
from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.output.result_file import Matched, matched
from meervoud.files.reading import Problem, Reading, refuse
from meervoud.files.sources.calendars import assign_bookings, read_calendar
from meervoud.files.sources.geojson import Area, place_in_areas, read_areas, read_point_spaces
from meervoud.files.sources.presets import read_repair_cafes, read_school_holidays
from meervoud.files.sources.request_template import fill_in, read_template
from meervoud.files.sources.requests import read_requests
from meervoud.files.sources.scout import read_osm_requests, scout_spaces
from meervoud.files.sources.spaces import read_spaces
from meervoud.files.tables.mapping import ColumnMapping
from meervoud.files.values.amounts import parse_number, parse_share
from meervoud.files.values.cells import is_unknown
from meervoud.files.values.closed_days import Calendar, period_of
from meervoud.files.values.words import one_word

SPARE_WEEKS = 2  # a relaxation may look at a day after the last one asked
MOST_WEEKS = 106
SpacesFrom = Literal["table", "osm"]
RequestsFrom = Literal["table", "osm", "repair-cafes"]
T = TypeVar("T")
NEED_PREFIX = "need_"  # a property of an area: need_language = 0.8


@dataclass(frozen=True)
class Sources:
    """Which files to read, and how.

    Attributes:
        spaces: CSV, XLSX or GeoJSON. requests: CSV or XLSX, None for a command that asks about spaces only.
        bookings: calendars; `places` gives a calendar the space it belongs to where its events do not say.
        zone: of the spaces.
        first: the first day looked at; None takes the earliest the requests name.
        weeks: how many weeks are looked at; None is as many as the requests need.
        spaces_from: "osm" is an extract of OpenStreetMap; see `scout`.
        requests_from: "osm" takes the social organisations of an extract, "repair-cafes" the list of that project.
        school_holidays: named periods, for cells that say "school holidays".
        template: what requests ask that do not say it themselves, "weekdays=Tu,Th window=18:00-22:00 minutes=120".
    """

    spaces: Path
    requests: Path | None = None
    bookings: tuple[tuple[Path, str | None], ...] = ()
    areas: Path | None = None
    zone: str = "Europe/Amsterdam"
    first: date | None = None
    weeks: int | None = None
    spaces_mapping: ColumnMapping = field(default_factory=ColumnMapping)
    requests_mapping: ColumnMapping = field(default_factory=ColumnMapping)
    spaces_from: SpacesFrom = "table"
    requests_from: RequestsFrom = "table"
    template: str = ""
    school_holidays: Path | None = None


@dataclass(frozen=True)
class Loaded:
    """Everything that was read, and the grid laid under it."""

    spaces: tuple[Space, ...]
    requests: tuple[Request, ...]
    areas: tuple[Area, ...]
    grid: Grid
    readings: tuple[Reading[object], ...]

    @property
    def refused(self) -> int:
        """How many rows were refused in all files."""
        return sum(reading.rows_refused for reading in self.readings)

    def index(self) -> Index:
        """Compile the spaces."""
        return build_index(self.spaces, self.grid, cause_needs=cause_needs(self.areas))


def load(sources: Sources, today: date) -> Loaded:
    """Read every file.

    Args:
        sources: what to read.
        today: where neither the command nor a request names a first day.

    Raises:
        InputError: a file as a whole cannot be read; what is wrong with a row is in the readings.
    """
    if sources.weeks is not None and not 1 <= sources.weeks <= MOST_WEEKS:
        raise unreadable("grid_weeks", value=sources.weeks)
    readings: list[Reading[object]] = []
    start = sources.first or today
    holidays = read_school_holidays(sources.school_holidays) if sources.school_holidays else ()
    planned = Calendar(period_of(start, sources.weeks or 52), holidays)
    asked: Reading[Request] | None = None
    if sources.requests is not None:
        asked = read_any_requests(sources.requests, sources, planned, start)
    grid = lay_grid(asked.taken if asked else (), sources, today)
    # closed days without a year are written out for the weeks that are searched, wherever those lie
    offered = read_any_spaces(sources, Calendar(DateRange(grid.monday, grid.last), holidays))
    readings.append(offered)
    if asked is not None:
        asked = refuse_outside(asked, grid)
        readings.append(asked)
    spaces: tuple[Space, ...] = offered.taken
    areas: tuple[Area, ...] = ()
    if sources.areas is not None:
        known = _keep(read_areas(sources.areas), needs_of, lambda area: area.name)
        spaces, areas = place_in_areas(spaces, known.taken), known.taken
        readings.append(known)
    for path, place in sources.bookings:
        events = read_calendar(path, sources.zone, grid.monday, grid.last)
        booked, events = assign_bookings(events, spaces, space_id=place)
        spaces = doubt_hours(spaces, booked, place) if events.refused else booked
        readings.append(events)
    return Loaded(spaces, asked.taken if asked else (), areas, grid, tuple(readings))


def doubt_hours(before: Sequence[Space], booked: Sequence[Space], place: str | None) -> tuple[Space, ...]:
    """Mark the hours of the spaces of a calendar as assumed: an event in it could not be read and may take time."""
    return tuple(
        replace(space, assumed=space.assumed | {"time"})
        if space.id == place or space.bookings != old.bookings
        else space
        for old, space in zip(before, booked, strict=True)
    )


def run_match(loaded: Loaded, weights: Weights, *, top: int, progress: Callable[[], None]) -> Matched:
    """Match every request; see `core.engine.proposals.match`."""
    result = match(loaded.index(), loaded.requests, weights, k=top, progress=progress)
    return matched(loaded.spaces, loaded.requests, result)


def read_any_spaces(sources: Sources, planned: Calendar) -> Reading[Space]:
    """Read spaces from a table, from GeoJSON points, or from an extract of OpenStreetMap."""
    if sources.spaces_from == "osm":
        return scout_spaces(sources.spaces)
    if sources.spaces.suffix.lower() in (".geojson", ".json"):
        return read_point_spaces(sources.spaces, sources.spaces_mapping, calendar=planned)
    return read_spaces(sources.spaces, sources.spaces_mapping, calendar=planned)


def read_any_requests(path: Path, sources: Sources, planned: Calendar, first: date) -> Reading[Request]:
    """Read requests from a table, an extract of OpenStreetMap or the list of the repair cafes."""
    template = read_template(sources.template, planned)
    if sources.requests_from == "table":
        asked = read_requests(path, sources.requests_mapping, calendar=planned)
    elif sources.requests_from == "osm":
        asked = read_osm_requests(path, template.needs)
    else:
        asked = read_repair_cafes(path, first, sources.weeks or 52, school_holidays=planned.school_holidays)
    return replace(asked, taken=tuple(fill_in(request, template) for request in asked.taken))


def lay_grid(requests: Sequence[Request], sources: Sources, today: date) -> Grid:
    """Return whole weeks that hold the days the requests name, with some to spare, 106 at most.

    Where the requests lie further apart than that, the weeks begin where they hold the most requests.
    """
    spans = [(min(days), max(days)) for days in map(_days, requests) if days] or [(sources.first or today,) * 2]
    first = sources.first or _best_first(spans, today)
    monday = _monday(first)
    if sources.weeks is not None:  # counted from the first day: beginning midweek they touch one week more
        return Grid(sources.zone, monday, min(sources.weeks + (first > monday), MOST_WEEKS))
    needed = (max(last for _, last in spans) - monday).days // 7 + 1 + SPARE_WEEKS
    return Grid(sources.zone, monday, max(min(needed, MOST_WEEKS), 1))


def refuse_outside(asked: Reading[Request], grid: Grid) -> Reading[Request]:
    """Return the reading without the requests that do not fit in the weeks that are searched; each is refused aloud."""

    def plan(request: Request) -> None:
        for need in request.needs:
            plan_need(need, grid)

    return _keep(asked, plan, lambda request: request.id)


def _keep(reading: Reading[T], check: Callable[[T], object], name: Callable[[T], str]) -> Reading[T]:
    """Return the reading without the things that a check refuses: one bad row never stops a run."""
    kept: list[tuple[T, tuple[int, ...]]] = []
    refused = list(reading.refused)
    for thing, rows in zip(reading.taken, reading.rows, strict=True):
        try:
            check(thing)
            kept.append((thing, rows))
        except InputError as error:
            problem = Problem("", name(thing), error)
            refused += [each for row in rows for each in refuse(reading.file, row, [problem])]
    return replace(
        reading,
        taken=tuple(thing for thing, _ in kept),
        rows=tuple(rows for _, rows in kept),
        rows_taken=reading.read - len({refusal.row for refusal in refused}),
        refused=tuple(sorted(refused, key=lambda refusal: refusal.row)),
    )


def cause_needs(areas: Sequence[Area]) -> Mapping[tuple[str, str], int]:
    """Return what the neighbourhoods need, from properties like need_language = 0.8 (a share of 0-1)."""
    return {(area.name, cause): points for area in areas for cause, points in needs_of(area).items()}


def needs_of(area: Area) -> dict[str, int]:
    """Return the need of an area for each cause that its properties tell, 0-10,000.

    Raises:
        InputError: a cause is not known, or a value is no share.
    """
    told = {
        name.removeprefix(NEED_PREFIX): text for name, text in area.indicators.items() if name.startswith(NEED_PREFIX)
    }
    return {one_word("causes")(word): _share_points(text) for word, text in told.items() if not is_unknown(text)}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _best_first(spans: Sequence[tuple[date, date]], today: date) -> date:
    """Return the first day from which on the longest grid holds the most requests."""
    room = timedelta(weeks=MOST_WEEKS)

    def held(first: date) -> int:
        return sum(first <= low and high < _monday(first) + room for low, high in spans)

    earliest = min(low for low, _ in spans)
    if held(earliest) == len(spans):
        return earliest
    mondays = {_monday(low) for low, _ in spans}
    # of equals the weeks that hold today, then the latest: a year that is mistyped is more often past than far ahead
    return max(mondays, key=lambda monday: (held(monday), monday <= today < monday + room, monday))


def _days(request: Request) -> list[date]:
    days: list[date] = []
    for need in request.needs:
        if isinstance(need, Dates):
            days += need.dates
        elif isinstance(need, Continuous):
            days += [need.first, need.last]
        else:
            days += [need.first, need.first + timedelta(weeks=need.weeks)]
            days += getattr(need, "extra", ())
    return days


def _share_points(value: str) -> int:
    is_none = parse_number(value.rstrip("% "), None) == 0
    return 0 if is_none else round(parse_share(value) * 10_000)
