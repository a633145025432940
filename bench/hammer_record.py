"""The result of the hammer: parts that were run one after the other, in one JSON file."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MEASURED = ("supply/calendar.py", "supply/guard.py", "supply/change_number.py", "lib/journal.py", "lib/sqlite/base.py")
Part = dict[str, Any]  # Any: JSON


def add_part(out: Path, part: Mapping[str, Any]) -> None:
    """Put a part behind those that the file has, and add all up anew."""
    known = json.loads(out.read_text("utf-8"))["parts"] if out.exists() else []
    parts = [*known, {**part, **circumstances()}]
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_suffix(".new")
    fresh.write_text(json.dumps({"totals": totals(parts), "parts": parts}, indent=1) + "\n", "utf-8")
    fresh.replace(out)


def circumstances() -> Part:
    """Return when, with what command and what code a part was run."""
    return {
        "command": command(sys.argv[1:]),
        "commit": _commit(),
        "sha256": {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in _measured().items()},
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "cores": os.cpu_count(),
    }


def command(words: list[str]) -> str:
    """Return the command without where it writes: that is a path of the machine."""
    kept = [word for place, word in enumerate(words) if "--out" not in (word, words[place - 1] if place else "")]
    return " ".join(["python", "bench/hammer.py", *(word for word in kept if not word.startswith("--out="))])


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _measured() -> dict[str, Path]:
    return {name: ROOT / "src" / "meervoud" / name for name in MEASURED}


def totals(parts: list[Part]) -> Part:
    """Add up per database and kind of part: counts and faults; of latencies the worst."""
    found: dict[str, dict[str, Any]] = {}  # Any: JSON
    for part in parts:
        mine = found.setdefault(f"{part['database']}, {part['kind']}", {"counts": {}, "faults": {}})
        for group in ("counts", "faults"):
            for name, number in part[group].items():
                mine[group][name] = mine[group].get(name, 0) + number
        if "latency_ms" in part:
            mine["worst_ms"] = max(mine.get("worst_ms", 0), part["latency_ms"]["worst"])
    return found


def failures(part: Mapping[str, Any]) -> list[str]:
    """Return what a part did not hold; the control must show overlaps."""
    if part["kind"] == "control":
        return [] if part["counts"]["overlapping_rows"] else ["the control stored no overlap: the hammer is too soft"]
    return [f"{number} {name}" for name, number in part["faults"].items() if number]
