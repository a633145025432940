"""Every address x every method x every role: what the table says, and nothing else."""

import sys
import uuid
from collections.abc import Iterator
from http.cookies import SimpleCookie
from types import ModuleType

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, path, reverse
from pytest_django.fixtures import Settings
from tests.rooms.matrix.addresses import NAMESPACES, Address, addresses, of_packages, own, unnamed
from tests.rooms.matrix.table import Line, path_of, read_table, sent_to
from tests.rooms.matrix.world import ROLES, STAFF, World, foreign_id, make_world, noon, undone

from meervoud.matching.city_index import forget_indexes
from meervoud.site import urls
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db
LINES = read_table()
LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with noon():
        yield


def ask(client: Client, method: str, address: str, world: World, line: Line | None = None) -> HttpResponseBase:
    """Ask once, as if nobody had asked before, and undo what that did."""
    cookies = {key: morsel.value for key, morsel in client.cookies.items()}
    with undone():
        sent = sent_to(line, world) if line and method == "POST" else None
        answer = client.generic(method, address) if sent is None else client.post(address, sent)
    client.cookies = SimpleCookie(cookies)
    if method == "POST":
        forget_indexes()
    assert isinstance(answer, HttpResponseBase)
    return answer


def wrong(role: str, answer: HttpResponseBase, expected: int, line: Line) -> str:
    """Return what is wrong with an answer, "" where nothing is."""
    if answer.status_code != expected:
        return f"{answer.status_code}, not {expected}"
    goes = answer.headers.get("Location", "")
    if role == "anonymous" and line.asks_to_sign_in and not goes.startswith(LOGIN):
        return f"goes to {goes}"
    return ""


def differences(world: World, role: str, lines: list[Line]) -> list[str]:
    """Return what a role is answered otherwise than the table says."""
    client, found, known = world.client(role), list[str](), set[str]()
    for line in lines:
        address = path_of(line, world)
        for method, expected in line.statuses(role).items():
            if line.name in known and method not in ("GET", "POST"):
                continue  # the same code refused it at the first thing
            said = wrong(role, ask(client, method, address, world, line), expected, line)
            if said:
                found.append(f"{role} {method} {line.name} {' '.join(line.words)}: {said}")
        known.add(line.name)
    return found


def unknown(address: Address, world: World) -> dict[str, object]:
    """Return arguments for things that are not there."""
    values = {"uuid": uuid.uuid4(), "slug": "small", "string": "nothing", "int": 2026}
    return {name: values[kind] for name, kind in address.arguments}


