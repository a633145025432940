"""What the engine answers: proposals, near misses, what was excluded and why. Codes and numbers, no sentences."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from meervoud.core.engine.types.time import Grid

Certainty = Literal["sure", "assumed", "ask"]
Condition = Literal[
    "time",
    "capacity",
    "capacity_min",
    "area",
    "facilities",
    "step_free",
    "activities",
    "loudness",
    "distance",
    "budget",
    "currency",
    "evenings",
]
PART_NAMES = ("time_fit", "distance", "size_fit", "wishes", "causes", "neighbourhood", "continuity")


@dataclass(frozen=True)
class Weights:
    """Weights and constants of the score; see `core/engine/parameters/weights.toml`.

    Attributes:
        parts: weight of each part, in the order of PART_NAMES, integers >= 0, not all 0.
        half_points_metres: distance at which the distance part is halved, > 0.
        comfort_percent: room that a group may take and still fits fully, 100 = exactly its number.
        open_host_points: points of the causes part for a host that names no cause, 0-10,000.
        version: name of the set, shown with each result.
    """

    parts: tuple[int, int, int, int, int, int, int]
    half_points_metres: int
    comfort_percent: int
    open_host_points: int
    version: str


@dataclass(frozen=True)
class Part:
    """One named part of a score: points 0-10,000 and its weight."""

    name: str
    points: int
    weight: int


@dataclass(frozen=True)
class Moment:
    """One moment on the wall clock: a date, and minutes after its midnight; `end` may pass 1440."""

    day: date
    start: int
    end: int


@dataclass(frozen=True)
class Pattern:
    """How one rule of the need is met in a space.

    Attributes:
        rule: index into the request's needs.
        weekdays: the weekdays chosen, for a fixed weekly pattern; else empty.
        start: minute of the start where it is the same every time; else None.
        minutes: length, rounded outward to the half-hour.
        held, wanted: how many of the weeks (Weekly, Hours), dates (Dates) or days (Continuous) work.
        unit: what held and wanted count.
        missing: wanted dates on which it does not work; for a week its first wanted day.
        moments: every moment that works, sorted; empty for Continuous.
    """

    rule: int
    weekdays: tuple[int, ...]
    start: int | None
    minutes: int
    held: int
    wanted: int
    unit: Literal["weeks", "dates", "days"]
    missing: tuple[date, ...]
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class FrameEdge:
    """What ends the lendable time before or after a proposed moment.

    Attributes:
        cause: "hours" (the host's own opening hours), a kind of EDGE_KINDS, the reason of a closure,
            "booking" or "clock" (the hour that the change to summer time skips).
        side: "before" or "after" the moment.
        day: of the first moment of the pattern.
        minute: where the blocked time ends (before) or begins (after), in minutes after midnight of that day, on
            the half-hour; at most a day away, so it may be negative or pass 1440.
    """

    cause: str
    side: Literal["before", "after"]
    day: date
    minute: int


@dataclass(frozen=True)
class Rounding:
    """What the half-hour grid cost: `asked` and `used` are minutes of a length or of a window's start or end."""

    rule: int
    what: Literal["minutes", "window_start", "window_end", "min_block", "per_week"]
    asked: int
    used: int


@dataclass(frozen=True)
class Proposal:
    """A space that fits, with the time pattern and the reasons.

    Attributes:
        rank: 1 is best.
        certainty: "sure" before "assumed" before "ask" (something is unknown: ask first).
        score: 0-10,000, the weighted mean of the parts, rounded down.
        metres: distance; None where a position is unknown or not given.
        patterns: one for each rule of the need, in order; empty without time.
        ask: conditions that are unknown, sorted. assumed: conditions that rest on an assumed value, sorted.
        edges: what bounds the first moment of each pattern.
    """

    request_id: str
    space_id: str
    rank: int
    certainty: Certainty
    score: int
    parts: tuple[Part, ...]
    metres: int | None
    patterns: tuple[Pattern, ...]
    ask: tuple[Condition, ...] = ()
    assumed: tuple[Condition, ...] = ()
    edges: tuple[FrameEdge, ...] = ()


@dataclass(frozen=True)
class NearMiss:
    """A space that fails on exactly one condition.

    Attributes:
        wanted, found: the two values that clash: metres, people, m2, cents, or names joined by ",". For "time" the share
            that the worst rule must reach, rounded up, and reaches, rounded down, in percent; "together" where each
            rule reaches it by itself and not after the others.
    """

    space_id: str
    condition: Condition
    wanted: str
    found: str


@dataclass(frozen=True)
class Relaxation:
    """One thing the initiative could change, and how many more spaces that would open.

    Attributes:
        kind: the condition ("distance", "capacity", ...) or, for time, "start" (another minute), "weekday"
            (one more weekday), "coverage" (fewer weeks or dates) or "minutes" (a shorter moment).
        rule: index of the rule of the need, for the four kinds of time; else -1.
        value: the value that opens them: metres, people, m2, cents, a minute, a weekday, a percentage, minutes, or a name.
        opens: how many more spaces nothing excludes then.
        space_ids: which, sorted.
    """

    kind: str
    rule: int
    value: str
    opens: int
    space_ids: tuple[str, ...]


@dataclass(frozen=True)
class Exclusion:
    """How many spaces fail a condition, and how many fail no other."""

    condition: Condition
    spaces: int
    alone: int


@dataclass(frozen=True)
class Answer:
    """All that the engine says about one request.

    Attributes:
        considered: how many spaces were looked at.
        sure: how many spaces surely fit.
        assumed: how many fit if what was assumed for them is true.
        to_ask: how many leave something unknown; they are never counted as fitting.
        without_room: the kind of activity may do without a room: ask the question, lower nothing.
        rounding: what the half-hour grid cost this request.
    """

    request_id: str
    considered: int
    sure: int
    assumed: int
    to_ask: int
    proposals: tuple[Proposal, ...]
    near_misses: tuple[NearMiss, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    rounding: tuple[Rounding, ...] = ()
    without_room: bool = False


@dataclass(frozen=True)
class FirstFree:
    """The first moment at which a space is free for the whole length; `moment` is None where there is none."""

    space_id: str
    moment: Moment | None


@dataclass(frozen=True)
class Result:
    """The answers to all requests, and what they were computed with.

    Attributes:
        top: most proposals for a request. near: most near misses for a condition.
    """

    grid: Grid
    weights: Weights
    answers: tuple[Answer, ...]
    top: int
    near: int
