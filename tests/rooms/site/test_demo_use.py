"""The demo city in use: past moments known in every way, plans that change, and something for each of its three people."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from tests.rooms.once import as_new, made_once
from tests.rooms.site.test_demo import NOW, TODAY, load

from meervoud.agreements.models import Agreement, State
from meervoud.demand.models import Request, RequestRule
from meervoud.matching.city_index import city_index
from meervoud.matching.models import MatchRun
from meervoud.matching.queue import queue_of
from meervoud.parties.models import Membership, Organisation, Person, Programme, ProgrammeRole
from meervoud.places.models import Building, Cluster, Neighbourhood
from meervoud.site.imports.demo import monday_after
from meervoud.supply.models import Closure, Occupation, Offer
from meervoud.usage.models import DoorCode, Incident, PlanChange, SheetReader, StandIn, UsageMoment, Wait
from meervoud.usage.trial import trial_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]
EVERY: dict[str, Any] = {"because": "a test looks at everything"}


def person(role: str) -> Person:
    return Person.objects.get(email=f"{role}@zilverhaven.invalid")


made_city = made_once(load)


@pytest.fixture
def city(made_city: None) -> None:
    as_new(made_city)


def test_what_took_place_is_known_in_every_way() -> None:
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
    agreements = Agreement.objects.every(**EVERY).select_related("request__organisation", "offer__host")
    assert agreements.count() == 7
    for each in agreements:
        assert each.request.is_made_up
        assert "made up" in f"{each.request.organisation}"
        assert "made up" in each.offer.host.name


def test_the_city_is_complete_online_and_made_up() -> None:
    programme = Programme.objects.get()
    offers = Offer.objects.online(programme)
    assert (programme.slug, programme.theme, programme.desk_phone) == ("zilverhaven", "zilverhaven", "020 555 0100")
    assert offers.count() == 60
    assert Request.objects.open_in(programme, because="a test").count() == 40
    assert Neighbourhood.objects.exclude(kind="water").count() == 12
    assert Building.objects.every(**EVERY).filter(neighbourhood=None).count() == 0
    assert sum(Cluster.objects.filter(zoom=15).values_list("points", flat=True)) == 60
    assert Occupation.objects.every(**EVERY).count() > 100
    for rows in (offers, Organisation.objects.every(**EVERY), Request.objects.every(**EVERY), Person.objects.all()):
        assert rows.filter(is_made_up=False).count() == 0
    assert Organisation.objects.every(**EVERY).exclude(name__contains="made up").count() == 0
    with city_index(programme, NOW) as known:
        assert len(known.index.spaces) == 60


def test_the_desk_has_worked_a_morning() -> None:
    queue = queue_of(Programme.objects.get())
    stands = Counter(vars(each)["status"] for each in queue)
    assert stands["agreed"] == 2
    assert stands["one_yes"] >= 1
    assert stands["asked"] >= 3
    run = MatchRun.objects.every(**EVERY).get()
    assert (run.state, len(run.found)) == ("done", 40)


def test_its_days_lie_in_the_weeks_to_come() -> None:
    rules = RequestRule.objects.every(**EVERY).filter(request__state="open")
    first = set(rules.values_list("first", flat=True))
    assert min(day for day in first if day) == monday_after(TODAY) == date(2026, 11, 23)
    assert max(day for day in first if day) <= TODAY + timedelta(weeks=5)
    busy = Occupation.objects.every(**EVERY).filter(taking__kind="busy")
    starts = busy.order_by("starts_at").values_list("starts_at", flat=True)[0]
    assert monday_after(TODAY) <= starts.date() <= TODAY + timedelta(days=8)
    closed = set(Closure.objects.every(**EVERY).values_list("first", flat=True))
    assert date(2026, 12, 25) in closed
    assert min(closed) > TODAY


def test_three_people_can_look_around() -> None:
    host, group, matchmaker = (
        Person.objects.get(email=f"{role}@zilverhaven.invalid") for role in ("host", "initiative", "matchmaker")
    )
    assert not any(person.has_usable_password() for person in (host, group, matchmaker))
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 3
    assert ProgrammeRole.objects.every(**EVERY).get().person == matchmaker
    office = Membership.objects.every(**EVERY).get(person=host)
    assert (office.role, office.organisation.kind) == ("manager", "company")
    asked = Request.objects.visible_to(group)
    assert sorted(asked.values_list("state", flat=True)) == ["open", "placed"]
    assert {each.asked_by for each in asked} == {group}
    assert Membership.objects.every(**EVERY).get(person=group).organisation_id in {
        each.organisation_id for each in asked
    }
