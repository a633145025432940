"""What hangs at a door or goes along on paper: the code to scan, the list to tick, the way there."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from meervoud.agreements.drafts import version_that_counts
from meervoud.agreements.terms import read_terms
from meervoud.agreements.views.agreements import agreement_of
from meervoud.lib.clock import now
from meervoud.parties.current import person_of
from meervoud.parties.models import Programme
from meervoud.supply.views.offers import offer_of
from meervoud.usage.doors import door_code_of, draw_code, make_door_code
from meervoud.usage.links import door_token
from meervoud.usage.models import TAKES_TIME, UsageMoment
from meervoud.usage.views.moments import moment_of
from meervoud.usage.views.sheets import private

FURTHEST: Final = timedelta(days=731)
Shown = dict[str, Any]  # Any: what a template shows


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Show the code for a door, to print; or make it, or a new one."""
    offer = offer_of(request, offer_id)
    if request.method == "POST":
        code = make_door_code(offer=offer, by=person_of(request))
        said = _("The code is there. Print it.")
        messages.success(request, _("This is the new code. Take the old paper away.") if code.number > 1 else said)
        return redirect("offer_door", offer.pk)
    found = door_code_of(offer)
    address = request.build_absolute_uri(reverse("door", args=[door_token(found)])) if found else ""
    context = {
        "offer": offer,
        "address": address,
        "drawing": draw_code(address, _("Code to scan")) if address else "",
        "texts": _texts(),
        "month": _month(request, offer.programme),
    }
    return private(render(request, "usage/door_paper.html", context))


def _texts() -> list[Shown]:
    """Return what stands beside the code in every language, for who comes in is not known."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(
                {
                    "language": code,
                    "title": _("Are you here with your group?"),
                    "text": _("Scan this code and say that you are here and how many came. No account, three taps."),
                }
            )
    return found


@login_required
@require_safe
def space_tally(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Print the moments of a month in a space, with boxes to fill in; it hangs at a door, so it names nobody."""
    offer = offer_of(request, offer_id)
    rows = UsageMoment.objects.every(because="a space of the viewer; only hours are shown").filter(space=offer.space)
    back = reverse("offer_door", args=[offer.pk])
    return _tally(request, rows, offer.programme, {"space": offer.space, "back": back})


@login_required
@require_safe
def plan_tally(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Print the moments of a month of one agreement, with boxes to fill in."""
    found = agreement_of(request, agreement_id)
    context = {"space": found.offer.space, "back": reverse("plan", args=[found.pk])}
    return _tally(request, found.moments.all(), found.programme, context)


def _tally(request: HttpRequest, rows: QuerySet[UsageMoment], programme: Programme, context: Shown) -> HttpResponse:
    month, zone = _month(request, programme), ZoneInfo(programme.time_zone)
    after = (month + timedelta(days=32)).replace(day=1)
    begins, ends = (datetime.combine(each, time(), zone) for each in (month, after))
    found = rows.filter(starts_at__gte=begins, starts_at__lt=ends, state__in=TAKES_TIME).order_by("starts_at", "pk")
    context |= {
        "moments": list(found.select_related("space")[:400]),
        "month": month,
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": after,
    }
    return private(render(request, "usage/tally_paper.html", context))


def _month(request: HttpRequest, programme: Programme) -> date:
    """Return the first day of the month that somebody asks for, else of this one."""
    today = now().astimezone(ZoneInfo(programme.time_zone)).date()
    try:
        found = date.fromisoformat(f"{request.GET.get('month', '')[:7]}-01")
    except ValueError:
        found = today
    return (found if abs(found - today) < FURTHEST else today).replace(day=1)


@login_required
@require_safe
def route(request: HttpRequest, moment_id: UUID) -> HttpResponse:
    """Show the two sides and the desk how to get to a moment, to print; where it is not on, there is no way to it."""
    moment = moment_of(request, moment_id)
    if moment.state not in TAKES_TIME:
        raise Http404
    building = moment.space.building
    terms = read_terms(version_that_counts(moment.agreement).terms)
    has_point = building.latitude is not None and building.longitude is not None
    context = {
        "moment": moment,
        "space": moment.space,
        "building": building,
        "comes_in": moment.starts_at - timedelta(minutes=terms.access.minutes_before),
        "emergency": terms.emergency if building.pk == moment.agreement.offer.space.building_id else "",
        "map": f"https://www.openstreetmap.org/?mlat={building.latitude}&mlon={building.longitude}#map=18/"
        f"{building.latitude}/{building.longitude}"
        if has_point
        else "",
        "desk": moment.agreement.programme,
    }
    return private(render(request, "usage/route.html", context))
