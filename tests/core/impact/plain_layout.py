"""A drawing of a theory of change looked at plainly: what overlaps, what runs through a box, what crosses."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise

from meervoud.core.impact.theory_layout import WIDE, Arrow, Box, Layout

STEP = WIDE.box_width + WIDE.gutter


def overlapping(layout: Layout) -> list[tuple[str, str]]:
    return [
        (one.node, other.node)
        for one, other in combinations(layout.boxes, 2)
        if one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    ]


def points_of(arrow: Arrow) -> Iterator[tuple[float, float]]:
    """Yield many points of what is drawn: straight pieces and curves, as a browser draws them."""
    for (x, y), (to_x, to_y) in pairwise(arrow.points):
        half = (x + to_x) / 2
        for part in range(41):
            t, s = part / 40, 1 - part / 40
            if x == to_x or y == to_y:
                yield x + t * (to_x - x), y + t * (to_y - y)
            else:
                weights = s**3, 3 * s * s * t, 3 * s * t * t, t**3
                yield (
                    sum(weight * at for weight, at in zip(weights, (x, half, half, to_x), strict=True)),
                    sum(weight * at for weight, at in zip(weights, (y, y, to_y, to_y), strict=True)),
                )


def through_boxes(layout: Layout) -> list[tuple[str, str, str]]:
    """Return each arrow that runs through a box, its own two included."""
    return [
        (arrow.start, arrow.end, box.node)
        for arrow in layout.arrows
        for box in layout.boxes
        if any(is_inside(box, x, y) for x, y in points_of(arrow))
    ]


def is_inside(box: Box, x: float, y: float) -> bool:
    return box.x + 1 < x < box.x + box.width - 1 and box.y + 1 < y < box.y + box.height - 1


def column_of(box: Box) -> int:
    return (box.x - WIDE.margin) // STEP


def drawn_crossings(layout: Layout) -> int:
    """Return how many pieces of arrows cross between columns of a wide drawing; arrows that share a piece count once."""
    pieces = defaultdict[int, set[tuple[int, int]]](set)
    for arrow in layout.arrows:
        for one, other in pairwise(arrow.points):
            (x, y), (to_x, to_y) = sorted((one, other))
            if to_x - x == WIDE.gutter:
                pieces[x].add((y, to_y))
    return sum(crosses(one, other) for each in pieces.values() for one, other in combinations(each, 2))


def naive_crossings(layout: Layout) -> int:
    """Return how many would cross if everything in a column stood in the order of its name."""
    boxes = {each.node: each for each in layout.boxes}
    steps = defaultdict[int, set[tuple[tuple[str, int], tuple[str, int]]]](set)
    for arrow in layout.arrows:
        first, last = (column_of(boxes[each]) for each in (arrow.start, arrow.end))
        way = 1 if first < last else -1
        here = (arrow.start, 0)
        for column in range(first, last, way):
            there = (arrow.end, 0) if column + way == last else (arrow.start, way)
            steps[min(column, column + way)].add((here, there) if way > 0 else (there, here))
            here = there

    def key(place: tuple[str, int]) -> tuple[bool, str, int]:
        return not place[1] and boxes[place[0]].kind == "external", *place

    found = 0
    for each in steps.values():
        for (one, to_one), (other, to_other) in combinations(each, 2):
            if one != other and to_one != to_other:
                found += (key(one) < key(other)) != (key(to_one) < key(to_other))
    return found


def crosses(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return (one[0] - other[0]) * (one[1] - other[1]) < 0
