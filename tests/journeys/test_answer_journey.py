"""Host and group answer on the pages; a visit leads to yes; why not; a matchmaker clears twenty with the keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meervoud.core.engine.types.requests import Weekly, Window
from meervoud.matching.models import Proposal
from tests.journeys.conftest import NewWalk
from tests.journeys.test_every_page import bring_session
from tests.journeys.walk import Walk
from tests.rooms.makers import make_matchmaker, make_offer, make_organisation, make_person, make_programme, make_request

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def tuesdays() -> Weekly:
    return Weekly(frozenset({1}), Window(19 * 60, 22 * 60), 120, timezone.localdate() + timedelta(days=2), 6)


def invite_to_come_and_see(lender: Walk) -> None:
    lender.page.get_by_text("Another time, a question, a visit").click()
    lender.page.get_by_label("come and see the space first").check()
    visit = timezone.localtime() + timedelta(days=3)
    lender.page.get_by_label("When is the visit?").fill(visit.strftime("%Y-%m-%dT10:00"))
    lender.page.get_by_role("button", name="Send").click()
    lender.check()


def test_a_visit_leads_to_yes_and_who_it_is_is_told_then(walk: NewWalk) -> None:
    programme = make_programme()
    host_person, asker = make_person("Hanna Host"), make_person("Ida Initiatief")
    host = make_organisation(programme, member=host_person, name="Kantoor De Kade")
    offer = make_offer(programme, host=host, capacity=30)
    offer.space.building.street = "Kade 12"
    offer.space.building.save()
    request = make_request(programme, asked_by=asker, needs=(tuesdays(),), title="Koor Roodborst")
    group, lender = walk(width=320), walk(width=320)
    bring_session(group, asker)
    bring_session(lender, host_person)
    group.go(f"/requests/{request.pk}/")
    group.page.get_by_role("button", name="Ask the hosts of the best spaces").click()
    expect(group.page.get_by_text("1 host is asked.")).to_be_visible()
    group.check()

    lender.go("/desk/")
    lender.page.get_by_role("link", name="1 group waits for your answer").click()
    lender.check()
    lender.page.get_by_role("link", name="12 people").click()
    lender.check()
    expect(lender.page.get_by_text("You learn who it is when both sides said yes.")).to_be_visible()
    assert "Roodborst" not in lender.page.content()
    invite_to_come_and_see(lender)

    group.go(f"/proposals/{Proposal.objects.every(because='test').get().pk}/")
    expect(group.page.get_by_text("come and see").first).to_be_visible()
    assert "Kade 12" not in group.page.content()
    lender.page.get_by_role("button", name="Yes, it suits").click()
    expect(lender.page.get_by_text("Both sides said yes")).to_be_visible()
    expect(lender.page.get_by_text("Koor Roodborst").first).to_be_visible()
    lender.check()
    group.page.reload()
    expect(group.page.get_by_text("Kade 12")).to_be_visible()
    group.check()


def test_why_not_says_what_is_in_the_way(walk: NewWalk) -> None:
    programme, asker = make_programme(), make_person("Ida Initiatief")
    small = make_offer(programme, capacity=8)
    request = make_request(programme, asked_by=asker, needs=(tuesdays(),), group_max=12)
    group = walk(width=320)
    bring_session(group, asker)
    group.go(f"/requests/{request.pk}/")
    group.page.get_by_role("link", name=small.space.name).last.click()
    expect(group.page.get_by_text("This space does not fit this request.")).to_be_visible()
    expect(group.page.get_by_role("heading", name="One thing is in the way")).to_be_visible()
    group.check()


def test_a_matchmaker_clears_twenty_with_the_keyboard(walk: NewWalk) -> None:
    programme = make_programme()
    staff = make_matchmaker(programme)
    host = make_organisation(programme, member=make_person("Hanna Host"))
    host.questions_a_week = None
    host.save()
    for _ in range(3):
        make_offer(programme, host=host, capacity=30)
    for number in range(20):
        make_request(programme, needs=(tuesdays(),), title=f"Groep {number:02}")
    desk = walk()
    bring_session(desk, staff)
    desk.go("/queue/")
    boxes = desk.page.locator("input[name=request]")
    assert boxes.count() == 20
    boxes.first.focus()
    for number in range(20):
        expect(boxes.nth(number)).to_be_focused()
        desk.page.keyboard.press("Space")
        desk.page.keyboard.press("Tab")  # to the link of the row
        desk.page.keyboard.press("Tab")  # to the next box, and at last to the button
    expect(desk.page.get_by_role("button", name="Ask the hosts of the best spaces for what is ticked")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_text("60 hosts are asked.")).to_be_visible()
    desk.check()
    desk.go("/queue/?show=new")
    expect(desk.page.get_by_role("heading", name="All done")).to_be_visible()
