"""Slow work of this room as task rows."""

import logging
from secrets import token_hex
from uuid import UUID

from django_tasks import task

from meervoud.demand.models import Request
from meervoud.lib.clock import now
from meervoud.matching.keeping import is_another_day, keep_right
from meervoud.matching.models import ProposalMark
from meervoud.matching.running import break_off, lost_runs, work_on_run
from meervoud.parties.models import Programme
from meervoud.supply.change_number import current_number

logger = logging.getLogger(__name__)


@task
def run_match(run_id: str) -> None:
    """Work at a match run until it has ended; where it breaks off, its page gives the number that stands in the log."""
    try:
        work_on_run(UUID(run_id), now=now())
    except Exception:
        fault = token_hex(4)
        logger.exception("Match run %s broke off; its page says number %s.", run_id, fault)
        break_off(UUID(run_id), fault=fault, now=now())
        raise


@task
def keep_proposals_right(programme_id: str) -> None:
    """Look at what changed in one programme since the last look."""
    programme = Programme.objects.filter(pk=UUID(programme_id)).first()
    if programme is not None:
        keep_right(programme=programme, now=now())


def enqueue_looks() -> int:
    """Write a task for each programme in which something changed, and return how many."""
    number, looks = current_number(), 0
    marks = {each.programme_id: each for each in ProposalMark.objects.all()}
    for programme in Programme.objects.all():
        mark = marks.get(programme.pk)
        since = mark.looked_at if mark else None
        asked = Request.objects.open_in(programme, because="whether anything changed")
        is_due = mark is None or since is None or mark.number < number or is_another_day(programme, since, now())
        if is_due or (since and asked.filter(changed_at__gt=since).exists()):
            keep_proposals_right.enqueue(str(programme.pk))
            looks += 1
    return looks


def pick_up_runs() -> int:
    """Write a task for each run whose worker is gone, and return how many."""
    lost = lost_runs(now())
    for run_id in lost:
        run_match.enqueue(str(run_id))
    return len(lost)
