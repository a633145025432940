"""Rows of a table as spaces that hosts lend."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import cast

from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.hours import OpeningHours
from meervoud.core.engine.types.spaces import Attribute, Edge, OpenPeriod, Space
from meervoud.core.engine.types.time import Closure, DateRange
from meervoud.core.engine.types.vocabulary import EDGE_KINDS
from meervoud.files.messages import unreadable
from meervoud.files.reading import Reading
from meervoud.files.tables.gathering import gather, merge
from meervoud.files.tables.mapping import ColumnMapping, match_columns
from meervoud.files.tables.positions import take_position
from meervoud.files.tables.row_cells import RowCells
from meervoud.files.tables.tables import Table, open_table
from meervoud.files.tables.unknown_columns import note_columns
from meervoud.files.values.amounts import area, price, whole_number
from meervoud.files.values.cells import Cell, cell_text
from meervoud.files.values.closed_days import Calendar, closed_days
from meervoud.files.values.moments import day, days
from meervoud.files.values.words import one_word, parse_lend, parse_step_free, words

LARGEST_BUFFER = 24 * 60
KINDS_IN_USE_WHILE_OPEN = frozenset({"office", "school"})


def read_spaces(
    path: Path, mapping: ColumnMapping | None = None, *, calendar: Calendar | None = None
) -> Reading[Space]:
    """Read the spaces of a CSV file or a workbook.

    Args:
        path: the file.
        mapping: which column is which field; None goes by known names.
        calendar: the planned period, for closed days without a year.

    Raises:
        InputError: the file as a whole cannot be read; what is wrong with a row is in the reading.
    """
    mapping = mapping or ColumnMapping()
    with open_table(path, sheet=mapping.options.sheet) as table:
        table.notes += note_columns(table, "spaces", mapping)
        return spaces_in(table, mapping, calendar or Calendar())


def spaces_in(table: Table, mapping: ColumnMapping, calendar: Calendar) -> Reading[Space]:
    """Read the spaces of a table that is already open."""
    matched = match_columns(table, "spaces", mapping)
    return gather(table, matched, lambda cells: _parse_space(cells, calendar), _combine)


def _parse_space(cells: RowCells, calendar: Calendar) -> Space | None:
    if not cells.has("id"):
        cells.fail("id", unreadable("id_missing"))
    options = cells.options
    kind = cells.take("kind", one_word("kinds"), "other")
    facilities, no_facilities = _facilities(cells)
    return cells.attempt(
        "id",
        lambda: Space(
            id=cells.text("id"),
            name=cells.text("name"),
            kind=kind,
            host=cells.text("host"),
            neighbourhood=cells.text("neighbourhood") or None,
            position=take_position(cells),
            capacity=cells.take("capacity", whole_number(options.decimal, zero_is_unknown=True), None),
            capacity_min=cells.take("capacity_min", whole_number(options.decimal), 0) or 0,
            area_m2=cells.take("area_m2", area(options.decimal), None),
            facilities=facilities,
            no_facilities=no_facilities,
            step_free=cells.take("step_free", parse_step_free, None),
            activities=cells.take("activities", words("activities"), None),
            no_activities=cells.take("no_activities", words("activities"), frozenset()),
            loudness=cells.take("loudness", one_word("loudness"), None),
            price=cells.take("price", price(options.decimal, options.currency), None),
            causes=cells.take("causes", words("causes"), frozenset()),
            periods=_periods(cells, kind),
            edges=_edges(cells),
            closures=_closures(cells, calendar),
            buffer_minutes=cells.take("buffer_minutes", whole_number(high=LARGEST_BUFFER), 0) or 0,
            most_evenings_a_month=cells.take(
                "most_evenings_a_month", whole_number(high=31, zero_is_unknown=True), None
            ),
            assumed=cast("frozenset[Attribute]", cells.take("assumed", words("attributes"), frozenset())),
            notes=cells.notes(),
        ),
        None,
    )


def _facilities(cells: RowCells) -> tuple[frozenset[str], frozenset[str]]:
    there = cells.take("facilities", words("facilities"), frozenset[str]())
    absent = cells.take("no_facilities", words("facilities"), frozenset[str]())
    if both := there & absent:
        cells.fail("no_facilities", unreadable("facility_both_ways", words=", ".join(sorted(both))))
    return there, absent


def _periods(cells: RowCells, kind: str) -> tuple[OpenPeriod, ...]:
    season = _season(cells)
    hours = cells.take("opening_hours", parse_hours, None)
    lend = cells.take("lend", parse_lend, None)
    if lend == "always" and hours:
        cells.fail("lend", unreadable("lend_always_with_hours"))
    if lend == "always":
        return (OpenPeriod(None, lend, season),)
    if hours is None:
        return ()
    if lend is None and not cells.has("lend") and kind in KINDS_IN_USE_WHILE_OPEN:
        cells.fail("lend", unreadable("lend_missing", kind=kind))
    return (OpenPeriod(hours, lend or "inside", season),)


def _season(cells: RowCells) -> DateRange | None:
    dayfirst = cells.options.dayfirst
    first = cells.take("season_first", day(dayfirst=dayfirst), None)
    last = cells.take("season_last", day(dayfirst=dayfirst), None)
    if cells.has("season_first") != cells.has("season_last"):
        missing, given = (
            ("season_last", "season_first") if cells.has("season_first") else ("season_first", "season_last")
        )
        cells.require(missing, given)
    if first is None or last is None:
        return None
    return cells.attempt("season_last", lambda: DateRange(first, last), None)


def parse_hours(cell: Cell) -> OpeningHours:
    """Return opening hours in the OpenStreetMap language."""
    return parse_opening_hours(cell_text(cell))


def _edges(cells: RowCells) -> tuple[Edge, ...]:
    hours = {kind: cells.take(kind, parse_hours, None) for kind in EDGE_KINDS}
    return tuple(Edge(kind, value) for kind, value in hours.items() if value is not None)


def _closures(cells: RowCells, calendar: Calendar) -> tuple[Closure, ...]:
    nothing: tuple[DateRange, ...] = ()
    within = replace(calendar, dayfirst=cells.options.dayfirst)
    closed = cells.take("closed", lambda cell: closed_days(cell, within), nothing)
    holidays = cells.take("holidays", days(dayfirst=cells.options.dayfirst), tuple[date, ...]())
    return (
        *(Closure(each) for each in closed),
        *(Closure(DateRange(holiday, holiday), "holiday") for holiday in holidays),
    )


def _combine(spaces: Sequence[Space], rows: Sequence[int]) -> Space:
    """Make one space of rows for several seasons; two rows for the same day would leave open which one counts."""
    merged = merge(spaces, rows, apart="periods")
    seasons = [period.season for period in merged.periods]
    for one, other in combinations(seasons, 2):
        if one is None or other is None or (one.first <= other.last and other.first <= one.last):
            raise unreadable("seasons_overlap", id=merged.id, row=rows[0])
    return merged
