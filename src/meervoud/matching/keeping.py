"""Keeping suggestions right while the world changes: what was posted, what came online or changed; good news is told."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from meervoud.demand.models import Request, RequestRule
from meervoud.lib.rates import TooOftenError, take_token
from meervoud.matching.asking import tell_group
from meervoud.matching.concerned import requests_touched_by
from meervoud.matching.models import Proposal, ProposalMark
from meervoud.matching.proposing import propose_for_many
from meervoud.parties.models import Programme
from meervoud.supply.change_number import current_number
from meervoud.supply.models import Offer

WHY: Final = "the platform keeps the suggestions of a programme right; nobody is shown anything here"
MOST_OFFERS: Final = 50
PORTION: Final = 20
DAY: Final = 24 * 60 * 60
OVERLAP: Final = timedelta(minutes=1)  # looked at twice is nothing; missed for ever would be something


def keep_right(*, programme: Programme, now: datetime) -> int:
    """Bring the suggestions up to date for what changed since the last look, and return for how many requests.

    A request that was posted or changed is looked at, and every request whose suggestions a changed space may change;
    at the first look of a day, and after a large import, every open request is. Each portion is a transaction of its
    own, and the mark moves on behind all of them: whoever dies in the middle leaves it to the next look, which finds it
    done already.

    Args:
        programme: whose requests.
        now: the moment of the look.
    """
    mark, _ = ProposalMark.objects.get_or_create(programme=programme)
    number = current_number()  # before the rows: a change in between is looked at twice, never missed
    changed = _changed_offers(programme, mark.number)
    if mark.looked_at is None or is_another_day(programme, mark.looked_at, now) or len(changed) > MOST_OFFERS:
        due = _posted(programme, None)
    else:
        due = _posted(programme, mark.looked_at) | requests_touched_by(changed, programme, now=now)
    for portion in batched(sorted(due), PORTION):
        _look_again(portion, now, mark.looked_at)
    ProposalMark.objects.filter(pk=mark.pk).update(number=number, looked_at=now)
    return len(due)


def is_another_day(programme: Programme, then: datetime, now: datetime) -> bool:
    """Say whether a day has begun between two moments: then days of notice have passed, and rules have fewer weeks."""
    zone = ZoneInfo(programme.time_zone)
    return then.astimezone(zone).date() != now.astimezone(zone).date()


def _changed_offers(programme: Programme, after: int) -> list[Offer]:
    rows = Offer.objects.every(because=WHY).filter(programme=programme, change_number__gt=after)
    return list(rows.order_by("change_number")[: MOST_OFFERS + 1])


def _posted(programme: Programme, since: datetime | None) -> set[UUID]:
    """Return the open requests that were posted or changed since a moment; None is all of them."""
    rows = Request.objects.open_in(programme, because=WHY)
    if since is None:
        return set(rows.values_list("pk", flat=True))
    moment = since - OVERLAP
    rules = RequestRule.objects.every(because=WHY).filter(
        changed_at__gte=moment, request__programme=programme, request__state="open"
    )
    changed = rows.filter(changed_at__gte=moment)
    return set(changed.values_list("pk", flat=True)) | set(rules.values_list("request", flat=True))


@transaction.atomic
def _look_again(requests: Collection[UUID], now: datetime, looked_at: datetime | None) -> None:
    for each in propose_for_many(requests=requests, now=now):
        better = [row for row in each.changes.new if row.certainty == "sure" and row.score > each.best_before]
        was_there = looked_at is not None and each.request.created_at < looked_at
        if was_there and better and not each.is_under_way:
            _tell_once_a_day(better[0], now)


def batched(ids: Sequence[UUID], most: int) -> Iterator[Sequence[UUID]]:
    """Yield portions of some ids, in their order."""
    for first in range(0, len(ids), most):
        yield ids[first : first + most]


def _tell_once_a_day(proposal: Proposal, now: datetime) -> None:
    try:
        take_token(f"better {proposal.request.pk}", most=1, per_seconds=DAY, now=now)
    except TooOftenError:
        return
    tell_group(proposal, "better")
