"""The index of a programme, made from rows: each process has its own and brings it up to date before it answers."""

import gc
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from threading import RLock
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import DatabaseError, connections
from django.db.models import Min, QuerySet

from meervoud.core.engine import Index, build_index, load_weights
from meervoud.core.engine.types.requests import Continuous, Need
from meervoud.core.engine.types.results import Weights
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.time import DateRange, Grid
from meervoud.lib.clock import now
from meervoud.lib.search import search_text
from meervoud.matching.sectors import NOTHING_SAID, Stance
from meervoud.parties.models import Programme
from meervoud.places.models import Neighbourhood
from meervoud.places.models import Space as PlaceSpace
from meervoud.supply.as_space import Taken
from meervoud.supply.calendar import active_occupations
from meervoud.supply.change_number import current_number
from meervoud.supply.models import Offer, Taking
from meervoud.supply.online_spaces import OnlineSpace, online_spaces

logger = logging.getLogger(__name__)
WEEKS = 53
FEW = 500
WHY = "the index of the programme; pages show of it what the viewer may see"


@dataclass
class CityIndex:
    """What is online in a programme, ready to be searched.

    Attributes:
        index: everything that is online.
        by_hours: the same without what is lent as a whole only; the same object where nothing is.
        number: the change to supply up to which it is right.
        today: the first day that is searched, on the wall clock of the programme.
        stale_at: when the next hold expires, so that its time is free again.
        texts: what a search of words looks at, by id of the offer.
        wholes: ids of the offers that are lent as a whole only.
        keys: id of the offer by the number of its space in the file it came from.
        hosts: id of the organisation that lends each offer.
        stances: of the hosts that are a company of a sector, or do not want those of some, by id of the offer.
    """

    index: Index
    by_hours: Index
    number: int
    today: date
    stale_at: datetime | None
    texts: dict[str, str]
    wholes: set[str]
    keys: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, UUID] = field(default_factory=dict)
    stances: dict[str, Stance] = field(default_factory=dict)

    @property
    def within(self) -> DateRange:
        """The days that can be asked for."""
        return DateRange(self.today, self.index.grid.last)

    def index_for(self, needs: Sequence[Need]) -> Index:
        """Return the index in which needs are looked for: an evening a week is not for a space lent as a whole."""
        asks_hours = any(not isinstance(need, Continuous) for need in needs)
        return self.by_hours if asks_hours else self.index


_indexes: dict[UUID, CityIndex] = {}
_lock = RLock()


@cache
def weights() -> Weights:
    """Return the weights of the score, read once."""
    return load_weights()


@contextmanager
def city_index(programme: Programme, moment: datetime | None = None) -> Iterator[CityIndex]:
    """Lend the index of a programme as the rows say now; nobody changes it meanwhile.

    Args:
        programme: whose offers.
        moment: what time it is; None asks the clock.
    """
    moment = moment or now()
    today = moment.astimezone(ZoneInfo(programme.time_zone)).date()
    with _lock:
        known = _indexes.get(programme.pk)
        number = current_number()  # before the rows: a change in between is read twice, never missed
        if known is None or known.today != today or known.number > number:
            known = _build(programme, number, today, moment)
        elif known.number < number or (known.stale_at and known.stale_at <= moment):
            known = _bring_up_to_date(known, programme, number, moment)
        _indexes[programme.pk] = known
        yield known


def warm_indexes() -> None:
    """Build the index of every programme, so that no visitor waits for it; what cannot be read now is left to them.

    For a server to call once before it forks its workers: they share the memory of what was built.
    """
    try:
        for programme in Programme.objects.all():
            with city_index(programme):
                pass
    except DatabaseError:
        logger.warning("The index could not be built before the first visitor.", exc_info=True)
    finally:
        connections.close_all()  # a connection must not be shared by two processes
    _leave_out_of_the_garbage_search()


def forget_indexes() -> None:
    """Drop every index; the next question builds it again."""
    with _lock:
        _indexes.clear()


def _leave_out_of_the_garbage_search() -> None:
    """What stays for long is not searched for garbage, which took half of a match run, and its pages stay shared."""
    gc.collect()
    gc.freeze()


def _build(programme: Programme, number: int, today: date, moment: datetime) -> CityIndex:
    online = _online(programme, None, today, moment)
    grid = Grid(programme.time_zone, today - timedelta(days=today.weekday()), WEEKS)
    wholes = {each.space.id for each in online if each.is_whole}
    index, by_hours = _both([each.space for each in online], wholes, grid, _cause_needs(programme))
    if len(online) > FEW:
        _leave_out_of_the_garbage_search()
    return CityIndex(
        index=index,
        by_hours=by_hours,
        number=number,
        today=today,
        stale_at=_next_expiry(moment),
        texts={each.space.id: text_of(each) for each in online},
        wholes=wholes,
        keys={each.source_key: each.space.id for each in online if each.source_key},
        hosts={each.space.id: each.host for each in online},
        stances=_stances(online),
    )


