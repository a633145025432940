"""Answers are erased two years after the last day on which a plan asked people; what was published stays."""

from datetime import timedelta

import pytest
from tests.rooms.makers import TODAY
from tests.rooms.outcomes.impact_makers import (
    NOW,
    answer,
    lock,
    make_impact_plan,
    make_pairs,
    make_wave,
    owner,
    write,
)
from tests.rooms.outcomes.survey_makers import begin, make_survey_plan, said, sends

from meervoud.lib.models import JournalEntry
from meervoud.outcomes.impact.book import book_of
from meervoud.outcomes.impact.collecting import measured
from meervoud.outcomes.impact.forgetting import forget_old_answers, kept_until
from meervoud.outcomes.impact.publishing import publish_impact_report
from meervoud.outcomes.impact.pulse import pulse_of
from meervoud.outcomes.impact.surveying import take_back
from meervoud.outcomes.impact.valuing import value_plan
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, Moment, Step
from meervoud.site.due import _deeds

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def sheets(plan: ImpactPlan) -> int:
    return AnswerSheet.objects.of(wave=plan.waves.all()).count()


def test_answers_go_the_day_after_two_years_and_not_before() -> None:
    plan = make_survey_plan()
    wave = begin(plan)
    sends(wave, said(7))
    until = kept_until(wave.last)
    assert forget_old_answers(today=until) == 0
    assert sheets(plan) == 1
    assert forget_old_answers(today=until + DAY) == 1
    assert sheets(plan) == 0
    plan.refresh_from_db()
    assert plan.pairing_key is None
    assert JournalEntry.objects.filter(verb="impact_plan.answers_erased").count() == 1
    assert forget_old_answers(today=until + DAY) == 0


def test_a_plan_that_asks_again_keeps_what_people_said_before() -> None:
    plan = make_survey_plan()
    wave = begin(plan)
    sends(wave, said(7))
    make_wave(plan, "later", first=wave.last + 300 * DAY, last=wave.last + 320 * DAY)
    assert forget_old_answers(today=kept_until(wave.last) + DAY) == 0
    assert sheets(plan) == 1


def test_other_plans_keep_theirs_and_figures_of_the_old_ones_are_gone() -> None:
    old, young = make_impact_plan(), make_survey_plan()
    make_pairs(old, tuple((5, 7) for _ in range(10)))
    assert measured(book_of(old))["life_satisfaction"].effect.pairs == 10
    sends(begin(young), said(7))
    last = max(old.waves.values_list("last", flat=True))
    assert forget_old_answers(today=kept_until(last) + DAY) == 1
    assert (sheets(old), sheets(young)) == (0, 1)
    assert measured(book_of(old))["life_satisfaction"].effect.pairs == 0


def test_values_that_keep_the_change_of_each_pair_go_with_the_answers_and_reports_stay() -> None:
    plan = make_impact_plan()
    write(plan, Step.REPORT, {"decisions": [], "telling": {}, "funding": {}})
    make_pairs(plan, tuple((5, 7) for _ in range(10)))
    lock(plan, Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY)
    run = value_plan(plan=plan, by=owner(plan), now=NOW)
    assert run.case["claims"][0]["quantity"]["values"] == [20.0] * 10
    report = publish_impact_report(plan=plan, by=owner(plan), now=NOW)
    assert b'"values"' not in bytes(report.data)
    last = max(plan.waves.values_list("last", flat=True))
    assert forget_old_answers(today=kept_until(last) + DAY) == 1
    assert not plan.runs.exists()
    assert plan.reports.count() == 1


def test_values_that_rest_on_answers_taken_back_go_too() -> None:
    plan = make_impact_plan()
    make_pairs(plan, tuple((5, 7) for _ in range(10)))
    value_plan(plan=plan, by=owner(plan), now=NOW)
    take_back(sheet=answer(make_wave(plan, "year"), "f" * 24, 7))
    assert plan.runs.count() == 1, "it does not rest on that wave"
    sheet = AnswerSheet.objects.of(wave=plan.waves.all()).first()
    assert sheet is not None
    take_back(sheet=sheet)
    assert not plan.runs.exists()


def test_an_evening_is_forgotten_as_well() -> None:
    plan = make_survey_plan()
    wave = begin(plan, Moment.PULSE, first=TODAY, last=TODAY)
    for _each in range(5):
        sends(wave, said(None, answers={"this_time": {"this_time": 4}}))
    assert pulse_of(plan) is not None
    assert forget_old_answers(today=kept_until(wave.last) + DAY) == 1
    assert pulse_of(plan) is None


def test_the_clock_does_it() -> None:
    wave = begin(make_survey_plan())
    sends(wave, said(7))
    deeds = _deeds(now=None, today=kept_until(wave.last) + DAY)  # type: ignore[arg-type]  # this deed knows days only
    assert deeds["answers of surveys forgotten"]() == 1
