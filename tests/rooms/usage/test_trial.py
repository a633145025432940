"""A trial evening: one moment is planned, the other time is kept, and both sides say what it leads to."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from tests.rooms.makers import TODAY, make_person
from tests.rooms.usage.makers import NOW, Plan, make_plan
from tests.rooms.usage.test_changing import is_free, span_of, states

from meervoud.agreements.consenting import say_consent
from meervoud.agreements.drafts import change_terms, last_version, propose_agreement
from meervoud.agreements.ending import Depends, DependsError, note_dependence, plan_for
from meervoud.agreements.models import Agreement, TrialAnswer
from meervoud.agreements.signing import Pen, sign
from meervoud.agreements.terms import read_terms
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.matching.models import Side
from meervoud.parties.models import OutboxMail, Person
from meervoud.supply.calendar import Span
from meervoud.usage.models import Series
from meervoud.usage.running import look_after_trials
from meervoud.usage.trial import answer_trial, trial_of

pytestmark = pytest.mark.django_db
EVERY = "a test looks at everything"


def make_trial() -> Plan:
    """Make a plan of eight evenings that begins with one on trial."""
    plan = make_plan(signed=False)
    agreement, by = plan.agreement, plan.desk
    terms = read_terms(last_version(agreement).terms)
    change_terms(agreement=agreement, by=by, terms=replace(terms, is_trial=True))
    propose_agreement(agreement=agreement, by=by)
    for side in Side.values:
        say_consent(agreement=agreement, number=2, side=side, by=by, kind="agree")
    for side in Side.values:
        sign(agreement=agreement, number=2, pen=Pen(side, by, "paper"), now=NOW, today=TODAY)
    Person.objects.update(language="en")
    rows = Agreement.objects.visible_to(by).select_related("programme", "offer__space__building", "offer__host")
    return replace(plan, agreement=rows.get(pk=agreement.pk))


def all_spans(plan: Plan) -> list[Span]:
    return [Span(*each) for each in read_terms(last_version(plan.agreement).terms).times.moments]


def after(plan: Plan) -> datetime:
    return plan.moments[0].ends_at


def say(plan: Plan, side: str, *, goes_on: bool, reason: str = "", at: datetime | None = None) -> TrialAnswer:
    by = plan.asker if side == Side.ASKER else plan.lender
    return answer_trial(
        agreement=plan.agreement, side=side, by=by, goes_on=goes_on, reason=reason, now=at or after(plan)
    )


def state_of(plan: Plan) -> tuple[str, str]:
    row = Agreement.objects.visible_to(plan.desk).get(pk=plan.agreement.pk)
    return row.state, row.ended_why


def test_one_evening_is_planned_and_the_other_time_is_kept() -> None:
    plan = make_trial()
    assert states(plan) == "p"
    assert [is_free(plan.offer, each) for each in all_spans(plan)] == [False] * 8
    words = {each["key"] for each in last_version(plan.agreement).clauses}
    assert "trial" in words
    assert not plan.agreement.dependences.exists()  # nobody depends on a single evening yet


def test_without_the_tick_all_is_planned_and_no_clause_says_trial() -> None:
    plan = make_plan()
    assert states(plan) == "pppppppp"
    assert "trial" not in {each["key"] for each in last_version(plan.agreement).clauses}
    assert trial_of(plan.agreement) is None


def test_both_go_on_and_the_rest_is_planned_as_it_would_have_been() -> None:
    plan, usual = make_trial(), make_plan()
    say(plan, Side.ASKER, goes_on=True)
    assert states(plan) == "p"
    say(plan, Side.HOST, goes_on=True)
    assert states(plan) == "pppppppp"
    assert [span_of(each) for each in plan.moments] == all_spans(plan)
    made, other = (Series.objects.every(because=EVERY).filter(agreement=each.agreement).get() for each in (plan, usual))
    assert (made.weekdays, made.starts, made.minutes) == (other.weekdays, other.starts, other.minutes)
    assert plan.agreement.dependences.get().who == ""
    assert trial_of(plan.agreement) is None
    with pytest.raises(ConflictError):
        say(plan, Side.HOST, goes_on=False, reason="Too loud")


def test_what_is_past_when_both_go_on_is_not_planned() -> None:
    plan = make_trial()
    late = all_spans(plan)[2].ends_at
    say(plan, Side.ASKER, goes_on=True, at=late)
    say(plan, Side.HOST, goes_on=True, at=late)
    assert [span_of(each) for each in plan.moments] == [all_spans(plan)[0], *all_spans(plan)[3:]]


def test_one_stops_with_a_reason_and_the_rest_is_free() -> None:
    plan = make_trial()
    with pytest.raises(InputError):
        say(plan, Side.HOST, goes_on=False, reason=" \x00 ")
    say(plan, Side.ASKER, goes_on=True)
    say(plan, Side.HOST, goes_on=False, reason="It was too loud for us")
    assert state_of(plan) == ("ended", "trial")
    assert [is_free(plan.offer, each) for each in all_spans(plan)] == [False, *[True] * 7]
    assert states(plan) == "p"  # the evening itself took place


def test_nobody_answers_before_the_evening_or_for_another() -> None:
    plan = make_trial()
    with pytest.raises(ConflictError):
        say(plan, Side.HOST, goes_on=True, at=after(plan) - timedelta(minutes=1))
    for by, side in ((plan.lender, Side.ASKER), (make_person(), Side.HOST)):
        with pytest.raises(NotAllowedError):
            answer_trial(agreement=plan.agreement, side=side, by=by, goes_on=True, reason="", now=after(plan))


def test_a_trial_does_not_end_over_somebody_who_depends_on_it() -> None:
    plan = make_trial()
    row = note_dependence(agreement=plan.agreement, by=plan.asker, said=Depends("The choir", 9))
    with pytest.raises(DependsError):
        say(plan, Side.HOST, goes_on=False, reason="Too loud")
    assert look_after_trials(now=after(plan) + timedelta(days=15)) == 1  # reminded, not ended
    assert state_of(plan)[0] == "signed"
    plan_for(dependence=row, by=plan.asker, plan="other_space", text="", now=NOW)
    assert look_after_trials(now=after(plan) + timedelta(days=15)) == 1
    assert state_of(plan) == ("ended", "trial")


@pytest.mark.parametrize("who", [None, Side.ASKER])
def test_the_clock_asks_the_day_after_and_ends_what_not_both_went_on_with(who: str | None) -> None:
    plan = make_trial()
    zone = ZoneInfo("Europe/Amsterdam")
    morning = datetime.combine(after(plan).astimezone(zone).date() + timedelta(days=1), time(9), zone)
    assert look_after_trials(now=morning - timedelta(minutes=1)) == 0
    assert look_after_trials(now=morning) == 1
    assert look_after_trials(now=morning) == 0
    rows = OutboxMail.objects.every(because=EVERY).filter(kind="agreement", subject__contains="do you go on")
    assert {each.address for each in rows} == {plan.asker.email, plan.lender.email}
    if who:
        say(plan, who, goes_on=True)
    assert look_after_trials(now=after(plan) + timedelta(days=14, minutes=-1)) == 0
    assert look_after_trials(now=after(plan) + timedelta(days=14)) == 1
    assert state_of(plan) == ("ended", "trial")
    assert is_free(plan.offer, all_spans(plan)[-1])


def browser(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_the_page_of_the_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = make_trial()
    address = reverse("agreement_trial", args=[plan.agreement.pk])
    assert (
        "The trial evening" in browser(plan.asker).get(reverse("agreement", args=[plan.agreement.pk])).content.decode()
    )
    assert "Come back after the evening." in browser(plan.asker).get(address).content.decode()
    assert browser(plan.asker).post(address, {"goes_on": "perhaps"}).status_code == 422
    assert browser(make_person()).get(address).status_code == 404
    monkeypatch.setattr("meervoud.usage.views.ending.now", lambda: after(plan))
    assert browser(plan.asker).post(address, {"goes_on": "no", "reason": ""}).status_code == 422
    assert browser(plan.asker).post(address, {"goes_on": "yes", "side": "host"}).status_code == 302
    assert plan.agreement.trial_answers.get().side == Side.ASKER  # nobody answers for the other side
    assert browser(plan.desk).post(address, {"goes_on": "yes", "side": "host"}).status_code == 302
    assert len(plan.moments) == 8
    assert browser(plan.asker).get(address).status_code == 404
    other = make_plan()
    assert browser(other.asker).get(reverse("agreement_trial", args=[other.agreement.pk])).status_code == 404
