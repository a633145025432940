"""A theory of change as a drawing: nothing overlaps, no arrow runs through a box, few cross, and it is always the same."""

from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meervoud.core.impact.theory_layout import NARROW, WIDE, Layout, lay_out
from meervoud.core.impact.theory_of_change import Graph, Kind, Link, Node, Term
from meervoud.core.impact.theory_order import Place, count_crossings, order_columns
from tests.core.impact.plain_layout import column_of, drawn_crossings, naive_crossings, overlapping, through_boxes

NAMES = [f"n{number}" for number in range(9)]
TERMS = {Kind.OUTCOME: st.sampled_from([None, *Term])}


def node(name: str, kind: Kind, term: Term | None = None) -> Node:
    return Node(name, kind, {"en": name}, term)


def links(*pairs: str) -> tuple[Link, ...]:
    return tuple(Link(start, end) for start, _, end in (each.partition(">") for each in pairs))


CHAIN = Graph(
    (
        node("money", Kind.INPUT),
        node("choir", Kind.ACTIVITY),
        node("evenings", Kind.OUTPUT),
        node("meet", Kind.OUTCOME, Term.SHORT),
        node("friends", Kind.OUTCOME, Term.LONG),
        node("health", Kind.IMPACT),
        node("the weather", Kind.EXTERNAL),
    ),
    links("money>choir", "choir>evenings", "evenings>meet", "meet>friends", "friends>health", "the weather>meet"),
)


@st.composite
def graphs(draw: Any) -> Graph:
    """Return any graph: with circles, arrows back, arrows to nothing, and the same id twice."""
    names = draw(st.lists(st.sampled_from(NAMES), max_size=12))
    nodes = list[Node]()
    for each in names:
        kind = draw(st.sampled_from(Kind))
        nodes.append(node(each, kind, draw(TERMS.get(kind, st.none()))))
    ends = st.sampled_from([*NAMES, "nothing"])
    return Graph(tuple(nodes), tuple(draw(st.lists(st.builds(Link, ends, ends), max_size=20))))


def is_sound(layout: Layout, graph: Graph) -> None:
    known = {each.id for each in graph.nodes}
    assert sorted(each.node for each in layout.boxes) == sorted(known)
    drawn = {(each.start, each.end) for each in graph.links if {each.start, each.end} <= known}
    assert [(each.start, each.end) for each in layout.arrows] == sorted(drawn)
    assert overlapping(layout) == []
    assert through_boxes(layout) == []
    corners = [(each.x + each.width, each.y + each.height) for each in layout.boxes]
    points = [point for each in layout.arrows for point in each.points]
    assert all(0 <= x <= layout.width and 0 <= y <= layout.height for x, y in corners + points)
    assert all(min(each.x, each.y) >= 0 for each in layout.boxes)
    boxes = {each.node: each for each in layout.boxes}
    for arrow in layout.arrows:
        for box, (x, y) in ((boxes[arrow.start], arrow.points[0]), (boxes[arrow.end], arrow.points[-1])):
            assert box.x <= x <= box.x + box.width
            assert box.y <= y <= box.y + box.height
            assert x in (box.x, box.x + box.width) or y in (box.y, box.y + box.height)


