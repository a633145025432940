"""A made-up city to try Meervoud on: neighbourhoods, water, spaces, initiatives, bookings; all from one seed."""

import csv
import json
import random
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from math import cos, radians
from pathlib import Path
from typing import Any

from shapely import MultiPoint, MultiPolygon, Point, Polygon, box, voronoi_polygons
from shapely.geometry import LineString, mapping
from shapely.geometry.base import BaseGeometry

from meervoud.files.messages import unreadable
from meervoud.files.sources.geojson import read_areas

METRES_PER_DEGREE = 111_195
MADE_UP = "made up"
Row = dict[str, str]


@dataclass(frozen=True)
class DemoFiles:
    """Where the files of the demo city stand."""

    spaces: Path
    requests: Path
    bookings: Path
    areas: Path
    first: date
    weeks: int


def write_demo_city(folder: Path, *, seed: int = 1, areas: Path | None = None, spaces: int | None = None) -> DemoFiles:
    """Write the demo city as the files that a matchmaker has: two tables, a calendar and a map.

    Args:
        folder: where; made if it is not there.
        seed: the same seed gives the same files.
        areas: GeoJSON of real areas to put the made-up spaces and requests into; None makes areas up.
        spaces: how many spaces; None is as many as the plan has.

    Raises:
        InputError: the areas cannot be read, none of them is land, or nothing can be written there.
    """
    plan = demo_plan()
    dice = random.Random(seed)  # noqa: S311  # a demo, no secret
    known = make_areas(plan, dice) if areas is None else [(each.name, each.polygon) for each in read_areas(areas).taken]
    land = [shape for name, shape in known if name != "water"]
    if not land:
        raise unreadable("json_kind", file=areas.name if areas else "", wanted="Polygon")
    rows = make_spaces(plan, land, dice, spaces)
    where = DemoFiles(
        spaces=folder / "spaces.csv",
        requests=folder / "requests.csv",
        bookings=folder / "bookings.ics",
        areas=folder / "areas.geojson",
        first=plan["first_monday"],
        weeks=plan["weeks"],
    )
    requests, calendar = make_requests(plan, land, dice), make_calendar(plan, rows, dice)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_table(where.spaces, rows)
        _write_table(where.requests, requests)
        where.bookings.write_text(calendar, "utf-8", newline="")
        where.areas.write_text(_as_geojson(known), "utf-8")
    except OSError as error:
        raise unreadable("out_unwritable", file=str(folder), reason=str(error.strerror)) from error
    return where


def demo_plan() -> Mapping[str, Any]:
    """Return the tables of `parameters/demo_city.toml`; Any: TOML holds values of any kind."""
    return tomllib.loads(files("meervoud.files").joinpath("parameters/demo_city.toml").read_text("utf-8"))


