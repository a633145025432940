"""After signing: a new version goes through consent and signatures while the old one stays in force."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from tests.rooms.makers import TODAY, make_person
from tests.rooms.usage.makers import NOW, Plan, make_plan

from meervoud.agreements.consenting import Needed, ask_approval, say_consent
from meervoud.agreements.drafts import (
    change_clause,
    change_terms,
    last_version,
    may_change,
    take_back_version,
    version_in_force,
    version_that_counts,
)
from meervoud.agreements.models import Agreement, Document, State, Version
from meervoud.agreements.signing import ApprovalOpenError, Pen, sign
from meervoud.agreements.terms import read_terms
from meervoud.core.errors import ConflictError, NotAllowedError
from meervoud.matching.models import Side
from meervoud.parties.models import Person
from meervoud.usage.models import UsageMoment

pytestmark = pytest.mark.django_db
EVERY = "a test looks at everything"


def change(plan: Plan, **values: object) -> Version:
    terms = read_terms(last_version(plan.agreement).terms)
    return change_terms(agreement=plan.agreement, by=plan.asker, terms=replace(terms, **values))  # type: ignore[arg-type]  # values of terms


def consent(plan: Plan, number: int) -> None:
    for side, by in ((Side.ASKER, plan.asker), (Side.HOST, plan.lender)):
        say_consent(agreement=plan.agreement, number=number, side=side, by=by, kind="agree")


def sign_for(plan: Plan, number: int, side: str) -> Agreement:
    by = plan.asker if side == Side.ASKER else plan.lender
    return sign(agreement=plan.agreement, number=number, pen=Pen(side, by, "platform"), now=NOW, today=TODAY)


def browser(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_the_old_version_stays_in_force_until_both_signed_the_new_one() -> None:
    plan = make_plan()
    made = change(plan, people=5, cancel_days=7)
    assert (made.number, version_that_counts(plan.agreement).number, may_change(plan.agreement)) == (2, 1, True)
    consent(plan, 2)
    assert sign_for(plan, 2, Side.HOST).state == State.SIGNED
    assert version_that_counts(plan.agreement).number == 1
    done = sign_for(plan, 2, Side.ASKER)
    assert (done.state, may_change(done), version_that_counts(done).number) == (State.SIGNED, False, 2)
    assert read_terms(version_that_counts(done).terms).people == 5
    kept = Document.objects.every(because=EVERY).filter(agreement=done)
    assert sorted(kept.values_list("version__number", "form")) == [(1, "json"), (1, "pdf"), (2, "json"), (2, "pdf")]
    assert UsageMoment.objects.every(because=EVERY).count() == 8  # what was planned is planned once
    first = kept.get(version__number=1, form="json")
    assert b'"people": 12' in bytes(first.data)


def test_what_was_signed_is_the_same_bytes_whatever_is_proposed_after_it() -> None:
    plan = make_plan()
    before = browser(plan.asker).get(reverse("agreement_signed", args=[plan.agreement.pk])).content
    change(plan, kind="loan", people=3)
    address = reverse("agreement_signed", args=[plan.agreement.pk])
    assert browser(plan.asker).get(address).content == before
    assert browser(plan.asker).get(address + "?version=2").status_code == 404
    pdf = reverse("agreement_pdf", args=[plan.agreement.pk])
    assert browser(plan.asker).get(pdf + "?version=1").headers["Content-Disposition"].count("agreement-1-") == 1
    for hostile in ("9", "-1", "x", "١", "9" * 40):
        assert browser(plan.asker).get(pdf, {"version": hostile}).status_code == 404


def test_times_and_the_trial_do_not_change_after_signing() -> None:
    plan = make_plan()
    times = read_terms(last_version(plan.agreement).terms).times
    with pytest.raises(ConflictError, match="plan"):
        change(plan, times=replace(times, moments=times.moments[1:]))
    with pytest.raises(ConflictError, match="plan"):
        change(plan, is_trial=True)
    with pytest.raises(NotAllowedError):
        change_terms(agreement=plan.agreement, by=make_person(), terms=read_terms(last_version(plan.agreement).terms))


def test_a_change_waits_for_consent_and_for_approvals() -> None:
    plan = make_plan()
    with pytest.raises(ConflictError):  # nothing is proposed
        say_consent(agreement=plan.agreement, number=1, side=Side.HOST, by=plan.lender, kind="agree")
    with pytest.raises(ConflictError):
        ask_approval(agreement=plan.agreement, by=plan.lender, needed=Needed(Side.HOST, "board"))
    change_clause(agreement=plan.agreement, by=plan.lender, key="care", text="Leave it clean.")
    with pytest.raises(ConflictError):
        sign_for(plan, 2, Side.HOST)
    ask_approval(agreement=plan.agreement, by=plan.lender, needed=Needed(Side.HOST, "board"))
    consent(plan, 2)
    with pytest.raises(ApprovalOpenError):
        sign_for(plan, 2, Side.HOST)


def test_what_is_proposed_can_be_taken_back_and_its_number_is_not_used_again() -> None:
    plan = make_plan()
    change(plan, people=5)
    consent(plan, 2)
    sign_for(plan, 2, Side.HOST)
    take_back_version(agreement=plan.agreement, by=plan.asker, now=NOW)
    assert not may_change(plan.agreement)
    with pytest.raises(ConflictError):
        sign_for(plan, 2, Side.ASKER)
    with pytest.raises(ConflictError):
        take_back_version(agreement=plan.agreement, by=plan.asker, now=NOW)
    assert change(plan, people=6).number == 3
    assert read_terms(last_version(plan.agreement).terms).people == 6


def test_the_page_says_what_is_in_force_and_what_is_proposed() -> None:
    plan = make_plan()
    group, address = browser(plan.asker), reverse("agreement", args=[plan.agreement.pk])
    assert "In force: version" not in group.get(address).content.decode()
    form = group.get(reverse("agreement_terms", args=[plan.agreement.pk])).content.decode()
    assert "is_trial" not in form
    change(plan, people=5)
    page = group.get(address).content.decode()
    assert "In force: version 1. Proposed: version 2." in page
    assert "Take the proposed version back" in page
    assert "Withdraw this agreement" not in page
    assert group.post(reverse("agreement_take_back", args=[plan.agreement.pk])).status_code == 302
    assert "In force: version" not in group.get(address).content.decode()


def test_terms_are_changed_by_form_after_signing_too() -> None:
    plan = make_plan()
    address = reverse("agreement_terms", args=[plan.agreement.pk])
    group = browser(plan.lender)
    form = group.get(address).context["form"]
    sent = {name: "" if value is None else value for name, value in form.initial.items()}
    answer = group.post(address, {**sent, "people": "4", "note": "Fewer people"})
    assert answer.status_code == 302
    assert (last_version(plan.agreement).number, version_in_force(plan.agreement)) != (1, None)
    assert read_terms(last_version(plan.agreement).terms).people == 4
