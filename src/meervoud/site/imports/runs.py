"""Actions on imports: keep a sheet, show what it would do, write it all or nothing, drop it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from meervoud.core.errors import ConflictError
from meervoud.files.reading import Reading
from meervoud.lib.journal import journal
from meervoud.matching.city_index import forget_indexes
from meervoud.parties.models import Person, Programme
from meervoud.parties.models.organisations import Verification
from meervoud.places.actions import count_all_on_map
from meervoud.site.imports.day_ranges import planned_period
from meervoud.site.imports.differences import Difference, Preview, Setting, Subject, Values, compare
from meervoud.site.imports.lookups import BATCH
from meervoud.site.imports.sheets import Kind, check_upload, kind_of, read_sheet
from meervoud.site.imports.subjects import subject_of
from meervoud.site.models.imports import ImportChange, ImportRun
from meervoud.supply.change_number import mark_changed
from meervoud.supply.models import Offer

State = ImportRun.State
KEPT_DAYS = 14  # so long a sheet waits to be confirmed
MOST_IDS = 10_000  # in one statement


class WorldChangedError(ConflictError):
    """What an import would do is no longer what was shown; `preview` is what it would do now."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("Something changed since you looked. Look at the differences once more.")
        self.preview = preview


def setting_of(programme: Programme, by: Person | None, now: datetime, today: date, *, online: bool = False) -> Setting:
    """Return for which programme, by whom and when a sheet is imported."""
    return Setting(programme, by, now, today, planned_period(today), online)


@transaction.atomic
def start_import(*, setting: Setting, kind: Kind, name: str, content: bytes, most_rows: int | None) -> ImportRun:
    """Keep a sheet until it is confirmed or dropped; nothing else is written.

    Raises:
        InputError: the file as a whole cannot be read.
    """
    check_upload(kind, name, len(content))
    reading = read_sheet(kind, name, content, setting.period, most_rows)
    run = ImportRun.objects.create(
        programme=setting.programme,
        by=setting.by,
        kind=kind,
        file_name=name[-200:],
        content=content,
        rows_read=reading.read,
        rows_taken=reading.rows_taken,
        rows_refused=reading.rows_refused,
    )
    journal(setting.by, "import.started", run, rows=reading.read)
    return run


def preview_of(run: ImportRun, setting: Setting) -> Preview:
    """Return what an import would do at this moment."""
    return compare(_reading_of(run, setting), subject_of(kind_of(run.kind), setting))


def _reading_of(run: ImportRun, setting: Setting) -> Reading[Any]:  # Any: what a row means differs by kind
    return read_sheet(kind_of(run.kind), run.file_name, bytes(run.content), setting.period)


def confirm_import(*, run: ImportRun, setting: Setting, fingerprint: str) -> ImportRun:
    """Write what the preview showed, all or nothing; confirming twice writes once.

    Args:
        run: to be confirmed.
        setting: by whom and when.
        fingerprint: of the preview that the person saw.

    Raises:
        WorldChangedError: the import would do something else now; nothing was written.
        ConflictError: the import was dropped or undone.
    """
    if run.state == State.CONFIRMED:
        return run
    _refuse_unless_waiting(run)
    reading = _reading_of(run, setting)  # before the transaction: reading takes the longest
    with transaction.atomic():
        locked = lock_run(run)
        if locked.state == State.CONFIRMED:
            return locked
        _refuse_unless_waiting(locked)
        subject = subject_of(kind_of(run.kind), setting)
        preview = compare(reading, subject)
        if preview.fingerprint != fingerprint:
            raise WorldChangedError(preview)
        _write(locked, setting, subject, preview)
    return locked


def _refuse_unless_waiting(run: ImportRun) -> None:
    if run.state != State.PREVIEW:
        raise ConflictError("This import was dropped or undone. Give the file again.")


