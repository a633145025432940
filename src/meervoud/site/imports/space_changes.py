"""Other values for spaces that are there: the fields of the space, of its offer and of its building."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import models

from meervoud.core.engine.types.time import DateRange
from meervoud.parties.models import Organisation
from meervoud.places.models import Building, Space
from meervoud.site.imports.day_ranges import days_outside
from meervoud.site.imports.differences import Setting, Values
from meervoud.site.imports.lookups import BATCH, Neighbourhoods, Organisations
from meervoud.site.imports.space_rows import closures_of, periods_of, set_price, set_values, settle_all
from meervoud.site.imports.space_values import LISTS_OF_OFFER, LISTS_OF_SPACE, OF_BUILDING, OF_OFFER, OF_SPACE, SHARED
from meervoud.supply.models import Closure, Offer, OpeningPeriod

M = TypeVar("M", bound=models.Model)
BECAUSE = "a sheet of the programme changes its offers"
SPACE_FIELDS = (*OF_SPACE, *LISTS_OF_SPACE)
OFFER_FIELDS: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in (*OF_OFFER, *LISTS_OF_OFFER, "state")},
    "price": ("price_kind", "price_cents", "price_per"),
    "host": ("host",),
}
PLACE = ("neighbourhood", "public_latitude", "public_longitude", "morton")
BUILDING_FIELDS: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in (*OF_BUILDING, "host")},
    "neighbourhood": PLACE,
    "latitude": ("latitude", *PLACE),
    "longitude": ("longitude", *PLACE),
}
"""Which columns of a table follow from a field of the sheet: only those are written, for each costs time."""


@dataclass
class _Changed:
    spaces: list[Space] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    buildings: dict[UUID, Building] = field(default_factory=dict)
    hosts: dict[UUID, Organisation] = field(default_factory=dict)


def change_spaces(setting: Setting, hosts: Organisations, areas: Neighbourhoods, values: Mapping[UUID, Values]) -> None:
    """Give spaces other values; the rows of a building are changed once, for all its rooms."""
    hosts.add((each["host"] for each in values.values() if "host" in each), verified=setting.online)
    joined = Offer.objects.every(because=BECAUSE).select_related("space__building__neighbourhood", "host")
    for ids in batches(list(values)):
        changed = _Changed()
        found = list(joined.filter(space__in=ids, programme=setting.programme))
        for offer in found:
            _apply(hosts, areas, changed, offer, values[offer.space_id])
        _write(areas, changed, {name for each in ids for name in values[each]})
        _renew_hours([offer for offer in found if "hours" in values[offer.space_id]], values)
        _renew_closures(setting.period, found, values)


def batches(ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    """Return ids in portions that one statement takes."""
    rest = iter(ids)
    while portion := list(islice(rest, BATCH)):
        yield portion


def _apply(hosts: Organisations, areas: Neighbourhoods, changed: _Changed, offer: Offer, values: Values) -> None:
    space = offer.space
    set_values(space, values, SPACE_FIELDS)
    set_values(offer, values, (*OF_OFFER, *LISTS_OF_OFFER, "state"))
    if "price" in values:
        set_price(offer, values["price"])
    if "host" in values:
        offer.host = hosts.find(values["host"]) or offer.host
    if "checked" in values:
        host = changed.hosts.setdefault(offer.host_id, offer.host)
        host.verification = values["checked"]
    if any(name in values for name in SHARED):
        building = changed.buildings.setdefault(space.building_id, space.building)
        _apply_to_building(building, offer.host, areas, values)
    changed.spaces.append(space)
    changed.offers.append(offer)


def _apply_to_building(building: Building, host: Organisation, areas: Neighbourhoods, values: Values) -> None:
    set_values(building, values, OF_BUILDING)
    if "host" in values:
        building.host = host
    if "neighbourhood" in values:
        building.neighbourhood = areas.named(values["neighbourhood"]) if values["neighbourhood"] else None


def _write(areas: Neighbourhoods, changed: _Changed, names: set[str]) -> None:
    buildings = list(changed.buildings.values())
    settle_all(areas, buildings)
    everybody = Organisation.objects.every(because="staff of the programme vouch for these hosts")
    everybody.bulk_update(changed.hosts.values(), ["verification"], batch_size=BATCH)
    standing = Building.objects.every(because=BECAUSE)
    update_rows(standing, buildings, _columns(BUILDING_FIELDS, names))
    of_space = [*sorted(names.intersection(SPACE_FIELDS)), "changed_at"]
    update_rows(Space.objects.every(because=BECAUSE), changed.spaces, of_space)
    of_offer = _columns(OFFER_FIELDS, names)
    update_rows(Offer.objects.every(because=BECAUSE), changed.offers, of_offer)


def update_rows(rows: models.QuerySet[M], changed: Sequence[M], columns: Sequence[str]) -> None:
    """Write some columns of rows that are there.

    An insert that gives way to an update of the same id is seven times as fast as the CASE of `bulk_update`.
    """
    if changed:
        rows.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=columns, batch_size=BATCH)


def _columns(fields: Mapping[str, tuple[str, ...]], names: set[str]) -> list[str]:
    return [*sorted({column for name in names for column in fields.get(name, ())}), "changed_at"]


def _renew_hours(offers: Sequence[Offer], values: Mapping[UUID, Values]) -> None:
    OpeningPeriod.objects.of(offer=offers).delete()
    OpeningPeriod.objects.bulk_create(
        [period for offer in offers for period in periods_of(offer, values[offer.space_id]["hours"])], batch_size=BATCH
    )


def _renew_closures(period: DateRange, offers: Sequence[Offer], values: Mapping[UUID, Values]) -> None:
    """Put the closed days of the sheet in the place of those in the planned period; older and later ones stay."""
    concerned = {offer.pk: offer for offer in offers if {"closed", "holidays"} & set(values[offer.space_id])}
    fresh: list[Closure] = []
    gone: list[UUID] = []
    standing: dict[UUID, list[DateRange]] = defaultdict(list)
    for each in Closure.objects.of(offer=concerned.values()):
        said = values[concerned[each.offer_id].space_id]
        if ("holidays" if each.reason == "holiday" else "closed") in said:
            gone.append(each.pk)
            if each.reason != "holiday":
                standing[each.offer_id].append(DateRange(each.first, each.last))
    for offer in concerned.values():
        kept = days_outside(standing[offer.pk], period)
        fresh += [Closure(offer=offer, first=days.first, last=days.last) for days in kept]
        fresh += closures_of(offer, values[offer.space_id])
    for ids in batches(gone):
        Closure.objects.every(because=BECAUSE).filter(pk__in=ids).delete()
    Closure.objects.bulk_create(fresh, batch_size=BATCH)
