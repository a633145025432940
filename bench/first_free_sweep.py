"""The first free moment by a plain look at each day of each room in turn: what the platform's answer is compared with."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Taken = tuple[datetime, datetime]
Found = tuple[date, int] | None
HALF_HOUR = 30


def sweep(
    taken: Mapping[str, Iterable[Taken]], hours: tuple[int, int], minutes: int, days: tuple[date, int], zone: str
) -> dict[str, Found]:
    """Return for each room the day and the minute of its first free moment, None where there is none.

    Args:
        taken: what is taken of each room, aware.
        hours: first and last minute of the day that is asked for; the rooms are open then.
        minutes: length.
        days: the first one, and how many.
        zone: of the wall clock.
    """
    starts = _starts(hours, minutes, days, zone)
    return {room: _first(sorted(times), starts, timedelta(minutes=minutes)) for room, times in taken.items()}


def _starts(
    hours: tuple[int, int], minutes: int, days: tuple[date, int], zone: str
) -> list[tuple[datetime, date, int]]:
    found, clock = [], ZoneInfo(zone)
    for day in (days[0] + timedelta(days=number) for number in range(days[1])):
        midnight = datetime.combine(day, time())
        for start in range(hours[0], hours[1] - minutes + 1, HALF_HOUR):
            wall = (midnight + timedelta(minutes=start)).replace(tzinfo=clock)
            found.append((wall.astimezone(UTC), day, start))
    return found


def _first(taken: list[Taken], starts: list[tuple[datetime, date, int]], length: timedelta) -> Found:
    """Look at each start; what is taken of one room never overlaps, so only two neighbours can be in the way."""
    begins = [each[0] for each in taken]
    for start, day, minute in starts:
        place = bisect_left(begins, start)
        is_before = place == 0 or taken[place - 1][1] <= start
        is_behind = place == len(taken) or taken[place][0] >= start + length
        if is_before and is_behind:
            return day, minute
    return None
