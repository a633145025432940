"""What a row of spaces says and what an offer says, as the same plain values, so that they can be compared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from meervoud.core.engine.types.spaces import Price, Space
from meervoud.core.engine.types.time import DateRange
from meervoud.core.engine.types.vocabulary import EDGE_KINDS
from meervoud.files.output.rows_out import FORMULA_SIGNS
from meervoud.parties.models import Programme
from meervoud.places.models import Building
from meervoud.site.imports.day_ranges import cut_days, each_day
from meervoud.site.imports.differences import Values, cut_text
from meervoud.site.imports.faults import RowError
from meervoud.supply.models import Closure, Offer, OpeningPeriod

BECAUSE: Final = "a sheet of the programme is compared with its offers"
Season = list[str | None]  # hours, lend, first and last day
ClosedDays = tuple[DateRange, str]  # and why
LONGEST: Final = {"key": 120, "name": 120, "host": 160, **dict.fromkeys(EDGE_KINDS, 255)}
LONGEST_HOURS: Final = 255
OF_SPACE: Final = ("name", "kind", "capacity", "capacity_min", "area_m2", "step_free")
LISTS_OF_SPACE: Final = ("facilities", "no_facilities", "assumed")
OF_OFFER: Final = ("loudness", "buffer_minutes", "most_evenings_a_month")
LISTS_OF_OFFER: Final = ("activities", "no_activities", "causes")
OF_BUILDING: Final = ("latitude", "longitude", *EDGE_KINDS)
SHARED: Final = (*OF_BUILDING, "neighbourhood", "host")
"""Fields that all spaces of one building have in common."""


def sheet_values(space: Space, *, period: DateRange, currency: str) -> Values:
    """Return what a row says.

    Raises:
        RowError: a text is too long, or an amount is in another currency than the programme's.
    """
    values: Values = {
        "key": plain(space.id),
        "name": plain(space.name),
        "host": plain(" ".join(space.host.split())),
        "neighbourhood": plain(space.neighbourhood or ""),
        "latitude": space.position.latitude if space.position else None,
        "longitude": space.position.longitude if space.position else None,
        "kind": "" if space.kind == "other" else space.kind,
        "step_free": space.step_free or "",
        "loudness": space.loudness or "",
        "price": price_of(space.price, currency),
        "hours": sorted_hours(
            [
                period_.hours.text if period_.hours else "",
                period_.lend,
                str(period_.season.first) if period_.season else None,
                str(period_.season.last) if period_.season else None,
            ]
            for period_ in space.periods
        ),
        **{edge.kind: edge.hours.text for edge in space.edges},
        **days_of([(each.days, each.reason) for each in space.closures], period),
    }
    numbers = ("capacity", "capacity_min", "area_m2", "buffer_minutes", "most_evenings_a_month")
    values |= {name: getattr(space, name) for name in numbers}
    values |= {name: sorted(getattr(space, name) or ()) for name in (*LISTS_OF_SPACE, *LISTS_OF_OFFER)}
    cut_text(LONGEST, values)
    for hours in values["hours"]:
        if len(hours[0]) > LONGEST_HOURS:
            raise RowError(
                "import_too_long", column="opening_hours", shown=hours[0], number=len(hours[0]), most=LONGEST_HOURS
            )
    return values


@dataclass(frozen=True)
class Times:
    """When offers are lent and when not, by offer: read as plain values, for there are very many."""

    periods: Mapping[UUID, Sequence[Season]]
    closures: Mapping[UUID, Sequence[ClosedDays]]


def times_of(programme: Programme, spaces: frozenset[UUID] | None = None) -> Times:
    """Return the times of every offer of a programme, or of some spaces, in two queries."""
    periods: dict[UUID, list[Season]] = defaultdict(list)
    closures: dict[UUID, list[ClosedDays]] = defaultdict(list)
    seasons = OpeningPeriod.objects.every(because=BECAUSE).filter(offer__programme=programme)
    days = Closure.objects.every(because=BECAUSE).filter(offer__programme=programme)
    if spaces is not None:
        seasons, days = seasons.filter(offer__space__in=spaces), days.filter(offer__space__in=spaces)
    for offer, hours, lend, first, last in seasons.values_list("offer", "hours", "lend", "first", "last"):
        has_days = first is not None and last is not None
        periods[offer].append([hours, lend, *([str(first), str(last)] if has_days else [None, None])])
    for offer, first, last, reason in days.values_list("offer", "first", "last", "reason"):
        closures[offer].append((DateRange(first, last), reason))
    return Times(periods, closures)


def stored_values(offer: Offer, times: Times, *, period: DateRange) -> Values:
    """Return what an offer says, its space, building and host joined, as the sheet would say it."""
    space, building = offer.space, offer.space.building
    values: Values = {
        "host": offer.host.name,
        "neighbourhood": building.neighbourhood.name if building.neighbourhood else "",
        "price": stored_price(offer),
        "state": offer.state,
        "length": offer.length,
        "checked": offer.host.verification,
        "hours": sorted_hours(times.periods.get(offer.pk, ())),
        **days_of(times.closures.get(offer.pk, ()), period),
    }
    values |= {name: getattr(space, name) for name in OF_SPACE}
    values |= {name: getattr(offer, name) for name in OF_OFFER}
    values |= {name: getattr(building, name) for name in OF_BUILDING}
    values |= {name: sorted(getattr(space, name) or ()) for name in LISTS_OF_SPACE}
    values |= {name: sorted(getattr(offer, name) or ()) for name in LISTS_OF_OFFER}
    values["activities"] = None if offer.activities is None else sorted(offer.activities)
    return values


def plain(text: str) -> str:
    """Return a text without the apostrophe that an export puts before what looks like a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_SIGNS) else text


