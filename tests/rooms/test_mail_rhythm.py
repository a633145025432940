"""Mail at once or as one mail a day or week: what waits, what does not, and the nights in which the clock changes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.signing import Signer
from django.test import Client
from tests.rooms.makers import make_person

from meervoud.parties.digests import write_digests
from meervoud.parties.mail import Letter, drop_waiting, send_outbox, write_to
from meervoud.parties.mail_links import person_of_token, rhythm_path, rhythm_token, weekly_path
from meervoud.parties.models import OutboxMail, Person
from meervoud.parties.rhythm import choose_rhythm, next_digest

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CITY = ZoneInfo("Europe/Amsterdam")
TEST = "a test"


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with patch("django.utils.timezone.now", return_value=moment):
        yield


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with at(SUNDAY):
        yield


def letter(number: int = 1, **values: object) -> Letter:
    said = {"can_wait": True, "link": f"/conversations/{number}/", "about": f"conversation:{number}", **values}
    return Letter("message", {"subject": f"Room {number}", "conversation": str(number)}, **said)  # type: ignore[arg-type]


def rows() -> list[OutboxMail]:
    return list(OutboxMail.objects.every(because=TEST).order_by("created_at"))


# when


@pytest.mark.parametrize(
    ("rhythm", "now", "due"),
    [
        ("daily", "2026-11-22T06:59", "2026-11-22T07:00"),
        ("daily", "2026-11-22T07:00", "2026-11-23T07:00"),
        ("daily", "2026-03-28T20:00", "2026-03-29T07:00"),
        ("daily", "2026-10-24T20:00", "2026-10-25T07:00"),
        ("weekly", "2026-11-22T12:00", "2026-11-23T07:00"),
        ("weekly", "2026-11-23T06:00", "2026-11-23T07:00"),
        ("weekly", "2026-11-23T07:00", "2026-11-30T07:00"),
        ("weekly", "2026-03-24T12:00", "2026-03-30T07:00"),
    ],
)
def test_a_digest_is_due_at_seven_on_the_wall_clock(rhythm: str, now: str, due: str) -> None:
    found = next_digest(rhythm, datetime.fromisoformat(now).replace(tzinfo=CITY).astimezone(UTC))
    assert found == datetime.fromisoformat(due).replace(tzinfo=CITY)


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
@pytest.mark.parametrize("rhythm", ["daily", "weekly"])
def test_a_night_with_another_clock_sends_neither_twice_nor_never(day: str, rhythm: str) -> None:
    person = make_person(mail_rhythm=rhythm)
    moment, told = datetime.fromisoformat(day).replace(tzinfo=CITY).astimezone(UTC), list[datetime]()
    for step in range(4 * 24 * 4):
        now = moment + timedelta(minutes=15 * step)
        with at(now):
            if step % 4 == 0:
                write_to(person, letter(step))
            told += [now] * write_digests(now=now)
    wall = [each.astimezone(CITY) for each in told]
    assert {(each.hour, each.minute) for each in wall} == {(7, 0)}
    days = [each.date() for each in wall]
    assert len(days) == len(set(days)) == (4 if rhythm == "daily" else 1)
    assert [each.weekday() for each in days] == ([5, 6, 0, 1] if rhythm == "daily" else [0])


# what


def test_what_may_wait_becomes_one_mail_and_what_cannot_leaves_at_once() -> None:
    person = make_person(mail_rhythm="daily", language="en")
    write_to(person, letter(1))
    write_to(person, letter(2))
    write_to(person, letter(3, can_wait=False))
    write_to(person, letter(4, ends_at=SUNDAY + timedelta(days=2)))
    write_to(person, letter(5, ends_at=SUNDAY + timedelta(days=9)))
    assert send_outbox(now=SUNDAY) == 2
    assert write_digests(now=SUNDAY) == 0
    morning = SUNDAY + timedelta(hours=20)
    assert [write_digests(now=morning), write_digests(now=morning)] == [1, 0]
    assert send_outbox(now=morning) == 1
    digest = mail.outbox[-1]
    assert digest.subject == "3 things wait for you"
    assert [number for number in (1, 2, 3, 4, 5) if f"/conversations/{number}/" in digest.body] == [1, 2, 5]


def test_a_later_letter_about_the_same_replaces_one_that_waits_and_what_is_settled_goes() -> None:
    person = make_person(mail_rhythm="weekly")
    for _ in range(3):
        write_to(person, letter(1))
    write_to(person, letter(2))
    assert [each.about for each in rows()] == ["conversation:1", "conversation:2"]
    drop_waiting("conversation:2", [person])
    write_to(person, letter(1, can_wait=False))  # told at once: it need not be told again on Monday
    assert [(each.about, each.digest_after) for each in rows()] == [("conversation:1", None)]
    assert write_digests(now=SUNDAY + timedelta(days=8)) == 0


def test_somebody_who_left_meanwhile_gets_no_digest() -> None:
    person = make_person(mail_rhythm="daily")
    write_to(person, letter())
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert write_digests(now=SUNDAY + timedelta(days=1)) == 0
    assert rows() == []


def test_what_waits_follows_a_new_rhythm() -> None:
    person = make_person(mail_rhythm="weekly")
    write_to(person, letter())
    choose_rhythm(person=person, rhythm="at_once", now=SUNDAY, way="page")
    assert write_digests(now=SUNDAY) == 1


# the link at the foot


def test_the_link_at_the_foot_opens_the_choice_and_looking_changes_nothing() -> None:
    person, client = make_person(language="en"), Client(headers={"accept-language": "en"})
    write_to(person, letter())
    send_outbox(now=SUNDAY)
    found = re.search(r"/mail/\S+/", str(mail.outbox[0].body))
    assert found
    assert found[0] == rhythm_path(person)
    for _ in range(2):
        assert [client.get(found[0]).status_code, client.head(found[0]).status_code] == [200, 200]
    page = client.get(found[0], {"mail_rhythm": "weekly"})
    person.refresh_from_db()
    assert person.mail_rhythm == "at_once"
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
    assert str(person.email) not in page.content.decode()
    assert client.post(found[0], {"mail_rhythm": "never"}).status_code == 422
    assert client.post(found[0], {"mail_rhythm": "daily"}).status_code == 200
    person.refresh_from_db()
    assert person.mail_rhythm == "daily"


def test_the_button_of_a_mail_program_sets_weekly_without_cookies() -> None:
    person, client = make_person(), Client(enforce_csrf_checks=True)
    write_to(person, letter())
    send_outbox(now=SUNDAY)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http")
    assert weekly_path(person) in headers["List-Unsubscribe"]
    assert client.get(weekly_path(person)).status_code == 405
    assert client.post(weekly_path(person), {"List-Unsubscribe": "One-Click"}).status_code == 204
    person.refresh_from_db()
    assert person.mail_rhythm == "weekly"


def test_a_link_that_was_changed_opens_nothing() -> None:
    person, other = make_person(), make_person()
    good = rhythm_token(person)
    forged = [
        good[:-1],
        good.replace(person.pk.hex, other.pk.hex),
        Signer(salt="another").sign(person.pk.hex),
        "x" * 9000,
    ]
    for token in forged:
        assert person_of_token(token) is None
        assert Client().post(f"/mail/{token}/weekly/").status_code == 404
        assert Client().get(f"/mail/{token}/").status_code == 404
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert person_of_token(good) is None


def test_a_subject_of_somebody_else_adds_no_header_and_no_line() -> None:
    person = make_person(mail_rhythm="daily", language="en")
    nasty = "Room\r\nBcc: victim@example.org\u2028X: 1\x0bY: 2"
    write_to(
        person, Letter("message", {"subject": nasty, "conversation": "1"}, can_wait=True, link="/conversations/1/")
    )
    write_digests(now=SUNDAY + timedelta(days=1))
    assert send_outbox(now=SUNDAY + timedelta(days=1)) == 1
    sent = mail.outbox[0]
    assert sent.recipients() == [person.email]
    assert b"\nBcc:" not in sent.message().as_bytes()
    assert "- A message about Room Bcc: victim@example.org X: 1 Y: 2\n" in sent.body


def test_the_rhythm_is_chosen_on_the_profile() -> None:
    person, client = make_person(), Client()
    client.force_login(person)
    said = {"name": "Noor", "language": "en"}
    assert client.post("/me/", {**said, "mail_rhythm": "weekly"}).status_code == 302
    assert client.post("/me/", said).status_code == 302
    person.refresh_from_db()
    assert person.mail_rhythm == "weekly"
