"""From nothing to a page that a funder can take apart: a plan written, people asked, a report out, a claim opened."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Locator, expect

from meervoud.agreements.guard import GUARD
from meervoud.agreements.models import Document
from meervoud.files.impact.cids_check import check_cids
from meervoud.outcomes.impact.publishing import publish_impact_report
from meervoud.outcomes.impact.valuing import value_plan
from meervoud.outcomes.impact.writing import About, begin_plan
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, ImpactReport, Moment, Step
from tests.journeys.conftest import NewWalk
from tests.journeys.test_every_page import WIDTHS, bring_session
from tests.journeys.test_web_journeys import sign_in
from tests.journeys.walk import Walk
from tests.rooms.outcomes.esg_makers import lend
from tests.rooms.outcomes.impact_makers import (
    FIRST,
    FULL,
    LAST,
    NOW,
    lock,
    make_impact_plan,
    make_pairs,
    owner,
    write,
)
from tests.rooms.outcomes.survey_makers import begin, code, said, sends
from tests.rooms.usage.makers import Plan

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EVERY = "a test looks at everything"
HEADS = (12, 12, 12, 12)
"""Four evenings of twelve: at most sixteen people can have come three times, told in fives."""
OPEN = "document.querySelectorAll('main details').forEach(each => each.open = true)"
NAME = "Our language cafe"
SHARES = ("deadweight", "displacement", "attribution_to_others", "drop_off")
KEPT = "Kept. This step has what it needs."
ONE_PAGE = b"/Type/Pages/Count 1/"


@pytest.fixture(autouse=True)
def _what_was_signed_can_be_cleared(transactional_db: None) -> Iterator[None]:
    """Let the tables be emptied after the test: the database refuses that for what was signed."""
    yield
    with connection.schema_editor() as editor:
        GUARD.drop(None, editor)
    Document.objects.every(because="the end of a test").delete()
    with connection.schema_editor() as editor:
        GUARD.add(None, editor)


def look(walk: Walk) -> None:
    """Look at a page with everything unfolded, on a small phone and at a desk."""
    before = walk.page.viewport_size
    assert before is not None
    walk.page.evaluate(OPEN)
    for width in WIDTHS:
        walk.page.set_viewport_size({"width": width, "height": before["height"]})
        walk.check()
    walk.page.set_viewport_size(before)


def go(walk: Walk, path: str) -> None:
    walk.page.goto(walk.base + path)
    look(walk)


def arrive(walk: Walk, pressed: Locator) -> None:
    """Press something that leads to a page, and look at that page."""
    with walk.page.expect_navigation():
        pressed.first.click()
    look(walk)


def press(walk: Walk, name: str) -> None:
    arrive(walk, walk.page.locator("main").get_by_role("button", name=name, exact=True))


def follow(walk: Walk, name: str | re.Pattern[str]) -> None:
    arrive(walk, walk.page.locator("main").get_by_role("link", name=name))


def next_step(walk: Walk) -> None:
    arrive(walk, walk.page.get_by_role("navigation", name="Steps").get_by_role("link").last)


def tells(walk: Walk, *told: str) -> None:
    """Expect sentences on the page or in what it answers."""
    for each in told:
        expect(walk.page.locator("main, #messages").get_by_text(each).first).to_be_visible()


def downloaded(walk: Walk, name: str) -> bytes:
    with walk.page.expect_download() as download:
        walk.page.get_by_role("link", name=name).click()
    return Path(download.value.path()).read_bytes()


def named(walk: Walk, name: str) -> Locator:
    return walk.page.locator(f"main [name='{name}']")


class TestAnInitiative:
    def test_goes_from_nothing_to_its_first_report(self, walk: NewWalk) -> None:
        use = lend(heads=HEADS)
        desk = walk()
        sign_in(desk, use.asker)
        look(desk)
        plan = self._begin(desk)
        self._say_why_and_for_whom(desk)
        self._choose_what_measures(desk)
        link = self._begin_a_wave(desk)
        self._somebody_answers(walk(width=320, code="da", touch=True), link)
        self._others_answer(plan)
        self._net_down_and_decide(desk, plan)
        self._publish(desk)
        self._read(walk(), plan)

    @staticmethod
    def _begin(desk: Walk) -> ImpactPlan:
        go(desk, "/desk/")
        follow(desk, "What it brings about: impact plans")
        desk.choose("What is it about?", "the activity Language cafe")
        desk.type("Name of the plan", NAME)
        desk.tick("Language café")
        press(desk, "Begin this plan")
        tells(desk, "Nothing is shown to others until you publish a report.")
        return ImpactPlan.objects.every(because=EVERY).get(title=NAME)

    @staticmethod
    def _say_why_and_for_whom(desk: Walk) -> None:
        follow(desk, re.compile(r"^1\. "))
        desk.type("What do you want to change, in one sentence?", "Newcomers talk with their neighbours.")
        desk.type("For whom?", "Newcomers in our street, about forty.")
        desk.type("Where?", "Kadewijk")
        desk.type("First day", FIRST.isoformat())
        desk.type("Last day", LAST.isoformat())
        desk.type("What do you leave out?", "Nothing")
        press(desk, "Keep")
        tells(desk, KEPT)
        for number in (1, 2, 3):
            expect(desk.page.get_by_text(f"Step {number} of 9")).to_be_visible()
            press(desk, "Lock this version")
            tells(desk, "Version 1 is locked and stays as it is.")
            next_step(desk)

    @staticmethod
    def _choose_what_measures(desk: Walk) -> None:
        outcome = desk.page.get_by_role("group", name="Participants feel more at home in the neighbourhood")
        outcome.get_by_label("What measures it?").select_option("life_satisfaction")
        press(desk, "Keep")
        tells(desk, KEPT)
        next_step(desk)
        desk.type("How many people do you ask?", "40")
        desk.type("Who asks, and who types in what came in on paper?", "The volunteer at the door")
        press(desk, "Keep")
        tells(desk, KEPT)
        press(desk, "Lock this version")

    @staticmethod
    def _begin_a_wave(desk: Walk) -> str:
        next_step(desk)
        tells(desk, "4 moments")
        press(desk, "Begin this wave")
        tells(desk, "The wave is begun. Give out the link, the code to scan, or paper.")
        return desk.page.get_by_label("Link to copy").input_value()

    @staticmethod
    def _somebody_answers(phone: Walk, link: str) -> None:
        go(phone, link.removeprefix(phone.base))
        expect(phone.page.locator("html")).to_have_attribute("lang", "da")
        named(phone, "consent").tap()
        phone.page.locator("label.pick:has([name=q_life_satisfaction_satisfied][value='5'])").tap()
        for name, typed in {"mother": "Ma", "birth_day": "7", "street": "at"}.items():
            named(phone, name).fill(typed)
        with phone.page.expect_navigation():
            phone.page.locator("form.survey button").tap()
        look(phone)
        expect(phone.page).to_have_url(re.compile("/thanks/$"))
        (sheet,) = AnswerSheet.objects.every(because=EVERY)
        assert (sheet.language, sheet.answers) == ("da", {"life_satisfaction": {"satisfied": 5}})
        assert sheet.pseudonym

    @staticmethod
    def _others_answer(plan: ImpactPlan) -> None:
        """Let eleven more answer, and all of them again: who answered on the phone is known by the same code."""
        start, later = plan.waves.get(), begin(plan, Moment.LATER)
        for day in range(7, 19):
            if day != code().day:
                sends(start, said(5, made_of=code(day=day)))
            sends(later, said(7, made_of=code(day=day)))

    @staticmethod
    def _net_down_and_decide(desk: Walk, plan: ImpactPlan) -> None:
        go(desk, f"/impact/{plan.pk}/collect/")
        tells(desk, "12 of 40 people have answered.")
        press(desk, "Lock this version")
        next_step(desk)
        rows = int(named(desk, "outcomes-TOTAL_FORMS").input_value())
        assert rows == 5
        for name in (f"outcomes-{row}-{share}" for row in range(rows) for share in SHARES):
            named(desk, name).select_option("25")
            named(desk, f"{name}_reason").fill("By what the group told")
        press(desk, "Keep")
        tells(desk, KEPT)
        next_step(desk)
        next_step(desk)
        named(desk, "decisions-0-what").fill("The evening")
        named(desk, "decisions-0-choice").select_option("keep")
        named(desk, "decisions-0-why").fill("People come back")
        desk.type("What was it about, in a few sentences?", "A year of talking.")
        press(desk, "Keep")
        tells(desk, KEPT)

    @staticmethod
    def _publish(desk: Walk) -> None:
        follow(desk, "Look at the report")
        tells(desk, "It is not published yet.", "A year of talking.", "People come back")
        press(desk, "Publish this report")
        tells(desk, "The report is published. Everybody can read it now.")

    @staticmethod
    def _read(visitor: Walk, plan: ImpactPlan) -> None:
        go(visitor, "/impact/reports/")
        follow(visitor, NAME)
        tells(visitor, "Newcomers talk with their neighbours.", "A year of talking.", "People come back")
        changed = visitor.page.get_by_role("region", name="What changed")
        expect(changed).to_contain_text("between")
        paper = downloaded(visitor, "This report (PDF)")
        assert paper.startswith(b"%PDF")
        assert ONE_PAGE in paper
        assert visitor.page.locator(f"main a[href*='{plan.pk}']").count() == 0, "nothing leads into the plan"


class TestAFunder:
    def test_opens_a_claim_down_to_its_sources_and_checks_the_bytes(self, walk: NewWalk) -> None:
        row = self._published()
        facts: Any = json.loads(bytes(row.data))  # Any: values of JSON
        funder = walk()
        go(funder, f"/impact/reports/{row.pk}/")
        follow(funder, "How this was computed, and what moves it")
        tells(funder, "Three lines that are never added", "What moves the result most")
        follow(funder, "More satisfied / Newcomers")
        self._rests_on(funder, "The ledger", facts["use"]["sha256"], "4 realised moments")
        self._rests_on(funder, "The questions that people answered", "at the start: 1 Jan", "after some months: 1 Apr")
        expect(funder.page.get_by_text(re.compile("^(at the start|after some months): "))).to_have_text(
            [re.compile("at the start"), re.compile("after some months")]
        )
        self._rests_on(funder, "The price A point of satisfaction", "Source: A made-up price of the tests")
        self._rests_on(funder, "What would have happened anyway", "By what the group told")
        follow(funder, "The report")
        told = funder.page.get_by_role("region", name="Published and frozen").locator("code").inner_text()
        data = downloaded(funder, "Its data (JSON), as published")
        assert hashlib.sha256(data).hexdigest() == told == row.sha256
        document = json.loads(downloaded(funder, "In the Common Impact Data Standard (JSON-LD)"))
        assert [each for each in check_cids(document) if each.is_error] == []

    @staticmethod
    def _published() -> ImpactReport:
        plan = make_impact_plan(heads=HEADS)
        make_pairs(plan, tuple((5, 7) for _ in range(12)))
        lock(plan, Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY)
        value_plan(plan=plan, by=owner(plan), now=NOW)
        return publish_impact_report(plan=plan, by=owner(plan), now=NOW)

    @staticmethod
    def _rests_on(funder: Walk, heading: str, *told: str) -> None:
        source = funder.page.locator("main section").filter(has=funder.page.get_by_role("heading", name=heading))
        for each in told:
            expect(source).to_contain_text(each)


class TestAMatchmaker:
    def test_values_a_programme_and_reads_why_a_claim_was_capped(self, walk: NewWalk) -> None:
        use = lend(heads=HEADS)
        plan = self._measured(use)
        desk = walk()
        bring_session(desk, use.desk)
        go(desk, "/impact/")
        follow(desk, "A year of rooms")
        follow(desk, re.compile(r"^8\. "))
        self._type_a_price_and_an_input(desk)
        self._claim_sixty(desk)
        press(desk, "Compute the value of what is kept")
        tells(desk, "Computed. The range comes first; what it rests on stands below.", "capped")
        follow(desk, "More satisfied / Newcomers")
        capped = "You claimed 60 people. By the head counts of the ledger at most 15 can have come 3 times or more"
        tells(desk, f"{capped}, so 15 count.")
        assert plan.runs.count() == 1
        self._is_refused_for_a_unit_and_a_year(desk, plan)

    @staticmethod
    def _measured(use: Plan) -> ImpactPlan:
        about = About(use.programme, programme=use.programme)
        plan = begin_plan(title="A year of rooms", about=about, language="en", by=use.desk)
        for step, content in FULL.items():
            if step != Step.VALUE:
                write(plan, step, content)
        make_pairs(plan, tuple((5, 7) for _ in range(12)))
        return plan

    @staticmethod
    def _type_a_price_and_an_input(desk: Walk) -> None:
        tells(desk, "Its price must be per point*person*year.")
        price = {"name": "A good year", "unit": "point*person*year", "low": "8000", "value": "10000", "high": "12000"}
        price |= {"currency": "EUR", "price_year": "2024", "source": "Our own list, page 3"}
        given = {"name": "Coordinator", "low": "4000", "likely": "5000", "high": "6000", "price_year": "2024"}
        for prefix, row in (("prices-0", price), ("inputs-0", given)):
            for name, typed in row.items():
                named(desk, f"{prefix}-{name}").fill(typed)
        named(desk, "prices-0-kind").select_option("wellbeing")
        named(desk, "inputs-0-stakeholder").select_option("Volunteers")
        press(desk, "Keep")

    @staticmethod
    def _claim_sixty(desk: Walk) -> None:
        claim = desk.page.get_by_role("group", name="More satisfied, for Newcomers")
        claim.get_by_label("Which price?").select_option("A good year")
        claim.get_by_label("For how many people do you claim it?").fill(str(60))
        press(desk, "Keep")

    @staticmethod
    def _is_refused_for_a_unit_and_a_year(desk: Walk, plan: ImpactPlan) -> None:
        unit = "is counted in point*person*year, and its price is per hour. Choose another price or measure."
        year = "The price A good year has no price year, so it cannot be brought to another year."
        for changed, refusal in (({"unit": "hour"}, unit), ({"unit": "point*person*year", "price_year": ""}, year)):
            go(desk, f"/impact/{plan.pk}/steps/8/")
            for name, typed in changed.items():
                named(desk, f"prices-0-{name}").fill(typed)
            press(desk, "Keep")
            press(desk, "Compute the value of what is kept")
            tells(desk, refusal)
            expect(desk.page.get_by_role("heading", level=1)).to_have_text("Value")
            assert plan.runs.count() == 1, "nothing was computed"
