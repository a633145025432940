"""Somebody makes a key for a program, without script and on a phone; and a page holds data that the browser leaves alone."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewWalk
from tests.journeys.test_every_page import bring_session
from tests.journeys.test_report_journey import is_wider_than_the_screen
from tests.rooms.makers import make_offer, make_person, make_programme
from tests.rooms.site.api_client import key_for

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_key_is_made_and_revoked_on_a_phone_without_script(walk: NewWalk) -> None:
    make_programme()
    visitor = walk(width=320, script=False)
    bring_session(visitor, make_person())
    page = visitor.page
    page.goto(f"{visitor.base}/me/keys/")
    assert visitor.sees("You have no keys")
    make = page.get_by_role("button", name="Make the key")
    make.click()
    expect(page.locator(".wrong")).to_have_count(2)  # the name, and what it may do
    visitor.type("What is the key for?", "Our website")
    visitor.tick("read the requests that you may see")
    make.click()
    secret = page.locator("main code").inner_text()
    assert (secret[:3], len(secret), is_wider_than_the_screen(page)) == ("mv_", 46, False)
    page.get_by_role("button", name="Revoke Our website").click()
    assert visitor.sees("You have no keys")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_of_keys_is_right_in_every_language(walk: NewWalk, width: int) -> None:
    make_programme()
    person = make_person()
    key_for(person)
    for code in ("nl", "en", "da"):
        visitor = walk(width=width, code=code)
        bring_session(visitor, person)
        visitor.go("/me/keys/")


def test_the_policy_for_scripts_lets_a_block_of_data_be(walk: NewWalk) -> None:
    """The walk ends without a word in the console: the browser runs nothing of it, and refuses nothing."""
    offer = make_offer()
    visitor = walk()
    visitor.go(f"/spaces/{offer.pk}/")
    block = visitor.page.locator("script[type='application/ld+json']")
    assert '"@context": "https://schema.org"' in str(block.text_content())
