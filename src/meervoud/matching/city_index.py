"""The index of a programme, made from rows: each process has its own and brings it up to date before it answers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from threading import RLock
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet

from meervoud.core.engine import Index, build_index, load_weights
from meervoud.core.engine.types.requests import Continuous, Need
from meervoud.core.engine.types.results import Weights
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.time import DateRange, Grid
from meervoud.lib.clock import now
from meervoud.lib.search import search_text
from meervoud.parties.models import Programme
from meervoud.places.models import Neighbourhood
from meervoud.places.models import Space as PlaceSpace
from meervoud.supply.as_space import Taken, space_of, with_parts
from meervoud.supply.calendar import active_occupations
from meervoud.supply.change_number import current_number
from meervoud.supply.models import Offer, Taking

WEEKS = 53
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
    """

    index: Index
    by_hours: Index
    number: int
    today: date
    stale_at: datetime | None
    texts: dict[str, str]
    wholes: set[str]
    keys: dict[str, str] = field(default_factory=dict)

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


def forget_indexes() -> None:
    """Drop every index; the next question builds it again."""
    with _lock:
        _indexes.clear()


def _build(programme: Programme, number: int, today: date, moment: datetime) -> CityIndex:
    offers = list(with_parts(Offer.objects.online(programme)))
    spaces = _spaces(offers, today, moment)
    grid = Grid(programme.time_zone, today - timedelta(days=today.weekday()), WEEKS)
    wholes = {str(offer.pk) for offer in offers if offer.length == Offer.Length.WHOLE}
    index, by_hours = _both(spaces, wholes, grid, _cause_needs(programme))
    return CityIndex(
        index=index,
        by_hours=by_hours,
        number=number,
        today=today,
        stale_at=_next_expiry(moment),
        texts={str(offer.pk): text_of(offer) for offer in offers},
        wholes=wholes,
        keys={offer.space.source_key: str(offer.pk) for offer in offers if offer.space.source_key},
    )


def _bring_up_to_date(known: CityIndex, programme: Programme, number: int, moment: datetime) -> CityIndex:
    changed = Offer.objects.every(because=WHY).filter(programme=programme, change_number__gt=known.number)
    ids = {str(pk) for pk in changed.values_list("pk", flat=True)} | _ids_of_expired(programme, moment)
    online = list(with_parts(Offer.objects.online(programme).filter(pk__in=ids)))
    spaces = {space.id: space for space in _spaces(online, known.today, moment)}
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
    if Offer.objects.online(programme).count() != len(known.index.spaces):
        # an offer was deleted, as the undo of an import does: it has no row left that could carry a number
        return _build(programme, number, known.today, moment)
    return known


def _both(
    spaces: list[Space], wholes: set[str], grid: Grid, cause_needs: Mapping[tuple[str, str], int]
) -> tuple[Index, Index]:
    index = build_index(spaces, grid, cause_needs=cause_needs)
    if not wholes:
        return index, index
    return index, build_index([each for each in spaces if each.id not in wholes], grid, cause_needs=cause_needs)


def _note_what_is_said(known: CityIndex, ids: set[str], online: list[Offer]) -> None:
    for gone in ids:
        known.texts.pop(gone, None)
        known.wholes.discard(gone)
    known.keys = {key: offer for key, offer in known.keys.items() if offer not in ids}
    known.texts |= {str(offer.pk): text_of(offer) for offer in online}
    known.wholes |= {str(offer.pk) for offer in online if offer.length == Offer.Length.WHOLE}
    known.keys |= {offer.space.source_key: str(offer.pk) for offer in online if offer.space.source_key}


def _same_places(index: Index, ids: set[str], spaces: Mapping[str, Space]) -> bool:
    """Say whether every changed offer was and is in the index, at the same place."""
    for changed in ids:
        row, space = index.row_of.get(changed), spaces.get(changed)
        if (row is None) != (space is None):
            return False
        if row is not None and space is not None and index.spaces[row].position != space.position:
            return False
    return True


def text_of(offer: Offer) -> str:
    """Return what a search of words looks at: nothing private, so that a search cannot be used to find it."""
    neighbourhood = offer.space.building.neighbourhood
    return search_text(
        offer.space.name, offer.host.name, offer.space.description, neighbourhood.name if neighbourhood else ""
    )


def _spaces(offers: Iterable[Offer], today: date, moment: datetime) -> list[Space]:
    offers = list(offers)
    taken = _taken(offers, today, moment)
    return [space_of(offer, taken=taken[offer.space_id], today=today) for offer in offers]


def _taken(offers: list[Offer], today: date, moment: datetime) -> Mapping[UUID, list[Taken]]:
    """Return the time that is taken on the atoms of each space, from today."""
    starts_at = datetime.combine(today - timedelta(days=7), time(), moment.tzinfo)
    spaces_of: dict[UUID, set[UUID]] = defaultdict(set)
    links = PlaceSpace.atoms.through.objects.all()
    if len(offers) < 500:
        links = links.filter(space__in=[offer.space_id for offer in offers])
    for atom, space in links.values_list("atom_id", "space_id"):
        spaces_of[atom].add(space)
    rows = active_occupations(moment).filter(ends_at__gt=starts_at)
    if len(offers) < 500:
        rows = rows.filter(atom__in=list(spaces_of))
    taken: dict[UUID, set[Taken]] = defaultdict(set)
    for atom, begins, ends in rows.values_list("atom_id", "starts_at", "ends_at"):
        for space in spaces_of[atom]:
            taken[space].add((begins, ends))
    return defaultdict(list, {space: sorted(times) for space, times in taken.items()})


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
