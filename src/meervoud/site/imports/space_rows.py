"""New spaces as rows: hosts, buildings, floor, spaces, offers, their hours and closed days; many at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import models

from meervoud.core.engine.types.vocabulary import EDGE_KINDS
from meervoud.parties.models import Organisation
from meervoud.parties.models.organisations import Verification
from meervoud.places.actions import settle
from meervoud.places.models import Atom, Building, Space
from meervoud.site.imports.differences import Difference, Setting, Values
from meervoud.site.imports.lookups import BATCH, Neighbourhoods, Organisations
from meervoud.site.imports.space_values import (
    LISTS_OF_OFFER,
    LISTS_OF_SPACE,
    OF_BUILDING,
    OF_OFFER,
    OF_SPACE,
    building_says,
    is_whole,
    ranges_in,
)
from meervoud.supply.models import Closure, Offer, OpeningPeriod

Place = tuple[UUID, float | None, float | None]


@dataclass
class SpaceRows:
    """Rows that are not written yet, in the order in which they may be."""

    buildings: list[Building] = field(default_factory=list)
    atoms: list[Atom] = field(default_factory=list)
    spaces: list[Space] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    periods: list[OpeningPeriod] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)

    def write(self) -> None:
        """Write everything."""
        floor = Space.atoms.through
        Building.objects.bulk_create(self.buildings, batch_size=BATCH)
        Atom.objects.bulk_create(self.atoms, batch_size=BATCH)
        Space.objects.bulk_create(self.spaces, batch_size=BATCH)
        floor.objects.bulk_create(
            [floor(space_id=space.pk, atom_id=atom.pk) for space, atom in zip(self.spaces, self.atoms, strict=True)],
            batch_size=BATCH,
        )
        Offer.objects.bulk_create(self.offers, batch_size=BATCH)
        OpeningPeriod.objects.bulk_create(self.periods, batch_size=BATCH)
        Closure.objects.bulk_create(self.closures, batch_size=BATCH)


def create_spaces(
    setting: Setting, hosts: Organisations, areas: Neighbourhoods, things: Mapping[UUID, Difference]
) -> None:
    """Make spaces with their offers; the ids are those of the spaces."""
    differences = list(things.values())
    hosts.add((each.after["host"] for each in differences), verified=setting.online)
    verify([hosts.find(each.after["host"]) for each in differences if "checked" in each.after])
    buildings = _Buildings(setting, areas, hosts, differences)
    rows = SpaceRows()
    for thing, each in things.items():
        host = hosts.find(each.after["host"])
        assert host is not None  # noqa: S101  # just made
        building = buildings.at(host, each.after)
        _add(setting, rows, host, Space(id=thing, building=building), each)
    rows.buildings = buildings.finished()
    rows.write()


def verify(organisations: Iterable[Organisation | None]) -> None:
    """Say that organisations are what they say, where nobody has refused them."""
    waiting = [each.pk for each in organisations if each and each.verification == Verification.UNVERIFIED]
    everybody = Organisation.objects.every(because="staff of the programme vouch for these hosts")
    unverified = everybody.filter(pk__in=waiting, verification=Verification.UNVERIFIED)
    unverified.update(verification=Verification.VERIFIED)


class _Buildings:
    """Finds or makes the building of a row: rooms of one host at one place share it while they say the same of it."""

    def __init__(
        self, setting: Setting, areas: Neighbourhoods, hosts: Organisations, differences: Sequence[Difference]
    ) -> None:
        self._setting = setting
        self._areas = areas
        self._new: list[Building] = []
        self._at: dict[Place, list[Building]] = {}
        said = [each.after for each in differences if each.after.get("latitude") is not None]
        found = [hosts.find(values["host"]) for values in said]
        standing = Building.objects.every(because="new rooms may be in a building that is there")
        near = standing.filter(
            programme=setting.programme,
            host__in={host.pk for host in found if host},
            latitude__in={values["latitude"] for values in said},
        )
        for each in near.select_related("neighbourhood", "host").order_by("created_at", "id"):
            self._at.setdefault((each.host_id, each.latitude, each.longitude), []).append(each)

    def at(self, host: Organisation, values: Values) -> Building:
        place = (host.pk, values.get("latitude"), values.get("longitude"))
        said = {name: values[name] for name in (*EDGE_KINDS, "neighbourhood") if name in values}
        for building in self._at.get(place, ()) if place[1] is not None else ():
            if all(building_says(building, name) == value for name, value in said.items()):
                return building
        area = self._areas.named(values["neighbourhood"]) if "neighbourhood" in values else None
        building = Building(programme=self._setting.programme, host=host, neighbourhood=area)
        set_values(building, values, OF_BUILDING)
        self._new.append(building)
        self._at.setdefault(place, []).append(building)
        return building

    def finished(self) -> list[Building]:
        settle_all(self._areas, self._new)
        return self._new


def settle_all(areas: Neighbourhoods, buildings: Sequence[Building]) -> None:
    """Give buildings their neighbourhood, public point and cell, with one look at the map."""
    points = {
        each.pk: (each.latitude, each.longitude)
        for each in buildings
        if each.neighbourhood_id is None and each.latitude is not None and each.longitude is not None
    }
    around = areas.around(points)
    for each in buildings:
        each.programme = areas.programme  # the very same row, read once
        each.neighbourhood = each.neighbourhood or around.get(each.pk)
        settle(each)


def _add(setting: Setting, rows: SpaceRows, host: Organisation, space: Space, difference: Difference) -> None:
    values = difference.after
    space.source_key, space.name = difference.key, values.get("name") or difference.key
    set_values(space, values, (*OF_SPACE[1:], *LISTS_OF_SPACE))
    offer = Offer(programme=setting.programme, host=host, space=space, is_made_up=host.is_made_up)
    set_values(offer, values, (*OF_OFFER, *LISTS_OF_OFFER, "state"))
    offer.length = Offer.Length.WHOLE if is_whole(values) else Offer.Length.HOURS
    set_price(offer, values.get("price"))
    rows.atoms.append(Atom(building=space.building))
    rows.spaces.append(space)
    rows.offers.append(offer)
    rows.periods += periods_of(offer, values.get("hours", []))
    rows.closures += closures_of(offer, values)


def set_values(row: models.Model, values: Values, names: Iterable[str]) -> None:
    """Set the fields that have the same name in the table as in a sheet, those that are said."""
    for name in names:
        if name in values:
            setattr(row, name, values[name])


def set_price(offer: Offer, price: list[str | int | None] | None) -> None:
    """Set what a group pays, from [kind, cents, per]."""
    kind, cents, per = price or ("", None, "hour")
    offer.price_kind = str(kind)
    offer.price_cents = cents if isinstance(cents, int) else None
    offer.price_per = str(per)


def periods_of(offer: Offer, hours: list[list[str | None]]) -> list[OpeningPeriod]:
    """Return the seasons of an offer as rows."""
    return [
        OpeningPeriod(
            offer=offer,
            hours=text or "",
            lend=lend or Offer.Lend.INSIDE,
            first=date.fromisoformat(first) if first else None,
            last=date.fromisoformat(last) if last else None,
        )
        for text, lend, first, last in hours
    ]


def closures_of(offer: Offer, values: Values) -> list[Closure]:
    """Return the closed days of an offer as rows."""
    closed = [Closure(offer=offer, first=each.first, last=each.last) for each in ranges_in(values.get("closed", []))]
    holidays = [date.fromisoformat(text) for text in values.get("holidays", [])]
    return closed + [Closure(offer=offer, first=day, last=day, reason="holiday") for day in holidays]
