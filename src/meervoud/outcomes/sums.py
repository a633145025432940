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
NAMES: Final = ("rooms", "initiatives", "places", "place_of_rooms", "sheltered")
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
        rooms, initiatives: ids; the arrays tell where they stand in these.
        places: where rooms count, by what does not change when it is renamed: see ledger.places_of.
        place_of_rooms: of each room, where its place stands in `places`.
        sheltered: initiatives that need shelter, in the whole only.
        tallies: shape (tallies, fields of Tally); room, initiative and evidence by where they stand.
        hours: room-minutes, shape (places, HOURS_A_WEEK); without sheltered initiatives.
    """

    rooms: Sequence[str]
    initiatives: Sequence[str]
    places: Sequence[str]
    place_of_rooms: Sequence[int]
    sheltered: Sequence[str]
    tallies: Ints
    hours: Ints

    @property
    def room_minutes(self) -> int:
        """The minutes of all tallies together."""
        return int(self.tallies[:, _ROOM_MINUTES].sum())


def sums_of(
    tallies: Sequence[Tally], hours: Mapping[str, Sequence[int]], sheltered: Sequence[str], place_of: Mapping[str, str]
) -> Sums:
    """Return tallies, and hours by place, as sums.

    Args:
        tallies: one for each room, initiative and evidence.
        hours: HOURS_A_WEEK room-minutes by place; a place without a row has none.
        sheltered: initiatives that need shelter.
        place_of: the place of each room of the tallies.
    """
    rooms, initiatives = _places(each.room for each in tallies), _places(each.initiative for each in tallies)
    places, none = _places([*hours, *(place_of[each] for each in rooms)]), [0] * HOURS_A_WEEK
    rows = [
        (rooms[each.room], initiatives[each.initiative], EVIDENCE.index(each.evidence), *_numbers(each))
        for each in tallies
    ]
    return Sums(
        rooms=list(rooms),
        initiatives=list(initiatives),
        places=list(places),
        place_of_rooms=[places[place_of[each]] for each in rooms],
        sheltered=sheltered,
        tallies=np.array(rows, np.int64).reshape(-1, _WIDE),
        hours=np.array([hours.get(each, none) for each in places], np.int64).reshape(-1, HOURS_A_WEEK),
    )


def _places(names: Any) -> dict[str, int]:  # Any: an iterable, which mypy cannot tell from a generator
    return {name: place for place, name in enumerate(sorted(set(names)))}


def pack(sums: Sums) -> tuple[Names, bytes]:
    """Return sums as names and bytes. Numbers as JSON would take most of the time of a look that finds nothing changed."""
    # column by column: most are small, or alike, and so shrink to a tenth
    numbers = b"".join(each.astype(_KEPT).tobytes() for each in (sums.tallies.T, sums.hours))
    names = {name: list(getattr(sums, name)) for name in NAMES}
    return names, zlib.compress(numbers, 1)


def unpack(names: Names, packed: bytes) -> Sums:
    """Return the sums that were packed."""
    numbers = np.frombuffer(zlib.decompress(packed), _KEPT).astype(np.int64, copy=False)
    border = len(numbers) - len(names["places"]) * HOURS_A_WEEK
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
    """Return the room-minutes of each hour of the week, by place; a place without any is not in it."""
    places = _places_in(parts, "places")
    hours = np.zeros((len(places), HOURS_A_WEEK), np.int64)
    for each in parts:
        hours[_at(places, each.places)] += each.hours
    return {place: row.tolist() for place, row in zip(places, hours, strict=True) if row.any()}


def _places_in(parts: Sequence[Sums], kind: str) -> dict[str, int]:
    return _places(name for each in parts for name in getattr(each, kind))


def _at(places: Mapping[str, int], names: Sequence[str]) -> Ints:
    return np.array([places[name] for name in names], np.int64)
