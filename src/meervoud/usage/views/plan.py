"""The pages of a plan: all moments of an agreement, what waits for a yes, and more moments with what stands against them."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.agreements.drafts import last_version, sides_of, version_that_counts
from meervoud.agreements.models import LIVE, RUNNING, Agreement
from meervoud.agreements.terms import read_terms
from meervoud.agreements.views.agreements import agreement_of
from meervoud.core.errors import InputError, MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error
from meervoud.matching.models import Side
from meervoud.parties.current import person_of
from meervoud.supply.calendar import Span
from meervoud.usage.changing import Said, pause
from meervoud.usage.models import PlanChange, Wait
from meervoud.usage.openness import Why
from meervoud.usage.plan_changes import Asking, accept_change, add_moments, decline_change, known_change, other_side
from meervoud.usage.plan_forms import PauseForm, WishForm
from meervoud.usage.plan_rows import alternatives_in_words, change_rows, moment_rows, offers_of, why_in_words
from meervoud.usage.planning import LEAVE_OUT, Preview, choose, preview_plan
from meervoud.usage.trial import trial_of
from meervoud.usage.waiting import let_go, take_up, wait_for
from meervoud.usage.wishes import hours_of

Shown = dict[str, Any]  # Any: what a template shows


@login_required
@require_safe
def show(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show every moment of an agreement, what waits for a yes, and what can be done."""
    return plan_page(request, agreement_of(request, agreement_id))


def plan_page(request: HttpRequest, found: Agreement, pause_form: PauseForm | None = None) -> HttpResponse:
    """Return the page of a plan; a pause that was filled in wrongly stands in the place of an empty form."""
    sides = sides_of(person_of(request), found)
    moment = now()
    rows = moment_rows(found)
    context = {
        "agreement": found,
        "coming": [each for each in rows if each["row"].ends_at > moment],
        "past": [each for each in reversed(rows) if each["row"].ends_at <= moment],
        "drafted": [] if rows else _drafted(found),
        "changes": [
            {**each, "may_answer": other_side(each["row"].side) in sides, "may_take_back": each["row"].side in sides}
            for each in change_rows(found)
        ],
        "waits": list(found.waits.filter(state__in=(Wait.State.WAITING, Wait.State.OFFERED))),
        "own_sides": sides,
        "trial": trial_of(found),
        "is_running": found.state in RUNNING,
        "is_asker": Side.ASKER in sides,
        "is_host": Side.HOST in sides,
        "may_add": bool(sides) and found.state in LIVE,
        "pause_form": pause_form or PauseForm(),
    }
    return render(request, "usage/plan.html", context, status=422 if pause_form is not None else 200)


