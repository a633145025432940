"""How long booking takes with 16 clients, and how long the first free evening of 200 rooms. Prints JSON.

`python bench/bench_booking.py [--clients 16] [--attempts N] [--repeats N] [--only sqlite|postgresql]`. 85 % ask for time (one moment or
some weeks), 15 % give it back. Beside it, in the same run, a plain peer that looks first and writes then, without locks, guard and
transaction: fast, and wrong.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.databases import measure_both
from bench.hammer_places import Place

AIMS = {
    "booking_p95_ms": {"postgresql": 150, "sqlite": 400},
    "first_free_warm_s": 0.5,
}


def measure(place: Place, options: argparse.Namespace) -> dict[str, Any]:  # Any: JSON
    """Measure everything on one database."""
    from bench.first_free_rooms import measure_first_free
    from bench.hammer_city import use
    from bench.hammer_workers import by_action, by_looking_first

    use(place.copy("booking"))
    ours = _mix(place, options, by_action)
    use(place.copy("peer"))
    place.take_guard_away("peer")
    peer = _mix(place, options, by_looking_first)
    ratio = round(ours["ms"]["p95"] / peer["ms"]["p95"], 2)
    use(place.copy("rooms"))
    free = measure_first_free(options.repeats)
    return {"version": place.version(), "booking": ours, "peer": peer, "p95_ratio": ratio, "first_free": free}


def _mix(
    place: Place, options: argparse.Namespace, act: Callable[..., Any]
) -> dict[str, Any]:  # Any: JSON, and the type of Act
    from bench.hammer_judge import latency
    from bench.hammer_workers import Load, fire

    turns = -(-options.attempts // options.clients)
    outcomes = fire(Load(options.clients, turns, 1, act, place.folder, is_barrier=False))
    results = Counter(each.result for each in outcomes)
    return {"clients": options.clients, "results": dict(results), "ms": latency(outcomes)}


def main() -> int:
    """Measure both databases, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--attempts", type=int, default=6_000)
    parser.add_argument("--repeats", type=int, default=5)
    return measure_both(parser, AIMS, measure, lambda each: bool(each["first_free"]["identical_answers"]))


if __name__ == "__main__":
    raise SystemExit(main())
