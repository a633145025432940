"""Calling off, moving, other rooms for one date, and who waits for a time."""

from datetime import date, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from tests.rooms.agreements.makers import make_signed
from tests.rooms.makers import TODAY, make_building, make_offer, make_organisation, make_person, make_space, weekly
from tests.rooms.usage.makers import NOW, Plan, make_plan, make_proposal, tuesday

from meervoud.agreements.models import Agreement
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.parties.models import OutboxMail, Person
from meervoud.supply.calendar import Span, TakenError, take_time
from meervoud.supply.models import Occupation, Offer
from meervoud.usage.changing import Said, call_off, pause
from meervoud.usage.models import PlanChange, UsageMoment, Wait
from meervoud.usage.moving import Move, move_moments, preview_move
from meervoud.usage.plan_changes import Asking, accept_change, expire_changes
from meervoud.usage.rooms_instead import rooms_instead
from meervoud.usage.standing_in import answer_stand_in, ask_stand_in, expire_stand_ins
from meervoud.usage.waiting import expire_waits, let_go, take_up, wait_for
from meervoud.usage.wishes import Hours

pytestmark = pytest.mark.django_db


def by_group(plan: Plan, reason: str = "ill") -> Said:
    return Said(plan.asker, "asker", reason, NOW)


def by_host(plan: Plan, reason: str = "own_use") -> Said:
    return Said(plan.lender, "host", reason, NOW, "The board meets")


def states(plan: Plan) -> str:
    return "".join(each.state[0] for each in plan.moments)


def is_free(offer: Offer, span: Span) -> bool:
    try:
        take_time(
            space=offer.space,
            spans=[span],
            request_key=f"{span.starts_at.isoformat()} probe",
            by=None,
            now=NOW,
            hold_until=NOW,
        )
    except TakenError:
        return False
    return True


def span_of(moment: UsageMoment) -> Span:
    return Span(moment.starts_at, moment.ends_at)


def sign_for(plan: Plan, asker: Person, weekday: int) -> Agreement:
    """Another group signs for the same space, on another weekday."""
    proposal = make_proposal(plan.programme, plan.offer, asker, plan.desk, needs=(weekly((weekday,)),))
    return make_signed(proposal, plan.desk, NOW, TODAY)


def letters(plan: Plan, address: str | None) -> list[str]:
    mails = OutboxMail.objects.every(because="a test").filter(kind__in=["plan", "stand_in"], address=address)
    return [f"{each.subject}\n{each.text}" for each in mails.order_by("created_at")]


def test_the_group_cancels_one_this_and_following_or_all_and_the_time_is_free() -> None:
    plan = make_plan()
    call_off(moment=plan.moments[1], scope="one", said=by_group(plan))
    assert states(plan) == "pcpppppp"
    assert is_free(plan.offer, span_of(plan.moments[1]))
    call_off(moment=plan.moments[5], scope="following", said=by_group(plan))
    assert states(plan) == "pcpppccc"
    call_off(moment=plan.moments[3], scope="all", said=by_group(plan))
    assert states(plan) == "cccccccc"
    assert {each.sequence for each in plan.moments} == {1}
    assert not Occupation.objects.every(because="a test").filter(is_active=True, taking__kind="use").exists()
    with pytest.raises(ConflictError):
        call_off(moment=plan.moments[3], scope="one", said=by_group(plan))


def test_nothing_of_the_past_is_called_off_and_nobody_else_calls_off() -> None:
    plan = make_plan()
    late = Said(plan.asker, "asker", "ill", plan.moments[2].starts_at)
    with pytest.raises(ConflictError):
        call_off(moment=plan.moments[2], scope="one", said=late)
    call_off(moment=plan.moments[3], scope="all", said=late)
    assert states(plan) == "pppccccc"
    with pytest.raises(NotAllowedError):
        call_off(moment=plan.moments[0], scope="one", said=Said(make_person(), "asker", "ill", NOW))
    with pytest.raises(NotAllowedError):
        call_off(moment=plan.moments[0], scope="one", said=Said(plan.asker, "host", "own_use", NOW))
    for scope, reason in (("some", "ill"), ("one", "their_religion")):
        with pytest.raises(InputError):
            call_off(moment=plan.moments[0], scope=scope, said=Said(plan.asker, "asker", reason, NOW))


def test_a_host_withdraws_one_date_and_the_group_reads_which_rooms_are_free() -> None:
    plan = make_plan()
    host = make_organisation(plan.programme)
    building = make_building(plan.programme, host, street="Secret street 99")
    near = make_offer(plan.programme, host=host, space=make_space(building, name="Next door"))
    moment = plan.moments[0]
    call_off(moment=moment, scope="one", said=by_host(plan))
    assert states(plan) == "wppppppp"
    assert not is_free(plan.offer, span_of(moment))  # the host needs it itself
    (letter,) = letters(plan, plan.asker.email)
    assert "Next door" in letter
    assert "Secret street" not in letter
    assert "The board meets" not in letter
    assert rooms_instead(moment, plan.agreement, NOW) == [near]


