"""Real files: nothing is lost, and the counts are known."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from meervoud.core.engine.types.requests import Dates, Weekly
from meervoud.files.sources.calendars import read_calendar
from meervoud.files.sources.geojson import place_in_areas, read_areas
from meervoud.files.sources.presets import read_repair_cafes, read_school_holidays
from meervoud.files.sources.scout import read_osm_requests, scout_spaces, share_assumed
from meervoud.files.sources.spaces import read_spaces
from meervoud.files.tables.mapping import ColumnMapping, read_mapping

pytestmark = pytest.mark.reference_data


@pytest.mark.parametrize(
    ("city", "read", "taken", "hours_refused", "organisations"),
    [("helsinki", 749, 693, 5, 30), ("london", 880, 851, 0, 32)],
)
def test_places_of_a_city(
    reference_data: Path, city: str, read: int, taken: int, hours_refused: int, organisations: int
) -> None:
    path = reference_data / "real" / "osm-spaces" / f"{city}.osm-spaces.geojson"
    reading = scout_spaces(path)
    assert (reading.read, reading.rows_taken) == (read, taken)
    assert Counter(note.code for note in reading.notes)["hours_refused"] <= hours_refused
    assert read_osm_requests(path, ()).rows_taken == organisations
    shares = {entry.attribute: entry.share for entry in share_assumed(reading.taken)}
    assert shares["capacity"] > 0.99
    assert shares["step_free"] == 0


@pytest.mark.parametrize("first", [date(2024, 9, 2), date(2026, 1, 5)])
def test_every_rule_of_every_repair_cafe_is_read(reference_data: Path, first: date) -> None:
    folder = reference_data / "real" / "amsterdam-repaircafes"
    holidays = read_school_holidays(folder / "school-holidays-data.json")
    reading = read_repair_cafes(folder / "cafes.json", first, 52, school_holidays=holidays)
    assert (reading.read, reading.rows_taken, len(reading.taken)) == (45, 45, 43)
    kinds = Counter(type(need) for request in reading.taken for need in request.needs)
    assert kinds == {Dates: 25, Weekly: 20}
    assert len(reading.notes) == 14


def test_venues_of_one_census_year(reference_data: Path) -> None:
    path = reference_data / "real" / "melbourne-venues" / "bars-and-pubs-with-patron-capacity.csv"
    flags = ["capacity=Number of patrons", "name=Trading name", "id=Property ID + Trading name + Business address"]
    mapping = read_mapping(flags=flags)
    reading = read_spaces(
        path, ColumnMapping(mapping.columns, only={"Census year": "2023"}, id_columns=mapping.id_columns)
    )
    assert (reading.read, reading.rows_taken, reading.left_out) == (291, 291, 4699)
    capacities = [space.capacity or 0 for space in reading.taken]
    assert (min(capacities), max(capacities)) == (10, 5000)
    areas = read_areas(reference_data / "real" / "boundaries" / "melbourne.geojson").taken
    assert all(space.neighbourhood for space in place_in_areas(reading.taken, areas))


@pytest.mark.parametrize(
    ("city", "count"),
    [("amsterdam", 97), ("antwerp", 62), ("copenhagen", 10), ("melbourne", 122), ("aalborg-postnumre", 24)],
)
def test_boundaries(reference_data: Path, city: str, count: int) -> None:
    reading = read_areas(reference_data / "real" / "boundaries" / f"{city}.geojson")
    assert (reading.read, reading.rows_taken) == (count, count)
    assert not any(area.polygon.has_z for area in reading.taken)


def test_vacant_parcels(reference_data: Path) -> None:
    path = reference_data / "real" / "stlouis-vacant" / "vacancy_overlap.first4000.csv"
    reading = read_spaces(path, read_mapping(flags=["id=HANDLE", "name=p_address"]))
    assert (reading.read, reading.rows_taken, reading.rows_refused) == (4000, 3854, 146)
    assert {refusal.code for refusal in reading.refused} == {"id_same_row"}


def test_hard_calendars_never_stop_a_run(reference_data: Path) -> None:
    folder = reference_data / "real" / "ical-recurring"
    lines = (folder / "expected-occurrences.jsonl").read_text().splitlines()
    expected = {entry["file"]: entry.get("n_occurrences") for entry in map(json.loads, lines)}
    found, refused = {}, []
    # the library swaps the ends of an event that ends before it starts; that is a guess, so it is refused here
    reversed_ends = {"end_before_start_event.ics": 1, "issue_132_swapped_start_and_end.ics": 1}
    for path in sorted(folder.glob("*.ics")):
        reading = read_calendar(path, "Europe/Amsterdam", date(2010, 1, 1), date(2029, 12, 31))
        found[path.name] = (
            sum(event.happens for event in reading.taken) if reading.rows_taken or not reading.read else None
        )
        refused += [path.name for _ in reading.refused]
    assert len(found) == 95
    differ = {name: count for name, count in expected.items() if found[name] != count}
    assert differ == reversed_ends
    assert refused == ["bad_rrule_missing_until_event.ics", *reversed_ends]
