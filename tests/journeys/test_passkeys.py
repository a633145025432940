"""Signing in with a passkey: added once, then no password and no code; and what a staff member may do with it."""

import re

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect

from meervoud.parties.models import Person, ProgrammeRole
from tests.journeys.conftest import NewWalk
from tests.journeys.walk import Walk
from tests.rooms.makers import make_person, make_programme

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASSWORD = "een lange zin van veel woorden"  # noqa: S105  # of somebody made up


def add_virtual_key(here: Walk) -> None:
    """Give the browser a key in its lock: one that knows its owner."""
    devtools = here.page.context.new_cdp_session(here.page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def with_password(person: Person) -> Person:
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def sign_in_with_password(here: Walk, person: Person) -> None:
    here.go("/account/login/")
    here.page.locator("input[name=login]").fill(person.email or "")
    here.page.locator("input[type=password]").fill(PASSWORD)
    here.page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(here: Walk) -> None:
    here.go("/account/2fa/")
    here.go("/account/2fa/webauthn/add/")
    here.page.locator("input[type=password]").fill(PASSWORD)  # asked again before anything about signing in changes
    here.page.locator("main form button").click()
    here.check()
    here.page.locator("input[name=name]").fill("Telephone")
    here.page.locator("input[name=passwordless]").check()
    here.page.locator("#mfa_webauthn_add").click()
    here.page.wait_for_url(re.compile(r"/account/2fa/(?!webauthn/add)"))


def test_a_passkey_is_added_once_and_then_signs_in_by_itself(walk: NewWalk) -> None:
    make_programme()
    person, here = with_password(make_person("Anna")), walk()
    add_virtual_key(here)
    sign_in_with_password(here, person)
    add_passkey(here)
    here.go("/account/2fa/webauthn/")
    expect(here.page.get_by_role("link", name="Rename : Telephone")).to_be_visible()
    expect(here.page.get_by_text("signs you in by itself")).to_be_visible()
    here.page.get_by_role("button", name="Sign out").click()
    here.page.wait_for_url(here.base + "/")
    here.go("/account/login/")
    here.page.get_by_role("button", name="Sign in with a passkey").click()
    here.page.wait_for_url(re.compile(r"/desk/"))
    here.check()


def test_a_matchmaker_with_a_passkey_needs_no_other_second_step(walk: NewWalk) -> None:
    person, here = with_password(make_person("Mila")), walk()
    ProgrammeRole.objects.create(programme=make_programme(), person=person)
    add_virtual_key(here)
    sign_in_with_password(here, person)
    here.page.goto(here.base + "/desk/")
    here.page.wait_for_url(re.compile(r"/account/2fa/"))  # without a second step the desk stays shut
    here.check()
    add_passkey(here)
    here.go("/desk/")
    assert here.page.url.endswith("/desk/")


def test_without_a_key_a_sentence_says_so_and_nothing_breaks(walk: NewWalk) -> None:
    make_programme()
    here = walk()
    here.go("/account/login/")
    devtools = here.page.context.new_cdp_session(here.page)
    devtools.send("WebAuthn.enable")  # a browser without any key
    here.page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no key')) }")
    here.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(here.page.get_by_text("The passkey did not work")).to_be_visible()
    here.check()


def test_where_no_script_runs_there_is_no_dead_button(walk: NewWalk) -> None:
    make_programme()
    here = walk(script=False)
    here.page.goto(here.base + "/account/login/")
    assert not here.page.locator("#passkey_login").is_visible()
