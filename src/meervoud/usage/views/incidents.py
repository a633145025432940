"""Something happened: telling it from a sheet, a moment or a building; the list, one of them, and settling it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from meervoud.agreements.drafts import sides_of
from meervoud.core.errors import MeervoudError
from meervoud.lib.clock import now
from meervoud.lib.rates import TooOftenError, take_token
from meervoud.lib.saying import say_error, spoken
from meervoud.parties.current import person_of
from meervoud.places.models import Building, Space
from meervoud.usage.incidents import may_settle, settle_incident, tell_incident
from meervoud.usage.models import TAKES_TIME, Incident, UsageMoment
from meervoud.usage.sheet_forms import HappenedForm, SettleForm
from meervoud.usage.sheet_readers import looks_after, reader_of_token
from meervoud.usage.tonight import minutes_of, moments_of, today_of
from meervoud.usage.views.moments import moment_of
from meervoud.usage.views.sheets import building_of, gone, in_the_language_of, private

TOLD_A_DAY: Final = 20
A_DAY: Final = 86_400.0
MOST: Final = 200
BUILDING: Final = "building"
Shown = dict[str, Any]  # Any: what a template shows
Tell = Callable[[HappenedForm], Incident]


@require_http_methods(["GET", "HEAD", "POST"])
def from_sheet(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever has the link of a sheet tell what happened; who was there stays unsaid."""
    reader = reader_of_token(token)
    if reader is None:
        return gone(request)
    building = reader.building
    with in_the_language_of(request, reader):
        today = today_of(building, now())
        found = [each for each in _of_days(building, (today - timedelta(days=1), today)) if each.state in TAKES_TIME]
        about = [(BUILDING, _("The building")), *((str(each.pk), _say(each, building)) for each in found)]

        def tell(form: HappenedForm) -> Incident:
            chosen = next((each for each in found if str(each.pk) == form.cleaned_data.get("about")), None)
            return tell_incident(building=building, said=form.happened(reader=reader), moment=chosen)

        form = _form(request, about, request.GET.get("moment", ""))
        done = _told(request, form, tell, f"incident {reader.pk}")
        context = {"form": form, "token": token, "building": building, "programme": building.programme, "is_done": done}
        response = render(request, "usage/happened.html", context, status=422 if form.errors else 200)
        response.headers["Content-Language"] = translation.get_language()
    return private(response)


def _of_days(building: Building, days: Sequence[Any]) -> list[UsageMoment]:  # Any: a date
    return list({each.pk: each for day in days for each in moments_of(building, day)}.values())


def _say(moment: UsageMoment, building: Building) -> str:
    zone, said = building.programme.time_zone, spoken()
    day = moment.starts_at.astimezone(ZoneInfo(zone)).date()
    hours = said.span(*(minutes_of(each, day, zone) for each in (moment.starts_at, moment.ends_at)))
    return f"{said.day(day)} {hours} · {moment.space.name}"


def _form(request: HttpRequest, about: list[tuple[str, str]], chosen: str = "") -> HappenedForm:
    known = chosen if chosen in dict(about) else about[0][0] if about else ""
    if request.method != "POST":
        return HappenedForm(about=about, initial={"about": known})
    return HappenedForm(request.POST, request.FILES, about=about)


def _told(request: HttpRequest, form: HappenedForm, tell: Tell, bucket: str) -> bool:
    """Tell it, and say whether that was done; what is wrong stands in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    take_token(bucket, most=TOLD_A_DAY, per_seconds=A_DAY, now=now())
    try:
        tell(form)
    except TooOftenError:
        raise
    except MeervoudError as error:
        form.add_error(None, say_error(error))
        return False
    return True


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def at_moment(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Tell what happened at a moment, for either side and the desk."""
    moment, person = moment_of(request, moment_id), person_of(request)
    if not sides_of(person, moment.agreement):
        raise Http404
    building = Building.objects.every(because="the building of a moment that was found in a scope").select_related(
        "host", "programme"
    )
    found = building.get(pk=moment.space.building_id)
    form = _form(request, [])
    if _told(
        request,
        form,
        lambda form: tell_incident(building=found, said=form.happened(by=person), moment=moment),
        f"incident {person.pk}",
    ):
        messages.success(request, _("Noted. The other side and the desk can see it."))
        return redirect("incidents")
    context = {"form": form, "moment": moment}
    return private(render(request, "usage/happened.html", context, status=422 if form.errors else 200))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def at_building(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """Tell what happened in a building, for its host and the desk."""
    building, person = building_of(request, building_id), person_of(request)
    spaces = list(building.spaces.order_by("name"))
    about = [(BUILDING, _("The building")), *((str(each.pk), each.name) for each in spaces)]

    def tell(form: HappenedForm) -> Incident:
        space: Space | None = next((each for each in spaces if str(each.pk) == form.cleaned_data.get("about")), None)
        return tell_incident(building=building, said=form.happened(by=person), space=space)

    form = _form(request, about)
    if _told(request, form, tell, f"incident {person.pk}"):
        messages.success(request, _("Noted. It stays open until somebody settles it."))
        return redirect("incidents")
    context = {"form": form, "building": building, "is_signed_in": True}
    return private(render(request, "usage/happened.html", context, status=422 if form.errors else 200))


@login_required
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """List what happened, open first."""
    rows = Incident.objects.visible_to(person_of(request)).defer("photo").select_related("building", "space", "moment")
    context = {
        "open": list(rows.filter(settled_at__isnull=True)[:MOST]),
        "settled": list(rows.filter(settled_at__isnull=False).order_by("-settled_at")[:MOST]),
    }
    return private(render(request, "usage/incidents.html", context))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def incident(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Show what happened; host and desk say how it was settled."""
    row, person = _incident_of(request, incident_id), person_of(request)
    is_open = may_settle(row, person)
    if request.method == "POST" and not is_open and row.settled_at is None:
        raise Http404
    form = SettleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            settle_incident(incident=row, how=form.cleaned_data["how"], by=person, now=now())
        except MeervoudError as error:
            messages.error(request, say_error(error))
        else:
            messages.success(request, _("Settled. The others have been told."))
        return redirect("incident", row.pk)
    context = {
        "incident": row,
        "form": form if is_open else None,
        "may_see_moment": _sees_moment(request, row),
        "reader": row.by_reader if row.by_reader and looks_after(person, row.building) else None,
    }
    return private(render(request, "usage/incident.html", context, status=422 if form.errors else 200))


def _sees_moment(request: HttpRequest, row: Incident) -> bool:
    return row.moment_id is not None and UsageMoment.objects.visible_to(request.user).filter(pk=row.moment_id).exists()


def _incident_of(request: HttpRequest, incident_id: UUID) -> Incident:
    rows = Incident.objects.visible_to(request.user).filter(pk=incident_id)
    found = rows.select_related("building__host", "building__programme", "space", "moment", "by_reader").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def photo(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Return the photo of what happened, to those who see it."""
    row = _incident_of(request, incident_id)
    if row.photo is None:
        raise Http404
    answer = private(HttpResponse(bytes(row.photo), content_type="image/webp"))
    answer.headers["Content-Disposition"] = "inline"
    return answer
