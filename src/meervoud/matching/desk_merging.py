"""Merging two requests that are one, undoing it, and remembering which ones are not the same."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.demand.actions import reopen_request, withdraw_request
from meervoud.demand.models import Request
from meervoud.demand.models import State as RequestState
from meervoud.lib.journal import journal
from meervoud.matching.desk_cases import OWN, call_back, lock_case
from meervoud.matching.duplicates import pair_of
from meervoud.matching.models import DeskCase, DeskNote, NotTheSame, State
from meervoud.parties.models import Person, Programme
from meervoud.parties.roles import acts_for, works_for

UNDO_DAYS: Final = 14
MOST_STEPS: Final = 20
WHY: Final = "one pair, found in the scope of the staff already"


@transaction.atomic
def merge_requests(*, keep: Request, other: Request, by: Person, now: datetime, today: date) -> DeskCase:
    """Let one of two requests go on for both: the other is withdrawn, and its notes are copied over.

    Where who asked for the other may not see the one that goes on, the desk calls them: it stands under "call back".

    Raises:
        InputError: they are the same row, or of two programmes.
        NotAllowedError: the person does not work for the programme.
        ConflictError: one of them is not open, or the other one has two yes.
    """
    _check_pair(keep, other, by)
    keep, other = _locked(keep, other)
    if keep.state != RequestState.OPEN or other.state != RequestState.OPEN:
        raise ConflictError("One of the two requests is not open any more. Look at the list again.")
    if other.proposals.filter(state=State.AGREED).exists():
        raise ConflictError("The other request has two yes already. Keep that one.")
    withdraw_request(request=other, by=by)
    case = lock_case(other)
    case.merged_into, case.merged_at = keep, now
    case.save(update_fields=["merged_into", "merged_at", "changed_at"])
    _copy_notes(other, keep)
    if not may_see(other.asked_by, keep) and lock_case(keep).call_on is None:
        why = _("Tell who asked for “%(title)s” that it goes on here.") % {"title": other.title[:80]}
        call_back(request=keep, by=by, day=today, why=why)
    journal(by, "request.merged", other, into=str(keep.pk))
    return case


@transaction.atomic
def undo_merge(*, other: Request, by: Person, now: datetime, today: date) -> Request:
    """Take a merge back: the other request is open again, and the copies of its notes are gone.

    Its proposals were withdrawn; what fits is looked for anew.

    Raises:
        NotAllowedError: the person does not work for the programme.
        ConflictError: it was not merged, or more than fourteen days ago.
    """
    if not works_for(by, other.programme):
        raise NotAllowedError("Only who works for the programme does this.")
    case = lock_case(other)
    if case.merged_into_id is None or case.merged_at is None:
        raise ConflictError("This request was not merged, or it was undone already.")
    if now - case.merged_at > timedelta(days=UNDO_DAYS):
        raise ConflictError("This was merged more than 14 days ago. Post the request again instead.")
    other = Request.objects.every(because=OWN).select_related("programme").get(pk=other.pk)
    copies = DeskNote.objects.every(because=WHY).filter(request=case.merged_into_id, copied_from__request=other)
    copies.delete()
    kept, case.merged_into, case.merged_at = case.merged_into_id, None, None
    case.save(update_fields=["merged_into", "merged_at", "changed_at"])
    if other.state != RequestState.OPEN:
        reopen_request(request=other, by=by, today=today)
    journal(by, "request.merge_undone", other, out_of=str(kept))
    return other


@transaction.atomic
def tell_apart(*, one: Request, other: Request, by: Person) -> NotTheSame:
    """Remember that two requests are not the same; they are not shown as a pair again.

    Raises:
        InputError: they are the same row, or of two programmes.
        NotAllowedError: the person does not work for the programme.
    """
    _check_pair(one, other, by)
    first, second = pair_of(one.pk, other.pk)
    rows = NotTheSame.objects.every(because=WHY)
    pair, is_new = rows.get_or_create(first_id=first, second_id=second, defaults={"programme": one.programme, "by": by})
    if is_new:
        journal(by, "request.told_apart", pair)
    return pair


def goes_on_as(request: Request) -> Request | None:
    """Return the request that a merged one goes on as; where that was merged too, the last one. None where it was not."""
    found, rows = None, Request.objects.every(because=WHY)
    current: Request | None = request
    for _step in range(MOST_STEPS):
        if current is None or current.state == RequestState.OPEN:
            break
        current = rows.filter(merged_cases__request=current).select_related("organisation").first()
        found = current or found
    return found


def may_see(person: Person, request: Request) -> bool:
    """Say whether a request is a person's own, or one of an organisation they act for."""
    return request.asked_by_id == person.pk or acts_for(person, request.organisation)


def late_merges(programme: Programme, now: datetime) -> list[DeskCase]:
    """Return the merges of a programme that can still be undone, the last one first."""
    rows = DeskCase.objects.every(because=WHY).filter(
        request__programme=programme, merged_into__isnull=False, merged_at__gte=now - timedelta(days=UNDO_DAYS)
    )
    return list(rows.select_related("request", "merged_into").order_by("-merged_at")[:50])


def _check_pair(one: Request, other: Request, by: Person) -> None:
    if one.pk == other.pk or one.programme_id != other.programme_id:
        raise InputError("Choose two requests of one programme.", code="merge_pair")
    if not works_for(by, one.programme):
        raise NotAllowedError("Only who works for the programme does this.")


def _locked(keep: Request, other: Request) -> tuple[Request, Request]:
    """Lock both in one order, so that two merges never wait for each other."""
    rows = Request.objects.every(because=OWN).filter(pk__in=[keep.pk, other.pk])
    found = {
        each.pk: each
        for each in rows.select_for_update(of=("self",))
        .select_related("programme", "organisation", "asked_by")
        .order_by("pk")
    }
    return found[keep.pk], found[other.pk]


def _copy_notes(other: Request, keep: Request) -> None:
    DeskNote.objects.bulk_create(
        DeskNote(
            request=keep, by=note.by, text=note.text, said_at=note.said_at, said_of_id=note.said_of_id, copied_from=note
        )
        for note in other.desk_notes.all()
    )


def forget_merges(person: Person) -> None:
    """Forget who told pairs apart, where that person is erased."""
    NotTheSame.objects.every(because="the person is being erased").filter(by=person).update(by=None)
