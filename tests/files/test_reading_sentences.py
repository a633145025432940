"""How a refusal reads: its value once, and the other row of an id that is there twice."""

from dataclasses import replace
from pathlib import Path

import pytest

from meervoud.files.wording.language import language
from meervoud.files.wording.reading_sentences import say_reading, say_refusal
from tests.files.makers import requests_of, spaces_of

ENGLISH, DUTCH = language("en"), language("nl")


@pytest.mark.parametrize(
    ("header", "value", "text"),
    [
        ("step_free", "limited", "table.csv, row 2, column step_free: limited is neither yes nor no. Write yes or no."),
        ("area_m2", "a", "table.csv, row 2, column area_m2: a is not a number. Write digits only."),
        (
            "first",
            "2026-02-01",
            "table.csv, row 2, column weekdays: weekdays is missing, and first needs it. Fill it in.",
        ),
    ],
)
def test_a_refusal_names_its_value_once(tmp_path: Path, header: str, value: str, text: str) -> None:
    refusals = requests_of(tmp_path, f"id,{header}\n1,{value}\n").refused
    assert say_refusal(ENGLISH, refusals[0]) == text
    assert say_refusal(DUTCH, refusals[0]).count(value) <= 1 or value == "a"


def test_a_value_that_the_sentence_does_not_name_stands_before_it(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, 'id,facilities,opening_hours,lend\n1,"toilet, pianno",,\n2,,24/7,always\n')
    said = [say_refusal(ENGLISH, refusal) for refusal in reading.refused]
    assert said[0].startswith("table.csv, row 2, column facilities: 'toilet, pianno' pianno is not known.")
    assert said[1].startswith("table.csv, row 3, column lend: 'always' The space can always be lent")


def test_rows_of_one_id_that_differ_each_name_the_other(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, "id,capacity\nS1,10\nS2,5\nS1,20\n")
    assert [(refusal.row, refusal.values["row"]) for refusal in reading.refused] == [(2, 4), (4, 2)]
    assert "The id S1 is also in row 4, and its rows say different things of capacity." in reading.refused[0].message
    seasons = spaces_of(tmp_path, "id,opening_hours\nS1,Mo 10:00-12:00\nS1,Tu 10:00-12:00\n")
    assert [(refusal.row, refusal.code, refusal.values["row"]) for refusal in seasons.refused] == [
        (2, "seasons_overlap", 3),
        (3, "seasons_overlap", 2),
    ]


def test_rows_that_were_left_out_are_counted(tmp_path: Path) -> None:
    reading = replace(spaces_of(tmp_path, "id\n1\n"), left_out=3)
    assert say_reading(ENGLISH, reading) == "table.csv: 1 row read = 1 taken + 0 refused; 3 rows left out"
