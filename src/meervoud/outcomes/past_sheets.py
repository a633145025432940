"""Sheets of use from before: their rows as moments on the clock of the programme, or why a row cannot be one."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from openpyxl.utils import get_column_letter

from meervoud.core.errors import InputError
from meervoud.files.reading import Reading, Refusal, refuse
from meervoud.files.tables.mapping import ColumnMapping, Matched, match_columns
from meervoud.files.tables.row_cells import RowCells
from meervoud.files.tables.tables import Table, open_table
from meervoud.files.tables.unknown_columns import note_columns
from meervoud.files.values.amounts import area, whole_number
from meervoud.files.values.cells import Cell, cell_text
from meervoud.files.values.moments import parse_date, parse_time
from meervoud.files.values.words import parse_yes_no
from meervoud.outcomes.models.past_uses import key_of

NEEDED: Final = ("host", "space", "initiative", "day", "start", "end")
MOST_ROWS: Final = 50_000
MOST_MEGABYTES: Final = 10
MOST_LETTERS: Final = 120
ENDINGS: Final = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm")
_UNSAFE: Final = re.compile(r"[^\w .()-]")
MOST_REPEATS: Final = 20


@dataclass(frozen=True)
class PastRow:
    """One time that a group was there, as a row of a sheet tells it."""

    host: str
    space: str
    initiative: str
    neighbourhood: str
    area_m2: float | None
    keeps_use: bool
    starts_at: datetime
    ends_at: datetime
    people: int | None
    first_timers: int | None

    @property
    def key(self) -> str:
        """What it has in common with the same row in another sheet."""
        return key_of(self.host, self.space, self.initiative, self.starts_at)


@dataclass(frozen=True)
class PastReading:
    """A sheet that was read.

    Attributes:
        columns: its headers in order, so that a fault can be given by its cell.
        rows: what counts, by its key; a row that says when and where the same group was once more is left out.
        repeated: how many were.
        repeats: the first of those by number, each with the row that it repeats.
    """

    reading: Reading[PastRow]
    columns: tuple[str, ...]
    rows: Mapping[str, PastRow]
    repeated: int = 0
    repeats: tuple[tuple[int, int], ...] = ()

    def cell_of(self, refusal: Refusal) -> str:
        """Return the address of a cell as a spreadsheet shows it, "D7"; only the row where no column is at fault."""
        if refusal.column not in self.columns:
            return str(refusal.row)
        return f"{get_column_letter(self.columns.index(refusal.column) + 1)}{refusal.row}"


def check_past_file(name: str, size: int) -> None:
    """Refuse a file that is too large, or of a kind that no reader takes.

    Raises:
        InputError: in words for the person who gave the file.
    """
    if size > MOST_MEGABYTES * 1024 * 1024:
        raise InputError("The file is too large. Split it.", code="past_too_large", most=MOST_MEGABYTES)
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        endings = ", ".join(ENDINGS)
        raise InputError(f"Use one of: {endings}.", code="past_ending", value=ending[:20], endings=endings)


def read_past(name: str, content: bytes, zone: str, today: date) -> PastReading:
    """Read a sheet of use from before.

    Args:
        name: of the file; its ending says what it is.
        content: of the file.
        zone: on whose clock its times are.
        today: days after it are refused.

    Raises:
        InputError: the file as a whole cannot be read; what is wrong with a row is in the reading.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (_UNSAFE.sub("_", Path(name).name)[-80:] or "sheet")
        path.write_bytes(content)
        with open_table(path) as table:
            return _read(table, ZoneInfo(zone), today)


def _read(table: Table, zone: ZoneInfo, today: date) -> PastReading:
    mapping = ColumnMapping()
    table.notes += note_columns(table, "past_uses", mapping)
    matched = match_columns(table, "past_uses", mapping)
    _check_columns(matched)
    rows, numbers, repeats = dict[str, PastRow](), dict[str, int](), list[tuple[int, int]]()
    refused, read = list[Refusal](), 0
    for cells in _rows(table, matched):
        read += 1
        row = None if any(each.column == "" for each in cells.problems) else _parse(cells, zone, today)
        if row is None or cells.problems:
            refused += refuse(table.file, cells.number, cells.problems)
            continue
        key = row.key
        if key in rows:
            repeats.append((cells.number, numbers[key]))
        else:
            rows[key], numbers[key] = row, cells.number
    done = Reading(
        *(table.file, read, tuple(rows.values()), len(rows) + len(repeats), tuple(refused)),
        notes=tuple(table.notes),
        empty=table.empty,
    )
    return PastReading(done, table.columns, rows, len(repeats), tuple(repeats[:MOST_REPEATS]))


