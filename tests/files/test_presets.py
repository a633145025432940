"""Files of known projects, made by hand with their faults."""

import json
from datetime import date
from pathlib import Path

import pytest

from meervoud.core.engine.types.requests import Dates, Weekly, Window
from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError
from meervoud.files.sources.presets import read_repair_cafes, read_school_holidays
from tests.files.makers import write_csv

CAFE = {
    "name": "Repair",
    "slug": "repair",
    "district": "Oost",
    "coordinate": [52.37, 4.9],
    "rrule": ["FREQ=WEEKLY;BYDAY=TU"],
    "startTime": ["13:00"],
    "endTime": ["15:00"],
    "closedRanges": ["08"],
    "exceptions": ["2020-01-01", "2026-08-04"],
    "closed": {"nl": "x", "en": "August"},
}


def write(folder: Path, *cafes: object) -> Path:
    path = folder / "cafes.json"
    path.write_text(json.dumps(cafes))
    return path


def test_cafe_is_a_request(tmp_path: Path) -> None:
    request = read_repair_cafes(write(tmp_path, CAFE), date(2026, 1, 5), 52, slack_minutes=30).taken[0]
    need = request.needs[0]
    assert isinstance(need, Weekly)
    assert (need.window, need.minutes, need.extra) == (Window(750, 930), 120, (date(2026, 8, 4),))
    assert (request.id, request.cause, request.neighbourhood) == ("repair", "repair", "Oost")


def test_each_rule_is_a_row(tmp_path: Path) -> None:
    two = {
        **CAFE,
        "rrule": ["FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=1SA"],
        "startTime": ["10:00", "9:00"],
        "endTime": ["11:00", "12:00"],
    }
    reading = read_repair_cafes(write(tmp_path, two), date(2026, 1, 5), 52)
    assert (reading.read, reading.rows_taken) == (2, 2)
    assert [type(need) for need in reading.taken[0].needs] == [Weekly, Dates]


def test_broken_cafes_are_refused_with_a_reason(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {
            **CAFE,
            "rrule": ["FREQ=WEEKLY;BYDAY=TU", "FREQ=YEARLY"],
            "startTime": ["10:00", "9:00"],
            "endTime": ["11:00", "12:00"],
        },
        {**CAFE, "startTime": []},
        {**CAFE, "coordinate": [4.9]},
        {**CAFE, "closedRanges": ["summer"]},
        {**CAFE, "exceptions": ["soon"]},
        "nothing",
        {},
        CAFE,
    )
    reading = read_repair_cafes(path, date(2026, 1, 5), 52)
    assert (reading.read, reading.rows_taken) == (9, 1)
    assert [(refusal.row, refusal.code) for refusal in reading.refused][:7] == [
        (1, "sibling_refused"),
        (2, "rrule_unsupported"),
        (3, "lists_uneven"),
        (4, "coordinate_unreadable"),
        (5, "period_unreadable"),
        (6, "date_unreadable"),
        (7, "feature_broken"),
    ]


def test_closed_in_words_alone_is_said(tmp_path: Path) -> None:
    reading = read_repair_cafes(write(tmp_path, {**CAFE, "closedRanges": []}), date(2026, 1, 5), 52)
    assert [note.code for note in reading.notes] == ["closed_text_unread"]
    assert "August" in reading.notes[0].message


def test_school_holidays(tmp_path: Path) -> None:
    path = write(tmp_path, {"name": "Autumn", "startDate": "2026-10-10", "endDate": "2026-10-18"})
    assert read_school_holidays(path)[0][0] == "Autumn"
    with pytest.raises(InputError):
        read_school_holidays(write(tmp_path, {"name": "Autumn"}))
    with pytest.raises(InputError):
        read_school_holidays(write(tmp_path, 3))


def test_school_holidays_of_a_table(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path, "Vakantie;Van;Tot en met\nHerfst;10-10-2026;2026-10-18\n;;\nKerst;2026-12-19;2027-01-03\n"
    )
    assert read_school_holidays(path) == (
        ("Herfst", DateRange(date(2026, 10, 10), date(2026, 10, 18))),
        ("Kerst", DateRange(date(2026, 12, 19), date(2027, 1, 3))),
    )


@pytest.mark.parametrize(
    "row", ["Autumn,,2026-10-18", ",2026-10-10,2026-10-18", "A,2026-10-18,2026-10-10", "A,soon,late"]
)
def test_a_row_that_is_no_school_holiday_is_named(tmp_path: Path, row: str) -> None:
    path = write_csv(tmp_path, f"name,first,last\nSpring,2026-05-01,2026-05-03\n{row}\n", name="holidays.csv")
    with pytest.raises(InputError, match=r"Row 3 of holidays\.csv is no school holiday"):
        read_school_holidays(path)


@pytest.mark.parametrize("content", ["{", "{}", "3"])
def test_files_that_are_no_list(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(InputError):
        read_repair_cafes(path, date(2026, 1, 5), 52)
