"""What a group does with what fits: ask one host or the best three, and see why a space fits or not."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from meervoud.core.errors import InputError, MeervoudError
from meervoud.demand.models import Request
from meervoud.demand.views.found import request_of
from meervoud.files.wording.names import name_of
from meervoud.files.wording.sentences import say_near_miss, say_parts, say_pattern, say_relaxation
from meervoud.lib.clock import now
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.asking import AT_ONCE, ask_hosts
from meervoud.matching.asking import ask_best as ask_best_hosts
from meervoud.matching.cards import reasons_of
from meervoud.matching.models import KNOWN_TO_BOTH, LIVE, Proposal, State
from meervoud.matching.pairs import Verdict, why_not
from meervoud.matching.proposing import propose_by_hand
from meervoud.parties.current import person_of
from meervoud.parties.models import Person
from meervoud.parties.roles import acts_for, works_for
from meervoud.supply.models import Offer
from meervoud.supply.public import public_offers

ASKED_A_DAY = 30


@login_required
@require_POST
def ask_one(request: HttpRequest, request_id: UUID, offer_id: UUID) -> HttpResponse:
    """Ask the host of one space."""
    row, person = request_of(request, request_id), person_of(request)
    offer = Offer.objects.online(row.programme).filter(pk=offer_id).first()
    if offer is None:
        raise Http404
    take_token(f"ask hosts {person.pk}", most=ASKED_A_DAY, per_seconds=86_400, now=now())
    known = row.proposals.filter(offer=offer, state__in=LIVE).first()
    try:
        if known is not None and known.state != State.SUGGESTED:
            return redirect("proposal", known.pk)
        proposal = known or propose_by_hand(request=row, offer=offer, by=person, now=now())
        asked = ask_hosts(proposals=[proposal], by=person, now=now(), asker_agrees=_is_for(row, person))
    except MeervoudError as error:
        messages.error(request, say_error(error))
        return redirect("request", row.pk)
    messages.success(request, _told(asked))
    return redirect("request", row.pk)


@login_required
@require_POST
def ask_best(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Ask the hosts of the best spaces: three at once, the next one when somebody says no."""
    row, person = request_of(request, request_id), person_of(request)
    take_token(f"ask hosts {person.pk}", most=ASKED_A_DAY, per_seconds=86_400, now=now())
    try:
        asked = ask_best_hosts(request=row, by=person, now=now(), asker_agrees=_is_for(row, person))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _told(asked))
    return redirect("request", row.pk)


def _is_for(row: Request, person: Person) -> bool:
    return person == row.asked_by or acts_for(person, row.organisation)


def _told(asked: list[Proposal]) -> str:
    if not asked:
        return _("Nobody can be asked at this moment. Those who wait for their turn are asked later.")
    text = ngettext("%(number)s host is asked.", "%(number)s hosts are asked.", len(asked)) % {"number": len(asked)}
    return text + " " + _("Each has a week to answer.")


def proposals_shown(row: Request) -> list[dict[str, Any]]:  # Any: what a template shows
    """Return the proposals of a request that still live, with what waits for whom."""
    said = spoken()
    rows = (
        row.proposals.filter(state__in={*LIVE, *KNOWN_TO_BOTH})
        .exclude(state=State.SUGGESTED)
        .select_related("offer__space")
    )
    return [
        {
            "id": each.pk,
            "name": each.offer.space.name,
            "state": each.get_state_display(),
            "kind": "good" if each.state in KNOWN_TO_BOTH else "info",
            "waits_for_you": each.state == State.ASKED and each.host_says == "yes" and each.asker_says == "",
            "until": said.day(each.expires_at.date()) if each.expires_at else "",
        }
        for each in rows
    ]


@login_required
@require_safe
def why(request: HttpRequest, request_id: UUID, offer_id: UUID) -> HttpResponse:
    """Show why a space fits a request or not, and what would make it fit."""
    row = request_of(request, request_id)
    try:
        verdict = why_not(row, offer_id)
    except InputError as error:
        return render(request, "matching/why.html", {"row": row, "problem": say_error(error)})
    offer = public_offers(row.programme, [str(offer_id)]).get(str(offer_id))
    if offer is None or verdict.space is None or verdict.answer is None:
        raise Http404
    context = {
        "row": row,
        "offer": offer,
        "is_most": AT_ONCE,
        **_words(verdict),
        "apart": _apart(verdict, may_know_host=works_for(request.user, row.programme)),
        "can_ask": verdict.proposal is not None,
    }
    if verdict.proposal is not None:
        context |= {"reasons": reasons_of(offer, verdict.proposal, spoken())}
    return render(request, "matching/why.html", context)


def _apart(verdict: Verdict, *, may_know_host: bool) -> str:
    if verdict.apart == "asker":
        return _("The group does not want a room of a company in this sector.")
    if verdict.apart == "host" and may_know_host:
        return _("The host does not lend to a company in this sector.")
    return ""


def _words(verdict: Verdict) -> dict[str, Any]:  # Any: what a template shows
    said, found, space = spoken(), verdict.answer, verdict.space
    assert found is not None  # noqa: S101  # the caller has asked
    assert space is not None  # noqa: S101
    if verdict.proposal is not None:
        return {
            "certainty": name_of(said, "certainties", verdict.proposal.certainty),
            "place": verdict.place,
            "when": [say_pattern(said, each) for each in verdict.proposal.patterns],
            "parts": say_parts(said, verdict.proposal),
        }
    misses = [say_near_miss(said, verdict.asked, each, space) for each in found.near_misses]
    failed = [name_of(said, "conditions", each.condition) for each in found.exclusions]
    return {
        "misses": misses,
        "failed": failed,
        "relaxations": [say_relaxation(said, verdict.asked, each) for each in found.relaxations],
    }
