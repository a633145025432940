"""iCalendar files as bookings: which moments of a space are taken. One bad event never stops a feed."""

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar
from icalendar.timezone import tzp

from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.time import Booking
from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.reading import Note, Problem, Reading, Refusal, refuse
from meervoud.files.sources.calendar_text import (
    CalendarText,
    EventText,
    check_repeats,
    read_calendar_lines,
    split_calendars,
)
from meervoud.files.tables.mapping import check_zone
from meervoud.files.values.words import fold

MOST_MOMENTS = 20_000
MOST_MOMENTS_IN_FILE = 400_000
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class CalendarEvent:
    """The moments of one event, or of all its repeats, in one place.

    Attributes:
        rows: which events of the file, counted from 1.
        place: what the event says of where it is: X-SPACE, else LOCATION, else the first of CATEGORIES.
        bookings: moments that take time in the period, UTC, sorted.
        happens: how often it happens in the period, also where that takes no time (cancelled, transparent).
    """

    rows: tuple[int, ...]
    uid: str
    title: str
    place: str
    bookings: tuple[Booking, ...]
    happens: int


@dataclass(frozen=True)
class _Period:
    """The days that are asked for, and the zone of times that name none."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def ends_at(self) -> datetime:
        return datetime.combine(self.last + A_DAY, time(), self.zone)


@dataclass(frozen=True)
class _Moment:
    place: str
    title: str
    starts_at: datetime
    ends_at: datetime
    takes_time: bool
    is_floating: bool


@dataclass
class _Outcome:
    taken: list[CalendarEvent] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def read_calendar(path: Path, zone: str, first: date, last: date) -> Reading[CalendarEvent]:
    """Read the events of a calendar that touch the days from first to last.

    Args:
        path: an iCalendar file.
        zone: of the space, for times that name no zone where the calendar names none either.
        first: first day.
        last: last day, included.

    Raises:
        InputError: the file is no calendar or too large; what is wrong with an event is in the reading.
    """
    default = check_zone(zone)
    lines, encoding = read_calendar_lines(path)
    calendars = split_calendars(path.name, lines)
    outcome = _Outcome()
    if encoding == "latin-1":
        outcome.notes.append(Note("encoding_guessed", {"encoding": encoding}))
    for calendar in calendars:
        period = _Period(first, last, _zone_of(calendar, default, outcome))
        for series in calendar.series():
            _take_series(path.name, calendar, series, period, outcome)
    notes = [*outcome.notes, *_count_notes(outcome.counts, zone)]
    read = sum(len(calendar.events) for calendar in calendars)
    refused = tuple(sorted(outcome.refused, key=lambda refusal: refusal.row))
    rows_taken = read - len({refusal.row for refusal in refused})
    return Reading(path.name, read, tuple(outcome.taken), rows_taken, refused, tuple(notes))


def _zone_of(calendar: CalendarText, default: ZoneInfo, outcome: _Outcome) -> ZoneInfo:
    if not calendar.zone_name:
        return default
    try:
        return check_zone(calendar.zone_name)
    except InputError:
        outcome.notes.append(Note("zone_unknown_in_file", {"zone": calendar.zone_name, "used": default.key}))
        calendar.drop_zone_name()
        return default


def _count_notes(counts: Counter[str], zone: str) -> list[Note]:
    values: dict[str, dict[str, str | float]] = {
        "zone_assumed": {"events": counts["zone_assumed"], "zone": zone},
        "events_not_booked": {"events": counts["events_not_booked"]},
        "event_outside": {"events": counts["event_outside"]},
    }
    return [Note(code, gaps) for code, gaps in values.items() if counts[code]]


def _take_series(
    file: str, calendar: CalendarText, series: Sequence[EventText], period: _Period, outcome: _Outcome
) -> None:
    try:
        moments = _moments(calendar, series, period)
        outcome.counts["moments"] += len(moments)
        if outcome.counts["moments"] > MOST_MOMENTS_IN_FILE:
            raise unreadable("event_too_many", most=MOST_MOMENTS_IN_FILE)
    except InputError as error:
        title = series[0].value("SUMMARY") or series[0].value("UID")
        for event in series:
            outcome.refused += refuse(file, event.row, [Problem("VEVENT", title, error)])
        return
    outcome.counts["event_outside"] += not moments
    outcome.counts["zone_assumed"] += any(moment.is_floating for moment in moments)
    outcome.counts["events_not_booked"] += bool(moments) and not all(moment.takes_time for moment in moments)
    outcome.taken += _by_place(series, moments)


def _by_place(series: Sequence[EventText], moments: Sequence[_Moment]) -> list[CalendarEvent]:
    places = list(dict.fromkeys(moment.place for moment in moments)) or [""]
    events = []
    for place in places:
        here = [moment for moment in moments if moment.place == place]
        bookings = {Booking(moment.starts_at, moment.ends_at) for moment in here if moment.takes_time}
        events.append(
            CalendarEvent(
                rows=tuple(event.row for event in series),
                uid=series[0].value("UID"),
                title=here[0].title if here else series[0].value("SUMMARY"),
                place=place,
                bookings=tuple(sorted(bookings, key=lambda booking: (booking.starts_at, booking.ends_at))),
                happens=len(here),
            )
        )
    return events


def _moments(calendar: CalendarText, series: Sequence[EventText], period: _Period) -> list[_Moment]:
    """Write out the moments of a series in the period.

    Raises:
        InputError: the events cannot be read, or happen too often.
    """
    for event in series:
        check_repeats(event)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the libraries, on values that they mend or leave out
            tzp.use_zoneinfo()  # forgets the zones of other files, which may have the same name for another clock
            parsed = Calendar.from_ical(calendar.with_events(series))
            _check_parsed(parsed)
            query = recurring_ical_events.of(parsed)
            found = query.between(period.first - A_DAY, period.last + 2 * A_DAY)
            moments = [_moment(occurrence, period.zone) for occurrence in found]
    except InputError:
        raise
    except Exception as error:  # a feed comes from anywhere: what breaks the library is refused aloud
        raise unreadable("event_broken", reason=f"{type(error).__name__}: {error}"[:200]) from error
    if len(moments) > MOST_MOMENTS:
        raise unreadable("event_too_many", most=MOST_MOMENTS)
    return [moment for moment in moments if _touches(moment, period)]


def _check_parsed(calendar: Any) -> None:  # icalendar's components hold values of any type
    """Refuse an event from which the library dropped a line that says when it is, or whose ends it would swap."""
    for event in calendar.walk("VEVENT"):
        if _is_reversed(event):
            raise unreadable("event_reversed")
        lost = [f"{name}: {reason}" for name, reason in event.errors if (name or "").upper() in TIMES or name is None]
        if lost:
            raise unreadable("event_broken", reason="; ".join(lost)[:200])


def _is_reversed(event: Any) -> bool:  # an icalendar component
    start, end = (getattr(event.get(name), "dt", None) for name in ("DTSTART", "DTEND"))
    if isinstance(start, datetime) and isinstance(end, datetime):
        # one with a zone and one without cannot be compared here: its moments are looked at later
        return (start.tzinfo is None) == (end.tzinfo is None) and end < start
    if isinstance(start, datetime) or isinstance(end, datetime):
        return False
    return isinstance(start, date) and isinstance(end, date) and end < start


TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "TRANSP"})


def _touches(moment: _Moment, period: _Period) -> bool:
    is_instant = moment.starts_at == moment.ends_at
    ends_after = moment.ends_at >= period.starts_at if is_instant else moment.ends_at > period.starts_at
    return ends_after and moment.starts_at < period.ends_at


def _moment(event: Any, zone: ZoneInfo) -> _Moment:  # an icalendar component
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    starts_at, ends_at = _aware(start, zone, is_end=False), _aware(end, zone, is_end=True)
    if ends_at < starts_at:
        raise unreadable("event_reversed")
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    transparent = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    return _Moment(
        place=_place(event),
        title=str(event.get("SUMMARY", "")),
        starts_at=starts_at,
        ends_at=ends_at,
        takes_time=not (cancelled or transparent),
        is_floating=isinstance(start, datetime) and start.tzinfo is None,
    )


def _aware(moment: date, zone: ZoneInfo, *, is_end: bool) -> datetime:
    """Return UTC; where the clock shows a time twice, a start is the first and an end the second of them."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone, fold=int(is_end))
    return moment.astimezone(UTC)


