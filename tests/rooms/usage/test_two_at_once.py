"""Two people at the same moment: one plan, one answer, one room; and nobody waits for each other for ever."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest
from tests.rooms.makers import make_building, make_offer, make_organisation, make_person, make_space
from tests.rooms.matching.test_two_at_once import faults_of, together
from tests.rooms.usage.makers import NOW, Plan, make_plan, one_day, tuesday
from tests.rooms.usage.test_changing import by_group, by_host, sign_for, span_of

from meervoud.supply.calendar import active_occupations
from meervoud.usage.changing import call_off
from meervoud.usage.checking_in import Report, check_in
from meervoud.usage.models import CheckIn, PlanChange, Wait
from meervoud.usage.plan_changes import Asking, accept_change, add_moments, decline_change
from meervoud.usage.planning import choose, preview_plan
from meervoud.usage.standing_in import answer_stand_in, ask_stand_in, take_back_stand_in
from meervoud.usage.waiting import let_go, take_up, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("cleared_after")]

Deed = Callable[[], object]


def add(plan: Plan, key: str, week: int = 12) -> PlanChange:
    wish = one_day(tuesday(week))
    preview = preview_plan(agreement=plan.agreement, wish=wish, people=5, now=NOW)
    chosen = choose(preview, preview.token, {})
    return add_moments(agreement=plan.agreement, wish=wish, chosen=chosen, asking=Asking(plan.asker, "asker", key, NOW))


def no_two_overlap() -> None:
    spans = sorted(active_occupations(NOW).values_list("atom", "starts_at", "ends_at"))
    for (atom, _, ends), (other, starts, _) in pairwise(spans):
        assert atom != other or ends <= starts


def test_a_button_pressed_eight_times_at_once_plans_once() -> None:
    plan = make_plan()
    deeds: list[Deed] = [partial(add, plan, "once")]
    outcomes = together(deeds * 8)
    assert faults_of(outcomes) == []
    assert PlanChange.objects.visible_to(plan.asker).count() == 1
    assert active_occupations(NOW).count() == 9


def test_of_two_groups_that_plan_one_time_at_once_one_does() -> None:
    plan = make_plan()
    asker = make_person()
    other = sign_for(plan, asker, 3)
    rival = Plan(plan.programme, plan.desk, plan.lender, asker, plan.host, plan.offer, other)
    deeds: list[Deed] = [partial(add, plan, "mine"), partial(add, rival, "theirs")]
    outcomes = together(deeds * 2)
    assert faults_of(outcomes) == []
    assert active_occupations(NOW).count() == 17
    no_two_overlap()


def test_of_yes_and_no_at_once_one_counts() -> None:
    plan = make_plan()
    change = add(plan, "asked")
    deeds: list[Deed] = [
        partial(accept_change, change=change, by=plan.lender, now=NOW),
        partial(decline_change, change=change, by=plan.asker, now=NOW),
    ]
    outcomes = together(deeds * 3)
    assert faults_of(outcomes) == []
    change.refresh_from_db()
    assert plan.agreement.moments.count() == (9 if change.state == "done" else 8)
    assert active_occupations(NOW).count() == plan.agreement.moments.count()


def test_both_sides_call_off_and_report_at_once_and_the_rows_agree() -> None:
    plan = make_plan()
    moments = plan.moments
    report = Report("link", "same-key-for-all", was_held=True, people=5)
    deeds: list[Deed] = [
        partial(call_off, moment=moments[2], scope="following", said=by_group(plan)),
        partial(call_off, moment=moments[4], scope="one", said=by_host(plan)),
        partial(check_in, moment=moments[3], report=report, now=moments[3].ends_at),
        partial(check_in, moment=moments[3], report=report, now=moments[3].ends_at),
    ]
    assert faults_of(together(deeds)) == []
    assert CheckIn.objects.visible_to(plan.asker).count() <= 1
    taking = {each.starts_at for each in plan.moments if each.state in ("planned", "held", "withdrawn")}
    assert set(active_occupations(NOW).values_list("shown_starts_at", flat=True)) == taking


def test_another_room_is_answered_and_taken_back_at_once_and_only_one_counts() -> None:
    plan = make_plan()
    host = make_organisation(plan.programme, member=(neighbour := make_person()))
    near = make_offer(plan.programme, host=host, space=make_space(make_building(plan.programme, host)))
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    asks: list[Deed] = [partial(ask_stand_in, moment=plan.moments[0], offer=near, by=plan.asker, now=NOW)] * 3
    assert faults_of(together(asks)) == []
    asked = plan.moments[0].stand_ins.select_related("offer__space", "moment__agreement__offer__space").get()
    deeds: list[Deed] = [
        partial(answer_stand_in, stand_in=asked, by=neighbour, says_yes=True, now=NOW),
        partial(take_back_stand_in, stand_in=asked, by=plan.asker, now=NOW),
    ]
    assert faults_of(together(deeds * 2)) == []
    first = plan.moments[0]
    taken = active_occupations(NOW).filter(atom__in=near.space.atoms.all()).count()
    assert (first.state, taken) in {("planned", 1), ("withdrawn", 0)}


def test_what_comes_free_is_offered_once_while_all_pull_at_it() -> None:
    plan = make_plan()
    rivals = []
    for weekday in (3, 4):
        asker = make_person()
        agreement = sign_for(plan, asker, weekday)
        wait = wait_for(agreement=agreement, span=span_of(plan.moments[1]), by=asker, now=NOW)
        rivals.append((asker, wait))
    deeds: list[Deed] = [
        partial(call_off, moment=plan.moments[1], scope="one", said=by_group(plan)),
        *(partial(take_up, wait=wait, by=asker, now=NOW) for asker, wait in rivals),
        *(partial(let_go, wait=wait, by=asker, now=NOW) for asker, wait in rivals),
    ]
    assert faults_of(together(deeds)) == []
    rows = Wait.objects.every(because="a test")
    assert rows.filter(state__in=("offered", "taken")).count() <= 1
    no_two_overlap()
