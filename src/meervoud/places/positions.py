"""Positions for the public: a blurred point that is always the same, and the Morton cell it lies in."""

import hashlib
import hmac
from math import cos, pi, radians, sin
from uuid import UUID

from django.conf import settings

METRES_PER_DEGREE = 111_195.0
NEAREST_METRES, FARTHEST_METRES = 80.0, 220.0
MORTON_BITS = 16


def blurred_point(building: UUID, latitude: float, longitude: float) -> tuple[float, float]:
    """Return a point 80 to 220 metres away, in a direction that follows from the building and a secret alone.

    Asking again gives the same point, so that nobody finds the middle of many; without the secret the way back is
    not known. Rounded to about 11 metres.
    """
    digest = hmac.new(settings.SECRET_KEY.encode(), b"blur" + building.bytes, hashlib.sha256).digest()
    angle = int.from_bytes(digest[:8]) / 2**64 * 2 * pi
    metres = NEAREST_METRES + int.from_bytes(digest[8:16]) / 2**64 * (FARTHEST_METRES - NEAREST_METRES)
    north = metres * cos(angle) / METRES_PER_DEGREE
    east = metres * sin(angle) / (METRES_PER_DEGREE * max(cos(radians(latitude)), 0.01))
    return round(latitude + north, 4), round(longitude + east, 4)


def cell_of(latitude: float, longitude: float, zoom: int) -> tuple[int, int]:
    """Return the column and row of the square of the earth at a zoom level, as map tiles count them (plate carree)."""
    size = 1 << zoom
    column = min(int((longitude + 180) / 360 * size), size - 1)
    row = min(int((90 - latitude) / 180 * size), size - 1)
    return max(column, 0), max(row, 0)


def morton_of(latitude: float, longitude: float, zoom: int = MORTON_BITS) -> int:
    """Return one number for the cell at a zoom level: cells near each other have numbers near each other."""
    column, row = cell_of(latitude, longitude, zoom)
    return _spread(column) | (_spread(row) << 1)


def cells_between(south_west: tuple[float, float], north_east: tuple[float, float], zoom: int) -> list[int]:
    """Return the Morton numbers of the cells that a rectangle of (latitude, longitude) touches."""
    left, bottom = cell_of(*south_west, zoom)
    right, top = cell_of(*north_east, zoom)
    return [
        _spread(column) | (_spread(row) << 1)
        for row in range(min(top, bottom), max(top, bottom) + 1)
        for column in range(left, right + 1)
    ]


SPREADS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def _spread(value: int) -> int:
    """Put a zero between the bits of a number of up to 32 bits."""
    for shift, mask in SPREADS:
        value = (value | (value << shift)) & mask
    return value
