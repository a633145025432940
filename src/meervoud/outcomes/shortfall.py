"""What did not come about, shown as large as what did: requests without a room, dates that hosts withdrew, what it cost."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meervoud.agreements.models import Agreement
from meervoud.demand.models import State as RequestState
from meervoud.demand.models.requests import MeetsNow
from meervoud.matching.models import Answer, Kind, Proposal, Side
from meervoud.outcomes.models import Cost
from meervoud.parties.models import Programme

WHY: Final = "counts of a whole programme, for who works for it or reads what was published"
SHELTERED: Final = "sheltered"
"""Stands where a neighbourhood would: groups that need shelter are in no place."""
REASONS: Final[Mapping[str, str | Promise]] = {
    "waiting": _("still waits"),
    "no_room": _("no room was found to ask for"),
    "host_no": _("the host said no"),
    "no_answer": _("no host answered in time"),
    "group_no": _("the group said no"),
    "withdrawn": _("the group took it back"),
}


@dataclass(frozen=True)
class NotPlaced:
    """Requests of a period that got no room until now.

    Attributes:
        asked: how many requests were posted in the period.
        placed: how many of them have a signed agreement.
        counts: how many have none, by neighbourhood ("" is not said, SHELTERED is said nowhere) and reason.
    """

    asked: int
    placed: int
    counts: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class RoomBefore:
    """Groups that got a room, by where they met before: how many had none, how many said so at all, how many did not."""

    without: int
    said: int
    unsaid: int


def not_placed(programme: Programme, first: date, last: date) -> NotPlaced:
    """Return which requests of a period got no room, where and why.

    Args:
        programme: whose.
        first: the first day on which they were posted.
        last: the last day, included.
    """
    rows = programme.requests.every(because=WHY).exclude(state=RequestState.DRAFT)
    rows = rows.filter(**_between(programme, "created_at", first, last))
    found = list(rows.values_list("pk", "state", "neighbourhood", "is_sheltered"))
    ids = [each[0] for each in found]
    signed = Agreement.objects.every(because=WHY).filter(request__in=ids, signed_at__isnull=False)
    placed = set(signed.values_list("request", flat=True))
    said_no, asked = _last_noes(ids), _asked(ids)
    counts = Counter(
        (SHELTERED if is_sheltered else area, _reason(state, said_no.get(pk), is_asked=pk in asked))
        for pk, state, area, is_sheltered in found
        if pk not in placed
    )
    return NotPlaced(len(found), len(placed), dict(counts))


def _last_noes(requests: list[UUID]) -> dict[UUID, str]:
    rows = Answer.objects.every(because=WHY).filter(proposal__request__in=requests, kind=Kind.NO)
    return dict(rows.order_by("created_at").values_list("proposal__request", "side"))


def _asked(requests: list[UUID]) -> set[UUID]:
    rows = Proposal.objects.every(because=WHY).filter(request__in=requests, asked_at__isnull=False)
    return set(rows.values_list("request", flat=True))


def _reason(state: str, side: str | None, *, is_asked: bool) -> str:
    if state == RequestState.OPEN:
        return "waiting"
    if side is not None:
        return "host_no" if side == Side.HOST else "group_no"
    if is_asked:
        return "no_answer"
    return "withdrawn" if state == RequestState.WITHDRAWN else "no_room"


def room_before(programme: Programme, initiatives: Collection[str]) -> RoomBefore:
    """Return where the groups met before that used a room; each group once, by its latest request that led to a room.

    Args:
        programme: whose.
        initiatives: ids of the groups that used a room, from the ledger.
    """
    rows = programme.requests.every(because=WHY).filter(agreements__signed_at__isnull=False).order_by("created_at")
    asker = Coalesce("organisation", "asked_by")
    met = {str(asker): where for asker, where in rows.annotate(asker=asker).values_list("asker", "meets_now")}
    counts = Counter(where for group, where in met.items() if group in initiatives)
    unsaid = counts.pop("", 0)
    return RoomBefore(counts[MeetsNow.NOWHERE], counts.total(), unsaid)


def cost_cents(programme: Programme, first: date, last: date) -> int | None:
    """Return what the programme itself cost in a period, each cost spread evenly over its days; None where none is known."""
    rows = Cost.objects.every(because=WHY).filter(programme=programme, first__lte=last, last__gte=first)
    total, is_known = Decimal(), False
    for each in rows:
        days = (min(each.last, last) - max(each.first, first)).days + 1
        total += Decimal(each.cents) * days / ((each.last - each.first).days + 1)
        is_known = True
    return int(total.quantize(Decimal(1), ROUND_HALF_UP)) if is_known else None


def _between(programme: Programme, name: str, first: date, last: date) -> dict[str, datetime]:
    zone = ZoneInfo(programme.time_zone)
    begin, end = (datetime.combine(each, time(), zone) for each in (first, last + timedelta(days=1)))
    return {f"{name}__gte": begin, f"{name}__lt": end}
