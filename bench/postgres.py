"""A PostgreSQL of our own for a benchmark, on a socket in a temporary folder, and the question asked in SQL."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.city import GRID
from bench.peers import Best, Intervals, weekly
from meervoud.core.engine.geography import EARTH_METRES, unit_vector
from meervoud.core.engine.plans import least_count, snap_window
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.vocabulary import ACTIVITIES, FACILITIES

QUERY = f"""
WITH fitting AS (
  SELECT id, free FROM space
  WHERE place <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))
    AND round(2 * {EARTH_METRES} * asin(least(1, sqrt((x - %(x)s) ^ 2 + (y - %(y)s) ^ 2 + (z - %(z)s) ^ 2) / 2))) <= %(metres)s
    AND facilities & %(facilities)s = %(facilities)s AND activities & %(activities)s = %(activities)s
    AND capacity >= %(people)s AND cents <= %(cents)s
), counted AS (
  SELECT id, weekday, slot, count(*) FILTER (WHERE free @> int4range(
      ((%(first)s::int + (weekday - %(begin)s::int + 7) %% 7 + 7 * week) * 1440 + slot * 30)::int,
      ((%(first)s::int + (weekday - %(begin)s::int + 7) %% 7 + 7 * week) * 1440 + slot * 30 + %(minutes)s::int)::int)) AS held
  FROM fitting, unnest(%(weekdays)s::int[]) AS weekday, generate_series(%(low)s::int, %(high)s::int) AS slot,
       generate_series(0, %(weeks)s::int - 1) AS week
  GROUP BY id, weekday, slot
)
SELECT DISTINCT ON (id) id, weekday, slot, held FROM counted WHERE held >= %(least)s ORDER BY id, held DESC, weekday, slot
"""


@contextmanager
def own_postgres(*, survives_power_cuts: bool = True) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Start a server from the installed binaries, stop and remove it afterwards.

    Args:
        survives_power_cuts: as a real server does. Tests do without: a process that is killed loses nothing either way.
    """
    binaries = binaries_of_postgres()
    if binaries is None:
        raise FileNotFoundError("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="meervoud-pg-"))
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    prefix = ["runuser", "-u", user, "--"] if os.geteuid() == 0 else []
    control = [*prefix, str(binaries / "pg_ctl"), "-D", str(data), "-w", "-s"]
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c shared_buffers=1GB -c max_parallel_workers_per_gather=0"
    if not survives_power_cuts:
        options += " -c fsync=off -c full_page_writes=off"
    subprocess.run(
        [*prefix, str(binaries / "initdb"), "-D", str(data), "-A", "trust"], check=True, capture_output=True, cwd=folder
    )
    subprocess.run([*control, "-l", str(folder / "log"), "-o", options, "start"], check=True, cwd=folder)
    try:
        with psycopg.connect(host=str(folder), user=user, dbname="postgres", autocommit=True) as connection:
            yield connection
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


def binaries_of_postgres() -> Path | None:
    """Return the folder with initdb, None where PostgreSQL is not installed."""
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    found = shutil.which("initdb") or next(iter(known), None)
    return None if found is None else Path(found).parent


def load_spaces(
    connection: "psycopg.Connection[tuple[object, ...]]", spaces: list[Space], free: list[Intervals]
) -> None:
    """Store every space with its free time as one multirange of minutes, and index the places."""
    connection.execute(
        "CREATE TABLE space (id text PRIMARY KEY, place point, x float8, y float8, z float8, facilities int8,"
        " activities int8, capacity int, cents int, free int4multirange)"
    )
    with connection.cursor() as cursor, cursor.copy("COPY space FROM STDIN") as copy:
        for space, (starts, ends) in zip(spaces, free, strict=True):
            ranges = "{" + ",".join(f"[{low},{high})" for low, high in zip(starts, ends, strict=True)) + "}"
            position = space.position
            if position is None or space.price is None:
                raise ValueError(space.id)
            place = f"({position.longitude!r},{position.latitude!r})"
            vector = unit_vector(position)
            bits = (_bits(space.facilities, FACILITIES), _bits(space.activities or frozenset(), ACTIVITIES))
            copy.write_row((space.id, place, *vector, *bits, space.capacity, space.price.cents, ranges))
    connection.execute("CREATE INDEX ON space USING gist (place)")
    connection.execute("ANALYZE space")


def by_postgres(connection: "psycopg.Connection[tuple[object, ...]]", request: Request) -> Best:
    """Ask the database for the best pattern of every space that fits."""
    need, position = weekly(request), request.position
    if position is None or request.max_metres is None or request.budget is None:
        raise ValueError(request.id)
    first, end, slots = snap_window(need.window, need.minutes)
    reach = request.max_metres / 111_000
    x, y, z = unit_vector(position)
    rows = connection.execute(
        QUERY,
        {
            "west": position.longitude - reach * 1.8,
            "east": position.longitude + reach * 1.8,
            "south": position.latitude - reach,
            "north": position.latitude + reach,
            "x": x,
            "y": y,
            "z": z,
            "metres": request.max_metres,
            "facilities": _bits(request.facilities, FACILITIES),
            "activities": _bits(request.activities, ACTIVITIES),
            "people": request.group_max,
            "cents": request.budget.cents,
            "weekdays": sorted(need.weekdays),
            "first": (need.first - GRID.monday).days,
            "begin": need.first.weekday(),
            "low": first,
            "high": end - slots,
            "minutes": slots * 30,
            "weeks": need.weeks,
            "least": least_count(need.coverage_share, need.weeks),
        },
    ).fetchall()
    return {str(row[0]): (int(str(row[1])), int(str(row[2])), int(str(row[3]))) for row in rows}


def _bits(names: frozenset[str], known: tuple[str, ...]) -> int:
    return sum(1 << known.index(name) for name in names)
