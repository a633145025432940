"""The codes that others know our figures by are dated, sourced, and each has a page of its own."""

import tomllib
from importlib.resources import files

from meervoud.files.impact.codes import GOALS, IRIS, read_goals, read_iris


def test_every_measure_of_iris_is_dated_and_sourced() -> None:
    table = tomllib.loads((files("meervoud.core.impact") / IRIS).read_text("utf-8"))
    rows = [each for each in table.values() if isinstance(each, dict)]
    assert len(rows) == len(read_iris()) == 5
    for each in rows:
        assert {"name", "figure", "unit"} <= each.keys()
        assert all(value["from"].year == 2022 and value["source"] for value in each["values"])


def test_a_code_has_the_name_and_the_address_of_its_keeper() -> None:
    hours = read_iris()["PI5683"]
    assert (hours.identifier, hours.name) == ("PI5683", "Service Hours Provided")
    assert hours.iri == "https://iris.thegiin.org/metric/5.3/pi5683/"
    assert len({each.iri for each in [*read_iris().values(), *read_goals().values()]}) == 5 + 17


def test_the_goals_are_seventeen_and_say_where_they_come_from() -> None:
    assert list(read_goals()) == list(range(1, 18))
    assert read_goals()[11].name == "Goal 11: Sustainable cities and communities"
    assert "A/RES/70/1" in (files("meervoud.core.impact") / GOALS).read_text("utf-8")
