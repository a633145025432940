"""The pages of an agreement: who sees them, what each side does there, and signing by who shows again who they are."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.rooms.makers import make_matchmaker, make_organisation, make_person, make_programme
from tests.rooms.matching.test_proposals import ask, ask_for, host_person, offer_of, rows

from meervoud.agreements.drafts import begin_agreement, last_version, propose_agreement
from meervoud.agreements.models import Agreement, Document
from meervoud.lib.models import JournalEntry
from meervoud.matching.answering import Said, say_yes
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.models import Proposal, Side
from meervoud.parties.models import Person, Programme

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=0, microsecond=0)
BACKEND = "django.contrib.auth.backends.ModelBackend"
EVERY = "a test looks at everything"
TERMS = {
    "kind": "hourly",
    "people": "14",
    "price_kind": "cost_share",
    "price": "2.50",
    "per": "hour",
    "deposit": "50",
    "opens": "desk",
    "closes": "group",
    "way": "code",
    "house_rules": "",
    "insured": "group",
    "emergency": "",
    "cancel_days": "3",
    "notice_days": "14",
    "in_return": "Coffee for the porter.",
    "end": "host_helps_look",
    "end_text": "",
    "other": "",
    "note": "money and keys",
}


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def proposal(programme: Programme) -> Proposal:
    offer_of(programme)
    request = ask_for(programme, title="Language cafe")
    ask(request)
    row = rows(request)[0]
    say_yes(proposal=row, said=Said(Side.HOST, host_person(row), NOW))
    return rows(request)[0]


@pytest.fixture
def agreement(proposal: Proposal) -> Agreement:
    return begin_agreement(proposal=proposal, by=host_person(proposal), language="en", now=NOW)


def browser(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend=BACKEND)
    return client


def sure(client: Client) -> Client:
    """Let a browser have shown just now who sits at it, as allauth keeps it."""
    session = client.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["account_authentication_methods"] = [
        {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    ]
    session.save()
    return client


def post(
    client: Client, agreement: Agreement, way: str, **values: str
) -> Any:  # Any: the response of Django's test client
    number = last_version(agreement).number
    return client.post(f"/agreements/{agreement.pk}/{way}/", {"version": number, **values})


def text_of(client: Client, agreement: Agreement) -> str:
    return client.get(f"/agreements/{agreement.pk}/").content.decode()


def test_two_yes_lead_to_one_agreement_whoever_clicks_first(proposal: Proposal) -> None:
    for person in (proposal.request.asked_by, host_person(proposal)):
        answer = browser(person).post(f"/proposals/{proposal.pk}/agreement/")
        found = Agreement.objects.every(because=EVERY).get()
        assert answer["Location"] == f"/agreements/{found.pk}/"


def test_before_two_yes_the_page_says_why_not(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    ask(request)
    row = rows(request)[0]
    page = browser(request.asked_by).post(f"/proposals/{row.pk}/agreement/", follow=True).content.decode()
    assert "Both sides must say yes first." in page


def test_both_sides_and_their_desk_see_it_and_nobody_else(agreement: Agreement, programme: Programme) -> None:
    own = (agreement.request.asked_by, host_person(agreement.proposal), make_matchmaker(programme))
    assert [browser(person).get(f"/agreements/{agreement.pk}/").status_code for person in own] == [200] * 3
    elsewhere = make_programme()
    stranger, other_host = make_person(), make_person()
    make_organisation(programme, member=other_host)
    for person in (stranger, other_host, make_matchmaker(elsewhere)):
        for way in ("", "terms/", "signed/"):
            assert browser(person).get(f"/agreements/{agreement.pk}/{way}").status_code == 404


def test_terms_that_are_changed_become_a_version_whose_words_are_shown(agreement: Agreement) -> None:
    client = browser(host_person(agreement.proposal))
    assert client.post(f"/agreements/{agreement.pk}/terms/", TERMS).status_code == 302
    assert last_version(agreement).number == 2
    page = text_of(client, agreement)
    assert "€2.50 an hour" in page
    assert "<ins>Coffee</ins>" in page
    assert "money and keys" in page


@pytest.mark.parametrize(
    "wrong",
    [{"price": ""}, {"people": "0"}, {"kind": "burn"}, {"price": "1e9"}, {"notice_days": "-1"}, {"opens": "<b>"}],
)
def test_wrong_terms_are_refused_and_nothing_is_lost(agreement: Agreement, wrong: dict[str, str]) -> None:
    client = browser(host_person(agreement.proposal))
    answer = client.post(f"/agreements/{agreement.pk}/terms/", {**TERMS, **wrong})
    assert answer.status_code == 422
    assert "Coffee for the porter." in answer.content.decode()
    assert last_version(agreement).number == 1


def test_words_that_people_type_are_shown_as_words(agreement: Agreement) -> None:
    client = browser(host_person(agreement.proposal))
    client.post(f"/agreements/{agreement.pk}/terms/", {**TERMS, "other": "<script>alert(1)</script> %(host)s 100%"})
    page = text_of(client, agreement)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; %(host)s 100%" in page


def both_agree(agreement: Agreement) -> dict[str, Client]:
    people = {Side.ASKER: agreement.request.asked_by, Side.HOST: host_person(agreement.proposal)}
    clients = {str(side): browser(person) for side, person in people.items()}
    propose_agreement(agreement=agreement, by=people[Side.HOST])
    for side, client in clients.items():
        assert post(client, agreement, "consent", side=side, kind="agree").status_code == 302
    return clients


def test_nobody_signs_without_showing_again_who_they_are(agreement: Agreement) -> None:
    person = host_person(agreement.proposal)
    person.set_password("long enough and known")
    person.save()
    clients = both_agree(agreement)
    client = browser(person)
    answer = post(client, agreement, "sign", side=Side.HOST)
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert not agreement.signatures.exists()
    for side, each in clients.items():
        assert post(sure(each), agreement, "sign", side=side).status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == "signed"


def test_who_signs_in_by_codes_signs_in_once_more_before_signing(agreement: Agreement) -> None:
    clients = both_agree(agreement)
    person = host_person(agreement.proposal)
    Person.objects.filter(pk=person.pk).update(last_login=timezone.now() - timedelta(hours=2))
    client = clients[Side.HOST]
    answer = client.post(f"/agreements/{agreement.pk}/sign/", {"version": 1, "side": Side.HOST})
    assert answer["Location"] == f"/account/login/?next=/agreements/{agreement.pk}/"
    assert not agreement.signatures.exists()
    assert client.get("/desk/").status_code == 302  # signed out
    client.force_login(person, backend=BACKEND)
    post(client, agreement, "sign", side=Side.HOST)
    assert agreement.signatures.count() == 1


def test_what_was_signed_is_handed_out_byte_by_byte(agreement: Agreement) -> None:
    clients = both_agree(agreement)
    for side, client in clients.items():
        post(sure(client), agreement, "sign", side=side)
    answer = clients[Side.ASKER].get(f"/agreements/{agreement.pk}/signed/")
    page = text_of(clients[Side.HOST], agreement)
    assert "Who must approve" not in page  # nothing to be noted there any more
    assert '<div lang="en">' in page  # the words are in the language of the contract, whoever reads them
    assert answer.content == bytes(Document.objects.every(because=EVERY).get(form="json").data)
    assert "Model text" in json.loads(answer.content)["about_this_text"]
    assert "Keep what was signed" in text_of(clients[Side.HOST], agreement)


def test_a_side_speaks_for_itself_and_staff_write_down_paper(agreement: Agreement, programme: Programme) -> None:
    clients = both_agree(agreement)
    asker = sure(clients[Side.ASKER])
    assert post(asker, agreement, "sign", side=Side.HOST).status_code == 302
    assert not agreement.signatures.exists()
    staff = sure(browser(make_matchmaker(programme)))
    post(staff, agreement, "sign", side=Side.HOST)
    post(asker, agreement, "sign", side=Side.ASKER)
    assert set(agreement.signatures.values_list("side", "way")) == {("host", "paper"), ("asker", "platform")}


def test_an_approval_is_asked_decided_on_one_page_and_written_down(agreement: Agreement) -> None:
    client = browser(host_person(agreement.proposal))
    assert (
        post(client, agreement, "approvals", side=Side.HOST, who="board", name="Board of the quay").status_code == 302
    )
    approval = agreement.approvals.get()
    assert approval.is_required is False  # a box that is not ticked
    approval.is_required = True
    approval.save()
    brief = client.get(f"/agreements/{agreement.pk}/approvals/{approval.pk}/brief/").content.decode()
    assert "Board of the quay" in brief
    clients = both_agree(agreement)
    page = client.post(
        f"/agreements/{agreement.pk}/sign/", {"version": 1, "side": Side.HOST}, follow=True
    ).content.decode()
    assert "First Board of the quay must approve this." in page
    wrong = client.post(f"/agreements/{agreement.pk}/approvals/{approval.pk}/", {"answer": "given", "on": "31-31"})
    assert wrong.status_code == 422
    said = {"answer": "conditions", "on": "2026-11-22", "conditions": "No candles."}
    assert client.post(f"/agreements/{agreement.pk}/approvals/{approval.pk}/", said).status_code == 302
    assert "No candles." in text_of(clients[Side.ASKER], agreement)
    assert last_version(agreement).number == 2


def test_the_page_costs_as_many_questions_with_many_versions(agreement: Agreement) -> None:
    client, counts = browser(host_person(agreement.proposal)), []
    for _ in range(2):
        for number in range(6):
            client.post(f"/agreements/{agreement.pk}/terms/", {**TERMS, "people": str(10 + number)})
            post(client, agreement, "approvals", side=Side.HOST, who="board")
        with CaptureQueriesContext(connection) as seen:
            text_of(client, agreement)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_every_deed_is_in_the_journal(agreement: Agreement) -> None:
    clients = both_agree(agreement)
    for side, client in clients.items():
        post(sure(client), agreement, "sign", side=side)
    verbs = set(JournalEntry.objects.filter(verb__startswith="agreement").values_list("verb", flat=True))
    assert verbs == {
        "agreement.begun",
        "agreement.version",
        "agreement.proposed",
        "agreement.consent",
        "agreement.signed",
        "agreement.concluded",
    }
