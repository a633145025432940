"""The tables of docs/manual/matching.md are examples that hold."""

from datetime import date
from pathlib import Path

import pytest
from tests.makers import MONDAY, make_grid

from meervoud.core.engine.lendable import free_slots
from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.plans import snap_window
from meervoud.core.engine.reference.free_time import free_half_hours
from meervoud.core.engine.types.requests import Window
from meervoud.core.engine.types.spaces import Edge, OpenPeriod, Space

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "manual" / "matching.md"
TUESDAY = date(2026, 12, 1)


def rows_under(header: str) -> list[list[str]]:
    lines = iter(MANUAL.read_text("utf-8").splitlines())
    for line in lines:
        if line.startswith(f"| {header} |"):
            next(lines)
            break
    rows: list[list[str]] = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


@pytest.mark.parametrize(("asked", "used"), rows_under("a group asks"))
def test_a_wish_is_rounded_as_the_manual_says(asked: str, used: str) -> None:
    words = asked.split()
    start, end = minute(words[3]), minute(words[5])
    window = Window(start, end if end > start else end + 1440)
    first, last, slots = snap_window(window, int(words[0]))
    shown = f"{slots * 30} minutes, {first // 2:02}:{first % 2 * 30:02}-{last // 2 % 24:02}:{last % 2 * 30:02}"
    assert shown == used


@pytest.mark.parametrize(("lend", "hours", "edges", "free"), rows_under("host lends"))
def test_the_lendable_frame_is_as_the_manual_says(lend: str, hours: str, edges: str, free: str) -> None:
    period = OpenPeriod(parse_opening_hours(hours) if hours else None, lend)  # type: ignore[arg-type]  # a cell of a table
    named = [part.strip().split(" ", 1) for part in edges.split(";") if part.strip()]
    space = Space(
        id="s", periods=(period,), edges=tuple(Edge(kind, parse_opening_hours(value)) for kind, value in named)
    )
    grid = make_grid(weeks=2)
    day = (TUESDAY - MONDAY).days
    wanted = [part.split("-") for part in free.split(", ") if part]
    slots = {slot for low, high in wanted for slot in range(minute(low) // 30, minute(high) // 30)}
    assert {slot for slot in range(48) if int(free_slots(space, grid)[day]) >> slot & 1} == slots
    assert {number - day * 48 for number in free_half_hours(space, grid) if number // 48 == day} == slots


def test_the_tables_are_there() -> None:
    assert len(rows_under("a group asks")) >= 4
    assert len(rows_under("host lends")) >= 9
