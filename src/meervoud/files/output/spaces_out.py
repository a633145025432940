"""Spaces as a table that the reader of spaces reads back: a scouting list to complete by hand."""

import csv
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from meervoud.core.engine.types.spaces import Price, Space
from meervoud.core.engine.types.time import Closure
from meervoud.files.output.rows_out import safe_cell

COLUMNS = (
    "id",
    "name",
    "kind",
    "host",
    "neighbourhood",
    "latitude",
    "longitude",
    "capacity",
    "capacity_min",
    "area_m2",
    "facilities",
    "no_facilities",
    "step_free",
    "activities",
    "no_activities",
    "loudness",
    "price",
    "causes",
    "opening_hours",
    "lend",
    "doors",
    "alarm",
    "cleaning",
    "concierge",
    "heating",
    "closed",
    "holidays",
    "buffer_minutes",
    "most_evenings_a_month",
    "assumed",
)


def write_spaces_csv(path: Path, spaces: Sequence[Space]) -> None:
    """Write a row for each season of each space; what is unknown stays empty, what was assumed is named."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=(*COLUMNS, "season_first", "season_last"))
        writer.writeheader()
        for space in spaces:
            for row in _rows(space):
                writer.writerow({name: safe_cell(value) for name, value in row.items()})


def _rows(space: Space) -> list[dict[str, str | float]]:
    common = _common(space)
    rows: list[dict[str, str | float]] = []
    for period in space.periods:
        season = (
            {}
            if period.season is None
            else {
                "season_first": period.season.first.isoformat(),
                "season_last": period.season.last.isoformat(),
            }
        )
        rows.append(
            {**common, "opening_hours": period.hours.text if period.hours else "", "lend": period.lend, **season}
        )
    return rows or [common]


def _common(space: Space) -> dict[str, str | float]:
    lists = {
        "facilities": space.facilities,
        "no_facilities": space.no_facilities,
        "activities": space.activities or frozenset(),
        "no_activities": space.no_activities,
        "causes": space.causes,
        "assumed": space.assumed,
    }
    row: dict[str, str | float] = {
        "id": space.id,
        "name": space.name,
        "kind": space.kind,
        "host": space.host,
        "neighbourhood": space.neighbourhood or "",
        "latitude": space.position.latitude if space.position else "",
        "longitude": space.position.longitude if space.position else "",
        "capacity": space.capacity or "",
        "capacity_min": space.capacity_min or "",
        "area_m2": space.area_m2 or "",
        "step_free": space.step_free or "",
        "loudness": space.loudness or "",
        "price": _price(space.price),
        "closed": "; ".join(_days(closure) for closure in space.closures if closure.reason != "holiday"),
        "holidays": "; ".join(day for closure in space.closures for day in _holidays(closure)),
        "buffer_minutes": space.buffer_minutes,
        "most_evenings_a_month": space.most_evenings_a_month or "",
    }
    row.update({name: ",".join(sorted(words)) for name, words in lists.items()})
    row.update({edge.kind: edge.hours.text for edge in space.edges})
    return row


def _price(price: Price | None) -> str:
    if price is None:
        return ""
    return "free" if price.cents == 0 else f"{price.currency} {price.cents / 100:.2f} per {price.per}"


def _days(closure: Closure) -> str:
    return f"{closure.days.first}:{closure.days.last}"


def _holidays(closure: Closure) -> list[str]:
    if closure.reason != "holiday":
        return []
    count = (closure.days.last - closure.days.first).days + 1
    return [str(closure.days.first + timedelta(days=number)) for number in range(count)]
