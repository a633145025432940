"""Impact reports: frozen, withdrawn, opened down to their sources; they tell of no few people, also not by subtraction."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.rooms.makers import make_person
from tests.rooms.outcomes.impact_makers import (
    CLAIM,
    NETTING,
    NOW,
    answer,
    lock,
    make_impact_plan,
    make_pairs,
    owner,
    write,
)

from meervoud.core.errors import ConflictError, InputError
from meervoud.demand.models import Request
from meervoud.files.impact.cids_check import check_cids
from meervoud.outcomes.frozen import read_bytes
from meervoud.outcomes.impact.cids_export import cids_bytes
from meervoud.outcomes.impact.forgetting import forget_plans
from meervoud.outcomes.impact.paper import impact_paper
from meervoud.outcomes.impact.publishing import (
    add_impact_story,
    publish_impact_report,
    take_impact_story_back,
    withdraw_impact_report,
)
from meervoud.outcomes.impact.valuing import value_plan
from meervoud.outcomes.models import (
    AnswerSheet,
    ImpactPlan,
    ImpactReport,
    Moment,
    Step,
    StepVersion,
    ValuationRun,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BASE = "https://zilverhaven.example/impact/reports/1/"
REPORT = {
    "decisions": [{"what": "The evening", "choice": "keep", "why": "People come back"}],
    "telling": {"summary": "A year of talking.", "lessons": "Start at seven."},
    "funding": {"amount": 10_000, "purpose": "A second evening", "limits": "Volunteers"},
}


@pytest.fixture
def client() -> Client:
    """Somebody who reads English."""
    return Client(headers={"accept-language": "en"})


def make_ready(
    scores: tuple[tuple[int, int | None], ...] = tuple((5, 7) for _ in range(12)), **changed: Any
) -> ImpactPlan:
    """Make a plan that can be published; it claims nothing."""
    plan = make_impact_plan(**{"value": {"claims": []}, **changed})
    write(plan, Step.REPORT, REPORT)
    make_pairs(plan, scores)
    lock(plan, Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY)
    return plan


def publish(plan: ImpactPlan) -> ImpactReport:
    return publish_impact_report(plan=plan, by=owner(plan), now=NOW)


def value(plan: ImpactPlan) -> ValuationRun:
    return value_plan(plan=plan, by=owner(plan), now=NOW)


class TestPublishing:
    def test_a_report_is_its_bytes_and_their_hash(self) -> None:
        plan = make_ready(value={"claims": [CLAIM]})
        value(plan)
        row = publish(plan)
        assert hashlib.sha256(bytes(row.data)).hexdigest() == row.sha256
        assert read_bytes(row)["outcomes"][0]["effect"]["change"][1] == 2

    def test_the_database_refuses_to_change_a_report_or_a_run(self) -> None:
        plan = make_ready(value={"claims": [CLAIM]})
        run = value(plan)
        row = publish(plan)
        with pytest.raises(DatabaseError, match="what_impact_was_published_stays"), transaction.atomic():
            ImpactReport.objects.every(because="a test").filter(pk=row.pk).update(data=b"{}")
        with pytest.raises(DatabaseError, match="what_was_valued_stays"), transaction.atomic():
            ValuationRun.objects.every(because="a test").filter(pk=run.pk).update(seed=2)

    def test_steps_that_a_report_points_to_are_locked_first(self) -> None:
        plan = make_impact_plan()
        with pytest.raises(ConflictError, match="Lock steps"):
            publish(plan)

    def test_a_value_of_before_is_not_published(self) -> None:
        plan = make_ready(value={"claims": [CLAIM]})
        value(plan)
        write(plan, Step.NETTING, {"outcomes": [{**NETTING[0], "years": 2}]})
        with pytest.raises(ConflictError, match="Something changed"):
            publish(plan)
        value_plan(plan=plan, by=owner(plan), now=NOW + timedelta(hours=1))
        assert read_bytes(publish(plan))["value"] is not None

    def test_what_is_written_later_does_not_change_a_report(self) -> None:
        plan = make_ready()
        row = publish(plan)
        write(plan, Step.REPORT, {**REPORT, "telling": {"summary": "Another."}})
        row.refresh_from_db()
        assert read_bytes(row)["telling"]["summary"] == "A year of talking."


class TestFewPeople:
    @pytest.mark.parametrize("number", [1, 4])
    def test_figures_stay_as_they_are_until_five_more_have_answered(self, number: int) -> None:
        plan = make_ready()
        before = self._effect(publish(plan))
        self._answer_more(plan, number, change=-4)
        assert self._effect(publish(plan)) == before
        self._answer_more(plan, 5, change=-4, first=number)
        assert self._effect(publish(plan))["pairs"] == 12 + number + 5

    def test_one_pair_beside_four_who_answer_once_is_not_told(self) -> None:
        plan = make_ready()
        before = self._effect(publish(plan))
        start = plan.waves.get(moment=Moment.START)
        for number in range(4):
            answer(start, f"b{number:023x}", 2)
        self._answer_more(plan, 1, change=-4)
        assert self._effect(publish(plan)) == before

    def test_a_set_is_held_against_every_one_that_was_shown_before(self) -> None:
        plan = make_ready()
        first = self._effect(publish(plan))
        self._answer_more(plan, 5)
        assert self._effect(publish(plan))["pairs"] == 17
        for sheet in plan.waves.get(moment=Moment.START).sheets.filter(pseudonym__startswith="a"):
            sheet.delete()
        self._answer_more(plan, 1, first=9)
        assert self._effect(publish(plan)) in (first, {"gate": "nothing"})

    def test_a_second_sheet_with_the_code_of_somebody_does_not_take_them_out(self) -> None:
        plan = make_ready()
        before = self._effect(publish(plan))
        answer(plan.waves.get(moment=Moment.START), f"{0:024x}", 9)
        self._answer_more(plan, 4)
        assert self._effect(publish(plan)) == before

    def test_one_who_answers_again_later_is_not_told_either(self) -> None:
        plan = make_ready((*((5, 7) for _ in range(12)), (5, None)))
        before = self._effect(publish(plan))
        answer(plan.waves.get(moment=Moment.LATER), f"{12:024x}", 3)
        assert self._effect(publish(plan)) == before

    def test_figures_go_where_somebody_took_their_answers_back(self) -> None:
        plan = make_ready()
        publish(plan)
        plan.waves.get(moment=Moment.LATER).sheets.all()[0].delete()
        assert self._effect(publish(plan)) == {"gate": "nothing"}

    def test_without_the_rule_two_reports_tell_what_one_person_answered(self) -> None:
        """The control: means of twelve and of thirteen give the thirteenth away."""
        plan = make_ready()
        first = self._effect(publish(plan))
        self._answer_more(plan, 1, change=-4)
        ImpactReport.objects.every(because="a test").filter(plan=plan).update(sheets={})
        plan.shown = {}
        plan.save(update_fields=["shown"])
        second = self._effect(publish(plan))
        theirs = second["change"][1] * second["pairs"] - first["change"][1] * first["pairs"]
        assert round(theirs) == -4

    def test_a_report_that_would_tell_is_refused_also_beside_a_withdrawn_one(self) -> None:
        plan = make_ready()
        withdraw_impact_report(report=publish(plan), by=owner(plan), now=NOW)
        self._answer_more(plan, 1)
        plan.shown = {}
        plan.save(update_fields=["shown"])
        with pytest.raises(InputError, match="one to four people"):
            publish(plan)

    def test_four_who_answered_twice_are_in_no_byte_of_a_report(self) -> None:
        plan = make_ready(tuple((5, 7) for _ in range(4)))
        facts = read_bytes(publish(plan))
        assert facts["outcomes"][0]["effect"] == {"gate": "nothing"}
        assert all(each["response"] is None for each in facts["waves"])

    def test_heads_are_told_in_fives_and_few_are_hidden(self) -> None:
        facts = read_bytes(publish(make_ready(heads=(12, 11, 3))))
        assert facts["use"]["visits"] == 25
        assert facts["use"]["people"] == [10, 25]
        few = read_bytes(publish(make_ready(heads=(2, 2))))
        assert few["use"]["visits"] is None
        assert few["use"]["people"] == [None, None]

    def test_no_answer_of_one_person_is_in_what_is_published(self) -> None:
        plan = make_ready(tuple((number % 7, 3 + number % 5) for number in range(12)), value={"claims": [CLAIM]})
        value(plan)
        row = publish(plan)
        said = json.loads(bytes(row.data))
        assert "values" not in json.dumps(said)
        assert "pseudonym" not in json.dumps(said)

    @staticmethod
    def _answer_more(plan: ImpactPlan, number: int, change: int = 1, first: int = 0) -> None:
        waves = {each.moment: each for each in plan.waves.all()}
        for each in range(first, first + number):
            answer(waves[Moment.START], f"a{each:023x}", 5)
            answer(waves[Moment.LATER], f"a{each:023x}", 5 + change)

    @staticmethod
    def _effect(row: ImpactReport) -> Any:
        return read_bytes(row)["outcomes"][0]["effect"]


class TestReading:
    def test_everybody_opens_a_figure_down_to_its_sources(self, client: Client) -> None:
        plan = make_ready(value={"claims": [{**CLAIM, "people": 60}]})
        value(plan)
        row = publish(plan)
        shown = client.get(reverse("impact_report", args=[row.pk])).content.decode()
        assert "between" in shown
        assert reverse("impact_report_value", args=[row.pk]) in shown
        opened = client.get(reverse("impact_report_value", args=[row.pk])).content.decode()
        assert "You claimed 60 people" in opened
        source = client.get(reverse("impact_report_claim", args=[row.pk, 1])).content.decode()
        facts = read_bytes(row)
        for word in (facts["use"]["sha256"], "A made-up price of the tests", "By what the group told"):
            assert word in source
        assert client.get(reverse("impact_report_claim", args=[row.pk, 2])).status_code == 404

    @pytest.mark.parametrize("language", ["nl", "en", "da"])
    def test_a_report_reads_in_every_language(self, client: Client, language: str) -> None:
        plan = make_ready(value={"claims": [CLAIM]})
        value(plan)
        row = publish(plan)
        headers = {"accept-language": language}
        for name in ("impact_report", "impact_report_value", "impact_pdf"):
            assert client.get(reverse(name, args=[row.pk]), headers=headers).status_code == 200

    def test_the_data_are_the_bytes_of_the_hash(self, client: Client) -> None:
        row = publish(make_ready())
        data = client.get(reverse("impact_data", args=[row.pk])).content
        assert hashlib.sha256(data).hexdigest() == row.sha256

    def test_a_withdrawn_report_is_gone_for_everybody(self, client: Client) -> None:
        plan = make_ready()
        row = publish(plan)
        client.force_login(owner(plan))
        client.post(reverse("impact_report_withdraw", args=[plan.pk, row.pk]))
        for name in ("impact_report", "impact_pdf", "impact_data", "impact_cids"):
            assert client.get(reverse(name, args=[row.pk])).status_code == 404

    def test_a_preview_is_only_the_writers(self, client: Client) -> None:
        plan = make_ready()
        client.force_login(make_person())
        assert client.get(reverse("impact_preview", args=[plan.pk])).status_code == 404
        client.force_login(owner(plan))
        shown = client.get(reverse("impact_preview", args=[plan.pk]))
        assert shown.context["is_preview"]
        assert reverse("impact_publish", args=[plan.pk]) in shown.content.decode()

    def test_paper_has_the_interval_before_the_point(self) -> None:
        plan = make_ready(value={"claims": [CLAIM]})
        value(plan)
        row = publish(plan)
        paper = impact_paper(row, read_bytes(row))
        line = next(
            each for section in paper["sections"] for each in section["items"] if "Social value" in each["title"]
        )
        assert line["title"].index("between") < line["title"].index("most likely")


class TestErasing:
    def test_who_is_erased_takes_along_the_plan_of_their_own_activity(self) -> None:
        plan = make_ready()
        publish(plan)
        assert plan.request is not None
        Request.objects.every(because="a test").filter(pk=plan.request.pk).update(organisation=None)
        forget_plans(plan.request.asked_by)
        for rows in (ImpactPlan, ImpactReport, AnswerSheet, StepVersion):
            assert not rows.objects.every(because="a test").exists()


class TestStories:
    def test_a_story_taken_back_is_erased_and_not_in_the_bytes(self, client: Client) -> None:
        plan = make_ready()
        said = {"title": "Amal", "text": "She sang.", "consent_of": "Amal", "consent_on": NOW.date(), "picture": b""}
        story = add_impact_story(plan=plan, by=owner(plan), said=said)
        row = publish(plan)
        assert b"Amal" not in bytes(row.data)
        address = reverse("impact_report", args=[row.pk])
        assert "She sang." in client.get(address).content.decode()
        take_impact_story_back(story=story, by=owner(plan), now=NOW)
        assert "She sang." not in client.get(address).content.decode()
        story.refresh_from_db()
        assert (story.title, story.consent_of) == ("", "")

    def test_without_consent_nothing_is_published(self) -> None:
        plan = make_ready()
        add_impact_story(plan=plan, by=owner(plan), said={"title": "Amal", "text": "She sang.", "picture": b""})
        with pytest.raises(ConflictError, match="consent"):
            publish(plan)


class TestStandard:
    @pytest.mark.parametrize("language", ["nl", "en", "da"])
    def test_a_report_is_as_the_standard_has_it(self, language: str) -> None:
        plan = make_ready(value={"claims": [CLAIM]})
        value(plan)
        row = publish(plan)
        with translation.override(language):
            document = json.loads(cids_bytes(row, read_bytes(row), BASE))
        errors = [each for each in check_cids(document) if each.is_error]
        assert errors == []

    def test_the_same_report_gives_the_same_bytes_in_every_language(self) -> None:
        row = publish(make_ready())
        found = set()
        for language in ("nl", "en", "da"):
            with translation.override(language):
                found.add(cids_bytes(row, read_bytes(row), BASE))
        assert len(found) == 1
