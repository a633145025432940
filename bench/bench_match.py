"""The engine against bisect on intervals, dateutil and PostgreSQL: CPU time a request, same answers. Prints JSON.

python bench/bench_match.py [--spaces 1000 10000 100000] [--repeats 5] [--postgres-up-to 10000] [--batch 10000]
"""

import argparse
import gc
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.city import GRID, City, Recurrence, make_city
from bench.peers import Best, Intervals, by_bisect, by_rrule, free_intervals
from bench.postgres import binaries_of_postgres, by_postgres, load_spaces, own_postgres
from meervoud.core.engine.arrays import Ints
from meervoud.core.engine.attributes import asked_bits
from meervoud.core.engine.index import Index, build_index
from meervoud.core.engine.musts import find_candidates
from meervoud.core.engine.options import labels_of
from meervoud.core.engine.plans import MomentPlan, plan_need
from meervoud.core.engine.retrieval import rank, rank_all
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.spaces import Space

REQUESTS = 400
MOST_RRULE = 40  # dateutil takes its time: it answers the first of the same requests
CITIES = {1_000: 1, 10_000: 10, 100_000: 100}
WEIGHTS = load_weights()


@dataclass(frozen=True)
class Engine:
    """One way to answer, and how many of the requests it answers."""

    name: str
    answer: Callable[[Request], object]
    best: Callable[[Request], Best]
    requests: int
    cpu: Callable[[], float]


def engine_best(index: Index, request: Request) -> Best:
    """Return all that fits by the engine, in the form of the peers."""
    ranking = rank(index, request, WEIGHTS, k=10**9)
    plan = plan_need(request.needs[0], index.grid)
    labels = labels_of(plan)
    assert isinstance(plan, MomentPlan)  # noqa: S101  # the benchmark asks weekly rules only
    found: Best = {}
    held = ranking.parts[0] * int(plan.table.wanted_count[0]) / 10_000
    for row, choice, count in zip(ranking.rows, ranking.choices[0], held, strict=True):
        label = labels[int(choice)]
        found[index.spaces[int(row)].id] = (
            plan.weekdays[label.rows[0]],
            label.start,
            round(float(np.ceil(count - 1e-9))),
        )
    return found


def engines(city: City, index: Index, connection: "psycopg.Connection[tuple[object, ...]] | None") -> Iterator[Engine]:
    """Yield every way to answer, the engine first."""
    near = {each.id: _near(index, each) for each in city.requests}
    rows = sorted({int(row) for some in near.values() for row in some})
    free: dict[int, Intervals] = {row: free_intervals(index, row) for row in rows}
    by_id = {space.id: number for number, space in enumerate(city.spaces)}

    def intervals(request: Request) -> list[tuple[str, Intervals]]:
        return [(index.spaces[int(row)].id, free[int(row)]) for row in near[request.id]]

    def rules(request: Request) -> list[tuple[Space, list[Recurrence]]]:
        spaces = [index.spaces[int(row)] for row in near[request.id]]
        return [(space, city.recurrences[by_id[space.id]]) for space in spaces]

    def answer_bisect(request: Request) -> Best:
        return by_bisect(request, intervals(request))

    def answer_rrule(request: Request) -> Best:
        return by_rrule(request, rules(request))

    yield Engine(
        "engine",
        lambda each: rank(index, each, WEIGHTS),
        lambda each: engine_best(index, each),
        REQUESTS,
        time.process_time,
    )
    yield Engine("bisect", answer_bisect, answer_bisect, REQUESTS, time.process_time)
    yield Engine("rrule", answer_rrule, answer_rrule, MOST_RRULE, time.process_time)
    if connection is not None:
        pid = connection.info.backend_pid

        def answer_postgres(request: Request) -> Best:
            return by_postgres(connection, request)

        yield Engine("postgres", answer_postgres, answer_postgres, REQUESTS, lambda: time.process_time() + _cpu_of(pid))


def _near(index: Index, request: Request) -> Ints:
    return find_candidates(index, request, asked_bits(request)).rows