def test_another_room_is_asked_of_its_host_and_a_yes_moves_that_one_date() -> None:
    plan = make_plan()
    neighbour = make_person("Nora Neighbour")
    host = make_organisation(plan.programme, member=neighbour)
    near = make_offer(
        plan.programme, host=host, space=make_space(make_building(plan.programme, host), name="Next door")
    )
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    moment = plan.moments[0]
    with pytest.raises(NotAllowedError):
        ask_stand_in(moment=moment, offer=near, by=plan.lender, now=NOW)
    asked = ask_stand_in(moment=moment, offer=near, by=plan.asker, now=NOW)
    assert not is_free(near, span_of(moment))
    assert any("Next door" in each for each in letters(plan, neighbour.email))
    with pytest.raises(ConflictError):
        ask_stand_in(moment=moment, offer=near, by=plan.asker, now=NOW)
    with pytest.raises(NotAllowedError):
        answer_stand_in(stand_in=asked, by=plan.lender, says_yes=True, now=NOW)
    answer_stand_in(stand_in=asked, by=neighbour, says_yes=True, now=NOW)
    first = plan.moments[0]
    assert (first.state, first.space_id, first.sequence) == ("planned", near.space_id, 2)
    with pytest.raises(ConflictError):
        answer_stand_in(stand_in=asked, by=neighbour, says_yes=False, now=NOW)


def test_a_no_and_silence_free_the_other_room_again() -> None:
    plan = make_plan()
    host = make_organisation(plan.programme, member=(neighbour := make_person()))
    near = make_offer(plan.programme, host=host, space=make_space(make_building(plan.programme, host)))
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    moment = plan.moments[0]
    asked = ask_stand_in(moment=moment, offer=near, by=plan.asker, now=NOW)
    answer_stand_in(stand_in=asked, by=neighbour, says_yes=False, now=NOW)
    assert is_free(near, span_of(moment))
    ask_stand_in(moment=moment, offer=near, by=plan.asker, now=NOW + timedelta(minutes=1))
    assert expire_stand_ins(now=NOW + timedelta(days=1)) == 0
    assert expire_stand_ins(now=NOW + timedelta(days=3)) == 1
    assert states(plan)[0] == "w"


def test_a_host_pauses_and_only_those_days_are_withdrawn() -> None:
    plan = make_plan()
    rows = pause(agreement=plan.agreement, first=tuesday(2), last=tuesday(4), said=by_host(plan, "pause"))
    assert (len(rows), states(plan)) == (3, "ppwwwppp")
    with pytest.raises(InputError):
        pause(agreement=plan.agreement, first=tuesday(4), last=tuesday(2), said=by_host(plan, "pause"))


def move(plan: Plan, scope: str, to: date, hours: Hours, *, key: str = "m", number: int = 2) -> PlanChange:
    moving = Move(plan.moments[number], scope, to, hours)
    seen = preview_move(moving, plan.agreement, 12, NOW)
    asking = Asking(plan.asker, "asker", key, NOW)
    return move_moments(move=moving, token=seen.token, choices={}, people=12, asking=asking)


def test_this_and_following_move_to_another_evening_after_a_yes() -> None:
    plan = make_plan()
    to = tuesday(2) + timedelta(days=2)
    change = move(plan, "following", to, Hours(time(18), time(20)))
    zone = ZoneInfo(plan.programme.time_zone)
    assert [each.starts_at.astimezone(zone).weekday() for each in plan.moments] == [1] * 8  # nothing moved yet
    assert move(plan, "following", to, Hours(time(18), time(20))) == change  # sent twice
    accept_change(change=change, by=plan.lender, now=NOW)
    local = [each.starts_at.astimezone(zone) for each in plan.moments]
    assert [each.weekday() for each in local] == [1, 1, 3, 3, 3, 3, 3, 3]
    assert {each.time() for each in local[2:]} == {time(18)}
    assert len({each.series_id for each in plan.moments}) == 2
    assert is_free(
        plan.offer, Span(*(each - timedelta(days=2) for each in (plan.moments[2].starts_at, plan.moments[2].ends_at)))
    )


