"""Valuing a plan: computing a run, reading it, and opening a claim down to its sources."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meervoud.core.errors import InputError
from meervoud.core.impact.valuation.statement import DoubleCountError
from meervoud.files.impact.statement_out import say_issue
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error, spoken
from meervoud.outcomes.impact import run_words
from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.grade_words import Grades, grades_of_run
from meervoud.outcomes.impact.provenance import claim_words
from meervoud.outcomes.impact.report_facts import value_of, wave_facts
from meervoud.outcomes.impact.screens.value import PAYERS
from meervoud.outcomes.impact.valuing import value_plan
from meervoud.outcomes.models import ImpactPlan, Step, ValuationRun
from meervoud.outcomes.views.impact.plans import plan_of, url_of
from meervoud.parties.current import person_of


@login_required
@require_POST
def compute(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Value a plan as it stands."""
    plan = plan_of(request, plan_id)
    try:
        run = value_plan(plan=plan, by=person_of(request), now=now())
    except InputError as error:
        for said in _refusals(error):
            messages.error(request, said)
        return redirect(url_of(plan, Step.VALUE))
    messages.success(request, _("Computed. The range comes first; what it rests on stands below."))
    return redirect("impact_run", plan.pk, run.pk)


def _refusals(error: InputError) -> list[str]:
    """Something counted twice is said for each of them, not once for all."""
    if isinstance(error, DoubleCountError):
        return [say_issue(spoken(), each) for each in error.issues]
    return [say_error(error)]


@login_required
@require_safe
def run(request: HttpRequest, plan_id: UUID, run_id: UUID) -> HttpResponse:
    """Show a run: the range, its sentences, and one click deeper what moves it."""
    plan = plan_of(request, plan_id)
    row = run_of(plan, run_id)
    shown = told(row.statement, row.sources, grades_of_run(row.sources))
    return render(request, "outcomes/impact/run.html", {"plan": plan, "run": row, **shown})


def told(statement: Content, sources: Content, grades: Grades) -> dict[str, Any]:  # Any: what a template shows
    """Return what a page shows of a run."""
    return {
        "lines": run_words.three_lines(statement, grades),
        "returns": run_words.return_words(statement, sources.get("rooms", "")),
        "claims": run_words.claims_of(sources, grades),
        "swings": run_words.swings(statement),
        "turnings": run_words.turnings(statement),
        "streams": run_words.streams(statement),
        "years": range(1, 1 + max((len(each) for each in statement["streams"].values()), default=0)),
        "discount": run_words.discount_words(sources.get("discount")),
        "payers": run_words.payers(statement, {str(payer): name for payer, name in PAYERS}),
        "unusual": run_words.warnings_of(statement),
        "assumed": run_words.assumed_words(statement),
    }


@login_required
@require_safe
def claim(request: HttpRequest, plan_id: UUID, run_id: UUID, number: int) -> HttpResponse:
    """Open one claim down to the query of the ledger, the waves and the price it rests on."""
    plan = plan_of(request, plan_id)
    row = run_of(plan, run_id)
    found = claim_words(value_of(row), wave_facts(plan), number)
    if found is None:
        raise Http404
    return render(request, "outcomes/impact/claim.html", {"plan": plan, "run": row, "claim": found})


def run_of(plan: ImpactPlan, run_id: UUID) -> ValuationRun:
    """Return a run of a plan that was found.

    Raises:
        Http404: it is not of this plan, or not there.
    """
    found = plan.runs.filter(pk=run_id).first()
    if found is None:
        raise Http404
    return found
