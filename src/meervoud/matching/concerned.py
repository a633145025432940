"""Which open requests a space concerns: those that it would fit, and those whose suggestions it may change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Max, Q, When

from meervoud.core.engine import who_fits
from meervoud.core.engine.demand import Demand
from meervoud.core.engine.retrieval import CERTAINTIES, key_of, rank_alone
from meervoud.core.engine.types.requests import Continuous, Request
from meervoud.core.engine.types.results import Proposal as Found
from meervoud.demand.as_request import with_rules
from meervoud.demand.models import Request as RequestRow
from meervoud.matching.city_index import CityIndex, city_index, weights
from meervoud.matching.models import Proposal, State
from meervoud.matching.open_requests import open_requests
from meervoud.matching.picking import MOST
from meervoud.matching.sectors import NOTHING_SAID
from meervoud.parties.models import Programme
from meervoud.supply.models import Offer

WHY = "which requests a space concerns; pages show of them what the viewer may see"
WORSE: Final = 1_000_000  # one certainty less, in points of the score
Key = tuple[int, int]
NOBODY: Final[Key] = (-1, 0)


def who_would_fit(offer_id: UUID, programme: Programme, *, most: int = 20) -> list[tuple[RequestRow, Request, Found]]:
    """Return the open requests that would fit a space, best first; [] where the space is not online.

    Requests whose days are past are left out, and those that the sector of a company keeps apart from the space.
    """
    space = str(offer_id)
    with city_index(programme) as city:
        if space not in city.index.row_of:
            return []
        known = open_requests(programme, city)
        apart = known.apart_from(city.stances.get(space, NOTHING_SAID))
        requests = [each for each in known.demand.requests if each.id not in apart]
        if space in city.wholes:
            requests = [each for each in requests if city.index_for(each.needs) is city.index]
        demand = known.demand if len(requests) == len(known.ids) else Demand(requests)
        found = who_fits(city.index, space, demand, weights(), k=most)
    asked = {each.id: each for each in demand.requests}
    rows = RequestRow.objects.open_in(programme, because=WHY).filter(pk__in=[each.request_id for each in found])
    by_id = {str(row.pk): row for row in with_rules(rows)}
    return [(by_id[each.request_id], asked[each.request_id], each) for each in found if each.request_id in by_id]


def requests_touched_by(offers: Sequence[Offer], programme: Programme, *, now: datetime) -> set[UUID]:
    """Return the open requests whose suggestions a change of some spaces may change, and few others.

    Those are the requests that such a space was suggested for, and those that it fits better than what is suggested
    last, or that have room for one more suggestion. What a space fits worse than five others changes nothing.

    Args:
        offers: that changed, came online or went.
        programme: to which they belong.
        now: the moment of the look.
    """
    suggested = Proposal.objects.every(because=WHY).filter(
        offer__in=offers, state__in=(State.SUGGESTED, State.WAITING), request__state="open"
    )
    touched = set(suggested.values_list("request", flat=True))
    with city_index(programme, now) as city:
        near = list(_could_fit(programme, city, offers, touched))
        limits = _limits({each.pk for each in near})
        for each in near:
            limit = limits.get(each.pk)
            if each.pk in touched or (limit is not None and each.best > limit):
                continue
            ranking = rank_alone(city.index, each.request, weights(), each.row, each.metres)
            if len(ranking.rows) and (limit is None or key_of(ranking) <= limit):
                touched.add(each.pk)
    return touched


@dataclass(frozen=True)
class _Near:
    """A request that a space may fit: its id, the row of the space, the metres between, the best key it can have."""

    pk: UUID
    request: Request
    row: int
    metres: int
    best: Key


def _could_fit(programme: Programme, city: CityIndex, offers: Iterable[Offer], but: set[UUID]) -> Iterator[_Near]:
    index, known = city.index, open_requests(programme, city)
    for space in (str(each.pk) for each in offers):
        row = index.row_of.get(space)
        if row is None:
            continue
        apart = known.apart_from(city.stances.get(space, NOTHING_SAID))
        rows, metres = known.demand.rows_for(index, row)
        certainty, points = known.demand.best_keys(index, weights(), row, rows, metres)
        for place, *rest in zip(rows.tolist(), metres.tolist(), certainty.tolist(), points.tolist(), strict=True):
            request, pk = known.demand.requests[place], known.ids[place]
            has_hours = any(not isinstance(need, Continuous) for need in request.needs)
            if pk not in but and request.id not in apart and not (has_hours and space in city.wholes):
                yield _Near(pk, request, row, rest[0], (rest[1], rest[2]))


def _limits(ids: set[UUID]) -> dict[UUID, Key]:
    """Return for each request the worst key that is suggested, which a space has to reach; none where there is room."""
    ranks = Case(*(When(certainty=name, then=place) for place, name in enumerate(CERTAINTIES)), default=0)
    own = Q(state=State.SUGGESTED, made_by__isnull=True)
    rows = (
        Proposal.objects.every(because=WHY)
        .filter(request__in=ids, state__in=(State.SUGGESTED, State.ASKED))
        .order_by()
        .values("request")
        .annotate(
            asked=Count("pk", filter=Q(state=State.ASKED)),
            suggested=Count("pk", filter=own),
            worst=Max(ranks * WORSE - F("score"), filter=own, output_field=IntegerField()),
        )
    )
    found: dict[UUID, Key] = {}
    for pk, asked, suggested, worst in rows.values_list("request", "asked", "suggested", "worst"):
        if suggested >= max(MOST - asked, 0):
            found[pk] = NOBODY if worst is None else (-(-worst // WORSE), -(-worst % WORSE))
    return found
