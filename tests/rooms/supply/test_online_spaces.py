"""What is online, read as plain values, is the same as what each offer says by itself."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.rooms.makers import make_offer, make_person, make_programme

from meervoud.core.engine.types.spaces import Space as EngineSpace
from meervoud.places.models import Building, Space
from meervoud.supply.actions import pause_offer, set_closures
from meervoud.supply.as_space import space_of, with_parts
from meervoud.supply.models import Offer
from meervoud.supply.online_spaces import online_spaces

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 1)
NAMES = [field.name for field in fields(EngineSpace)]
OFFERS: list[dict[str, Any]] = [  # Any: the columns of an offer
    {},
    {"activities": ["talking"], "no_activities": ["music"], "loudness": "talking", "causes": ["health"]},
    {"price_kind": "free", "notice_days": 3, "buffer_minutes": 15},
    {"price_kind": "price", "price_cents": 1250, "price_per": "month", "length": "whole"},
    {"price_kind": "price", "price_cents": 900, "from_day": date(2027, 4, 1), "until_day": date(2027, 9, 30)},
    {"price_kind": "cost_share", "most_evenings_a_month": 4},
]
SPACES: list[dict[str, Any]] = [
    {"facilities": ["kitchen"], "no_facilities": ["stage"], "step_free": "limited", "capacity_min": 4},
    {"capacity": None, "area_m2": 40.5, "source_key": "12", "assumed": ["area"], "description": "Droog en licht"},
]
BUILDINGS: list[dict[str, Any]] = [
    {"alarm": "Mo-Fr 07:00-22:00", "doors": "Mo-Su 06:00-23:00", "lock_up_minutes": 20},
    {"public_latitude": None, "public_longitude": None},
    {"cleaning": "Mo 18:00-20:00"},
]


def make_varied(number: int, programme: Any) -> Offer:  # Any: a Programme
    offer = make_offer(programme, name=f"Room {number}", hours="Mo-Fr 09:00-18:00")
    if number % 2:
        offer.periods.create(hours="Sa 10:00-12:00", lend="outside", first=date(2027, 5, 1), last=date(2027, 8, 31))
    if number % 3 == 0:
        days = [(date(2027, 12, 25), date(2027, 12, 26), "holiday"), (date(2027, 7, 1), date(2027, 7, 31), "closed")]
        set_closures(offer=offer, by=make_person(), closures=days)
    Offer.objects.every(because="test").filter(pk=offer.pk).update(**OFFERS[number % len(OFFERS)])
    Space.objects.every(because="test").filter(pk=offer.space_id).update(**SPACES[number % len(SPACES)])
    Building.objects.every(because="test").filter(spaces=offer.space_id).update(**BUILDINGS[number % len(BUILDINGS)])
    return offer


@pytest.mark.parametrize("today", [TODAY, None])
def test_what_is_online_is_what_each_offer_says_by_itself(today: date | None) -> None:
    programme = make_programme()
    offers = [make_varied(number, programme) for number in range(12)]
    noon = datetime(2027, 3, 2, 12, tzinfo=UTC)
    taken = {
        offers[0].space_id: [(noon, noon + timedelta(hours=2)), (noon + timedelta(days=1), noon + timedelta(days=2))]
    }
    plain = {
        str(row.pk): space_of(row, taken=taken.get(row.space_id, ()), today=today)
        for row in with_parts(Offer.objects.online(programme))
    }
    found = online_spaces(Offer.objects.online(programme), taken=taken, today=today)
    assert {each.space.id: each.space for each in found} == plain
    same = {name for name in NAMES if len({repr(getattr(each.space, name)) for each in found}) == 1}
    assert same == {"kind", "neighbourhood", "notes"}  # of these the comparison says nothing
    assert {(each.source_key, each.description) for each in found} == {("", ""), ("12", "Droog en licht")}
    assert sum(each.is_whole for each in found) == 2


def test_what_is_online_is_read_in_three_queries(django_assert_num_queries: Any) -> None:
    programme = make_programme()
    for number in range(4):
        make_varied(number, programme)
    pause_offer(offer=Offer.objects.online(programme)[0], by=make_person())
    with django_assert_num_queries(3):
        assert len(online_spaces(Offer.objects.online(programme), taken={}, today=TODAY)) == 3