def measure(spaces: int, repeats: int, *, with_postgres: bool) -> dict[str, object]:
    """Return CPU milliseconds a request of each engine, their ratios to ours on the same requests, and memory."""
    city = make_city(spaces, REQUESTS, cities=CITIES.get(spaces, max(spaces // 1000, 1)))
    begin = time.process_time()
    index = build_index(city.spaces, GRID, taken=city.taken)
    build = time.process_time() - begin
    with own_postgres() if with_postgres else nullcontext() as connection:
        if connection is not None:
            load_spaces(connection, index.spaces, [free_intervals(index, row) for row in range(spaces)])
        known = list(engines(city, index, connection))
        wrong = {each.name: _disagreements(known[0], each, city.requests) for each in known[1:]}
        times = _interleaved(known, city.requests, repeats)
    ours = times["engine"]
    result: dict[str, object] = {
        "spaces": spaces,
        "index_build_cpu_s": round(build, 3),
        "bitmap_kb_per_space_and_year": round(index.bits.nbytes / spaces / 1024 / (GRID.weeks * 7 / 365.25), 3),
        "candidates_a_request": round(float(np.mean([len(_near(index, each)) for each in city.requests])), 1),
        "with_a_proposal_share": round(
            float(np.mean([len(rank(index, each, WEIGHTS).rows) > 0 for each in city.requests])), 3
        ),
        "disagreements": wrong,
    }
    for each in known:
        counted = sum(ours["each"][: each.requests]) / each.requests
        cpu = sum(times[each.name]["each"][: each.requests]) / each.requests
        result[each.name] = {
            "requests": each.requests,
            "cpu_ms": round(cpu * 1000, 4),
            "ratio": round(cpu / counted, 1),
        }
    return result


def measure_batch(spaces: int, batch: int, repeats: int) -> dict[str, object]:
    """Return how long a batch of requests of all four kinds takes."""
    city = make_city(spaces, batch, cities=CITIES.get(spaces, 10), only_weekly=False)
    index = build_index(city.spaces, GRID, taken=city.taken)
    taken = [_cpu(lambda: rank_all(index, city.requests, WEIGHTS)) for _ in range(repeats)]
    return {"spaces": spaces, "requests": batch, "cpu_s": round(statistics.median(taken), 3)}


def _interleaved(known: list[Engine], requests: list[Request], repeats: int) -> dict[str, dict[str, list[float]]]:
    """Let every engine take its turn, request by request in blocks, and keep the median of each block."""
    blocks = [requests[first : first + MOST_RRULE] for first in range(0, REQUESTS, MOST_RRULE)]
    times: dict[str, dict[str, list[float]]] = {each.name: {"each": []} for each in known}
    for number, block in enumerate(blocks):
        for each in known:
            if number * MOST_RRULE < each.requests:
                rounds = [_cpu(lambda: [each.answer(one) for one in block], each.cpu) for _ in range(repeats)]  # noqa: B023
                times[each.name]["each"] += [statistics.median(rounds) / len(block)] * len(block)
    return times


def _disagreements(ours: Engine, other: Engine, requests: list[Request]) -> int:
    return sum(ours.best(each) != other.best(each) for each in requests[: other.requests])


def _cpu(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    with _without_collector():
        begin = clock()
        work()
        return clock() - begin


@contextmanager
def _without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--spaces", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--postgres-up-to", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=10_000)
    options = parser.parse_args()
    has_postgres = binaries_of_postgres() is not None
    report = {
        "benchmark": "match",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "cores": os.cpu_count(),
        "load_before": os.getloadavg(),
        "repeats": options.repeats,
        "postgres": "measured" if has_postgres else "not installed",
        "results": [
            measure(each, options.repeats, with_postgres=has_postgres and each <= options.postgres_up_to)
            for each in options.spaces
        ],
        "batches": [measure_batch(each, options.batch, min(options.repeats, 3)) for each in options.spaces],
        "load_after": os.getloadavg(),
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
