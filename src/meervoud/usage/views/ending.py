"""The pages of the end of an agreement, and of what a trial evening leads to."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meervoud.agreements.drafts import sides_of, version_that_counts
from meervoud.agreements.ending import Depends, DependsError, note_dependence, plan_for
from meervoud.agreements.models import LIVE, RUNNING, WRITTEN, Agreement, Dependence, Notice
from meervoud.agreements.terms import read_terms
from meervoud.agreements.views.agreements import agreement_of
from meervoud.core.errors import InputError, MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error
from meervoud.matching.models import Side
from meervoud.parties.current import person_of
from meervoud.usage.ending import (
    Ending,
    confirm_notice,
    give_notice,
    last_day_of,
    look_for_another,
    take_back_notice,
)
from meervoud.usage.ending_forms import DependsForm, NoticeForm, PlanForm, TrialForm
from meervoud.usage.plan_changes import other_side
from meervoud.usage.trial import TO_ANSWER, answer_trial, may_answer, trial_of

Shown = dict[str, Any]  # Any: what a template shows


def say(error: MeervoudError) -> str:
    """Return what an error says, with the names of who depends on a place."""
    if isinstance(error, DependsError):
        text = _("It cannot end yet: %(names)s depend on it and have no plan. Write down their plan first.")
        return text % {"names": error.names}
    return say_error(error)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show when and how an agreement ends, who depends on it, and take notice."""
    found = agreement_of(request, agreement_id)
    if found.state in WRITTEN or found.signed_at is None:
        raise Http404
    if request.method != "POST":
        return end_page(request, found)
    form = NoticeForm(request.POST)
    if form.is_valid() and _is_given(request, found, form):
        return redirect("agreement_end", found.pk)
    return end_page(request, found, notice_form=form)


def _is_given(request: HttpRequest, found: Agreement, form: NoticeForm) -> bool:
    values = form.cleaned_data
    said = Ending(person_of(request), _own_side(request, found), values["last_day"], values["why"], values["text"])
    try:
        notice = give_notice(agreement=found, said=said, now=now())
    except InputError as error:
        form.add_error(None, say(error))
        return False
    except MeervoudError as error:
        messages.error(request, say(error))
        return True
    if notice.confirmed_at is None:
        messages.success(request, _("The other side is asked whether it wants this too."))
    else:
        messages.success(request, _("Noted. Both sides see the last day here."))
    return True


def _own_side(request: HttpRequest, found: Agreement) -> str:
    """Return the side that somebody acts for: the one they chose where they speak for both."""
    sides = sides_of(person_of(request), found)
    said = request.POST.get("side", "")
    return said if said in sides or not sides else sides[0]


def end_page(request: HttpRequest, found: Agreement, **bound: Any) -> HttpResponse:  # Any: bound forms, and whose
    """Return the page of the end; a form that was filled in wrongly stands in the place of an empty one."""
    sides = sides_of(person_of(request), found)
    notice = found.notices.filter(taken_back_at__isnull=True).first()
    last = last_day_of(found)
    rows = list(found.dependences.all())
    context = {
        "agreement": found,
        "is_running": found.state in RUNNING,
        "last_day": last,
        "notice": notice,
        "may_confirm": notice is not None and notice.confirmed_at is None and other_side(notice.side) in sides,
        "may_take_back": notice is not None and notice.side in sides,
        "own_sides": [(each, Side(each).label) for each in sides],
        "is_asker": Side.ASKER in sides,
        "rows": [{"row": each, "form": _plan_form(each, bound)} for each in rows],
        "open": [each for each in rows if not each.plan],
        "notice_days": read_terms(version_that_counts(found).terms).notice_days,
        "notice_form": bound.get("notice_form") or NoticeForm(),
        "depends_form": bound.get("depends_form") or DependsForm(auto_id="depends_%s"),
        "more": f"{reverse('plan_more', args=[found.pk])}?{urlencode(_following(found))}",
    }
    return render(request, "usage/end.html", context, status=422 if bound else 200)


def _plan_form(row: Dependence, bound: Mapping[str, Any]) -> PlanForm:  # Any: bound forms
    if bound.get("plan_of") == row.pk:
        return bound["plan_form"]  # type: ignore[no-any-return]  # a PlanForm
    return PlanForm(auto_id=f"plan_{row.pk.hex}_%s", initial={"plan": row.plan, "text": row.plan_text})