def open_to_unknown(world: World, role: str) -> list[str]:
    """Return the addresses that answer otherwise than 404 about a thing that is not there."""
    client, found = world.client(role), []
    line_of = {line.name: line for line in LINES}
    for address in own(addresses()):
        if "uuid" not in dict(address.arguments).values():
            continue
        line = line_of[address.name]
        for method in ("GET", "POST"):
            refused = line.statuses(role)[method] if line.statuses(role)[method] in (401, 405) else 404
            expected = 302 if role == "anonymous" and line.asks_to_sign_in else refused
            answer = ask(client, method, reverse(address.name, kwargs=unknown(address, world)), world, line)
            if answer.status_code != expected:
                found.append(f"{role} {method} {address.name}: {answer.status_code}, not {expected}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_the_table_says(role: str) -> None:
    assert differences(make_world(), role, LINES) == []


@pytest.mark.parametrize("role", ["anonymous", "manager", "matchmaker", "administrator"])
def test_a_thing_that_is_not_there_is_404_for_everybody(role: str) -> None:
    assert open_to_unknown(make_world(), role) == []


def test_every_address_of_the_house_is_named_in_the_table() -> None:
    assert unnamed(addresses(), {line.name for line in LINES}) == []


def test_the_table_names_no_address_that_is_gone() -> None:
    assert {line.name for line in LINES} - {each.name for each in own(addresses())} == set()


def test_every_address_has_a_line_about_a_thing_of_somebody_else() -> None:
    with_things = {each.name for each in own(addresses()) if "uuid" in dict(each.arguments).values()}
    hidden = {line.name for line in LINES if 404 in {*line.get.values(), *line.post.values()}}
    for_programs = {line.name for line in LINES if line.asks_for_a_key}
    assert with_things - hidden - for_programs == set()


def test_only_addresses_of_known_packages_stand_outside_the_table() -> None:
    found = addresses()
    outside = [each for each in found if each not in own(found)]
    assert {each.route.partition("/")[0] + "/" for each in outside} == set(NAMESPACES)


@pytest.mark.parametrize("role", ["anonymous", "nobody", "manager", "matchmaker"])
def test_the_admin_is_closed_to_everybody_but_the_administrator(role: str) -> None:
    world = make_world()
    client = world.client(role)
    for address in of_packages(addresses(), "admin/"):
        for method in ("GET", "POST"):
            answer = ask(client, method, plain_path(address), world)
            goes = answer.headers.get("Location", "")
            if address.name == "login":
                assert answer.status_code == (302 if role == "anonymous" else 403), address
            else:
                assert (answer.status_code, goes.startswith("/admin/")) == (302, True), address


def test_the_administrator_comes_into_the_admin_and_finds_no_places_requests_or_talks_there() -> None:
    world = make_world()
    client = world.client("administrator")
    assert ask(client, "GET", "/admin/", world).status_code == 200
    routes = [each.route.split("/") for each in of_packages(addresses(), "admin/")]
    models = {
        route[2] for route in routes if route[1] in ("parties", "places", "supply", "demand", "front_door", "lib")
    }
    assert models == {"programme", "person", "organisation"}


def test_the_admin_has_no_door_of_its_own_that_asks_for_a_password_only() -> None:
    world = make_world()
    administrator, client = world.people["administrator"], Client()
    administrator.set_password("a long and secret sentence")
    administrator.save()
    sent = {"username": administrator.email, "password": "a long and secret sentence", "next": "/admin/"}
    answer = client.post("/admin/login/", sent)
    assert "_auth_user_id" not in client.session
    assert answer.headers.get("Location", "").startswith(LOGIN)


@pytest.mark.parametrize("role", STAFF)
def test_staff_without_a_second_step_are_let_in_nowhere(role: str) -> None:
    world = make_world()
    Authenticator.objects.all().delete()
    client, found = world.client(role), []
    outside = ("healthz", "set_language")  # and the API, which knows no session
    for line in (line for line in LINES if line.name not in outside and not line.name.startswith("api_")):
        for method in ("GET", "POST"):
            answer = ask(client, method, path_of(line, world), world, line)
            if answer.headers.get("Location") != reverse("mfa_index"):
                found.append(f"{method} {line.name}: {answer.status_code}")
    assert found == []


@pytest.mark.parametrize("role", ["anonymous", "nobody"])
def test_account_pages_are_pages_or_lead_to_signing_in(role: str) -> None:
    world = make_world()
    client = world.client(role)
    for address in of_packages(addresses(), "account/"):
        for method in ("GET", "POST"):
            answer = ask(client, method, plain_path(address), world)
            lacks = NO_KEYS.get(address.name, 200)
            if role == "nobody":
                lacks = NO_SECRETS.get(address.name, lacks)
            assert answer.status_code in (200, 302, 405, lacks), (address.name, method, answer.status_code)


NO_SECRETS = {
    "account_reauthenticate": 403,
    "mfa_reauthenticate": 403,
    "mfa_reauthenticate_webauthn": 403,
    "mfa_deactivate_totp": 404,
    "mfa_view_recovery_codes": 404,
    "mfa_generate_recovery_codes": 404,
    "mfa_download_recovery_codes": 404,
}
"""What somebody without a password and without a second step is answered: there is nothing to show or to ask."""
NO_KEYS = {"mfa_remove_webauthn": 404, "mfa_edit_webauthn": 404}
"""What everybody is answered who asks for a key that is not theirs."""
ONLY_SIGNED_IN = (
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
)


def test_pages_about_an_account_ask_to_sign_in() -> None:
    world = make_world()
    client = world.client("anonymous")
    for name in ONLY_SIGNED_IN:
        answer = ask(client, "GET", reverse(name), world)
        assert (answer.status_code, answer.headers["Location"].startswith(LOGIN)) == (302, True), name


STRANGE = (
    "page=" + "9" * 5000,
    "page=-1",
    "page=%00",
    "words=%00",
    "zoom=" + "9" * 5000,
    "box=nan,nan,nan,nan",
    "days=x&days=y",
)


@pytest.mark.parametrize("strange", STRANGE, ids=lambda text: str(text)[:12])
def test_a_strange_question_is_no_fault_of_ours(strange: str) -> None:
    world = make_world()
    client = world.client("matchmaker")
    for line in (line for line in LINES if line.get["matchmaker"] == 200):
        address = path_of(line, world)
        answer = client.get(f"{address}{'&' if '?' in address else '?'}{strange}")
        assert answer.status_code in (200, 400, 422), (line.name, answer.status_code)


def plain_path(address: Address) -> str:
    """Return an address of a package with any arguments."""
    route = "/" + address.route.replace("^", "").replace("$", "")
    for written, value in WRITTEN.items():
        route = route.replace(written, value)
    return route


WRITTEN = {
    "<path:content_type_id>": "1",
    "<path:object_id>": "1",
    "(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)": "1-abc",
    "(?P<app_label>auth|account|mfa)/": "auth/",
    "(?P<url>.*)": "nothing",
}


def urlconf(name: str, *extra: URLPattern) -> str:
    """Make a module of addresses: those of the house, and others before them."""
    module = ModuleType(name)
    patterns: list[URLPattern | URLResolver] = [*extra, *urls.urlpatterns]
    module.urlpatterns = patterns  # type: ignore[attr-defined]  # a module made here
    sys.modules[name] = module
    return name


def test_the_matrix_reports_an_address_that_nobody_named() -> None:
    def view(_: HttpRequest, thing_id: uuid.UUID) -> HttpResponse:
        return HttpResponse(str(thing_id))

    found = addresses(urlconf("addresses_with_one_more", path("things/<uuid:thing_id>/", view, name="thing")))
    assert unnamed(found, {line.name for line in LINES}) == ["things/<uuid:thing_id>/"]


def test_the_matrix_reports_a_view_that_shows_what_belongs_to_another(
    settings: Settings,
) -> None:
    def leak(_: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
        return HttpResponse(str(Offer.objects.every(because="the fault that is planted").get(pk=offer_id)))

    settings.ROOT_URLCONF = urlconf("addresses_with_a_leak", path("offers/<uuid:offer_id>/", leak, name="offer"))
    about = [line for line in LINES if line.name == "offer" and line.words == ("draft",)]
    assert "nobody GET offer draft: 200, not 404" in differences(make_world(), "nobody", about)


def test_an_address_without_a_line_is_still_asked_about_a_thing_of_another() -> None:
    """Until somebody names it, a new address shows nothing of others to somebody without anything."""
    world = make_world()
    client, named = world.client("nobody"), {line.name for line in LINES}
    for address in own(addresses()):
        if address.name not in named and "uuid" in dict(address.arguments).values():
            kwargs = {name: foreign_id(world, name) if kind == "uuid" else "x" for name, kind in address.arguments}
            assert ask(client, "GET", reverse(address.name, kwargs=kwargs), world).status_code in (302, 404, 405)
