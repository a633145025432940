"""The first free moment of 200 rooms with 720 bookings each over two years, against a plain sweep. Prints JSON.

python bench/bench_first_free.py [--rooms 200] [--bookings 720] [--repeats 5]
"""

import argparse
import json
import os
import statistics
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from meervoud.core.engine.availability import BookingArrays
from meervoud.core.engine.first_free import first_free
from meervoud.core.engine.index import build_index
from meervoud.core.engine.types.requests import Window
from meervoud.core.engine.types.results import FirstFree, Moment
from meervoud.core.engine.types.spaces import OpenPeriod, Space
from meervoud.core.engine.types.time import DateRange, Grid

GRID = Grid("Europe/Amsterdam", date(2027, 1, 4), 105)
DAYS = 731
WINDOW, MINUTES = Window(18 * 60, 22 * 60), 180
WITHIN = DateRange(GRID.monday, GRID.monday + timedelta(days=DAYS - 1))


def make_bookings(rooms: int, each: int, seed: int) -> BookingArrays:
    """Book most evenings of two years: 720 of 731 days have a booking that cuts the window."""
    dice = np.random.default_rng(seed)
    row = np.repeat(np.arange(rooms), each)
    day = np.concatenate([dice.permutation(DAYS)[:each] for _ in range(rooms)])
    offsets = np.array([_offset(GRID.monday + timedelta(days=number)) for number in range(DAYS)])
    start = day * 1440 + dice.integers(17 * 60, 21 * 60, len(row)) - offsets[day]
    return BookingArrays(row.astype(np.int64), start, start + dice.integers(30, 181, len(row)))


def sweep(bookings: BookingArrays, rooms: int) -> dict[str, Moment | None]:
    """Look at each day of each room in turn, at every half-hour start, against every booking of that day."""
    offsets = [_offset(GRID.monday + timedelta(days=number)) for number in range(DAYS)]
    by_day: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row, start, end in zip(bookings.row.tolist(), bookings.start.tolist(), bookings.end.tolist(), strict=True):
        day = (start + 120) // 1440
        by_day.setdefault((row, day), []).append((start + offsets[day] - day * 1440, end + offsets[day] - day * 1440))
    return {f"room{row:03}": _first_in_room(row, by_day) for row in range(rooms)}


def _first_in_room(row: int, by_day: dict[tuple[int, int], list[tuple[int, int]]]) -> Moment | None:
    for day in range(DAYS):
        taken = by_day.get((row, day), [])
        for start in range(WINDOW.start, WINDOW.end - MINUTES + 1, 30):
            if all(end <= start or begin >= start + MINUTES for begin, end in taken):
                return Moment(GRID.monday + timedelta(days=day), start, start + MINUTES)
    return None


def _offset(day: date) -> int:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).astimezone(ZoneInfo(GRID.zone))
    return int((noon.utcoffset() or timedelta()).total_seconds() // 60)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rooms", type=int, default=200)
    parser.add_argument("--bookings", type=int, default=720)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    spaces = [Space(id=f"room{row:03}", periods=(OpenPeriod(None, "always"),)) for row in range(options.rooms)]
    bookings = make_bookings(options.rooms, options.bookings, seed=11)
    builds, answers, sweeps = [], [], []
    found: tuple[FirstFree, ...] = ()
    plain: dict[str, Moment | None] = {}
    for _ in range(options.repeats):
        begin = time.process_time()
        index = build_index(spaces, GRID, taken=bookings)
        builds.append(time.process_time() - begin)
        begin = time.process_time()
        found = first_free(index, WINDOW, MINUTES, WITHIN)
        answers.append(time.process_time() - begin)
        begin = time.process_time()
        plain = sweep(bookings, options.rooms)
        sweeps.append(time.process_time() - begin)
    report = {
        "benchmark": "first_free",
        "rooms": options.rooms,
        "bookings": len(bookings.row),
        "build_cpu_s": round(statistics.median(builds), 4),
        "answer_cpu_ms": round(statistics.median(answers) * 1000, 3),
        "sweep_cpu_ms": round(statistics.median(sweeps) * 1000, 1),
        "disagreements": sum(plain[each.space_id] != each.moment for each in found),
        "rooms_with_a_moment": sum(each.moment is not None for each in found),
        "load": os.getloadavg(),
        "repeats": options.repeats,
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
