"""Figures for the desk: what waits against what stands empty, and how long it takes until something happens."""

from dataclasses import dataclass
from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from meervoud.files.wording.language import Language
from meervoud.lib.clock import now
from meervoud.lib.saying import spoken
from meervoud.matching.waits import FEWEST, Wait, waits_of
from meervoud.matching.week_hours import WEEKS, Area, waiting_and_empty
from meervoud.parties.current import staff_programme

EARLY, LATE = 7, 23
STEPS: Final[dict[str, str | Promise]] = {
    "suggested": _("a space that fits is found"),
    "asked": _("a host is asked"),
    "host_yes": _("a host says yes"),
    "agreed": _("both say yes"),
}


@dataclass(frozen=True)
class Cell:
    """An hour of the week: how many wait, how many spaces are free, and which of `short`, `tight`, `room`, "" that is."""

    asked: str
    empty: str
    kind: str
    label: str


@login_required
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show what waits and what stands empty by neighbourhood and hour, and how long requests wait."""
    programme, said, moment = staff_programme(request), spoken(), now()
    waiting = waiting_and_empty(programme, now=moment)
    chosen = request.GET.get("area", "")
    area = next((each for each in waiting.areas if each.name and each.name == chosen), waiting.all)
    is_all_day = request.GET.get("hours") == "all"
    first, last = (0, 24) if is_all_day else (EARLY, LATE)
    context = {
        "programme": programme,
        "area": area,
        "weekdays": [(said.weekday(each)[:2], said.weekday(each)) for each in range(7)],
        "rows": [
            {"time": said.clock(hour * 60), "cells": [_cell(said, area, day, hour) for day in range(7)]}
            for hour in range(first, last)
        ],
        "is_all_day": is_all_day,
        "weeks": WEEKS,
        "areas": [_row(said, each) for each in waiting.areas],
        "sheltered": waiting.sheltered,
        "waits": [_wait(said, name, each) for name, each in waits_of(programme, now=moment).items()],
        "fewest": FEWEST,
    }
    return render(request, "matching/figures.html", context)


def _cell(said: Language, area: Area, weekday: int, hour: int) -> Cell:
    asked, empty = int(area.asked[weekday, hour]), float(area.empty[weekday, hour])
    kind = "" if asked == 0 else "short" if asked > empty else "tight" if asked * 2 > empty else "room"
    when = f"{said.weekday(weekday)} {said.span(hour * 60, hour * 60 + 60)}"
    return Cell(said.number(asked), said.number(round(empty)), kind, when)


def _row(said: Language, area: Area) -> dict[str, object]:
    return {
        "name": area.name,
        "waiting": area.waiting,
        "spaces": area.spaces,
        "empty_hours": said.number(round(float(area.empty.sum()))),
        "short": area.short,
    }


def _wait(said: Language, name: str, wait: Wait) -> dict[str, object]:
    is_enough = wait.requests >= FEWEST
    return {
        "what": STEPS[name],
        "reached": said.number(wait.reached),
        "requests": said.number(wait.requests),
        "half": _days(wait.half) if is_enough else _("too few requests"),
        "most": _days(wait.most) if is_enough else _("too few requests"),
    }


def _days(days: float | None) -> str | Promise:
    if days is None:
        return _("not reached yet")
    if days < 1:
        return _("the same day")
    whole = round(days)
    return ngettext("%(number)s day", "%(number)s days", whole) % {"number": whole}
