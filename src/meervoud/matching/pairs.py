"""One request and one space held against each other: what fits, and if it does not, why not."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from meervoud.core.engine import Index, answer, build_index, rank
from meervoud.core.engine.types.requests import Continuous, Request
from meervoud.core.engine.types.results import Answer, Pattern, Proposal
from meervoud.core.engine.types.spaces import Space
from meervoud.demand.models import Request as RequestRow
from meervoud.matching.city_index import CityIndex, city_index, weights
from meervoud.matching.queries import asked_in
from meervoud.matching.sectors import NOTHING_SAID, Side, are_apart, offers_apart_from, stance_of_asker
from meervoud.supply.calendar import Span, merge_spans

SLOT = 30


@dataclass(frozen=True)
class Verdict:
    """What a space is for a request.

    Attributes:
        asked: the request as the engine sees it.
        space: the space as the engine sees it; None where it is not online.
        proposal: why and when it fits; None where it does not.
        place: its place among all that fit, 1 is best; 0 where it does not fit.
        answer: near misses, what could be changed, and which conditions fail, of this space alone.
        apart: who wants no company like the other: then it does not fit; "" where nobody minds. Only staff may be told
            that it is the host.
    """

    asked: Request
    space: Space | None
    proposal: Proposal | None
    place: int
    answer: Answer | None
    apart: Side = ""


def why_not(row: RequestRow, offer_id: UUID, *, moment: datetime | None = None) -> Verdict:
    """Hold one space against one request.

    Raises:
        InputError: the days of the request are past.
    """
    with city_index(row.programme, moment) as city:
        asked = asked_in(row, city)
        index = city.index_for(asked.needs)
        found = index.row_of.get(str(offer_id))
        if found is None:
            return Verdict(asked, None, None, 0, None)
        space = index.spaces[found]
        alone = index_of(space, city)
        said = answer(alone, asked, weights(), k=1)
        stance = stance_of_asker(row)
        side = are_apart(stance, city.stances.get(space.id, NOTHING_SAID))
        if side or not said.proposals:
            return Verdict(asked, space, None, 0, said, side)
        others = index.without(apart) if (apart := offers_apart_from(stance, city.stances)) else index
        return Verdict(asked, space, said.proposals[0], _place(others, asked, space.id), said)


def index_of(space: Space, city: CityIndex) -> Index:
    """Return an index of one space, with the needs of the neighbourhoods that the score looks at."""
    return build_index([space], city.index.grid, cause_needs=city.index.cause_needs)


def _place(index: Index, asked: Request, space: str) -> int:
    rows = rank(index, asked, weights(), k=max(len(index.spaces), 1)).rows.tolist()
    return int(rows.index(index.row_of[space])) + 1


def are_free(space: Space, city: CityIndex, patterns: tuple[Pattern, ...]) -> bool:
    """Say whether a space is free at every moment of some patterns."""
    alone, grid = index_of(space, city), city.index.grid
    for moment in (each for pattern in patterns for each in pattern.moments):
        for minute in range(moment.start, moment.end, SLOT):
            days, within = divmod(minute, 1440)
            week, weekday = divmod((moment.day - grid.monday).days + days, 7)
            if not 0 <= week < grid.weeks or not int(alone.bits[weekday, 0, week]) >> (within // SLOT) & 1:
                return False
    return True


def spans_of(asked: Request, proposal: Proposal, time_zone: str) -> list[Span]:
    """Return the time that a proposal takes, aware and in order; moments that touch are one.

    A moment that ends in the hour which comes twice takes both: rather too long than given twice.
    """
    zone, spans = ZoneInfo(time_zone), list[Span]()
    for need, pattern in zip(asked.needs, proposal.patterns, strict=True):
        if isinstance(need, Continuous):
            days = [need.first + timedelta(days=number) for number in range(need.days)]
            moments = [(day, 0, 1440) for day in days if day not in set(pattern.missing)]
        else:
            moments = [(each.day, each.start, each.end) for each in pattern.moments]
        for day, start, end in moments:
            begins = (datetime.combine(day, time()) + timedelta(minutes=start)).replace(tzinfo=zone)
            ends = (datetime.combine(day, time()) + timedelta(minutes=end)).replace(tzinfo=zone, fold=1)
            spans.append(Span(begins.astimezone(UTC), ends.astimezone(UTC)))
    return merge_spans(spans)
