"""One measurement on both databases, one after the other, each in a process of its own; printed as JSON."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from bench.hammer_places import Place, scratch, settle

Measured = dict[str, Any]  # Any: JSON
Measure = Callable[[Place, argparse.Namespace], Measured]


def measure_both(
    parser: argparse.ArgumentParser, aims: Measured, measure: Measure, is_right: Callable[[Measured], bool]
) -> int:
    """Measure, print what was found, and return the exit code: 0 where it is right on every database.

    Args:
        parser: with the options of the measurement; `--only` is added.
        aims: printed above.
        measure: what to do on a database that is new and empty, with the options.
        is_right: says whether what was measured is right at all.
    """
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    context, databases = get_context("fork"), {}
    for kind in [options.only] if options.only else ["sqlite", "postgresql"]:
        here, there = context.Pipe()
        process = context.Process(target=_run, args=(kind, measure, options, there))
        process.start()
        there.close()
        try:
            databases[kind] = here.recv()
        except EOFError:
            return 1
        finally:
            process.join()
    print(json.dumps({"aims": aims, "load": os.getloadavg(), "databases": databases}, indent=1))
    return int(not all(map(is_right, databases.values())))


def _run(kind: str, measure: Measure, options: argparse.Namespace, answer: Connection) -> None:
    """Measure in a process of its own, because settings are read once."""
    sys.stdout = sys.stderr
    with scratch(kind) as place:
        settle(place)
        answer.send(measure(place, options))
