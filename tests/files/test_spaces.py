"""Rows as spaces."""

from datetime import date
from pathlib import Path
from typing import get_args

from meervoud.core.engine.types.spaces import Attribute, Position, Price
from meervoud.core.engine.types.time import Closure, DateRange
from meervoud.files.sources.spaces import read_spaces
from meervoud.files.tables.mapping import ColumnMapping, Options
from meervoud.files.values.closed_days import Calendar
from tests.files.makers import codes, spaces_of, write_csv


def test_full_row_becomes_a_space(tmp_path: Path) -> None:
    text = (
        "id;naam;soort;aanbieder;buurt;lat;lon;capaciteit;min people;m2;faciliteiten;geen faciliteiten;drempelvrij;"
        "activiteiten;niet toegestaan;geluid;prijs;doelen;openingstijden;uitlenen;deuren;gesloten;feestdagen;buffer;vloer\n"
        "z1;Zaal;buurthuis;Stichting;Oost;52,37;4,93;30;5;80,5;keuken,beamer;lift;beperkt;"
        "vergaderen,eten;alcohol;praten;EUR 7,50;taal,repair;Mo-Fr 09:00-17:00;binnen;07:00-23:00;"
        "2026-12-24:2026-12-31;2026-04-27|2026-05-05;15;2\n"
    )
    reading = spaces_of(tmp_path, text)
    assert reading.refused == ()
    space = reading.taken[0]
    assert (space.id, space.name, space.kind, space.host) == ("z1", "Zaal", "community_centre", "Stichting")
    assert (space.neighbourhood, space.position) == ("Oost", Position(52.37, 4.93))
    assert (space.capacity, space.capacity_min, space.area_m2, space.buffer_minutes) == (30, 5, 80.5, 15)
    assert (space.facilities, space.no_facilities) == (frozenset({"kitchen", "projector"}), frozenset({"lift"}))
    assert (space.step_free, space.activities, space.no_activities) == (
        "limited",
        frozenset({"meeting", "meal"}),
        frozenset({"alcohol"}),
    )
    assert (space.loudness, space.price, space.causes) == ("talking", Price(750), frozenset({"language", "repair"}))
    assert [(period.lend, period.season) for period in space.periods] == [("inside", None)]
    assert [edge.kind for edge in space.edges] == ["doors"]
    assert space.closures == (
        Closure(DateRange(date(2026, 12, 24), date(2026, 12, 31))),
        Closure(DateRange(date(2026, 4, 27), date(2026, 4, 27)), "holiday"),
        Closure(DateRange(date(2026, 5, 5), date(2026, 5, 5)), "holiday"),
    )
    assert space.notes == (("vloer", "2"),)


def test_all_problems_of_a_row_are_reported(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, "id,capacity,step_free,latitude\n1,85+60,perhaps,52.3\n")
    assert {(column, code) for _, column, code in codes(reading)} == {
        ("capacity", "number_is_sum"),
        ("step_free", "word_unknown"),
        ("latitude", "coordinate_half"),
    }
    assert (reading.read, reading.rows_taken, reading.rows_refused) == (1, 0, 1)
    refusal = next(refusal for refusal in reading.refused if refusal.column == "capacity")
    assert (refusal.file, refusal.row, refusal.value) == ("table.csv", 2, "85+60")
    assert refusal.message == "85+60 is a sum. Give one number: list two spaces, or write the sum."


def test_opening_hours_that_are_not_understood_refuse_the_row(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, 'id,opening_hours\n1,"Mo-Fr 16:00-, Sa 14:00-"\n2,Mo-Fr 09:00-17:00\n')
    assert [(row, column) for row, column, _ in codes(reading)] == [(2, "opening_hours")]
    assert [space.id for space in reading.taken] == ["2"]


def test_office_must_say_whether_its_hours_are_to_lend_in(tmp_path: Path) -> None:
    text = "id,kind,opening_hours\n1,kantoor,Mo-Fr 09:00-17:00\n2,library,Mo-Fr 09:00-17:00\n"
    reading = spaces_of(tmp_path, text)
    assert codes(reading) == [(2, "lend", "lend_missing")]
    told = spaces_of(tmp_path, text, ColumnMapping(defaults={"lend": "outside"}))
    assert [period.lend for space in told.taken for period in space.periods] == ["outside", "outside"]


def test_always_needs_no_hours(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, "id,lend,opening_hours\n1,altijd,\n2,always,Mo 09:00-10:00\n3,,\n")
    assert [(space.id, len(space.periods)) for space in reading.taken] == [("1", 1), ("3", 0)]
    assert codes(reading) == [(3, "lend", "lend_always_with_hours")]


