"""People: served by letter, invited, forgotten, looked at; the limits, and the mail."""

import re
import smtplib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from tests.rooms.makers import (
    make_matchmaker,
    make_offer,
    make_organisation,
    make_person,
    make_programme,
)
from tests.rooms.matrix.table import CALLER
from tests.rooms.matrix.world import NOW, World, make_record, make_world, noon

from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.demand.models import Request
from meervoud.lib.chain import check_chain
from meervoud.lib.models import JournalEntry, RateBucket
from meervoud.lib.rates import TooOftenError, take_token
from meervoud.parties.conversations import About, start_conversation
from meervoud.parties.mail import MOST_TRIES, Letter, put_in_outbox, send_outbox, write_to
from meervoud.parties.models import Invitation, Membership, Organisation, OutboxMail, Person, Programme
from meervoud.parties.organisations import accept_invitation, invite
from meervoud.parties.privacy import forget, looks_at
from meervoud.parties.served import LETTERS, Caller, claim, make_code, new_code, people_to_forget

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with noon():
        yield


@pytest.fixture
def programme() -> Programme:
    return make_programme()


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def text_of(answer: Any) -> str:  # Any: the answer of a test client
    return str(answer.content.decode())


# served by letter


def test_the_letter_shows_its_code_once(programme: Programme) -> None:
    desk = signed_in(make_matchmaker(programme))
    address = desk.post("/desk/calls/", CALLER).headers["Location"]
    assert len(set(CODE.findall(text_of(desk.get(address))))) == 1
    assert CODE.findall(text_of(desk.get(address))) == []


def test_the_code_of_the_letter_moves_the_request_to_who_types_it(programme: Programme) -> None:
    desk, person = signed_in(make_matchmaker(programme)), make_person()
    code = CODE.findall(text_of(desk.get(desk.post("/desk/calls/", CALLER).headers["Location"])))[0]
    own = signed_in(person)
    answer = own.post("/claim/", {"code": code.lower().replace("-", " ")})
    request = Request.objects.visible_to(person).get()
    assert answer.headers["Location"] == f"/requests/{request.pk}/"
    assert request.asked_by == person
    assert own.get(answer.headers["Location"]).status_code == 200


def test_a_wrong_code_and_a_used_code_claim_nothing(programme: Programme) -> None:
    record, code = make_record(programme, make_matchmaker(programme))
    first, second = make_person(), make_person()
    with pytest.raises(InputError):
        claim(code=make_code(), by=first, now=NOW)
    claim(code=code, by=first, now=NOW)
    with pytest.raises(ConflictError, match="used before"):
        claim(code=code, by=second, now=NOW)
    assert "No record has this code" in text_of(signed_in(second).post("/claim/", {"code": "AAAA-BBBB-CCCC"}))
    assert list(Request.objects.visible_to(second)) == []
    assert Request.objects.visible_to(first).get().pk == record.thing


def test_a_new_code_makes_the_old_one_useless(programme: Programme) -> None:
    desk = make_matchmaker(programme)
    record, old = make_record(programme, desk)
    new = new_code(record=record, by=desk)
    with pytest.raises(InputError):
        claim(code=old, by=make_person(), now=NOW)
    claim(code=new, by=make_person(), now=NOW)


