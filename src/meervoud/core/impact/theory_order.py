"""In which order things stand in the columns of a drawing, so that few arrows cross: barycentres, swept to and fro."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

SWEEPS: Final = 12


class Place(NamedTuple):
    """What takes room in a column: a box, or where arrows of a box pass.

    Attributes:
        node: id of the box, or of the box whose arrows pass.
        way: 0 is the box itself; 1 its arrows on their way to later columns, -1 to earlier ones.
        column: number of the column.
    """

    node: str
    way: int
    column: int


Steps = Collection[tuple[Place, Place]]
"""From a place of a column to one of the next column, each once."""


def order_columns(
    columns: Sequence[Sequence[Place]], steps: Sequence[Steps], lowest: Collection[Place] = (), *, sweeps: int = SWEEPS
) -> list[list[Place]]:
    """Return the columns in an order with few crossings: never more than in the order of their names.

    Args:
        columns: the places of each column, in any order.
        steps: between each column and the next; one fewer than there are columns.
        lowest: places that stay below the others of their column.
        sweeps: how often the columns are walked through; 0 gives the order of names.

    Returns:
        The same places; the same for the same places and steps, however they were given.
    """
    below = frozenset(lowest)
    order = [sorted(each, key=lambda place: (place in below, place)) for each in columns]
    best, fewest = order, count_crossings(order, steps)
    before, after = _neighbours(steps)
    for sweep in range(sweeps):
        if not fewest:
            break
        is_forward = sweep % 2 == 0
        order = _swept(order, before if is_forward else after, below, is_forward=is_forward)
        crossings = count_crossings(order, steps)
        if crossings < fewest:
            best, fewest = order, crossings
    return best


def count_crossings(order: Sequence[Sequence[Place]], steps: Sequence[Steps]) -> int:
    """Return how many pairs of steps cross."""
    rows = [{place: row for row, place in enumerate(each)} for each in order]
    return sum(
        _inversions(sorted((rows[column][one], rows[column + 1][other]) for one, other in each))
        for column, each in enumerate(steps)
    )


def _inversions(pairs: Sequence[tuple[int, int]]) -> int:
    """Return how many pairs of steps, sorted by where they begin, end in the other order.

    A pair that begins or ends at the same place does not cross.
    """
    seen, found, waiting, row = list[int](), 0, list[int](), -1
    for start, end in pairs:
        if start != row:
            for each in waiting:
                seen.insert(bisect_left(seen, each), each)
            waiting, row = [], start
        found += len(seen) - bisect_left(seen, end + 1)
        waiting.append(end)
    return found


def _neighbours(steps: Sequence[Steps]) -> tuple[dict[Place, list[Place]], dict[Place, list[Place]]]:
    before, after = dict[Place, list[Place]](), dict[Place, list[Place]]()
    for each in steps:
        for one, other in sorted(each):
            after.setdefault(one, []).append(other)
            before.setdefault(other, []).append(one)
    return before, after


def _swept(
    order: Sequence[Sequence[Place]],
    neighbours: Mapping[Place, Sequence[Place]],
    below: Collection[Place],
    *,
    is_forward: bool,
) -> list[list[Place]]:
    """Return the columns, each sorted by where its neighbours in the column before stand; without any, a place stays."""
    found = [list(each) for each in order]
    for column in range(len(found)) if is_forward else reversed(range(len(found))):
        beside = column - 1 if is_forward else column + 1
        if not 0 <= beside < len(found):
            continue
        rows = {place: row for row, place in enumerate(found[beside])}
        keys = dict[Place, tuple[bool, float, int]]()
        for row, place in enumerate(found[column]):
            there = [rows[each] for each in neighbours.get(place, ())]
            keys[place] = (place in below, sum(there) / len(there) if there else float(row), row)
        found[column].sort(key=keys.__getitem__)
    return found
