"""Companies may be kept apart by their sector, by a group or by a host; people and groups never."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.admin.sites import site as admin_site
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.rooms.makers import (
    make_matchmaker,
    make_offer,
    make_organisation,
    make_person,
    make_programme,
    make_request,
)
from tests.rooms.matching.test_keeping import settle
from tests.rooms.site.test_imports import as_csv, do

from meervoud.core.errors import ConflictError, InputError
from meervoud.demand.actions import change_request
from meervoud.demand.models import Request
from meervoud.matching.answering import Said, say_yes
from meervoud.matching.asking import ask_best, ask_hosts, ask_those_who_wait
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.concerned import who_would_fit
from meervoud.matching.keeping import keep_right
from meervoud.matching.models import Proposal, Side
from meervoud.matching.open_requests import forget_open_requests
from meervoud.matching.pairs import why_not
from meervoud.matching.picking import LOOKED_AT, look_at
from meervoud.matching.proposing import propose_by_hand, propose_for
from meervoud.matching.queries import what_fits
from meervoud.matching.sectors import Stance, are_apart
from meervoud.parties.models import Membership, Organisation, OutboxMail, Person, Programme
from meervoud.parties.models.organisations import Kind, Sector
from meervoud.parties.organisations import change_organisation
from meervoud.supply.actions import change_offer, copy_to_next_room
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=0, microsecond=0)
BY_GROUP = "The group does not want a room of a company in this sector."
BY_HOST = "The host does not lend to a company in this sector."
Values = dict[str, Any]  # the columns of a row


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    forget_open_requests()
    yield
    forget_indexes()
    forget_open_requests()


@pytest.fixture
def programme() -> Programme:
    return make_programme()


def company(programme: Programme, sector: str = "", kind: str = "company") -> Organisation:
    return make_organisation(programme, member=make_person(), sector=sector, kind=kind)


def pair(programme: Programme, *, host: Values, asker: Values) -> tuple[Request, Offer]:
    """A request and an offer that fit but for their sectors."""
    lender = company(programme, host.get("sector", ""), host.get("kind", "company"))
    offer = make_offer(programme, host=lender, capacity=30, no_sectors=host.get("no_sectors", []))
    group = company(programme, asker.get("sector", ""), asker["kind"]) if "kind" in asker else None
    request = make_request(programme, organisation=group, no_sectors=asker.get("no_sectors", []))
    return request, offer


def kept_apart(programme: Programme) -> tuple[Request, Offer]:
    return pair(programme, host={"sector": "tobacco"}, asker={"no_sectors": ["tobacco"]})


def not_lent_to(programme: Programme) -> tuple[Request, Offer]:
    return pair(programme, host={"no_sectors": ["gambling"]}, asker={"kind": "company", "sector": "gambling"})


def change(organisation: Organisation, **values: str) -> None:
    change_organisation(organisation=organisation, by=organisation.memberships.get().person, values=values)


def suggested(request: Request) -> set[Any]:
    propose_for(request=request, now=NOW)
    return set(request.proposals.filter(state="suggested").values_list("offer", flat=True))


def page_of(person: Person, address: str) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client.get(address).content.decode()


def post(person: Person, address: str, data: Values) -> Any:  # Any: an answer of the test client
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client.post(address, data, follow=True)


# who is meant

TOGETHER: list[tuple[Values, Values]] = [
    ({}, {}),
    ({"sector": "tobacco"}, {}),
    ({"sector": "tobacco"}, {"no_sectors": ["gambling", "weapons"]}),
    ({"sector": ""}, {"no_sectors": list(Sector.values)}),
    ({"no_sectors": list(Sector.values)}, {}),
    ({"no_sectors": list(Sector.values)}, {"kind": "company", "sector": ""}),
    ({"no_sectors": ["gambling"]}, {"kind": "company", "sector": "tobacco"}),
]
NO_COMPANIES = [kind for kind in Kind.values if kind != "company"]


@pytest.mark.parametrize(("host", "asker"), TOGETHER)
def test_who_minds_nothing_of_the_other_is_proposed(programme: Programme, host: Values, asker: Values) -> None:
    request, offer = pair(programme, host=host, asker=asker)
    verdict = why_not(request, offer.pk)
    assert verdict.proposal is not None
    assert (verdict.apart, verdict.place) == ("", 1)
    assert [each.space_id for each in what_fits(request).answer.proposals] == [str(offer.pk)]
    assert [row for row, _, _ in who_would_fit(offer.pk, programme)] == [request]
    assert suggested(request) == {offer.pk}


@pytest.mark.parametrize("make", [kept_apart, not_lent_to])
def test_a_company_of_an_unwanted_sector_is_shown_nowhere(
    programme: Programme, make: Callable[[Programme], tuple[Request, Offer]]
) -> None:
    request, offer = make(programme)
    verdict = why_not(request, offer.pk)
    assert verdict.proposal is None
    assert verdict.apart == ("asker" if request.no_sectors else "host")
    found = what_fits(request)
    assert (found.answer.sure, found.answer.proposals, found.answer.near_misses) == (0, (), ())
    assert who_would_fit(offer.pk, programme) == []
    assert suggested(request) == set()


@pytest.mark.parametrize("kind", NO_COMPANIES)
def test_nobody_but_a_company_can_be_excluded(programme: Programme, kind: str) -> None:
    every = list(Sector.values)
    ours = pair(programme, host={"sector": "tobacco", "kind": kind}, asker={"no_sectors": every})
    assert suggested(ours[0]) == {ours[1].pk}
    theirs = pair(make_programme(), host={"no_sectors": every}, asker={"kind": kind, "sector": "tobacco"})
    assert suggested(theirs[0]) == {theirs[1].pk}


def test_somebody_of_a_company_who_asks_as_a_neighbour_is_a_person(programme: Programme) -> None:
    offer = make_offer(programme, capacity=30, no_sectors=["tobacco"])
    works_there = company(programme, "tobacco").memberships.get().person
    assert suggested(make_request(programme, asked_by=works_there)) == {offer.pk}


def test_where_both_mind_it_is_said_of_the_asker() -> None:
    minds = Stance("tobacco", frozenset({"tobacco"}))
    assert are_apart(minds, minds) == "asker"
    assert are_apart(Stance("tobacco"), minds) == "host"
    assert are_apart(Stance("", frozenset({""})), Stance()) == ""  # nobody is of the sector that was not said


# the best, where the first are kept apart


def test_what_fits_behind_many_that_are_kept_apart_is_suggested(programme: Programme) -> None:
    host = company(programme, "weapons")
    for _ in range(LOOKED_AT + 2):
        make_offer(programme, host=host, capacity=30, facilities=["piano"])
    plain = make_offer(programme, capacity=30)
    request = make_request(programme, wishes=["piano"])
    assert plain.pk not in suggested(request)  # the control: without a word about sectors it is the last
    change_request(request=request, by=request.asked_by, values={"no_sectors": ["weapons"]})
    assert suggested(request) == {plain.pk}
    assert why_not(request, plain.pk).place == 1
    look = look_at([Request.objects.every(because="test").get()], but={}, now=NOW, most=0)[request.pk]
    assert look.best is not None
    assert look.best[1] == str(plain.pk)


def test_where_all_that_fits_is_kept_apart_nothing_is_the_best(programme: Programme) -> None:
    request, offer = kept_apart(programme)
    make_offer(programme, capacity=3)
    make_offer(programme, host=offer.host, capacity=3)  # kept apart too, so that nobody is told of it
    look = look_at([Request.objects.every(because="test").get(pk=request.pk)], but={}, now=NOW)[request.pk]
    assert (look.picks, look.best, look.alone) == ((), None, (("capacity", 1),))


# what follows a change


def of_host(request: Request, offer: Offer) -> None:
    change_offer(offer=offer, by=make_person(), values={"no_sectors": ["alcohol"]})


def of_asker(request: Request, offer: Offer) -> None:
    change_request(request=request, by=request.asked_by, values={"no_sectors": ["fossil_fuels"]})


def sector_of_host(request: Request, offer: Offer) -> None:
    change(offer.host, sector="tobacco")


def sector_of_asker(request: Request, offer: Offer) -> None:
    assert request.organisation is not None
    change(request.organisation, sector="gambling")


def kind_of_host(request: Request, offer: Offer) -> None:
    offer.host = company(offer.programme, "tobacco", "foundation")
    change_offer(offer=offer, by=make_person(), values={})
    assert why_not(request, offer.pk).apart == ""
    change(offer.host, kind="company")


def in_the_admin(request: Request, offer: Offer) -> None:
    model_admin = admin_site.get_model_admin(Organisation)
    offer.host.sector = "tobacco"
    model_admin.save_model(RequestFactory().post("/"), offer.host, None, change=True)


CHANGES = [of_host, of_asker, sector_of_host, sector_of_asker, kind_of_host, in_the_admin]


@pytest.mark.parametrize("make_change", CHANGES)
def test_a_suggestion_goes_at_the_next_look_after_a_change(
    programme: Programme, make_change: Callable[[Request, Offer], None]
) -> None:
    request, offer = pair(
        programme,
        host={"sector": "fossil_fuels", "no_sectors": ["gambling"]},
        asker={"kind": "company", "sector": "alcohol", "no_sectors": ["tobacco"]},
    )
    keep_right(programme=programme, now=NOW)
    assert [row for row, _, _ in who_would_fit(offer.pk, programme)] == [request]
    settle(programme)
    assert keep_right(programme=programme, now=timezone.now()) == 0
    assert list(request.proposals.values_list("state", flat=True)) == ["suggested"]
    make_change(request, offer)
    assert keep_right(programme=programme, now=timezone.now()) == 1
    assert list(request.proposals.values_list("state", flat=True)) == ["withdrawn"]
    assert who_would_fit(offer.pk, programme) == []


def test_a_company_that_left_its_sector_is_proposed_at_the_next_look(programme: Programme) -> None:
    request, offer = kept_apart(programme)
    keep_right(programme=programme, now=NOW)
    settle(programme)
    change(offer.host, sector="")
    keep_right(programme=programme, now=timezone.now())
    assert list(request.proposals.values_list("offer", "state")) == [(offer.pk, "suggested")]


def test_a_group_that_takes_it_back_is_shown_to_the_host_again(programme: Programme) -> None:
    request, offer = kept_apart(programme)
    assert who_would_fit(offer.pk, programme) == []
    change_request(request=request, by=request.asked_by, values={"no_sectors": []})
    assert [row for row, _, _ in who_would_fit(offer.pk, programme)] == [request]


def test_a_room_that_is_copied_and_a_sheet_keep_what_was_said(client: Client, programme: Programme) -> None:
    offer = make_offer(programme, no_sectors=["weapons"], source_key="A")
    assert copy_to_next_room(offer=offer, by=make_person(), name="Next").no_sectors == ["weapons"]
    request = make_request(programme, no_sectors=["tobacco"], source_key="R")
    client.force_login(make_matchmaker(programme))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    do(client, as_csv([{"id": "A", "capacity": "77"}]))
    do(client, as_csv([{"id": "R", "people": "7"}]), kind="requests")
    offer, request = (
        Offer.objects.every(because="test").get(pk=offer.pk),
        type(request).objects.every(because="test").get(),
    )
    assert (offer.space.capacity, offer.no_sectors) == (77, ["weapons"])
    assert (request.group_max, request.no_sectors) == (7, ["tobacco"])


# what is said of it


def test_the_page_says_why_and_never_tells_the_group_what_the_host_minds(programme: Programme) -> None:
    staff = make_matchmaker(programme)
    request, offer = kept_apart(programme)
    for person in (request.asked_by, staff):
        page = page_of(person, f"/requests/{request.pk}/why/{offer.pk}/")
        assert BY_GROUP in page
        assert "Ask this host" not in page
    request, offer = not_lent_to(programme)
    assert BY_HOST in page_of(staff, f"/requests/{request.pk}/why/{offer.pk}/")
    page = page_of(request.asked_by, f"/requests/{request.pk}/why/{offer.pk}/")
    assert "This space does not fit this request." in page
    assert "sector" not in page
    fine = pair(programme, host={}, asker={})
    assert "Ask this host" in page_of(fine[0].asked_by, f"/requests/{fine[0].pk}/why/{fine[1].pk}/")  # the control


def test_the_public_page_of_a_space_says_nothing_of_sectors(programme: Programme) -> None:
    host = company(programme, "tobacco")
    offer = make_offer(programme, host=host, no_sectors=["weapons", "gambling"])
    page = Client(headers={"accept-language": "en"}).get(f"/spaces/{offer.pk}/").content.decode().lower()
    assert offer.space.name.lower() in page
    assert not any(word in page for word in ("sector", "tobacco", "weapons", "gambling"))


def test_by_hand_it_is_refused_with_a_reason_for_staff_only(programme: Programme) -> None:
    staff = make_matchmaker(programme)
    request, offer = not_lent_to(programme)
    ours, theirs = kept_apart(programme)
    for row, space, by, said in (
        (request, offer, staff, "sector_of_asker"),
        (request, offer, request.asked_by, "does_not_fit"),
        (ours, theirs, staff, "sector_of_host"),
        (ours, theirs, ours.asked_by, "sector_of_host"),
    ):
        with pytest.raises(InputError) as refused:
            propose_by_hand(request=row, offer=space, by=by, now=NOW)
        assert refused.value.code == said
    assert "sector" not in post(request.asked_by, f"/requests/{request.pk}/hosts/{offer.pk}/", {}).content.decode()
    assert BY_GROUP in post(ours.asked_by, f"/requests/{ours.pk}/hosts/{theirs.pk}/", {}).content.decode()
    assert not Proposal.objects.every(because="test").exists()
    plain = make_offer(programme, capacity=30)
    assert propose_by_hand(request=ours, offer=plain, by=staff, now=NOW).offer == plain  # the control


def asked(programme: Programme) -> Proposal:
    pair(programme, host={"sector": "alcohol"}, asker={})
    request = Request.objects.every(because="test").get()
    propose_for(request=request, now=NOW)
    ask_best(request=request, by=request.asked_by, now=NOW, asker_agrees=False)
    return Proposal.objects.every(because="test").select_related("request", "offer__host", "programme").get()


@pytest.mark.parametrize("side", [Side.HOST, Side.ASKER])
def test_a_yes_after_a_change_is_refused_without_saying_why(programme: Programme, side: str) -> None:
    row = asked(programme)
    said = Said(side, row.request.asked_by, NOW)
    change_request(request=row.request, by=row.request.asked_by, values={"no_sectors": ["alcohol"]})
    with pytest.raises(ConflictError) as refused:
        say_yes(proposal=row, said=said)
    assert "sector" not in str(refused.value)
    change_request(request=row.request, by=row.request.asked_by, values={"no_sectors": []})
    assert say_yes(proposal=row, said=said).state == "asked"  # the control


def test_who_waits_for_a_turn_and_is_kept_apart_meanwhile_is_not_asked(programme: Programme) -> None:
    host = company(programme)
    Organisation.objects.every(because="test").filter(pk=host.pk).update(questions_a_week=0)
    offer = make_offer(programme, host=host, capacity=30)
    request, other = make_request(programme), make_request(programme)
    for each in (request, other):
        made = propose_by_hand(request=each, offer=offer, by=make_matchmaker(programme), now=NOW)
        ask_hosts(proposals=[made], by=each.asked_by, now=NOW, asker_agrees=True)
    change_request(request=request, by=request.asked_by, values={"no_sectors": ["tobacco"]})
    host.refresh_from_db()
    change(host, sector="tobacco", questions_a_week=None)  # type: ignore[arg-type]  # no limit
    assert ask_those_who_wait(now=NOW) == 1  # the control: who minds nothing is
    assert [each.proposals.get().state for each in (request, other)] == ["withdrawn", "asked"]
    assert OutboxMail.objects.every(because="test").count() == 1


# the forms


def test_a_group_a_host_and_a_company_say_it_on_their_pages(programme: Programme) -> None:
    host = company(programme)
    offer, manager = make_offer(programme, host=host), host.memberships.get().person
    request = make_request(programme)
    sent = {"no_sectors": ["tobacco", "weapons"]}
    assert post(request.asked_by, f"/requests/{request.pk}/companies/", sent).status_code == 200
    assert post(manager, f"/offers/{offer.pk}/use/", sent).status_code == 200
    profile = {"name": host.name, "kind": "company", "sector": "alcohol", "line_of_work": "Drinks"}
    assert post(manager, f"/organisations/{host.pk}/profile/", profile).status_code == 200
    for row in (request, offer, host):
        row.refresh_from_db()
    assert request.no_sectors == offer.no_sectors == ["tobacco", "weapons"]
    assert (host.sector, host.line_of_work) == ("alcohol", "Drinks")
    for person, address in (
        (request.asked_by, f"/requests/{request.pk}/companies/"),
        (manager, f"/offers/{offer.pk}/use/"),
    ):
        page = page_of(person, address)
        assert "People are never excluded." in page
        assert len(re.findall(r'name="no_sectors"[^>]* checked', page)) == 2
    post(manager, f"/organisations/{host.pk}/profile/", {**profile, "kind": "foundation"})
    host.refresh_from_db()
    assert host.sector == ""


@pytest.mark.parametrize("code", ["people", "foundation", "Tobacco", "", "tobacco' OR 1=1", "x" * 100_000, "\x00"])
def test_what_is_not_on_the_list_is_refused(programme: Programme, code: str) -> None:
    host = company(programme, "gambling")
    offer, manager = make_offer(programme, host=host, no_sectors=["weapons"]), host.memberships.get().person
    request = make_request(programme, no_sectors=["weapons"])
    sent = {"no_sectors": ["tobacco", code]}
    assert post(request.asked_by, f"/requests/{request.pk}/companies/", sent).status_code == 422
    assert post(manager, f"/offers/{offer.pk}/use/", sent).status_code == 422
    if code:
        profile = {"name": host.name, "kind": "company", "sector": code}
        assert post(manager, f"/organisations/{host.pk}/profile/", profile).status_code == 422
    for row in (request, offer, host):
        row.refresh_from_db()
    assert (request.no_sectors, offer.no_sectors, host.sector) == (["weapons"], ["weapons"], "gambling")


def test_a_stranger_cannot_say_it_for_others(programme: Programme) -> None:
    host = company(programme)
    offer, request = make_offer(programme, host=host), make_request(programme)
    sent, stranger = {"no_sectors": ["tobacco"]}, make_person()
    Membership.objects.create(person=stranger, organisation=company(programme))
    for address in (f"/requests/{request.pk}/companies/", f"/offers/{offer.pk}/use/"):
        assert post(stranger, address, sent).status_code == 404


# what it costs


@pytest.mark.parametrize("look", ["fits", "who", "propose", "why"])
def test_sectors_ask_the_database_nothing_more(programme: Programme, look: str) -> None:
    counted = []
    for number in (2, 8):
        for _ in range(number):
            make_offer(programme, host=company(programme, "weapons"), capacity=30, no_sectors=["gambling"])
            group = company(programme, "gambling")
            make_request(programme, organisation=group, no_sectors=["tobacco"])
        request, offer = pair(programme, host={}, asker={"no_sectors": ["weapons"]})
        what_fits(request)  # the index is there
        who_would_fit(offer.pk, programme)
        with CaptureQueriesContext(connection) as queries:
            look_for(look, request, offer)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] > 0


def look_for(look: str, request: Request, offer: Offer) -> None:
    if look == "fits":
        what_fits(request)
    elif look == "who":
        who_would_fit(offer.pk, request.programme)
    elif look == "propose":
        propose_for(request=request, now=NOW)
    else:
        why_not(request, offer.pk)
