"""An extract of OpenStreetMap: given, looked at, and made leads or dropped."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from meervoud.core.errors import InputError
from meervoud.files.reading import Reading
from meervoud.files.sources.scout import Candidate
from meervoud.lib.paging import page_links
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.lead_lists import Comparison, bring_list, compare_places, drop_list, keep_list, read_places
from meervoud.matching.models import LeadList
from meervoud.parties.current import person_of, staff_programme
from meervoud.parties.models import Programme
from meervoud.site.imports.faults import say_refused, say_remark
from meervoud.site.lead_forms import GiveForm

PAGE = 25
NOTES = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Take an extract; the page that follows says what it would do."""
    programme = staff_programme(request)
    form = GiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kept = _keep(request, programme, form)
        if kept is not None:
            return redirect("leads_list", kept.pk)
    return render(request, "site/leads_give.html", {"form": form}, status=422 if form.errors else 200)


def _keep(request: HttpRequest, programme: Programme, form: GiveForm) -> LeadList | None:
    given: UploadedFile[Any] = form.cleaned_data["file"]  # Any: see GiveForm
    try:
        return keep_list(
            programme=programme, by=person_of(request), name=given.name or "places.geojson", content=given.read()
        )
    except InputError as error:
        form.add_error("file", say_error(error))
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Show what an extract would do; a POST makes its places leads, or drops it."""
    rows = LeadList.objects.visible_to(request.user).filter(pk=list_id)
    waiting = rows.select_related("programme").first()
    if waiting is None:
        raise Http404
    if request.method != "POST":
        reading = read_places(waiting.file_name, bytes(waiting.content))
        found = compare_places(waiting.programme, reading.taken)
        return render(request, "site/leads_list.html", {"list": waiting, **_shown(request, reading, found)})
    if request.POST.get("answer") != "bring":
        drop_list(waiting=waiting, by=person_of(request))
        messages.success(request, _("The file is dropped. Nothing was written."))
        return redirect("leads")
    new = len(bring_list(waiting=waiting, by=person_of(request)).new)
    messages.success(request, ngettext("%(number)s new lead.", "%(number)s new leads.", new) % {"number": new})
    return redirect("leads")


def _shown(request: HttpRequest, reading: Reading[Candidate], found: Comparison) -> dict[str, Any]:
    """Return the counts, and a page of the part that is asked for; the address says which one."""  # Any: for a template
    said = spoken()
    parts = {"new": found.new, "changed": found.changed, "left_out": reading.refused}
    show = request.GET.get("show", "")
    show = show if show in parts else next((name for name, rows in parts.items() if rows), "new")
    listed = Paginator(parts[show], PAGE)
    page = listed.get_page(request.GET.get("page", "1"))
    refused = reading.refused[page.start_index() - 1 : page.end_index()] if show == "left_out" else ()
    told = (
        (len(found.new), _("new"), _("Places that are no lead yet.")),
        (len(found.changed), _("changed"), _("Leads of which the map says something else now.")),
        (found.unchanged, _("known"), _("Leads that stay as they are.")),
        (reading.rows_refused, _("left out"), _("Places without a room to lend, or that cannot be read.")),
    )
    return {
        "numbers": [{"value": said.number(value), "what": what, "meaning": why} for value, what, why in told],
        "has_some": bool(found.new or found.changed),
        "tabs": [
            ("new", _("new"), len(found.new)),
            ("changed", _("changed"), len(found.changed)),
            ("left_out", _("left out"), len(reading.refused)),
        ],
        "show": show,
        "places": page.object_list if show != "left_out" else [],
        "refused": [(each, say_refused(said, each)) for each in refused],
        "page": page_links(request, page.number, listed.num_pages),
        "notes": [say_remark(said, reading.file, note) for note in reading.notes[:NOTES]],
    }