def _place(event: Any) -> str:  # an icalendar component
    categories = event.get("CATEGORIES")
    first = categories[0] if isinstance(categories, list) and categories else categories
    words = [str(category) for category in getattr(first, "cats", [])]
    return str(event.get("X-SPACE") or event.get("LOCATION") or (words[0] if words else "")).strip()


def assign_bookings(
    reading: Reading[CalendarEvent], spaces: Sequence[Space], *, space_id: str | None = None
) -> tuple[tuple[Space, ...], Reading[CalendarEvent]]:
    """Put the bookings of a calendar on the spaces that they name.

    Args:
        reading: of the calendar.
        spaces: all spaces that may be named, by id or by name.
        space_id: the space of the whole file; None goes by what each event says.

    Returns:
        The spaces with their bookings, and the reading with the events of unknown places refused.
    """
    places = _places_of(spaces)
    bookings: dict[str, list[Booking]] = {space.id: [] for space in spaces}
    if space_id is not None and space_id not in bookings:
        raise unreadable("location_unknown", value=space_id, nearest=places.nearest(space_id))
    refused = list(reading.refused)
    kept = []
    for event in reading.taken:
        try:
            bookings[space_id or _find_space(event, places)] += event.bookings
            kept.append(event)
        except InputError as error:
            for row in event.rows:
                refused += refuse(reading.file, row, [Problem("LOCATION", event.place or event.title, error)])
    rows_taken = reading.read - len({refusal.row for refusal in refused})
    booked = tuple(replace(space, bookings=_sorted([*space.bookings, *bookings[space.id]])) for space in spaces)
    rest = replace(reading, taken=tuple(kept), rows_taken=rows_taken, refused=tuple(sorted(refused, key=_row)))
    return booked, rest