def test_latitude_and_longitude_swapped_are_refused_never_guessed(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, "id,lat,lon\n1,144.9,-37.8\n")
    assert codes(reading) == [(2, "lat", "coordinate_swapped")]
    in_europe = ColumnMapping(options=Options(zone="Europe/Amsterdam"))
    assert codes(spaces_of(tmp_path, "id,lat,lon\n1,4.89,52.37\n", in_europe)) == [(2, "lat", "coordinate_swapped")]
    assert codes(spaces_of(tmp_path, 'id,position\n1,"4.89, 52.37"\n', in_europe)) == [
        (2, "position", "coordinate_swapped")
    ]


def test_two_positions_must_agree(tmp_path: Path) -> None:
    text = 'id,lat,lon,position\n1,52.37,4.89,"52.3701, 4.8901"\n2,52.37,4.89,"52.47, 4.89"\n'
    assert codes(spaces_of(tmp_path, text)) == [(3, "position", "positions_differ")]


def test_facility_cannot_be_there_and_not(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, "id,facilities,no_facilities\n1,kitchen,keuken\n")
    assert codes(reading) == [(2, "no_facilities", "facility_both_ways")]


SEASONS = "id,name,capacity,opening_hours,season_first,season_last\n"


def test_rows_with_one_id_and_other_seasons_are_one_space(tmp_path: Path) -> None:
    text = SEASONS + "1,Hall,30,Mo-Fr 09:00-17:00,2026-01-01,2026-06-30\n1,,,Sa 09:00-12:00,2026-07-01,2026-12-31\n"
    reading = spaces_of(tmp_path, text)
    assert (reading.read, reading.rows_taken, len(reading.taken)) == (2, 2, 1)
    assert (reading.taken[0].capacity, len(reading.taken[0].periods)) == (30, 2)


def test_seasons_that_overlap_are_refused(tmp_path: Path) -> None:
    text = SEASONS + "1,Hall,30,Mo-Fr 09:00-17:00,,\n1,Hall,30,Sa 09:00-12:00,2026-07-01,2026-12-31\n"
    assert codes(spaces_of(tmp_path, text)) == [(2, "id", "seasons_overlap"), (3, "id", "seasons_overlap")]


def test_rows_with_one_id_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    reading = spaces_of(tmp_path, "id,capacity\n1,30\n1,40\n2,5\n2,5\n")
    assert codes(reading) == [(2, "id", "id_twice"), (3, "id", "id_twice"), (5, "id", "id_same_row")]
    assert [space.id for space in reading.taken] == ["2"]


def test_one_broken_season_refuses_the_others_of_the_space(tmp_path: Path) -> None:
    text = SEASONS + "1,Hall,30,Mo-Fr 09:00-17:00,2026-01-01,2026-06-30\n1,,,Sa 09:00-12:00,2026-07-01,\n"
    assert codes(spaces_of(tmp_path, text)) == [(2, "id", "sibling_refused"), (3, "season_last", "value_missing")]


def test_season_that_ends_before_it_begins(tmp_path: Path) -> None:
    text = SEASONS + "1,Hall,30,Mo-Fr 09:00-17:00,2026-06-30,2026-01-01\n"
    assert codes(spaces_of(tmp_path, text)) == [(2, "season_last", "range_reversed")]


def test_yearly_closed_days_need_a_period(tmp_path: Path) -> None:
    path = write_csv(tmp_path, "id,closed\n1,12-24:12-31\n")
    assert codes(read_spaces(path)) == [(2, "closed", "period_needs_year")]
    calendar = Calendar(DateRange(date(2026, 1, 1), date(2026, 12, 31)))
    closures = read_spaces(path, calendar=calendar).taken[0].closures
    assert closures == (Closure(DateRange(date(2026, 12, 24), date(2026, 12, 31))),)


def test_what_is_assumed_is_read_until_the_cell_is_emptied(tmp_path: Path) -> None:
    text = 'id,capacity,assumed\n1,10,"capacity, time"\n2,10,\n3,10,Kapacitet\n4,10,colour\n'
    reading = spaces_of(tmp_path, text)
    assert [space.assumed for space in reading.taken] == [{"capacity", "time"}, set(), {"capacity"}]
    assert codes(reading) == [(5, "assumed", "word_unknown")]


def test_every_attribute_may_be_assumed(tmp_path: Path) -> None:
    every = get_args(Attribute)
    assert spaces_of(tmp_path, f"id,assumed\n1,{';'.join(every)}\n").taken[0].assumed == set(every)
