"""A matchmaker works through the queue by keyboard alone: filters, assigns, notes, calls back, asks; and can switch keys off."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from meervoud.core.engine.types.requests import Weekly, Window
from meervoud.matching.models import DeskCase, DeskNote, SavedFilter
from meervoud.parties.models import Programme
from tests.journeys.conftest import NewWalk
from tests.journeys.test_every_page import bring_session
from tests.journeys.walk import Walk
from tests.rooms.makers import make_matchmaker, make_offer, make_organisation, make_person, make_programme, make_request

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EVERY = "test"


def tuesdays() -> Weekly:
    return Weekly(frozenset({1}), Window(19 * 60, 22 * 60), 120, timezone.localdate() + timedelta(days=2), 6)


def make_queue(programme: Programme, number: int) -> None:
    host = make_organisation(programme, member=make_person("Hanna Host"))
    host.questions_a_week = None
    host.save()
    for _ in range(3):
        make_offer(programme, host=host, capacity=30)
    for each in range(number):
        make_request(programme, needs=(tuesdays(),), title=f"Groep {each:02}")


def press(walk: Walk, *keys: str) -> None:
    for key in keys:
        walk.page.keyboard.press(key)


def tab_to(walk: Walk, wanted: Locator) -> None:
    for _ in range(60):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        press(walk, "Tab")
    raise AssertionError(f"Tab never came to {wanted}")


def told(walk: Walk, text: str) -> None:
    expect(walk.page.get_by_text(text)).to_be_visible()
    walk.page.wait_for_load_state()  # the keys work from then on


def date_typed(walk: Walk) -> None:
    """Type tomorrow's date into the field that has the focus, part by part, as this browser asks for it: the month first."""
    day = timezone.localdate() + timedelta(days=1)
    walk.page.keyboard.type(day.strftime("%m%d%Y"))


def filter_and_save(desk: Walk) -> None:
    page = desk.page
    tab_to(desk, page.locator("details.desk-filters > summary"))
    press(desk, "Enter")
    tab_to(desk, page.locator("#id_words"))
    page.keyboard.type("groep mjx")  # keys do nothing while somebody types
    expect(page.locator("#id_words")).to_have_value("groep mjx")
    press(desk, "Backspace", "Backspace", "Backspace", "Backspace", "Enter")
    expect(page.locator("#count")).to_have_text("3 requests")
    desk.check()
    tab_to(desk, page.locator("#save_name"))
    page.keyboard.type("Mijn groepen")
    press(desk, "Enter")
    told(desk, "The filter “Mijn groepen” is saved.")
    assert SavedFilter.objects.every(because=EVERY).get().filters == {"words": "groep"}


def assign_and_note(desk: Walk) -> None:
    page = desk.page
    press(desk, "j")
    expect(page.get_by_role("link", name="Groep 00")).to_be_focused()
    press(desk, "j", "k", "m")
    told(desk, "1 request is with Mila Matchmaker now.")
    desk.check()
    press(desk, "j", "n")
    expect(page.locator("#bulk_text")).to_be_focused()
    page.keyboard.type("Gebeld: ze zoeken nog")
    tab_to(desk, page.get_by_role("button", name="Do it with what is ticked"))
    press(desk, "Enter")
    told(desk, "The note stands on 1 request.")


def set_call_back(desk: Walk) -> None:
    page = desk.page
    press(desk, "j", "j", "c")
    expect(page.locator("#bulk_call_on")).to_be_focused()
    desk.check()
    date_typed(desk)
    tab_to(desk, page.locator("#bulk_call_why"))
    page.keyboard.type("Over de sleutel")
    press(desk, "Enter")
    told(desk, "1 request is to call back.")


def test_a_matchmaker_works_by_keyboard_alone(walk: NewWalk) -> None:
    programme = make_programme()
    staff = make_matchmaker(programme)
    make_queue(programme, 3)
    make_request(programme, title="Koor", needs=(tuesdays(),))
    desk = walk()
    bring_session(desk, staff)
    desk.go("/queue/")
    filter_and_save(desk)
    assign_and_note(desk)
    set_call_back(desk)
    note = DeskNote.objects.every(because=EVERY).get()
    mine = DeskCase.objects.every(because=EVERY).get(assigned_to=staff)
    called = DeskCase.objects.every(because=EVERY).get(call_on=timezone.localdate() + timedelta(days=1))
    assert (note.request.title, mine.request.title, called.request.title) == ("Groep 00", "Groep 00", "Groep 01")