def lock_run(run: ImportRun) -> ImportRun:
    """Return an import as it stands, while nobody else imports into its programme until the end of the transaction."""
    # "no key": whoever adds something to the programme meanwhile need not wait
    Programme.objects.select_for_update(no_key=True).get(pk=run.programme_id)
    rows = ImportRun.objects.every(because="found in the scope of the person already")
    return rows.select_related("programme").get(pk=run.pk)


def _write(run: ImportRun, setting: Setting, subject: Subject, preview: Preview) -> None:
    new, changed = preview.of("new"), preview.of("changed")
    made = subject.create(new)
    subject.change({each.thing: each.after for each in changed if each.thing})
    ImportChange.objects.bulk_create(
        [
            *(_change(run, each, thing, None) for each, thing in zip(new, made, strict=True)),
            *(_change(run, each, each.thing, each.before) for each in changed if each.thing),
        ],
        batch_size=BATCH,
    )
    run.state, run.confirmed_at, run.content = State.CONFIRMED, _after_the_others(run, setting.now), b""
    run.rows_read, run.rows_refused = preview.read, preview.rows_refused
    run.rows_taken = preview.read - preview.rows_refused
    run.save()
    bring_up_to_date(run, [*made, *(each.thing for each in changed if each.thing)])
    journal(
        setting.by,
        "import.confirmed",
        run,
        kind=run.kind,
        new=len(new),
        changed=len(changed),
        refused=preview.rows_refused,
    )


def _after_the_others(run: ImportRun, now: datetime) -> datetime:
    """Return a moment after every other import of the programme, so that it is plain which one was the last."""
    others = ImportRun.objects.every(because="found in the scope of the person already").filter(programme=run.programme)
    last: datetime | None = others.aggregate(at=Max("confirmed_at"))["at"]
    return max(now, last + timedelta(microseconds=1)) if last else now


def _change(run: ImportRun, difference: Difference, thing: UUID, before: Values | None) -> ImportChange:
    return ImportChange(run=run, key=difference.key[:120], thing=thing, before=before, after=difference.after)


def bring_up_to_date(run: ImportRun, things: Sequence[UUID]) -> None:
    """Count the map anew and give the offers that changed the next number."""
    if run.kind not in ("spaces", "areas"):
        return
    transaction.on_commit(forget_indexes)  # an offer that is gone and a need of a neighbourhood have no change number
    offers = Offer.objects.every(because="counts and numbers of a whole programme").filter(programme=run.programme)
    shown = offers.filter(state=Offer.State.PUBLISHED, host__verification=Verification.VERIFIED)
    points = shown.values_list("space__building__public_latitude", "space__building__public_longitude")
    known = ((north, east) for north, east in points if north is not None and east is not None)
    count_all_on_map(run.programme, known)
    if run.kind == "areas" or len(things) > MOST_IDS:
        changed = list(offers.values_list("pk", flat=True))
    else:
        changed = list(offers.filter(space__in=things).values_list("pk", flat=True))
    for start in range(0, max(len(changed), 1), MOST_IDS):
        mark_changed(changed[start : start + MOST_IDS])


@transaction.atomic
def drop_import(*, run: ImportRun, by: Person | None) -> ImportRun:
    """Forget a sheet that was not confirmed.

    Raises:
        ConflictError: it was confirmed.
    """
    locked = lock_run(run)
    if locked.state in (State.CONFIRMED, State.UNDONE):
        raise ConflictError("This import was confirmed already. Undo it to take it back.")
    locked.state, locked.content = State.DROPPED, b""
    locked.save(update_fields=["state", "content", "changed_at"])
    journal(by, "import.dropped", locked)
    return locked


def drop_old_imports(*, now: datetime) -> int:
    """Forget the sheets that nobody confirmed within fourteen days, and return how many."""
    waiting = ImportRun.objects.every(because="the platform's own clock").filter(state=State.PREVIEW)
    late = list(waiting.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).defer("content"))
    for run in late:
        drop_import(run=run, by=None)
    return len(late)
