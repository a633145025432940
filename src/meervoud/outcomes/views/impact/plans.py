"""Impact plans: the list of mine, beginning one, its nine steps, and each step."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error
from meervoud.outcomes.impact.begin_forms import BeginPlanForm
from meervoud.outcomes.impact.book import Book, book_of
from meervoud.outcomes.impact.report_facts import write_collection
from meervoud.outcomes.impact.rules import Standing, standing, what_lacks
from meervoud.outcomes.impact.screens.indicators import IndicatorsScreen
from meervoud.outcomes.impact.screens.measurement import MeasurementScreen
from meervoud.outcomes.impact.screens.netting import NettingScreen
from meervoud.outcomes.impact.screens.report import ReportScreen
from meervoud.outcomes.impact.screens.scope import ScopeScreen
from meervoud.outcomes.impact.screens.screen import EditsForm, Screen
from meervoud.outcomes.impact.screens.stakeholders import StakeholdersScreen
from meervoud.outcomes.impact.screens.value import ValueScreen
from meervoud.outcomes.impact.writing import begin_plan, keep_step, lock_step, open_step
from meervoud.outcomes.models import ImpactPlan, Step
from meervoud.parties.current import person_of

SCREENS: Final[dict[Step, type[Screen]]] = {
    Step.SCOPE: ScopeScreen,
    Step.STAKEHOLDERS: StakeholdersScreen,
    Step.INDICATORS: IndicatorsScreen,
    Step.MEASUREMENT: MeasurementScreen,
    Step.NETTING: NettingScreen,
    Step.VALUE: ValueScreen,
    Step.REPORT: ReportScreen,
}
OWN_PAGES: Final = {Step.THEORY: "impact_theory", Step.COLLECTION: "impact_collect"}
HINTS: Final = {
    Step.SCOPE: gettext_lazy("One sentence of mission, a period, an area, and what you leave out."),
    Step.STAKEHOLDERS: gettext_lazy("Who is touched, who decides, who cares, and what each group wishes."),
    Step.THEORY: gettext_lazy("How what you do leads to what changes, drawn as boxes and arrows."),
    Step.INDICATORS: gettext_lazy("Which changes matter most, and what measures them."),
    Step.MEASUREMENT: gettext_lazy("Which questions, when, and how many minutes they cost."),
    Step.COLLECTION: gettext_lazy("A link, a code to scan or paper; and how often people really came."),
    Step.NETTING: gettext_lazy("What would have happened anyway, and what others brought about."),
    Step.VALUE: gettext_lazy("What the change is worth, as a range with its sources. You may skip this."),
    Step.REPORT: gettext_lazy("A page for everybody, what you decide, and what the next euro would do."),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """List the plans that a person writes in, and begin one."""
    person = person_of(request)
    form = BeginPlanForm(request.POST or None, person=person, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        plan = begin_plan(by=person, **form.values())
        messages.success(request, _("Your plan is begun. Nothing is shown to others until you publish a report."))
        return redirect("impact_plan", plan.pk)
    plans = ImpactPlan.objects.visible_to(person).select_related("request", "organisation", "programme")
    context = {"form": form, "plans": plans, "may_begin": bool(form.fields["about"].choices)}  # type: ignore[attr-defined]  # choices
    return render(request, "outcomes/impact/plans.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def show(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show the nine steps of a plan, and where each stands."""
    plan = plan_of(request, plan_id)
    found = standing(book_of(plan))
    done = sum(each.status == "done" for each in found)
    context = {"plan": plan, "tasks": [_task(plan, each) for each in found], "done": done, "total": len(found)}
    return render(request, "outcomes/impact/plan.html", context)


def _task(plan: ImpactPlan, found: Standing) -> dict[str, Any]:  # Any: see components/task_list.html
    hint = str(HINTS[found.step])
    if found.is_locked:
        locked = _("Version %(number)s, locked.") % {"number": found.number}
        hint = f"{hint} {locked}"
    return {
        "title": f"{found.step.value}. {found.step.label}",
        "hint": hint,
        "url": url_of(plan, found.step),
        "status": found.status,
    }


