"""The demo city in the database: complete, made up, in the coming weeks, and loaded once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from meervoud.agreements.models import Agreement
from meervoud.matching.city_index import forget_indexes
from meervoud.parties.models import Programme
from meervoud.site.imports.demo import load_demo
from meervoud.site.imports.runs import is_last
from meervoud.site.models.imports import ImportRun
from meervoud.supply.models import Offer
from meervoud.usage.trial import trial_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
EVERY = {"because": "a test looks at everything"}


def load(spaces: int | None = None) -> None:
    load_demo(now=NOW, today=TODAY, spaces=spaces)


def test_its_sheets_stand_among_the_imports_and_can_be_taken_back_from_the_last_one() -> None:
    load(12)
    runs = {run.kind: run for run in ImportRun.objects.every(**EVERY)}
    assert {kind: is_last(run) for kind, run in runs.items()} == {"areas": False, "spaces": False, "requests": True}


def test_loading_it_again_changes_nothing(capsys: Any) -> None:
    call_command("load_demo", spaces=12)
    assert "12 spaces online" in capsys.readouterr().out
    call_command("load_demo")
    assert "loaded already" in capsys.readouterr().out
    spaces = Offer.objects.every(**EVERY)
    assert spaces.filter(programme__slug="zilverhaven").count() == 12
    assert spaces.filter(programme__slug="proefjaar").count() == 14
    assert spaces.count() == 26


@pytest.mark.slow
def test_a_thousand_spaces_are_a_matter_of_seconds() -> None:
    begun = datetime.now(UTC)  # noqa: TID251
    load(1000)
    assert (datetime.now(UTC) - begun).total_seconds() < 30  # noqa: TID251
    assert Offer.objects.online(Programme.objects.get()).count() == 1000


@pytest.mark.parametrize("spaces", [1, 12])
def test_a_small_city_leaves_out_what_has_no_room(spaces: int) -> None:
    load(spaces)
    assert Agreement.objects.every(**EVERY).filter(request__asked_by__email="initiative@zilverhaven.invalid").exists()


@pytest.mark.slow
@pytest.mark.parametrize("weekday", range(6))
def test_whatever_the_day_a_trial_waits_for_its_answer(weekday: int) -> None:
    forget_indexes()
    now = datetime(2027, 3, 29, 20, 15, tzinfo=UTC) + timedelta(days=weekday)  # the week after the clock changed
    load_demo(now=now, today=date(now.year, now.month, now.day), spaces=None)
    agreements = Agreement.objects.every(**EVERY)
    assert agreements.count() == 7
    trials = [evening for each in agreements if (evening := trial_of(each))]
    assert [timedelta() < now - each.ends_at < timedelta(days=10) for each in trials] == [True]
