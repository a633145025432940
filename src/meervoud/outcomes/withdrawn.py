"""Dates that hosts withdrew: those that fell out, and those for which another host stood in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, DurationField, ExpressionWrapper, F, Sum
from django.db.models.functions import Coalesce

from meervoud.agreements.models import Agreement
from meervoud.parties.models import Organisation, Programme
from meervoud.usage.models import StandIn, State, UsageMoment

WHY: Final = "counts of a whole programme or host, for who works for it or reads what was published"
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Withdrawn:
    """Dates that hosts withdrew: how many, how many minutes, and for how many of them another room was found."""

    moments: int
    minutes: int
    moved: int


def withdrawn_dates(programme: Programme, first: date, last: date, *, host: Organisation | None = None) -> Withdrawn:
    """Return the dates of a period that hosts withdrew; one that a host gave back later is not among them.

    A date that two hosts withdrew one after the other counts twice: each of them did.

    Args:
        programme: whose.
        first: the first day.
        last: the last day, included.
        host: only what this host withdrew.
    """
    lost, minutes = _lost(programme, first, last, host)
    moved = _moved(programme, first, last, host)
    return Withdrawn(lost + len(moved), minutes + sum(moved), len(moved))


def _lost(programme: Programme, first: date, last: date, host: Organisation | None) -> tuple[int, int]:
    agreements = Agreement.objects.every(because=WHY).filter(programme=programme)
    # by the plain column SQLite would go from the agreements to all of their moments; few were withdrawn
    rows = UsageMoment.objects.every(because=WHY).annotate(of=Coalesce("agreement", "agreement"))
    begin, end = _edges(programme, first, last)
    rows = rows.filter(of__in=agreements.values("pk"), state=State.WITHDRAWN, starts_at__gte=begin, starts_at__lt=end)
    if host is not None:
        rows = rows.filter(space__building__host=host)
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    found = rows.aggregate(moments=Count("pk"), time=Sum(length))
    return found["moments"], round((found["time"] or timedelta()) / MINUTE)


def _moved(programme: Programme, first: date, last: date, host: Organisation | None) -> list[int]:
    """Return the minutes of each date for which another host stood in, by who withdrew it: the host that had it before."""
    begin, end = _edges(programme, first, last)
    # by the plain column a database would go through all moments of the period; few have stand-ins
    rows = StandIn.objects.every(because=WHY).annotate(at=Coalesce("moment__starts_at", "moment__starts_at"))
    rows = rows.filter(state=StandIn.State.YES, offer__programme=programme, at__gte=begin, at__lt=end)
    names = ("moment", "moment__agreement__offer__host", "offer__host", "moment__starts_at", "moment__ends_at")
    had, found = dict[UUID, UUID](), list[int]()
    for moment, of_agreement, stood_in, starts, ends in rows.order_by("created_at", "pk").values_list(*names):
        if host is None or had.get(moment, of_agreement) == host.pk:
            found.append(round((ends - starts) / MINUTE))
        had[moment] = stood_in
    return found


def _edges(programme: Programme, first: date, last: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(programme.time_zone)
    begin, end = (datetime.combine(each, time(), zone) for each in (first, last + timedelta(days=1)))
    return begin, end
