"""The open requests of a programme as the engine sees them: each process keeps its own and brings it up to date."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from meervoud.core.engine.demand import Demand
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError
from meervoud.demand.as_request import with_rules
from meervoud.demand.models import Request as RequestRow
from meervoud.demand.models import RequestRule
from meervoud.lib.clock import now
from meervoud.matching.city_index import CityIndex
from meervoud.matching.queries import asked_in
from meervoud.matching.sectors import NOTHING_SAID, Stance, are_apart, stance_of_asker
from meervoud.parties.models import Programme

WHY: Final = "what is asked in the programme, to hold a space against it; pages show of it what the viewer may see"
SETTLED: Final = timedelta(minutes=1)  # a change that was written sooner than this may still be on its way
Stamp = tuple[int, datetime | None, int, datetime | None]
Fingerprint = tuple[datetime, int, datetime | None]


@dataclass
class OpenRequests:
    """What is open.

    Attributes:
        stamp: how many requests and rules there are, and when the newest of each was written.
        is_settled: whether nothing older than the stamp can still be on its way.
        within: the days that were searched when they were read.
        seen: of each request what tells that it changed.
        asked: the requests by id; those whose days are past are left out.
        meets_at: of each request that names it, the number of the space where it meets now.
        stances: of those that are of a company of a sector, or do not want rooms of some.
        demand: the same in columns.
        ids: id of each row of `demand`.
    """

    stamp: Stamp
    is_settled: bool
    within: DateRange
    seen: dict[UUID, Fingerprint]
    asked: dict[UUID, Request]
    meets_at: dict[UUID, str]
    stances: dict[UUID, Stance]
    demand: Demand
    ids: tuple[UUID, ...]

    def lay_out(self) -> None:
        """Put what is asked in columns."""
        self.demand, self.ids = Demand(list(self.asked.values())), tuple(self.asked)

    def apart_from(self, host: Stance) -> frozenset[str]:
        """Return the ids of the requests that a space is not for."""
        return frozenset(str(pk) for pk, asker in self.stances.items() if are_apart(asker, host))


_known: dict[UUID, OpenRequests] = {}


def open_requests(programme: Programme, city: CityIndex) -> OpenRequests:
    """Return what is open in a programme as the rows say now; call it while `city_index` lends the index."""
    known, stamp = _known.get(programme.pk), _stamp(programme)
    if known is None or known.within != city.within:
        known = _nothing(stamp, city.within)
    elif known.stamp == stamp and known.is_settled:
        return _met_now(known, city)
    seen = _fingerprints(programme)
    changed = {pk for pk, mark in seen.items() if known.seen.get(pk) != mark}
    known.asked = {pk: each for pk, each in known.asked.items() if pk in seen and pk not in changed}
    known.meets_at = {pk: key for pk, key in known.meets_at.items() if pk in known.asked}
    known.stances = {pk: stance for pk, stance in known.stances.items() if pk in known.asked}
    for row in _read(programme, changed):
        try:
            known.asked[row.pk] = asked_in(row, city)
        except InputError:
            continue  # its days are past: it waits for its owner, see `expire_requests`
        if row.meets_at_key:
            known.meets_at[row.pk] = row.meets_at_key
        if (stance := stance_of_asker(row)) != NOTHING_SAID:
            known.stances[row.pk] = stance
    newest = max((each for each in (stamp[1], stamp[3]) if each), default=None)
    known.stamp, known.seen = stamp, seen
    known.is_settled = newest is None or now() - newest > SETTLED
    known.lay_out()
    _known[programme.pk] = known
    return _met_now(known, city)


def _nothing(stamp: Stamp, within: DateRange) -> OpenRequests:
    return OpenRequests(
        stamp=stamp,
        is_settled=False,
        within=within,
        seen={},
        asked={},
        meets_at={},
        stances={},
        demand=Demand(()),
        ids=(),
    )


def forget_open_requests() -> None:
    """Drop what is known; the next question reads it again."""
    _known.clear()


def _met_now(known: OpenRequests, city: CityIndex) -> OpenRequests:
    """Follow the spaces where groups meet now: their numbers may stand for other offers than before."""
    moved = {
        pk: city.keys.get(key) for pk, key in known.meets_at.items() if city.keys.get(key) != known.asked[pk].meets_at
    }
    for pk, offer in moved.items():
        known.asked[pk] = replace(known.asked[pk], meets_at=offer)
    if moved:
        known.lay_out()
    return known


def _read(programme: Programme, ids: set[UUID]) -> Iterable[RequestRow]:
    if not ids:
        return ()
    rows = RequestRow.objects.open_in(programme, because=WHY)
    # one by one in a list is slower than all, where most of them are asked
    few = rows.filter(pk__in=ids) if len(ids) < 500 else rows
    return [row for row in with_rules(few) if row.pk in ids]


def _stamp(programme: Programme) -> Stamp:
    requests = RequestRow.objects.open_in(programme, because=WHY).aggregate(n=Count("pk"), at=Max("changed_at"))
    rules = _rules(programme).aggregate(n=Count("pk"), at=Max("changed_at"))
    return requests["n"], requests["at"], rules["n"], rules["at"]


def _fingerprints(programme: Programme) -> dict[UUID, Fingerprint]:
    rules = {
        pk: (number, newest)
        for pk, number, newest in _rules(programme)
        .order_by()
        .values("request_id")
        .annotate(n=Count("pk"), at=Max("changed_at"))
        .values_list("request_id", "n", "at")
    }
    rows = RequestRow.objects.open_in(programme, because=WHY).values_list("pk", "changed_at")
    return {pk: (at, *rules.get(pk, (0, None))) for pk, at in rows}


def _rules(programme: Programme) -> QuerySet[RequestRule]:
    return RequestRule.objects.every(because=WHY).filter(request__programme=programme, request__state="open")
