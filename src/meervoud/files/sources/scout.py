"""Places of OpenStreetMap as spaces that might be lent: a scouting list, every assumed value marked."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar, get_args

from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.requests import Need, Request
from meervoud.core.engine.types.spaces import Attribute, Edge, OpenPeriod, Position, Space
from meervoud.core.engine.types.vocabulary import StepFree
from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.reading import Note, Problem, Reading, Refusal, refuse
from meervoud.files.sources.geojson import feature_row, point_position, read_features
from meervoud.files.sources.profiles import (
    FACILITY_TAGS,
    NO_ROOM,
    Profile,
    Room,
    Tags,
    find_cause,
    find_facilities,
    find_kind,
    read_profiles,
    read_room,
)
from meervoud.files.values.amounts import parse_number, whole_number
from meervoud.files.values.cells import cell_text

STEP_FREE: dict[str, StepFree] = {"yes": "yes", "designated": "yes", "limited": "limited", "no": "no"}
USED_TAGS = frozenset({"osm", "id", "name", "opening_hours", "wheelchair", "capacity", "latitude", "longitude"})
AREA_TAGS = ("footprint_m2", "host_building_footprint_m2")
ASSUMING_TAGS = frozenset({"wheelchair", "capacity", "operator", "opening_hours", *AREA_TAGS, *FACILITY_TAGS})
"""What `assume_space` looks at, besides the kind."""


@dataclass(frozen=True)
class Candidate:
    """A place that might lend a room, what is assumed of it included, and its tags as the map has them."""

    space: Space
    tags: Tags


T = TypeVar("T", Space, Request, Candidate)


@dataclass(frozen=True)
class _Place:
    """One feature: its row, its tags as text, and where it is."""

    row: int
    tags: Tags
    position: Position | None

    @property
    def id(self) -> str:
        return self.tags.get("osm") or self.tags.get("id") or ""

    @property
    def shown(self) -> str:
        return self.tags.get("name") or self.id

    @property
    def notes(self) -> tuple[tuple[str, str], ...]:
        return tuple((key, value) for key, value in self.tags.items() if key not in USED_TAGS)


def scout_spaces(path: Path) -> Reading[Space]:
    """Read an extract of OpenStreetMap (GeoJSON points) as spaces; what the map does not tell comes from profiles.toml.

    Opening hours that cannot be read leave the time unknown, and a note says so.
    """
    notes: list[Note] = []
    return _read(path, _maker(notes), notes, lambda tags: True)  # noqa: ARG005  # every place is looked at


def scout_candidates(path: Path) -> Reading[Candidate]:
    """Read an extract as `scout_spaces` does, and keep the tags, so that somebody can go on where the map stops."""
    notes: list[Note] = []
    make = _maker(notes)

    def candidate(place: _Place) -> Candidate:
        return Candidate(make(place), place.tags)

    return _read(path, candidate, notes, lambda tags: True)  # noqa: ARG005  # every place is looked at


def assume_space(key: str, tags: Tags, *, kind: str, position: Position | None) -> Space:
    """Return what is told and assumed of one place, for a kind that somebody may have corrected.

    Args:
        key: the id of the space.
        tags: as the map has them.
        kind: one of the kinds that profiles.toml knows; another one is taken as "other".
        position: where it is.

    Raises:
        InputError: the room would be too small to offer.
    """
    profiles = read_profiles()
    known = kind if kind in profiles else "other"
    return replace(
        _space(_Place(0, {**tags, "osm": key}, position), known, profiles[known], read_room(), []), kind=kind
    )


def _maker(notes: list[Note]) -> Callable[[_Place], Space]:
    profiles, room = read_profiles(), read_room()

    def make(place: _Place) -> Space:
        kind = find_kind(place.tags)
        if kind is None or kind == NO_ROOM:
            raise unreadable("not_a_room" if kind else "kind_unknown", kind=_what(place.tags))
        return _space(place, kind, profiles[kind], room, notes)

    return make


def read_osm_requests(path: Path, needs: tuple[Need, ...]) -> Reading[Request]:
    """Read the social organisations of an extract as requests with the given needs; other places are left out."""

    def make(place: _Place) -> Request:
        return Request(
            id=place.id,
            name=place.tags.get("name", ""),
            organisation=place.tags.get("operator") or place.tags.get("name", ""),
            position=place.position,
            cause=find_cause(place.tags) or None,
            needs=needs,
            notes=place.notes,
        )

    return _read(path, make, [], lambda tags: find_cause(tags) is not None)


def _read(path: Path, make: Callable[[_Place], T], notes: list[Note], wanted: Callable[[Tags], bool]) -> Reading[T]:
    taken: dict[str, T] = {}
    rows: dict[str, int] = {}
    refused: list[Refusal] = []
    read = left_out = 0
    for number, feature in enumerate(read_features(path), start=1):
        row = feature_row(number, feature)
        tags = {key: cell_text(cell) for key, cell in row.cells.items()}
        if not row.problems and not wanted(tags):
            left_out += 1
            continue
        read += 1
        if row.problems:
            refused += refuse(path.name, number, row.problems)
            continue
        place = _Place(number, tags, point_position(feature))
        try:
            _check_identity(place, rows)
            taken[place.id] = make(place)
            rows[place.id] = number
        except InputError as error:
            refused += refuse(path.name, number, [Problem("", place.shown, error)])
    things = tuple(taken.values())
    return Reading(
        path.name,
        read,
        things,
        len(things),
        tuple(refused),
        tuple(notes),
        left_out=left_out,
        rows=tuple((row,) for row in rows.values()),
    )


def _check_identity(place: _Place, rows: dict[str, int]) -> None:
    if not place.id:
        raise unreadable("id_missing")
    if place.id in rows:
        raise unreadable("id_same_row", id=place.id, row=rows[place.id])


def _what(tags: Tags) -> str:
    """Return what a place is, as its tags have it."""
    keys = ("amenity", "office", "club", "leisure", "shop", "disused:amenity", "disused:shop", "building")
    return next((f"{key}={tags[key]}" for key in keys if tags.get(key)), "?")


def _space(place: _Place, kind: str, profile: Profile, room: Room, notes: list[Note]) -> Space:
    assumed: set[Attribute] = set()
    area_m2, people = _size(place, profile, room, notes)
    told = _told(place, "capacity", notes)
    if area_m2 is not None:
        assumed.add("area")
    if told is None and people is not None:
        assumed.add("capacity")
    periods, edges = _time(place, profile, room, assumed, notes)
    there, absent = find_facilities(place.tags)
    return Space(
        id=place.id,
        name=place.tags.get("name", ""),
        kind=kind,
        host=place.tags.get("operator", ""),
        position=place.position,
        capacity=told or people,
        area_m2=area_m2,
        facilities=there,
        no_facilities=absent,
        step_free=STEP_FREE.get(place.tags.get("wheelchair", "")),
        periods=periods,
        edges=edges,
        assumed=frozenset(assumed),
        notes=place.notes,
    )


def _size(place: _Place, profile: Profile, room: Room, notes: list[Note]) -> tuple[float | None, int | None]:
    """Return the usable area and the people it holds; None for both where no area is known.

    Raises:
        InputError: the room would be too small to offer.
    """
    key = next((key for key in AREA_TAGS if place.tags.get(key)), None)
    if key is None:
        return None, None
    try:
        area_m2 = float(parse_number(place.tags[key], "."))
    except InputError:
        notes.append(_ignored(place, key))
        return None, None
    usable = round(profile.share * min(area_m2, room.most_area_m2), 1)
    people = math.floor(usable / room.m2_per_person)
    if people < room.least_people:
        least = room.least_people
        raise unreadable("too_small", area=round(area_m2, 1), usable=usable, people=people, least=least)
    return usable, people


def _told(place: _Place, key: str, notes: list[Note]) -> int | None:
    """Return a whole number that the map tells, or None and a note."""
    if not place.tags.get(key):
        return None
    try:
        return whole_number(zero_is_unknown=True)(place.tags[key])
    except InputError:
        notes.append(_ignored(place, key))
        return None


def _ignored(place: _Place, key: str) -> Note:
    return Note("value_ignored", {"name": place.shown, "column": key, "value": place.tags[key]}, place.row)


def _time(
    place: _Place, profile: Profile, room: Room, assumed: set[Attribute], notes: list[Note]
) -> tuple[tuple[OpenPeriod, ...], tuple[Edge, ...]]:
    """Return when a place can be lent; that it is lent at all is assumed, also where its hours are known.

    Outside the host's hours the doors are assumed open for part of the day only.
    """
    if profile.lend == "always":
        assumed.add("time")
        return (OpenPeriod(None, "always"),), ()
    hours, value = profile.hours, place.tags.get("opening_hours")
    if value:
        try:
            hours = parse_opening_hours(value)
        except InputError as error:
            gaps = {"name": place.shown, "value": value, "reason": str(error), "reason_code": error.code}
            notes.append(Note("hours_refused", {**error.values, **gaps}, place.row))
            return (), ()
    assumed.add("time")
    edges = (Edge("doors", room.doors_open),) if profile.lend == "outside" else ()
    return (OpenPeriod(hours, profile.lend),), edges


@dataclass(frozen=True)
class AssumedShare:
    """How many values of an attribute are known, and how many of these were assumed."""

    attribute: Attribute
    known: int
    assumed: int

    @property
    def share(self) -> float:
        """Part of the known values that was assumed, 0-1."""
        return self.assumed / self.known if self.known else 0.0


def share_assumed(spaces: Sequence[Space]) -> tuple[AssumedShare, ...]:
    """Return for each attribute how much of what is known was assumed."""
    return tuple(
        AssumedShare(
            attribute,
            sum(_is_known(space, attribute) for space in spaces),
            sum(attribute in space.assumed for space in spaces),
        )
        for attribute in get_args(Attribute)
    )


def _is_known(space: Space, attribute: Attribute) -> bool:
    name = {"time": "periods", "area": "area_m2"}.get(attribute, attribute)
    return getattr(space, name) not in (None, (), frozenset())
