"""How a calendar says what a time zone does: by the rule that the whole of Europe follows, which every program reads.

The library writes a list of all changes since 1970; programs that follow such lists by the letter read some hours wrongly.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, TimezoneDaylight, TimezoneStandard

YEARS: Final = (2020, 2040)
HOUR: Final = timedelta(hours=1)


def add_zones(calendar: Calendar) -> None:
    """Add what the zones of a calendar do; one that does not follow the rule of Europe is left to the library."""
    for name in sorted(calendar.get_missing_tzids()):
        if follows_europe(ZoneInfo(name)):
            calendar.add_component(_zone(name))
    calendar.add_missing_timezones()


def follows_europe(zone: ZoneInfo) -> bool:
    """Say whether a zone adds one hour from the last Sunday of March to that of October, at 01:00 UTC, in every year."""
    base = datetime(YEARS[0], 1, 1, tzinfo=UTC).astimezone(zone).utcoffset()
    return base is not None and all(
        [(at + shift).astimezone(zone).utcoffset() for shift in (-HOUR, timedelta())] == [base + before, base + after]
        for year in range(*YEARS)
        for at, before, after in (
            (_last_sunday(year, 3), timedelta(), HOUR),
            (_last_sunday(year, 10), HOUR, timedelta()),
        )
    )


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _zone(name: str) -> Timezone:
    zone = ZoneInfo(name)
    written = Timezone()
    written.add("tzid", name)
    winter, summer = (datetime(YEARS[0], month, 1, tzinfo=UTC).astimezone(zone).utcoffset() for month in (1, 7))
    assert winter is not None  # noqa: S101  # an aware moment has an offset
    assert summer is not None  # noqa: S101  # likewise
    parts = ((TimezoneDaylight(), 3, winter, summer), (TimezoneStandard(), 10, summer, winter))
    for part, month, before, after in parts:
        part.add("dtstart", (_last_sunday(1996, month) + before).replace(tzinfo=None))  # since when Europe does it so
        part.add("rrule", {"freq": "YEARLY", "bymonth": month, "byday": "-1SU"})
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        written.add_component(part)
    return written
