"""The sheet of a building: by the link of a reader, without an account; and for host and desk, with who reads it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of
from meervoud.parties.models.people import LANGUAGES
from meervoud.places.models import Building
from meervoud.usage.models import SheetReader
from meervoud.usage.sheet_forms import ReaderForm
from meervoud.usage.sheet_readers import (
    add_reader,
    note_seen,
    reader_of_token,
    remove_reader,
    renew_link,
    sheet_token,
)
from meervoud.usage.tonight import AHEAD, BEFORE, DAY, day_asked, sheet_of, today_of

PRIVATE: Final = {
    "Referrer-Policy": "strict-origin",  # under "no-referrer" a browser posts `Origin: null`, which no form survives
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store, private",
}
ADDED_A_DAY: Final = 60
A_DAY: Final = 86_400.0
Shown = dict[str, Any]  # Any: what a template shows


def private(response: HttpResponse) -> HttpResponse:
    """Let nobody keep a page or find it."""
    for name, value in PRIVATE.items():
        response.headers[name] = value
    return response


@contextmanager
def in_the_language_of(request: HttpRequest, reader: SheetReader) -> Iterator[None]:
    """Speak the language of a reader, where the browser has not chosen one on our pages."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    code = chosen if chosen in dict(LANGUAGES) else reader.language
    with translation.override(code):
        request.LANGUAGE_CODE = code
        yield


@require_safe
def sheet(request: HttpRequest, token: str) -> HttpResponse:
    """Show the sheet of a day to whoever has the link."""
    reader = reader_of_token(token)
    if reader is None:
        return gone(request)
    if request.method == "GET":
        note_seen(reader=reader, now=now())
    with in_the_language_of(request, reader):
        context = _day(reader.building, request.GET.get("day", ""))
        context |= {"programme": reader.building.programme, "token": token}
        response = private(render(request, "usage/sheet.html", context))
        response.headers["Content-Language"] = translation.get_language()
    return response


def gone(request: HttpRequest) -> HttpResponse:
    """Say that a link does not work any more, and nothing else."""
    return private(render(request, "usage/sheet_gone.html", {}, status=410))


def _day(building: Building, asked: str) -> Shown:
    today = today_of(building, now())
    day = day_asked(asked, today)
    return {
        "sheet": sheet_of(building, day),
        "building": building,
        "is_today": day == today,
        "before": _within(day - DAY, today),
        "after": _within(day + DAY, today),
    }


def _within(day: date, today: date) -> date | None:
    return day if -BEFORE <= (day - today).days <= AHEAD else None


def building_of(request: HttpRequest, building_id: UUID) -> Building:
    """Return a building of the viewer: its host's or its desk's; another's is not there.

    Raises:
        Http404: none of the viewer's has the id.
    """
    rows = Building.objects.visible_to(request.user).filter(pk=building_id)
    found = rows.select_related("host", "programme").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def building_sheet(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """Show host and desk the sheet and who reads it, or let somebody read it."""
    building, person = building_of(request, building_id), person_of(request)
    form = ReaderForm(request.POST if request.method == "POST" else None, initial={"language": person.language})
    if request.method == "POST" and form.is_valid():
        try:
            take_token(f"sheet-reader {person.pk}", most=ADDED_A_DAY, per_seconds=A_DAY, now=now())
            add_reader(building=building, by=person, **form.cleaned_data)
        except MeervoudError as error:
            form.add_error(None, say_error(error))
        else:
            messages.success(request, _("They can read the sheet now. Give them the link."))
            return redirect("building_sheet", building.pk)
    readers = [
        {"row": each, "link": request.build_absolute_uri(reverse("sheet", args=[sheet_token(each)]))}
        for each in building.sheet_readers.all()
    ]
    context = {**_day(building, request.GET.get("day", "")), "form": form, "readers": readers, "is_manager": True}
    return private(render(request, "usage/building_sheet.html", context, status=422 if form.errors else 200))


@login_required
@require_POST
def reader_link(request: HttpRequest, building_id: UUID, reader_id: UUID) -> HttpResponse:
    """Give a reader another link."""
    building, reader = _reader_of(request, building_id, reader_id)
    renew_link(reader=reader, by=person_of(request))
    messages.success(request, _("The old link does not work any more. Give them the new one."))
    return redirect("building_sheet", building.pk)


@login_required
@require_POST
def reader_remove(request: HttpRequest, building_id: UUID, reader_id: UUID) -> HttpResponse:
    """Let somebody read the sheet no more."""
    building, reader = _reader_of(request, building_id, reader_id)
    remove_reader(reader=reader, by=person_of(request))
    messages.success(request, _("They cannot read the sheet any more."))
    return redirect("building_sheet", building.pk)


def _reader_of(request: HttpRequest, building_id: UUID, reader_id: UUID) -> tuple[Building, SheetReader]:
    building = building_of(request, building_id)
    found = building.sheet_readers.select_related("building__host", "building__programme").filter(pk=reader_id).first()
    if found is None:
        raise Http404
    return building, found
