"""A run of the command: read the files, lay the grid, match; what was read stays beside the result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from meervoud.core.engine.index import Index, build_index
from meervoud.core.engine.proposals import match
from meervoud.core.engine.types.requests import Continuous, Dates, Request
from meervoud.core.engine.types.results import Weights
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.time import DateRange, Grid
from meervoud.files.amounts import parse_share
from meervoud.files.calendars import assign_bookings, read_calendar
from meervoud.files.closed_days import Calendar
from meervoud.files.geojson import Area, place_in_areas, read_areas, read_point_spaces
from meervoud.files.mapping import ColumnMapping
from meervoud.files.presets import read_repair_cafes
from meervoud.files.reading import Note, Reading
from meervoud.files.request_template import fill_in, read_template
from meervoud.files.requests import read_requests
from meervoud.files.result_file import Matched, matched
from meervoud.files.scout import read_osm_requests, scout_spaces
from meervoud.files.spaces import read_spaces
from meervoud.files.words import one_word

SPARE_WEEKS = 2  # a relaxation may look at a day after the last one asked
MOST_WEEKS = 106
SpacesFrom = Literal["table", "osm"]
RequestsFrom = Literal["table", "osm", "repair-cafes"]
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
    readings: list[Reading[object]] = []
    start = sources.first or today
    planned = DateRange(start, start + timedelta(weeks=sources.weeks or 52))
    requests: tuple[Request, ...] = ()
    if sources.requests is not None:
        asked = read_any_requests(sources.requests, sources, planned)
        requests = asked.taken
        readings.append(asked)
    offered = read_any_spaces(sources, Calendar(planned))
    readings.insert(0, offered)
    spaces: tuple[Space, ...] = offered.taken
    areas: tuple[Area, ...] = ()
    if sources.areas is not None:
        known = read_areas(sources.areas)
        spaces, areas = place_in_areas(spaces, known.taken), known.taken
        readings.append(known)
    grid = lay_grid(requests, sources, today)
    for path, place in sources.bookings:
        events = read_calendar(path, sources.zone, grid.monday, grid.last)
        spaces, events = assign_bookings(events, spaces, space_id=place)
        readings.append(events)
    return Loaded(spaces, requests, areas, grid, tuple(readings))


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


def read_any_requests(path: Path, sources: Sources, planned: DateRange) -> Reading[Request]:
    """Read requests from a table, an extract of OpenStreetMap or the list of the repair cafes."""
    calendar = Calendar(planned)
    template = read_template(sources.template, calendar)
    if sources.requests_from == "table":
        asked = read_requests(path, sources.requests_mapping, calendar=calendar)
    elif sources.requests_from == "osm":
        asked = read_osm_requests(path, template.needs)
    else:
        asked = read_repair_cafes(path, planned.first, sources.weeks or 52)
    return replace(asked, taken=tuple(fill_in(request, template) for request in asked.taken))


def lay_grid(requests: Sequence[Request], sources: Sources, today: date) -> Grid:
    """Return whole weeks that hold every day the requests name, with some to spare, 106 at most."""
    days = [day for request in requests for day in _days(request)] or [sources.first or today]
    first = sources.first or min(days)
    monday = first - timedelta(days=first.weekday())
    needed = (max(days) - monday).days // 7 + 1 + SPARE_WEEKS
    return Grid(sources.zone, monday, sources.weeks or max(min(needed, MOST_WEEKS), 1))


def cause_needs(areas: Sequence[Area]) -> Mapping[tuple[str, str], int]:
    """Return what the neighbourhoods need, from properties like need_language = 0.8 (a share of 0-1)."""
    needs: dict[tuple[str, str], int] = {}
    for area in areas:
        for name, value in area.indicators.items():
            if name.startswith(NEED_PREFIX):
                cause = one_word("causes")(name.removeprefix(NEED_PREFIX))
                needs[area.name, cause] = _share_points(value)
    return needs


def notes_of(loaded: Loaded) -> list[tuple[str, Note]]:
    """Return the notes of every reading with the name of its file."""
    return [(reading.file, note) for reading in loaded.readings for note in reading.notes]


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
    return round(parse_share(value) * 10_000)
