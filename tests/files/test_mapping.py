"""Which column is which field."""

from pathlib import Path

import pytest

from meervoud.core.errors import InputError
from meervoud.files.reading import Note
from meervoud.files.sources.spaces import read_spaces
from meervoud.files.tables.mapping import ColumnMapping, read_mapping
from tests.files.makers import requests_of, spaces_of, write_xlsx


def test_mapping_file_and_flags(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(
        '[columns]\ncapacity = "Number of patrons"\nid = "Property + Trading name"\n[defaults]\nkind = "cafe"\n'
        '[only]\n"Census year" = 2023\n[options]\ndecimal = ","\ndayfirst = true\nzone = "Europe/Amsterdam"\ncurrency = "EUR"\n'
    )
    mapping = read_mapping(path, ["name=trading NAME"])
    text = "Census year,Property,Trading name,Number of patrons\n2022,1,Old,10\n2023,1,New,1.200\n2023,1,Other,50\n"
    reading = spaces_of(tmp_path, text, mapping)
    assert (reading.read, reading.left_out) == (2, 1)
    assert [(space.id, space.name, space.capacity) for space in reading.taken] == [
        ("1 / New", "New", 1200),
        ("1 / Other", "Other", 50),
    ]
    assert reading.taken[0].kind == "cafe_restaurant"


def test_names_are_known_whatever_case_accents_and_hyphens(tmp_path: Path) -> None:
    text = "ID;Naam;Lengtegraad;BREEDTEGRAAD;Drempelvrij;Step-Free Access note\n1;a;4,89;52,37;ja;x\n"
    space = spaces_of(tmp_path, text).taken[0]
    assert space.position is not None
    assert space.step_free == "yes"
    assert space.notes == (("Step-Free Access note", "x"),)


def test_missing_column_names_the_columns_there_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There are: id, name") as caught:
        spaces_of(tmp_path, "id,name\n1,a\n", ColumnMapping(columns={"capacity": "Patrons"}))
    assert caught.value.code == "column_missing"


def test_field_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        spaces_of(tmp_path, "id,name\n1,a\n", ColumnMapping(columns={"size": "name"}))


def test_two_columns_for_one_field_are_asked_about(tmp_path: Path) -> None:
    text = "id,seats,people\n1,10,12\n"
    with pytest.raises(InputError, match="Say which one"):
        spaces_of(tmp_path, text)
    mapping = read_mapping(flags=["capacity=seats"])
    assert spaces_of(tmp_path, text, mapping).taken[0].capacity == 10


def test_file_without_any_known_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="None of the columns is known"):
        spaces_of(tmp_path, "foo,bar\n1,2\n")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[colums]\n", "mapping_part_unknown"),
        ("columns = 3\n", "mapping_broken"),
        ("[columns\n", "mapping_broken"),
        ("[columns]\nid = [1]\n", "mapping_value"),
        ('[options]\ndecimal = ";"\n', "mapping_value"),
        ('[options]\ndayfirst = "yes"\n', "mapping_value"),
        ('[options]\ncurrency = "kr"\n', "mapping_value"),
        ("[options]\nsheet = 2\n", "mapping_value"),
        ('[options]\nzone = "Mars/Base"\n', "time_zone_unknown"),
        ("[options]\nspeed = 3\n", "mapping_part_unknown"),
    ],
)
def test_mapping_that_means_nothing(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(content)
    with pytest.raises(InputError) as caught:
        read_mapping(path)
    assert caught.value.code == code


def test_flag_that_is_none() -> None:
    with pytest.raises(InputError, match="capacity=Number of patrons"):
        read_mapping(flags=["capacity"])


def said(notes: tuple[Note, ...]) -> list[str]:
    return [note.message for note in notes]


def test_a_column_that_looks_like_a_known_one_is_mentioned(tmp_path: Path) -> None:
    text = "id,season,capcity,kleur,capacity note,Vloer\n1,x,10,blue,y,oak\n"
    assert said(spaces_of(tmp_path, text).notes) == [
        "The column season is not known; its values are kept as notes. Nearest: season_first, season_last.",
        "The column capcity is not known; its values are kept as notes. Nearest: capacity.",
        "The column capacity note is not known; its values are kept as notes. Nearest: capacity.",
        "Kept as notes: kleur, Vloer.",
    ]
    assert said(requests_of(tmp_path, "id,weekdys\n1,tu\n").notes) == [
        "The column weekdys is not known; its values are kept as notes. Nearest: weekdays, weeks."
    ]


def test_no_column_is_said_to_look_like_a_field_that_is_there(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, "id,price,price note,date\n1,10 EUR,x,y\n")
    assert said(reading.notes) == ["Kept as notes: price note, date."]


def test_a_column_is_mentioned_once_and_one_that_chooses_rows_never(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, [["id", "colour", "colour", None, "season"], ["1", "red", "blue", "x", "2023"]])
    notes = read_spaces(path, ColumnMapping(only={"Season": "2023"})).notes
    assert [note.code for note in notes] == ["column_without_header", "column_twice"]
    assert [note.code for note in spaces_of(tmp_path, "id,name\n1,a\n").notes] == []
