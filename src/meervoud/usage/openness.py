"""Whether a space can be used at a moment, and if not, why: closed, a holiday, taken, past, or an hour that is not there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from meervoud.core.engine import Index, build_index
from meervoud.core.engine.types.spaces import Space as EngineSpace
from meervoud.core.engine.types.time import Closure, Grid
from meervoud.supply.as_space import space_of, with_parts
from meervoud.supply.calendar import Span, buffer_of
from meervoud.supply.models import Offer
from meervoud.supply.retaking import Piece, taken_among

SLOT: Final = timedelta(minutes=30)
MOST_WEEKS: Final = 106
READ: Final = "the space of an agreement, or one that is online; by whom its time is taken is never said"


class Why(StrEnum):
    """Why a moment cannot be."""

    PAST = "past"
    NO_SUCH_HOUR = "no_such_hour"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    TAKEN = "taken"


class Openness:
    """When one space is open and not taken, between two days."""

    def __init__(self, offer: Offer, first: date, last: date, *, own: Sequence[Piece] = ()) -> None:
        """Read the hours of an offer once, for as many questions as needed.

        Args:
            offer: whose space.
            first: the first day that will be asked about.
            last: the last one, at most two years later.
            own: what the same group has there and would give up.
        """
        row = with_parts(Offer.objects.every(because=READ)).get(pk=offer.pk)
        self.offer, self.zone, self.own = row, row.programme.time_zone, tuple(own)
        self.buffer = timedelta(minutes=buffer_of(row.space))
        monday = first - timedelta(days=first.weekday() + 7)
        weeks = min((last - monday).days // 7 + 2, MOST_WEEKS)
        self._grid = Grid(self.zone, monday, weeks)
        space = space_of(row)
        self._closures = space.closures
        self._is_known = bool(space.periods)
        self._open = _index(space, self._grid)
        self._without_closures = _index(replace(space, closures=()), self._grid)

    def whys(self, spans: Sequence[Span], now: datetime) -> list[Why | None]:
        """Return for each span why it cannot be, None where it can; two queries, however many there are."""
        blocked = [Span(each.starts_at, each.ends_at + self.buffer) for each in spans]
        taken = taken_among(self.offer.space, blocked, now=now, own=self.own)
        return [self._why(span, now, is_taken=each) for span, each in zip(spans, taken, strict=True)]

    def _why(self, span: Span, now: datetime, *, is_taken: bool) -> Why | None:
        if span.starts_at <= now:
            return Why.PAST
        if (closure := self._closure(span)) is not None:
            return Why.HOLIDAY if closure.reason == "holiday" else Why.CLOSED
        if self._is_known and not self._is_open(self._open, span):
            return Why.CLOSED
        return Why.TAKEN if is_taken else None

    def _closure(self, span: Span) -> Closure | None:
        """Return what closes a day on which the space would be open else."""
        if self._is_known and not self._is_open(self._without_closures, span):
            return None
        local = ZoneInfo(self.zone)
        first, last = (each.astimezone(local).date() for each in (span.starts_at, span.ends_at - timedelta(minutes=1)))
        return next((each for each in self._closures if each.days.first <= last and each.days.last >= first), None)

    def _is_open(self, index: Index, span: Span) -> bool:
        local = ZoneInfo(self.zone)
        wall = span.starts_at.astimezone(local).replace(tzinfo=None, fold=0)
        end = span.ends_at.astimezone(local).replace(tzinfo=None, fold=0)
        wall -= timedelta(minutes=wall.minute % 30)
        while wall < end:
            week, weekday = divmod((wall.date() - self._grid.monday).days, 7)
            slot = (wall.hour * 60 + wall.minute) // 30
            if not 0 <= week < self._grid.weeks or not int(index.bits[weekday, 0, week]) >> slot & 1:
                return False
            wall += SLOT
        return True


def _index(space: EngineSpace, grid: Grid) -> Index:
    return build_index([replace(space, bookings=())], grid)
