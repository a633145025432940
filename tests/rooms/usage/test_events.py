"""Moments to which everybody may come: off by default, switched on by the group, never for one that needs shelter."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.rooms.makers import make_organisation, make_person
from tests.rooms.matrix.world import make_neighbourhood
from tests.rooms.usage.makers import NOW, Plan, make_plan
from tests.rooms.usage.test_changing import by_host
from tests.rooms.usage.test_plan_pages import browser
from tests.rooms.usage.test_tonight import building_of, visitor

from meervoud.core.errors import ConflictError, NotAllowedError
from meervoud.demand.models import Request
from meervoud.parties.models import Programme
from meervoud.supply.models import Offer
from meervoud.usage.changing import call_off
from meervoud.usage.events import public_events, set_public
from meervoud.usage.models import UsageMoment

pytestmark = pytest.mark.django_db


def publish(plan: Plan, number: int | None = 0) -> int:
    moment = plan.moments[number].pk if number is not None else None
    return set_public(agreement=plan.agreement, is_public=True, by=plan.asker, now=NOW, moment=moment)


def page_of(plan: Plan, number: int = 0) -> str:
    """Return the public page; its programme is the only one."""
    Programme.objects.exclude(pk=plan.programme.pk).update(is_public=False)
    answer = visitor().get(reverse("event", args=[plan.moments[number].pk]))
    return answer.content.decode() if answer.status_code == 200 else ""


def said(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    read: dict[str, object] = json.loads(found[1])
    return read


def test_nothing_is_public_until_the_group_says_so() -> None:
    plan = make_plan()
    assert page_of(plan) == ""
    assert (publish(plan), publish(plan)) == (1, 0)
    assert "Language cafe" in page_of(plan)
    assert page_of(plan, 1) == ""
    assert publish(plan, None) == 7
    assert set_public(agreement=plan.agreement, is_public=False, by=plan.desk, now=NOW) == 8
    assert page_of(plan) == ""


def test_the_data_for_search_engines_has_the_neighbourhood_and_no_street_person_or_number() -> None:
    asker_plan = make_plan(title="</script><b>Tea & talk")
    building = building_of(asker_plan)
    building.neighbourhood = make_neighbourhood(asker_plan.programme)
    building.town, building.postcode = "Privateville", "9876 ZQ"
    building.save()
    publish(asker_plan)
    page = page_of(asker_plan)
    data = said(page)
    moment = asker_plan.moments[0]
    assert data["name"] == "</script><b>Tea & talk"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT19:00:00\+0[12]:00", str(data["startDate"]))
    assert str(data["endDate"])[11:19] == "21:00:00"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["location"] == {
        "@type": "Place",
        "name": "Quay room",
        "address": {"@type": "PostalAddress", "addressLocality": "Zilverhaven"},
        "url": f"{str(data['url']).split('/events/')[0]}{reverse('space', args=[asker_plan.offer.pk])}",
        "containedInPlace": {"@type": "Place", "name": "Havenkwartier"},
    }
    private = ("Zilverkade", "Privateville", "9876 ZQ", "Amir", str(building.latitude), str(moment.agreement_id))
    assert [each for each in private if each in page] == []
    assert "<b>Tea" not in page


def test_a_space_that_is_not_online_is_not_named() -> None:
    plan = make_plan()
    publish(plan)
    Offer.objects.every(because="a test").update(state="paused")
    page = page_of(plan)
    assert ("Quay room" in page, "/spaces/" in page, "Zilverhaven" in page) == (False, False, True)


def test_the_organisation_that_asked_is_named_and_a_person_is_not() -> None:
    plan = make_plan()
    publish(plan)
    assert "organizer" not in said(page_of(plan))
    group = make_organisation(plan.programme, member=plan.asker, kind="foundation", name="Tea and Talk")
    Request.objects.every(because="a test").update(organisation=group)
    assert said(page_of(plan))["organizer"] == {"@type": "Organization", "name": "Tea and Talk"}


def test_what_is_called_off_says_so() -> None:
    plan = make_plan()
    publish(plan)
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    page = page_of(plan)
    assert said(page)["eventStatus"] == "https://schema.org/EventCancelled"
    assert "This does not take place." in page
    assert "The board meets" not in page


def test_a_group_that_needs_shelter_is_never_public_also_where_it_came_to_need_it_later() -> None:
    plan = make_plan(is_sheltered=True)
    with pytest.raises(ConflictError):
        publish(plan)
    UsageMoment.objects.every(because="a test").update(is_public=True)
    assert page_of(plan) == ""
    assert public_events(plan.programme, NOW) == []
    Request.objects.every(because="a test").update(is_sheltered=False)
    assert page_of(plan) != ""  # the control


def test_only_the_group_and_the_desk_for_it_switch() -> None:
    plan = make_plan()
    for person in (plan.lender, make_person()):
        with pytest.raises(NotAllowedError):
            set_public(agreement=plan.agreement, is_public=True, by=person, now=NOW)
    everything, one = (
        reverse("plan_public", args=[plan.agreement.pk]),
        reverse("moment_public", args=[plan.moments[0].pk]),
    )
    for address in (everything, one):
        assert browser(make_person()).post(address, {"public": "yes"}).status_code == 404
        assert browser(plan.lender).post(address, {"public": "yes"}).status_code == 302
    assert not plan.agreement.moments.filter(is_public=True).exists()
    client = browser(plan.asker)
    page = client.get(reverse("plan", args=[plan.agreement.pk])).content.decode()
    assert one in page
    assert one not in browser(plan.lender).get(reverse("plan", args=[plan.agreement.pk])).content.decode()
    client.post(one, {"public": "yes"})
    assert plan.agreement.moments.filter(is_public=True).count() == 1
    client.post(everything, {"public": "yes"})
    assert plan.agreement.moments.filter(is_public=True).count() == 8
    client.post(everything, {"public": "rubbish"})
    assert plan.agreement.moments.filter(is_public=True).count() == 0


def test_the_plan_of_a_sheltered_group_has_no_switch() -> None:
    plan = make_plan(is_sheltered=True)
    page = browser(plan.asker).get(reverse("plan", args=[plan.agreement.pk])).content.decode()
    assert reverse("plan_public", args=[plan.agreement.pk]) not in page


def test_a_moment_that_is_not_there_is_404() -> None:
    plan = make_plan()
    Programme.objects.exclude(pk=plan.programme.pk).update(is_public=False)
    assert visitor().get(reverse("event", args=[uuid4()])).status_code == 404
    assert visitor().get("/events/x/").status_code == 404


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(reverse("events")).status_code == 200
    return len(found)


def test_the_list_has_sixty_days_of_one_programme_and_takes_no_more_queries_for_many() -> None:
    plan, other = make_plan(), make_plan(title="Elsewhere")
    publish(plan)
    publish(other)
    Programme.objects.filter(pk=other.programme.pk).update(is_public=False)
    client = visitor()
    client.get(reverse("events"))
    few = queries(client)
    publish(plan, None)
    assert queries(client) == few
    page = client.get(reverse("events")).content.decode()
    assert (page.count("Language cafe"), "Elsewhere" in page) == (8, False)
    late = plan.moments[7]
    UsageMoment.objects.every(because="a test").filter(pk=late.pk).update(
        starts_at=NOW + timedelta(days=62), ends_at=NOW + timedelta(days=62, hours=1)
    )
    assert len(public_events(plan.programme, NOW)) == 7
