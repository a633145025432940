"""The register of what was published, against working out a small group by subtraction."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from typing import Final

from meervoud.core.errors import InputError

MOST_VERSIONS: Final = 64


@dataclass(frozen=True, slots=True)
class Released:
    """One number that was published, or kept back on purpose, for one programme.

    Attributes:
        statistic: what was counted, by its definition.
        filter: which part of it, as (field, value) pairs that all hold; empty is everything.
        starts: first day.
        ends: the day after the last one; after `starts`.
        n: the count, >= 0; None is kept back: readers must not be able to work it out.
    """

    statistic: str
    filter: frozenset[tuple[str, str]]
    starts: date
    ends: date
    n: int | None

    def __post_init__(self) -> None:
        """Refuse what cannot have been published.

        Raises:
            InputError: the period is empty or the count is below 0.
        """
        if self.starts >= self.ends:
            raise InputError(f"A period ends after it starts, not from {self.starts} to {self.ends}.")
        if self.n is not None and self.n < 0:
            raise InputError(f"A count is never below 0, not {self.n}.")


@dataclass(frozen=True, slots=True)
class _Boundary:
    """How far a boundary lies above another one, and the release that was stepped over last to get there."""

    height: int
    by: Released | None


def refuses(earlier: Iterable[Released], new: Released, *, k: int = 5, adds_up: bool = True) -> Released | None:
    """Return the earlier release that stands in the way of a new one, or None if it may be published.

    Two checks, on the same statistic only:

    1. **Nested.** The scope of one lies within that of the other (period within period, and all conditions of the wider one hold
       for the narrower) and the counts differ by 1 to k - 1. The difference is then a count of that many people.
    2. **Sums over time**, among releases with the same filter. Let F(d) be the count of everything before day d, unknown. A release
       from a to b says F(b) - F(a) = n: an edge between the boundaries a and b. A reader can work out F(b) - F(a) exactly if
       a path leads from a to b, as the sum of n along it, forwards added and backwards taken off. This holds every union of adjacent
       periods, every whole minus its parts, and every chain of those. A new release whose boundaries are not yet connected joins two
       groups of boundaries; it is refused if between a boundary of one and a boundary of the other lies a count of 1 to k - 1, or a
       number that was kept back. If its boundaries are connected already, its count was known; it is refused if it differs
       from that by 1 to k - 1: then somebody was added or taken away since.

    A number kept back (n is None) is refused if earlier releases already give it away: hiding it would protect nothing.

    Not covered: sums over different filters at once (small_cells and linked_tables see to tables).

    Args:
        earlier: what one programme released before, in any order; the answer is the first of equals.
        new: what is to be released; a count of 1 to k - 1 must have been hidden before.
        k: the smallest count that is shown, >= 2.
        adds_up: the count of two adjacent periods is the sum of both, as with visits and hours. False for people who can be in
            both: then only the first check is made.

    Returns:
        A release of `earlier` that the new one cannot stand beside.

    Raises:
        InputError: the new count is itself 1 to k - 1.
    """
    if _is_small(new.n, k):
        raise InputError(f"A count of {new.n} is below {k} and cannot be published; keep it back.")
    same = [each for each in earlier if each.statistic == new.statistic]
    for each in same:
        if _is_nested(each, new) and each.n is not None and new.n is not None and _is_small(abs(each.n - new.n), k):
            return each
    if not adds_up:
        return None
    of_part = [each for each in same if each.filter == new.filter]
    return next((found for each in _versions(of_part) if (found := _against_sums(each, new, k))), None)


def _versions(same: Sequence[Released]) -> Iterator[list[Released]]:
    """Every way to read one number for each period: a correction beside a report gives a period two.

    Where they are more than MOST_VERSIONS ways, only those with every first, every last, and one changed against either.
    """
    by_period: dict[tuple[date, date], dict[int | None, Released]] = {}
    for each in same:
        by_period.setdefault((each.starts, each.ends), {}).setdefault(each.n, each)
    choices = [list(each.values()) for each in by_period.values()]
    if prod(map(len, choices)) <= MOST_VERSIONS:
        yield from map(list, product(*choices))
        return
    for one, other in ((0, -1), (-1, 0)):
        yield [each[one] for each in choices]
        for at, several in enumerate(choices):
            if len(several) > 1:
                yield [numbers[other if place == at else one] for place, numbers in enumerate(choices)]


def _against_sums(same: Sequence[Released], new: Released, k: int) -> Released | None:
    before = _heights(same, new.starts)
    known = before.get(new.ends)
    if known is not None:
        is_given_away = new.n is None or _is_small(abs(known.height - new.n), k)
        return known.by if is_given_away else None
    if new.n is None:
        return None
    kept_back = {(each.starts, each.ends): each for each in reversed(same) if each.n is None}
    after = _heights(same, new.ends)
    for a in sorted(before):
        for b in sorted(after):
            between = new.n + after[b].height - before[a].height
            if kept := kept_back.get((min(a, b), max(a, b))):
                return kept
            if a != b and _is_small(between if a < b else -between, k):
                return before[a].by or after[b].by
    return None


def _heights(released: Iterable[Released], start: date) -> dict[date, _Boundary]:
    """The boundaries that can be reached from `start`, with the count between."""
    steps: dict[date, list[tuple[date, int, Released]]] = {}
    for each in released:
        if each.n is not None:
            steps.setdefault(each.starts, []).append((each.ends, each.n, each))
            steps.setdefault(each.ends, []).append((each.starts, -each.n, each))
    heights = {start: _Boundary(0, None)}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for there, n, by in steps.get(here, []):
            if there not in heights:
                heights[there] = _Boundary(heights[here].height + n, by)
                queue.append(there)
    return heights


def _is_nested(one: Released, other: Released) -> bool:
    return _holds(one, other) or _holds(other, one)


def _holds(wider: Released, narrower: Released) -> bool:
    return wider.starts <= narrower.starts and narrower.ends <= wider.ends and wider.filter <= narrower.filter


def _is_small(n: int | None, k: int) -> bool:
    return n is not None and 1 <= n < k