def make_areas(plan: Mapping[str, Any], dice: random.Random) -> list[tuple[str, BaseGeometry]]:
    """Cut the city into neighbourhoods with a river through them; the last one is the water."""
    width, height, names = plan["width_metres"], plan["height_metres"], plan["neighbourhoods"]
    columns = 4
    rows = -(-len(names) // columns)
    centres = [
        Point(
            (number % columns + dice.uniform(0.25, 0.75)) * width / columns,
            (number // columns + dice.uniform(0.25, 0.75)) * height / rows,
        )
        for number in range(len(names))
    ]
    banks = [(width * step / 6, height * (0.45 + dice.uniform(-0.12, 0.12))) for step in range(-1, 8)]
    city = box(0, 0, width, height).buffer(300)
    water = LineString(banks).buffer(plan["water_metres"] / 2).intersection(city)
    cells = list(voronoi_polygons(MultiPoint(centres), extend_to=city).geoms)
    shapes = [next(cell for cell in cells if cell.contains(centre)) for centre in centres]
    land = [(name, cell.intersection(city).difference(water)) for name, cell in zip(names, shapes, strict=True)]
    return [(name, _to_degrees(plan, shape)) for name, shape in [*land, ("water", water)]]


def make_spaces(
    plan: Mapping[str, Any], shapes: Sequence[BaseGeometry], dice: random.Random, count: int | None = None
) -> list[Row]:
    """Return the rows of spaces, placed inside the given areas (WGS84); beyond the plan its kinds come again."""
    kinds = [(kind, number) for kind in plan["kinds"] for number in range(kind["count"])]
    wanted = len(kinds) if count is None else count
    chosen = [kinds[serial % len(kinds)] for serial in range(wanted)]
    return [_space(plan, kind, number, serial, shapes, dice) for serial, (kind, number) in enumerate(chosen, start=1)]


def make_requests(plan: Mapping[str, Any], shapes: Sequence[BaseGeometry], dice: random.Random) -> list[Row]:
    """Return the rows of requests, placed inside the given areas (WGS84)."""
    rows: list[Row] = []
    for values in plan["requests"]["initiatives"] + plan["requests"]["more"]:
        row = {column: str(value) for column, value in zip(plan["requests"]["columns"], values, strict=True)}
        place = _point_in(dice.choice(list(shapes)), dice)
        rows.append(
            {
                "id": f"R{len(rows) + 1:02}",
                "organisation": f"{row['name']} ({MADE_UP})",
                "latitude": f"{place.y:.6f}",
                "longitude": f"{place.x:.6f}",
                "max_metres": str(dice.choice((1200, 1500, 2000, 2500, 3500))),
                "budget": dice.choice(("free", "EUR 5", "EUR 10", "EUR 15", "")),
                "step_free": dice.choice(("yes", "", "", "")),
                "first": (plan["first_monday"] + timedelta(days=7 * dice.randint(0, 3))).isoformat(),
                "coverage": dice.choice(("90%", "80%", "100%")),
                **row,
            }
        )
    return rows


def make_calendar(plan: Mapping[str, Any], spaces: Iterable[Row], dice: random.Random) -> str:
    """Return an iCalendar text: what takes place in the spaces already, week after week."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Meervoud//demo city//EN", "X-WR-TIMEZONE:Europe/Amsterdam"]
    for space in spaces:
        for number in range(dice.choice((0, 0, 1, 2, 3))):
            day = plan["first_monday"] + timedelta(days=dice.randint(0, 6))
            starts = datetime.combine(day, time(dice.choice((9, 10, 13, 14, 19, 20))))
            ends = starts + timedelta(minutes=dice.choice((90, 120, 180)))
            count = dice.choice((1, 8, 20, plan["weeks"]))
            lines += [
                "BEGIN:VEVENT",
                f"UID:{space['id']}-{number}@zilverhaven.invalid",
                f"DTSTAMP:{plan['first_monday']:%Y%m%d}T000000Z",
                f"DTSTART;TZID=Europe/Amsterdam:{starts:%Y%m%dT%H%M%S}",
                f"DTEND;TZID=Europe/Amsterdam:{ends:%Y%m%dT%H%M%S}",
                f"RRULE:FREQ=WEEKLY;COUNT={count}",
                f"LOCATION:{space['id']}",
                f"SUMMARY:in use ({MADE_UP})",
                "END:VEVENT",
            ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _space(
    plan: Mapping[str, Any],
    kind: Mapping[str, Any],
    number: int,
    serial: int,
    shapes: Sequence[BaseGeometry],
    dice: random.Random,
) -> Row:
    place = _point_in(dice.choice(list(shapes)), dice)
    people = dice.randint(*kind["people"])
    there = kind["facilities"] + [each for each in kind["maybe"] if dice.random() < 0.5]
    absent = [each for each in kind["maybe"] if each not in there and dice.random() < 0.6]
    name = kind["names"][number % len(kind["names"])]
    choices = ("hours", "doors", "alarm", "cleaning", "concierge", "heating", "no_activities", "loudness", "price")
    chosen = {column: dice.choice(kind.get(column, [""])) for column in (*choices, "causes")}
    return {
        "id": f"S{serial:02}",
        "name": name,
        "kind": kind["kind"],
        "host": f"{kind.get('host', name)} ({MADE_UP})",
        "latitude": f"{place.y:.6f}",
        "longitude": f"{place.x:.6f}",
        "capacity": str(people) if dice.random() < 0.92 else "",
        "area_m2": f"{people * kind['m2_per_person']:.0f}",
        "facilities": ",".join(there),
        "no_facilities": ",".join(absent),
        "step_free": dice.choice(("yes", "yes", "limited", "no", "")),
        "opening_hours": chosen.pop("hours"),
        "lend": kind["lend"],
        "holidays": ",".join(day.isoformat() for day in plan["holidays"]),
        "buffer_minutes": str(kind.get("buffer_minutes", 0)),
        **chosen,
    }


def _point_in(shape: BaseGeometry, dice: random.Random) -> Point:
    west, south, east, north = shape.bounds
    for _ in range(1000):
        point = Point(dice.uniform(west, east), dice.uniform(south, north))
        if shape.contains(point):
            return point
    return Point(shape.representative_point())


def _to_degrees(plan: Mapping[str, Any], shape: BaseGeometry) -> BaseGeometry:
    latitude, longitude = plan["latitude"], plan["longitude"]
    east = METRES_PER_DEGREE * cos(radians(latitude))

    def degrees(ring: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(round(longitude + x / east, 6), round(latitude + y / METRES_PER_DEGREE, 6)) for x, y in ring]

    parts = getattr(shape, "geoms", [shape])
    polygons = [Polygon(degrees(part.exterior.coords)) for part in parts if not part.is_empty]
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _as_geojson(areas: Iterable[tuple[str, BaseGeometry]]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "kind": "water" if name == "water" else "neighbourhood"},
            "geometry": mapping(shape),
        }
        for name, shape in areas
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1)


def _write_table(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
