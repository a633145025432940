"""Impact reports: looked at, published, withdrawn; read by everybody, down to the sources of each claim."""

import json
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.agreements.views.papers import handed
from meervoud.core.errors import MeervoudError
from meervoud.core.impact.effects import FEWEST
from meervoud.lib.clock import now
from meervoud.lib.images import MEDIA_TYPE
from meervoud.lib.saying import say_error
from meervoud.lib.typeset import MEDIA_TYPE as PDF_TYPE
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.frozen import read_bytes
from meervoud.outcomes.impact import report_words as words
from meervoud.outcomes.impact.book import book_of
from meervoud.outcomes.impact.cids_export import cids_bytes
from meervoud.outcomes.impact.grade_words import grades_of_report, say_grade
from meervoud.outcomes.impact.paper import impact_pdf
from meervoud.outcomes.impact.provenance import claim_words
from meervoud.outcomes.impact.publishing import (
    add_impact_story,
    publish_impact_report,
    take_impact_story_back,
    withdraw_impact_report,
)
from meervoud.outcomes.impact.report_facts import facts_of_plan
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, ImpactReport, ImpactStory, Step
from meervoud.outcomes.report_forms import ImpactStoryForm
from meervoud.outcomes.views.impact.plans import plan_of, url_of
from meervoud.outcomes.views.impact.values import told
from meervoud.outcomes.views.published import KEPT_SECONDS
from meervoud.parties.current import person_of

JSON_TYPE: Final = "application/json"
LD_TYPE: Final = "application/ld+json"
HASH_LETTERS: Final = 12
MOST_VOICES: Final = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the impact reports that are out, the newest of each plan."""
    rows = ImpactReport.objects.published().select_related("plan").order_by("-at")
    newest = dict[UUID, ImpactReport]()
    for each in rows:
        newest.setdefault(each.plan_id, each)
    return render(request, "outcomes/impact/reports.html", {"reports": list(newest.values())})


@login_required
@require_safe
def preview(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show a plan as everybody will read it."""
    plan = plan_of(request, plan_id)
    facts, _sheets = facts_of_plan(book_of(plan))
    # as bytes and back, so that what is looked at is what would be published
    shown = read_by_all(json.loads(json.dumps(facts)))
    return render(request, "outcomes/impact/report.html", {**shown, "plan": plan, "is_preview": True})


def read_by_all(facts: Facts) -> dict[str, Any]:  # Any: what a template shows
    """Return what the page of a report shows."""
    return {
        "facts": facts,
        "period": words.period_words(facts),
        "use": words.use_words(facts),
        "outcomes": words.outcomes_of(facts),
        "decisions": words.decisions_of(facts),
        "value": words.value_words(facts),
        "in_kind": words.contribution_words(facts),
        "in_kind_grade": say_grade(grades_of_report(facts).in_kind),
        "funding": words.funding_words(facts),
        "telling": facts["telling"],
    }


