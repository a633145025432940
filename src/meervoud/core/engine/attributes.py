"""What a space has, lacks or does not tell, as bits; what a request asks, as bits of the same layout."""

from collections.abc import Iterable
from dataclasses import dataclass

from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Condition
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.vocabulary import ACTIVITIES, FACILITIES, LOUDNESS

ACTIVITY_SHIFT = 32
STEP_FREE = 1 << 48
LOUDNESS_SHIFT = 48  # "quiet" needs no bit; "talking" is bit 49, "amplified" bit 51
CAPACITY, AREA, PRICE, POSITION, TIME, EVENINGS = (1 << bit for bit in range(52, 58))
FACILITY_BITS = (1 << len(FACILITIES)) - 1
ACTIVITY_BITS = ((1 << len(ACTIVITIES)) - 1) << ACTIVITY_SHIFT
LOUDNESS_BITS = 0b111 << (LOUDNESS_SHIFT + 1)

_SHARED: dict[Condition, int] = {
    "time": TIME,
    "capacity": CAPACITY,
    "area": AREA,
    "facilities": FACILITY_BITS,
    "step_free": STEP_FREE,
    "activities": ACTIVITY_BITS,
    "loudness": LOUDNESS_BITS,
}
CONDITION_BITS: dict[Condition, int] = {**_SHARED, "distance": POSITION, "budget": PRICE, "evenings": EVENINGS}
ATTRIBUTE_BITS = {**{str(name): bits for name, bits in _SHARED.items()}, "position": POSITION, "price": PRICE}


@dataclass(frozen=True)
class AttributeBits:
    """Of one space: bits of what it surely refuses, what it does not tell, what was assumed for it."""

    refused: int
    vague: int
    assumed: int


def facility_bits(names: Iterable[str]) -> int:
    """Return one bit for each facility; unknown words raise ValueError (the border has checked them)."""
    return sum(1 << FACILITIES.index(name) for name in set(names))


def activity_bits(names: Iterable[str]) -> int:
    """Return one bit for each activity, in the layout of a request's question."""
    return sum(1 << (ACTIVITY_SHIFT + ACTIVITIES.index(name)) for name in set(names))


def describe(space: Space) -> AttributeBits:
    """Return the bits of one space; price is told apart by currency later."""
    yes, no = facility_bits(space.facilities), facility_bits(space.no_facilities)
    refused = no & ~yes | _refused_activities(space) | _refused_loudness(space)
    vague = FACILITY_BITS & ~(yes | no)
    unknown = (
        (CAPACITY, space.capacity is None),
        (AREA, space.area_m2 is None),
        (PRICE, space.price is None),
        (POSITION, space.position is None),
        (TIME, not space.periods),
        (STEP_FREE, space.step_free in (None, "limited")),
        (LOUDNESS_BITS, space.loudness is None),
        (ACTIVITY_BITS, space.activities is None and not space.no_activities),
    )
    for bits, is_unknown in unknown:
        vague |= bits if is_unknown else 0
    if space.step_free == "no":
        refused |= STEP_FREE
    assumed = 0
    for attribute in space.assumed:
        assumed |= ATTRIBUTE_BITS[attribute]
    return AttributeBits(refused, vague, assumed)


def asked_bits(request: Request) -> int:
    """Return the bits of everything that is a must for the request."""
    asked = facility_bits(request.facilities) | activity_bits(request.activities)
    musts = (
        (STEP_FREE, request.step_free),
        (CAPACITY, request.group_max > 0),
        (AREA, request.area_m2 > 0),
        (PRICE, request.budget is not None),
        (POSITION, request.position is not None and request.max_metres is not None),
        (TIME, bool(request.needs)),
        (EVENINGS, bool(request.needs)),
    )
    for bits, is_asked in musts:
        asked |= bits if is_asked else 0
    if request.loudness is not None and request.loudness != LOUDNESS[0]:
        asked |= 1 << (LOUDNESS_SHIFT + LOUDNESS.index(request.loudness))
    return asked


def _refused_activities(space: Space) -> int:
    refused = activity_bits(space.no_activities)
    if space.activities is not None:
        refused |= ACTIVITY_BITS & ~activity_bits(space.activities)
    return refused


def _refused_loudness(space: Space) -> int:
    if space.loudness is None:
        return 0
    permitted = LOUDNESS.index(space.loudness)
    return sum(1 << (LOUDNESS_SHIFT + level) for level in range(permitted + 1, len(LOUDNESS)))


def missing_facilities(request: Request, space: Space) -> tuple[str, ...]:
    """Return the facilities that are a must and known to be absent, in the order of the list."""
    return tuple(name for name in FACILITIES if name in request.facilities & (space.no_facilities - space.facilities))


def refused_activities(request: Request, space: Space) -> tuple[str, ...]:
    """Return the activities that are planned and that the host does not permit, in the order of the list."""
    refused = _refused_activities(space) & activity_bits(request.activities)
    return tuple(name for name in ACTIVITIES if activity_bits([name]) & refused)
