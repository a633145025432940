"""A matchmaker brings a list of what was before: she sees that it is read, what it says, and confirms it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from meervoud.outcomes.models import PastUse
from meervoud.site.worker import work_off
from tests.journeys.conftest import NewWalk
from tests.journeys.test_every_page import bring_session
from tests.journeys.test_import_journey import QUEUE
from tests.journeys.test_web_journeys import make_city
from tests.rooms.makers import make_matchmaker

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HEAD = "host,space,initiative,day,start,end\n"
FIRST, SECOND = (f"Old host,Hall,Old club,2020-01-0{day},19:00,21:00\n" for day in (7, 8))


def counting() -> int:
    return PastUse.objects.every(because="test").count()


def test_the_page_of_a_list_follows_it_until_it_is_read(walk: NewWalk, tmp_path: Path, settings: Any) -> None:
    settings.TASKS = QUEUE
    programme = make_city()
    desk = walk()
    bring_session(desk, make_matchmaker(programme))
    for name, rows in (("before.csv", FIRST), ("again.csv", FIRST + SECOND)):
        (tmp_path / name).write_text(HEAD + rows)
        desk.go("/desk/past/")
        desk.page.locator("input[type=file]").set_input_files(tmp_path / name)
        desk.page.get_by_label("Where do these figures come from?").fill("The list of the desk")
        desk.press("Show what it says")
        expect(desk.page.get_by_role("progressbar")).to_have_count(1)
        work_off()
        desk.page.get_by_role("heading", name="What this sheet says").wait_for()
        desk.check()
        if name == "again.csv":
            assert desk.sees("1 row was given before, in another sheet:")
        desk.press("Confirm: write these rows")
    assert desk.sees("1 row was left out: it was given before.")
    assert counting() == 2


def test_without_script_a_link_shows_what_a_list_says(walk: NewWalk, tmp_path: Path, settings: Any) -> None:
    settings.TASKS = QUEUE
    programme = make_city()
    desk = walk(width=320, script=False)
    bring_session(desk, make_matchmaker(programme))
    (tmp_path / "before.csv").write_text(HEAD + FIRST)
    desk.page.goto(desk.base + "/desk/past/")
    desk.page.locator("input[type=file]").set_input_files(tmp_path / "before.csv")
    desk.page.get_by_label("Where do these figures come from?").fill("The list of the desk")
    desk.page.get_by_role("button", name="Show what it says").click()
    desk.page.get_by_role("link", name="Look again").click()
    expect(desk.page.get_by_role("progressbar")).to_have_count(1)
    work_off()
    desk.page.get_by_role("link", name="Look again").click()
    expect(desk.page.get_by_role("heading", name="What this sheet says")).to_have_count(1)
    desk.page.get_by_role("button", name="Confirm: write these rows").click()
    assert counting() == 1