def _drafted(agreement: Agreement) -> list[tuple[Any, Any]]:  # Any: aware moments
    return list(read_terms(last_version(agreement).terms).times.moments)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def more(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Ask which moments somebody wants, show what each day would be, and plan what was chosen."""
    found = agreement_of(request, agreement_id)
    sides = sides_of(person_of(request), found)
    if not sides or found.state not in LIVE:
        raise Http404
    data = request.POST if request.method == "POST" else request.GET
    form = WishForm(data if "often" in data else None, initial=_initial(found) | _asked(request))
    preview: Preview | None = None
    if form.is_bound and form.is_valid():
        preview = preview_plan(agreement=found, wish=form.wish, people=_people(found), now=now())
        if request.method == "POST" and "token" in request.POST:
            answer = _plan(request, found, form, preview, sides[0])
            if answer is not None:
                return answer
    is_wrong = form.is_bound and not form.is_valid()
    context = {"agreement": found, "form": form, **_shown(request, found, preview)}
    return render(request, "usage/more.html", context, status=422 if is_wrong else 200)


def _people(agreement: Agreement) -> int:
    return read_terms(version_that_counts(agreement).terms).people


def _initial(agreement: Agreement) -> Shown:
    moments = read_terms(last_version(agreement).terms).times.moments
    if not moments:
        return {}
    hours = hours_of(Span(*moments[0]), agreement.programme.time_zone)
    return {"starts": hours.starts, "ends": hours.ends}


def _asked(request: HttpRequest) -> Shown:
    """Return the days that a link asks for; what is no day is left out."""
    found: Shown = {}
    for name in ("first", "last"):
        with suppress(ValueError):
            found[name] = date.fromisoformat(request.GET.get(name, ""))
    return found


def _shown(request: HttpRequest, agreement: Agreement, preview: Preview | None) -> Shown:
    if preview is None:
        return {"preview": None}
    offers = offers_of(preview)
    return {
        "preview": preview,
        "conflicts": [
            {
                "row": row,
                "name": f"day-{row.day.isoformat()}",
                "chosen": request.POST.get(f"day-{row.day.isoformat()}", ""),
                "why": why_in_words(row),
                "may_wait": row.why is Why.TAKEN,
                "alternatives": alternatives_in_words(row, offers, agreement),
            }
            for row in preview.conflicts
        ],
        "leave_out": LEAVE_OUT,
        "request_key": request.POST.get("request_key") or uuid4().hex,
        "is_written": agreement.state not in RUNNING,
    }


def _plan(
    request: HttpRequest, agreement: Agreement, form: WishForm, preview: Preview, side: str
) -> HttpResponse | None:
    """Plan what was chosen; None where the page has to be shown again, with what was chosen."""
    choices = {name[4:]: str(value) for name, value in request.POST.items() if name.startswith("day-")}
    key = request.POST.get("request_key", "")[:36]
    asking = Asking(person_of(request), side, f"plan {key or uuid4().hex}", now())
    try:
        change = known_change(agreement, asking.request_key)
        if change is None:
            chosen = choose(preview, request.POST["token"], choices)
            change = add_moments(agreement=agreement, wish=form.wish, chosen=chosen, asking=asking)
    except MeervoudError as error:
        messages.error(request, say_error(error))
        return None
    number = len(change.rows)
    if change.state == PlanChange.State.DONE:
        text = ngettext("%(number)s moment is planned.", "%(number)s moments are planned.", number)
    elif agreement.state in RUNNING:
        text = ngettext(
            "%(number)s moment waits for a yes of the other side. Its time is kept.",
            "%(number)s moments wait for a yes of the other side. Their time is kept.",
            number,
        )
    else:
        text = ngettext(
            "%(number)s moment is part of the agreement now. Both sides agree to the new version.",
            "%(number)s moments are part of the agreement now. Both sides agree to the new version.",
            number,
        )
    messages.success(request, text % {"number": number})
    return redirect("plan", agreement.pk)


@login_required
@require_POST
def answer(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Say yes or no to moments that the other side wants, or take back what one's own side wanted."""
    rows = PlanChange.objects.visible_to(request.user).filter(pk=change_id)
    found = rows.select_related("agreement__offer__space").first()
    if found is None:
        raise Http404
    act = accept_change if request.POST.get("answer") == "yes" else decline_change
    try:
        act(change=found, by=person_of(request), now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("Your answer is noted."))
    return redirect("plan", found.agreement_id)


@login_required
@require_POST
def pause_it(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Withdraw every moment of some days, for the host."""
    found, form = agreement_of(request, agreement_id), PauseForm(request.POST)
    if not form.is_valid():
        return plan_page(request, found, form)
    said = Said(person_of(request), Side.HOST, "pause", now(), form.cleaned_data["text"])
    try:
        rows = pause(agreement=found, first=form.cleaned_data["first"], last=form.cleaned_data["last"], said=said)
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        text = ngettext("%(number)s moment is withdrawn.", "%(number)s moments are withdrawn.", len(rows))
        messages.success(request, text % {"number": len(rows)})
    return redirect("plan", found.pk)


@login_required
@require_POST
def wait(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Stand in the row for a time that is taken."""
    found = agreement_of(request, agreement_id)
    try:
        span = _span(request)
        wait_for(agreement=found, span=span, by=person_of(request), now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("You stand in the row. When this time comes free, you hear it first."))
    return redirect("plan", found.pk)


def _span(request: HttpRequest) -> Span:
    try:
        return Span(*(datetime.fromisoformat(request.POST.get(name, "")) for name in ("starts_at", "ends_at")))
    except ValueError as error:
        raise InputError("Choose a moment of the plan to wait for.", code="wait_time") from error


@login_required
@require_POST
def waited(request: HttpRequest, wait_id: UUID) -> HttpResponse:
    """Take up a time that came free, or let it go."""
    found = Wait.objects.visible_to(request.user).filter(pk=wait_id).select_related("agreement__offer", "space").first()
    if found is None:
        raise Http404
    try:
        if request.POST.get("answer") == "take":
            take_up(wait=found, by=person_of(request), now=now())
            messages.success(request, _("The host is asked now. The time is kept for you."))
        else:
            let_go(wait=found, by=person_of(request), now=now())
            messages.success(request, _("You wait for this time no longer."))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    return redirect("plan", found.agreement_id)
