"""The theory of change of a plan as a drawing and as a list: both have the same boxes and arrows."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from meervoud.core.impact.theory_layout import Box, Layout, Sizes, lay_out
from meervoud.core.impact.theory_of_change import Evidence, Graph, Kind, Node, Term
from meervoud.outcomes.impact.book import Book, Content
from meervoud.outcomes.impact.theory_words import EVIDENCE, KINDS, LEADS, STATUSES, heading_of, spoken_graph
from meervoud.outcomes.models import Step

WIDE: Final = Sizes(box_width=160, box_height=64, gap=20, gutter=44, heading=44)
NARROW: Final = Sizes(box_width=224, box_height=56, gap=20, gutter=48, heading=36)
"""As wide as the text of the narrowest screen: 288 pixels."""
LETTER: Final = 8.4
"""How wide a letter is at most on average, whatever letters the machine has."""
PAD, LINE, SMALL_LINE = 8, 18, 16
KNOWN: Final = {Evidence.NONE: "guess", Evidence.PRACTICE: "practice"}
"""How an arrow is drawn; the others are drawn in full."""
ENDED: Final = {"holds": "good", "fails": "bad"}


@dataclass(frozen=True)
class Line:
    """A line of text in the drawing."""

    text: str
    x: int
    y: int


@dataclass(frozen=True)
class DrawnBox:
    """A box in the drawing: what it is stands in it in words; a link to change it, or to its place in the list."""

    id: str
    kind: str
    name: str
    url: str
    box: Box
    kind_line: Line
    lines: Sequence[Line]
    marks: Sequence[Line]


@dataclass(frozen=True)
class DrawnArrow:
    """An arrow in the drawing: the weaker what is known, the more it is broken."""

    path: str
    known: str


@dataclass(frozen=True)
class DrawnLayer:
    """Where boxes of one kind stand, with the lines of its heading."""

    x: int
    y: int
    width: int
    height: int
    lines: Sequence[Line]


@dataclass(frozen=True)
class Drawing:
    """One drawing, for wide or for narrow screens."""

    name: str
    width: int
    height: int
    boxes: Sequence[DrawnBox]
    arrows: Sequence[DrawnArrow]
    layers: Sequence[DrawnLayer]


@dataclass(frozen=True)
class ListedArrow:
    """An arrow in the list, with all that is said of it."""

    to: str
    to_id: str
    leads: str
    rationale: str
    evidence: str
    assumptions: Sequence[Mapping[str, str]]
    url: str


@dataclass(frozen=True)
class ListedBox:
    """A box in the list, with the arrows that leave it."""

    id: str
    name: str
    kind: str
    marks: Sequence[str]
    for_whom: str
    uses_space: bool
    url: str
    draw_url: str
    arrows: Sequence[ListedArrow]


@dataclass(frozen=True)
class ListedLayer:
    """The boxes of one kind in the list."""

    heading: str
    boxes: Sequence[ListedBox]


@dataclass(frozen=True)
class Picture:
    """A theory of change as it is shown."""

    drawings: Sequence[Drawing]
    layers: Sequence[ListedLayer]
    number: int


def picture_of(book: Book) -> Picture:
    """Return the theory of a plan, drawn for wide and for narrow screens, and as a list in the same order."""
    graph = spoken_graph(book)
    wide, narrow = (_Drawn(book, graph, sizes, is_narrow=sizes is NARROW) for sizes in (WIDE, NARROW))
    drawings = [wide.drawing("wide"), narrow.drawing("narrow")]
    return Picture(drawings, list(_listed(book, graph, wide.layout)), len(graph.nodes))


def marks_of(node: Node) -> list[str]:
    """Return what is special about a box: it gets worse, or nobody meant it."""
    marks = [_("gets worse")] if node.is_negative else []
    return marks if node.is_intended else [*marks, _("not meant")]


class _Drawn:
    """A layout with its texts."""

    def __init__(self, book: Book, graph: Graph, sizes: Sizes, *, is_narrow: bool) -> None:
        self.book, self.graph, self.sizes = book, graph, sizes
        self.room = int((sizes.box_width - 2 * PAD) / LETTER)
        self.nodes = {each.id: each for each in graph.nodes}
        self.texts = {name: self.wrap(_label(book, node)) for name, node in self.nodes.items()}
        heights = {name: self.height(node) for name, node in self.nodes.items()}
        self.layout = lay_out(graph, is_narrow=is_narrow, heights=heights, sizes=sizes)

    def wrap(self, text: str) -> list[str]:
        return textwrap.wrap(text, self.room) or [""]

    def height(self, node: Node) -> int:
        return 2 * PAD + LINE * len(self.texts[node.id]) + SMALL_LINE * (1 + len(marks_of(node)))

    def drawing(self, name: str) -> Drawing:
        known = {(each.start, each.end): KNOWN.get(each.evidence, "sure") for each in self.graph.links}
        return Drawing(
            name,
            self.layout.width,
            self.layout.height,
            [self.box(each) for each in self.layout.boxes],
            [DrawnArrow(each.path, known[each.start, each.end]) for each in self.layout.arrows],
            list(self.layers()),
        )

    def box(self, box: Box) -> DrawnBox:
        node, x = self.nodes[box.node], box.x + PAD
        first = box.y + PAD + SMALL_LINE
        lines = [Line(text, x, first + LINE * number - 4) for number, text in enumerate(self.texts[box.node], start=1)]
        marks = marks_of(node)
        kind, label = str(KINDS[node.kind]), _label(self.book, node)
        return DrawnBox(
            id=box.node,
            kind=node.kind.value,
            name=": ".join((kind, " · ".join([label, *marks]))),
            url=_url_of(self.book, box.node),
            box=box,
            kind_line=Line(kind, x, first - 4),
            lines=lines,
            marks=[
                Line(mark, x, first + LINE * len(lines) + SMALL_LINE * number - 4)
                for number, mark in enumerate(marks, start=1)
            ],
        )

    def layers(self) -> Iterator[DrawnLayer]:
        for each in self.layout.layers:
            heading = heading_of(each.kind, each.term)
            texts = [heading] if self.sizes is NARROW else self.wrap(heading)
            lines = [Line(text, each.x, each.y + 14 + LINE * number) for number, text in enumerate(texts)]
            yield DrawnLayer(each.x, each.y, each.width, each.height, lines)


def _label(book: Book, node: Node) -> str:
    return node.labels[book.plan.language]


def _url_of(book: Book, box: str) -> str:
    return f"#box-{box}" if book.is_locked(Step.THEORY) else reverse("impact_node", args=[book.plan.pk, box])


def _listed(book: Book, graph: Graph, layout: Layout) -> Iterator[ListedLayer]:
    nodes = {each.id: each for each in graph.nodes}
    rows = {(each["start"], each["end"]): each for each in book.rows(Step.THEORY, "links")}

    def layer_of(box: Box) -> tuple[Kind, Term | None]:
        node = nodes[box.node]
        return node.kind, (node.term or Term.SHORT) if node.kind == Kind.OUTCOME else None

    for (kind, term), boxes in groupby(layout.boxes, key=layer_of):
        yield ListedLayer(heading_of(kind, term), [_box(book, nodes, rows, each.node) for each in boxes])


def _box(book: Book, nodes: Mapping[str, Node], rows: Mapping[tuple[str, str], Content], name: str) -> ListedBox:
    node, plan = nodes[name], book.plan.pk
    groups = book.stakeholders
    return ListedBox(
        id=name,
        name=_label(book, node),
        kind=str(KINDS[node.kind]),
        marks=marks_of(node),
        for_whom=", ".join(groups[each] for each in groups if each in node.stakeholders),
        uses_space=node.uses_space,
        url=reverse("impact_node", args=[plan, name]),
        draw_url=f"{reverse('impact_link_add', args=[plan])}?from={name}",
        arrows=[_arrow(book, nodes, row) for (start, end), row in rows.items() if start == name and end in nodes],
    )


def _arrow(book: Book, nodes: Mapping[str, Node], row: Content) -> ListedArrow:
    end = row["end"]
    return ListedArrow(
        to=_label(book, nodes[end]),
        to_id=end,
        leads=str(LEADS[row.get("kind", "contributes")]),
        rationale=book.text(row.get("rationale", {})),
        evidence=str(dict(EVIDENCE)[row.get("evidence", 0)]),
        assumptions=[_assumption(book, each) for each in row.get("assumptions", ())],
        url=reverse("impact_link", args=[book.plan.pk, row["start"], end]),
    )


def _assumption(book: Book, each: Content) -> dict[str, str]:
    how = book.text(each.get("test", {}))
    tested = how or (_("we test this") if each.get("is_tested") else _("nothing tests it yet"))
    status = each.get("status", "open")
    return {
        "text": book.text(each["text"]),
        "risk": _("risk %(number)s of 5") % {"number": each.get("risk", 3)},
        "tested": tested,
        "status": str(dict(STATUSES)[status]),
        "tone": ENDED.get(status, ""),
    }