def test_a_case_is_worked_by_keyboard_alone(walk: NewWalk) -> None:
    programme = make_programme()
    make_queue(programme, 2)
    desk = walk()
    bring_session(desk, make_matchmaker(programme))
    page = desk.page
    desk.go("/queue/?words=groep")
    press(desk, "j", "j", "Enter")
    page.wait_for_url("**/queue/*-*/?words=groep")
    expect(page.get_by_role("heading", level=1)).to_have_text("Groep 01")
    desk.check()
    press(desk, "c")
    expect(page.locator("#id_call_on")).to_be_focused()
    tab_to(desk, page.get_by_role("button", name="Keep the note"))
    press(desk, "m")
    told(desk, "It is with you now.")
    press(desk, "k")
    expect(page.get_by_role("heading", level=1)).to_have_text("Groep 00")
    page.wait_for_load_state()
    press(desk, "n")
    expect(page.locator("#id_text")).to_be_focused()


def test_a_matchmaker_clears_twenty_with_x_and_a(walk: NewWalk) -> None:
    programme = make_programme()
    make_queue(programme, 20)
    desk = walk()
    bring_session(desk, make_matchmaker(programme))
    desk.go("/queue/")
    for _ in range(20):
        press(desk, "j", "x")
    assert desk.page.locator("input[name=request]:checked").count() == 20
    press(desk, "a")
    expect(desk.page.get_by_text("60 hosts are asked.")).to_be_visible(timeout=30_000)
    desk.check()
    desk.go("/queue/?show=new")
    expect(desk.page.get_by_role("heading", name="All done")).to_be_visible()


def test_the_keys_are_told_and_can_be_switched_off(walk: NewWalk) -> None:
    programme = make_programme()
    make_request(programme, title="Koor")
    desk = walk(width=320)
    bring_session(desk, make_matchmaker(programme))
    desk.go("/queue/?view=board")
    press(desk, "j", "x", "?")
    dialog = desk.page.locator("dialog")
    expect(dialog).to_be_visible()
    desk.check()
    press(desk, "x")  # no key works behind the dialog
    press(desk, "Escape")
    expect(dialog).to_be_hidden()
    expect(desk.page.get_by_role("link", name="Koor")).to_be_focused()
    expect(desk.page.locator("input[name=request]")).to_be_checked()
    opener = desk.page.get_by_role("button", name="Keys")
    tab_to(desk, opener)
    press(desk, "Enter")
    desk.page.get_by_label("Use these keys").focus()
    press(desk, "Space", "Escape", "?")
    expect(dialog).to_be_hidden()
    desk.page.reload()
    press(desk, "j", "x", "?")
    expect(dialog).to_be_hidden()
    expect(desk.page.locator("input[name=request]")).not_to_be_checked()


def test_the_desk_works_without_javascript(walk: NewWalk) -> None:
    programme = make_programme()
    staff = make_matchmaker(programme)
    request = make_request(programme, title="Koor")
    desk = walk(width=320, script=False)
    bring_session(desk, staff)
    page = desk.page
    page.goto(f"{desk.base}/queue/")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.locator("input[name=request]").check()
    page.locator("#bulk_deed").select_option("call")
    page.locator("#bulk_call_on").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Do it with what is ticked").click()
    expect(page.get_by_text("1 request is to call back.")).to_be_visible()
    page.get_by_role("link", name="Koor").click()
    page.locator("#id_text").fill("Zonder script")
    page.get_by_role("button", name="Keep the note").click()
    assert DeskNote.objects.every(because=EVERY).get(request=request).text == "Zonder script"
    for view in ("board", "map"):
        page.goto(f"{desk.base}/queue/?view={view}")
        expect(page.get_by_role("link", name="Koor")).to_be_visible()
