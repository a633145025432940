"""How long pages take at 10,000 spaces, 3,000 requests and 100,000 times taken, on both databases. Prints JSON.

`python bench/bench_web.py [--spaces N] [--requests N] [--occupations N] [--repeats N] [--only sqlite|postgresql] [--fresh]`. Each database gets a
process of its own, because settings are read once. Times are of the whole answer of the application, without network.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.postgres import own_postgres
from bench.web_pages import measure

AIMS = {
    "find": {"p95_ms": 150, "compressed_kb": 150},
    "map": {"p95_ms": 50},
    "what_fits": {"p95_ms": 100},
    "desk": {"p95_ms": 200, "match_run_seconds": 10, "after_one_change_ms": 50, "memory_mb": 400},
}


@contextmanager
def database(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of a database of its own."""
    common = {"MEERVOUD_DATA": str(folder), "MEERVOUD_MODE": "demo", "MEERVOUD_LOG_LEVEL": "ERROR"}
    if kind == "sqlite":
        yield {**common, "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}"}
        return
    with own_postgres() as connection:
        connection.execute("CREATE DATABASE meervoud")
        yield {**common, "DATABASE_URL": f"postgres://{connection.info.user}@/meervoud?host={connection.info.host}"}


def main() -> int:
    """Measure, or run the part for one database that `main` calls."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spaces", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=3_000)
    parser.add_argument("--occupations", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--fresh", action="store_true", help="PostgreSQL without statistics, as just after an import")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        found = measure(
            options.spaces, options.requests, options.occupations, options.repeats, analyze=not options.fresh
        )
        sys.stdout.write(json.dumps(found))
        return 0
    databases = {}
    for kind in [options.only] if options.only else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory() as folder, database(kind, Path(folder)) as environment:
            command = [sys.executable, __file__, "--inside", "--spaces", str(options.spaces)]
            command += ["--requests", str(options.requests), "--occupations", str(options.occupations)]
            command += ["--repeats", str(options.repeats)]
            command += ["--fresh"] if options.fresh else []
            done = subprocess.run(
                command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
            )
            if done.returncode:
                sys.stderr.write(done.stderr)
                return done.returncode
            databases[kind] = json.loads(done.stdout.splitlines()[-1])
    print(json.dumps({"aims": AIMS, "load": os.getloadavg(), "databases": databases}, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
