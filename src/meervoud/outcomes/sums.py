"""The sums of one dekad as arrays: packed to be kept, unpacked to be added up without a loop over its numbers."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final

import numpy as np

from meervoud.core.engine.arrays import Ints
from meervoud.core.impact.ledger import EVIDENCE, Tally

HOURS_A_WEEK: Final = 168
Hours = dict[str, list[int]]
Names = dict[str, Any]  # Any: lists of names, as JSON
_COLUMNS: Final = tuple(each.name for each in fields(Tally))
_WIDE: Final = len(_COLUMNS)
_ROOM_MINUTES: Final = _COLUMNS.index("room_minutes")
_LARGEST: Final = _COLUMNS.index("largest")
_numbers = attrgetter(*_COLUMNS[_ROOM_MINUTES:])
_KEPT: Final = np.dtype("<i8")


@dataclass(frozen=True)
class Sums:
    """What the moments of one dekad add up to.

    Attributes:
        rooms, initiatives, areas: ids of rooms and initiatives, names of neighbourhoods; the arrays tell their places.
        sheltered: initiatives that need shelter, in the whole only.
        tallies: shape (tallies, fields of Tally); room, initiative and evidence as places.
        hours: room-minutes, shape (areas, HOURS_A_WEEK); without sheltered initiatives.
    """

    rooms: Sequence[str]
    initiatives: Sequence[str]
    areas: Sequence[str]
    sheltered: Sequence[str]
    tallies: Ints
    hours: Ints

    @property
    def room_minutes(self) -> int:
        """The minutes of all tallies together."""
        return int(self.tallies[:, _ROOM_MINUTES].sum())


def sums_of(tallies: Sequence[Tally], hours: Mapping[str, Sequence[int]], sheltered: Sequence[str]) -> Sums:
    """Return tallies and hours by neighbourhood as sums."""
    rooms, initiatives = _places(each.room for each in tallies), _places(each.initiative for each in tallies)
    rows = [
        (rooms[each.room], initiatives[each.initiative], EVIDENCE.index(each.evidence), *_numbers(each))
        for each in tallies
    ]
    return Sums(
        rooms=list(rooms),
        initiatives=list(initiatives),
        areas=list(hours),
        sheltered=sheltered,
        tallies=np.array(rows, np.int64).reshape(-1, _WIDE),
        hours=np.array(list(hours.values()), np.int64).reshape(-1, HOURS_A_WEEK),
    )


def _places(names: Any) -> dict[str, int]:  # Any: an iterable, which mypy cannot tell from a generator
    return {name: place for place, name in enumerate(sorted(set(names)))}


def pack(sums: Sums) -> tuple[Names, bytes]:
    """Return sums as names and bytes. Numbers as JSON would take most of the time of a look that finds nothing changed."""
    # column by column: most are small, or alike, and so shrink to a tenth
    numbers = b"".join(each.astype(_KEPT).tobytes() for each in (sums.tallies.T, sums.hours))
    names = {name: list(getattr(sums, name)) for name in ("rooms", "initiatives", "areas", "sheltered")}
    return names, zlib.compress(numbers, 1)


def unpack(names: Names, packed: bytes) -> Sums:
    """Return the sums that were packed."""
    numbers = np.frombuffer(zlib.decompress(packed), _KEPT).astype(np.int64, copy=False)
    border = len(numbers) - len(names["areas"]) * HOURS_A_WEEK
    tallies = numbers[:border].reshape(_WIDE, -1).T
    return Sums(**names, tallies=tallies, hours=numbers[border:].reshape(-1, HOURS_A_WEEK))


def added_tallies(parts: Sequence[Sums]) -> tuple[Tally, ...]:
    """Return one tally for each room, initiative and evidence, in that order of the alphabet."""
    parts = [each for each in parts if len(each.tallies)]
    if not parts:
        return ()
    rooms, initiatives = _places_in(parts, "rooms"), _places_in(parts, "initiatives")
    keys = np.concatenate(
        [
            (_at(rooms, each.rooms)[each.tallies[:, 0]] * len(initiatives))
            + _at(initiatives, each.initiatives)[each.tallies[:, 1]]
            for each in parts
        ]
    )
    rows = np.concatenate([each.tallies for each in parts])
    keys = keys * len(EVIDENCE) + rows[:, 2]
    order = np.argsort(keys, kind="stable")
    found, begins = np.unique(keys[order], return_index=True)
    rows = rows[order]
    sums = np.add.reduceat(rows, begins)
    sums[:, _LARGEST] = np.maximum.reduceat(rows[:, _LARGEST], begins)
    room_names, initiative_names = list(rooms), list(initiatives)
    pairs, evidence = np.divmod(found, len(EVIDENCE))
    places = zip(*(each.tolist() for each in (*np.divmod(pairs, len(initiatives)), evidence)), strict=True)
    tallies = [
        Tally(room_names[room], initiative_names[initiative], EVIDENCE[kind], *numbers)
        for (room, initiative, kind), numbers in zip(places, sums[:, _ROOM_MINUTES:].tolist(), strict=True)
    ]
    return tuple(sorted(tallies, key=attrgetter("room", "initiative", "evidence")))


def added_hours(parts: Sequence[Sums]) -> Hours:
    """Return the room-minutes of each hour of the week, by neighbourhood."""
    areas = _places_in(parts, "areas")
    hours = np.zeros((len(areas), HOURS_A_WEEK), np.int64)
    for each in parts:
        hours[_at(areas, each.areas)] += each.hours
    return dict(zip(areas, hours.tolist(), strict=True))


def _places_in(parts: Sequence[Sums], kind: str) -> dict[str, int]:
    return _places(name for each in parts for name in getattr(each, kind))


def _at(places: Mapping[str, int], names: Sequence[str]) -> Ints:
    return np.array([places[name] for name in names], np.int64)
