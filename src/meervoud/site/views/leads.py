"""Leads: places that might lend a room, worked through by the desk until they are hosts."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Case, Count, F, IntegerField, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meervoud.core.errors import InputError
from meervoud.demand.models import Request
from meervoud.lib.clock import today
from meervoud.lib.paging import page_links
from meervoud.lib.saying import spoken
from meervoud.matching.lead_fits import LeadFits, who_could_come
from meervoud.matching.lead_hosts import MOST_HOSTS, become_host, hosts_named, put_back
from meervoud.matching.lead_lifecycle import possible_moves
from meervoud.matching.leads import (
    ask_lead,
    assign_lead,
    call_back_on,
    correct_lead,
    note_on_lead,
    note_visit,
    say_no_for,
)
from meervoud.matching.models import Lead, LeadList, LeadState
from meervoud.matching.models.leads import LeadQuerySet
from meervoud.matching.views.offers import entry
from meervoud.parties.current import person_of, staff_programme
from meervoud.parties.models import Person, Programme
from meervoud.site.lead_forms import FactsForm, HostForm, HostSearch, LeadFilters, NoteForm, ReasonForm
from meervoud.site.lead_history import history_of

PAGE: Final = 25
FEWEST_SAID: Final = 5
STATES: Final = {"new": "info", "asked": "warning", "visited": "warning", "no": "quiet", "host": "good"}
LANGUAGE_OF: Final = {"NL": "nl", "BE": "nl", "DK": "da"}
ON_MAP: Final = re.compile(r"(node|way|relation)/\d{1,15}", re.ASCII)


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the leads of the programme, what is due first."""
    programme, day = staff_programme(request), today()
    rows = Lead.objects.visible_to(request.user).filter(programme=programme)
    areas = list(
        rows.exclude(neighbourhood="").order_by("neighbourhood").values_list("neighbourhood", flat=True).distinct()
    )
    form = LeadFilters(request.GET, neighbourhoods=areas)
    listed = Paginator(_in_order(_filtered(rows, form.chosen(), day), day), PAGE)
    page = listed.get_page(request.GET.get("page", "1"))
    context = {
        "form": form,
        "leads": [(each, STATES[each.state], _is_due(each, day)) for each in page.object_list],
        "total": listed.count,
        "tabs": _tabs(rows, day),
        "asked": f"?{request.GET.urlencode()}",
        "page": page_links(request, page.number, listed.num_pages),
        "waiting": LeadList.objects.visible_to(request.user)
        .filter(programme=programme, by=request.user.pk)
        .defer("content")
        .first(),
        "desk_name": programme.name,
    }
    return render(request, "site/leads.html", context)


def _filtered(rows: LeadQuerySet, chosen: Mapping[str, Any], day: date) -> LeadQuerySet:  # Any: see LeadFilters
    if chosen.get("due"):
        rows = rows.due(day)
    return rows.filter(**{name: value for name, value in chosen.items() if name != "due"})


