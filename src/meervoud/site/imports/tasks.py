"""The task of importing and undoing, and how it is picked up again where a worker died."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django_tasks import task

from meervoud.site.imports.holding import left_alone, note_picked_up
from meervoud.site.imports.working import work_on
from meervoud.site.models.imports import ImportRun


@task
def work_on_import(run_id: str) -> None:
    """Write or undo an import; asked to stop in the middle, leave the rest to a task of its own."""
    if work_on(UUID(run_id)):
        work_on_import.enqueue(run_id)


def enqueue_work(run: ImportRun) -> None:
    """Write the task row; in the transaction of the order."""
    work_on_import.enqueue(str(run.pk))


@transaction.atomic
def pick_up_imports(*, now: datetime) -> int:
    """Write a task for each import that nobody works at, for its worker died, and return how many."""
    found = [run for run in left_alone(now) if note_picked_up(run, now)]
    for run in found:
        enqueue_work(run)
    return len(found)
