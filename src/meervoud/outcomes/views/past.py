"""Use from before, at the desk: give a sheet, look at what it says, confirm it, take it back."""

from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.errors import InputError
from meervoud.files.reading import Note, Refusal
from meervoud.files.wording.reading_sentences import say_note
from meervoud.lib.clock import now, today
from meervoud.lib.saying import say_error, spoken
from meervoud.outcomes.models import PastSheet, PastUse
from meervoud.outcomes.past_forms import PastSheetForm
from meervoud.outcomes.past_imports import confirm_sheet, keep_sheet, reading_of, take_back_sheet
from meervoud.outcomes.past_sheets import PastReading
from meervoud.outcomes.views.figures import page_links
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
            today=today(),
        )
    except InputError as error:
        form.add_error("source" if error.code == "past_source" else "file", say_error(error))
        return None


@login_required
@require_safe
def sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Show what a sheet says: before it is confirmed with what is wrong in it, afterwards what was written."""
    found = sheet_of(request, sheet_id)
    zone = ZoneInfo(found.programme.time_zone)
    context: dict[str, Any] = {"sheet": found, "programme": found.programme}  # Any: what a template shows
    listed: Paginator[Any]  # Any: rows that are written, or read
    if found.confirmed_at is not None:
        listed = Paginator(PastUse.objects.of(sheet=[found]).order_by("starts_at", "pk"), PAGE)
    else:
        try:
            read = reading_of(found, today())
        except InputError as error:
            return render(request, "outcomes/past_sheet.html", {**context, "fault": say_error(error), "total": 0})
        listed = Paginator(read.reading.taken, PAGE)
        context |= _preview(read)
    page = listed.get_page(request.GET.get("page", "1"))
    context["rows"] = [(each, each.starts_at.astimezone(zone), each.ends_at.astimezone(zone)) for each in page]
    context |= {"total": listed.count, "page": page_links(request, page.number, listed.num_pages)}
    return render(request, "outcomes/past_sheet.html", context)


def _preview(read: PastReading) -> dict[str, Any]:  # Any: what a template shows
    reading = read.reading
    return {
        "faults": [(read.cell_of(each), each, _say(each)) for each in reading.refused[:SHOWN]],
        "faults_left_out": max(0, len(reading.refused) - SHOWN),
        "refused": reading.rows_refused,
        "notes": [_say_note(reading.file, each) for each in reading.notes],
        "can_confirm": bool(reading.taken) and not reading.refused,
    }


def _say(refusal: Refusal) -> str:
    return say_error(InputError(refusal.message, code=refusal.code, **refusal.values))


def _say_note(file: str, note: Note) -> str:
    return say_note(spoken(), file, note)


@login_required
@require_POST
def confirm(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """Write the rows of a sheet."""
    found = sheet_of(request, sheet_id)
    confirm_sheet(sheet=found, by=person_of(request), now=now(), today=today())
    messages.success(request, _("The rows are written. They stand on a line of their own: imported, not confirmed."))
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
    rows = PastSheet.objects.visible_to(request.user).filter(pk=sheet_id)
    found = rows.select_related("programme", "by").first()
    if found is None:
        raise Http404
    return found
