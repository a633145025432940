"""The ledger as the figures see it: realised uses, the rooms they were in, and the sums kept of them."""

from dataclasses import dataclass
from typing import Final

EVIDENCE: Final = ("checked_in", "host", "paper", "door_code", "silent", "imported")
"""From strong to weak."""


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it stands in the ledger.

    Attributes:
        id: opaque.
        host: id of who lends it.
        neighbourhood: id; "" is not known.
        area_m2: usable floor area in m2, > 0; None is not known.
        keeps_use: the host goes on using it (double use); False is space that stood empty (re-use).
        atoms: the pieces of floor it is made of; a hall has those of its rooms.
    """

    id: str
    host: str
    neighbourhood: str
    area_m2: float | None
    keeps_use: bool
    atoms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Use:
    """One realised usage moment of one initiative in one room.

    Attributes:
        id: opaque.
        room: id of the room.
        initiative: id of who used it.
        starts: whole minutes since 1970-01-01T00:00Z.
        ends: the same; after `starts`.
        evidence: one of EVIDENCE.
        people: how many were there; None is not counted.
        first_timers: how many of them for the first time; None is not counted; never more than `people`.
    """

    id: str
    room: str
    initiative: str
    starts: int
    ends: int
    evidence: str
    people: int | None = None
    first_timers: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What the uses of one initiative in one room, known by one kind of evidence, add up to. Tallies of disjoint sets of uses add up.

    Attributes:
        room: id.
        initiative: id.
        evidence: one of EVIDENCE.
        room_minutes: minutes counted for the room: a minute that two share counts once, at who began first.
        own_minutes: minutes each was there, shared or not.
        stays: usage moments: uses that do not go on from another one of the same initiative in the same room.
        uses: rows of the ledger.
        counted: uses of which the people were counted.
        visits: people over those uses.
        first_counted: uses of which first-timers were counted.
        first_timers: how many those were.
        largest: the largest head count of one use.
    """

    room: str
    initiative: str
    evidence: str
    room_minutes: int
    own_minutes: int
    stays: int
    uses: int
    counted: int
    visits: int
    first_counted: int
    first_timers: int
    largest: int
