"""Moments to which everybody may come: the group says so, and only then they are public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from meervoud.agreements.drafts import lock_agreement, sides_of
from meervoud.agreements.models import RUNNING, Agreement
from meervoud.core.errors import ConflictError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.models import Person, Programme
from meervoud.supply.models import Offer
from meervoud.usage.models import TAKES_TIME, State, UsageMoment

AHEAD: Final = timedelta(days=60)
AFTER: Final = timedelta(days=1)
MOST: Final = 300
PUBLIC: Final = "the group says that everybody may come"


@dataclass(frozen=True)
class PublicEvent:
    """What everybody may know of a moment: no address, no name of a person, no number of people.

    Attributes:
        starts_at, ends_at: on the wall clock of the place.
        room: "" where its space is not online.
        offer: whose page tells more, None where there is none.
        organiser: the organisation; "" where somebody asks for themselves.
    """

    id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    is_on: bool
    organiser: str
    room: str
    offer: UUID | None
    neighbourhood: str
    city: str


@transaction.atomic
def set_public(*, agreement: Agreement, is_public: bool, by: Person, now: datetime, moment: UUID | None = None) -> int:
    """Say whether everybody may come to one moment, or to all that are to come; return how many changed.

    Raises:
        ConflictError: the group needs shelter.
        NotAllowedError: the person does not speak for the group.
    """
    row = lock_agreement(agreement)
    if Side.ASKER not in sides_of(by, row):
        raise NotAllowedError("Only the group says who may come.")
    if is_public and row.request.is_sheltered:
        raise ConflictError("A group that needs shelter stands on no public page.")
    rows = row.moments.filter(ends_at__gt=now).exclude(is_public=is_public)
    rows = rows.filter(pk=moment) if moment else rows.filter(state=State.PLANNED) if is_public else rows
    number = rows.update(is_public=is_public)
    if number:
        verb = "moments.made_public" if is_public else "moments.made_private"
        journal(by, verb, row, moments=number, moment=str(moment) if moment else None)
    return number


def public_events(programme: Programme, now: datetime) -> list[PublicEvent]:
    """Return what everybody may come to in the next sixty days; the same number of queries, however many there are."""
    rows = _public().filter(agreement__programme=programme, ends_at__gt=now, starts_at__lt=now + AHEAD)
    return _as_events(programme, list(rows.order_by("starts_at", "pk")[:MOST]))


def public_event(programme: Programme, moment: UUID, now: datetime) -> PublicEvent | None:
    """Return one of them until a day after it; None where there is none."""
    rows = _public().filter(agreement__programme=programme, pk=moment, ends_at__gt=now - AFTER)
    return next(iter(_as_events(programme, list(rows))), None)


def _public() -> QuerySet[UsageMoment]:
    rows = UsageMoment.objects.every(because=PUBLIC).filter(
        is_public=True,
        agreement__state__in=RUNNING,
        agreement__request__is_sheltered=False,
        agreement__programme__is_public=True,
    )
    return rows.select_related("space__building__neighbourhood", "agreement__request__organisation")


def _as_events(programme: Programme, moments: Sequence[UsageMoment]) -> list[PublicEvent]:
    zone = ZoneInfo(programme.time_zone)
    online = dict(
        Offer.objects.online(programme).filter(space__in={each.space_id for each in moments}).values_list("space", "pk")
    )
    return [
        PublicEvent(
            id=each.pk,
            title=each.agreement.request.title,
            starts_at=each.starts_at.astimezone(zone),
            ends_at=each.ends_at.astimezone(zone),
            is_on=each.state in TAKES_TIME,
            organiser=each.agreement.request.organisation.name if each.agreement.request.organisation else "",
            room=each.space.name if each.space_id in online else "",
            offer=online.get(each.space_id),
            neighbourhood=each.space.building.neighbourhood.name if each.space.building.neighbourhood else "",
            city=programme.city,
        )
        for each in moments
    ]
