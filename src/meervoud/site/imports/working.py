"""Working at an import, step by step: each step is one short transaction, and the row says which one is next."""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from django.db import OperationalError, transaction

from meervoud.lib.clock import now
from meervoud.lib.stopping import is_asked_to_stop
from meervoud.site.imports.holding import Clock, Job, MovedOnError, take, turn_back
from meervoud.site.imports.planning import plan
from meervoud.site.imports.runs import State
from meervoud.site.imports.undoing import finish_undoing, undo_portion
from meervoud.site.imports.writing import finish_writing, write_portion
from meervoud.site.models.imports import ImportRun

Step = Callable[[Job], None]


def work_on(run_id: UUID, *, clock: Clock = now, tells: bool = True) -> bool:
    """Work at an import until it is written or undone, and return whether this worker left something to the next.

    A fault in the middle takes back what was written, and is raised afterwards. Where only the database was away, the
    import stays where it is: the next worker goes on.
    """
    job = take(run_id, clock, tells=tells)
    if job is None:
        return False
    try:
        return _go_on(job)
    except OperationalError:
        raise
    except Exception:
        if _turn_back(job):
            _go_on(job)
        raise


def _go_on(job: Job) -> bool:
    while step := _next_step(job):
        if is_asked_to_stop():
            job.leave()
            return True
        with suppress(MovedOnError):  # the next look says where it is now
            step(job)
    return False


def _next_step(job: Job) -> Step | None:
    run = job.look()
    if run is None:
        return None
    if run.state == State.WRITING:
        if run.portions is None:
            return plan
        return write_portion if run.portions_written < run.portions else finish_writing
    if run.state == State.UNDOING:
        return undo_portion if run.portions_written else finish_undoing
    return None


def _turn_back(job: Job) -> bool:
    """Let what was written be undone after a fault; not where the undo itself was what failed: that is tried again."""
    try:
        with transaction.atomic(), job.hold(State.WRITING) as run:
            turn_back(run, ImportRun.Ending.FAULT)
    except MovedOnError:
        return False
    return True
