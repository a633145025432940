"""Dates that hosts withdrew count whatever became of them, and say for how many another room was found."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.rooms.makers import make_offer, make_organisation
from tests.rooms.outcomes.esg_makers import YEAR, hold, lend
from tests.rooms.usage.makers import Plan

from meervoud.outcomes.esg_words import say_withdrawn
from meervoud.outcomes.pictures import say_missed
from meervoud.outcomes.withdrawn import Withdrawn, withdrawn_dates
from meervoud.parties.models import Organisation
from meervoud.usage.models import StandIn, UsageMoment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

DAY = datetime(YEAR, 4, 1, 18, tzinfo=UTC)
WHOLE_YEAR = (date(YEAR, 1, 1), date(YEAR, 12, 31))


def stands_in(plan: Plan, number: int, *, state: str = "yes") -> Organisation:
    """Let another host be asked for a date, and have it where it says yes."""
    other = make_organisation(plan.programme)
    offer = make_offer(plan.programme, host=other)
    moment = plan.moments[number]
    StandIn.objects.create(moment=moment, offer=offer, state=state, expires_at=DAY)
    if state == "yes":
        UsageMoment.objects.every(because="a test").filter(pk=moment.pk).update(space=offer.space)
    return other


def found(plan: Plan, host: Organisation | None = None) -> Withdrawn:
    return withdrawn_dates(plan.programme, *WHOLE_YEAR, host=host)


def test_a_date_for_which_another_room_was_found_was_withdrawn_too() -> None:
    plan = lend()
    hold(plan, 2, DAY, hours=3, state="withdrawn", evidence="")
    hold(plan, 3, DAY + timedelta(days=7), hours=2, people=6)
    assert found(plan) == Withdrawn(1, 180, 0)
    other = stands_in(plan, 3)
    assert found(plan) == Withdrawn(2, 300, 1)
    assert found(plan, plan.host) == Withdrawn(2, 300, 1)
    assert found(plan, other) == Withdrawn(0, 0, 0), "who stood in withdrew nothing"


def test_an_asked_room_that_said_no_changes_nothing() -> None:
    plan = lend()
    hold(plan, 2, DAY, state="withdrawn", evidence="")
    stands_in(plan, 2, state="no")
    assert found(plan) == Withdrawn(1, 120, 0)


def test_each_of_two_hosts_that_withdrew_a_date_one_after_the_other_did() -> None:
    plan = lend()
    hold(plan, 2, DAY, people=6)
    second = stands_in(plan, 2)
    third = stands_in(plan, 2)
    assert found(plan) == Withdrawn(2, 240, 2)
    assert [found(plan, each).moments for each in (plan.host, second, third)] == [1, 1, 0]
    UsageMoment.objects.every(because="a test").filter(pk=plan.moments[-1].pk).update(state="planned")
    moved = StandIn.objects.every(because="a test").order_by("created_at").values_list("moment", flat=True)[0]
    UsageMoment.objects.every(because="a test").filter(pk=moved).update(state="withdrawn")
    assert found(plan) == Withdrawn(3, 360, 2)
    assert found(plan, third) == Withdrawn(1, 120, 0)


def test_what_lies_outside_the_period_is_not_counted() -> None:
    plan = lend()
    hold(plan, 2, datetime(YEAR, 12, 31, 22, 59, tzinfo=UTC), state="withdrawn", evidence="")
    hold(plan, 3, datetime(YEAR, 12, 31, 23, 0, tzinfo=UTC), state="withdrawn", evidence="")  # midnight in Amsterdam
    assert found(plan).moments == 1


@pytest.mark.parametrize(
    ("withdrawn", "told"),
    [
        ({"moments": 2, "minutes": 300, "moved": 1}, " For 1 of them another room was found."),
        ({"moments": 2, "minutes": 300, "moved": 0}, ""),
        ({"moments": 2, "minutes": 300}, ""),
    ],
)
def test_it_is_said_in_a_report_and_on_an_esg_page_also_of_before(withdrawn: dict[str, Any], told: str) -> None:
    facts: dict[str, Any] = {
        "withdrawn": withdrawn,
        "not_placed": {"asked": 0, "placed": 0, "counts": []},
        "room_before": {"without": 0, "said": 0, "unsaid": 0},
    }
    assert say_missed(facts)["withdrawn"] == f"Hosts withdrew 2 dates that were agreed: 5 hours.{told}"
    assert say_withdrawn(facts) == f"You withdrew 2 dates, of 5 hours together.{told}"
