"""A point of the activity asked in several rounds, and the one question about a single time."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.rooms.makers import TODAY
from tests.rooms.outcomes.survey_makers import begin, code, make_survey_plan, noon, said, sends, writer_of

from meervoud.core.errors import ConflictError, InputError
from meervoud.outcomes.impact.book import book_of
from meervoud.outcomes.impact.collecting import Measured, measured
from meervoud.outcomes.impact.measures import survey_choices
from meervoud.outcomes.impact.pulse import pulse_facts, pulse_of, say_pulse
from meervoud.outcomes.impact.report_facts import facts_of_plan
from meervoud.outcomes.impact.surveying import change_wave, enter_sheet, take_back
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, Moment, Wave

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOON = noon()


@pytest.fixture
def plan() -> ImpactPlan:
    return make_survey_plan()


def begin_on(plan: ImpactPlan, moment: str, day: int) -> Wave:
    """Begin a wave of one day, so many days from today."""
    return begin(plan, moment, first=TODAY + day * DAY, last=TODAY + day * DAY)


def answers(wave: Wave, scores: dict[str, int], *, day: int | None = None) -> None:
    """Let people answer, each with a code, on the first day of a wave or so many days from today."""
    on = wave.first if day is None else TODAY + day * DAY
    for card, points in scores.items():
        sends(wave, said(points, made_of=code(mother="", day=None, street="", card=card)), day=on)


def many(points: int, letter: str = "a", number: int = 10) -> dict[str, int]:
    return {f"{letter}card{each}": points for each in range(number)}


def satisfaction(plan: ImpactPlan) -> Measured:
    return measured(book_of(plan))["life_satisfaction"]


class TestRounds:
    def test_the_next_round_begins_after_the_last_day_of_the_one_before(self, plan: ImpactPlan) -> None:
        first = begin_on(plan, Moment.START, 0)
        with pytest.raises(ConflictError, match="People are still asked"):
            begin_on(plan, Moment.START, 0)
        second = begin_on(plan, Moment.START, 1)
        assert (first.round, second.round) == (1, 2)
        with translation.override("en"):
            assert (first.name, second.name) == ("at the start", "at the start, round 2")

    def test_rounds_do_not_run_into_each_other_when_days_change(self, plan: ImpactPlan) -> None:
        first = begin_on(plan, Moment.START, 0)
        begin_on(plan, Moment.START, 5)
        with pytest.raises(ConflictError, match="Another wave at this point"):
            change_wave(wave=first, first=TODAY, last=TODAY + 5 * DAY, asked=40, by=writer_of(plan))
        changed = change_wave(wave=first, first=TODAY, last=TODAY + 4 * DAY, asked=40, by=writer_of(plan))
        assert changed.last == TODAY + 4 * DAY

    def test_newcomers_of_a_next_round_count_beside_those_of_the_first(self, plan: ImpactPlan) -> None:
        answers(begin_on(plan, Moment.START, 0), many(5, "a"))
        answers(begin_on(plan, Moment.START, 10), many(5, "b"))
        later = begin_on(plan, Moment.LATER, 20)
        answers(later, {**many(6, "a"), **many(8, "b")})
        found = satisfaction(plan)
        assert (found.effect.pairs, [len(found.before), len(found.after)]) == (20, [2, 1])
        assert found.effect.conservative == found.effect.change
        assert found.effect.change is not None
        assert found.effect.change.mean == pytest.approx(2)

    def test_of_who_answers_in_several_rounds_the_first_and_the_last_count(self, plan: ImpactPlan) -> None:
        answers(begin_on(plan, Moment.START, 0), many(4))
        answers(begin_on(plan, Moment.LATER, 10), many(6))
        found = satisfaction(plan)
        assert found.effect.change is not None
        assert found.effect.change.mean == pytest.approx(2)
        answers(begin_on(plan, Moment.START, 20), many(9))
        answers(begin_on(plan, Moment.LATER, 30), many(7))
        found = satisfaction(plan)
        assert found.effect.pairs == 10
        assert found.effect.change is not None
        assert found.effect.change.mean == pytest.approx(3)

    def test_four_who_answer_in_the_next_round_change_no_figure_yet(self, plan: ImpactPlan) -> None:
        answers(begin_on(plan, Moment.START, 0), many(4))
        answers(begin_on(plan, Moment.LATER, 10), many(6))
        before = satisfaction(plan).sheets
        again = begin_on(plan, Moment.LATER, 20)
        answers(again, many(9, number=4))
        assert satisfaction(plan).sheets == before
        answers(again, {"acard4": 9})
        found = satisfaction(plan)
        assert found.sheets != before
        assert found.effect.change is not None
        assert found.effect.change.mean == pytest.approx((5 * 5 + 5 * 2) / 10)

    def test_what_somebody_said_before_they_began_shows_no_change(self, plan: ImpactPlan) -> None:
        answers(begin_on(plan, Moment.START, 0), many(4))
        answers(begin_on(plan, Moment.LATER, 10), {**many(6), **many(2, "late", 6)})
        answers(begin_on(plan, Moment.START, 20), many(9, "late", 6))
        found = satisfaction(plan)
        assert found.effect.pairs == 10
        assert found.effect.change is not None
        assert found.effect.change.mean == pytest.approx(2)

    def test_who_began_after_the_last_answer_later_did_not_drop_out(self, plan: ImpactPlan) -> None:
        answers(begin_on(plan, Moment.START, 0), {**many(4, number=12), "left1": 4, "left2": 4})
        answers(begin_on(plan, Moment.LATER, 10), many(6, number=12))
        before = satisfaction(plan)
        answers(begin_on(plan, Moment.START, 20), many(4, "new", 13))
        assert (satisfaction(plan).sheets, satisfaction(plan).changes) == (before.sheets, before.changes)
        again = begin_on(plan, Moment.LATER, 30)
        answers(again, many(6, "new", 5))
        found = satisfaction(plan)
        assert found.effect.pairs == 17
        assert (
            sorted(found.changes) == [0] * (2 + 8) + [2] * 17
        )  # now eight of the new ones were asked, and did not answer

    def test_a_wave_that_stays_open_takes_in_who_began_meanwhile(self, plan: ImpactPlan) -> None:
        answers(begin_on(plan, Moment.START, 0), many(4))
        later = begin(plan, Moment.LATER, first=TODAY + 5 * DAY, last=TODAY + 300 * DAY)
        answers(later, many(6), day=6)
        answers(begin_on(plan, Moment.START, 100), many(4, "b"))
        answers(later, many(6, "b"), day=200)
        assert satisfaction(plan).effect.pairs == 20

    def test_no_figure_moves_with_the_days_of_a_wave(self, plan: ImpactPlan) -> None:
        """Who writes in a plan may change these days as often as they like: figures that moved could be solved for one person."""
        start = begin_on(plan, Moment.START, 10)
        answers(start, {**many(4, "a", 5), **many(4, "b", 5), **many(4, "e", 5), "xcard": 4})
        rounds = [begin_on(plan, Moment.LATER, day) for day in (20, 25, 30)]
        answers(rounds[0], {**many(5, "b", 5), "xcard": 6})
        answers(rounds[1], {**many(7, "a", 5), "xcard": 9})
        answers(rounds[2], many(7, "e", 5))
        seen = satisfaction(plan).sheets
        assert satisfaction(plan).effect.pairs == 16
        for wave, day in ((rounds[1], 15), (rounds[0], 2), (rounds[1], 1), (rounds[2], 3), (start, 50)):
            on = TODAY + day * DAY
            change_wave(wave=wave, first=on, last=on, asked=40, by=writer_of(plan))
            assert satisfaction(plan).sheets == seen

    def test_a_code_that_two_sheets_of_a_round_have_is_nobodys_in_all_rounds(self, plan: ImpactPlan) -> None:
        twins = begin_on(plan, Moment.START, 0)
        answers(twins, {**many(4), "twin": 1})
        answers(twins, {"twin": 9})
        answers(begin_on(plan, Moment.START, 10), {"twin": 9})
        answers(begin_on(plan, Moment.LATER, 20), {**many(6), "twin": 1})
        found = satisfaction(plan)
        assert found.effect.pairs == 10
        assert set(found.changes) == {2}

    def test_more_answers_later_than_were_asked_at_the_start_are_no_fault(self) -> None:
        plan = make_survey_plan()
        answers(begin(plan, Moment.START, first=TODAY, last=TODAY, asked=5), many(4, number=5))
        for day in (10, 20):
            wave = begin(plan, Moment.LATER, first=TODAY + day * DAY, last=TODAY + day * DAY, asked=6)
            answers(wave, many(6, "a" if day == 10 else "b", 6))
        assert satisfaction(plan).effect.pairs == 5


def begin_evening(plan: ImpactPlan, day: int) -> Wave:
    return begin_on(plan, Moment.PULSE, day)


def at_the_door(wave: Wave, points: Sequence[int]) -> list[AnswerSheet]:
    """Let people answer about one time."""
    return [sends(wave, said(None, answers={"this_time": {"this_time": each}}), day=wave.first) for each in points]


class TestSingleTimes:
    def test_there_are_as_many_as_there_are_evenings_with_one_question_each(self, plan: ImpactPlan) -> None:
        waves = [begin_evening(plan, day) for day in (0, 0, 7)]
        assert [each.round for each in waves] == [1, 2, 3]
        assert {tuple(each.questions) for each in waves} == {("this_time",)}
        assert "this_time" not in dict(survey_choices())

    def test_it_is_asked_within_a_week(self, plan: ImpactPlan) -> None:
        with pytest.raises(InputError) as refused:
            begin(plan, Moment.PULSE, first=TODAY, last=TODAY + 8 * DAY)
        assert refused.value.code == "wave_pulse_long"

    def test_nothing_joins_two_evenings_of_a_person(self, plan: ImpactPlan) -> None:
        wave = begin_evening(plan, 0)
        what = said(None, answers={"this_time": {"this_time": 4}}, made_of=code(card="acard1"))
        assert sends(wave, what).pseudonym == ""
        assert sends(begin_on(plan, Moment.START, 0), said(4, made_of=code(card="acard1"))).pseudonym != ""

    def test_five_answers_of_one_evening_are_told_and_a_sixth_waits_for_four_more(self, plan: ImpactPlan) -> None:
        wave = begin_evening(plan, 0)
        at_the_door(wave, (3, 3, 4, 4))
        assert pulse_of(plan) is None
        at_the_door(wave, (5,))
        assert pulse_facts(pulse_of(plan)) == {"times": 1, "answers": 5, "mean": 3.8, "grade": "D"}
        at_the_door(wave, (1, 1, 1, 1))
        assert pulse_facts(pulse_of(plan)) == {"times": 1, "answers": 5, "mean": 3.8, "grade": "D"}
        at_the_door(wave, (1,))
        assert pulse_facts(pulse_of(plan)) == {"times": 1, "answers": 10, "mean": 2.4, "grade": "D"}

    def test_one_person_who_comes_on_five_evenings_is_not_read_out_of_their_sum(self, plan: ImpactPlan) -> None:
        evenings = [begin_evening(plan, day) for day in range(5)]
        for each in evenings:
            at_the_door(each, (1,))
        # added up over the evenings there would be five answers: all of one person
        assert AnswerSheet.objects.every(because="a test counts all").count() == 5
        assert pulse_of(plan) is None
        at_the_door(evenings[0], (5, 5, 5, 5))
        found = pulse_of(plan)
        assert found is not None
        assert (found.times, found.answers) == (1, 5)
        assert found.mean == pytest.approx(4.2)

    def test_an_evening_of_which_an_answer_is_taken_back_is_not_told(self, plan: ImpactPlan) -> None:
        one, other = begin_evening(plan, 0), begin_evening(plan, 1)
        sheets = at_the_door(one, (2, 2, 2, 2, 2, 2))
        at_the_door(other, (4, 4, 4, 4, 4))
        assert pulse_facts(pulse_of(plan)) == {"times": 2, "answers": 11, "mean": 2.9, "grade": "D"}
        take_back(sheet=sheets[0])
        assert pulse_facts(pulse_of(plan)) == {"times": 1, "answers": 5, "mean": 4.0, "grade": "D"}

    def test_it_stands_in_a_report_with_whose_answers_it_is_made_of(self, plan: ImpactPlan) -> None:
        wave = begin_evening(plan, 0)
        at_the_door(wave, (4, 4, 4, 4, 4, 5))
        facts, sheets = facts_of_plan(book_of(plan))
        assert len(sheets[f"this_time/{wave.pk}"]) == 6
        with translation.override("en"):
            (told,) = say_pulse(facts["pulse"])
        assert told.startswith("Asked what 1 time brought them, people gave 6 answers: 4.2 on average")
        assert "Evidence D" in told

    def test_a_sheet_of_paper_counts_too(self, plan: ImpactPlan) -> None:
        wave = begin(plan, Moment.PULSE, first=TODAY, last=TODAY)
        at_the_door(wave, (4, 4, 4, 4))
        what = said(None, answers={"this_time": {"this_time": 5}})
        sheet = AnswerSheet()
        enter_sheet(wave=wave, sheet_id=sheet.pk, said=what, day=TODAY, by=writer_of(plan), now=NOON)
        found = pulse_of(plan)
        assert found is not None
        assert found.answers == 5


class TestPages:
    @pytest.fixture
    def writer(self, plan: ImpactPlan) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(writer_of(plan))
        return client

    def post(self, writer: Client, plan: ImpactPlan, **sent: Any) -> Wave:
        page = reverse("impact_collect", args=[plan.pk])
        answer = writer.post(page, {"first": TODAY.isoformat(), "last": "", "asked": "12", **sent})
        assert answer.status_code == 302, answer.content.decode()[:3000]
        found = plan.waves.order_by("-created_at").first()
        assert found is not None
        return found

    def test_the_last_day_may_stay_open(self, writer: Client, plan: ImpactPlan) -> None:
        assert self.post(writer, plan, moment="start").last == TODAY + 14 * DAY
        assert self.post(writer, plan, moment="pulse").last == TODAY + 2 * DAY

    @pytest.mark.parametrize(
        ("first", "last"), [("9999-12-31", ""), ("9999-12-30", "9999-12-31"), ("0001-01-01", ""), ("2090-01-01", "")]
    )
    def test_years_in_which_nobody_is_asked_are_refused_on_the_page(
        self, writer: Client, plan: ImpactPlan, first: str, last: str
    ) -> None:
        page = reverse("impact_collect", args=[plan.pk])
        answer = writer.post(page, {"moment": "start", "first": first, "last": last, "asked": "12"})
        assert answer.status_code == 422
        assert "Choose a day within the next two years." in answer.content.decode()
        assert writer.get(page).status_code == 200

    def test_what_has_a_wave_is_offered_last_and_as_the_next_round(self, writer: Client, plan: ImpactPlan) -> None:
        begin(plan)
        text = writer.get(reverse("impact_collect", args=[plan.pk])).content.decode()
        assert text.index("after some months") < text.index("at the start, round 2")

    def test_who_answers_about_one_time_is_asked_for_no_code(self, plan: ImpactPlan) -> None:
        visitor = Client(headers={"accept-language": "en"})
        text = visitor.get(reverse("survey", args=[begin_evening(plan, 0).token])).content.decode()
        assert "How much did you get out of this activity today?" in text
        assert "A code that only you can make" not in text
        other = visitor.get(reverse("survey", args=[begin_on(plan, Moment.START, 0).token])).content.decode()
        assert "A code that only you can make" in other
