"""GeoJSON files: points as spaces, polygons as areas, and which space lies in which area."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from meervoud.core.engine.types.spaces import Position, Space
from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.reading import Problem, Reading, Refusal, refuse
from meervoud.files.sources.spaces import spaces_in
from meervoud.files.tables.mapping import ColumnMapping
from meervoud.files.tables.positions import make_position
from meervoud.files.tables.tables import table_of
from meervoud.files.values.cells import Cell, Row, cell_text
from meervoud.files.values.closed_days import Calendar
from meervoud.files.values.words import fold

Feature = Mapping[str, Any]  # GeoJSON properties hold values of any type
NAME_COLUMNS = ("name", "naam", "navn", "title", "wijknaam", "buurtnaam", "postbynavn")
CODE_COLUMNS = ("code", "id", "statcode", "wijkcode", "buurtcode", "postnr txt", "bydel nr")
WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")
MOST_MEGABYTES = 300


@dataclass(frozen=True)
class Area:
    """A neighbourhood or postcode: its boundary in WGS84 degrees, longitude first.

    Attributes:
        indicators: the other properties of the file, as text.
    """

    name: str
    code: str
    polygon: BaseGeometry = field(compare=False)
    indicators: Mapping[str, str] = field(default_factory=dict, compare=False)


def read_features(path: Path) -> list[Feature]:
    """Return the features of a GeoJSON file.

    Raises:
        InputError: it is no GeoJSON in WGS84.
    """
    try:
        if path.stat().st_size > MOST_MEGABYTES * 1_000_000:
            raise unreadable("json_broken", file=path.name, reason=f"> {MOST_MEGABYTES} MB")
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise unreadable("file_missing", file=str(path)) from error
    except (ValueError, RecursionError) as error:
        raise unreadable("json_broken", file=path.name, reason=str(error)[:100]) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise unreadable("json_kind", file=path.name, wanted="features")
    _check_crs(path.name, content.get("crs"))
    return features


def _check_crs(file: str, crs: object) -> None:
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name and not name.upper().endswith(WGS84):
        raise unreadable("crs_unknown", file=file, crs=name)


def read_point_spaces(
    path: Path, mapping: ColumnMapping | None = None, *, calendar: Calendar | None = None
) -> Reading[Space]:
    """Read the points of a GeoJSON file as spaces; its properties are the columns, rows count from 1."""
    rows = [feature_row(number, feature) for number, feature in enumerate(read_features(path), start=1)]
    if not rows:
        raise unreadable("file_empty", file=path.name)
    records = [(row.number, row.cells, row.problems) for row in rows]
    return spaces_in(table_of(path.name, records), mapping or ColumnMapping(), calendar or Calendar())


def feature_row(number: int, feature: Feature) -> Row:
    """Return a feature as a row: its properties, and the latitude and longitude of its point."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
        return Row(number, {}, (Problem("", str(feature), unreadable("feature_broken")),))
    cells: dict[str, Cell] = {cell_text(key): _cell(value) for key, value in (feature.get("properties") or {}).items()}
    if cells.get("id") is None and feature.get("id") is not None:
        cells["id"] = _cell(feature["id"])
    try:
        position = point_position(feature)
    except InputError as error:
        return Row(number, cells, (Problem("geometry", str(feature.get("geometry")), error),))
    if position is not None:
        cells |= {"latitude": position.latitude, "longitude": position.longitude}
    return Row(number, cells)


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float):
        return value
    return json.dumps(value, ensure_ascii=False)


def point_position(feature: Feature) -> Position | None:
    """Return where a point lies, longitude before latitude as GeoJSON has it; None without a geometry.

    Raises:
        InputError: it is no point, or lies outside the world.
    """
    geometry = feature.get("geometry")
    if geometry is None:
        return None
    kind = geometry.get("type") if isinstance(geometry, dict) else geometry
    if kind != "Point":
        raise unreadable("not_a_point", kind=str(kind))
    try:
        longitude, latitude = (float(number) for number in geometry["coordinates"][:2])
    except (KeyError, TypeError, ValueError, OverflowError) as error:  # a number of a thousand digits is no float
        raise unreadable("feature_broken") from error
    return make_position(latitude, longitude)


