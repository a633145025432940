"""Two reports published at one moment: of two that give a small group away beside each other one is refused. With a control."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from tests.rooms.matching.test_two_at_once import together
from tests.rooms.outcomes.makers import NOW, make_pilot, make_report, pilot_period

from meervoud.lib.journal import stand_in_line
from meervoud.matching.city_index import forget_indexes
from meervoud.outcomes import reporting
from meervoud.outcomes.facts import facts_of
from meervoud.outcomes.models import Published, Released
from meervoud.outcomes.register import GivesAwayError, refuse_what_gives_away
from meervoud.outcomes.reporting import publish_report
from meervoud.parties.models import Person, Programme
from meervoud.usage.models import UsageMoment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
EVERY = "a test looks at everything"
LONG_ENOUGH = 2.0


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


def two_periods() -> list[tuple[date, date]]:
    first, last = pilot_period()
    return [(first, last), (first, last + timedelta(days=3))]


def pilot_with_three_who_came_later() -> tuple[Programme, Person]:
    """Make a pilot in which three people came on the day after its last one: the two periods differ by these."""
    programme, staff = make_pilot()
    held = UsageMoment.objects.every(because=EVERY).filter(agreement__programme=programme, state="held")
    one = held.filter(people__isnull=False).order_by("starts_at").first()
    assert one is not None
    start = datetime.combine(pilot_period()[1] + timedelta(days=1), time(18), UTC)
    held.filter(pk=one.pk).update(starts_at=start, ends_at=start + timedelta(hours=2), people=3, first_timers=None)
    for period in two_periods():
        facts_of(programme, *period)  # who looked before has kept the sums: publishing writes none, and waits for none
    return programme, staff


@contextmanager
def meeting() -> Iterator[None]:
    """Let whoever found nothing in the register wait there for the other one, as long as that may take."""
    both = Barrier(2)

    def look(*said: Any) -> None:
        refuse_what_gives_away(*said)
        try:
            both.wait(LONG_ENOUGH)
        except BrokenBarrierError:
            return  # the other one does not come: it waits in line, or was refused

    with patch.object(reporting, "refuse_what_gives_away", look):
        yield


def publish_both_at_once(line: Callable[[], None]) -> list[object]:
    """Publish a report of each period at the same moment, and return what each came to."""
    programme, staff = pilot_with_three_who_came_later()
    drafts = [make_report(programme, staff, period) for period in two_periods()]
    deeds: list[Callable[[], object]] = [partial(publish_report, report=each, by=staff, now=NOW) for each in drafts]
    with meeting(), patch.object(reporting, "stand_in_line", line):
        return together(deeds)


def kinds(outcomes: list[object]) -> list[str]:
    return sorted(type(each).__name__ for each in outcomes)


def test_of_two_reports_that_give_a_small_group_away_one_is_published() -> None:
    outcomes = publish_both_at_once(stand_in_line)
    assert kinds(outcomes) == [GivesAwayError.__name__, Published.__name__], outcomes
    (published,) = Published.objects.every(because=EVERY)
    assert set(Released.objects.every(because=EVERY).values_list("report", flat=True)) == {published.report_id}


def test_without_the_line_both_are_published_where_the_database_makes_none() -> None:
    outcomes = publish_both_at_once(lambda: None)
    # on SQLite a transaction begins as a writer (IMMEDIATE), and there is one: the line is the database's own
    expected = [Published, Published] if connection.vendor == "postgresql" else [GivesAwayError, Published]
    assert kinds(outcomes) == [each.__name__ for each in expected], outcomes


def test_two_reports_of_one_period_do_not_stand_in_each_others_way() -> None:
    programme, staff = pilot_with_three_who_came_later()
    drafts = [make_report(programme, staff, two_periods()[0], title=title) for title in ("One", "Another")]
    outcomes = together([partial(publish_report, report=each, by=staff, now=NOW) for each in drafts])
    assert kinds(outcomes) == [Published.__name__] * 2, outcomes
