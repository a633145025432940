"""Requests that may be one, side by side: keep one, say that they differ, or undo a merge."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from meervoud.core.errors import MeervoudError
from meervoud.demand.as_request import needs_of
from meervoud.demand.models import Request
from meervoud.files.wording.language import Language
from meervoud.files.wording.names import name_of
from meervoud.files.wording.need_sentences import say_rule
from meervoud.lib.clock import now, today
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.desk_merging import UNDO_DAYS, late_merges, merge_requests, tell_apart, undo_merge
from meervoud.matching.duplicates import WHY, Candidate, candidates
from meervoud.matching.models import DeskNote
from meervoud.parties.current import person_of, staff_programme
from meervoud.parties.models import Programme

A_PAGE: Final = 10
FIELDS: Final = {
    "asker": gettext_lazy("Who asks"),
    "organisation": gettext_lazy("Organisation"),
    "when": gettext_lazy("When"),
    "people": gettext_lazy("People"),
    "neighbourhood": gettext_lazy("Neighbourhood"),
    "cause": gettext_lazy("What it is about"),
    "brings_about": gettext_lazy("What it brings about"),
    "facilities": gettext_lazy("What must be there"),
    "since": gettext_lazy("Waits since"),
    "notes": gettext_lazy("Notes of the desk"),
}
Shown = dict[str, Any]  # Any: what a template shows


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request: HttpRequest) -> HttpResponse:
    """Show pairs that may be one request; a POST keeps one of them, tells them apart, or undoes a merge."""
    programme = staff_programme(request)
    if request.method == "POST":
        _answer(request, programme)
        return redirect("duplicates")
    listed = Paginator(candidates(programme), A_PAGE)
    page = listed.get_page(request.GET.get("page"))

    def url(number: int) -> str:
        return f"?page={number}" if 1 <= number <= listed.num_pages else ""

    context = {
        "pairs": _shown(list(page)),
        "count": listed.count,
        "page": {
            "number": page.number,
            "pages": listed.num_pages,
            "previous_url": url(page.number - 1),
            "next_url": url(page.number + 1),
        },
        "merges": late_merges(programme, now()),
        "undo_days": UNDO_DAYS,
    }
    return render(request, "matching/duplicates.html", context)


def _shown(found: list[Candidate]) -> list[Shown]:
    ids = {pk for each in found for pk in (each.first, each.second)}
    rows = Request.objects.every(because=WHY).filter(pk__in=ids)
    full = {each.pk: each for each in rows.select_related("asked_by", "organisation").prefetch_related("rules")}
    notes = dict(DeskNote.objects.of(request=rows).order_by().values_list("request").annotate(number=Count("pk")))
    said = spoken()
    return [
        _pair(each, full[each.first], full[each.second], said, notes)
        for each in found
        if each.first in full and each.second in full  # one of them may be gone meanwhile
    ]


def _pair(each: Candidate, first: Request, second: Request, said: Language, notes: dict[UUID, int]) -> Shown:
    one, other = _facts(first, said, notes), _facts(second, said, notes)
    return {
        "first": {"id": first.pk, "title": first.title or _("Without a name")},
        "second": {"id": second.pk, "title": second.title or _("Without a name")},
        "same_asker": each.same_asker,
        "same_needs": each.same_needs,
        "likeness": each.likeness,
        "facts": [
            {"name": title, "one": one[key], "other": other[key], "differs": one[key] != other[key]}
            for key, title in FIELDS.items()
            if one[key] or other[key]
        ],
    }


def _facts(row: Request, said: Language, notes: dict[UUID, int]) -> dict[str, str]:
    return {
        "asker": str(row.asked_by),
        "organisation": str(row.organisation or ""),
        "when": "\n".join(say_rule(said, need) for need in needs_of(row)),
        "people": said.number(row.group_max),
        "neighbourhood": row.neighbourhood,
        "cause": name_of(said, "causes", row.cause) if row.cause else "",
        "brings_about": row.brings_about,
        "facilities": ", ".join(name_of(said, "facilities", each) for each in row.facilities),
        "since": said.day(row.created_at.date()),
        "notes": said.number(notes[row.pk]) if row.pk in notes else "",
    }


def _answer(request: HttpRequest, programme: Programme) -> None:
    first, second = _of(request, programme, "first"), None
    if request.POST.get("deed") != "undo":
        second = _of(request, programme, "second")
    try:
        messages.success(request, _done(request, first, second))
    except MeervoudError as error:
        messages.error(request, say_error(error))


def _of(request: HttpRequest, programme: Programme, name: str) -> Request:
    """Return one of the pair; one that is not at this desk is not there.

    Raises:
        Http404: there is none.
    """
    try:
        pk = UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Http404 from error
    rows = Request.objects.visible_to(request.user).filter(pk=pk, programme=programme)
    found = rows.select_related("programme", "organisation", "asked_by").first()
    if found is None:
        raise Http404
    return found


def _done(request: HttpRequest, first: Request, second: Request | None) -> str:
    by = person_of(request)
    if second is None:
        undo_merge(other=first, by=by, now=now(), today=today())
        return _("Undone: “%(title)s” is open again.") % {"title": first.title}
    if request.POST.get("deed") == "merge":
        merge_requests(keep=first, other=second, by=by, now=now(), today=today())
        return _("“%(title)s” goes on for both. You can undo this for 14 days.") % {"title": first.title}
    tell_apart(one=first, other=second, by=by)
    return _("Noted: they are not the same. You do not see this pair again.")