def _in_order(rows: LeadQuerySet, day: date) -> LeadQuerySet:
    """Return what is due first, the oldest first; then what is to be done, then what is done."""
    open_states = (LeadState.NEW, LeadState.ASKED, LeadState.VISITED)
    order = Case(
        When(call_back_on__lte=day, state__in=open_states, then=Value(0)),
        When(state__in=open_states, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    listed = rows.select_related("assigned_to").defer("tags", "note")
    nameless = Case(When(name="", then=Value(1)), default=Value(0), output_field=IntegerField())
    return listed.order_by(order, F("call_back_on").asc(nulls_last=True), nameless, "name", "source_id")


def _is_due(lead: Lead, day: date) -> bool:
    waits = lead.state not in (LeadState.NO, LeadState.HOST)
    return waits and lead.call_back_on is not None and lead.call_back_on <= day


def _tabs(rows: LeadQuerySet, day: date) -> list[tuple[str, str, int]]:
    """Return what can be picked at once: the address, the word and how many leads there are."""
    counts = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    states = zip(LeadState.values, LeadState.labels, strict=True)
    due = ("?due=on", _("to call back"), rows.due(day).count())
    return [due, *((f"?state={state}", str(label), counts.get(state, 0)) for state, label in states)]


def lead_of(request: HttpRequest, lead_id: UUID) -> Lead:
    """Return a lead of a programme that the person works for; another one is not there.

    Raises:
        Http404: none of theirs has the id.
    """
    rows = Lead.objects.visible_to(request.user).filter(pk=lead_id)
    found = rows.select_related("programme", "assigned_to").first()
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    """Show a lead with what it could serve and what can be done; a POST keeps the note, the day and who does it."""
    lead = lead_of(request, lead_id)
    form = NoteForm(request.POST or None, instance=lead, programme=lead.programme)
    if request.method == "POST" and form.is_valid():
        _keep(lead_of(request, lead_id), person_of(request), form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("lead", lead_id)
    fits = who_could_come(lead)
    context = {
        "lead": lead,
        "state_kind": STATES[lead.state],
        "is_due": _is_due(lead, today()),
        "moves": possible_moves(lead),
        "form": form,
        "reason_form": ReasonForm(),
        "history": history_of(lead),
        **_hosts(request, lead),
        "fits": fits,
        "best": _needs(fits),
        "on_map": ON_MAP.fullmatch(lead.source_id) is not None,
    }
    return render(request, "site/lead.html", context, status=422 if form.errors else 200)


def _hosts(request: HttpRequest, lead: Lead) -> dict[str, Any]:  # Any: what a template shows
    """Return the forms with which a host is chosen; what was looked for stands in the address."""
    words = request.GET.get("host", "")[:120]
    found = hosts_named(lead.programme, words, most=MOST_HOSTS + 1)
    name = {"host_name": lead.tags.get("operator") or lead.name}
    return {
        "host_search": HostSearch(initial={"host": words.replace("\0", "")}),
        "host_form": HostForm(initial=name, hosts=found[:MOST_HOSTS]),
        "host_words": words.strip(),
        "hosts_found": len(found),
        "has_more_hosts": len(found) > MOST_HOSTS,
    }


@transaction.atomic
def _keep(lead: Lead, by: Person, said: Mapping[str, Any]) -> None:  # Any: the values of a form
    note_on_lead(lead=lead, by=by, text=said["note"])
    call_back_on(lead=lead, by=by, day=said["call_back_on"])
    assign_lead(lead=lead, by=by, to=said["assigned_to"])


def _needs(fits: LeadFits) -> list[dict[str, object]]:
    return [entry(spoken(), *each) for each in fits.best]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    """Correct what is known of a place; the map does not overwrite it."""
    lead = lead_of(request, lead_id)
    form = FactsForm(request.POST or None, instance=lead)
    if request.method == "POST" and form.is_valid():
        correct_lead(lead=lead_of(request, lead_id), by=person_of(request), values=form.cleaned_data)
        messages.success(request, _("Kept. A new extract of the map does not change it back."))
        return redirect("lead", lead_id)
    return render(request, "site/lead_facts.html", {"lead": lead, "form": form}, status=422 if form.errors else 200)


def _refuse(request: HttpRequest, lead: Lead, by: Person) -> None:
    say_no_for(lead=lead, by=by, reason=request.POST.get("reason", ""))


def _become_host(request: HttpRequest, lead: Lead, by: Person) -> None:
    host_id = _host_id(request.POST.get("organisation", ""))
    become_host(lead=lead, by=by, host_name=request.POST.get("host_name", "")[:120], host_id=host_id)


def _host_id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise InputError("Choose an organisation of this programme.", code="lead_host") from error


MOVES: Final[Mapping[str, Callable[[HttpRequest, Lead, Person], object]]] = {
    "ask": lambda _request, lead, by: ask_lead(lead=lead, by=by),
    "visit": lambda _request, lead, by: note_visit(lead=lead, by=by),
    "back": lambda _request, lead, by: put_back(lead=lead, by=by),
    "no": _refuse,
    "host": _become_host,
}


@login_required
@require_POST
def move(request: HttpRequest, lead_id: UUID, name: str) -> HttpResponse:
    """Bring a lead a step further, or put the last step back."""
    lead = lead_of(request, lead_id)
    if name not in MOVES:
        raise Http404
    MOVES[name](request, lead, person_of(request))
    return redirect("lead", lead_id)


@login_required
@require_safe
def letter(request: HttpRequest, lead_id: UUID) -> HttpResponse:
    """Show an invitation to print, in the language that is asked for, else that of the country."""
    lead = lead_of(request, lead_id)
    asked, known = request.GET.get("language", ""), dict(settings.LANGUAGES)
    tongue = asked if asked in known else LANGUAGE_OF.get(lead.programme.country, get_language() or "en")
    fits = who_could_come(lead)
    context = {
        "lead": lead,
        "desk": lead.programme,
        "tongue": tongue,
        "waiting": at_least(open_requests(lead.programme)),
        "fits": at_least(fits.number),
    }
    return render(request, "site/lead_letter.html", context)


def open_requests(programme: Programme) -> int:
    """Return how many groups ask for space now."""
    return Request.objects.open_in(programme, because="a count in a letter").count()


def at_least(number: int) -> int | None:
    """Return a number that may be printed, None where it would speak of a few."""
    return number if number >= FEWEST_SAID else None
