"""What the desk finds about the whole queue: match runs, and how often hosts say no."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from meervoud.core.errors import MeervoudError
from meervoud.demand.models import Request
from meervoud.files.wording.names import name_of
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.decline_rates import FEWEST, decline_rates
from meervoud.matching.models import MatchRun
from meervoud.matching.running import ONE_THING, PLACED, TO_ASK, cancel_run, difference, start_run, take_up_again
from meervoud.matching.tasks import run_match
from meervoud.parties.current import person_of, staff_programme
from meervoud.supply.models import Offer

LISTED = 200
WHY = "names of the requests that a run looked at; the view has checked that the viewer works for the programme"


@login_required
@require_safe
def declines(request: HttpRequest) -> HttpResponse:
    """Show how often hosts say no, by what a request is about."""
    programme, said = staff_programme(request), spoken()
    rates = [
        {
            "name": name_of(said, "causes", each.cause) if each.cause else _("not said"),
            "asked": said.number(each.asked),
            "share": said.percent(each.declined_share),
        }
        for each in decline_rates(programme)
    ]
    return render(request, "matching/declines.html", {"rates": rates, "fewest": FEWEST})


@login_required
@require_POST
def run_start(request: HttpRequest) -> HttpResponse:
    """Begin a match run; a worker does it, and its page shows how far it is."""
    programme = staff_programme(request)
    try:
        with transaction.atomic():
            begun = start_run(programme=programme, by=person_of(request))
            run_match.enqueue(str(begun.pk))
    except MeervoudError as error:
        messages.error(request, say_error(error))
        return redirect("queue")
    return redirect("match_run", begun.pk)


def run_of(request: HttpRequest, run_id: UUID) -> MatchRun:
    """Return a run that the viewer may see; another's is not there.

    Raises:
        Http404: none of the viewer's has the id.
    """
    found = MatchRun.objects.visible_to(request.user).filter(pk=run_id).select_related("programme", "by").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show how far a run is, or what it found and what is otherwise than the last time; nothing was sent by it."""
    found = run_of(request, run_id)
    is_part = request.headers.get("HX-Request") == "true"
    if found.state == MatchRun.State.RUNNING:
        context = {"run": found, "done": found.done, "label": _("Looking at every open request")}
        template = "matching/run_progress.html"
        return render(request, f"{template}#progress" if is_part else template, context)
    if is_part:
        return HttpResponseClientRefresh()
    return render(request, "matching/run.html", {"run": found, **results_of(found)})


def results_of(found: MatchRun) -> dict[str, Any]:  # Any: what a template shows
    """Return what a run found: who can be placed today, who fails on one condition only, who has nothing."""
    rows = Request.objects.every(because=WHY).filter(programme=found.programme, pk__in=list(found.found))
    titles = {str(pk): title for pk, title in rows.values_list("pk", "title")}
    offers = Offer.objects.online(found.programme).filter(
        pk__in={each["offer"] for each in found.found.values() if "offer" in each}
    )
    names = {str(pk): name for pk, name in offers.values_list("pk", "space__name")}
    said, placed, to_ask = spoken(), list[dict[str, str]](), list[dict[str, str]]()
    one, nothing = list[dict[str, str]](), list[dict[str, str]]()
    for key, each in found.found.items():
        shown = {"id": key, "title": titles.get(key) or _("Without a name"), "offer": each.get("offer", "")}
        if each["outcome"] == PLACED:
            placed.append({**shown, "what": names.get(each["offer"], "")})
        elif each["outcome"] == TO_ASK:
            to_ask.append({**shown, "what": names.get(each["offer"], "")})
        elif each["outcome"] == ONE_THING:
            one.append({**shown, "what": name_of(said, "conditions", each["condition"])})
        else:
            nothing.append({**shown, "what": ""})
    changes = difference(found)
    return {
        "groups": [
            {"name": "placed", "rows": placed[:LISTED], "count": len(placed)},
            {"name": "ask", "rows": to_ask[:LISTED], "count": len(to_ask)},
            {"name": "one", "rows": one[:LISTED], "count": len(one)},
            {"name": "nothing", "rows": nothing[:LISTED], "count": len(nothing)},
        ],
        "changes": changes and {
            "new": len(changes.newly_placed), "gone": len(changes.no_longer), "other": len(changes.other_space)
        },
    }  # fmt: skip


@login_required
@require_POST
def run_again(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Go on with a run that broke off."""
    found = run_of(request, run_id)
    try:
        with transaction.atomic():
            take_up_again(run=found, by=person_of(request))
            run_match.enqueue(str(found.pk))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    return redirect("match_run", found.pk)


@login_required
@require_POST
def run_cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop a run."""
    found = run_of(request, run_id)
    try:
        cancel_run(run=found, by=person_of(request), now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Cancelled. What it suggested so far stays."))
    return redirect("match_run", found.pk)