def test_one_moment_moves_by_an_hour_though_it_overlaps_itself_and_stays_in_its_series() -> None:
    plan = make_plan()
    before = plan.moments[2]
    change = move(plan, "one", tuesday(2), Hours(time(18), time(20)))
    start = before.starts_at
    assert not is_free(plan.offer, Span(start - timedelta(hours=1), start))  # held
    accept_change(change=change, by=plan.lender, now=NOW)
    after = UsageMoment.objects.visible_to(plan.asker).get(pk=before.pk)
    assert (after.starts_at, after.series_id, after.recurs_on) == (
        start - timedelta(hours=1),
        before.series_id,
        tuesday(2),
    )
    assert is_free(plan.offer, Span(start + timedelta(hours=1), start + timedelta(hours=2)))


def test_a_move_that_nobody_answers_gives_its_time_back() -> None:
    plan = make_plan()
    move(plan, "one", tuesday(2), Hours(time(17), time(19)))
    assert expire_changes(now=NOW + timedelta(days=5)) == 0
    assert expire_changes(now=NOW + timedelta(days=8)) == 1
    start = plan.moments[2].starts_at
    assert is_free(plan.offer, Span(start - timedelta(hours=2), start))
    assert states(plan) == "pppppppp"


def test_the_first_who_waits_is_offered_what_comes_free_and_then_the_next() -> None:
    plan = make_plan()
    others = []
    for weekday in (3, 4):
        asker = make_person()
        others.append((asker, sign_for(plan, asker, weekday)))
    span = span_of(plan.moments[1])
    waits = [wait_for(agreement=each, span=span, by=asker, now=NOW) for asker, each in others]
    assert wait_for(agreement=others[0][1], span=span, by=others[0][0], now=NOW) == waits[0]
    call_off(moment=plan.moments[1], scope="one", said=by_group(plan))
    assert _waits(waits) == ["offered", "waiting"]
    assert not is_free(plan.offer, span)
    with pytest.raises(ConflictError):
        take_up(wait=waits[1], by=others[1][0], now=NOW)
    let_go(wait=waits[0], by=others[0][0], now=NOW)
    assert _waits(waits) == ["passed", "offered"]
    change = take_up(wait=waits[1], by=others[1][0], now=NOW)
    accept_change(change=change, by=plan.lender, now=NOW)
    assert others[1][1].moments.filter(starts_at=span.starts_at, state="planned").count() == 1
    assert expire_waits(now=NOW + timedelta(days=2)) == 0


def test_an_offer_that_nobody_takes_up_goes_to_nobody_and_the_time_is_free() -> None:
    plan = make_plan()
    asker = make_person()
    other = sign_for(plan, asker, 3)
    span = span_of(plan.moments[1])
    wait = wait_for(agreement=other, span=span, by=asker, now=NOW)
    call_off(moment=plan.moments[1], scope="one", said=by_group(plan))
    assert expire_waits(now=NOW + timedelta(days=2)) == 1
    assert (_waits([wait]), is_free(plan.offer, span)) == (["passed"], True)


def _waits(waits: list[Wait]) -> list[str]:
    return [Wait.objects.every(because="a test").get(pk=each.pk).state for each in waits]


def test_a_move_that_waits_is_dropped_with_its_moment_and_its_new_time_is_free() -> None:
    plan = make_plan()
    change = move(plan, "one", tuesday(2), Hours(time(17), time(19)))
    call_off(moment=plan.moments[2], scope="one", said=by_group(plan))
    change.refresh_from_db()
    start = plan.moments[2].starts_at - timedelta(hours=2)
    assert (change.state, is_free(plan.offer, Span(start, start + timedelta(hours=2)))) == ("taken_back", True)


def test_the_host_of_the_other_room_learns_who_comes_after_its_yes_and_hears_when_nobody_does() -> None:
    plan = make_plan(title="Choir of the quay")
    neighbour = make_person("Nora Neighbour", language="en")
    host = make_organisation(plan.programme, member=neighbour)
    near = make_offer(
        plan.programme, host=host, space=make_space(make_building(plan.programme, host), name="Next door")
    )
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    asked = ask_stand_in(moment=plan.moments[0], offer=near, by=plan.asker, now=NOW)
    client = Client(headers={"accept-language": "en"})
    client.force_login(neighbour)
    with patch("django.utils.timezone.now", return_value=NOW):
        client.force_login(neighbour)
        before = client.get(f"/other-rooms/{asked.pk}/").content.decode()
        answer_stand_in(stand_in=asked, by=neighbour, says_yes=True, now=NOW)
        after = client.get(f"/other-rooms/{asked.pk}/").content.decode()
    assert ("Choir of the quay" in before, plan.asker.name in before) == (False, False)
    assert ("Choir of the quay" in after, plan.asker.name in after) == (True, True)
    call_off(moment=plan.moments[0], scope="one", said=by_group(plan))
    assert "does not come to Next door" in letters(plan, neighbour.email)[-1]
    assert is_free(near, span_of(plan.moments[0]))
