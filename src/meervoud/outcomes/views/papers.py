"""The files of a published report, for everybody: PDFs, and its numbers as data."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from meervoud.agreements.views.papers import handed
from meervoud.lib.typeset import MEDIA_TYPE as PDF_TYPE
from meervoud.outcomes.models import Published
from meervoud.outcomes.report_papers import HASH_LETTERS, report_pdf
from meervoud.outcomes.report_sheets import sheets_of
from meervoud.outcomes.report_summary import summary_pdf
from meervoud.outcomes.sheet_files import write_csv, write_xlsx
from meervoud.outcomes.views.published import found

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def report(request: HttpRequest, report_id: UUID) -> HttpResponse:  # noqa: ARG001  # Django hands it in
    """Give the whole report as a PDF."""
    published, said = found(report_id)
    return handed(report_pdf(published, said), PDF_TYPE, _name(published, said, "report", "pdf"))


@require_safe
def summary(request: HttpRequest, report_id: UUID) -> HttpResponse:  # noqa: ARG001  # Django hands it in
    """Give one A4: what we know, what we do not know."""
    published, said = found(report_id)
    return handed(summary_pdf(published, said), PDF_TYPE, _name(published, said, "one-page", "pdf"))


@require_safe
def csv(request: HttpRequest, report_id: UUID) -> HttpResponse:  # noqa: ARG001  # Django hands it in
    """Give the numbers of a report as one long table."""
    published, said = found(report_id)
    return handed(write_csv(sheets_of(published, said)), CSV_TYPE, _name(published, said, "data", "csv"))


@require_safe
def xlsx(request: HttpRequest, report_id: UUID) -> HttpResponse:  # noqa: ARG001  # Django hands it in
    """Give the numbers of a report as a workbook."""
    published, said = found(report_id)
    return handed(write_xlsx(sheets_of(published, said)), XLSX_TYPE, _name(published, said, "data", "xlsx"))


def _name(published: Published, said: dict[str, Any], kind: str, ending: str) -> str:  # Any: values of JSON
    mark = "-made-up" if said["facts"]["programme"]["is_made_up"] else ""
    return f"{kind}{mark}-{published.sha256[:HASH_LETTERS]}.{ending}"
