"""What two deeds do to each other, and what somebody reaches by an address that no page shows."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from tests.rooms.agreements.makers import make_draft_only
from tests.rooms.makers import (
    TODAY,
    make_building,
    make_offer,
    make_organisation,
    make_person,
    make_programme,
    make_space,
    weekly,
)
from tests.rooms.usage.makers import NOW, Plan, make_plan, make_proposal, one_day, tuesday
from tests.rooms.usage.test_changing import by_group, by_host, is_free, span_of, states
from tests.rooms.usage.test_ending import ending, settle
from tests.rooms.usage.test_plan_pages import browser

from meervoud.agreements.consenting import say_consent
from meervoud.agreements.drafts import last_version, propose_agreement, withdraw_agreement, withdraw_expired
from meervoud.agreements.models import Agreement
from meervoud.agreements.signing import Pen, sign
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.matching.answering import expire_proposals
from meervoud.matching.models import Side
from meervoud.parties.models import Person
from meervoud.supply.calendar import Span, shown_spans
from meervoud.supply.models import Closure, Offer, Taking
from meervoud.usage.calendars import write_calendar
from meervoud.usage.changing import Said, call_off, pause
from meervoud.usage.checking_in import leave_early
from meervoud.usage.ending import give_notice
from meervoud.usage.feeds import with_words
from meervoud.usage.links import door_token
from meervoud.usage.models import DoorCode, PlanChange, StandIn, UsageMoment, Wait
from meervoud.usage.plan_changes import Asking, accept_change, add_moments, decline_change
from meervoud.usage.planning import choose, preview_plan
from meervoud.usage.restoring import restore_moment
from meervoud.usage.standing_in import answer_stand_in, ask_stand_in
from meervoud.usage.tonight import sheet_of
from meervoud.usage.waiting import wait_for

pytestmark = pytest.mark.django_db
EVERY = "a test"


def next_door(plan: Plan) -> tuple[Offer, Person]:
    """A room of another host nearby, and somebody of that host."""
    host = make_organisation(plan.programme, member=(neighbour := make_person("Nora Neighbour", language="en")))
    building = make_building(plan.programme, host, street="Side street 4")
    return make_offer(plan.programme, host=host, space=make_space(building, name="Next door")), neighbour


def add(plan: Plan, day: int, key: str, now_days: int = 0) -> PlanChange:
    """The group adds one evening."""
    wish, at = one_day(tuesday(day)), NOW + timedelta(days=now_days)
    seen = preview_plan(agreement=plan.agreement, wish=wish, people=5, now=at)
    asking = Asking(plan.asker, Side.ASKER, key, at)
    return add_moments(agreement=plan.agreement, wish=wish, chosen=choose(seen, seen.token, {}), asking=asking)


def go_next_door(plan: Plan, number: int = 0) -> tuple[Offer, Person]:
    """One date of the group is in the room of another host, which said yes."""
    near, neighbour = next_door(plan)
    call_off(moment=plan.moments[number], scope="one", said=by_host(plan))
    asked = ask_stand_in(moment=plan.moments[number], offer=near, by=plan.asker, now=NOW)
    answer_stand_in(stand_in=asked, by=neighbour, says_yes=True, now=NOW)
    return near, neighbour


def test_nobody_plans_by_a_yes_what_is_not_signed_yet() -> None:
    plan = make_plan(signed=False)
    change = add(plan, 10, "one")
    for act in (accept_change, decline_change):
        with pytest.raises(ConflictError):
            act(change=change, by=plan.lender, now=NOW)
    answer = browser(plan.lender).post(reverse("plan_answer", args=[change.pk]), {"answer": "yes"})
    assert answer.status_code == 302
    change.refresh_from_db()
    assert (change.state, change.holds.get().kind, plan.moments) == ("proposed", "hold", [])


def test_adding_to_a_draft_keeps_all_of_its_time_as_long() -> None:
    plan = make_plan(signed=False)
    add(plan, 20, "one")
    add(plan, 21, "two", now_days=40)
    late = NOW + timedelta(days=50)
    assert expire_proposals(now=late) == 0
    holds = Taking.objects.every(because=EVERY).filter(kind="hold", released_at__isnull=True)
    assert holds.count() == 3
    assert all(each.expires_at is not None and each.expires_at > late for each in holds)


def test_a_draft_that_nobody_signed_in_time_is_taken_back_and_keeps_no_time() -> None:
    plan = make_plan(signed=False)
    change, late = add(plan, 20, "one"), NOW + timedelta(days=43)
    assert withdraw_expired(now=NOW) == 0
    assert expire_proposals(now=late) == 1
    assert (withdraw_expired(now=late), withdraw_expired(now=late)) == (1, 0)
    change.refresh_from_db()
    state = Agreement.objects.every(because=EVERY).get().state
    assert (state, change.state, shown_spans(change.holds.get())) == ("withdrawn", "taken_back", [])


def test_what_went_by_before_both_signed_is_no_use() -> None:
    plan = make_plan(signed=False)
    propose_agreement(agreement=plan.agreement, by=plan.desk)
    number, later = last_version(plan.agreement).number, NOW + timedelta(days=20)
    for side in Side.values:
        say_consent(agreement=plan.agreement, number=number, side=side, by=plan.desk, kind="agree")
    for side in Side.values:
        pen = Pen(side, plan.desk, "paper")
        sign(agreement=plan.agreement, number=number, pen=pen, now=later, today=TODAY + timedelta(days=20))
    assert plan.moments
    assert len(plan.moments) < 8
    assert all(each.ends_at > later for each in plan.moments)


def test_a_host_asked_for_another_room_plans_nothing_for_an_agreement_that_ended() -> None:
    plan = make_plan()
    settle(plan)
    near, neighbour = next_door(plan)
    call_off(moment=plan.moments[1], scope="one", said=by_host(plan))
    moment = plan.moments[1]
    asked = ask_stand_in(moment=moment, offer=near, by=plan.asker, now=NOW)
    give_notice(agreement=plan.agreement, said=ending(plan.desk, Side.HOST, "both"), now=NOW)
    with pytest.raises(ConflictError):
        answer_stand_in(stand_in=asked, by=neighbour, says_yes=True, now=NOW)
    asked.refresh_from_db()
    assert (asked.state, states(plan)) == ("taken_back", "cwcccccc")
    assert is_free(near, span_of(moment))
    StandIn.objects.every(because=EVERY).update(state="asked")  # the second lock: also where it was left open
    with pytest.raises(ConflictError):
        answer_stand_in(stand_in=asked, by=neighbour, says_yes=True, now=NOW)


def test_a_host_takes_off_what_is_in_its_own_rooms_only() -> None:
    plan = make_plan()
    near, _ = go_next_door(plan)
    first = plan.moments[0]
    with pytest.raises(NotAllowedError):
        call_off(moment=first, scope="one", said=by_host(plan))
    with patch("django.utils.timezone.now", return_value=NOW):
        pages = [browser(plan.lender).get(reverse("moment", args=[each.pk])) for each in plan.moments[:2]]
    assert ["One press withdraws" in each.content.decode() for each in pages] == [False, True]
    pause(agreement=plan.agreement, first=tuesday(0), last=tuesday(2), said=by_host(plan, "pause"))
    assert states(plan)[0] == "p"
    call_off(moment=plan.moments[-1], scope="all", said=by_host(plan))
    assert (states(plan)[0], set(states(plan)[1:])) == ("p", {"w"})
    assert not is_free(near, span_of(first))
    call_off(moment=first, scope="one", said=Said(plan.desk, Side.HOST, "other", NOW))  # the other host called
    assert states(plan)[0] == "w"


def test_undoing_a_search_takes_no_room_to_which_nobody_said_yes() -> None:
    plan = make_plan()
    _near, neighbour = next_door(plan)
    Closure.objects.create(offer=plan.offer, first=tuesday(10), last=tuesday(10))
    wish = one_day(tuesday(10))
    seen = preview_plan(agreement=plan.agreement, wish=wish, people=5, now=NOW)
    key = next(each.key for each in seen.rows[0].alternatives if each.kind == "nearby")
    chosen = choose(seen, seen.token, {tuesday(10).isoformat(): key})
    add_moments(agreement=plan.agreement, wish=wish, chosen=chosen, asking=Asking(plan.desk, Side.ASKER, "k", NOW))
    moment = plan.moments[-1]
    assert moment.state == "seeking"
    answer_stand_in(stand_in=StandIn.objects.every(because=EVERY).get(), by=neighbour, says_yes=False, now=NOW)
    call_off(moment=moment, scope="one", said=by_group(plan))
    plan.agreement.moments.filter(pk=moment.pk).update(changed_at=NOW)
    with pytest.raises(ConflictError):
        restore_moment(moment=moment, by=plan.asker, now=NOW)
    assert plan.moments[-1].state == "cancelled"
    assert is_free(plan.offer, span_of(moment))


def test_who_reads_the_code_at_a_door_frees_no_time() -> None:
    plan = make_plan()
    moment = plan.moments[0]
    code = DoorCode.objects.create(building=plan.offer.space.building, space=plan.offer.space)
    with patch("django.utils.timezone.now", return_value=moment.starts_at + timedelta(minutes=30)):
        Client().post(reverse("door", args=[door_token(code)]), {"leave": "1"})
    assert plan.moments[0].released_at is None
    assert not is_free(plan.offer, Span(moment.starts_at + timedelta(hours=1), moment.ends_at))


def test_a_group_gives_back_no_time_that_its_host_withdrew() -> None:
    plan = make_plan()
    moment = plan.moments[0]
    call_off(moment=moment, scope="one", said=by_host(plan))
    half = moment.starts_at + timedelta(hours=1)
    with pytest.raises(ConflictError):
        leave_early(moment=moment, ends_at=half, by=plan.asker, now=half)
    assert not is_free(plan.offer, Span(half, moment.ends_at))


def test_nothing_is_offered_to_who_waits_by_an_agreement_that_was_taken_back() -> None:
    plan, other = make_plan(), make_person(language="en")
    proposal = make_proposal(plan.programme, plan.offer, other, plan.desk, needs=(weekly((3,)),))
    draft = make_draft_only(proposal, plan.desk, NOW)
    wait = wait_for(agreement=draft, span=span_of(plan.moments[0]), by=other, now=NOW)
    withdraw_agreement(agreement=draft, by=other)
    wait.refresh_from_db()
    assert wait.state == "passed"
    Wait.objects.every(because=EVERY).update(state="waiting")  # the second lock: also where it was left open
    call_off(moment=plan.moments[0], scope="one", said=by_group(plan))
    wait.refresh_from_db()
    assert (wait.state, is_free(plan.offer, span_of(plan.moments[0]))) == ("waiting", True)


def test_nobody_waits_for_weeks_at_once() -> None:
    plan = make_plan()
    begins = plan.moments[0].starts_at
    with pytest.raises(InputError):
        wait_for(agreement=plan.agreement, span=Span(begins, begins + timedelta(days=9)), by=plan.asker, now=NOW)


def test_the_first_date_of_a_series_stands_in_a_calendar_where_it_is() -> None:
    plan = make_plan()
    go_next_door(plan)
    rows = list(with_words(UsageMoment.objects.visible_to(plan.asker)))
    text = write_calendar(rows, name="x", now=NOW).decode()
    assert text.count("(Next door)") == 1
    assert text.count("BEGIN:VEVENT") == 2
    assert "(Quay room)" in text


def test_one_date_of_a_sheltered_group_is_kept_as_a_file_without_its_place() -> None:
    plan = make_plan(is_sheltered=True)
    answer = browser(plan.asker).get(reverse("moment_ics", args=[plan.moments[0].pk]))
    assert "Quay room" not in answer.content.decode()


def test_another_host_reads_what_is_needed_while_it_is_asked_and_nothing_after_a_no() -> None:
    plan = make_plan(title="Choir of the quay")
    near, neighbour = next_door(plan)
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    asked = ask_stand_in(moment=plan.moments[0], offer=near, by=plan.asker, now=NOW)
    address = reverse("stand_in", args=[asked.pk])
    with patch("django.utils.timezone.now", return_value=NOW):
        assert "<dt>People at most</dt>" in browser(neighbour).get(address).content.decode()
        answer_stand_in(stand_in=asked, by=neighbour, says_yes=False, now=NOW)
        page = browser(neighbour).get(address).content.decode()
    assert "<dt>People at most</dt>" not in page
    assert ("Choir of the quay" in page, plan.asker.name in page) == (False, False)


def test_a_room_of_another_programme_is_not_asked_for() -> None:
    plan, other = make_plan(), make_programme(city="Elsewhere")
    host = make_organisation(other)
    far = make_offer(other, host=host, space=make_space(make_building(other, host)))
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    with patch("django.utils.timezone.now", return_value=NOW):
        address = reverse("moment_other_room", args=[plan.moments[0].pk])
        assert browser(plan.asker).post(address, {"offer": str(far.pk)}).status_code == 404
    assert not StandIn.objects.every(because=EVERY).exists()


def test_what_to_do_in_an_emergency_is_not_told_in_another_building() -> None:
    plan = make_plan()
    version = last_version(plan.agreement)
    version.terms["emergency"] = "Gather at the big tree"
    version.save()
    near, _ = go_next_door(plan)
    (line,) = sheet_of(near.space.building, tuesday(1)).on or sheet_of(near.space.building, tuesday(0)).on
    assert line.emergency == ""
    route = reverse("moment_route", args=[plan.moments[0].pk])
    assert "big tree" not in browser(plan.asker).get(route).content.decode()
    home = reverse("moment_route", args=[plan.moments[1].pk])
    assert "big tree" in browser(plan.asker).get(home).content.decode()
