"""The free time of a space as a calendar (RFC 5545) that other programs follow; of what is taken it says nothing."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, FreeBusy

from meervoud.matching.free_spans import FreeSpans, Span
from meervoud.supply.public import PublicOffer

PRODUCT: Final = "-//Meervoud//Free time//EN"
REFRESH: Final = timedelta(hours=4)


def write_calendar(offer: PublicOffer, free: FreeSpans, *, now: datetime) -> bytes:
    """Return a calendar with an event for each free span, all in UTC.

    Without any it says that nothing is free, for a calendar has to hold something.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Free: %(space)s") % {"space": offer.name})
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for span in free.spans:
        calendar.add_component(_event(offer, span, now))
    if not free.spans:
        calendar.add_component(_nothing(offer, free, now))
    return bytes(calendar.to_ical())


def _event(offer: PublicOffer, span: Span, now: datetime) -> Event:
    event = Event()
    event.add("uid", _uid(offer, f"{span[0]:%Y%m%dT%H%M%SZ}"))
    event.add("dtstamp", now)
    event.add("dtstart", span[0])
    event.add("dtend", span[1])
    event.add("summary", _("Free: %(space)s") % {"space": offer.name})
    event.add("transp", "TRANSPARENT")  # it keeps nobody from anything
    event.add("url", settings.BASE_URL + reverse("space", args=[offer.id]))
    return event


def _nothing(offer: PublicOffer, free: FreeSpans, now: datetime) -> FreeBusy:
    nothing = FreeBusy()
    nothing.add("uid", _uid(offer, "nothing"))
    nothing.add("dtstamp", now)
    nothing.add("dtstart", free.first)
    nothing.add("dtend", free.last)
    nothing.add("freebusy", [(free.first, free.last)], parameters={"FBTYPE": "BUSY-UNAVAILABLE"})
    return nothing


def _uid(offer: PublicOffer, which: str) -> str:
    """Return an id that stays the same as long as the moment does: whoever follows sees no second one."""
    return f"{which}-{offer.id}@meervoud"
