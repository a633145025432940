"""A theory of change in columns: which node stands in which, in which order, and where arrows pass others' columns."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from meervoud.core.impact.theory_of_change import Graph, Kind, Node, Term
from meervoud.core.impact.theory_order import Place, count_crossings, order_columns

_KINDS: Final = {Kind.INPUT: 0, Kind.ACTIVITY: 1, Kind.OUTPUT: 2, Kind.OUTCOME: 3, Kind.IMPACT: 6}
_TERMS: Final = {Term.SHORT: 0, Term.MEDIUM: 1, Term.LONG: 2}
Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in a column, from the top; `term` only for outcomes."""

    kind: Kind
    term: Term | None
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Arranged:
    """A theory of change in columns.

    Attributes:
        nodes: by id.
        arrows: start and end of each, once, sorted.
        columns: those that hold something, from left to right.
        external: boxes of what comes from outside; they stand below all others.
        column_of: number of the column of each node.
        steps: between each column and the next.
    """

    nodes: Mapping[str, Node]
    arrows: tuple[Ends, ...]
    columns: tuple[Column, ...]
    external: frozenset[Place]
    column_of: Mapping[str, int]
    steps: tuple[frozenset[tuple[Place, Place]], ...]

    @property
    def crossings(self) -> int:
        """How many steps between columns cross."""
        return count_crossings([each.places for each in self.columns], self.steps)

    def beside(self) -> dict[Place, list[Place]]:
        """Return the places before and after each place that has any."""
        found = defaultdict[Place, list[Place]](list)
        for each in self.steps:
            for one, other in sorted(each):
                found[one].append(other)
                found[other].append(one)
        return found

    def layers(self) -> Iterator[tuple[Kind, Term | None, list[str]]]:
        """Yield the ids of the nodes of each layer, what comes from outside last."""
        for each in self.columns:
            nodes = [place.node for place in each.places if not place.way and place not in self.external]
            if nodes:
                yield each.kind, each.term, nodes
        outside = [place.node for each in self.columns for place in each.places if place in self.external]
        if outside:
            yield Kind.EXTERNAL, None, outside

    def column_lanes(self, column: int) -> tuple[dict[str, int], int]:
        """Return the lanes of the arrows that stay in a column, by their start, and how many there are."""
        boxes = [each.node for each in self.columns[column].places if not each.way]
        rows = {node: row for row, node in enumerate(boxes)}
        return self.lanes([each for each in self.arrows if rows.keys() >= set(each)], rows)

    @staticmethod
    def lanes(arrows: Sequence[Ends], rows: Mapping[str, int]) -> tuple[dict[str, int], int]:
        """Return the lane of the arrows of each start, short ones nearest, no two over each other; and how many there are."""
        reach = defaultdict[str, set[int]](set)
        for start, end in arrows:
            reach[start] |= {rows[start], rows[end]}
        taken, lanes = list[list[tuple[int, int]]](), dict[str, int]()
        spans = sorted((max(each) - min(each), min(each), start) for start, each in reach.items())
        for length, first, start in spans:
            last = first + length
            free = (at for at, lane in enumerate(taken) if all(last < one or other < first for one, other in lane))
            lane = next(free, len(taken))
            if lane == len(taken):
                taken.append([])
            taken[lane].append((first, last))
            lanes[start] = lane
        return lanes, len(taken)


def arrange(graph: Graph) -> Arranged:
    """Return a theory of change in columns; an arrow to nothing is left out, and so is what has the id of another."""
    nodes = {each.id: each for each in sorted(graph.nodes, key=_key, reverse=True)}
    nodes = dict(sorted(nodes.items()))
    arrows = tuple(sorted({(each.start, each.end) for each in graph.links if {each.start, each.end} <= nodes.keys()}))
    column_of, headings = _columns(nodes, arrows)
    places = [set[Place]() for _ in headings]
    for node, column in column_of.items():
        places[column].add(Place(node, 0, column))
    steps = [set[tuple[Place, Place]]() for _ in headings[1:]]
    for one, other in _steps(arrows, column_of):
        places[one.column].add(one)
        places[other.column].add(other)
        steps[one.column].add((one, other))
    outside = frozenset(Place(each, 0, column_of[each]) for each, node in nodes.items() if node.kind == Kind.EXTERNAL)
    order = order_columns([sorted(each) for each in places], steps, outside)
    columns = tuple(Column(*heading, tuple(each)) for heading, each in zip(headings, order, strict=True))
    return Arranged(nodes, arrows, columns, outside, column_of, tuple(frozenset(each) for each in steps))


def _key(node: Node) -> tuple[str, ...]:
    return node.id, node.kind, node.term or "", *(part for each in sorted(node.labels.items()) for part in each)


def _layer(node: Node) -> int:
    return _KINDS[node.kind] + (_TERMS[node.term or Term.SHORT] if node.kind == Kind.OUTCOME else 0)


def _columns(
    nodes: Mapping[str, Node], arrows: Sequence[Ends]
) -> tuple[dict[str, int], list[tuple[Kind, Term | None]]]:
    """Return the column of each node and what each column is; columns that nothing stands in are left out."""
    inner = {each: _layer(node) for each, node in nodes.items() if node.kind != Kind.EXTERNAL}
    number = {layer: column for column, layer in enumerate(sorted(set(inner.values())))}
    column_of = {each: number[layer] for each, layer in inner.items()}
    headings = dict[int, tuple[Kind, Term | None]]()
    for each, column in column_of.items():
        node = nodes[each]
        headings[column] = node.kind, (node.term or Term.SHORT) if node.kind == Kind.OUTCOME else None
    told = [headings[column] for column in sorted(headings)]
    if not told and nodes:
        told.append((Kind.EXTERNAL, None))
    outside = {each: _near(each, arrows, column_of, len(told) - 1) for each in nodes if each not in inner}
    return column_of | outside, told


def _near(node: str, arrows: Sequence[Ends], column_of: Mapping[str, int], last: int) -> int:
    """Return the column for what comes from outside: just before what it leads to, else just after what leads to it."""
    to = [column_of[end] for start, end in arrows if start == node and end in column_of]
    of = [column_of[start] for start, end in arrows if end == node and start in column_of]
    if to:
        return max(min(to) - 1, 0)
    return min(max(of) + 1, last) if of else 0


def _steps(arrows: Sequence[Ends], column_of: Mapping[str, int]) -> Iterator[tuple[Place, Place]]:
    """Yield the steps of each arrow from column to column, from left to right also where the arrow leads back."""
    for start, end in arrows:
        one, other = column_of[start], column_of[end]
        way = 1 if one < other else -1
        chain = [Place(start, 0, one), *(Place(start, way, each) for each in range(one + way, other, way))]
        if one != other:
            chain.append(Place(end, 0, other))
        for here, there in pairwise(chain):
            yield (here, there) if way > 0 else (there, here)
