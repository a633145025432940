"""What is assumed of a place that only the map knows: kinds, shares of the floor, standard hours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.hours import OpeningHours
from meervoud.core.engine.types.vocabulary import Lend
from meervoud.files.values.words import read_parameters

Tags = Mapping[str, str]
NO_ROOM = "-"
_ANY = "*"
_TABLE: Mapping[str, Any] = read_parameters("profiles.toml")  # TOML has values of any type
FACILITY_TAGS = frozenset[str](_TABLE["facilities"])


@dataclass(frozen=True)
class Profile:
    """What is assumed of one kind of place.

    Attributes:
        share: part of the floor that is one lendable room.
        hours: when the host uses it (lend "outside") or has it open ("inside"); None with "always".
    """

    share: float
    lend: Lend
    hours: OpeningHours | None


@dataclass(frozen=True)
class Room:
    """What is assumed of every room."""

    most_area_m2: float
    m2_per_person: float
    least_people: int
    doors_open: OpeningHours


def _profile(table: Mapping[str, Any]) -> Profile:
    hours = table.get("hours")
    lend = cast("Lend", table["lend"]["value"])
    return Profile(float(table["share"]["value"]), lend, parse_opening_hours(hours["value"]) if hours else None)


def read_profiles() -> dict[str, Profile]:
    """Return the profile of each kind of space."""
    return {kind: _profile(table) for kind, table in _TABLE["profiles"].items()}


def read_room() -> Room:
    """Return what is assumed of every room."""
    table = _TABLE["room"]
    return Room(
        most_area_m2=float(table["most_area_m2"]["value"]),
        m2_per_person=float(table["m2_per_person"]["value"]),
        least_people=int(table["least_people"]["value"]),
        doors_open=parse_opening_hours(table["doors_open"]["value"]),
    )


def find_kind(tags: Tags) -> str | None:
    """Return the kind of space of an OpenStreetMap object; "-" has no room, None is not known.

    A place that is out of use is vacant; a former use beside a present one says nothing.
    """
    present = next(((key, tags[key]) for key in _TABLE["kinds"] if tags.get(key)), None)
    if tags.get("disused") == "yes" or tags.get("abandoned") == "yes":
        return _vacant(*(present or ("", "")))
    if present:
        return _kind_of(*present)
    for key, value in tags.items():
        prefix, _, former = key.partition(":")
        if prefix in {"disused", "abandoned"} and former in _TABLE["kinds"]:
            return _vacant(former, value)
    return None


def _kind_of(key: str, value: str) -> str:
    values = _TABLE["kinds"][key]
    return str(values.get(value, values.get(_ANY, NO_ROOM)))


def _vacant(key: str, value: str) -> str:
    if key == "shop":
        return "vacant_shop"
    return NO_ROOM if key and _kind_of(key, value) == NO_ROOM else "vacant_building"


def find_facilities(tags: Tags) -> tuple[frozenset[str], frozenset[str]]:
    """Return the facilities that the tags say are there, and those they say are not."""
    there, absent = set(), set()
    for key, values in _TABLE["facilities"].items():
        if tags.get(key) in values:
            there.add(values[tags[key]])
        elif tags.get(key) == "no":
            absent.add(values["yes"])
    return frozenset(there), frozenset(absent)


def find_cause(tags: Tags) -> str | None:
    """Return the cause of a social organisation, "" where the tags do not tell it; None is no such organisation."""
    found = None
    for key, values in _TABLE["causes"].items():
        cause = values.get(tags.get(key, ""), values.get(_ANY) if tags.get(key) else None)
        if cause is not None:
            found = found or str(cause)
    return found
