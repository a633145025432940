"""The moving map: the rooms of one building are found by mouse, by keyboard and by a screen reader."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from meervoud.places.actions import add_space, change_building
from meervoud.supply.models import Offer
from tests.journeys.conftest import NewWalk
from tests.journeys.test_web_journeys import make_city
from tests.rooms.makers import make_offer, make_person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


SAYS = "2 spaces: Zaal A, Zaal B"


@contextmanager
def redrawn(page: Page) -> Iterator[None]:
    """What is done within lets the map ask for its marks anew; afterwards they are drawn."""
    drawn = page.locator(".leaflet-container[aria-busy=false]")
    drawn.wait_for()
    with page.expect_response("**/find/points/**"):
        yield
    drawn.wait_for()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent")).strip()


@pytest.fixture
def rooms() -> tuple[Offer, Offer]:
    """Two rooms of one building."""
    programme, by = make_city(), make_person()
    first = make_offer(programme, name="Zaal B")
    change_building(building=first.space.building, by=by, values={"latitude": 52.37, "longitude": 4.9})
    space = add_space(building=first.space.building, by=by, name="Zaal A", kind="office", capacity=20)
    return make_offer(programme, host=first.host, space=space), first


@pytest.mark.usefixtures("rooms")
def test_the_rooms_of_one_building_are_a_list_behind_one_mark(walk: NewWalk) -> None:
    visitor = walk()
    visitor.go("/find/?people=8")
    mark = visitor.page.locator("path.point")
    expect(mark).to_have_attribute("aria-label", SAYS)
    # by keyboard: the mark opens a list, Escape goes back to the mark
    mark.focus()
    visitor.page.keyboard.press("Enter")
    popup = visitor.page.get_by_role("dialog", name=SAYS)
    expect(popup.get_by_role("listitem")).to_have_text(["Zaal A", "Zaal B"])
    assert focused(visitor.page) == "Zaal A"
    visitor.check()
    visitor.page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    assert visitor.page.evaluate("document.activeElement.getAttribute('aria-label')") == SAYS
    # by mouse: the list stays while the map moves under it, and closes by its own button
    mark.click()
    with redrawn(visitor.page):
        visitor.page.locator(".leaflet-container").evaluate("(map) => map.focus()")
        visitor.page.keyboard.press("ArrowLeft")
    expect(popup).to_have_count(1)
    expect(mark).to_have_count(1)
    popup.get_by_role("button", name="Close").click()
    expect(popup).to_have_count(0)


def test_without_filters_the_keyboard_goes_nearer_until_the_rooms_are_named(
    walk: NewWalk, rooms: tuple[Offer, Offer]
) -> None:
    visitor = walk()
    visitor.go("/find/")
    mark = visitor.page.locator("path.point")
    for _ in range(3):
        with redrawn(visitor.page):
            visitor.page.locator(".leaflet-control-zoom-out").click()
    expect(mark).to_have_attribute("aria-label", "2 spaces")
    while mark.get_attribute("aria-label") != SAYS:
        with redrawn(visitor.page):
            mark.focus()
            visitor.page.keyboard.press("Enter")
        expect(mark).to_have_count(1)
    expect(mark).to_have_attribute("aria-label", SAYS)
    mark.focus()
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    assert focused(visitor.page) == "Zaal B"
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(f"**/spaces/{rooms[1].pk}/")
