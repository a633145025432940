"""Use from before the platform: sheets that are looked at, confirmed as a whole, and taken back."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook
from tests.rooms.makers import TODAY, make_matchmaker, make_person, make_programme
from tests.rooms.usage.test_plan_pages import browser

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.models import JournalEntry
from meervoud.outcomes import past_imports
from meervoud.outcomes.facts import facts_of
from meervoud.outcomes.models import PastSheet, PastUse
from meervoud.outcomes.past import past_ledger
from meervoud.outcomes.past_imports import confirm_sheet, drop_old_sheets, keep_sheet, take_back_sheet
from meervoud.outcomes.past_sheets import PastReading, read_past
from meervoud.parties.models import Person, Programme
from meervoud.usage.models import UsageMoment

pytestmark = pytest.mark.django_db
ZONE, NOON = "Europe/Amsterdam", datetime.combine(TODAY, time(12)).astimezone()
HEAD = "host;space;initiative;day;start;end;next day;people;first time\n"
DUTCH = (
    "Aanbieder;Ruimte;Initiatief;Buurt;Oppervlakte;Datum;Van;Tot;Aantal personen;Voor het eerst;Dubbelgebruik\n"
    "Café Zéro;Grote zaal;Koor de Kadé;Kadewijk;80,5;03-04-2024;19:00;21:30;12;3;ja\n"
    "Café Zéro;Grote zaal;Naaigroep;Kadewijk;80,5;04-04-2024;10u;12u;;;ja\n"
    "Leeg pand;Winkel;Naaigroep;Havenkwartier;40;05-04-2024;10:00;11:00;7;;nee\n"
).encode("cp1252")


def read(*lines: str, head: str = HEAD) -> PastReading:
    return read_past("before.csv", (head + "\n".join(lines)).encode(), ZONE, date(2026, 1, 1))


def row(*cells: str) -> str:
    """A row of HEAD, with what it says of day, start, end, next day, people, first-timers."""
    return ";".join(("Host", "Room", "Choir", *cells))


def faults(found: PastReading) -> list[tuple[str, str]]:
    return [(found.cell_of(each), each.code) for each in found.reading.refused]


def kept(
    content: bytes = DUTCH, name: str = "before.csv", programme: Programme | None = None
) -> tuple[PastSheet, Person]:
    programme = programme or make_programme()
    by = make_matchmaker(programme)
    sheet = keep_sheet(programme=programme, name=name, content=content, source="The old list", by=by, now=NOON)
    sheet.refresh_from_db()  # by now it was read
    return sheet, by


def confirmed(content: bytes = DUTCH, programme: Programme | None = None) -> tuple[PastSheet, Person]:
    sheet, by = kept(content, programme=programme)
    return confirm_sheet(sheet=sheet, by=by, now=NOON), by


def upload(person: Person, content: bytes, name: str = "before.csv", source: str = "The old list") -> Any:
    file = SimpleUploadedFile(name, content)
    return browser(person).post("/desk/past/", {"file": file, "source": source})


def queries(person: Person, address: str) -> int:
    """Count what a page asks the database, once it was looked at before."""
    client = browser(person)
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
        return len(seen.captured_queries)


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book, kept_in = Workbook(), io.BytesIO()
    for each in rows:
        book.active.append(each)
    book.save(kept_in)
    return kept_in.getvalue()


def test_a_dutch_sheet_in_an_old_encoding_is_looked_at_confirmed_and_counts_on_a_line_of_its_own() -> None:
    programme = make_programme()
    desk = make_matchmaker(programme)
    answer = upload(desk, DUTCH)
    sheet = PastSheet.objects.visible_to(desk).get()
    assert answer.headers["Location"] == f"/desk/past/{sheet.pk}/"
    text = browser(desk).get(f"/desk/past/{sheet.pk}/").content.decode()
    for each in ("3 rows can be read", "Café Zéro", "Koor de Kadé", "19:00-21:30", "Confirm: write these rows"):
        assert each in text
    assert not PastUse.objects.visible_to(desk).exists()
    assert past_ledger(programme, date(2024, 1, 1), date(2024, 12, 31)).tallies == ()
    assert browser(desk).post(f"/desk/past/{sheet.pk}/confirm/").status_code == 302
    facts = facts_of(programme, date(2024, 1, 1), date(2024, 12, 31))
    told = facts["imported"]
    assert (told["room_minutes"], told["visits"], told["hosts"], told["initiatives"]) == (330, 19, 2, 2)
    assert (told["double_use_m2"], told["reuse_m2"], told["m2_hours"]) == (80.5, 40, 80.5 * 4.5)
    assert facts["use"]["uses"] == 0
    assert not UsageMoment.objects.visible_to(desk).exists()
    sheet.refresh_from_db()
    assert bytes(sheet.content) == b""
    assert "3 rows" in browser(desk).get("/desk/past/").content.decode()


def test_a_workbook_with_dates_and_times_of_its_own_is_read() -> None:
    head = ("vært", "lokale", "initiativ", "dato", "fra", "til", "efter midnat", "deltagere", "m2")
    evening = ("Havnen", "Sal 1", "Kor", date(2025, 3, 4), time(19), time(21, 30), None, 14, 60.5)
    night = ("Havnen", "Sal 1", "Kor", date(2025, 3, 7), time(22), time(1), "ja", 20, 60.5)
    sheet, by = confirmed(workbook(head, evening, night))
    found = list(PastUse.objects.visible_to(by).order_by("starts_at"))
    assert [each.ends_at - each.starts_at for each in found] == [timedelta(hours=2.5), timedelta(hours=3)]
    assert [f"{each.starts_at:%d %H:%M}" for each in found] == ["04 18:00", "07 21:00"]
    assert [(each.people, each.area_m2, each.keeps_use) for each in found] == [(14, 60.5, True), (20, 60.5, True)]
    assert sheet.uses.count() == 2


@pytest.mark.parametrize(
    ("line", "cell", "code"),
    [
        (row("2024-13-01", "19:00", "21:00"), "D2", "date_unreadable"),
        (row("2027-01-01", "19:00", "21:00"), "D2", "past_day_ahead"),
        (row("2024-03-01", "25:00", "21:00"), "E2", "time_unreadable"),
        (row("2024-03-01", "19:00", ""), "F2", "past_lacks"),
        (row("2024-03-01", "22:00", "01:00"), "F2", "past_end_first"),
        (row("2024-03-01", "19:00", "19:00"), "F2", "past_end_first"),
        (row("2024-03-01", "10:00", "11:00", "yes"), "F2", "past_long_stay"),
        (row("2024-03-01", "10:00", "11:00", "perhaps"), "G2", "yes_or_no"),
        (row("2024-03-01", "19:00", "21:00", "", "many"), "H2", "not_a_number"),
        (row("2024-03-01", "19:00", "21:00", "", "-4"), "H2", "number_outside"),
        (row("2024-03-01", "19:00", "21:00", "", "4", "5"), "I2", "past_first_timers"),
        (row("2024-03-01", "19:00", "21:00", "", "", "5"), "I2", "past_first_timers"),
        ("X" * 121 + ";Room;Choir;2024-03-01;19:00;21:00", "A2", "past_long"),
        (";Room;Choir;2024-03-01;19:00;21:00;;;", "A2", "past_lacks"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_cell(line: str, cell: str, code: str) -> None:
    width = HEAD.count(";")
    found = read(line + ";" * (width - line.count(";")))
    assert faults(found) == [(cell, code)]
    assert found.reading.taken == ()


def test_the_hour_that_the_clock_skips_is_refused_and_nights_of_the_change_are_as_long_as_they_were() -> None:
    skipped = read(row("2025-03-30", "02:30", "04:00", "", "", ""), row("2025-03-30", "01:00", "02:30", "", "", ""))
    assert faults(skipped) == [("E2", "past_hour_skipped"), ("F3", "past_hour_skipped")]
    spring, autumn, twice, midnight = read(
        row("2025-03-30", "01:00", "04:00", "", "", ""),
        row("2025-10-26", "01:00", "04:00", "", "", ""),
        row("2025-10-26", "01:00", "02:30", "", "", "").replace("Choir", "Band"),
        row("2025-10-26", "20:00", "24:00", "", "", ""),
    ).reading.taken
    lasted = [each.ends_at - each.starts_at for each in (spring, autumn, twice, midnight)]
    assert lasted == [timedelta(hours=2), timedelta(hours=4), timedelta(hours=1.5), timedelta(hours=4)]


def test_one_wrong_row_keeps_all_of_a_sheet_from_being_written_and_says_what_to_do() -> None:
    good, bad = row("2024-03-01", "19:00", "21:00", "", "8", ""), row("2024-03-02", "21:00", "19:00", "", "8", "")
    sheet, by = kept((HEAD + good + "\n" + bad).encode())
    text = browser(by).get(f"/desk/past/{sheet.pk}/").content.decode()
    for each in ("1 row can be read", "1 row cannot", "F3", "say yes under “next day”"):
        assert each in text
    assert "Confirm: write these rows" not in text
    assert browser(by).post(f"/desk/past/{sheet.pk}/confirm/").status_code == 409
    assert not PastUse.objects.visible_to(by).exists()


def test_the_same_row_twice_counts_once_and_is_named_by_its_row() -> None:
    same = row("2024-03-01", "19:00", "21:00", "", "8", "")
    loud, other = same.replace("Choir", "CHOIR"), row("2024-03-01", "19:30", "21:00", "", "8", "")
    found = read(same, other, loud)
    assert (found.reading.read, found.reading.rows_taken, len(found.reading.taken)) == (3, 3, 2)
    assert (found.repeated, found.repeats, found.reading.refused) == (1, ((4, 2),), ())


def test_the_same_file_is_refused_with_the_name_of_the_first_until_that_one_is_taken_back() -> None:
    sheet, by = confirmed()
    again = upload(by, DUTCH, name="another name.csv")
    assert again.status_code == 422
    assert "You gave this file before: before.csv" in again.content.decode()
    assert upload(by, DUTCH + b"\n").status_code == 302  # the control: another file
    elsewhere = make_matchmaker(make_programme())
    assert upload(elsewhere, DUTCH).status_code == 302  # another programme
    assert browser(by).post(f"/desk/past/{sheet.pk}/undo/").status_code == 302
    assert not PastUse.objects.visible_to(by).exists()
    assert upload(by, DUTCH).status_code == 302


def test_taking_back_takes_the_rows_of_that_sheet_only_and_what_was_done_stays_in_the_journal() -> None:
    sheet, by = confirmed()
    line = row("2024-03-01", "19:00", "21:00", "", "8", "")
    other = keep_sheet(
        programme=sheet.programme, name="b.csv", content=(HEAD + line).encode(), source="x", by=by, now=NOON
    )
    confirm_sheet(sheet=other, by=by, now=NOON)
    assert take_back_sheet(sheet=sheet, by=by) == 3
    assert [each.host for each in PastUse.objects.visible_to(by)] == ["Host"]
    verbs = list(JournalEntry.objects.filter(thing=sheet.pk).order_by("number").values_list("verb", flat=True))
    assert verbs == ["past_sheet.given", "past_sheet.read", "past_sheet.confirmed", "past_sheet.undone"]
    with pytest.raises(ConflictError):
        take_back_sheet(sheet=sheet, by=by)


def test_a_sheet_is_confirmed_once() -> None:
    sheet, by = confirmed()
    with pytest.raises(ConflictError):
        confirm_sheet(sheet=sheet, by=by, now=NOON)
    assert PastUse.objects.visible_to(by).count() == 3


def test_a_sheet_that_nobody_confirms_is_dropped_after_fourteen_days_and_one_that_was_stays() -> None:
    waiting, by = kept()
    stays, _by = confirmed()
    assert PastUse.waiting.visible_to(by).count() == 3
    assert drop_old_sheets(now=NOON + timedelta(days=13)) == 0
    assert drop_old_sheets(now=NOON + timedelta(days=16)) == 1
    assert not PastSheet.objects.visible_to(by).filter(pk=waiting.pk).exists()
    assert not PastUse.waiting.visible_to(by).exists()
    assert PastSheet.objects.every(because="a test").filter(pk=stays.pk).exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"\xff\xfe\x00\xd8", "encoding"),
        ("a.xlsx", b"PK\x03\x04 no workbook", "not a readable .xlsx"),
        ("a.csv", b"colour;taste\nred;sweet\n", "None of the columns is known"),
        ("a.csv", b"host;space;day\nHost;Room;2024-01-01\n", "column “initiative” is missing"),
    ],
)
def test_a_file_that_is_no_such_sheet_says_so_on_its_page_and_writes_nothing(
    name: str, content: bytes, said: str
) -> None:
    by = make_matchmaker(make_programme())
    answer = upload(by, content, name=name)
    text = browser(by).get(answer.headers["Location"]).content.decode()
    assert said in text
    assert "Confirm: write these rows" not in text
    assert browser(by).post(f"{answer.headers['Location']}confirm/").status_code == 409
    assert not PastUse.waiting.visible_to(by).exists()


@pytest.mark.parametrize(
    ("name", "content", "source", "said"),
    [
        ("a.pdf", DUTCH, "The old list", "cannot be read here"),
        ("a.csv", b"", "The old list", "empty"),
        ("a.csv", DUTCH, " ", "required"),
        ("a.csv", DUTCH, "x" * 301, "300"),
    ],
)
def test_what_needs_no_reading_is_refused_at_once(name: str, content: bytes, source: str, said: str) -> None:
    by = make_matchmaker(make_programme())
    answer = upload(by, content, name=name, source=source)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PastSheet.objects.visible_to(by).exists()


def test_more_rows_than_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meervoud.outcomes.past_sheets.MOST_ROWS", 2)
    lines = [row(f"2024-03-0{number}", "19:00", "21:00", "", "8", "") for number in (1, 2, 3)]
    assert len(read(*lines[:2]).reading.taken) == 2
    with pytest.raises(InputError) as refused:
        read(*lines)
    assert refused.value.code == "past_too_many"


def test_what_looks_like_a_formula_stays_text_and_markup_is_shown_as_it_is() -> None:
    line = '=HYPERLINK("x");<script>alert(1)</script>;@SUM(A1);2024-03-01;19:00;21:00;;8;'
    content = (HEAD + '"=HYPERLINK(""x"")"' + line[15:]).encode()
    sheet, by = confirmed(content)
    assert PastUse.objects.visible_to(by).get().host == '=HYPERLINK("x")'
    assert "<script>alert" not in browser(by).get(f"/desk/past/{sheet.pk}/").content.decode()


def test_nobody_else_sees_or_changes_a_sheet() -> None:
    sheet, by = kept()
    gets, posts = (
        ("/desk/past/", f"/desk/past/{sheet.pk}/"),
        [f"/desk/past/{sheet.pk}/{end}/" for end in ("confirm", "undo")],
    )
    stranger, other = make_person(), make_matchmaker(make_programme())
    assert [browser(stranger).get(each).status_code for each in gets] == [404, 404]
    assert [browser(other).get(each).status_code for each in gets] == [200, 404]
    assert {browser(person).post(each).status_code for person in (stranger, other) for each in posts} == {404}
    assert {Client().get(each).status_code for each in gets} == {302}
    assert "before.csv" not in browser(other).get("/desk/past/").content.decode()
    assert browser(by).get(f"/desk/past/{uuid4()}/").status_code == 404
    assert {browser(by).get(each).status_code for each in posts} == {405}
    assert PastSheet.objects.visible_to(by).filter(pk=sheet.pk, confirmed_at=None).exists()


def test_a_page_of_many_rows_needs_no_more_queries() -> None:
    sheets = []
    for number in (1, 40):
        lines = [
            row("2024-03-01", f"{hour:02}:{minute:02}", "23:59", "", "8", "")
            for hour in range(20)
            for minute in (0, 30)
        ]
        sheets.append(confirmed((HEAD + "\n".join(lines[:number])).encode()))
    one, many = (queries(by, f"/desk/past/{sheet.pk}/") for sheet, by in sheets)
    assert 0 < many <= one


def test_more_sheets_need_no_more_queries() -> None:
    sheet, by = confirmed()
    one = queries(by, "/desk/past/")
    for number in range(5):
        again = DUTCH + b"\n" * (number + 1)
        keep_sheet(programme=sheet.programme, name="c.csv", content=again, source="x", by=by, now=NOON)
    assert 0 < queries(by, "/desk/past/") <= one


def test_rooms_that_are_all_called_room_make_no_table_on_its_side() -> None:
    lines = [f"Room;Host;Choir;2024-03-{day:02};19:00;21:00" for day in range(1, 12)]
    found = read(*lines, head="space;host;initiative;day;start;end\n")
    assert len(found.reading.taken) == 11


def test_two_who_give_the_same_file_at_one_moment_leave_one_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    sheet, by = kept()
    looks = iter((None, past_imports._refuse_again))  # the first look comes before the other's sheet

    def look(programme: Programme, fingerprint: str) -> None:
        found = next(looks)
        if found is not None:
            found(programme, fingerprint)

    monkeypatch.setattr(past_imports, "_refuse_again", look)
    with pytest.raises(InputError) as refused:
        keep_sheet(programme=sheet.programme, name="b.csv", content=DUTCH, source="x", by=by, now=NOON)
    assert refused.value.code == "past_twice"
    assert PastSheet.objects.visible_to(by).count() == 1
