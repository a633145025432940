"""A survey is answered on a small phone without JavaScript, and typed in from paper by keyboard; readable for axe."""

import os
import re

import pytest

from meervoud.outcomes.models import AnswerSheet, Moment
from tests.journeys.conftest import NewWalk
from tests.journeys.test_every_page import bring_session
from tests.rooms.makers import TODAY
from tests.rooms.outcomes.survey_makers import AHEAD, begin, code, make_survey_plan, said, sends, writer_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EVERY = "a test looks at everything"
PICTURES = os.environ.get("SURVEY_PICTURES", "")
"""A folder for pictures of the pages, to look at."""
SMALLEST_TARGET = 44


def sheets() -> list[AnswerSheet]:
    return list(AnswerSheet.objects.every(because=EVERY))


def test_somebody_answers_on_a_small_phone_without_javascript(walk: NewWalk) -> None:
    wave = begin(make_survey_plan())
    phone = walk(width=320, script=False)
    phone.page.goto(f"{phone.base}/s/{wave.token}/")
    picks = phone.page.locator("label.pick, label.choice")
    boxes = [picks.nth(number).bounding_box() for number in range(picks.count())]
    assert len(boxes) > 30
    assert all(box and min(box["width"], box["height"]) >= SMALLEST_TARGET for box in boxes)
    phone.page.get_by_label("I agree. You may use my answers in this way.").check()
    phone.page.locator("label.pick", has_text=re.compile(r"^\s*8\s*$")).click()
    phone.page.get_by_role("group", name="I often feel rejected.").get_by_label("more or less").check()
    phone.page.get_by_label("The first two letters").fill("Ma")
    phone.page.get_by_label("The day of the month").fill("7")
    phone.page.get_by_label("The last two letters").fill("at")
    phone.page.get_by_role("button", name="Send my answers").click()
    assert phone.page.locator("h1").inner_text() == "Thank you"
    assert [each.answers for each in sheets()] == [{"life_satisfaction": {"satisfied": 8}, "djg6": {"let_down": 2}}]
    phone.page.get_by_role("link", name="/back/").click()
    phone.page.get_by_role("button", name="Erase these answers").click()
    assert sheets() == []


@pytest.mark.parametrize("language", ["nl", "en", "da"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_of_a_survey_is_readable(walk: NewWalk, width: int, language: str) -> None:
    plan = make_survey_plan()
    start, later = begin(plan), begin(plan, Moment.LATER)
    for number in range(6):
        sends(start, said(5, made_of=code(day=number + 1), words="It does me good to be among people here."))
        sends(later, said(7, made_of=code(day=number + 1)))
    shut = begin(plan, Moment.COMPARISON_START, first=TODAY + AHEAD, last=TODAY + AHEAD)
    over = begin(plan, Moment.YEAR, first=TODAY - 2 * AHEAD, last=TODAY - AHEAD)
    single = begin(plan, Moment.PULSE, first=TODAY, last=TODAY)
    visitor = walk(width=width, code=language)
    pages = [f"/s/{each.token}/" for each in (start, shut, over, single)]
    for number, path in enumerate(pages):
        visitor.go(path)
        assert visitor.page.locator("html").get_attribute("lang") == language
        if PICTURES:
            visitor.page.screenshot(path=f"{PICTURES}/s{number}-{language}-{width}.png", full_page=True)
    # that the days are over is said with 410, which a browser notes
    visitor.faults[:] = [each for each in visitor.faults if "status of 410" not in each]
    visitor.go(pages[0])
    visitor.page.locator("form.survey button").click()
    visitor.check()  # without consent: what is wrong stands on top
    visitor.page.locator("input[name=consent]").check()
    visitor.page.locator("input[name=q_belonging_belong][value='5']").check()
    visitor.page.locator("form.survey button").click()
    visitor.check()
    visitor.page.locator("a[href*='/back/']").click()
    visitor.check()
    bring_session(visitor, writer_of(plan))
    own = [f"/impact/{plan.pk}/collect/{path}" for path in ("", "close/", f"{start.pk}/", f"{start.pk}/sheet/")]
    for number, path in enumerate(own):
        visitor.go(path)
        assert visitor.page.locator("html").get_attribute("lang") == language
        if PICTURES:
            visitor.page.screenshot(path=f"{PICTURES}/w{number}-{language}-{width}.png", full_page=True)


def test_sheets_of_paper_are_typed_in_by_keyboard_alone(walk: NewWalk) -> None:
    plan = make_survey_plan()
    wave = begin(plan)
    desk = walk()
    bring_session(desk, writer_of(plan))
    desk.go(f"/impact/{plan.pk}/collect/{wave.pk}/sheet/")
    for score in ("7", "9"):
        desk.page.locator("input[name=consent]").focus()
        desk.page.keyboard.press("Space")
        desk.page.keyboard.press("Tab")
        desk.page.keyboard.type(score)
        desk.page.keyboard.press("Tab")
        desk.page.keyboard.type("2")
        with desk.page.expect_navigation():
            desk.page.keyboard.press("Enter")
        desk.check()
    assert desk.sees("2 sheets typed in today.")
    found = sorted(each.answers["life_satisfaction"]["satisfied"] for each in sheets())
    assert found == [7, 9]
    assert {each.answers["djg6"]["emptiness"] for each in sheets()} == {2}
