"""What a row says of time is used or refused, never dropped in silence."""

from datetime import date
from pathlib import Path

import pytest

from meervoud.core.engine.types.requests import Continuous, Weekly
from meervoud.core.engine.types.time import DateRange
from meervoud.files.sources.needs import COLUMNS_OF, NEED_COLUMNS
from meervoud.files.sources.requests import read_requests
from meervoud.files.sources.spaces import read_spaces
from meervoud.files.tables.mapping import ColumnMapping, Options
from meervoud.files.values.closed_days import Calendar, period_of
from tests.files.makers import codes, requests_of, write_csv

YEAR = Calendar(period_of(date(2026, 1, 5), 52))
VALUES = {
    "window": "10:00-12:00",
    "start_time": "10:00",
    "end_time": "12:00",
    "first": "2026-02-02",
    "dates": "2026-03-03",
    "extra": "2026-03-05",
    "closed": "2026-08-01",
    "weekdays": "tu",
    "rrule": "FREQ=WEEKLY;BYDAY=TU",
    "coverage": "90%",
    "same_start": "yes",
    "minutes": "60",
    "min_block": "60",
    "per_week": "1",
    "hours_per_week": "4",
    "days": "4",
    "weeks": "4",
}
NEEDED = {"rrule": ("window",), "dates": ("window",), "hours_per_week": (), "days": (), "weekdays": ("window",)}
PARTNER = {"start_time": "end_time", "end_time": "start_time"}


@pytest.mark.parametrize("kind", COLUMNS_OF)
@pytest.mark.parametrize("name", NEED_COLUMNS)
def test_a_rule_uses_each_column_of_its_kind_and_refuses_every_other(tmp_path: Path, kind: str, name: str) -> None:
    filled = list(dict.fromkeys((kind, *NEEDED[kind], name, PARTNER.get(name, kind))))
    text = f"id,{','.join(filled)}\n1,{','.join(VALUES[each] for each in filled)}\n"
    found = [code for _, _, code in codes(requests_of(tmp_path, text, YEAR))]
    # "hours_per_week" beside "weekdays" is a rule of hours, on those days
    one_rule = name in COLUMNS_OF[kind] or set(filled) <= set(COLUMNS_OF.get(name, ()))
    assert found == ([] if one_rule else ["needs_mixed"])


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("weekdays,window,minutes,weeks,days\n1,Tu,18:00-20:00,60,4,30\n", "weekdays, window, minutes, weeks"),
        ("first,Aantal dagen,gesloten,extra\n1,2026-01-05,30,08,2026-02-01\n", "gesloten, extra"),
        ("hours_per_week,extra\n1,8,2026-02-01\n", "extra"),
        ("dates,window,weekdays\n1,2026-02-01,10:00-12:00,Tu\n", "weekdays"),
    ],
)
def test_a_refused_mix_names_the_columns_as_the_file_does(tmp_path: Path, text: str, columns: str) -> None:
    refusals = requests_of(tmp_path, f"id,{text}", YEAR).refused
    assert [refusal.code for refusal in refusals] == ["needs_mixed"]
    assert f"does not use {columns};" in refusals[0].message


@pytest.mark.parametrize("text", ["end\n1,12:00\n", "coverage\n1,50%\n", "weeks\n1,4\n", "closed\n1,08\n"])
def test_a_row_that_says_no_days_is_asked_for_them(tmp_path: Path, text: str) -> None:
    assert (2, "weekdays", "value_missing") in codes(requests_of(tmp_path, f"id,{text}", YEAR))


def test_a_default_of_the_mapping_mixes_with_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "id,days,first,weekdays,window\n1,30,2026-02-01,,\n2,,,tu,10:00-12:00\n")
    mapping = ColumnMapping(defaults={"weeks": "4", "hours_per_week": "8"})
    reading = read_requests(path, mapping, calendar=YEAR)
    assert [type(request.needs[0]) for request in reading.taken] == [Continuous, Weekly]


def test_a_window_and_times_that_differ_are_refused(tmp_path: Path) -> None:
    text = "id,weekdays,window,start,end\n1,tu,10:00-12:00,10:00,12:00\n2,tu,10:00-12:00,10:00,13:00\n"
    reading = requests_of(tmp_path, text, YEAR)
    assert [request.id for request in reading.taken] == ["1"]
    assert codes(reading) == [(3, "window", "window_twice")]


@pytest.mark.parametrize("words", ["School holidays", "schoolvakantie", "schoolvakanties", "skoleferie", "autumn"])
def test_closed_cells_of_requests_and_spaces_may_name_school_holidays(tmp_path: Path, words: str) -> None:
    autumn = DateRange(date(2026, 10, 10), date(2026, 10, 18))
    calendar = Calendar(period_of(date(2026, 9, 7), 12), (("Autumn", autumn),))
    text = f"id,weekdays,window,closed\n1,sa,10:00-12:00,{words}\n"
    need = requests_of(tmp_path, text, calendar).taken[0].needs[0]
    assert isinstance(need, Weekly)
    assert need.closed == (autumn,)
    spaces = read_spaces(write_csv(tmp_path, f"id,closed\n1,{words}\n"), calendar=calendar)
    assert [closure.days for closure in spaces.taken[0].closures] == [autumn]


def test_closed_days_of_a_space_are_read_in_the_order_that_the_mapping_says(tmp_path: Path) -> None:
    mapping = ColumnMapping(options=Options(dayfirst=False))
    space = read_spaces(write_csv(tmp_path, "id,closed\n1,03-04-2026\n"), mapping).taken[0]
    assert [closure.days.first for closure in space.closures] == [date(2026, 3, 4)]
