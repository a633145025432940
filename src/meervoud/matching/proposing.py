"""Making proposals: for requests that were posted, for a space that came online, or by hand; and keeping them right."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import models, transaction

from meervoud.core.engine.types.results import Proposal as Found
from meervoud.core.errors import ConflictError, InputError
from meervoud.demand.as_request import with_rules
from meervoud.demand.models import Request
from meervoud.demand.models import State as RequestState
from meervoud.lib.journal import journal
from meervoud.matching.lifecycle import move
from meervoud.matching.models import LIVE, Proposal, State
from meervoud.matching.pairs import Verdict, why_not
from meervoud.matching.picking import MOST, Look, look_at
from meervoud.matching.snapshot import write_snapshot
from meervoud.parties.models import Person
from meervoud.parties.roles import works_for
from meervoud.supply.models import Offer

OWN = "the proposals of some requests, to be brought up to date"
TAKEN_OVER = ("snapshot", "rank", "score", "certainty", "state", "changed_at")


@dataclass(frozen=True)
class Changes:
    """What bringing proposals up to date did: rows that are new, that say something else now, that are gone."""

    new: tuple[Proposal, ...] = ()
    changed: tuple[Proposal, ...] = ()
    gone: tuple[Proposal, ...] = ()


@dataclass(frozen=True)
class Refreshed:
    """What was done for one request.

    Attributes:
        request: as it stands.
        look: what was found.
        changes: what it came to.
        best_before: the best sure score there was, -1 where there was none.
        is_under_way: whether a host is asked or both said yes.
    """

    request: Request
    look: Look
    changes: Changes
    best_before: int
    is_under_way: bool


def propose_for(*, request: Request, now: datetime, by: Person | None = None, most: int = MOST) -> Changes:
    """Bring the suggestions for one open request up to date with the world; see `propose_for_many`."""
    return propose_for_many(requests=[request.pk], now=now, by=by, most=most)[0].changes


@transaction.atomic
def propose_for_many(
    *,
    requests: Collection[UUID],
    now: datetime,
    by: Person | None = None,
    most: int = MOST,
    journal_as: models.Model | None = None,
) -> list[Refreshed]:
    """Bring the suggestions for some requests of one programme up to date with the world, in a fixed number of queries.

    The best spaces that nothing said before speaks against are suggested; a suggestion that no longer is among them is
    withdrawn. What a host was already asked stays as it is: it is checked again when somebody says yes.

    Args:
        requests: ids; of one that is not open everything suggested is withdrawn.
        now: the moment of the search.
        by: who asked for it; None is the platform.
        most: how many suggestions for one request at most.
        journal_as: what the journal names, once for all of them; None names each request.

    Returns:
        One for each request that is there, in the order of their ids.
    """
    rows = _lock(requests)
    live = _live_of(rows)
    asked = {pk: {str(each.offer_id) for each in known if each.state == State.ASKED} for pk, known in live.items()}
    open_ones = [row for row in rows if row.state == RequestState.OPEN]
    looks = look_at(open_ones, but=asked, now=now, most=most)
    written = _Written(now)
    done = [_refresh(row, looks.get(row.pk, Look()), live.get(row.pk, []), by, written) for row in rows]
    written.save()
    _note(by, done, journal_as)
    return done


def _lock(requests: Collection[UUID]) -> list[Request]:
    rows = with_rules(Request.objects.every(because=OWN).filter(pk__in=requests)).order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _live_of(rows: list[Request]) -> dict[UUID, list[Proposal]]:
    found: dict[UUID, list[Proposal]] = defaultdict(list)
    for each in Proposal.objects.every(because=OWN).filter(request__in=rows, state__in=LIVE):
        found[each.request_id].append(each)
    return found


@dataclass
class _Written:
    """Rows to be written together."""

    now: datetime
    new: list[Proposal] = field(default_factory=list)
    other: list[Proposal] = field(default_factory=list)

    def save(self) -> None:
        Proposal.objects.bulk_create(self.new, batch_size=500)
        for each in self.other:
            each.changed_at = self.now
        Proposal.objects.every(because=OWN).bulk_update(self.other, TAKEN_OVER, batch_size=50)


def _refresh(request: Request, look: Look, known: list[Proposal], by: Person | None, written: _Written) -> Refreshed:
    best_before = max((each.score for each in known if each.certainty == "sure"), default=-1)
    is_under_way = any(each.state in (State.ASKED, State.AGREED) for each in known)
    rows = {str(each.offer_id): each for each in known}
    new, changed, gone = list[Proposal](), list[Proposal](), list[Proposal]()
    for place, found in enumerate(look.picks, start=1):
        row = rows.pop(found.space_id, None)
        if row is None:
            new.append(_proposal(request, UUID(found.space_id), found, place, by))
        elif row.state in (State.SUGGESTED, State.WAITING):
            is_other = _take_over(row, found)
            if is_other or row.rank != place:
                row.rank = place
                written.other.append(row)
            changed += [row] if is_other else []
    for row in rows.values():
        if row.state == State.SUGGESTED and row.made_by_id is None:
            move(row, "withdraw")
            gone.append(row)
    written.new += new
    written.other += gone
    return Refreshed(request, look, Changes(tuple(new), tuple(changed), tuple(gone)), best_before, is_under_way)


def _proposal(request: Request, offer_id: UUID, found: Found, place: int, by: Person | None) -> Proposal:
    return Proposal(
        programme=request.programme,
        request=request,
        offer_id=offer_id,
        made_by=by,
        certainty=found.certainty,
        score=found.score,
        rank=place,
        snapshot=write_snapshot(found),
    )


def _take_over(row: Proposal, found: Found) -> bool:
    """Take over what the engine says now, not saved yet, and say whether anything but the place is different."""
    snapshot = write_snapshot(found)
    is_other = {**row.snapshot, "rank": 0} != {**snapshot, "rank": 0}
    if is_other:
        row.snapshot, row.score, row.certainty = snapshot, found.score, found.certainty
    return is_other


def _note(by: Person | None, done: list[Refreshed], journal_as: models.Model | None) -> None:
    if journal_as is not None:
        new, gone = sum(len(each.changes.new) for each in done), sum(len(each.changes.gone) for each in done)
        journal(by, "proposals.refreshed", journal_as, requests=len(done), new=new, gone=gone)
        return
    for each in done:
        if each.changes.new or each.changes.gone:
            new, gone = len(each.changes.new), len(each.changes.gone)
            journal(by, "proposals.refreshed", each.request, new=new, gone=gone)


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
        raise _refusal(verdict, may_know_host=works_for(by, request.programme))
    proposal = _proposal(request, offer.pk, verdict.proposal, verdict.place, by)
    proposal.save(force_insert=True)
    journal(by, "proposal.made", proposal, request=str(request.pk), offer=str(offer.pk))
    return proposal


def _refusal(verdict: Verdict, *, may_know_host: bool) -> InputError:
    if verdict.apart == "asker":
        return InputError("The group does not want a room of a company in this sector.", code="sector_of_host")
    if verdict.apart == "host" and may_know_host:
        return InputError("The host does not lend to a company in this sector.", code="sector_of_asker")
    return InputError(
        "This space does not fit this request. Look at the reasons before you propose it.", code="does_not_fit"
    )
