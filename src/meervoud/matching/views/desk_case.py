"""A case of the desk: what is asked, where it stands, notes, who does it, when to call back, what to do for them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from meervoud.core.errors import MeervoudError
from meervoud.demand.as_request import needs_of
from meervoud.demand.models import Request
from meervoud.demand.steps import STEPS
from meervoud.files.wording.names import name_of
from meervoud.files.wording.need_sentences import say_rule
from meervoud.lib.clock import now, today
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.asking import ask_best
from meervoud.matching.desk_cases import assign_case, call_back, note_on_request
from meervoud.matching.desk_filters import Chosen, chosen_in, last_outcomes, lists_of, matching_rows, staff_of
from meervoud.matching.desk_forms import AssignForm, CallForm, NoteForm
from meervoud.matching.desk_merging import goes_on_as
from meervoud.matching.models import DeskCase, DeskNote, Proposal, State
from meervoud.matching.queue import STUCK, Moment, neighbours
from meervoud.matching.running import ONE_THING, PLACED
from meervoud.matching.views.desk_queue import address_of
from meervoud.matching.views.desk_rows import case_of, case_url
from meervoud.parties.current import person_of
from meervoud.parties.models import Person, ProgrammeRole, ServedRecord
from meervoud.parties.privacy import note_look

SHOWN: Final = 20
NOTES: Final = 100
ASKED_A_DAY: Final = 300
Shown = dict[str, Any]  # Any: what a template shows
KINDS: Final = {State.AGREED: "good", State.ASKED: "info", State.WAITING: "warning"}


def request_of(request: HttpRequest, request_id: UUID) -> Request:
    """Return a request of a programme that the person works for; another one, also their own, is not there.

    Raises:
        Http404: none of theirs has the id.
    """
    programmes = ProgrammeRole.objects.of_person(person_of(request)).values("programme")
    rows = Request.objects.visible_to(request.user).filter(pk=request_id, programme__in=programmes)
    row = rows.select_related("programme", "organisation", "asked_by", "desk_case__assigned_to").first()
    if row is None:
        raise Http404
    return row


@login_required
@require_safe
def case(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Show a case."""
    return _page(request, request_of(request, request_id))


def _page(request: HttpRequest, row: Request, wrong: forms.Form | None = None) -> HttpResponse:
    person, moment = person_of(request), Moment(now(), today())
    note_look(person=row.asked_by, by=person, why="request")
    chosen = chosen_in(request.GET, lists_of(row.programme))
    found = case_of(row)
    context = {
        "row": row,
        "case": found,
        "is_open": row.state == "open",
        "is_stuck": row.state == "open" and row.created_at < moment.now - STUCK,
        "is_due": found is not None and found.call_on is not None and found.call_on <= moment.today,
        "is_mine": found is not None and found.assigned_to_id == person.pk,
        "query": chosen.query(),
        "queue_url": address_of(chosen),
        **_asked(row),
        **_stands(row),
        **_forms(row, found, wrong),
        **_beside(row, chosen, person, moment),
        "goes_on_as": goes_on_as(row) if row.state == "withdrawn" else None,
        "merged_here": _merged_here(row),
    }
    return render(request, "matching/case.html", context, status=422 if wrong else 200)


def _asked(row: Request) -> Shown:
    said = spoken()
    return {
        "needs": [say_rule(said, need) for need in needs_of(row)],
        "cause": name_of(said, "causes", row.cause) if row.cause else "",
        "facilities": [name_of(said, "facilities", each) for each in row.facilities],
        "steps": [
            {"title": step.title, "url": reverse("request_step", args=[row.pk, name])} for name, step in STEPS.items()
        ],
    }


def _stands(row: Request) -> Shown:
    """Return the proposals of a request, what the last look found, the notes, and the call it was entered after."""
    rows = row.proposals.defer("snapshot").select_related("offer__space", "offer__host")
    done, _outcomes = last_outcomes(row.programme)
    found = done.found.get(str(row.pk), {}) if done else {}
    own = Request.objects.every(because="a case that was found in the scope of the staff").filter(pk=row.pk)
    return {
        "proposals": [_proposal(each) for each in rows.order_by("-changed_at")[:SHOWN]],
        "last_look": _last_look(found),
        "notes": DeskNote.objects.of(request=[row]).select_related("by", "said_of")[:NOTES],
        "record": ServedRecord.objects.of_things(own).select_related("person").order_by("-call_at").first(),
    }


def _proposal(each: Proposal) -> Shown:
    return {
        "id": each.pk,
        "offer": each.offer_id,
        "name": each.offer.space.name,
        "host": each.offer.host.name,
        "state": each.get_state_display(),
        "kind": KINDS.get(State(each.state), "quiet"),
        "waits_for": _waits_for(each),
        "until": each.expires_at if each.state in (State.ASKED, State.AGREED) else None,
    }


