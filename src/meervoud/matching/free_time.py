"""When one space is free: its next moments, and the coming week as a table. By whom it is taken is never said."""

from dataclasses import dataclass
from datetime import date, timedelta

from meervoud.core.engine import build_index, first_free
from meervoud.core.engine.types.requests import Window
from meervoud.core.engine.types.results import Moment
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.time import DateRange, Grid
from meervoud.matching.city_index import city_index
from meervoud.parties.models import Programme

SLOTS = 48
EVENING = Window(8 * 60, 23 * 60)
LOOK_DAYS = 90


@dataclass(frozen=True)
class FreeTime:
    """When a space is free.

    Attributes:
        moments: the next free moments of two hours, one a day.
        states: "weekday-slot" -> "free" for each free half-hour of the coming seven days.
        is_known: whether the host has said when it lends at all.
    """

    moments: tuple[Moment, ...]
    states: dict[str, str]
    is_known: bool


def free_time(programme: Programme, offer_id: str, *, minutes: int = 120, most: int = 4) -> FreeTime | None:
    """Return when a space that is online is free, None where none has the id."""
    with city_index(programme) as city:
        row = city.index.row_of.get(offer_id)
        if row is None:
            return None
        space, grid, today = city.index.spaces[row], city.index.grid, city.today
    return free_time_of(space, grid, today, minutes=minutes, most=most)


def free_time_of(space: Space, grid: Grid, today: date, *, minutes: int = 120, most: int = 4) -> FreeTime:
    """Return when a space is free from a day on; also for the preview of a host."""
    index = build_index([space], grid)
    moments: list[Moment] = []
    day = today + timedelta(days=1)
    last = min(today + timedelta(days=LOOK_DAYS), grid.last)
    while len(moments) < most and day <= last:
        found = first_free(index, EVENING, minutes, DateRange(day, last))[0].moment
        if found is None:
            break
        moments.append(found)
        day = found.day + timedelta(days=1)
    states: dict[str, str] = {}
    for each in (today + timedelta(days=number) for number in range(7)):
        week, weekday = divmod((each - grid.monday).days, 7)
        word = int(index.bits[weekday, 0, week]) if week < grid.weeks else 0
        states |= {f"{weekday}-{slot}": "free" for slot in range(SLOTS) if word >> slot & 1}
    return FreeTime(tuple(moments), states, bool(space.periods))
