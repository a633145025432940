"""A matchmaker brings a dirty sheet: she sees what it would do, imports it, corrects it, imports again, and takes it back."""

import csv
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from meervoud.files.demo_city import write_demo_city
from meervoud.places.models import Space
from meervoud.site.worker import work_off
from meervoud.supply.models import Offer
from tests.journeys.conftest import NewWalk
from tests.journeys.test_every_page import bring_session
from tests.journeys.test_web_journeys import make_city
from tests.journeys.walk import Walk
from tests.rooms.makers import make_matchmaker

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def spaces() -> int:
    return Space.objects.every(because="test").count()


def give(walk: Walk, sheet: Path) -> None:
    walk.go("/imports/")
    walk.page.locator("input[type=file]").set_input_files(sheet)
    walk.press("Show what it would do")


def test_a_dirty_sheet_is_imported_corrected_imported_again_and_undone(walk: NewWalk, tmp_path: Path) -> None:
    programme = make_city()
    city = write_demo_city(tmp_path, spaces=12)
    rows = list(csv.DictReader(city.spaces.read_text("utf-8").splitlines()))
    sheet = tmp_path / "ruimtes.csv"

    def write() -> None:
        with sheet.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    good = rows[3]["opening_hours"]
    rows[3]["opening_hours"], rows[5]["id"] = "whenever you like", ""
    write()
    desk = walk()
    bring_session(desk, make_matchmaker(programme))
    give(desk, sheet)
    assert desk.sees("12 rows read = 10 new + 0 changed + 0 unchanged + 2 refused")
    assert spaces() == 0, "nothing is written before it is confirmed"
    desk.press("Confirm: write this")
    assert spaces() == 10
    assert not Offer.objects.online(programme).exists(), "drafts, for nobody said that the hosts agreed"

    rows[3]["opening_hours"], rows[5]["id"], rows[0]["capacity"] = good, "S06", "77"
    write()
    give(desk, sheet)
    assert desk.sees("12 rows read = 2 new + 1 changed + 9 unchanged + 0 refused")
    assert desk.sees("77")
    desk.press("Confirm: write this")
    assert spaces() == 12
    desk.press("Undo this import")
    assert spaces() == 10
    assert Space.objects.every(because="test").get(source_key="S01").capacity != 77
    desk.go("/imports/")
    assert desk.sees("undone")


def test_the_page_of_an_import_follows_it_until_it_is_ready(walk: NewWalk, tmp_path: Path, settings: Any) -> None:
    settings.TASKS = QUEUE
    programme = make_city()
    desk = walk()
    bring_session(desk, make_matchmaker(programme))
    give(desk, write_demo_city(tmp_path, spaces=12).spaces)
    desk.press("Confirm: write this")
    expect(desk.page.get_by_role("progressbar")).to_have_count(1)
    assert desk.sees("You can leave this page.")
    assert spaces() == 0
    work_off()
    desk.page.get_by_role("heading", name="What was written").wait_for()
    desk.check()
    assert spaces() == 12
    desk.press("Undo this import")
    work_off()
    desk.page.get_by_role("heading", name="What was kept").wait_for()
    assert desk.sees("Nothing: all of it was taken back.")
    assert spaces() == 0


def test_without_script_a_link_shows_how_far_an_import_is(walk: NewWalk, tmp_path: Path, settings: Any) -> None:
    settings.TASKS = QUEUE
    programme = make_city()
    desk = walk(width=320, script=False)
    bring_session(desk, make_matchmaker(programme))
    desk.page.goto(desk.base + "/imports/")
    desk.page.locator("input[type=file]").set_input_files(write_demo_city(tmp_path, spaces=12).spaces)
    desk.page.get_by_role("button", name="Show what it would do").click()
    desk.page.get_by_role("button", name="Confirm: write this").click()
    desk.page.get_by_role("link", name="Look again").click()
    expect(desk.page.get_by_role("progressbar")).to_have_count(1)
    work_off()
    desk.page.get_by_role("link", name="Look again").click()
    expect(desk.page.get_by_role("heading", name="What was written")).to_have_count(1)
    assert spaces() == 12
