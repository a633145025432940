"""The API: what everybody reads, what a key opens, and what nobody is told."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.rooms.makers import (
    make_building,
    make_matchmaker,
    make_offer,
    make_organisation,
    make_programme,
    make_request,
    make_space,
)
from tests.rooms.makers import make_person as person
from tests.rooms.matrix.world import NOW, ROLES, World, make_picture, make_proposal, make_world, noon
from tests.rooms.once import as_new, made_once
from tests.rooms.site.api_client import API, ask, items, key_for

from meervoud.matching.answering import Said, say_yes
from meervoud.parties.privacy import looks_at
from meervoud.places.actions import add_photo
from meervoud.site.api import gate
from meervoud.site.api.public_answers import OfferOut
from meervoud.supply.public import PublicOffer, public_offer

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
SOME_ID = "11111111-1111-4111-8111-111111111111"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with noon():
        yield


def make() -> World:
    with noon():
        return make_world()


made_world = made_once(make)


@pytest.fixture
def world(made_world: World) -> World:
    return as_new(made_world)


def test_an_offer_is_exactly_what_everybody_may_know(world: World) -> None:
    assert set(OfferOut.model_fields) == {each.name for each in fields(PublicOffer)}
    (listed,) = items("offers")
    assert listed == ask(f"offers/{world.online.pk}").json()
    shown = public_offer(world.programme, world.online.pk)
    assert shown
    assert {**listed, "id": shown.id, "photos": ()} == {**vars(shown), "photos": ()} | {
        name: list(getattr(shown, name)) for name in ("facilities", "no_facilities", "no_activities", "causes")
    }


def test_only_what_is_online_is_there_for_everybody(world: World) -> None:
    for address in (f"offers/{world.draft.pk}", f"offers/{SOME_ID}", f"offers/{world.draft.pk}/free"):
        for secret in ("", key_for(world.people["matchmaker"])):
            answer = ask(address, secret)
            assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)


def test_places_and_programmes_are_there_for_everybody(world: World) -> None:
    assert [each["name"] for each in items("places")] == ["Havenkwartier"]
    (other,) = {each["slug"] for each in items("programmes")} - {world.programme.slug}
    assert items("places", programme=other) == []
    hidden = make_programme(is_public=False)
    assert hidden.slug not in [each["slug"] for each in items("programmes")]
    for address in ("places", "offers", "offers.geojson"):
        assert ask(address, programme=hidden.slug).status_code == 404


def test_offers_are_filtered(world: World) -> None:
    hall = make_offer(world.programme, kind="theatre", name="The hall")
    assert [each["name"] for each in items("offers", kind="theatre")] == ["The hall"]
    assert len(items("offers", neighbourhood="havenkwartier")) == 2
    assert items("offers", neighbourhood="elsewhere") == []
    assert items("offers", kind="library") == []
    assert str(hall.pk) in {each["id"] for each in items("offers", limit=2)}


def test_the_map_has_blurred_points(world: World) -> None:
    answer = ask("offers.geojson")
    assert answer.headers["Content-Type"] == "application/geo+json"
    (feature,) = answer.json()["features"]
    building = world.online.space.building
    assert feature["geometry"]["coordinates"] == [building.public_longitude, building.public_latitude]
    assert building.latitude not in feature["geometry"]["coordinates"]
    assert feature["properties"]["url"].endswith(f"/spaces/{world.online.pk}/")


def test_free_time_says_when_and_not_who(world: World) -> None:
    found = ask(f"offers/{world.online.pk}/free", limit=2, minutes=180).json()
    assert (found["is_known"], found["time_zone"], len(found["moments"])) == (True, "Europe/Amsterdam", 2)
    first = {name: datetime.fromisoformat(each) for name, each in found["moments"][0].items()}
    assert first["ends_at"] - first["starts_at"] == timedelta(minutes=180)
    assert first["starts_at"].isoformat() == "2026-11-23T09:00:00+01:00"


OWN = ("my/offers", "requests", "proposals")
SEES = {
    "manager": ({"online"}, set(), {"proposal"}),
    "member": ({"online"}, set(), {"proposal"}),
    "deputy": ({"online"}, set(), {"proposal"}),
    "other_host": ({"draft"}, set(), set()),
    "asker": (set(), {"open"}, {"proposal"}),
    "other_asker": (set(), {"sheltered"}, {"suggestion"}),
    "matchmaker": ({"online", "draft"}, {"open", "sheltered"}, {"proposal", "suggestion"}),
}
"""Which things of the world each role finds under OWN; every other role finds none of them."""


@pytest.mark.parametrize("role", [each for each in ROLES if each != "anonymous"])
def test_a_key_opens_what_its_person_may_see_and_nothing_else(world: World, role: str) -> None:
    secret = key_for(world.people[role])
    names = ({"online", "draft"}, {"open", "sheltered"}, {"proposal", "suggestion"})
    for address, known, seen in zip(OWN, names, SEES.get(role, (set(), set(), set())), strict=True):
        ids = {each["id"] for each in items(address, secret)}
        assert {name for name in known if str(getattr(world, name).pk) in ids} == seen, address
        if address == "my/offers":
            continue
        for name in known:
            answer = ask(f"{address}/{getattr(world, name).pk}", secret)
            assert answer.status_code == (200 if name in seen else 404), (address, name)


@pytest.mark.parametrize("address", OWN)
def test_without_the_scope_a_key_opens_nothing_private(world: World, address: str) -> None:
    scope = {"my/offers": "read:offers"}.get(address, f"read:{address}")
    others = [each for each in ("read:offers", "read:requests", "read:proposals") if each != scope]
    matchmaker = world.people["matchmaker"]
    assert ask(address, key_for(matchmaker, [scope])).status_code == 200
    answer = ask(address, key_for(matchmaker, others))
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, PROBLEM)
    assert ask("offers", key_for(matchmaker, others)).status_code == 200


@pytest.mark.parametrize("address", [*OWN, f"requests/{SOME_ID}", f"proposals/{SOME_ID}"])
def test_a_session_opens_nothing(world: World, address: str) -> None:
    answer = world.client("matchmaker").get(API + address)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="meervoud"')
    assert answer.json()["title"] == "This needs a key"


def proposal_for(world: World, role: str) -> dict[str, object]:
    answer = ask(f"proposals/{world.proposal.pk}", key_for(world.people[role])).json()
    return dict(answer)


def test_identity_is_told_only_when_both_said_yes(world: World) -> None:
    before, asked = proposal_for(world, "manager"), proposal_for(world, "asker")
    assert (before["sides"], before["group"], before["request"], before["street"]) == (["host"], "", None, "")
    assert (asked["sides"], asked["request"], asked["street"]) == (["asker"], str(world.open.pk), "")
    assert asked["group"] == f"Language cafe ({world.open.organisation})"
    say_yes(proposal=world.proposal, said=Said("host", world.people["manager"], NOW))
    assert (proposal_for(world, "asker")["street"], proposal_for(world, "manager")["group"]) == ("Zilverkade", "")
    say_yes(proposal=world.proposal, said=Said("asker", world.people["asker"], NOW))
    assert proposal_for(world, "asker")["street"] == "Zilverkade 1"
    after = proposal_for(world, "manager")
    assert (after["group"], after["request"]) == (asked["group"], asked["request"])


def test_a_host_does_not_find_out_which_request_a_proposal_is_about(world: World) -> None:
    assert len(items("proposals", key_for(world.people["asker"]), request=world.open.pk)) == 1
    assert items("proposals", key_for(world.people["manager"]), request=world.open.pk) == []


def test_of_a_sheltered_group_a_host_learns_the_size_and_the_time(world: World) -> None:
    world.sheltered.cause, world.sheltered.brings_about = "newcomers", "A safe evening"
    world.sheltered.save()
    offer = make_offer(world.programme, host=world.host)
    asked = make_proposal(world.sheltered, offer, world.people["matchmaker"])
    (found,) = [each for each in items("proposals", key_for(world.people["manager"])) if each["id"] == str(asked.pk)]
    assert (found["people"], found["cause"], found["brings_about"], found["group"]) == (12, "", "", "")
    assert found["when"]


def test_who_asks_learns_that_staff_looked_at_a_request(world: World) -> None:
    secret, asker = key_for(world.people["matchmaker"]), world.people["asker"]
    items("requests", secret)
    assert looks_at(asker) == []
    ask(f"requests/{world.open.pk}", secret)
    ask(f"proposals/{world.proposal.pk}", secret)
    ask(f"requests/{world.open.pk}", key_for(asker))
    assert len(looks_at(asker)) == 2


FEW, MANY = 3, 30


@pytest.mark.slow
def test_every_list_costs_the_same_with_three_rows_and_with_thirty() -> None:
    programme, manager = make_programme(), person()
    host, secret = make_organisation(programme, member=manager), key_for(make_matchmaker(programme))
    lists = ("programmes", "places", "offers", "offers.geojson", *OWN)

    def grow(number: int) -> None:
        for _ in range(number):
            offer = make_offer(programme, host=host, space=make_space(make_building(programme, host)))
            add_photo(space=offer.space, by=manager, data=make_picture(), description="The room")
            asker = person()
            group = make_organisation(programme, member=asker)
            make_proposal(make_request(programme, asked_by=asker, organisation=group), offer, manager, is_asked=False)

    def count(address: str) -> int:
        ask(address, secret, limit=100)
        with CaptureQueriesContext(connection) as asked:
            assert ask(address, secret, limit=100).status_code == 200
        return sum("SAVEPOINT" not in each["sql"] for each in asked.captured_queries)

    grow(FEW)
    few = {each: count(each) for each in lists}
    assert min(few.values()) > 3
    grow(MANY - FEW)
    assert {each: count(each) for each in lists} == few
    assert [len(items(each, secret, limit=100)) for each in ("offers", *OWN)] == [MANY] * 4


WRONG = {
    "offers?limit=0": ("limit", "greater_than_equal", "Give at least 1."),
    "offers?limit=101": ("limit", "less_than_equal", "Give at most 100."),
    "offers?limit=many": ("limit", "int_parsing", "Give a whole number."),
    "offers?offset=50": ("offset", "unknown_name", "There is no parameter of this name."),
    "offers?kind=castle": ("kind", "unknown_word", ""),
    "offers?neighborhood=x": ("neighborhood", "unknown_name", "There is no parameter of this name."),
    "offers?neighbourhood=%00": ("neighbourhood", "string_pattern_mismatch", "This value does not fit."),
    f"places?programme={'x' * 121}": ("programme", "string_too_long", "Give at most 120 letters."),
    "requests?state=%27;DROP": ("state", "unknown_word", ""),
    "proposals?request=1%20OR%201": ("request", "uuid_parsing", "Give an id as this API shows it."),
    "proposals?state=<script>": ("state", "unknown_word", ""),
}


@pytest.mark.parametrize("address", WRONG, ids=lambda text: str(text)[:30])
def test_a_value_that_does_not_fit_is_told_by_name(world: World, address: str) -> None:
    headers = {"accept-language": "en", "authorization": f"Bearer {key_for(world.people['matchmaker'])}"}
    answer = Client().get(API + address, headers=headers)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM)
    body = answer.json()
    assert (body["type"], body["title"], body["status"]) == ("about:blank", "Some values do not fit", 422)
    (error,) = body["errors"]
    name, code, detail = WRONG[address]
    assert (error["name"], error["code"]) == (name, code)
    assert detail in error["detail"]


@pytest.mark.parametrize("address", ["", "offers", "nothing", "requests", "offers/x/free"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_everything_is_only_read(address: str, method: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, API + address, headers={"accept-language": "en"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["title"] == "This can only be read"


def test_head_is_answered_as_get_without_a_body(world: World) -> None:
    answer = Client().head(API + f"offers/{world.online.pk}")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "address", ["x", "a%0Ab", f"offers/%0A{SOME_ID}/free", "%00", "offers/%2F/free.ics", "x" * 3000]
)
def test_what_is_not_there_is_a_problem_and_no_page(address: str) -> None:
    answer = Client().get(API + address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)


@pytest.mark.parametrize("language", ["nl", "en", "da"])
def test_an_error_is_in_the_language_of_the_reader(language: str) -> None:
    answer = ask("nothing", language=language)
    assert (answer.status_code, answer.headers["Content-Language"]) == (404, language)


def test_who_reads_too_often_is_told_how_long_to_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "READS_A_MINUTE", 2)
    secret, other = key_for(world.people["asker"]), key_for(world.people["asker"])
    assert [ask("requests", secret).status_code for _ in range(3)] == [200, 200, 429]
    answer = ask("requests", secret)
    assert (answer.headers["Content-Type"], answer.headers["Retry-After"]) == (PROBLEM, "31")
    assert ask("requests", other).status_code == 200
    assert [ask("offers").status_code for _ in range(3)] == [200, 200, 429]
    assert Client(REMOTE_ADDR="203.0.113.9").get(API + "offers").status_code == 200
    with patch("django.utils.timezone.now", return_value=NOW + timedelta(seconds=31)):
        assert ask("requests", secret).status_code == 200


def test_what_a_key_reads_is_kept_by_nobody_between(world: World) -> None:
    answer = ask("offers", key_for(world.people["asker"]))
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_document_is_of_openapi_3_1_and_names_every_read() -> None:
    document = ask("openapi.json").json()
    assert (document["openapi"], len(document["paths"])) == ("3.1.0", 12)
    assert {tuple(each) for each in document["paths"].values()} == {("get",)}
    assert ask("").json() == document
    assert ask("docs").status_code == 404
