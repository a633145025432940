"""What is private stays private: every address, every role that may not know it, and no word of it anywhere."""

import io
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client
from django.urls import path
from PIL import Image
from pytest_django.fixtures import Settings
from tests.rooms.matrix.canaries import LATITUDE, LONGITUDE, NOBODY, Canary, make_planted_world
from tests.rooms.matrix.crawl import crawl, hits, leaks, said, sightings
from tests.rooms.matrix.world import ROLES, World, noon
from tests.rooms.once import as_new, made_once

from meervoud.demand.models import Request
from meervoud.matching.city_index import forget_indexes
from meervoud.parties.models import OutboxMail
from meervoud.places.models import Photo
from meervoud.site import urls
from meervoud.site.logs import JsonFormatter, PrivateFilter
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db
NONSENSE = "qqxzvvjkw"
NUMBER_FOUND = re.compile(r'id="count"[^>]*>\s*(\d+)')


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with noon():
        yield


Planted = tuple[World, list[Canary]]


def make() -> Planted:
    with noon():
        return make_planted_world()


made_planted = made_once(make)


@pytest.fixture
def planted(made_planted: Planted) -> Planted:
    return as_new(made_planted)


def page(client: Client, address: str, **options: Any) -> str:  # Any: the options of a test client
    return client.get(address, **options).content.decode()


PLACE = {f"building {field}" for field in ("name", "street", "postcode", "town", "access_notes")}
LEAD = {f"{name} of a lead" for name in ("name", "street", "note", "number", "file")}
EVENING = {"name of a reader", "e-mail of a reader", "what happened"}
KEPT = {"note of the desk", "why the desk calls back", "name of a filter"}
WORDS = {f"sheltered {field}" for field in ("title", "for_whom", "brings_about")}
SEEN = {
    "manager": PLACE | EVENING | {"latitude", "longitude", "question", "answer", "name of deputy", "e-mail of manager"},
    "matchmaker": PLACE
    | {"unchecked host", "caller", "postal address", "note of the call", "draft name", *WORDS, *LEAD, *KEPT},
    "other_asker": {"phone of other_asker", "e-mail of other_asker", *WORDS},
    "asker": {
        "question",
        "answer",
        "title of a request",
        "what a plan tells nobody yet",
    },
    "other_host": {"draft name", "draft description"},
    "administrator": {"name of nobody", "e-mail of nobody", "unchecked host"},
}
"""What the crawler has to find where it is allowed: else it looks at the wrong places."""


