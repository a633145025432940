"""An offer as the engine sees it: rows to a Space."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from django.db.models import QuerySet

from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.hours import DaySpan, OpeningHours
from meervoud.core.engine.types.spaces import Edge, OpenPeriod, Position, Price, Space
from meervoud.core.engine.types.time import Booking, Closure, DateRange
from meervoud.core.engine.types.vocabulary import EDGE_KINDS, StepFree
from meervoud.places.models import Building
from meervoud.supply.models import Offer

LONG_AGO, FAR_AWAY = date(2000, 1, 1), date(2199, 12, 31)
STEP_FREE: Mapping[str, StepFree] = {"yes": "yes", "limited": "limited", "no": "no"}
Taken = tuple[datetime, datetime]
PeriodRow = tuple[str, str, date | None, date | None]
ClosureRow = tuple[date, date, str]


def with_parts(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    """Return offers with everything `space_of` reads, in a fixed number of queries."""
    return with_space(offers).prefetch_related("periods", "closures")


def with_space(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    """Return offers with their space, place, host and programme, in the same query."""
    return offers.select_related("space__building__neighbourhood", "host", "programme").defer(
        "space__building__neighbourhood__outline"
    )


def space_of(offer: Offer, *, taken: Iterable[Taken] = (), today: date | None = None) -> Space:
    """Return an offer as a space of the engine; its position is the public one, for it is the public who asks.

    Args:
        offer: from `with_parts`.
        taken: the time that is taken on its atoms, buffers included, aware.
        today: for the days of notice; None leaves them out.
    """
    space, building = offer.space, offer.space.building
    return Space(
        id=str(offer.pk),
        name=space.name,
        kind=space.kind,
        host=offer.host.name,
        neighbourhood=building.neighbourhood.name if building.neighbourhood else None,
        position=public_position(building),
        capacity=space.capacity,
        capacity_min=space.capacity_min,
        area_m2=space.area_m2,
        facilities=frozenset(space.facilities),
        no_facilities=frozenset(space.no_facilities),
        step_free=STEP_FREE.get(space.step_free),
        activities=None if offer.activities is None else frozenset(offer.activities),
        no_activities=frozenset(offer.no_activities),
        loudness=offer.loudness or None,
        price=price_of(offer),
        causes=frozenset(offer.causes),
        periods=periods_of(offer),
        edges=edges_of(building),
        closures=closures_of(offer, today),
        bookings=bookings_of(taken, offer.buffer_minutes),
        buffer_minutes=offer.buffer_minutes,
        most_evenings_a_month=offer.most_evenings_a_month,
        assumed=frozenset(space.assumed),
    )


def public_position(building: Building) -> Position | None:
    """Return the blurred point of a building, None where it has none."""
    if building.public_latitude is None or building.public_longitude is None:
        return None
    return Position(building.public_latitude, building.public_longitude)


def price_of(offer: Offer) -> Price | None:
    """Return the price; a share of the costs by means is not known before it is asked."""
    return price_from(offer.price_kind, offer.price_cents, offer.price_per, offer.programme.currency)


def price_from(kind: str, cents: int | None, per: str, currency: str) -> Price | None:
    """Return the price of an offer by its values; see `price_of`."""
    if kind == Offer.PriceKind.FREE:
        return Price(0, currency)
    if kind == Offer.PriceKind.PRICE and cents is not None:
        return Price(cents, currency, "month" if per == "month" else "hour")
    return None


def periods_of(offer: Offer) -> tuple[OpenPeriod, ...]:
    """Return when the space is lent; none is unknown."""
    return periods_from(tuple((each.hours, each.lend, each.first, each.last) for each in offer.periods.all()))


@lru_cache(maxsize=4096)
def periods_from(rows: tuple[PeriodRow, ...]) -> tuple[OpenPeriod, ...]:
    """Return when a space is lent by its (hours, lend, first, last); equal rows give the same object."""
    return tuple(
        OpenPeriod(
            parse_opening_hours(hours) if hours else None,
            Offer.Lend(lend).as_engine,
            DateRange(first, last) if first and last else None,
        )
        for hours, lend, first, last in rows
    )


def edges_of(building: Building) -> tuple[Edge, ...]:
    """Return the edges of the building that are known; everybody is out some minutes before the alarm goes on."""
    return edges_from(tuple(getattr(building, kind) for kind in EDGE_KINDS), building.lock_up_minutes)


@lru_cache(maxsize=4096)
def edges_from(texts: tuple[str, ...], lock_up_minutes: int) -> tuple[Edge, ...]:
    """Return the edges by their hours in the order of EDGE_KINDS; equal hours give the same object."""
    hours = {kind: parse_opening_hours(text) for kind, text in zip(EDGE_KINDS, texts, strict=True) if text}
    if "alarm" in hours:
        hours["alarm"] = end_sooner(hours["alarm"], lock_up_minutes)
    return tuple(Edge(kind, each) for kind, each in hours.items())


def end_sooner(hours: OpeningHours, minutes: int) -> OpeningHours:
    """Return hours that end some minutes sooner; a whole day stays whole, for then nothing ends."""
    rules = []
    for rule in hours.rules:
        if rule.state == "open":
            spans = [
                span if (span.start, span.end) == (0, 1440) else DaySpan(span.start, span.end - minutes)
                for span in rule.spans
            ]
            kept = tuple(span for span in spans if span.end > span.start)
            rules.append(replace(rule, spans=kept) if kept else replace(rule, state="closed"))
        else:
            rules.append(rule)
    return replace(hours, rules=tuple(rules))


def closures_of(offer: Offer, today: date | None) -> tuple[Closure, ...]:
    """Return the days without use: closed, holidays, before and after the offer, and too soon for the host."""
    rows = tuple((each.first, each.last, each.reason) for each in offer.closures.all())
    notice = today + timedelta(days=offer.notice_days) if today and offer.notice_days else None
    return closures_from(rows, offer.from_day, offer.until_day, notice)


@lru_cache(maxsize=4096)
def closures_from(
    rows: tuple[ClosureRow, ...], from_day: date | None, until_day: date | None, notice: date | None
) -> tuple[Closure, ...]:
    """Return the days without use by (first, last, reason), days and the first day that is not too soon.

    Equal values give the same object: most spaces of a city are closed on the same holidays.
    """
    closures = [Closure(DateRange(first, last), reason) for first, last, reason in rows]
    if from_day:
        closures.append(Closure(DateRange(LONG_AGO, from_day - timedelta(days=1))))
    if until_day:
        closures.append(Closure(DateRange(until_day + timedelta(days=1), FAR_AWAY)))
    if notice:
        closures.append(Closure(DateRange(LONG_AGO, notice - timedelta(days=1)), "notice"))
    return tuple(closures)


def bookings_of(taken: Iterable[Taken], buffer_minutes: int) -> tuple[Booking, ...]:
    """Return taken time as the engine wants it: it adds the buffer on both sides, the table has it behind each use."""
    buffer = timedelta(minutes=buffer_minutes)
    return tuple(
        Booking(starts_at.astimezone(UTC), max(ends_at - buffer, starts_at).astimezone(UTC))
        for starts_at, ends_at in taken
    )
