"""Where spaces lie: unit vectors for distances, cells of about a kilometre for finding the near ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, degrees, floor, radians, sin

import numpy as np

from meervoud.core.engine.arrays import Floats, Ints
from meervoud.core.engine.types.spaces import Position, Space

EARTH_METRES = 6_371_008.8  # mean radius, IUGG
CELL_DEGREES = 0.009  # a kilometre of latitude
COLUMNS = 1 << 20
NOWHERE = np.nan


@dataclass(frozen=True, eq=False)
class CellGrid:
    """The sorted cell keys of the located rows, shape (located,)."""

    keys: Ints
    width_degrees: float
    rows: Ints

    def rows_near(self, position: Position, metres: float) -> Ints:
        """Return the rows of every cell that a circle touches: a superset of the rows within it."""
        reach = degrees(metres / EARTH_METRES) + 1e-9
        south, north = position.latitude - reach, position.latitude + reach
        widest = max(abs(south), abs(north))
        if widest > 89 or len(self.keys) == 0:
            return self.rows
        side = reach / cos(radians(widest)) + 1e-9
        bands = np.arange(floor(south / CELL_DEGREES), floor(north / CELL_DEGREES) + 1, dtype=np.int64)
        if abs(position.longitude) + side >= 180:
            return self.rows  # a circle over the date line: look at all
        west, east = self._column(position.longitude - side), self._column(position.longitude + side)
        base = (bands + COLUMNS) * COLUMNS
        starts = np.searchsorted(self.keys, base + west, side="left").tolist()
        ends = np.searchsorted(self.keys, base + east, side="right").tolist()
        return np.concatenate([self.rows[start:end] for start, end in zip(starts, ends, strict=True)])

    def _column(self, longitude: float) -> int:
        return floor((longitude + 180) / self.width_degrees)


def sort_by_cell(spaces: Sequence[Space]) -> tuple[list[Space], CellGrid]:
    """Sort spaces by cell and then by id, those without a position last by id; return them with their cells."""
    located = [space for space in spaces if space.position is not None]
    middle = sum(abs(_position(space).latitude) for space in located) / max(len(located), 1)
    width = CELL_DEGREES / max(cos(radians(middle)), 0.01)

    def key(space: Space) -> int:
        position = _position(space)
        band = floor(position.latitude / CELL_DEGREES) + COLUMNS
        return band * COLUMNS + floor((position.longitude + 180) / width)

    located.sort(key=lambda space: (key(space), space.id))
    keys = np.array([key(space) for space in located], dtype=np.int64)
    nowhere = sorted((space for space in spaces if space.position is None), key=lambda space: space.id)
    return located + nowhere, CellGrid(keys, width, np.arange(len(located), dtype=np.int64))


def unit_vector(position: Position) -> tuple[float, float, float]:
    """Return the position as a point on the unit sphere."""
    latitude, longitude = radians(position.latitude), radians(position.longitude)
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


def unit_vectors(positions: Sequence[Position | None]) -> Floats:
    """Return positions as unit vectors, shape (n, 3); NaN where there is none."""
    vectors = [(NOWHERE, NOWHERE, NOWHERE) if place is None else unit_vector(place) for place in positions]
    return np.array(vectors, dtype=np.float64).reshape(len(vectors), 3)


def metres_between(vectors: Floats, position: Position) -> Ints:
    """Return whole metres along the earth, shape (n,); -1 where a position is unknown."""
    return metres_from_each(vectors, np.array(unit_vector(position)))


def metres_from_each(vectors: Floats, point: Floats) -> Ints:
    """Return whole metres from some unit vectors, shape (n, 3), to one, shape (3,); -1 where either is NaN."""
    chord = vectors - point
    half = np.sqrt(np.einsum("ij,ij->i", chord, chord)) * 0.5
    metres = np.rint(np.arcsin(np.minimum(half, 1.0)) * (2 * EARTH_METRES))
    return np.where(np.isnan(metres), -1, metres).astype(np.int64)


def _position(space: Space) -> Position:
    return space.position or Position(0, 0)
