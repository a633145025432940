"""What fits a request, and the search of the public: with reasons and near misses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from meervoud.core.engine import Index, answer, rank
from meervoud.core.engine.arrays import Floats, Ints
from meervoud.core.engine.near_misses import find_near_misses
from meervoud.core.engine.proposals import write_proposals
from meervoud.core.engine.retrieval import Ranking
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Answer, Proposal
from meervoud.core.engine.types.spaces import Space
from meervoud.demand.as_request import request_of
from meervoud.demand.models import Request as RequestRow
from meervoud.lib.search import rank_texts
from meervoud.matching.city_index import CityIndex, city_index, weights
from meervoud.matching.sectors import offers_apart_from, stance_of_asker
from meervoud.parties.models import Programme

PAGE = 20
LOWEST_ZOOM, FINEST = 6, 22  # zoom levels: of the earth in a few cells, and of cells of some metres, one point each
MOST_SPOTS = 500
MOST_NAMED, MOST_NAMED_NEAR = 8, 40


@dataclass(frozen=True)
class Asked:
    """What a search asks: a request of the engine, and what the engine does not know.

    Attributes:
        words: looked for in the names and descriptions, with typing errors forgiven.
        kinds: kinds of spaces; empty is any.
        only_whole: only what is lent as a whole, for months or years.
    """

    request: Request
    words: str = ""
    kinds: frozenset[str] = frozenset()
    only_whole: bool = False


@dataclass(frozen=True)
class Found:
    """A page of a search.

    Attributes:
        ids: offers on this page, best first.
        proposals: why and when, for each of them.
        spaces: as the engine sees them.
        total, sure, assumed, to_ask: how many there are on all pages.
        near: the answer with near misses and relaxations where nothing fits.
        points: latitude and longitude of everything found that has a place, shape (n, 2), for the map.
    """

    ids: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    spaces: tuple[Space, ...]
    total: int
    counts: tuple[int, int, int]
    near: Answer | None
    points: Floats


def find_spaces(programme: Programme, asked: Asked, *, page: int = 1, moment: datetime | None = None) -> Found:
    """Return a page of the spaces that fit, best first.

    Args:
        programme: where to look.
        asked: what is asked; without anything every space that is online is found.
        page: from 1; a page behind the last is the last.
        moment: what time it is; None asks the clock.

    Raises:
        InputError: what is asked leaves the year that is searched.
    """
    with city_index(programme, moment) as city:
        return _page_of(city, asked.request, _ranking(city, asked), page)


@dataclass(frozen=True)
class Spot:
    """A cell of the public map.

    Attributes:
        latitude, longitude: the middle of its spaces.
        number: how many they are.
        spaces: which ones, by name, where all share one point, for no zoom level tells those apart; else none. Where
            they are too many the first ones.
    """

    latitude: float
    longitude: float
    number: int
    spaces: tuple[Space, ...] = ()


def find_spots(
    programme: Programme, asked: Asked, box: tuple[float, float, float, float], zoom: int
) -> tuple[Spot, ...]:
    """Return the spaces that fit within a rectangle (south, west, north, east), by cells of a zoom level, for the map.

    More cells than anybody can see are answered a level higher.

    Raises:
        InputError: what is asked leaves the year that is searched.
    """
    with city_index(programme) as city:
        index = city.index_for(asked.request.needs)
        rows, degrees = _placed(index, _ranking(city, asked).rows)
        north, east = degrees[:, 0], degrees[:, 1]
        inside = (north >= box[0]) & (north <= box[2]) & (east >= box[1]) & (east <= box[3])
        return _spots(index, rows[inside], degrees[inside], zoom)


def _spots(index: Index, rows: Ints, degrees: Floats, zoom: int) -> tuple[Spot, ...]:
    if len(rows) == 0:
        return ()
    cells = _cells(degrees, zoom)
    while zoom > LOWEST_ZOOM and len(np.unique(cells)) > MOST_SPOTS:
        zoom -= 1
        cells = _cells(degrees, zoom)
    _, first, which, counts = np.unique(cells, return_index=True, return_inverse=True, return_counts=True)
    middles = np.stack([np.bincount(which, each) / counts for each in degrees.T], axis=1).round(5).tolist()
    apart = np.bincount(which, (degrees != degrees[first][which]).any(axis=1)) > 0
    most = MOST_NAMED_NEAR if zoom >= FINEST else MOST_NAMED
    named = ~apart & ((counts <= most) | (zoom >= FINEST))
    members = np.split(rows[np.argsort(which, kind="stable")], np.cumsum(counts)[:-1])
    return tuple(
        Spot(latitude, longitude, number, _by_name(index, there)[:most] if is_named else ())
        for (latitude, longitude), number, is_named, there in zip(
            middles, counts.tolist(), named.tolist(), members, strict=True
        )
    )


def _cells(degrees: Floats, zoom: int) -> Ints:
    """Return one number for the cell of each point; see `cell_of`."""
    size = 1 << zoom
    down, right = (90 - degrees[:, 0]) / 180 * size, (degrees[:, 1] + 180) / 360 * size
    cells: Ints = down.astype(np.int64) * size + right.astype(np.int64)
    return cells


def _by_name(index: Index, rows: Ints) -> tuple[Space, ...]:
    return tuple(sorted(index.spaces_at(rows), key=lambda space: (space.name.casefold(), space.id)))


def _ranking(city: CityIndex, asked: Asked) -> Ranking:
    index = city.index_for(asked.request.needs)
    ranking = rank(index, asked.request, weights(), k=max(len(index.spaces), 1))
    ranking = pick(ranking, np.flatnonzero(_allowed(city, index, asked)[ranking.rows]))
    return _by_words(city, index, ranking, asked.words) if asked.words else ranking


def _page_of(city: CityIndex, request: Request, ranking: Ranking, page: int) -> Found:
    index, total = city.index_for(request.needs), len(ranking.rows)
    last = max(1, -(-total // PAGE))
    start = (min(max(page, 1), last) - 1) * PAGE
    shown = pick(ranking, np.arange(start, min(start + PAGE, total)))
    spaces = index.spaces_at(shown.rows)
    return Found(
        ids=tuple(space.id for space in spaces),
        proposals=write_proposals(index, request, weights(), shown),
        spaces=tuple(spaces),
        total=total,
        counts=_counts(ranking),
        near=None if total else near_answer(city, request),
        points=_placed(index, ranking.rows)[1],
    )


def _placed(index: Index, rows: Ints) -> tuple[Ints, Floats]:
    """Return the rows that have a place, and their degrees."""
    degrees = index.degrees[rows]
    has_place = ~np.isnan(degrees[:, 0])
    return rows[has_place], degrees[has_place]


def near_answer(city: CityIndex, request: Request) -> Answer:
    """Return what nearly fits a request and what it could change, without proposals."""
    index = city.index_for(request.needs)
    misses = find_near_misses(index, request, near=5)
    return Answer(
        request_id=request.id,
        considered=len(index.spaces),
        sure=0,
        assumed=0,
        to_ask=0,
        proposals=(),
        near_misses=misses.near_misses,
        relaxations=misses.relaxations,
        exclusions=misses.exclusions,
    )


@dataclass(frozen=True)
class Fitting:
    """What fits a request: the answer of the engine, the request as it was asked, and the spaces by id."""

    asked: Request
    answer: Answer
    spaces: dict[str, Space]


def asked_in(row: RequestRow, city: CityIndex) -> Request:
    """Return a request as the engine sees it, on the days of an index and with the space where the group meets now.

    Raises:
        InputError: its days are past.
    """
    meets_at = city.keys.get(row.meets_at_key) if row.meets_at_key else None
    return request_of(row, within=city.within, meets_at=meets_at)


def what_fits(row: RequestRow, *, most: int = 10, moment: datetime | None = None) -> Fitting:
    """Return the spaces that fit a request, with reasons, near misses and what it could change.

    What is kept apart by the sector of a company is not there at all: neither proposed nor nearly fitting.

    Raises:
        InputError: its days are past.
    """
    with city_index(row.programme, moment) as city:
        asked = asked_in(row, city)
        index, apart = city.index_for(asked.needs), offers_apart_from(stance_of_asker(row), city.stances)
        index = index.without(apart) if apart else index
        said = answer(index, asked, weights(), k=most)
        named = {each.space_id for each in said.proposals} | {each.space_id for each in said.near_misses}
        return Fitting(asked, said, {each: index.spaces[index.row_of[each]] for each in named})


def evenings_a_month(proposal: Proposal) -> int:
    """Return the most evenings a month that a proposal takes, for hosts that set a limit."""
    months: dict[tuple[int, int], set[int]] = {}
    for pattern in proposal.patterns:
        for moment in pattern.moments:
            months.setdefault((moment.day.year, moment.day.month), set()).add(moment.day.day)
    return max((len(days) for days in months.values()), default=0)


def _allowed(city: CityIndex, index: Index, asked: Asked) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if not asked.kinds and not asked.only_whole:
        return np.ones(len(index.spaces), dtype=np.bool_)
    return np.array(
        [
            (not asked.kinds or space.kind in asked.kinds) and ((space.id in city.wholes) or not asked.only_whole)
            for space in index.spaces
        ],
        dtype=np.bool_,
    )


def _by_words(city: CityIndex, index: Index, ranking: Ranking, words: str) -> Ranking:
    texts: Sequence[tuple[int, str]] = [
        (place, city.texts[space.id]) for place, space in enumerate(index.spaces_at(ranking.rows))
    ]
    return pick(ranking, np.array([place for place, _ in rank_texts(words, texts)], dtype=np.int64))


def pick(ranking: Ranking, places: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Ranking:
    """Return some places of a ranking, in the order given."""
    return replace(
        ranking,
        rows=ranking.rows[places],
        certainty=ranking.certainty[places],
        scores=ranking.scores[places],
        parts=ranking.parts[:, places],
        metres=ranking.metres[places],
        choices=ranking.choices[:, places],
    )


def _counts(ranking: Ranking) -> tuple[int, int, int]:
    sure, assumed, ask = np.bincount(ranking.certainty, minlength=3)
    return int(sure), int(assumed), int(ask)
