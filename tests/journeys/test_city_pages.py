"""The pages of the city in a browser: read by everybody, on a phone and on a wide screen, by keyboard, in the dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # the package has no types
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.journeys.test_report_journey import faults_of_axe, is_wider_than_the_screen
from tests.rooms.makers import make_programme

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = (
    "/",
    "/components/",
    "/accessibility/",
    "/terms/",
    "/privacy/",
    "/account/login/",
    "/account/signup/",
    "/nothing/",
)
every_page = pytest.mark.parametrize("path", PAGES)
every_width = pytest.mark.parametrize("width", [320, 1280])


@pytest.fixture(scope="session", autouse=True)
def _folder_for_static_files() -> None:
    # WhiteNoise warns where the folder is not there yet, and here a warning is a fault
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def city(live_server: LiveServer) -> str:
    """A city with a programme, and its address."""
    make_programme(name="Ruimte voor Zilverhaven", theme="zilverhaven", desk_phone="+31 20 555 01 23")
    return live_server.url


@pytest.fixture
def page(web_browser: Browser, city: str) -> Iterator[Page]:
    context = web_browser.new_context(base_url=city, locale="en-GB", reduced_motion="reduce")  # no colour half-way
    yield context.new_page()
    context.close()


@every_page
@every_width
def test_everybody_can_use_the_page(page: Page, city: str, path: str, width: int) -> None:
    faults: list[str] = []
    addresses: list[str] = []
    page.on("console", lambda message: faults.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: addresses.append(request.url))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    assert page.title().endswith(" - Zilverhaven")
    assert faults_of_axe(page) == ""
    assert not is_wider_than_the_screen(page)
    assert [fault for fault in faults if path != "/nothing/" or "status of 404" not in fault] == []
    assert {address.startswith((city, "data:")) for address in addresses} == {True}
    page.emulate_media(color_scheme="dark")
    assert faults_of_axe(page) == ""


@every_page
def test_the_skip_link_comes_first_and_leads_to_the_content(page: Page, path: str) -> None:
    page.goto(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box() is not None
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 3
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


SMALL = """[...document.querySelectorAll('a, button, input, select, textarea, summary')].filter(each => {
  const box = (each.closest('label') || each).getBoundingClientRect();
  const inline = each.tagName === 'A' && each.closest('p, li, dd, td') && getComputedStyle(each).display === 'inline';
  return box.width > 1 && !inline && (box.height < 24 || box.width < 24);
}).map(each => each.outerHTML.slice(0, 90))"""


@every_page
def test_every_target_is_large_enough_on_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(path)
    assert page.evaluate(SMALL) == []
    buttons = page.locator(".button:not(.small), .door").evaluate_all(
        "all => all.filter(each => each.checkVisibility()).map(each => each.getBoundingClientRect().height)"
    )
    assert [height for height in buttons if height < 44] == []


@every_page
def test_letters_can_be_twice_as_large(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not is_wider_than_the_screen(page)


def test_without_script_the_language_can_be_changed_and_the_page_stays(web_browser: Browser, city: str) -> None:
    context = web_browser.new_context(base_url=city, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/terms/")
    page.get_by_role("button", name="Dansk").click()
    assert page.url == f"{city}/terms/"
    assert page.locator("html").get_attribute("lang") == "da"
    context.close()


def test_the_errors_of_a_form_lead_to_their_fields(page: Page) -> None:
    page.goto("/components/")
    for link in page.locator("#error-summary a").all():
        link.click()
        target = (link.get_attribute("href") or "#").removeprefix("#")
        assert page.locator(f'[id="{target}"]').count() == 1
        assert page.evaluate("document.activeElement.matches('input, select, textarea')") or page.url.endswith(target)


def test_the_sign_up_form_says_what_is_wrong_and_keeps_the_answer(page: Page) -> None:
    page.goto("/account/signup/")
    page.get_by_label("Your name").fill("Noor")
    page.get_by_role("button", name="Make my account").click()
    expect(page.locator("#error-summary a")).to_have_count(1)
    assert page.get_by_label("Your name").input_value() == "Noor"
    assert faults_of_axe(page) == ""


def test_in_forced_colours_and_with_more_contrast_nothing_is_lost(page: Page) -> None:
    page.goto("/components/")
    page.emulate_media(forced_colors="active")
    assert page.locator(".button").first.is_visible()
    page.emulate_media(forced_colors="none", contrast="more")
    assert Axe().run(page).violations_count == 0


def test_on_paper_there_is_no_menu(page: Page) -> None:
    page.goto("/components/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".nav").is_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF")
