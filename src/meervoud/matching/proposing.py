"""Making proposals: for a request that was posted, for a space that came online, or by hand; and keeping them right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from meervoud.core.engine.types.results import Proposal as Found
from meervoud.core.errors import ConflictError, InputError
from meervoud.demand.models import Request
from meervoud.demand.models import State as RequestState
from meervoud.lib.journal import journal
from meervoud.matching.lessons import is_still_worth_asking, noes_about
from meervoud.matching.lifecycle import move
from meervoud.matching.models import LIVE, Proposal, State
from meervoud.matching.pairs import why_not
from meervoud.matching.queries import Fitting, best_for, who_would_fit
from meervoud.matching.snapshot import write_snapshot
from meervoud.parties.models import Person
from meervoud.supply.models import Offer

MOST = 5
LOOKED_AT = 15
OWN = "the proposals of one request, to be brought up to date"


@dataclass(frozen=True)
class Changes:
    """What bringing proposals up to date did: rows that are new, that say something else now, that are gone."""

    new: tuple[Proposal, ...] = ()
    changed: tuple[Proposal, ...] = ()
    gone: tuple[Proposal, ...] = ()


@transaction.atomic
def propose_for(
    *, request: Request, now: datetime, by: Person | None = None, most: int = MOST, fitting: Fitting | None = None
) -> Changes:
    """Bring the suggestions for an open request up to date with the world.

    The best spaces that nothing said before speaks against are suggested; a suggestion that no longer is among them is
    withdrawn. What a host was already asked stays as it is: it is checked again when somebody says yes.

    Args:
        request: an open one; for another one everything suggested is withdrawn.
        now: the moment of the search.
        by: who asked for it; None is the platform.
        most: how many suggestions at most.
        fitting: what fits, where the caller has asked already.
    """
    Request.objects.every(because=OWN).select_for_update().get(pk=request.pk)
    known = {str(each.offer_id): each for each in _live_of(request)}
    asked_already = {key for key, each in known.items() if each.state == State.ASKED}
    if request.state != RequestState.OPEN:
        return _write(request, known, {}, by)
    try:
        fitting = fitting or best_for(request, most=LOOKED_AT, moment=now)
    except InputError:
        return _write(request, known, {}, by)  # its days are past: it waits for its owner
    best = _best(request, fitting, now, most, asked_already)
    return _write(request, known, best, by)


def _live_of(request: Request) -> Sequence[Proposal]:
    return list(request.proposals.filter(state__in=LIVE).select_related("offer"))


def _best(request: Request, fitting: Fitting, now: datetime, most: int, asked_already: set[str]) -> dict[str, Found]:
    kept = _without_noes(request, fitting, now)
    free = [each for each in kept if each.space_id not in asked_already]
    return {each.space_id: each for each in free[: max(most - len(asked_already), 0)]}


def _without_noes(request: Request, fitting: Fitting, now: datetime) -> list[Found]:
    proposals = fitting.answer.proposals
    ids = [each.space_id for each in proposals]
    offers = Offer.objects.every(because=OWN).filter(pk__in=ids)
    hosts: dict[str, UUID] = {str(pk): host for pk, host in offers.values_list("pk", "host")}
    noes = noes_about(request.pk, ids, hosts.values(), now)
    return [
        each
        for each in proposals
        if each.space_id in hosts
        and is_still_worth_asking(noes, fitting.asked, fitting.spaces[each.space_id], hosts[each.space_id], each, now)
    ]


def _write(request: Request, known: dict[str, Proposal], best: dict[str, Found], by: Person | None) -> Changes:
    new, changed, gone = list[Proposal](), list[Proposal](), list[Proposal]()
    for place, (offer_id, found) in enumerate(best.items(), start=1):
        row = known.get(offer_id)
        if row is None:
            new.append(_create(request, UUID(offer_id), found, place, by))
        elif row.state in (State.SUGGESTED, State.WAITING) and _take_over(row, found, place):
            changed.append(row)
    for offer_id, row in known.items():
        if row.state == State.SUGGESTED and row.made_by_id is None and offer_id not in best:
            move(row, "withdraw")
            row.save(update_fields=["state", "changed_at"])
            gone.append(row)
    if new or gone:
        journal(by, "proposals.refreshed", request, new=len(new), gone=len(gone))
    return Changes(tuple(new), tuple(changed), tuple(gone))


def _create(request: Request, offer_id: UUID, found: Found, place: int, by: Person | None) -> Proposal:
    return Proposal.objects.create(
        programme=request.programme,
        request=request,
        offer_id=offer_id,
        made_by=by,
        certainty=found.certainty,
        score=found.score,
        rank=place,
        snapshot=write_snapshot(found),
    )


def _take_over(row: Proposal, found: Found, place: int) -> bool:
    """Write what the engine says now, and say whether anything but the place is different."""
    snapshot = write_snapshot(found)
    is_other = {**row.snapshot, "rank": 0} != {**snapshot, "rank": 0}
    if is_other or row.rank != place:
        row.snapshot, row.rank, row.score, row.certainty = snapshot, place, found.score, found.certainty
        row.save(update_fields=["snapshot", "rank", "score", "certainty", "changed_at"])
    return is_other


@transaction.atomic
def propose_by_hand(*, request: Request, offer: Offer, by: Person, now: datetime) -> Proposal:
    """Propose a space that somebody chose, with the same explanation as any other.

    Raises:
        InputError: it does not fit, or is not online; `why_not` says why.
        ConflictError: there is a proposal for the two already.
    """
    Request.objects.every(because=OWN).select_for_update().get(pk=request.pk)
    if request.proposals.filter(offer=offer, state__in=LIVE).exists():
        raise ConflictError("This space was proposed for this request already.")
    verdict = why_not(request, offer.pk, moment=now)
    if verdict.proposal is None:
        raise InputError(
            "This space does not fit this request. Look at the reasons before you propose it.", code="does_not_fit"
        )
    proposal = _create(request, offer.pk, verdict.proposal, verdict.place, by)
    journal(by, "proposal.made", proposal, request=str(request.pk), offer=str(offer.pk))
    return proposal


def requests_touched_by(offer: Offer, *, most: int = 50) -> list[Request]:
    """Return the open requests whose proposals a change of a space may change: those it fits, and those it was for."""
    fits = [row for row, _asked, _proposal in who_would_fit(offer.pk, offer.programme, most=most)]
    open_ones = Request.objects.open_in(offer.programme, because=OWN)
    known = open_ones.filter(proposals__offer=offer, proposals__state__in=LIVE).select_related("programme")
    return list({each.pk: each for each in (*fits, *known)}.values())
