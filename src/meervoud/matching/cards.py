"""Spaces as cards: the words that a list shows of a public offer and of why it fits."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.core.engine.types.results import Proposal
from meervoud.files.wording.language import Language
from meervoud.files.wording.names import name_of, names_of
from meervoud.files.wording.sentences import say_doubts, say_edges, say_missing, say_pattern
from meervoud.matching.queries import evenings_a_month
from meervoud.supply.public import PublicOffer

STEP_FREE = {
    "yes": gettext_lazy("step-free"),
    "limited": gettext_lazy("step-free in part"),
    "no": gettext_lazy("not step-free"),
    "": gettext_lazy("step-free access: not known"),
}
CERTAINTY_KINDS = {"sure": "good", "assumed": "info", "ask": "warning"}


@dataclass(frozen=True)
class Card:
    """What components/space_card.html shows."""

    id: str
    url: str
    name: str
    kind: str
    kind_name: str
    neighbourhood: str
    capacity: int | None
    area: float | None
    when: str
    price: str
    step_free: str
    facts: tuple[str, ...]
    photo_url: str
    photo_alt: str
    certainty: str
    certainty_kind: str
    distance: str
    reasons: tuple[str, ...]
    is_made_up: bool


def card_of(offer: PublicOffer, proposal: Proposal | None, said: Language) -> Card:
    """Return a card; with a proposal it says how sure it is, when, and why."""
    photo = offer.photos[0] if offer.photos else None
    timed = proposal is not None and bool(proposal.patterns)
    return Card(
        id=str(offer.id),
        url=reverse("space", args=[offer.id]),
        name=offer.name,
        kind=offer.kind,
        kind_name=name_of(said, "kinds", offer.kind),
        neighbourhood=offer.neighbourhood,
        capacity=offer.capacity,
        area=offer.area_m2,
        when="; ".join(say_pattern(said, each) for each in proposal.patterns) if proposal else "",
        price=price_text(offer, said),
        step_free=str(STEP_FREE[offer.step_free]),
        facts=facts_of(offer, said),
        photo_url=reverse("photo", args=[photo.id, "medium"]) if photo else "",
        photo_alt=photo.description if photo else "",
        certainty=name_of(said, "certainties", proposal.certainty) if timed and proposal else "",
        certainty_kind=CERTAINTY_KINDS[proposal.certainty] if proposal else "",
        distance=said.distance(proposal.metres) if proposal and proposal.metres is not None else "",
        reasons=reasons_of(offer, proposal, said) if timed and proposal else (),
        is_made_up=offer.is_made_up,
    )


def facts_of(offer: PublicOffer, said: Language) -> tuple[str, ...]:
    """Return the few facts that people look for first."""
    facts = [_("as a whole, for months or years")] if offer.is_whole else []
    first = ("kitchen", "projector", "wifi", "piano", "workbench", "stage")
    there = [code for code in first if code in offer.facilities][:3]
    return (*facts, *(name_of(said, "facilities", code) for code in there))


def price_text(offer: PublicOffer, said: Language) -> str:
    """Return what a group pays, "" where the host has not said."""
    if offer.price_kind == "free":
        return _("free")
    if offer.price_kind == "cost_share":
        return _("a share of the costs, by what you can pay")
    if offer.price_kind == "price" and offer.price_cents is not None:
        amount = said.money(offer.price_cents, offer.currency)
        gaps = {"amount": amount}
        return (
            said.say("%(amount)s a month", **gaps)
            if offer.price_per == "month"
            else said.say("%(amount)s an hour", **gaps)
        )
    return ""


def reasons_of(offer: PublicOffer, proposal: Proposal, said: Language) -> tuple[str, ...]:
    """Return why it fits and what to know: missing dates, what bounds the time, what to ask, the host's limit."""
    reasons = [say_missing(said, pattern) for pattern in proposal.patterns]
    reasons += say_edges(said, proposal.edges)[:2]
    reasons += say_doubts(said, proposal)
    most = offer.most_evenings_a_month
    asked = evenings_a_month(proposal)
    if most is not None and asked > most:
        reasons.append(
            _("The host lends at most %(most)s times a month; this takes %(asked)s. Ask first.")
            % {"most": most, "asked": asked}
        )
    return tuple(filter(None, reasons))


def activities_text(offer: PublicOffer, said: Language) -> tuple[str, str]:
    """Return what may be done and what not, "" where the host has not said."""
    allowed = "" if offer.activities is None else names_of(said, "activities", ",".join(offer.activities))
    return allowed, names_of(said, "activities", ",".join(offer.no_activities))
