"""What a "no" teaches the next proposals: the reasons of both sides, none of which is about people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from meervoud.core.engine.evenings import days_a_month
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Proposal
from meervoud.core.engine.types.spaces import Space
from meervoud.matching.models import Answer, Kind, Side
from meervoud.matching.queries import evenings_a_month
from meervoud.matching.snapshot import read_snapshot

PAUSE: Final = timedelta(days=30)
MEMORY: Final = timedelta(days=365)
WHY = "what was declined teaches the next proposals; who declined is told to nobody"


@dataclass(frozen=True)
class No:
    """One "no": which side, why, about which space of which host, and what was proposed."""

    side: str
    reason: str
    offer: str
    host: UUID
    people: int
    activities: frozenset[str]
    evenings: int
    metres: int | None
    at: datetime


def noes_about(request_id: UUID, offers: Iterable[str], hosts: Iterable[UUID], now: datetime) -> list[No]:
    """Return what this request's people said, and what was said for some spaces and their hosts, in the last year."""
    of_request = Q(side=Side.ASKER, proposal__request=request_id)
    of_hosts = Q(side=Side.HOST) & (Q(proposal__offer__in=list(offers)) | Q(proposal__offer__host__in=list(hosts)))
    rows = Answer.objects.every(because=WHY).filter(of_request | of_hosts, kind=Kind.NO, created_at__gt=now - MEMORY)
    return [_no(each) for each in rows.select_related("proposal__request", "proposal__offer")]


def _no(answer: Answer) -> No:
    proposal = answer.proposal
    kept = read_snapshot(proposal.snapshot) if proposal.snapshot else None
    return No(
        side=answer.side,
        reason=answer.reason,
        offer=str(proposal.offer_id),
        host=proposal.offer.host_id,
        people=proposal.request.group_max,
        activities=frozenset(proposal.request.activities),
        evenings=evenings_a_month(kept) if kept else 0,
        metres=kept.metres if kept else None,
        at=answer.created_at,
    )


def is_still_worth_asking(
    noes: Sequence[No], asked: Request, space: Space, host: UUID, proposal: Proposal, now: datetime
) -> bool:
    """Say whether nothing that was said before speaks against a proposal.

    Args:
        noes: from `noes_about`, of this request and this space's host.
        asked: the request.
        space: the space that the engine proposes.
        host: who lends it.
        proposal: with the distance and the moments.
        now: some reasons count for a month only.
    """
    return not any(_speaks_against(each, asked, space, host, proposal, now) for each in noes)


def _speaks_against(no: No, asked: Request, space: Space, host: UUID, proposal: Proposal, now: datetime) -> bool:
    if no.side == Side.ASKER:
        is_as_far = no.metres is not None and proposal.metres is not None and proposal.metres >= no.metres
        return no.offer == space.id or (no.reason == "too_far" and is_as_far)
    if no.reason == "enough":
        return no.host == host and now < no.at + PAUSE
    if no.offer != space.id:
        return False
    return {
        "not_now": now < no.at + PAUSE,
        "too_many": asked.group_max >= no.people > 0,
        "too_often": days_a_month(asked.needs) >= no.evenings > 0,
        "activity": bool(no.activities) and no.activities <= asked.activities,
    }.get(no.reason, False)
