"""Answering from a mail without signing in: the link of one person, for one side of one proposal, until it is answered."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from meervoud.core.errors import ConflictError
from meervoud.matching.answer_links import read_link, stamp_of
from meervoud.matching.answering import Said, say_no, say_yes
from meervoud.matching.asking import lock_request
from meervoud.matching.models import Proposal, Side, State
from meervoud.parties.models import Person
from meervoud.parties.roles import acts_for

BY_LINK = "a signed link names the proposal and the person; both are looked at again"


@dataclass(frozen=True)
class OpenLink:
    """A link that works at this moment."""

    proposal: Proposal
    side: str
    person: Person


def open_link(token: str, *, now: datetime) -> OpenLink | None:
    """Return what a link opens, None where it is dead.

    It dies when its time has passed, the side has answered, another time was proposed, the proposal has ended, or the
    person has left, was erased, or has another address.
    """
    link = read_link(token)
    if link is None:
        return None
    rows = Proposal.objects.every(because=BY_LINK).select_related(
        "request__organisation",
        "request__asked_by",
        "offer__host",
        "offer__space__building__neighbourhood",
        "programme",
    )
    proposal = rows.filter(pk=link.proposal).first()
    person = Person.objects.filter(pk=link.person, is_active=True).first()
    if proposal is None or person is None or not _waits(proposal, link.side, now):
        return None
    if not _is_of(person, proposal, link.side) or link.stamp != stamp_of(proposal, person):
        return None
    return OpenLink(proposal, link.side, person)


def _waits(proposal: Proposal, side: str, now: datetime) -> bool:
    if proposal.state != State.ASKED or proposal.expires_at is None or proposal.expires_at <= now:
        return False
    return {Side.HOST: proposal.host_says, Side.ASKER: proposal.asker_says}.get(Side(side)) == ""


def _is_of(person: Person, proposal: Proposal, side: str) -> bool:
    if side == Side.HOST:
        return acts_for(person, proposal.offer.host)
    return person == proposal.request.asked_by or acts_for(person, proposal.request.organisation)


@transaction.atomic
def answer_by_link(token: str, *, answer: str, reason: str = "", now: datetime) -> Proposal:
    """Say yes or no by a link, with the checks and the journal of the page; two posts at once count as one.

    Raises:
        InputError: a no without a reason of the list.
        ConflictError: the link is dead, or the space does not fit any more.
    """
    found = open_link(token, now=now)
    if found is not None:
        lock_request(found.proposal.request)
        found = open_link(token, now=now)  # somebody may have answered while we waited for the lock
    if found is None:
        raise ConflictError("This link does not work any more. Sign in to see how it stands.")
    said = Said(found.side, found.person, now, by_link=True)
    if answer == "yes":
        return say_yes(proposal=found.proposal, said=said)
    return say_no(proposal=found.proposal, said=said, reason=reason)
