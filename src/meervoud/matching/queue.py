"""The queue of a desk: the open requests of a programme by what waits for whom, in the order somebody asks for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meervoud.demand.actions import WARN_DAYS
from meervoud.demand.models import Request
from meervoud.matching.models import LIVE, Proposal
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
RANKS: Final = {"new": 0, "suggested": 1, "asked": 2, "one_yes": 3, "agreed": 4}
FILTERS: Final[dict[str, str | Promise]] = {
    **STATUSES,
    "stuck": _("waits longer than 14 days"),
    "expiring": _("expires soon"),
    "call_back": _("call back today"),
}
ORDERS: Final[dict[str, str | Promise]] = {
    "waits": _("waits longest first"),
    "expires": _("expires soonest first"),
    "changed": _("last changed first"),
}
_FIELDS: Final = {"waits": "created_at", "expires": "expires_on", "changed": "-changed_at"}


@dataclass(frozen=True)
class Moment:
    """When somebody looks at the queue: the moment, and the day on the wall clock of the city."""

    now: datetime
    today: date


def queue_of(programme: Programme) -> QuerySet[Request]:
    """Return the open requests of a programme with a `rank` and a `status` of STATUSES, the longest waiting first.

    The rank is that of the proposal that is farthest: one look into an index for each request, never at a snapshot.
    """
    farthest = (
        Proposal.objects.every(because=WHY)
        .filter(request=OuterRef("pk"), state__in=LIVE)
        .order_by()
        .values("request")
        .annotate(top=Max(_rank_of_a_proposal()))
        .values("top")
    )
    rows = Request.objects.open_in(programme, because=WHY).annotate(
        rank=Coalesce(Subquery(farthest), 0, output_field=IntegerField())
    )
    whens = [When(rank=rank, then=Value(name)) for name, rank in RANKS.items() if rank]
    return (
        rows.annotate(status=Case(*whens, default=Value("new"), output_field=CharField()))
        .select_related("organisation")
        .order_by("created_at", "pk")
    )


def _rank_of_a_proposal() -> Case:
    return Case(
        When(state="agreed", then=Value(RANKS["agreed"])),
        When(state="asked", host_says="yes", then=Value(RANKS["one_yes"])),
        When(state="asked", then=Value(RANKS["asked"])),
        default=Value(RANKS["suggested"]),
        output_field=IntegerField(),
    )


def _stuck(now: datetime) -> Q:
    return Q(rank__lt=RANKS["agreed"], created_at__lt=now - STUCK)


def _expiring(today: date) -> Q:
    return Q(expires_on__lte=today + timedelta(days=WARN_DAYS))


def _to_call(today: date) -> Q:
    return Q(desk_case__call_on__lte=today)


def filtered(rows: QuerySet[Request], name: str, *, now: datetime, today: date) -> QuerySet[Request]:
    """Return the part of the queue that one filter names; another name is all of it."""
    if name in STATUSES:
        return rows.filter(rank=RANKS[name])  # type: ignore[misc]  # annotated in queue_of
    parts = {"stuck": _stuck(now), "expiring": _expiring(today), "call_back": _to_call(today)}
    return rows.filter(parts[name]) if name in parts else rows


def counts_of(rows: QuerySet[Request], *, now: datetime, today: date) -> dict[str, int]:
    """Return how many requests each filter names; the database counts, in one query."""
    found = (
        rows.order_by()
        .values("rank")  # type: ignore[misc]  # annotated in queue_of
        .annotate(
            number=Count("pk"),
            stuck=Count("pk", filter=_stuck(now)),
            expiring=Count("pk", filter=_expiring(today)),
            call_back=Count("pk", filter=_to_call(today)),
        )
    )
    names, counted = {rank: name for name, rank in RANKS.items()}, dict.fromkeys(FILTERS, 0)
    for row in found:
        counted[names[row["rank"]]] = row["number"]
        for name in ("stuck", "expiring", "call_back"):
            counted[name] += row[name]
    return counted


def ordered(rows: QuerySet[Request], order: str) -> QuerySet[Request]:
    """Return the queue in an order of ORDERS."""
    return rows.order_by(*_order(order))


def _order(order: str) -> tuple[str, str]:
    return _FIELDS.get(order, "created_at"), "pk"


def neighbours(rows: QuerySet[Request], row: Request, order: str) -> tuple[Request | None, Request | None]:
    """Return what stands before and behind a request in an order, also where the request itself is not in the rows."""
    field = _FIELDS.get(order, "created_at")
    name, is_falling = field.removeprefix("-"), field.startswith("-")
    value = getattr(row, name)
    if value is None:
        return None, None
    same = {name: value}
    later, earlier = ("lt", "gt") if is_falling else ("gt", "lt")
    after = rows.filter(Q(**{f"{name}__{later}": value}) | Q(**same, pk__gt=row.pk))
    before = rows.filter(Q(**{f"{name}__{earlier}": value}) | Q(**same, pk__lt=row.pk))
    backwards = name if is_falling else f"-{name}"
    return before.order_by(backwards, "-pk").first(), after.order_by(field, "pk").first()


def columns_of(rows: QuerySet[Request], order: str, most: int) -> dict[str, list[Request]]:
    """Return the first requests of each status, in one query."""
    field = _FIELDS.get(order, "created_at")
    by: list[Any] = [F(field[1:]).desc() if field.startswith("-") else F(field).asc(), F("pk").asc()]  # Any: orderings
    placed = rows.annotate(place=Window(RowNumber(), partition_by=[F("rank")], order_by=by)).filter(place__lte=most)
    columns: dict[str, list[Request]] = {name: [] for name in RANKS}
    for row in ordered(placed, order):
        columns[vars(row)["status"]].append(row)
    return columns
