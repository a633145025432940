"""The first text of somebody nobody vouched for waits for the desk; what is wrong is reported and settled."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import translation
from tests.rooms.makers import (
    make_matchmaker,
    make_offer,
    make_organisation,
    make_person,
    make_programme,
    make_request,
)

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.models import JournalEntry
from meervoud.lib.rates import TooOftenError
from meervoud.matching.answering import Said, say_more
from meervoud.matching.asking import ask_hosts
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.models import Proposal, Side
from meervoud.matching.proposing import propose_by_hand
from meervoud.parties.conversations import CONVERSATIONS_A_DAY, About, reply, start_conversation
from meervoud.parties.models import Conversation, Held, Membership, Message, Organisation, OutboxMail, Person, Report
from meervoud.parties.moderation import do_not_send, is_trusted, let_through
from meervoud.parties.privacy import forget, my_data
from meervoud.parties.reports import Reported, report, settle
from meervoud.site.report_forms import begun
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TEST = "a test"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    forget_indexes()
    with patch("django.utils.timezone.now", return_value=NOW):
        yield


@pytest.fixture
def offer() -> Offer:
    programme = make_programme()
    return make_offer(programme, host=make_organisation(programme, member=make_person("Hanna")), capacity=30)


def write(offer: Offer, by: Person, text: str = "May we come?") -> Conversation:
    about = About("offer", offer.pk, offer.space.name)
    return start_conversation(programme=offer.programme, by=by, organisation=offer.host, about=about, text=text)


def host_of(offer: Offer) -> Person:
    return Person.objects.get(memberships__organisation=offer.host)


def mails(to: Person) -> list[OutboxMail]:
    return list(OutboxMail.objects.visible_to(to))


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def held_row() -> Held:
    return Held.objects.every(because=TEST).get()


# held back


def test_the_first_message_is_seen_by_its_author_and_the_desk_only(offer: Offer) -> None:
    stranger, desk, host = make_person("Sam"), make_matchmaker(offer.programme), host_of(offer)
    talk = write(offer, stranger)
    assert held_row().why == "first"
    assert mails(host) == []
    for person, sees in ((stranger, True), (desk, True), (host, False), (make_matchmaker(make_programme()), False)):
        assert Message.objects.visible_to(person).exists() is sees
        assert Conversation.objects.visible_to(person).exists() is sees
    page = signed_in(stranger).get(f"/conversations/{talk.pk}/").content.decode()
    assert "The desk reads your first message before it is sent" in page
    assert signed_in(host).get(f"/conversations/{talk.pk}/").status_code == 404


def test_what_is_let_through_is_sent_then_and_the_author_is_known_from_then_on(offer: Offer) -> None:
    stranger, desk, host = make_person("Sam"), make_matchmaker(offer.programme), host_of(offer)
    talk = write(offer, stranger)
    answer = signed_in(desk).post(f"/moderation/texts/{held_row().pk}/", {"verdict": "let_through"})
    assert answer.status_code == 302
    assert len(mails(host)) == 1
    assert talk in Conversation.objects.visible_to(host)
    assert is_trusted(stranger, offer.programme)
    assert not is_trusted(stranger, make_programme())
    assert reply(conversation=talk, by=stranger, text="And on Friday?").held_at is None
    with pytest.raises(ConflictError):
        let_through(held=held_row(), by=desk, now=NOW)


def test_what_is_not_sent_is_told_in_the_language_of_its_author(offer: Offer) -> None:
    stranger, desk = make_person("Sam", language="en"), make_matchmaker(offer.programme)
    write(offer, stranger)
    with pytest.raises(InputError):
        do_not_send(held=held_row(), by=desk, reason="because", path="/", now=NOW)
    answer = signed_in(desk).post(
        f"/moderation/texts/{held_row().pk}/", {"verdict": "not_sent", "reason": "advertisement"}
    )
    assert answer.status_code == 302
    assert "it is an advertisement" in mails(stranger)[0].text
    assert mails(host_of(offer)) == []
    assert not is_trusted(stranger, offer.programme)


def test_who_is_vouched_for_writes_at_once(offer: Offer) -> None:
    known = make_person()
    make_organisation(offer.programme, member=known)
    for person in (known, make_matchmaker(offer.programme)):
        write(offer, person)
    assert not Held.objects.every(because=TEST).exists()
    unchecked = make_person()
    make_organisation(offer.programme, member=unchecked, verified=False)
    write(offer, unchecked)
    assert held_row().author == unchecked


@pytest.mark.parametrize(
    ("text", "is_held"),
    [
        ("See https://a.example and http://b.example", False),
        ("https://a.example http://b.example www.c.example", True),
        ("cheap.com better.net best.shop", True),
        ("At 19.30, e.g. in room 1.2. Thanks.", False),
    ],
)
def test_many_links_are_read_first_also_of_somebody_known(offer: Offer, text: str, *, is_held: bool) -> None:
    known = make_person()
    make_organisation(offer.programme, member=known)
    write(offer, known, text)
    assert Held.objects.every(because=TEST).filter(why="links").exists() is is_held


def test_words_of_an_answer_wait_too_and_reach_the_other_side_when_let_through(offer: Offer) -> None:
    stranger, desk, host = make_person("Sam"), make_matchmaker(offer.programme), host_of(offer)
    asked = make_request(offer.programme, asked_by=stranger)
    proposal = propose_by_hand(request=asked, offer=offer, by=desk, now=NOW)
    ask_hosts(proposals=[proposal], by=desk, now=NOW, asker_agrees=False)
    before = len(mails(host))
    proposal = Proposal.objects.every(because=TEST).get()
    say_more(proposal=proposal, said=Said(Side.ASKER, stranger, NOW, "Buy my piano"), kind="question")
    address = f"/proposals/{proposal.pk}/"
    assert "Buy my piano" not in signed_in(host).get(address).content.decode()
    assert "Buy my piano" in signed_in(stranger).get(address).content.decode()
    assert len(mails(host)) == before
    assert "Buy my piano" in signed_in(desk).get("/moderation/").content.decode()
    let_through(held=held_row(), by=desk, now=NOW)
    assert "Buy my piano" in signed_in(host).get(address).content.decode()
    assert len(mails(host)) == before + 1


def test_nobody_of_another_programme_decides(offer: Offer) -> None:
    write(offer, make_person())
    address = f"/moderation/texts/{held_row().pk}/"
    for person in (make_matchmaker(make_programme()), host_of(offer), make_person()):
        assert signed_in(person).post(address, {"verdict": "let_through"}).status_code == 404
    assert held_row().verdict == ""


# reports


def reported(offer: Offer, message: Message) -> Reported:
    return Reported("message", message.pk, offer.programme)


def test_one_person_counts_once_and_three_hide_a_message_until_the_desk_looks(offer: Offer) -> None:
    known, desk, host = make_person(), make_matchmaker(offer.programme), host_of(offer)
    make_organisation(offer.programme, member=known)
    message = write(offer, known).messages.get()
    angry = [make_person() for _ in range(3)]
    for person in (angry[0], angry[0], angry[0], angry[1], None, None):
        report(reported=reported(offer, message), by=person, wrong="spam", text="", now=NOW)
    assert Message.objects.visible_to(host).exists()
    report(reported=reported(offer, message), by=angry[2], wrong="unsafe", text="", now=NOW)
    assert not Message.objects.visible_to(host).exists()
    before = len(mails(host))
    assert settle(reported=reported(offer, message), by=desk, outcome="nothing", now=NOW) == 5
    assert Message.objects.visible_to(host).exists()
    assert len(mails(host)) == before  # it had been sent before it was hidden
    with pytest.raises(ConflictError):
        settle(reported=reported(offer, message), by=desk, outcome="nothing", now=NOW)


def test_many_reports_never_hide_a_space_but_the_desk_can(offer: Offer) -> None:
    desk = make_matchmaker(offer.programme)
    for _ in range(5):
        thing = Reported("offer", offer.pk, offer.programme)
        report(reported=thing, by=make_person(), wrong="not_true", text="", now=NOW)
    assert Client().get(f"/spaces/{offer.pk}/").status_code == 200
    first = Report.objects.every(because=TEST).first()
    assert first
    client = signed_in(desk)
    assert client.post(f"/moderation/reports/{first.pk}/", {"outcome": "hidden"}).status_code == 302
    assert Report.objects.every(because=TEST).filter(outcome="").count() == 5
    assert client.post(f"/moderation/reports/{first.pk}/", {"outcome": "offline"}).status_code == 302
    assert Report.objects.every(because=TEST).filter(outcome="offline").count() == 5
    assert Client().get(f"/spaces/{offer.pk}/").status_code == 404


def test_a_visitor_reports_a_space_and_a_program_does_not(offer: Offer) -> None:
    address, client = f"/report/offer/{offer.pk}/", Client()
    slow = begun()
    with patch("django.utils.timezone.now", return_value=NOW + timedelta(seconds=10)):
        said = {"wrong": "spam", "begun": slow}
        assert client.post(address, {**said, "homepage": "x"}).status_code == 422
        assert client.post(address, {**said, "begun": begun()}).status_code == 422
        assert client.post(address, {**said, "begun": "made:up:x"}).status_code == 422
        assert client.post(address, {**said, "wrong": "them"}).status_code == 422
        assert not Report.objects.every(because=TEST).exists()
        statuses = [client.post(address, said).status_code for _ in range(11)]
    assert statuses == [302] * 10 + [429]
    assert Report.objects.every(because=TEST).filter(by=None).count() == 10


def test_only_what_somebody_sees_can_be_reported(offer: Offer) -> None:
    talk = write(offer, make_person())
    message = talk.messages.get()
    for kind in ("message", "proposal", "person"):
        assert signed_in(host_of(offer)).get(f"/report/{kind}/{message.pk}/").status_code == 404
    draft = make_offer(offer.programme, published=False)
    assert Client().get(f"/report/offer/{draft.pk}/").status_code == 404


# limits and erasure


def test_the_eleventh_conversation_of_a_day_says_when_it_goes_on() -> None:
    programme, person = make_programme(), make_person()
    make_organisation(programme, member=person)
    offers = [make_offer(programme) for _ in range(CONVERSATIONS_A_DAY + 1)]
    for each in offers[:-1]:
        write(each, person)
    with pytest.raises(TooOftenError) as refused:
        write(offers[-1], person)
    with translation.override("en"):
        assert "It goes on in 145 minutes." in str(refused.value)
    colleague = make_person()
    own = Organisation.objects.of_member(person).get()
    Membership.objects.create(person=colleague, organisation=own)
    with pytest.raises(TooOftenError):
        write(offers[-1], colleague)
    write(offers[0], person, "One more thing")  # a conversation that is there goes on


def test_my_data_shows_reports_and_forgetting_clears_them(offer: Offer) -> None:
    person = make_person()
    write(offer, person)
    thing = Reported("offer", offer.pk, offer.programme)
    report(reported=thing, by=person, wrong="privacy", text="That is my door", now=NOW)
    data = my_data(person)
    assert (data["reports"][0]["text"], data["held_back"][0]["why"]) == ("That is my door", "first")
    assert data["person"]["mail_rhythm"] == "at_once"
    forget(person=person, by=person)
    kept = Report.objects.every(because=TEST).get()
    assert (kept.by, kept.text, kept.wrong) == (None, "", "privacy")
    assert not Held.objects.every(because=TEST).exists()
    assert not Message.objects.visible_to(host_of(offer)).exists()
    assert JournalEntry.objects.filter(verb="report.made").exists()
