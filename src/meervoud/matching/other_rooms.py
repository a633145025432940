"""Other rooms for one moment: what fits a group at that hour, the same building first, then the same host, then nearby."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from meervoud.core.engine import rank
from meervoud.core.engine.retrieval import CERTAINTIES
from meervoud.core.engine.types.requests import Dates, Request, Window
from meervoud.core.engine.types.time import DateRange
from meervoud.demand.as_request import request_of
from meervoud.demand.models import Request as RequestRow
from meervoud.matching.city_index import CityIndex, city_index, weights
from meervoud.matching.sectors import offers_apart_from, stance_of_asker
from meervoud.supply.as_space import public_position
from meervoud.supply.calendar import Span
from meervoud.supply.models import Offer

LOOKED_AT: Final = 20
NEAR_METRES: Final = 3000
WHY: Final = "what is online may be found by everybody"


@dataclass(frozen=True)
class OtherRoom:
    """An offer whose space is free at a moment and fits, with how far it is from the room that it stands in for."""

    offer: UUID
    is_same_building: bool
    is_same_host: bool
    metres: int | None


def other_rooms(
    row: RequestRow, offer: Offer, spans: list[Span], *, people: int, now: datetime, most: int = LOOKED_AT
) -> dict[Span, list[OtherRoom]]:
    """Return for each moment what else is online, free and surely fits, best first.

    Args:
        row: the request of the group, whose musts hold; its own rules about time do not.
        offer: whose space they would be in else, with space and building.
        spans: the moments.
        people: how many come.
        now: the moment of the look.
        most: how many rooms for a moment at most.
    """
    with city_index(row.programme, now) as city:
        apart = offers_apart_from(stance_of_asker(row), city.stances)
        found = {span: _found(city, row, offer, span, people) for span in spans}
        ids = {each for listed in found.values() for each, _ in listed} - apart - {str(offer.pk)}
        rows = Offer.objects.every(because=WHY).filter(pk__in=ids).values_list("pk", "host", "space__building")
        known = {str(pk): (host, building) for pk, host, building in rows}
    building = offer.space.building_id
    return {
        span: sorted(
            (
                OtherRoom(UUID(each), known[each][1] == building, known[each][0] == offer.host_id, metres)
                for each, metres in listed
                if each in known
            ),
            key=lambda room: (not room.is_same_building, not room.is_same_host),
        )[:most]
        for span, listed in found.items()
    }


def _found(city: CityIndex, row: RequestRow, offer: Offer, span: Span, people: int) -> list[tuple[str, int | None]]:
    asked = _asked(row, offer, span, people)
    if not asked.needs or not city.within.first <= asked.needs[0].dates[0] <= city.within.last:  # type: ignore[union-attr]  # Dates
        return []
    index = city.by_hours
    ranking = rank(index, asked, weights(), k=LOOKED_AT)
    return [
        (space.id, metres if metres >= 0 else None)
        for space, certainty, metres in zip(
            index.spaces_at(ranking.rows), ranking.certainty.tolist(), ranking.metres.tolist(), strict=True
        )
        if CERTAINTIES[certainty] != "ask"
    ]


def _asked(row: RequestRow, offer: Offer, span: Span, people: int) -> Request:
    """Return the musts of a group for one moment near a room; () as needs where it lasts longer than a day."""
    zone = ZoneInfo(row.programme.time_zone)
    start, end = (each.astimezone(zone).replace(tzinfo=None) for each in (span.starts_at, span.ends_at))
    first = start.hour * 60 + start.minute // 30 * 30
    last = (end.date() - start.date()).days * 1440 + end.hour * 60 + -(-end.minute // 30) * 30
    fits = first < last <= min(1920, first + 1440)
    needs = (Dates((start.date(),), Window(first, last), last - first),) if fits else ()
    day = DateRange(start.date(), start.date())
    asked = request_of(row, within=day, needs=needs)
    near = public_position(offer.space.building)
    if near is not None:
        asked = replace(asked, position=near, max_metres=NEAR_METRES)
    return replace(asked, group_max=max(people, asked.group_min), neighbourhood=None)
