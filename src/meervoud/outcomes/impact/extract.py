"""What the ledger has of a plan: the realised moments of its activity and period, with a hash over every row that was read."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import Coalesce

from meervoud.core.impact.ledger import Tally, Use
from meervoud.core.impact.use_figures import PeopleRange, figures, tally
from meervoud.outcomes.facts import Facts, in_kind
from meervoud.outcomes.impact.book import Book
from meervoud.outcomes.ledger import Moments, before_of, ledger_of, rooms_of, use_rows
from meervoud.outcomes.models import ImpactPlan, Step
from meervoud.outcomes.periods import is_endless
from meervoud.outcomes.terms import tariff_of
from meervoud.parties.models import Programme
from meervoud.usage.models import State, UsageMoment

WHY: Final = "the moments of a plan that was found, for who writes in it"


@dataclass(frozen=True)
class Extract:
    """What the ledger has of a plan in its period.

    Attributes:
        first, last: the days of the period, both included.
        rows: realised moments.
        stays: usage moments, gaps closed.
        minutes: the time of each moment, added up.
        visits: heads over all moments.
        people: how many people, as far as counting tells.
        heads: head count of each moment; None is not counted.
        newcomers: people who came for the first time over the moments that were counted; None where one did not say.
        uses_by_evidence: moments by how it is known that they took place.
        hosts: how many lent the rooms.
        in_kind: what they gave in kind, in the programme's own money, as facts; None where several programmes differ.
        sha256: over every row, in order of time.
    """

    first: date
    last: date
    rows: int
    stays: int
    minutes: int
    visits: int
    people: PeopleRange
    heads: tuple[int | None, ...]
    newcomers: int | None
    uses_by_evidence: dict[str, int]
    hosts: int
    in_kind: Facts | None
    sha256: str

    def told(self) -> Facts:
        """Return what of it is kept with a valuation or a report: no head count of a single moment."""
        found = asdict(self)
        del found["heads"]
        return {**found, "first": self.first.isoformat(), "last": self.last.isoformat()}


def period_of(book: Book) -> tuple[date, date] | None:
    """Return the period of a plan's scope; None while it has none that a ledger can be of."""
    said = book.content(Step.SCOPE)
    first, last = said.get("first"), said.get("last")
    if not (first and last):
        return None
    found = date.fromisoformat(first), date.fromisoformat(last)
    return None if is_endless(*found) else found


def extract_of(book: Book) -> Extract | None:
    """Return what the ledger has of a plan; None while its scope has no period."""
    period = period_of(book)
    if period is None:
        return None
    programmes = _programmes(book.plan, period)
    parts = {each.pk: use_rows(moments_of(book.plan, *period).filter(agreement__programme=each)) for each in programmes}
    uses = sorted((each for part in parts.values() for each in part), key=attrgetter("starts", "id"))
    tallies = _tallies(book.plan, period, programmes, parts)
    found = figures(tallies, rooms_of({each.room for each in tallies}))
    return Extract(
        *period,
        rows=len(uses),
        stays=found.stays,
        minutes=found.initiative_minutes,
        visits=found.visits,
        people=found.people,
        heads=tuple(each.people for each in uses),
        newcomers=_newcomers(uses),
        uses_by_evidence=dict(found.uses_by_evidence),
        hosts=found.hosts,
        in_kind=_in_kind(found.m2_hours + found.reuse_m2_hours, programmes),
        sha256=_hash(uses),
    )


def moments_of(plan: ImpactPlan, first: date, last: date) -> Moments:
    """Return the realised moments of a plan that began in a period."""
    zone = ZoneInfo(plan.time_zone)
    begin, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    rows = UsageMoment.objects.every(because=WHY).filter(state=State.HELD, starts_at__gte=begin, starts_at__lt=end)
    asker = Coalesce("agreement__request__organisation", "agreement__request__asked_by")
    found = rows.annotate(until=Coalesce("released_at", "ends_at"), asker=asker)
    return found.filter(_about(plan)).order_by("starts_at", "pk")


def _about(plan: ImpactPlan) -> Q:
    if plan.programme_id:
        return Q(agreement__programme=plan.programme_id)
    if plan.organisation_id:
        return Q(agreement__request__organisation=plan.organisation_id)
    return Q(agreement__request=plan.request_id)


def _programmes(plan: ImpactPlan, period: tuple[date, date]) -> list[Programme]:
    if plan.programme is not None:
        return [plan.programme]
    known = moments_of(plan, *period).order_by().values("agreement__programme")
    return list(Programme.objects.filter(pk__in=known).order_by("slug"))


def _tallies(
    plan: ImpactPlan, period: tuple[date, date], programmes: Sequence[Programme], parts: Mapping[Any, list[Use]]
) -> Sequence[Tally]:  # Any: ids
    """Return the sums of uses; a minute that two groups share in a room counts once over all of them."""
    if plan.programme is not None:
        return ledger_of(plan.programme, *period).tallies
    return [
        each
        for programme in programmes
        for each in tally(parts[programme.pk], before=before_of(programme, parts[programme.pk]))
    ]


def _in_kind(m2_hours: float, programmes: Sequence[Programme]) -> Facts | None:
    """Several programmes may have settled several tariffs: then there is no one amount."""
    if len(programmes) != 1:
        return None
    return in_kind({"m2_hours": m2_hours, "reuse_m2_hours": 0.0}, tariff_of(programmes[0]))


def _newcomers(uses: Iterable[Use]) -> int | None:
    """Return how many different people the groups told of, never fewer than were there at once."""
    counted = [each for each in uses if each.people is not None]
    if any(each.first_timers is None for each in counted):
        return None
    most = max((each.people or 0 for each in counted), default=0)
    return max(most, sum(each.first_timers or 0 for each in counted))


def _hash(uses: Iterable[Use]) -> str:
    digest = hashlib.sha256()
    for each in uses:
        line = (each.id, each.room, each.starts, each.ends, each.evidence, each.people, each.first_timers)
        digest.update(repr(line).encode() + b"\n")
    return digest.hexdigest()
