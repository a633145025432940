"""What a person orders of an import: write it, stop that, take it back. A task does it; commands do it at once."""

from django.db import transaction

from meervoud.core.errors import ConflictError
from meervoud.lib.journal import journal
from meervoud.parties.models import Person
from meervoud.site.imports.differences import Setting
from meervoud.site.imports.holding import BUSY, turn_back
from meervoud.site.imports.runs import State, after_the_others, is_last, lock_run
from meervoud.site.imports.tasks import enqueue_work
from meervoud.site.imports.undoing import end_undone
from meervoud.site.imports.working import work_on
from meervoud.site.models.imports import ImportRun


@transaction.atomic
def order_import(*, run: ImportRun, setting: Setting, fingerprint: str) -> ImportRun:
    """Let a task write what the preview showed; ordering twice writes once.

    Args:
        run: to be written.
        setting: by whom and when.
        fingerprint: of the preview that the person saw; if it is another one by then, nothing is written.

    Raises:
        ConflictError: the import was dropped or undone, or the programme is busy with another one.
    """
    ordered = _begin_import(run, setting, fingerprint)
    if ordered is None:
        return run
    enqueue_work(ordered)
    return ordered


def confirm_import(*, run: ImportRun, setting: Setting, fingerprint: str) -> ImportRun:
    """Write what the preview showed, here and now, for a command; confirming twice writes once.

    Raises:
        ConflictError: as in `order_import`, or something changed since the preview, or somebody stopped it.
    """
    ordered = _begin_import(run, setting, fingerprint)
    if ordered is not None:
        work_on(ordered.pk, tells=False)
    run.refresh_from_db()
    if run.state == State.PREVIEW:
        raise ConflictError("Something changed since you looked. Look at the differences once more.")
    if run.state != State.CONFIRMED:
        raise ConflictError("Somebody stopped this import, or another worker took it over. Look at its page.")
    return run


@transaction.atomic
def _begin_import(run: ImportRun, setting: Setting, fingerprint: str) -> ImportRun | None:
    """Note who wants what written; None where it was ordered before."""
    locked = lock_run(run)
    if locked.state in (State.WRITING, State.CONFIRMED):
        return None
    if locked.state != State.PREVIEW:
        raise ConflictError("This import was dropped or undone. Give the file again.")
    _refuse_while_busy(locked)
    locked.state, locked.ending, locked.ordered_by = State.WRITING, "", setting.by
    locked.confirmed_at, locked.online = after_the_others(locked, setting.now), setting.online
    locked.fingerprint, locked.leased_until = fingerprint[:64], None
    locked.save()
    return locked


@transaction.atomic
def order_undo(*, run: ImportRun, by: Person | None) -> ImportRun:
    """Let a task take the last import back; what was used or changed since stays, and is marked with the reason.

    Raises:
        ConflictError: it was not confirmed, another one was confirmed after it, or the programme is busy with one.
    """
    locked = lock_run(run)
    if locked.state != State.CONFIRMED:
        raise ConflictError("Only an import that was confirmed can be undone.")
    if not is_last(locked):
        raise ConflictError("A later import was confirmed. Undo that one first.")
    _refuse_while_busy(locked)
    locked.state, locked.ordered_by, locked.leased_until = State.UNDOING, by, None
    locked.total = locked.done = locked.changes.count()
    locked.save()
    enqueue_work(locked)
    return locked


@transaction.atomic
def cancel_import(*, run: ImportRun, by: Person | None) -> ImportRun:
    """Stop an import that is being written; what is written already is taken back.

    Raises:
        ConflictError: it is written, or was never confirmed.
    """
    locked = lock_run(run)
    if locked.state != State.WRITING:
        raise ConflictError("This import is not being written now. Look at its page for what you can do.")
    journal(by, "import.cancelled", locked, written=locked.done)
    turn_back(locked, ImportRun.Ending.CANCELLED)
    if not locked.portions_written:
        end_undone(locked)
    locked.save()
    return locked


def _refuse_while_busy(run: ImportRun) -> None:
    """Refuse a second import at one moment; the constraint refuses it too, but not in a sentence."""
    rows = ImportRun.objects.every(because="found in the scope of the person already")
    if rows.filter(programme=run.programme_id, state__in=BUSY).exists():
        raise ConflictError("Another sheet is being imported or undone at this moment. Try again when it is ready.")
