"""The same use in two sheets counts once: the second sheet leaves it out and says so."""

from functools import partial
from threading import Barrier
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from tests.rooms.makers import make_matchmaker, make_programme
from tests.rooms.matching.test_two_at_once import together
from tests.rooms.outcomes.test_past_readings import EVERY, YEAR, fresh
from tests.rooms.outcomes.test_past_uses import HEAD, NOON, confirmed, kept, row
from tests.rooms.usage.test_plan_pages import browser

from meervoud.core.errors import ConflictError
from meervoud.outcomes import past_doubles, past_imports
from meervoud.outcomes.facts import facts_of
from meervoud.outcomes.models import PastSheet, PastUse
from meervoud.outcomes.past_imports import confirm_sheet, take_back_sheet
from meervoud.parties.models import Person, Programme

pytestmark = pytest.mark.django_db
A, B, C = (row(f"2024-03-0{day}", "19:00", "21:00", "", "8", "") for day in (1, 2, 3))


def sheet_of(*lines: str) -> bytes:
    return (HEAD + "\n".join(lines)).encode()


def confirm(sheet: PastSheet, by: Person) -> PastSheet:
    return confirm_sheet(sheet=sheet, by=by, now=NOON)


def page(sheet: PastSheet, by: Person) -> str:
    text: str = browser(by).get(f"/desk/past/{sheet.pk}/").content.decode()
    return text


def days(programme: Programme) -> list[int]:
    return sorted(each.starts_at.day for each in PastUse.objects.every(**EVERY).filter(programme=programme))


def test_rows_that_another_sheet_told_are_left_out_and_the_page_says_how_many_and_which() -> None:
    first, _by = confirmed(sheet_of(A, B))
    second, by = kept(sheet_of(B.upper(), C), name="again.csv", programme=first.programme)
    text = page(second, by)
    for said in (
        "2 rows can be read",
        "1 row was given before, in another sheet",
        f"/desk/past/{first.pk}/",
        "1 row is new",
    ):
        assert said in text
    assert text.count("<td>Host</td>") + text.count("<td>HOST</td>") == 1
    answer = browser(by).post(f"/desk/past/{second.pk}/confirm/", follow=True).content.decode()
    for said in ("1 row was left out: it was given before.", "1 row is written", "before.csv</a>"):
        assert said in answer
    assert days(first.programme) == [1, 2, 3]
    assert facts_of(first.programme, *YEAR)["imported"]["room_minutes"] == 3 * 120
    assert not PastUse.waiting.every(**EVERY).exists()


def test_the_control_rows_that_differ_in_what_counts_are_no_doubles() -> None:
    first, _by = confirmed(sheet_of(A))
    others = [
        A.replace(*each) for each in (("Host", "Guest"), ("Room", "Attic"), ("Choir", "Band"), ("19:00", "19:30"))
    ]
    second, by = kept(sheet_of(*others), programme=first.programme)
    assert "What is left out" not in page(second, by)
    assert confirm(second, by).left_out == []
    assert len(days(first.programme)) == 5


def test_rows_that_repeat_within_a_sheet_are_left_out_and_named() -> None:
    sheet, by = kept(sheet_of(A, B, A))
    text = page(sheet, by)
    for said in ("3 rows can be read", "1 row stands in this sheet already", "Row 4 is like row 2.", "2 rows are new"):
        assert said in text
    confirm(sheet, by)
    assert days(sheet.programme) == [1, 2]


def test_a_sheet_that_tells_nothing_new_cannot_be_confirmed() -> None:
    first, _by = confirmed(sheet_of(A, B))
    second, by = kept(sheet_of(B, A), programme=first.programme)
    text = page(second, by)
    assert "There is nothing to write." in text
    assert "Confirm: write these rows" not in text
    assert browser(by).post(f"/desk/past/{second.pk}/confirm/").status_code == 409
    assert fresh(second).confirmed_at is None
    assert PastUse.waiting.of(sheet=[second]).count() == 2, "refused as a whole"


