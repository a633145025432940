"""Rows as requests: who needs what, and when."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Weekly, Window
from meervoud.core.engine.types.spaces import Price
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError
from meervoud.files.values.closed_days import Calendar, closed_days, period_of
from meervoud.files.values.recurrence import parse_recurrence, write_out
from tests.files.makers import codes, requests_of

YEAR = Calendar(period_of(date(2026, 1, 5), 52))


def test_weekly_row(tmp_path: Path) -> None:
    text = (
        "id;naam;max distance;people;facilities;wishes;step_free;budget;weekdays;window;minutes;first;weeks;coverage;closed;extra\n"
        "k;Koor;2 km;20-30;keuken;piano;ja;EUR 10;di,do;19:00-22:30;2 h;2026-01-05;40;90%;07:08;2026-07-07\n"
    )
    request = requests_of(tmp_path, text).taken[0]
    assert (request.max_metres, request.group_min, request.group_max) == (2000, 20, 30)
    assert (request.facilities, request.wishes, request.step_free) == (
        frozenset({"kitchen"}),
        frozenset({"piano"}),
        True,
    )
    assert request.budget == Price(1000)
    assert request.needs == (
        Weekly(
            weekdays=frozenset({1, 3}),
            window=Window(1140, 1350),
            minutes=120,
            first=date(2026, 1, 5),
            weeks=40,
            closed=(DateRange(date(2026, 7, 1), date(2026, 8, 31)),),
            extra=(date(2026, 7, 7),),
        ),
    )


def test_period_fills_first_day_and_weeks(tmp_path: Path) -> None:
    text = "id,weekdays,window\n1,tirsdag,19:00-21:00\n"
    need = requests_of(tmp_path, text, YEAR).taken[0].needs[0]
    assert isinstance(need, Weekly)
    assert (need.first, need.weeks, need.minutes) == (date(2026, 1, 5), 52, 120)
    assert codes(requests_of(tmp_path, text)) == [(2, "first", "value_missing"), (2, "weeks", "value_missing")]


def test_dates_row(tmp_path: Path) -> None:
    text = 'id,dates,start,end\n1,"2026-03-07, 2026-02-07",10:00,12:00\n'
    assert requests_of(tmp_path, text).taken[0].needs == (
        Dates((date(2026, 2, 7), date(2026, 3, 7)), Window(600, 720), 120),
    )


def test_hours_and_continuous_rows(tmp_path: Path) -> None:
    text = "id,hours_per_week,min_block,days,first,weeks\n1,8,2 h,,2026-01-05,10\n2,,,90,2026-02-01,\n"
    hours, continuous = (request.needs[0] for request in requests_of(tmp_path, text).taken)
    assert hours == Hours(480, frozenset(range(7)), Window(0, 1440), 120, date(2026, 1, 5), 10)
    assert continuous == Continuous(date(2026, 2, 1), 90)


def test_rows_with_one_id_are_rules_of_one_request(tmp_path: Path) -> None:
    text = "id,name,weekdays,window\n1,Cafe,tu,10:30-12:00\n1,Cafe,sa,14:00-16:00\n"
    reading = requests_of(tmp_path, text, YEAR)
    assert (reading.read, reading.rows_taken, len(reading.taken)) == (2, 2, 1)
    assert len(reading.taken[0].needs) == 2


def test_one_broken_rule_refuses_the_request(tmp_path: Path) -> None:
    text = "id,name,weekdays,window\n1,Cafe,tu,10:30-12:00\n1,Cafe,sa,soon\n2,Cafe,sa,14:00-16:00\n"
    reading = requests_of(tmp_path, text, YEAR)
    assert codes(reading) == [(2, "id", "sibling_refused"), (3, "window", "window_unreadable")]
    assert [request.id for request in reading.taken] == ["2"]


def test_rules_do_not_mix_in_one_row(tmp_path: Path) -> None:
    text = "id,dates,days,first\n1,2026-02-01,30,2026-02-01\n"
    assert codes(requests_of(tmp_path, text)) == [(2, "days", "needs_mixed")]


def test_rule_that_no_week_can_hold(tmp_path: Path) -> None:
    text = "id,weekdays,window,minutes\n1,tu,10:00-12:00,180\n"
    assert codes(requests_of(tmp_path, text, YEAR)) == [(2, "weekdays", "longer_than_window")]


def test_request_without_time_is_taken(tmp_path: Path) -> None:
    assert requests_of(tmp_path, "id,people\n1,20\n").taken[0].needs == ()


def test_plain_weekly_recurrence_stays_weekly(tmp_path: Path) -> None:
    text = "id|rrule|start|end\n1|FREQ=WEEKLY;BYDAY=TU|17:00|19:00\n"
    need = requests_of(tmp_path, text, YEAR).taken[0].needs[0]
    assert isinstance(need, Weekly)
    assert (need.weekdays, need.per_week, need.minutes) == (frozenset({1}), 1, 120)


def test_monthly_recurrence_is_written_out(tmp_path: Path) -> None:
    text = "id|rrule|window|closed|extra\n1|FREQ=MONTHLY;BYDAY=1WE,2WE,3WE,-1SA|14:00-16:30|03:12|2026-05-01\n"
    need = requests_of(tmp_path, text, YEAR).taken[0].needs[0]
    assert isinstance(need, Dates)
    january = [(2026, 1, 7), (2026, 1, 14), (2026, 1, 21), (2026, 1, 31)]
    february = [(2026, 2, 4), (2026, 2, 11), (2026, 2, 18), (2026, 2, 28)]
    assert need.dates == tuple(date(*day) for day in [*january, *february, (2026, 5, 1)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("FREQ=MONTHLY;BYSETPOS=2;BYDAY=SA", "FREQ=MONTHLY;BYDAY=2SA"),
        ("FREQ=MONTHLY;BYSETPOS=-1;BYDAY=FR", "FREQ=MONTHLY;BYDAY=-1FR"),
    ],
)
def test_set_positions_and_ordinals_are_the_same(one: str, other: str) -> None:
    period = period_of(date(2026, 1, 5), 52)
    assert write_out(parse_recurrence(one), period, None) == write_out(parse_recurrence(other), period, None)


def test_intervals_and_counts_begin_at_the_first_day() -> None:
    period = period_of(date(2026, 1, 5), 6)
    found = write_out(parse_recurrence("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"), period, date(2026, 1, 6))
    assert found == [date(2026, 1, 6), date(2026, 1, 20), date(2026, 2, 3)]
    counted = write_out(parse_recurrence("FREQ=DAILY;COUNT=3"), period, date(2026, 1, 6))
    assert counted == [date(2026, 1, 6), date(2026, 1, 7), date(2026, 1, 8)]
    until = write_out(parse_recurrence("FREQ=WEEKLY;BYDAY=TU;UNTIL=20260120T120000Z"), period, None)
    assert until == [date(2026, 1, 6), date(2026, 1, 13), date(2026, 1, 20)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FREQ=YEARLY", "rrule_unsupported"),
        ("FREQ=SECONDLY", "rrule_unsupported"),
        ("BYDAY=TU", "rrule_unsupported"),
        ("FREQ=WEEKLY;BYHOUR=3", "rrule_unsupported"),
        ("FREQ=WEEKLY;BYDAY=2TU", "rrule_unreadable"),
        ("FREQ=WEEKLY;BYDAY=XX", "rrule_unreadable"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "rrule_unreadable"),
        ("FREQ=DAILY;BYSETPOS=5", "rrule_unreadable"),
        ("FREQ=WEEKLY;BYSETPOS=9;BYDAY=MO", "rrule_unreadable"),
        ("FREQ=WEEKLY;INTERVAL=0", "rrule_unreadable"),
        ("FREQ=WEEKLY;UNTL=20191023", "rrule_unsupported"),
        ("every week", "rrule_unreadable"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "rrule_without_start"),
        ("FREQ=MONTHLY", "rrule_without_start"),
    ],
)
def test_recurrences_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        write_out(parse_recurrence(text), period_of(date(2026, 1, 5), 52), None)
    assert caught.value.code == code


def _closed(text: str, *holidays: tuple[str, DateRange]) -> list[tuple[str, str]]:
    calendar = Calendar(DateRange(date(2025, 9, 1), date(2026, 12, 31)), holidays)
    return [(str(days.first), str(days.last)) for days in closed_days(text, calendar)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("08", [("2026-08-01", "2026-08-31")]),
        ("07:08", [("2026-07-01", "2026-08-31")]),
        ("12-24:12-31", [("2025-12-24", "2025-12-31"), ("2026-12-24", "2026-12-31")]),
        ("12:01", [("2025-12-01", "2026-01-31"), ("2026-12-01", "2027-01-31")]),
        ("12-31", [("2025-12-31", "2025-12-31"), ("2026-12-31", "2026-12-31")]),
        ("2024-09", []),
        ("2026-02", [("2026-02-01", "2026-02-28")]),
        ("2026-02:2026-03", [("2026-02-01", "2026-03-31")]),
        ("2026-07-13:2026-07-27", [("2026-07-13", "2026-07-27")]),
        ("13-07-2026 t/m 27-07-2026", [("2026-07-13", "2026-07-27")]),
        ("2026-05-05; 2026-04-27", [("2026-04-27", "2026-04-27"), ("2026-05-05", "2026-05-05")]),
        ("02-29", []),
    ],
)
def test_closed_days_in_all_notations(text: str, expected: list[tuple[str, str]]) -> None:
    assert _closed(text) == expected


def test_school_holidays_by_name() -> None:
    autumn = ("Herfstvakantie", DateRange(date(2026, 10, 10), date(2026, 10, 18)))
    assert _closed("schoolvakanties", autumn) == [("2026-10-10", "2026-10-18")]
    assert _closed("herfstvakantie", autumn) == [("2026-10-10", "2026-10-18")]
    with pytest.raises(InputError, match="none were given"):
        _closed("school holidays")


@pytest.mark.parametrize("text", ["13", "02-30", "2026-13", "summer", "2026-07-27:2026-07-13", "8"])
def test_closed_days_that_are_none(text: str) -> None:
    with pytest.raises(InputError):
        _closed(text)


@given(st.text(alphabet="0123456789-:; .tmu/", max_size=24))
def test_any_text_is_closed_days_or_is_refused(text: str) -> None:
    calendar = Calendar(DateRange(date(2025, 9, 1), date(2026, 12, 31)))
    try:
        found = closed_days(text, calendar)
    except InputError:
        return
    assert all(days.first <= days.last for days in found)
