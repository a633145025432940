"""The figures of a programme at its desk: headlines that open to the moments they are made of."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meervoud.lib.clock import today
from meervoud.lib.paging import page_links
from meervoud.lib.saying import spoken
from meervoud.outcomes.claimed import with_claimed
from meervoud.outcomes.facts import Facts, facts_of
from meervoud.outcomes.forms import PeriodForm, usual_period
from meervoud.outcomes.headlines import headlines
from meervoud.outcomes.models import Figure
from meervoud.outcomes.moment_rows import moments_csv, open_moments, rows_of, sheltered_row
from meervoud.outcomes.pictures import (
    area_bars,
    areas_with_hours,
    missed_table,
    months_bars,
    rows_of_areas,
    say_claimed,
    say_cost,
    say_missed,
    say_used,
    week_views,
)
from meervoud.parties.current import staff_programme
from meervoud.parties.models import Programme
from meervoud.places.city_map import city_map
from meervoud.usage.models import Evidence

PAGE: Final = 50


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show what the use of a period adds up to, and with the same weight what did not come about."""
    programme = staff_programme(request)
    form, (first, last) = period_of(request, programme)
    facts = with_claimed(facts_of(programme, first, last), programme, first, last)
    area = request.GET.get("area", "")
    context = {
        "form": form,
        "programme": programme,
        "first": first,
        "last": last,
        "period": f"?first={first}&last={last}",
        "is_empty": not facts["use"]["uses"] and not facts["imported"],
        "headlines": headlines(facts),
        **shown(facts, area),
        "drawing": city_map(programme),
    }
    return render(request, "outcomes/figures.html", context)


def shown(facts: Facts, area: str) -> dict[str, Any]:  # Any: what a template shows
    """Return what a page shows of facts besides the headlines; an area that has no hours of its own is none."""
    areas = areas_with_hours(facts)
    area = area if area in areas else ""
    return {
        "facts": facts,
        "missed": missed_table(facts["not_placed"]),
        "said": {**say_missed(facts), "cost": say_cost(facts)},
        "areas": rows_of_areas(facts),
        "area_bars": area_bars(facts),
        "months": months_bars(facts),
        "week": week_views(facts, area),
        "used_share": say_used(facts, area),
        "area": area,
        "hour_areas": areas,
        "claimed": [say_claimed(each) for each in facts.get("claimed", [])],
        "imported": headlines({**facts, "use": facts["imported"], "before": None, "targets": {}, "evidence": {}})
        if facts["imported"]
        else [],
    }


@login_required
@require_safe
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """Open one figure: what it means, how it is known, and the moments it is made of."""
    programme = staff_programme(request)
    if name not in Figure.values:
        raise Http404
    form, (first, last) = period_of(request, programme)
    facts = facts_of(programme, first, last)
    found = next((each for each in headlines(facts) if each.code == name), None)
    if found is None:
        raise Http404
    listed = Paginator(open_moments(programme, first, last), PAGE)
    page = listed.get_page(request.GET.get("page", "1"))
    context = {
        "form": form,
        "headline": found,
        "evidence": evidence_rows(facts),
        "rows": rows_of(programme, list(page.object_list)),
        "together": sheltered_row(programme, first, last),
        "total": listed.count,
        "first": first,
        "last": last,
        "period": f"?first={first}&last={last}",
        "page": page_links(request, page.number, listed.num_pages),
        "programme": programme,
    }
    return render(request, "outcomes/figure.html", context)


@login_required
@require_safe
def moments(request: HttpRequest) -> StreamingHttpResponse:
    """Give the moments of a period as CSV, as they are read."""
    programme = staff_programme(request)
    _form, (first, last) = period_of(request, programme)
    name = f"moments-{programme.slug}-{first}-{last}.csv"
    response = StreamingHttpResponse(moments_csv(programme, first, last), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def period_of(request: HttpRequest, programme: Programme) -> tuple[PeriodForm, tuple[date, date]]:
    """Return the form and the period that is asked for; where it makes no sense, the usual one and the form with its errors."""
    usual = usual_period(programme, today())
    if not {"first", "last"} & set(request.GET):
        return PeriodForm(initial={"first": usual[0], "last": usual[1]}), usual
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return form, usual
    return form, (form.cleaned_data["first"], form.cleaned_data["last"])


def evidence_rows(facts: Facts) -> list[dict[str, str]]:
    """Return how many moments, hours and people are known in which way, from strong to weak."""
    said = spoken()
    return [
        {
            "name": str(Evidence(code).label),
            "uses": said.number(row["uses"]),
            "hours": said.number(round(row["minutes"] / 60, 2)),
            "visits": _("fewer than 5, or hidden") if row["visits"] is None else said.number(row["visits"]),
        }
        for code, row in in_order(facts["evidence"])
    ]


def in_order(evidence: Facts) -> Sequence[tuple[str, Facts]]:
    """Return evidence from strong to weak."""
    return [(code, evidence[code]) for code in Evidence.values if code in evidence]
