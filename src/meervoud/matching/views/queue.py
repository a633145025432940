"""The desk's queue: open requests by what waits, asking hosts for many at once, and match runs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from meervoud.core.errors import MeervoudError
from meervoud.demand.models import Request
from meervoud.files.wording.names import name_of
from meervoud.lib.clock import now, today
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.asking import ask_best
from meervoud.matching.decline_rates import FEWEST, decline_rates
from meervoud.matching.models import MatchRun
from meervoud.matching.queue import FILTERS, STATUSES, counts_of, filtered, queue_of
from meervoud.matching.running import ONE_THING, PLACED, TO_ASK, cancel_run, difference, start_run
from meervoud.matching.tasks import run_match
from meervoud.parties.current import person_of, staff_programme
from meervoud.parties.models import Programme
from meervoud.supply.models import Offer

A_PAGE = 25
MOST_AT_ONCE = 100
LISTED = 200
WHY = "names of the requests that a run looked at; the view has checked that the viewer works for the programme"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """Show the queue of the desk; a POST asks the hosts of the best spaces for the requests that were ticked."""
    programme = staff_programme(request)
    if request.method == "POST":
        return _ask_for_many(request, programme)
    moment, day, chosen = now(), today(), request.GET.get("show", "")
    rows = queue_of(programme)
    page = Paginator(filtered(rows, chosen, now=moment, today=day), A_PAGE).get_page(request.GET.get("page"))
    counts = counts_of(rows, now=moment, today=day)
    context = {
        "page": page,
        "rows": [{"row": each, "status": STATUSES[vars(each)["status"]]} for each in page],
        "chosen": chosen,
        "total": sum(counts[name] for name in STATUSES),
        "filters": [{"name": name, "title": title, "count": counts[name]} for name, title in FILTERS.items()],
        "last_found": last_found(request, programme),
        "runs": MatchRun.objects.visible_to(request.user).filter(programme=programme).defer("found", "waiting")[:3],
        "previous_url": _address(chosen, page.number - 1) if page.has_previous() else "",
        "next_url": _address(chosen, page.number + 1) if page.has_next() else "",
    }
    return render(request, "matching/queue.html", context)


def last_found(request: HttpRequest, programme: Programme) -> dict[str, Any] | None:  # Any: what a template shows
    """Return what the last match run came to: how many can be placed, how many fail on one condition only."""
    done = MatchRun.objects.visible_to(request.user).filter(programme=programme, state=MatchRun.State.DONE).first()
    if done is None:
        return None
    outcomes = [each["outcome"] for each in done.found.values()]
    return {"run": done.pk, "placed": outcomes.count(PLACED), "one": outcomes.count(ONE_THING)}


def _address(chosen: str, number: int) -> str:
    return f"{reverse('queue')}?show={chosen}&page={number}"


def _ask_for_many(request: HttpRequest, programme: Programme) -> HttpResponse:
    ids = [each for each in request.POST.getlist("request")[:MOST_AT_ONCE] if _is_id(each)]
    rows = Request.objects.visible_to(request.user).filter(programme=programme, state="open", pk__in=ids)
    person, asked, faults = person_of(request), 0, list[str]()
    for row in rows.select_related("programme", "organisation"):
        try:
            asked += len(ask_best(request=row, by=person, now=now(), asker_agrees=False))
        except MeervoudError as error:
            faults.append(f"{row.title}: {say_error(error)}")
    if not ids:
        messages.info(request, _("Tick one or more requests first."))
    else:
        messages.success(
            request, ngettext("%(number)s host is asked.", "%(number)s hosts are asked.", asked) % {"number": asked}
        )
    for fault in faults[:5]:
        messages.error(request, fault)
    return redirect(_address(request.POST.get("show", ""), 1))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


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