def _waits_for(each: Proposal) -> str:
    if each.state != State.ASKED:
        return ""
    if not each.host_says:
        return _("the host has not answered")
    return "" if each.asker_says else _("the group has not answered")


def _last_look(found: Mapping[str, str]) -> str:
    outcome = found.get("outcome", "")
    if outcome == PLACED:
        return _("At the last look it could be placed at once.")
    if outcome == ONE_THING:
        condition = name_of(spoken(), "conditions", found["condition"])
        return _("At the last look one condition only was in the way: %(condition)s.") % {"condition": condition}
    return ""


def _forms(row: Request, found: DeskCase | None, wrong: forms.Form | None) -> Shown:
    staff = staff_of(row.programme)
    shown: dict[str, forms.Form] = {
        "note_form": NoteForm(),
        "assign_form": AssignForm(staff=staff, initial={"to": found.assigned_to_id if found else None}),
        "call_form": CallForm(
            initial={"call_on": found.call_on if found else None, "call_why": found.call_why if found else ""}
        ),
    }
    kept = {name: wrong if isinstance(wrong, type(form)) else form for name, form in shown.items()}
    return {**kept, "wrong": wrong}


def _beside(row: Request, chosen: Chosen, person: Person, moment: Moment) -> Shown:
    """Return the addresses of the cases before and behind this one in the same filter."""
    outcomes = last_outcomes(row.programme)[1] if "outcome" in chosen.values else {}
    rows = matching_rows(row.programme, chosen, person, moment, outcomes)
    before, after = neighbours(rows, row, chosen.order)
    return {
        "previous_url": case_url(before.pk, chosen) if before else "",
        "next_url": case_url(after.pk, chosen) if after else "",
    }


def _merged_here(row: Request) -> list[DeskCase]:
    cases = DeskCase.objects.every(because="a case that was found in the scope of the staff")
    return list(cases.filter(merged_into=row).select_related("request").order_by("-merged_at"))


def _note(request: HttpRequest, row: Request, by: Person) -> str | forms.Form:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return form
    note_on_request(request=row, by=by, text=form.cleaned_data["text"], now=now())
    return _("The note is kept.")


def _assign(request: HttpRequest, row: Request, by: Person) -> str | forms.Form:
    form = AssignForm(request.POST, staff=staff_of(row.programme))
    if not form.is_valid():
        return form
    to = form.cleaned_data["to"]
    assign_case(request=row, by=by, to=to)
    return _("It is with %(name)s now.") % {"name": to} if to else _("It is with nobody now.")


def _take(_request: HttpRequest, row: Request, by: Person) -> str:
    assign_case(request=row, by=by, to=by)
    return _("It is with you now.")


def _call(request: HttpRequest, row: Request, by: Person) -> str | forms.Form:
    form = CallForm(request.POST)
    if not form.is_valid():
        return form
    call_back(request=row, by=by, day=form.cleaned_data["call_on"], why=form.cleaned_data["call_why"])
    return _("Kept. It stands under “call back” from that day on.")


def _later(days: int) -> Callable[[HttpRequest, Request, Person], str]:
    def later(_request: HttpRequest, row: Request, by: Person) -> str:
        found = case_of(row)
        call_back(request=row, by=by, day=today() + timedelta(days=days), why=found.call_why if found else "")
        return _("Kept. It stands under “call back” from that day on.")

    return later


def _called(_request: HttpRequest, row: Request, by: Person) -> str:
    call_back(request=row, by=by, day=None)
    return _("Called. It is not under “call back” any more.")


def _ask(_request: HttpRequest, row: Request, by: Person) -> str:
    take_token(f"desk asks {by.pk}", most=ASKED_A_DAY, per_seconds=86_400, now=now())
    number = len(ask_best(request=row, by=by, now=now(), asker_agrees=False))
    return ngettext("%(number)s host is asked.", "%(number)s hosts are asked.", number) % {"number": number}


DEEDS: Final[Mapping[str, Callable[[HttpRequest, Request, Person], str | forms.Form]]] = {
    "note": _note,
    "assign": _assign,
    "take": _take,
    "call": _call,
    "tomorrow": _later(1),
    "called": _called,
    "ask": _ask,
}


@login_required
@require_POST
def do(request: HttpRequest, request_id: UUID, name: str) -> HttpResponse:
    """Do one thing with a case: note, assign, call back, ask."""
    row = request_of(request, request_id)
    if name not in DEEDS:
        raise Http404
    try:
        said = DEEDS[name](request, row, person_of(request))
    except MeervoudError as error:
        messages.error(request, say_error(error))
    else:
        if isinstance(said, forms.Form):
            return _page(request, row, said)
        messages.success(request, said)
    return redirect(case_url(row.pk, chosen_in(request.GET, lists_of(row.programme))))
