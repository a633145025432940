"""A new project tested against a mission: by hand, by points, and only with plans that one may see."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.rooms.makers import make_request
from tests.rooms.outcomes.impact_makers import NODES, STAKEHOLDERS, make_unsigned_plan, owner

from meervoud.outcomes.models import ImpactPlan, Step, StepVersion

pytestmark = pytest.mark.django_db
WISHES = [
    {"id": "n3", "name": {"en": "More satisfied"}, "points": {"s1": 70, "s2": 20}},
    {"id": "o1", "name": {"en": "Less fear"}, "points": {"s1": 30, "s2": 80}},
]
POINTS = {"stakeholders": STAKEHOLDERS, "wishes": WISHES}
# priority is (2 * affected + influence + interest) / 4: 16 / 4 = 4 of s1, 14 / 4 = 3.5 of s2
SATISFIED = (4 * 0.7 + 3.5 * 0.2) / 7.5


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def fits(client: Client, plan: ImpactPlan, **said: str | list[str]) -> str:
    answer = client.get(reverse("impact_fit", args=[plan.pk]), said)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def mission(client: Client) -> ImpactPlan:
    plan = make_unsigned_plan(stakeholders=POINTS)
    client.force_login(owner(plan))
    return plan


def make_project(mission: ImpactPlan, *labels: str) -> ImpactPlan:
    """Make a plan of the same person with outcomes that are numbered as those of the mission are."""
    assert mission.request is not None
    request = make_request(mission.request.programme, asked_by=owner(mission))
    nodes = [{**NODES[2], "id": f"n{number}", "label": {"en": label}} for number, label in enumerate(labels, start=3)]
    return make_unsigned_plan(asked=request, theory={"nodes": [*NODES[:2], *nodes], "links": []})


def test_ticked_outcomes_are_weighed_by_the_points_of_the_groups(client: Client, mission: ImpactPlan) -> None:
    assert round(SATISFIED, 2) == 0.47
    assert "The project reaches 47% of what the mission weighs." in fits(client, mission, ticked="1", reaches=["n3"])
    assert "The project reaches 53% of what the mission weighs." in fits(client, mission, ticked="1", reaches=["o1"])
    assert "The project reaches 0% of what the mission weighs." in fits(client, mission, ticked="1")
    assert "Volunteers get tired" not in fits(client, mission), "harm is no part of a mission"


def test_without_points_all_outcomes_weigh_the_same_and_the_page_says_so(client: Client) -> None:
    unasked = [{**each, "points": {}} for each in WISHES]
    plan = make_unsigned_plan(stakeholders={"stakeholders": STAKEHOLDERS, "wishes": unasked})
    client.force_login(owner(plan))
    html = fits(client, plan, ticked="1", reaches=["n3"])
    assert "all outcomes weigh the same here" in html
    assert "The project reaches 50% of what the mission weighs." in html


def test_outcomes_of_another_plan_count_by_their_words_not_by_their_numbers(
    client: Client, mission: ImpactPlan
) -> None:
    project = make_project(mission, "Cheaper bread", "more  Satisfied")
    html = fits(client, mission, project=str(project.pk))
    assert "The project reaches 47% of what the mission weighs." in html
    outside = html.partition("Outside the mission")[2].partition("</ul>")[0]
    assert "Cheaper bread" in outside
    assert "No activity leads to “Cheaper bread”." in html, "its own theory is looked at too"
    said = {"same-n3": "o1", "same-n4": ""}
    assert "The project reaches 53% of" in fits(client, mission, project=str(project.pk), **said)
    none = {"same-n3": "", "same-n4": ""}
    assert "The project reaches 0% of" in fits(client, mission, project=str(project.pk), **none)


def test_nothing_is_stored(client: Client, mission: ImpactPlan) -> None:
    project = make_project(mission, "Cheaper bread")
    before = list(StepVersion.objects.every(because="a test").values())
    fits(client, mission, project=str(project.pk), **{"same-n3": "o1"})
    assert list(StepVersion.objects.every(because="a test").values()) == before


def test_hostile_questions_are_refused(client: Client, mission: ImpactPlan) -> None:
    stranger = make_unsigned_plan()
    address = reverse("impact_fit", args=[mission.pk])
    for other in (str(stranger.pk), "x", "", "0" * 10_000):
        assert client.get(address, {"project": other}).status_code == 404
    assert "of what the mission weighs" not in fits(client, mission, ticked="1", reaches=["n3", "nothing"])
    project = make_project(mission, "Cheaper bread")
    html = fits(client, mission, project=str(project.pk), **{"same-n3": "<script>"})
    assert "The project reaches 0% of" in html
    assert "<script>&" not in html


def test_a_plan_without_outcomes_says_what_to_do(client: Client) -> None:
    plan = make_unsigned_plan(steps=(Step.SCOPE,))
    client.force_login(owner(plan))
    assert "This plan has no outcome yet" in fits(client, plan)
    other = make_project(plan)
    full = make_project(plan, "Cheaper bread")
    html = fits(client, full, project=str(other.pk))
    assert "so there is nothing to compare" in html
    assert "leads to no outcome" in html
    html = fits(client, full, project=str(plan.pk))
    assert "Nothing is drawn yet." in html
    assert "Nothing is wrong with it." not in html
