"""The pages of the city: they wear the house, speak three languages, and stand when everything else falls."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tests.rooms.makers import make_organisation, make_programme

from meervoud.parties.models import Programme
from meervoud.site.views import health
from meervoud.site.views.errors import bad_request, closed, fault, form_expired
from meervoud.supply.guard import NAME, TABLE

PAGES = ("/", "/components/", "/accessibility/", "/privacy/", "/terms/", "/account/login/", "/account/signup/")
LANGUAGES = ("nl", "en", "da")
PHONE = "+31 20 555 01 23"
every_page = pytest.mark.parametrize("page", PAGES)
every_language = pytest.mark.parametrize("code", LANGUAGES)
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return make_programme(name="Space for All", city="Zilverhaven", desk_phone=PHONE, desk_hours="Mo-Fr 9-17")


def text_of(response: Any) -> str:  # Any: the answer of a test client
    return str(response.content.decode())


def title_of(text: str) -> str:
    found = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    assert found
    return " ".join(found[1].split())


@every_page
@every_language
def test_every_page_wears_the_house(client: Client, programme: Programme, page: str, code: str) -> None:
    answer = client.get(page, headers={"accept-language": code})
    text = text_of(answer)
    assert answer.status_code == 200
    assert f'<html lang="{code}">' in text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert re.fullmatch(r".+ - Zilverhaven", title_of(text))
    assert PHONE in text
    assert 'href="tel:+31205550123"' in text
    assert text.index('class="skip"') < text.index("<header") < text.index('<main id="main" tabindex="-1"')


@every_page
def test_a_page_asks_for_nothing_inline_and_nothing_from_elsewhere(
    client: Client, programme: Programme, page: str
) -> None:
    answer = client.get(page)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "script-src 'self'" in policy
    text = text_of(answer)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text)
    assert re.findall(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", text) == []
    assert not re.search(r'(?:src|<link[^>]*href)="(?:https?:)?//', text)


@every_page
def test_an_empty_house_still_has_pages(client: Client, page: str) -> None:
    answer = client.get(page, headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert title_of(text_of(answer)).endswith(" - Meervoud")


def test_a_page_that_is_not_there_wears_the_house(client: Client, programme: Programme) -> None:
    answer = client.get("/nothing/here/", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert title_of(text_of(answer)) == "This page is not here - Zilverhaven"
    assert PHONE in text_of(answer)


@pytest.mark.parametrize(("view", "status"), [(bad_request, 400), (form_expired, 403), (closed, 503)])
def test_a_fault_says_what_to_do(
    rf: RequestFactory, programme: Programme, view: Callable[..., HttpResponse], status: int
) -> None:
    answer = view(rf.get("/"))
    assert answer.status_code == status
    assert 'class="button" href="/"' in text_of(answer)


def test_a_fault_of_ours_is_shown_without_the_database(
    rf: RequestFactory, django_assert_num_queries: Callable[[int], Any]
) -> None:  # Any: a context manager of pytest-django
    with django_assert_num_queries(0):
        answer = fault(rf.get("/"))
    assert answer.status_code == 500
    assert "<h1>" in text_of(answer)
    assert "Zilverhaven" not in text_of(answer)


def test_the_demo_says_that_it_is_a_demo(client: Client, programme: Programme) -> None:
    assert "Every person and organisation here is made up." in text_of(
        client.get("/", headers={"accept-language": "en"})
    )


def test_the_front_page_explains_a_zero(client: Client, programme: Programme) -> None:
    text = text_of(client.get("/", headers={"accept-language": "en"}))
    assert "No host has put a space online yet." in text
    assert "Nobody waits for a space" in text


def test_the_front_page_names_who_stands_behind_the_programme_and_no_hosts(
    client: Client, programme: Programme
) -> None:
    make_organisation(programme, name="City of Zilverhaven", kind="municipality")
    make_organisation(programme, name="Quiet Office", kind="company")
    make_organisation(programme, name="Not the Council", kind="municipality", verified=False)
    text = text_of(client.get("/"))
    assert "City of Zilverhaven" in text
    assert "Quiet Office" not in text
    assert "Not the Council" not in text


@pytest.mark.parametrize(
    ("theme", "said"), [("plain", "plain"), ("zilverhaven", "zilverhaven"), ("../../x", "plain"), ("nowhere", "plain")]
)
def test_a_programme_wears_its_theme_and_never_a_strange_file(
    client: Client, programme: Programme, theme: str, said: str
) -> None:
    Programme.objects.update(theme=theme)
    assert f'href="/static/site/themes/{said}.css"' in text_of(client.get("/"))


def test_a_chosen_language_is_kept_and_the_page_too(client: Client, programme: Programme) -> None:
    answer = client.post("/language/", {"language": "da", "next": "/terms/?a=1"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/terms/?a=1"
    assert client.cookies["django_language"]["samesite"] == "Lax"
    assert '<html lang="da">' in text_of(client.get("/terms/"))


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_a_language_never_leads_to_another_site(client: Client, elsewhere: str) -> None:
    assert client.post("/language/", {"language": "en", "next": elsewhere}).headers["Location"] == "/"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    client.post("/language/", {"language": "xx", "next": "/"})
    assert "django_language" not in client.cookies


def test_the_language_is_changed_by_a_form_only(client: Client) -> None:
    assert client.get("/language/").status_code == 405


def test_pages_travel_compressed(client: Client, programme: Programme) -> None:
    answer = client.get("/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < len(client.get("/").content) / 2


def test_the_house_is_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert json.loads(answer.content) == {"status": "ok", "database": True, "guard": True, "tasks_late": False}


def test_the_house_is_not_well_without_its_guard(client: Client) -> None:
    statement = f"ALTER TABLE {TABLE} DROP CONSTRAINT {NAME}"
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER supply_occupation_insert" if connection.vendor == "sqlite" else statement)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert json.loads(answer.content) == {"status": "fault", "database": True, "guard": False, "tasks_late": False}


def test_the_house_is_not_well_without_its_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: object) -> list[str]:
        raise DatabaseError

    monkeypatch.setattr(health, "missing_guards", gone)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["database"] is False
