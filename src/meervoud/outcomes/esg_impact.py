"""What the groups in a host's rooms published of their own impact: links only, nothing of it belongs to the host."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from meervoud.demand.models import Request
from meervoud.outcomes.models import ImpactReport
from meervoud.parties.models import Organisation, Programme
from meervoud.usage.models import State, UsageMoment

WHY = "groups that were in the rooms of this host, which the host let in itself"
DAY = timedelta(days=1)


def impact_of_groups(host: Organisation, year: int, programmes: list[Programme]) -> list[ImpactReport]:
    """Return the newest published impact report of each group that was in a room of a host in a year.

    Groups that need shelter are left out, and so are organisations with one: a link would say in whose room they are.

    Args:
        host: who lends rooms.
        year: on the clock of the world; a day more on each side, for rooms far from it.
        programmes: of which the viewer may see the host's use.
    """
    begin, end = datetime(year, 1, 1, tzinfo=UTC) - DAY, datetime(year + 1, 1, 1, tzinfo=UTC) + DAY
    held = UsageMoment.objects.every(because=WHY).filter(
        state=State.HELD,
        starts_at__gte=begin,
        starts_at__lt=end,
        agreement__offer__host=host,
        agreement__programme__in=programmes,
    )
    groups = Request.objects.every(because=WHY).filter(pk__in=held.values("agreement__request"), is_sheltered=False)
    rows = ImpactReport.objects.published().filter(_of(groups)).select_related("plan").order_by("plan", "-number")
    newest = dict[UUID, ImpactReport]()
    for each in rows.defer("data"):
        newest.setdefault(each.plan_id, each)
    return sorted(newest.values(), key=lambda each: each.plan.title)


def _of(groups: QuerySet[Request, Request]) -> Q:
    sheltered = Request.objects.every(because=WHY).filter(is_sheltered=True, organisation__isnull=False)
    return Q(plan__request__in=groups) | Q(plan__organisation__in=groups.values("organisation")) & ~Q(
        plan__organisation__in=sheltered.values("organisation")
    )
