"""Reads over the tables of WHERE."""

from meervoud.parties.models import Programme
from meervoud.places.models import Cluster
from meervoud.places.positions import cell_of, cells_between

MOST_CELLS = 500
LOWEST_ZOOM = 6


def clusters_between(
    programme: Programme, south_west: tuple[float, float], north_east: tuple[float, float], zoom: int
) -> list[tuple[float, float, int, str]]:
    """Return the clusters in a rectangle as (latitude, longitude, number, "").

    A rectangle of more cells than anybody can see is answered a level higher.
    """
    while _number_of_cells(south_west, north_east, zoom) > MOST_CELLS and zoom > LOWEST_ZOOM:
        zoom -= 1
    rows = Cluster.objects.filter(programme=programme, zoom=zoom, points__gt=0)
    if zoom > LOWEST_ZOOM:
        rows = rows.filter(cell__in=cells_between(south_west, north_east, zoom))
    return [
        (round(row.sum_latitude / row.points, 5), round(row.sum_longitude / row.points, 5), row.points, "")
        for row in rows.order_by("cell")
    ]


def _number_of_cells(south_west: tuple[float, float], north_east: tuple[float, float], zoom: int) -> int:
    (left, bottom), (right, top) = cell_of(*south_west, zoom), cell_of(*north_east, zoom)
    return (right - left + 1) * (bottom - top + 1)
