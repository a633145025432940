"""Two people in one plan at the same moment: of two first drafts one is kept, and who publishes waits for nobody for ever."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import QuerySet
from tests.rooms.matching.test_two_at_once import together
from tests.rooms.outcomes.impact_makers import NOW, SCOPE, lock, make_unsigned_plan, owner
from tests.rooms.outcomes.test_surveys_at_once import kinds

from meervoud.core.errors import ConflictError
from meervoud.lib.journal import journal, stand_in_line
from meervoud.outcomes.impact import publishing, writing
from meervoud.outcomes.impact.publishing import publish_impact_report
from meervoud.outcomes.impact.writing import keep_step
from meervoud.outcomes.models import ImpactPlan, ImpactReport, Step, StepVersion

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
EVERY = "a test looks at everything"
LONG_ENOUGH = 2.0


def meet(both: Barrier) -> None:
    """Wait for the other one; where it does not come, it waits in line."""
    try:
        both.wait(LONG_ENOUGH)
    except BrokenBarrierError:
        return


def begin_a_step_at_once() -> tuple[ImpactPlan, list[object]]:
    """Let two people keep the first words of one step, each waiting for the other to have looked."""
    plan, both = make_unsigned_plan(steps=()), Barrier(2)
    create = StepVersion.objects.create

    def begin(**values: Any) -> StepVersion:
        meet(both)
        return create(**values)

    words = [{**SCOPE, "mission": each} for each in ("Talk together", "Sing together")]
    keep = partial(keep_step, plan=plan, step=Step.SCOPE, edits=0, by=owner(plan))
    with patch.object(StepVersion.objects, "create", begin):
        return plan, together([partial(keep, content=each) for each in words])


def test_of_two_who_begin_a_step_at_once_one_is_kept_and_the_other_is_told() -> None:
    plan, outcomes = begin_a_step_at_once()
    assert kinds(outcomes) == [ConflictError.__name__, StepVersion.__name__], outcomes
    kept = next(each for each in outcomes if isinstance(each, StepVersion))
    assert plan.versions.get().content == kept.content


def test_without_the_lock_the_second_one_breaks_off_where_the_database_makes_no_line() -> None:
    with patch.object(QuerySet, "select_for_update", lambda rows, **_named: rows):
        _plan, outcomes = begin_a_step_at_once()
    # on SQLite a transaction begins as a writer (IMMEDIATE), and there is one: the line is the database's own
    other = IntegrityError if connection.vendor == "postgresql" else ConflictError
    assert kinds(outcomes) == sorted([other.__name__, StepVersion.__name__]), outcomes


def publish_while_somebody_writes(publish: Callable[..., object]) -> tuple[ImpactPlan, list[object]]:
    """Let somebody publish and somebody write in a plan, each waiting for the other to hold its first lock."""
    plan, both = make_unsigned_plan(), Barrier(2)
    lock(plan, Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY)

    def wait_then_stand_in_line() -> None:
        meet(both)
        stand_in_line()

    def wait_then_write(*given: Any, **named: Any) -> Any:
        meet(both)
        return journal(*given, **named)

    deeds: list[Callable[[], object]] = [
        partial(publish, plan=plan, by=owner(plan), now=NOW),
        partial(keep_step, plan=plan, step=Step.NETTING, content={"outcomes": []}, edits=0, by=owner(plan)),
    ]
    with (
        patch.object(publishing, "stand_in_line", wait_then_stand_in_line),
        patch.object(writing, "journal", wait_then_write),
    ):
        return plan, together(deeds)


def test_who_publishes_and_who_writes_at_once_both_come_through() -> None:
    plan, outcomes = publish_while_somebody_writes(publish_impact_report)
    assert kinds(outcomes) == [ImpactReport.__name__, StepVersion.__name__], outcomes
    assert plan.reports.count() == 1


@transaction.atomic
def publish_in_the_wrong_order(*, plan: ImpactPlan, **_named: Any) -> None:
    """Stand in line first and lock the plan then, as nobody does."""
    stand_in_line()
    publishing.__dict__["stand_in_line"]()
    ImpactPlan.objects.every(because=EVERY).select_for_update(of=("self",)).get(pk=plan.pk)


def test_in_the_wrong_order_one_of_them_is_thrown_out_where_rows_are_locked_one_by_one() -> None:
    _plan, outcomes = publish_while_somebody_writes(publish_in_the_wrong_order)
    is_thrown_out = any(isinstance(each, OperationalError) for each in outcomes)
    assert is_thrown_out == (connection.vendor == "postgresql"), outcomes
