"""Which column of a file is which field: known names, a person's mapping, and what stays a note."""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from meervoud.files.messages import unreadable
from meervoud.files.tables.tables import Table
from meervoud.files.values.amounts import DecimalMark
from meervoud.files.values.cells import Cell, Row, cell_text
from meervoud.files.values.words import PRICE_WORDS, fold, read_parameters

Subject = Literal["spaces", "requests", "school_holidays", "past_uses"]
KNOWN_COLUMNS: dict[str, dict[str, list[str]]] = read_parameters("columns.toml")
PARTS = ("columns", "defaults", "only", "options")
OPTIONS = ("currency", "dayfirst", "decimal", "sheet", "zone")


@dataclass(frozen=True)
class Options:
    """How to read values that may mean two things.

    Attributes:
        decimal: the decimal mark; None refuses numbers like 1.200.
        dayfirst: whether 03-04-2026 is in April.
        zone: for times without one. currency: for amounts without one. sheet: of a workbook.
    """

    decimal: DecimalMark | None = None
    dayfirst: bool = True
    zone: str | None = None
    currency: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class ColumnMapping:
    """What a person says of the columns.

    Attributes:
        columns: field to header.
        id_columns: headers that make the id together, where none does alone.
        defaults: field to the text that counts where a cell says nothing.
        only: header to value; other rows are left out and counted.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    options: Options = field(default_factory=Options)
    id_columns: tuple[str, ...] = ()


def read_mapping(path: Path | None = None, flags: Sequence[str] = ()) -> ColumnMapping:
    """Return the mapping of a TOML file, with flags like "capacity=Number of patrons" over it.

    An id of several columns is written id = "Building + Room".

    Raises:
        InputError: a part or a value that means nothing.
    """
    mapping = _mapping_in(path.name, _toml(path)) if path else ColumnMapping()
    columns, together = dict(mapping.columns), mapping.id_columns
    for flag in flags:
        name, equals, header = flag.partition("=")
        if not (equals and name.strip() and header.strip()):
            raise unreadable("flag_broken", value=flag)
        columns[name.strip()] = header.strip()
    if " + " in columns.get("id", ""):
        together = tuple(part.strip() for part in columns.pop("id").split(" + "))
    return replace(mapping, columns=columns, id_columns=together)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise unreadable("mapping_broken", file=path.name, reason=str(error)) from error


def _mapping_in(file: str, content: Mapping[str, Any]) -> ColumnMapping:
    for part, values in content.items():
        if part not in PARTS:
            raise unreadable("mapping_part_unknown", part=part, parts=", ".join(PARTS))
        if not isinstance(values, dict):
            raise unreadable("mapping_broken", file=file, reason=f"{part} = {values}")
    texts = {part: {key: _text(key, value) for key, value in content.get(part, {}).items()} for part in PARTS[:3]}
    options = content.get("options", {})
    for key, value in options.items():
        _check_option(key, value)
    return ColumnMapping(texts["columns"], texts["defaults"], texts["only"], Options(**options))


def _text(key: str, value: object) -> str:
    if isinstance(value, dict | list):
        raise unreadable("mapping_value", key=key, value=str(value), allowed="text")
    return cell_text(cast("Cell", value))  # TOML's plain values are what a cell may hold


def _check_option(key: str, value: object) -> None:
    if key not in OPTIONS:
        raise unreadable("mapping_part_unknown", part=key, parts=", ".join(OPTIONS))
    if key == "dayfirst":
        if not isinstance(value, bool):
            raise unreadable("mapping_value", key=key, value=str(value), allowed="true, false")
        return
    if not isinstance(value, str):
        raise unreadable("mapping_value", key=key, value=str(value), allowed="text")
    if key == "decimal" and value not in {",", "."}:
        raise unreadable("mapping_value", key=key, value=value, allowed='"," or "."')
    if key == "currency" and value not in PRICE_WORDS.currencies.values():
        raise unreadable("mapping_value", key=key, value=value, allowed=", ".join(set(PRICE_WORDS.currencies.values())))
    if key == "zone":
        check_zone(value)


def check_zone(name: str) -> ZoneInfo:
    """Return the time zone of a name, or refuse it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise unreadable("time_zone_unknown", zone=name) from error


