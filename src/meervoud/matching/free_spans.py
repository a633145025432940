"""All the time in which one space is free, as spans of UTC: by whom the rest is taken is never said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from meervoud.core.engine import build_index
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.time import Grid
from meervoud.matching.city_index import city_index
from meervoud.matching.free_time import SLOTS
from meervoud.parties.models import Programme

Span = tuple[datetime, datetime]
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class FreeSpans:
    """When a space is free between two days, the last one left out, in UTC and in order."""

    first: datetime
    last: datetime
    spans: tuple[Span, ...]


def free_spans(programme: Programme, offer_id: str, *, days: int) -> FreeSpans | None:
    """Return when a space that is online is free from tomorrow on, None where none has the id."""
    with city_index(programme) as city:
        row = city.index.row_of.get(offer_id)
        if row is None:
            return None
        space, grid, today = city.index.spaces[row], city.index.grid, city.today
    return free_spans_of(space, grid, today + timedelta(days=1), days=days)


def free_spans_of(space: Space, grid: Grid, first: date, *, days: int) -> FreeSpans:
    """Return when a space is free from a day on; spans that touch are one, also over midnight."""
    last = min(first + timedelta(days=days), grid.last + timedelta(days=1))
    index, zone = build_index([space], grid), ZoneInfo(grid.zone)
    spans: list[Span] = []
    for number in range((last - first).days):
        day = first + timedelta(days=number)
        week, weekday = divmod((day - grid.monday).days, 7)
        for span in _spans_of_day(day, int(index.bits[weekday, 0, week]), zone):
            if spans and spans[-1][1] == span[0]:
                span = (spans.pop()[0], span[1])  # noqa: PLW2901  # it goes on
            spans.append(span)
    return FreeSpans(_midnight(first, zone), _midnight(last, zone), tuple(spans))


def _spans_of_day(day: date, word: int, zone: ZoneInfo) -> Iterator[Span]:
    """Yield the free spans of a day; an hour that the clock shows twice bounds them on the safe side."""
    walls = [datetime.combine(day, time()) + slot * HALF_HOUR for slot in range(SLOTS)]
    slots = [(bool(word >> slot & 1) and _exists(wall, zone), wall) for slot, wall in enumerate(walls)]
    for is_free, run in groupby(slots, key=lambda each: each[0]):
        listed = [wall for _, wall in run]
        starts, ends = _utc(listed[0], zone, fold=1), _end_of(listed[-1], zone)
        if is_free and starts < ends:
            yield starts, ends


def _end_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return when a half-hour is over: the first time that the clock shows it, or when summer time skips that."""
    if _exists(wall + HALF_HOUR, zone):
        return _utc(wall + HALF_HOUR, zone, fold=0)
    return _utc(wall, zone, fold=0) + HALF_HOUR


def _exists(wall: datetime, zone: ZoneInfo) -> bool:
    return _utc(wall, zone, fold=0).astimezone(zone).replace(tzinfo=None) == wall


def _utc(wall: datetime, zone: ZoneInfo, *, fold: int) -> datetime:
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
