"""Slow or outward work as task rows: calendars of hosts, one by one, and the mails of the outbox."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from meervoud.lib.clock import now
from meervoud.parties.mail import mails_to_send, send_outbox
from meervoud.supply.host_calendars import read_again
from meervoud.supply.models import HostCalendar

CALENDAR_AGAIN: Final = timedelta(hours=1)  # a task that failed or was lost with its worker is written again then
MAILS_AGAIN: Final = timedelta(minutes=5)
KEPT: Final = timedelta(days=7)
LATE: Final = timedelta(minutes=5)


@task
def read_calendar(calendar_id: str) -> None:
    """Read the calendar of one host again; so a slow host holds up nobody else's."""
    found = HostCalendar.objects.every(because="the platform's own clock").filter(pk=UUID(calendar_id))
    calendar = found.select_related("offer__space", "offer__programme").first()
    if calendar is not None and calendar.url:  # by now the host may have taken it away, or given a file
        read_again(calendar=calendar, now=now())


@task
def send_mails() -> None:
    """Send what waits in the outbox."""
    send_outbox(now=now())


def enqueue_calendars(calendars: Iterable[HostCalendar], *, now: datetime) -> int:
    """Write a task for each calendar that has none, and return how many."""
    have_one = {arguments["args"][0] for arguments in _unfinished(read_calendar.module_path, now - CALENDAR_AGAIN)}
    lacking = [str(each.pk) for each in calendars if str(each.pk) not in have_one]
    for calendar in lacking:
        read_calendar.enqueue(calendar)
    return len(lacking)


def enqueue_mails(*, now: datetime) -> int:
    """Write a task where mails wait and none is there, and return how many."""
    if not mails_to_send(now).exists():
        return 0
    if _unfinished(send_mails.module_path, now - MAILS_AGAIN):
        return 0
    send_mails.enqueue()
    return 1


def _unfinished(path: str, since: datetime) -> list[dict[str, Any]]:  # Any: the arguments of a task
    """Return the arguments of the tasks of one kind that wait, are being done, or failed lately."""
    lately = _tasks().filter(task_path=path, enqueued_at__gt=since)
    return list(lately.exclude(status=TaskResultStatus.SUCCESSFUL).values_list("args_kwargs", flat=True))


def are_tasks_late(now: datetime) -> bool:
    """Say whether a task has waited for more than five minutes: then perhaps no worker is running."""
    return _tasks().filter(status=TaskResultStatus.READY, enqueued_at__lt=now - LATE).exists()


def forget_old_tasks(*, now: datetime) -> int:
    """Remove the rows of tasks that are a week old and do not wait, and return how many."""
    return _tasks().filter(enqueued_at__lt=now - KEPT).exclude(status=TaskResultStatus.READY).delete()[0]


def _tasks() -> DBTaskResultQuerySet:
    return DBTaskResult.objects.all()
