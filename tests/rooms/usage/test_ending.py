"""Ending without harm: notice, who depends on a place, what is free again, and what the clock does."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.rooms.makers import TODAY, make_person
from tests.rooms.usage.makers import NOW, Plan, one_day, tuesday
from tests.rooms.usage.makers import make_plan as make_any_plan
from tests.rooms.usage.test_changing import is_free, span_of, states

from meervoud.agreements.ending import Depends, DependsError, note_dependence, plan_for
from meervoud.agreements.models import Agreement, Dependence, Notice
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.matching.models import Side
from meervoud.parties.models import OutboxMail, Person
from meervoud.parties.privacy import forget
from meervoud.supply.calendar import Span
from meervoud.supply.models import Occupation
from meervoud.usage.changing import Said, call_off
from meervoud.usage.ending import (
    Ending,
    confirm_notice,
    give_notice,
    last_day_of,
    look_for_another,
    take_back_notice,
)
from meervoud.usage.models import Wait
from meervoud.usage.plan_changes import Asking, add_moments
from meervoud.usage.planning import choose, preview_plan
from meervoud.usage.running import end_what_is_over, remind_of_ends, start_what_begins
from meervoud.usage.waiting import wait_for

pytestmark = pytest.mark.django_db
EVERY = "a test looks at everything"


def make_plan() -> Plan:
    """Make a plan between people who read English."""
    plan = make_any_plan()
    Person.objects.update(language="en")
    return plan


def fresh(plan: Plan) -> Agreement:
    return Agreement.objects.visible_to(plan.desk).get(pk=plan.agreement.pk)


def settle(plan: Plan, plan_of: str = "stops") -> None:
    for each in plan.agreement.dependences.all():
        plan_for(dependence=each, by=plan.asker, plan=plan_of, text="", now=NOW)


def ending(by: Person, side: str, why: str, days: int = 0, text: str = "") -> Ending:
    return Ending(by, side, TODAY + timedelta(days=days), why, text)


def on(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo("Europe/Amsterdam"))


def subjects(kind: str = "agreement") -> list[tuple[str, str]]:
    rows = OutboxMail.objects.every(because=EVERY).filter(kind=kind).order_by("created_at")
    return [(each.address, each.subject) for each in rows]


def test_the_group_itself_depends_on_a_place_from_signing_on() -> None:
    plan = make_plan()
    row = plan.agreement.dependences.get()
    assert (row.who, row.plan) == ("", "")


def test_an_agreement_does_not_end_while_somebody_has_no_plan() -> None:
    plan = make_plan()
    note_dependence(agreement=plan.agreement, by=plan.asker, said=Depends("The children", 8, "a quiet room"))
    said = ending(plan.desk, Side.HOST, "both")
    with pytest.raises(DependsError) as caught, translation.override("en"):
        give_notice(agreement=plan.agreement, said=said, now=NOW)
    assert caught.value.names == "the group, The children"
    assert not Notice.objects.every(because=EVERY).exists()
    assert states(plan) == "pppppppp"
    settle(plan)
    give_notice(agreement=plan.agreement, said=said, now=NOW)
    assert (fresh(plan).state, fresh(plan).ended_why) == ("ended", "both")


def test_what_is_to_come_is_free_again_and_the_past_stays() -> None:
    plan = make_plan()
    settle(plan)
    later = plan.moments[1].ends_at + timedelta(hours=1)
    spans = [span_of(each) for each in plan.moments]
    said = Ending(plan.desk, Side.HOST, later.date(), "safety", "The ceiling came down")
    give_notice(agreement=plan.agreement, said=said, now=later)
    assert states(plan) == "ppcccccc"
    assert {each.reason for each in plan.moments[2:]} == {"ended"}
    assert all(is_free(plan.offer, span) for span in spans[2:])
    assert not is_free(plan.offer, spans[0])
    texts = [subject for _, subject in subjects() if "has ended" in subject]
    assert len(texts) == 2  # one for each side


def test_changes_and_waiting_end_with_it() -> None:
    plan = make_plan()
    settle(plan)
    wish = one_day(tuesday(12))
    preview = preview_plan(agreement=plan.agreement, wish=wish, people=5, now=NOW)
    asking = Asking(plan.asker, Side.ASKER, "one", NOW)
    change = add_moments(agreement=plan.agreement, wish=wish, chosen=choose(preview, preview.token, {}), asking=asking)
    span = Span(*(each + timedelta(weeks=30) for each in (plan.moments[0].starts_at, plan.moments[0].ends_at)))
    wait_for(agreement=plan.agreement, span=span, by=plan.asker, now=NOW)
    give_notice(agreement=plan.agreement, said=ending(plan.desk, Side.ASKER, "both"), now=NOW)
    change.refresh_from_db()
    assert change.state == "taken_back"
    assert Wait.objects.every(because=EVERY).get().state == "passed"
    assert not Occupation.objects.every(because=EVERY).filter(is_active=True, taking__kind__in=["use", "hold"]).exists()


def test_notice_keeps_the_days_agreed_and_the_other_ways_have_their_own_rule() -> None:
    plan = make_plan()
    settle(plan)
    with pytest.raises(InputError, match="30 days"):
        give_notice(agreement=plan.agreement, said=ending(plan.lender, Side.HOST, "notice", 29), now=NOW)
    with pytest.raises(InputError, match="past"):
        give_notice(agreement=plan.agreement, said=ending(plan.lender, Side.HOST, "both", -1), now=NOW)
    with pytest.raises(InputError, match="not safe"):
        give_notice(agreement=plan.agreement, said=ending(plan.lender, Side.HOST, "safety"), now=NOW)
    for why in ("period", "trial", "", "x" * 900):
        with pytest.raises(InputError, match="list"):
            give_notice(agreement=plan.agreement, said=ending(plan.lender, Side.HOST, why, 40), now=NOW)
    for by, side in ((plan.lender, Side.ASKER), (make_person(), Side.HOST), (plan.asker, Side.HOST)):
        with pytest.raises(NotAllowedError):
            give_notice(agreement=plan.agreement, said=ending(by, side, "notice", 40), now=NOW)
    notice = give_notice(agreement=plan.agreement, said=ending(plan.lender, Side.HOST, "notice", 30), now=NOW)
    assert (fresh(plan).state, notice.confirmed_at) == ("signed", NOW)
    assert last_day_of(plan.agreement) == TODAY + timedelta(days=30)
    with pytest.raises(ConflictError):
        give_notice(agreement=plan.agreement, said=ending(plan.asker, Side.ASKER, "notice", 40), now=NOW)


def test_sooner_needs_the_other_side_which_may_say_no() -> None:
    plan = make_plan()
    settle(plan)
    notice = give_notice(agreement=plan.agreement, said=ending(plan.lender, Side.HOST, "both"), now=NOW)
    assert (notice.confirmed_at, fresh(plan).state) == (None, "signed")
    with pytest.raises(NotAllowedError):
        confirm_notice(notice=notice, by=plan.lender, now=NOW)
    take_back_notice(notice=notice, by=plan.asker, now=NOW)  # the other side says no
    again = give_notice(agreement=plan.agreement, said=ending(plan.lender, Side.HOST, "both"), now=NOW)
    confirm_notice(notice=again, by=plan.asker, now=NOW)
    assert fresh(plan).state == "ended"
    for act, by in ((confirm_notice, plan.asker), (take_back_notice, plan.lender)):
        with pytest.raises(ConflictError):
            act(notice=again, by=by, now=NOW)


def test_notice_that_holds_is_taken_back_by_its_own_side_alone() -> None:
    plan = make_plan()
    notice = give_notice(agreement=plan.agreement, said=ending(plan.lender, Side.HOST, "notice", 40), now=NOW)
    with pytest.raises(NotAllowedError):
        take_back_notice(notice=notice, by=plan.asker, now=NOW)
    take_back_notice(notice=notice, by=plan.lender, now=NOW)
    assert last_day_of(plan.agreement) >= tuesday(7)


def test_the_host_writes_no_plan_for_the_group() -> None:
    plan = make_plan()
    row = plan.agreement.dependences.get()
    with pytest.raises(NotAllowedError):
        plan_for(dependence=row, by=plan.lender, plan="stops", text="", now=NOW)
    with pytest.raises(InputError):
        plan_for(dependence=row, by=plan.asker, plan="none", text="", now=NOW)
    plan_for(dependence=row, by=plan.desk, plan="partner", text="x\x00" * 900, now=NOW)
    row.refresh_from_db()
    assert (row.plan, row.settled_at, len(row.plan_text)) == ("partner", NOW, 300)


def test_the_list_of_who_depends_has_an_end_and_numbers_that_can_be() -> None:
    plan = make_plan()
    for people in (0, -1, 100_001):
        with pytest.raises(InputError):
            note_dependence(agreement=plan.agreement, by=plan.asker, said=Depends("x", people))
    for number in range(19):
        note_dependence(agreement=plan.agreement, by=plan.lender, said=Depends(f"Group {number}"))
    with pytest.raises(ConflictError, match="twenty"):
        note_dependence(agreement=plan.agreement, by=plan.asker, said=Depends("One more"))
    note_dependence(agreement=plan.agreement, by=plan.asker, said=Depends("Group 3", 4))
    with pytest.raises(NotAllowedError):
        note_dependence(agreement=plan.agreement, by=make_person(), said=Depends("x"))


def test_the_clock_starts_and_ends_and_never_ends_without_a_plan() -> None:
    plan = make_plan()
    first = plan.moments[0]
    assert start_what_begins(now=first.starts_at - timedelta(minutes=1)) == 0
    assert start_what_begins(now=first.starts_at) == 1
    assert start_what_begins(now=first.starts_at) == 0
    assert fresh(plan).state == "active"
    over = on(last_day_of(plan.agreement) + timedelta(days=1), 1)
    assert end_what_is_over(now=over - timedelta(hours=2)) == 0
    assert end_what_is_over(now=over) == 0
    waiting = [each for each in subjects() if "no plan" in each[1]]
    assert {each[0] for each in waiting} == {plan.desk.email, plan.lender.email, plan.asker.email}
    assert end_what_is_over(now=over) == 0
    assert len([each for each in subjects() if "no plan" in each[1]]) == len(waiting)  # not once more on the same day
    end_what_is_over(now=over + timedelta(days=7))
    assert len([each for each in subjects() if "no plan" in each[1]]) == 2 * len(waiting)
    settle(plan)
    assert end_what_is_over(now=over + timedelta(days=8)) == 1
    assert (fresh(plan).state, fresh(plan).ended_why) == ("ended", "period")
    assert end_what_is_over(now=over + timedelta(days=9)) == 0


def test_the_clock_ends_on_the_day_of_the_notice() -> None:
    plan = make_plan()
    settle(plan)
    give_notice(agreement=plan.agreement, said=ending(plan.lender, Side.HOST, "notice", 33), now=NOW)
    assert end_what_is_over(now=on(TODAY + timedelta(days=33), 23)) == 0
    assert end_what_is_over(now=on(TODAY + timedelta(days=34), 1)) == 1
    assert fresh(plan).ended_why == "notice"
    assert states(plan).endswith("c")


def test_an_agreement_lasts_as_long_as_its_last_moment() -> None:
    plan = make_plan()
    before = last_day_of(plan.agreement)
    wish = one_day(tuesday(20))
    preview = preview_plan(agreement=plan.agreement, wish=wish, people=5, now=NOW)
    asking = Asking(plan.desk, Side.ASKER, "longer", NOW)
    add_moments(agreement=plan.agreement, wish=wish, chosen=choose(preview, preview.token, {}), asking=asking)
    assert last_day_of(plan.agreement) == tuesday(20) > before


def test_both_sides_are_reminded_six_and_two_weeks_before_the_end_and_of_looking_back() -> None:
    plan = make_plan()
    last, address = last_day_of(plan.agreement), plan.asker.email
    review = plan.agreement.review_on
    assert review is not None
    for day in (last - timedelta(weeks=6, days=1), last - timedelta(weeks=6), last - timedelta(weeks=5)):
        remind_of_ends(now=on(day))
    assert len([each for each in subjects() if each[0] == address and "ends with" in each[1]]) == 1
    for day in (review, review, last - timedelta(days=14), last - timedelta(days=13)):
        remind_of_ends(now=on(day))
    found = [each[1] for each in subjects() if each[0] == address]
    assert len([each for each in found if "ends with" in each]) == 2


def test_looking_back_is_in_the_middle_and_after_four_weeks_at_least() -> None:
    plan = make_plan()
    first = plan.moments[0].starts_at.date()
    assert plan.agreement.review_on == first + timedelta(weeks=4)


def test_the_request_opens_again_when_the_group_wants_it() -> None:
    plan = make_plan()
    settle(plan)
    with pytest.raises(ConflictError):
        look_for_another(agreement=plan.agreement, by=plan.asker, now=NOW)
    give_notice(agreement=plan.agreement, said=ending(plan.desk, Side.ASKER, "both"), now=NOW)
    with pytest.raises(NotAllowedError):
        look_for_another(agreement=plan.agreement, by=plan.lender, now=NOW)
    look_for_another(agreement=plan.agreement, by=plan.asker, now=NOW)
    plan.agreement.request.refresh_from_db()
    assert plan.agreement.request.state == "open"
    with pytest.raises(ConflictError):
        look_for_another(agreement=plan.agreement, by=plan.asker, now=NOW)


def test_who_is_erased_leaves_no_words_behind() -> None:
    plan = make_plan()
    note_dependence(agreement=plan.agreement, by=plan.asker, said=Depends("Some", 3, "the ramp of Amir"))
    give_notice(agreement=plan.agreement, said=ending(plan.asker, Side.ASKER, "notice", 40, "Amir moves"), now=NOW)
    forget(person=plan.asker, by=None)
    row = Dependence.objects.every(because=EVERY).get(who="Some")
    notice = Notice.objects.every(because=EVERY).get()
    assert (row.needs, row.by, notice.text, notice.by) == ("—", None, "—", None)


def browser(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_the_page_takes_notice_plans_and_answers() -> None:
    plan = make_plan()
    address, group, host = reverse("agreement_end", args=[plan.agreement.pk]), browser(plan.asker), browser(plan.lender)
    page = group.get(address).content.decode()
    assert "no plan yet" in page
    assert f"first={last_day_of(plan.agreement) + timedelta(days=1)}" in page
    assert host.post(address, {"why": "notice", "last_day": str(TODAY)}).status_code == 422
    assert host.post(address, {"why": "safety", "last_day": "yesterday"}).status_code == 422
    said = {"why": "safety", "last_day": str(TODAY), "text": "The floor is wet"}
    assert "the group depend on it" in host.post(address, said, follow=True).content.decode()
    row = plan.agreement.dependences.get()
    assert group.post(reverse("dependence_plan", args=[row.pk]), {"plan": "x"}).status_code == 422
    assert group.post(reverse("dependence_plan", args=[row.pk]), {"plan": "stops"}).status_code == 302
    depends = reverse("agreement_depends", args=[plan.agreement.pk])
    assert group.post(depends, {"who": ""}).status_code == 422
    assert host.post(address, said).status_code == 302
    assert fresh(plan).state == "ended"
    page = group.get(address).content.decode()
    assert "Open our request again" in page
    assert "Open our request again" not in host.get(address).content.decode()
    assert group.post(reverse("agreement_again", args=[plan.agreement.pk])).status_code == 302
    assert browser(make_person()).get(address).status_code == 404


def test_the_page_of_more_moments_takes_the_days_of_a_link_and_nothing_else() -> None:
    plan = make_plan()
    address = reverse("plan_more", args=[plan.agreement.pk])
    page = browser(plan.asker).get(address, {"first": "2027-05-04", "last": '"><script>'}).content.decode()
    assert "2027-05-04" in page
    assert "<script>" not in page


def test_ended_agreements_take_no_more_moments_or_other_rooms() -> None:
    plan = make_plan()
    settle(plan)
    call_off(moment=plan.moments[0], scope="one", said=Said(plan.lender, "host", "own_use", NOW))
    give_notice(agreement=plan.agreement, said=ending(plan.desk, Side.ASKER, "both"), now=NOW)
    assert browser(plan.asker).get(reverse("plan_more", args=[plan.agreement.pk])).status_code == 404
    span = span_of(plan.moments[0])
    with pytest.raises(ConflictError):
        wait_for(agreement=plan.agreement, span=span, by=plan.asker, now=NOW)
