"""All that is online as spaces of the engine: read as plain values, for thousands of rows are slow to make.

Equal to `space_of` for each offer of `with_parts`; a test compares the two.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from meervoud.core.engine.types.spaces import Position, Space
from meervoud.core.engine.types.vocabulary import EDGE_KINDS
from meervoud.parties.models.organisations import sector_of_company
from meervoud.supply.as_space import (
    STEP_FREE,
    ClosureRow,
    PeriodRow,
    Taken,
    bookings_of,
    closures_from,
    edges_from,
    periods_from,
    price_from,
)
from meervoud.supply.models import Closure, Offer, OpeningPeriod
from meervoud.supply.models.offers import OfferQuerySet

OF_OFFER = (
    *("pk", "space_id", "length", "from_day", "until_day", "activities", "no_activities", "loudness", "causes"),
    *("price_kind", "price_cents", "price_per", "buffer_minutes", "notice_days", "most_evenings_a_month"),
    *("no_sectors", "host_id", "host__name", "host__kind", "host__sector", "programme__currency"),
)
OF_SPACE = (
    *("name", "description", "kind", "source_key", "capacity", "capacity_min", "area_m2"),
    *("facilities", "no_facilities", "step_free", "assumed"),
)
OF_BUILDING = ("public_latitude", "public_longitude", "neighbourhood__name", "lock_up_minutes", *EDGE_KINDS)
VALUES = (
    *OF_OFFER,
    *(f"space__{name}" for name in OF_SPACE),
    *(f"space__building__{name}" for name in OF_BUILDING),
)
Values = Mapping[str, Any]  # Any: the columns of VALUES have the types of their fields


@dataclass(frozen=True)
class OnlineSpace:
    """An offer that is online.

    Attributes:
        space: as the engine sees it; its id is that of the offer.
        description: what the host says of it.
        is_whole: lent as a whole only.
        source_key: its number in the file it came from, "" where it came from none.
        host: id of the organisation that lends it.
        sector: of the company that lends it; "" where it is none, or has not said.
        no_sectors: sectors whose companies it is not lent to.
    """

    space: Space
    description: str
    is_whole: bool
    source_key: str
    host: UUID
    sector: str = ""
    no_sectors: frozenset[str] = frozenset()


def online_spaces(
    offers: OfferQuerySet, *, taken: Mapping[UUID, Iterable[Taken]], today: date | None
) -> list[OnlineSpace]:
    """Return offers as spaces of the engine, in three queries; see `space_of`.

    Args:
        offers: `Offer.objects.online(programme)`, or some of them.
        taken: the time that is taken on the atoms of each space by its id, buffers included, aware.
        today: for the days of notice; None leaves them out.
    """
    periods: dict[UUID, list[PeriodRow]] = defaultdict(list)
    times = OpeningPeriod.objects.of(offer=offers)
    for offer, hours, lend, begins, ends in times.values_list("offer_id", "hours", "lend", "first", "last"):
        periods[offer].append((hours, lend, begins, ends))
    closures: dict[UUID, list[ClosureRow]] = defaultdict(list)
    days = Closure.objects.of(offer=offers)
    for offer, first, last, reason in days.values_list("offer_id", "first", "last", "reason"):
        closures[offer].append((first, last, reason))
    return [
        OnlineSpace(
            _space(row, periods[row["pk"]], closures[row["pk"]], taken.get(row["space_id"], ()), today),
            row["space__description"],
            row["length"] == Offer.Length.WHOLE,
            row["space__source_key"],
            row["host_id"],
            sector_of_company(row["host__kind"], row["host__sector"]),
            frozenset(row["no_sectors"]),
        )
        for row in offers.values(*VALUES)
    ]


def _space(
    row: Values, periods: list[PeriodRow], closures: list[ClosureRow], taken: Iterable[Taken], today: date | None
) -> Space:
    notice = today + timedelta(days=row["notice_days"]) if today and row["notice_days"] else None
    edges = tuple(row[f"space__building__{kind}"] for kind in EDGE_KINDS)
    return Space(
        id=str(row["pk"]),
        name=row["space__name"],
        kind=row["space__kind"],
        host=row["host__name"],
        neighbourhood=row["space__building__neighbourhood__name"],
        position=_position(row),
        capacity=row["space__capacity"],
        capacity_min=row["space__capacity_min"],
        area_m2=row["space__area_m2"],
        facilities=frozenset(row["space__facilities"]),
        no_facilities=frozenset(row["space__no_facilities"]),
        step_free=STEP_FREE.get(row["space__step_free"]),
        activities=None if row["activities"] is None else frozenset(row["activities"]),
        no_activities=frozenset(row["no_activities"]),
        loudness=row["loudness"] or None,
        price=price_from(row["price_kind"], row["price_cents"], row["price_per"], row["programme__currency"]),
        causes=frozenset(row["causes"]),
        periods=periods_from(tuple(periods)),
        edges=edges_from(edges, row["space__building__lock_up_minutes"]),
        closures=closures_from(tuple(closures), row["from_day"], row["until_day"], notice),
        bookings=bookings_of(taken, row["buffer_minutes"]),
        buffer_minutes=row["buffer_minutes"],
        most_evenings_a_month=row["most_evenings_a_month"],
        assumed=frozenset(row["space__assumed"]),
    )


def _position(row: Values) -> Position | None:
    latitude, longitude = row["space__building__public_latitude"], row["space__building__public_longitude"]
    return None if latitude is None or longitude is None else Position(latitude, longitude)
