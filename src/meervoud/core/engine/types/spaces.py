"""A space as the engine sees it: where, how large, what it allows, when it is free."""

from dataclasses import dataclass, field
from typing import Literal

from meervoud.core.engine.types.hours import OpeningHours
from meervoud.core.engine.types.time import Booking, Closure, DateRange
from meervoud.core.engine.types.vocabulary import Lend, StepFree
from meervoud.core.errors import InputError

Attribute = Literal[
    "time", "capacity", "area", "facilities", "step_free", "activities", "position", "price", "loudness"
]


@dataclass(frozen=True)
class Position:
    """WGS84 degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Price:
    """An amount in whole cents of an ISO currency, per hour or per month; 0 is free in every currency."""

    cents: int
    currency: str = "EUR"
    per: Literal["hour", "month"] = "hour"


@dataclass(frozen=True)
class OpenPeriod:
    """When a space can be lent, in one season.

    Attributes:
        hours: the host's opening hours; None with lend "always".
        lend: "inside" the hours (a community centre), "outside" them (an office), or "always" (a vacant shop).
        season: the days on which this period counts; None is every day.
    """

    hours: OpeningHours | None
    lend: Lend = "inside"
    season: DateRange | None = None


@dataclass(frozen=True)
class Edge:
    """What the building sets: nothing happens while the doors are locked, the alarm is armed or cleaning goes on.

    Attributes:
        kind: one of EDGE_KINDS.
        hours: when the doors are open, the alarm is off, the concierge is there, the heating is on;
            for "cleaning" the hours in which cleaners are at work, and the space is *not* free.
    """

    kind: str
    hours: OpeningHours


@dataclass(frozen=True)
class Space:
    """A space that a host lends. None and absent mean unknown, never no.

    Attributes:
        id: unique among the spaces.
        capacity: people who fit, > 0. capacity_min: the smallest group the host lends to.
        facilities: which are there. no_facilities: which are known to be absent; the rest is unknown.
        activities: what is permitted; None with no exclusions is unknown, None with exclusions is "all but those".
        no_activities: what the host excludes, from the closed list ACTIVITIES.
        loudness: the loudest that is permitted, from LOUDNESS.
        causes: what the host wants to support, from CAUSES.
        periods: when it can be lent; empty is unknown.
        edges: hard edges of the building, for every period.
        buffer_minutes: time kept free before and after each booking, >= 0.
        most_evenings_a_month: days of a month on which the host lends at most; None is no limit that we know.
        assumed: attributes whose value was assumed by a profile, not told by the host.
        notes: what the file said besides, (column, value).
    """

    id: str
    name: str = ""
    kind: str = "other"
    host: str = ""
    neighbourhood: str | None = None
    position: Position | None = None
    capacity: int | None = None
    capacity_min: int = 0
    area_m2: float | None = None
    facilities: frozenset[str] = frozenset()
    no_facilities: frozenset[str] = frozenset()
    step_free: StepFree | None = None
    activities: frozenset[str] | None = None
    no_activities: frozenset[str] = frozenset()
    loudness: str | None = None
    price: Price | None = None
    causes: frozenset[str] = frozenset()
    periods: tuple[OpenPeriod, ...] = ()
    edges: tuple[Edge, ...] = ()
    closures: tuple[Closure, ...] = ()
    bookings: tuple[Booking, ...] = ()
    buffer_minutes: int = 0
    most_evenings_a_month: int | None = None
    assumed: frozenset[Attribute] = frozenset()
    notes: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Refuse a room that no group could use."""
        if self.capacity is not None and self.capacity < max(self.capacity_min, 1):
            raise InputError(
                f"The space holds {self.capacity} people and lends to groups of {self.capacity_min} and more. "
                "Correct one of the two.",
                code="capacity_order",
                capacity=self.capacity,
                capacity_min=self.capacity_min,
            )
