"""What is odd in a plan and still opens: ids that nobody gave, scales that are gone, empty labels; and words beside a report."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.rooms.outcomes.impact_makers import (
    FULL,
    INDICATORS,
    MEASUREMENT,
    NODES,
    NOW,
    answer,
    lock,
    make_impact_plan,
    make_pairs,
    make_wave,
    owner,
    write,
)

from meervoud.lib.clock import now
from meervoud.outcomes.impact.book import book_of
from meervoud.outcomes.impact.publishing import publish_impact_report
from meervoud.outcomes.impact.screens.screen import ids_for
from meervoud.outcomes.impact.writing import keep_step
from meervoud.outcomes.models import ImpactPlan, ImpactReport, Step

pytestmark = pytest.mark.django_db
TWELVE = tuple((5, 7) for _ in range(12))
STEPS = range(1, 10)


def writer(plan: ImpactPlan) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(owner(plan))
    return client


def make_published(**changed: object) -> ImpactReport:
    plan = make_impact_plan(value={"claims": []}, **changed)  # type: ignore[arg-type]  # contents of steps
    write(plan, Step.REPORT, {"decisions": [], "telling": {}, "funding": {}})
    make_pairs(plan, TWELVE)
    lock(plan, Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY)
    return publish_impact_report(plan=plan, by=owner(plan), now=NOW)


@pytest.mark.parametrize("name", ["x" * 100, "S 1", "9", "<b>", "s1\n"])
def test_an_id_that_the_plan_did_not_give_is_given_anew(name: str) -> None:
    assert list(ids_for([{"id": name}], "s", [name])) == ["s1"]


def test_an_id_of_the_plan_stays_and_is_given_once() -> None:
    assert list(ids_for([{"id": "s2"}, {"id": "s2"}, {}], "s", ["s1", "s2"])) == ["s2", "s3", "s4"]


@pytest.mark.parametrize("number", STEPS)
def test_a_scale_that_is_gone_breaks_no_page(number: int) -> None:
    gone = {"questions": ["gone_scale", "life_satisfaction"]}
    plan = make_impact_plan(
        measurement={**MEASUREMENT, **gone}, indicators={"outcomes": [{**INDICATORS[0], "indicator": "gone_scale"}]}
    )
    make_wave(plan, questions=["gone_scale", "life_satisfaction"])
    page = writer(plan).get(reverse("impact_step", args=[plan.pk, number]), follow=True)
    assert page.status_code == 200


@pytest.mark.parametrize("number", STEPS)
def test_labels_without_words_break_no_page(number: int) -> None:
    nodes = [{**each, "label": {}} for each in NODES]
    plan = make_impact_plan(theory={**FULL[Step.THEORY], "nodes": nodes})
    assert writer(plan).get(reverse("impact_step", args=[plan.pk, number]), follow=True).status_code == 200
    assert writer(plan).get(reverse("impact_preview", args=[plan.pk])).status_code == 200


class TestLocking:
    def test_what_somebody_else_wrote_meanwhile_is_not_locked_unseen(self) -> None:
        plan = make_impact_plan()
        client, url = writer(plan), reverse("impact_step_lock", args=[plan.pk, 1])
        seen = book_of(plan).versions[Step.SCOPE].edits
        keep_step(plan=plan, step=Step.SCOPE, content=FULL[Step.SCOPE], edits=seen, by=owner(plan))
        said = client.post(url, {"edits": str(seen)}, follow=True).content.decode()
        assert "Somebody else changed this step" in said
        assert not book_of(plan).is_locked(Step.SCOPE)
        client.post(url, {"edits": str(seen + 1)})
        assert book_of(plan).is_locked(Step.SCOPE)


class TestWordsBesideAReport:
    @pytest.mark.parametrize("many", [4, 5])
    def test_words_that_were_cleared_stand_there_once_five_people_wrote(self, many: int) -> None:
        report = make_published()
        wave = make_wave(report.plan, "year")
        for number in range(many):
            sheet = answer(wave, f"{number:024x}", 7)
            sheet.words, sheet.words_cleared = f"Cleared words {number}", True
            sheet.save()
        secret = answer(wave, f"{many:024x}", 7)
        secret.words = "Nobody has read this"
        secret.save()
        text = (
            Client(headers={"accept-language": "en"}).get(reverse("impact_report", args=[report.pk])).content.decode()
        )
        assert ("Cleared words 1" in text) == (many == 5)
        assert "Nobody has read this" not in text
        assert b"Cleared words" not in bytes(report.data)

    def test_a_change_has_its_grade_and_the_waves_it_comes_from(self) -> None:
        report = make_published()
        text = (
            Client(headers={"accept-language": "en"}).get(reverse("impact_report", args=[report.pk])).content.decode()
        )
        assert "How well it is known: C" in text
        assert "at the start: " in text
        assert "after some months: " in text
        assert report.at < now()
