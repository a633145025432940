"""Mail that does not arrive is seen: refused while we send, or sent back later; a forged notice switches nobody off."""

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO, TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from tests.rooms.makers import make_matchmaker, make_person, make_programme, make_request

from meervoud.parties.bounces import MOST_BYTES, note_bounces, read_notice
from meervoud.parties.mail import MOST_TRIES, PAUSES, Letter, put_in_outbox, send_outbox, write_to
from meervoud.parties.models import OutboxMail, Person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HELLO = Letter("message", {"subject": "The room", "conversation": "1"})
TEST = "a test"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with patch("django.utils.timezone.now", return_value=NOW):
        yield


def sent_to(person: Person) -> OutboxMail:
    write_to(person, HELLO)
    send_outbox(now=NOW)
    return OutboxMail.objects.visible_to(person).get()


def notice(message_id: str, *, status: str = "5.1.1", action: str = "failed", to: str = "noor@example.org") -> bytes:
    """Write a notification as RFC 3464 describes it."""
    return f"""From: MAILER-DAEMON@relay.example
To: meervoud@localhost
Subject: Not delivered
Message-ID: <notice-1@relay.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain

Your mail could not be brought.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 nobody of that name

--cut
Content-Type: text/rfc822-headers

From: meervoud@localhost
Message-ID: {message_id}
Subject: A message

--cut--
""".replace("\n", "\r\n").encode()


# while we send


def refused(number: int, words: bytes) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"noor@example.org": (number, words)})


def test_an_address_that_does_not_exist_is_not_tried_again() -> None:
    person = make_person(email="noor@example.org")
    write_to(person, HELLO)
    error = refused(550, b"5.1.1 <noor@example.org>: no such user")
    with patch("django.core.mail.EmailMessage.send", side_effect=error) as send:
        for day in range(5):
            send_outbox(now=NOW + timedelta(days=day))
    assert send.call_count == 1
    kept = OutboxMail.objects.visible_to(person).get()
    assert (kept.tries, kept.fault) == (MOST_TRIES, "SMTPRecipientsRefused 550 5.1.1")
    person.refresh_from_db()
    assert (person.mail_fault, person.mail_does_not_arrive, person.mail_fault_since) == ("550", True, NOW)
    assert write_to(person, HELLO) is None


@pytest.mark.parametrize(
    "error",
    [
        refused(451, b"4.7.1 try again later"),
        refused(554, b"5.7.1 relay access denied"),
        smtplib.SMTPDataError(552, b"too large"),
        smtplib.SMTPSenderRefused(550, b"5.1.8 no", "us@example.org"),
    ],
)
def test_what_may_pass_is_tried_again_after_growing_pauses(error: OSError) -> None:
    person = make_person(email="noor@example.org")
    write_to(person, HELLO)
    moment, tried = NOW, list[datetime]()
    with patch("django.core.mail.EmailMessage.send", side_effect=error) as send:
        for _ in range(24 * 12 * 6):
            before = send.call_count
            send_outbox(now=moment)
            tried += [moment] * (send.call_count - before)
            moment += timedelta(minutes=5)
    assert [later - before for before, later in pairwise(tried)] == list(PAUSES)
    assert len(tried) == MOST_TRIES
    person.refresh_from_db()
    assert not person.mail_does_not_arrive


def test_an_address_that_no_mail_can_carry_holds_nobody_up() -> None:
    put_in_outbox(address="nasty\nBcc: x@example.org", language="en", letter=HELLO)
    put_in_outbox(address="good@example.org", language="en", letter=HELLO)
    assert send_outbox(now=NOW) == 1
    assert [each.to for each in mail.outbox] == [["good@example.org"]]


def test_each_mail_has_a_name_that_nobody_can_guess() -> None:
    kept = sent_to(make_person())
    other = sent_to(make_person())
    assert kept.message_id != other.message_id
    assert mail.outbox[0].message()["Message-ID"] == kept.message_id


# what comes back


def test_a_hard_notice_marks_the_address_once_and_the_person_sees_it() -> None:
    person = make_person(email="noor@example.org", language="en")
    kept = sent_to(person)
    found = note_bounces([notice(kept.message_id)] * 2, now=NOW)
    assert (found.hard, found.known) == (1, 1)
    person.refresh_from_db()
    assert (person.mail_fault, person.mail_fault_since) == ("5.1.1", NOW)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    make_programme()
    for address in ("/desk/", "/me/"):
        page = client.get(address).content.decode()
        assert "Mail to noor@example.org does not arrive." in page
    assert client.post("/me/address/").status_code == 302
    person.refresh_from_db()
    assert not person.mail_does_not_arrive
    assert note_bounces([notice(kept.message_id)], now=NOW).known == 1  # an old notice does not undo it
    person.refresh_from_db()
    assert not person.mail_does_not_arrive


