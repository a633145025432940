"""Someone who subtracts: knows the shown numbers and every sum, and asks what each hidden number can be. Shares no code with core."""

from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Range = tuple[int, int]
Ranges = dict[Hashable, Range]


class GaveUpError(AssertionError):
    """The search took too long; a test must not pass by it."""


@dataclass
class Puzzle:
    """Whole numbers with sums between them; each has a range, one value if it is shown.

    `likely` says where the search looks first; it makes the search quicker and changes no answer.
    """

    ranges: Ranges = field(default_factory=dict)
    sums: list[tuple[tuple[Hashable, ...], Hashable]] = field(default_factory=list)
    likely: dict[Hashable, int] = field(default_factory=dict)
    found: list[dict[Hashable, int]] = field(default_factory=list)

    def is_possible(self, key: Hashable, value: int) -> bool:
        """Say whether whole numbers exist that fit everything, with this one equal to `value`."""
        least, most = self.ranges[key]
        if not least <= value <= most:
            return False
        return any(each[key] == value for each in self.found) or self.solve({**self.ranges, key: (value, value)})

    def values(self, key: Hashable, upto: int) -> set[int]:
        """Everything from 0 to `upto` that the number can be."""
        return {value for value in range(upto + 1) if self.is_possible(key, value)}

    def solve(self, ranges: Mapping[Hashable, Range]) -> bool:
        """Depth first, narrowing by the sums after each guess; a solution is kept in `found`."""
        stack: list[Iterator[Ranges | None]] = [iter([self.narrow(dict(ranges), range(len(self.sums)))])]
        for _ in range(20_000):
            state = next(stack[-1], "none left")
            if isinstance(state, str):
                stack.pop()
                if not stack:
                    return False
            elif state is not None:
                open_keys = [key for key, (least, most) in state.items() if least < most]
                if not open_keys:
                    self.found.append({key: least for key, (least, _) in state.items()})
                    return True
                stack.append(self.guesses(state, min(open_keys, key=lambda key: state[key][1] - state[key][0])))
        raise GaveUpError

    def guesses(self, state: Ranges, key: Hashable) -> Iterator[Ranges | None]:
        least, most = state[key]
        first = min(max(self.likely.get(key, least), least), most)
        for guess in ((first, first), (least, first - 1), (first + 1, most)):
            if guess[0] <= guess[1]:
                yield self.narrow({**state, key: guess}, self.sums_with(key))

    def sums_with(self, key: Hashable) -> list[int]:
        return [at for at, (parts, total) in enumerate(self.sums) if key in parts or key == total]

    def narrow(self, ranges: Ranges, first: Sequence[int]) -> Ranges | None:
        """Tighten each number by the sums it is in until nothing changes; None if nothing fits."""
        queue = deque(first)
        while queue:
            parts, total = self.sums[queue.popleft()]
            low = sum(ranges[part][0] for part in parts)
            high = sum(ranges[part][1] for part in parts)
            least, most = ranges[total]
            tighter = {total: (max(least, low), min(most, high))}
            for part in parts:
                bottom, top = ranges[part]
                tighter[part] = (max(bottom, least - high + top), min(top, most - low + bottom))
            for key, new in tighter.items():
                if new[0] > new[1]:
                    return None
                if new != ranges[key]:
                    ranges[key] = new
                    queue.extend(at for at in self.sums_with(key) if at not in queue)
        return ranges


def add_table(
    puzzle: Puzzle,
    name: str,
    rows: Sequence[str],
    columns: Sequence[str],
    seen: Mapping[tuple[str | None, str | None], Range],
) -> None:
    """Write down the sums of a table with totals; `seen` is what is known of each number, None for a total."""
    for (row, column), known in seen.items():
        puzzle.ranges[name, row, column] = known
    for row in (*rows, None):
        puzzle.sums.append((tuple((name, row, column) for column in columns), (name, row, None)))
    for column in (*columns, None):
        puzzle.sums.append((tuple((name, row, column) for row in rows), (name, None, column)))


def add_same(puzzle: Puzzle, one: Hashable, other: Hashable) -> None:
    """Two numbers that the attacker knows to be the same count."""
    puzzle.sums.append(((one,), other))
