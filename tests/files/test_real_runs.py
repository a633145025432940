"""The command on real files, as a matchmaker would run it: nothing is lost, and what is proposed is true."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from shapely import Point

from meervoud.cli import main
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.verify import verify
from meervoud.files.output.result_file import Matched, read_json
from meervoud.files.reading import Reading
from meervoud.files.run import Loaded, Sources, cause_needs, load, run_match
from meervoud.files.sources.spaces import read_spaces

pytestmark = [pytest.mark.reference_data, pytest.mark.slow]
ASK = "weekdays=Tu,Th window=18:00-22:00 minutes=120 weeks=12 people=12 max_metres=800"
NO_CLOCK = date(2026, 11, 22)
SAMPLE = 6


@pytest.fixture
def real(reference_data: Path) -> Path:
    return reference_data / "real"


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def nothing_lost(readings: tuple[Reading[object], ...]) -> bool:
    return all(reading.read == reading.rows_taken + reading.rows_refused for reading in readings)


def check_sample(loaded: Loaded, what: Matched) -> None:
    """Derive every claim about some requests again, against the spaces with their bookings."""
    step = len(loaded.requests) // SAMPLE
    part = replace(what.result, answers=what.result.answers[::step])
    requests = loaded.requests[::step]
    assert verify(loaded.spaces, requests, part, cause_needs=cause_needs(loaded.areas)) == []


@contextmanager
def printed(capsys: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """Gather what is printed in the block, one line each."""
    capsys.readouterr()
    lines: list[str] = []
    yield lines
    lines += capsys.readouterr().out.splitlines()


class City(NamedTuple):
    name: str
    zone: str
    sums: str
    organisations: int
    assumed_time: tuple[str, str]


CITIES = (
    City("london", "Europe/London", "880 rows read = 851 taken + 29 refused", 32, ("100%", "851")),
    City("helsinki", "Europe/Helsinki", "749 rows read = 693 taken + 56 refused", 30, ("100%", "688")),
)


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.name)
def test_the_social_organisations_of_a_city_find_a_room_in_it(
    real: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], city: City
) -> None:
    extract = real / "osm-spaces" / f"{city.name}.osm-spaces.geojson"
    from_osm = ("--spaces-from", "osm", "--requests-from", "osm", "--ask", ASK)
    days = ("--first", "2026-12-07", "--zone", city.zone)
    with printed(capsys) as lines:
        assert run("match", extract, extract, *from_osm, *days, "--out", tmp_path / "out.json") == 3
    said = "\n".join(lines)
    assert city.sums in said
    assert f"{city.organisations} rows read = {city.organisations} taken + 0 refused" in said
    what = read_json(tmp_path / "out.json")
    assert sum(bool(answer.proposals) for answer in what.result.answers) == city.organisations
    assert verify(what.spaces, what.requests, what.result) == []
    with printed(capsys) as lines:
        assert run("scout", extract) == 3
    share, known = city.assumed_time
    assert [line for line in lines if " time " in line and share in line and known in line]


def test_the_repair_cafes_find_a_space_in_amsterdam(real: Path, tmp_path: Path) -> None:
    borders = real / "boundaries" / "amsterdam.geojson"
    assert run("demo", tmp_path, "--areas", borders, "--spaces", 400) == 0
    cafes = real / "amsterdam-repaircafes" / "cafes.json"
    command = ("match", tmp_path / "spaces.csv", cafes, "--requests-from", "repair-cafes", "--first", "2027-01-04")
    calendar = tmp_path / "bookings.ics"
    assert run(*command, "--bookings", calendar, "--areas", borders, "--out", tmp_path / "out.json") == 0
    sources = Sources(
        spaces=tmp_path / "spaces.csv",
        requests=cafes,
        bookings=((calendar, None),),
        areas=borders,
        first=date(2027, 1, 4),
        requests_from="repair-cafes",
    )
    loaded = load(sources, NO_CLOCK)
    assert nothing_lost(loaded.readings)
    assert [(reading.file, reading.read) for reading in loaded.readings][:2] == [
        ("spaces.csv", 400),
        ("cafes.json", 45),
    ]
    assert all(reading.rows_refused == 0 for reading in loaded.readings)
    shapes = [area.polygon for area in loaded.areas]
    points = [Point(each.position.longitude, each.position.latitude) for each in loaded.spaces if each.position]
    assert len(points) == 400
    assert all(any(shape.covers(point) for shape in shapes) for point in points)
    what = run_match(loaded, load_weights(), top=10, progress=lambda: None)
    assert read_json(tmp_path / "out.json") == what
    assert sum(bool(answer.proposals) for answer in what.result.answers) >= 35
    check_sample(loaded, what)


MELBOURNE = """
[columns]
id = "Property ID + Trading name + Business address"
name = "Trading name"
capacity = "Number of patrons"
neighbourhood = "CLUE small area"