def test_the_eleventh_code_in_an_hour_is_refused_in_a_sentence(programme: Programme) -> None:
    client = signed_in(make_person())
    statuses = [client.post("/claim/", {"code": make_code()}).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    text = text_of(client.post("/claim/", {"code": make_code()}))
    assert "You did this very often in a short time." in text
    with patch("django.utils.timezone.now", return_value=NOW + timedelta(minutes=7)):
        assert client.post("/claim/", {"code": make_code()}).status_code == 422


def test_a_code_can_be_read_out_and_is_not_guessed() -> None:
    codes = {make_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(CODE.fullmatch(code) for code in codes)
    assert not set("0O1I") & set(LETTERS)


def test_what_is_claimed_belongs_to_the_claimer_with_who_looked_at_it_before(programme: Programme) -> None:
    desk = make_matchmaker(programme)
    record, code = make_record(programme, desk, Caller("Berend Belster", "020 5550", "Postlane 7"))
    signed_in(desk).get(f"/desk/letters/{record.pk}/")
    person = make_person()
    claim(code=code, by=person, now=NOW)
    assert [each.actor for each in looks_at(person)] == [desk.pk]
    exported = signed_in(person).get("/me/export/").json()
    assert [each["postal_address"] for each in exported["entered_for_me"]] == ["Postlane 7"]
    forget(person=person, by=person)
    assert tables_with("Berend Belster", "Postlane 7", "020 5550") == []


def test_what_nobody_claims_is_forgotten_after_half_a_year(programme: Programme) -> None:
    record, _ = make_record(programme, make_matchmaker(programme))
    claimed, code = make_record(programme, make_matchmaker(programme))
    claim(code=code, by=make_person(), now=NOW)
    assert people_to_forget(record.forget_on - timedelta(days=1)) == []
    assert people_to_forget(record.forget_on) == [record.person_id]
    assert claimed.person_id != record.person_id


# invitations


def invited(programme: Programme, email: str) -> tuple[Invitation, str]:
    manager = make_person()
    organisation = make_organisation(programme, member=manager)
    return invite(organisation=organisation, email=email, role="deputy", by=manager, now=NOW)


def test_an_invitation_is_for_one_address_once_and_seven_days(programme: Programme) -> None:
    person, other = make_person(email="Noor@Example.org"), make_person()
    invitation, token = invited(programme, "noor@example.org ")
    with pytest.raises(InputError):
        accept_invitation(token=token, by=other, now=NOW)
    with pytest.raises(InputError):
        accept_invitation(token=token[:-1], by=person, now=NOW)
    with pytest.raises(ConflictError):
        accept_invitation(token=token, by=person, now=NOW + timedelta(days=7))
    accept_invitation(token=token, by=person, now=NOW + timedelta(days=6, hours=23))
    assert Membership.objects.every(because="a test").get(person=person).role == "deputy"
    with pytest.raises(ConflictError):
        accept_invitation(token=token, by=person, now=NOW)
    assert Membership.objects.every(because="a test").filter(organisation=invitation.organisation).count() == 2


def test_somebody_else_with_the_link_joins_nothing_and_is_told_why(programme: Programme) -> None:
    _, token = invited(programme, "noor@example.org")
    client = signed_in(make_person())
    answer = client.post(f"/invitation/{token}/", follow=True)
    assert "This invitation is not for your e-mail address." in text_of(answer)
    assert Membership.objects.every(because="a test").filter(person=answer.wsgi_request.user.pk).count() == 0


def test_a_member_invites_nobody(programme: Programme) -> None:
    member = make_person()
    organisation = make_organisation(programme)
    Membership.objects.create(person=member, organisation=organisation, role="member")
    with pytest.raises(NotAllowedError):
        invite(organisation=organisation, email="a@example.org", role="manager", by=member, now=NOW)
    assert OutboxMail.objects.every(because="a test").count() == 0


def test_an_invitation_does_not_lower_who_belongs_already(programme: Programme) -> None:
    manager = make_person(email="manager@example.org")
    organisation = make_organisation(programme, member=manager)
    _, token = invite(organisation=organisation, email="manager@example.org", role="member", by=manager, now=NOW)
    accept_invitation(token=token, by=manager, now=NOW)
    assert Membership.objects.every(because="a test").get(person=manager).role == "manager"


def test_a_matchmaker_checks_only_who_takes_part_in_their_programme(programme: Programme) -> None:
    desk, elsewhere = make_matchmaker(programme), make_programme()
    own = make_organisation(elsewhere, member=desk, verified=False)
    assert signed_in(desk).post(f"/desk/organisations/{own.pk}/check/", {"answer": "yes"}).status_code == 404
    assert Organisation.objects.every(because="a test").get(pk=own.pk).verification == "unverified"


def test_the_one_click_sign_in_knows_only_its_three_roles(programme: Programme) -> None:
    make_person(email=None, is_made_up=True)
    client = Client()
    for role in ("", "nobody", "host"):
        assert client.post("/demo/sign-in/", {"role": role}).status_code == 404
    assert "_auth_user_id" not in client.session


# forgetting


def tables_with(*words: str) -> list[str]:
    """Return "table.column" wherever one of the words stands, in any column of any table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # a name from the database
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                values = zip(
                    columns, (str(bytes(x)) if isinstance(x, memoryview) else str(x) for x in row), strict=True
                )
                found += [f"{table}.{column}" for column, value in values if any(word in value for word in words)]
    return sorted(set(found))


@pytest.fixture
def known() -> tuple[World, Person]:
    """Somebody of whom every room knows something."""
    world = make_world()
    person = world.people["asker"]
    person.name, person.email, person.phone = "Zilvermeeuw de Wit", "zilvermeeuw@geheim.example", "+31 6 99887766"
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    LogEntry.objects.log_actions(world.people["administrator"].pk, [person], CHANGE, change_message="name")
    Request.objects.every(because="a test").filter(asked_by=person).update(
        title="Zilvermeeuw zingt", for_whom="Zilvermeeuw", brings_about="Zilvermeeuw", neighbourhood="Zilvermeeuwbuurt"
    )
    about = About("offer", world.online.pk, "The room")
    start_conversation(
        programme=world.programme, by=person, organisation=world.host, about=about, text="Zilvermeeuw vraagt"
    )
    own = Membership.objects.every(because="a test").get(person=person).organisation
    invite(organisation=own, email="friend@example.org", role="member", by=person, now=NOW)
    invite(organisation=world.host, email=person.email, role="member", by=world.people["manager"], now=NOW)
    write_to(person, Letter("message", {"subject": "x", "conversation": "y"}))
    return world, person


def test_a_forgotten_person_is_in_no_table(known: tuple[World, Person]) -> None:
    _, person = known
    words = (person.name, str(person.email), person.phone, "Zilvermeeuw")
    assert len(tables_with(*words)) >= 8
    forget(person=person, by=person)
    assert tables_with(*words) == []


def test_a_forgotten_person_leaves_the_journal_whole_and_no_request_open(known: tuple[World, Person]) -> None:
    world, person = known
    assert check_chain().holds
    before = JournalEntry.objects.count()
    forget(person=person, by=person)
    assert check_chain().holds
    assert JournalEntry.objects.filter(verb="person.forgotten", thing=person.pk).count() == 1
    assert JournalEntry.objects.count() > before
    rows = Request.objects.every(because="a test").filter(asked_by=person)
    assert {row.state for row in rows} == {"withdrawn"}
    page = text_of(world.client("manager").get(f"/conversations/{world.conversation.pk}/"))
    assert "somebody who left" in page


def test_a_forgotten_person_cannot_come_back_with_an_old_session(known: tuple[World, Person]) -> None:
    world, person = known
    elsewhere, here = world.client("asker"), world.client("asker")
    assert here.post("/me/erase/", {}).headers["Location"] == "/me/"
    assert Person.objects.get(pk=person.pk).is_active
    assert here.post("/me/erase/", {"sure": "yes"}).headers["Location"] == "/"
    for client in (here, elsewhere):
        assert client.get("/desk/").headers["Location"].startswith("/account/login/")


def test_the_only_one_of_a_host_with_spaces_is_not_forgotten_before_somebody_else_is_there(
    programme: Programme,
) -> None:
    manager = make_person()
    offer = make_offer(programme, host=make_organisation(programme, member=manager))
    with pytest.raises(ConflictError):
        forget(person=manager, by=manager)
    assert Person.objects.get(pk=manager.pk).name == manager.name
    Membership.objects.create(person=make_person(), organisation=offer.host, role="manager")
    forget(person=manager, by=manager)
    assert not Person.objects.get(pk=manager.pk).is_active


def test_people_without_a_name_are_never_called_by_their_address(programme: Programme) -> None:
    person = make_person(email="nameless@geheim.example")
    person.name = ""
    person.save()
    offer = make_offer(programme, host=make_organisation(programme, member=(manager := make_person())))
    talk = start_conversation(
        programme=programme,
        by=person,
        organisation=offer.host,
        about=About("offer", offer.pk, "A room"),
        text="May we come?",
    )
    assert "nameless@" not in text_of(signed_in(manager).get(f"/conversations/{talk.pk}/"))
    Membership.objects.create(person=person, organisation=offer.host)
    assert "nameless@" not in text_of(signed_in(manager).get(f"/organisations/{offer.host_id}/"))


# who looked, and the journal


def test_who_looked_at_my_data_is_noted_and_shown_to_me(programme: Programme) -> None:
    desk = make_matchmaker(programme)
    record, code = make_record(programme, desk)
    signed_in(desk).get(f"/desk/letters/{record.pk}/")
    looks = looks_at(record.person)
    assert [(each.actor, each.details) for each in looks] == [(desk.pk, {"why": "letter"})]
    person = make_person()
    assert "Nobody but you." in text_of(signed_in(person).get("/me/"))
    claim(code=code, by=person, now=NOW)
    assert "for the letter to you" in text_of(signed_in(person).get("/me/"))


# limits


def test_a_bucket_fills_up_again_with_time() -> None:
    for _ in range(3):
        take_token("a", most=3, per_seconds=30, now=NOW)
    with pytest.raises(TooOftenError) as error:
        take_token("a", most=3, per_seconds=30, now=NOW)
    assert 1 <= error.value.wait_seconds <= 11
    take_token("b", most=3, per_seconds=30, now=NOW)
    with pytest.raises(TooOftenError):
        take_token("a", most=3, per_seconds=30, now=NOW + timedelta(seconds=9))
    take_token("a", most=3, per_seconds=30, now=NOW + timedelta(seconds=20))
    assert take_token("a", most=3, per_seconds=30, now=NOW + timedelta(days=9)) == 2


def test_a_clock_that_goes_back_fills_no_bucket() -> None:
    take_token("a", most=1, per_seconds=10, now=NOW)
    with pytest.raises(TooOftenError):
        take_token("a", most=1, per_seconds=10, now=NOW - timedelta(days=1))
    assert RateBucket.objects.get(pk="a").filled_at == NOW


def test_a_question_to_a_host_does_not_use_up_the_answers_of_a_conversation() -> None:
    world = make_world()
    client = world.client("asker")
    asked = {"when": "Tuesday", "people": "8", "what": "We sing."}
    statuses = [client.post(f"/spaces/{world.online.pk}/ask/", asked).status_code for _ in range(21)]
    assert statuses == [302] * 20 + [429]
    assert client.post(f"/conversations/{world.conversation.pk}/", {"text": "Thank you."}).status_code == 302


# mail


def hello(address: str = "noor@example.org") -> OutboxMail:
    letter = Letter("message", {"subject": "The room", "conversation": "1"})
    return put_in_outbox(address=address, language="en", letter=letter)


def test_a_mail_goes_back_with_the_deed() -> None:
    with transaction.atomic():
        hello()
        assert OutboxMail.objects.every(because="a test").count() == 1
        transaction.set_rollback(True)
    assert (OutboxMail.objects.every(because="a test").count(), send_outbox(now=NOW), mail.outbox) == (0, 0, [])


def test_a_mail_leaves_once_and_its_text_is_not_kept() -> None:
    hello()
    assert [send_outbox(now=NOW), send_outbox(now=NOW)] == [1, 0]
    assert [each.to for each in mail.outbox] == [["noor@example.org"]]
    assert "/conversations/1/" in mail.outbox[0].body
    kept = OutboxMail.objects.every(because="a test").get()
    assert (kept.text, kept.sent_at, kept.tries, kept.fault) == ("", NOW, 1, "")


@pytest.mark.parametrize("error", [ConnectionRefusedError(), smtplib.SMTPServerDisconnected(), TimeoutError()])
def test_a_mail_that_fails_is_tried_eight_times_and_not_more(error: OSError) -> None:
    hello()
    with patch("django.core.mail.EmailMessage.send", side_effect=error) as send:
        assert [send_outbox(now=NOW + timedelta(days=3 * each)) for each in range(12)] == [0] * 12
    assert send.call_count == MOST_TRIES == 8
    kept = OutboxMail.objects.every(because="a test").get()
    assert (kept.tries, kept.sent_at, kept.fault) == (8, None, type(error).__name__)


def test_a_mail_that_fails_holds_no_other_one_up() -> None:
    hello("first@example.org")
    hello("second@example.org")

    def send(message: Any) -> int:  # Any: a message of Django's
        if message.to == ["first@example.org"]:
            raise smtplib.SMTPRecipientsRefused({})
        return 1

    with patch("django.core.mail.EmailMessage.send", autospec=True, side_effect=send):
        assert send_outbox(now=NOW) == 1


def test_a_name_with_a_new_line_spoils_neither_the_subject_nor_the_queue(programme: Programme) -> None:
    manager = make_person("Mallory\r\nBcc: victim@example.org")
    organisation = make_organisation(programme, member=manager, name="Ours\rX: 1\nSecond line")
    invite(organisation=organisation, email="noor@example.org", role="member", by=manager, now=NOW)
    hello("second@example.org")
    assert send_outbox(now=NOW) == 2
    subjects = {each.to[0]: each.subject for each in mail.outbox}
    assert "Ours X: 1 Second line" in subjects["noor@example.org"]
    assert sorted(subjects) == ["noor@example.org", "second@example.org"]


def test_somebody_without_address_gets_no_mail(programme: Programme) -> None:
    record, _ = make_record(programme, make_matchmaker(programme))
    assert write_to(record.person, Letter("message", {"subject": "x", "conversation": "y"})) is None
