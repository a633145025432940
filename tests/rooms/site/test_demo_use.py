"""The demo city in use: past moments known in every way, plans that change, and something for each of its three people."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.rooms.site.test_demo import NOW, TODAY, load

from meervoud.agreements.models import Agreement, State
from meervoud.matching.city_index import forget_indexes
from meervoud.parties.models import Person
from meervoud.site.imports.demo import load_demo
from meervoud.usage.models import DoorCode, Incident, PlanChange, SheetReader, StandIn, UsageMoment, Wait
from meervoud.usage.trial import trial_of

pytestmark = pytest.mark.django_db
EVERY: dict[str, Any] = {"because": "a test looks at everything"}


def person(role: str) -> Person:
    return Person.objects.get(email=f"{role}@zilverhaven.invalid")


def test_what_took_place_is_known_in_every_way() -> None:
    load()
    moments = UsageMoment.objects.every(**EVERY)
    past = moments.filter(ends_at__lt=NOW)
    assert set(past.filter(state="held").values_list("evidence", flat=True)) == {
        "checked_in",
        "host",
        "paper",
        "door_code",
        "silent",
    }
    assert past.filter(state="not_held").count() >= 2
    assert past.filter(state="planned", ends_at__lt=NOW - timedelta(days=7)).count() == 0
    assert past.filter(state="planned").exists()  # not told yet, so that a visitor has something to tell
    coming = moments.filter(starts_at__gt=NOW)
    assert [coming.filter(state=each).count() for each in ("cancelled", "withdrawn")] == [1, 1]
    assert coming.filter(is_public=True, state="planned").count() >= 3


def test_plans_change_and_something_happened() -> None:
    load()
    assert [each.state for each in PlanChange.objects.every(**EVERY)] == ["proposed"]
    assert [each.state for each in Wait.objects.every(**EVERY)] == ["waiting"]
    (other_room,) = StandIn.objects.every(**EVERY).select_related("moment")
    assert (other_room.state, other_room.moment.state) == ("asked", "withdrawn")
    assert sorted(each.settled_at is None for each in Incident.objects.every(**EVERY)) == [False, True]
    (draft,) = Agreement.objects.every(**EVERY).filter(state=State.DRAFT)
    assert [each.answer for each in draft.approvals.all()] == [""]
    running = Agreement.objects.every(**EVERY).exclude(state=State.DRAFT)
    assert set(running.values_list("state", flat=True)) == {State.ACTIVE}
    (trial,) = (each for each in running if (evening := trial_of(each)) and evening.ends_at < NOW)
    assert trial.moments.count() == 1
    buildings = set(running.values_list("offer__space__building", flat=True))
    readers = SheetReader.objects.every(**EVERY)
    assert {each.building_id for each in readers} == buildings
    assert all(each.email.endswith("@example.org") for each in readers)
    assert DoorCode.objects.every(**EVERY).count() == len(set(running.values_list("offer__space", flat=True)))


@pytest.mark.parametrize("role", ["host", "initiative", "matchmaker"])
def test_each_of_the_three_sees_the_evening_of_the_host_with_the_group(role: str) -> None:
    load()
    agreement = Agreement.objects.visible_to(person(role)).get(request__asked_by=person("initiative"), state="active")
    assert agreement.offer.host.memberships.filter(person=person("host")).exists()
    monday = datetime.combine(TODAY - timedelta(days=TODAY.weekday()), datetime.min.time(), UTC)
    week = agreement.moments.filter(starts_at__gte=monday, starts_at__lt=monday + timedelta(weeks=1))
    assert [week.count(), agreement.moments.filter(ends_at__lt=NOW).exists()] == [1, True]
    client = Client()
    client.force_login(person(role))
    assert client.get(f"/agreements/{agreement.pk}/plan/").status_code == 200
    assert client.get("/week/").status_code == 200


def test_everybody_in_it_is_made_up() -> None:
    load()
    agreements = Agreement.objects.every(**EVERY).select_related("request__organisation", "offer__host")
    assert agreements.count() == 7
    for each in agreements:
        assert each.request.is_made_up
        assert "made up" in f"{each.request.organisation}"
        assert "made up" in each.offer.host.name


@pytest.mark.parametrize("spaces", [1, 12])
def test_a_small_city_leaves_out_what_has_no_room(spaces: int) -> None:
    load(spaces)
    assert Agreement.objects.every(**EVERY).filter(request__asked_by=person("initiative")).exists()


@pytest.mark.slow
@pytest.mark.parametrize("weekday", range(6))
def test_whatever_the_day_a_trial_waits_for_its_answer(weekday: int) -> None:
    forget_indexes()
    now = datetime(2027, 3, 29, 20, 15, tzinfo=UTC) + timedelta(days=weekday)  # the week after the clock changed
    load_demo(now=now, today=date(now.year, now.month, now.day), spaces=None)
    agreements = Agreement.objects.every(**EVERY)
    assert agreements.count() == 7
    trials = [evening for each in agreements if (evening := trial_of(each))]
    assert [timedelta() < now - each.ends_at < timedelta(days=10) for each in trials] == [True]