def sorted_hours(hours: Iterable[Season]) -> list[Season]:
    """Return seasons in a fixed order."""
    return sorted(hours, key=lambda row: (row[2] or "", row[0] or ""))


def days_of(closures: Iterable[ClosedDays], period: DateRange) -> Values:
    """Return the closed days of the period as few ranges, and the holidays one by one."""
    closures = list(closures)
    closed = cut_days([days for days, reason in closures if reason != "holiday"], period)
    holidays = {str(day) for days, reason in closures if reason == "holiday" for day in each_day(days)}
    return {"closed": [[str(days.first), str(days.last)] for days in closed], "holidays": sorted(holidays)}


def ranges_in(pairs: list[list[str]]) -> list[DateRange]:
    """Return pairs of days as ranges."""
    return [DateRange(date.fromisoformat(first), date.fromisoformat(last)) for first, last in pairs]


def price_of(price: Price | None, currency: str) -> list[str | int | None] | None:
    """Return a price as [kind, cents, per]; None where nothing is said.

    Raises:
        RowError: it is in another currency.
    """
    if price is None:
        return None
    if price.cents == 0:
        return ["free", None, "hour"]
    if price.currency != currency:
        raise RowError("import_currency", column="price", value=price.currency, wanted=currency)
    return ["price", price.cents, price.per]


def stored_price(offer: Offer) -> list[str | int | None] | None:
    """Return the price of an offer in the same form."""
    if not offer.price_kind:
        return None
    if offer.price_kind == Offer.PriceKind.PRICE:
        return [offer.price_kind, offer.price_cents, offer.price_per]
    return [offer.price_kind, None, "hour"]


def can_go_online(values: Values) -> bool:
    """Say whether nothing is missing that no group can do without: place, people, hours; see `missing_for_publishing`."""
    has_place = values.get("latitude") is not None or bool(values.get("neighbourhood"))
    has_people = bool(values.get("capacity") or values.get("area_m2"))
    has_time = bool(values.get("hours")) or is_whole(values) or values.get("length") == Offer.Length.WHOLE
    return has_place and has_people and has_time


def is_whole(values: Values) -> bool:
    """Say whether a space is lent as a whole: it has a price by the month."""
    price = values.get("price")
    return price is not None and price[2] == "month"


def building_says(building: Building, name: str) -> object:
    """Return a shared field of a building as the sheet would say it."""
    if name == "host":
        return building.host.name
    if name == "neighbourhood":
        return building.neighbourhood.name if building.neighbourhood else ""
    return getattr(building, name)
