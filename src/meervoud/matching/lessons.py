"""What a "no" teaches the next proposals: the reasons of both sides, none of which is about people."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from meervoud.core.engine.evenings import days_a_month
from meervoud.core.engine.types.requests import Request
from meervoud.matching.models import Answer, Kind, Side
from meervoud.matching.queries import evenings_a_month
from meervoud.matching.snapshot import read_snapshot

PAUSE: Final = timedelta(days=30)
MEMORY: Final = timedelta(days=365)
WHY = "what was declined teaches the next proposals; who declined is told to nobody"


@dataclass(frozen=True)
class No:
    """One "no": which side, why, for which request, about which space of which host, and what was proposed."""

    side: str
    reason: str
    request: str
    offer: str
    host: UUID
    people: int
    activities: frozenset[str]
    evenings: int
    metres: int | None
    at: datetime


class Noes:
    """What was said, by whom it concerns.

    Attributes:
        by_request: what the people of a request said.
        by_offer: what was said for a space.
        by_host: which hosts have had enough for a while.
    """

    def __init__(self, noes: Sequence[No]) -> None:
        self.by_request: dict[str, list[No]] = defaultdict(list)
        self.by_offer: dict[str, list[No]] = defaultdict(list)
        self.by_host: dict[UUID, list[No]] = defaultdict(list)
        for each in noes:
            if each.side == Side.ASKER:
                self.by_request[each.request].append(each)
            elif each.reason == "enough":
                self.by_host[each.host].append(each)
            else:
                self.by_offer[each.offer].append(each)

    def speak_against(self, asked: Request, offer: str, host: UUID, metres: int | None, now: datetime) -> bool:
        """Say whether anything that was said before speaks against a proposal.

        Args:
            asked: the request.
            offer: id of the space that the engine proposes.
            host: who lends it.
            metres: from one to the other, None where unknown.
            now: some reasons count for a month only.
        """
        return (
            any(_asker_speaks_against(each, offer, metres) for each in self.by_request.get(asked.id, ()))
            or any(now < each.at + PAUSE for each in self.by_host.get(host, ()))
            or any(_host_speaks_against(each, asked, now) for each in self.by_offer.get(offer, ()))
        )


def noes_about(requests: Iterable[UUID], offers: Iterable[str], hosts: Iterable[UUID], now: datetime) -> Noes:
    """Return what the people of some requests said, and what was said for some spaces and their hosts, in the last year."""
    of_requests = Q(side=Side.ASKER, proposal__request__in=list(requests))
    of_hosts = Q(proposal__offer__in=list(offers)) | Q(proposal__offer__host__in=list(hosts), reason="enough")
    rows = Answer.objects.every(because=WHY).filter(kind=Kind.NO, created_at__gt=now - MEMORY)
    said = rows.filter(of_requests | Q(side=Side.HOST) & of_hosts)
    return Noes([_no(each) for each in said.select_related("proposal__request", "proposal__offer")])


def _no(answer: Answer) -> No:
    proposal = answer.proposal
    kept = read_snapshot(proposal.snapshot) if answer.reason == "too_often" and proposal.snapshot else None
    return No(
        side=answer.side,
        reason=answer.reason,
        request=str(proposal.request_id),
        offer=str(proposal.offer_id),
        host=proposal.offer.host_id,
        people=proposal.request.group_max,
        activities=frozenset(proposal.request.activities),
        evenings=evenings_a_month(kept) if kept else 0,
        metres=proposal.snapshot.get("metres"),
        at=answer.created_at,
    )


def _asker_speaks_against(no: No, offer: str, metres: int | None) -> bool:
    is_as_far = no.metres is not None and metres is not None and metres >= no.metres
    return no.offer == offer or (no.reason == "too_far" and is_as_far)


def _host_speaks_against(no: No, asked: Request, now: datetime) -> bool:
    return {
        "not_now": now < no.at + PAUSE,
        "too_many": asked.group_max >= no.people > 0,
        "too_often": days_a_month(asked.needs) >= no.evenings > 0,
        "activity": bool(no.activities) and no.activities <= asked.activities,
    }.get(no.reason, False)
