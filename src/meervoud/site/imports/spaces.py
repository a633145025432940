"""Sheets of spaces: compared with the offers of a programme, and written to them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from meervoud.core.engine.types.spaces import Space as SheetSpace
from meervoud.files.messages import unreadable
from meervoud.parties.models.organisations import Verification
from meervoud.site.imports.differences import Difference, Setting, Stored, Values, is_empty
from meervoud.site.imports.faults import RowError
from meervoud.site.imports.lookups import Neighbourhoods, Organisations
from meervoud.site.imports.space_changes import change_spaces
from meervoud.site.imports.space_rows import create_spaces
from meervoud.site.imports.space_values import BECAUSE, SHARED, can_go_online, sheet_values, stored_values, times_of
from meervoud.supply.models import Offer


class Spaces:
    """The spaces of a programme, as sheets speak of them."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.hosts = Organisations(setting.programme)
        self.areas = Neighbourhoods(setting.programme)
        self._shared: dict[str, Values] = {}

    def stored(self, keys: frozenset[str] | None = None, *, things: frozenset[UUID] | None = None) -> list[Stored]:
        """Return the spaces with these numbers; one without a number goes by its id; see Subject."""
        rows = Offer.objects.every(because=BECAUSE).filter(programme=self.setting.programme)
        if things is not None:
            rows = rows.filter(space__in=things)
        times, period = times_of(self.setting.programme, things), self.setting.period
        joined = rows.select_related("space__building__neighbourhood", "host")
        return [
            Stored(
                key,
                offer.space_id,
                offer.space.name,
                stored_values(offer, times, period=period),
                offer.space.building_id,
            )
            for offer in joined.order_by("created_at")
            if (key := offer.space.source_key or str(offer.space_id)) and (keys is None or key in keys)
        ]

    def said(self, thing: SheetSpace) -> tuple[str, Values]:
        """Return what a row says, hosts and neighbourhoods by the names they have here; see Subject."""
        values = sheet_values(thing, period=self.setting.period, currency=self.setting.programme.currency)
        key = str(values.pop("key"))
        if values["host"]:
            values["host"] = self.hosts.spelled(values["host"])
        if values["neighbourhood"]:
            values["neighbourhood"] = self._area(values)
        self._shared[key] = {name: values[name] for name in SHARED if not is_empty(values.get(name))}
        return key, values

    def _area(self, values: Values) -> str:
        area = self.areas.named(values["neighbourhood"])
        if area is None and values["latitude"] is None:
            name = values["neighbourhood"]
            raise RowError("import_area_unknown", column="neighbourhood", shown=name, value=name)
        return area.name if area else ""  # a name that is not on the map gives way to the position

    def settled(self, before: Values | None, after: Values) -> Values:
        """Return what follows from what a row says: which list wins, whether it goes online; see Subject."""
        after = dict(after)
        if before is None and "host" not in after:
            raise RowError("import_host_missing", column="host")
        _let_lists_agree(before or {}, after)
        if before is not None and "neighbourhood" not in after:
            after |= self._moved_to(before, after)
        merged = {**(before or {}), **after}
        if merged.get("capacity") and merged["capacity"] < (merged.get("capacity_min") or 0):
            raise unreadable("capacity_order", capacity=merged["capacity"], capacity_min=merged["capacity_min"])
        if before is None:
            after["state"] = Offer.State.DRAFT.value
        if self.setting.online:
            if merged.get("state", Offer.State.DRAFT) == Offer.State.DRAFT and can_go_online(merged):
                after["state"] = Offer.State.PUBLISHED.value
            host = self.hosts.find(merged["host"])
            if host is None or host.verification == Verification.UNVERIFIED:
                after["checked"] = Verification.VERIFIED.value
        return after

    def _moved_to(self, before: Values, after: Values) -> Values:
        """Return the neighbourhood of a building that gets another position, from the map."""
        latitude, longitude = after.get("latitude"), after.get("longitude")
        if latitude is None or longitude is None or (latitude, longitude) == (before["latitude"], before["longitude"]):
            return {}
        here = uuid4()
        area = self.areas.around({here: (latitude, longitude)}).get(here)
        return {"neighbourhood": area.name if area else ""}

    def clashing(self, differences: Sequence[Difference]) -> Mapping[str, RowError]:
        """Return the rows that say of one building what another row of it denies; see Subject."""
        buildings: dict[UUID, list[Difference]] = defaultdict(list)
        for each in differences:
            if each.together:
                buildings[each.together].append(each)
        clashes: dict[str, RowError] = {}
        for rooms in buildings.values():
            for room in rooms:
                for other in rooms:
                    columns = self._denied(room, other)
                    if columns:
                        names = ", ".join(columns)
                        clashes[room.key] = RowError(
                            "import_building_shared", column=columns[0], other=other.name, columns=names
                        )
        return clashes | self._hosts_left(buildings)

    def _denied(self, room: Difference, other: Difference) -> list[str]:
        """Return the columns that a room would change and another room of the building says otherwise."""
        said = self._shared[other.key]
        changing = [name for name in SHARED if name in room.after]
        return [name for name in changing if (name in said or name == "host") and said.get(name) != room.after[name]]

    def _hosts_left(self, buildings: Mapping[UUID, list[Difference]]) -> dict[str, RowError]:
        """Return the rooms that get another host while a room beside them, not in the sheet, keeps it."""
        moving = {key: rooms for key, rooms in buildings.items() if any("host" in room.after for room in rooms)}
        if not moving:
            return {}
        offers = Offer.objects.every(because=BECAUSE).filter(space__building__in=moving)
        left: dict[str, RowError] = {}
        for space, building, name in offers.values_list("space", "space__building", "space__name"):
            rooms = moving[building]
            if space not in {room.thing for room in rooms}:
                left |= {
                    room.key: RowError("import_host_shared", column="host", other=name)
                    for room in rooms
                    if "host" in room.after
                }
        return left

    def create(self, things: Mapping[UUID, Difference]) -> None:
        """Make the new spaces with their offers; see Subject."""
        create_spaces(self.setting, self.hosts, self.areas, things)

    def change(self, values: Mapping[UUID, Values]) -> None:
        """Give spaces other values; see Subject."""
        change_spaces(self.setting, self.hosts, self.areas, values)


def _let_lists_agree(before: Values, after: Values) -> None:
    """Take out of the list that the sheet leaves empty what it now says the contrary of."""
    for said, contrary in (("facilities", "no_facilities"), ("no_facilities", "facilities")):
        known = before.get(contrary) or []
        if said in after and contrary not in after and set(after[said]) & set(known):
            after[contrary] = [each for each in known if each not in after[said]]
