"""All spaces in columns, sorted by place, with their free half-hours as one word a day."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from meervoud.core.engine.arrays import Floats, Ints, Words
from meervoud.core.engine.attributes import PRICE
from meervoud.core.engine.availability import BookingArrays, compile_bits, weekday_first
from meervoud.core.engine.columns import NO_LIMIT, Columns, columns_of
from meervoud.core.engine.geography import NOWHERE, sort_by_cell, unit_vectors
from meervoud.core.engine.types.spaces import Price, Space
from meervoud.core.engine.types.time import Grid
from meervoud.core.engine.wall_clock import skipped_slots
from meervoud.core.errors import InputError

UNREACHABLE = 1 << 60  # cents in another currency: never within a budget
NO_PLACE = (NOWHERE, NOWHERE)
CauseNeeds = Mapping[tuple[str, str], int]


class Index:
    """Spaces ready to be searched; rows are sorted by cell, the spaces without a position last.

    Attributes:
        spaces: by row.
        bits: free slots on the wall clock, shape (7 weekdays, rows, weeks); see `availability`.
        skipped: half-hours that summer time skips, shape (7, weeks).
        columns: the attributes by row.
        degrees: latitude and longitude, shape (rows, 2), NaN where unknown.
        vectors: positions as unit vectors, shape (rows, 3), NaN where unknown.
        id_order: place of the row's id among the sorted ids, shape (rows,).
        cells: the cells of the located rows.
        row_of: id -> row.
    """

    def __init__(self, spaces: Sequence[Space], grid: Grid, *, bits: Words, cause_needs: CauseNeeds) -> None:
        ordered, self.cells = sort_by_cell(spaces)
        self.grid = grid
        self.spaces: list[Space] = ordered
        self.bits = bits
        self.skipped: Words = weekday_first(skipped_slots(grid)[None, :])[:, 0]
        self.columns: Columns = columns_of(ordered)
        places = [(each.position.latitude, each.position.longitude) if each.position else NO_PLACE for each in ordered]
        self.degrees: Floats = np.array(places, dtype=np.float64).reshape(len(ordered), 2)
        self.vectors: Floats = unit_vectors([space.position for space in ordered])
        place = {space_id: number for number, space_id in enumerate(sorted(space.id for space in ordered))}
        self.id_order: Ints = np.array([place[space.id] for space in ordered], dtype=np.int64)
        self.row_of = {space.id: row for row, space in enumerate(ordered)}
        self.rows: Ints = np.arange(len(ordered), dtype=np.int64)
        self.cause_needs = dict(cause_needs)
        self._by_unit: dict[tuple[str, str], tuple[Ints, Words]] = {}
        self._by_cause: dict[str, Ints] = {}
        self._has_limits: bool | None = None

    def spaces_at(self, rows: Ints) -> list[Space]:
        """Return the spaces of some rows, in their order."""
        return [self.spaces[int(row)] for row in rows]

    @property
    def has_limits(self) -> bool:
        """Whether a host lends a number of evenings a month."""
        if self._has_limits is None:
            self._has_limits = bool((self.columns.evenings < NO_LIMIT).any())
        return self._has_limits

    def nowhere(self) -> Ints:
        """Return the rows without a position."""
        return self.rows[len(self.cells.keys) :]

    def prices_in(self, unit: tuple[str, str]) -> tuple[Ints, Words]:
        """Return what each space costs in (currency, "hour" or "month").

        Returns:
            (cents, vague), shape (rows,): cents are 0 where free or unknown and UNREACHABLE in another currency;
            vague is the column of that name with the price bit added where the price is per another length of time.
        """
        if unit not in self._by_unit:
            cents = np.array([_cents_in(space.price, unit) for space in self.spaces], dtype=np.int64)
            other = np.array([_is_per_other_time(space.price, unit) for space in self.spaces], dtype=bool)
            self._by_unit[unit] = cents, self.columns.vague | np.where(other, np.uint64(PRICE), np.uint64(0))
        return self._by_unit[unit]

    def neighbourhood_needs(self, cause: str) -> Ints:
        """Return how much the neighbourhood of each space needs a cause, 0-10,000, shape (rows,)."""
        if cause not in self._by_cause:
            needs = [self.cause_needs.get((space.neighbourhood or "", cause), 0) for space in self.spaces]
            self._by_cause[cause] = np.array(needs, dtype=np.int64)
        return self._by_cause[cause]

    def without(self, ids: Collection[str]) -> "Index":
        """Return an index of the other spaces, equal to one that is built anew: no free time is compiled again."""
        kept = [space for space in self.spaces if space.id not in ids]
        ordered, _ = sort_by_cell(kept)
        rows = np.array([self.row_of[space.id] for space in ordered], dtype=np.int64)
        return Index(kept, self.grid, bits=np.take(self.bits, rows, axis=1), cause_needs=self.cause_needs)

    def replace_space(self, space: Space) -> None:
        """Put a changed space in its row: its bookings, hours or attributes. Only the words of that row are touched.

        Bookings that were given as arrays are not kept for it: let the space carry all its bookings.

        Args:
            space: with the id and the position of a space that is in the index.

        Raises:
            InputError: the id is not in the index, or the space has moved; build the index again.
        """
        row = self.row_of.get(space.id, -1)
        if row < 0 or self.spaces[row].position != space.position:
            raise InputError(
                f"The space {space.id!r} is new or has moved. Build the index again.", code="index_row", value=space.id
            )
        self.spaces[row] = space
        self.bits[:, row, :] = compile_bits([space], self.grid)[:, 0, :]
        self.columns.put(row, columns_of([space]))
        for unit, (cents, vague) in self._by_unit.items():
            cents[row] = _cents_in(space.price, unit)
            vague[row] = self.columns.vague[row] | np.uint64(PRICE if _is_per_other_time(space.price, unit) else 0)
        for cause, needs in self._by_cause.items():
            needs[row] = self.cause_needs.get((space.neighbourhood or "", cause), 0)
        self._has_limits = None


def build_index(
    spaces: Sequence[Space],
    grid: Grid,
    *,
    cause_needs: CauseNeeds | None = None,
    taken: BookingArrays | None = None,
) -> Index:
    """Compile spaces into an index.

    Args:
        spaces: with unique ids, in any order: the same spaces give the same index.
        grid: one zone, 1-106 weeks; costs 8 bytes a day and space.
        cause_needs: need of neighbourhoods, (neighbourhood, cause) -> 0-10,000.
        taken: bookings as arrays, beside those that the spaces carry; rows are positions in `spaces`.

    Raises:
        InputError: two spaces with one id.
    """
    refuse_doubles([space.id for space in spaces], "space")
    ordered, _ = sort_by_cell(spaces)
    if taken is not None:
        row_of = {space.id: row for row, space in enumerate(ordered)}
        taken = taken.reordered(np.array([row_of[space.id] for space in spaces], dtype=np.int64))
    return Index(spaces, grid, bits=compile_bits(ordered, grid, taken), cause_needs=cause_needs or {})


def refuse_doubles(ids: Sequence[str], thing: str) -> None:
    """Raise an InputError that names the first id that stands twice."""
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise InputError(
                f"Two {thing}s have the id {each!r}. Give each an id of its own.", code="double_id", value=each
            )
        seen.add(each)


def _cents_in(price: Price | None, unit: tuple[str, str]) -> int:
    if price is None or price.cents == 0:
        return 0
    if price.currency != unit[0]:
        return UNREACHABLE
    return price.cents if price.per == unit[1] else 0


def _is_per_other_time(price: Price | None, unit: tuple[str, str]) -> bool:
    return price is not None and price.cents > 0 and price.currency == unit[0] and price.per != unit[1]
