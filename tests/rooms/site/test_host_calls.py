"""Hosts who call: their space is written down, read back by letter, claimed with the code, or forgotten."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.rooms.makers import make_matchmaker, make_organisation, make_person, make_programme
from tests.rooms.matrix.table import HOST

from meervoud.core.errors import NotAllowedError
from meervoud.lib.clock import now, today
from meervoud.lib.models import JournalEntry
from meervoud.parties.models import Membership, Organisation, Programme, ServedRecord
from meervoud.parties.organisations import put_in_charge
from meervoud.parties.privacy import forget
from meervoud.parties.served import claim
from meervoud.site.due import forget_unclaimed
from meervoud.supply.actions import change_place, publish_offer, set_hours
from meervoud.supply.models import Offer, OpeningPeriod

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}\b")
EVERY = "test"


@pytest.fixture
def programme() -> Programme:
    return make_programme()


def signed_in(person: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


def call(programme: Programme, **changed: str) -> tuple[Client, Offer, ServedRecord]:
    desk = signed_in(make_matchmaker(programme))
    answer = desk.post("/desk/calls/space/", {**HOST, **changed})
    offer = Offer.objects.every(because=EVERY).latest("created_at")
    assert answer.headers["Location"] == f"/offers/{offer.pk}/"
    return desk, offer, ServedRecord.objects.every(because=EVERY).get(thing=offer.pk)


def test_what_a_host_tells_is_a_draft_of_an_organisation_of_their_own(programme: Programme) -> None:
    desk, offer, record = call(programme)
    assert (offer.state, offer.length, offer.space.name, offer.space.capacity) == ("draft", "whole", "The shop", 30)
    assert (offer.host.name, offer.host.verification) == ("Gerrit's shop", "unverified")
    assert [each.person for each in offer.host.memberships.all()] == [record.person]
    assert f"/desk/letters/{record.pk}/" in desk.get(f"/offers/{offer.pk}/").content.decode()
    assert f"/desk/letters/{record.pk}/" in desk.get("/desk/").content.decode()
    founded = JournalEntry.objects.get(verb="organisation.founded", thing=offer.host_id)
    assert founded.actor == record.entered_by_id


def test_the_letter_reads_the_space_back_in_the_language_of_the_caller_and_shows_its_code_once(
    programme: Programme,
) -> None:
    desk, offer, record = call(programme, length="hours")
    set_hours(
        offer=offer, by=record.person, periods=[OpeningPeriod(hours="Mo-We 18:00-22:00; Sa 09:00-12:00", lend="inside")]
    )
    page = desk.get(f"/desk/letters/{record.pk}/").content.decode()
    assert 'lang="da"' in page
    assert "mandag" in page
    assert "18:00-22:00" in page
    assert len(set(CODE.findall(page))) == 1
    assert CODE.findall(desk.get(f"/desk/letters/{record.pk}/").content.decode()) == []


def test_the_code_makes_the_organisation_and_its_space_the_claimers(programme: Programme) -> None:
    desk, offer, record = call(programme)
    code = CODE.findall(desk.get(f"/desk/letters/{record.pk}/").content.decode())[0]
    person = make_person()
    own = signed_in(person)
    assert own.get(f"/offers/{offer.pk}/").status_code == 404
    assert own.post("/claim/", {"code": code}).headers["Location"] == f"/offers/{offer.pk}/"
    assert own.get(f"/offers/{offer.pk}/").status_code == 200
    assert [each.person for each in offer.host.memberships.all()] == [person]


def test_who_belonged_to_the_organisation_already_keeps_one_membership(programme: Programme) -> None:
    desk, offer, record = call(programme)
    code = CODE.findall(desk.get(f"/desk/letters/{record.pk}/").content.decode())[0]
    person = make_person()
    Membership.objects.create(person=person, organisation=offer.host, role="member")
    claim(code=code, by=person, now=now())
    assert [(each.person, each.role) for each in offer.host.memberships.all()] == [(person, "manager")]


def test_an_organisation_with_people_of_its_own_is_not_taken_over_by_a_call(programme: Programme) -> None:
    theirs = make_organisation(programme, member=make_person())
    desk = signed_in(make_matchmaker(programme))
    answer = desk.post("/desk/calls/space/", {**HOST, "host_name": theirs.name.upper()})
    assert answer.status_code == 422
    assert "has people of its own" in answer.content.decode()
    assert not Offer.objects.every(because=EVERY).exists()
    with pytest.raises(NotAllowedError):
        put_in_charge(organisation=theirs, person=make_person(), by=make_person())


def test_an_organisation_that_a_sheet_brought_gets_its_caller_and_no_double(programme: Programme) -> None:
    known = make_organisation(programme)
    _desk, offer, record = call(programme, host_name=known.name)
    assert offer.host == known
    assert [each.person for each in known.memberships.all()] == [record.person]
    assert Organisation.objects.every(because=EVERY).filter(name=known.name).count() == 1


def test_a_space_that_nobody_claims_goes_offline_when_its_host_is_forgotten(programme: Programme) -> None:
    _desk, offer, record = call(programme)
    change_place(offer=offer, by=record.person, values={"latitude": 52.37, "longitude": 4.9})
    publish_offer(offer=offer, by=record.person)
    assert forget_unclaimed(today() + timedelta(days=100)) == 0
    assert Offer.objects.every(because=EVERY).get(pk=offer.pk).state == "published"
    assert forget_unclaimed(today() + timedelta(days=181)) == 1
    assert Offer.objects.every(because=EVERY).get(pk=offer.pk).state == "ended"


def test_an_offer_stays_while_somebody_else_acts_for_its_host(programme: Programme) -> None:
    _desk, offer, record = call(programme)
    Membership.objects.create(person=make_person(), organisation=offer.host, role="manager")
    forget(person=record.person, by=None)
    assert Offer.objects.every(because=EVERY).get(pk=offer.pk).state == "draft"
