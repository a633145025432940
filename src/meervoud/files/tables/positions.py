"""Where a place is: two columns or one, never with latitude and longitude swapped by guess."""

import math
import re

from meervoud.core.engine.types.spaces import Position
from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.tables.row_cells import RowCells
from meervoud.files.values.amounts import parse_number
from meervoud.files.values.cells import Cell, cell_text

_PAIR = re.compile(r"\(?\s*(-?\d+(?:[.,]\d+)?)\s*(?:[;/|]|,\s|\s|(?<=\d),(?=-?\d+\.))\s*(-?\d+(?:[.,]\d+)?)\s*\)?")
NEAR_METRES = 200
METRES_PER_DEGREE = 111_195.0


def parse_degrees(cell: Cell) -> float:
    """Return degrees; a single comma is a decimal mark, for no coordinate has thousands."""
    text = cell_text(cell).removesuffix("°").strip()
    try:
        return float(parse_number(cell if not isinstance(cell, str) else text.replace(",", "."), "."))
    except InputError as error:
        raise unreadable("coordinate_unreadable", value=cell_text(cell)) from error


def make_position(latitude: float, longitude: float) -> Position:
    """Return a position, or say that the two are swapped, outside the world, or the empty spot 0, 0."""
    shown = f"{latitude:g}, {longitude:g}"
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise unreadable("coordinate_unreadable", value=shown)
    if latitude == longitude == 0:
        raise unreadable("coordinate_zero")
    if abs(latitude) > 90 and abs(latitude) <= 180 and abs(longitude) <= 90:
        raise unreadable("coordinate_swapped", value=shown)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise unreadable("coordinate_outside", value=shown)
    return Position(latitude, longitude)


def parse_position(cell: Cell) -> Position:
    """Return the position of "52.37, 4.89": latitude first."""
    found = _PAIR.fullmatch(cell_text(cell))
    if not found:
        raise unreadable("coordinate_unreadable", value=cell_text(cell))
    return make_position(parse_degrees(found[1]), parse_degrees(found[2]))


def take_position(cells: RowCells) -> Position | None:
    """Return the position of a row from its two columns, or from the one; both must agree."""
    has_latitude, has_longitude = cells.has("latitude"), cells.has("longitude")
    if has_latitude != has_longitude:
        cells.fail("latitude" if has_latitude else "longitude", unreadable("coordinate_half"))
        return None
    together = cells.take("position", parse_position, None)
    if not has_latitude:
        return _in_zone(cells, "position", together)
    latitude, longitude = cells.take("latitude", _degrees, None), cells.take("longitude", _degrees, None)
    if latitude is None or longitude is None:
        return None
    apart = cells.attempt("latitude", lambda: make_position(latitude, longitude), None)
    if apart and together and (distance := _rough_metres(apart, together)) > NEAR_METRES:
        cells.fail("position", unreadable("positions_differ", value=cells.text("position"), metres=round(distance)))
    return _in_zone(cells, "latitude", apart)


def _in_zone(cells: RowCells, column: str, position: Position | None) -> Position | None:
    """Refuse a latitude and a longitude that only lie in the Europe of the time zone when they are swapped."""
    in_europe = (cells.options.zone or "").startswith("Europe/")
    if position and in_europe and position.latitude < 33 <= position.longitude <= 72:
        cells.fail(column, unreadable("coordinate_swapped", value=f"{position.latitude:g}, {position.longitude:g}"))
        return None
    return position


def _degrees(cell: Cell) -> float:
    return parse_degrees(cell)


def _rough_metres(one: Position, other: Position) -> float:
    north = one.latitude - other.latitude
    east = (one.longitude - other.longitude) * math.cos(math.radians(one.latitude))
    return math.hypot(north, east) * METRES_PER_DEGREE
