"""GeoJSON: points as spaces, polygons as areas, the scouting list."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from meervoud.core.engine.types.requests import Continuous
from meervoud.core.engine.types.spaces import Position, Space
from meervoud.core.errors import InputError
from meervoud.files.sources.geojson import place_in_areas, read_areas, read_point_spaces
from meervoud.files.sources.scout import read_osm_requests, scout_spaces, share_assumed

SQUARE = [[4.0, 52.0, -999], [5.0, 52.0, -999], [5.0, 53.0, -999], [4.0, 53.0, -999], [4.0, 52.0, -999]]


def write(folder: Path, *features: object, crs: str | None = None) -> Path:
    content: dict[str, object] = {"type": "FeatureCollection", "features": features}
    if crs:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    path = folder / "x.geojson"
    path.write_text(json.dumps(content))
    return path


def feature(kind: str, coordinates: object, **properties: object) -> Mapping[str, object]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def osm(number: int, **tags: object) -> Mapping[str, object]:
    properties = {"osm": f"node/{number}", **{key.replace("__", ":"): value for key, value in tags.items()}}
    return feature("Point", [4.9, 52.37], **properties)


def test_points_are_spaces_longitude_first(tmp_path: Path) -> None:
    path = write(tmp_path, feature("Point", [4.9, 52.37, -999], id="a", capacity=12.0, remark=["x"]))
    space = read_point_spaces(path).taken[0]
    assert (space.id, space.position, space.capacity) == ("a", Position(52.37, 4.9), 12)
    assert space.notes == (("remark", '["x"]'),)


def test_points_that_are_none_are_refused(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        feature("Point", [4.9, 52.37], id="a"),
        feature("Point", [52.37, 144.9], id="b"),
        feature("Polygon", [SQUARE], id="c"),
        feature("Point", ["x"], id="d"),
        "nothing",
        {"type": "Feature", "geometry": None, "properties": {"id": "e"}},
    )
    reading = read_point_spaces(path)
    assert [(refusal.row, refusal.code) for refusal in reading.refused] == [
        (2, "coordinate_swapped"),
        (3, "not_a_point"),
        (4, "feature_broken"),
        (5, "feature_broken"),
    ]
    assert [(space.id, space.position is None) for space in reading.taken] == [("a", False), ("e", True)]


@pytest.mark.parametrize("content", ["", "[]", "{}", "{", '{"features": 3}', "[" * 100_000])
def test_files_that_are_no_geojson(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.geojson"
    path.write_text(content)
    with pytest.raises(InputError):
        read_areas(path)


def test_areas_of_both_kinds_in_three_dimensions(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        feature("Polygon", [SQUARE], name="West", code="W1", people=12),
        feature("MultiPolygon", [[[[6, 52], [7, 52], [7, 53], [6, 52]]]], name="East"),
        feature("Polygon", [[[52, 144], [53, 144], [53, 145], [52, 144]]], name="Swapped"),
        feature("Point", [4, 52], name="Point"),
        feature("Polygon", [SQUARE]),
        feature("Polygon", [[1]], name="Broken"),
        crs="urn:ogc:def:crs:OGC:1.3:CRS84",
    )
    reading = read_areas(path)
    assert [(area.name, area.code, area.polygon.has_z) for area in reading.taken] == [
        ("West", "W1", False),
        ("East", "", False),
    ]
    assert reading.taken[0].indicators["people"] == "12"
    assert [refusal.code for refusal in reading.refused] == [
        "coordinate_swapped",
        "not_an_area",
        "area_nameless",
        "area_broken",
    ]
    assert read_areas(write(tmp_path, feature("Polygon", [SQUARE], wijk="A")), name="wijk").taken[0].name == "A"


def test_other_coordinate_systems_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="EPSG:4326"):
        read_areas(write(tmp_path, feature("Polygon", [SQUARE], name="a"), crs="urn:ogc:def:crs:EPSG::28992"))


def test_spaces_get_the_area_they_lie_in(tmp_path: Path) -> None:
    areas = read_areas(write(tmp_path, feature("Polygon", [SQUARE], name="West"))).taken
    spaces = (
        Space(id="in", position=Position(52.5, 4.5)),
        Space(id="out", position=Position(10, 10), neighbourhood="told"),
        Space(id="edge", position=Position(52.0, 4.5)),
        Space(id="nowhere"),
    )
    placed = place_in_areas(spaces, areas)
    assert [space.neighbourhood for space in placed] == ["West", "told", "West", None]
    assert place_in_areas(spaces, ()) == spaces


def test_kind_decides_when_a_place_can_be_lent(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        osm(1, office="company", opening_hours="Mo-Fr 09:00-17:00", footprint_m2=300),
        osm(2, amenity="library", opening_hours="Mo-Sa 10:00-20:00", footprint_m2=300),
        osm(3, shop="vacant", host_building_footprint_m2=1000),
        osm(4, amenity="cafe"),
        osm(5, disused__amenity="bank"),
    )
    office, library, vacant, cafe, bank = scout_spaces(path).taken
    assert [space.periods[0].lend for space in (office, library, vacant, cafe, bank)] == [
        *("outside", "inside", "always", "inside", "always")
    ]
    assert [edge.kind for edge in office.edges] == ["doors"]
    assert all("time" in space.assumed for space in (office, library, vacant, cafe, bank))
    assert (office.area_m2, office.capacity) == (60, 24)
    assert (vacant.area_m2, vacant.capacity) == (160, 64)
    assert (cafe.area_m2, cafe.capacity) == (None, None)
    assert office.assumed == {"area", "capacity", "time"}
    assert bank.kind == "vacant_building"


def test_what_the_map_tells_is_not_assumed(tmp_path: Path) -> None:
    path = write(
        tmp_path, osm(1, amenity="theatre", capacity="550", wheelchair="limited", toilets="yes", footprint_m2=900)
    )
    space = scout_spaces(path).taken[0]
    assert (space.capacity, space.step_free, space.facilities) == (550, "limited", frozenset({"toilet"}))
    assert space.assumed == {"area", "time"}


def test_places_without_room_are_refused(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        osm(1, amenity="taxi"),
        osm(2, office="company", footprint_m2=40),
        osm(3, name="?"),
        osm(4, office="it"),
        osm(4, office="it"),
    )
    reading = scout_spaces(path)
    assert [(refusal.row, refusal.code) for refusal in reading.refused] == [
        (1, "not_a_room"),
        (2, "too_small"),
        (3, "kind_unknown"),
        (5, "id_same_row"),
    ]


def test_hours_that_are_not_understood_leave_the_time_unknown_and_say_so(tmp_path: Path) -> None:
    reading = scout_spaces(
        write(tmp_path, osm(1, amenity="cafe", name="Vin", opening_hours="Mo-Fr 16:00-, Sa 14:00-", capacity="20+"))
    )
    assert reading.taken[0].periods == ()
    assert {note.code for note in reading.notes} == {"hours_refused", "value_ignored"}
    assert all(note.message for note in reading.notes)


def test_share_of_assumed_values(tmp_path: Path) -> None:
    spaces = scout_spaces(
        write(
            tmp_path,
            osm(1, amenity="cafe", opening_hours="soon"),
            osm(2, amenity="cafe", opening_hours="Mo 10:00-12:00"),
        )
    ).taken
    time = next(entry for entry in share_assumed(spaces) if entry.attribute == "time")
    assert (time.known, time.assumed, time.share) == (1, 1, 1.0)
    assert share_assumed(())[0].share == 0


def test_social_organisations_are_requests(tmp_path: Path) -> None:
    path = write(tmp_path, osm(1, office="ngo", name="A"), osm(2, amenity="cafe"), osm(3, club="sport", name="B"))

    need = Continuous(date(2026, 1, 1), 3)
    reading = read_osm_requests(path, (need,))
    assert (reading.read, reading.left_out) == (2, 1)
    assert [(request.name, request.cause, request.needs) for request in reading.taken] == [
        ("A", None, (need,)),
        ("B", "sport", (need,)),
    ]
