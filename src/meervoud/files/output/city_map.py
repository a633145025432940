"""The map of a report as SVG: neighbourhoods, water, spaces and requests, drawn to fit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from xml.sax.saxutils import escape, quoteattr

from shapely.geometry.base import BaseGeometry

from meervoud.core.engine.types.spaces import Position
from meervoud.files.output.result_file import Matched
from meervoud.files.sources.geojson import Area

WIDTH = 900.0
MARGIN = 16.0
TALLEST = 900.0
LEAST_DEGREES = 0.009


@dataclass(frozen=True)
class _Frame:
    """Degrees to the drawing: east and north of a corner, one scale for both."""

    west: float
    north: float
    scale: float
    squeeze: float
    height: float

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        east = (longitude - self.west) * self.squeeze * self.scale
        return round(MARGIN + east, 1), round(MARGIN + (self.north - latitude) * self.scale, 1)


def draw_map(what: Matched, areas: Sequence[Area], title: str) -> str:
    """Return an SVG picture, "" where nothing has a position.

    Args:
        what: the spaces and requests.
        areas: neighbourhoods; those whose indicator `kind` is "water" are drawn as water.
        title: the name of the picture; the lists of the report say the same in words.
    """
    spaces = [space.position for space in what.spaces if space.position is not None]
    requests = [request.position for request in what.requests if request.position is not None]
    frame = _frame([*spaces, *requests], areas)
    if frame is None:
        return ""
    proposed = {proposal.space_id for answer in what.result.answers for proposal in answer.proposals}
    drawn = [_area(frame, area) for area in sorted(areas, key=_is_water)]
    for space in what.spaces:
        if space.position is not None:
            x, y = frame.place(space.position.longitude, space.position.latitude)
            kind = "space proposed" if space.id in proposed else "space"
            drawn.append(
                f'<circle class="{kind}" cx="{x}" cy="{y}" r="5">{_title(f"{space.id} {space.name}")}</circle>'
            )
    for request in what.requests:
        if request.position is not None:
            x, y = frame.place(request.position.longitude, request.position.latitude)
            name = _title(f"{request.id} {request.organisation or request.name}")
            drawn.append(f'<path class="request" d="M{x} {y - 7}l6.5 11h-13z">{name}</path>')
    box = f"0 0 {WIDTH:.0f} {frame.height:.0f}"
    return f'<svg class="map" viewBox="{box}" role="img" aria-label={quoteattr(title)}>' + "".join(drawn) + "</svg>"


def _frame(positions: Sequence[Position], areas: Sequence[Area]) -> _Frame | None:
    corners = [(place.longitude, place.latitude) for place in positions]
    for area in areas:
        west, south, east, north = area.polygon.bounds
        corners += [(west, south), (east, north)]
    if not corners:
        return None
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    squeeze = cos(radians((south + north) / 2))
    # one point alone still lies in the middle of a kilometre
    spare = max(LEAST_DEGREES - max((east - west) * squeeze, north - south), 0) / 2
    west, east, south, north = west - spare / squeeze, east + spare / squeeze, south - spare, north + spare
    wide, tall = (east - west) * squeeze, north - south
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / tall)
    return _Frame(west, north, scale, squeeze, tall * scale + 2 * MARGIN)


def _area(frame: _Frame, area: Area) -> str:
    kind = "water" if _is_water(area) else "area"
    path = "".join(_ring(frame, ring) for polygon in _polygons(area.polygon) for ring in _rings(polygon))
    shape = f'<path class="{kind}" d="{path}">{_title(area.name)}</path>'
    if _is_water(area):
        return shape
    middle = area.polygon.representative_point()
    x, y = frame.place(middle.x, middle.y)
    return f'{shape}<text class="label" x="{x}" y="{y}">{escape(area.name)}</text>'


def _is_water(area: Area) -> bool:
    return area.indicators.get("kind") == "water"


def _polygons(shape: BaseGeometry) -> Iterable[BaseGeometry]:
    parts: Iterable[BaseGeometry] = getattr(shape, "geoms", [shape])
    return parts


def _rings(polygon: BaseGeometry) -> Iterable[Iterable[tuple[float, ...]]]:
    yield polygon.exterior.coords
    for hole in polygon.interiors:
        yield hole.coords


def _ring(frame: _Frame, ring: Iterable[tuple[float, ...]]) -> str:
    points = (frame.place(corner[0], corner[1]) for corner in ring)
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _title(text: str) -> str:
    return f"<title>{escape(text)}</title>"
