"""One deed on many requests of the queue: ask, assign, call back, note."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meervoud.core.errors import InputError, MeervoudError
from meervoud.demand.models import Request
from meervoud.lib.clock import now
from meervoud.lib.saying import say_error
from meervoud.matching.asking import ask_best
from meervoud.matching.desk_cases import assign_case, call_back, note_on_request
from meervoud.matching.desk_filters import staff_of
from meervoud.matching.desk_forms import BulkForm
from meervoud.parties.current import person_of
from meervoud.parties.models import Person, Programme

MOST_AT_ONCE: Final = 100
FAULTS_SAID: Final = 5


@dataclass(frozen=True)
class Many:
    """What is ticked, by whom, and what the fields of the bar say."""

    rows: list[Request]
    by: Person
    said: Mapping[str, Any]  # Any: the values of a form


def do_for_many(request: HttpRequest, programme: Programme) -> None:
    """Do what the bar says for what is ticked, a hundred at most, and say how many it were."""
    ids = [each for each in request.POST.getlist("request") if _is_id(each)]
    deed_name = "ask" if "ask" in request.POST else request.POST.get("deed", "ask")
    form = BulkForm({**request.POST.dict(), "deed": deed_name}, staff=staff_of(programme))
    if not ids:
        return messages.info(request, _("Tick one or more requests first."))
    if not form.is_valid():
        return messages.error(request, _wrong(form))
    deed = DEEDS.get(form.cleaned_data["deed"])
    if deed is None:
        return messages.info(request, _("Choose what to do with what is ticked."))
    rows = Request.objects.visible_to(request.user).filter(programme=programme, state="open", pk__in=ids[:MOST_AT_ONCE])
    many = Many(list(rows.select_related("programme", "organisation")), person_of(request), form.cleaned_data)
    try:
        messages.success(request, deed(request, many))
    except MeervoudError as error:
        return messages.error(request, say_error(error))
    if len(set(ids)) > MOST_AT_ONCE:
        messages.warning(request, _("At most 100 at once: the others are as they were."))
    return None


def _wrong(form: BulkForm) -> str:
    return " ".join(f"{form[name].label}: {' '.join(map(str, found))}" for name, found in form.errors.items())


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _ask(request: HttpRequest, many: Many) -> str:
    asked, faults = 0, list[str]()
    for row in many.rows:
        try:
            asked += len(ask_best(request=row, by=many.by, now=now(), asker_agrees=False))
        except MeervoudError as error:
            faults.append(f"{row.title}: {say_error(error)}")
    for fault in faults[:FAULTS_SAID]:
        messages.error(request, fault)
    return ngettext("%(number)s host is asked.", "%(number)s hosts are asked.", asked) % {"number": asked}


@transaction.atomic
def _assign_to(to: Person | None, many: Many) -> str:
    for row in many.rows:
        assign_case(request=row, by=many.by, to=to)
    number = len(many.rows)
    if to is None:
        text = ngettext("%(number)s request is with nobody now.", "%(number)s requests are with nobody now.", number)
        return text % {"number": number}
    text = ngettext("%(number)s request is with %(name)s now.", "%(number)s requests are with %(name)s now.", number)
    return text % {"number": number, "name": to}


@transaction.atomic
def _call(_request: HttpRequest, many: Many) -> str:
    if many.said["call_on"] is None:
        raise InputError("Choose the day to call back on.", code="call_day")
    for row in many.rows:
        call_back(request=row, by=many.by, day=many.said["call_on"], why=many.said["call_why"])
    number = len(many.rows)
    text = ngettext("%(number)s request is to call back.", "%(number)s requests are to call back.", number)
    return text % {"number": number}


@transaction.atomic
def _called(_request: HttpRequest, many: Many) -> str:
    for row in many.rows:
        call_back(request=row, by=many.by, day=None)
    number = len(many.rows)
    return ngettext("%(number)s call is done.", "%(number)s calls are done.", number) % {"number": number}


@transaction.atomic
def _note(_request: HttpRequest, many: Many) -> str:
    for row in many.rows:
        note_on_request(request=row, by=many.by, text=many.said["text"], now=now())
    number = len(many.rows)
    return ngettext("The note stands on %(number)s request.", "The note stands on %(number)s requests.", number) % {
        "number": number
    }


DEEDS: Final[Mapping[str, Callable[[HttpRequest, Many], str]]] = {
    "ask": _ask,
    "assign_me": lambda _request, many: _assign_to(many.by, many),
    "assign": lambda _request, many: _assign_to(many.said["to"], many),
    "assign_nobody": lambda _request, many: _assign_to(None, many),
    "call": _call,
    "called": _called,
    "note": _note,
}
