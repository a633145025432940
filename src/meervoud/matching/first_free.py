"""The first free moment of every space that is online, up to two years ahead."""

from datetime import datetime, timedelta
from uuid import UUID

from meervoud.core.engine import Index, build_index, first_free
from meervoud.core.engine.first_free import EVERY_DAY
from meervoud.core.engine.types.requests import Window
from meervoud.core.engine.types.results import FirstFree
from meervoud.core.engine.types.time import DateRange, Grid
from meervoud.matching.city_index import city_index
from meervoud.parties.models import Programme

WEEKS = 106
MOST_DAYS = 731
FEW = 500
_indexes: dict[UUID, Index] = {}


def first_free_moments(
    programme: Programme,
    *,
    window: Window,
    minutes: int,
    days: int = MOST_DAYS,
    weekdays: frozenset[int] = EVERY_DAY,
    moment: datetime | None = None,
) -> tuple[FirstFree, ...]:
    """Return for every space that is lent by the hour the first moment from tomorrow on that is free.

    Args:
        programme: whose offers.
        window: part of the day that would suit.
        minutes: length, > 0.
        days: how many days are looked at, at most two years.
        weekdays: 0 = Monday to 6 = Sunday.
        moment: what time it is; None asks the clock.

    Returns:
        One for each space, soonest first; those without a free moment last.

    Raises:
        InputError: the length does not fit in the window, or no weekday is named.
    """
    with city_index(programme, moment) as city:  # nobody else is in here meanwhile
        index = _indexes[programme.pk] = _follow(_indexes.get(programme.pk), city.by_hours)
        first = city.today + timedelta(days=1)
        within = DateRange(first, first + timedelta(days=min(days, MOST_DAYS) - 1))
        return first_free(index, window, minutes, within, weekdays=weekdays)


def _follow(far: Index | None, near: Index) -> Index:
    """Return the index over two years, with the spaces that have changed in that of the city put in their rows."""
    grid = Grid(near.grid.zone, near.grid.monday, WEEKS)
    if far is None or far.grid != grid or far.row_of != near.row_of:
        return build_index(near.spaces, grid)
    changed = [space for space, known in zip(near.spaces, far.spaces, strict=True) if space is not known]
    if len(changed) > FEW or any(space.position != far.spaces[far.row_of[space.id]].position for space in changed):
        return build_index(near.spaces, grid)
    for space in changed:
        far.replace_space(space)
    return far
