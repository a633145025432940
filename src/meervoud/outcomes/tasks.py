"""Slow work of this room as task rows: reading sheets of use from before."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django_tasks import task

from meervoud.lib.clock import now, today
from meervoud.outcomes.models import PastSheet
from meervoud.outcomes.past_readings import break_off, read_sheet

logger = logging.getLogger(__name__)
AGAIN: Final = timedelta(minutes=10)  # a task that was lost with its worker is written again then


@task
def read_past_sheet(sheet_id: str) -> None:
    """Read a sheet of use from before; where that breaks off, its page says so."""
    try:
        read_sheet(UUID(sheet_id), now=now(), today=today())
    except (OperationalError, InterfaceError):
        raise  # the database was away: it is picked up again
    except Exception:
        logger.exception("Reading the sheet of use from before %s broke off.", sheet_id)
        break_off(UUID(sheet_id), now=now())
        raise


@transaction.atomic
def pick_up_past_sheets(*, now: datetime) -> int:
    """Write a task for each sheet that nobody reads, for its worker died or it was given to an older version."""
    rows = PastSheet.objects.every(because="the platform's own clock").filter(read_at=None, confirmed_at=None)
    lost = Q(ordered_at=None) | Q(ordered_at__lt=now - AGAIN)
    found = list(rows.filter(lost).values_list("pk", "ordered_at"))
    ordered = [pk for pk, was in found if rows.filter(pk=pk, ordered_at=was).update(ordered_at=now)]
    for each in ordered:
        read_past_sheet.enqueue(str(each))
    return len(ordered)
