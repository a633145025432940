"""The peers of the benchmarks give the answers of the engine, on a small city."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench.bench_first_free import make_bookings, sweep
from bench.bench_match import engine_best
from bench.city import GRID, City, make_city
from bench.peers import by_bisect, by_rrule, free_intervals
from bench.postgres import binaries_of_postgres, by_postgres, load_spaces, own_postgres

from meervoud.core.engine.attributes import asked_bits
from meervoud.core.engine.index import Index, build_index
from meervoud.core.engine.musts import find_candidates

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def city() -> City:
    return make_city(400, 40, cities=1, seed=5)


@pytest.fixture(scope="module")
def index(city: City) -> Index:
    return build_index(city.spaces, GRID, taken=city.taken)


def test_intervals_and_dateutil_agree_with_the_engine_and_something_fits(city: City, index: Index) -> None:
    recurrences = {space.id: some for space, some in zip(city.spaces, city.recurrences, strict=True)}
    found = 0
    for request in city.requests:
        rows = find_candidates(index, request, asked_bits(request)).rows
        ours = engine_best(index, request)
        spaces = index.spaces_at(rows)
        assert (
            by_bisect(request, [(index.spaces[int(row)].id, free_intervals(index, int(row))) for row in rows]) == ours
        )
        assert by_rrule(request, [(space, recurrences[space.id]) for space in spaces]) == ours
        found += len(ours)
    assert found > 100


@pytest.mark.postgres
@pytest.mark.skipif(binaries_of_postgres() is None, reason="PostgreSQL is not installed")
def test_postgres_agrees_with_the_engine(city: City, index: Index) -> None:
    with own_postgres() as connection:
        load_spaces(connection, index.spaces, [free_intervals(index, int(row)) for row in index.rows])
        for request in city.requests:
            assert by_postgres(connection, request) == engine_best(index, request)


def test_the_plain_sweep_sees_a_moment_that_is_taken_away() -> None:
    bookings = make_bookings(3, 700, seed=1)
    before = sweep(bookings, 3)
    moment = before["room000"]
    assert moment is not None
    assert sweep(make_bookings(3, 720, seed=1), 3) != before


@pytest.mark.parametrize(
    "command",
    [
        ["bench/bench_first_free.py", "--rooms", "10", "--bookings", "50", "--repeats", "1"],
        ["bench/bench_match.py", "--spaces", "300", "--repeats", "1", "--postgres-up-to", "0", "--batch", "50"],
    ],
)
def test_a_benchmark_prints_json_without_disagreements(command: list[str]) -> None:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True, text=True)
    report = json.loads(done.stdout)
    wrong = [report["disagreements"]] if "disagreements" in report else report["results"][0]["disagreements"].values()
    assert set(wrong) == {0}