def test_of_two_sheets_that_wait_the_one_confirmed_second_leaves_its_doubles_out() -> None:
    first, by = kept(sheet_of(A, B))
    second, _by = kept(sheet_of(B, C), name="again.csv", programme=first.programme)
    assert "What is left out" not in page(first, by) + page(second, by)
    assert confirm(second, by).left_out == []
    told = confirm(first, by).left_out
    assert told == [{"sheet": str(second.pk), "file_name": "again.csv", "number": 1}]
    assert days(first.programme) == [1, 2, 3]


def test_rows_come_back_where_the_sheet_that_told_them_is_taken_back_in_time() -> None:
    first, by = confirmed(sheet_of(A, B))
    second, _by = kept(sheet_of(B, C), programme=first.programme)
    take_back_sheet(sheet=first, by=by)
    assert "What is left out" not in page(second, by)
    confirm(second, by)
    assert days(second.programme) == [2, 3]


def test_a_sheet_says_what_it_left_out_also_when_the_other_is_gone() -> None:
    first, by = confirmed(sheet_of(A, B))
    second, _by = kept(sheet_of(B, C), programme=first.programme)
    confirm(second, by)
    take_back_sheet(sheet=first, by=by)
    text = page(second, by)
    assert "taken back since" in text
    assert f"/desk/past/{first.pk}/" not in text


def test_another_programme_has_rows_of_its_own() -> None:
    confirmed()
    elsewhere, by = confirmed()
    assert elsewhere.left_out == []
    assert PastUse.objects.visible_to(by).count() == 3


def test_the_database_itself_refuses_what_counts_twice() -> None:
    first, _by = confirmed(sheet_of(A, B))
    second, _by = kept(sheet_of(B, C), programme=first.programme)
    with pytest.raises(IntegrityError, match=r"the_same_past_use_counts_once|programme_id"), transaction.atomic():
        PastUse.waiting.of(sheet=[second]).update(is_confirmed=True)
    assert days(first.programme) == [1, 2]


def two_that_wait() -> list[tuple[PastSheet, Person]]:
    by = make_matchmaker(programme := make_programme())
    return [(kept(sheet_of(*lines), programme=programme)[0], by) for lines in ((A, B), (B, C))]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_one_moment_double_nothing_and_the_second_says_what_it_left_out() -> None:
    sheets = two_that_wait()
    done: list[Any] = together([partial(confirm, sheet, by) for sheet, by in sheets])
    assert [each for each in done if isinstance(each, Exception)] == []
    assert sorted(len(each.left_out) for each in done) == [0, 1]
    assert days(sheets[0][0].programme) == [1, 2, 3]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_look_first_and_the_constraint_refuses_one() -> None:
    """The control: who only looks and then writes sees no doubles. SQLite lets in one writer at a time."""
    sheets, looked, is_one_by_one = two_that_wait(), past_doubles.told_by, connection.vendor == "sqlite"
    barrier = Barrier(1 if is_one_by_one else 2)

    def look_together(sheet: PastSheet) -> Any:  # Any: as told_by
        told = looked(sheet)
        barrier.wait(30)
        return told

    with patch.object(past_imports, "_one_at_a_time"), patch.object(past_imports, "told_by", look_together):
        done = together([partial(confirm, sheet, by) for sheet, by in sheets])
    refused = [each for each in done if isinstance(each, Exception)]
    assert all(isinstance(each, IntegrityError) for each in refused)
    assert len(refused) == (0 if is_one_by_one else 1)
    assert days(sheets[0][0].programme) in ([1, 2], [2, 3], [1, 2, 3])


def test_a_sheet_with_nothing_to_read_is_refused_in_a_sentence() -> None:
    sheet, by = kept(HEAD.encode())
    assert "Confirm: write these rows" not in page(sheet, by)
    with pytest.raises(ConflictError):
        confirm(sheet, by)
