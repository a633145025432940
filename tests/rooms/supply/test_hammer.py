"""The hammer itself, small: real processes on a scratch database of the kind under test, shot at and killed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bench.hammer_judge import judge_events, judge_rounds, look, overlapping
from bench.hammer_places import ATOMS, SqlitePlace
from bench.hammer_plan import ask_of, barrier_key
from bench.hammer_record import command, failures
from bench.hammer_workers import Outcome
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
KEY = "kill/1/1/1/1"


@pytest.mark.slow
def test_under_the_hammer_no_time_is_taken_twice_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    out = tmp_path / "hammer.json"
    words = ["--databases", connection.vendor, "--attempts", "2000", "--cycles", "5", "--out", str(out)]
    own = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE_"))}
    done = subprocess.run(
        [sys.executable, "bench/hammer.py", *words], cwd=ROOT, env=own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    parts: list[dict[str, Any]] = json.loads(out.read_text("utf-8"))["parts"]  # Any: JSON
    kinds = ["barrier", "barrier", "control", "kill writers"]
    assert [part["kind"] for part in parts] == [*kinds, *(["kill server"] if connection.vendor == "postgresql" else [])]
    assert sum(part["counts"]["attempts"] for part in parts if part["kind"] == "barrier") >= 2000
    assert all(part["counts"]["won"] and part["counts"]["released"] for part in parts if part["kind"] == "barrier")
    assert [part["counts"]["overlapping_rows"] > 0 for part in parts if part["kind"] == "control"] == [True]
    assert all(part["counts"]["acknowledged_takings"] for part in parts if part["kind"].startswith("kill"))
    assert all(set(part["faults"].values()) == {0} for part in parts if part["kind"] != "control")
    assert str(tmp_path) not in out.read_text("utf-8")


class Shelf(SqlitePlace):
    """A place that holds what a test says: one taking of KEY."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:  # Any: what a database gives
        super().__init__(Path())
        self._rows = rows

    def read(self, name: str, query: str) -> list[tuple[Any, ...]]:  # noqa: ARG002  # Any: what a database gives
        if query == ATOMS:
            return [(ask_of(KEY).space, "floor"), (ask_of(KEY).space, "balcony")]
        return self._rows


def whole(*, is_active: bool = True, is_released: bool = False) -> list[tuple[Any, ...]]:  # Any: what a database gives
    return [
        (KEY, "id", atom, start, end, start, end, is_active, is_released)
        for start, end in ask_of(KEY).moments
        for atom in ("floor", "balcony")
    ]


def test_the_judge_lets_a_whole_taking_pass_and_sees_each_fault() -> None:
    assert set(look(Shelf(whole()), "").faults.values()) == {0}
    assert set(look(Shelf(whole(is_active=False, is_released=True)), "").faults.values()) == {0}
    assert look(Shelf(whole()[1:]), "").faults["torn_series"] == 1
    assert look(Shelf(whole(is_active=False)), "").faults["half_released"] == 1
    assert look(Shelf(whole(is_released=True)), "").faults["half_released"] == 1
    assert look(Shelf([*whole()[1:], *whole(is_active=False)[:1]]), "").faults["half_released"] == 1
    assert look(Shelf([*whole(), *whole()[:1]]), "").faults["overlapping_rows"] == 1


def test_the_judge_compares_what_takes_time_of_one_atom() -> None:
    def row(atom: str, start: int, end: int, *, is_active: bool = True) -> tuple[Any, ...]:  # Any: as above
        return ("key", "id", atom, start, end, start, end, is_active, False)

    assert overlapping([row("a", 0, 10), row("a", 10, 20), row("b", 5, 15), row("a", 5, 15, is_active=False)]) == 0
    assert overlapping([row("a", 0, 100), row("a", 10, 20), row("a", 30, 40)]) == 2


def test_the_judge_misses_what_was_acknowledged_and_is_gone() -> None:
    there, freed, gone = (look(Shelf(rows), "") for rows in (whole(), whole(is_active=False, is_released=True), []))
    take, release = ("take", KEY), ("release", KEY)
    assert set(judge_events(there, [[take]]).values()) == {0}
    assert judge_events(gone, [[take]])["lost_takings"] == 1
    assert judge_events(there, [[take, release]])["lost_releases"] == 1
    assert set(judge_events(freed, [[take]]).values()) == {0}, "a release may have been under way"
    assert set(judge_events(freed, [[take, release]]).values()) == {0}


def test_the_judge_sees_what_is_wrong_with_a_round() -> None:
    stored = look(Shelf([]), "")
    keys = sorted({barrier_key(1, 0, worker) for worker in range(16)})
    pairs = [(one, other) for one in keys for other in keys if one < other]
    one, other = next(pair for pair in pairs if ask_of(pair[0]).clashes(ask_of(pair[1])))

    def faults(*results: tuple[str, str]) -> dict[str, int]:
        outcomes = [Outcome(0, worker, "take", key, "id", result, 1.0) for worker, (key, result) in enumerate(results)]
        return judge_rounds(outcomes, stored)

    assert faults((one, "taken"), (other, "taken"))["rounds_without_a_winner"] == 1
    assert faults((one, "taken"), (other, "taken"))["refused_for_nothing"] == 2
    assert faults((one, "ok"), (other, "taken"))["refused_for_nothing"] == 0
    assert faults((one, "ok"), (other, "taken"))["lost_takings"] == 1
    assert faults((one, "ok"), (other, "taken"))["two_answers_to_one_key"] == 1
    assert faults((one, "ok"), (other, "ok"))["two_winners_of_one_time"] == 1


def test_a_control_without_overlaps_fails_and_the_recorded_command_has_no_path() -> None:
    assert failures({"kind": "control", "counts": {"overlapping_rows": 0}})
    assert not failures({"kind": "control", "counts": {"overlapping_rows": 1}})
    assert failures({"kind": "barrier", "counts": {}, "faults": {"deadlock": 1, "locked": 0}}) == ["1 deadlock"]
    assert command(["--seed", "2", "--out", "/somewhere/x.json", "--cycles", "0"]) == (
        "python bench/hammer.py --seed 2 --cycles 0"
    )
