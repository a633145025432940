"""Answering from a mail without signing in: the link opens one answer, once, and looking changes nothing."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.core import signing
from django.test import Client
from tests.rooms.makers import make_offer, make_organisation, make_person, make_programme, make_request

from meervoud.lib.models import JournalEntry
from meervoud.matching.answer_links import SALT, write_link
from meervoud.matching.answering import Said, expire_proposals, say_yes
from meervoud.matching.asking import ask_hosts
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.models import Answer, Proposal, Side
from meervoud.matching.one_click import open_link
from meervoud.matching.proposing import propose_by_hand
from meervoud.parties.models import Membership, OutboxMail, Person
from meervoud.parties.privacy import forget
from meervoud.site.logs import without_personal_data

pytestmark = pytest.mark.django_db
NOW = datetime.now(tz=UTC).replace(microsecond=0)  # noqa: TID251  # links say when they were signed by the real clock
TEST = "a test"
GROUP = "Koor Roodborst"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


@pytest.fixture
def proposal() -> Proposal:
    programme = make_programme()
    host = make_organisation(programme, member=make_person("Hanna", language="en"), name="Kantoor De Kade")
    offer = make_offer(programme, host=host, capacity=30)
    asker = make_person("Ida Initiatief", language="en")
    group = make_organisation(programme, member=asker, name="Stichting Zangvogel", kind="foundation")
    asked = make_request(programme, asked_by=asker, organisation=group, title=GROUP)
    row = propose_by_hand(request=asked, offer=offer, by=asker, now=NOW)
    ask_hosts(proposals=[row], by=asker, now=NOW, asker_agrees=False)
    return fresh()


def fresh() -> Proposal:
    return Proposal.objects.every(because=TEST).select_related("request__asked_by", "offer__host", "offer__space").get()


def host_person(row: Proposal) -> Person:
    return Person.objects.get(memberships__organisation=row.offer.host)


def token_in(mail: OutboxMail) -> str:
    found = re.search(r"/a/([^/\s]+)/yes/", mail.text)
    assert found
    return found[1]


def token_of(row: Proposal, side: str = Side.HOST) -> str:
    return write_link(row, side, host_person(row) if side == Side.HOST else row.request.asked_by)


def test_the_mail_of_a_host_holds_links_that_say_yes_without_signing_in(proposal: Proposal) -> None:
    mail = OutboxMail.objects.visible_to(host_person(proposal)).get()
    token, client = token_in(mail), Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    page = client.get(f"/a/{token}/yes/")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "strict-origin"
    secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert secret
    done = client.post(f"/a/{token}/yes/", {"csrfmiddlewaretoken": secret[1]})
    assert "Your yes is noted" in done.content.decode()
    assert fresh().host_says == "yes"
    assert "sessionid" not in client.cookies
    entry = JournalEntry.objects.get(verb="proposal.answered")
    assert (entry.actor, entry.details["by_link"]) == (host_person(proposal).pk, True)


def test_a_no_asks_its_reason_from_the_list(proposal: Proposal) -> None:
    address, client = f"/a/{token_of(proposal)}/no/", Client(headers={"accept-language": "en"})
    assert client.post(address).status_code in (200, 422)
    assert client.post(address, {"reason": "too_far"}).status_code == 422  # a reason of the other side
    assert fresh().state == "asked"
    assert client.post(address, {"reason": "too_many"}).status_code == 200
    assert (fresh().state, Answer.objects.every(because=TEST).get().reason) == ("declined", "too_many")


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_looking_changes_nothing(proposal: Proposal, answer: str) -> None:
    address, client = f"/a/{token_of(proposal)}/{answer}/", Client()
    before = (fresh().changed_at, JournalEntry.objects.count(), OutboxMail.objects.every(because=TEST).count())
    for _ in range(3):
        assert [client.get(address).status_code, client.head(address).status_code] == [200, 200]
        assert client.get(address, {"reason": "time"}).status_code == 200
    assert (fresh().changed_at, JournalEntry.objects.count(), OutboxMail.objects.every(because=TEST).count()) == before
    assert client.put(address).status_code == 405


def test_a_link_works_once(proposal: Proposal) -> None:
    address, client = f"/a/{token_of(proposal)}/yes/", Client(headers={"accept-language": "en"})
    assert client.post(address).status_code == 200
    again = client.post(address)
    assert again.status_code == 410
    assert "This link does not work any more" in again.content.decode()
    assert client.get(address).status_code == 410
    assert Answer.objects.every(because=TEST).count() == 1


def test_a_link_dies_with_its_time(proposal: Proposal) -> None:
    token, ends = token_of(proposal), proposal.expires_at
    assert ends
    assert open_link(token, now=ends - timedelta(seconds=1)) is not None
    assert open_link(token, now=ends) is None
    expire_proposals(now=ends)
    assert open_link(token, now=NOW) is None


def test_a_link_that_was_signed_long_ago_is_dead(proposal: Proposal) -> None:
    with patch("django.core.signing.time.time", return_value=NOW.timestamp() - 61 * 86_400):
        token = token_of(proposal)
    assert open_link(token, now=NOW) is None


def test_a_link_dies_with_the_membership_the_account_and_the_address(proposal: Proposal) -> None:
    person, token = host_person(proposal), token_of(proposal)
    membership = Membership.objects.of_person(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert open_link(token, now=NOW) is None
    Person.objects.filter(pk=person.pk).update(is_active=True, email="new@example.org")
    assert open_link(token, now=NOW) is None
    Person.objects.filter(pk=person.pk).update(email=person.email)
    assert open_link(token, now=NOW) is not None
    membership.delete()
    assert open_link(token, now=NOW) is None


def test_a_link_of_somebody_who_was_erased_is_dead(proposal: Proposal) -> None:
    person, token = host_person(proposal), token_of(proposal)
    forget(person=person, by=None)
    assert open_link(token, now=NOW) is None


def test_a_link_does_not_say_yes_to_another_time(proposal: Proposal) -> None:
    token = token_of(proposal)
    snapshot = {**proposal.snapshot, "patterns": []}
    Proposal.objects.every(because=TEST).update(snapshot=snapshot)
    assert open_link(token, now=NOW) is None
    assert Client().post(f"/a/{token}/yes/").status_code == 410


def test_a_link_that_was_changed_is_dead(proposal: Proposal) -> None:
    person, other = host_person(proposal), make_person()
    good = token_of(proposal)
    body, stamp, signature = good.rsplit(":", 2)
    forged = [
        f"{body}x:{stamp}:{signature}",
        f"{body}:{stamp}:{signature[:-1]}",
        f"{body}:{stamp}",
        "x" * 5000,
        "%00",
        signing.dumps([proposal.pk.hex, "host", person.pk.hex, "0"], salt=SALT),
        signing.dumps([proposal.pk.hex, "host", person.pk.hex, "0"], salt="another"),
        signing.dumps({"p": 1}, salt=SALT),
        signing.dumps(["x", "host", "y", "z"], salt=SALT),
        write_link(proposal, Side.HOST, other),
        write_link(proposal, Side.HOST, proposal.request.asked_by),
        write_link(proposal, Side.ASKER, person),
    ]
    for token in forged:
        assert Client().post(f"/a/{token}/yes/").status_code in (404, 410), token
    assert fresh().host_says == ""
    assert Client().post(f"/a/{good}/perhaps/").status_code == 404


def test_a_link_of_another_proposal_answers_only_that_one(proposal: Proposal) -> None:
    asked = make_request(proposal.programme, asked_by=make_person(), title="Another group")
    other = propose_by_hand(request=asked, offer=proposal.offer, by=asked.asked_by, now=NOW)
    ask_hosts(proposals=[other], by=asked.asked_by, now=NOW, asker_agrees=False)
    other.refresh_from_db()
    assert Client().post(f"/a/{write_link(other, Side.HOST, host_person(proposal))}/yes/").status_code == 200
    proposal.refresh_from_db()
    other.refresh_from_db()
    assert (proposal.host_says, other.host_says) == ("", "yes")


def test_neither_the_page_nor_the_mail_of_a_host_says_who_asks(proposal: Proposal) -> None:
    token = token_of(proposal)
    texts = [Client().get(f"/a/{token}/{answer}/").content.decode() for answer in ("yes", "no")]
    texts += [f"{mail.subject} {mail.text}" for mail in OutboxMail.objects.visible_to(host_person(proposal))]
    texts.append(Client().post(f"/a/{token}/yes/").content.decode())
    assert len(texts) == 4
    for text in texts:
        for secret in (GROUP, "Roodborst", "Zangvogel", "Ida Initiatief", str(proposal.request.asked_by.email)):
            assert secret not in text


def test_a_group_sees_the_street_without_number_and_says_yes_by_its_link(proposal: Proposal) -> None:
    proposal.offer.space.building.street = "Zilverkade 12"
    proposal.offer.space.building.save()
    said = Said(Side.HOST, host_person(proposal), NOW)
    say_yes(proposal=proposal, said=said)
    asker = proposal.request.asked_by
    mail = OutboxMail.objects.visible_to(asker).get()
    client = Client(headers={"accept-language": "en"})
    page = client.get(f"/a/{token_in(mail)}/yes/").content.decode()
    assert "Zilverkade" in page
    assert "Zilverkade 12" not in page
    assert "Both sides said yes" in client.post(f"/a/{token_in(mail)}/yes/").content.decode()
    assert fresh().state == "agreed"


def test_a_mail_says_nothing_to_answer_to_who_has_answered(proposal: Proposal) -> None:
    Client().post(f"/a/{token_of(proposal)}/yes/")
    group = OutboxMail.objects.visible_to(proposal.request.asked_by).get()
    assert "/a/" in group.text
    Client().post(f"/a/{token_in(group)}/yes/")
    assert fresh().state == "agreed"
    agreed = OutboxMail.objects.visible_to(host_person(proposal)).order_by("created_at").last()
    assert agreed
    assert "/a/" not in agreed.text


def test_a_link_is_in_no_log(proposal: Proposal) -> None:
    token = token_of(proposal)
    for line in (f"Not Found: /a/{token}/yes/", f'"GET /a/{token}/no/ HTTP/1.1" 410', f"Gone: /mail/{token}/weekly/"):
        assert token not in without_personal_data(line)
        assert "[secret]" in without_personal_data(line)
