"""What is printed: the code at a door, lists to tick, and the way to a moment."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse
from tests.rooms.makers import make_person
from tests.rooms.usage.makers import make_plan
from tests.rooms.usage.test_changing import by_host
from tests.rooms.usage.test_check_in import at
from tests.rooms.usage.test_plan_pages import browser
from tests.rooms.usage.test_tonight import building_of, visitor

from meervoud.core.errors import NotAllowedError
from meervoud.places.models import Building
from meervoud.usage.changing import call_off
from meervoud.usage.doors import draw_code, make_door_code
from meervoud.usage.links import door_token, space_of_token
from meervoud.usage.models import DoorCode

pytestmark = pytest.mark.django_db


def test_host_and_desk_make_the_code_and_a_new_one_ends_the_old() -> None:
    plan = make_plan()
    address = reverse("offer_door", args=[plan.offer.pk])
    client = browser(plan.lender)
    assert '<svg class="door-code"' not in client.get(address).content.decode()
    client.post(address)
    old = door_token(DoorCode.objects.visible_to(plan.lender).get())
    page = client.get(address).content.decode()
    assert f"/door/{old}/" in page
    assert browser(plan.desk).post(address).status_code == 302
    new = door_token(DoorCode.objects.visible_to(plan.desk).get())
    assert [space_of_token(old), space_of_token(new)] == [None, plan.offer.space]


def test_nobody_else_sees_or_makes_the_code() -> None:
    plan = make_plan()
    for name in ("offer_door", "offer_tally"):
        address = reverse(name, args=[plan.offer.pk])
        for person in (plan.asker, make_person(), make_plan().lender):
            assert browser(person).get(address).status_code == 404
        assert visitor().get(address).status_code == 302
    assert browser(plan.asker).post(reverse("offer_door", args=[plan.offer.pk])).status_code == 404
    with pytest.raises(NotAllowedError):
        make_door_code(offer=plan.offer, by=plan.asker)


def test_the_paper_has_three_languages_and_nothing_that_a_strict_page_refuses() -> None:
    plan = make_plan()
    make_door_code(offer=plan.offer, by=plan.lender)
    page = browser(plan.lender).get(reverse("offer_door", args=[plan.offer.pk])).content.decode()
    found = re.search(r"<svg class=\"door-code\".*?</svg>", page, re.DOTALL)
    assert found
    drawing = ET.fromstring(found[0])  # noqa: S314  # our own drawing
    assert {name for each in drawing.iter() for name in each.attrib} <= {
        "class",
        "role",
        "aria-label",
        "viewBox",
        "shape-rendering",
        "fill",
        "d",
    }
    assert [code for code in ("nl", "en", "da") if f'<section lang="{code}">' not in page] == []


def test_the_drawing_is_the_code_square_by_square() -> None:
    drawn = draw_code("https://example.org/door/abc/", 'a "label"')
    assert "a &quot;label&quot;" in drawn
    squares = {tuple(map(int, each)) for each in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn)}
    corner = {(x, y) for x in range(4, 11) for y in range(4, 11) if x in (4, 10) or y in (4, 10)}
    assert corner <= squares  # the ring of the first eye, behind four blank squares
    assert min(min(each) for each in squares) == 4


def test_lists_to_tick_have_the_moments_of_a_month_and_name_nobody() -> None:
    plan = make_plan(title="Circle of the tern")
    call_off(moment=plan.moments[1], scope="one", said=by_host(plan))
    month = f"{plan.moments[0].starts_at:%Y-%m}"
    wanted = [each for each in plan.moments if each.state == "planned" and f"{each.starts_at:%Y-%m}" == month]
    for name, thing, person in (
        ("offer_tally", plan.offer.pk, plan.lender),
        ("plan_paper", plan.agreement.pk, plan.asker),
        ("plan_paper", plan.agreement.pk, plan.desk),
    ):
        address = reverse(name, args=[thing])
        page = browser(person).get(address, {"month": month}).content.decode()
        assert page.count("☐") == 2 * len(wanted) > 0
        assert [each for each in ("Amir", "tern") if each in page] == []
        for text in ("", "x", "9999-99", "0001-01", "2" * 500):
            assert browser(person).get(address, {"month": text}).status_code == 200
    assert browser(make_person()).get(reverse("plan_paper", args=[plan.agreement.pk])).status_code == 404


def test_the_way_is_for_the_two_sides_and_the_desk_and_asks_nothing_of_a_third() -> None:
    plan = make_plan(is_sheltered=True)
    Building.objects.every(because="a test").filter(pk=building_of(plan).pk).update(access_notes="Ring twice")
    plan.offer.space.toilet_place = "Behind the stairs"
    plan.offer.space.save()
    address = reverse("moment_route", args=[plan.moments[0].pk])
    with at(plan.moments[0], -300):  # type: ignore[attr-defined]  # a patch
        for person in (plan.asker, plan.lender, plan.desk):
            page = browser(person).get(address).content.decode()
            for said in ("Zilverkade 1", "Ring twice", "Behind the stairs", "Not known. Ask"):
                assert said in page
            outside = re.findall(r'(?:src|href|action)="(https?://[^"]+)"', page)
            assert outside
            assert all(each.startswith("https://www.openstreetmap.org/?mlat=52.37") for each in outside)
            assert '<img src="http' not in page
        assert browser(make_person()).get(address).status_code == 404
        assert Client().get(address).status_code == 302
        assert address in browser(plan.asker).get(reverse("moment", args=[plan.moments[0].pk])).content.decode()


def test_there_is_no_way_to_what_was_called_off() -> None:
    plan = make_plan()
    call_off(moment=plan.moments[0], scope="one", said=by_host(plan))
    assert browser(plan.asker).get(reverse("moment_route", args=[plan.moments[0].pk])).status_code == 404
