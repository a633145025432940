"""Someone who subtracts: knows the shown numbers and every sum, and asks what each hidden number can be. Shares no code with core."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Range = tuple[int, int]


class GaveUp(AssertionError):
    """The search took too long; a test must not pass by it."""


@dataclass
class Puzzle:
    """Whole numbers with sums between them; each has a range, one value if it is shown."""

    ranges: dict[Hashable, Range] = field(default_factory=dict)
    sums: list[tuple[tuple[Hashable, ...], Hashable]] = field(default_factory=list)

    def is_possible(self, key: Hashable, value: int) -> bool:
        """Say whether whole numbers exist that fit everything, with this one equal to `value`."""
        least, most = self.ranges[key]
        return least <= value <= most and self.solve({**self.ranges, key: (value, value)}) is not None

    def values(self, key: Hashable, upto: int) -> set[int]:
        """Everything from 0 to `upto` that the number can be."""
        return {value for value in range(upto + 1) if self.is_possible(key, value)}

    def solve(self, ranges: Mapping[Hashable, Range]) -> dict[Hashable, Range] | None:
        """Depth first, narrowing by the sums after each guess."""
        tries = 20_000
        stack: list[Iterator[dict[Hashable, Range] | None]] = [iter([self.narrow(dict(ranges))])]
        while stack:
            tries -= 1
            if not tries:
                raise GaveUp
            state = next(stack[-1], "none left")
            if state == "none left":
                stack.pop()
            elif isinstance(state, dict):
                open_keys = [key for key, (least, most) in state.items() if least < most]
                if not open_keys:
                    return state
                stack.append(self.guesses(state, min(open_keys, key=lambda key: state[key][1] - state[key][0])))
        return None

    def guesses(self, state: dict[Hashable, Range], key: Hashable) -> Iterator[dict[Hashable, Range] | None]:
        least, most = state[key]
        middle = (least + most) // 2
        yield self.narrow({**state, key: (least, middle)})
        yield self.narrow({**state, key: (middle + 1, most)})

    def narrow(self, ranges: dict[Hashable, Range]) -> dict[Hashable, Range] | None:
        changed = True
        while changed:
            changed = False
            for parts, total in self.sums:
                terms = [(part, 1) for part in parts] + [(total, -1)]
                lows = {key: ranges[key][0] if sign > 0 else -ranges[key][1] for key, sign in terms}
                highs = {key: ranges[key][1] if sign > 0 else -ranges[key][0] for key, sign in terms}
                low, high = sum(lows.values()), sum(highs.values())
                for key, sign in terms:
                    top, bottom = lows[key] - low, highs[key] - high
                    least, most = (bottom, top) if sign > 0 else (-top, -bottom)
                    new = (max(ranges[key][0], least), min(ranges[key][1], most))
                    if new[0] > new[1]:
                        return None
                    if new != ranges[key]:
                        ranges[key] = new
                        changed = True
                        break
                if changed:
                    break
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
