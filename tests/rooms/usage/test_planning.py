"""From a signature to moments, and what a plan says of the days that cannot be."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.rooms.makers import make_building, make_offer, make_organisation, make_space
from tests.rooms.usage.makers import EVENING, NOW, Plan, make_plan, one_day, tuesday

from meervoud.agreements.drafts import last_version, withdraw_agreement
from meervoud.agreements.terms import read_terms
from meervoud.core.errors import ConflictError, InputError
from meervoud.supply.calendar import Span, take_time
from meervoud.supply.models import Closure, Occupation
from meervoud.usage.models import Series, StandIn, UsageMoment
from meervoud.usage.openness import Why
from meervoud.usage.plan_changes import Asking, accept_change, add_moments, decline_change
from meervoud.usage.planning import LEAVE_OUT, Preview, choose, preview_plan
from meervoud.usage.wishes import Days, Hours, Weekly

pytestmark = pytest.mark.django_db


def look(plan: Plan, wish: Days | Weekly) -> Preview:
    return preview_plan(agreement=plan.agreement, wish=wish, people=12, now=NOW)


def ask(plan: Plan, key: str = "k", side: str = "asker", *, desk: bool = False) -> Asking:
    return Asking(plan.desk if desk else plan.asker, side, key, NOW)


def taken() -> int:
    return Occupation.objects.every(because="a test").filter(is_active=True).count()


def test_signing_plans_every_moment_as_a_series_on_the_wall_clock() -> None:
    plan = make_plan()
    moments, series = plan.moments, Series.objects.visible_to(plan.asker).get()
    assert [each.recurs_on for each in moments] == [tuesday(week) for week in range(8)]
    assert (series.weekdays, series.starts, series.minutes, series.every_weeks) == ([1], time(19), 120, 1)
    zone = ZoneInfo(plan.programme.time_zone)
    assert {each.starts_at.astimezone(zone).time() for each in moments} == {time(19)}
    assert {each.taking for each in moments} == {plan.agreement.taking}
    assert taken() == 8


def test_a_plan_says_why_a_day_cannot_be_and_offers_other_hours_rooms_and_hosts() -> None:
    plan = make_plan()
    here = make_offer(plan.programme, host=plan.host, space=make_space(plan.offer.space.building, name="Other room"))
    host = make_organisation(plan.programme)
    near = make_offer(
        plan.programme, host=host, space=make_space(make_building(plan.programme, host), name="Next door")
    )
    holiday, closed, busy, free = (tuesday(10 + each) for each in range(4))
    Closure.objects.create(offer=plan.offer, first=holiday, last=holiday, reason="holiday")
    Closure.objects.create(offer=plan.offer, first=closed, last=closed)
    zone = ZoneInfo(plan.programme.time_zone)
    start = datetime.combine(busy, time(20), zone)
    take_time(
        space=plan.offer.space, spans=[Span(start, start + timedelta(hours=1))], request_key="x", by=None, now=NOW
    )
    wish = Weekly(frozenset({1}), holiday, free, EVENING)
    seen = look(plan, wish)
    assert [each.why for each in seen.rows] == [Why.HOLIDAY, Why.CLOSED, Why.TAKEN, None]
    kinds = [[each.kind for each in row.alternatives] for row in seen.rows]
    assert kinds == [["shift", "room", "nearby"]] * 3 + [[]]
    shift, room, nearby = seen.rows[2].alternatives
    assert (room.offer, nearby.offer) == (here.pk, near.pk)
    local = [each.astimezone(zone).time() for each in (shift.span.starts_at, shift.span.ends_at)]
    assert local == [time(18), time(20)]  # 19:30 and 20:00 would clash as well; an hour sooner touches
    late = look(plan, one_day(free, Hours(time(21), time(23))))
    assert late.rows[0].why is Why.CLOSED  # the space is lent until 22
    assert look(plan, one_day(tuesday(-3))).rows[0].why is Why.PAST


def test_the_three_alternatives_are_accepted_one_by_one_and_all_is_taken_or_nothing() -> None:
    plan = make_plan()
    here = make_offer(plan.programme, host=plan.host, space=make_space(plan.offer.space.building, name="Other room"))
    host = make_organisation(plan.programme)
    near = make_offer(plan.programme, host=host, space=make_space(make_building(plan.programme, host)))
    days = [tuesday(10 + each) for each in range(4)]
    Closure.objects.create(offer=plan.offer, first=days[0], last=days[2])
    wish = Weekly(frozenset({1}), days[0], days[3], EVENING)
    seen = look(plan, wish)
    keys = {
        row.day.isoformat(): next(each.key for each in row.alternatives if each.kind == kind)
        for row, kind in zip(seen.rows[:3], ("shift", "room", "nearby"), strict=True)
    }
    with pytest.raises(InputError):
        choose(seen, seen.token, {})
    chosen = choose(seen, seen.token, keys)
    before = taken()
    change = add_moments(agreement=plan.agreement, wish=wish, chosen=chosen, asking=ask(plan, desk=True))
    assert add_moments(agreement=plan.agreement, wish=wish, chosen=chosen, asking=ask(plan, desk=True)) == change
    new = plan.moments[8:]
    assert [each.state for each in new].count("planned") == 3
    seeking = next(each for each in new if each.state == "seeking")
    assert {each.space_id for each in new} == {plan.offer.space_id, here.space_id}
    asked = StandIn.objects.visible_to(plan.asker).get()
    assert (asked.moment, asked.offer) == (seeking, near)
    assert taken() == before + 4  # three moments, and the other host's room while it is asked


def test_what_was_seen_and_is_not_so_any_more_is_shown_again() -> None:
    plan = make_plan()
    wish = one_day(tuesday(12))
    seen = look(plan, wish)
    start = seen.rows[0].span
    assert start is not None
    take_time(space=plan.offer.space, spans=[start], request_key="x", by=None, now=NOW)
    with pytest.raises(ConflictError):
        choose(look(plan, wish), seen.token, {})
    before = taken()
    with pytest.raises(ConflictError):  # and where somebody is quicker than the second look, nothing is written
        add_moments(agreement=plan.agreement, wish=wish, chosen=choose(seen, seen.token, {}), asking=ask(plan))
    assert (taken(), plan.agreement.plan_changes.count()) == (before, 0)


def test_after_signing_the_other_side_says_yes_before_more_is_planned() -> None:
    plan = make_plan()
    wish = Weekly(frozenset({1}), tuesday(9), tuesday(11), EVENING)
    seen = look(plan, wish)
    change = add_moments(
        agreement=plan.agreement, wish=wish, chosen=choose(seen, seen.token, {}), asking=ask(plan, "one")
    )
    assert (change.state, len(plan.moments), taken()) == ("proposed", 8, 11)
    with pytest.raises(Exception, match="other side"):
        accept_change(change=change, by=plan.asker, now=NOW)
    accept_change(change=change, by=plan.lender, now=NOW)
    assert (len(plan.moments), taken()) == (11, 11)
    other = add_moments(
        agreement=plan.agreement,
        wish=one_day(tuesday(13)),
        chosen=choose(again := look(plan, one_day(tuesday(13))), again.token, {}),
        asking=ask(plan, "two"),
    )
    decline_change(change=other, by=plan.lender, now=NOW)
    assert (len(plan.moments), taken()) == (11, 11)


def test_what_is_added_to_a_draft_becomes_part_of_its_terms_and_is_planned_when_it_is_signed() -> None:
    plan = make_plan(signed=False)
    wish = one_day(tuesday(10))
    seen = look(plan, wish)
    add_moments(agreement=plan.agreement, wish=wish, chosen=choose(seen, seen.token, {}), asking=ask(plan))
    assert len(read_terms(last_version(plan.agreement).terms).times.moments) == 9
    assert (taken(), UsageMoment.objects.visible_to(plan.asker).count()) == (9, 0)
    withdraw_agreement(agreement=plan.agreement, by=plan.asker)
    assert taken() == 8  # the proposal still stands, and keeps what it held


def test_leaving_everything_out_is_no_plan() -> None:
    plan = make_plan()
    Closure.objects.create(offer=plan.offer, first=tuesday(10), last=tuesday(10))
    seen = look(plan, one_day(tuesday(10)))
    with pytest.raises(InputError):
        choose(seen, seen.token, {tuesday(10).isoformat(): LEAVE_OUT})
    with pytest.raises(InputError):
        choose(seen, seen.token, {tuesday(10).isoformat(): "shift 2000-01-01"})


def test_one_choice_leaves_out_every_day_for_which_nothing_is_chosen() -> None:
    plan = make_plan()
    Closure.objects.create(offer=plan.offer, first=tuesday(10), last=tuesday(12))
    seen = look(plan, Weekly(frozenset({1}), tuesday(10), tuesday(13), EVENING))
    key = seen.rows[0].alternatives[0].key
    chosen = choose(seen, seen.token, {tuesday(10).isoformat(): key, "rest": LEAVE_OUT})
    assert [each.day for each in chosen] == [tuesday(10), tuesday(13)]
