"""What is written: tables no spreadsheet runs, JSON that comes back, maps that are valid, a report that is safe."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from shapely import box

from meervoud.core.engine.index import build_index
from meervoud.core.engine.proposals import match
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Window
from meervoud.core.engine.types.spaces import OpenPeriod, Price, Space
from meervoud.core.engine.types.time import Closure, DateRange
from meervoud.core.errors import InputError
from meervoud.files.output import write_out as write_out_module
from meervoud.files.output.geojson_out import write_geojson
from meervoud.files.output.index_file import load_index, save_index
from meervoud.files.output.report import MOST_REFUSALS, ReportInput, write_report
from meervoud.files.output.result_file import Matched, matched, read_json, write_json
from meervoud.files.output.rows_out import FORMULA_SIGNS, proposal_rows, safe_cell, write_csv, write_xlsx
from meervoud.files.output.spaces_out import write_spaces_csv
from meervoud.files.output.write_out import ENDINGS, check_endings, write_out, write_whole
from meervoud.files.reading import Reading, Refusal
from meervoud.files.sources.geojson import Area, point_position, read_areas, read_features
from meervoud.files.sources.scout import scout_spaces
from meervoud.files.sources.spaces import read_spaces
from meervoud.files.wording.language import LANGUAGES, language
from tests.core import strategies
from tests.files.outcomes import HOSTILE, make_hostile, make_matched
from tests.makers import MONDAY, make_grid, make_period, make_request, make_space, make_weekly

ENGLISH = language("en")
NOTHING = ReportInput()


def read_back(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_no_cell_of_the_csv_begins_like_a_formula(tmp_path: Path) -> None:
    write_csv(tmp_path / "out.csv", make_hostile(), ENGLISH)
    rows = read_back(tmp_path / "out.csv")
    assert len(rows) > len(HOSTILE)
    assert {len(row) for row in rows} == {15}
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA_SIGNS)]
    assert "'=HYPERLINK('http://example.org')" in {row[1] for row in rows}


def test_without_the_apostrophe_the_cells_would_be_formulas() -> None:
    raw = {str(cell)[:1] for row in proposal_rows(make_hostile(), ENGLISH) for cell in row if isinstance(cell, str)}
    assert {"=", "+", "-", "@", "\t", "\r"} <= raw


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_a_number_stays_a_number_and_text_with_a_sign_does_not_run(sign: str) -> None:
    assert safe_cell(f"{sign}1") == f"'{sign}1"
    assert safe_cell(-1.5) == -1.5
    assert safe_cell("plain = text") == "plain = text"


def test_text_in_a_workbook_is_text_and_the_headers_stay_in_view(tmp_path: Path) -> None:
    what = make_hostile()
    write_xlsx(tmp_path / "out.xlsx", what, ENGLISH)
    sheet = load_workbook(tmp_path / "out.xlsx").active
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    assert not any(cell.font.bold for cell in sheet[2])
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert all(isinstance(cell.value, str) == (cell.data_type == "s") for cell in cells)
    names = {cell.value for cell in sheet["B"]}
    assert {"=HYPERLINK('http://example.org')", "+31 20 1234567", "-2+3", "@SUM(A1)", "[31mred bell"} <= names


def test_a_request_without_a_proposal_has_a_row_that_says_so() -> None:
    rows = list(proposal_rows(make_matched(), ENGLISH))
    assert [row[4] for row in rows if row[0] == "r2"] == ["No space fits"]


def test_a_result_comes_back_from_json_as_it_was(tmp_path: Path) -> None:
    days = DateRange(date(2026, 12, 24), date(2027, 1, 3))
    space = make_space(
        "all",
        capacity=30,
        capacity_min=2,
        area_m2=42.5,
        step_free="limited",
        activities=frozenset({"meal", "meeting"}),
        loudness="talking",
        price=Price(1250, "DKK", "month"),
        periods=(make_period("Mo-Fr 09:00-17:00; PH off", "outside"), OpenPeriod(None, "always", days)),
        closures=(Closure(days, "holiday"),),
        assumed=frozenset({"time", "capacity"}),
        notes=(("colour", "blue"),),
    )
    needs = (
        make_weekly("Mo,We", closed=(days,), extra=(date(2026, 12, 9),)),
        Dates((date(2026, 12, 1), date(2026, 12, 3)), Window(600, 900), 60),
        Hours(600, frozenset({0, 4}), Window(540, 1020), 60, MONDAY, 3),
        Continuous(MONDAY, 3),
    )
    request = make_request(needs=needs, budget=Price(0), cause="language", wishes=frozenset({"piano"}))
    for what in (make_matched([space], [request]), make_matched(), make_hostile(), make_matched([], [])):
        (tmp_path / "out.json").write_text(write_json(what), "utf-8")
        again = read_json(tmp_path / "out.json")
        assert again == what
        assert [each.notes for each in again.spaces] == [each.notes for each in what.spaces]
        assert json.loads(write_json(again)) == json.loads(write_json(what))


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_result_comes_back_from_json(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    what = draw_matched(data)
    path = tmp_path_factory.mktemp("json") / "out.json"
    path.write_text(write_json(what), "utf-8")
    assert read_json(path) == what


def draw_matched(data: st.DataObject) -> Matched:
    grid = data.draw(strategies.grids)
    wide = replace(grid, weeks=grid.weeks + 4)
    spaces, request = data.draw(strategies.cities(grid)), data.draw(strategies.requests(grid))
    try:
        result = match(build_index(spaces, wide), [request], load_weights())
    except InputError:  # every day is closed
        return matched(spaces, [], match(build_index(spaces, wide), [], load_weights()))
    return matched(spaces, [request], result)


def test_when_others_meet_is_not_in_a_result(tmp_path: Path) -> None:
    spaces = make_matched().spaces
    assert all(space.bookings == () for space in spaces)
    assert "bookings" not in write_json(make_matched()).replace('"bookings": []', "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "42",
        "{}",
        "not json",
        "\ufeff{}",
        '{"format": "meervoud-result-0"}',
        '{"format": "meervoud-result-2", "spaces": [], "requests": [], "result": {}}',
        '{"format": "meervoud-result-1"}',
        '{"format": "meervoud-result-1", "spaces": 1, "requests": 1, "result": 1}',
        '{"format": "meervoud-result-1", "spaces": [null], "requests": [], "result": []}',
        "[" * 100_000,
        '{"format": "meervoud-result-1", "spaces": ' + "[" * 50_000 + "]" * 50_000 + "}",
        '{"format": "meervoud-result-1", "x": ' + "9" * 5000 + "}",
    ],
)
def test_what_is_no_result_is_refused_with_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "out.json").write_text(text, "utf-8")
    with pytest.raises(InputError, match="no result of a match"):
        read_json(tmp_path / "out.json")


def _grid(content: Any, **values: object) -> None:
    content["result"]["grid"].update(values)


SPOILT: dict[str, Callable[[Any], object]] = {
    "a huge number of weeks": lambda content: _grid(content, weeks=10**400),
    "weeks without end": lambda content: _grid(content, weeks=float("inf")),
    "no Monday": lambda content: _grid(content, monday="2026-12-01"),
    "a date that is none": lambda content: _grid(content, monday="2026-13-01"),
    "a zone that is none": lambda content: _grid(content, zone="Mars/Olympus"),
    "an answer too few": lambda content: content["result"]["answers"].pop(),
    "an answer to another request": lambda content: content["result"]["answers"][0].update(request_id="r9"),
    "a space that is not there": lambda content: content["spaces"].clear(),
    "a rule that is not there": lambda content: content["requests"][2].update(needs=[]),
    "a kind of need that is none": lambda content: content["requests"][0]["needs"][0].update(kind="yearly"),
    "hours that are none": lambda content: content["spaces"][0]["periods"][0].update(hours="whenever"),
    "half a character": lambda content: content["requests"][0].update(name="\ud800"),
    "a certainty that is none": lambda content: content["result"]["answers"][0]["proposals"][0].update(certainty="no"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
def test_a_result_that_was_tampered_with_is_refused_with_a_sentence(
    tmp_path: Path, spoil: Callable[[Any], object]
) -> None:
    content = json.loads(write_json(make_matched()))
    spoil(content)
    (tmp_path / "out.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(InputError):
        read_json(tmp_path / "out.json")


def test_the_result_that_is_spoilt_above_has_what_is_spoilt() -> None:
    answers = make_matched().result.answers
    assert answers[0].proposals
    assert any(relaxation.rule >= 0 for relaxation in answers[2].relaxations)


@pytest.mark.parametrize("place", ["nowhere.json", "."])
def test_a_result_that_is_not_there_is_refused_by_its_name(tmp_path: Path, place: str) -> None:
    with pytest.raises(InputError, match=r"cannot be opened") as refused:
        read_json(tmp_path / place)
    assert str(tmp_path) in str(refused.value)


def test_the_map_file_has_longitude_first_and_leaves_nothing_out(tmp_path: Path) -> None:
    content = json.loads(write_geojson(make_matched(), ENGLISH))
    assert content["type"] == "FeatureCollection"
    features = {feature["properties"]["id"]: feature for feature in content["features"]}
    assert features["r1"]["geometry"] == {"type": "Point", "coordinates": [4.8926, 52.3731]}
    assert features["r2"]["geometry"] is None
    kinds = [(feature["properties"]["kind"], feature["properties"]["id"]) for feature in content["features"]]
    assert kinds[0] == ("request", "r1")
    assert ("proposal", "hall") in kinds
    assert {feature["type"] for feature in content["features"]} == {"Feature"}


def test_our_own_reader_reads_the_map_file(tmp_path: Path) -> None:
    path = tmp_path / "out.geojson"
    path.write_text(write_geojson(make_hostile(), ENGLISH), "utf-8")
    assert {point_position(feature) for feature in read_features(path)} == {make_space().position}
    path.write_text(write_geojson(make_matched(), ENGLISH), "utf-8")
    assert None in {point_position(feature) for feature in read_features(path)}


class Page(HTMLParser):
    """Gathers what a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("code", LANGUAGES)
