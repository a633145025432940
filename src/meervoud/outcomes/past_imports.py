"""Actions on sheets of use from before: give one, confirm it once it was read, drop it, take it back."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.journal import journal
from meervoud.outcomes.models import PastSheet, PastUse
from meervoud.outcomes.past_doubles import doubles_of, new_rows, told_by
from meervoud.outcomes.past_sheets import check_past_file
from meervoud.outcomes.tasks import read_past_sheet
from meervoud.parties.models import Person, Programme

WHY: Final = "of the programme that the person works for; found in their scope already"
KEPT_DAYS: Final = 14
MOST_SOURCE: Final = 300


def keep_sheet(*, programme: Programme, name: str, content: bytes, source: str, by: Person, now: datetime) -> PastSheet:
    """Keep a sheet until it is confirmed or dropped, and let a task read it.

    Raises:
        InputError: the file is too large or of another kind, was given before, or nobody says where it comes from.
    """
    said = " ".join(source.split())
    if not 0 < len(said) <= MOST_SOURCE:
        raise InputError("Say where these figures come from.", code="past_source", most=MOST_SOURCE)
    check_past_file(name, len(content))
    fingerprint = hashlib.sha256(content).hexdigest()
    _refuse_again(programme, fingerprint)
    sheet = PastSheet(programme=programme, by=by, file_name=name[-200:], source=said, ordered_at=now)
    sheet.content, sheet.fingerprint = content, fingerprint
    try:
        with transaction.atomic():
            sheet.save(force_insert=True)
            journal(by, "past_sheet.given", sheet)
            read_past_sheet.enqueue(str(sheet.pk))
    except IntegrityError:
        _refuse_again(programme, fingerprint)  # somebody gave it at the same moment
        raise
    return sheet


def _refuse_again(programme: Programme, fingerprint: str) -> None:
    first = PastSheet.objects.every(because=WHY).filter(programme=programme, fingerprint=fingerprint).first()
    if first is not None:
        day = f"{first.created_at:%Y-%m-%d}"
        message = f"You gave this file before: {first.file_name}, on {day}."
        raise InputError(message, code="past_twice", value=first.file_name, day=day)


@transaction.atomic
def confirm_sheet(*, sheet: PastSheet, by: Person, now: datetime) -> PastSheet:
    """Let every row of a sheet count, but those that another sheet told by now; `left_out` says which sheet.

    Raises:
        ConflictError: it was confirmed already, is not read yet, a row of it cannot be read, or all were told before.
    """
    locked = _locked(sheet)
    if locked.confirmed_at is not None:
        raise ConflictError("This sheet was confirmed already. Take it back to give it again.")
    if locked.read_at is None:
        raise ConflictError("This sheet is still being read. Look at it first.")
    waiting = PastUse.waiting.of(sheet=[locked])
    if locked.fault or locked.rows_refused or not waiting.exists():
        raise ConflictError("Not every row of this sheet can be read. Mend the sheet and give it again.")
    _one_at_a_time(locked)
    locked.left_out = told_by(locked)
    doubles_of(locked).delete()
    rows = new_rows(locked).update(is_confirmed=True)
    if not rows:
        raise ConflictError("Every row of this sheet was given before, in another sheet. Drop this one.")
    locked.content, locked.confirmed_at = b"", now
    locked.save(update_fields=["content", "left_out", "confirmed_at", "changed_at"])
    journal(by, "past_sheet.confirmed", locked, rows=rows, left_out=sum(each["number"] for each in locked.left_out))
    return locked


def _one_at_a_time(sheet: PastSheet) -> None:
    """Let two who confirm at one moment do it one after the other, so that the second sees what the first wrote.

    Without it the constraint refuses the second, but not in a sentence.
    """
    Programme.objects.select_for_update(no_key=True).get(pk=sheet.programme_id)


@transaction.atomic
def take_back_sheet(*, sheet: PastSheet, by: Person | None) -> int:
    """Take a sheet back, or drop one that waits; its rows go with it, and the same file may be given again.

    Returns:
        How many rows went that did count.
    """
    locked = _locked(sheet)
    number = PastUse.objects.of(sheet=[locked]).count()
    verb = "past_sheet.undone" if locked.confirmed_at else "past_sheet.dropped"
    journal(by, verb, locked, rows=number)
    locked.delete()
    return number


def drop_old_sheets(*, now: datetime) -> int:
    """Drop the sheets that nobody confirmed within fourteen days, and return how many."""
    waiting = PastSheet.objects.every(because="the platform's own clock").filter(confirmed_at__isnull=True)
    late = list(waiting.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).defer("content"))
    for sheet in late:
        take_back_sheet(sheet=sheet, by=None)
    return len(late)


def _locked(sheet: PastSheet) -> PastSheet:
    """Return a sheet as it stands, while nobody else changes it.

    Raises:
        ConflictError: it is gone.
    """
    rows = PastSheet.objects.every(because=WHY).select_for_update(of=("self",)).select_related("programme")
    found = rows.filter(pk=sheet.pk).defer("content").first()
    if found is None:
        raise ConflictError("This sheet was taken back already.")
    return found
