"""When a space is lent: three rows, or a week to tick; the syntax behind it nobody has to see."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meervoud.core.errors import InputError
from meervoud.lib.saying import say_error
from meervoud.parties.current import person_of
from meervoud.supply.actions import set_hours
from meervoud.supply.models import Offer, OpeningPeriod
from meervoud.supply.time_forms import HOURS_ROWS, HoursForm, WeekForm
from meervoud.supply.views.offers import offer_of
from meervoud.supply.week_grid import WEEKDAYS, cells_of, grid_from_cells, grid_from_form, read_hours, write_hours

OFFICE_HOURS = "Mo-Fr 08:00-18:00"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Show the hours of an offer, or save what was typed, ticked or chosen with one click."""
    offer = offer_of(request, offer_id)
    form = HoursForm(request.POST if request.POST.get("way") == "rows" else None, initial=initial_of(offer))
    problem = ""
    if request.method == "POST":
        try:
            period = asked_period(request, form)
            if period is not None:
                set_hours(offer=offer, by=person_of(request), periods=[period])
                messages.success(request, _("Saved."))
                return redirect("offer", offer.pk)
        except InputError as error:
            problem = say_error(error)
    periods = list(offer.periods.all())
    grid = read_hours(periods[0].hours) if len(periods) == 1 and periods[0].hours else None
    context = {
        "offer": offer,
        "form": form,
        "problem": problem,
        "periods": periods,
        "lend": periods[0].lend if periods else "inside",
        "cells": {f"{day}-{slot}" for day, slot in cells_of(grid)} if grid else set(),
        "is_shown_whole": not periods or grid is not None or periods[0].lend == "always",
    }
    return render(request, "supply/hours.html", context, status=422 if problem or form.errors else 200)


def asked_period(request: HttpRequest, form: HoursForm) -> OpeningPeriod | None:
    """Return the opening period that was asked for, None where the form must be corrected.

    Raises:
        InputError: no hours, or hours that make no sense.
    """
    way = request.POST.get("way")
    if way == "office":
        return OpeningPeriod(hours=OFFICE_HOURS, lend=Offer.Lend.OUTSIDE)
    if way == "always":
        return OpeningPeriod(hours="", lend=Offer.Lend.ALWAYS)
    if way == "week":
        return week_period(WeekForm(request.POST))
    if not form.is_valid():
        return None
    if form.cleaned_data["lend"] == Offer.Lend.ALWAYS:
        return OpeningPeriod(hours="", lend=Offer.Lend.ALWAYS)
    rows = [(WEEKDAYS[day], start, end) for day, start, end in form.rows()]
    return OpeningPeriod(hours=write_hours(grid_from_form(rows)), lend=form.cleaned_data["lend"])


def week_period(form: WeekForm) -> OpeningPeriod:
    """Return the ticked week as a period.

    Raises:
        InputError: a cell that no week has, or no cell at all.
    """
    if not form.is_valid():
        raise InputError("The week was not sent whole. Load the page again.", code="week_cells")
    pairs = [each.split("-") for each in form.cleaned_data["cells"]]
    grid = grid_from_cells((int(day), int(slot)) for day, slot in pairs)
    return OpeningPeriod(hours=write_hours(grid), lend=form.cleaned_data["lend"])


def initial_of(offer: Offer) -> dict[str, str]:
    """Return what the three rows show of the hours there are; rows that differ by day stay empty."""
    period = offer.periods.first()
    if period is None:
        return {"lend": "outside" if offer.space.kind in ("office", "school") else "inside"}
    values = {"lend": period.lend}
    grid = read_hours(period.hours) if period.hours else None
    for name, (_label, days) in HOURS_ROWS.items():
        spans = {grid.days[day] for day in days} if grid else set()
        if len(spans) == 1 and len(span := spans.pop()) == 1:
            start, end = span[0]
            values |= {f"{name}_from": clock(start), f"{name}_until": "24:00" if end == 1440 else clock(end % 1440)}
    return values


def clock(minute: int) -> str:
    """Return "19:30" of minutes after midnight."""
    return f"{minute // 60:02}:{minute % 60:02}"