@dataclass(frozen=True)
class Matched:
    """Which header holds which field, and which headers are notes."""

    headers: Mapping[str, str]
    notes: tuple[str, ...]
    mapping: ColumnMapping
    id_headers: tuple[str, ...] = ()

    def name(self, field_name: str) -> str:
        """Return the header that a person sees for a field."""
        return self.headers.get(field_name, field_name)


def match_columns(table: Table, subject: Subject, mapping: ColumnMapping) -> Matched:
    """Find the column of each field: what the mapping says, else by a known name.

    Raises:
        InputError: a column that is not there or there twice, a field that does not exist, a table on its side,
            or no column that is known.
    """
    known = KNOWN_COLUMNS[subject]
    _check_fields(mapping, known)
    if not mapping.columns and is_on_its_side(table, subject):
        raise unreadable("table_on_its_side")
    by_name = {fold(column): column for column in reversed(table.columns)}
    headers = {name: _find(by_name, header, table) for name, header in mapping.columns.items()}
    together = tuple(_find(by_name, header, table) for header in mapping.id_columns)
    headers |= _match_known_names(table, known, headers)
    if not headers:
        raise unreadable("no_column_known", columns=", ".join(table.columns), first=next(iter(table.columns), "?"))
    for column in headers.values():
        if column in table.repeated:
            raise unreadable("column_ambiguous", column=column)
    if together:
        headers["id"] = " + ".join(together)
    used = {*headers.values(), *together}
    return Matched(headers, tuple(column for column in table.columns if column not in used), mapping, together)


def _check_fields(mapping: ColumnMapping, known: Mapping[str, Sequence[str]]) -> None:
    for name in (*mapping.columns, *mapping.defaults):
        if name not in known:
            raise unreadable("field_unknown", field=name, fields=", ".join(known))


def _find(by_name: Mapping[str, str], header: str, table: Table) -> str:
    column = by_name.get(fold(header))
    if column is None:
        raise unreadable("column_missing", column=header, columns=", ".join(table.columns))
    return column


def _match_known_names(table: Table, known: Mapping[str, Sequence[str]], headers: Mapping[str, str]) -> dict[str, str]:
    """Match the columns that the mapping leaves free; the field's own name goes before its other names."""
    free = [column for column in table.columns if column not in set(headers.values())]
    fields = {fold(word): name for name, words in known.items() for word in words}
    candidates: dict[str, list[str]] = defaultdict(list)
    for column in free:
        name = _own_name(column, known) or fields.get(fold(column))
        if name and name not in headers:
            candidates[name].append(column)
    for name, columns in candidates.items():
        own = [column for column in columns if _own_name(column, known)]
        candidates[name] = own or columns
        if len(candidates[name]) > 1:
            raise unreadable("columns_both", columns=", ".join(columns), field=name, first=columns[0])
    return {name: columns[0] for name, columns in candidates.items()}


def _own_name(column: str, known: Mapping[str, Sequence[str]]) -> str | None:
    return next((name for name in known if fold(name) == fold(column)), None)


def is_on_its_side(table: Table, subject: Subject) -> bool:
    """Return whether more names of fields stand below each other than beside each other."""
    known = KNOWN_COLUMNS[subject]
    fields = {fold(word) for name, words in known.items() for word in (name, *words)}
    below = len({fold(text) for text in table.first_column} & fields)  # each once: rooms may all be called "Hall"
    beside = sum(fold(text) in fields for text in table.columns)
    return below >= 2 and below > beside


def wanted_rows(table: Table, matched: Matched, left_out: list[int]) -> Iterator[Row]:
    """Go through the rows that the mapping asks for; the numbers of the others are added to `left_out`."""
    by_name = {fold(column): column for column in reversed(table.columns)}
    only = {_find(by_name, header, table): fold(value) for header, value in matched.mapping.only.items()}
    for row in table.rows:
        if all(fold(cell_text(row.cells.get(header))) == value for header, value in only.items()):
            yield row
        else:
            left_out.append(row.number)
