"""Serving people who call: their request is entered for them, read back by letter, and claimed with the code."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from meervoud.core.errors import InputError, MeervoudError
from meervoud.demand.actions import begin_request, open_request
from meervoud.demand.as_request import needs_of
from meervoud.demand.models import Request
from meervoud.demand.steps import values_of
from meervoud.files.wording.need_sentences import say_need, say_rule
from meervoud.lib.clock import now, today
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error, spoken
from meervoud.lib.scope import ScopedQuerySet
from meervoud.matching.queries import what_fits
from meervoud.parties.current import person_of, staff_programme
from meervoud.parties.models import Person, Programme, ServedRecord
from meervoud.parties.privacy import note_look
from meervoud.parties.served import Call, add_caller, claim, new_code, serve
from meervoud.site.call_forms import CallForm, ClaimForm
from meervoud.supply.hours_in_words import say_periods
from meervoud.supply.models import Offer

CLAIMS_AN_HOUR = 10


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a request for somebody on the phone; then the letter is there to print."""
    programme = staff_programme(request)
    form = CallForm(request.POST or None, programme=programme, today=today())
    if request.method == "POST" and form.is_valid():
        try:
            row, code = enter_request(programme, person_of(request), form, now())
        except InputError as error:
            form.add_error(None, say_error(error))
        else:
            request.session[f"code {row.pk}"] = code  # shown once, on the letter that follows
            return redirect("letter", row.pk)
    return render(request, "site/enter.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def enter_request(programme: Programme, by: Person, form: CallForm, moment: datetime) -> tuple[ServedRecord, str]:
    """Keep the caller, their request and the record of the call, and open the request.

    Raises:
        InputError: the request lacks something that it cannot do without.
    """
    caller = form.caller()
    person = add_caller(caller)
    values = {**values_of(form), "title": form.cleaned_data["title"]}
    row = begin_request(programme=programme, asked_by=person, by=by, values=values, needs=form.needs())
    open_request(request=row, by=by, today=moment.date())
    call = Call(moment, form.cleaned_data["note"])
    return serve(person=person, caller=caller, thing=row, by=by, call=call)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, record_id: UUID) -> HttpResponse:
    """Show the letter that reads a record back, to print; a POST makes a new code for a letter that got lost."""
    programme = staff_programme(request)
    requests = Request.objects.visible_to(request.user).filter(programme=programme)
    offers = Offer.objects.visible_to(request.user).filter(programme=programme)
    record = record_among(record_id, requests) or record_among(record_id, offers)
    if record is None:
        raise Http404
    if request.method == "POST":
        request.session[f"code {record.pk}"] = new_code(record=record, by=person_of(request))
        return redirect("letter", record.pk)
    note_look(person=record.person, by=person_of(request), why="letter")
    code = request.session.pop(f"code {record.pk}", "")
    context = {"record": record, "programme": programme, "claim_code": code}
    is_offer = record.thing_kind == "offer"
    with override(record.person.language):
        words = _offer_in_words(offers, record) if is_offer else _request_in_words(requests, record)
    return render(request, "site/letter_offer.html" if is_offer else "site/letter.html", {**context, **words})


def record_among(record_id: UUID, things: ScopedQuerySet[Any]) -> ServedRecord | None:  # Any: requests or offers
    """Return the record of a call about one of some things that were found in a scope."""
    found = ServedRecord.objects.of_things(things).filter(pk=record_id)
    return found.select_related("person", "entered_by").first()


def _offer_in_words(offers: QuerySet[Offer], record: ServedRecord) -> dict[str, Any]:  # Any: what a template shows
    row = offers.select_related("space__building__neighbourhood", "host").get(pk=record.thing)
    return {"row": row, "state_name": row.get_state_display(), "hours": say_periods(spoken(), row)}


def _request_in_words(requests: QuerySet[Request], record: ServedRecord) -> dict[str, Any]:  # Any: for a template
    row = requests.select_related("programme", "organisation").get(pk=record.thing)
    try:
        found = what_fits(row, most=3)
    except InputError:  # its days are past: nothing fits, but the letter still says what was asked
        return {"row": row, "needs": [say_rule(spoken(), need) for need in needs_of(row)], "fits": 0}
    return {"row": row, "needs": say_need(spoken(), found.asked), "fits": found.answer.sure + found.answer.assumed}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim_record(request: HttpRequest) -> HttpResponse:
    """Take over, with the code of the letter, what was entered for somebody by phone."""
    person = person_of(request)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        take_token(f"claim {person.pk}", most=CLAIMS_AN_HOUR, per_seconds=3600, now=now())
        try:
            record = claim(code=form.cleaned_data["code"], by=person, now=now())
        except MeervoudError as error:
            form.add_error("code", say_error(error))
        else:
            messages.success(request, _("It is yours now. You can change it here at any time."))
            return redirect(record.thing_kind, record.thing)
    return render(request, "site/claim.html", {"form": form}, status=422 if form.errors else 200)
