"""Surveys: waves begun from a locked plan, answers without a name, joined by a code, taken back; hostile input refused."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.rooms.makers import TODAY, make_person
from tests.rooms.outcomes.survey_makers import begin, code, make_survey_plan, noon, said, sends, writer_of

from meervoud.core.errors import ConflictError, InputError
from meervoud.core.impact.effects import Gate
from meervoud.files.impact.scales import read_scales
from meervoud.lib.models import JournalEntry
from meervoud.outcomes.impact import measures
from meervoud.outcomes.impact.asking import language_for, languages_of
from meervoud.outcomes.impact.book import book_of
from meervoud.outcomes.impact.collecting import measured
from meervoud.outcomes.impact.effect_words import say_effect
from meervoud.outcomes.impact.pseudonyms import Code, pseudonym_of
from meervoud.outcomes.impact.report_facts import effect_facts
from meervoud.outcomes.impact.survey_links import BACK_FOR, back_word, new_sheet, sheet_id_of, sheet_to_take_back
from meervoud.outcomes.impact.surveying import (
    AlreadySentError,
    begin_wave,
    change_wave,
    clear_words,
    close_pairing,
    drop_words,
    enter_sheet,
    take_back,
)
from meervoud.outcomes.impact.writing import open_step
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, Moment, Step, Wave
from meervoud.site.logs import without_personal_data

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
EVERY = "a test looks at everything"


@pytest.fixture
def plan() -> ImpactPlan:
    return make_survey_plan()


@pytest.fixture
def wave(plan: ImpactPlan) -> Wave:
    return begin(plan)


def sheets() -> list[AnswerSheet]:
    return list(AnswerSheet.objects.every(because=EVERY))


def pairs(plan: ImpactPlan, many: int) -> None:
    """Let so many people answer at the start and later, each two points happier."""
    start, later = begin(plan), begin(plan, Moment.LATER)
    for number in range(many):
        sends(start, said(5, made_of=code(day=number + 1)))
        sends(later, said(7, made_of=code(day=number + 1)))


class TestWaves:
    def test_questions_are_those_of_the_locked_plan_and_stay_when_it_is_opened_again(self, plan: ImpactPlan) -> None:
        wave = begin(plan)
        open_step(plan=plan, step=Step.MEASUREMENT, by=writer_of(plan))
        assert wave.questions == ["life_satisfaction", "djg6", "belonging", "open_question"]
        assert len(wave.token) >= 24
        with pytest.raises(ConflictError, match="Lock the measurement plan"):
            begin(plan, Moment.LATER)

    def test_a_plan_that_nobody_locked_asks_nothing(self) -> None:
        with pytest.raises(ConflictError, match="Lock the measurement plan"):
            begin(make_survey_plan(is_locked=False))

    def test_there_is_one_wave_at_a_time_at_each_point(self, plan: ImpactPlan, wave: Wave) -> None:
        with pytest.raises(ConflictError, match="People are still asked"):
            begin(plan, wave.moment)
        assert plan.waves.count() == 1

    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            ({"last": TODAY - timedelta(days=1)}, "period_reversed"),
            ({"last": TODAY + timedelta(days=367)}, "wave_long"),
            ({"first": date(9999, 12, 30), "last": date(9999, 12, 31)}, "wave_years"),
            ({"first": date(1, 1, 1), "last": date(1, 1, 2)}, "wave_years"),
            ({"asked": 0}, "wave_asked"),
            ({"asked": 10**9}, "wave_asked"),
            ({"moment": "never"}, "wave_moment"),
        ],
    )
    def test_terms_that_cannot_be_are_refused(self, plan: ImpactPlan, values: dict[str, Any], fault: str) -> None:
        with pytest.raises(InputError) as refused:
            begin_wave(
                plan=plan,
                by=writer_of(plan),
                **{"moment": "start", "first": TODAY, "last": TODAY, "asked": 5, **values},
            )
        assert refused.value.code == fault
        assert not plan.waves.exists()

    def test_days_and_number_change_and_nothing_else_does(self, wave: Wave) -> None:
        before = (wave.questions, wave.token, wave.moment)
        changed = change_wave(wave=wave, first=TODAY, last=TODAY + timedelta(days=2), asked=9, by=writer_of(wave.plan))
        assert (changed.questions, changed.token, changed.moment) == before
        assert (changed.last, changed.asked) == (TODAY + timedelta(days=2), 9)


class TestAnswering:
    def test_answers_are_kept_without_a_name_and_without_an_hour(self, wave: Wave) -> None:
        sheet = sends(wave, said(8, words=" It helps. ", made_of=code()))
        sheet.refresh_from_db()
        assert sheet.answers == {"life_satisfaction": {"satisfied": 8}}
        assert (sheet.words, sheet.words_cleared, sheet.channel, sheet.day) == ("It helps.", False, "link", TODAY)
        assert len(sheet.pseudonym) == 24
        for at in (sheet.created_at, sheet.changed_at):  # 0:00 on the clock of the plan, in the east or the west of it
            assert (at.minute, at.second, at.microsecond) == (0, 0, 0)
            assert at == sheet.created_at != noon()

    def test_without_a_code_an_answer_counts_and_is_paired_with_nobody(self, plan: ImpactPlan) -> None:
        start, later = begin(plan), begin(plan, Moment.LATER)
        for each in (start, later):
            for _ in range(6):
                assert sends(each, said(5)).pseudonym == ""
        assert measured(book_of(plan))["life_satisfaction"].effect.pairs == 0

    def test_sent_twice_it_is_kept_once(self, wave: Wave) -> None:
        key = uuid4()
        first = sends(wave, said(8, made_of=code()), sheet_id=key)
        assert sends(wave, said(8, made_of=code()), sheet_id=key) == first
        assert len(sheets()) == 1

    def test_another_person_on_the_same_device_is_not_lost_in_silence(self, wave: Wave) -> None:
        key = uuid4()
        sends(wave, said(8), sheet_id=key)
        with pytest.raises(AlreadySentError):
            sends(wave, said(3), sheet_id=key)
        assert [each.answers for each in sheets()] == [{"life_satisfaction": {"satisfied": 8}}]

    def test_the_id_of_a_sheet_of_another_wave_is_refused(self, plan: ImpactPlan, wave: Wave) -> None:
        sheet = sends(wave, said(8))
        with pytest.raises(AlreadySentError):
            sends(begin(plan, Moment.LATER), said(8), sheet_id=sheet.pk)

    def test_without_consent_nothing_is_kept(self, wave: Wave) -> None:
        with pytest.raises(InputError) as refused:
            sends(wave, said(8, has_consented=False))
        assert refused.value.code == "survey_consent"
        assert sheets() == []

    def test_the_database_itself_keeps_nothing_without_consent(self, wave: Wave) -> None:
        with pytest.raises(IntegrityError, match="nobody_is_counted_without_consent"), transaction.atomic():
            wave.sheets.create(language="en", channel="link", day=TODAY, has_consented=False)

    @pytest.mark.parametrize("days", [-1, 21])
    def test_before_and_after_its_days_a_wave_takes_nothing(self, wave: Wave, days: int) -> None:
        with pytest.raises(ConflictError, match="not open today"):
            sends(wave, said(8), day=TODAY + timedelta(days=days))
        assert sheets() == []

    @pytest.mark.parametrize("days", [0, 20])
    def test_on_its_first_and_its_last_day_it_does(self, wave: Wave, days: int) -> None:
        assert sends(wave, said(8), day=TODAY + timedelta(days=days)).day == TODAY + timedelta(days=days)

    def test_the_day_is_that_of_the_clock_of_the_plan(self) -> None:
        plan = make_survey_plan()
        ImpactPlan.objects.every(because=EVERY).filter(pk=plan.pk).update(
            time_zone="Pacific/Kiritimati"
        )  # 14 hours ahead
        wave = begin(plan, first=TODAY + timedelta(days=1))
        assert sends(wave, said(8)).day == TODAY + timedelta(days=1)

    def test_a_link_that_went_astray_fills_no_table(self, plan: ImpactPlan) -> None:
        wave = begin(plan, asked=2)
        for _ in range(4):
            sends(wave, said(8))
        with pytest.raises(ConflictError, match="all the answers"):
            sends(wave, said(8))
        assert len(sheets()) == 4

    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            ({"answers": {"life_satisfaction": {"satisfied": 11}}}, "answer_unusable"),
            ({"answers": {"life_satisfaction": {"satisfied": -1}}}, "answer_unusable"),
            ({"answers": {"life_satisfaction": {"satisfied": True}}}, "survey_answers"),
            ({"answers": {"life_satisfaction": {"satisfied": 7.5}}}, "survey_answers"),
            ({"answers": {"life_satisfaction": {"rely": 1}}}, "answer_unusable"),
            ({"answers": {"trust": {"trust": 5}}}, "survey_answers"),
            ({"answers": {"open_question": {"words": 1}}}, "survey_answers"),
            ({"answers": {"../../etc": {"x": 1}}}, "survey_answers"),
            ({"words": "x" * 601}, "survey_words"),
            ({"language": "fr"}, "survey_language"),
            ({"answers": {}}, "survey_empty"),
            ({"answers": {}, "words": "  "}, "survey_empty"),
            ({"code": Code("Ma", 32, "at")}, "survey_code"),
            ({"code": Code("Ma", None, "at")}, "survey_code"),
            ({"code": Code("12", 3, "at")}, "survey_code"),
            ({"code": Code(card="x")}, "survey_card"),
            ({"code": Code(card="x" * 4000)}, "survey_card"),
        ],
    )
    def test_what_cannot_be_is_refused(self, wave: Wave, values: dict[str, Any], fault: str) -> None:
        with pytest.raises(InputError) as refused:
            sends(wave, said(**values))
        assert refused.value.code == fault
        assert sheets() == []

    def test_words_have_no_place_where_nobody_asks_for_them(self) -> None:
        wave = begin(make_survey_plan(questions=("life_satisfaction",)))
        with pytest.raises(InputError) as refused:
            sends(wave, said(words="Hello"))
        assert refused.value.code == "survey_answers"

    def test_a_token_that_nobody_gave_out_opens_nothing(self, wave: Wave) -> None:
        wave.token = "x" * 24
        with pytest.raises(ConflictError, match="does not work"):
            sends(wave, said(8))

    def test_it_speaks_only_languages_that_every_question_has(self, wave: Wave) -> None:
        assert languages_of(wave) == ["nl", "en", "da"]
        known = dict(read_scales())
        known["belonging"] = replace(known["belonging"], wordings={"en": known["belonging"].wordings["en"]})
        with patch.object(measures, "read_scales", return_value=known):
            assert languages_of(wave) == ["en"]
            assert language_for(wave, "da") == "en"
            with pytest.raises(InputError) as refused:
                sends(wave, said(8, language="da"))
        assert refused.value.code == "survey_language"


class TestPairing:
    @pytest.mark.parametrize(
        "again",
        [
            code("ma", 7, "AT"),
            code("María", 7, "Zilverstraat"),
            code(" má ", 7, "straat 12"),
            code("MA", 7, "at."),
        ],
    )
    def test_the_same_person_is_known_again_however_they_write(self, plan: ImpactPlan, again: Code) -> None:
        assert pseudonym_of(plan, code("Maria", 7, "Zilverstraat")) == pseudonym_of(plan, again)

    def test_letters_of_other_languages_and_scripts_work(self, plan: ImpactPlan) -> None:
        assert pseudonym_of(plan, code("Ørsted", 1, "Ny Bygade")) == pseudonym_of(plan, code("or", 1, "DE"))
        arabic, chinese = (pseudonym_of(plan, code(each, 1, each)) for each in ("فاطمة", "美玲"))
        assert len({arabic, chinese, ""}) == 3

    def test_two_waves_in_two_languages_are_joined(self, plan: ImpactPlan) -> None:
        start, later = begin(plan), begin(plan, Moment.LATER)
        for number in range(5):
            sends(start, said(5, made_of=code("Anaïs", number + 1, "Kade"), language="nl"))
            sends(later, said(6, made_of=code("ANA", number + 1, "de"), language="da"))
        assert measured(book_of(plan))["life_satisfaction"].effect.pairs == 5

    def test_two_people_with_one_code_are_joined_with_nobody(self, plan: ImpactPlan) -> None:
        pairs(plan, 6)
        sends(plan.waves.get(moment="later"), said(0, made_of=code(day=1)))
        found = measured(book_of(plan))["life_satisfaction"].effect
        assert found.pairs == 5
        assert found.change is not None
        assert found.change.mean == 2

    def test_a_card_stands_for_the_three_questions_and_is_none_of_them(self, plan: ImpactPlan) -> None:
        assert pseudonym_of(plan, Code(card="AB-12 cd")) == pseudonym_of(plan, Code(card="ab12CD"))
        assert pseudonym_of(plan, Code("Ma", 7, "at", "ab12")) == pseudonym_of(plan, Code(card="ab12"))
        assert pseudonym_of(plan, code("ma", 7, "at")) != pseudonym_of(plan, Code(card="ma7at"))

    def test_another_plan_makes_another_pseudonym_of_the_same_code(self, plan: ImpactPlan) -> None:
        assert pseudonym_of(plan, code()) != pseudonym_of(make_survey_plan(), code())

    def test_once_the_key_is_destroyed_nobody_is_joined_any_more(self, plan: ImpactPlan) -> None:
        pairs(plan, 5)
        close_pairing(plan=plan, by=writer_of(plan))
        plan.refresh_from_db()
        assert plan.pairing_key is None
        assert measured(book_of(plan))["life_satisfaction"].effect.pairs == 5
        assert sends(begin(plan, Moment.YEAR), said(8, made_of=code())).pseudonym == ""
        with pytest.raises(ConflictError, match="destroyed already"):
            close_pairing(plan=plan, by=writer_of(plan))

    @pytest.mark.parametrize(("many", "gate"), [(4, Gate.NOTHING), (5, Gate.MEAN)])
    def test_four_show_nothing_and_five_show_a_mean(self, plan: ImpactPlan, many: int, gate: Gate) -> None:
        pairs(plan, many)
        told = effect_facts(measured(book_of(plan))["life_satisfaction"])
        assert told["gate"] == gate
        words = say_effect("life_satisfaction", told)
        assert ("nothing is shown" in words) == (many < 5)
        assert ("on average 2, from 5 to 7" in words) == (many == 5)


class TestOnPaper:
    def enter(self, wave: Wave, **values: Any) -> AnswerSheet:
        given: dict[str, Any] = {"sheet_id": uuid4(), "said": said(6), "day": None, "now": noon(), **values}
        return enter_sheet(wave=wave, by=writer_of(wave.plan), **given)

    def test_a_sheet_is_typed_in_after_the_wave_is_over(self, wave: Wave) -> None:
        after = self.enter(wave, now=noon(wave.last + timedelta(days=9)))
        assert (after.channel, after.day) == ("paper", wave.last)

    def test_it_joins_what_the_same_person_answered_by_the_link(self, plan: ImpactPlan, wave: Wave) -> None:
        by_link = sends(begin(plan, Moment.LATER), said(8, made_of=code()))
        assert self.enter(wave, said=said(6, made_of=code())).pseudonym == by_link.pseudonym != ""

    @pytest.mark.parametrize("days", [-1, 1])
    def test_a_day_before_the_wave_or_still_to_come_is_refused(self, wave: Wave, days: int) -> None:
        with pytest.raises(InputError) as refused:
            self.enter(wave, day=TODAY + timedelta(days=days))
        assert refused.value.code == "wave_day"

    def test_before_the_first_day_there_is_nothing_to_type_in(self, plan: ImpactPlan) -> None:
        with pytest.raises(ConflictError, match="has not begun"):
            self.enter(begin(plan, first=TODAY + timedelta(days=1)))

    def test_kept_twice_it_stands_once_in_the_journal_too(self, wave: Wave) -> None:
        key = uuid4()
        self.enter(wave, sheet_id=key)
        self.enter(wave, sheet_id=key)
        assert len(sheets()) == 1
        assert JournalEntry.objects.filter(verb="wave.sheet_typed_in").count() == 1


class TestWords:
    def test_words_are_cleared_by_a_person_or_erased(self, wave: Wave) -> None:
        sheet, by = sends(wave, said(8, words="It helps.")), writer_of(wave.plan)
        clear_words(sheet=sheet, by=by)
        sheet.refresh_from_db()
        assert sheet.words_cleared
        drop_words(sheet=sheet, by=by)
        sheet.refresh_from_db()
        assert (sheet.words, sheet.words_cleared) == ("", False)
        assert sheet.answers
        for again in (clear_words, drop_words):
            with pytest.raises(ConflictError, match="not there any more"):
                again(sheet=sheet, by=by)


class TestTakingBack:
    def test_what_is_taken_back_is_gone(self, wave: Wave) -> None:
        sheet = sends(wave, said(8, made_of=code(), words="Gone soon"))
        found, is_ours = sheet_to_take_back(back_word(sheet, TODAY), TODAY + BACK_FOR)
        assert is_ours
        assert found is not None
        take_back(sheet=found)
        assert sheets() == []
        with pytest.raises(ConflictError, match="erased already"):
            take_back(sheet=sheet)
        assert sheet_to_take_back(back_word(sheet, TODAY), TODAY) == (None, True)

    def test_after_thirty_days_the_link_works_no_more(self, wave: Wave) -> None:
        word = back_word(sends(wave, said(8)), TODAY)
        assert sheet_to_take_back(word, TODAY + BACK_FOR + timedelta(days=1)) == (None, False)

    @pytest.mark.parametrize("spoil", [str.swapcase, lambda word: word[:-1], lambda _: "x", lambda word: word * 400])
    def test_a_link_that_somebody_made_up_takes_nothing_back(self, wave: Wave, spoil: Callable[[str], str]) -> None:
        word = back_word(sends(wave, said(8)), TODAY)
        assert sheet_to_take_back(spoil(word), TODAY) == (None, False)

    def test_the_word_of_a_form_takes_nothing_back_and_serves_its_own_wave_only(
        self, plan: ImpactPlan, wave: Wave
    ) -> None:
        word, other = new_sheet(wave), begin(plan, Moment.LATER)
        assert sheet_id_of(word, wave) is not None
        assert sheet_id_of(word, other) is None
        assert sheet_to_take_back(word, TODAY) == (None, False)
        assert sheet_id_of(back_word(sends(wave, said(8)), TODAY), wave) is None


class TestNothingIsTold:
    def test_the_journal_and_the_logs_know_no_part_of_a_code(
        self, wave: Wave, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        parts = Code("Quirinewilhelmina", 29, "Xylofoonplantsoen", "")
        sheet = sends(wave, said(8, made_of=parts, words="Zebrapad"))
        enter_sheet(
            wave=wave,
            sheet_id=uuid4(),
            said=said(8, made_of=Code(card="KAART9X9")),
            day=None,
            by=make_person(),
            now=noon(),
        )
        take_back(sheet=sheet)
        entries = json.dumps(list(JournalEntry.objects.values("verb", "thing_kind", "details")))
        rows = json.dumps(list(AnswerSheet.objects.every(because=EVERY).values("answers", "pseudonym", "words")))
        for text in (entries, rows, caplog.text, repr(said(made_of=parts, words="Zebrapad")), repr(parts)):
            for part in ("quirine", "xylofoon", "kaart9x9", "three qu", "zebrapad"):
                assert part not in text.lower()
        assert "wave.sheet_taken_back" in entries

    def test_no_entry_of_the_journal_says_at_which_hour_somebody_answered(self, wave: Wave) -> None:
        before = JournalEntry.objects.count()
        sheet = sends(wave, said(8))
        assert JournalEntry.objects.count() == before
        take_back(sheet=sheet)
        assert not JournalEntry.objects.filter(thing=sheet.pk).exists()

    def test_the_log_of_the_server_does_not_have_the_secret_of_a_link(self, wave: Wave) -> None:
        for path in (f"/s/{wave.token}/", f"/s/{back_word(sends(wave, said(8)), TODAY)}/back/"):
            assert without_personal_data(f'"GET {path} HTTP/1.1" 200').count("[secret]") == 1
            assert wave.token not in without_personal_data(path)
