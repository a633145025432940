"""What a person did with rooms is handed out to them and nobody else; what is erased is gone, and the rest goes on."""

import json
from dataclasses import dataclass

import pytest
from tests.rooms.makers import make_offer, make_organisation, weekly
from tests.rooms.usage.makers import EVENING, NOW, Plan, make_plan, one_day, tuesday
from tests.rooms.usage.test_tonight import building_of

from meervoud.agreements.consenting import Approved, Needed, ask_approval, note_approval
from meervoud.agreements.models import Agreement, Minutes
from meervoud.agreements.uploads import Paper
from meervoud.core.engine.types.requests import Weekly
from meervoud.matching.models import Side
from meervoud.parties.privacy import forget
from meervoud.site.own_data import everything_about
from meervoud.site.own_use import USED
from meervoud.supply.calendar import Span
from meervoud.usage.changing import Said, call_off
from meervoud.usage.checking_in import Report, check_in
from meervoud.usage.feeds import feed_of, make_feed
from meervoud.usage.incidents import Happened, settle_incident, tell_incident
from meervoud.usage.models import CheckIn, Feed, Incident, PlanChange, StandIn, UsageMoment, Wait
from meervoud.usage.plan_changes import Asking, add_moments
from meervoud.usage.planning import Chosen
from meervoud.usage.standing_in import ask_stand_in
from meervoud.usage.waiting import wait_for
from meervoud.usage.wishes import span_on

pytestmark = pytest.mark.django_db
EVERY = "a test looks at everything"


@dataclass(frozen=True)
class Used:
    """A plan whose group did one of each, with words that hold the mark."""

    plan: Plan
    secret: str
    wait: Wait


def one_of_each(mark: str) -> Used:
    plan = make_plan(title=f"{mark} evening")
    agreement, asker = plan.agreement, plan.asker
    held, lost, off, taken = plan.moments[:4]
    after = held.ends_at
    report = Report(way="account", key=f"{mark} key 1", was_held=True, people=9, note=f"{mark} was there", by=asker)
    check_in(moment=held, report=report, now=after)
    _, secret = make_feed(person=asker, about="person")
    wait = wait_for(agreement=agreement, span=Span(taken.starts_at, taken.ends_at), by=asker, now=NOW)
    ask_for_more(plan, mark)
    call_off(moment=off, scope="one", said=Said(asker, Side.ASKER, "ill", NOW, f"{mark} has a cold"))
    call_off(moment=lost, scope="one", said=Said(plan.desk, Side.HOST, "works", NOW, "A new floor"))
    room = make_offer(plan.programme, host=make_organisation(plan.programme, member=asker))
    ask_stand_in(moment=lost, offer=room, by=asker, now=NOW)
    said = Happened(kind="lock", note="The door does not close", key=f"{mark} key 2", by=asker)
    told = tell_incident(building=building_of(plan), said=said, moment=held)
    settle_incident(incident=told, how="A new lock", by=plan.desk, now=after)
    return Used(plan, secret, wait)


def ask_for_more(plan: Plan, mark: str) -> None:
    """Ask for one evening more, which waits for the host's yes."""
    day = tuesday(12)
    span = span_on(day, EVENING, plan.programme.time_zone)
    assert span is not None
    asking = Asking(plan.asker, Side.ASKER, f"{mark} more", NOW, f"{mark} says goodbye")
    add_moments(agreement=plan.agreement, wish=one_day(day), chosen=[Chosen(day, span)], asking=asking)


def told_of(used: Used) -> dict[str, list[dict[str, object]]]:
    told = everything_about(used.plan.asker)
    return {name: told[name] for name in USED}


def test_a_person_takes_along_what_they_did_with_rooms() -> None:
    used = one_of_each("Zwaluw")
    told = told_of(used)
    assert {each["agreement"] for each in told["moments"]} == {str(used.plan.agreement.pk)}
    assert [each["state"] for each in told["moments"]][:4] == ["held", "withdrawn", "cancelled", "planned"]
    assert (told["moments"][0]["people"], told["moments"][0]["space"]) == (9, "Quay room")
    assert told["moments"][0]["starts_at"] == used.plan.moments[0].starts_at.isoformat()
    (report,) = told["reports_of_moments"]
    assert (report["way"], report["people"], report["note"]) == ("account", 9, "Zwaluw was there")
    assert [each["about"] for each in told["calendars"]] == ["person"]
    assert [(each["state"], each["space"]) for each in told["waits"]] == [("waiting", "Quay room")]
    (change,) = told["plan_changes"]
    assert (change["state"], change["text"], len(list(change["moments"]))) == ("proposed", "Zwaluw says goodbye", 1)  # type: ignore[call-overload]  # a list
    assert [(each["asked"], each["answered"]) for each in told["other_rooms"]] == [(True, False)]
    (incident,) = told["incidents"]
    assert (incident["text"], incident["has_photo"], "how" in incident) == ("The door does not close", False, False)
    (settled,) = everything_about(used.plan.desk)["incidents"]
    assert (settled["how"], "text" in settled) == ("A new lock", False)


