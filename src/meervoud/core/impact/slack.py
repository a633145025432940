"""How far a number in a table can move while every number that is shown stays as it is."""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from meervoud.core.errors import InputError

Spot: TypeAlias = tuple[int, int]
"""Row and column by number; the last row and the last column hold the totals."""
Bounds: TypeAlias = Mapping[Spot, tuple[int, int]]
"""What a reader knows of each number that is hidden: the least and the most it can be."""
MANY: Final = 1 << 60
_Steps: TypeAlias = list[tuple[Spot, int]]


@dataclass(slots=True)
class Slack:
    """A table with totals as a network in which the counts flow round.

    The grand total flows to the rows, each row to its cells, each cell to its column, each column back to the grand total. What
    flows into a node flows out of it: these are the sums a reader can write down. A hidden number can go up by d exactly if d can
    flow back round from its end to its beginning through other hidden numbers; all is whole, so each such range has no gaps.

    Attributes:
        values: counts with totals, shape (rows + 1, columns + 1), >= 0.
        fixed: the numbers that may not be hidden.
        hidden: the numbers that are; it only grows, and each one more leaves a reader with more that is possible.
        prices: what hiding costs.
        steps: by node: the next node, the number between, and 1 if it goes up on the way or -1 if down.
    """

    values: tuple[tuple[int, ...], ...]
    fixed: frozenset[Spot]
    hidden: set[Spot]
    prices: dict[Spot, int] = field(init=False)
    steps: list[list[tuple[int, Spot, int]]] = field(init=False)

    def __post_init__(self) -> None:
        """Lay out the network: for each node, where a number that may move leads, and whether it goes up or down on the way."""
        self.prices = {spot: self._price(spot) for spot in self.spots()}
        self.steps = [[] for _ in range(len(self.values) + len(self.values[0]))]
        for spot in self.spots():
            if spot not in self.fixed:
                tail, head = self.ends(spot)
                self.steps[tail].append((head, spot, 1))
                self.steps[head].append((tail, spot, -1))

    def spots(self) -> Iterator[Spot]:
        """Give every number of the table, totals last."""
        return ((row, column) for row in range(len(self.values)) for column in range(len(self.values[0])))

    def make_possible(self, spot: Spot, aim: int, bounds: Bounds) -> None:
        """Hide numbers, the cheapest first, until `spot` could be `aim` for all a reader can tell.

        Args:
            spot: a number that is hidden.
            aim: the value that must be possible, >= 0.
            bounds: what the reader knows, for every number that is not fixed.

        Raises:
            InputError: it cannot be had by hiding.
        """
        flow = {each: self.values[each[0]][each[1]] for each in self.spots()}
        missing = abs(aim - flow[spot])
        sign = 1 if aim > flow[spot] else -1
        while missing:
            ways = _Ways(self, flow, bounds)
            steps = ways.round_from(spot, sign, missing)
            step = min(missing, *(ways.room(*each) for each in steps))
            for each, direction in steps:
                flow[each] += direction * step
                self.hide(each)
            missing -= step

    def ends(self, spot: Spot) -> tuple[int, int]:
        """Give the nodes a number flows from and to: rows are numbered first, then columns."""
        rows, columns = len(self.values), len(self.values[0])
        from_row = (spot[0] < rows - 1) == (spot[1] < columns - 1)
        row, column = spot[0], rows + spot[1]
        return (row, column) if from_row else (column, row)

    def is_total(self, spot: Spot) -> bool:
        """Say whether the number is a row total, a column total or the grand total."""
        return spot[0] == len(self.values) - 1 or spot[1] == len(self.values[0]) - 1

    def hide(self, spot: Spot) -> None:
        """Hide one number more."""
        self.hidden.add(spot)
        self.prices[spot] = 0

    def _price(self, spot: Spot) -> int:
        """Nothing if hidden; else small counts first, and totals only if nothing else helps."""
        if spot in self.hidden:
            return 0
        dearer_than_all_cells = 1 + self.values[-1][-1] + len(self.values) * len(self.values[0])
        return 1 + self.values[spot[0]][spot[1]] + (dearer_than_all_cells if self.is_total(spot) else 0)


@dataclass(frozen=True, slots=True)
class _Ways:
    slack: Slack
    flow: Mapping[Spot, int]
    bounds: Bounds

    def room(self, spot: Spot, direction: int) -> int:
        least, most = self.bounds[spot]
        return most - self.flow[spot] if direction > 0 else self.flow[spot] - least

    def round_from(self, spot: Spot, sign: int, missing: int) -> _Steps:
        wide = self._cheapest(spot, sign, missing)
        if wide is not None and not any(self._is_shown_total(each) for each, _ in wide):
            return wide
        narrow = self._cheapest(spot, sign, 1)
        if narrow is None:
            raise InputError("This table cannot be shown: a small count can be worked out whatever else is hidden.")
        return narrow

    def _is_shown_total(self, spot: Spot) -> bool:
        return self.slack.is_total(spot) and spot not in self.slack.hidden

    def _cheapest(self, spot: Spot, sign: int, width: int) -> _Steps | None:
        """Dijkstra from the end of `spot` to its beginning over numbers that can move by `width`."""
        tail, head = self.slack.ends(spot)
        start, goal = (head, tail) if sign > 0 else (tail, head)
        cost = {start: 0}
        came: dict[int, tuple[int, Spot, int]] = {}
        queue = [(0, start)]
        while queue:
            paid, node = heapq.heappop(queue)
            if node == goal:
                return _walk_back(came, start, goal)
            if paid > cost[node]:
                continue
            for other, each, direction in self.slack.steps[node]:
                price = paid + self.slack.prices[each]
                if price < cost.get(other, MANY) and each != spot and self.room(each, direction) >= width:
                    cost[other] = price
                    came[other] = (node, each, direction)
                    heapq.heappush(queue, (price, other))
        return None


def _walk_back(came: Mapping[int, tuple[int, Spot, int]], start: int, goal: int) -> _Steps:
    steps: _Steps = []
    node = goal
    while node != start:
        node, each, direction = came[node]
        steps.append((each, direction))
    return steps
