"""Who asks what in the hammer: every ask follows from its key, so that a judge can make it again after a crash."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime

MINUTE, DAY, WEEK = 60, 86_400, 7 * 86_400
FIRST = int(datetime(2027, 1, 4, tzinfo=UTC).timestamp())
HALLS = 24
ROOMS = ("A", "B", "hall")
PARTS = (frozenset("A"), frozenset("B"), frozenset("AB"))
BUFFERS = (15, 0, 0)
Moment = tuple[int, int]


@dataclass(frozen=True)
class Ask:
    """Time that somebody asks for, in seconds since 1970.

    Attributes:
        key: the request key it follows from.
        hall: number of the building.
        room: place in ROOMS.
        moments: in the order in which they are sent.
    """

    key: str
    hall: int
    room: int
    moments: tuple[Moment, ...]

    @property
    def space(self) -> str:
        """The name of the space."""
        return space_name(self.hall, self.room)

    def clashes(self, other: "Ask") -> bool:
        """Say whether the two cannot both have what they ask, the buffers behind them included."""
        if self.hall != other.hall or not PARTS[self.room] & PARTS[other.room]:
            return False
        mine, theirs = BUFFERS[self.room] * MINUTE, BUFFERS[other.room] * MINUTE
        return any(a < d + theirs and c < b + mine for a, b in self.moments for c, d in other.moments)


def space_name(hall: int, room: int) -> str:
    """Return the name of a space."""
    return f"{hall} {ROOMS[room]}"


def follows(turn: int) -> bool:
    """Say whether a round goes over the slots of the round before it: who got some gives it back, the others ask again."""
    return turn % 3 == 1


def barrier_key(seed: int, turn: int, worker: int) -> str:
    """Return the key a worker sends in a round; some send the very request of their neighbour."""
    if worker % 2 and random.Random(f"twin {seed} {turn} {worker}").random() < 0.2:
        worker -= 1
    return f"round/{seed}/{turn}/{worker}"


def ask_of(key: str) -> Ask:
    """Return what the request with a key asks for."""
    kind, _, *numbers = key.split("/")
    dice = random.Random(key)
    if kind == "round":
        block = int(numbers[0]) - follows(int(numbers[0]))
        hall, start = block % HALLS, FIRST + block // HALLS * 4 * WEEK + 18 * 3600
    else:
        hall, start = dice.randrange(HALLS), FIRST + int(numbers[0]) * 4 * WEEK + dice.randrange(7) * DAY + 8 * 3600
        start += dice.randrange(6) * 2 * 3600
    start += dice.choice((0, 30, 60, 90)) * MINUTE
    end = start + dice.choice((60, 90, 120)) * MINUTE
    weeks = 1 if dice.random() < 0.7 else dice.randint(2, 4)
    moments = [(start + week * WEEK, end + week * WEEK) for week in range(weeks)]
    dice.shuffle(moments)
    return Ask(key, hall, dice.randrange(3), tuple(moments))
