"""What a sheet would change: for each row new, changed field by field, unchanged, or refused."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, Protocol
from uuid import UUID

from meervoud.core.engine.types.time import DateRange
from meervoud.core.errors import InputError
from meervoud.files.reading import Note, Reading, Refusal
from meervoud.parties.models import Person, Programme
from meervoud.site.imports.faults import RowError, refuse_row

Values = dict[str, Any]  # Any: what JSON holds; a field of the sheet and what it says
Told = tuple[str, Values, tuple[int, ...]]  # key, what the rows say, their numbers
Outcome = Literal["new", "changed", "unchanged"]


@dataclass(frozen=True)
class Setting:
    """For which programme, by whom and when a sheet is imported.

    Attributes:
        by: None for the command that only takes a sheet with it.
        period: for closed days without a year; see `planned_period`.
        online: the hosts have agreed, so their spaces go online at once.
    """

    programme: Programme
    by: Person | None
    now: datetime
    today: date
    period: DateRange
    online: bool = False


@dataclass(frozen=True)
class Stored:
    """A thing of the programme as a row of the sheet would say it; `together` is what several things share."""

    key: str
    id: UUID
    name: str
    values: Values
    together: UUID | None = None


@dataclass(frozen=True)
class Difference:
    """What the rows with one key come to.

    Attributes:
        thing: the stored thing; None where it is new.
        before: the fields that change, as they are; None where it is new.
        after: those fields as the sheet has them; of a new thing everything that the sheet says.
    """

    key: str
    name: str
    rows: tuple[int, ...]
    outcome: Outcome
    thing: UUID | None
    before: Values | None
    after: Values
    together: UUID | None = None


class Subject(Protocol):
    """What a kind of sheet is about: how its rows are compared with the tables and written to them."""

    def stored(self, keys: frozenset[str] | None = None, *, things: frozenset[UUID] | None = None) -> list[Stored]:
        """Return the things of the programme that have one of the keys, those with one of the ids, or all."""
        ...

    def said(self, thing: Any) -> tuple[str, Values]:  # Any: a space, a request, an area or a figure
        """Return the key of a row and what it says; RowError where the tables cannot hold it."""
        ...

    def settled(self, before: Values | None, after: Values) -> Values:
        """Return what the sheet says with what follows from it; RowError where it does not go with the rest."""
        ...

    def clashing(self, differences: Sequence[Difference]) -> Mapping[str, RowError]:
        """Return, by key, the differences that do not go together."""
        ...

    def create(self, things: Mapping[UUID, Difference]) -> None:
        """Make the new things, with the ids they are given."""
        ...

    def change(self, values: Mapping[UUID, Values]) -> None:
        """Give stored things other values."""
        ...


@dataclass(frozen=True)
class Preview:
    """Everything that a sheet would do: rows read = new + changed + unchanged + refused."""

    file: str
    read: int
    differences: tuple[Difference, ...]
    refused: tuple[Refusal, ...]
    notes: tuple[Note, ...]
    empty: int

    def __post_init__(self) -> None:
        """Refuse a preview that lost a row: that is a fault of ours, never of the sheet."""
        counted = sum(len(each.rows) for each in self.differences) + self.rows_refused
        if counted != self.read:
            raise AssertionError(f"{self.file}: {self.read} rows read, {counted} accounted for")

    def of(self, outcome: Outcome) -> list[Difference]:
        """Return the differences of one outcome, in the order of the rows."""
        return [each for each in self.differences if each.outcome == outcome]

    def rows(self, outcome: Outcome) -> int:
        """Return how many rows have an outcome."""
        return sum(len(each.rows) for each in self.of(outcome))

    @cached_property
    def rows_refused(self) -> int:
        """How many rows were refused."""
        return len({refusal.row for refusal in self.refused})

    @cached_property
    def fingerprint(self) -> str:
        """A digest of what would be written: another one means that the world or the sheet has changed."""
        would = [
            [each.key, str(each.thing or ""), each.before, each.after]
            for each in self.differences
            if each.outcome != "unchanged"
        ]
        said = json.dumps([would, self.rows_refused], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def compare(reading: Reading[Any], subject: Subject) -> Preview:  # Any: what a row means differs by kind
    """Compare what was read with what is stored; what the sheet leaves empty is never a change."""
    refused = list(reading.refused)
    told = _told(reading, subject, refused)
    stored = subject.stored(frozenset(key for key, _, _ in told))
    known = {each.key: each for each in stored}
    times = Counter(each.key for each in stored)
    differences: list[Difference] = []
    for key, said, rows in told:
        try:
            if times[key] > 1:
                raise RowError("import_key_twice", column="id", shown=key, value=key)
            differences.append(_difference(subject, key, said, rows, known.get(key)))
        except InputError as error:
            refused += _refuse_all(reading.file, rows, error)
    clashes = subject.clashing(differences)
    for each in differences:
        if each.key in clashes:
            refused += _refuse_all(reading.file, each.rows, clashes[each.key])
    return Preview(
        reading.file,
        reading.read,
        tuple(each for each in differences if each.key not in clashes),
        tuple(sorted(refused, key=lambda refusal: refusal.row)),
        reading.notes,
        reading.empty,
    )


def _told(reading: Reading[Any], subject: Subject, refused: list[Refusal]) -> list[Told]:  # Any: see compare
    """Return what each thing of the sheet says; what cannot be stored is added to the refusals."""
    told: list[Told] = []
    first_rows: dict[str, int] = {}
    for thing, rows in zip(reading.taken, reading.rows, strict=True):
        try:
            key, said = subject.said(thing)
            first = first_rows.setdefault(key, rows[0])
            if first != rows[0]:  # two numbers that are one without the apostrophe of an export
                raise RowError("import_twice", column="id", shown=key, value=key, row=first)
            told.append((key, said, rows))
        except InputError as error:
            refused += _refuse_all(reading.file, rows, error)
    return told


def _difference(subject: Subject, key: str, said: Values, rows: tuple[int, ...], known: Stored | None) -> Difference:
    given = {name: value for name, value in said.items() if not is_empty(value)}
    if known is None:
        after = subject.settled(None, given)
        return Difference(key, after.get("name", key), rows, "new", None, None, after)
    after = {
        name: value for name, value in subject.settled(known.values, given).items() if known.values.get(name) != value
    }
    before = {name: known.values.get(name) for name in after}
    outcome: Outcome = "changed" if after else "unchanged"
    return Difference(key, known.name, rows, outcome, known.id, before, after, known.together)


def is_empty(value: object) -> bool:
    """Say whether a cell says nothing; so a 0 and a no in the sheet count as not said."""
    return value in (None, "", 0) or value in ([], {})


def _refuse_all(file: str, rows: Iterable[int], error: InputError) -> list[Refusal]:
    return [refusal for row in rows for refusal in refuse_row(file, row, error, "id")]


def cut_text(fields: Mapping[str, int], values: Values) -> None:
    """Refuse texts that are longer than their field.

    Raises:
        RowError: naming the first of them.
    """
    for name, most in fields.items():
        text = values.get(name) or ""
        if isinstance(text, str) and len(text) > most:
            raise RowError("import_too_long", column=name, shown=text, number=len(text), most=most)
