"""Makers of agreements: begun from two yes, and signed by both sides."""

from datetime import date, datetime

from tests.rooms.makers import make_offer, make_request, weekly

from meervoud.agreements.consenting import Needed, ask_approval, say_consent
from meervoud.agreements.drafts import begin_agreement, last_version, propose_agreement
from meervoud.agreements.models import Agreement, Approval
from meervoud.agreements.signing import Pen, sign
from meervoud.agreements.uploads import Paper
from meervoud.matching.answering import Said, say_yes
from meervoud.matching.asking import ask_hosts
from meervoud.matching.models import Proposal, Side
from meervoud.matching.proposing import propose_by_hand
from meervoud.parties.models import Organisation, Person, Programme


def make_agreed(
    programme: Programme, host: Organisation, asker: Person, by: Person, now: datetime, title: str
) -> Proposal:
    """Make a proposal to which both said yes, for a space and a request of its own."""
    offer = make_offer(programme, host=host)
    organisation = Organisation.objects.of_member(asker).first()
    request = make_request(programme, asked_by=asker, organisation=organisation, title=title, needs=(weekly(),))
    proposal = propose_by_hand(request=request, offer=offer, by=by, now=now)
    ask_hosts(proposals=[proposal], by=by, now=now, asker_agrees=True)
    say_yes(proposal=proposal, said=Said(Side.HOST, by, now))
    return (
        Proposal.objects.visible_to(by)
        .select_related("programme", "offer__space__building", "hold")
        .get(pk=proposal.pk)
    )


def make_draft(proposal: Proposal, by: Person, now: datetime) -> tuple[Agreement, Approval]:
    """Begin an agreement that waits for a meeting of residents."""
    agreement = begin_agreement(proposal=proposal, by=by, language="en", now=now)
    needed = Needed(Side.HOST, "residents", "Meeting of the quay")
    return agreement, ask_approval(agreement=agreement, by=by, needed=needed)


def make_draft_only(proposal: Proposal, by: Person, now: datetime) -> Agreement:
    """Begin an agreement that waits for nobody."""
    return begin_agreement(proposal=proposal, by=by, language="en", now=now)


def make_signed(proposal: Proposal, by: Person, now: datetime, today: date, *, scan: Paper | None = None) -> Agreement:
    """Begin an agreement and let both sides agree and sign, as staff write down what they heard; the host on paper."""
    agreement = begin_agreement(proposal=proposal, by=by, language="en", now=now)
    propose_agreement(agreement=agreement, by=by)
    number = last_version(agreement).number
    for side in Side.values:
        say_consent(agreement=agreement, number=number, side=side, by=by, kind="agree")
    for side in Side.values:
        pen = Pen(side, by, "paper", scan if side == Side.HOST else None)
        agreement = sign(agreement=agreement, number=number, pen=pen, now=now, today=today)
    return agreement
