"""Actions on imports: keep a sheet, show what it would do, drop it; and what hangs on all of an import."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet

from meervoud.core.errors import ConflictError
from meervoud.lib.journal import journal
from meervoud.matching.city_index import forget_indexes
from meervoud.parties.models import Person, Programme
from meervoud.parties.models.organisations import Verification
from meervoud.places.actions import count_all_on_map
from meervoud.site.imports.day_ranges import planned_period
from meervoud.site.imports.differences import Preview, Setting, compare
from meervoud.site.imports.sheets import Kind, check_upload, kind_of, read_sheet
from meervoud.site.imports.subjects import subject_of
from meervoud.site.models.imports import ImportRun
from meervoud.supply.change_number import mark_changed
from meervoud.supply.models import Offer

State = ImportRun.State
KEPT_DAYS = 14  # so long a sheet waits to be confirmed
UNDO_DAYS = 60  # so long it can be undone
MANY_ROWS = 500
MOST_IDS = 10_000  # in one statement


def setting_of(programme: Programme, by: Person | None, now: datetime, today: date, *, online: bool = False) -> Setting:
    """Return for which programme, by whom and when a sheet is imported."""
    return Setting(programme, by, now, today, planned_period(today), online)


def start_import(*, setting: Setting, kind: Kind, name: str, content: bytes, most_rows: int | None) -> ImportRun:
    """Keep a sheet until it is confirmed or dropped; nothing else is written.

    Raises:
        InputError: the file as a whole cannot be read.
    """
    check_upload(kind, name, len(content))
    reading = read_sheet(kind, name, content, setting.period, most_rows)  # before the transaction: it takes seconds
    with transaction.atomic():
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
    kind = kind_of(run.kind)
    return compare(read_sheet(kind, run.file_name, bytes(run.content), setting.period), subject_of(kind, setting))


def lock_run(run: ImportRun) -> ImportRun:
    """Return an import as it stands, while nobody else imports into its programme until the end of the transaction."""
    # "no key": whoever adds something to the programme meanwhile need not wait
    Programme.objects.select_for_update(no_key=True).get(pk=run.programme_id)
    rows = ImportRun.objects.every(because="found in the scope of the person already")
    return rows.select_related("programme").defer("content").get(pk=run.pk)


def is_last(run: ImportRun) -> bool:
    """Say whether an import is the last one confirmed in its programme: only that one can be undone, for sixty days."""
    if not run.changes.exists():
        return False
    rows = ImportRun.objects.every(because="found in the scope of the person already")
    later = rows.filter(programme=run.programme_id, state=State.CONFIRMED, confirmed_at__gt=run.confirmed_at)
    return run.state == State.CONFIRMED and not later.exists()


def after_the_others(run: ImportRun, now: datetime) -> datetime:
    """Return a moment after every other import of the programme, so that it is plain which one was the last."""
    others = ImportRun.objects.every(because="found in the scope of the person already").filter(programme=run.programme)
    last: datetime | None = others.aggregate(at=Max("confirmed_at"))["at"]
    return max(now, last + timedelta(microseconds=1)) if last else now


def give_next_number(run: ImportRun, spaces: Sequence[UUID]) -> None:
    """Give the offers of spaces that changed the next number."""
    if run.kind == "spaces" and spaces:
        mark_changed(_offers(run).filter(space__in=spaces).values_list("pk", flat=True))


def let_indexes_notice(run: ImportRun) -> None:
    """Bring every index up to date with what has no number: offers that are gone, and needs of neighbourhoods."""
    if run.kind not in ("spaces", "areas"):
        return
    transaction.on_commit(forget_indexes)
    changed = list(_offers(run).values_list("pk", flat=True)) if run.kind == "areas" else []
    for start in range(0, max(len(changed), 1), MOST_IDS):
        mark_changed(changed[start : start + MOST_IDS])


def count_again(run: ImportRun) -> None:
    """Count the map anew."""
    if run.kind not in ("spaces", "areas"):
        return
    shown = _offers(run).filter(state=Offer.State.PUBLISHED, host__verification=Verification.VERIFIED)
    points = shown.values_list("space__building__public_latitude", "space__building__public_longitude")
    known = ((north, east) for north, east in points if north is not None and east is not None)
    count_all_on_map(run.programme, known)


def refresh_statistics(run: ImportRun) -> None:
    """Let PostgreSQL look at its tables after a large import; until it does by itself, it plans queries as for a few rows."""
    if connection.vendor == "postgresql" and run.rows_read > MANY_ROWS:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _offers(run: ImportRun) -> QuerySet[Offer]:
    return Offer.objects.every(because="counts and numbers of a whole programme").filter(programme=run.programme)


@transaction.atomic
def drop_import(*, run: ImportRun, by: Person | None) -> ImportRun:
    """Forget a sheet that was not confirmed.

    Raises:
        ConflictError: it was confirmed.
    """
    locked = lock_run(run)
    if locked.state not in (State.PREVIEW, State.DROPPED):
        raise ConflictError("This import was confirmed already. Undo it to take it back.")
    locked.state, locked.content = State.DROPPED, b""
    locked.save(update_fields=["state", "content", "changed_at"])
    journal(by, "import.dropped", locked)
    return locked


def forget_old_changes(*, now: datetime) -> int:
    """Forget the sheets and the changes of imports of sixty days ago, and return of how many: they hold people's words."""
    rows = ImportRun.objects.every(because="the platform's own clock").exclude(
        state__in=(State.PREVIEW, State.WRITING, State.UNDOING)
    )
    old = rows.filter(created_at__lt=now - timedelta(days=UNDO_DAYS))
    ids = list(old.filter(Q(changes__isnull=False) | ~Q(content=b"")).values_list("pk", flat=True).distinct())
    for pk in ids:
        with transaction.atomic():
            run = lock_run(rows.get(pk=pk))
            run.content = b""
            run.save(update_fields=["content", "changed_at"])
            run.changes.all().delete()
    return len(ids)


def drop_old_imports(*, now: datetime) -> int:
    """Forget the sheets that nobody confirmed within fourteen days, and return how many."""
    waiting = ImportRun.objects.every(because="the platform's own clock").filter(state=State.PREVIEW)
    late = list(waiting.filter(created_at__lt=now - timedelta(days=KEPT_DAYS)).defer("content"))
    for run in late:
        drop_import(run=run, by=None)
    return len(late)
