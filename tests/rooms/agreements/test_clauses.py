"""The words of one clause: changed by either side or the desk, kept through other changes, and taken back."""

from dataclasses import replace

import pytest
from tests.rooms.agreements.test_pages import TERMS, browser, post, text_of
from tests.rooms.makers import make_matchmaker, make_person
from tests.rooms.matching.test_proposals import host_person

from meervoud.agreements.consenting import Approved, Needed, ask_approval, note_approval
from meervoud.agreements.drafts import change_clause, change_terms, last_version, withdraw_agreement
from meervoud.agreements.models import Agreement
from meervoud.agreements.terms import read_terms
from meervoud.core.errors import InputError
from meervoud.lib.clock import today
from meervoud.matching.models import Side
from meervoud.parties.models import Programme

pytestmark = pytest.mark.django_db


def clause(agreement: Agreement, key: str) -> dict[str, str]:
    found: dict[str, str] = next(each for each in last_version(agreement).clauses if each["key"] == key)
    return found


def test_both_sides_and_the_desk_change_the_words_of_a_clause(agreement: Agreement, programme: Programme) -> None:
    people = (host_person(agreement.proposal), agreement.request.asked_by, make_matchmaker(programme))
    for number, person in enumerate(people, 2):
        client = browser(person)
        page = client.get(f"/agreements/{agreement.pk}/clauses/care/").content.decode()
        assert "The words of the library" in page
        assert "The group leaves the space as it found it." in page
        assert post(client, agreement, "clauses/care", text=f"Sweep {number}.", note="sweeping").status_code == 302
        assert last_version(agreement).number == number
        assert clause(agreement, "care")["text"] == f"Sweep {number}."
        assert clause(agreement, "care")["version"] == "own"
        assert f"/agreements/{agreement.pk}/clauses/care/" in text_of(client, agreement)


def test_the_words_of_the_library_come_back(agreement: Agreement) -> None:
    client, before = browser(host_person(agreement.proposal)), clause(agreement, "care")
    assert "Take these words back" not in client.get(f"/agreements/{agreement.pk}/clauses/care/").content.decode()
    post(client, agreement, "clauses/care", text="Sweep.")
    assert "Take these words back" in client.get(f"/agreements/{agreement.pk}/clauses/care/").content.decode()
    post(client, agreement, "clauses/care", library="1")
    assert clause(agreement, "care") == before
    assert last_version(agreement).number == 3


def test_the_same_words_make_no_version(agreement: Agreement) -> None:
    client = browser(host_person(agreement.proposal))
    post(client, agreement, "clauses/care", text=clause(agreement, "care")["text"])
    assert last_version(agreement).number == 1
    assert "Nothing was changed." in text_of(client, agreement)


def test_own_words_stay_where_other_terms_change(agreement: Agreement) -> None:
    host = host_person(agreement.proposal)
    change_clause(agreement=agreement, by=host, key="care", text="Sweep.")
    change_clause(agreement=agreement, by=host, key="free", text="Nothing at all.")
    terms = read_terms(last_version(agreement).terms)
    change_terms(agreement=agreement, by=host, terms=replace(terms, in_return="A concert."))
    assert (clause(agreement, "care")["text"], clause(agreement, "free")["text"]) == ("Sweep.", "Nothing at all.")
    approval = ask_approval(agreement=agreement, by=host, needed=Needed(Side.HOST, "board"))
    note_approval(approval=approval, by=host, said=Approved("conditions", today(), conditions="No candles."))
    assert clause(agreement, "care")["text"] == "Sweep."
    assert "No candles." in clause(agreement, "conditions")["text"]


def test_own_words_give_way_where_the_terms_say_otherwise(agreement: Agreement) -> None:
    host = host_person(agreement.proposal)
    change_clause(agreement=agreement, by=host, key="cancel", text="Two days before.")
    terms = read_terms(last_version(agreement).terms)
    change_terms(agreement=agreement, by=host, terms=replace(terms, cancel_days=7))
    assert "7 days" in clause(agreement, "cancel")["text"]
    assert clause(agreement, "cancel")["version"] != "own"


@pytest.mark.parametrize("text", ["", "   ", "x" * 6001])
def test_no_words_and_far_too_many_are_refused(agreement: Agreement, text: str) -> None:
    host = host_person(agreement.proposal)
    assert post(browser(host), agreement, "clauses/care", text=text).status_code == 422
    with pytest.raises(InputError):
        change_clause(agreement=agreement, by=host, key="care", text=text)
    assert last_version(agreement).number == 1


def test_a_clause_that_is_not_there_a_stranger_and_a_closed_agreement_find_no_page(agreement: Agreement) -> None:
    host = host_person(agreement.proposal)
    assert browser(host).get(f"/agreements/{agreement.pk}/clauses/nothing/").status_code == 404
    assert browser(make_person()).get(f"/agreements/{agreement.pk}/clauses/care/").status_code == 404
    withdraw_agreement(agreement=agreement, by=host)
    assert browser(host).get(f"/agreements/{agreement.pk}/clauses/care/").status_code == 404
    assert "clauses/care" not in text_of(browser(host), agreement)


def test_words_that_people_type_are_shown_as_words(agreement: Agreement) -> None:
    client = browser(host_person(agreement.proposal))
    post(client, agreement, "clauses/care", text="<b>%(host)s</b>")
    client.post(f"/agreements/{agreement.pk}/terms/", TERMS)
    assert "&lt;b&gt;%(host)s&lt;/b&gt;" in text_of(client, agreement)
    assert "&lt;b&gt;%(host)s" in client.get(f"/agreements/{agreement.pk}/clauses/care/").content.decode()
