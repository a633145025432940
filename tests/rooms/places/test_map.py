"""The public map: blurred points that stay, cells, and clusters that a plain count agrees with."""

from math import cos, hypot, radians
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.makers import make_offer, make_person, make_programme

from meervoud.parties.models import Programme
from meervoud.places.actions import ZOOMS, add_space, count_all_on_map
from meervoud.places.city_map import CLUSTER_PIXELS, CityMap, Frame, marks_of
from meervoud.places.models import Building, Cluster
from meervoud.places.positions import FARTHEST_METRES, NEAREST_METRES, blurred_point, cell_of, cells_between, morton_of
from meervoud.places.queries import clusters_between
from meervoud.supply.actions import change_place, end_offer, pause_offer, publish_offer
from meervoud.supply.models import Offer

latitudes = st.floats(-80, 80)
longitudes = st.floats(-179, 179)


@given(st.uuids(), st.floats(40, 60), st.floats(-5, 15))
def test_a_blurred_point_stays_where_it_is_and_is_never_the_place_itself(
    building: UUID, south: float, east: float
) -> None:
    one, other = blurred_point(building, south, east), blurred_point(building, south, east)
    assert one == other
    metres = hypot((one[0] - south) * 111_195, (one[1] - east) * 111_195 * cos(radians(south)))
    assert NEAREST_METRES - 12 <= metres <= FARTHEST_METRES + 12


def test_buildings_at_one_place_are_blurred_apart() -> None:
    assert len({blurred_point(uuid4(), 52.37, 4.9) for _ in range(50)}) > 45


@given(latitudes, longitudes, st.integers(1, 22))
def test_a_cell_of_the_map_has_one_number(latitude: float, longitude: float, zoom: int) -> None:
    column, row = cell_of(latitude, longitude, zoom)
    assert 0 <= column < 1 << zoom
    assert 0 <= row < 1 << zoom
    plain = sum((column >> bit & 1) << 2 * bit | (row >> bit & 1) << 2 * bit + 1 for bit in range(zoom))
    assert morton_of(latitude, longitude, zoom) == plain


@given(st.lists(st.tuples(latitudes, longitudes), max_size=30), st.integers(1, 12))
def test_a_rectangle_has_the_cells_of_every_point_in_it(points: list[tuple[float, float]], zoom: int) -> None:
    south_west, north_east = (51.0, 4.0), (53.0, 7.0)
    cells = set(cells_between(south_west, north_east, zoom))
    inside = [p for p in points if 51 <= p[0] <= 53 and 4 <= p[1] <= 7]
    assert {morton_of(*point, zoom) for point in inside} <= cells


def counted(programme: Programme) -> dict[tuple[int, int], int]:
    rows = Cluster.objects.filter(programme=programme, points__gt=0)
    return {(row.zoom, row.cell): row.points for row in rows}


@pytest.mark.django_db
def test_the_clusters_follow_every_move_of_an_offer_as_a_plain_count_does() -> None:
    programme, by = make_programme(), make_person()
    offers = [make_offer(programme) for _ in range(4)]
    pause_offer(offer=offers[0], by=by)
    end_offer(offer=offers[1], by=by)
    publish_offer(offer=offers[1], by=by)
    change_place(offer=offers[2], by=by, values={"latitude": 52.4, "longitude": 5.1})
    kept = counted(programme)
    online = Offer.objects.online(programme).select_related("space__building")
    buildings = [offer.space.building for offer in online]
    points = [(each.public_latitude or 0, each.public_longitude or 0) for each in buildings]
    assert len(points) == 3
    count_all_on_map(programme, points)
    assert counted(programme) == kept
    assert {zoom for zoom, _ in kept} == set(ZOOMS)


@pytest.mark.django_db
def test_far_away_the_map_answers_in_a_fixed_number_of_queries(client: Client) -> None:
    programme = make_programme()
    for _ in range(3):
        make_offer(programme)
    everywhere = clusters_between(programme, (-90, -180), (90, 180), 14)
    assert sum(each[2] for each in everywhere) == 3
    answer = client.get("/find/points/?zoom=7&box=-90,-180,90,180").json()
    assert sum(each["properties"]["number"] for each in answer["features"]) == 3


@pytest.mark.django_db
def test_near_by_the_map_names_each_space(client: Client) -> None:
    offer = make_offer(name="Zaal aan het water")
    found = client.get("/find/points/?zoom=17&box=52.3,4.8,52.4,5").json()["features"]
    assert [each["properties"] for each in found] == [
        {"number": 1, "spaces": [{"name": "Zaal aan het water", "url": f"/spaces/{offer.pk}/"}]}
    ]


@pytest.mark.django_db
def test_near_by_the_map_lists_the_rooms_of_a_building(client: Client) -> None:
    first = make_offer(name="Zaal B")
    space = add_space(building=first.space.building, by=make_person(), name="Zaal A", kind="office", capacity=20)
    second = make_offer(first.programme, host=first.host, space=space)
    for zoom in (14, 18):
        (found,) = client.get(f"/find/points/?zoom={zoom}&box=52.3,4.8,52.4,5").json()["features"]
        assert found["properties"] == {
            "number": 2,
            "spaces": [
                {"name": "Zaal A", "url": f"/spaces/{second.pk}/"},
                {"name": "Zaal B", "url": f"/spaces/{first.pk}/"},
            ],
        }
        place = found["geometry"]["coordinates"]
        building = Building.objects.every(because="test").get(pk=first.space.building_id)
        assert place == [building.public_longitude, building.public_latitude]  # as blurred as before


FRAME = Frame(west=4.7, north=52.5, scale=3000.0, squeeze=0.61, height=900.0)


@given(st.lists(st.tuples(st.floats(52.2, 52.5), st.floats(4.7, 5.1)), max_size=40))
def test_the_marks_of_the_drawing_are_those_of_a_plain_count(points: list[tuple[float, float]]) -> None:
    plain: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for point in points:
        x, y = FRAME.place(*point)
        plain.setdefault((int(x // CLUSTER_PIXELS), int(y // CLUSTER_PIXELS)), []).append((x, y))
    degrees = np.array(points).reshape(len(points), 2)
    marks = list(marks_of(CityMap(800, 900, FRAME, ()), degrees[:, 0], degrees[:, 1]))
    assert sorted(mark.number for mark in marks) == sorted(map(len, plain.values()))
    for box in plain.values():
        middle = [sum(each) / len(box) for each in zip(*box, strict=True)]
        assert any(
            mark.number == len(box) and max(abs(mark.x - middle[0]), abs(mark.y - middle[1])) < 0.11 for mark in marks
        )


@pytest.mark.parametrize("box", ["", "1,2,3", "a,b,c,d", "60,0,50,1", "nan,0,1,1", "1e999,0,1,1", "-91,0,0,0"])
@pytest.mark.django_db
def test_a_rectangle_that_is_none_is_refused(client: Client, box: str) -> None:
    make_programme()
    assert client.get("/find/points/", {"zoom": "12", "box": box}).status_code == 400
