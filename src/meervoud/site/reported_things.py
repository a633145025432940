"""What can be reported, found in the scope of who looks; and what the desk can do about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from meervoud.core.errors import ConflictError
from meervoud.matching.answering import withdraw
from meervoud.matching.models import Answer, Proposal
from meervoud.parties.current import programme_of
from meervoud.parties.models import Held, Message, Person, Programme
from meervoud.parties.reports import Reported
from meervoud.supply.actions import pause_offer
from meervoud.supply.models import Offer
from meervoud.supply.public import public_offer

DESK: Final = "the desk of the programme looks at what was reported or held back there"


@dataclass(frozen=True)
class Thing:
    """One thing as the desk sees it: its title, its words, and where it stands."""

    title: str
    text: str
    path: str


def find_reported(request: HttpRequest, kind: str, thing: UUID) -> tuple[Reported, Thing] | None:
    """Return a thing that the viewer may see, None for every other one."""
    if kind == "offer":
        programme = programme_of(request)
        offer = public_offer(programme, thing)
        return (
            (Reported(kind, thing, programme), Thing(offer.name, "", reverse("space", args=[thing]))) if offer else None
        )
    if kind == "message":
        message = (
            Message.objects.visible_to(request.user).filter(pk=thing).select_related("conversation__programme").first()
        )
        if message is None:
            return None
        talk = message.conversation
        return Reported(kind, thing, talk.programme), Thing(talk.subject, message.text, _talk_path(talk.pk))
    proposals = Proposal.objects.visible_to(request.user).filter(pk=thing)
    proposal = proposals.select_related("programme", "offer__space").first() if kind == "proposal" else None
    if proposal is None:
        return None
    path = reverse("proposal", args=[thing])
    return Reported(kind, thing, proposal.programme), Thing(proposal.offer.space.name, "", path)


def things_of(programme: Programme, ids: list[UUID]) -> dict[UUID, Thing]:
    """Return things of a programme by id, with a number of questions that does not grow with them."""
    found = dict[UUID, Thing]()
    offers = Offer.objects.every(because=DESK).filter(programme=programme, pk__in=ids).select_related("space")
    found |= {each.pk: Thing(each.space.name, "", reverse("offer", args=[each.pk])) for each in offers}
    messages = Message.objects.every(because=DESK).filter(conversation__programme=programme, pk__in=ids)
    for message in messages.select_related("conversation"):
        talk = message.conversation
        found[message.pk] = Thing(talk.subject, message.text, _talk_path(talk.pk))
    proposals = Proposal.objects.every(because=DESK).filter(programme=programme, pk__in=ids)
    for proposal in proposals.select_related("offer__space"):
        found[proposal.pk] = Thing(proposal.offer.space.name, "", reverse("proposal", args=[proposal.pk]))
    answers = Answer.objects.every(because=DESK).filter(proposal__programme=programme, pk__in=ids)
    for answer in answers.select_related("proposal__offer__space"):
        path = reverse("proposal", args=[answer.proposal_id])
        found[answer.pk] = Thing(answer.proposal.offer.space.name, answer.text, path)
    return found


def path_of_held(held: Held) -> str:
    """Return the path of the page where a text that was held back stands."""
    thing = things_of(held.programme, [held.thing]).get(held.thing)
    return thing.path if thing else reverse("desk")


def take_offline(reported: Reported, *, by: Person, now: datetime) -> None:
    """Take a space offline, or a proposal back; what is so already stays so."""
    try:
        if reported.kind == "offer":
            pause_offer(offer=Offer.objects.every(because=DESK).get(pk=reported.thing), by=by)
        elif reported.kind == "proposal":
            withdraw(proposal=Proposal.objects.every(because=DESK).get(pk=reported.thing), by=by, now=now)
    except ConflictError:
        return


def _talk_path(talk: UUID) -> str:
    return reverse("conversation", args=[talk])
