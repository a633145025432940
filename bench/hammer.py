"""Proves that time is never taken twice, and that nothing acknowledged is lost. Writes JSON; see docs/reliability/hammer.md.

`python bench/hammer.py [--databases sqlite postgresql] [--attempts N] [--clients 8 16] [--cycles N] [--kills writers server] [--seed N] [--out FILE]`.
Attempts and cycles are per database; 0 leaves that part out. Each part is added to the file, so that a long run can be done in pieces:
give each piece another seed.
"""

import argparse
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.hammer_places import Place, PostgresPlace, scratch, settle
from bench.hammer_record import ROOT, add_part, failures

FOLDER = ROOT / "docs" / "reliability"
LEAST_CONTROL, CONTROL_SHARE = 400, 50


class Run:
    """All parts on one database."""

    def __init__(self, place: Place, options: argparse.Namespace) -> None:
        self.place, self.options, self.failed = place, options, False

    def everything(self) -> None:
        """Run what was asked for."""
        options = self.options
        for clients in options.clients if options.attempts else ():
            self.barrier(clients, -(-options.attempts // len(options.clients) // clients))
        if options.attempts:
            self.control(max(LEAST_CONTROL, options.attempts // CONTROL_SHARE))
        for kind in options.kills if options.cycles else ():
            if kind == "writers" or isinstance(self.place, PostgresPlace):
                self.kills(kind, options.cycles)

    def barrier(self, clients: int, turns: int) -> None:
        """Let all clients fire at the same moment, round after round."""
        from bench import hammer_judge
        from bench.hammer_city import use
        from bench.hammer_workers import Load, by_action, fire

        print(f"{self.place.kind}: {turns} rounds of {clients} clients", flush=True)
        name, started = f"barrier{clients}", time.perf_counter()
        use(self.place.copy(name))
        outcomes = fire(Load(clients, turns, self.options.seed, by_action, self.place.folder))
        seconds = time.perf_counter() - started
        stored = hammer_judge.look(self.place, name)
        results = [each.result for each in outcomes]
        counts = {
            "attempts": len(outcomes),
            "rounds": turns,
            "won": sum(each.result == "ok" and each.deed == "take" for each in outcomes),
            "released": sum(each.result == "ok" and each.deed == "release" for each in outcomes),
            "refused": results.count("taken"),
        }
        faults = {**stored.faults, **hammer_judge.judge_rounds(outcomes, stored), **hammer_judge.own_faults(results)}
        latency = {"clients": clients, "seconds": round(seconds), "latency_ms": hammer_judge.latency(outcomes)}
        self.note({"kind": "barrier", **latency, "counts": counts, "faults": faults})

    def control(self, attempts: int) -> None:
        """Fire the same without locks and without the guard: overlaps must be stored."""
        from bench import hammer_judge
        from bench.hammer_city import use
        from bench.hammer_places import ROWS
        from bench.hammer_workers import Load, by_looking_first, fire

        print(f"{self.place.kind}: the control", flush=True)
        use(self.place.copy("control"))
        self.place.take_guard_away("control")
        outcomes = fire(Load(8, -(-attempts // 8), self.options.seed, by_looking_first, self.place.folder))
        found = hammer_judge.overlapping(self.place.read("control", ROWS))
        counts = {"attempts": len(outcomes), "overlapping_rows": found}
        self.note({"kind": "control", "clients": 8, "counts": counts, "faults": {}})

    def kills(self, kind: str, cycles: int) -> None:
        """Kill writers or the server while they write."""
        from bench.hammer_city import use
        from bench.hammer_kill import WRITERS, Killing, run_cycles

        print(f"{self.place.kind}: kill -9 of the {kind}", flush=True)
        name = f"kill_{kind}"
        use(self.place.copy(name))
        killing = Killing(self.place, name, self.options.seed, is_server=kind == "server")
        counts = run_cycles(killing, cycles)
        self.note({"kind": f"kill {kind}", "clients": WRITERS, "counts": counts, "faults": killing.faults})

    def note(self, part: dict[str, Any]) -> None:  # Any: JSON
        """Add a part to the file, and say what it did not hold."""
        place = {"database": self.place.kind, "version": self.place.version(), "settings": settings_of(self.place.kind)}
        add_part(self.options.out, {**place, "seed": self.options.seed, **part})
        print(f"  {part['counts']} {part.get('latency_ms', '')}", flush=True)
        for failure in failures(part):
            self.failed = True
            print(f"  FAILED: {failure}", flush=True)


def settings_of(kind: str) -> str:
    """Return the settings of the platform that bear on writing."""
    from django.conf import settings

    options = settings.DATABASES["default"]["OPTIONS"]
    if kind == "sqlite":
        return f"{options['init_command']} BEGIN {options['transaction_mode']}, writers in a queue on a file lock"
    return f"READ COMMITTED, synchronous_commit=on, fsync=on, checksums, {options['options']}"


def run_database(kind: str, options: argparse.Namespace) -> None:
    """Run in a process of its own, because settings are read once."""
    with scratch(kind) as place:
        settle(place)
        run = Run(place, options)
        run.everything()
    if run.failed:
        raise SystemExit(1)


def main() -> int:
    """Run the parts that were asked for, one database after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--attempts", type=int, default=100_000)
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 16])
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--kills", nargs="+", choices=("writers", "server"), default=["writers", "server"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=FOLDER / "hammer.json")
    options = parser.parse_args()
    failed = 0
    for kind in options.databases:
        process = get_context("fork").Process(target=run_database, args=(kind, options))
        process.start()
        process.join()
        failed += process.exitcode != 0
    print("FAILED" if failed else "All held.", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
