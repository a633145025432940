"""A theory of change as a drawing: where the boxes stand and how the arrows run, without an arrow through a box.

Layers after Sugiyama, Tagawa and Toda (1981); arrows of one box that pass a column share one way through it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from meervoud.core.impact.theory_columns import Arranged, arrange
from meervoud.core.impact.theory_of_change import Graph, Kind, Term
from meervoud.core.impact.theory_order import Place

Point = tuple[int, int]
LEAST_HEIGHT: Final = 16
ROUNDS: Final = 6
NEAREST: Final = 12


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large things are, in pixels.

    Attributes:
        box_width, box_height: of a box whose own height is not given.
        gap: between two boxes of a column.
        gutter: between two columns; the arrows turn there.
        heading: above each column.
        margin: around the drawing.
        pass_height: where arrows pass between boxes.
    """

    box_width: int = 176
    box_height: int = 64
    gap: int = 20
    gutter: int = 72
    heading: int = 32
    margin: int = 8
    pass_height: int = 8


WIDE: Final = Sizes()
NARROW: Final = Sizes(box_width=248, box_height=56, gap=20, gutter=56)
"""320 pixels wide: the narrowest screen."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a node."""

    node: str
    kind: Kind
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        """How far down its middle is."""
        return self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow from one box to another.

    Attributes:
        start, end: ids of the nodes.
        points: where it runs, from the edge of one box to the edge of the other.
        is_back: it leads to an earlier column, or to the box it comes from.
    """

    start: str
    end: str
    points: tuple[Point, ...]
    is_back: bool

    @property
    def path(self) -> str:
        """The arrow as `d` of a path of SVG; what is not straight is a curve that stays between its two points."""
        (x, y), *rest = self.points
        told = [f"M{x} {y}"]
        for to_x, to_y in rest:
            half = (x + to_x) // 2
            is_straight = x == to_x or y == to_y
            told.append(f"L{to_x} {to_y}" if is_straight else f"C{half} {y} {half} {to_y} {to_x} {to_y}")
            x, y = to_x, to_y
        return " ".join(told)


@dataclass(frozen=True, slots=True)
class Layer:
    """Where the boxes of a kind stand, with room for a heading on top; `term` only for outcomes."""

    kind: Kind
    term: Term | None
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing.

    Attributes:
        boxes, arrows, layers: what is drawn; boxes in reading order: layer by layer, from the top.
        width, height: of the whole.
        crossings: how many arrows cross between columns.
    """

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    layers: tuple[Layer, ...]
    width: int
    height: int
    crossings: int


def lay_out(
    graph: Graph, *, is_narrow: bool = False, heights: Mapping[str, int] | None = None, sizes: Sizes | None = None
) -> Layout:
    """Return a theory of change as a drawing: from left to right, or from top to bottom for a narrow screen.

    Args:
        graph: any; an arrow to nothing is left out, and of nodes with one id the first by kind and name is drawn.
        is_narrow: one box beside the other is too wide: all stand below each other, and arrows run beside them.
        heights: of boxes with much text, by id of the node.
        sizes: WIDE or NARROW where not given.

    Returns:
        The same drawing for the same graph, in whatever order its nodes and links are given.
    """
    used = sizes or (NARROW if is_narrow else WIDE)
    arranged = arrange(graph)
    tall = {each: max((heights or {}).get(each, used.box_height), LEAST_HEIGHT) for each in arranged.nodes}
    drawing = (_Narrow if is_narrow else _Wide)(arranged, tall, used)
    return drawing.layout()


