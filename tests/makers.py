"""Makers of test data: each names only what matters to the test."""

from datetime import date
from typing import Any

from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.requests import Request, Weekly, Window
from meervoud.core.engine.types.spaces import Edge, OpenPeriod, Position, Space
from meervoud.core.engine.types.time import Grid

DAM = Position(52.3731, 4.8926)
MONDAY = date(2026, 11, 30)


def make_grid(monday: date = MONDAY, weeks: int = 6, zone: str = "Europe/Amsterdam") -> Grid:
    return Grid(zone, monday, weeks)


def make_period(hours: str = "Mo-Su 08:00-23:00", lend: Any = "inside") -> OpenPeriod:  # Any: a literal, kept short
    return OpenPeriod(parse_opening_hours(hours), lend)


def make_edge(kind: str, hours: str) -> Edge:
    return Edge(kind, parse_opening_hours(hours))


def make_space(space_id: str = "s1", **values: Any) -> Space:  # Any: whatever fields the test names
    values.setdefault("periods", (make_period(),))
    values.setdefault("position", DAM)
    return Space(id=space_id, **values)


def make_weekly(weekdays: str = "Tu", window: tuple[int, int] = (19, 22), minutes: int = 120, **values: Any) -> Weekly:
    # Any: whatever fields the test names
    days = frozenset(
        {"Mo": 0, "Tu": 1, "We": 2, "Th": 3, "Fr": 4, "Sa": 5, "Su": 6}[day] for day in weekdays.split(",")
    )
    values.setdefault("first", MONDAY)
    values.setdefault("weeks", 4)
    return Weekly(days, Window(window[0] * 60, window[1] * 60), minutes, **values)


def make_request(request_id: str = "r1", **values: Any) -> Request:  # Any: whatever fields the test names
    values.setdefault("needs", (make_weekly(),))
    return Request(id=request_id, **values)
