"""The map as a drawing: neighbourhoods as paths, things as points or as clusters with a count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db.models import Max
from shapely.geometry import shape

from meervoud.parties.models import Programme
from meervoud.places.models import Neighbourhood

WIDTH = 800.0
MARGIN = 12.0
TALLEST = 900.0
CLUSTER_PIXELS = 34.0
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AreaPath:
    """A neighbourhood on the drawing."""

    code: str
    name: str
    kind: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Mark:
    """A point, or a cluster of `number` points."""

    x: float
    y: float
    radius: float
    number: int


@dataclass(frozen=True)
class Frame:
    """Floats to the drawing: the corner in the north-west, and one scale for both directions."""

    west: float
    north: float
    scale: float
    squeeze: float
    height: float

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return x and y."""
        x = MARGIN + (longitude - self.west) * self.squeeze * self.scale
        return round(x, 1), round(MARGIN + (self.north - latitude) * self.scale, 1)

    def places(self, latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
        """Return x and y of many points at once."""
        x = MARGIN + (longitude - self.west) * self.squeeze * self.scale
        return x.round(1), (MARGIN + (self.north - latitude) * self.scale).round(1)


@dataclass(frozen=True)
class CityMap:
    """A drawing of a programme, without its things."""

    width: int
    height: int
    frame: Frame
    areas: tuple[AreaPath, ...]


def city_map(programme: Programme) -> CityMap | None:
    """Return the drawing of a programme's neighbourhoods, None where it has none; drawn once until they change."""
    changed = Neighbourhood.objects.filter(programme=programme).aggregate(at=Max("changed_at"))["at"]
    return _draw(programme.pk, str(changed)) if changed else None


@lru_cache(maxsize=32)
def _draw(programme_id: UUID, changed: str) -> CityMap:  # noqa: ARG001  # `changed` is a key of the cache
    rows = list(Neighbourhood.objects.filter(programme=programme_id))
    frame = _frame(rows)
    areas = [_area(frame, row) for row in sorted(rows, key=lambda row: row.kind != "water")]
    return CityMap(int(WIDTH), round(frame.height), frame, tuple(areas))


def _frame(rows: Sequence[Neighbourhood]) -> Frame:
    west, east = min(row.west for row in rows), max(row.east for row in rows)
    south, north = min(row.south for row in rows), max(row.north for row in rows)
    squeeze = cos(radians((south + north) / 2))
    wide, tall = max((east - west) * squeeze, 0.001), max(north - south, 0.001)
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / tall)
    return Frame(west, north, scale, squeeze, tall * scale + 2 * MARGIN)


def _area(frame: Frame, row: Neighbourhood) -> AreaPath:
    outline = shape(row.outline)
    rings = [ring for part in getattr(outline, "geoms", [outline]) for ring in (part.exterior, *part.interiors)]
    path = "".join(_ring(frame, ring.coords) for ring in rings)
    inside = outline.representative_point()
    return AreaPath(row.code, row.name, row.kind, path, *frame.place(inside.y, inside.x))


def _ring(frame: Frame, coordinates: Iterable[Any]) -> str:  # shapely gives pairs of floats
    places = [frame.place(y, x) for x, y, *_ in coordinates]
    thin = [place for number, place in enumerate(places) if number == 0 or place != places[number - 1]]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in thin) + "Z"


def marks_of(drawing: CityMap, latitude: Floats, longitude: Floats) -> tuple[Mark, ...]:
    """Return points as marks; what would touch becomes one mark with a count."""
    if len(latitude) == 0:
        return ()
    x, y = drawing.frame.places(latitude, longitude)
    columns, rows = (x // CLUSTER_PIXELS).astype(np.int64), (y // CLUSTER_PIXELS).astype(np.int64)
    _, box = np.unique(rows * (1 << 32) + columns, return_inverse=True)
    numbers = np.bincount(box)
    middles = zip(numbers.tolist(), np.bincount(box, x).tolist(), np.bincount(box, y).tolist(), strict=True)
    marks = [
        Mark(round(sum_x / number, 1), round(sum_y / number, 1), radius_of(number), number)
        for number, sum_x, sum_y in middles
    ]
    return tuple(sorted(marks, key=lambda mark: (-mark.number, mark.x, mark.y)))


def radius_of(number: int) -> float:
    """Return how large the mark of so many points is."""
    return 7 if number == 1 else round(min(10 + 2.2 * number**0.5, 26), 1)