@contextmanager
def written_log() -> Iterator[io.StringIO]:
    """Collect what the log of the web would hold."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(PrivateFilter())
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    try:
        yield written
    finally:
        logging.getLogger().removeHandler(handler)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_told_what_is_private_and_no_log_either(planted: Planted, role: str) -> None:
    world, canaries = planted
    with written_log() as log:
        told = crawl(world, role)
    assert leaks(told, canaries, role) == []
    assert sightings(told, canaries) >= SEEN.get(role, set())
    assert "Not Found" in log.getvalue()
    assert hits(canaries, log.getvalue()) == set()


def leaky_urlconf() -> str:
    """Make the addresses of the house with one more, whose template names what it should not."""

    def leak(_: HttpRequest) -> HttpResponse:
        rows = Offer.objects.every(because="the fault that is planted")
        offer = rows.get(space__building__street="Kwikstaartlaan 4711")
        words = Template("{{ offer.space.building.street }} {{ offer.space.building.latitude }}")
        return HttpResponse(words.render(Context({"offer": offer})))

    module = ModuleType("addresses_with_a_canary")
    module.urlpatterns = [path("leak/", leak), *urls.urlpatterns]  # type: ignore[attr-defined]  # a module made here
    sys.modules[module.__name__] = module
    return module.__name__


@pytest.mark.slow
def test_the_crawler_finds_a_leak_in_a_template(planted: Planted, settings: Settings) -> None:
    world, canaries = planted
    settings.ROOT_URLCONF = leaky_urlconf()
    found = leaks(crawl(world, "nobody", extra=["/leak/"]), canaries, "nobody")
    assert found[:2] == ["nobody GET /leak/: building street", "nobody GET /leak/: latitude"]
    assert {each.partition(",")[0].partition(":")[0] for each in found} == {"nobody GET /leak/"}


def test_the_crawler_finds_a_leak_in_a_header_and_behind_an_escape() -> None:
    canaries = [Canary("street", "Laan & Kade 1", NOBODY), Canary("latitude", "52.37192", NOBODY)]
    answer = HttpResponse("Laan &amp; Kade 1")
    answer.headers["ETag"] = '"52,37192"'
    assert hits(canaries, said(answer)) == {"street", "latitude"}


def number_found(client: Client, words: str) -> int:
    found = NUMBER_FOUND.search(page(client, "/find/", data={"words": words}))
    assert found
    return int(found[1])


@pytest.mark.parametrize("role", ["anonymous", "other_host", "other_matchmaker"])
def test_a_search_does_not_confirm_what_is_private(planted: Planted, role: str) -> None:
    world, canaries = planted
    client = world.client(role)
    assert number_found(client, world.online.space.name) == 1
    nothing = number_found(client, NONSENSE)
    for canary in canaries:
        assert number_found(client, canary.text) == nothing, canary.name
        points = client.get("/find/points/", {"box": "-90,-180,90,180", "words": canary.text})
        assert points.json()["features"] == [], canary.name


def test_a_photo_has_no_note_of_place_time_or_camera(planted: Planted) -> None:
    _, canaries = planted
    for photo in Photo.objects.every(because="a test"):
        for data in (photo.small, photo.medium, photo.large):
            assert hits(canaries, bytes(data).decode("latin-1")) == set()
            with Image.open(io.BytesIO(bytes(data))) as image:
                assert (dict(image.getexif()), image.info.get("exif"), image.info.get("xmp")) == ({}, None, None)


def test_the_public_point_is_not_the_door(planted: Planted) -> None:
    world, _ = planted
    client = world.client("anonymous")
    for zoom in range(5, 20):
        answer = client.get(f"/find/points/?box=52,4,53,5&zoom={zoom}").json()
        for feature in answer["features"]:
            longitude, latitude = feature["geometry"]["coordinates"]
            metres = ((latitude - LATITUDE) ** 2 + ((longitude - LONGITUDE) * 0.61) ** 2) ** 0.5 * 111_195
            assert metres > 75, (zoom, metres)


PUBLIC = ("/", "/find/", "/find/?people=4&days=3&start=19:00&end=22:00", "/find/points/?box=-90,-180,90,180&zoom=6")


def test_a_sheltered_request_changes_nothing_on_a_public_page(planted: Planted) -> None:
    world, _ = planted
    pages = [*PUBLIC, f"/spaces/{world.online.pk}/", "/ask/?people=4&days=3", "/find/areas/"]
    client = world.client("anonymous")
    before = [without_tokens(page(client, address)) for address in pages]
    rows = Request.objects.every(because="a test").filter(is_sheltered=True)
    assert rows.update(state="withdrawn", title="", neighbourhood="") == 1
    forget_indexes()
    assert [without_tokens(page(client, address)) for address in pages] == before


def without_tokens(text: str) -> str:
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", text)


def test_a_host_sees_the_size_and_the_time_of_a_sheltered_group_and_nothing_else(planted: Planted) -> None:
    world, canaries = planted
    rows = Request.objects.every(because="a test")
    rows.exclude(pk=world.sheltered.pk).update(state="withdrawn")
    rows.filter(pk=world.sheltered.pk).update(group_min=17, group_max=17, facilities=["kitchen"], loudness="singing")
    text = page(world.client("manager"), f"/offers/{world.online.pk}/fits/")
    article = re.sub(r"<[^>]+>", " ", text[text.index("<article") : text.index("</article>")])
    assert "A group" in article
    assert "17 people" in article
    assert "19:00" in article
    assert hits([each for each in canaries if "manager" not in each.seen_by], text) == set()
    for word in ("newcomers", "Newcomers", "acilities", "noise", "Havenkwartier", "Stille Hoek", "metres", " km"):
        assert word not in article, word


def test_a_mail_tells_nobody_what_is_private(planted: Planted) -> None:
    world, canaries = planted
    role_of = {person.email: role for role, person in world.people.items()}
    invited = {"invitation token", "name of manager", "invited address"}
    mails = list(OutboxMail.objects.every(because="a test"))
    assert len(mails) >= 4
    for mail in mails:
        text = f"{mail.subject}\n{mail.text}"
        if mail.address in role_of:
            role = role_of[mail.address]
            assert hits([each for each in canaries if role not in each.seen_by], text) == set(), mail.subject
        elif mail.address == world.invitation.email:
            assert hits(canaries, text) <= invited


def test_only_a_hash_of_a_code_or_a_secret_link_is_kept(planted: Planted) -> None:
    world, _ = planted
    OutboxMail.objects.every(because="a test").delete()  # the letter of an invitation waits there, until it has left
    rows = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in rows:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # names from the database
            text = "\n".join(str(row) for row in cursor.fetchall())
            assert world.token not in text, table
            assert world.code not in text, table
            assert "Ontslaggesprek" not in text, table


def test_a_log_has_no_address_no_query_and_no_secret_link(planted: Planted) -> None:
    world, canaries = planted
    with written_log() as log:
        strict = Client(enforce_csrf_checks=True)
        strict.post(f"/invitation/{world.token}/?e=genodigde@geheim.example")
        strict.get(f"/nothing/{world.people['asker'].email}/?words=Kwikstaartlaan 4711")
        logging.getLogger("django.request").error("sent to %s from 203.0.113.77", world.people["asker"].email)
        log_failure(f"{world.people['manager'].email} asked /claim/{world.code}/?phone=1")
    text = log.getvalue()
    assert "Not Found" in text
    assert "203.0.113.0" in text
    assert "ValueError" in text
    assert hits(canaries, text) == set()


def log_failure(words: str) -> None:
    """Log an error with its trace, as Django does."""
    try:
        int(words)
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: /")


def test_what_is_handed_out_about_a_person_is_only_about_that_person(planted: Planted) -> None:
    world, canaries = planted
    answer = world.client("asker").get("/me/export/")
    assert answer.headers["Cache-Control"] == "no-store"
    found = hits(canaries, said(answer))
    own = {"name of asker", "e-mail of asker", "phone of asker", "question", "title of a request"}
    assert found == own | {"whom a request is for", "organisation of a request"}


@pytest.mark.parametrize("photo", ["photo", "draft_photo"])
def test_a_private_answer_is_not_kept_by_anybody_between(planted: Planted, photo: str) -> None:
    world, _ = planted
    answer = world.client("other_host").get(f"/photos/{getattr(world, photo).pk}/small/")
    assert answer.headers["Cache-Control"].startswith("private")
    assert "ETag" not in answer.headers
    assert site.SECURE_REFERRER_POLICY == "same-origin"
