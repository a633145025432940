"""A request as a row, a card or a point of the queue."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from meervoud.demand.models import Request
from meervoud.matching.desk_filters import Chosen
from meervoud.matching.models import DeskCase
from meervoud.matching.queue import STATUSES, STUCK, Moment

KINDS = {"agreed": "good", "one_yes": "info", "asked": "info", "suggested": "quiet", "new": "quiet"}


def case_url(pk: UUID, chosen: Chosen) -> str:
    """Return the address of a case, with the filters that lead to it."""
    query = chosen.query()
    return reverse("case", args=[pk]) + (f"?{query}" if query else "")


def row_of(row: Request, chosen: Chosen, moment: Moment) -> dict[str, Any]:  # Any: what a template shows
    """Return what the queue shows of a request that was annotated by `queue_of`."""
    status, case = vars(row)["status"], case_of(row)
    call_on = case.call_on if case else None
    return {
        "id": row.pk,
        "title": row.title or _("Without a name"),
        "url": case_url(row.pk, chosen),
        "people": row.group_max,
        "status": STATUSES[status],
        "kind": KINDS[status],
        "since": row.created_at,
        "until": row.expires_on,
        "is_stuck": status != "agreed" and row.created_at < moment.now - STUCK,
        "assigned": case.assigned_to if case else None,
        "call_on": call_on,
        "call_why": case.call_why if case else "",
        "is_due": call_on is not None and call_on <= moment.today,
    }


def case_of(row: Request) -> DeskCase | None:
    """Return the case of a request, None where the desk has kept nothing of it yet."""
    return getattr(row, "desk_case", None)
