"""The sheets that can be imported: which kinds there are, how large they may be, what the readers make of them."""

import hashlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

from meervoud.core.engine.types.time import DateRange
from meervoud.files.reading import Reading
from meervoud.files.sources.geojson import read_areas, read_point_spaces
from meervoud.files.sources.requests import requests_in
from meervoud.files.sources.spaces import spaces_in
from meervoud.files.tables.mapping import ColumnMapping
from meervoud.files.tables.tables import open_table
from meervoud.files.tables.unknown_columns import note_columns
from meervoud.files.values.cells import Row
from meervoud.files.values.closed_days import Calendar
from meervoud.site.imports.faults import RowError
from meervoud.site.imports.indicator_rows import indicators_in

Kind = Literal["spaces", "requests", "areas", "indicators"]
KINDS: Final[tuple[Kind, ...]] = ("spaces", "requests", "areas", "indicators")
MOST_MEGABYTES: Final = 10
TABLES, MAPS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm"), (".geojson", ".json")
ENDINGS: Final[dict[Kind, tuple[str, ...]]] = {
    "spaces": (*TABLES, *MAPS),
    "requests": TABLES,
    "areas": MAPS,
    "indicators": TABLES,
}
_last: dict[tuple[Kind, str, bytes, DateRange], Reading[Any]] = {}  # Any: see read_sheet
_UNSAFE = re.compile(r"[^\w .()-]")


def kind_of(text: str) -> Kind:
    """Return a text from outside as a kind of sheet."""
    return next((kind for kind in KINDS if kind == text), "spaces")


def check_upload(kind: Kind, name: str, size: int) -> None:
    """Refuse a file that is too large, or of a kind that no reader takes.

    Raises:
        InputError: in words for the person who gave the file.
    """
    if size > MOST_MEGABYTES * 1024 * 1024:
        raise RowError("import_too_large", most=MOST_MEGABYTES)
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS[kind]:
        raise RowError("import_ending", value=ending, endings=", ".join(ENDINGS[kind]))


def read_sheet(
    kind: Kind, name: str, content: bytes, period: DateRange, most_rows: int | None = None
) -> Reading[Any]:  # Any: what a row means differs by kind
    """Read a sheet as it was given.

    Args:
        kind: what its rows are.
        name: of the file; its ending says what it is.
        content: of the file.
        period: for closed days without a year.
        most_rows: more are refused; None is no limit.

    Raises:
        InputError: the file as a whole cannot be read; what is wrong with a row is in the reading.
    """
    key = (kind, name, hashlib.sha256(content).digest(), period)
    reading = _last.get(key)
    if reading is None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / (_UNSAFE.sub("_", Path(name).name)[-80:] or "sheet")
            path.write_bytes(content)
            reading = _read(kind, path, period, most_rows)
        _last.clear()  # one is enough: a preview is looked at page by page, then confirmed
        _last[key] = reading
    if most_rows is not None and reading.read > most_rows:
        raise RowError("import_too_many", most=most_rows)
    return reading


def forget_reading() -> None:
    """Forget the sheet that was read last: its ten thousand rows slow down whatever the process does next."""
    _last.clear()


def _read(kind: Kind, path: Path, period: DateRange, most_rows: int | None) -> Reading[Any]:  # Any: see read_sheet
    is_map = path.suffix.lower() in MAPS
    if kind == "areas":
        return read_areas(path)
    if kind == "spaces" and is_map:
        return read_point_spaces(path, calendar=Calendar(period))
    mapping = ColumnMapping()
    with open_table(path) as table:
        table.rows = _at_most(table.rows, most_rows)
        if kind == "indicators":
            return indicators_in(table)
        table.notes += note_columns(table, "spaces" if kind == "spaces" else "requests", mapping)
        if kind == "spaces":
            return spaces_in(table, mapping, Calendar(period))
        # no period here: "from now on" would mean something else each day, so a request says its first day itself
        return requests_in(table, mapping, Calendar())


def _at_most(rows: Iterator[Row], most: int | None) -> Iterator[Row]:
    for number, row in enumerate(rows, start=1):
        if most is not None and number > most:
            raise RowError("import_too_many", most=most)
        yield row
