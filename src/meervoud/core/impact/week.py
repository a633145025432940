"""The hours of the week: when rooms are used, on the clock of the place."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY_OF_EPOCH = 3
"""1970-01-01 was a Thursday; Monday is 0."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def minutes_by_hour(starts: int, ends: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    """Return how many minutes of a use lie in which hour of the week.

    An hour that the clock goes through twice gets its minutes twice, one that it skips gets none: the minutes add up to
    `ends - starts`.

    Args:
        starts: whole minutes since 1970-01-01T00:00Z.
        ends: the same; after `starts`.
        zone: of the place.

    Returns:
        Pairs (hour of the week 0-167, Monday 00:00 is 0; minutes 1-60), in order of time.
    """
    at = starts
    while at < ends:
        wall = at + _offset(zone, at // 60)
        step = min(60 - wall % 60, ends - at)
        yield (wall // 1440 + DAY_OF_EPOCH) % 7 * 24 + wall // 60 % 24, step
        at += step


@lru_cache(maxsize=50_000)
def _offset(zone: ZoneInfo, hour: int) -> int:
    """Return how many minutes the clock is ahead of UTC; clocks change on a whole hour of UTC."""
    offset = (_EPOCH + timedelta(hours=hour)).astimezone(zone).utcoffset() or timedelta()
    return round(offset.total_seconds() / 60)
