"""Usage moments as a calendar (RFC 5545): a series stays a series, and what differs from it says so by its own entry."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from meervoud.places.models import Space
from meervoud.usage.models import Series, State, UsageMoment
from meervoud.usage.time_zones import add_zones
from meervoud.usage.wishes import Hours, Weekly, days_of, span_on

PRODUCT: Final = "-//Meervoud//Usage moments//EN"
REFRESH: Final = timedelta(hours=1)
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
OFF: Final = (State.CANCELLED, State.WITHDRAWN)


@dataclass(frozen=True)
class Said:
    """What an entry says of a moment: no more than its reader may know."""

    summary: str
    location: str = ""


def write_calendar(moments: Sequence[UsageMoment], *, name: str, now: datetime) -> bytes:
    """Return a calendar of moments.

    Args:
        moments: whole series of them, with agreement, programme, request, space, building and series.
        name: of the calendar.
        now: when it is written.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    ordered = sorted(moments, key=lambda each: (str(each.series_id or ""), each.starts_at))
    for key, group in groupby(ordered, key=lambda each: each.series_id):
        rows = list(group)
        for event in _series(rows, now) if key else (_single(each, now) for each in rows):
            calendar.add_component(event)
    add_zones(calendar)
    return bytes(calendar.to_ical())


def say(moment: UsageMoment, space: Space) -> Said:
    """Return what an entry says: a group that needs shelter is not named, nor is the place where it is."""
    request = moment.agreement.request
    if request.is_sheltered:
        return Said(_("Reserved"))
    building = space.building
    where = ", ".join(filter(None, (space.name, building.street, f"{building.postcode} {building.town}".strip())))
    return Said(f"{request.title or _('Reserved')} ({space.name})", where)


def _single(moment: UsageMoment, now: datetime) -> Event:
    event = _event(moment, now, ZoneInfo(moment.agreement.programme.time_zone))
    event.add("uid", f"{moment.pk}@meervoud")
    return event


def _series(rows: Sequence[UsageMoment], now: datetime) -> Iterator[Event]:
    """Yield the series as one entry with its exceptions, then an entry for each moment that differs from it."""
    series, zone_name = rows[0].series, rows[0].agreement.programme.time_zone
    assert series is not None  # noqa: S101  # they are grouped by it
    zone, expected = ZoneInfo(zone_name), expected_moments(series, zone_name)
    by_day = {each.recurs_on: each for each in rows}
    yield _master(series, rows[0], expected, by_day.keys(), now)
    for each in rows:
        begins, ends = expected.get(each.recurs_on or date.min, (None, None))
        is_same = (begins, ends) == (each.starts_at, each.ends_at) and each.space_id == each.agreement.offer.space_id
        if begins is None or (is_same and each.state not in (*OFF, State.SEEKING)):
            continue
        event = _event(each, now, zone)
        event.add("uid", f"{series.pk}@meervoud")
        event.add("recurrence-id", begins.astimezone(zone))
        yield event


def expected_moments(series: Series, zone: str) -> dict[date, tuple[datetime, datetime]]:
    """Return when a series is by its rule alone, by day; a day on which the clock skips its hours is not there."""
    wish = wish_of(series)
    spans = ((day, span_on(day, wish.hours, zone)) for day in days_of(wish))
    return {day: (span.starts_at, span.ends_at) for day, span in spans if span is not None}


def wish_of(series: Series) -> Weekly:
    """Return the rule of a series."""
    ends = (datetime.combine(date.min, series.starts) + timedelta(minutes=series.minutes)).time()
    hours = Hours(series.starts, ends)
    return Weekly(frozenset(series.weekdays), series.first, series.last, hours, series.every_weeks)


def _master(
    series: Series,
    any_moment: UsageMoment,
    expected: dict[date, tuple[datetime, datetime]],
    kept: Iterable[date | None],
    now: datetime,
) -> Event:
    zone = ZoneInfo(any_moment.agreement.programme.time_zone)
    days = sorted(expected)
    begins, ends = expected[days[0]]
    event = Event()
    _words(event, any_moment, now, in_own_space=True)
    event.add("uid", f"{series.pk}@meervoud")
    event.add("sequence", series.sequence)
    event.add("dtstart", begins.astimezone(zone))
    event.add("dtend", ends.astimezone(zone))
    event.add(
        "rrule",
        {
            "freq": "WEEKLY",
            "interval": series.every_weeks,
            "byday": [WEEKDAYS[each] for each in series.weekdays],
            "until": expected[days[-1]][0].astimezone(UTC),
        },
    )
    there = set(kept)
    gone = [datetime.combine(day, series.starts, zone) for day in days_of(wish_of(series)) if day not in there]
    if gone:
        event.add("exdate", gone)
    event.add("status", "CONFIRMED")
    return event


def _event(moment: UsageMoment, now: datetime, zone: ZoneInfo) -> Event:
    event = Event()
    _words(event, moment, now)
    event.add("sequence", moment.sequence + (moment.series.sequence if moment.series else 0))
    event.add("dtstart", moment.starts_at.astimezone(zone))
    event.add("dtend", moment.ends_at.astimezone(zone))
    event.add(
        "status", "CANCELLED" if moment.state in OFF else "TENTATIVE" if moment.state == State.SEEKING else "CONFIRMED"
    )
    return event


def _words(event: Event, moment: UsageMoment, now: datetime, *, in_own_space: bool = False) -> None:
    # the series is in the space of the agreement; what is elsewhere has an entry of its own
    said = say(moment, moment.agreement.offer.space if in_own_space else moment.space)
    event.add("dtstamp", now.replace(microsecond=0))
    event.add("last-modified", moment.changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("summary", said.summary)
    if said.location:
        event.add("location", said.location)
    event.add("class", "PRIVATE")
    event.add("url", settings.BASE_URL + reverse("plan", args=[moment.agreement_id]))
