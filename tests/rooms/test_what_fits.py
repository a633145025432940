"""What fits a request and who fits a space: kept right by the change number, the same as an index built anew."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from tests.rooms.makers import make_offer, make_person, make_programme, make_request

from meervoud.core.engine import verify
from meervoud.core.engine.types.requests import Continuous, Request, Weekly, Window
from meervoud.core.engine.types.results import Result
from meervoud.matching.city_index import city_index, forget_indexes, warm_indexes, weights
from meervoud.matching.concerned import who_would_fit
from meervoud.matching.free_time import free_time
from meervoud.matching.queries import (
    FINEST,
    MOST_NAMED,
    MOST_NAMED_NEAR,
    Asked,
    find_spaces,
    find_spots,
    what_fits,
)
from meervoud.parties.models import Programme
from meervoud.places.actions import add_space
from meervoud.places.models import Building
from meervoud.places.positions import morton_of
from meervoud.supply.actions import (
    change_offer,
    change_offered_space,
    change_place,
    copy_to_next_room,
    end_offer,
    pause_offer,
    publish_offer,
    set_closures,
)
from meervoud.supply.calendar import Span, release, take_time
from meervoud.supply.change_number import mark_changed
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db
EVERYWHERE = (-90.0, -180.0, 90.0, 180.0)


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


def tuesday_evenings() -> Weekly:
    first = timezone.localdate() + timedelta(days=1)
    return Weekly(frozenset({1}), Window(19 * 60, 22 * 60), 120, first, 8)


def evening(days: int, hour: int = 19, hours: int = 3) -> Span:
    day = datetime.combine(timezone.localdate() + timedelta(days=days), datetime.min.time(), UTC)
    return Span(day + timedelta(hours=hour), day + timedelta(hours=hour + hours))


def state_of(programme: Programme) -> dict[str, Any]:
    """Everything the index knows, in a shape that can be compared."""
    with city_index(programme) as city:
        index = city.index
        return {
            space.id: (space, index.bits[:, index.row_of[space.id], :].tolist(), city.texts[space.id])
            for space in index.spaces
        } | {"wholes": city.wholes, "hours": sorted(city.by_hours.row_of)}


def test_the_index_follows_every_change_as_one_that_is_built_anew() -> None:
    programme, by = make_programme(), make_person()
    offers = [make_offer(programme, capacity=20 + number) for number in range(5)]
    state_of(programme)
    held: list[Any] = []
    changes: list[Callable[[], object]] = [
        lambda: change_offer(offer=offers[0], by=by, values={"notice_days": 3, "price_kind": "cost_share"}),
        lambda: change_offered_space(offer=offers[1], by=by, values={"capacity": 99, "description": "Werkplaats"}),
        lambda: change_place(offer=offers[2], by=by, values={"latitude": 52.4, "longitude": 5.0}),
        lambda: pause_offer(offer=offers[3], by=by),
        lambda: set_closures(
            offer=offers[0],
            by=by,
            closures=[(timezone.localdate(), timezone.localdate() + timedelta(days=9), "closed")],
        ),
        lambda: publish_offer(offer=copy_to_next_room(offer=offers[4], by=by, name="Kopie"), by=by),
        lambda: held.append(
            take_time(space=offers[4].space, spans=[evening(3)], request_key="a", by=by, now=timezone.now())
        ),
        lambda: publish_offer(offer=offers[3], by=by),
        lambda: release(taking=held[0], by=by, now=timezone.now()),
        lambda: change_offer(offer=offers[0], by=by, values={"length": "whole"}),
        lambda: end_offer(offer=offers[1], by=by),
    ]
    for change in changes:
        change()
        followed = state_of(programme)
        forget_indexes()
        assert state_of(programme) == followed


def test_an_offer_that_is_deleted_leaves_the_index() -> None:
    programme = make_programme()
    gone, stays = make_offer(programme), make_offer(programme)
    state_of(programme)
    Offer.objects.every(because="as the undo of an import does").filter(pk=gone.pk).delete()
    mark_changed([])
    assert state_of(programme)["hours"] == [str(stays.pk)]


def test_an_index_that_is_right_asks_the_database_for_one_number(django_assert_num_queries: Any) -> None:
    programme = make_programme()
    make_offer(programme)
    state_of(programme)
    with django_assert_num_queries(1):
        state_of(programme)


def test_every_claim_about_what_fits_is_derived_again_by_the_verifier() -> None:
    programme = make_programme()
    for capacity in (10, 20, 30):
        make_offer(programme, capacity=capacity, hours="Mo-Fr 08:00-20:00")
    make_offer(programme, capacity=30, hours="Mo-Su 08:00-23:00")
    found = what_fits(make_request(programme, needs=(tuesday_evenings(),), group_max=15))
    assert found.answer.sure == 1
    with city_index(programme) as city:
        result = Result(city.index.grid, weights(), (found.answer,), top=10, near=5)
        assert list(verify(city.index.spaces, [found.asked], result)) == []


def test_an_evening_a_week_is_not_for_a_space_that_is_lent_as_a_whole() -> None:
    programme = make_programme()
    room, shop = make_offer(programme), make_offer(programme, hours="", published=False, length="whole")
    shop.periods.create(lend="always")
    publish_offer(offer=shop, by=make_person())
    weekly_wish = make_request(programme, needs=(tuesday_evenings(),))
    assert [each.space_id for each in what_fits(weekly_wish).answer.proposals] == [str(room.pk)]
    year = Continuous(timezone.localdate() + timedelta(days=7), 200)
    long_wish = make_request(programme, needs=(year,))
    assert [each.space_id for each in what_fits(long_wish).answer.proposals] == [str(shop.pk)]
    assert [row for row, _, _ in who_would_fit(shop.pk, programme)] == [long_wish]
    assert [row for row, _, _ in who_would_fit(room.pk, programme)] == [weekly_wish]


def test_a_hold_makes_a_space_not_free_until_it_expires() -> None:
    programme = make_programme()
    offer = make_offer(programme)
    wish = make_request(programme, needs=(tuesday_evenings(),))
    assert what_fits(wish).answer.sure == 1
    days = (1 - timezone.localdate().weekday()) % 7 or 7
    until = timezone.now() + timedelta(hours=1)
    spans = [evening(days + 7 * week, 12, 11) for week in range(8)]
    take_time(space=offer.space, spans=spans, request_key="h", by=None, now=timezone.now(), hold_until=until)
    assert what_fits(wish).answer.sure == 0
    assert what_fits(wish, moment=until).answer.sure == 1


def test_an_alarm_ends_every_proposal_a_quarter_before_it_goes_on() -> None:
    programme = make_programme()
    offer = make_offer(programme, hours="Mo-Fr 08:00-18:00")
    offer.periods.update(lend="outside")
    change_place(offer=offer, by=make_person(), values={"alarm": "Mo-Fr 07:00-22:00"})
    late = Weekly(frozenset({1}), Window(18 * 60, 24 * 60), 120, timezone.localdate() + timedelta(days=1), 4)
    found = what_fits(make_request(programme, needs=(late,)))
    ends = [m.end for p in found.answer.proposals for pattern in p.patterns for m in pattern.moments]
    assert ends
    assert max(ends) <= 21 * 60 + 45
    assert {edge.cause for p in found.answer.proposals for edge in p.edges} >= {"alarm"}


def test_a_search_finds_by_words_with_typing_errors_in_three_languages() -> None:
    programme = make_programme()
    for name in ("Fietswerkplaats Noord", "Buurthuis De Eik", "Nørrebro Fællesrum"):
        make_offer(programme, name=name)

    def names(words: str) -> list[str]:
        found = find_spaces(programme, Asked(Request(id="search"), words=words))
        return [space.name for space in found.spaces]

    assert names("werkplaats") == ["Fietswerkplaats Noord"]
    assert names("buurthiis") == ["Buurthuis De Eik"]
    assert names("norrebro") == ["Nørrebro Fællesrum"]
    assert names("zwembad") == []


def test_where_nothing_fits_the_search_says_what_would_help() -> None:
    programme = make_programme()
    make_offer(programme, capacity=10)
    found = find_spaces(programme, Asked(Request(id="search", group_min=40, group_max=40)))
    assert found.total == 0
    assert found.near
    assert [each.condition for each in found.near.near_misses] == ["capacity"]


def test_the_map_shows_the_same_spaces_as_the_list() -> None:
    programme = make_programme()
    for number in range(25):
        offer = make_offer(programme, capacity=10 + number)
        change_place(offer=offer, by=make_person(), values={"latitude": 52 + number / 50})  # no two at one point
    asked = Asked(Request(id="search", group_min=20, group_max=20))
    listed = find_spaces(programme, asked)
    assert listed.total == 15
    assert sum(spot.number for spot in find_spots(programme, asked, EVERYWHERE, 10)) == 15
    named = [each.id for spot in find_spots(programme, asked, EVERYWHERE, 30) for each in spot.spaces]
    every = [each for page in (1, 2) for each in find_spaces(programme, asked, page=page).ids]
    assert sorted(named) == sorted(set(every))
    assert len(listed.points) == 15
    assert find_spots(programme, asked, (0.0, 0.0, 1.0, 1.0), 10) == ()


def point_of(offer: Offer) -> tuple[float, float]:
    building = Building.objects.every(because="test").get(spaces__offer=offer)
    return building.public_latitude or 0, building.public_longitude or 0


def room_beside(offer: Offer, name: str) -> Offer:
    space = add_space(building=offer.space.building, by=make_person(), name=name, kind="office", capacity=20)
    return make_offer(offer.programme, host=offer.host, space=space)


@pytest.mark.parametrize("zoom", [5, 12, 15, 22])
def test_the_cells_of_the_map_are_those_of_a_plain_count(zoom: int) -> None:
    programme = make_programme()
    offers = [make_offer(programme) for _ in range(3)]
    for number, offer in enumerate(offers):
        change_place(offer=offer, by=make_person(), values={"latitude": 52 + number / 7, "longitude": 4.9 + number / 9})
    offers += [room_beside(offers[0], f"Room {number}") for number in range(3)]
    offers += [make_offer(programme) for _ in range(12)]
    plain: dict[int, list[tuple[str, tuple[float, float]]]] = {}
    for offer in offers:
        plain.setdefault(morton_of(*point_of(offer), zoom), []).append((str(offer.pk), point_of(offer)))
    spots = find_spots(programme, Asked(Request(id="search")), EVERYWHERE, zoom)
    assert len(spots) == len(plain)
    for cell in plain.values():
        points = [point for _, point in cell]
        latitude, longitude = (sum(degrees) / len(cell) for degrees in zip(*points, strict=True))
        # two sums in another order may round the fifth decimal apart
        (here,) = [s for s in spots if max(abs(s.latitude - latitude), abs(s.longitude - longitude)) < 1e-5]
        is_one_point = len(set(points)) == 1
        assert here.number == len(cell)
        assert {space.id for space in here.spaces} == ({offer for offer, _ in cell} if is_one_point else set())


@pytest.mark.parametrize("zoom", [9, 16, 22])
def test_the_rooms_of_one_building_are_named_at_every_zoom_in_the_order_of_their_names(zoom: int) -> None:
    first = make_offer(name="Zaal B")
    for name in ("atelier", "Zaal A"):
        room_beside(first, name)
    (spot,) = find_spots(first.programme, Asked(Request(id="search")), EVERYWHERE, zoom)
    assert [space.name for space in spot.spaces] == ["atelier", "Zaal A", "Zaal B"]


def test_of_a_building_with_many_rooms_the_names_come_at_the_nearest_zoom_and_never_all_of_a_tower() -> None:
    first = make_offer(name="Room 0")
    for number in range(1, MOST_NAMED + 1):
        room_beside(first, f"Room {number}")
    far, near = (find_spots(first.programme, Asked(Request(id="s")), EVERYWHERE, zoom)[0] for zoom in (16, FINEST))
    assert (far.number, far.spaces) == (9, ())
    assert len(near.spaces) == 9
    for number in range(MOST_NAMED_NEAR):
        room_beside(first, f"Tower {number}")
    (tower,) = find_spots(first.programme, Asked(Request(id="s")), EVERYWHERE, FINEST)
    assert tower.number == 9 + MOST_NAMED_NEAR
    assert len(tower.spaces) == MOST_NAMED_NEAR


def test_a_map_of_everything_at_the_nearest_zoom_is_answered_by_larger_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    programme = make_programme()
    for number in range(4):
        change_place(offer=make_offer(programme), by=make_person(), values={"latitude": 52 + number / 50})
    asked = Asked(Request(id="search"))
    assert len(find_spots(programme, asked, EVERYWHERE, FINEST)) == 4
    monkeypatch.setattr("meervoud.matching.queries.MOST_SPOTS", 2)
    spots = find_spots(programme, asked, EVERYWHERE, FINEST)
    assert len(spots) <= 2
    assert sum(spot.number for spot in spots) == 4


def test_an_index_that_is_warm_is_the_one_that_the_first_visitor_gets(
    django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(connections, "close_all", lambda: closed.append(True))  # it would end the test's transaction
    programme = make_programme()
    make_offer(programme)
    warm_indexes()
    assert closed == [True]
    with django_assert_num_queries(1):
        state_of(programme)


def test_a_hall_is_taken_where_one_of_its_rooms_is() -> None:
    programme = make_programme()
    room = make_offer(programme)
    by = make_person()
    hall_space = add_space(
        building=room.space.building, by=by, parts=(room.space,), name="Zaal", kind="theatre", capacity=90
    )
    hall = make_offer(programme, host=room.host, space=hall_space)
    before = free_time(programme, str(hall.pk))
    take_time(space=room.space, spans=[evening(1, 6, 16)], request_key="x", by=by, now=timezone.now())
    after = free_time(programme, str(hall.pk))
    assert before
    assert after
    assert before.moments[0].day == timezone.localdate() + timedelta(days=1)
    assert after.moments[0].day > before.moments[0].day


def test_requests_of_the_past_do_not_disturb_the_others() -> None:
    programme = make_programme()
    offer = make_offer(programme)
    old = Weekly(frozenset({1}), Window(1140, 1320), 120, timezone.localdate() - timedelta(days=400), 4)
    make_request(programme, needs=(old,))
    fresh = make_request(programme, needs=(tuesday_evenings(),))
    assert [row for row, _, _ in who_would_fit(offer.pk, programme)] == [fresh]