def url_of(plan: ImpactPlan, step: Step) -> str:
    """Return the address of a step: most have the one page of steps, two a page of their own."""
    if step in OWN_PAGES:
        return reverse(OWN_PAGES[step], args=[plan.pk])
    return reverse("impact_step", args=[plan.pk, int(step)])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, plan_id: UUID, number: int) -> HttpResponse:
    """Write in a step."""
    plan, which = plan_of(request, plan_id), step_of(number)
    if which not in SCREENS:
        return redirect(url_of(plan, which))
    book = book_of(plan)
    screen = SCREENS[which](book, request.POST if request.method == "POST" else None)
    others = list[str]()
    if request.method != "POST" and book.is_locked(which):
        screen.only_read()
    if request.method == "POST" and screen.is_valid():
        edits = screen.edits.cleaned_data["edits"] or 0
        try:
            keep_step(plan=plan, step=which, content=screen.content(), edits=edits, by=person_of(request))
        except MeervoudError as error:
            others = [say_error(error)]
        else:
            return _kept(request, plan, which)
    status = 422 if request.method == "POST" else 200
    return render(request, screen.template, {**around(book, which), **shown(screen, others)}, status=status)


def _kept(request: HttpRequest, plan: ImpactPlan, which: Step) -> HttpResponse:
    lacks = what_lacks(book_of(plan), which)
    said = _("Kept. This step has what it needs.")
    if lacks:
        said = ngettext(
            "Kept. %(number)s thing is still missing in this step.",
            "Kept. %(number)s things are still missing in this step.",
            len(lacks),
        ) % {"number": len(lacks)}
    messages.success(request, said)
    return redirect(url_of(plan, which))


def shown(screen: Screen, others: list[str]) -> dict[str, Any]:  # Any: what a template shows
    """Return what the page of a step shows of its forms, and what is wrong with them."""
    wrong = [each for each in screen.forms() if each.is_bound and each.errors]
    return {"edits": screen.edits, "wrong": wrong, "others": others, **screen.context()}


def around(book: Book, which: Step) -> dict[str, Any]:  # Any: what a template shows
    """Return what every page of a step shows: its place among the nine, what it lacks, whether it is locked."""
    plan, newest = book.plan, book.versions.get(which)
    return {
        "plan": plan,
        "step": which,
        "hint": HINTS[which],
        "lacks": what_lacks(book, which) if newest else [],
        "may_lock": _may_lock(book, which),
        "newest": newest,
        "is_locked": book.is_locked(which),
        "versions": plan.versions.filter(step=which, locked_at__isnull=False).order_by("-number"),
        "before": (Step(which - 1), url_of(plan, Step(which - 1))) if which > Step.SCOPE else None,
        "after": (Step(which + 1), url_of(plan, Step(which + 1))) if which < Step.REPORT else None,
    }


def _may_lock(book: Book, which: Step) -> bool:
    """What is collected is written down when it is locked: there is nothing to keep before that."""
    is_begun = which in book.versions or which == Step.COLLECTION
    return is_begun and not book.is_locked(which) and not what_lacks(book, which)


def _edits_seen(request: HttpRequest, which: Step) -> int | None:
    """Return how often the step was kept, as the page said; what is collected is written down only now."""
    form = EditsForm(request.POST)
    return form.cleaned_data["edits"] if form.is_valid() and which != Step.COLLECTION else None


@login_required
@require_POST
def lock(request: HttpRequest, plan_id: UUID, number: int) -> HttpResponse:
    """Lock a step, or open a locked one again as a new version."""
    plan, which, person = plan_of(request, plan_id), step_of(number), person_of(request)
    try:
        if request.POST.get("open"):
            row = open_step(plan=plan, step=which, by=person)
            messages.success(request, _("Version %(number)s is begun; the locked one stays.") % {"number": row.number})
        elif what_lacks(book_of(plan), which):
            messages.error(request, _("This step is not complete yet. What is missing stands on top of the page."))
        else:
            if which == Step.COLLECTION:
                write_collection(plan=plan, by=person)
            row = lock_step(plan=plan, step=which, by=person, now=now(), edits=_edits_seen(request, which))
            messages.success(request, _("Version %(number)s is locked and stays as it is.") % {"number": row.number})
    except MeervoudError as error:
        messages.error(request, say_error(error))
    return redirect(url_of(plan, which))


def plan_of(request: HttpRequest, plan_id: UUID) -> ImpactPlan:
    """Return a plan that the viewer writes in.

    Raises:
        Http404: it is not theirs, or not there.
    """
    rows = ImpactPlan.objects.visible_to(request.user).filter(pk=plan_id)
    found = rows.select_related("request", "organisation", "programme").first()
    if found is None:
        raise Http404
    return found


def step_of(number: int) -> Step:
    """Return a step by its number.

    Raises:
        Http404: there is none.
    """
    try:
        return Step(number)
    except ValueError as error:
        raise Http404 from error
