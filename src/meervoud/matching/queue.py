"""The queue of a desk: the open requests of a programme by what waits for whom."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meervoud.demand.actions import WARN_DAYS
from meervoud.demand.models import Request
from meervoud.parties.models import Programme

STUCK: Final = timedelta(days=14)
WHY: Final = "the queue of the desk; the view has checked who works for the programme"
STATUSES: Final[dict[str, str | Promise]] = {
    "agreed": _("both said yes"),
    "one_yes": _("one yes"),
    "asked": _("hosts asked"),
    "suggested": _("suggested"),
    "new": _("new"),
}
FILTERS: Final[dict[str, str | Promise]] = {
    **STATUSES,
    "stuck": _("waits longer than 14 days"),
    "expiring": _("expires soon"),
}


def queue_of(programme: Programme) -> QuerySet[Request]:
    """Return the open requests of a programme with a `status` of STATUSES, the longest waiting first."""
    live = Q(proposals__state="asked")
    one_yes = live & Q(proposals__host_says="yes")
    rows = Request.objects.open_in(programme, because=WHY).annotate(
        agreed=Count("proposals", filter=Q(proposals__state="agreed")),
        one_yes=Count("proposals", filter=one_yes),
        asked=Count("proposals", filter=live),
        suggested=Count("proposals", filter=Q(proposals__state__in=("suggested", "waiting"))),
    )
    whens = [When(**{f"{name}__gt": 0}, then=Value(name)) for name in ("agreed", "one_yes", "asked", "suggested")]
    return (
        rows.annotate(status=Case(*whens, default=Value("new"), output_field=CharField()))
        .select_related("organisation")
        .order_by("created_at", "pk")
    )


def filtered(rows: QuerySet[Request], name: str, *, now: datetime, today: date) -> QuerySet[Request]:
    """Return the part of the queue that one filter names; another name is all of it."""
    if name in STATUSES:
        return rows.filter(status=name)  # type: ignore[misc]  # annotated in queue_of
    if name == "stuck":
        return rows.filter(agreed=0, created_at__lt=now - STUCK)  # type: ignore[misc]  # annotated in queue_of
    if name == "expiring":
        return rows.filter(expires_on__lte=today + timedelta(days=WARN_DAYS))
    return rows


def counts_of(rows: QuerySet[Request], *, now: datetime, today: date) -> dict[str, int]:
    """Return how many requests each filter names, in one query."""
    counted = dict.fromkeys(FILTERS, 0)
    found = list(rows.values_list("status", "agreed", "created_at", "expires_on"))  # type: ignore[misc]  # annotated
    for status, agreed, created_at, expires_on in found:
        counted[status] += 1
        counted["stuck"] += agreed == 0 and created_at < now - STUCK
        counted["expiring"] += expires_on is not None and expires_on <= today + timedelta(days=WARN_DAYS)
    return counted
