"""A sheet of use from before is read by a task, once; what it says counts nowhere before somebody confirms it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from tests.rooms.makers import make_matchmaker, make_programme
from tests.rooms.outcomes.test_past_uses import DUTCH, HEAD, NOON, confirmed, kept, row, upload
from tests.rooms.usage.test_plan_pages import browser

from meervoud.core.errors import ConflictError
from meervoud.lib.scope import ScopedManager
from meervoud.matching.models.leads import StaffQuerySet
from meervoud.outcomes import past_readings, past_sheets
from meervoud.outcomes.facts import facts_of
from meervoud.outcomes.models import PastSheet, PastUse
from meervoud.outcomes.past import past_ledger
from meervoud.outcomes.past_imports import confirm_sheet, drop_old_sheets, take_back_sheet
from meervoud.outcomes.past_readings import read_sheet
from meervoud.outcomes.tasks import AGAIN, pick_up_past_sheets
from meervoud.parties.models import Person
from meervoud.site.worker import work_off

pytestmark = pytest.mark.django_db
EVERY = {"because": "a test looks at everything"}
YEAR = (date(2024, 1, 1), date(2024, 12, 31))
BAD = (HEAD + row("2024-13-01", "19:00", "21:00", "", "8", "")).encode()


@pytest.fixture
def queue(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def fresh(sheet: PastSheet) -> PastSheet:
    return PastSheet.objects.every(**EVERY).get(pk=sheet.pk)


def speaking(person: Person, language: str) -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


def many(number: int) -> bytes:
    lines = [row("2024-03-01", f"{each // 60:02}:{each % 60:02}", "23:59", "", "8", "") for each in range(number)]
    return (HEAD + "\n".join(lines)).encode()


def read_again(sheet: PastSheet) -> None:
    read_sheet(sheet.pk, now=NOON, today=NOON.date())


def test_the_page_says_that_a_sheet_is_being_read_and_then_what_it_says(queue: None) -> None:
    by = make_matchmaker(make_programme())
    where = upload(by, DUTCH).headers["Location"]
    page = browser(by).get(where).content.decode()
    for said in ("<progress", "Reading the sheet", "Look again", "Drop this sheet", 'hx-trigger="every 1s"'):
        assert said in page
    assert "Confirm" not in page
    assert "is being read" in browser(by).get("/desk/past/").content.decode()
    assert browser(by).post(f"{where}confirm/").status_code == 409
    part = browser(by).get(where, headers={"HX-Request": "true"}).content.decode()
    assert "<progress" in part
    assert "<html" not in part
    work_off()
    assert browser(by).get(where, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = browser(by).get(where).content.decode()
    assert "3 rows can be read" in page
    assert "<progress" not in page
    assert "waits for you to look at it" in browser(by).get("/desk/past/").content.decode()


def test_the_task_row_is_of_the_same_transaction_as_the_sheet(queue: None) -> None:
    with transaction.atomic():
        kept()
        assert DBTaskResult.objects.count() == 1
        transaction.set_rollback(True)
    assert (DBTaskResult.objects.count(), PastSheet.objects.every(**EVERY).count()) == (0, 0)


def test_a_sheet_is_opened_once_however_often_it_is_looked_at_and_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, really = list[str](), past_sheets.read_past

    def opens(name: str, *told: Any) -> Any:  # Any: as read_past
        opened.append(name)
        return really(name, *told)

    monkeypatch.setattr(past_readings, "read_past", opens)
    sheet, by = kept()
    for number in (1, 2, 99):
        assert browser(by).get(f"/desk/past/{sheet.pk}/?page={number}").status_code == 200
    browser(by).post(f"/desk/past/{sheet.pk}/confirm/")
    assert fresh(sheet).confirmed_at is not None
    read_again(sheet)
    assert opened == ["before.csv"]


def test_rows_of_a_sheet_that_waits_are_in_no_figure_list_or_count() -> None:
    sheet, by = kept()
    programme, rows = sheet.programme, PastUse.objects
    assert [rows.every(**EVERY).count(), rows.visible_to(by).count(), rows.of(sheet=[sheet]).count()] == [0, 0, 0]
    assert (sheet.uses.count(), programme.past_uses.every(**EVERY).count()) == (0, 0)
    assert rows.every(**EVERY).filter(sheet=sheet).update(people=99) == 0
    assert rows.every(**EVERY).filter(sheet=sheet).delete()[0] == 0
    assert past_ledger(programme, *YEAR).tallies == ()
    assert facts_of(programme, *YEAR)["imported"] is None
    # the control: they are there, and each of these ways knows them once they are confirmed
    assert PastUse.waiting.of(sheet=[sheet]).count() == 3
    confirm_sheet(sheet=sheet, by=by, now=NOON)
    assert [rows.every(**EVERY).count(), rows.visible_to(by).count(), rows.of(sheet=[sheet]).count()] == [3, 3, 3]
    assert (sheet.uses.count(), programme.past_uses.every(**EVERY).count()) == (3, 3)
    assert len(past_ledger(programme, *YEAR).tallies) > 0
    assert facts_of(programme, *YEAR)["imported"] is not None


def test_without_the_manager_rows_that_wait_would_count() -> None:
    """The control: the manager that other tables of this room have shows them, and a figure would add them up."""
    sheet, by = kept()
    others = ScopedManager.from_queryset(StaffQuerySet[PastUse])()
    others.model = PastUse
    with patch.object(PastUse, "objects", others):
        assert PastUse.objects.visible_to(by).count() == 3
        assert len(past_ledger(sheet.programme, *YEAR).tallies) > 0


@pytest.fixture
def dies_at_the_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Let a worker die after it wrote the rows; the answer lets the next one live."""

    def dies(*_told: object, **_more: object) -> None:
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(past_readings, "journal", dies)
        yield patched.undo