def test_hostile_names_are_words_in_the_report_and_nothing_else(code: str) -> None:
    refusal = Refusal("<b>.csv", 2, "<i>", HOSTILE[0], "no_such_code", {}, "<u>mend</u>")
    area = Area("<script>area</script>", "", make_square(), {})
    reading: Reading[object] = Reading("<b>.csv", 1, (), 0, (refusal,))
    page = Page(write_report(make_hostile(), language(code), ReportInput([reading], [area])))
    plain = Page(write_report(make_matched(), ENGLISH, ReportInput([reading], [replace(area, name="East")])))
    assert set(page.tags) <= set(plain.tags)
    assert not [each for each in page.attributes if each[1].startswith("on") or each[1] == "style"]
    for name in (*HOSTILE[:11], "<script>area</script>", "<u>mend</u>"):
        assert name in page.words
    addresses = [value for _, name, value in page.attributes if name in ("href", "src", "action", "xmlns")]
    assert set(addresses) == {"#requests", "data:,"}


def make_square() -> Any:  # a polygon of shapely
    return box(4.88, 52.36, 4.91, 52.38)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_report_names_no_address_of_the_network(code: str) -> None:
    text = write_report(make_matched(), language(code), NOTHING)
    assert "http" not in text.replace("http-equiv", "")
    assert "<script" not in text
    assert f'<html lang="{code}">' in text


