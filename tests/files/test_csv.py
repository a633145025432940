"""CSV files as they come: every row ends up taken or refused with a reason."""

import tracemalloc
from pathlib import Path

import pytest

from meervoud.core.errors import InputError
from meervoud.files.tables.tables import open_table
from tests.files.makers import codes, spaces_of, write_csv


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_encoding_and_delimiter_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "id,name,capacity\r\n1,Café Zürich,12\r\n2,Ærø,30\r\n".replace(",", delimiter)
    with open_table(write_csv(tmp_path, text, encoding=encoding)) as table:
        rows = list(table.rows)
    assert table.columns == ("id", "name", "capacity")
    assert [row.cells["name"] for row in rows] == ["Café Zürich", "Ærø"]
    assert [row.number for row in rows] == [2, 3]
    assert table.notes == []


def test_cp1252_is_read_and_said(tmp_path: Path) -> None:
    with open_table(write_csv(tmp_path, "id;name\n1;Café €\n", encoding="cp1252")) as table:
        assert next(table.rows).cells["name"] == "Café €"
    assert [note.code for note in table.notes] == ["encoding_guessed"]


def test_headers_and_values_are_trimmed(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, '"  id ";" capacity "\n"   1";"   12  "\n')
    assert reading.taken[0].id == "1"
    assert reading.taken[0].capacity == 12


def test_decimal_comma_with_semicolons(tmp_path: Path) -> None:
    assert spaces_of(tmp_path, "id;area_m2\n1;80,5\n").taken[0].area_m2 == 80.5


def test_hint_of_excel_names_the_delimiter(tmp_path: Path) -> None:
    assert spaces_of(tmp_path, "sep=;\nid;name\n1;a, b, c\n").taken[0].name == "a, b, c"


def test_empty_rows_are_counted_and_do_not_shift_the_numbers(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, "id,capacity\n1,12\n\n,\n2,many\n")
    assert (reading.read, reading.rows_taken, reading.empty) == (2, 1, 2)
    assert codes(reading) == [(5, "capacity", "not_a_number")]


def test_ragged_rows_are_refused(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, "id,name,capacity\n1,a\n2,a,3,4\n3,a,3,\n4,a,3\n")
    assert codes(reading) == [(2, "", "row_ragged"), (3, "", "row_ragged")]
    assert [space.id for space in reading.taken] == ["3", "4"]


def test_column_without_header_is_kept_as_a_note(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, "id,,name\n1,hello,a\n")
    assert reading.taken[0].notes == (("column 2", "hello"),)
    assert [note.code for note in reading.notes] == ["column_without_header"]


def test_column_that_is_there_twice_is_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="more than once") as caught:
        spaces_of(tmp_path, "id,capacity,capacity\n1,2,3\n")
    assert caught.value.code == "column_ambiguous"
    assert spaces_of(tmp_path, "id,floor,floor\n1,2,3\n").taken[0].notes == (("floor", "2"), ("floor (2)", "3"))


def test_nul_bytes_refuse_the_row(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, "id,name\n1,a\0b\n2,c\n")
    assert codes(reading) == [(2, "name", "nul_byte")]


def test_broken_quotes_refuse_the_row_and_go_on(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, 'id,name\n1,"a" b\n2,c\n3,"open\n')
    assert codes(reading) == [(2, "", "quotes_broken"), (4, "", "quotes_broken")]
    assert [space.id for space in reading.taken] == ["2"]


def test_one_line_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="longer than"):
        spaces_of(tmp_path, "id,name\n1," + "x" * 1_100_000)


@pytest.mark.parametrize("content", ["", "\n\n\n", "\ufeff"])
def test_file_without_rows(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError) as caught:
        spaces_of(tmp_path, content)
    assert caught.value.code == "file_empty"


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"), open_table(tmp_path / "none.csv"):
        pass


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"id,name\n1,\x81\x8d\xff\n")
    with pytest.raises(InputError, match="CSV UTF-8"), open_table(path):
        pass


def test_table_on_its_side(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Transpose"):
        spaces_of(tmp_path, "id,1,2\nname,a,b\ncapacity,12,13\n")


def test_unknown_is_unknown(tmp_path: Path) -> None:
    unknowns = ["", "NA", "n/a", "-", ".", "?", "onbekend", "unknown", "Ukendt", "0"]
    text = "id,capacity,area_m2\n" + "".join(f"{index},{word},{word}\n" for index, word in enumerate(unknowns, start=1))
    reading = spaces_of(tmp_path, text)
    assert reading.rows_taken == len(unknowns)
    assert {(space.capacity, space.area_m2) for space in reading.taken} == {(None, None)}


@pytest.mark.slow
def test_hundred_megabytes_stay_out_of_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    line = "space,hall with a name that is rather long,Mo-Fr 09:00-17:00,12,80.5," + "x" * 60 + "\n"
    with path.open("w") as stream:
        stream.write("id,name,opening_hours,capacity,area_m2,remark\n")
        for _ in range(104_857_600 // len(line) // 100 + 1):
            stream.write(line * 100)
    assert path.stat().st_size > 100_000_000
    tracemalloc.start()
    with open_table(path) as table:
        rows = sum(1 for _ in table.rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows > 700_000
    assert peak < 60_000_000