def test_no_secret_and_nothing_of_another_group_is_in_it() -> None:
    own, other = one_of_each("Zwaluw"), one_of_each("Reiger")
    text = json.dumps(everything_about(own.plan.asker))
    assert "Zwaluw was there" in text
    assert "Reiger" not in text
    for secret in (own.secret, other.secret, Feed.objects.visible_to(own.plan.asker).get().token_hash):
        assert secret not in text


def test_the_minutes_that_a_person_sent_are_named() -> None:
    plan = make_plan(signed=False)
    approval = ask_approval(agreement=plan.agreement, by=plan.lender, needed=Needed(Side.HOST, "board"))
    said = Approved("given", NOW.date(), minutes=Paper(b"%PDF-1.7", "application/pdf"))
    note_approval(approval=approval, by=plan.lender, said=said)
    (minutes,) = everything_about(plan.lender)["minutes"]
    assert (minutes["agreement"], minutes["who"]) == (str(plan.agreement.pk), "board")
    assert everything_about(plan.asker)["minutes"] == []
    assert Minutes.objects.every(because=EVERY).count() == Agreement.objects.every(because=EVERY).count() == 1


def test_what_is_erased_is_gone_and_what_took_place_stays() -> None:
    gone, other = one_of_each("Zwaluw"), one_of_each("Reiger")
    held = gone.plan.moments[0]
    forget(person=gone.plan.asker, by=None)
    told = told_of(gone)
    assert {name: rows for name, rows in told.items() if name != "moments" and rows} == {}
    assert "Zwaluw" not in json.dumps(told)
    assert feed_of(gone.secret) is None
    assert Wait.objects.every(because=EVERY).get(pk=gone.wait.pk).state == "passed"
    held.refresh_from_db()
    assert (held.state, held.people, held.evidence) == ("held", 9, "checked_in")
    notes = sorted(Incident.objects.every(because=EVERY).values_list("note", flat=True))
    assert notes == ["The door does not close"] * 2
    assert feed_of(other.secret) is not None
    assert "Reiger was there" in json.dumps(told_of(other))


def test_no_words_of_somebody_erased_are_left_in_any_row() -> None:
    gone = one_of_each("Zwaluw")
    words = (
        (CheckIn, "note", "was there"),
        (PlanChange, "note", "says goodbye"),
        (UsageMoment, "reason_text", "has a cold"),
    )
    for model, name, said in words:
        assert model.objects.every(because=EVERY).filter(**{f"{name}__contains": said}).exists()
    forget(person=gone.plan.asker, by=None)
    for model, name, said in words:
        assert not model.objects.every(because=EVERY).filter(**{f"{name}__contains": said}).exists()
    assert UsageMoment.objects.every(because=EVERY).filter(reason_text="A new floor").exists()
    assert not StandIn.objects.every(because=EVERY).filter(asked_by=gone.plan.asker).exists()


def test_the_next_in_the_row_is_offered_what_somebody_erased_was_offered() -> None:
    first = make_plan()
    span = Span(first.moments[4].starts_at, first.moments[4].ends_at)
    waits = []
    for number in range(2):
        plan = make_plan(signed=False, offer=first.offer, needs=(later(number),))
        waits.append((plan, wait_for(agreement=plan.agreement, span=span, by=plan.asker, now=NOW)))
    moment = first.moments[4]
    call_off(moment=moment, scope="one", said=Said(first.asker, Side.ASKER, "ill", NOW))
    assert [state_of(wait) for _, wait in waits] == ["offered", "waiting"]
    forget(person=waits[0][0].asker, by=None)
    assert [state_of(wait) for _, wait in waits] == ["passed", "offered"]


def later(number: int) -> Weekly:
    """Ask for another evening of the week."""
    return weekly((2 + number,))


def state_of(wait: Wait) -> str:
    return Wait.objects.every(because=EVERY).get(pk=wait.pk).state