def _row(refusal: Refusal) -> int:
    return refusal.row


def _sorted(bookings: Sequence[Booking]) -> tuple[Booking, ...]:
    return tuple(sorted(set(bookings), key=lambda booking: (booking.starts_at, booking.ends_at)))


@dataclass(frozen=True)
class _Places:
    """The ids that a folded text may mean, and how the text is written."""

    ids: Mapping[str, Sequence[str]]
    written: Mapping[str, str]

    def nearest(self, place: str) -> str:
        """Return the names and ids that look like a text."""
        return (
            ", ".join(self.written[text] for text in get_close_matches(fold(place), self.ids, n=3, cutoff=0.5)) or "-"
        )


def _places_of(spaces: Sequence[Space]) -> _Places:
    """Return what a text may mean; an id goes before a name."""
    ids: dict[str, list[str]] = {}
    for space in spaces:
        if space.name:
            ids.setdefault(fold(space.name), []).append(space.id)
    written = {fold(text): text for text in (*(space.name for space in spaces), *(space.id for space in spaces))}
    return _Places(ids | {fold(space.id): [space.id] for space in spaces}, written)


def _find_space(event: CalendarEvent, places: _Places) -> str:
    if not event.place:
        raise unreadable("location_missing")
    ids = places.ids.get(fold(event.place), [])
    if not ids:
        raise unreadable("location_unknown", value=event.place, nearest=places.nearest(event.place))
    if len(ids) > 1:
        raise unreadable("location_ambiguous", value=event.place)
    return ids[0]
