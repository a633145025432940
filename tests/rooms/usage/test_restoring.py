"""What was called off takes place after all, where its time is still there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.rooms.makers import make_building, make_offer, make_organisation, make_person, make_space
from tests.rooms.usage.makers import NOW, Plan, make_plan
from tests.rooms.usage.test_changing import by_group, by_host, is_free, letters, sign_for, span_of, states
from tests.rooms.usage.test_plan_pages import browser

from meervoud.core.errors import ConflictError, NotAllowedError
from meervoud.usage.changing import call_off
from meervoud.usage.models import UsageMoment
from meervoud.usage.restoring import restore_moment
from meervoud.usage.standing_in import ask_stand_in
from meervoud.usage.waiting import wait_for

pytestmark = pytest.mark.django_db


def cancelled(plan: Plan) -> UsageMoment:
    """Cancel the second moment, and put its change at the hour of the test."""
    call_off(moment=plan.moments[1], scope="one", said=by_group(plan))
    plan.agreement.moments.filter(pk=plan.moments[1].pk).update(changed_at=NOW)
    return plan.moments[1]


def test_a_host_gives_a_date_back_and_the_group_hears_it() -> None:
    plan = make_plan()
    call_off(moment=plan.moments[1], scope="one", said=by_host(plan))
    with pytest.raises(NotAllowedError):
        restore_moment(moment=plan.moments[1], by=plan.asker, now=NOW)
    restore_moment(moment=plan.moments[1], by=plan.lender, now=NOW + timedelta(days=1))
    assert states(plan) == "pppppppp"
    assert not is_free(plan.offer, span_of(plan.moments[1]))
    assert "after all" in letters(plan, plan.asker.email)[-1]
    with pytest.raises(ConflictError):
        restore_moment(moment=plan.moments[1], by=plan.lender, now=NOW)


def test_what_a_group_cancelled_comes_back_for_ten_minutes_while_nobody_has_taken_it() -> None:
    plan = make_plan()
    moment = cancelled(plan)
    restore_moment(moment=moment, by=plan.asker, now=NOW + timedelta(minutes=9))
    assert states(plan) == "pppppppp"
    assert not is_free(plan.offer, span_of(moment))
    with pytest.raises(ConflictError):
        restore_moment(moment=cancelled(plan), by=plan.asker, now=NOW + timedelta(minutes=11))


def test_what_was_offered_to_who_waits_does_not_come_back() -> None:
    plan = make_plan()
    other = make_person()
    wait_for(agreement=sign_for(plan, other, 3), span=span_of(plan.moments[1]), by=other, now=NOW)
    moment = cancelled(plan)
    with pytest.raises(ConflictError):
        restore_moment(moment=moment, by=plan.asker, now=NOW)
    assert states(plan) == "pcpppppp"


def test_a_host_does_not_take_a_date_back_while_another_room_is_asked() -> None:
    plan = make_plan()
    host = make_organisation(plan.programme, member=make_person())
    near = make_offer(plan.programme, host=host, space=make_space(make_building(plan.programme, host)))
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    ask_stand_in(moment=plan.moments[0], offer=near, by=plan.asker, now=NOW)
    with pytest.raises(ConflictError):
        restore_moment(moment=plan.moments[0], by=plan.lender, now=NOW)


def test_one_press_withdraws_and_one_press_gives_back() -> None:
    plan = make_plan()
    host, moment = browser(plan.lender), plan.moments[2]
    page = reverse("moment", args=[moment.pk])
    assert 'value="own_use"' in host.get(page).content.decode()
    sent = {"side": "host", "scope": "one", "reason": "own_use"}
    host.post(reverse("moment_call_off", args=[moment.pk]), sent)
    assert states(plan)[2] == "w"
    assert "it takes place after all" in host.get(page).content.decode()
    host.post(reverse("moment_restore", args=[moment.pk]))
    assert states(plan)[2] == "p"
    assert browser(make_person()).post(reverse("moment_restore", args=[moment.pk])).status_code == 404
