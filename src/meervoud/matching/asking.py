"""Asking hosts: several at once, never more often than a host can carry, and the next one when somebody says no."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from meervoud.core.errors import ConflictError
from meervoud.demand.models import Request
from meervoud.demand.models import State as RequestState
from meervoud.lib.journal import journal
from meervoud.matching.answer_links import write_link
from meervoud.matching.lifecycle import move
from meervoud.matching.models import Proposal, Side, State
from meervoud.matching.proposing import propose_for
from meervoud.matching.sectors import are_apart, stance_of_asker, stance_of_host
from meervoud.parties.mail import Letter, write_to
from meervoud.parties.models import Organisation, Person

ANSWER_DAYS = 7
AT_ONCE = 3
WEEK = timedelta(days=7)
OWN = "the proposals of one request, under its lock"
ANSWERED_BY_LINK = frozenset({"asked", "yes", "time_changed"})
AT_ONCE_ALWAYS = frozenset({"agreed", "withdrawn"})
COUNTS = "how often a host was asked lately, whoever asked"


@transaction.atomic
def ask_hosts(*, proposals: Iterable[Proposal], by: Person, now: datetime, asker_agrees: bool) -> list[Proposal]:
    """Ask the hosts of some proposals of one request: three at once, the others wait for their turn.

    Args:
        proposals: suggested ones of one request, the first to be asked first.
        by: the group itself, or staff of the programme who approved them.
        now: from when the host has a week to answer.
        asker_agrees: whether the group itself wants these spaces: then its "yes" is given.

    Returns:
        Those that were asked now.

    Raises:
        ConflictError: the request is not open, or a proposal was answered already.
    """
    queued = list(proposals)
    if not queued:
        return []
    request = lock_request(queued[0].request)
    if request.state != RequestState.OPEN:
        raise ConflictError("This request is not open, so nobody can be asked. Post it first.")
    for place, proposal in enumerate(queued, start=1):
        move(proposal, "queue")
        proposal.rank = place
        proposal.asker_says = "yes" if asker_agrees else proposal.asker_says
        proposal.save(update_fields=["state", "rank", "asker_says", "changed_at"])
        journal(by, "proposal.queued", proposal, request=str(request.pk))
    return ask_next(request, by=by, now=now)


def ask_next(request: Request, *, by: Person | None, now: datetime) -> list[Proposal]:
    """Ask the hosts whose turn it is, of a request that is locked, and return their proposals.

    What the sector of a company keeps apart meanwhile is taken back, unasked.
    """
    asked = request.proposals.filter(state=State.ASKED).count()
    waiting = request.proposals.filter(state=State.WAITING).select_related("offer__host", "offer__space", "programme")
    _lock_hosts(waiting.values_list("offer__host", flat=True))
    begun, asker = list[Proposal](), stance_of_asker(request)
    for proposal in waiting.order_by("rank", "created_at"):
        if asked + len(begun) >= AT_ONCE:
            break
        if are_apart(asker, stance_of_host(proposal.offer)):
            move(proposal, "withdraw")
            proposal.save(update_fields=["state", "changed_at"])
            journal(None, "proposal.withdrawn", proposal, was=State.WAITING)
        elif can_carry(proposal.offer.host, now):
            _ask(proposal, by=by, now=now)
            begun.append(proposal)
    return begun


def _lock_hosts(hosts: Iterable[UUID]) -> None:
    """Let two requests that ask one host at the same moment count one after the other; one order for everybody."""
    rows = Organisation.objects.every(because=COUNTS).filter(pk__in=set(hosts)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def ask_those_who_wait(*, now: datetime) -> int:
    """Ask the hosts whose turn has come because a week went by or room was made, and return how many."""
    waiting = Proposal.objects.every(because="the platform's own clock").filter(state=State.WAITING)
    asked = 0
    for pk in sorted(set(waiting.values_list("request", flat=True))):
        with transaction.atomic():
            request = lock_request(Request(pk=pk))
            if request.state == RequestState.OPEN:
                asked += len(ask_next(request, by=None, now=now))
    return asked


@transaction.atomic
def ask_best(*, request: Request, by: Person, now: datetime, asker_agrees: bool) -> list[Proposal]:
    """Ask the hosts of the spaces that fit a request best at this moment; see `ask_hosts`.

    Raises:
        ConflictError: the request is not open.
    """
    propose_for(request=request, now=now)
    suggested = request.proposals.filter(state=State.SUGGESTED).select_related(
        "request__programme", "offer__host", "offer__space", "programme"
    )
    return ask_hosts(proposals=suggested, by=by, now=now, asker_agrees=asker_agrees)


def _ask(proposal: Proposal, *, by: Person | None, now: datetime) -> None:
    move(proposal, "ask")
    proposal.asked_at, proposal.expires_at = now, now + timedelta(days=ANSWER_DAYS)
    proposal.save(update_fields=["state", "asked_at", "expires_at", "changed_at"])
    journal(by, "proposal.asked", proposal, request=str(proposal.request_id))
    tell_host(proposal, "asked")


def can_carry(host: Organisation, now: datetime) -> bool:
    """Say whether a host may be asked once more: never more often in a week than it said it can carry."""
    if host.questions_a_week is None:
        return True
    rows = Proposal.objects.every(because=COUNTS).filter(offer__host=host, asked_at__gt=now - WEEK)
    return rows.count() < host.questions_a_week


def lock_request(request: Request) -> Request:
    """Return a request as it stands, while nobody else answers its proposals until the end of the transaction."""
    return (
        Request.objects.every(because=OWN)
        .select_for_update(of=("self",))
        .select_related("programme", "organisation")
        .get(pk=request.pk)
    )


def tell_host(proposal: Proposal, what: str) -> None:
    """Write to the people of the host; the mail says which space, never who asks."""
    for person in people_of(proposal, Side.HOST):
        write_to(person, _letter(proposal, what, Side.HOST, person))


def tell_group(proposal: Proposal, what: str) -> None:
    """Write to who asks; somebody without e-mail is called by the desk."""
    for person in people_of(proposal, Side.ASKER):
        write_to(person, _letter(proposal, what, Side.ASKER, person))


def people_of(proposal: Proposal, side: str) -> list[Person]:
    """Return who is written to for a side."""
    if side == Side.ASKER:
        return [proposal.request.asked_by]
    return list(Person.objects.filter(memberships__organisation=proposal.offer.host_id).distinct())


def about_proposal(proposal: Proposal) -> str:
    """Return what a letter about a proposal is about; a later one replaces an earlier one that still waits."""
    return f"proposal:{proposal.pk}"


def _letter(proposal: Proposal, what: str, side: str, person: Person) -> Letter:
    gaps = {
        "what": what,
        "to": "host" if side == Side.HOST else "group",
        "proposal": str(proposal.pk),
        "space": proposal.offer.space.name,
    }
    has_said = proposal.host_says if side == Side.HOST else proposal.asker_says
    if what in ANSWERED_BY_LINK and has_said == "":
        gaps["token"] = write_link(proposal, side, person)
    return Letter(
        "proposal",
        gaps,
        about=about_proposal(proposal),
        can_wait=what not in AT_ONCE_ALWAYS,
        ends_at=proposal.expires_at if proposal.state == State.ASKED else None,
        link=f"/proposals/{proposal.pk}/",
    )
