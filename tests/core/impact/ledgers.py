"""Random ledgers for the property tests, and makers that name only what matters."""

from dataclasses import dataclass
from datetime import datetime

from hypothesis import strategies as st

from meervoud.core.impact.ledger import EVIDENCE, Room, Use

MINUTES = 360
MONTH = 120
"""The random ledgers are short, so that every minute can be looked at: three "months" of two hours."""
AT_MOST = 9


@dataclass(frozen=True)
class Ledger:
    """A random ledger: uses in any order, and the rooms they may be in."""

    uses: tuple[Use, ...]
    rooms: dict[str, Room]


def make_room(
    room_id: str,
    *,
    host: str = "bank",
    area_m2: float | None = 50.0,
    keeps_use: bool = True,
    atoms: str = "",
) -> Room:
    return Room(room_id, host, "centre", area_m2, keeps_use, frozenset(atoms or {room_id}))


def make_use(
    use_id: str,
    starts: int,
    ends: int,
    *,
    room: str = "hall",
    initiative: str = "choir",
    evidence: str = "checked_in",
    people: int | None = None,
    first_timers: int | None = None,
) -> Use:
    return Use(use_id, room, initiative, starts, ends, evidence, people, first_timers)


def minute_of(moment: datetime) -> int:
    """Return the minute of an aware moment, as the ledger counts them."""
    return int(moment.timestamp()) // 60


def rooms_by_id(*rooms: Room) -> dict[str, Room]:
    return {room.id: room for room in rooms}


_PEOPLE = ((0, 0), (1, 1), (4, 0), (9, 9), (12, 5), (30, None), (60, 2), (60, 60), (None, None), (None, None))
_ATOMS = ("", "a", "b", "c", "ab", "bc", "abc", "cdef", "abcdef")
_uses = st.tuples(
    st.integers(-2, MINUTES // 15).map(lambda quarter: quarter * 15) | st.integers(-30, MINUTES),
    st.sampled_from((1, 14, 15, 30, 45, 60, 150)) | st.integers(1, MONTH + 40),
    st.sampled_from(("attic", "hall", "hall", "kitchen")),
    st.sampled_from(("choir", "choir", "elders")),
    st.sampled_from(EVIDENCE),
    st.sampled_from(_PEOPLE),
)
_rooms = st.tuples(
    st.sampled_from(("bank", "school")),
    st.sampled_from((None, 20.0, 45.5, 60.0)) | st.floats(0.5, 400),
    st.sampled_from((True, True, False)),
    st.sampled_from(_ATOMS),
)
_names = ("attic", "hall", "kitchen")


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Return a ledger; in one of three, every use has its people and first-timers counted."""
    all_counted = draw(st.sampled_from((False, False, True)))
    uses = []
    for number, row in enumerate(draw(st.lists(_uses, min_size=draw(st.sampled_from((0, 1, 4, 7))), max_size=AT_MOST))):
        starts, length, room, initiative, evidence, (people, first_timers) = row
        if all_counted:
            people, first_timers = people or 0, first_timers or 0
        at = {"room": room, "initiative": initiative, "evidence": evidence}
        uses.append(make_use(f"u{number}", starts, starts + length, **at, people=people, first_timers=first_timers))
    rooms = zip(_names, draw(st.tuples(*(_rooms for _name in _names))), strict=True)
    return Ledger(
        tuple(uses),
        {
            name: Room(name, host, "", area, keeps_use, frozenset(atoms))
            for name, (host, area, keeps_use, atoms) in rooms
        },
    )