def test_every_proposal_of_the_report_stands_in_words_with_its_parts() -> None:
    what = make_matched()
    text = Page(write_report(what, ENGLISH, NOTHING)).words
    assert "Hall (hall)" in text
    assert "Why Hall (hall)" in text
    for words in ("Parts of the score", "What would open more", "12 people at most", "Could this be done without"):
        assert words in text


def test_a_report_without_requests_says_what_to_do() -> None:
    assert "There is no request in the file" in write_report(make_matched(requests=[]), ENGLISH, NOTHING)
    assert "There is no request in the file" in write_report(make_matched([], []), ENGLISH, NOTHING)


def test_a_report_lists_the_first_refusals_and_counts_the_others() -> None:
    refusals = tuple(Refusal("a.csv", row, "", "", "id_missing", {}, "no id") for row in range(2, MOST_REFUSALS + 9))
    reading: Reading[object] = Reading("a.csv", len(refusals), (), 0, refusals)
    text = write_report(make_matched(), ENGLISH, ReportInput([reading]))
    assert text.count("The row has no id") == MOST_REFUSALS
    assert "And 7 more." in text


def test_a_city_without_positions_has_no_map() -> None:
    what = make_matched([make_space(position=None)], [make_request()])
    assert 'class="map"' not in write_report(what, ENGLISH, NOTHING)
    assert 'class="map"' in write_report(make_matched(), ENGLISH, NOTHING)


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_result_is_written_the_same(tmp_path: Path, ending: str) -> None:
    for name in ("a", "b"):
        write_out(tmp_path / f"{name}{ending}", make_matched(), ENGLISH, NOTHING)
    written = [(tmp_path / f"{name}{ending}") for name in ("a", "b")]
    if ending == ".xlsx":  # the workbook holds the moment at which it was saved
        sheets = [[[cell.value for cell in row] for row in load_workbook(path).active.iter_rows()] for path in written]
        assert sheets[0] == sheets[1]
    else:
        assert written[0].read_bytes() == written[1].read_bytes()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"out{ending}"
    path.write_text("the old one")

    def fail(*_: object) -> str:
        raise OSError(28, "No space left on device")

    for name in ("write_csv", "write_xlsx", "write_json", "write_geojson", "write_report"):
        monkeypatch.setattr(write_out_module, name, fail)
    with pytest.raises(InputError, match="No space left on device"):
        write_out(path, make_matched(), ENGLISH, NOTHING)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "the old one"


