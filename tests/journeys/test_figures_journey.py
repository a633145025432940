"""From the ledger to what everybody reads: a pilot is closed and published, a figure opened, a correction listed."""

import csv
import io
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from meervoud.parties.models import Membership, Organisation, Programme
from tests.journeys.conftest import NewWalk
from tests.journeys.test_every_page import bring_session
from tests.journeys.walk import Walk
from tests.rooms.makers import make_person
from tests.rooms.outcomes.makers import counted_anew, make_pilot, pilot_period

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def choose(walk: Walk, slug: str) -> None:
    """Go to the desk of the programme."""
    walk.go("/programmes/")
    walk.page.locator(f"button[name=programme][value={slug}]").click()
    walk.page.wait_for_load_state()


def test_a_pilot_is_closed_published_read_and_corrected(walk: NewWalk) -> None:
    programme, staff = make_pilot()
    assert pilot_period() == (programme.starts_on, programme.ends_on)
    desk, visitor = walk(), walk(width=320)
    bring_session(desk, staff)
    choose(desk, programme.slug)
    _look_at_the_figures(desk)
    address = _write_and_publish(desk)
    visitor.go(address)
    assert visitor.sees("This ledger is made up.")
    visitor.follow("Open this figure: people")
    assert visitor.sees("never the middle")
    assert visitor.sees("counted on paper")
    assert not visitor.page.locator("main a[href*='/moments/']").count()
    _correct(desk, address)
    visitor.go(address)
    corrections = visitor.page.get_by_role("region", name="Corrections")
    expect(corrections).to_contain_text("2,839 hours")
    expect(corrections).to_contain_text("One evening counted twice.")
    assert visitor.sees("Rooms were used for 2,842 hours."), "what was published stays as it was"


def test_a_host_takes_its_esg_page_along(walk: NewWalk) -> None:
    programme, _staff = make_pilot()
    host = Organisation.objects.every(because="a test").get(name="Haventoren", programmes=programme)
    person = make_person("Hilde Host")
    Membership.objects.create(person=person, organisation=host, role="manager")
    page = walk(width=320)
    bring_session(page, person)
    page.go("/desk/")
    page.follow("My ESG page")
    assert page.sees("What Haventoren lent in")
    assert page.sees("Host contribution in kind; not social value; never added to it.")
    assert page.sees("This ledger is made up.")
    with page.page.expect_download() as download:
        page.page.get_by_role("link", name="This page as PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def _look_at_the_figures(desk: Walk) -> None:
    desk.go("/desk/figures/")
    for said in ("2,842 hours", "at least 1,227 people", "118 days round the clock", "61 of 89 requests"):
        assert desk.sees(said)
    _plots_have_names_and_tables(desk)
    desk.go("/desk/figures/?area=Kadewijk")
    assert desk.page.get_by_label("Neighbourhood", exact=True).input_value() == "Kadewijk"
    desk.follow("Open this figure: usage hours")
    assert desk.sees("checked in by who ran it")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="All moments as CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert sum(int(row["Minutes that count"]) for row in rows) == 2_842 * 60
    assert sum(int(row["Usage moments"]) for row in rows) == 423
    assert all("made up" in row["Programme"] for row in rows)


def _write_and_publish(desk: Walk) -> str:
    """Write a report, look at it, publish it, and return its address."""
    desk.go("/desk/reports/")
    desk.type("Title", "Half a year of rooms")
    desk.press("Begin this report")
    desk.type("Lessons", "Ask the concierge first.")
    desk.press("Keep the texts")
    desk.follow("Look at it first")
    assert desk.sees("It is not published yet.")
    desk.follow("Write this report")
    desk.press("Publish this report")
    assert desk.sees("Ask the concierge first.")
    return desk.page.url.removeprefix(desk.base)


def _correct(desk: Walk, address: str) -> None:
    desk.go(f"/desk{address}")
    assert desk.sees("The ledger still gives every figure as it was published.")
    counted_anew(Programme.objects.get(slug="proefjaar"), shorter=timedelta(hours=3))
    desk.page.reload()
    desk.check()
    desk.page.get_by_label("Usage hours: published 2,842 hours, by the ledger now 2,839 hours").check()
    desk.type("Why was it wrong?", "One evening counted twice.")
    desk.press("List this correction")


def _plots_have_names_and_tables(walk: Walk) -> None:
    """Each plot is an image with a name, and a table of its numbers stands behind it; the map has the table below it."""
    figures = walk.page.locator("figure.plot")
    assert figures.count() == 5
    folded = walk.page.locator("figure.plot:has(details)")
    assert folded.count() == 4
    for number in range(5):
        tree = figures.nth(number).aria_snapshot()
        assert re.search(r'img "([^"]+)"', tree), tree
    for number in range(4):
        plot = folded.nth(number)
        name = re.search(r'img "([^"]+)"', plot.aria_snapshot())
        assert name
        plot.locator("summary").click()
        expect(plot.get_by_role("table", name=re.compile(re.escape(name[1])))).to_be_visible()
        assert plot.get_by_role("row").count() > 5
    expect(walk.page.get_by_role("table", name="Use by neighbourhood")).to_be_visible()
