"""The first free moment of all spaces over two years, as a plain look at every day finds it."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from bench.first_free_sweep import Found, sweep
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rooms.makers import (
    TODAY,
    make_building,
    make_offer,
    make_organisation,
    make_person,
    make_programme,
    make_space,
)
from tests.rooms.supply.test_calendar import take

from meervoud.core.engine.types.requests import Window
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.first_free import MOST_DAYS, first_free_moments
from meervoud.parties.models import Programme
from meervoud.supply.actions import pause_offer
from meervoud.supply.calendar import Span
from meervoud.supply.models import Occupation, Offer

EVENING, MINUTES = Window(18 * 60, 22 * 60), 180
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
TOMORROW = TODAY + timedelta(days=1)


def from_platform(programme: Programme, moment: datetime = NOW) -> dict[str, Found]:
    found = first_free_moments(programme, window=EVENING, minutes=MINUTES, moment=moment)
    return {each.space_id: (each.moment.day, each.moment.start) if each.moment else None for each in found}


def from_rows(offers: list[Offer]) -> dict[str, Found]:
    rows = Occupation.objects.every(because="a test").filter(is_active=True)
    taken = {
        str(offer.pk): rows.filter(atom__in=offer.space.atoms.all()).values_list("starts_at", "ends_at").distinct()
        for offer in offers
    }
    taken_once = {offer: merged(list(times)) for offer, times in taken.items()}
    return sweep(taken_once, (EVENING.start, EVENING.end), MINUTES, (TOMORROW, MOST_DAYS), "Europe/Amsterdam")


def merged(times: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """A hall is taken where one of its rooms is, and those may overlap."""
    found = list[tuple[datetime, datetime]]()
    for start, end in sorted(times):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def evening(day: int, hour: float = 17, hours: float = 4) -> Span:
    start = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) + timedelta(days=day, hours=hour)
    return Span(start, start + timedelta(hours=hours))


def make_hall(programme: Programme) -> list[Offer]:
    """Two rooms and the hall that is both, all lent."""
    host = make_organisation(programme)
    building = make_building(programme, host)
    one, other = make_space(building), make_space(building)
    spaces = (one, other, make_space(building, parts=(one, other)))
    return [make_offer(programme, host=host, space=space) for space in spaces]


@pytest.mark.slow
@pytest.mark.django_db
def test_rooms_and_halls_have_the_first_free_moment_that_a_plain_look_finds() -> None:
    dice, programme = random.Random(5), make_programme()  # noqa: S311  # a test
    offers = [offer for _ in range(3) for offer in make_hall(programme)]
    for offer in offers:
        if offer.space.atoms.count() == 1:
            days = range(1, dice.choice((3, 40, 200)))
            take(offer.space, *(evening(day, dice.choice((15, 16.25, 17, 19.5))) for day in days))
    found = from_platform(programme)
    assert found == from_rows(offers)
    assert len({moment for moment in found.values() if moment}) > 3
    assert list(found.values()) == sorted(found.values(), key=lambda each: each or (date.max, 0))


@pytest.mark.django_db
def test_a_space_that_is_full_for_more_than_a_year_has_its_first_moment_in_the_second() -> None:
    programme = make_programme()
    offer = make_offer(programme)
    for first in (1, 200, 399):
        take(offer.space, *(evening(day) for day in range(first, first + 199)))
    assert from_platform(programme) == from_rows([offer]) == {str(offer.pk): (TODAY + timedelta(days=598), 18 * 60)}


@pytest.mark.django_db
def test_an_offer_that_is_full_for_two_years_has_no_moment() -> None:
    programme = make_programme()
    offer = make_offer(programme)
    start = evening(0).starts_at
    take(offer.space, Span(start, start + timedelta(days=800)))
    assert from_platform(programme) == {str(offer.pk): None}


@pytest.mark.django_db
def test_what_changes_is_followed_and_what_does_not_is_not_read_again() -> None:
    forget_indexes()
    programme = make_programme()
    one, other = make_offer(programme), make_offer(programme)
    assert from_platform(programme) == dict.fromkeys((str(one.pk), str(other.pk)), (TOMORROW, 18 * 60))
    take(one.space, evening(1), evening(2))
    take(other.space, evening(1), hold_until=NOW + timedelta(hours=1))
    assert from_platform(programme) == from_rows([one, other])
    assert from_platform(programme)[str(other.pk)] == (TODAY + timedelta(days=2), 18 * 60)
    assert from_platform(programme, NOW + timedelta(hours=2))[str(other.pk)] == (TOMORROW, 18 * 60)
    with CaptureQueriesContext(connection) as queries:
        from_platform(programme, NOW + timedelta(hours=2))
    assert not [each for each in queries.captured_queries if "supply_occupation" in each["sql"]]
    pause_offer(offer=Offer.objects.every(because="a test").get(pk=one.pk), by=make_person())
    assert set(from_platform(programme, NOW + timedelta(hours=2))) == {str(other.pk)}


@pytest.mark.django_db
def test_only_the_weekdays_and_the_days_that_were_asked_for_are_looked_at() -> None:
    programme = make_programme()
    offer = make_offer(programme)
    weekday = (TODAY.weekday() + 4) % 7
    ask = {"window": EVENING, "minutes": MINUTES, "moment": NOW}
    (found,) = first_free_moments(programme, weekdays=frozenset({weekday}), **ask)  # type: ignore[arg-type]
    assert found.moment
    assert found.moment.day == TODAY + timedelta(days=4)
    take(offer.space, evening(1), evening(2))
    (found,) = first_free_moments(programme, days=2, **ask)  # type: ignore[arg-type]
    assert found.moment is None
