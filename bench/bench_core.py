"""How long the core takes for a table of few people, 10,000 uses and a large theory, and how that grows with twice as much."""

import json
import platform
import random
import sys
import time
from collections.abc import Callable
from statistics import median

from meervoud.core.impact.ledger import EVIDENCE, Use
from meervoud.core.impact.small_cells import Table, shown
from meervoud.core.impact.theory_layout import lay_out
from meervoud.core.impact.theory_of_change import Graph, Kind, Link, Node, Term
from meervoud.core.impact.use_figures import tally

ROUNDS = 5


def few_people(size: int) -> Callable[[], object]:
    """Return the work of hiding small numbers in a table of 30 rows for each size."""
    rows = 30 * size
    counts = tuple(tuple((i * 5 + j * 3) % 7 % 2 for j in range(8)) for i in range(rows))
    table = Table(tuple(f"hood {i}" for i in range(rows)), tuple(f"why {j}" for j in range(8)), counts)
    return lambda: shown(table)


def uses(size: int) -> Callable[[], object]:
    """Return the work of summing 10,000 uses for each size."""
    found = []
    for number in range(10_000 * size):
        starts = number * 37 % 400_000
        found.append(
            Use(
                id=f"u{number}",
                room=f"r{number % 200}",
                initiative=f"i{number % 700}",
                starts=starts,
                ends=starts + 150,
                people=number % 40,
                evidence=EVIDENCE[number % 6],
            )
        )
    return lambda: tally(found)


def theory(size: int) -> Callable[[], object]:
    """Return the work of laying out 100 boxes and 200 arrows for each size."""
    dice, number = random.Random(7), 100 * size
    kinds = [(kind, term) for kind in Kind for term in (list(Term) if kind == Kind.OUTCOME else [None])]
    nodes = []
    for each in range(number):
        kind, term = dice.choice(kinds)
        nodes.append(Node(id=f"n{each:03}", kind=kind, term=term, labels={"en": f"box {each}"}))
    links = tuple(Link(f"n{dice.randrange(number):03}", f"n{dice.randrange(number):03}") for _ in range(2 * number))
    graph = Graph(tuple(nodes), links)
    return lambda: lay_out(graph)


def took_ms(work: Callable[[], object]) -> float:
    """Return the median of some rounds."""
    times = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return round(median(times), 2)


def main() -> int:
    """Print the figures as JSON."""
    found = {}
    for make in (few_people, uses, theory):
        once, twice = took_ms(make(1)), took_ms(make(2))
        found[make.__name__] = {"ms": once, "twice_as_much_ms": twice, "ratio": round(twice / once, 2)}
    print(json.dumps({"bench": "core", "python": platform.python_version(), "rounds": ROUNDS, **found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
