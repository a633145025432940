"""From rows to things: every row ends up in a thing or in a refusal, and rows with one id become one thing."""

from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from typing import TypeVar

from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.spaces import Space
from meervoud.core.errors import InputError
from meervoud.files.messages import unreadable
from meervoud.files.reading import Note, Problem, Reading, Refusal, refuse
from meervoud.files.tables.mapping import Matched, wanted_rows
from meervoud.files.tables.row_cells import RowCells
from meervoud.files.tables.tables import Table

T = TypeVar("T", Space, Request)


@dataclass(frozen=True)
class Part:
    """What one row says of the thing with this id."""

    row: int
    thing: Space | Request


@dataclass
class _Gathered:
    parts: dict[str, list[Part]] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    read: int = 0


Combine = Callable[[Sequence[T], Sequence[int]], T]


def gather(table: Table, matched: Matched, parse: Callable[[RowCells], T | None], combine: Combine[T]) -> Reading[T]:
    """Read all rows of a table.

    Args:
        table: rows that were not gone through yet.
        matched: which column is which field.
        parse: makes a thing of one row, or adds problems to the cells.
        combine: makes one thing of several with the same id, or raises InputError.
    """
    gathered, left_out, notes = _Gathered(), list[int](), list[Note]()
    for row in wanted_rows(table, matched, left_out):
        gathered.read += 1
        cells = RowCells(row, matched)
        # a row that is broken as a whole would only add faults that are none
        thing = None if any(problem.column == "" for problem in row.problems) else parse(cells)
        if thing is None or cells.problems:
            gathered.refused += refuse(table.file, row.number, cells.problems)
            gathered.broken.setdefault(cells.text("id"), row.number)
        else:
            gathered.parts.setdefault(thing.id, []).append(Part(row.number, thing))
    made = _combine_all(table.file, gathered, combine)
    refused = tuple(sorted(gathered.refused, key=lambda refusal: refusal.row))
    rows_taken = gathered.read - len({refusal.row for refusal in refused})
    notes += table.notes
    return Reading(
        table.file,
        gathered.read,
        tuple(thing for thing, _ in made),
        rows_taken,
        refused,
        tuple(notes),
        table.empty,
        len(left_out),
        tuple(rows for _, rows in made),
    )


def _combine_all(file: str, gathered: _Gathered, combine: Combine[T]) -> list[tuple[T, tuple[int, ...]]]:
    """Return each thing and the rows it was made of."""
    taken = list[tuple[T, tuple[int, ...]]]()
    for identity, parts in gathered.parts.items():
        if identity in gathered.broken:
            error = unreadable("sibling_refused", row=gathered.broken[identity], id=identity)
            gathered.refused += _refuse_parts(file, identity, parts, error)
            continue
        kept = _drop_repeated(file, gathered, identity, parts)
        rows = tuple(part.row for part in kept)
        try:
            taken.append((combine([part.thing for part in kept], rows), rows))  # type: ignore[misc]  # one T per file
        except InputError as error:
            for part in kept:
                other = rows[1] if part.row == rows[0] and len(rows) > 1 else rows[0]
                about = unreadable(error.code, **{**error.values, "row": other}) if "row" in error.values else error
                gathered.refused += _refuse_parts(file, identity, [part], about)
    return taken


def _refuse_parts(file: str, identity: str, parts: Sequence[Part], error: InputError) -> list[Refusal]:
    return [refusal for part in parts for refusal in refuse(file, part.row, [Problem("id", identity, error)])]


def _drop_repeated(file: str, gathered: _Gathered, identity: str, parts: Sequence[Part]) -> list[Part]:
    """Keep the first of rows that say the very same, and refuse the others."""
    kept: list[Part] = []
    for part in parts:
        same = next((other for other in kept if other.thing == part.thing), None)
        if same is None:
            kept.append(part)
        else:
            error = unreadable("id_same_row", id=identity, row=same.row)
            gathered.refused += _refuse_parts(file, identity, [part], error)
    return kept


def merge(things: Sequence[T], rows: Sequence[int], *, apart: str) -> T:
    """Return one thing of several rows; what one row leaves empty another may say, but none may say otherwise.

    The field `apart` may differ: its values are put behind each other.

    Raises:
        InputError: the rows contradict each other.
    """
    first, merged, differing = things[0], dict[str, object](), list[str]()
    for entry in fields(first):
        said = [getattr(thing, entry.name) for thing in things]
        empty = entry.default if entry.default is not MISSING else None
        if entry.name in {apart, "notes"}:
            merged[entry.name] = tuple(dict.fromkeys(value for values in said for value in values))
            continue
        given = [value for value in said if value != empty]
        if any(value != given[0] for value in given):
            differing.append(entry.name)
        merged[entry.name] = given[0] if given else empty
    if differing:
        raise unreadable("id_twice", id=first.id, row=rows[0], columns=", ".join(differing))
    return replace(first, **merged)  # type: ignore[arg-type]  # each value comes from the field of that name
