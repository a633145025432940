"""What rows name by a word: hosts and groups by their name, neighbourhoods by their name or by a point in them."""

from collections.abc import Iterable
from uuid import UUID

import shapely
from shapely.geometry import shape

from meervoud.parties.models import Organisation, Programme, ProgrammePartner
from meervoud.parties.models.organisations import Verification
from meervoud.places.models import Neighbourhood

BATCH = 500


def folded(name: str) -> str:
    """Return a name without what people vary."""
    return " ".join(name.split()).casefold()


class Organisations:
    """The organisations of a programme by name; the oldest counts where two have one name."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        rows = Organisation.objects.every(because="a sheet of the programme names its organisations")
        found = rows.filter(partnerships__programme=programme).order_by("-created_at", "-id")
        self._known = {folded(each.name): each for each in found}
        self._spelled: dict[str, str] = {}

    def spelled(self, name: str) -> str:
        """Return how a name is written: as it is stored, else as the sheet wrote it first."""
        known = self._known.get(folded(name))
        return known.name if known else self._spelled.setdefault(folded(name), name)

    def find(self, name: str) -> Organisation | None:
        """Return the organisation of a name."""
        return self._known.get(folded(name))

    def add(self, names: Iterable[str], *, verified: bool) -> list[Organisation]:
        """Make the organisations that are not there yet."""
        missing = {folded(name): name for name in names if folded(name) not in self._known}
        made = [
            Organisation(
                name=name,
                verification=Verification.VERIFIED if verified else Verification.UNVERIFIED,
                is_made_up=self.programme.is_made_up,
            )
            for name in missing.values()
        ]
        Organisation.objects.bulk_create(made, batch_size=BATCH)
        ProgrammePartner.objects.bulk_create(
            [ProgrammePartner(programme=self.programme, organisation=each) for each in made], batch_size=BATCH
        )
        self._known |= {folded(each.name): each for each in made}
        return made


class Neighbourhoods:
    """The neighbourhoods of a programme, by name and by point; water holds no spaces."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._areas = list(Neighbourhood.objects.filter(programme=programme).exclude(kind="water").order_by("name"))
        self._by_name = {folded(each.name): each for each in reversed(self._areas)}
        self._tree: shapely.STRtree | None = None

    def named(self, name: str) -> Neighbourhood | None:
        """Return the neighbourhood of a name."""
        return self._by_name.get(folded(name))

    def around(self, points: dict[UUID, tuple[float, float]]) -> dict[UUID, Neighbourhood]:
        """Return for each point (latitude, longitude) the neighbourhood it lies in, the first by name of several."""
        if not points or not self._areas:
            return {}
        if self._tree is None:
            self._tree = shapely.STRtree([shape(each.outline) for each in self._areas])
        keys = list(points)
        where = shapely.points([(longitude, latitude) for latitude, longitude in points.values()])
        found: dict[UUID, int] = {}
        for point, area in zip(*self._tree.query(where, predicate="intersects"), strict=True):
            key = keys[int(point)]
            found[key] = min(int(area), found.get(key, int(area)))
        return {key: self._areas[area] for key, area in found.items()}
