"""Reports at the desk: begun, written, looked at, published, corrected."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now, today
from meervoud.lib.saying import say_error
from meervoud.outcomes.claimed import with_claimed
from meervoud.outcomes.corrections import as_read, correct_report, differences
from meervoud.outcomes.esg_warning import exposed_by
from meervoud.outcomes.facts import facts_of
from meervoud.outcomes.forms import usual_period
from meervoud.outcomes.frozen import TEXTS
from meervoud.outcomes.headlines import headlines
from meervoud.outcomes.models import ProgrammeReport, Published
from meervoud.outcomes.publishable import publishable
from meervoud.outcomes.register import GivesAwayError
from meervoud.outcomes.report_forms import BeginForm, CorrectionForm, ReportStoryForm, TextsForm
from meervoud.outcomes.reporting import (
    add_story,
    begin_report,
    change_report,
    publish_report,
    take_story_back,
)
from meervoud.outcomes.views.figures import shown
from meervoud.parties.current import person_of, staff_programme
from meervoud.places.city_map import city_map


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """List the reports of the programme, and begin one."""
    programme, person = staff_programme(request), person_of(request)
    first, last = usual_period(programme, today())
    over = min(last, today() - timedelta(days=1))
    form = BeginForm(
        request.POST or None, initial={"first": min(first, over), "last": over, "language": get_language()}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = begin_report(
                programme=programme,
                title=said["title"],
                language=said["language"],
                period=(said["first"], said["last"]),
                by=person,
                now=now(),
            )
        except MeervoudError as error:
            form.add_error("last", say_error(error))
        else:
            return redirect("report_edit", made.pk)
    rows = ProgrammeReport.objects.visible_to(person).filter(programme=programme).select_related("published")
    status = 422 if form.errors else 200
    return render(request, "outcomes/reports_desk.html", {"form": form, "reports": rows}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Write the texts of a report; one that is published can be corrected only."""
    report = report_of(request, report_id)
    published = published_of(report)
    form = TextsForm(request.POST or None, instance=None if published else report)
    if request.method == "POST" and not published and form.is_valid():
        change_report(report=report, by=person_of(request), **form.cleaned_data)
        messages.success(request, _("The texts are kept."))
        return redirect("report_edit", report.pk)
    return _edited(request, report, form, _correction_form(report) if published else None)


def _edited(
    request: HttpRequest, report: ProgrammeReport, form: TextsForm, correction_form: CorrectionForm | None
) -> HttpResponse:
    context: dict[str, Any] = {  # Any: what a template shows
        "report": report,
        "published": published_of(report),
        "form": form,
        "stories": report.stories.defer("picture"),
        "corrections": as_read(report.corrections.all()),
        "correction_form": correction_form,
    }
    if context["published"] is None:
        context["exposed"] = exposed_by(report, today())
    is_wrong = form.errors or (correction_form and correction_form.errors)
    return render(request, "outcomes/report_edit.html", context, status=422 if is_wrong else 200)


def _correction_form(report: ProgrammeReport, data: QueryDict | None = None) -> CorrectionForm:
    return CorrectionForm(data, auto_id="correction_%s", differences=differences(report))


@login_required
@require_safe
def preview(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show a draft as everybody will read it, small numbers hidden."""
    report = report_of(request, report_id)
    if published_of(report):
        return redirect("programme_report", report.pk)
    facts = publishable(facts_of(report.programme, report.first, report.last))
    facts = with_claimed(facts, report.programme, report.first, report.last)
    return render(request, "outcomes/report.html", {**read_by_all(report, facts, ""), "is_preview": True})


def read_by_all(report: ProgrammeReport, facts: dict[str, Any], area: str) -> dict[str, Any]:  # Any: JSON, a template
    """Return what the page of a report shows."""
    return {
        "report": report,
        "texts": {name: getattr(report, name) for name in TEXTS},
        "programme": report.programme,
        "first": report.first,
        "last": report.last,
        "headlines": headlines(facts),
        "is_empty": not facts["use"]["uses"] and not facts["imported"],
        "stories": report.stories.filter(withdrawn_at__isnull=True).defer("picture"),
        "corrections": as_read(report.corrections.all()),
        **shown(facts, area),
        "drawing": city_map(report.programme),
    }


@login_required
@require_POST
def publish(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Publish a report: from then on its figures and texts never change."""
    report = report_of(request, report_id)
    try:
        publish_report(report=report, by=person_of(request), now=now())
    except GivesAwayError as error:
        gaps = {"title": error.title, "first": error.first, "last": error.last}
        messages.error(request, "{} {}".format(say_error(error), _("It is %(title)s, %(first)s to %(last)s.") % gaps))
        return redirect("report_edit", report.pk)
    except MeervoudError as error:
        messages.error(request, say_error(error))
        return redirect("report_edit", report.pk)
    messages.success(request, _("The report is published. Everybody can read it now."))
    return redirect("programme_report", report.pk)


@login_required
@require_POST
def correct(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """List a correction beside a published report."""
    report = report_of(request, report_id)
    if published_of(report) is None:
        raise Http404
    form = _correction_form(report, request.POST)
    if not form.is_valid():
        return _edited(request, report, TextsForm(), form)
    figure, seen = form.choice()
    try:
        correct_report(report=report, figure=figure, seen=seen, why=form.cleaned_data["why"], by=person_of(request))
    except MeervoudError as error:
        form.add_error("figure", say_error(error))
        return _edited(request, report, TextsForm(), form)
    messages.success(request, _("The correction stands on the page of the report."))
    return redirect("report_edit", report.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def story(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Add a story to a report that is not published yet."""
    report = report_of(request, report_id)
    if published_of(report):
        raise Http404
    form = ReportStoryForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_story(report=report, by=person_of(request), **form.values())
        except MeervoudError as error:
            form.add_error("picture_file", say_error(error))
        else:
            return redirect("report_edit", report.pk)
    return render(request, "outcomes/story.html", {"form": form, "report": report}, status=422 if form.errors else 200)


@login_required
@require_POST
def story_back(request: HttpRequest, report_id: UUID, story_id: UUID) -> HttpResponse:
    """Take a story back, also after it was published."""
    report = report_of(request, report_id)
    found = report.stories.filter(pk=story_id, withdrawn_at__isnull=True).first()
    if found is None:
        raise Http404
    take_story_back(story=found, by=person_of(request), now=now())
    messages.success(request, _("The story is taken back: its words and its picture are erased."))
    return redirect("report_edit", report.pk)


def report_of(request: HttpRequest, report_id: UUID) -> ProgrammeReport:
    """Return a report of the programme that the viewer works for.

    Raises:
        Http404: it is not theirs, or not there.
    """
    rows = ProgrammeReport.objects.visible_to(request.user).filter(pk=report_id, programme=staff_programme(request))
    found = rows.select_related("programme").first()
    if found is None:
        raise Http404
    return found


def published_of(report: ProgrammeReport) -> Published | None:
    """Return what was published of a report; None while it is a draft."""
    return Published.objects.every(because="of a report that was found").filter(report=report).first()
