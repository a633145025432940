"""Moderation: what waits for the desk before it is sent, what was reported, and the form to report it."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error
from meervoud.lib.shelves import shelf_of
from meervoud.parties.current import person_of, staff_programme
from meervoud.parties.models import Held, Person, Programme, Report
from meervoud.parties.models.moderation import NotSent, Outcome, Verdict, Why
from meervoud.parties.moderation import do_not_send, let_through
from meervoud.parties.reports import OUTCOMES, Reported, report, settle
from meervoud.site.report_forms import ReportForm, begun
from meervoud.site.reported_things import find_reported, path_of_held, take_offline, things_of

SHOWN: Final = 50
REPORTS_AN_HOUR: Final = 10


@require_http_methods(["GET", "HEAD", "POST"])
def report_thing(request: HttpRequest, kind: str, thing: UUID) -> HttpResponse:
    """Tell the desk that something is wrong with what the viewer sees."""
    found = find_reported(request, kind, thing)
    if found is None:
        raise Http404
    reported, shown = found
    form = ReportForm(request.POST or None, initial={"begun": begun()})
    if request.method == "POST" and form.is_valid():
        person = request.user if isinstance(request.user, Person) else None
        who = person.pk if person else shelf_of(request)
        take_token(f"report {who}", most=REPORTS_AN_HOUR, per_seconds=3_600, now=now())
        said = form.cleaned_data
        report(reported=reported, by=person, wrong=said["wrong"], text=said["text"], now=now())
        messages.success(request, _("Thank you. The desk looks at it."))
        return redirect(shown.path)
    context = {"form": form, "shown": shown, "kind": kind}
    return render(request, "site/report.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def moderation(request: HttpRequest) -> HttpResponse:
    """List what waits for the desk: texts that are held back, and what was reported."""
    programme = staff_programme(request)
    held = Held.objects.visible_to(request.user).filter(programme=programme, verdict=Verdict.OPEN)
    waiting = held.exclude(why=Why.REPORTS).select_related("author")
    reports = Report.objects.visible_to(request.user).filter(programme=programme, outcome="")
    rows, said = list(waiting[:SHOWN]), list(reports[: SHOWN * 4])
    things = things_of(programme, [*(each.thing for each in rows), *(each.thing for each in said)])
    context = {
        "programme": programme,
        "held": [{"row": each, "shown": things.get(each.thing)} for each in rows],
        "reported": _by_thing(said, things),
        "reasons": NotSent.choices,
    }
    return render(request, "site/moderation.html", context)


def _by_thing(rows: list[Report], things: dict[UUID, Any]) -> list[dict[str, Any]]:  # Any: what a template shows
    found = dict[UUID, dict[str, Any]]()  # Any: what a template shows
    for row in rows:
        outcomes = [(each.value, each.label) for each in OUTCOMES[row.thing_kind]]
        entry = found.setdefault(
            row.thing, {"first": row, "shown": things.get(row.thing), "reports": [], "outcomes": outcomes}
        )
        entry["reports"].append(row)
    return list(found.values())


@login_required
@require_POST
def decide(request: HttpRequest, held_id: UUID) -> HttpResponse:
    """Let a text through, or keep it back for a reason of the list."""
    person, programme = person_of(request), staff_programme(request)
    found = Held.objects.visible_to(person).filter(pk=held_id, programme=programme).select_related("programme").first()
    if found is None:
        raise Http404
    try:
        if request.POST.get("verdict") == "let_through":
            let_through(held=found, by=person, now=now())
            messages.success(request, _("Let through. It is sent now."))
        else:
            reason, path = request.POST.get("reason", ""), path_of_held(found)
            do_not_send(held=found, by=person, reason=reason, path=path, now=now())
            messages.success(request, _("Not sent. The author hears why."))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    return redirect("moderation")


@login_required
@require_POST
def settle_report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Settle what was reported about one thing."""
    person, programme = person_of(request), staff_programme(request)
    found = Report.objects.visible_to(person).filter(pk=report_id, programme=programme).first()
    if found is None:
        raise Http404
    try:
        number = _settle(Reported(found.thing_kind, found.thing, programme), person, request.POST.get("outcome", ""))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Settled: %(number)s.") % {"number": number})
    return redirect("moderation")


@transaction.atomic
def _settle(reported: Reported, person: Person, outcome: str) -> int:
    number = settle(reported=reported, by=person, outcome=outcome, now=now())
    if outcome == Outcome.OFFLINE:
        take_offline(reported, by=person, now=now())
    return number


def waits_for_moderation(programme: Programme) -> int:
    """Return how much waits for the desk."""
    why = "the desk of the programme; the caller has checked that the person works for it"
    held = Held.objects.every(because=why).filter(programme=programme, verdict=Verdict.OPEN).exclude(why=Why.REPORTS)
    return held.count() + Report.objects.every(because=why).filter(programme=programme, outcome="").count()
