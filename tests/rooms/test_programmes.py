"""More than one programme in a house: visitors choose, and staff sit at the desk that they chose."""

import pytest
from django.test import Client
from tests.rooms.makers import make_matchmaker, make_person, make_programme

from meervoud.parties.models import ProgrammeRole

pytestmark = pytest.mark.django_db


def test_a_visitor_sees_the_programme_that_they_chose() -> None:
    first, second = make_programme(), make_programme()
    client = Client(headers={"accept-language": "en"})
    page = client.get("/").content.decode()
    assert first.name in page
    assert "/programmes/" in page
    assert client.post("/programmes/", {"programme": second.slug})["Location"] == "/"
    assert f"<title>Space for people with a plan - {second.city}</title>" in client.get("/").content.decode()
    assert second.name in client.get("/").content.decode()


def test_where_there_is_one_programme_nobody_is_asked() -> None:
    make_programme()
    assert "/programmes/" not in Client().get("/").content.decode()


def test_a_programme_that_is_not_public_cannot_be_chosen_but_by_who_works_for_it() -> None:
    public, hidden = make_programme(), make_programme(is_public=False)
    client = Client()
    assert hidden.name not in client.get("/programmes/").content.decode()
    assert client.post("/programmes/", {"programme": hidden.slug}).status_code == 404
    client.force_login(make_person())
    assert client.post("/programmes/", {"programme": hidden.slug}).status_code == 404
    client.force_login(make_matchmaker(hidden))
    assert client.post("/programmes/", {"programme": hidden.slug}).status_code == 302
    assert hidden.name in client.get("/").content.decode()
    client.logout()
    assert public.name in client.get("/").content.decode()


def test_who_works_for_two_programmes_is_at_the_desk_of_the_one_they_chose() -> None:
    first, second = make_programme(), make_programme()
    person = make_matchmaker(first)
    ProgrammeRole.objects.create(programme=second, person=person)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    assert f"The desk of {first.name}" in client.get("/desk/").content.decode()
    client.post("/programmes/", {"programme": second.slug})
    assert f"The desk of {second.name}" in client.get("/desk/").content.decode()