def test_a_writer_that_breaks_halfway_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("the old one")

    def break_halfway(place: Path) -> None:
        place.write_text("half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_whole(path, break_halfway)
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]
    assert path.read_text() == "the old one"


@pytest.mark.parametrize("name", ["out.doc", "out", "out.html.gz", "nowhere/out.html"])
def test_what_could_not_be_written_is_refused_before_the_work_begins(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        check_endings([tmp_path / "good.csv", tmp_path / name])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.json").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_out(tmp_path / "out.json", make_matched(), ENGLISH, NOTHING)
    assert list((tmp_path / "out.json").iterdir()) == []
    assert len(list(tmp_path.iterdir())) == 1


def test_a_place_where_nothing_may_be_written_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_out(Path("/proc/out.json"), make_matched(), ENGLISH, NOTHING)


def make_extract(folder: Path) -> Path:
    places = [
        {"osm": "node/1", "name": "Café", "amenity": "cafe", "opening_hours": "Mo-Fr 08:00-18:00", "footprint_m2": 90},
        {"osm": "node/2", "name": "Office", "office": "company", "footprint_m2": "400", "wheelchair": "yes"},
        {"osm": "node/3", "name": "Shop", "disused:shop": "shoes", "wheelchair": "limited", "toilets": "yes"},
        {
            "osm": "node/4",
            "amenity": "library",
            "opening_hours": "whenever",
            "internet_access": "no",
            "operator": "City",
        },
    ]
    features = [
        {
            "type": "Feature",
            "properties": place,
            "geometry": {"type": "Point", "coordinates": [-0.1 - number / 1000, 51.5]},
        }
        for number, place in enumerate(places)
    ]
    path = folder / "city.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def by_id(spaces: tuple[Space, ...]) -> dict[str, Space]:
    return {space.id: space for space in spaces}


def test_a_scouting_list_is_read_back_as_the_same_spaces(tmp_path: Path) -> None:
    scouted = scout_spaces(make_extract(tmp_path))
    assert scouted.rows_taken == 4
    write_spaces_csv(tmp_path / "leads.csv", scouted.taken)
    again = read_spaces(tmp_path / "leads.csv")
    assert again.refused == ()
    assert by_id(again.taken) == by_id(scouted.taken)
    assert again.taken[1].assumed == {"area", "capacity", "time"}


def test_a_space_of_two_seasons_is_read_back_as_one(tmp_path: Path) -> None:
    winter, summer = (DateRange(date(2026, month, 1), date(2026, month + 2, 28)) for month in (1, 6))
    space = make_space(
        periods=(OpenPeriod(make_period().hours, "inside", winter), OpenPeriod(None, "always", summer)),
        capacity=20,
        capacity_min=4,
        price=Price(750, "EUR", "month"),
        closures=(
            Closure(DateRange(date(2026, 8, 1), date(2026, 8, 3))),
            Closure(DateRange(MONDAY, MONDAY), "holiday"),
        ),
    )
    write_spaces_csv(tmp_path / "spaces.csv", [space])
    assert read_spaces(tmp_path / "spaces.csv").taken == (space,)


@pytest.mark.reference_data
@pytest.mark.parametrize("city", ["london", "helsinki"])
def test_the_scouting_list_of_a_real_city_is_read_back(reference_data: Path, tmp_path: Path, city: str) -> None:
    scouted = scout_spaces(reference_data / "real" / "osm-spaces" / f"{city}.osm-spaces.geojson")
    write_spaces_csv(tmp_path / "leads.csv", scouted.taken)
    again = read_spaces(tmp_path / "leads.csv")
    assert again.refused == ()
    assert by_id(again.taken) == by_id(scouted.taken)


def test_compiled_hours_come_back_for_the_same_spaces_only(tmp_path: Path) -> None:
    spaces = [make_space("a"), make_space("b", periods=(make_period("Mo-Fr 09:00-17:00"),))]
    save_index(tmp_path / "city.index", build_index(spaces, make_grid()))
    again = load_index(tmp_path / "city.index", spaces, make_grid())
    assert (again.bits == build_index(spaces, make_grid()).bits).all()
    with pytest.raises(InputError, match="belongs to other spaces"):
        load_index(tmp_path / "city.index", spaces, make_grid(weeks=5))
    with pytest.raises(InputError, match="belongs to other spaces"):
        load_index(tmp_path / "city.index", [replace(spaces[0], buffer_minutes=15), spaces[1]], make_grid())


@pytest.mark.parametrize("content", [b"", b"PK", b"garbage" * 99, b"\x93NUMPY\x01\x00"])
def test_what_is_no_index_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "city.index").write_bytes(content)
    with pytest.raises(InputError, match="no index"):
        load_index(tmp_path / "city.index", [make_space()], make_grid())
    with pytest.raises(InputError, match="no index"):
        load_index(tmp_path / "nowhere.index", [make_space()], make_grid())


def test_areas_of_the_demo_and_areas_with_needs_are_read(tmp_path: Path) -> None:
    shape = {"type": "Polygon", "coordinates": [[[4, 52], [5, 52], [5, 53], [4, 52]]]}
    features = [{"type": "Feature", "properties": {"name": "East", "need_language": 0.8}, "geometry": shape}]
    (tmp_path / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    reading = read_areas(tmp_path / "areas.geojson")
    assert [(area.name, area.indicators["need_language"]) for area in reading.taken] == [("East", "0.8")]
    assert reading.rows == ((1,),)
