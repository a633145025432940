"""Two at the same moment: an agreement ends once, and what has ended is not signed anew behind its back."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from django.db import connection
from tests.rooms.makers import TODAY
from tests.rooms.matching.test_two_at_once import together
from tests.rooms.usage.makers import NOW, Plan, make_plan

from meervoud.agreements.consenting import say_consent
from meervoud.agreements.drafts import change_terms, last_version
from meervoud.agreements.ending import plan_for
from meervoud.agreements.guard import GUARD
from meervoud.agreements.models import Agreement, Document
from meervoud.agreements.signing import Pen, sign
from meervoud.agreements.terms import read_terms
from meervoud.core.errors import ConflictError
from meervoud.lib.models import JournalEntry
from meervoud.matching.models import Side
from meervoud.usage.ending import Ending, give_notice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
EVERY = "a test looks at everything"


@pytest.fixture
def plan() -> Iterator[Plan]:
    """A signed agreement of which nobody depends; its documents are removed behind the guard, which is put back."""
    made = make_plan()
    plan_for(dependence=made.agreement.dependences.get(), by=made.asker, plan="stops", text="", now=NOW)
    yield made
    with connection.schema_editor() as editor:
        GUARD.drop(None, editor)
    try:
        Document.objects.every(because=EVERY).delete()
    finally:
        with connection.schema_editor() as editor:
            GUARD.add(None, editor)


def end(plan: Plan) -> object:
    said = Ending(plan.desk, Side.HOST, TODAY, "both")
    return give_notice(agreement=plan.agreement, said=said, now=NOW)


def test_of_four_who_end_it_at_once_one_does(plan: Plan) -> None:
    outcomes = together([partial(end, plan)] * 4)
    assert sum(isinstance(each, ConflictError) for each in outcomes) == 3
    assert [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, ConflictError)] == []
    assert JournalEntry.objects.filter(verb="agreement.ended").count() == 1
    assert {each.state for each in plan.moments} == {"cancelled"}


def test_ending_and_the_last_signature_of_a_new_version_come_one_after_the_other(plan: Plan) -> None:
    terms = replace(read_terms(last_version(plan.agreement).terms), people=5)
    change_terms(agreement=plan.agreement, by=plan.desk, terms=terms)
    for side in Side.values:
        say_consent(agreement=plan.agreement, number=2, side=side, by=plan.desk, kind="agree")
    put = partial(sign, agreement=plan.agreement, number=2, now=NOW, today=TODAY)
    put(pen=Pen(Side.HOST, plan.desk, "paper"))
    outcomes = together([partial(put, pen=Pen(Side.ASKER, plan.desk, "paper")), partial(end, plan)])
    assert not isinstance(outcomes[1], Exception)
    assert isinstance(outcomes[0], Agreement | ConflictError)
    verbs = list(
        JournalEntry.objects.filter(verb__in=["agreement.ended", "agreement.changed"])
        .order_by("number")
        .values_list("verb", flat=True)
    )
    # signed first and ended then, or ended first and nothing signed after it
    assert verbs == (
        ["agreement.changed", "agreement.ended"] if isinstance(outcomes[0], Agreement) else ["agreement.ended"]
    )
    found = Agreement.objects.every(because=EVERY).get(pk=plan.agreement.pk)
    assert found.state == "ended"
