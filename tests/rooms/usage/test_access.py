"""Whom to call and what opens the door: each seen by who needs it, when they need it, and every look is noted."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.rooms.makers import TODAY, make_organisation, make_person
from tests.rooms.usage.makers import NOW, Plan, make_plan

from meervoud.agreements.contacts import Opens, Reach, add_contact, add_secret, remove_contact, remove_secret
from meervoud.agreements.models import AccessSecret, AgreementContact
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.models import JournalEntry
from meervoud.matching.models import Side
from meervoud.parties.models import Person
from meervoud.parties.privacy import forget
from meervoud.site.own_data import everything_about
from meervoud.usage.changing import Said, call_off

pytestmark = pytest.mark.django_db
EVERY = "a test looks at everything"


class Clock:
    """What the page takes for now."""

    at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("meervoud.usage.views.access.now", clock)
    monkeypatch.setattr("meervoud.lib.journal.now", clock)
    return clock


def page(plan: Plan, person: Person) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client.get(reverse("agreement_access", args=[plan.agreement.pk])).content.decode()


def reach(plan: Plan, side: str, name: str, **values: object) -> AgreementContact:
    by = plan.asker if side == Side.ASKER else plan.lender
    said = Reach(side, "contact", name, "020 555 0123", **values)  # type: ignore[arg-type]  # values of a contact
    return add_contact(agreement=plan.agreement, by=by, reach=said)


def code(plan: Plan, by: Person | None = None, **values: object) -> AccessSecret:
    said = Opens("code", "4711#", **values)  # type: ignore[arg-type]  # values of a secret
    return add_secret(agreement=plan.agreement, by=by or plan.lender, opens=said)


def looks(plan: Plan) -> list[tuple[object, str]]:
    rows = JournalEntry.objects.filter(verb="access.seen", thing=plan.agreement.pk).order_by("number")
    return [(each.actor, each.details["why"]) for each in rows]


def test_the_other_side_is_seen_after_signing_only() -> None:
    plan = make_plan(signed=False)
    reach(plan, Side.HOST, "Conny Concierge")
    reach(plan, Side.ASKER, "Dora Deputy")
    assert "Conny Concierge" not in page(plan, plan.asker)
    assert "Dora Deputy" not in page(plan, plan.lender)
    assert all(name in page(plan, plan.desk) for name in ("Conny Concierge", "Dora Deputy"))
    signed = make_plan()
    reach(signed, Side.HOST, "Conny Concierge")
    assert "Conny Concierge" in page(signed, signed.asker)
    assert "Conny Concierge" not in page(signed, make_person())


def test_the_host_of_a_sheltered_group_calls_the_desk() -> None:
    plan = make_plan(is_sheltered=True)
    reach(plan, Side.ASKER, "Dora Deputy")
    text = page(plan, plan.lender)
    assert "Dora" not in text
    assert f"Call the desk: {plan.programme.desk_phone}" in text
    assert "Dora Deputy" in page(plan, plan.asker)
    assert not AgreementContact.objects.visible_to(plan.lender).filter(side=Side.ASKER).exists()


def test_a_code_is_seen_by_the_group_from_a_day_before_a_moment_until_its_end(clock: Clock) -> None:
    plan = make_plan()
    code(plan)
    first = plan.moments[0]
    seen = {}
    for at in (
        first.starts_at - timedelta(hours=24, minutes=1),
        first.starts_at - timedelta(hours=24),
        first.ends_at - timedelta(minutes=1),
        first.ends_at,
    ):
        clock.at = at
        seen[at] = "4711#" in page(plan, plan.asker)
        assert "4711#" in page(plan, plan.lender)
    assert list(seen.values()) == [False, True, True, False]
    clock.at = plan.moments[1].starts_at
    call_off(moment=plan.moments[1], scope="one", said=Said(plan.asker, "asker", "ill", NOW))
    assert "4711#" not in page(plan, plan.asker)  # who does not come needs no code


def test_each_look_of_the_group_is_noted_once_a_day(clock: Clock) -> None:
    plan = make_plan()
    code(plan)
    clock.at = plan.moments[0].starts_at - timedelta(hours=23)
    for _ in range(3):
        page(plan, plan.asker)
    assert looks(plan) == [(plan.asker.pk, "moment")]
    clock.at = plan.moments[0].starts_at
    page(plan, plan.asker)
    page(plan, plan.lender)
    assert looks(plan) == [(plan.asker.pk, "moment")] * 2


def test_the_desk_looks_with_a_reason_that_is_noted(clock: Clock) -> None:
    plan = make_plan()
    code(plan)
    clock.at = plan.moments[0].starts_at
    assert "4711#" not in page(plan, plan.desk)
    client = Client(headers={"accept-language": "en"})
    client.force_login(plan.desk)
    address = reverse("agreement_look", args=[plan.agreement.pk])
    assert client.post(address, {"why": "curious"}).status_code == 422
    answer = client.post(address, {"why": "locked_out"})
    assert "4711#" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert looks(plan) == [(plan.desk.pk, "locked_out")]
    client.force_login(plan.asker)
    assert client.post(address, {"why": "check"}).status_code == 404


def test_a_code_holds_between_its_days_and_for_its_side(clock: Clock) -> None:
    plan = make_plan()
    clock.at = plan.moments[0].starts_at
    day = clock.at.date()
    code(plan, valid_from=day + timedelta(days=1))
    code(plan, valid_until=day - timedelta(days=1))
    code(plan, for_side=Side.HOST)
    assert "4711#" not in page(plan, plan.asker)
    code(plan, valid_from=day, valid_until=day)
    assert page(plan, plan.asker).count("4711#") == 1


def test_who_wrote_it_sees_it_always(clock: Clock) -> None:
    plan = make_plan()
    code(plan, plan.asker)
    assert "4711#" in page(plan, plan.asker)


def test_what_cannot_be_is_refused() -> None:
    plan = make_plan()
    with pytest.raises(NotAllowedError):
        add_contact(agreement=plan.agreement, by=plan.asker, reach=Reach("host", "contact", "X", "1"))
    for wrong in (Reach("asker", "boss", "X", "1"), Reach("asker", "contact", "X"), Reach("asker", "contact", "", "1")):
        with pytest.raises(InputError):
            add_contact(agreement=plan.agreement, by=plan.asker, reach=wrong)
    wrong_days = Opens("code", "1", "asker", TODAY, TODAY - timedelta(days=1))
    for opens in (Opens("x", "1"), Opens("code", " \x00"), Opens("code", "1", "desk"), wrong_days):
        with pytest.raises(InputError):
            add_secret(agreement=plan.agreement, by=plan.lender, opens=opens)
    with pytest.raises(NotAllowedError):
        add_secret(agreement=plan.agreement, by=make_person(), opens=Opens("code", "1"))
    for _ in range(12):
        code(plan)
    with pytest.raises(ConflictError):
        code(plan)


def test_each_side_removes_its_own() -> None:
    plan = make_plan()
    mine, theirs = reach(plan, Side.ASKER, "Dora"), reach(plan, Side.HOST, "Conny")
    with pytest.raises(NotAllowedError):
        remove_contact(contact=theirs, by=plan.asker)
    with pytest.raises(NotAllowedError):
        remove_secret(secret=code(plan), by=plan.asker)
    remove_contact(contact=mine, by=plan.asker)
    remove_secret(secret=code(plan, plan.asker), by=plan.lender)
    assert [each.name for each in AgreementContact.objects.every(because=EVERY)] == ["Conny"]


def test_who_is_erased_stands_on_no_list_and_reads_before_where_they_stood() -> None:
    plan = make_plan()
    dora = make_person("Dora Deputy")
    reach(plan, Side.ASKER, "Dora Deputy", email=(dora.email or "").upper())
    reach(plan, Side.ASKER, "Amir Asker", is_me=True)
    code(plan, plan.asker)
    assert [each["name"] for each in everything_about(dora)["contacts"]] == ["Dora Deputy"]
    told = everything_about(plan.asker)
    assert [each["name"] for each in told["contacts"]] == ["Amir Asker"]
    assert "4711#" not in str(told)
    assert [each["kind"] for each in told["endings"]] == ["access code"]
    forget(person=dora, by=None)
    forget(person=plan.asker, by=None)
    assert not AgreementContact.objects.every(because=EVERY).exists()
    assert AccessSecret.objects.every(because=EVERY).get().by is None


def test_the_forms_take_contacts_and_codes() -> None:
    plan = make_plan()
    client = Client(headers={"accept-language": "en"})
    client.force_login(plan.asker)
    contact = reverse("agreement_contact", args=[plan.agreement.pk])
    said = {"side": "asker", "role": "deputy", "name": "<b>Dora</b>", "phone": "1"}
    assert client.post(contact, {**said, "phone": ""}).status_code == 422
    assert client.post(contact, {**said, "side": "host"}).status_code == 422
    assert client.post(contact, said).status_code == 302
    assert "&lt;b&gt;Dora" in page(plan, plan.asker)
    secret = reverse("agreement_secret", args=[plan.agreement.pk])
    days = {"valid_from": str(TODAY), "valid_until": str(TODAY - timedelta(days=1))}
    assert client.post(secret, {"kind": "code", "text": "1", "for_side": "asker", **days}).status_code == 422
    assert client.post(secret, {"kind": "note", "text": "Mind the step", "for_side": "asker"}).status_code == 302
    found = AccessSecret.objects.every(because=EVERY).get()
    client.force_login(make_person())
    assert client.post(reverse("secret_remove", args=[found.pk])).status_code == 404
    row = AgreementContact.objects.every(because=EVERY).get()
    assert client.post(reverse("contact_remove", args=[row.pk])).status_code == 404


def test_members_of_the_host_see_the_code_and_its_colleagues_elsewhere_do_not() -> None:
    plan = make_plan()
    code(plan)
    other = make_person()
    make_organisation(plan.programme, member=other)
    assert AccessSecret.objects.visible_to(plan.lender).count() == 1
    assert AccessSecret.objects.visible_to(other).count() == 0
