"""Keeping suggestions right while the world changes: what was posted, what came online or changed; good news is told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from meervoud.demand.models import Request
from meervoud.lib.rates import TooOftenError, take_token
from meervoud.matching.asking import tell_group
from meervoud.matching.models import LIVE, Proposal, ProposalMark, State
from meervoud.matching.proposing import Changes, propose_for, requests_touched_by
from meervoud.parties.models import Programme
from meervoud.supply.change_number import current_number
from meervoud.supply.models import Offer

WHY: Final = "the platform keeps the suggestions of a programme right; nobody is shown anything here"
MOST_OFFERS: Final = 50
DAY: Final = 24 * 60 * 60
OVERLAP: Final = timedelta(minutes=1)  # looked at twice is nothing; missed for ever would be something


def keep_right(*, programme: Programme, now: datetime) -> int:
    """Bring the suggestions up to date for what changed since the last look, and return for how many requests.

    A request that was posted or changed is looked at, and every request that a changed space fits or was suggested for;
    at the first look, and after a large import, every open request is. Each is a transaction of its own, and the mark
    moves on behind all of them: whoever dies in the middle leaves it to the next look, which finds it done already.

    Args:
        programme: whose requests.
        now: the moment of the look.
    """
    mark, _ = ProposalMark.objects.get_or_create(programme=programme)
    number = current_number()  # before the rows: a change in between is looked at twice, never missed
    changed = _changed_offers(programme, mark.number)
    looks_at_all = mark.looked_at is None or len(changed) > MOST_OFFERS
    posted = _changed_requests(programme, None if looks_at_all else mark.looked_at)
    touched = [each for offer in ([] if looks_at_all else changed) for each in requests_touched_by(offer)]
    due = {each.pk: each for each in (*posted, *touched)}
    for request in due.values():
        _look_again(request, now, was_there=mark.looked_at is not None and request.created_at < mark.looked_at)
    ProposalMark.objects.filter(pk=mark.pk).update(number=number, looked_at=now)
    return len(due)


def _changed_offers(programme: Programme, after: int) -> list[Offer]:
    rows = Offer.objects.every(because=WHY).filter(programme=programme, change_number__gt=after)
    return list(rows.order_by("change_number").select_related("programme")[: MOST_OFFERS + 1])


def _changed_requests(programme: Programme, since: datetime | None) -> Iterable[Request]:
    rows = Request.objects.open_in(programme, because=WHY)
    if since is not None:
        moment = since - OVERLAP
        rows = rows.filter(Q(changed_at__gte=moment) | Q(rules__changed_at__gte=moment)).distinct()
    return rows.select_related("programme", "organisation").order_by("created_at")


@transaction.atomic
def _look_again(request: Request, now: datetime, *, was_there: bool) -> Changes:
    before = _best_score(request.proposals.filter(state__in=LIVE).values_list("pk", "certainty", "score"))
    changes = propose_for(request=request, now=now)
    better = [each for each in changes.new if each.certainty == "sure" and each.score > before]
    if was_there and better and not request.proposals.filter(state__in=(State.ASKED, State.AGREED)).exists():
        _tell_once_a_day(better[0], now)
    return changes


def _best_score(rows: Iterable[tuple[UUID, str, int]]) -> int:
    return max((score for _pk, certainty, score in rows if certainty == "sure"), default=-1)


def _tell_once_a_day(proposal: Proposal, now: datetime) -> None:
    try:
        take_token(f"better {proposal.request.pk}", most=1, per_seconds=DAY, now=now)
    except TooOftenError:
        return
    tell_group(proposal, "better")
