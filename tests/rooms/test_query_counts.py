"""A list of thirty costs as many questions to the database as a list of three."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from pytest_django.fixtures import Settings
from tests.rooms.makers import (
    TODAY,
    make_building,
    make_matchmaker,
    make_offer,
    make_organisation,
    make_person,
    make_programme,
    make_request,
    make_space,
)
from tests.rooms.matrix.world import NOW, make_neighbourhood, make_picture, noon

from meervoud.demand.models import Request
from meervoud.parties.conversations import About, reply, start_conversation
from meervoud.parties.models import Conversation, Membership, Organisation, Person, Programme
from meervoud.parties.privacy import note_look
from meervoud.parties.reports import Reported, report
from meervoud.places.actions import add_photo
from meervoud.site import urls
from meervoud.site.imports.runs import setting_of, start_import
from meervoud.supply.models import Offer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FEW, MANY = 3, 30


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("meervoud.parties.conversations.CONVERSATIONS_A_DAY", 100)  # the city grows in one day
    with noon():
        yield


@dataclass
class City:
    """A programme that grows."""

    programme: Programme
    host: Organisation
    manager: Person
    asker: Person
    matchmaker: Person
    firsts: list[tuple[Offer, Request, Conversation]] = field(default_factory=list)

    @property
    def first(self) -> tuple[Offer, Request, Conversation]:
        """The first offer, request and conversation; pages about one thing stay with these."""
        return self.firsts[0]

    def grow(self, number: int) -> None:
        """Add as many of everything as a list can show."""
        for each in range(number):
            space = make_space(make_building(self.programme, self.host), name=f"Room {each}", facilities=["kitchen"])
            offer = make_offer(self.programme, host=self.host, space=space)
            add_photo(space=space, by=self.manager, data=PICTURE, description="The room")
            make_offer(self.programme, host=self.host, capacity=2)  # nearly fits
            request = make_request(self.programme, asked_by=self.asker, organisation=self.host)
            make_request(self.programme, asked_by=make_person(), organisation=make_organisation(self.programme))
            Membership.objects.create(person=make_person(), organisation=self.host)
            make_organisation(self.programme, parent=self.host, verified=False)
            make_organisation(self.programme, kind="municipality")
            about = About("offer", offer.pk, space.name)
            talk = start_conversation(
                programme=self.programme, by=self.asker, organisation=self.host, about=about, text="May we come?"
            )
            self.firsts.append((offer, request, talk))
            for conversation in (talk, self.first[2]):
                reply(conversation=conversation, by=self.manager, text="Yes, you may come.")
            start_conversation(
                programme=self.programme, by=make_person(), organisation=self.host, about=about, text="Buy our chairs"
            )
            for thing in (Reported("offer", offer.pk, self.programme), Reported("message", talk.pk, self.programme)):
                report(reported=thing, by=make_person(), wrong="spam", text="", now=NOW)
            note_look(person=self.asker, by=self.matchmaker, why="letter")
            setting = setting_of(self.programme, self.matchmaker, NOW, TODAY)
            start_import(setting=setting, kind="spaces", name="a.csv", content=SHEET, most_rows=None)


PICTURE = make_picture()
SHEET = b"number,organisation,name,kind,people\n" + b"".join(
    b"%d,Hosts of the North,North room %d,office,12\n" % (number, number) for number in range(5)
)


@pytest.fixture
def city() -> City:
    programme = make_programme()
    for number in range(3):
        make_neighbourhood(programme, f"Kwartier {number}", 4.88 + number / 20)
    manager = make_person()
    host = make_organisation(programme, member=manager, kind="housing_organisation")
    return City(programme, host, manager, make_person(), make_matchmaker(programme))


def first_of(kind: str) -> Callable[[City], str]:
    """Return the address of the first request, conversation, space or offer."""

    def address(city: City) -> str:
        offer, request, talk = city.first
        addresses = {
            "space": f"/spaces/{offer.pk}/",
            "offer": f"/offers/{offer.pk}/",
            "fits": f"/offers/{offer.pk}/fits/",
            "case": f"/queue/{request.pk}/",
        }
        return {"request": f"/requests/{request.pk}/", "conversation": f"/conversations/{talk.pk}/", **addresses}[kind]

    return address


PAGES: dict[str, tuple[str, str | Callable[[City], str]]] = {
    "home": ("anonymous", "/"),
    "find": ("anonymous", "/find/"),
    "find what fits": ("anonymous", "/find/?people=8&days=1&start=19:00&end=22:00&minutes=120&weeks=4"),
    "find by words": ("anonymous", "/find/?words=room"),
    "find nothing": ("anonymous", "/find/?people=5000"),
    "points of the map": ("anonymous", "/find/points/?box=52,4,53,5&zoom=12"),
    "points near by": ("anonymous", "/find/points/?box=52,4,53,5&zoom=17"),
    "points with filters": ("anonymous", "/find/points/?box=52,4,53,5&zoom=12&people=8"),
    "neighbourhoods": ("anonymous", "/find/areas/"),
    "ask": ("anonymous", "/ask/?people=8&days=1"),
    "space": ("anonymous", first_of("space")),
    "desk of a host": ("manager", "/desk/"),
    "desk of an asker": ("asker", "/desk/"),
    "desk of a matchmaker": ("matchmaker", "/desk/"),
    "offer": ("manager", first_of("offer")),
    "request and what fits": ("asker", first_of("request")),
    "who fits": ("manager", first_of("fits")),
    "organisation": ("manager", "/organisations/{host}/"),
    "conversation": ("asker", first_of("conversation")),
    "my data": ("asker", "/me/"),
    "export of my data": ("asker", "/me/export/"),
    "moderation": ("matchmaker", "/moderation/"),
    "queue": ("matchmaker", "/queue/"),
    "queue with filters": ("matchmaker", "/queue/?show=new&assigned=nobody&words=cafe&order=changed"),
    "queue as a board": ("matchmaker", "/queue/?view=board"),
    "queue on the map": ("matchmaker", "/queue/?view=map"),
    "points of the queue": ("matchmaker", "/queue/points/?box=52,4,53,5&zoom=12"),
    "case": ("matchmaker", first_of("case")),
    "duplicates": ("matchmaker", "/queue/duplicates/"),
    "imports": ("matchmaker", "/imports/"),
    "export of spaces": ("matchmaker", "/imports/export/spaces.csv"),
    "export of requests": ("matchmaker", "/imports/export/requests.csv"),
}


STANDS_STILL = {
    "home",
    "space",
    "offer",
    "neighbourhoods",
    "ask",
    "find",
    "find nothing",
    "points of the map",
    "points with filters",
    "points of the queue",
    "case",
}
"""Pages that show a fixed number of things; all others grow with what there is."""


def measure(city: City, page: str) -> tuple[int, int]:
    """Return how many questions a page asks and how long it is, asked a second time: the index is there then."""
    role, address = PAGES[page]
    where = address(city) if callable(address) else address.format(host=city.host.pk)
    return measure_address(city, role, where)


def measure_address(city: City, role: str, where: str) -> tuple[int, int]:
    client = Client()
    if role != "anonymous":
        client.force_login(getattr(city, role))
    assert client.get(where).status_code == 200, where
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(where)
    return sum("SAVEPOINT" not in each["sql"] for each in asked.captured_queries), len(answer.content)


def test_every_list_costs_the_same_with_three_rows_and_with_thirty(city: City) -> None:
    city.grow(FEW)
    few = {page: measure(city, page) for page in PAGES}
    city.grow(MANY - FEW)
    many = {page: measure(city, page) for page in PAGES}
    assert {page: (few[page][0], many[page][0]) for page in PAGES if few[page][0] != many[page][0]} == {}
    assert {page for page in PAGES if many[page][1] <= few[page][1] + 100} - STANDS_STILL == set()


def test_the_count_finds_a_list_that_asks_about_each_row(city: City, settings: Settings) -> None:
    def slow(request: HttpRequest) -> HttpResponse:
        rows = Offer.objects.visible_to(request.user)
        return HttpResponse(", ".join(offer.space.name for offer in rows))

    module = ModuleType("addresses_with_a_slow_list")
    module.urlpatterns = [path("slow/", slow), *urls.urlpatterns]  # type: ignore[attr-defined]  # a module made here
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__
    city.grow(1)
    few, _ = measure_address(city, "manager", "/slow/")
    city.grow(2)
    assert measure_address(city, "manager", "/slow/")[0] == few + 4
