"""From a proposal to terms, and from terms to clauses in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.agreements.clause_library import LATEST, clauses_of
from meervoud.agreements.terms import Kind as KindName
from meervoud.agreements.terms import Money, PriceKind, Terms, Times
from meervoud.files.wording.language import Language, language
from meervoud.files.wording.sentences import say_pattern
from meervoud.matching.models import Proposal
from meervoud.matching.snapshot import read_snapshot
from meervoud.supply.calendar import shown_spans
from meervoud.supply.models import Offer

WHO: Final[Mapping[str, str | Promise]] = {
    "host": gettext_lazy("the host"),
    "group": gettext_lazy("the group"),
    "desk": gettext_lazy("the desk"),
}
WAYS: Final[Mapping[str, str | Promise]] = {
    "host": gettext_lazy("the host lets them in"),
    "code": gettext_lazy("a code"),
    "key": gettext_lazy("a key"),
}
INSURED: Final[Mapping[str, str | Promise]] = {
    "host": gettext_lazy("the host"),
    "group": gettext_lazy("the group"),
    "both": gettext_lazy("each side for what it does"),
    "nobody": gettext_lazy("nobody"),
}
ENDS: Final[Mapping[str, str | Promise]] = {
    "no_dependence": gettext_lazy("Nobody depends on this place."),
    "other_space_first": gettext_lazy("Before the end the group and the desk look for another space."),
    "host_helps_look": gettext_lazy("Before the end the host helps the group to find another space."),
}
PRICE_KINDS: Final[Mapping[str, str | Promise]] = {
    "cost_share": gettext_lazy("a share of the host's costs"),
    "price": gettext_lazy("the price of the space"),
}
PER: Final[Mapping[str, str | Promise]] = {
    "hour": gettext_lazy("%(amount)s an hour"),
    "month": gettext_lazy("%(amount)s a month"),
    "time": gettext_lazy("%(amount)s each time"),
}


@dataclass(frozen=True)
class Written:
    """A clause in words, as a version keeps it."""

    key: str
    version: str
    title: str
    text: str

    def as_json(self) -> dict[str, str]:
        """Return the values for a row."""
        return {"key": self.key, "version": self.version, "title": self.title, "text": self.text}


def terms_of(proposal: Proposal) -> Terms:
    """Return the terms that follow from a proposal to which both said yes: the rest is filled in by people."""
    offer, request = proposal.offer, proposal.request
    kept = read_snapshot(proposal.snapshot)
    moments = tuple(shown_spans(proposal.hold)) if proposal.hold else ()
    zone = ZoneInfo(proposal.programme.time_zone)
    days = [each.astimezone(zone).date() for pair in moments for each in pair]
    first = min(days) if days else proposal.programme.starts_on
    last = max(days) if days else first
    return Terms(
        kind=kind_of(offer),
        times=Times(first, last, kept.patterns, moments),
        people=request.group_max,
        money=_money(offer),
        house_rules=offer.house_rules,
    )


def kind_of(offer: Offer) -> KindName:
    """Return the kind of contract that an offer asks for at first sight; the desk may choose another."""
    if offer.length != Offer.Length.WHOLE:
        return "hourly"
    if offer.space.kind in ("vacant_shop", "ground_floor"):
        return "shop"
    return "loan" if offer.price_kind in ("", Offer.PriceKind.FREE) else "temporary"


def _money(offer: Offer) -> Money:
    currency = offer.programme.currency
    if offer.price_kind in ("", Offer.PriceKind.FREE) or not offer.price_cents:
        return Money("free", currency)
    kind: PriceKind = "price" if offer.price_kind == Offer.PriceKind.PRICE else "cost_share"
    return Money(kind, currency, offer.price_cents, "month" if offer.price_per == "month" else "hour")


def write_clauses(
    proposal: Proposal, terms: Terms, *, code: str, conditions: str = "", version: str = LATEST
) -> list[Written]:
    """Return the clauses of a contract in words.

    Args:
        proposal: whose space and request.
        terms: what is settled.
        code: the language.
        conditions: of those who approved, to be kept by both sides.
        version: of the library.
    """
    holds = _holds(terms, conditions)
    with translation.override(code):
        gaps = _gaps(language(code), proposal, terms, conditions)
    return [
        Written(each.key, version, each.titles[code], _filled(each.texts[code], gaps))
        for each in clauses_of(version)
        if terms.kind in each.kinds and (not each.when or holds[each.when])
    ]


def _filled(text: str, gaps: Mapping[str, str]) -> str:
    return (text % gaps).replace("  ", " ").strip()  # an empty gap leaves two spaces


def _holds(terms: Terms, conditions: str) -> dict[str, bool]:
    return {
        "free": terms.money.kind == "free",
        "pays": terms.money.kind != "free",
        "deposit": terms.money.deposit_cents > 0,
        "house_rules": bool(terms.house_rules),
        "in_return": bool(terms.in_return),
        "conditions": bool(conditions),
        "other": bool(terms.other),
        "trial": terms.is_trial,
    }


def name_of_group(proposal: Proposal) -> str:
    """Return how a contract names the group; one that needs shelter is known to the programme, and to no host."""
    request = proposal.request
    if request.is_sheltered:
        return _("a group that %(programme)s knows by name") % {"programme": proposal.programme.name}
    return request.organisation.name if request.organisation else request.asked_by.name


def _gaps(said: Language, proposal: Proposal, terms: Terms, conditions: str) -> dict[str, str]:
    offer, request, money = proposal.offer, proposal.request, terms.money
    amount = said.money(money.cents, money.currency)
    return {
        "host": offer.host.name,
        "group": name_of_group(proposal),
        "programme": proposal.programme.name,
        "space": ", ".join(filter(None, (offer.space.name, offer.space.building.street))),
        "activity": ("" if request.is_sheltered else request.title) or _("what was asked for"),
        "people": said.number(terms.people),
        "first": said.day(terms.times.first),
        "last": said.day(terms.times.last),
        "times": "; ".join(say_pattern(said, each) for each in terms.times.patterns) or _("day and night"),
        "price": str(PER[money.per]) % {"amount": amount},
        "price_kind": str(PRICE_KINDS.get(money.kind, "")),
        "deposit": said.money(money.deposit_cents, money.currency),
        "opens": str(WHO[terms.access.opens]).capitalize(),
        "closes": str(WHO[terms.access.closes]),
        "way": str(WAYS[terms.access.way]),
        "house_rules": terms.house_rules,
        "insured": str(INSURED[terms.insured]),
        "emergency": terms.emergency,
        "cancel_days": said.number(terms.cancel_days),
        "notice_days": said.number(terms.notice_days),
        "in_return": terms.in_return,
        "end": str(ENDS[terms.end]),
        "end_text": terms.end_text,
        "conditions": conditions,
        "other": terms.other,
    }
