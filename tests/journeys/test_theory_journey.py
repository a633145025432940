"""A theory of change is drawn by keyboard alone, and an arrow by dragging; readable for axe on a phone and at a desk."""

import re

import pytest
from playwright.sync_api import Locator, expect

from meervoud.outcomes.impact.book import book_of
from meervoud.outcomes.models import ImpactPlan, Step
from tests.journeys.conftest import NewWalk
from tests.journeys.test_every_page import bring_session
from tests.journeys.walk import Walk
from tests.rooms.outcomes.impact_makers import LINKS, NODES, STAKEHOLDERS, make_unsigned_plan, owner

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EMPTY = (Step.SCOPE, Step.STAKEHOLDERS)
VISIBLE = "#theory > div:visible"


def stepped(walk: Walk, wanted: Locator) -> None:
    """Go on with Tab until the wanted thing has the focus."""
    for _ in range(90):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        walk.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {wanted}")


def pressed(walk: Walk, wanted: Locator) -> None:
    """Go to a link or a button with Tab, press Enter, and look at the page that comes."""
    stepped(walk, wanted)
    with walk.page.expect_navigation():
        walk.page.keyboard.press("Enter")
    walk.page.wait_for_load_state()
    walk.check()


def field(walk: Walk, label: str) -> Locator:
    return walk.page.get_by_label(label, exact=True).first


def link(walk: Walk, name: str) -> Locator:
    return walk.page.locator("main").get_by_role("link", name=name, exact=True).first


def drawn(walk: Walk, name: str) -> Locator:
    return walk.page.locator(f"{VISIBLE} a[aria-label^='{name}']")


def begin(walk: Walk, plan: ImpactPlan) -> None:
    bring_session(walk, owner(plan))
    walk.go(f"/impact/{plan.pk}/theory/")


def draw_box(walk: Walk, label: str, *keys: str) -> None:
    """Draw a box by keyboard: `keys` choose its kind, from “activity” on."""
    stepped(walk, field(walk, "What is it?"))
    for key in keys:
        walk.page.keyboard.press(key)
    stepped(walk, field(walk, "In a few words"))
    walk.page.keyboard.type(label)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_small_theory_is_drawn_by_keyboard_alone(walk: NewWalk, width: int) -> None:
    plan = make_unsigned_plan(steps=EMPTY)
    here = walk(width=width)
    begin(here, plan)
    pressed(here, link(here, "Draw the first box"))
    draw_box(here, "Language evenings")
    pressed(here, here.page.get_by_role("button", name="Keep", exact=True))
    pressed(here, link(here, "Draw a box"))
    draw_box(here, "They speak Dutch", "ArrowDown", "ArrowDown")
    stepped(here, field(here, "Of an outcome: when does it show? (optional)"))
    here.page.keyboard.press("ArrowDown")
    stepped(here, field(here, "Newcomers"))
    here.page.keyboard.press("Space")
    pressed(here, here.page.get_by_role("button", name="Keep", exact=True))
    _arrow_by_keyboard(here)
    stepped(here, field(here, "How do you know?"))
    here.page.keyboard.press("ArrowDown")
    pressed(here, here.page.get_by_role("button", name="Keep", exact=True))
    (only,) = book_of(plan).rows(Step.THEORY, "links")
    assert (only["start"], only["end"], only["evidence"]) == ("n001", "n002", 1)
    pressed(here, here.page.get_by_role("button", name="We looked for harm and found none"))
    assert here.page.get_by_role("button", name="Lock this version").count() == 1


def _arrow_by_keyboard(here: Walk) -> None:
    says = here.page.locator("#theory-says")
    first, other = drawn(here, "Activity: Language evenings"), drawn(here, "Outcome: They speak Dutch")
    stepped(here, first)
    here.page.keyboard.press("a")
    expect(says).to_contain_text("Arrow from “Activity: Language evenings”")
    here.page.keyboard.press("Enter")
    expect(says).to_contain_text("An arrow leads to another box.")
    here.page.keyboard.press("ArrowRight")
    expect(other).to_be_focused()
    expect(says).to_contain_text("To “Outcome: They speak Dutch”?")
    here.check()
    here.page.keyboard.press("Escape")
    expect(says).to_have_text("No arrow is drawn.")
    expect(first).to_be_focused()
    here.page.keyboard.press("a")
    here.page.keyboard.press("ArrowDown")
    here.page.keyboard.press("Enter")
    expect(here.page.get_by_role("heading", level=1)).to_have_text("Draw an arrow")
    here.page.wait_for_load_state()
    here.check()
    expect(field(here, "From")).to_have_value("n001")
    expect(field(here, "To")).to_have_value("n002")


