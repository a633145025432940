"""What the desk notes, what is held back and what opens a link stand in no answer of the API, whoever reads."""

import json
from collections.abc import Iterator

import pytest
from tests.rooms.matrix.canaries import LATITUDE, LONGITUDE, NOBODY, Canary, make_planted_world
from tests.rooms.matrix.crawl import hits, leaks, said, sightings
from tests.rooms.matrix.world import NOW, ROLES, World, noon
from tests.rooms.once import as_new, made_once
from tests.rooms.site.api_client import ask, key_for

from meervoud.matching.answer_links import write_link
from meervoud.matching.answering import Said, say_more
from meervoud.matching.desk_cases import note_on_request
from meervoud.parties.conversations import reply
from meervoud.parties.models import Message, Person
from meervoud.parties.moderation import hold
from meervoud.site.models import ApiKey

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Planted = tuple[World, list[Canary]]
DESK_ONLY = ("note of the desk", "why the desk calls back", "name of a filter")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with noon():
        yield


def make() -> Planted:
    with noon():
        return make_planted_world()


made_planted = made_once(make)


@pytest.fixture
def planted(made_planted: Planted) -> Planted:
    return as_new(made_planted)


def plant_held(world: World, asker: Person) -> list[Canary]:
    """Plant an answer and a message that wait for the desk."""
    answer = say_more(proposal=world.proposal, said=Said("asker", asker, NOW, "Vraag van Zomertaling"), kind="question")
    hold(thing=answer, programme=world.programme, author=asker, why="first")
    reply(conversation=world.conversation, by=asker, text="Bericht van Slobeend")
    message = Message.objects.every(because="a test").get(text="Bericht van Slobeend")
    hold(thing=message, programme=world.programme, author=asker, why="first")
    return [Canary("held answer", answer.text, NOBODY), Canary("held message", message.text, NOBODY)]


def plant_links(world: World) -> list[Canary]:
    """Write the links with which each side answers by one click."""
    sides = (("asker", world.people["asker"]), ("host", world.people["manager"]))
    tokens = {side: write_link(world.proposal, side, person) for side, person in sides}
    return [Canary(f"link of the {side}", token, NOBODY) for side, token in tokens.items()]


def silent_things(world: World, canaries: list[Canary]) -> list[Canary]:
    """Return what no answer may hold: of what was planted before, and of what is planted here."""
    desk = world.people["matchmaker"]
    note_on_request(request=world.sheltered, by=desk, text="Notitie over Wintertaling", now=NOW)
    before = [each for each in canaries if each.name in DESK_ONLY]
    assert len(before) == len(DESK_ONLY)
    note = Canary("note about a sheltered group", "Notitie over Wintertaling", NOBODY)
    return [*before, note, *plant_held(world, world.people["asker"]), *plant_links(world)]


def everything_read(world: World, secret: str) -> list[tuple[str, str]]:
    """Return what each read answers."""
    things = [f"offers/{world.online.pk}{part}" for part in ("", "/free", "/free.ics")]
    things += [f"requests/{each.pk}" for each in (world.open, world.sheltered)]
    things += [f"proposals/{each.pk}" for each in (world.proposal, world.suggestion)]
    lists = ("", "programmes", "places", "offers", "offers.geojson", "my/offers", "requests", "proposals")
    return [(each, said(ask(each, secret))) for each in (*lists, *things)]


@pytest.mark.parametrize("role", ROLES)
def test_no_answer_has_what_the_desk_keeps_to_itself(planted: Planted, role: str) -> None:
    world, canaries = planted
    silent = silent_things(world, canaries)
    secret = "" if role == "anonymous" else key_for(world.people[role])
    told = everything_read(world, secret)
    assert [(address, found) for address, text in told if (found := hits(silent, text))] == []
    if role == "matchmaker":
        assert "Kring Roodborst" in dict(told)["requests"]  # it does look where such things would stand
        assert json.loads(ask("proposals", secret).content)["items"][0]["parts"]


def test_no_answer_has_a_secret_of_a_key(planted: Planted) -> None:
    world, _ = planted
    secret = key_for(world.people["matchmaker"])
    key = ApiKey.objects.visible_to(world.people["matchmaker"]).latest("created_at")
    kept = [Canary("secret", secret, NOBODY), Canary("hash", key.secret_hash, NOBODY)]
    assert [address for address, text in everything_read(world, secret) if hits(kept, text)] == []


def test_a_leak_would_be_found(planted: Planted) -> None:
    world, canaries = planted
    silent = silent_things(world, canaries)
    assert {each.name for each in silent} == hits(silent, " ".join(each.text for each in silent))


@pytest.mark.parametrize("role", ROLES)
def test_no_answer_tells_what_is_private(planted: Planted, role: str) -> None:
    world, canaries = planted
    secret = "" if role == "anonymous" else key_for(world.people[role])
    things = [f"offers/{each.pk}" for each in (world.online, world.draft)]
    things += [f"{each}/{read}" for each in things for read in ("free", "free.ics")]
    things += [f"requests/{each.pk}" for each in (world.open, world.sheltered)]
    things += [f"proposals/{each.pk}" for each in (world.proposal, world.suggestion)]
    lists = ["", "openapi.json", "programmes", "places", "offers", "offers.geojson"]
    lists += ["my/offers", "requests", "proposals"]
    told = [(f"GET {each}", said(ask(each, secret))) for each in (*lists, *things)]
    assert leaks(told, canaries, role) == []
    wanted = {"asker": "title of a request", "other_asker": "sheltered title", "other_host": "draft name"}
    assert wanted.get(role, "name of nobody") in sightings(told, canaries) | {"name of nobody"}


@pytest.mark.usefixtures("planted")
def test_the_points_are_not_the_doors() -> None:
    longitude, latitude = ask("offers.geojson").json()["features"][0]["geometry"]["coordinates"]
    metres = ((latitude - LATITUDE) ** 2 + ((longitude - LONGITUDE) * 0.61) ** 2) ** 0.5 * 111_195
    assert metres > 75
