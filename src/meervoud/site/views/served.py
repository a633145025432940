"""Serving people who call: their request is entered for them, read back by letter, and claimed with the code."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from meervoud.core.errors import InputError, MeervoudError
from meervoud.demand.actions import begin_request, open_request
from meervoud.demand.as_request import need_of
from meervoud.demand.models import Request
from meervoud.demand.question_forms import QuestionsForm
from meervoud.demand.steps import values_of
from meervoud.files.wording.need_sentences import say_need
from meervoud.lib.clock import now, today
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.queries import what_fits
from meervoud.parties.current import desk_programme_of, person_of
from meervoud.parties.models import Person, Programme, ServedRecord
from meervoud.parties.models.people import LANGUAGES
from meervoud.parties.privacy import note_look
from meervoud.parties.roles import works_for
from meervoud.parties.served import Call, Caller, add_caller, claim, new_code, serve

CLAIMS_AN_HOUR = 10


class CallForm(QuestionsForm):
    """What a caller tells: who they are, as much as they like, and the three answers."""

    name = forms.CharField(label=gettext_lazy("Name of the caller"), max_length=120)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    postal_address = forms.CharField(
        label=gettext_lazy("Postal address, for the letter"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=LANGUAGES)
    title = forms.CharField(label=gettext_lazy("What is the activity called?"), max_length=120)
    note = forms.CharField(label=gettext_lazy("What was agreed on the phone"), max_length=300, required=False)

    field_order = ("name", "phone", "postal_address", "language", "title")

    def caller(self) -> Caller:
        """Return who called."""
        said = self.cleaned_data
        return Caller(said["name"], said["phone"], said["postal_address"], said["language"])


class ClaimForm(forms.Form):
    """The code of the letter."""

    code = forms.CharField(label=gettext_lazy("Code from the letter"), max_length=40)


def staff_programme(request: HttpRequest) -> Programme:
    """Return the programme that the viewer works for.

    Raises:
        Http404: they do not work for it.
    """
    programme = desk_programme_of(request)
    if not works_for(request.user, programme):
        raise Http404
    return programme


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
    record = ServedRecord.objects.filter(pk=record_id).select_related("person", "entered_by").first()
    row = _request_of(programme, record)
    if record is None or row is None:
        raise Http404
    if request.method == "POST":
        request.session[f"code {record.pk}"] = new_code(record=record, by=person_of(request))
        return redirect("letter", record.pk)
    note_look(person=record.person, by=person_of(request), why="letter")
    code = request.session.pop(f"code {record.pk}", "")
    return render(
        request,
        "site/letter.html",
        {"record": record, "row": row, "programme": programme, "claim_code": code, **_in_words(row)},
    )


def _request_of(programme: Programme, record: ServedRecord | None) -> Request | None:
    if record is None:
        return None
    rows = Request.objects.every(because="staff of its programme; checked above").filter(programme=programme)
    return rows.filter(pk=record.thing).select_related("programme", "organisation").first()


def _in_words(row: Request) -> dict[str, Any]:  # Any: what a template shows
    try:
        found = what_fits(row, most=3)
    except InputError:
        return {"needs": [], "fits": 0, "rules": [need_of(rule) for rule in row.rules.all()]}
    answer = found.answer
    return {"needs": say_need(spoken(), found.asked), "fits": answer.sure + answer.assumed}


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
            return redirect("request", record.thing)
    return render(request, "site/claim.html", {"form": form}, status=422 if form.errors else 200)
