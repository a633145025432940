"""What is wrong with a theory of change: each rule finds its fault, agrees with a plain second way, and lets a sound one through."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meervoud.core.impact.theory_of_change import (
    Assumption,
    Evidence,
    Graph,
    Kind,
    Link,
    Node,
    Term,
    ancestors,
    fit,
    validate,
)
from tests.core.impact import plain_theory


def node(name: str, kind: Kind, **more: Any) -> Node:
    return Node(name, kind, {"en": name, "nl": name}, **more)


ROOM = node("room", Kind.INPUT)
CAFE = node("cafe", Kind.ACTIVITY, uses_space=True, ledger_selector="language cafe")
TALKS = node("talks", Kind.OUTPUT)
SPEAK = node("speak", Kind.OUTCOME, term=Term.SHORT, stakeholders=frozenset({"newcomers"}))
WORK = node(
    "work",
    Kind.OUTCOME,
    term=Term.LONG,
    stakeholders=frozenset({"newcomers"}),
    materiality=6,
    indicators=frozenset({"job"}),
)
TIRED = node("tired", Kind.OUTCOME, term=Term.SHORT, stakeholders=frozenset({"volunteers"}), is_negative=True)


def link(start: str, end: str, **more: Any) -> Link:
    return Link(start, end, **({"evidence": Evidence.PRACTICE} | more))


LINKS = (
    link("room", "cafe"),
    link("cafe", "talks"),
    link("talks", "speak"),
    link("speak", "work"),
    link("cafe", "tired"),
)
SOUND = Graph((ROOM, CAFE, TALKS, SPEAK, WORK, TIRED), LINKS)


def changed(**nodes: Node) -> Graph:
    return replace(SOUND, nodes=tuple(nodes.get(each.id, each) for each in SOUND.nodes))


def with_links(*links: Link) -> Graph:
    return replace(SOUND, links=links)


def test_a_sound_theory_has_no_faults() -> None:
    assert validate(SOUND, languages=["en", "nl"]) == []


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        (with_links(*LINKS, link("work", "speak")), {"T1", "T4"}),
        (with_links(*LINKS[:1], *LINKS[2:4], link("room", "tired")), {"T2", "T3", "T15"}),
        (with_links(*LINKS, link("speak", "talks")), {"T1", "T4"}),
        (with_links(*LINKS, link("room", "room")), {"T1", "T4"}),
        (changed(speak=replace(SPEAK, stakeholders=frozenset())), {"T5"}),
        (changed(work=replace(WORK, indicators=frozenset())), {"T6"}),
        (with_links(*LINKS[:-1], link("cafe", "tired", evidence=Evidence.NONE)), {"T7"}),
        (changed(cafe=replace(CAFE, ledger_selector="")), {"T8"}),
        (changed(tired=replace(TIRED, is_negative=False)), {"T9"}),
        (changed(talks=replace(TALKS, labels={"en": "talks", "nl": " "})), {"T10"}),
        (changed(work=replace(WORK, primary_indicators=frozenset("abcdefgh"))), {"T11"}),
        (changed(speak=replace(SPEAK, is_valued=True), work=replace(WORK, is_valued=True)), {"T12"}),
        (with_links(*LINKS[:-1], link("cafe", "tired", assumptions=(Assumption("it is fun", 5),))), {"T13"}),
        (replace(SOUND, nodes=(*SOUND.nodes, node("alone", Kind.EXTERNAL))), {"T14"}),
        (
            replace(
                SOUND,
                nodes=(*SOUND.nodes, node("rain", Kind.EXTERNAL), node("snow", Kind.EXTERNAL)),
                links=(*LINKS, link("rain", "snow")),
            ),
            {"T15"},
        ),
        (with_links(*LINKS, link("cafe", "nowhere")), {"T0"}),
        (replace(SOUND, nodes=(*SOUND.nodes, ROOM)), {"T0"}),
    ],
)
def test_each_rule_finds_its_fault(graph: Graph, expected: set[str]) -> None:
    found = validate(graph, languages=["en", "nl"])
    assert {each.code for each in found} == expected
    assert all(each.message.endswith(".") for each in found)


@pytest.mark.parametrize(
    "graph",
    [
        with_links(*LINKS[:-1], link("cafe", "tired", evidence=Evidence.NONE, assumptions=(Assumption("x", 2),))),
        with_links(*LINKS[:-1], link("cafe", "tired", assumptions=(Assumption("x", 5, is_tested=True),))),
        changed(tired=replace(TIRED, is_negative=False, is_intended=False)),
        replace(changed(tired=replace(TIRED, is_negative=False)), looked_for_harm=True),
        changed(
            speak=replace(SPEAK, is_valued=True, stakeholders=frozenset({"others"})), work=replace(WORK, is_valued=True)
        ),
        with_links(*LINKS, link("speak", "tired")),
    ],
)
def test_what_is_right_is_let_through(graph: Graph) -> None:
    assert validate(graph, languages=["en", "nl"]) == []


def test_errors_stand_before_warnings_and_each_says_what_it_is_about() -> None:
    graph = replace(SOUND, nodes=(*SOUND.nodes, node("alone", Kind.ACTIVITY)))
    assert [(each.code, each.is_error, each.about) for each in validate(graph)] == [
        ("T2", True, ("alone",)),
        ("T14", False, ("alone",)),
    ]


def test_what_leads_to_an_outcome_is_known() -> None:
    assert ancestors(SOUND)["work"] == {"room", "cafe", "talks", "speak"}
    assert ancestors(SOUND)["room"] == frozenset()


names = st.sampled_from("abcdefg")
nodes = st.builds(
    Node,
    id=names,
    kind=st.sampled_from(Kind),
    labels=st.sampled_from([{"en": "x"}, {"en": "x", "nl": "y"}, {"nl": "y", "en": " "}]),
    term=st.sampled_from([None, *Term]),
    is_negative=st.booleans(),
    is_intended=st.booleans(),
    stakeholders=st.frozensets(st.sampled_from("pq")),
    indicators=st.frozensets(st.sampled_from("ij")),
    primary_indicators=st.frozensets(st.sampled_from("123456789")),
    materiality=st.integers(0, 9),
    uses_space=st.booleans(),
    ledger_selector=st.sampled_from(["", "all"]),
    is_valued=st.booleans(),
)


@st.composite
def graphs(draw: Any) -> Graph:
    found = draw(st.lists(nodes, min_size=1, max_size=7, unique_by=lambda each: each.id))
    ids = st.sampled_from([each.id for each in found])
    assumptions = st.lists(st.builds(Assumption, st.just("a"), st.integers(1, 5), st.booleans()), max_size=2).map(tuple)
    links = st.builds(Link, ids, ids, evidence=st.sampled_from(Evidence), assumptions=assumptions)
    return Graph(tuple(found), tuple(draw(st.lists(links, max_size=12))), draw(st.booleans()))


@given(graphs())
@settings(max_examples=400, deadline=None)
def test_a_plain_second_way_finds_the_same(graph: Graph) -> None:
    found = {(each.code, each.about) for each in validate(graph, languages=("en", "nl"))}
    assert found == plain_theory.codes(graph, ("en", "nl"))


def test_a_new_project_fits_by_the_weight_of_what_it_shares_with_the_mission() -> None:
    mission = {"speak": 3.0, "work": 1.0}
    assert fit(["speak"], mission) == 0.75
    assert fit(["spreken", "other"], mission, {"spreken": "speak"}) == 0.75
    assert fit([], mission) == 0
    assert fit(["speak"], {}) == 0
