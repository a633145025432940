"""Reading a sheet of use from before, once, and keeping what it says until somebody confirms it."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from meervoud.core.errors import InputError
from meervoud.files.reading import Refusal
from meervoud.lib.journal import journal
from meervoud.outcomes.models import PastSheet, PastUse
from meervoud.outcomes.past_sheets import PastReading, read_past

WHY: Final = "the platform reads it for who gave it"
SHOWN: Final = 50
BATCH: Final = 500
MOST_ATTEMPTS: Final = 3  # a sheet at which so many workers died is not tried again
Said = dict[str, Any]  # parts of a sentence, as JSON


def read_sheet(sheet_id: UUID, *, now: datetime, today: date) -> None:
    """Read a sheet and write its rows, which do not count yet; what it is read for is done once, or not at all.

    A file that cannot be read at all leaves its fault on the sheet.
    """
    rows = PastSheet.objects.every(because=WHY).filter(pk=sheet_id, read_at=None, confirmed_at=None)
    if not rows.update(attempts=F("attempts") + 1):
        return  # dropped, or another worker has read it
    sheet = rows.select_related("programme").first()
    if sheet is None:
        return
    if sheet.attempts > MOST_ATTEMPTS:
        break_off(sheet_id, now=now)
        return
    try:  # before the transaction: it takes seconds
        read = read_past(sheet.file_name, bytes(sheet.content), sheet.programme.time_zone, today)
    except InputError as error:
        _keep_fault(sheet_id, error, now)
        return
    _keep(sheet_id, read, now)


def break_off(sheet_id: UUID, *, now: datetime) -> None:
    """Let a sheet say that its reading was stopped by a fault of ours."""
    message = "A fault stopped the reading of this sheet. Drop it and give it again."
    _keep_fault(sheet_id, InputError(message, code="past_broke_off"), now)


@transaction.atomic
def _keep(sheet_id: UUID, read: PastReading, now: datetime) -> None:
    sheet = _unread(sheet_id)
    if sheet is None:
        return
    reading = read.reading
    PastUse.objects.bulk_create(
        [PastUse(programme_id=sheet.programme_id, sheet=sheet, key=key, **vars(row)) for key, row in read.rows.items()],
        batch_size=BATCH,
    )
    sheet.rows_read, sheet.rows_refused = reading.read, reading.rows_refused
    sheet.rows_repeated, sheet.repeats = read.repeated, [list(each) for each in read.repeats]
    sheet.faults = [_refused(read, each) for each in reading.refused[:SHOWN]]
    sheet.faults_found = len(reading.refused)
    sheet.notes = [{"code": each.code, "values": _kept(each.values), "row": each.row} for each in reading.notes]
    _end(sheet, now)


@transaction.atomic
def _keep_fault(sheet_id: UUID, error: InputError, now: datetime) -> None:
    sheet = _unread(sheet_id)
    if sheet is not None:
        sheet.fault = {"code": error.code, "values": _kept(error.values), "message": _plain(str(error))}
        _end(sheet, now)


def _end(sheet: PastSheet, now: datetime) -> None:
    sheet.read_at = now
    sheet.save()
    journal(None, "past_sheet.read", sheet, rows=sheet.rows_read, refused=sheet.rows_refused)


def _unread(sheet_id: UUID) -> PastSheet | None:
    """Return a sheet while nobody else changes it; None where it is gone, or somebody was first."""
    rows = PastSheet.objects.every(because=WHY).filter(pk=sheet_id, read_at=None, confirmed_at=None)
    return rows.select_for_update().defer("content").first()


def _refused(read: PastReading, refusal: Refusal) -> Said:
    return {
        "cell": read.cell_of(refusal),
        "column": _plain(refusal.column),
        "value": _plain(refusal.value),
        "code": refusal.code,
        "values": _kept(refusal.values),
        "message": _plain(refusal.message),
    }


def _kept(values: Any) -> Said:  # Any: the gaps of a sentence
    return {name: _plain(value) if isinstance(value, str) else value for name, value in values.items()}


def _plain(text: str) -> str:
    """Return text that every database keeps: what a broken file says may hold signs that none does."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
