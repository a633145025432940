"""Actions on places: put a building on the map, make spaces of its floor, keep photos."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.db import transaction
from django.db.models import F
from shapely import Point, intersects_xy
from shapely.geometry import shape

from meervoud.lib.images import prepare_photo
from meervoud.lib.journal import journal, stand_in_line
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.places.models import Atom, Building, Cluster, Neighbourhood, Photo, Space
from meervoud.places.positions import blurred_point, morton_of

ZOOMS: Final = range(6, 16)
Value = str | int | float | bool | None | list[str] | Neighbourhood


@transaction.atomic
def add_building(*, programme: Programme, host: Organisation, by: Person, **values: Value) -> Building:
    """Put a building of a host in a programme, with its blurred public point."""
    building = Building(programme=programme, host=host, **values)
    settle(building)
    building.save()
    journal(by, "building.added", building)
    return building


@transaction.atomic
def change_building(*, building: Building, by: Person, values: Mapping[str, Value]) -> Building:
    """Change a building; a new position moves its public point with it."""
    for name, value in values.items():
        setattr(building, name, value)
    settle(building)
    building.save()
    journal(by, "building.changed", building, fields=",".join(sorted(values)))
    return building


def settle(building: Building) -> None:
    """Derive what follows from the position: the public point, its cell, the neighbourhood where none was chosen."""
    if building.latitude is None or building.longitude is None:
        building.public_latitude, building.public_longitude, building.morton = middle_of(building.neighbourhood)
        return
    point = blurred_point(building.pk, building.latitude, building.longitude)
    building.public_latitude, building.public_longitude = point
    building.morton = morton_of(*point)
    building.neighbourhood = building.neighbourhood or neighbourhood_at(
        building.programme, building.latitude, building.longitude
    )


def middle_of(neighbourhood: Neighbourhood | None) -> tuple[float | None, float | None, int | None]:
    """Return a point within a neighbourhood for a building whose own point is not known, with its cell."""
    if neighbourhood is None:
        return None, None, None
    inside = shape(neighbourhood.outline).representative_point()
    latitude, longitude = round(inside.y, 4), round(inside.x, 4)
    return latitude, longitude, morton_of(latitude, longitude)


def neighbourhood_at(programme: Programme, latitude: float, longitude: float) -> Neighbourhood | None:
    """Return the neighbourhood around a point, None where there is none."""
    near = Neighbourhood.objects.filter(
        programme=programme,
        west__lte=longitude,
        east__gte=longitude,
        south__lte=latitude,
        north__gte=latitude,
    ).exclude(kind="water")
    return next((each for each in near if shape(each.outline).covers(Point(longitude, latitude))), None)


def names_at(programme: Programme, points: Sequence[tuple[float, float]]) -> list[str]:
    """Return the name of the neighbourhood around each point (latitude, longitude), "" where there is none."""
    found = [""] * len(points)
    east, north = [point[1] for point in points], [point[0] for point in points]
    for each in Neighbourhood.objects.filter(programme=programme).exclude(kind="water") if points else ():
        for place in intersects_xy(shape(each.outline), east, north).nonzero()[0].tolist():
            found[place] = found[place] or each.name
    return found


@transaction.atomic
def add_space(*, building: Building, by: Person, parts: Iterable[Space] = (), **values: Value) -> Space:
    """Make a space of a building: of floor of its own, or of the floor of other spaces, as a hall of its rooms."""
    space = Space(building=building, **values)
    space.save(force_insert=True)
    atoms = {atom for part in parts for atom in part.atoms.all()}
    space.atoms.set(atoms or [Atom.objects.create(building=building)])
    journal(by, "space.added", space)
    return space


@transaction.atomic
def change_space(*, space: Space, by: Person, values: Mapping[str, Value]) -> Space:
    """Change what is known about a space; what the host says is no longer assumed."""
    for name, value in values.items():
        setattr(space, name, value)
    space.assumed = [each for each in space.assumed if each not in values]
    space.save()
    journal(by, "space.changed", space, fields=",".join(sorted(values)))
    return space


@transaction.atomic
def add_photo(*, space: Space, by: Person, data: bytes, description: str) -> Photo:
    """Keep a photo in three widths, re-encoded, without what the camera wrote in it.

    Raises:
        InputError: no picture, or one that is too large.
    """
    widths = prepare_photo(data)
    small, medium, large = widths[0], widths[min(1, len(widths) - 1)], widths[-1]
    photo = Photo.objects.create(
        space=space,
        order=space.photos.count(),
        description=description.strip()[:200],
        width=large.width,
        height=large.height,
        small=small.data,
        medium=medium.data,
        large=large.data,
    )
    journal(by, "photo.added", photo, space=str(space.pk))
    return photo


@transaction.atomic
def remove_photo(*, photo: Photo, by: Person) -> None:
    """Take a photo away for good."""
    journal(by, "photo.removed", photo, space=str(photo.space_id))
    photo.delete()


def count_on_map(building: Building, by: int) -> None:
    """Add a number of things to the clusters of the map at the public point of a building; below 0 takes away."""
    latitude, longitude = building.public_latitude, building.public_longitude
    if latitude is None or longitude is None or by == 0:
        return
    stand_in_line()
    for zoom in ZOOMS:
        cell = morton_of(latitude, longitude, zoom)
        Cluster.objects.get_or_create(programme=building.programme, zoom=zoom, cell=cell)
        Cluster.objects.filter(programme=building.programme, zoom=zoom, cell=cell).update(
            points=F("points") + by,
            sum_latitude=F("sum_latitude") + by * latitude,
            sum_longitude=F("sum_longitude") + by * longitude,
        )


def count_all_on_map(programme: Programme, points: Iterable[tuple[float, float]]) -> None:
    """Count a whole programme anew: after an import, and as the plain version that the counting is compared with."""
    sums: dict[tuple[int, int], list[float]] = {}
    for latitude, longitude in points:
        for zoom in ZOOMS:
            cell = sums.setdefault((zoom, morton_of(latitude, longitude, zoom)), [0, 0.0, 0.0])
            cell[0], cell[1], cell[2] = cell[0] + 1, cell[1] + latitude, cell[2] + longitude
    stand_in_line()
    Cluster.objects.filter(programme=programme).delete()
    Cluster.objects.bulk_create(
        [
            Cluster(
                programme=programme,
                zoom=zoom,
                cell=cell,
                points=int(number),
                sum_latitude=latitudes,
                sum_longitude=longitudes,
            )
            for (zoom, cell), (number, latitudes, longitudes) in sorted(sums.items())
        ],
        batch_size=500,
    )
