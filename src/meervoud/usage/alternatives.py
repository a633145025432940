"""What could be in the place of a moment that cannot be: other hours, another room of the host, a similar one nearby."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from meervoud.agreements.models import Agreement
from meervoud.matching.other_rooms import OtherRoom, other_rooms
from meervoud.supply.calendar import Span
from meervoud.usage.openness import Openness
from meervoud.usage.wishes import day_of, hours_of, span_on

MOST: Final = 3
STEP: Final = 30
FARTHEST: Final = 180
DAYS: Final = (1, -1, 2, -2, 3, -3)
Kind = Literal["shift", "room", "nearby"]


@dataclass(frozen=True)
class Alternative:
    """Something else for one moment.

    Attributes:
        kind: other hours in the same space; another room of the same host; a room of another host, who has to be asked.
        span: when.
        offer: whose space; None is the one of the agreement.
        metres: how far from there, where it is known.
    """

    kind: Kind
    span: Span
    offer: UUID | None = None
    metres: int | None = None

    @property
    def key(self) -> str:
        """What a form sends back for it."""
        start, end = (each.isoformat() for each in (self.span.starts_at, self.span.ends_at))
        return f"{self.kind} {start} {end} {self.offer or ''}".strip()


def alternatives_for(
    agreement: Agreement,
    openness: Openness,
    spans: Sequence[Span],
    *,
    others: Sequence[Span],
    people: int,
    now: datetime,
) -> dict[Span, tuple[Alternative, ...]]:
    """Return up to three alternatives for each moment that cannot be, of as many kinds as there are.

    Args:
        agreement: with its request and its offer's space and building.
        openness: of the space of the agreement.
        spans: the moments that cannot be.
        others: moments of the same plan, with which no alternative may clash.
        people: how many come.
        now: nothing is offered that is past.
    """
    rooms = other_rooms(agreement.request, agreement.offer, list(spans), people=people, now=now)
    used = list(others)
    found: dict[Span, tuple[Alternative, ...]] = {}
    for span in spans:
        shifts = _shifts(openness, span, used, now)
        here = [_room(each, span) for each in rooms[span] if each.is_same_host]
        near = [_room(each, span) for each in rooms[span] if not each.is_same_host]
        found[span] = tuple(_mixed(shifts, here, near))
        used += [each.span for each in found[span] if each.kind == "shift"]  # two dates never get the same hours
    return found


def _mixed(*kinds: list[Alternative]) -> list[Alternative]:
    """Return one of each kind first, then the next of each, three in all."""
    rows = [each for place in range(MOST) for kind in kinds for each in kind[place : place + 1]]
    order = {"shift": 0, "room": 1, "nearby": 2}
    return sorted(rows[:MOST], key=lambda each: order[each.kind])


def _room(room: OtherRoom, span: Span) -> Alternative:
    return Alternative("room" if room.is_same_host else "nearby", span, room.offer, room.metres)


def _shifts(openness: Openness, span: Span, used: Sequence[Span], now: datetime) -> list[Alternative]:
    tried = [each for each in _shifted(span, openness.zone) if not any(each.overlaps(other) for other in used)]
    whys = openness.whys(tried, now)
    return [Alternative("shift", each) for each, why in zip(tried, whys, strict=True) if why is None][:MOST]


def _shifted(span: Span, zone: str) -> list[Span]:
    """Return the same length at other hours of the day, the nearest first, then at the same hours of days nearby."""
    day, found = day_of(span, zone), list[Span]()
    for minutes in range(STEP, FARTHEST + 1, STEP):
        for shift in (timedelta(minutes=minutes), timedelta(minutes=-minutes)):
            moved = Span(span.starts_at + shift, span.ends_at + shift)
            if moved.starts_at.astimezone(ZoneInfo(zone)).date() == day:
                found.append(moved)
    hours = hours_of(span, zone)
    nearby = [span_on(day + timedelta(days=each), hours, zone) for each in DAYS]
    return [*found, *(each for each in nearby if each is not None)]