def test_a_reading_that_was_killed_leaves_nothing_and_is_done_once_by_the_next(
    queue: None, dies_at_the_end: Callable[[], None]
) -> None:
    sheet, by = kept()
    with pytest.raises(OperationalError):
        read_again(sheet)
    assert fresh(sheet).is_being_read
    assert not PastUse.waiting.visible_to(by).exists()
    dies_at_the_end()
    for _ in range(2):
        read_again(sheet)
    work_off()
    assert (PastUse.waiting.visible_to(by).count(), fresh(sheet).rows_read) == (3, 3)


def test_without_one_transaction_a_killed_reading_would_leave_its_rows(
    queue: None, dies_at_the_end: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet, by = kept()
    in_pieces = past_readings._keep.__wrapped__  # type: ignore[attr-defined]  # what `atomic` holds together
    monkeypatch.setattr(past_readings, "_keep", in_pieces)
    with pytest.raises(OperationalError):
        read_again(sheet)
    assert PastUse.waiting.visible_to(by).count() == 3


def test_a_sheet_whose_worker_is_gone_is_picked_up_again_and_not_for_ever(queue: None) -> None:
    sheet, by = kept()
    DBTaskResult.objects.all().delete()
    assert pick_up_past_sheets(now=NOON + AGAIN - timedelta(seconds=1)) == 0
    assert pick_up_past_sheets(now=NOON + AGAIN + timedelta(seconds=1)) == 1
    assert pick_up_past_sheets(now=NOON + AGAIN + timedelta(seconds=2)) == 0
    PastSheet.objects.every(**EVERY).update(attempts=past_readings.MOST_ATTEMPTS)
    work_off()
    assert not fresh(sheet).is_being_read
    assert "A fault stopped the reading" in browser(by).get(f"/desk/past/{sheet.pk}/").content.decode()
    assert pick_up_past_sheets(now=NOON + 3 * AGAIN) == 0


def test_a_sheet_that_waited_before_there_were_tasks_is_read() -> None:
    by = make_matchmaker(programme := make_programme())
    sheet = PastSheet.objects.create(programme=programme, by=by, file_name="oud.csv", source="x", content=DUTCH)
    assert pick_up_past_sheets(now=NOON) == 1
    assert "3 rows can be read" in browser(by).get(f"/desk/past/{sheet.pk}/").content.decode()


def test_a_sheet_that_was_dropped_while_it_waited_is_not_read(queue: None) -> None:
    sheet, by = kept()
    take_back_sheet(sheet=sheet, by=by)
    work_off()
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert not PastUse.waiting.visible_to(by).exists()


def test_a_fault_of_ours_is_said_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_told: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(past_readings, "read_past", breaks)
    sheet, by = kept()
    text = browser(by).get(f"/desk/past/{sheet.pk}/").content.decode()
    assert "A fault stopped the reading of this sheet" in text
    assert "Confirm: write these rows" not in text


def test_what_is_wrong_is_said_in_the_language_of_who_reads() -> None:
    sheet, by = kept(BAD)
    broken, same = kept(b"colour;taste\nred;sweet\n")
    texts = {
        (which.pk, code): speaking(who, code).get(f"/desk/past/{which.pk}/").content.decode()
        for which, who in ((sheet, by), (broken, same))
        for code in ("en", "nl")
    }
    assert "None of the columns is known" in texts[broken.pk, "en"]
    assert "None of the columns is known" not in texts[broken.pk, "nl"]
    assert "D2" in texts[sheet.pk, "nl"]
    said = sheet.faults[0]["message"]
    assert said.split(".")[0].replace("'", "&#x27;") in texts[sheet.pk, "en"]
    assert said.split(".")[0].replace("'", "&#x27;") not in texts[sheet.pk, "nl"]


def test_only_the_first_faults_are_kept_and_the_others_are_counted() -> None:
    lines = [row("2024-13-01", f"{each // 60:02}:{each % 60:02}", "23:59", "", "8", "") for each in range(60)]
    sheet, by = kept((HEAD + "\n".join(lines)).encode())
    assert (len(sheet.faults), sheet.faults_found, sheet.rows_refused) == (50, 60, 60)
    assert "And 10 more." in browser(by).get(f"/desk/past/{sheet.pk}/").content.decode()


def test_signs_that_no_database_keeps_are_told_all_the_same() -> None:
    sheet, by = kept((HEAD + row("2024-03-\0", "19:00", "21:00", "", "8", "")).encode())
    assert sheet.rows_refused == 1
    assert "\ufffd" in browser(by).get(f"/desk/past/{sheet.pk}/").content.decode()


def look_at(given: tuple[PastSheet, Person], number: int) -> int:
    """Look at the first and the last page of a sheet, and return what the first asks the database."""
    (sheet, by), last = given, -(-number // 50)
    client = browser(by)
    assert client.get(f"/desk/past/{sheet.pk}/?page={last}").content.decode().count("<td>Host</td>") > 0
    with CaptureQueriesContext(connection) as seen:
        text = client.get(f"/desk/past/{sheet.pk}/").content.decode()
    assert text.count("<td>Host</td>") == min(number, 50)
    assert not any('"content"' in each["sql"] for each in seen.captured_queries), "the bytes stay where they are"
    return len(seen.captured_queries)


def test_the_preview_is_paged_by_the_database_and_needs_no_more_queries_with_rows() -> None:
    few, lots = (look_at(kept(many(number)), number) for number in (2, 400))
    assert 0 < lots <= few


def test_a_sheet_that_is_not_read_yet_cannot_be_confirmed(queue: None) -> None:
    sheet, by = kept()
    with pytest.raises(ConflictError):
        confirm_sheet(sheet=sheet, by=by, now=NOON)
    assert drop_old_sheets(now=NOON + timedelta(days=16)) == 1


def test_confirming_empties_the_bytes_and_taking_back_takes_every_row() -> None:
    sheet, by = confirmed()
    assert bytes(fresh(sheet).content) == b""
    assert take_back_sheet(sheet=sheet, by=by) == 3
    assert not PastUse._base_manager.exists()