class _Drawing:
    """What both ways of drawing share."""

    def __init__(self, arranged: Arranged, tall: Mapping[str, int], sizes: Sizes) -> None:
        self.arranged, self.tall, self.sizes = arranged, tall, sizes
        self.boxes: dict[str, Box] = {}
        self.layers: list[Layer] = []
        self.right = sizes.margin

    def layout(self) -> Layout:
        self.place()
        arrows = tuple(self.arrow(*each) for each in self.arranged.arrows)
        ends = [each.y + each.height for each in self.boxes.values()] + [each.y + each.height for each in self.layers]
        height = max(ends, default=0) + self.sizes.margin
        boxes, layers = tuple(self.boxes.values()), tuple(self.layers)
        return Layout(boxes, arrows, layers, self.right + self.sizes.margin, height, self.arranged.crossings)

    def place(self) -> None:
        raise NotImplementedError

    def arrow(self, start: str, end: str) -> Arrow:
        raise NotImplementedError

    def box(self, node: str, x: int, y: int) -> None:
        kind = self.arranged.nodes[node].kind
        self.boxes[node] = Box(node, kind, x, y, self.sizes.box_width, self.tall[node])

    def beside(self, start: str, end: str, lane: int, lanes: int) -> tuple[Point, ...]:
        """Return an arrow that leaves and comes back on the right of a column, in a lane of its gutter."""
        one, other = self.boxes[start], self.boxes[end]
        edge, room = one.x + one.width, self.sizes.gutter - NEAREST - self.sizes.margin
        x = edge + NEAREST + room * lane // max(lanes, 1)
        low, high = one.middle + one.height // 4, other.middle - other.height // 4
        return ((edge, low), (x, low), (x, high), (edge, high))


class _Wide(_Drawing):
    def place(self) -> None:
        sizes, columns = self.sizes, self.arranged.columns
        self.step = sizes.box_width + sizes.gutter
        self.lanes = [self.arranged.column_lanes(column) for column in range(len(columns))]
        top = sizes.margin + sizes.heading
        self.middles = _middles(self.arranged, self.tall, sizes)
        highest = min((self.middles[each] - self._half(each) for each in self.middles), default=0.0)
        self.middles = {each: middle - highest + top for each, middle in self.middles.items()}
        floor = max((self.middles[each] + self._half(each) for each in self.middles), default=float(sizes.margin))
        depth = self._externals(round(floor) + (2 * sizes.gap if self.middles else 0))
        for column, each in enumerate(columns):
            x = sizes.margin + column * self.step
            for place in each.places:
                if place in self.middles and not place.way:
                    self.box(place.node, x, round(self.middles[place] - self._half(place)))
            if each.kind is not Kind.EXTERNAL:
                self.layers.append(
                    Layer(each.kind, each.term, x, sizes.margin, sizes.box_width, round(floor) - sizes.margin)
                )
        self.boxes |= depth
        is_used = bool(columns and self.lanes[-1][1])
        self.right = sizes.margin + max(len(columns) * self.step - (0 if is_used else sizes.gutter), 0)
        if depth:
            top = min(each.y for each in depth.values()) - sizes.heading
            tall = max(each.y + each.height for each in depth.values()) - top
            self.layers.append(Layer(Kind.EXTERNAL, None, sizes.margin, top, self.right - sizes.margin, tall))

    def _externals(self, top: int) -> dict[str, Box]:
        """Return the boxes of what comes from outside: in the columns they touch, below all others."""
        found = dict[str, Box]()
        for column, each in enumerate(self.arranged.columns):
            y = top + self.sizes.heading
            for place in each.places:
                if place in self.arranged.external:
                    x = self.sizes.margin + column * self.step
                    found[place.node] = Box(
                        place.node, Kind.EXTERNAL, x, y, self.sizes.box_width, self.tall[place.node]
                    )
                    y += self.tall[place.node] + self.sizes.gap
        return found

    def _half(self, place: Place) -> float:
        return (self.sizes.pass_height if place.way else self.tall[place.node]) / 2

    def arrow(self, start: str, end: str) -> Arrow:
        one, other = self.arranged.column_of[start], self.arranged.column_of[end]
        if one == other:
            lanes, most = self.lanes[one]
            return Arrow(start, end, self.beside(start, end, lanes[start], most), is_back=start == end)
        way = 1 if one < other else -1
        near, far = (0, self.sizes.box_width) if way > 0 else (self.sizes.box_width, 0)
        points = [(self.boxes[start].x + far, self.boxes[start].middle)]
        for column in range(one + way, other, way):
            x, y = self.sizes.margin + column * self.step, round(self.middles[Place(start, way, column)])
            points += [(x + near, y), (x + far, y)]
        points.append((self.boxes[end].x + near, self.boxes[end].middle))
        return Arrow(start, end, tuple(points), is_back=way < 0)


