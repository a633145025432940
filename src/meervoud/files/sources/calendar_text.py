"""An iCalendar file taken apart into its events, so that a broken one cannot break the others."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from meervoud.files.messages import unreadable

MOST_MEGABYTES = 20
MOST_EVENTS = 50_000
MOST_PER_DAY = 48
EARLIEST_REPEATING_YEAR = 1900
LARGEST_SETS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}
LONGEST_MONTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


@dataclass(frozen=True)
class EventText:
    """The lines of one VEVENT; `row` counts the events of the file from 1."""

    row: int
    lines: tuple[str, ...]
    is_closed: bool = True

    def value(self, name: str) -> str:
        """Return the value of the first property of this name outside alarms, "" where there is none."""
        return next((value for key, value in self._properties() if key == name), "")

    def values(self, name: str) -> list[str]:
        """Return the values of all properties of this name outside alarms."""
        return [value for key, value in self._properties() if key == name]

    def _properties(self) -> Iterator[tuple[str, str]]:
        depth = 0
        for line in self.lines[1:-1]:
            depth += line.upper().startswith("BEGIN:") - line.upper().startswith("END:")
            key, _, value = line.partition(":")
            if depth == 0:
                yield key.split(";")[0].upper(), value


@dataclass
class CalendarText:
    """One VCALENDAR: its own lines, its time zones, and its events."""

    head: list[str] = field(default_factory=list)
    zones: dict[str, list[str]] = field(default_factory=dict)
    events: list[EventText] = field(default_factory=list)

    @property
    def zone_name(self) -> str:
        """The zone that X-WR-TIMEZONE names, or ""."""
        return next((line.partition(":")[2].strip() for line in self.head if _name(line) == "X-WR-TIMEZONE"), "")

    def drop_zone_name(self) -> None:
        """Forget the zone that X-WR-TIMEZONE names: one that is not known would break every event."""
        self.head = [line for line in self.head if _name(line) != "X-WR-TIMEZONE"]

    def series(self) -> list[list[EventText]]:
        """Return the events that belong together: those of one UID."""
        groups: dict[str, list[EventText]] = {}
        for event in self.events:
            groups.setdefault(event.value("UID") or f"row {event.row}", []).append(event)
        return list(groups.values())

    def with_events(self, events: Sequence[EventText]) -> str:
        """Return a calendar of these events alone, with the time zones that they name."""
        lines = [line for event in events for line in event.lines]
        named = {name for line in lines for name in re.findall(r';TZID="?([^":;]+)"?', line, re.IGNORECASE)}
        zones = [line for name, block in self.zones.items() if name in named for line in block]
        return "\r\n".join(["BEGIN:VCALENDAR", *self.head, *zones, *lines, "END:VCALENDAR", ""])


def _name(line: str) -> str:
    return re.split(r"[:;]", line, maxsplit=1)[0].upper()


def read_calendar_lines(path: Path) -> tuple[list[str], str]:
    """Return the unfolded lines of a file and the encoding in which they were read."""
    try:
        content = path.read_bytes() if path.stat().st_size <= MOST_MEGABYTES * 1_000_000 else None
    except OSError as error:
        raise unreadable("file_missing", file=str(path)) from error
    if content is None:
        raise unreadable("calendar_too_large", file=path.name, megabytes=MOST_MEGABYTES)
    encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "latin-1"
        text = content.decode(encoding)
    unfolded = re.sub(r"(\r\n|\r|\n)[ \t]", "", text)
    return [line for line in re.split(r"\r\n|\r|\n", unfolded) if line.strip()], encoding


def split_calendars(file: str, lines: Sequence[str]) -> list[CalendarText]:
    """Take the lines apart.

    Raises:
        InputError: there is no calendar in them.
    """
    splitting = _Splitting()
    for line in lines:
        splitting.add(line.strip())
    if not splitting.calendars:
        raise unreadable("calendar_broken", file=file, reason="BEGIN:VCALENDAR")
    splitting.close(is_closed=False)
    if splitting.rows > MOST_EVENTS:
        raise unreadable("calendar_too_many", file=file, most=MOST_EVENTS)
    return splitting.calendars


@dataclass
class _Splitting:
    """Where the splitting is: in which calendar, and in which block of it."""

    calendars: list[CalendarText] = field(default_factory=list)
    block: list[str] = field(default_factory=list)
    rows: int = 0

    def add(self, line: str) -> None:
        mark = line.upper()
        if mark in {"BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT"}:
            self.close(is_closed=False)
        if mark == "BEGIN:VCALENDAR":
            self.calendars.append(CalendarText())
        if not self.calendars or mark in {"BEGIN:VCALENDAR", "END:VCALENDAR"}:
            return
        if not self.block and not mark.startswith("BEGIN:"):
            self.calendars[-1].head.append(line)
            return
        self.block.append(line)
        if mark == f"END:{self.block[0].upper().removeprefix('BEGIN:')}":
            self.close(is_closed=True)

    def close(self, *, is_closed: bool) -> None:
        """End the block that is open, if any; one that the file does not end is broken."""
        block, self.block = self.block, []
        kind = block[0].upper() if block else ""
        if kind == "BEGIN:VEVENT":
            self.rows += 1
            self.calendars[-1].events.append(EventText(self.rows, tuple(block), is_closed))
        elif kind == "BEGIN:VTIMEZONE" and is_closed:
            name = next((line.partition(":")[2].strip() for line in block if _name(line) == "TZID"), "")
            self.calendars[-1].zones[name] = block


def check_repeats(event: EventText) -> None:
    """Refuse a recurrence that would take without end to write out: too often, from too early, or never.

    Raises:
        InputError: with the part that is at fault.
    """
    if not event.is_closed:
        raise unreadable("event_broken", reason="END:VEVENT")
    for rule in event.values("RRULE"):
        parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
        frequency = parts.get("FREQ", "")
        per_day = 1
        for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            per_day *= parts.get(name, "").count(",") + 1
        if frequency in {"HOURLY", "MINUTELY", "SECONDLY"} or per_day > MOST_PER_DAY:
            raise unreadable("event_too_often", frequency=frequency)
        _check_happens(rule, parts, frequency)
        year = re.match(r"\d{4}", event.value("DTSTART"))
        if year and int(year[0]) < EARLIEST_REPEATING_YEAR:
            raise unreadable("event_broken", reason=f"DTSTART:{event.value('DTSTART')}")


def _check_happens(rule: str, parts: dict[str, str], frequency: str) -> None:
    """Refuse a rule that no day fits: the library would look for one until the year 9999."""
    places, days, months = (_numbers(parts.get(name, "")) for name in ("BYSETPOS", "BYMONTHDAY", "BYMONTH"))
    largest = LARGEST_SETS.get(frequency, 366)
    if places and min(abs(place) for place in places) > largest:
        raise unreadable("event_broken", reason=rule)
    if frequency != "YEARLY" and ("BYYEARDAY" in parts or "BYWEEKNO" in parts):
        raise unreadable("event_broken", reason=rule)  # RFC 5545 knows these by the year only
    longest = max((LONGEST_MONTHS.get(month, 31) for month in months), default=31)
    if days and min(abs(day) for day in days) > longest:
        raise unreadable("event_broken", reason=rule)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if re.fullmatch(r"[+-]?\d{1,4}", number)]
