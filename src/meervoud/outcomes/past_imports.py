"""Actions on sheets of use from before: keep one until it is confirmed, write its rows, drop it, take it back."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.journal import journal
from meervoud.outcomes.models import PastSheet, PastUse
from meervoud.outcomes.past_sheets import PastReading, PastRow, check_past_file, read_past
from meervoud.parties.models import Person, Programme

WHY: Final = "of the programme that the person works for; found in their scope already"
KEPT_DAYS: Final = 14
MOST_SOURCE: Final = 300
BATCH: Final = 500


def keep_sheet(*, programme: Programme, name: str, content: bytes, source: str, by: Person, today: date) -> PastSheet:
    """Keep a sheet until it is confirmed or dropped; none of its rows is written.

    Raises:
        InputError: the file cannot be read at all, was given before, or nobody says where it comes from.
    """
    said = " ".join(source.split())
    if not 0 < len(said) <= MOST_SOURCE:
        raise InputError("Say where these figures come from.", code="past_source", most=MOST_SOURCE)
    check_past_file(name, len(content))
    reading = read_past(name, content, programme.time_zone, today).reading  # before the transaction: it takes seconds
    fingerprint = hashlib.sha256(content).hexdigest()
    _refuse_again(programme, fingerprint)
    sheet = PastSheet(programme=programme, by=by, file_name=name[-200:], source=said)
    sheet.content, sheet.fingerprint = content, fingerprint
    try:
        with transaction.atomic():
            sheet.save(force_insert=True)
            journal(by, "past_sheet.given", sheet, rows=reading.read, refused=reading.rows_refused)
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


def reading_of(sheet: PastSheet, today: date) -> PastReading:
    """Return what a sheet that waits says.

    Raises:
        InputError: it cannot be read at all.
    """
    return read_past(sheet.file_name, bytes(sheet.content), sheet.programme.time_zone, today)


@transaction.atomic
def confirm_sheet(*, sheet: PastSheet, by: Person, now: datetime, today: date) -> PastSheet:
    """Write every row of a sheet, or none.

    Raises:
        ConflictError: it was confirmed already, or a row of it cannot be read.
    """
    locked = _locked(sheet)
    if locked.confirmed_at is not None or not locked.content:
        raise ConflictError("This sheet was confirmed already. Take it back to give it again.")
    reading = reading_of(locked, today).reading
    if reading.refused or not reading.taken:
        raise ConflictError("Not every row of this sheet can be read. Mend the sheet and give it again.")
    PastUse.objects.bulk_create(_uses(locked, reading.taken), batch_size=BATCH)
    locked.content, locked.confirmed_at = b"", now
    locked.save(update_fields=["content", "confirmed_at", "changed_at"])
    journal(by, "past_sheet.confirmed", locked, rows=len(reading.taken))
    return locked


def _uses(sheet: PastSheet, rows: Iterable[PastRow]) -> list[PastUse]:
    return [PastUse(programme=sheet.programme, sheet=sheet, **vars(each)) for each in rows]


@transaction.atomic
def take_back_sheet(*, sheet: PastSheet, by: Person | None) -> int:
    """Take a sheet back, or drop one that waits; its rows go with it, and the same file may be given again.

    Returns:
        How many rows went.
    """
    locked = _locked(sheet)
    rows = PastUse.objects.of(sheet=[locked])
    number, verb = rows.count(), "past_sheet.undone" if locked.confirmed_at else "past_sheet.dropped"
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
    found = rows.filter(pk=sheet.pk).first()
    if found is None:
        raise ConflictError("This sheet was taken back already.")
    return found
