"""A host answers from its mail without signing in; a new member's first message is read by the desk and then sent."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from meervoud.core.engine.types.requests import Weekly, Window
from meervoud.matching.asking import ask_hosts
from meervoud.matching.models import Proposal
from meervoud.matching.proposing import propose_by_hand
from meervoud.parties.mail import send_outbox
from meervoud.parties.models import Person
from tests.journeys.conftest import NewWalk
from tests.journeys.test_every_page import bring_session
from tests.rooms.makers import make_matchmaker, make_offer, make_organisation, make_person, make_programme, make_request

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def link_in_last_mail(word: str) -> str:
    send_outbox(now=timezone.now())
    found = re.search(rf"https?://[^/\s]+(/a/\S+/{word}/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def make_asked() -> Person:
    """Ask a host for a space, and return the one who answers for it."""
    programme, lender = make_programme(), make_person("Hanna Host")
    host = make_organisation(programme, member=lender)
    offer = make_offer(programme, host=host, capacity=30)
    tuesdays = Weekly(frozenset({1}), Window(19 * 60, 22 * 60), 120, timezone.localdate() + timedelta(days=2), 6)
    asked = make_request(programme, asked_by=make_person("Ida Initiatief"), needs=(tuesdays,), title="Koor Roodborst")
    row = propose_by_hand(request=asked, offer=offer, by=lender, now=timezone.now())
    ask_hosts(proposals=[row], by=lender, now=timezone.now(), asker_agrees=False)
    return lender


def test_a_host_says_yes_from_its_mail_without_an_account_session(walk: NewWalk) -> None:
    make_asked()
    lender = walk(width=320)
    lender.go(link_in_last_mail("yes"))
    expect(lender.page.get_by_text("You learn who it is when both sides said yes.")).to_be_visible()
    assert "Roodborst" not in lender.page.content()
    lender.page.get_by_role("button", name="Yes, it suits").click()
    expect(lender.page.get_by_text("Your yes is noted. Now the other side decides.")).to_be_visible()
    lender.check()
    assert Proposal.objects.every(because="a test").get().host_says == "yes"
    assert not [each for each in lender.page.context.cookies() if each["name"] == "sessionid"]


def test_a_host_says_no_from_its_mail_with_a_reason(walk: NewWalk) -> None:
    make_asked()
    lender = walk(width=320)
    lender.go(link_in_last_mail("no"))
    lender.page.get_by_role("button", name="Say no").click()
    lender.check()
    lender.page.get_by_label("it is too often for us").check()
    lender.page.get_by_role("button", name="Say no").click()
    expect(lender.page.get_by_text("Noted. We look further.")).to_be_visible()
    assert Proposal.objects.every(because="a test").get().state == "declined"


def test_a_first_message_is_held_and_let_through(walk: NewWalk) -> None:
    programme, stranger, lender = make_programme(), make_person("Sam"), make_person("Hanna Host")
    offer = make_offer(programme, host=make_organisation(programme, member=lender), capacity=30)
    guest, desk, host = walk(width=320), walk(), walk(width=320)
    bring_session(guest, stranger)
    bring_session(desk, make_matchmaker(programme))
    bring_session(host, lender)
    guest.go(f"/spaces/{offer.pk}/")
    guest.page.get_by_label("When would you like to come?").fill("Tuesday")
    guest.page.get_by_label("With how many people?").fill("8")
    guest.page.get_by_label("What will you do?").fill("We sing.")
    guest.page.get_by_role("button", name="Send my question").click()
    expect(guest.page.get_by_text("The desk reads your first message before it is sent")).to_be_visible()
    guest.check()
    talk = guest.page.url.removeprefix(guest.base)
    desk.go("/desk/")
    desk.page.get_by_role("link", name="Moderation: 1 waits").click()
    desk.check()
    desk.page.get_by_role("button", name="Let it through").click()
    expect(desk.page.get_by_text("Let through. It is sent now.")).to_be_visible()
    assert send_outbox(now=timezone.now()) == 1
    assert mail.outbox[-1].to == [lender.email]
    host.go(talk)
    expect(host.page.get_by_text("We sing.")).to_be_visible()
    host.check()
