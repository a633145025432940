"""Use from before, at the desk: give a sheet, look at what it says, confirm it, take it back."""

from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from meervoud.core.errors import InputError
from meervoud.files.reading import Note
from meervoud.files.wording.reading_sentences import say_note
from meervoud.lib.clock import now
from meervoud.lib.paging import page_links
from meervoud.lib.saying import say_error, spoken
from meervoud.outcomes.models import PastSheet, PastUse
from meervoud.outcomes.past_doubles import new_rows, told_by
from meervoud.outcomes.past_forms import PastSheetForm
from meervoud.outcomes.past_imports import confirm_sheet, keep_sheet, take_back_sheet
from meervoud.parties.current import person_of, staff_programme

PAGE: Final = 50
SHOWN: Final = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show the sheets of the programme, and take one."""
    programme = staff_programme(request)
    form = PastSheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kept = _kept(request, form)
        if kept is not None:
            return redirect("past_sheet", kept.pk)
    sheets = PastSheet.objects.visible_to(request.user).filter(programme=programme).defer("content")
    rows = sheets.select_related("by").annotate(rows=Count("uses")).order_by("-created_at")[:SHOWN]
    context = {"form": form, "programme": programme, "sheets": rows}
    return render(request, "outcomes/past_uses.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, form: PastSheetForm) -> PastSheet | None:
    given: UploadedFile[Any] = form.cleaned_data["file"]  # Any: bytes or text, says Django
    try:
        return keep_sheet(
            programme=staff_programme(request),
            name=given.name or "sheet",
            content=given.read(),
            source=form.cleaned_data["source"],
            by=person_of(request),
            now=now(),
        )
    except InputError as error:
        form.add_error("source" if error.code == "past_source" else "file", say_error(error))
        return None


@login_required
@require_safe
def sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Show that a sheet is being read, what it says before it is confirmed, and afterwards what was written."""
    found = sheet_of(request, sheet_id)
    is_part = request.headers.get("HX-Request") == "true"
    context: dict[str, Any] = {"sheet": found, "programme": found.programme}  # Any: what a template shows
    if found.is_being_read:
        name = "outcomes/past_reading.html#progress" if is_part else "outcomes/past_reading.html"
        return render(request, name, context)
    if is_part:
        return HttpResponseClientRefresh()  # the page that watched it shows what it says
    if found.confirmed_at is None:
        rows, told = new_rows(found), told_by(found)
        context |= _preview(found)
    else:
        rows, told = PastUse.objects.of(sheet=[found]), found.left_out
    context |= _listed(request, rows, found)
    context |= {"told": _links(request, told), "repeats": found.repeats, "repeated": found.rows_repeated}
    context["can_confirm"] = context.get("is_right") and context["total"]
    return render(request, "outcomes/past_sheet.html", context)


def _listed(request: HttpRequest, rows: QuerySet[PastUse], found: PastSheet) -> dict[str, Any]:  # Any: for a template
    zone = ZoneInfo(found.programme.time_zone)
    listed = Paginator(rows.order_by("starts_at", "pk"), PAGE)
    page = listed.get_page(request.GET.get("page", "1"))
    return {
        "rows": [(each, each.starts_at.astimezone(zone), each.ends_at.astimezone(zone)) for each in page],
        "total": listed.count,
        "page": page_links(request, page.number, listed.num_pages),
    }


def _preview(found: PastSheet) -> dict[str, Any]:  # Any: what a template shows
    said = spoken()
    notes = (Note(each["code"], each["values"], each["row"]) for each in found.notes)
    return {
        "fault": _say(found.fault) if found.fault else "",
        "faults": [(each, _say(each)) for each in found.faults],
        "faults_left_out": max(0, found.faults_found - len(found.faults)),
        "readable": found.rows_read - found.rows_refused,
        "refused": found.rows_refused,
        "notes": [say_note(said, found.file_name, each) for each in notes],
        "is_right": not found.fault and not found.rows_refused,
    }


def _say(kept: dict[str, Any]) -> str:  # Any: parts of a sentence, as JSON
    return say_error(InputError(kept["message"], code=kept["code"], **kept["values"]))


def _links(request: HttpRequest, told: list[dict[str, Any]]) -> list[dict[str, Any]]:  # Any: as JSON
    """Return which sheets told rows before; one that was taken back since has no page any more."""
    ids = [each["sheet"] for each in told]
    known = PastSheet.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", flat=True) if ids else ()
    there = {str(each) for each in known}
    return [{**each, "is_there": each["sheet"] in there} for each in told]


@login_required
@require_POST
def confirm(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Let the rows of a sheet count."""
    found = confirm_sheet(sheet=sheet_of(request, sheet_id), by=person_of(request), now=now())
    messages.success(request, _("The rows are written. They stand on a line of their own: imported, not confirmed."))
    left_out = sum(each["number"] for each in found.left_out)
    if left_out:
        text = ngettext(
            "%(number)s row was left out: it was given before.",
            "%(number)s rows were left out: they were given before.",
            left_out,
        )
        messages.info(request, text % {"number": spoken().number(left_out)})
    return redirect("past_sheet", found.pk)


@login_required
@require_POST
def undo(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Take a sheet back with its rows, or drop one that waits."""
    found = sheet_of(request, sheet_id)
    number = take_back_sheet(sheet=found, by=person_of(request))
    if found.confirmed_at is None:
        messages.success(request, _("The sheet is dropped. Nothing was written."))
    else:
        text = ngettext(
            "The sheet is taken back, and %(number)s row.", "The sheet is taken back, and %(number)s rows.", number
        )
        messages.success(request, text % {"number": spoken().number(number)})
    return redirect("past_uses")


def sheet_of(request: HttpRequest, sheet_id: UUID) -> PastSheet:
    """Return a sheet of a programme that the person works for.

    Raises:
        Http404: none of theirs has the id.
    """
    rows = PastSheet.objects.visible_to(request.user).filter(pk=sheet_id).defer("content")
    found = rows.select_related("programme", "by").first()
    if found is None:
        raise Http404
    return found
