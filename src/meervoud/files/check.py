"""Reading one file only to say what is in it: what kind of file it is follows from its content."""

from pathlib import Path
from typing import Literal

from meervoud.core.engine.types.time import DateRange
from meervoud.files.reading import Reading
from meervoud.files.sources.calendars import read_calendar
from meervoud.files.sources.geojson import Feature, read_areas, read_features, read_point_spaces
from meervoud.files.sources.requests import read_requests
from meervoud.files.sources.scout import scout_spaces
from meervoud.files.sources.spaces import read_spaces
from meervoud.files.tables.mapping import ColumnMapping, match_columns
from meervoud.files.tables.tables import open_table
from meervoud.files.values.closed_days import Calendar

FileKind = Literal["spaces", "requests", "areas", "calendar", "osm"]
FILE_KINDS: tuple[FileKind, ...] = ("spaces", "requests", "areas", "calendar", "osm")
NEED_FIELDS = frozenset({"weekdays", "window", "dates", "rrule", "weeks", "people", "hours_per_week", "start_time"})


def check_file(
    path: Path, kind: FileKind | None, period: DateRange, *, zone: str, mapping: ColumnMapping
) -> tuple[FileKind, Reading[object]]:
    """Read a file as what it is, or as what the person says it is.

    Args:
        path: the file.
        kind: what it is; None decides by its ending and its content.
        period: the days looked at in a calendar, and for closed days without a year.
        zone: of times that name none.
        mapping: which column is which field.

    Raises:
        InputError: the file as a whole cannot be read.
    """
    known = kind or kind_of_file(path, mapping)
    calendar = Calendar(period)
    if known == "calendar":
        return known, read_calendar(path, zone, period.first, period.last)
    if known == "areas":
        return known, read_areas(path)
    if known == "osm":
        return known, scout_spaces(path)
    if known == "requests":
        return known, read_requests(path, mapping, calendar=calendar)
    if path.suffix.lower() in (".geojson", ".json"):
        return known, read_point_spaces(path, mapping, calendar=calendar)
    return known, read_spaces(path, mapping, calendar=calendar)


def kind_of_file(path: Path, mapping: ColumnMapping) -> FileKind:
    """Return what a file most likely is: by its ending, its geometry, its tags or its columns."""
    ending = path.suffix.lower()
    if ending in (".ics", ".ical"):
        return "calendar"
    if ending in (".geojson", ".json"):
        return _kind_of_features(path)
    with open_table(path, sheet=mapping.options.sheet) as table:
        matched = match_columns(table, "requests", ColumnMapping(options=mapping.options))
        return "requests" if NEED_FIELDS & set(matched.headers) else "spaces"


def _kind_of_features(path: Path) -> FileKind:
    features = read_features(path)
    if any(_part(feature, "geometry").get("type") in ("Polygon", "MultiPolygon") for feature in features):
        return "areas"
    return "osm" if any("osm" in _part(feature, "properties") for feature in features) else "spaces"


def _part(feature: Feature, name: str) -> Feature:
    """Return a part of a feature, empty where the file has something else there."""
    part = feature.get(name) if isinstance(feature, dict) else None
    return part if isinstance(part, dict) else {}
