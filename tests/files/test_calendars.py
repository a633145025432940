"""Calendars as bookings: one bad event never stops a feed."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from meervoud.core.engine.types.spaces import Space
from meervoud.core.errors import InputError
from meervoud.files.reading import Reading
from meervoud.files.sources import calendar_text, calendars
from meervoud.files.sources.calendars import CalendarEvent, assign_bookings, read_calendar

ZONE = "Europe/Amsterdam"


def event(*lines: str, uid: str = "a") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"])


def read(
    folder: Path, *events: str, head: str = "VERSION:2.0", first: date = date(2026, 1, 1)
) -> Reading[CalendarEvent]:
    path = folder / "calendar.ics"
    text = "\r\n".join(["BEGIN:VCALENDAR", head, "PRODID:test", *events, "END:VCALENDAR", ""])
    path.write_bytes(text.encode())
    return read_calendar(path, ZONE, first, date(2026, 12, 31))


def starts(reading: Reading[CalendarEvent]) -> list[datetime]:
    return [booking.starts_at for taken in reading.taken for booking in taken.bookings]


def utc(*parts: int) -> datetime:
    year, month, day, *rest = parts
    hour, minute = (*rest, 0, 0)[:2]
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


WEEKLY = (
    "DTSTART;TZID=Europe/Amsterdam:20260324T190000",
    "DTEND;TZID=Europe/Amsterdam:20260324T210000",
    "RRULE:FREQ=WEEKLY;COUNT=3",
)


def test_weekly_event_keeps_its_local_time_over_the_clock_change(tmp_path: Path) -> None:
    assert starts(read(tmp_path, event(*WEEKLY))) == [utc(2026, 3, 24, 18), utc(2026, 3, 31, 17), utc(2026, 4, 7, 17)]


def test_exceptions_extra_dates_and_moved_moments(tmp_path: Path) -> None:
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Amsterdam:20260407T190000",
        "DTSTART;TZID=Europe/Amsterdam:20260408T200000",
        "DTEND;TZID=Europe/Amsterdam:20260408T210000",
        "LOCATION:Other",
    )
    master = event(
        *WEEKLY, "EXDATE;TZID=Europe/Amsterdam:20260331T190000", "RDATE;TZID=Europe/Amsterdam:20260502T190000"
    )
    reading = read(tmp_path, master, moved)
    assert (reading.read, reading.rows_taken) == (2, 2)
    assert sorted(starts(reading)) == [utc(2026, 3, 24, 18), utc(2026, 4, 8, 18), utc(2026, 5, 2, 17)]
    assert {taken.place: len(taken.bookings) for taken in reading.taken} == {"": 2, "Other": 1}


def test_all_day_event_takes_the_local_day(tmp_path: Path) -> None:
    booking = read(tmp_path, event("DTSTART;VALUE=DATE:20260329")).taken[0].bookings[0]
    assert (booking.starts_at, booking.ends_at) == (utc(2026, 3, 28, 23), utc(2026, 3, 29, 22))


def test_floating_time_is_in_the_zone_of_the_space_and_said(tmp_path: Path) -> None:
    reading = read(tmp_path, event("DTSTART:20260701T100000", "DTEND:20260701T110000"))
    assert starts(reading) == [utc(2026, 7, 1, 8)]
    assert [note.code for note in reading.notes] == ["zone_assumed"]


def test_zone_of_the_calendar_counts_for_floating_times(tmp_path: Path) -> None:
    moment = event("DTSTART:20260701T100000", "DTEND:20260701T110000")
    assert starts(read(tmp_path, moment, head="X-WR-TIMEZONE:Europe/Helsinki")) == [utc(2026, 7, 1, 7)]
    unknown = read(tmp_path, moment, head="X-WR-TIMEZONE:Mars/Base")
    assert starts(unknown) == [utc(2026, 7, 1, 8)]
    assert "zone_unknown_in_file" in {note.code for note in unknown.notes}


def test_hour_that_comes_twice_is_taken_whole(tmp_path: Path) -> None:
    booking = read(tmp_path, event("DTSTART:20261025T020000", "DTEND:20261025T023000")).taken[0].bookings[0]
    assert (booking.starts_at, booking.ends_at) == (utc(2026, 10, 25, 0), utc(2026, 10, 25, 1, 30))


def test_cancelled_and_transparent_events_take_no_time(tmp_path: Path) -> None:
    moment = ("DTSTART:20260701T100000Z", "DTEND:20260701T110000Z")
    reading = read(tmp_path, event(*moment, "STATUS:CANCELLED"), event(*moment, "TRANSP:TRANSPARENT", uid="b"))
    assert (reading.read, reading.rows_taken, starts(reading)) == (2, 2, [])
    assert [(note.code, note.values["events"]) for note in reading.notes] == [("events_not_booked", 2)]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("DTSTART:20260101T100000Z", "RRULE:FREQ=SECONDLY"), "event_too_often"),
        (("DTSTART:20260101T100000Z", "RRULE:FREQ=HOURLY"), "event_too_often"),
        (
            ("DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7;BYMINUTE=0,5,10,15,20,25,30"),
            "event_too_often",
        ),
        (("DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "event_broken"),
        (("DTSTART:20260101T100000Z", "RRULE:FREQ=WEEKLY;BYSETPOS=9;BYDAY=MO"), "event_broken"),
        (("DTSTART:20260101T100000Z", "RRULE:FREQ=DAILY;BYYEARDAY=366;BYMONTH=1"), "event_broken"),
        (("DTSTART:00010101T100000Z", "RRULE:FREQ=DAILY"), "event_broken"),
        (("DTSTART:20260101T100000Z", "RRULE:FREQ=WEEKLY;UNTL=20270101"), "event_broken"),
        (("DTSTART:nonsense", "DTEND:20260701T110000Z"), "event_broken"),
        (("DTSTART:20260101T100000Z", "DTEND:nonsense"), "event_broken"),
        (("DTSTART:20260101T100000Z", "EXDATE:nonsense", "RRULE:FREQ=DAILY;COUNT=3"), "event_broken"),
        (("SUMMARY:no start",), "event_broken"),
        (("DTSTART;TZID=Nowhere/Else:20260101T100000", "broken line"), "event_broken"),
    ],
)
def test_one_bad_event_is_refused_and_the_others_go_on(tmp_path: Path, lines: tuple[str, ...], code: str) -> None:
    good = event("DTSTART:20260701T100000Z", "DTEND:20260701T110000Z", uid="good")
    reading = read(tmp_path, event(*lines), good)
    assert (reading.read, reading.rows_taken, reading.rows_refused) == (2, 1, 1)
    assert [(refusal.row, refusal.code) for refusal in reading.refused] == [(1, code)]
    assert starts(reading) == [utc(2026, 7, 1, 10)]


def test_event_that_the_file_does_not_end(tmp_path: Path) -> None:
    good = event("DTSTART:20260701T100000Z", "DTEND:20260701T110000Z", uid="good")
    reading = read(tmp_path, "BEGIN:VEVENT\r\nUID:open\r\nDTSTART:20260101T100000Z", good)
    assert [(refusal.row, refusal.code) for refusal in reading.refused] == [(1, "event_broken")]
    assert len(starts(reading)) == 1


def test_zone_of_one_file_is_not_used_for_another(tmp_path: Path) -> None:
    def with_offset(offset: str) -> datetime:
        lines = [
            "BEGIN:VTIMEZONE",
            "TZID:Custom",
            "BEGIN:STANDARD",
            "DTSTART:19700101T000000",
            f"TZOFFSETFROM:{offset}",
        ]
        zone = "\r\n".join([*lines, f"TZOFFSETTO:{offset}", "END:STANDARD", "END:VTIMEZONE"])
        return starts(read(tmp_path, zone, event("DTSTART;TZID=Custom:20260701T100000", "DURATION:PT1H")))[0]

    assert with_offset("+0300") == utc(2026, 7, 1, 7)
    assert with_offset("+0500") == utc(2026, 7, 1, 5)


def test_events_outside_the_period_are_counted(tmp_path: Path) -> None:
    reading = read(tmp_path, event("DTSTART:20200701T100000Z", "DTEND:20200701T110000Z"))
    assert (reading.rows_taken, starts(reading)) == (1, [])
    assert [note.code for note in reading.notes] == ["event_outside"]


def test_too_many_moments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "MOST_MOMENTS", 100)
    reading = read(tmp_path, event("DTSTART:20260101T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"))
    assert [refusal.code for refusal in reading.refused] == ["event_too_many"]


def test_too_many_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [event("DTSTART:20260101T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", uid=uid) for uid in "ab"]
    monkeypatch.setattr(calendars, "MOST_MOMENTS_IN_FILE", 400)
    assert [(refusal.row, refusal.code) for refusal in read(tmp_path, *moments).refused] == [(2, "event_too_many")]
    monkeypatch.setattr(calendar_text, "MOST_EVENTS", 1)
    with pytest.raises(InputError, match="shorter period"):
        read(tmp_path, *moments)


def test_files_that_are_no_calendar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.ics"
    with pytest.raises(InputError, match="cannot be opened"):
        read_calendar(path, ZONE, date(2026, 1, 1), date(2026, 2, 1))
    path.write_text("hello")
    with pytest.raises(InputError, match="not a readable calendar"):
        read_calendar(path, ZONE, date(2026, 1, 1), date(2026, 2, 1))
    monkeypatch.setattr(calendar_text, "MOST_MEGABYTES", 0)
    with pytest.raises(InputError, match="larger"):
        read_calendar(path, ZONE, date(2026, 1, 1), date(2026, 2, 1))


def test_bytes_that_are_not_utf8_are_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "x.ics"
    lines = ["BEGIN:VCALENDAR", event("SUMMARY:Café", "DTSTART:20260701T100000Z", "DURATION:PT1H"), "END:VCALENDAR"]
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    reading = read_calendar(path, ZONE, date(2026, 1, 1), date(2026, 12, 31))
    assert reading.taken[0].title == "Café"
    assert [note.code for note in reading.notes] == ["encoding_guessed"]


SPACES = (Space(id="z1", name="Great Hall"), Space(id="z2", name="Room"), Space(id="z3", name="Room"))


def _at(place: str, uid: str) -> str:
    return event("DTSTART:20260701T100000Z", "DURATION:PT1H", place, uid=uid)


def test_bookings_go_to_the_space_that_the_event_names(tmp_path: Path) -> None:
    places = ["LOCATION:great-hall", "X-SPACE:Z2", "CATEGORIES:z3", "LOCATION:Great Hal", "LOCATION:Room", "COMMENT:x"]
    reading = read(tmp_path, *(_at(place, str(number)) for number, place in enumerate(places)))
    spaces, rest = assign_bookings(reading, SPACES)
    assert [len(space.bookings) for space in spaces] == [1, 1, 1]
    assert [(refusal.row, refusal.code) for refusal in rest.refused] == [
        (4, "location_unknown"),
        (5, "location_ambiguous"),
        (6, "location_missing"),
    ]
    assert "Nearest: Great Hall." in rest.refused[0].message
    assert (rest.read, rest.rows_taken) == (6, 3)


def test_one_file_may_be_of_one_space(tmp_path: Path) -> None:
    spaces, rest = assign_bookings(read(tmp_path, _at("LOCATION:upstairs", "a")), SPACES, space_id="z2")
    assert [len(space.bookings) for space in spaces] == [0, 1, 0]
    assert rest.refused == ()
    with pytest.raises(InputError, match="is no space"):
        assign_bookings(rest, SPACES, space_id="z9")
    with pytest.raises(InputError, match=r"Nearest: Z-One\."):
        assign_bookings(rest, (Space(id="Z-One"),), space_id="z-on")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("DTSTART:20260324T190000", "DTEND:20260324T180000"),
        ("DTSTART:20260324T190000Z", "DTEND:20260324T180000Z"),
        ("DTSTART;VALUE=DATE:20260325", "DTEND;VALUE=DATE:20260324"),
    ],
)
def test_an_event_that_ends_before_it_starts_is_refused_not_turned_round(tmp_path: Path, start: str, end: str) -> None:
    reading = read(tmp_path, event(start, end), event(*WEEKLY, uid="b"))
    assert [refusal.code for refusal in reading.refused] == ["event_reversed"]
    assert len(starts(reading)) == 3
