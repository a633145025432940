"""The pages of an impact plan: begun, its steps written, locked, opened again; refused clearly; nobody else's."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from tests.rooms.makers import make_matchmaker, make_organisation, make_person, make_programme, make_request
from tests.rooms.outcomes.as_sent import as_sent
from tests.rooms.outcomes.impact_makers import FULL, MEASUREMENT, NETTING, lock, make_impact_plan, owner, write

from meervoud.outcomes.impact.book import book_of
from meervoud.outcomes.impact.measures import survey_choices
from meervoud.outcomes.impact.rules import what_lacks
from meervoud.outcomes.models import ImpactPlan, Step, StepVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """Somebody who reads English."""
    return Client(headers={"accept-language": "en"})


def page(client: Client, plan: ImpactPlan, step: Step) -> Any:
    return client.get(reverse("impact_step", args=[plan.pk, int(step)]))


def send(client: Client, plan: ImpactPlan, step: Step, said: dict[str, Any]) -> Any:
    return client.post(reverse("impact_step", args=[plan.pk, int(step)]), said)


@pytest.fixture
def plan() -> ImpactPlan:
    return make_impact_plan()


@pytest.fixture
def writer(plan: ImpactPlan, client: Client) -> Client:
    client.force_login(owner(plan))
    return client


class TestBeginning:
    def test_a_plan_begins_from_an_example_with_its_first_steps(self, client: Client) -> None:
        request = make_request()
        client.force_login(request.asked_by)
        said = {"about": f"request-{request.pk}", "title": "Cafe", "example": "language_cafe", "language": "nl"}
        response = client.post(reverse("impact_plans"), said)
        plan = ImpactPlan.objects.every(because="a test").get()
        assert response.headers["Location"] == reverse("impact_plan", args=[plan.pk])
        book = book_of(plan)
        assert what_lacks(book, Step.STAKEHOLDERS) == []
        assert what_lacks(book, Step.THEORY) == []

    def test_nobody_begins_a_plan_about_what_is_not_theirs(self, client: Client) -> None:
        request = make_request()
        client.force_login(make_person())
        said = {"about": f"request-{request.pk}", "title": "Cafe", "example": "", "language": "nl"}
        assert client.post(reverse("impact_plans"), said).status_code == 422
        assert not ImpactPlan.objects.every(because="a test").exists()

    def test_organisations_and_programmes_have_plans_too(self, client: Client) -> None:
        programme = make_programme()
        member, staff = make_person(), make_matchmaker(programme)
        organisation = make_organisation(programme, member=member)
        for person, about in ((member, f"organisation-{organisation.pk}"), (staff, f"programme-{programme.pk}")):
            client.force_login(person)
            said = {"about": about, "title": "Ours", "example": "", "language": "en"}
            assert client.post(reverse("impact_plans"), said).status_code == 302
        assert ImpactPlan.objects.every(because="a test").count() == 2


class TestSteps:
    @pytest.mark.parametrize(
        "step",
        [Step.SCOPE, Step.STAKEHOLDERS, Step.INDICATORS, Step.MEASUREMENT, Step.NETTING, Step.VALUE, Step.REPORT],
    )
    def test_a_page_sent_as_it_is_keeps_what_stood_there(self, writer: Client, plan: ImpactPlan, step: Step) -> None:
        before = book_of(plan).content(step)
        response = send(writer, plan, step, as_sent(page(writer, plan, step).content.decode()))
        assert response.status_code == 302, response.context["wrong"] if response.context else ""
        after = book_of(plan).content(step)
        before.pop("wishes", None)  # the outcomes that are drawn come in by themselves
        for name, each in before.items():
            assert _without_new(after[name]) == _without_new(each)

    def test_every_step_says_what_it_lacks(self, plan: ImpactPlan) -> None:
        empty = make_impact_plan(steps=())
        assert all(what_lacks(book_of(empty), step) for step in Step)
        book = book_of(plan)
        done = (Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY, Step.INDICATORS, Step.MEASUREMENT, Step.NETTING)
        assert [what_lacks(book, step) for step in done] == [[]] * len(done)

    def test_a_group_whose_points_are_not_a_hundred_is_refused_by_name(self, writer: Client, plan: ImpactPlan) -> None:
        said = as_sent(page(writer, plan, Step.STAKEHOLDERS).content.decode())
        response = send(writer, plan, Step.STAKEHOLDERS, {**said, "points-s1-n3": "60", "points-s1-n4": "30"})
        assert response.status_code == 422
        assert "Newcomers are 90 together" in response.content.decode()
        response = send(writer, plan, Step.STAKEHOLDERS, {**said, "points-s1-n3": "60", "points-s1-n4": "40"})
        assert response.status_code == 302
        shown = page(writer, plan, Step.STAKEHOLDERS)
        assert [each.text for each in shown.context["weights"]] == ["60%", "40%"]

    def test_groups_that_want_the_opposite_should_talk_first(self, writer: Client, plan: ImpactPlan) -> None:
        said = as_sent(page(writer, plan, Step.STAKEHOLDERS).content.decode())
        points = {"points-s1-n3": "90", "points-s1-n4": "10", "points-s2-n3": "10", "points-s2-n4": "90"}
        send(writer, plan, Step.STAKEHOLDERS, {**said, **points})
        assert page(writer, plan, Step.STAKEHOLDERS).context["agreement"].is_low

    def test_what_two_people_write_at_once_is_not_lost_unseen(self, writer: Client, plan: ImpactPlan) -> None:
        said = as_sent(page(writer, plan, Step.SCOPE).content.decode())
        assert send(writer, plan, Step.SCOPE, {**said, "area": "North"}).status_code == 302
        late = send(writer, plan, Step.SCOPE, {**said, "area": "South"})
        assert late.status_code == 422
        assert "Somebody else changed this step" in late.content.decode()
        assert "South" in late.content.decode()
        assert book_of(plan).content(Step.SCOPE)["area"] == "North"

    def test_a_share_of_ones_own_needs_three_numbers_in_order(self, writer: Client, plan: ImpactPlan) -> None:
        said = as_sent(page(writer, plan, Step.NETTING).content.decode())
        for wrong in ("40 20 10", "10 20", "10 20 400", "much"):
            sent = {**said, "outcomes-0-deadweight": "own", "outcomes-0-deadweight_own": wrong}
            assert send(writer, plan, Step.NETTING, sent).status_code == 422
        sent = {**said, "outcomes-0-deadweight": "own", "outcomes-0-deadweight_own": "10 20,5 40"}
        assert send(writer, plan, Step.NETTING, sent).status_code == 302
        kept = book_of(plan).rows(Step.NETTING, "outcomes")[0]["deadweight"]
        assert (kept["low"], kept["likely"], kept["high"]) == (10, 20.5, 40)

    def test_deadweight_starts_from_where_the_group_met(self, writer: Client, plan: ImpactPlan) -> None:
        assert plan.request is not None
        plan.request.meets_now = "paid_room"
        plan.request.save(update_fields=["meets_now"])
        write(plan, Step.NETTING, {"outcomes": []})
        form = page(writer, plan, Step.NETTING).context["rows"].forms[0]
        assert form["deadweight"].value() == "75"
        assert "paid" in form["deadweight_reason"].value()

    def test_questions_of_more_than_five_minutes_are_too_many(self, plan: ImpactPlan) -> None:
        every = [code for code, _label in survey_choices()] * 4
        write(plan, Step.MEASUREMENT, {**MEASUREMENT, "questions": every})
        assert what_lacks(book_of(plan), Step.MEASUREMENT)


class TestLocking:
    def test_a_locked_version_stays_and_a_new_one_is_a_copy(self, writer: Client, plan: ImpactPlan) -> None:
        address = reverse("impact_step_lock", args=[plan.pk, 1])
        writer.post(address)
        locked = plan.versions.get(step=1)
        assert locked.locked_at is not None
        assert send(writer, plan, Step.SCOPE, as_sent_of_scope()).status_code == 422
        writer.post(address, {"open": "1"})
        assert send(writer, plan, Step.SCOPE, as_sent_of_scope()).status_code == 302
        assert book_of(plan).content(Step.SCOPE)["area"] == "Elsewhere"
        locked.refresh_from_db()
        assert locked.content == FULL[Step.SCOPE]
        shown = writer.get(reverse("impact_version", args=[plan.pk, 1, 1]))
        assert "Kadewijk" in shown.content.decode()
        assert "disabled" in shown.content.decode()

    def test_the_database_refuses_to_change_what_is_locked(self, plan: ImpactPlan) -> None:
        lock(plan, Step.SCOPE)
        rows = StepVersion.objects.every(because="a test").filter(plan=plan)
        with pytest.raises(DatabaseError, match="what_was_locked_stays"), transaction.atomic():
            rows.filter(step=Step.SCOPE).update(content={})
        assert rows.filter(step=Step.THEORY).update(content={}) == 1

    def test_a_step_that_lacks_something_is_not_locked(self, writer: Client, plan: ImpactPlan) -> None:
        write(plan, Step.SCOPE, {**FULL[Step.SCOPE], "area": ""})
        writer.post(reverse("impact_step_lock", args=[plan.pk, 1]))
        assert plan.versions.get(step=1).locked_at is None


class TestWhoSees:
    def test_an_initiatives_plan_is_nobody_elses_not_even_the_desks(self, client: Client, plan: ImpactPlan) -> None:
        assert plan.request is not None
        for person in (make_person(), make_matchmaker(plan.request.programme)):
            client.force_login(person)
            assert client.get(reverse("impact_plan", args=[plan.pk])).status_code == 404
            assert page(client, plan, Step.SCOPE).status_code == 404
            assert send(client, plan, Step.SCOPE, as_sent_of_scope()).status_code == 404

    def test_an_unknown_step_is_not_there(self, writer: Client, plan: ImpactPlan) -> None:
        assert writer.get(reverse("impact_step", args=[plan.pk, 10])).status_code == 404
        assert writer.get(reverse("impact_step", args=[plan.pk, 0])).status_code == 404
        assert writer.get(reverse("impact_version", args=[plan.pk, 1, 10**30])).status_code == 404
        said = {**as_sent_of_scope(), "edits": str(10**30)}
        assert send(writer, plan, Step.SCOPE, said).status_code == 422


def test_pages_ask_the_same_number_of_questions_however_much_stands_in_a_plan(
    writer: Client, plan: ImpactPlan, django_assert_max_num_queries: Any
) -> None:
    for step in (Step.SCOPE, Step.STAKEHOLDERS, Step.INDICATORS, Step.MEASUREMENT):
        with django_assert_max_num_queries(12):
            page(writer, plan, step)
    assert NETTING


def as_sent_of_scope() -> dict[str, Any]:
    return {**FULL[Step.SCOPE], "area": "Elsewhere", "edits": 0}


def _without_new(each: Any) -> Any:
    """What a page adds to rows by itself does not count: empty points, boxes that are not ticked, the step of a share."""
    if isinstance(each, list):
        return [_without_new(one) for one in each]
    if isinstance(each, dict):
        return {
            name: _without_new(one)
            for name, one in each.items()
            if name not in ("points", "step") and one not in (None, "", False)
        }
    return each
