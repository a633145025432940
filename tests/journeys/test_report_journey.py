"""The printed report in a browser: seen, heard, walked through by keyboard, printed; in three languages."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # the package has no types
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from meervoud.cli import main
from meervoud.files.output.report import ReportInput, write_report
from meervoud.files.wording.language import LANGUAGES, language
from tests.files.outcomes import make_hostile, make_matched

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (320, 1280)
every_language = pytest.mark.parametrize("code", LANGUAGES)
every_width = pytest.mark.parametrize("width", WIDTHS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next((path for path in map(shutil.which, CHROMIUMS) if path), None)
    if found is None:
        pytest.skip(f"none of {', '.join(CHROMIUMS)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The report of the demo city in each language."""
    folders = {code: tmp_path_factory.mktemp(code) for code in LANGUAGES}
    for code, folder in folders.items():
        assert main(["demo", str(folder), "--lang", code]) == 0
    return {code: folder / "report.html" for code, folder in folders.items()}


@dataclass
class Visit:
    """A page, and what happened on it."""

    page: Page
    faults: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


def visit(context: BrowserContext, path: Path) -> Visit:
    made = Visit(context.new_page())
    made.page.on("console", lambda message: made.faults.append(f"{message.type}: {message.text}"))
    made.page.on("pageerror", lambda error: made.faults.append(str(error)))
    made.page.on("request", lambda request: made.addresses.append(request.url))
    made.page.goto(path.as_uri())
    return made


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def faults_of_axe(page: Page) -> str:
    results = Axe().run(page)
    return "" if results.violations_count == 0 else str(results.generate_report())


def is_wider_than_the_screen(page: Page) -> bool:
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide


@every_language
@every_width
def test_everyone_can_read_the_report(context: BrowserContext, reports: dict[str, Path], code: str, width: int) -> None:
    visited = visit(context, reports[code])
    page = visited.page
    page.set_viewport_size({"width": width, "height": 900})
    assert page.locator("html").get_attribute("lang") == code
    assert page.locator("article").count() == 40
    assert faults_of_axe(page) == ""
    assert not is_wider_than_the_screen(page)
    open_all(page)
    assert page.locator("details:not([open])").count() == 0
    assert faults_of_axe(page) == ""
    assert not is_wider_than_the_screen(page)
    assert visited.faults == []
    assert {address.partition(":")[0] for address in visited.addresses} <= {"file", "data"}
    assert [address for address in visited.addresses if address.startswith("file")] == [reports[code].as_uri()]


@every_language
def test_the_report_can_be_read_in_the_dark(context: BrowserContext, reports: dict[str, Path], code: str) -> None:
    page = visit(context, reports[code]).page
    page.emulate_media(color_scheme="dark")
    open_all(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 25, 30)"
    assert faults_of_axe(page) == ""


def focused(page: Page) -> str:
    """Return what has the focus: its element and its text."""
    text: str = page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.textContent.trim()")
    return text


@every_language
def test_the_keyboard_reaches_everything_in_order(context: BrowserContext, reports: dict[str, Path], code: str) -> None:
    page = visit(context, reports[code]).page
    summaries = [f"SUMMARY {text.strip()}" for text in page.locator("summary").all_text_contents()]
    assert len(summaries) > 100
    page.keyboard.press("Tab")
    assert focused(page).startswith("A ")
    assert page.locator(".skip").bounding_box() is not None
    for summary in summaries[:60]:
        page.keyboard.press("Tab")
        assert focused(page) == summary
        box = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert box != "none"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is True
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is False


@every_width
def test_the_skip_link_moves_the_focus_to_the_requests(
    context: BrowserContext, reports: dict[str, Path], width: int
) -> None:
    page = visit(context, reports["en"]).page
    page.set_viewport_size({"width": width, "height": 900})
    page.keyboard.press("Tab")
    left = page.evaluate("document.activeElement.getBoundingClientRect().left")
    assert 0 <= left < width
    page.keyboard.press("Enter")
    assert focused(page) == "H2 Requests"
    page.keyboard.press("Tab")
    assert focused(page).startswith("SUMMARY Why")


