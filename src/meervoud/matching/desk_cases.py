"""Actions on the cases of the desk: share the work, call back, note; and what is forgotten of them."""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from meervoud.core.errors import InputError, NotAllowedError
from meervoud.demand.models import Request
from meervoud.lib.journal import journal
from meervoud.matching.models import DeskCase, DeskNote
from meervoud.matching.models.desk import NOTE_LENGTH, WHY_LENGTH
from meervoud.parties.models import Person
from meervoud.parties.roles import works_for

OWN: Final = "one request, found in the scope of the staff already"
ERASED: Final = "the person is being erased"


@transaction.atomic
def assign_case(*, request: Request, by: Person, to: Person | None) -> DeskCase:
    """Say who of the staff works on a request; None is nobody in particular.

    Raises:
        InputError: the person does not work for the programme.
        NotAllowedError: who says it does not.
    """
    if to is not None and not works_for(to, request.programme):
        raise InputError("Choose somebody who works for this programme.", code="case_assignee")
    case = _case_of(request, by)
    if case.assigned_to_id != (to.pk if to else None):
        case.assigned_to = to
        case.save(update_fields=["assigned_to", "changed_at"])
        journal(by, "case.assigned", case, to=str(to.pk) if to else "")
    return case


@transaction.atomic
def call_back(*, request: Request, by: Person, day: date | None, why: str = "") -> DeskCase:
    """Say on which day the desk calls back and why; None is no day, for somebody called.

    Raises:
        InputError: the reason is too long.
        NotAllowedError: who says it does not work for the programme.
    """
    why = " ".join(why.replace("\x00", "").split()) if day else ""
    if len(why) > WHY_LENGTH:
        raise InputError(f"Write at most {WHY_LENGTH} letters.", code="call_why", most=WHY_LENGTH)
    case = _case_of(request, by)
    if (case.call_on, case.call_why) != (day, why):
        case.call_on, case.call_why = day, why
        case.save(update_fields=["call_on", "call_why", "changed_at"])
        journal(by, "case.call_back", case, day=day.isoformat() if day else "")
    return case


@transaction.atomic
def note_on_request(*, request: Request, by: Person, text: str, now: datetime) -> DeskNote:
    """Write a note for the staff of the programme; nobody else ever reads it.

    Raises:
        InputError: it is empty or too long.
        NotAllowedError: who writes it does not work for the programme.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not 0 < len(text) <= NOTE_LENGTH:
        raise InputError(f"Write a note of 1 to {NOTE_LENGTH} letters.", code="note_length", most=NOTE_LENGTH)
    _only_staff(request, by)
    note = DeskNote.objects.create(request=request, said_of=request, by=by, text=text, said_at=now)
    journal(by, "case.noted", note, request=str(request.pk))
    return note


def lock_case(request: Request) -> DeskCase:
    """Return the case of a request, made where there is none, while nobody else changes it in this transaction."""
    Request.objects.every(because=OWN).select_for_update(of=("self",)).get(pk=request.pk)
    case, _made = DeskCase.objects.every(because=OWN).get_or_create(request=request)
    return case


def _case_of(request: Request, by: Person) -> DeskCase:
    _only_staff(request, by)
    return lock_case(request)


def _only_staff(request: Request, by: Person) -> None:
    if not works_for(by, request.programme):
        raise NotAllowedError("Only who works for the programme does this.")


def forget_cases(person: Person) -> None:
    """Empty what the desk wrote about the requests of a person who is erased, and their name under notes and cases."""
    notes, cases = DeskNote.objects.every(because=ERASED), DeskCase.objects.every(because=ERASED)
    notes.filter(Q(request__asked_by=person) | Q(said_of__asked_by=person)).update(text="")
    notes.filter(by=person).update(by=None)
    cases.filter(Q(request__asked_by=person) | Q(request__merged_cases__request__asked_by=person)).update(
        call_on=None, call_why=""
    )
    cases.filter(assigned_to=person).update(assigned_to=None)