def _following(found: Agreement) -> dict[str, str]:
    """Return what the page for more moments begins with: as long again; it knows the hours itself."""
    times = read_terms(version_that_counts(found).terms).times
    first = last_day_of(found) + timedelta(days=1)
    last = first + min(times.last - times.first, timedelta(days=365))
    return {"first": first.isoformat(), "last": last.isoformat()}


@login_required
@require_POST
def depends(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Write down who depends on the place."""
    found = agreement_of(request, agreement_id)
    form = DependsForm(request.POST, auto_id="depends_%s")
    if not form.is_valid():
        return end_page(request, found, depends_form=form) if found.signed_at else _none()
    said = Depends(form.cleaned_data["who"], form.cleaned_data["people"], form.cleaned_data["needs"])
    try:
        note_dependence(agreement=found, by=person_of(request), said=said)
    except MeervoudError as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("Noted. The agreement does not end before they have a plan."))
    return redirect("agreement_end" if found.signed_at else "agreement", found.pk)


def _none() -> HttpResponse:
    raise Http404


@login_required
@require_POST
def plan(request: HttpRequest, dependence_id: UUID) -> HttpResponse:
    """Write down the plan of who depends on the place."""
    rows = Dependence.objects.visible_to(request.user).filter(pk=dependence_id)
    found = rows.select_related("agreement__offer__space").first()
    if found is None:
        raise Http404
    form = PlanForm(request.POST, auto_id=f"plan_{found.pk.hex}_%s")
    if not form.is_valid():
        return end_page(request, agreement_of(request, found.agreement_id), plan_form=form, plan_of=found.pk)
    said = form.cleaned_data
    try:
        plan_for(dependence=found, by=person_of(request), plan=said["plan"], text=said["text"], now=now())
    except MeervoudError as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("The plan is noted."))
    return redirect("agreement_end", found.agreement_id)


@login_required
@require_POST
def answer(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Say that one's own side wants the end too, or take notice back."""
    rows = Notice.objects.visible_to(request.user).filter(pk=notice_id)
    found = rows.select_related("agreement__offer__space").first()
    if found is None:
        raise Http404
    act = confirm_notice if request.POST.get("answer") == "yes" else take_back_notice
    try:
        act(notice=found, by=person_of(request), now=now())
    except MeervoudError as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("Your answer is noted."))
    return redirect("agreement_end", found.agreement_id)


@login_required
@require_POST
def again(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Open the request of the group again."""
    found = agreement_of(request, agreement_id)
    try:
        look_for_another(agreement=found, by=person_of(request), now=now())
    except MeervoudError as error:
        messages.error(request, say(error))
        return redirect("agreement", found.pk)
    messages.success(request, _("Your request is open again. Check the days that you need."))
    return redirect("request", found.request_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show the trial evening, and take what each side wants after it."""
    found = agreement_of(request, agreement_id)
    evening = trial_of(found)
    if evening is None or found.state not in LIVE:
        raise Http404
    form = TrialForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _is_answered(request, found, form):
        return redirect("agreement", found.pk)
    sides = sides_of(person_of(request), found)
    answers = {each.side: each for each in found.trial_answers.all()}
    context = {
        "agreement": found,
        "trial": evening,
        "may_answer": may_answer(evening, now()),
        "until": evening.ends_at + TO_ANSWER,
        "sides": [(Side(each).label, answers.get(each)) for each in Side.values],
        "own_sides": [(each, Side(each).label) for each in sides],
        "form": form,
    }
    return render(request, "usage/trial.html", context, status=422 if form.errors else 200)


def _is_answered(request: HttpRequest, found: Agreement, form: TrialForm) -> bool:
    said = form.cleaned_data
    try:
        answer_trial(
            agreement=found,
            side=_own_side(request, found),
            by=person_of(request),
            goes_on=said["goes_on"] == "yes",
            reason=said["reason"],
            now=now(),
        )
    except InputError as error:
        form.add_error("reason", say(error))
        return False
    except MeervoudError as error:
        messages.error(request, say(error))
        return True
    messages.success(request, _("Your answer is noted."))
    return True
