"""The host's own calendar as busy time: from a file, or from an address that is read again and again."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from meervoud.core.errors import InputError
from meervoud.files.sources.calendars import read_calendar
from meervoud.lib.journal import journal
from meervoud.lib.safe_fetch import fetch
from meervoud.parties.models import Person
from meervoud.supply.calendar import Span, merge_spans, replace_busy
from meervoud.supply.models import HostCalendar, Offer

DAYS_AHEAD = 400
READ_EVERY = timedelta(hours=1)
MOST_BYTES = 1_000_000


def put_calendar_file(*, offer: Offer, by: Person, name: str, data: bytes, now: datetime) -> HostCalendar:
    """Take the busy times of an uploaded calendar.

    Raises:
        InputError: it is no calendar, or too large; what was read before stays.
    """
    if len(data) > MOST_BYTES:
        raise InputError("The calendar is larger than 1 MB. Export only the coming year.", code="calendar_over_limit")
    calendar = calendar_of(offer) or HostCalendar(offer=offer)
    calendar.url, calendar.file_name = "", Path(name).name[:200]
    return _keep(calendar, by, data, now)


def put_calendar_address(*, offer: Offer, by: Person, url: str, now: datetime) -> HostCalendar:
    """Read a calendar at an https address now, and again every hour.

    Raises:
        InputError: the address is refused, or what stands there is no calendar.
    """
    data = fetch(url, most_bytes=MOST_BYTES)
    calendar = calendar_of(offer) or HostCalendar(offer=offer)
    calendar.url, calendar.file_name = url.strip(), ""
    return _keep(calendar, by, data, now)


def calendar_of(offer: Offer) -> HostCalendar | None:
    """Return the host's calendar of an offer, None where none was given."""
    return HostCalendar.objects.of(offer=[offer]).first()


def read_again(*, calendar: HostCalendar, now: datetime) -> HostCalendar:
    """Read a calendar at its address again; a fault is kept beside what was read before."""
    try:
        return _keep(calendar, None, fetch(calendar.url, most_bytes=MOST_BYTES), now)
    except InputError as error:
        calendar.fault_code, calendar.fault_values, calendar.read_at = error.code, dict(error.values), now
        calendar.save(update_fields=["fault_code", "fault_values", "read_at", "changed_at"])
        return calendar


@transaction.atomic
def remove_calendar(*, calendar: HostCalendar, by: Person, now: datetime) -> None:
    """Forget a calendar and free the time it took."""
    replace_busy(offer=calendar.offer, spans=[], by=by, now=now)
    journal(by, "calendar.removed", calendar, offer=str(calendar.offer_id))
    calendar.delete()


def due_calendars(now: datetime) -> list[HostCalendar]:
    """Return the calendars that are to be read again."""
    late = Q(read_at__isnull=True) | Q(read_at__lte=now - READ_EVERY)
    due = HostCalendar.objects.every(because="the platform's own clock").filter(late).exclude(url="")
    return list(due.select_related("offer__space", "offer__programme"))


@transaction.atomic
def _keep(calendar: HostCalendar, by: Person | None, data: bytes, now: datetime) -> HostCalendar:
    offer = calendar.offer
    spans, events = busy_spans(data, zone=offer.programme.time_zone, now=now)
    calendar.clashes = replace_busy(offer=offer, spans=spans, by=by, now=now)
    calendar.events, calendar.read_at, calendar.fault_code, calendar.fault_values = events, now, "", {}
    calendar.save()
    journal(by, "calendar.read", calendar, offer=str(offer.pk), events=events)
    return calendar


def busy_spans(data: bytes, *, zone: str, now: datetime) -> tuple[list[Span], int]:
    """Return when a calendar says that its owner is busy in the coming year, and how many events it has.

    Raises:
        InputError: it is no calendar.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calendar.ics"
        path.write_bytes(data)
        reading = read_calendar(path, zone, now.date(), now.date() + timedelta(days=DAYS_AHEAD))
    spans = [_outward(each.starts_at, each.ends_at) for event in reading.taken for each in event.bookings]
    return merge_spans(span for span in spans if span is not None), reading.rows_taken


def _outward(starts_at: datetime, ends_at: datetime) -> Span | None:
    """Return whole minutes around a time; an event without length takes none."""
    start = starts_at.replace(second=0, microsecond=0)
    end = ends_at.replace(second=0, microsecond=0)
    end += timedelta(minutes=1) if end < ends_at else timedelta()
    return Span(start, end) if end > start else None