@pytest.mark.parametrize("width", [320, 1280])
def test_an_arrow_is_drawn_by_dragging_and_escape_stops_it(walk: NewWalk, width: int) -> None:
    plan = make_unsigned_plan(steps=(*EMPTY, Step.THEORY), theory={"nodes": NODES[:3], "links": LINKS[:1]})
    here = walk(width=width)
    begin(here, plan)
    mouse, says = here.page.mouse, here.page.locator("#theory-says")
    start, end = drawn(here, "Output: Evenings held"), drawn(here, "Outcome: More satisfied")
    _drag(here, start, end)
    expect(here.page.locator("path.drawn")).to_have_count(1)
    here.page.keyboard.press("Escape")
    expect(says).to_have_text("No arrow is drawn.")
    expect(here.page.locator("path.drawn")).to_have_count(0)
    mouse.up()
    assert here.page.url.endswith("/theory/")
    _drag(here, start, end)
    mouse.up()
    expect(here.page.get_by_role("heading", level=1)).to_have_text("Draw an arrow")
    expect(field(here, "From")).to_have_value("n2")
    expect(field(here, "To")).to_have_value("n3")
    assert len(book_of(plan).rows(Step.THEORY, "links")) == 1, "nothing is kept before somebody keeps it"
    here.press("Keep")
    assert [each["end"] for each in book_of(plan).rows(Step.THEORY, "links")] == ["n2", "n3"]
    drawn(here, "Output: Evenings held").click()
    expect(here.page.get_by_role("heading", level=1)).to_have_text("Change a box")


def _drag(here: Walk, start: Locator, end: Locator) -> None:
    """Drag from the middle of one box to the middle of another, and do not let go yet."""
    start.scroll_into_view_if_needed()
    places = [each.bounding_box() for each in (start, end)]
    (x, y), (to_x, to_y) = [
        (each["x"] + each["width"] / 2, each["y"] + each["height"] / 2) for each in places if each is not None
    ]
    here.page.mouse.move(x, y)
    here.page.mouse.down()
    here.page.mouse.move((x + to_x) / 2, (y + to_y) / 2, steps=4)
    here.page.mouse.move(to_x, to_y, steps=4)


def test_without_script_the_drawing_is_links_and_the_list_does_everything(walk: NewWalk) -> None:
    plan = make_unsigned_plan()
    here = walk(script=False, width=320)
    bring_session(here, owner(plan))
    here.page.goto(f"{here.base}/impact/{plan.pk}/theory/")
    assert here.page.get_by_text("To draw an arrow: drag").is_hidden()
    here.page.get_by_role("link", name=re.compile("Draw an arrow from here ?: More satisfied")).click()
    expect(field(here, "From")).to_have_value("n3")
    field(here, "To").select_option("n4")
    here.page.get_by_role("button", name="Keep", exact=True).click()
    assert len(book_of(plan).rows(Step.THEORY, "links")) == len(LINKS) + 1


def test_a_mission_and_a_project_are_compared_on_a_phone(walk: NewWalk) -> None:
    plan = make_unsigned_plan(
        stakeholders={
            "stakeholders": STAKEHOLDERS,
            "wishes": [{"id": "n3", "name": {"en": "More satisfied"}, "points": {"s1": 100}}],
        }
    )
    here = walk(width=320)
    bring_session(here, owner(plan))
    here.go(f"/impact/{plan.pk}/fit/")
    here.tick("More satisfied")
    here.press("Test what I ticked")
    assert here.sees("The project reaches 100% of what the mission weighs.")
