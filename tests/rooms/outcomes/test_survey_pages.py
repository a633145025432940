"""The pages of surveys: for who answers, without an account; for who writes in the plan; and for nobody else."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.rooms.makers import TODAY, make_matchmaker, make_organisation, make_person, make_programme
from tests.rooms.outcomes.impact_makers import lock, make_impact_plan
from tests.rooms.outcomes.survey_makers import (
    AHEAD,
    CONSENT,
    begin,
    code,
    make_survey_plan,
    noon,
    said,
    sends,
    writer_of,
)

from meervoud.lib.models import JournalEntry, RateBucket
from meervoud.lib.shelves import SHELVES
from meervoud.outcomes.impact.screens.measurement import CONSENT as OUR_CONSENT
from meervoud.outcomes.impact.survey_links import BACK_FOR, back_word
from meervoud.outcomes.impact.survey_paper import survey_paper
from meervoud.outcomes.impact.surveying import close_pairing
from meervoud.outcomes.impact.writing import About, begin_plan, keep_step, lock_step
from meervoud.outcomes.models import AnswerSheet, ImpactPlan, Moment, Step, Wave
from meervoud.outcomes.views.impact import survey as survey_view
from meervoud.parties.models import Programme, Viewer
from meervoud.usage.models import UsageMoment

pytestmark = pytest.mark.django_db
EVERY = "a test looks at everything"
ENGLISH = {"headers": {"accept-language": "en"}}


@pytest.fixture
def plan() -> ImpactPlan:
    return make_survey_plan()


@pytest.fixture
def wave(plan: ImpactPlan) -> Wave:
    return begin(plan)


@pytest.fixture
def writer(plan: ImpactPlan) -> Client:
    client = Client(**ENGLISH)  # type: ignore[arg-type]  # headers of every request
    client.force_login(writer_of(plan))
    return client


@pytest.fixture
def visitor() -> Client:
    return Client(**ENGLISH)  # type: ignore[arg-type]  # likewise


def sheets() -> list[AnswerSheet]:
    return list(AnswerSheet.objects.every(because=EVERY))


def path(wave: Wave) -> str:
    return reverse("survey", args=[wave.token])


def word_on(page: Any) -> str:
    found = re.search(r'name="sheet" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def filled_in(page: Any, **changed: str) -> dict[str, str]:
    usual = {"sheet": word_on(page), "consent": "on", "q_life_satisfaction_satisfied": "8", "q_djg6_rely": "1"}
    return {key: each for key, each in {**usual, **changed}.items() if each != "-"}


class TestAnswering:
    def test_somebody_answers_without_an_account_and_takes_it_back(self, wave: Wave, visitor: Client) -> None:
        page = visitor.get(path(wave))
        text = page.content.decode()
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert page.headers["Cache-Control"] == "no-store, private"
        assert CONSENT in text
        assert text.index(CONSENT) < text.index('name="consent"') < text.index("q_life_satisfaction_satisfied")
        assert "not at all satisfied" in text
        assert "Loneliness" not in text  # the name of a scale would lead the answers
        code_of = {"mother": "Ma", "birth_day": "7", "street": "at"}
        answer = visitor.post(path(wave), filled_in(page, q_open_question_words="Good", **code_of))
        (sheet,) = sheets()
        assert sheet.answers == {"life_satisfaction": {"satisfied": 8}, "djg6": {"rely": 1}}
        assert (sheet.words, sheet.channel, sheet.language, len(sheet.pseudonym)) == ("Good", "link", "en", 24)
        thanks = visitor.get(answer.headers["Location"])
        back = reverse("survey_take_back", args=[back_word(sheet, TODAY)])
        assert back in thanks.content.decode()
        assert visitor.get(back).status_code == 200
        assert len(sheets()) == 1  # looking erases nothing
        assert "erased" in visitor.post(back).content.decode()
        assert sheets() == []
        assert "erased" in visitor.get(answer.headers["Location"]).content.decode()
        assert visitor.post(back).status_code == 200  # twice does no harm

    def test_sent_twice_from_one_page_it_is_kept_once(self, wave: Wave, visitor: Client) -> None:
        sent = filled_in(visitor.get(path(wave)))
        first, second = visitor.post(path(wave), sent), visitor.post(path(wave), sent)
        assert first.headers["Location"] == second.headers["Location"]
        assert len(sheets()) == 1

    def test_other_answers_from_the_same_page_are_asked_about(self, wave: Wave, visitor: Client) -> None:
        page = visitor.get(path(wave))
        visitor.post(path(wave), filled_in(page))
        again = visitor.post(path(wave), filled_in(page, q_life_satisfaction_satisfied="2"))
        assert again.status_code == 409
        assert "Are you another person?" in again.content.decode()
        assert len(sheets()) == 1
        assert word_on(again) != word_on(page)
        assert visitor.post(path(wave), filled_in(again, q_life_satisfaction_satisfied="2")).status_code == 302
        assert len(sheets()) == 2

    @pytest.mark.parametrize(
        "changed",
        [
            {"consent": "-"},
            {"q_life_satisfaction_satisfied": "11"},
            {"q_life_satisfaction_satisfied": "-1"},
            {"q_life_satisfaction_satisfied": "seven"},
            {"q_djg6_rely": "4"},
            {"q_open_question_words": "x" * 601},
            {"q_open_question_words": "a\x00b"},
            {"mother": "Ma"},
            {"mother": "Ma", "birth_day": "32", "street": "at"},
            {"mother": "12", "birth_day": "3", "street": "at"},
            {"mother": "M" * 100_000, "birth_day": "3", "street": "at"},
            {"card": "?"},
            {"q_life_satisfaction_satisfied": "", "q_djg6_rely": ""},
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_kept(
        self, wave: Wave, visitor: Client, changed: dict[str, str]
    ) -> None:
        answer = visitor.post(path(wave), filled_in(visitor.get(path(wave)), **changed))
        assert answer.status_code == 422
        assert "Something is not right yet" in answer.content.decode()
        assert sheets() == []

    @pytest.mark.parametrize("word", ["", "x", "é" * 400, "e04d2582-5bab-47bd-902b-9ecfaa94c784"])
    def test_a_page_that_we_did_not_give_out_keeps_nothing(self, wave: Wave, visitor: Client, word: str) -> None:
        answer = visitor.post(path(wave), filled_in(visitor.get(path(wave)), sheet=word))
        assert answer.status_code == (422 if len(word) in (0, 400) else 409)
        assert sheets() == []

    def test_a_page_of_another_plan_keeps_nothing(self, wave: Wave, visitor: Client) -> None:
        other = begin(make_survey_plan())
        assert visitor.post(path(wave), filled_in(visitor.get(path(other)))).status_code == 409
        assert sheets() == []

    def test_questions_that_are_not_asked_are_not_kept(self, wave: Wave, visitor: Client) -> None:
        sent = filled_in(visitor.get(path(wave)), q_trust_trust="9", q_life_satisfaction_rely="1", pseudonym="x" * 24)
        assert visitor.post(path(wave), sent).status_code == 302
        (sheet,) = sheets()
        assert sheet.answers == {"life_satisfaction": {"satisfied": 8}, "djg6": {"rely": 1}}
        assert sheet.pseudonym == ""

    @pytest.mark.parametrize(("first", "status"), [(1, 200), (-30, 410)])
    def test_before_and_after_its_days_a_page_says_so(
        self, plan: ImpactPlan, visitor: Client, first: int, status: int
    ) -> None:
        begins = TODAY + timedelta(days=first)
        shut = begin(plan, first=begins, last=begins + timedelta(days=5))
        page = visitor.get(path(shut))
        assert page.status_code == status
        assert ("not open yet" if first > 0 else "is over") in page.content.decode()
        assert "q_life" not in page.content.decode()
        sent = filled_in(visitor.get(path(begin(plan, Moment.LATER))))
        assert visitor.post(path(shut), sent).status_code == 409
        assert sheets() == []

    @pytest.mark.parametrize("token", ["x", "a" * 24, "%00", "é", "a" * 3000])
    def test_a_link_that_nobody_gave_out_is_not_there(self, wave: Wave, visitor: Client, token: str) -> None:
        assert wave.token != token
        assert visitor.get(f"/s/{token}/").status_code == 404

    def test_it_speaks_the_language_of_who_answers(self, wave: Wave, visitor: Client) -> None:
        page = visitor.get(path(wave), headers={"accept-language": "da"})
        assert "hvor tilfreds er du med dit liv" in page.content.decode()
        assert page.headers["Content-Language"] == "da"
        visitor.post(path(wave), filled_in(page), headers={"accept-language": "da"})
        assert [each.language for each in sheets()] == ["da"]

    def test_consent_of_ours_is_translated_and_that_of_others_says_its_language(self, visitor: Client) -> None:
        with translation.override("en"):
            ours = begin(make_survey_plan(consent=str(OUR_CONSENT)))
        with translation.override("nl"):
            dutch = str(OUR_CONSENT)
        assert dutch in visitor.get(path(ours), headers={"accept-language": "nl"}).content.decode()
        theirs = visitor.get(path(begin(make_survey_plan())), headers={"accept-language": "nl"})
        assert f'<p lang="en">{CONSENT}</p>' in theirs.content.decode()

    def test_once_the_key_is_destroyed_no_code_is_asked(self, wave: Wave, visitor: Client) -> None:
        close_pairing(plan=wave.plan, by=writer_of(wave.plan))
        page = visitor.get(path(wave))
        assert 'name="mother"' not in page.content.decode()
        assert visitor.post(path(wave), filled_in(page, mother="Ma")).status_code == 302

    def test_who_answers_too_often_waits_and_the_address_is_not_kept(self, wave: Wave, visitor: Client) -> None:
        with patch.object(survey_view, "MOST_AN_HOUR", 2):
            statuses = [
                visitor.post(path(wave), filled_in(visitor.get(path(wave))), REMOTE_ADDR="203.0.113.77").status_code
                for _ in range(3)
            ]
        assert statuses == [302, 302, 429]
        (key,) = RateBucket.objects.filter(key__startswith="survey").values_list("key", flat=True)
        assert re.fullmatch(r"survey \d+", key)
        assert int(key.split()[1]) < SHELVES
        assert len(sheets()) == 2

    def test_who_is_signed_in_answers_without_a_name_too(self, wave: Wave, writer: Client) -> None:
        before = JournalEntry.objects.count()
        writer.post(path(wave), filled_in(writer.get(path(wave))))
        assert len(sheets()) == 1
        assert JournalEntry.objects.count() == before

    def test_a_link_to_take_back_that_ran_out_says_so(self, wave: Wave, visitor: Client) -> None:
        sheet = sends(wave, said(8))
        old = back_word(sheet, TODAY - BACK_FOR - timedelta(days=2))
        for name in ("survey_take_back", "survey_done"):
            assert visitor.get(reverse(name, args=[old])).status_code == 410
        assert visitor.post(reverse("survey_take_back", args=[old])).status_code == 410
        assert len(sheets()) == 1


class TestWriters:
    def url(self, name: str, wave: Wave, *more: Any) -> str:
        return reverse(name, args=[wave.plan_id, wave.pk, *more])

    def test_a_wave_is_begun_on_the_page(self, plan: ImpactPlan, writer: Client) -> None:
        page = reverse("impact_collect", args=[plan.pk])
        assert "Begin this wave" in writer.get(page).content.decode()
        sent = {"moment": "start", "first": TODAY.isoformat(), "last": (TODAY + AHEAD).isoformat(), "asked": "30"}
        assert writer.post(page, {**sent, "last": "2001-01-01"}).status_code == 422
        answer = writer.post(page, sent)
        wave = plan.waves.get()
        assert answer.headers["Location"] == self.url("impact_wave", wave)
        assert writer.post(page, sent).status_code == 422  # this point has its wave
        shown = writer.get(self.url("impact_wave", wave)).content.decode()
        assert f"http://testserver{path(wave)}" in shown
        assert '<svg class="door-code"' in shown

    def test_without_a_locked_plan_the_page_says_what_to_do(self) -> None:
        plan = make_survey_plan(is_locked=False)
        client = Client(**ENGLISH)  # type: ignore[arg-type]  # headers of every request
        client.force_login(writer_of(plan))
        page = client.get(reverse("impact_collect", args=[plan.pk])).content.decode()
        assert "Lock the measurement plan first" in page
        assert "Begin this wave" not in page

    @pytest.mark.parametrize("many", [4, 5])
    def test_few_answers_are_no_number(self, wave: Wave, writer: Client, many: int) -> None:
        for _ in range(many):
            sends(wave, said(8, words="Wonderful words"))
        pages = (reverse("impact_collect", args=[wave.plan_id]), self.url("impact_wave", wave))
        for text in (writer.get(each).content.decode() for each in pages):
            assert ("Fewer than five of 40" in text) == (many < 5)
            assert ("5 of 40 people have answered." in text) == (many == 5)
            assert ("<progress" in text) == (many == 5)
        assert "Wonderful words" not in writer.get(pages[1]).content.decode()
        over = TODAY - timedelta(days=1)
        Wave.objects.every(because="a test").filter(pk=wave.pk).update(first=over, last=over)
        assert ("Wonderful words" in writer.get(pages[1]).content.decode()) == (many == 5)

    def test_waves_stand_in_order_of_time(self, plan: ImpactPlan, writer: Client) -> None:
        days = dict(zip(Moment, (4, 1, 3, 0, 2, 5), strict=True))
        last = TODAY + timedelta(days=7)
        waves = {day: begin(plan, moment, first=TODAY + timedelta(days=day), last=last) for moment, day in days.items()}
        text = writer.get(reverse("impact_collect", args=[plan.pk])).content.decode()
        places = [text.index(f'id="wave-{waves[day].pk}"') for day in range(6)]
        assert places == sorted(places)

    def test_what_the_answers_add_up_to_needs_five_pairs(self, plan: ImpactPlan, writer: Client) -> None:
        start, later = begin(plan), begin(plan, Moment.LATER)
        page = reverse("impact_collect", args=[plan.pk])
        for number in range(5):
            sends(start, said(5, made_of=code(day=number + 1)))
            sends(later, said(7, made_of=code(day=number + 1)))
            text = writer.get(page).content.decode()
            assert ("on average 2, from 5 to 7" in text) == (number == 4)

    def test_the_page_asks_no_more_of_the_database_with_more_answers(
        self, plan: ImpactPlan, writer: Client, django_assert_max_num_queries: Any
    ) -> None:
        start, later = begin(plan), begin(plan, Moment.LATER)
        for number in range(12):
            sends(start, said(5, made_of=code(day=number + 1), words="Words"))
            sends(later, said(7, made_of=code(day=number + 1)))
        with django_assert_max_num_queries(36):
            writer.get(reverse("impact_collect", args=[plan.pk]))
        with django_assert_max_num_queries(16):
            writer.get(self.url("impact_wave", start))

    def test_words_are_read_cleared_and_erased_one_by_one(self, wave: Wave, writer: Client) -> None:
        rows = [sends(wave, said(8, words=f"Words {number}")) for number in range(5)]
        writer.post(self.url("impact_words", wave, rows[0].pk))
        writer.post(self.url("impact_words", wave, rows[1].pk), {"drop": "1"})
        for each in rows:
            each.refresh_from_db()
        assert [each.words_cleared for each in rows] == [True, False, False, False, False]
        assert rows[1].words == ""
        other = begin(wave.plan, Moment.LATER)
        assert writer.post(self.url("impact_words", other, rows[0].pk)).status_code == 404
        take = AnswerSheet.objects.every(because=EVERY).filter(pk=rows[4].pk)
        take.delete()
        assert writer.post(self.url("impact_words", wave, rows[2].pk)).status_code == 404  # four are left

    def test_days_and_number_change_on_the_page_of_the_wave(self, wave: Wave, writer: Client) -> None:
        sent = {"first": TODAY.isoformat(), "last": TODAY.isoformat(), "asked": "7"}
        assert writer.post(self.url("impact_wave", wave), sent).status_code == 302
        wave.refresh_from_db()
        assert (wave.last, wave.asked) == (TODAY, 7)
        assert writer.post(self.url("impact_wave", wave), {**sent, "asked": "0"}).status_code == 422

    def test_sheets_of_paper_are_typed_in_one_after_the_other(self, wave: Wave, writer: Client) -> None:
        page = writer.get(self.url("impact_sheet", wave))
        assert "0 sheets typed in today." in page.content.decode()
        sent = filled_in(page, day=TODAY.isoformat(), language="da")
        answer = writer.post(self.url("impact_sheet", wave), sent)
        (sheet,) = sheets()
        assert (sheet.channel, sheet.language, sheet.day) == ("paper", "da", TODAY)
        assert writer.post(self.url("impact_sheet", wave), sent).status_code == 302
        after = writer.get(answer.headers["Location"])
        text = after.content.decode()
        assert "1 sheet typed in today." in text
        assert '<option value="da" selected>' in text
        assert word_on(after) != word_on(page)
        assert reverse("survey_take_back", args=[back_word(sheet, TODAY)]) in text
        refused = writer.post(self.url("impact_sheet", wave), {**filled_in(after, consent="-"), "day": "x"})
        assert refused.status_code == 422
        assert len(sheets()) == 1

    def test_a_sheet_on_paper_has_every_question_and_the_consent(self, wave: Wave, writer: Client) -> None:
        for language in ("nl", "en", "da"):
            answer = writer.get(self.url("impact_wave_paper", wave), {"language": language})
            assert answer.content.startswith(b"%PDF")
            assert answer.headers["Content-Disposition"].endswith(f'survey-start-{language}.pdf"')
            assert b"/Type/Pages/Count 1/" in answer.content
            with translation.override(language):
                told = survey_paper(wave)
            asked = [each["text"] for group in told["groups"] for each in group["asked"]]
            assert (told["consent"], told["lang"], len(asked), len(told["codes"])) == (CONSENT, language, 9, 4)
        strange = writer.get(self.url("impact_wave_paper", wave), {"language": "../x"})
        assert strange.headers["Content-Disposition"].endswith('survey-start-en.pdf"')

    def test_the_key_is_destroyed_only_when_that_is_meant(self, plan: ImpactPlan, writer: Client) -> None:
        page = reverse("impact_close_pairing", args=[plan.pk])
        assert writer.post(page).status_code == 422
        assert ImpactPlan.objects.every(because=EVERY).filter(pairing_key__isnull=False).exists()
        assert writer.post(page, {"sure": "1"}).status_code == 302
        assert not ImpactPlan.objects.every(because=EVERY).filter(pairing_key__isnull=False).exists()
        assert "destroyed already" in writer.get(page).content.decode()

    def test_nobody_else_sees_a_wave_of_an_organisation(self, wave: Wave) -> None:
        programme = Programme.objects.latest("created_at")
        host = make_person("Hanna Host")
        make_organisation(programme, member=host)
        row = sends(wave, said(8))
        urls = [
            reverse("impact_collect", args=[wave.plan_id]),
            reverse("impact_close_pairing", args=[wave.plan_id]),
            *(self.url(name, wave) for name in ("impact_wave", "impact_wave_paper", "impact_sheet")),
            self.url("impact_words", wave, row.pk),
        ]
        for person in (host, make_matchmaker(programme), make_person()):
            client = Client()
            client.force_login(person)
            for url in urls[:-1]:
                assert client.get(url).status_code == 404
            assert client.post(urls[-1]).status_code == 404
            assert not Wave.objects.visible_to(person).exists()
            assert not AnswerSheet.objects.visible_to(person).exists()
        nobody: Viewer = AnonymousUser()
        assert not Wave.objects.visible_to(nobody).exists()

    def test_who_works_for_a_programme_collects_for_its_own_plan(self) -> None:
        programme = make_programme()
        desk = make_matchmaker(programme)
        plan = begin_plan(title="City", about=About(programme, programme=programme), language="en", by=desk)
        content = {"questions": ["life_satisfaction"], "moments": ["start"], "expected": 9, "consent": CONSENT}
        keep_step(plan=plan, step=Step.MEASUREMENT, content=content, edits=0, by=desk)
        lock_step(plan=plan, step=Step.MEASUREMENT, by=desk, now=noon())
        wave = begin(plan)
        client = Client()
        client.force_login(desk)
        for url in (reverse("impact_collect", args=[plan.pk]), self.url("impact_wave", wave), path(wave)):
            assert client.get(url).status_code == 200

    def test_a_wave_begins_on_the_local_day_of_a_moment_of_use(self) -> None:
        plan = make_impact_plan(steps=(Step.MEASUREMENT,))
        lock(plan, Step.MEASUREMENT)
        rows = UsageMoment.objects.every(because=EVERY).filter(agreement__request=plan.request, state="planned")
        moment = rows.latest("starts_at")
        late = datetime.combine(TODAY + timedelta(days=3), time(23, 30), UTC)  # in Amsterdam the next day has begun
        rows.filter(pk=moment.pk).update(starts_at=late, ends_at=late + timedelta(hours=1))
        client = Client(**ENGLISH)  # type: ignore[arg-type]  # headers of every request
        client.force_login(plan.by)  # type: ignore[arg-type]  # the maker sets it
        page = reverse("impact_collect", args=[plan.pk])
        assert f'value="{moment.pk}"' in client.get(page).content.decode()
        last = (TODAY + timedelta(days=5)).isoformat()
        sent = {"moment": "start", "use": str(moment.pk), "first": "", "last": last, "asked": "9"}
        assert client.post(page, {**sent, "use": str(uuid4())}).status_code == 422
        assert client.post(page, {**sent, "use": ""}).status_code == 422
        assert client.post(page, sent).status_code == 302
        assert plan.waves.get().first == TODAY + timedelta(days=4)

    def test_the_wave_of_another_plan_is_not_there(self, wave: Wave, writer: Client) -> None:
        other = begin(make_survey_plan())
        for name in ("impact_wave", "impact_wave_paper", "impact_sheet"):
            assert writer.get(reverse(name, args=[wave.plan_id, other.pk])).status_code == 404