def read_areas(path: Path, *, name: str | None = None, code: str | None = None) -> Reading[Area]:
    """Read the polygons of a GeoJSON file.

    Args:
        path: the file; heights (also -999) are dropped.
        name: property that is the name; None takes the first known one.
        code: property that is the code; None takes a known one or leaves it empty.
    """
    areas: list[Area] = []
    rows: list[tuple[int, ...]] = []
    refused: list[Refusal] = []
    features = read_features(path)
    for number, feature in enumerate(features, start=1):
        try:
            areas.append(_area(feature, name, code))
            rows.append((number,))
        except InputError as error:
            value = str(feature.get("properties")) if isinstance(feature, dict) else str(feature)
            refused += refuse(path.name, number, [Problem("geometry", value, error)])
    return Reading(path.name, len(features), tuple(areas), len(areas), tuple(refused), rows=tuple(rows))


def _area(feature: Feature, name: str | None, code: str | None) -> Area:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
        raise unreadable("feature_broken")
    texts = {cell_text(key): cell_text(_cell(value)) for key, value in (feature.get("properties") or {}).items()}
    shown = _property(texts, (name,) if name else NAME_COLUMNS)
    if not shown:
        raise unreadable("area_nameless", column=name or NAME_COLUMNS[0])
    polygon = _polygon(feature.get("geometry"))
    return Area(shown, _property(texts, (code,) if code else CODE_COLUMNS), polygon, texts)


def _property(texts: Mapping[str, str], names: Sequence[str]) -> str:
    by_name = {fold(key): value for key, value in reversed(list(texts.items()))}
    return next((by_name[fold(name)] for name in names if by_name.get(fold(name))), "")


def _polygon(geometry: object) -> BaseGeometry:
    kind = str(geometry.get("type")) if isinstance(geometry, dict) else str(geometry)
    if kind not in {"Polygon", "MultiPolygon"}:
        raise unreadable("not_an_area", kind=kind)
    try:
        polygon = shapely.force_2d(shape(geometry))
    except (shapely.errors.ShapelyError, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise unreadable("area_broken", reason=str(error)[:100]) from error
    if polygon.is_empty:
        raise unreadable("area_broken", reason="empty")
    west, south, east, north = polygon.bounds
    make_position(south, west)
    make_position(north, east)
    if not polygon.is_valid:
        polygon = shapely.make_valid(polygon)
    return polygon


def place_in_areas(spaces: Sequence[Space], areas: Sequence[Area]) -> tuple[Space, ...]:
    """Return the spaces with the name of the area they lie in as neighbourhood.

    A space without a position, or outside all areas, keeps what it has. On a boundary, and where areas overlap, the
    area that comes first in the file counts.
    """
    if not areas:
        return tuple(spaces)
    tree = shapely.STRtree([area.polygon for area in areas])
    placed = [index for index, space in enumerate(spaces) if space.position]
    points = shapely.points([_x_y(spaces[index].position) for index in placed])
    first_area: dict[int, int] = {}
    for point, area in _pairs(tree.query(points, predicate="intersects")):
        index = placed[point]
        first_area[index] = min(area, first_area.get(index, area))
    return tuple(
        replace(space, neighbourhood=areas[first_area[index]].name) if index in first_area else space
        for index, space in enumerate(spaces)
    )


def _x_y(position: Position | None) -> tuple[float, float]:
    return (position.longitude, position.latitude) if position else (0.0, 0.0)


def _pairs(found: Any) -> Iterable[tuple[int, int]]:  # an array of shapely, shape (2, n)
    return ((int(point), int(area)) for point, area in zip(*found, strict=True))
