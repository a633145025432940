"""Workbooks as they come."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook

from meervoud.core.errors import InputError
from meervoud.files.sources.spaces import read_spaces
from meervoud.files.tables import xlsx_guard
from meervoud.files.tables.mapping import ColumnMapping, Options
from meervoud.files.tables.tables import open_table
from meervoud.files.values.cells import Cell
from tests.files.makers import codes, write_csv, write_xlsx


def test_values_keep_their_kind(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, [["id", "a", "b", "c"], [12.0, datetime(2026, 3, 1), time(19, 30), 1.5]])  # noqa: DTZ001  # a cell has no zone
    with open_table(path) as table:
        row = next(table.rows)
    assert dict(row.cells) == {"id": 12, "a": date(2026, 3, 1), "b": time(19, 30), "c": 1.5}


def test_formula_without_result_refuses_the_row(tmp_path: Path) -> None:
    reading = read_spaces(write_xlsx(tmp_path, [["id", "capacity"], [1, "=10+2"], [2, 30]]))
    assert codes(reading) == [(2, "capacity", "formula_without_result")]
    assert "paste as values" in reading.refused[0].message


def test_formula_with_stored_result_is_read(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, [["id", "capacity"], [1, "=10+2"]])
    _rewrite(path, "xl/worksheets/sheet1.xml", b"<f>10+2</f><v></v>", b"<f>10+2</f><v>12</v>")
    assert read_spaces(path).taken[0].capacity == 12


def test_formula_with_an_empty_text_as_result_says_nothing(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, [["id", "name"], [1, '=""']])
    _rewrite(path, "xl/worksheets/sheet1.xml", b'<c r="B2"><f>""</f><v></v>', b'<c r="B2" t="str"><f>""</f><v></v>')
    assert read_spaces(path).taken[0].name == ""


def test_error_cell_refuses_the_row(tmp_path: Path) -> None:
    reading = read_spaces(write_xlsx(tmp_path, [["id", "capacity"], [1, "#REF!"], [2, 30]]))
    assert codes(reading) == [(2, "capacity", "cell_error")]


def test_merged_cells_refuse_the_rows_they_touch(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["id", "name"], [1, "a"], [2, None], [3, "c"]]
    reading = read_spaces(write_xlsx(tmp_path, rows, merge="B2:B3"))
    assert codes(reading) == [(2, "name", "cell_merged"), (3, "name", "cell_merged")]
    assert [space.id for space in reading.taken] == ["3"]


def test_merged_cells_over_a_very_long_column(tmp_path: Path) -> None:
    reading = read_spaces(write_xlsx(tmp_path, [["id", "name"], [1, "a"], [2, None]], merge="B2:B3000"))
    assert (reading.rows_taken, reading.rows_refused) == (0, 2999)


def test_merged_cells_beside_the_table_do_not_matter(tmp_path: Path) -> None:
    reading = read_spaces(write_xlsx(tmp_path, [["id", "name"], [1, "a"], [2, "b"]], merge="C2:C30"))
    assert reading.rows_taken == 2


def test_merged_header_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="merged"):
        read_spaces(write_xlsx(tmp_path, [["My spaces", None], ["id", "name"], [1, "a"]], merge="A1:B1"))


def test_empty_rows_above_and_between(tmp_path: Path) -> None:
    reading = read_spaces(write_xlsx(tmp_path, [[None], ["id", "name"], [1, "a"], [None, None], [None, "b"]]))
    assert (reading.read, reading.rows_taken, reading.empty) == (2, 1, 2)
    assert codes(reading) == [(5, "id", "id_missing")]


def test_sheet_by_name_or_the_first_with_a_note(tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(["id"])
    first.append(["a"])
    second = book.create_sheet("Rooms")
    second.append(["id"])
    second.append(["b"])
    book.save(tmp_path / "x.xlsx")
    reading = read_spaces(tmp_path / "x.xlsx")
    assert reading.taken[0].id == "a"
    assert [note.code for note in reading.notes] == ["sheet_chosen"]
    assert read_spaces(tmp_path / "x.xlsx", _sheet("Rooms")).taken[0].id == "b"
    with pytest.raises(InputError, match="There are: Sheet, Rooms"):
        read_spaces(tmp_path / "x.xlsx", _sheet("Halls"))


def test_group_size_that_became_a_date(tmp_path: Path) -> None:
    reading = read_spaces(write_xlsx(tmp_path, [["id", "capacity"], [1, date(2026, 12, 10)]]))
    assert codes(reading) == [(2, "capacity", "number_is_date")]


def _sheet(name: str) -> ColumnMapping:
    return ColumnMapping(options=Options(sheet=name))


def test_what_is_no_workbook(tmp_path: Path) -> None:
    old = tmp_path / "old.xls"
    old.write_bytes(xlsx_guard.OLE_START + b"\0" * 600)
    locked = tmp_path / "locked.xlsx"
    locked.write_bytes(xlsx_guard.OLE_START + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)
    text = write_csv(tmp_path, "id,name\n", name="text.xlsx")
    cut = write_xlsx(tmp_path, [["id"], [1]])
    cut.write_bytes(cut.read_bytes()[:-200])
    found = {path.name: _fault(path) for path in (old, locked, text, cut)}
    assert found == {
        "old.xls": "workbook_old",
        "locked.xlsx": "workbook_locked",
        "text.xlsx": "workbook_broken",
        "table.xlsx": "workbook_broken",
    }


def test_workbook_with_broken_xml(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, [["id"], [1]])
    _rewrite(path, "xl/worksheets/sheet1.xml", b"</row>", b"</wor>")
    assert _fault(path) == "workbook_broken"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", b"sheetId", b"sheet"),
        ("xl/_rels/workbook.xml.rels", b"rId1", b"rId9"),
        ("[Content_Types].xml", b"sheet.main", b"sheet.other"),
        ("xl/worksheets/sheet1.xml", b'r="A2"', b'r="?"'),
    ],
)
def test_damaged_workbooks_are_refused_with_a_sentence(tmp_path: Path, part: str, old: bytes, new: bytes) -> None:
    path = write_xlsx(tmp_path, [["id"], [1]])
    _rewrite(path, part, old, new)
    assert _fault(path) in {"workbook_broken", "workbook_broken_at"}


def test_entities_are_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, [["id"], [1]])
    _rewrite(path, "xl/worksheets/sheet1.xml", b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')
    assert _fault(path) == "workbook_broken"


def test_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, [["id"], [1]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image.bin", b"\0" * 20_000_000)
    assert _fault(path) == "workbook_too_large"


def test_more_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_guard, "MOST_BYTES", 1000)
    assert _fault(write_xlsx(tmp_path, [["id"], [1]])) == "workbook_too_large"


def test_size_that_lies_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, [["id"], [1]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image.bin", b"\1" * 123_457)
    size = (123_457).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (10).to_bytes(4, "little")))
    assert _fault(path) == "workbook_broken"


def _fault(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_spaces(path)
    return caught.value.code


def _rewrite(path: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part] or old.replace(b"<v></v>", b"<v />") in parts[part]
    parts[part] = parts[part].replace(old, new).replace(old.replace(b"<v></v>", b"<v />"), new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
