"""A new project tested against the mission: another plan, or outcomes that somebody ticks. Nothing is stored."""

from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meervoud.outcomes.impact.book import Book, book_of
from meervoud.outcomes.impact.fitting import (
    Mission,
    ProjectForm,
    SameForm,
    TickForm,
    fit_of_plan,
    fit_of_ticked,
    mission_of,
    suggested,
    unwanted_of,
    wanted_of,
)
from meervoud.outcomes.impact.theory_words import problems_told
from meervoud.outcomes.models import ImpactPlan, Step
from meervoud.outcomes.views.impact.plans import plan_of
from meervoud.parties.current import person_of

MOST_PLANS: Final = 200


@login_required
@require_safe
def show(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Test a project against the mission of a plan."""
    plan = plan_of(request, plan_id)
    book = book_of(plan)
    mission = mission_of(book)
    others = ImpactPlan.objects.visible_to(person_of(request)).exclude(pk=plan.pk).order_by("title", "created_at")
    plans = [(str(each.pk), each.title) for each in others[:MOST_PLANS]]
    context: dict[str, Any] = {"plan": plan, "mission": mission, "plans": plans}  # Any: what a template shows
    if "project" in request.GET:
        context |= _of_plan(request, book, mission)
    else:
        context |= _of_ticks(request, mission)
    context["project_form"] = ProjectForm(
        {"project": request.GET.get("project", "")} if "other" in context else None, plans=plans
    )
    return render(request, "outcomes/impact/fit.html", context)


def _of_plan(request: HttpRequest, book: Book, mission: Mission) -> dict[str, Any]:  # Any: what a template shows
    other = plan_of(request, _id_of(request.GET["project"]))
    project = book_of(other)
    names, known = wanted_of(project), suggested(project, book)
    is_said = any(name.startswith("same-") for name in request.GET)
    form = SameForm(
        request.GET if is_said else None,
        project=names,
        mission=mission,
        initial={f"same-{name}": to for name, to in known.items()},
    )
    mapped = form.mapped() if is_said and form.is_valid() else known
    return {
        "other": other,
        "same_form": form,
        "fit": fit_of_plan(mission, names, mapped) if mission.names and names else None,
        "unwanted": unwanted_of(project),
        "problems": problems_told(project),
        "is_drawn": bool(project.rows(Step.THEORY, "nodes")),
        "is_guess": not is_said,
    }


def _of_ticks(request: HttpRequest, mission: Mission) -> dict[str, Any]:  # Any: what a template shows
    is_said = "ticked" in request.GET
    form = TickForm(request.GET if is_said else None, mission=mission)
    ticked = form.cleaned_data["reaches"] if is_said and form.is_valid() else None
    return {"tick_form": form, "fit": fit_of_ticked(mission, ticked) if mission.names and ticked is not None else None}


def _id_of(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
