"""Rooms of whichever host for a date that has lost its own."""

from datetime import datetime

from meervoud.agreements.models import Agreement
from meervoud.matching.other_rooms import other_rooms
from meervoud.supply.calendar import Span
from meervoud.supply.models import Offer
from meervoud.usage.models import UsageMoment

MOST = 3


def rooms_instead(moment: UsageMoment, agreement: Agreement, now: datetime) -> list[Offer]:
    """Return up to three offers whose spaces are free at the hour of a moment and fit the group, best first."""
    span = Span(moment.starts_at, moment.ends_at)
    offer, request = agreement.offer, agreement.request
    found = other_rooms(request, offer, [span], people=request.group_max, now=now, most=MOST)[span]
    rows = Offer.objects.every(because="what is online may be found by everybody").select_related(
        "space__building", "host", "programme"
    )
    offers = rows.in_bulk([each.offer for each in found])
    return [offers[each.offer] for each in found]
