"""Answers at the same moment: the same form twice is one sheet, and a wave takes no more than it takes. With a control."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection
from tests.rooms.matching.test_two_at_once import together
from tests.rooms.outcomes.survey_makers import begin, code, make_survey_plan, said, sends, writer_of

from meervoud.core.errors import ConflictError
from meervoud.outcomes.impact import surveying
from meervoud.outcomes.impact.surveying import AlreadySentError, begin_wave, change_wave
from meervoud.outcomes.models import AnswerSheet, Moment, Wave

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
EVERY = "a test looks at everything"
AT_ONCE = 4
LONG_ENOUGH = 2.0


def kinds(outcomes: list[object]) -> list[str]:
    return sorted(type(each).__name__ for each in outcomes)


def sheets() -> int:
    return AnswerSheet.objects.every(because=EVERY).count()


def test_the_same_form_sent_by_several_presses_at_once_is_one_sheet() -> None:
    wave, key = begin(make_survey_plan()), uuid4()
    outcomes = together([partial(sends, wave, said(8, made_of=code()), sheet_id=key)] * AT_ONCE)
    assert kinds(outcomes) == [AnswerSheet.__name__] * AT_ONCE, outcomes
    assert sheets() == 1


def test_of_two_people_with_one_form_at_once_one_is_told() -> None:
    wave, key = begin(make_survey_plan()), uuid4()
    outcomes = together([partial(sends, wave, said(each), sheet_id=key) for each in (8, 3)])
    assert kinds(outcomes) == [AlreadySentError.__name__, AnswerSheet.__name__], outcomes
    assert sheets() == 1


def answer_the_last_place_at_once(locked: Callable[[Wave], Wave]) -> list[object]:
    """Let two people answer at the same moment where one more fits, each waiting for the other to have looked."""
    wave, both = begin(make_survey_plan(), asked=1), Barrier(2)
    sends(wave, said(8))
    checked = surveying._checked  # the last thing before the wave is counted

    def look(*given: Any) -> Any:
        found = checked(*given)
        try:
            both.wait(LONG_ENOUGH)
        except BrokenBarrierError:
            return found  # the other one does not come: it waits in line
        return found

    with patch.object(surveying, "_checked", look), patch.object(surveying, "_locked", locked):
        return together([partial(sends, wave, said(each)) for each in (5, 6)])


def test_the_last_place_of_a_wave_is_taken_once() -> None:
    outcomes = answer_the_last_place_at_once(surveying._locked)  # what is looked at
    assert kinds(outcomes) == [AnswerSheet.__name__, ConflictError.__name__], outcomes
    assert sheets() == 2


def unlocked(wave: Wave) -> Wave:
    return Wave.objects.every(because=EVERY).select_related("plan", "version").get(pk=wave.pk)


def test_without_the_lock_both_are_kept_where_the_database_makes_no_line() -> None:
    outcomes = answer_the_last_place_at_once(unlocked)
    # on SQLite a transaction begins as a writer (IMMEDIATE), and there is one: the line is the database's own
    is_postgres = connection.vendor == "postgresql"
    assert kinds(outcomes) == [AnswerSheet.__name__, (AnswerSheet if is_postgres else ConflictError).__name__], outcomes
    assert sheets() == (3 if is_postgres else 2)


def test_of_two_waves_begun_at_one_point_at_once_there_is_one() -> None:
    plan = make_survey_plan()
    wave = begin(plan)
    terms = {"first": wave.first, "last": wave.last, "asked": 9}
    deed = partial(begin_wave, plan=plan, moment=Moment.LATER, by=writer_of(plan), **terms)  # type: ignore[arg-type]  # of mixed kinds
    outcomes = together([deed, deed])
    assert kinds(outcomes) == [ConflictError.__name__, Wave.__name__], outcomes
    assert plan.waves.count() == 2


def test_a_round_that_is_prolonged_and_the_next_one_begun_at_once_do_not_overlap() -> None:
    plan = make_survey_plan()
    wave = begin(plan)
    by, late = writer_of(plan), wave.last + timedelta(days=10)
    deeds: list[Callable[[], object]] = [
        partial(change_wave, wave=wave, first=wave.first, last=late, asked=9, by=by),
        partial(
            begin_wave, plan=plan, moment=wave.moment, first=wave.last + timedelta(days=5), last=late, asked=9, by=by
        ),
    ]
    outcomes = together(deeds)
    assert kinds(outcomes) == [ConflictError.__name__, Wave.__name__], outcomes