@login_required
@require_POST
def publish(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Publish a report of a plan: from then on it never changes."""
    plan = plan_of(request, plan_id)
    try:
        row = publish_impact_report(plan=plan, by=person_of(request), now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
        return redirect("impact_preview", plan.pk)
    messages.success(request, _("The report is published. Everybody can read it now."))
    return redirect("impact_report", row.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, plan_id: UUID, report_id: UUID) -> HttpResponse:
    """Take a report offline."""
    plan = plan_of(request, plan_id)
    row = plan.reports.filter(pk=report_id).first()
    if row is None:
        raise Http404
    try:
        withdraw_impact_report(report=row, by=person_of(request), now=now())
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        messages.success(request, _("The report is withdrawn: nobody can read it here any more."))
    return redirect(url_of(plan, Step.REPORT))


@require_safe
def show(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show a report as it was published."""
    row, facts = found(report_id)
    stories = row.plan.stories.filter(withdrawn_at__isnull=True, consent_on__isnull=False).defer("picture")
    beside = {"stories": stories, "voices": voices_of(row.plan)}
    return render(request, "outcomes/impact/report.html", {**read_by_all(facts), "report": row, **beside})


def voices_of(plan: ImpactPlan) -> list[AnswerSheet]:
    """Return what people wrote that somebody has cleared; not of fewer than five. It stays outside the bytes, as stories do."""
    rows = AnswerSheet.objects.of(wave=plan.waves.all()).filter(words_cleared=True).exclude(words="")
    found = list(rows.only("words", "language", "wave_id").order_by("pk")[:MOST_VOICES])
    return found if len(found) >= FEWEST else []


@require_safe
def value(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show how the value of a report was computed: what moves it, where it turns, what it claims."""
    row, facts = found(report_id)
    if facts["value"] is None:
        raise Http404
    shown = told(facts["value"]["statement"], facts["value"]["sources"], grades_of_report(facts))
    return render(request, "outcomes/impact/report_value.html", {**shown, "report": row, "facts": facts})


@require_safe
def claim(request: HttpRequest, report_id: UUID, number: int) -> HttpResponse:
    """Open one claim of a report down to its sources."""
    row, facts = found(report_id)
    opened = claim_words(facts["value"], facts["waves"], number) if facts["value"] else None
    if opened is None:
        raise Http404
    return render(request, "outcomes/impact/claim.html", {"report": row, "claim": opened})


@require_safe
def data(request: HttpRequest, report_id: UUID) -> HttpResponse:  # noqa: ARG001  # Django hands it in
    """Give the bytes that were published, as they are: their hash is the one on the page."""
    row, _facts = found(report_id)
    return handed(bytes(row.data), JSON_TYPE, _name(row, "json"))


@require_safe
def cids(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Give a report in the Common Impact Data Standard."""
    row, facts = found(report_id)
    base = request.build_absolute_uri(request.path.removesuffix("cids.jsonld"))
    return handed(cids_bytes(row, facts, base), LD_TYPE, _name(row, "jsonld"))


@require_safe
def paper(request: HttpRequest, report_id: UUID) -> HttpResponse:  # noqa: ARG001  # Django hands it in
    """Give a report on one page, as a PDF."""
    row, facts = found(report_id)
    return handed(impact_pdf(row, facts), PDF_TYPE, _name(row, "pdf"))


def _name(row: ImpactReport, ending: str) -> str:
    mark = "-made-up" if row.plan.is_made_up else ""
    return f"impact{mark}-{row.sha256[:HASH_LETTERS]}.{ending}"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def story(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Add a story beside the reports of a plan."""
    plan = plan_of(request, plan_id)
    form = ImpactStoryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_impact_story(plan=plan, by=person_of(request), said=form.values())
        except MeervoudError as error:
            form.add_error("picture_file", say_error(error))
        else:
            return redirect(url_of(plan, Step.REPORT))
    context = {"form": form, "plan": plan}
    return render(request, "outcomes/impact/story.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def story_back(request: HttpRequest, plan_id: UUID, story_id: UUID) -> HttpResponse:
    """Take a story back."""
    plan = plan_of(request, plan_id)
    row = plan.stories.filter(pk=story_id, withdrawn_at__isnull=True).first()
    if row is None:
        raise Http404
    take_impact_story_back(story=row, by=person_of(request), now=now())
    messages.success(request, _("The story is taken back: its words and its picture are erased."))
    return redirect(url_of(plan, Step.REPORT))


@require_safe
def picture(request: HttpRequest, story_id: UUID) -> HttpResponse:  # noqa: ARG001  # Django hands it in
    """Give the picture of a story that may be seen."""
    row = ImpactStory.objects.published().filter(pk=story_id).exclude(picture=b"").first()
    if row is None:
        raise Http404
    response = HttpResponse(bytes(row.picture), content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def found(report_id: UUID) -> tuple[ImpactReport, Facts]:
    """Return a published report and what it says.

    Raises:
        Http404: there is none, or it was withdrawn.
    """
    row = ImpactReport.objects.published().filter(pk=report_id).select_related("plan").first()
    if row is None:
        raise Http404
    return row, read_bytes(row)
