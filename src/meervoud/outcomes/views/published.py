"""Published reports, for everybody: the page, one figure with its definition and evidence, pictures of stories."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from meervoud.lib.images import MEDIA_TYPE
from meervoud.outcomes.corrections import as_read
from meervoud.outcomes.frozen import read_frozen
from meervoud.outcomes.headlines import headlines
from meervoud.outcomes.models import Figure, Published, Story
from meervoud.outcomes.views.figures import evidence_rows
from meervoud.outcomes.views.reports import read_by_all
from meervoud.parties.current import programme_of

KEPT_SECONDS = int(timedelta(hours=1).total_seconds())


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the published reports of the programme."""
    rows = Published.objects.published().filter(report__programme=programme_of(request)).defer("data")
    return render(
        request, "outcomes/reports.html", {"reports": rows.select_related("report").order_by("-report__last")}
    )


@require_safe
def show(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show a report as it was published, its hash, and what was corrected since."""
    published, said = found(report_id)
    context = read_by_all(published.report, said["facts"], request.GET.get("area", ""))
    return render(request, "outcomes/report.html", {**context, "published": published, "texts": said["texts"]})


@require_safe
def figure(request: HttpRequest, report_id: UUID, name: str) -> HttpResponse:
    """Open one figure of a report: what it means, and how it is known."""
    published, said = found(report_id)
    headline = next((each for each in headlines(said["facts"]) if each.code == name), None)
    if name not in Figure.values or headline is None:
        raise Http404
    context: dict[str, Any] = {  # Any: what a template shows
        "report": published.report,
        "published": published,
        "headline": headline,
        "evidence": evidence_rows(said["facts"]),
        "areas": said["facts"]["areas"],
        "corrections": as_read(published.report.corrections.filter(figure=name)),
        "programme": published.report.programme,
    }
    return render(request, "outcomes/report_figure.html", context)


@require_safe
def picture(request: HttpRequest, story_id: UUID) -> HttpResponse:  # noqa: ARG001  # Django hands it in
    """Give the picture of a story that may be seen."""
    row = Story.objects.published().filter(pk=story_id, withdrawn_at__isnull=True).exclude(picture=b"").first()
    if row is None:
        raise Http404
    response = HttpResponse(bytes(row.picture), content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def found(report_id: UUID) -> tuple[Published, dict[str, Any]]:  # Any: values of JSON
    """Return a published report and what it says.

    Raises:
        Http404: there is none.
    """
    rows = Published.objects.published().filter(report=report_id).select_related("report__programme")
    published = rows.first()
    if published is None:
        raise Http404
    return published, read_frozen(published)
