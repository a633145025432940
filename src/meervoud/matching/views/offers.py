"""Who would fit a space: for its host and for matchmakers; needs are shown, names and contacts are not."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meervoud.core.engine.types.requests import Request as Asked
from meervoud.core.engine.types.results import Proposal
from meervoud.demand.as_request import need_of
from meervoud.demand.models import Request
from meervoud.files.wording.language import Language
from meervoud.files.wording.names import name_of
from meervoud.files.wording.need_sentences import say_need
from meervoud.files.wording.sentences import say_doubts, say_missing, say_pattern
from meervoud.lib.saying import spoken
from meervoud.matching.concerned import who_would_fit
from meervoud.matching.models import Proposal as ProposalRow
from meervoud.supply.models import Offer


@login_required
@require_safe
def who_fits(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """List the open requests that would fit a space, best first, with the reasons."""
    offer = Offer.objects.visible_to(request.user).filter(pk=offer_id).select_related("space", "programme").first()
    if offer is None:
        raise Http404
    said = spoken()
    found = [entry(said, *each) for each in who_would_fit(offer.pk, offer.programme)]
    return render(request, "matching/who_fits.html", {"offer": offer, "found": found})


def entry(said: Language, row: Request, asked: Asked, proposal: Proposal) -> dict[str, object]:
    """Return what a host may know before anybody has said yes: the need, never who asks.

    Of a group that needs shelter only the size and the time are told, for those decide whether it fits.
    """
    open_words = not row.is_sheltered
    cause = name_of(said, "causes", row.cause) if row.cause and open_words else ""
    return {
        "cause": cause,
        "people": row.group_max,
        "brings_about": row.brings_about if open_words else "",
        "needs": say_need(said, asked) if open_words else [],
        "when": [say_pattern(said, pattern) for pattern in proposal.patterns],
        "reasons": [
            *filter(None, (say_missing(said, each) for each in proposal.patterns)),
            *(say_doubts(said, proposal) if open_words else []),  # a doubt names what the group needs
        ],
        "certainty": name_of(said, "certainties", proposal.certainty),
        "certainty_kind": {"sure": "good", "assumed": "info", "ask": "warning"}[proposal.certainty],
    }


def need_for_host(said: Language, row: ProposalRow, proposal: Proposal) -> dict[str, object]:
    """Return what a host may know of who asks, from the rows of a proposal: the need, never a name."""
    request = row.request
    needs = () if request.is_sheltered else tuple(need_of(rule) for rule in request.rules.all())
    asked = Asked(id=str(request.pk), group_max=request.group_max, needs=needs)
    return entry(said, request, asked, proposal)