@given(graph=graphs(), is_narrow=st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_graph_is_drawn_and_no_arrow_runs_through_a_box(graph: Graph, *, is_narrow: bool) -> None:
    is_sound(lay_out(graph, is_narrow=is_narrow), graph)


@given(graph=graphs(), data=st.data())
@settings(max_examples=100, deadline=None)
def test_the_drawing_is_the_same_in_whatever_order_the_graph_is_given(graph: Graph, data: st.DataObject) -> None:
    mixed = Graph(tuple(data.draw(st.permutations(graph.nodes))), tuple(data.draw(st.permutations(graph.links))))
    for is_narrow in (False, True):
        assert lay_out(mixed, is_narrow=is_narrow) == lay_out(graph, is_narrow=is_narrow)


@given(graph=graphs())
@settings(max_examples=200, deadline=None)
def test_no_more_arrows_cross_than_in_the_order_of_names(graph: Graph) -> None:
    layout = lay_out(graph)
    assert layout.crossings == drawn_crossings(layout)
    assert layout.crossings <= naive_crossings(layout)


def test_arrows_that_cross_by_name_are_untangled() -> None:
    graph = Graph(
        tuple(
            node(f"{side}{number}", kind)
            for side, kind in (("a", Kind.ACTIVITY), ("b", Kind.OUTPUT))
            for number in range(5)
        ),
        tuple(Link(f"a{number}", f"b{4 - number}") for number in range(5)),
    )
    layout = lay_out(graph)
    assert naive_crossings(layout) == 10
    assert layout.crossings == 0


def test_columns_go_from_input_to_impact_and_empty_ones_are_left_out() -> None:
    layout = lay_out(CHAIN)
    assert [(each.kind, each.term) for each in layout.layers] == [
        (Kind.INPUT, None),
        (Kind.ACTIVITY, None),
        (Kind.OUTPUT, None),
        (Kind.OUTCOME, Term.SHORT),
        (Kind.OUTCOME, Term.LONG),
        (Kind.IMPACT, None),
        (Kind.EXTERNAL, None),
    ]
    columns = {each.node: column_of(each) for each in layout.boxes}
    assert [columns[each] for each in ("money", "choir", "evenings", "meet", "friends", "health")] == list(range(6))
    assert layout.width == 2 * WIDE.margin + 6 * WIDE.box_width + 5 * WIDE.gutter


def test_what_comes_from_outside_stands_below_all_others() -> None:
    for is_narrow in (False, True):
        layout = lay_out(CHAIN, is_narrow=is_narrow)
        [outside] = [each for each in layout.boxes if each.kind == Kind.EXTERNAL]
        assert outside.y > max(each.y + each.height for each in layout.boxes if each is not outside)
        for each in layout.layers:
            within = [box for box in layout.boxes if box.y >= each.y and box.y + box.height <= each.y + each.height]
            assert [box for box in within if box.kind == each.kind] != []


def test_the_narrow_drawing_fits_a_screen_of_320_pixels_and_goes_down() -> None:
    layout = lay_out(CHAIN, is_narrow=True)
    assert layout.width == 320
    assert [each.node for each in layout.boxes][:4] == ["money", "choir", "evenings", "meet"]
    assert all(one.y + one.height < other.y for one, other in pairwise(layout.boxes))
    down = next(each for each in layout.arrows if each.start == "money")
    assert len(down.points) == 2


def test_arrows_back_and_to_themselves_are_drawn_and_said_to_be_so() -> None:
    graph = Graph(CHAIN.nodes, (*CHAIN.links, *links("health>money", "choir>choir", "meet>nothing")))
    for is_narrow in (False, True):
        layout = lay_out(graph, is_narrow=is_narrow)
        is_sound(layout, graph)
        assert {(each.start, each.end) for each in layout.arrows if each.is_back} == {
            ("health", "money"),
            ("choir", "choir"),
        }


def test_an_arrow_over_columns_passes_between_the_boxes() -> None:
    graph = Graph(CHAIN.nodes, (*CHAIN.links, *links("money>health")))
    layout = lay_out(graph)
    [arrow] = [each for each in layout.arrows if (each.start, each.end) == ("money", "health")]
    assert len(arrow.points) == 2 + 2 * 4
    assert through_boxes(layout) == []
    straight = layout.arrows[0].points[0], arrow.points[-1]
    assert straight[0][0] < straight[1][0]


def test_a_straight_line_would_run_through_a_box() -> None:
    """The control: the plain look at boxes sees an arrow that does."""
    layout = lay_out(CHAIN)
    first, last = layout.boxes[0], layout.boxes[5]
    line = layout.arrows[0].__class__("x", "y", ((first.x + first.width, first.middle), (last.x, first.middle)), False)  # noqa: FBT003
    assert through_boxes(Layout(layout.boxes, (line,), (), 0, 0, 0)) != []
    assert overlapping(Layout((first, first), (), (), 0, 0, 0)) != []


def test_nothing_is_an_empty_drawing() -> None:
    for is_narrow in (False, True):
        layout = lay_out(Graph((), ()), is_narrow=is_narrow)
        assert (layout.boxes, layout.arrows, layout.layers) == ((), (), ())
        assert layout.width > 0
        assert layout.height > 0


def test_boxes_with_much_text_get_their_height() -> None:
    for is_narrow in (False, True):
        layout = lay_out(CHAIN, is_narrow=is_narrow, heights={"meet": 300, "choir": -5})
        heights = {each.node: each.height for each in layout.boxes}
        assert (heights["meet"], heights["choir"]) == (300, 16)
        assert heights["money"] == (NARROW if is_narrow else WIDE).box_height
        assert overlapping(layout) == []


def test_a_path_is_what_svg_draws() -> None:
    layout = lay_out(CHAIN)
    for each in layout.arrows:
        assert each.path.startswith(f"M{each.points[0][0]} {each.points[0][1]} ")
        assert each.path.endswith(f"{each.points[-1][0]} {each.points[-1][1]}")
    assert "." not in "".join(each.path for each in layout.arrows)


def large(nodes: int, arrows: int) -> Graph:
    dice = Random(7)  # noqa: S311  # the same graph each time
    kinds = [(kind, term) for kind in Kind for term in (list(Term) if kind == Kind.OUTCOME else [None])]
    told = tuple(node(f"n{number:03}", *dice.choice(kinds)) for number in range(nodes))
    pairs = ((dice.randrange(nodes), dice.randrange(nodes)) for _ in range(arrows))
    return Graph(told, tuple(Link(f"n{one:03}", f"n{other:03}") for one, other in pairs))


@pytest.mark.parametrize("is_narrow", [False, True])
def test_two_hundred_nodes_are_drawn_apart(*, is_narrow: bool) -> None:
    graph = large(200, 400)
    layout = lay_out(graph, is_narrow=is_narrow)
    assert overlapping(layout) == []
    assert len(layout.boxes) == 200


def test_a_large_graph_has_far_fewer_crossings_than_by_name() -> None:
    layout = lay_out(large(60, 80))
    assert layout.crossings == drawn_crossings(layout)
    assert layout.crossings < naive_crossings(layout) / 2


def test_without_sweeps_the_order_is_that_of_names() -> None:
    columns = [[Place("b", 0, 0), Place("a", 0, 0)], [Place("d", 0, 1), Place("c", 0, 1)]]
    steps = [{(Place("a", 0, 0), Place("d", 0, 1)), (Place("b", 0, 0), Place("c", 0, 1))}]
    naive = order_columns(columns, steps, sweeps=0)
    assert [[place.node for place in each] for each in naive] == [["a", "b"], ["c", "d"]]
    assert count_crossings(naive, steps) == 1
    assert count_crossings(order_columns(columns, steps), steps) == 0
    assert count_crossings(order_columns(columns, steps, [Place("c", 0, 1), Place("d", 0, 1)]), steps) == 0
    assert count_crossings(order_columns(columns, steps, [Place("d", 0, 1), Place("b", 0, 0)]), steps) == 1