def _bring_up_to_date(known: CityIndex, programme: Programme, number: int, moment: datetime) -> CityIndex:
    changed = Offer.objects.every(because=WHY).filter(programme=programme, change_number__gt=known.number)
    ids = {str(pk) for pk in changed.values_list("pk", flat=True)} | _ids_of_expired(programme, moment)
    online = _online(programme, ids, known.today, moment)
    spaces = {each.space.id: each.space for each in online}
    wholes_before = known.wholes & ids
    _note_what_is_said(known, ids, online)
    if known.wholes & ids == wholes_before and _same_places(known.index, ids, spaces):
        for space in spaces.values():
            known.index.replace_space(space)
            if known.by_hours is not known.index and space.id not in known.wholes:
                known.by_hours.replace_space(space)
    else:
        kept = [space for space in known.index.spaces if space.id not in ids]
        grid, cause_needs = known.index.grid, known.index.cause_needs
        known.index, known.by_hours = _both([*kept, *spaces.values()], known.wholes, grid, cause_needs)
    known.number, known.stale_at = number, _next_expiry(moment)
    has_lost_some = Offer.objects.online(programme).count() != len(known.index.spaces)
    if has_lost_some or _cause_needs(programme) != known.index.cause_needs:
        # what was deleted, as the undo of an import does, and what a neighbourhood needs carry no number of their own
        return _build(programme, number, known.today, moment)
    return known


def _both(
    spaces: list[Space], wholes: set[str], grid: Grid, cause_needs: Mapping[tuple[str, str], int]
) -> tuple[Index, Index]:
    index = build_index(spaces, grid, cause_needs=cause_needs)
    return index, index.without(wholes) if wholes else index


def _note_what_is_said(known: CityIndex, ids: set[str], online: list[OnlineSpace]) -> None:
    for gone in ids:
        known.texts.pop(gone, None)
        known.hosts.pop(gone, None)
        known.stances.pop(gone, None)
        known.wholes.discard(gone)
    known.keys = {key: offer for key, offer in known.keys.items() if offer not in ids}
    known.texts |= {each.space.id: text_of(each) for each in online}
    known.wholes |= {each.space.id for each in online if each.is_whole}
    known.hosts |= {each.space.id: each.host for each in online}
    known.stances |= _stances(online)
    known.keys |= {each.source_key: each.space.id for each in online if each.source_key}


def _stances(online: list[OnlineSpace]) -> dict[str, Stance]:
    said = ((each.space.id, Stance(each.sector, each.no_sectors)) for each in online)
    return {offer: stance for offer, stance in said if stance != NOTHING_SAID}


def _same_places(index: Index, ids: set[str], spaces: Mapping[str, Space]) -> bool:
    """Say whether every changed offer was and is in the index, at the same place."""
    for changed in ids:
        row, space = index.row_of.get(changed), spaces.get(changed)
        if (row is None) != (space is None):
            return False
        if row is not None and space is not None and index.spaces[row].position != space.position:
            return False
    return True


def text_of(online: OnlineSpace) -> str:
    """Return what a search of words looks at: nothing private, so that a search cannot be used to find it."""
    space = online.space
    return search_text(space.name, space.host, online.description, space.neighbourhood or "")


def _online(programme: Programme, ids: set[str] | None, today: date, moment: datetime) -> list[OnlineSpace]:
    """Return what is online; with ids only those of them."""
    offers = Offer.objects.online(programme)
    some = offers if ids is None else offers.filter(pk__in=ids)
    return online_spaces(some, taken=_taken(ids, today, moment), today=today)


def _taken(ids: set[str] | None, today: date, moment: datetime) -> Mapping[UUID, list[Taken]]:
    """Return the time that is taken on the atoms of each space, from today; with a few offers only of theirs."""
    starts_at = datetime.combine(today - timedelta(days=7), time(), moment.tzinfo)
    links = PlaceSpace.atoms.through.objects.all()
    rows = active_occupations(moment).filter(ends_at__gt=starts_at)
    if ids is not None and len(ids) < FEW:
        links = links.filter(space__offer__id__in=ids)
        rows = rows.filter(atom__in=links.values("atom_id"))
    else:
        links = links.filter(atom__in=rows.values("atom_id"))
    spaces_of: dict[UUID, set[UUID]] = defaultdict(set)
    for atom, space in links.values_list("atom_id", "space_id"):
        spaces_of[atom].add(space)
    taken: dict[UUID, set[Taken]] = defaultdict(set)
    for atom, begins, ends in rows.values_list("atom_id", "starts_at", "ends_at"):
        for space in spaces_of[atom]:
            taken[space].add((begins, ends))
    return {space: sorted(times) for space, times in taken.items()}


def _unreleased_holds() -> QuerySet[Taking]:
    return Taking.objects.every(because=WHY).filter(kind=Taking.Kind.HOLD, released_at__isnull=True)


def _next_expiry(moment: datetime) -> datetime | None:
    found: datetime | None = _unreleased_holds().filter(expires_at__gt=moment).aggregate(at=Min("expires_at"))["at"]
    return found


def _ids_of_expired(programme: Programme, moment: datetime) -> set[str]:
    spaces = _unreleased_holds().filter(expires_at__lte=moment).values("occupations__atom__spaces")
    offers = Offer.objects.every(because=WHY).filter(programme=programme, space__in=spaces)
    return {str(pk) for pk in offers.values_list("pk", flat=True)}


def _cause_needs(programme: Programme) -> dict[tuple[str, str], int]:
    return {
        (area.name, cause): int(points)
        for area in Neighbourhood.objects.filter(programme=programme).exclude(needs={})
        for cause, points in area.needs.items()
    }
