"""The pages of a plan, as people use them: by form, without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.rooms.makers import make_building, make_offer, make_organisation, make_person, make_space
from tests.rooms.usage.makers import NOW, make_plan, tuesday

from meervoud.parties.models import Person
from meervoud.supply.calendar import Span, take_time
from meervoud.supply.models import Closure
from meervoud.usage.models import PlanChange, StandIn, UsageMoment, Wait

pytestmark = pytest.mark.django_db


def browser(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of the form that plans."""
    form = page[page.index('<form method="post" novalidate>') :]
    form = form[: form.index("</form>")]
    fields: dict[str, str] = {}
    for each in re.findall(r"<input[^>]*hidden[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', each), re.search(r'value="([^"]*)"', each)
        if name and value and name[1] != "csrfmiddlewaretoken":
            fields[name[1]] = value[1]
    return fields


def wished(first: int, last: int) -> dict[str, str]:
    return {"often": "1", "first": str(tuesday(first)), "last": str(tuesday(last)), "starts": "19:00", "ends": "21:00"}


def test_a_group_adds_a_season_repairs_two_days_and_the_host_says_yes() -> None:
    plan = make_plan()
    Closure.objects.create(offer=plan.offer, first=tuesday(10), last=tuesday(10), reason="holiday")
    span = Span(*(each + timedelta(weeks=11) for each in (plan.moments[0].starts_at, plan.moments[0].ends_at)))
    take_time(space=plan.offer.space, spans=[span], request_key="x", by=None, now=NOW)
    group, address = browser(plan.asker), reverse("plan_more", args=[plan.agreement.pk])
    assert group.get(address).status_code == 200
    page = group.get(address, wished(9, 12)).content.decode()
    assert "public holiday" in page
    assert "Taken by somebody else" in page
    chosen = hidden(page)
    shift = re.findall(r'value="(shift [^"]+)"', page)
    chosen |= {f"day-{tuesday(10)}": next(each for each in shift if str(tuesday(10) + timedelta(days=1)) in each)}
    answer = group.post(address, chosen)  # the second day was forgotten
    assert (answer.status_code, PlanChange.objects.visible_to(plan.asker).count()) == (200, 0)
    assert "Choose what becomes of" in answer.content.decode()
    chosen |= {f"day-{tuesday(11)}": "out"}
    for _ in range(2):  # the button is pressed twice
        assert group.post(address, chosen).status_code == 302
    change = PlanChange.objects.visible_to(plan.asker).get()
    assert len(change.rows) == 3
    host = browser(plan.lender)
    assert "More moments, asked by" in host.get(reverse("plan", args=[plan.agreement.pk])).content.decode()
    host.post(reverse("plan_answer", args=[change.pk]), {"answer": "yes"})
    assert UsageMoment.objects.visible_to(plan.asker).count() == 11


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": ""},
        {"last": str(tuesday(-60))},
        {"last": str(tuesday(300))},
        {"starts": "25:00"},
        {"ends": "19:00", "starts": "x" * 5000},
        {"often": "days", "days": "2026-13-45"},
        {"often": "days", "days": "soon"},
        {"often": "never"},
        {"weekdays": "9"},
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_beside_its_field(wrong: dict[str, str]) -> None:
    plan = make_plan()
    answer = browser(plan.asker).get(reverse("plan_more", args=[plan.agreement.pk]), wished(9, 10) | wrong)
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_a_moment_is_moved_and_called_off_on_its_page() -> None:
    plan = make_plan()
    group, moment = browser(plan.asker), plan.moments[3]
    address = reverse("moment_move", args=[moment.pk])
    wish = {"scope": "following", "day": str(tuesday(3) + timedelta(days=1)), "starts": "18:00", "ends": "20:00"}
    page = group.get(address, wish).content.decode()
    assert group.post(address, hidden(page)).status_code == 302
    change = PlanChange.objects.visible_to(plan.asker).get()
    assert len(change.rows) == 5
    browser(plan.lender).post(reverse("plan_answer", args=[change.pk]), {"answer": "yes"})
    assert len({each.series_id for each in plan.moments}) == 2
    off = reverse("moment_call_off", args=[moment.pk])
    assert group.post(off, {"scope": "one", "side": "asker"}).status_code == 422
    assert group.post(off, {"scope": "one", "side": "asker", "reason": "ill"}).status_code == 302
    moment.refresh_from_db()
    assert moment.state == "cancelled"


def test_a_host_withdraws_tonight_and_the_group_asks_for_the_room_next_door() -> None:
    plan = make_plan()
    host = make_organisation(plan.programme, member=(neighbour := make_person()))
    near = make_offer(
        plan.programme, host=host, space=make_space(make_building(plan.programme, host), name="Next door")
    )
    moment = plan.moments[0]
    off = reverse("moment_call_off", args=[moment.pk])
    browser(plan.lender).post(off, {"scope": "one", "side": "host", "reason": "own_use"})
    group = browser(plan.asker)
    page = group.get(reverse("moment", args=[moment.pk])).content.decode()
    assert "Next door" in page
    group.post(reverse("moment_other_room", args=[moment.pk]), {"offer": str(near.pk)})
    asked = StandIn.objects.visible_to(plan.asker).get()
    address = reverse("stand_in", args=[asked.pk])
    assert group.get(address).status_code == 404
    assert browser(plan.lender).get(address).status_code == 404
    assert browser(neighbour).get(reverse("moment", args=[moment.pk])).status_code == 404
    other = browser(neighbour)
    assert other.get(address).status_code == 200
    other.post(address, {"answer": "yes"})
    moment.refresh_from_db()
    assert (moment.state, moment.space_id) == ("planned", near.space_id)


@pytest.mark.parametrize("offer", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_room_that_is_not_there_is_not_asked_for(offer: str) -> None:
    plan = make_plan()
    address = reverse("moment_other_room", args=[plan.moments[0].pk])
    assert browser(plan.asker).post(address, {"offer": offer}).status_code == 404


def test_waiting_for_a_time_and_letting_it_go() -> None:
    plan = make_plan()
    group, moment = browser(plan.asker), plan.moments[0]
    address = reverse("plan_wait", args=[plan.agreement.pk])
    group.post(address, {"starts_at": "x"})
    group.post(address, {"starts_at": "2020-01-01T10:00:00+00:00", "ends_at": "2020-01-01T11:00:00+00:00"})
    assert not Wait.objects.visible_to(plan.asker).exists()
    later = {"starts_at": (moment.starts_at + timedelta(weeks=20)).isoformat()}
    later["ends_at"] = (moment.ends_at + timedelta(weeks=20)).isoformat()
    group.post(address, later)
    wait = Wait.objects.visible_to(plan.asker).get()
    browser(plan.lender).post(reverse("wait_answer", args=[wait.pk]), {"answer": "go"})
    wait.refresh_from_db()
    assert wait.state == "waiting"  # the host does not let go for the group
    group.post(reverse("wait_answer", args=[wait.pk]), {"answer": "go"})
    wait.refresh_from_db()
    assert wait.state == "passed"


def test_a_pause_with_days_in_the_wrong_order_keeps_what_was_written() -> None:
    plan = make_plan()
    address = reverse("plan_pause", args=[plan.agreement.pk])
    wrong = {"first": str(tuesday(3)), "last": str(tuesday(1)), "text": "Fair"}
    answer = browser(plan.lender).post(address, wrong)
    assert (answer.status_code, "Fair" in answer.content.decode()) == (422, True)
    browser(plan.asker).post(address, wrong | {"last": str(tuesday(5))})
    assert {each.state for each in plan.moments} == {"planned"}


@pytest.mark.parametrize("name", ["plan", "week"])
def test_a_page_asks_the_same_number_of_queries_for_two_moments_and_for_eight(name: str) -> None:
    plan = make_plan()
    first = plan.moments[0].starts_at
    for number, each in enumerate(plan.moments):  # all in one week
        begins = first + timedelta(minutes=10 * number)
        plan.agreement.moments.filter(pk=each.pk).update(starts_at=begins, ends_at=begins + timedelta(minutes=5))
    client = browser(plan.asker)
    address = reverse("plan", args=[plan.agreement.pk]) if name == "plan" else f"/week/?day={tuesday(0)}"
    counts = []
    for _ in range(2):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).content.decode().count("/moments/") >= 2
        counts.append(len(queries))
        plan.agreement.moments.exclude(pk__in=[each.pk for each in plan.moments[:2]]).delete()
    assert counts[0] == counts[1]
