"""The dated parameters of impact can be read, lie in their ranges, and say where they come from."""

import tomllib
from decimal import Decimal
from importlib.resources import files

import pytest

from meervoud.core.impact.contribution import contribution
from meervoud.core.impact.equivalences import times_a_hall
from meervoud.core.impact.use_figures import WORKING_YEAR_HOURS
from meervoud.files.impact.parameters import FILE, read_impact_parameters


def test_the_tariff_to_start_from_is_the_social_one() -> None:
    tariff = read_impact_parameters().tariff
    assert (tariff.low, tariff.value, tariff.high) == (Decimal("0.10"), Decimal("0.157"), Decimal("0.30"))
    assert (tariff.currency, tariff.unit, tariff.price_year) == ("EUR", "m2*hour", 2019)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("commercial", "0.2315"),
        ("office_whole_year", "0.0200"),
        ("office_working_year", "0.0841"),
        ("prime_working_year", "0.2212"),
    ],
)
def test_a_rent_by_the_year_is_brought_to_the_hour(name: str, value: str) -> None:
    assert read_impact_parameters().tariffs[name].value == Decimal(value)


@pytest.mark.parametrize("name", sorted(read_impact_parameters().tariffs))
def test_every_tariff_can_be_used(name: str) -> None:
    tariff = read_impact_parameters().tariffs[name]
    money = contribution(1000, tariff)
    assert 0 < money.low <= money.value <= money.high
    assert tariff.source


def test_the_halls_have_a_floor_with_a_source() -> None:
    halls = read_impact_parameters().halls
    assert times_a_hall(11_500, halls["paradiso"]) == 9.5
    assert times_a_hall(11_500, halls["paradiso_of_the_pilot"]) == 11.0
    assert [hall.year for hall in halls.values()] == [2022, 2024]
    assert all(hall.source for hall in halls.values())


def test_the_core_saves_floor_by_the_same_working_year() -> None:
    assert read_impact_parameters().working_year_hours == WORKING_YEAR_HOURS


def test_every_value_is_dated_sourced_and_in_its_range() -> None:
    table = tomllib.loads((files("meervoud.core.impact") / FILE).read_text("utf-8"))
    rows = [each for part in ("tariffs", "rents", "hours", "halls") for each in table[part].values()]
    assert len(rows) == 8
    for each in rows:
        least, most = each["range"]
        assert each["unit"]
        for value in each["values"]:
            numbers = [value[name] for name in ("low", "value", "high") if name in value]
            assert all(least <= number <= most for number in numbers)
            assert numbers == sorted(numbers)
            assert value["source"]
            assert value["from"].year >= 2018
