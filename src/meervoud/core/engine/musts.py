"""The musts of a request but time: which spaces fail, which leave something unknown."""

from dataclasses import dataclass

import numpy as np

from meervoud.core.engine.arrays import Flags, Ints, Words
from meervoud.core.engine.attributes import CONDITION_BITS, EVENINGS, asked_bits
from meervoud.core.engine.evenings import days_a_month
from meervoud.core.engine.geography import metres_between
from meervoud.core.engine.index import UNREACHABLE, Index
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Condition

NO_METRES = -1
BIT_CONDITIONS: tuple[Condition, ...] = ("facilities", "step_free", "activities", "loudness")


@dataclass(frozen=True, eq=False)
class Candidates:
    """Spaces that fail no must but perhaps time: rows and metres (NO_METRES where unknown), shape (n,)."""

    rows: Ints
    metres: Ints


def find_candidates(index: Index, request: Request, asked: int) -> Candidates:
    """Return the spaces that no known attribute excludes; the cheap filters come first.

    Args:
        index: all spaces.
        request: whose musts.
        asked: its `attributes.asked_bits`.
    """
    rows = _rows_in_reach(index, request)
    columns = index.columns
    if asked:
        rows = rows[(columns.refused[rows] & np.uint64(asked)) == 0]
    if request.group_max > 0:
        rows = rows[(columns.capacity[rows] >= request.group_max) & (columns.capacity_min[rows] <= request.group_max)]
    if request.area_m2 > 0:
        rows = rows[columns.area[rows] >= request.area_m2]
    if request.budget is not None:
        cents, _ = index.prices_in((request.budget.currency, request.budget.per))
        rows = rows[cents[rows] <= request.budget.cents]
    metres = distances(index, request, rows)
    if request.position is not None and request.max_metres is not None:
        near = metres <= request.max_metres  # unknown is NO_METRES: it stays, to be asked
        return Candidates(rows[near], metres[near])
    return Candidates(rows, metres)


def distances(index: Index, request: Request, rows: Ints) -> Ints:
    """Return whole metres from the request to some spaces, NO_METRES where unknown, shape (n,)."""
    if request.position is None:
        return np.full(len(rows), NO_METRES, dtype=np.int64)
    return metres_between(index.vectors[rows], request.position)


def vague_words(index: Index, request: Request, rows: Ints) -> Words:
    """Return what must be asked of some spaces, in the price unit of the request, shape (n,).

    That is what it does not tell; and its evenings, where the request asks for more of them in a month than it lends.
    """
    vague = index.columns.vague
    if request.budget is not None:
        vague = index.prices_in((request.budget.currency, request.budget.per))[1]
    if not request.needs or not index.has_limits:
        return vague[rows]
    too_many = index.columns.evenings[rows] < days_a_month(request.needs)
    return vague[rows] | np.where(too_many, np.uint64(EVENINGS), np.uint64(0))


def failures(index: Index, request: Request) -> dict[Condition, Flags]:
    """Return for each condition that the request sets (but time) which spaces fail it, shape (all rows,)."""
    asked = asked_bits(request)
    columns = index.columns
    failed: dict[Condition, Flags] = {}
    for condition in BIT_CONDITIONS:
        bits = asked & CONDITION_BITS[condition]
        if bits:
            failed[condition] = (columns.refused & np.uint64(bits)) != 0
    if request.group_max > 0:
        failed["capacity"] = columns.capacity < request.group_max
        failed["capacity_min"] = columns.capacity_min > request.group_max
    if request.area_m2 > 0:
        failed["area"] = columns.area < request.area_m2
    if request.budget is not None:
        cents, _ = index.prices_in((request.budget.currency, request.budget.per))
        failed["currency"] = cents == UNREACHABLE
        failed["budget"] = (cents > request.budget.cents) & (cents != UNREACHABLE)
    if request.position is not None and request.max_metres is not None:
        failed["distance"] = distances(index, request, index.rows) > request.max_metres
    return failed


def conditions_in(asked: int, vague: int) -> tuple[Condition, ...]:
    """Return the conditions that are asked and stand in a word of vague or assumed bits, sorted."""
    return tuple(sorted(condition for condition, bits in CONDITION_BITS.items() if bits & asked & vague))


def _rows_in_reach(index: Index, request: Request) -> Ints:
    if request.position is None or request.max_metres is None:
        return index.rows
    near = index.cells.rows_near(request.position, request.max_metres)
    nowhere = index.nowhere()
    return np.concatenate([near, nowhere]) if len(nowhere) else near
