"""The files of a published report: what they say is what is frozen, on paper and as data, whatever people wrote."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl.cell import WriteOnlyCell
from tests.rooms.agreements.test_pdf import inflated, pages_of, words_of
from tests.rooms.outcomes.makers import NOW, make_correction, make_pilot, make_published, make_report

from meervoud.lib.typeset import typeset
from meervoud.outcomes.frozen import read_frozen
from meervoud.outcomes.headlines import headlines
from meervoud.outcomes.models import Figure, PortfolioValue, Published
from meervoud.outcomes.report_papers import PAGES, made, report_paper
from meervoud.outcomes.report_sheets import sheets_of
from meervoud.outcomes.report_summary import summary_paper
from meervoud.outcomes.reporting import add_story, publish_report
from meervoud.outcomes.sheet_files import write_csv, write_xlsx
from meervoud.outcomes.shortfall import REASONS
from meervoud.parties.models import Person, Programme

pytestmark = pytest.mark.django_db
FILES = ("report.pdf", "summary.pdf", "data.csv", "data.xlsx")
NOTICE = "This ledger is made up. It shows how such figures are computed, and is no evidence about any real programme."
HOSTILE = '#import "/etc/passwd": * $x$ \\ *bold* _it_ `raw` <label> @ref [a] #{panic()} // no comment'
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext reads the PDF back")


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    made.cache_clear()
    yield
    made.cache_clear()


def csv_of(published: Published, said: dict[str, Any]) -> bytes:
    with translation.override("en"):
        return write_csv(sheets_of(published, said))


@pytest.fixture
def pilot() -> tuple[Programme, Person]:
    """The made-up pilot, and who looks after it."""
    return make_pilot()


def take(published: Published, name: str, language: str = "en") -> bytes:
    answer = Client(headers={"accept-language": language}).get(f"/reports/{published.report_id}/{name}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    content: bytes = answer.content
    return content


def lines_of(data: bytes) -> dict[tuple[str, str, str], str]:
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    found = {(row["part"], row["name"], row["key"]): row["value"] for row in rows}
    assert len(found) == len(rows)
    return found


def book_of(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def facts_of(published: Published) -> dict[str, Any]:
    facts: dict[str, Any] = read_frozen(published)["facts"]
    return facts


@needs_poppler
def test_the_paper_has_every_headline_with_its_definition_and_how_it_is_known(
    pilot: tuple[Programme, Person], tmp_path: Path
) -> None:
    texts: dict[str, Any] = {
        "summary": "What it was about.",
        "lessons": "Ask early.",
        "partners": "The quay.",
        "next_steps": "Go on.",
    }
    published = make_published(*pilot, **texts)
    said = words_of(take(published, "report.pdf"), tmp_path)
    with translation.override("en"):
        told = headlines(facts_of(published))
    assert len(told) >= 9
    for each in told:
        assert f"{each.name[:1].upper()}{each.name[1:]}: {each.value}".replace("\xa0", " ") in said
        assert each.meaning in said
    for text in (*texts.values(), published.sha256, "61 of 89 requests of this period have no room yet."):
        assert text in said
    for text in ("Requests without a room, by neighbourhood and reason", "Usage hours by month", "Sept 2023 741.5"):
        assert text in said
    assert "We did not compute it, and it is never added to anything." in said
    assert "more than €36,000,000.00" in said


@needs_poppler
@pytest.mark.parametrize("name", ["report.pdf", "summary.pdf"])
def test_what_is_made_up_says_so_on_every_page(pilot: tuple[Programme, Person], tmp_path: Path, name: str) -> None:
    published = make_published(*pilot, lessons="A long line of words.\n" * 150)
    data = take(published, name)
    count = pages_of(data, tmp_path)
    assert count > 1 or name == "summary.pdf"
    # once at the top of each page, and once where it is read aloud
    assert words_of(data, tmp_path).count(NOTICE) == count + 1


@needs_poppler
def test_a_real_ledger_has_no_such_notice(pilot: tuple[Programme, Person], tmp_path: Path) -> None:
    programme, staff = pilot
    programme.is_made_up = False
    programme.save()
    published = make_published(programme, staff)
    for name in ("report.pdf", "summary.pdf"):
        assert "made up" not in words_of(take(published, name), tmp_path)
    assert ("about", "Notice", "notice") not in lines_of(take(published, "data.csv"))


@pytest.mark.parametrize("language", ["en", "nl", "da"])
@pytest.mark.parametrize("name", ["report.pdf", "summary.pdf"])
def test_a_pdf_is_tagged_in_the_language_of_the_page_and_the_same_every_time(
    pilot: tuple[Programme, Person], language: str, name: str
) -> None:
    published = make_published(*pilot)
    data = take(published, name, language)
    inside = inflated(data).replace(b"/S /", b"/S/")
    for mark in (
        b"/StructTreeRoot",
        f"/Lang({language})".encode(),
        b"<pdfuaid:part>1</pdfuaid:part>",
        b"/S/H1",
        b"/S/H3",
    ):
        assert mark in inside
    assert (b"/S/TH" in inside) == (name == "report.pdf")
    made.cache_clear()
    assert take(published, name, language) == data


@needs_poppler
def test_one_page_stays_one_page_whatever_people_write(pilot: tuple[Programme, Person], tmp_path: Path) -> None:
    programme, staff = pilot
    short = take(make_published(programme, staff), "summary.pdf")
    assert pages_of(short, tmp_path) == 1
    said = words_of(short, tmp_path)
    for each in (
        "What we know",
        "What we do not know",
        "At 9% of the times",
        "Of 9% of the hours",
        "numbers of people or",
    ):
        assert each in said
    programme.name = "M" * 120
    programme.save()
    for number in range(12):
        PortfolioValue.objects.create(
            programme=programme, cents=10**12, initiatives=number + 1, year=2024, source="Wmw " * 75
        )
    first, last = date(2023, 7, 1), date(2024, 1, 25)
    published = make_published(programme, staff, (first, last), title="W" * 120, summary="M" * 2000)
    for figure in Figure.values:
        make_correction(published, figure, "1", "W" * 80, why="M" * 500)
    long = take(published, "summary.pdf")
    assert pages_of(long, tmp_path) == 1
    said = words_of(long, tmp_path)
    assert "What came of it These figures count the use of rooms." in said
    assert "…" in said
    source = (PAGES / "summary.typ").read_bytes()
    unfitted = source.replace(b"tries.find(fits)", b"tries.first()")
    assert unfitted != source
    data = summary_paper(published, read_frozen(published))
    assert pages_of(typeset(unfitted, data, NOW, root=PAGES), tmp_path) > 1  # what would be without our care


@needs_poppler
def test_words_that_people_type_are_only_ever_text_on_paper(pilot: tuple[Programme, Person], tmp_path: Path) -> None:
    texts: dict[str, Any] = {
        "title": "#panic() 🎉 مرحبا",
        "summary": HOSTILE,
        "lessons": "W" * 300,
        "partners": "\x01日本 *a*",
    }
    published = make_published(*pilot, **texts)
    said = words_of(take(published, "report.pdf"), tmp_path)
    assert HOSTILE in said
    assert "#panic() [U+1F389]" in said
    assert "[U+65E5][U+672C] *a*" in said
    assert sum(map(len, re.findall("W{2,}", said))) == 300
    assert "root:" not in said
    assert "#panic() [U+1F389]" in words_of(take(published, "summary.pdf"), tmp_path)


def test_what_stands_in_a_sheet_is_never_a_formula() -> None:
    areas = ("=SUM(A1:A9)", "@kade", "+31 kade", "-1 kade", "\x02kade", "Noord\nkade")
    published = make_published(*make_pilot(areas))
    named = {name for part, name, _key in lines_of(take(published, "data.csv")) if part == "neighbourhoods"}
    assert {"'=SUM(A1:A9)", "'@kade", "'+31 kade", "'-1 kade"} <= named
    assert not named & {"=SUM(A1:A9)", "@kade", "+31 kade", "-1 kade"}
    book = book_of(take(published, "data.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"=SUM(A1:A9)", "@kade", "kade"} <= {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert WriteOnlyCell(book["Figures"], value="=SUM(A1:A9)").data_type == "f"  # what would be without our care


def test_the_long_table_has_the_frozen_numbers(pilot: tuple[Programme, Person]) -> None:
    published = make_published(*pilot)
    facts, lines = facts_of(published), lines_of(take(published, "data.csv"))
    figures = {key: value for (part, _name, key), value in lines.items() if part == "figures"}
    use = facts["use"]
    for key, number in {
        "room_minutes": use["room_minutes"],
        "hours": use["room_minutes"] // 60,
        "moments": use["stays"],
        "people.least": use["people"]["least"],
        "visits": use["visits"],
        "double_use_m2": use["double_use_m2"],
        "m2_hours": use["m2_hours"],
        "initiatives": use["initiatives"],
        "contribution.high": facts["contribution"]["cents"][2] / 100,
        "target.hours": facts["targets"]["hours"],
    }.items():
        assert float(figures[key]) == number, key
    assert figures["people.most"] == "not known"
    assert lines["about", "Fingerprint of what is published (SHA-256)", "sha256"] == published.sha256
    assert lines["about", "Notice", "notice"] == NOTICE
    months = [int(value) for (part, _n, key), value in lines.items() if (part, key) == ("months", "minutes")]
    assert sum(months) == sum(facts["months"].values()) == use["room_minutes"]
    for kind in ("offered", "used"):
        hours = [int(value) for (part, _n, key), value in lines.items() if part == "hours" and key.endswith(kind)]
        assert sum(hours) == sum(sum(row) for row in facts["hours"][kind].values()) > 0
    values = [value for (part, _name, _key), value in lines.items() if part == "portfolio"]
    assert values == ["36000000", "yes", "28", "2024"]


def test_a_hidden_number_is_said_in_words_and_never_a_zero(pilot: tuple[Programme, Person]) -> None:
    published = make_published(*pilot)
    facts, lines = facts_of(published), lines_of(take(published, "data.csv"))
    rows = {(name, key): value for (part, name, key), value in lines.items() if part == "not_placed"}
    hidden = [(area, reason) for area, reason, number in facts["not_placed"]["counts"] if number is None]
    assert hidden
    assert set(REASONS) >= {reason for _area, reason in hidden}
    for area, reason in hidden:
        assert rows[area, reason] == "<5 or hidden"
    for area, number in facts["not_placed"]["totals"]["areas"].items():
        assert rows[area, "all"] == ("<5 or hidden" if number is None else str(number))
    assert rows["All together", "all.all"] == "61"
    kinds = {key: value for (part, _name, key), value in lines.items() if part == "evidence"}
    for code, row in facts["evidence"].items():
        assert kinds[f"{code}.visits"] == ("<5 or hidden" if row["visits"] is None else str(row["visits"]))
        assert int(kinds[f"{code}.minutes"]) == row["minutes"]


def test_few_people_are_hidden_in_every_file(pilot: tuple[Programme, Person]) -> None:
    published = make_published(*pilot)
    said = read_frozen(published)
    said["facts"]["use"] |= {
        "visits": None,
        "counted": None,
        "people": {"least": None, "most": None, "method": "bounds"},
    }
    lines = lines_of(csv_of(published, said))
    figures = {key: value for (part, _name, key), value in lines.items() if part == "figures"}
    for key in ("visits", "counted", "people.least", "people.most"):
        assert figures[key] == "<5 or hidden"
    with translation.override("en"):
        unknown = summary_paper(published, said)["sides"][1]["items"]
    assert "How often people were counted is hidden, for they were few." in str(unknown)


def test_the_workbook_has_the_numbers_of_the_long_table(pilot: tuple[Programme, Person]) -> None:
    published = make_published(*pilot)
    with translation.override("en"):
        sheets = sheets_of(published, read_frozen(published))
    book = book_of(take(published, "data.xlsx"))
    assert book.sheetnames[:3] == ["About this file", "Figures", "How we know"]
    assert len(book.sheetnames) == len(sheets)
    for sheet, page in zip(sheets, book, strict=True):
        assert page.oddHeader.center.text == NOTICE
        assert page.freeze_panes == "A2"
        assert all(cell.font.bold for cell in page[1])
        cells = [["" if cell is None else cell for cell in row] for row in page.iter_rows(min_row=2, values_only=True)]
        assert len(cells) == len(sheet.rows)
        numbers = sorted(cell for row in cells for cell in row if not isinstance(cell, str))
        in_lines = sorted(each.value for each in sheet.lines if not isinstance(each.value, str))
        assert numbers == in_lines


def test_what_was_imported_stands_on_lines_of_its_own(pilot: tuple[Programme, Person]) -> None:
    published = make_published(*pilot)
    said = read_frozen(published)
    without = csv_of(published, said)
    said["facts"]["imported"] = {**said["facts"]["use"], "room_minutes": 600, "visits": None}
    lines = lines_of(csv_of(published, said))
    added = {key: value for key, value in lines.items() if key not in lines_of(without)}
    assert {part for part, _name, _key in added} == {"imported"}
    assert {value for (_part, _name, key), value in added.items() if key in ("hours", "visits")} == {
        "10",
        "<5 or hidden",
    }
    with translation.override("en"):
        sections = {each["title"]: each for each in report_paper(published, said)["sections"]}
        book = book_of(write_xlsx(sheets_of(published, said)))
    names = [each["title"] for each in sections["Imported, not confirmed"]["items"]]
    assert "Usage hours: 10 hours" in names
    assert not any("contribution" in each for each in names)
    assert book["Imported, not confirmed"].max_row > 5


@needs_poppler
def test_a_correction_stands_in_every_file_and_the_hash_stays(pilot: tuple[Programme, Person], tmp_path: Path) -> None:
    published = make_published(*pilot)
    before = take(published, "report.pdf")
    make_correction(published, "hours", "2,842 hours", "2,840 hours", why="Counted twice.")
    paper = words_of(take(published, "report.pdf"), tmp_path)
    assert before != take(published, "report.pdf")
    assert "It said 2,842 hours. It is 2,840 hours. Counted twice." in paper
    assert paper.count("This figure was corrected since. It is 2,840 hours.") == 1
    assert "This figure was corrected since. It is 2,840 hours." in words_of(take(published, "summary.pdf"), tmp_path)
    lines = lines_of(take(published, "data.csv"))
    assert lines["corrections", "usage hours", "hours.why"] == "Counted twice."
    assert lines["figures", "usage hours", "hours"] == "2842"
    assert published.sha256 in paper


def test_the_week_stands_on_paper_in_shades_with_its_numbers(pilot: tuple[Programme, Person], tmp_path: Path) -> None:
    published = make_published(*pilot)
    said = read_frozen(published)
    with translation.override("en"):
        paper = report_paper(published, said)
    tables = [each for section in paper["sections"] for each in section["tables"] if each["shades"]]
    assert [each["title"].split()[1] for each in tables] == ["offered", "used", "offered"]
    assert tables[0]["heads"][:3] == ["Day", "00-02", "02-04"]
    assert [(len(each["rows"]), len(each["shades"])) for each in tables] == [(7, 84)] * 3
    used = said["facts"]["hours"]["used"]
    weeks = ((date.fromisoformat(said["facts"]["last"]) - date.fromisoformat(said["facts"]["first"])).days + 1) / 7
    tuesday_evening = sum(row[24 + 18] + row[24 + 19] for row in used.values()) / 120 / weeks
    assert tuesday_evening > 0
    assert tables[1]["rows"][1][1 + 9] == f"{tuesday_evening:.1f}"
    assert max(each for table in tables for each in table["shades"]) == 1
    assert "Rooms used by the hour of the week" in words_of(take(published, "report.pdf"), tmp_path)


def test_a_story_stays_on_the_page_where_it_can_be_taken_back(pilot: tuple[Programme, Person]) -> None:
    programme, staff = pilot
    draft = make_report(programme, staff)
    add_story(report=draft, by=staff, title="Ria", text="Ria found a choir.", consent_of="Ria", consent_on=NOW.date())
    published = publish_report(report=draft, by=staff, now=NOW)
    with translation.override("en"):
        paper = str(report_paper(published, read_frozen(published)))
    assert "Ria" not in paper
    assert "Stories and pictures stand on the page of this report only." in paper


@pytest.mark.parametrize("name", FILES)
def test_a_draft_or_a_programme_that_is_not_public_has_no_files(pilot: tuple[Programme, Person], name: str) -> None:
    programme, staff = pilot
    draft, published = make_report(programme, staff), make_published(programme, staff)
    assert Client().get(f"/reports/{published.report_id}/{name}").status_code == 200
    assert Client().head(f"/reports/{published.report_id}/{name}").status_code == 200
    assert Client().post(f"/reports/{published.report_id}/{name}").status_code == 405
    for each in (draft.pk, uuid4(), published.pk, "x", "../1"):
        assert Client().get(f"/reports/{each}/{name}").status_code == 404
    programme.is_public = False
    programme.save()
    client = Client()
    client.force_login(staff)
    assert [each.get(f"/reports/{published.report_id}/{name}").status_code for each in (Client(), client)] == [404, 404]


@needs_poppler
def test_a_period_without_use_has_files_too(pilot: tuple[Programme, Person], tmp_path: Path) -> None:
    published = make_published(*pilot, (date(2023, 1, 1), date(2023, 1, 31)))
    for name in ("report.pdf", "summary.pdf"):
        assert "No room was used in this period." in words_of(take(published, name), tmp_path)
    assert lines_of(take(published, "data.csv"))["figures", "usage hours", "hours"] == "0"
    assert len(book_of(take(published, "data.xlsx")).sheetnames) == 11


def test_the_page_leads_to_its_files(pilot: tuple[Programme, Person]) -> None:
    published = make_published(*pilot)
    page = Client(headers={"accept-language": "en"}).get(f"/reports/{published.report_id}/").content.decode()
    for name in FILES:
        assert f'href="/reports/{published.report_id}/{name}"' in page


@pytest.mark.parametrize("name", FILES)
def test_a_file_costs_as_many_questions_with_many_corrections(pilot: tuple[Programme, Person], name: str) -> None:
    published, counts = make_published(*pilot), []
    for _ in range(2):
        for number in range(4):
            make_correction(published, "hours", "1", f"{number}")
        with CaptureQueriesContext(connection) as seen:
            take(published, name)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_pdf_is_made_also_of_many_neighbourhoods_and_long_texts() -> None:
    programme, staff = make_pilot(tuple(f"Kade {number}" for number in range(40)))
    strange = "".join(chr(0x4E00 + number) for number in range(1000))
    texts = dict.fromkeys(("kinds_of_matches", "lessons", "next_steps"), (strange + "word " * 800)[:4000])
    first = date(2023, 7, 1)
    published = make_published(programme, staff, (first, first + timedelta(days=200)), **texts)
    for name in ("report.pdf", "summary.pdf"):
        assert take(published, name).startswith(b"%PDF")
