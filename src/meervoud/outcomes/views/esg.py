"""A host's ESG page: what its rooms were used for in a year, for its members and the desk of its programme."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from meervoud.agreements.views.papers import handed
from meervoud.lib.clock import today
from meervoud.lib.typeset import MEDIA_TYPE as PDF_TYPE
from meervoud.outcomes.esg import FIRST_YEAR, esg_of, programmes_of, years_with_use
from meervoud.outcomes.esg_impact import impact_of_groups
from meervoud.outcomes.esg_paper import esg_pdf
from meervoud.outcomes.esg_rows import esg_csv
from meervoud.outcomes.esg_told import note_told
from meervoud.outcomes.esg_words import lines_of, say_contributions, say_evidence_rows, say_offered, say_withdrawn
from meervoud.outcomes.facts import Facts
from meervoud.parties.current import person_of
from meervoud.parties.models import Organisation, Programme
from meervoud.parties.roles import acts_for

CSV_TYPE: Final = "text/csv; charset=utf-8"


@login_required
@require_safe
def home(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Lead to the last year in which rooms of the host were used, or to this year."""
    host, programmes = host_of(request, organisation_id)
    years = years_with_use(host, programmes)
    return redirect("esg", host.pk, years[0] if years else today().year)


@login_required
@require_safe
def show(request: HttpRequest, organisation_id: UUID, year: int) -> HttpResponse:
    """Show what the rooms of a host were used for in a year, as it may publish it."""
    host, programmes = host_of(request, organisation_id)
    facts, person = esg_of(host, checked(year), programmes, today()), person_of(request)
    if acts_for(person, host):  # the desk knows these numbers anyway
        note_told(host, year, facts, person)
    context = {
        "host": host,
        "year": year,
        "years": [each for each in years_with_use(host, programmes) if each != year],
        "is_whole_year": year < today().year,
        "impact": impact_of_groups(host, year, programmes),
        **said_of(facts),
    }
    return render(request, "outcomes/esg.html", context)


def said_of(facts: Facts) -> dict[str, Any]:  # Any: what a template shows
    """Return the figures of a host in words."""
    return {
        "facts": facts,
        "is_empty": not facts["use"]["uses"],
        "until": date.fromisoformat(facts["until"]),
        "lines": lines_of(facts),
        "contributions": say_contributions(facts),
        "evidence": say_evidence_rows(facts),
        "offered": say_offered(facts),
        "withdrawn": say_withdrawn(facts),
    }


@login_required
@require_safe
def moments(request: HttpRequest, organisation_id: UUID, year: int) -> HttpResponse:
    """Give the moments in the rooms of a host as CSV; they add up to its page."""
    host, programmes = host_of(request, organisation_id)
    # in one piece: what is made only while it is sent has no language of a page any more
    content = b"".join(esg_csv(host, checked(year), programmes, today()))
    return handed(content, CSV_TYPE, f"esg-{year}.csv")


@login_required
@require_safe
def paper(request: HttpRequest, organisation_id: UUID, year: int) -> HttpResponse:
    """Give the page as a PDF, to publish."""
    host, programmes = host_of(request, organisation_id)
    facts = esg_of(host, checked(year), programmes, today())
    note_told(host, year, facts, person_of(request))
    mark = "-made-up" if facts["is_made_up"] else ""
    return handed(esg_pdf(facts), PDF_TYPE, f"esg{mark}-{year}.pdf")


def host_of(request: HttpRequest, organisation_id: UUID) -> tuple[Organisation, list[Programme]]:
    """Return an organisation of the person, or of the programme they work for, and where it lends rooms.

    Raises:
        Http404: it is neither.
    """
    person = person_of(request)
    found = Organisation.objects.visible_to(person).filter(pk=organisation_id).first()
    if found is None:
        raise Http404
    return found, programmes_of(found, person)


def checked(year: int) -> int:
    """Return a year that can have use in it.

    Raises:
        Http404: it lies ahead, or before anything here began.
    """
    if not FIRST_YEAR <= year <= today().year:
        raise Http404
    return year