def _check_columns(matched: Matched) -> None:
    missing = next((name for name in NEEDED if name not in matched.headers), None)
    if missing is not None:
        names = ", ".join(NEEDED)
        message = f"The column {missing} is missing. These are needed: {names}."
        raise InputError(message, code="past_columns", value=missing, columns=names)


def _rows(table: Table, matched: Matched) -> Iterator[RowCells]:
    for number, row in enumerate(table.rows, start=1):
        if number > MOST_ROWS:
            raise InputError("The file has too many rows. Split it.", code="past_too_many", most=MOST_ROWS)
        yield RowCells(row, matched)


def _parse(cells: RowCells, zone: ZoneInfo, today: date) -> PastRow | None:
    """Return what a row says; None, or problems in the cells, where it cannot be a moment."""
    for name in NEEDED:
        _need(cells, name)
    people = cells.take("people", whole_number(), None)
    first_timers = cells.take("first_timers", whole_number(), None)
    if first_timers is not None and first_timers > (people or 0):
        error = InputError("More first-timers than people.", code="past_first_timers", value=first_timers)
        cells.fail("first_timers", error)
    times = _times(cells, zone, today)
    said = {name: cells.take(name, _text, "") for name in ("host", "space", "initiative", "neighbourhood")}
    size, keeps_use = cells.take("area_m2", area(), None), cells.take("keeps_use", parse_yes_no, default=True)
    if times is None or cells.problems:
        return None
    return PastRow(
        **said,
        area_m2=size,
        keeps_use=keeps_use,
        starts_at=times[0],
        ends_at=times[1],
        people=people,
        first_timers=first_timers,
    )


def _need(cells: RowCells, name: str) -> None:
    is_broken = cells.header(name) in {problem.column for problem in cells.problems}
    if not cells.has(name) and not is_broken:
        column = cells.header(name)
        cells.fail(name, InputError(f"Nothing stands under {column}.", code="past_lacks", column=column))


def _text(cell: Cell) -> str:
    """Return text as it stands, what looks like a formula too: it is never run, and is made safe where it goes out."""
    text = " ".join(cell_text(cell).split())
    if len(text) > MOST_LETTERS:
        raise InputError("The text is too long.", code="past_long", number=len(text), most=MOST_LETTERS)
    return text


def _times(cells: RowCells, zone: ZoneInfo, today: date) -> tuple[datetime, datetime] | None:
    day = cells.take("day", parse_date, None)
    start, end = cells.take("start", parse_time, None), cells.take("end", parse_time, None)
    is_next_day = cells.take("next_day", parse_yes_no, default=False)
    if day is None or start is None or end is None:
        return None
    if day > today:
        cells.fail("day", InputError("The day is ahead.", code="past_day_ahead", value=cells.text("day")))
        return None
    begins = cells.attempt("start", lambda: _moment(day, start, zone, cells.text("start")), None)
    ends = cells.attempt("end", lambda: _moment(day, end + 1440 * is_next_day, zone, cells.text("end")), None)
    if begins is None or ends is None:
        return None
    if ends <= begins:
        cells.fail("end", InputError("The end is first.", code="past_end_first", value=cells.text("end")))
        return None
    if end + 1440 * is_next_day - start > 1440:
        cells.fail("end", InputError("This lasts more than a day.", code="past_long_stay"))
    return begins, ends


def _moment(day: date, minutes: int, zone: ZoneInfo, shown: str) -> datetime:
    """Return a minute of a day on the clock on the wall; of an hour that comes twice, the first.

    Raises:
        InputError: the clock skipped it.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != wall:
        raise InputError("The clock skipped this time.", code="past_hour_skipped", value=shown)
    return found