class _Narrow(_Drawing):
    def place(self) -> None:
        sizes, y = self.sizes, self.sizes.margin
        for kind, term, nodes in self.arranged.layers():
            top, y = y, y + sizes.heading
            for node in nodes:
                self.box(node, sizes.margin, y)
                y += self.tall[node] + sizes.gap
            self.layers.append(Layer(kind, term, sizes.margin, top, sizes.box_width, y - sizes.gap - top))
        self.row = {node: row for row, node in enumerate(self.boxes)}
        self.lanes, self.most = self.arranged.lanes(
            [each for each in self.arranged.arrows if not self._is_next(*each)], self.row
        )
        self.right = sizes.margin + sizes.box_width + (sizes.gutter if self.boxes else -sizes.box_width)

    def _is_next(self, start: str, end: str) -> bool:
        return self.row[end] == self.row[start] + 1

    def arrow(self, start: str, end: str) -> Arrow:
        is_back = self.arranged.column_of[end] < self.arranged.column_of[start] or start == end
        if not self._is_next(start, end):
            return Arrow(start, end, self.beside(start, end, self.lanes[start], self.most), is_back)
        one, other = self.boxes[start], self.boxes[end]
        x = one.x + one.width - 2 * NEAREST  # to the right, where no heading stands
        return Arrow(start, end, ((x, one.y + one.height), (x, other.y)), is_back)


def _middles(arranged: Arranged, tall: Mapping[str, int], sizes: Sizes) -> dict[Place, float]:
    """Return how far down the middle of each place is: near its neighbours, in order, and with room between."""
    columns = [[each for each in column.places if each not in arranged.external] for column in arranged.columns]
    halves = {
        place: (sizes.pass_height if place.way else tall[place.node]) / 2 for column in columns for place in column
    }
    found, beside = dict[Place, float](), arranged.beside()
    for column in columns:
        at = 0.0
        for place in column:
            found[place] = at + halves[place]
            at += 2 * halves[place] + sizes.gap
    for each in range(ROUNDS):
        for column in columns if each % 2 else reversed(columns):
            wished = list[float]()
            for place in column:
                near = [found[other] for other in beside.get(place, ()) if other in found]
                wished.append(sum(near) / len(near) if near else found[place])
            apart = [halves[one] + _gap(one, other, sizes) + halves[other] for one, other in pairwise(column)]
            found.update(zip(column, _apart(wished, apart), strict=True))
    return found


def _gap(one: Place, other: Place, sizes: Sizes) -> int:
    return sizes.gap // 2 if one.way and other.way else sizes.gap


def _apart(wished: list[float], apart: list[float]) -> list[float]:
    """Return the places nearest to those wished for (least squares) that are in order and so far apart.

    References:
        Pool adjacent violators: Ayer, Brunk, Ewing, Reid and Silverman (1955).
    """
    shifts = [0.0]
    for each in apart:
        shifts.append(shifts[-1] + each)
    pools = list[tuple[float, int]]()  # sum and number of what moves together
    for wish, shift in zip(wished, shifts, strict=False):
        total, number = wish - shift, 1
        while pools and pools[-1][0] / pools[-1][1] > total / number:
            more, others = pools.pop()
            total, number = total + more, number + others
        pools.append((total, number))
    level = [total / number for total, number in pools for _ in range(number)]
    return [each + shift for each, shift in zip(level, shifts, strict=False)]