def test_no_two_summaries_of_one_request_sound_the_same(context: BrowserContext, reports: dict[str, Path]) -> None:
    page = visit(context, reports["en"]).page
    for article in page.locator("article").all()[:10]:
        texts = article.locator("summary").all_text_contents()
        assert len(texts) == len(set(texts))


@every_language
def test_the_map_is_a_picture_with_a_name(context: BrowserContext, reports: dict[str, Path], code: str) -> None:
    page = visit(context, reports[code]).page
    picture = page.get_by_role("img")
    assert picture.count() == 1
    assert len(picture.get_attribute("aria-label") or "") > 20
    assert page.locator("svg.map circle").count() == 60
    assert page.locator("svg.map path.request").count() == 40


BEST = ".proposals > li:nth-child(-n + 3) details"


def test_on_paper_the_three_best_are_explained_and_so_is_what_did_not_fit(
    context: BrowserContext, reports: dict[str, Path]
) -> None:
    page = visit(context, reports["en"]).page
    tables = page.locator(f"{BEST} table")
    assert tables.count() > 40
    assert not tables.first.is_visible()
    page.emulate_media(media="print")
    inside = page.evaluate(
        f"[...document.querySelectorAll('{BEST} table, article > details > ul')].map("
        "each => [each.getBoundingClientRect().height, each.checkVisibility({contentVisibilityAuto: true})])"
    )
    assert [(height, seen) for height, seen in inside if height < 10 or not seen] == []
    assert page.locator(".skip").is_hidden()


def test_a_reader_who_likes_the_dark_prints_on_white(context: BrowserContext, reports: dict[str, Path]) -> None:
    page = visit(context, reports["en"]).page
    page.emulate_media(media="print", color_scheme="dark")
    card, ink, paper = page.evaluate(
        "[['.proposals > li', 'backgroundColor'], ['.about', 'color'], ['body', 'backgroundColor']].map("
        "([place, what]) => getComputedStyle(document.querySelector(place))[what])"
    )
    assert (card, paper) == ("rgb(255, 255, 255)", "rgb(255, 255, 255)")
    assert max(int(part) for part in ink.removeprefix("rgb(").removesuffix(")").split(", ")) < 128


def test_the_report_prints(context: BrowserContext, reports: dict[str, Path]) -> None:
    page = visit(context, reports["nl"]).page
    closed = page.pdf(format="A4")
    assert closed.startswith(b"%PDF")
    page.add_style_tag(content="@media print { details > :not(summary) { display: none } }")
    without = page.pdf(format="A4")
    pages = [text.count(b"/Type /Page\n") for text in (closed, without)]
    assert pages[0] > pages[1] > 0  # what stands in the details is on the paper


@every_language
def test_without_script_the_report_is_whole(browser: Browser, reports: dict[str, Path], code: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = visit(context, reports[code]).page
    assert page.locator("article").count() == 40
    summary = page.locator("summary").first
    table = page.locator("details table").first
    assert not table.is_visible()
    summary.click()
    assert table.is_visible()
    assert page.locator("svg.map").is_visible()
    context.close()


@every_language
def test_a_report_about_nothing_says_what_to_do(context: BrowserContext, tmp_path: Path, code: str) -> None:
    for spaces, name in ((None, "spaces.html"), ([], "nothing.html")):
        what = make_matched(spaces, [])
        (tmp_path / name).write_text(write_report(what, language(code), ReportInput()), "utf-8")
        visited = visit(context, tmp_path / name)
        assert faults_of_axe(visited.page) == ""
        assert visited.page.locator("#requests ~ p").inner_text().endswith(".")
        assert visited.faults == []


@every_width
def test_hostile_names_harm_nobody(context: BrowserContext, tmp_path: Path, width: int) -> None:
    (tmp_path / "report.html").write_text(write_report(make_hostile(), language("en"), ReportInput()), "utf-8")
    visited = visit(context, tmp_path / "report.html")
    page = visited.page
    page.set_viewport_size({"width": width, "height": 900})
    open_all(page)
    assert page.locator("script, img, b, iframe").count() == 0
    assert visited.faults == []
    assert {address.partition(":")[0] for address in visited.addresses} <= {"file", "data"}
    assert faults_of_axe(page) == ""
    assert not is_wider_than_the_screen(page)
