"""Rows of a table as requests for space."""

from collections.abc import Sequence
from pathlib import Path

from meervoud.core.engine.types.requests import Request
from meervoud.files.messages import unreadable
from meervoud.files.reading import Reading
from meervoud.files.sources.needs import parse_needs
from meervoud.files.tables.gathering import gather, merge
from meervoud.files.tables.mapping import ColumnMapping, match_columns
from meervoud.files.tables.positions import take_position
from meervoud.files.tables.row_cells import RowCells
from meervoud.files.tables.tables import Table, open_table
from meervoud.files.tables.unknown_columns import note_columns
from meervoud.files.values.amounts import area, metres, parse_group, price
from meervoud.files.values.closed_days import Calendar
from meervoud.files.values.words import one_word, parse_yes_no, words


def read_requests(
    path: Path, mapping: ColumnMapping | None = None, *, calendar: Calendar | None = None
) -> Reading[Request]:
    """Read the requests of a CSV file or a workbook.

    Args:
        path: the file.
        mapping: which column is which field; None goes by known names.
        calendar: the planned period, for rows that name no first day and closed days without a year.

    Raises:
        InputError: the file as a whole cannot be read; what is wrong with a row is in the reading.
    """
    mapping = mapping or ColumnMapping()
    with open_table(path, sheet=mapping.options.sheet) as table:
        table.notes += note_columns(table, "requests", mapping)
        return requests_in(table, mapping, calendar or Calendar())


def requests_in(table: Table, mapping: ColumnMapping, calendar: Calendar) -> Reading[Request]:
    """Read the requests of a table that is already open."""
    matched = match_columns(table, "requests", mapping)
    return gather(table, matched, lambda cells: _parse_request(cells, calendar), _combine)


def _parse_request(cells: RowCells, calendar: Calendar) -> Request | None:
    if not cells.has("id"):
        cells.fail("id", unreadable("id_missing"))
    options = cells.options
    group_min, group_max = cells.take("people", parse_group, (0, 0))
    return cells.attempt(
        "id",
        lambda: Request(
            id=cells.text("id"),
            name=cells.text("name"),
            organisation=cells.text("organisation"),
            neighbourhood=cells.text("neighbourhood") or None,
            position=take_position(cells),
            max_metres=cells.take("max_metres", metres(options.decimal), None),
            group_min=group_min,
            group_max=group_max,
            area_m2=cells.take("area_m2", area(options.decimal), None) or 0,
            facilities=cells.take("facilities", words("facilities"), frozenset()),
            wishes=cells.take("wishes", words("facilities"), frozenset()),
            step_free=cells.take("step_free", parse_yes_no, default=False),
            activities=cells.take("activities", words("activities"), frozenset()),
            loudness=cells.take("loudness", one_word("loudness"), None),
            cause=cells.take("cause", one_word("causes"), None),
            budget=cells.take("budget", price(options.decimal, options.currency), None),
            needs=parse_needs(cells, calendar),
            kind_of_activity=cells.take("kind_of_activity", one_word("kinds_of_activity"), None),
            meets_at=cells.text("meets_at") or None,
            notes=cells.notes(),
        ),
        None,
    )


def _combine(requests: Sequence[Request], rows: Sequence[int]) -> Request:
    return merge(requests, rows, apart="needs")
