"""A worker: does the tasks that wait, until it is asked to stop."""

import logging
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Final

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from meervoud.lib.clock import now, today
from meervoud.lib.stopping import STOP, is_asked_to_stop
from meervoud.site.due import do_what_is_due
from meervoud.site.imports.tasks import pick_up_imports

logger = logging.getLogger(__name__)
LOOK_EVERY: Final = 1.0  # second: so long a person waits before an import begins
DUE_EVERY: Final = timedelta(minutes=1)
AWAY: Final = 5.0  # seconds until the database is tried again


def work_off() -> None:
    """Do the tasks that wait, one after another, until none is left or somebody asks to stop."""
    worker = _new_worker()
    while not is_asked_to_stop() and (found := _claim(worker.worker_id)):
        worker.run_task(found)


def _claim(worker_id: str) -> DBTaskResult | None:  # type: ignore[type-arg]  # of whatever arguments and answer
    """Take the next task, so that no other worker does it too."""
    with transaction.atomic():
        found = DBTaskResult.objects.ready().filter(backend_name=DEFAULT_TASK_BACKEND_ALIAS).get_locked()
        if found is not None:
            found.claim(worker_id)
    return found


def work(*, ticks: bool, beside: int | None = None, once: bool = False) -> None:
    """Do tasks as they come, until a signal, or until the process is gone that started this one.

    Args:
        ticks: do what is due by the clock too, each minute.
        beside: number of the process that started this one; None is nobody in particular.
        once: end when no task waits.
    """
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _stop)
    due_at = now()
    while not is_asked_to_stop() and (beside is None or os.getppid() == beside):
        close_old_connections()
        if now() >= due_at and _is_done(lambda: _do_by_the_clock(ticks=ticks)):
            due_at = now() + DUE_EVERY
        is_away = not _is_done(work_off)
        if once:
            return
        STOP.wait(AWAY if is_away else LOOK_EVERY)


def _stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # what Python hands over
    """End after the task, or the portion of an import, that is being done; a second signal ends at once."""
    STOP.set()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)


def _do_by_the_clock(*, ticks: bool) -> None:
    if ticks:
        do_what_is_due(now=now(), today=today())
    else:
        pick_up_imports(now=now())


def _is_done(step: Callable[[], object]) -> bool:
    """Do something; where the database is away for a moment, say no instead of ending the worker."""
    try:
        step()
    except (OperationalError, InterfaceError):
        logger.exception("The database is away. This worker tries again in %s seconds.", AWAY)
        connection.close()
        return False
    return True


def _new_worker() -> Worker:
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS,
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
