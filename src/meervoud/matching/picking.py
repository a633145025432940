"""Which spaces are suggested for a request: the best that nothing said before speaks against."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from meervoud.core.engine import Index, rank
from meervoud.core.engine.near_misses import count_alone
from meervoud.core.engine.proposals import write_proposals
from meervoud.core.engine.retrieval import CERTAINTIES, Ranking
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Certainty, Condition, Proposal
from meervoud.core.errors import InputError
from meervoud.demand.models import Request as RequestRow
from meervoud.matching.city_index import CityIndex, city_index, weights
from meervoud.matching.lessons import Noes, noes_about
from meervoud.matching.queries import asked_in, pick
from meervoud.matching.sectors import offers_apart_from, stance_of_asker

MOST = 5
LOOKED_AT = 15


@dataclass(frozen=True)
class Look:
    """What a look at one request found.

    Attributes:
        picks: what is suggested, best first.
        best: certainty and id of the best space, whatever hosts answered before; None where nothing fits.
        alone: where nothing fits, how many spaces fail each condition and no other.
        is_past: its days are past, so that nothing was looked for.
    """

    picks: tuple[Proposal, ...] = ()
    best: tuple[Certainty, str] | None = None
    alone: tuple[tuple[Condition, int], ...] = ()
    is_past: bool = False


@dataclass(frozen=True, eq=False)
class _Ranked:
    asked: Request
    index: Index
    ranking: Ranking
    apart: AbstractSet[str]

    @property
    def best(self) -> tuple[Certainty, str] | None:
        """Certainty and id of the best space that is not kept apart by its sector."""
        for place, space in enumerate(self.index.spaces_at(self.ranking.rows)):
            if space.id not in self.apart:
                return CERTAINTIES[int(self.ranking.certainty[place])], space.id
        return None

    def count_alone(self) -> tuple[tuple[Condition, int], ...]:
        """Return how many spaces fail each condition and no other."""
        index = self.index.without(self.apart) if self.apart else self.index
        return tuple(count_alone(index, self.asked).items())

    def more(self) -> "_Ranked | None":
        """Return the same with every space in its ranking; None where there are no more."""
        if len(self.ranking.rows) == sum(self.ranking.counts):
            return None
        ranking = _rank(self.asked, self.index, len(self.index.spaces))
        return _Ranked(self.asked, self.index, ranking, self.apart)


def look_at(
    rows: Sequence[RequestRow], *, but: Mapping[UUID, AbstractSet[str]], now: datetime, most: int = MOST
) -> dict[UUID, Look]:
    """Look for spaces for some requests of one programme.

    Args:
        rows: from `with_rules`.
        but: ids of the offers whose hosts were asked for a request already: they take its places.
        now: the moment of the look.
        most: how many spaces for one request at most.
    """
    if not rows:
        return {}
    with city_index(rows[0].programme, now) as city:
        ranked = {row.pk: each for row in rows if (each := _ranked(row, city)) is not None}
        noes = _noes(city, ranked, now)
        return {
            row.pk: _look(city, ranked[row.pk], noes, but.get(row.pk, frozenset()), now, most)
            if row.pk in ranked
            else Look(is_past=True)
            for row in rows
        }


def _ranked(row: RequestRow, city: CityIndex) -> _Ranked | None:
    try:
        asked = asked_in(row, city)
    except InputError:
        return None  # its days are past: it waits for its owner
    index = city.index_for(asked.needs)
    apart = offers_apart_from(stance_of_asker(row), city.stances)
    return _Ranked(asked, index, _rank(asked, index, LOOKED_AT), apart)


def _rank(asked: Request, index: Index, most: int) -> Ranking:
    return rank(index, asked, weights(), k=max(most, 1))


def _noes(city: CityIndex, ranked: Mapping[UUID, _Ranked], now: datetime) -> Noes:
    offers = {space.id for each in ranked.values() for space in each.index.spaces_at(each.ranking.rows)}
    return noes_about(ranked, offers, {city.hosts[each] for each in offers}, now)


def _look(city: CityIndex, found: _Ranked, noes: Noes, but: AbstractSet[str], now: datetime, most: int) -> Look:
    places = _places(city, found, noes, but, now)
    wanted = max(most - len(but), 0)
    is_short = len(places) < wanted or found.best is None
    if is_short and (all_of_it := found.more()) is not None:
        found = all_of_it
        places = _places(city, found, _noes(city, {UUID(found.asked.id): found}, now), but, now)
    best = found.best
    if best is None:
        return Look(alone=found.count_alone())
    chosen = pick(found.ranking, np.array(places[:wanted], dtype=np.int64))
    return Look(write_proposals(found.index, found.asked, weights(), chosen), best)


def _places(city: CityIndex, found: _Ranked, noes: Noes, but: AbstractSet[str], now: datetime) -> list[int]:
    """Return the places in the ranking that may be suggested, best first."""
    metres = [each if each >= 0 else None for each in found.ranking.metres.tolist()]
    return [
        place
        for place, space in enumerate(found.index.spaces_at(found.ranking.rows))
        if space.id not in but
        and space.id not in found.apart
        and not noes.speak_against(found.asked, space.id, city.hosts[space.id], metres[place], now)
    ]
