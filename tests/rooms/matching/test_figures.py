"""What waits against what stands empty, and how long it takes: compared with counting by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.rooms.makers import make_matchmaker, make_offer, make_programme
from tests.rooms.matching.test_proposals import ask, ask_for, host_person, offer_of, rows

from meervoud.core.engine.types.requests import Continuous, Hours, Weekly, Window
from meervoud.demand.actions import withdraw_request
from meervoud.lib.models import JournalEntry
from meervoud.matching.answering import Said, say_yes
from meervoud.matching.city_index import city_index, forget_indexes
from meervoud.matching.models import Side
from meervoud.matching.open_requests import forget_open_requests
from meervoud.matching.waits import Wait, days_until, wait_until, waits_of
from meervoud.matching.week_hours import WEEKS, hours_of, waiting_and_empty
from meervoud.parties.models import Programme
from meervoud.places.models import Neighbourhood
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=0, microsecond=0)
TUESDAY, EVENING = 1, 19


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    forget_open_requests()
    yield
    forget_indexes()
    forget_open_requests()


@pytest.fixture
def programme() -> Programme:
    return make_programme()


def in_area(programme: Programme, name: str, **values: object) -> Offer:
    area, _ = Neighbourhood.objects.get_or_create(
        programme=programme, code=name, name=name, outline={}, west=0, south=0, east=0, north=0
    )
    offer = offer_of(programme, **values)
    building = offer.space.building
    building.neighbourhood = area
    building.save()
    return offer


def test_a_request_counts_in_every_hour_of_its_window(programme: Programme) -> None:
    in_area(programme, "Havenoost")
    ask_for(programme, neighbourhood="Havenoost")
    area = waiting_and_empty(programme, now=NOW).areas[0]
    assert (area.name, area.waiting, area.spaces) == ("Havenoost", 1, 1)
    assert {(day, hour) for day in range(7) for hour in range(24) if area.asked[day, hour]} == {(1, 19), (1, 20)}


def test_a_request_near_a_point_belongs_to_the_neighbourhood_around_it(programme: Programme) -> None:
    square = {"type": "Polygon", "coordinates": [[[4.8, 52.3], [4.9, 52.3], [4.9, 52.4], [4.8, 52.4], [4.8, 52.3]]]}
    Neighbourhood.objects.create(
        programme=programme, code="w", name="Westkade", outline=square, west=4.8, south=52.3, east=4.9, north=52.4
    )
    ask_for(programme, latitude=52.35, longitude=4.85)
    ask_for(programme, latitude=52.35, longitude=5.2)
    assert {each.name: each.waiting for each in waiting_and_empty(programme, now=NOW).areas} == {"Westkade": 1, "": 1}


def test_windows_past_midnight_belong_to_the_next_day_and_longer_kinds_to_their_days() -> None:
    first = datetime(2026, 11, 2, tzinfo=UTC).date()
    assert hours_of([Weekly(frozenset({6}), Window(1380, 1500), 60, first, 4)]) == {(6, 23), (0, 0)}
    assert hours_of([Hours(120, frozenset({2}), Window(570, 660), 60, first, 4)]) == {(2, 9), (2, 10)}
    assert len(hours_of([Continuous(first, 30)])) == 7 * 24


def test_empty_hours_are_those_of_the_plain_calendar(programme: Programme) -> None:
    offers = [make_offer(programme, hours=hours) for hours in ("Mo-Fr 18:00-22:00", "Tu,Sa 09:30-20:30")]
    found = waiting_and_empty(programme, now=NOW).all.empty
    with city_index(programme, NOW) as city:
        index, today = city.index, city.today
    days = [today + timedelta(days=number) for number in range(7 * WEEKS)]
    for weekday in range(7):
        for hour in range(24):
            free = 0
            for offer in offers:
                row = index.row_of[str(offer.pk)]
                for day in (each for each in days if each.weekday() == weekday):
                    week = (day - index.grid.monday).days // 7
                    free += (int(index.bits[weekday, row, week]) >> (2 * hour)) & 3 == 3
            assert found[weekday, hour] == pytest.approx(free / WEEKS)
    assert found[TUESDAY, EVENING] > 1  # both, but for a closed day or two


def test_who_found_a_room_waits_no_more_and_shelter_shows_in_no_place(programme: Programme) -> None:
    in_area(programme, "Havenoost")
    request = ask_for(programme, neighbourhood="Havenoost")
    ask_for(programme, neighbourhood="Havenoost", is_sheltered=True)
    found = waiting_and_empty(programme, now=NOW)
    assert (found.all.waiting, found.areas[0].waiting, found.sheltered) == (2, 1, 1)
    assert found.all.asked.max() == 1
    ask(request)
    proposal = rows(request)[0]
    say_yes(proposal=proposal, said=Said(Side.HOST, host_person(proposal), NOW))  # the group agreed when it asked
    found = waiting_and_empty(programme, now=NOW)
    assert (found.all.waiting, found.areas[0].waiting) == (1, 0)


def test_those_that_still_wait_make_the_wait_longer() -> None:
    happened = [(1.0, True), (2.0, True), (3.0, True)]
    waiting = [(30.0, False)] * 4
    assert days_until(happened, 0.5) == 2
    assert days_until(happened + waiting, 0.5) is None
    assert days_until([*happened, (0.5, False)], 0.5) == 2


@pytest.mark.parametrize("seed", range(5))
def test_the_wait_is_that_of_a_plain_table(seed: int) -> None:
    dice = Random(seed)  # noqa: S311  # a repeatable test
    waits = [(float(dice.randrange(1, 12)), dice.random() < 0.6) for _ in range(40)]
    still, expected = 1.0, None
    for day in range(1, 13):
        at_risk = [each for each in waits if each[0] >= day]
        there = [each for each in at_risk if each[0] == day and each[1]]
        if at_risk and there:
            still *= 1 - len(there) / len(at_risk)
            if expected is None and still <= 0.5 + 1e-9:
                expected = float(day)
    assert days_until(waits, 0.5) == expected


def test_the_steps_of_a_request_are_found_in_rows_and_journal(programme: Programme) -> None:
    offer_of(programme)
    request, other = ask_for(programme), ask_for(programme)
    withdraw_request(request=other, by=other.asked_by)
    ask(request, now=NOW + timedelta(hours=2))
    proposal = rows(request)[0]
    say_yes(proposal=proposal, said=Said(Side.HOST, host_person(proposal), NOW))  # the group agreed when it asked
    found = waits_of(programme, now=NOW + timedelta(days=3))
    assert {name: (each.requests, each.reached) for name, each in found.items()} == {
        "suggested": (2, 1),
        "asked": (2, 1),
        "host_yes": (2, 1),
        "agreed": (2, 1),
    }
    assert found["agreed"].half is not None
    assert found["agreed"].half < 1  # the other one waited no longer than until it was withdrawn
    JournalEntry.objects.filter(verb="request.withdrawn").update(at=NOW + timedelta(days=2))
    longer = waits_of(programme, now=NOW + timedelta(days=3))["agreed"]
    assert longer.half == found["agreed"].half  # half of two
    assert wait_until({}, {}, {}) == Wait(0, 0, None, None)


def test_the_page_shows_both_and_forgives_a_strange_address(client: Client, programme: Programme) -> None:
    in_area(programme, "Havenoost")
    ask_for(programme, neighbourhood="Havenoost")
    client.force_login(make_matchmaker(programme), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/queue/figures/?area=Havenoost&hours=all", headers={"accept-language": "en"}).content.decode()
    assert "Hour by hour in Havenoost" in page
    assert 'class="heat short"' not in page.split("heat-week")[1]
    for strange in ("?area=%00", "?area=nowhere&hours=%F0", "?area=" + "x" * 5000):
        assert client.get(f"/queue/figures/{strange}").status_code == 200


def test_the_questions_do_not_grow_with_the_requests(client: Client, programme: Programme) -> None:
    client.force_login(make_matchmaker(programme), backend="django.contrib.auth.backends.ModelBackend")
    counts = []
    for _ in range(2):
        for _ in range(5):
            in_area(programme, "Havenoost")
            ask_for(programme, neighbourhood="Havenoost")
        client.get("/queue/figures/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/queue/figures/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
