"""The attributes of many spaces as columns, one row a space."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from meervoud.core.engine.arrays import Flags, Floats, Ints, Words
from meervoud.core.engine.attributes import describe, facility_bits
from meervoud.core.engine.types.spaces import Space
from meervoud.core.engine.types.vocabulary import CAUSES

NO_LIMIT = 1 << 40  # people or days, where nothing is known


@dataclass(frozen=True, eq=False)
class Columns:
    """Attributes by row, each of shape (rows,).

    Attributes:
        refused, vague, assumed: see `attributes`.
        capacity, capacity_min, area: optimistic where unknown; people, people, m2.
        facilities, causes: one bit for each.
        evenings: the most days a month, NO_LIMIT where the host names none.
        has_time: whether anything is known about the hours.
    """

    refused: Words
    vague: Words
    assumed: Words
    capacity: Ints
    capacity_min: Ints
    area: Floats
    facilities: Words
    causes: Words
    has_time: Flags
    evenings: Ints

    def put(self, row: int, other: "Columns") -> None:
        """Overwrite one row with the first row of other columns."""
        for column in fields(self):
            getattr(self, column.name)[row] = getattr(other, column.name)[0]


def columns_of(spaces: Sequence[Space]) -> Columns:
    """Return the attributes of the spaces, in their order."""
    described = [describe(space) for space in spaces]
    return Columns(
        refused=np.array([bits.refused for bits in described], dtype=np.uint64),
        vague=np.array([bits.vague for bits in described], dtype=np.uint64),
        assumed=np.array([bits.assumed for bits in described], dtype=np.uint64),
        capacity=np.array([NO_LIMIT if s.capacity is None else s.capacity for s in spaces], dtype=np.int64),
        capacity_min=np.array([s.capacity_min for s in spaces], dtype=np.int64),
        area=np.array([np.inf if s.area_m2 is None else s.area_m2 for s in spaces], dtype=np.float64),
        facilities=np.array([facility_bits(s.facilities) for s in spaces], dtype=np.uint64),
        causes=np.array([cause_bits(s.causes) for s in spaces], dtype=np.uint64),
        evenings=np.array(
            [NO_LIMIT if s.most_evenings_a_month is None else s.most_evenings_a_month for s in spaces], dtype=np.int64
        ),
        has_time=np.array([bool(s.periods) for s in spaces], dtype=bool),
    )


def cause_bits(causes: frozenset[str]) -> int:
    """Return one bit for each cause."""
    return sum(1 << CAUSES.index(cause) for cause in causes)
