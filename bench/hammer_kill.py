"""kill -9 in the middle of writing: of the writers, or of the whole server."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections

from bench.hammer_judge import Counts, Events, judge_events, look, own_faults
from bench.hammer_places import Place, PostgresPlace
from bench.hammer_workers import FORK, write_until_killed

WRITERS, LEAST, LONGEST = 8, 8, 120


@dataclass
class Killing:
    """Cycles of one kind.

    Attributes:
        place: where the database stands.
        name: of the database.
        seed: of everything that is random.
        is_server: whether the server is killed; else the writers are.
        said: what each writer has written down, by cycle.
        faults: how often each came up.
    """

    place: Place
    name: str
    seed: int
    is_server: bool
    said: list[Events] = field(default_factory=list)
    faults: Counts = field(default_factory=dict)

    def cycle(self, number: int) -> None:
        """Let eight writers write, kill, start again and judge."""
        connections.close_all()
        paths = [self.place.folder / f"said-{number}-{worker}" for worker in range(WRITERS)]
        writers = [
            FORK.Process(target=write_until_killed, args=(worker, number, self.seed, path))
            for worker, path in enumerate(paths)
        ]
        for each in writers:
            each.start()
        _wait_until(lambda: sum(_lines(path) for path in paths) >= LEAST)
        time.sleep(random.Random(f"{self.seed} {number}").uniform(0, 0.6))
        if self.is_server and isinstance(self.place, PostgresPlace):
            self.place.kill()
            _wait_until(lambda: not any(each.is_alive() for each in writers))
            self.place.start()
        for each in writers:
            each.kill()
        for each in writers:
            each.join()
        mine = [self._read(path) for path in paths]
        self.said += mine
        self._judge(mine)

    def _judge(self, said: list[Events]) -> None:
        stored = look(self.place, self.name)
        found = {**stored.faults, **judge_events(stored, said)}
        found["unsound"] = int(not self.place.is_sound(self.name))
        self._count(found)

    def judge_everything(self) -> None:
        """Look at the end once more for all that was ever acknowledged."""
        self._judge(self.said)

    def _read(self, path: Path) -> Events:
        lines = path.read_text("utf-8").splitlines(keepends=True) if path.exists() else []
        path.unlink(missing_ok=True)
        whole = [line[:-1].split("\t") for line in lines if line.endswith("\n")]
        if self.is_server and whole and whole[-1][2] != "ok":
            whole.pop()  # what was under way when the server died
        self._count(own_faults(result for _, _, result in whole))
        return [(deed, key) for deed, key, result in whole if result == "ok"]

    def _count(self, found: Counts) -> None:
        for name, number in found.items():
            self.faults[name] = self.faults.get(name, 0) + number


def run_cycles(killing: Killing, cycles: int) -> Counts:
    """Run all cycles, and return how much was acknowledged."""
    for number in range(cycles):
        killing.cycle(number)
        if number % 10 == 9 or number == cycles - 1:
            acknowledged = sum(len(events) for events in killing.said)
            print(f"  kill {number + 1} of {cycles}, {acknowledged} acknowledged", flush=True)
    killing.judge_everything()
    deeds = [deed for events in killing.said for deed, _ in events]
    return {
        "cycles": cycles,
        "acknowledged_takings": deeds.count("take"),
        "acknowledged_releases": deeds.count("release"),
    }


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"nothing happened within {LONGEST} seconds")
        time.sleep(0.01)