[only]
"Census year" = 2023

[defaults]
kind = "cafe_restaurant"
opening_hours = "Mo-Su 09:00-23:00"
lend = "inside"
"""


def test_the_venues_of_melbourne_lend_to_requests_placed_in_it(
    real: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    borders = real / "boundaries" / "melbourne.geojson"
    venues = real / "melbourne-venues" / "bars-and-pubs-with-patron-capacity.csv"
    (tmp_path / "venues.toml").write_text(MELBOURNE, "utf-8")
    assert run("demo", tmp_path / "city", "--areas", borders, "--spaces", 10) == 0
    asked, zone = tmp_path / "city" / "requests.csv", "Australia/Melbourne"
    mapping = ("--spaces-mapping", tmp_path / "venues.toml", "--zone", zone)
    with printed(capsys) as lines:
        assert run("match", venues, asked, *mapping, "--areas", borders, "--out", tmp_path / "out.json") == 0
    assert "291 rows read = 291 taken + 0 refused; 4,699 rows left out" in "\n".join(lines)
    what = read_json(tmp_path / "out.json")
    assert what.result.grid.zone == zone
    assert (min(space.capacity or 0 for space in what.spaces), len(what.requests)) == (10, 40)
    assert all(space.position for space in what.spaces)
    part = replace(what.result, answers=what.result.answers[:SAMPLE])
    assert verify(what.spaces, what.requests[:SAMPLE], part) == []


def test_no_calendar_stops_a_run(real: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "spaces.csv").write_text("id,opening_hours\nS1,Mo-Su 08:00-23:00\nS2,Mo-Su 08:00-23:00\n")
    header = "id,weekdays,window,minutes,first,weeks\n"
    (tmp_path / "requests.csv").write_text(f"{header}R1,Tu,08:00-22:00,120,2022-01-03,100\n")
    match = ("match", tmp_path / "spaces.csv", tmp_path / "requests.csv", "--json")
    calendars = sorted((real / "ical-recurring").glob("*.ics"))
    assert len(calendars) == 95
    codes: dict[str, int] = {}
    for path in calendars:
        codes[path.name] = run(*match, "--bookings", f"{path}=S1")
        answer = json.loads(capsys.readouterr().out)["result"]["answers"][0]
        assert answer["considered"] == 2
    assert {name for name, code in codes.items() if code != 0} == {
        "bad_rrule_missing_until_event.ics",
        "end_before_start_event.ics",
        "issue_132_swapped_start_and_end.ics",
    }
    assert set(codes.values()) == {0, 3}
    every = [part for path in calendars for part in ("--bookings", f"{path}=S1")]
    assert run(*match, *every) == 3


def test_a_scouting_list_is_matched_as_the_extract_is(real: Path, tmp_path: Path) -> None:
    extract = real / "osm-spaces" / "london.osm-spaces.geojson"
    assert run("scout", extract, "--out", tmp_path / "leads.csv") == 3
    leads = read_spaces(tmp_path / "leads.csv").taken
    common = {"requests": extract, "requests_from": "osm", "first": date(2026, 12, 7), "template": ASK}
    from_osm = load(Sources(spaces=extract, spaces_from="osm", **common), NO_CLOCK)  # type: ignore[arg-type]  # kept short
    assert {space.id for space in leads} == {space.id for space in from_osm.spaces}
    from_list = load(Sources(spaces=tmp_path / "leads.csv", **common), NO_CLOCK)  # type: ignore[arg-type]  # as above
    results = [run_match(each, load_weights(), top=5, progress=lambda: None).result for each in (from_osm, from_list)]
    found = [[(each.sure, each.assumed, each.to_ask) for each in result.answers] for result in results]
    assert found[0] == found[1]
    assert sum(each.assumed for each in results[1].answers) > 0
    assert sum(each.sure for each in results[1].answers) == 0