def test_a_new_address_begins_anew() -> None:
    person = make_person(email="noor@example.org")
    note_bounces([notice(sent_to(person).message_id)], now=NOW)
    Person.objects.filter(pk=person.pk).update(email="new@example.org")
    person.refresh_from_db()
    assert write_to(person, HELLO) is not None


def test_the_desk_sees_whom_mail_does_not_reach() -> None:
    programme = make_programme()
    person = make_person("Noor de Boer", email="noor@example.org", phone="020 555 0111")
    make_request(programme, asked_by=person)
    note_bounces([notice(sent_to(person).message_id)], now=NOW)
    for desk, sees in ((make_matchmaker(programme), True), (make_matchmaker(make_programme()), False)):
        client = Client(headers={"accept-language": "en"})
        client.force_login(desk)
        text = client.get("/desk/").content.decode()
        assert ("020 555 0111" in text) is sees


def test_a_soft_notice_only_counts() -> None:
    person = make_person(email="noor@example.org")
    kept = sent_to(person)
    mails = [notice(kept.message_id, status="4.2.2", action="delayed"), notice(kept.message_id, status="4.4.7")]
    assert note_bounces(mails, now=NOW).soft == 2
    person.refresh_from_db()
    assert not person.mail_does_not_arrive
    assert note_bounces([notice(kept.message_id)], now=NOW).hard == 1


def test_a_forged_notice_switches_nobody_off() -> None:
    person = make_person(email="noor@example.org")
    kept = sent_to(person)
    forged = [
        notice("<made-up@127.0.0.1>"),
        notice(""),
        notice(kept.message_id, status="5.1.1", action="delivered"),
        notice(kept.message_id, status="2.1.5", action="delivered"),
        notice(kept.message_id, status="5"),
        notice(kept.message_id).replace(b"multipart/report", b"multipart/mixed"),
        b"Subject: 5.1.1\r\n\r\nnoor@example.org is gone",
        b"",
        b"\xff\x00" * 100,
    ]
    note_bounces(forged, now=NOW)
    note_bounces([notice(kept.message_id)], now=NOW + timedelta(days=31))
    person.refresh_from_db()
    assert not person.mail_does_not_arrive
    assert note_bounces([notice(kept.message_id)], now=NOW + timedelta(days=29)).hard == 1  # the control


def test_a_notice_does_not_touch_somebody_who_changed_address_meanwhile() -> None:
    person = make_person(email="noor@example.org")
    kept = sent_to(person)
    Person.objects.filter(pk=person.pk).update(email="new@example.org")
    note_bounces([notice(kept.message_id)], now=NOW)
    person.refresh_from_db()
    assert not person.mail_fault


def bombs() -> list[bytes]:
    deep = b"".join(b'Content-Type: multipart/report; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000))
    wide = notice("<a@b>").replace(b"--cut--", b"--cut\r\n\r\nx\r\n" * 20_000 + b"--cut--")
    return [deep, wide, notice("<a@b>") + b"x" * MOST_BYTES, notice("<" + "a" * 500_000 + "@b>")]


@pytest.mark.parametrize("number", range(4))
def test_a_notice_that_is_a_bomb_is_left_alone(number: int) -> None:
    data = bombs()[number]
    assert read_notice(data) is None
    assert note_bounces([data], now=NOW).unreadable == 1


# the command


def run(place: object) -> str:
    said = StringIO()
    call_command("bounces", str(place), stdout=said)
    return said.getvalue()


def test_the_command_reads_a_file_an_mbox_a_maildir_and_the_input(tmp_path: Path, monkeypatch: Any) -> None:
    people = [make_person(email=f"p{number}@example.org") for number in range(4)]
    one, two, three, four = (notice(sent_to(person).message_id) for person in people)
    (tmp_path / "one.eml").write_bytes(one)
    (tmp_path / "box").write_bytes(b"From x\n" + two.replace(b"\r\n", b"\n") + b"\nFrom y\n\nnothing\n")
    for part in ("new", "cur", "tmp"):
        (tmp_path / "dir" / part).mkdir(parents=True)
    (tmp_path / "dir" / "new" / "1").write_bytes(three)
    assert run(tmp_path / "one.eml").startswith("1 do not arrive")
    assert "1 do not arrive" in run(tmp_path / "box")
    assert "1 do not arrive" in run(tmp_path / "dir")
    assert "1 known already" in run(tmp_path / "dir")
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(four)))
    assert "1 do not arrive" in run("-")
    assert Person.objects.filter(mail_fault="5.1.1").count() == 4
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "none")
