"""Keys for programs: made, shown once, used, revoked; and the data that a public page holds for search engines."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.utils import translation
from tests.rooms.makers import make_offer, make_person
from tests.rooms.matrix.world import NOW, World, make_world, noon
from tests.rooms.site.api_client import ask, key_for

from meervoud.lib.models import JournalEntry
from meervoud.parties.models import Person
from meervoud.parties.privacy import forget
from meervoud.site.keys import forget_keys
from meervoud.site.models import SCOPES, ApiKey

pytestmark = pytest.mark.django_db
MADE = {"name": "Our website", "scopes": ["read:offers", "read:requests"], "days": "90"}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with noon():
        yield


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_a_key_is_made_and_its_secret_shown_once() -> None:
    person = make_person()
    client = signed_in(person)
    assert "You have no keys" in client.get("/me/keys/").content.decode()
    answer = client.post("/me/keys/", MADE)
    (secret,) = re.findall(r"mv_[\w-]{43}", answer.content.decode())
    assert answer.headers["Cache-Control"] == "no-store"
    page = client.get("/me/keys/").content.decode()
    assert ("Our website" in page, "mv_" in page, "Never used." in page) == (True, False, True)
    assert ask("requests", secret).status_code == 200
    assert ask("proposals", secret).status_code == 403
    key = ApiKey.objects.visible_to(person).get()
    assert (key.scopes, key.expires_at - NOW) == (MADE["scopes"], timedelta(days=90))
    assert "Last used" in client.get("/me/keys/").content.decode()


def test_only_the_hash_of_a_secret_is_kept() -> None:
    secret = key_for(make_person())
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # names from the database
            assert secret not in "\n".join(str(row) for row in cursor.fetchall()), table


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["write:offers"]}, {"days": "99999"}])
def test_a_key_without_a_name_or_a_scope_is_not_made(wrong: dict[str, object]) -> None:
    client = signed_in(person := make_person())
    answer = client.post("/me/keys/", {**MADE, **wrong})
    assert (answer.status_code, ApiKey.objects.visible_to(person).count()) == (422, 0)


def test_nobody_has_more_than_twenty_keys() -> None:
    client = signed_in(person := make_person())
    for _ in range(20):
        key_for(person)
    answer = client.post("/me/keys/", MADE)
    assert (answer.status_code, ApiKey.objects.visible_to(person).count()) == (422, 20)
    assert "You have twenty keys." in answer.content.decode()


def test_a_revoked_key_opens_nothing_and_is_gone() -> None:
    client = signed_in(person := make_person())
    secret, kept = key_for(person), key_for(person)
    key = ApiKey.objects.visible_to(person).earliest("created_at")
    assert client.post(f"/me/keys/{key.pk}/revoke/").status_code == 302
    assert (ask("requests", secret).status_code, ask("requests", kept).status_code) == (401, 200)
    assert ApiKey.objects.visible_to(person).count() == 1
    verbs = JournalEntry.objects.filter(thing=key.pk).order_by("number").values_list("verb", flat=True)
    assert list(verbs) == ["key.made", "key.revoked"]


def test_nobody_revokes_the_key_of_another() -> None:
    secret, person = key_for(owner := make_person()), make_person()
    key = ApiKey.objects.visible_to(owner).get()
    assert signed_in(person).post(f"/me/keys/{key.pk}/revoke/").status_code == 404
    assert ask("requests", secret).status_code == 200


def test_a_key_works_until_it_expires() -> None:
    secret = key_for(make_person(), days=30)
    for seconds, status in ((-1, 200), (0, 401)):
        with patch("django.utils.timezone.now", return_value=NOW + timedelta(days=30, seconds=seconds)):
            answer = ask("requests", secret)
            assert (answer.status_code, answer.headers["Content-Type"].split(";")[0].split("/")[0]) == (
                status,
                "application",
            )


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer mv_x", "Basic bXY6eA==", "mv_x", "Bearer é\x7f"])
def test_what_is_no_key_opens_nothing(header: str) -> None:
    for address in ("requests", "offers"):
        answer = Client().get(f"/api/v1/{address}", headers={"authorization": header} if header else {})
        expected = 404 if address == "offers" and not header else 401  # nothing is there, but it was looked for
        assert answer.status_code == expected, address


def test_a_key_in_the_address_opens_nothing() -> None:
    secret = key_for(make_person())
    assert ask("requests", key=secret).status_code in (401, 422)
    assert ask("requests", access_token=secret).status_code in (401, 422)


def test_who_left_takes_the_keys_along() -> None:
    person = make_person()
    secret = key_for(person)
    person.is_active = False
    person.save()
    assert ask("requests", secret).status_code == 401
    forget_keys(person)
    assert not ApiKey.objects.visible_to(person).exists()


def test_who_is_erased_has_no_key_that_works() -> None:
    person = make_person()
    secret = key_for(person)
    forget(person=person, by=person)
    assert ask("requests", secret).status_code == 401


def test_a_key_is_no_way_around_the_second_step() -> None:
    world: World = make_world()
    secret = key_for(world.people["matchmaker"])
    assert ask("requests", secret).status_code == 200
    Authenticator.objects.all().delete()
    assert ask("requests", secret).status_code == 401


def test_last_use_is_written_once_a_minute() -> None:
    person = make_person()
    secret, key = key_for(person), ApiKey.objects.visible_to(person).get()
    written = []
    for seconds in (0, 59, 60):
        with patch("django.utils.timezone.now", return_value=NOW + timedelta(seconds=seconds)):
            ask("requests", secret)
        key.refresh_from_db()
        assert key.last_used_at
        written.append((key.last_used_at - NOW).total_seconds())
    assert written == [0, 0, 60]


def test_my_data_leads_to_the_keys() -> None:
    assert 'href="/me/keys/"' in signed_in(make_person()).get("/me/").content.decode()


def test_every_scope_has_words() -> None:
    page = signed_in(make_person()).get("/me/keys/").content.decode()
    with translation.override("en"):
        missing = [scope for scope, words in SCOPES.items() if f"<span>{words}</span>" not in page]
    assert missing == []


def test_a_public_page_says_what_it_is_to_search_engines() -> None:
    offer = make_offer(name="</script><b>Room & more", price_kind="price", price_cents=1250, capacity=30)
    page = Client().get(f"/spaces/{offer.pk}/").content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    said = json.loads(block)
    assert (said["@type"], said["itemOffered"]["@type"]) == ("Offer", "Place")
    assert said["itemOffered"]["name"] == "</script><b>Room & more"
    assert said["priceSpecification"] == {
        "@type": "UnitPriceSpecification",
        "price": "12.50",
        "priceCurrency": "EUR",
        "unitCode": "HUR",
    }
    building = offer.space.building
    geo = said["itemOffered"]["geo"]
    assert (geo["latitude"], geo["longitude"]) == (building.public_latitude, building.public_longitude)
    assert building.street not in page
