"""The theory of change: how what is done leads to what changes, as a graph; and what is wrong with one, T1 to T15.

Rules: reference/impact.md 3.1. A graph says for every arrow why it holds and how that is known.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

from meervoud.core.impact.issues import Issue, error, warning


class Kind(StrEnum):
    """What a node is."""

    INPUT = "input"
    ACTIVITY = "activity"
    OUTPUT = "output"
    OUTCOME = "outcome"
    IMPACT = "impact"
    EXTERNAL = "external"


class Term(StrEnum):
    """After how long an outcome shows."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class Evidence(IntEnum):
    """How it is known that an arrow holds, from weak to strong."""

    NONE = 0
    PRACTICE = 1
    LITERATURE = 2
    OWN_MEASUREMENT = 3
    COMPARISON = 4


@dataclass(frozen=True, slots=True)
class Assumption:
    """What must be so for an arrow to hold.

    Attributes:
        text: in words.
        risk: 1 (it will hold) to 5 (it may well not).
        is_tested: an indicator watches it.
        status: open, holds or fails.
    """

    text: str
    risk: int
    is_tested: bool = False
    status: str = "open"


@dataclass(frozen=True, slots=True)
class Node:
    """Something that is put in, done, made or changed.

    Attributes:
        id: of the node.
        kind: what it is.
        labels: its name by language.
        term: of an outcome; None elsewhere.
        is_negative: it makes something worse.
        is_intended: somebody wants it.
        stakeholders: of an outcome: for whom.
        indicators: ids of what measures it.
        primary_indicators: which of them count most.
        materiality: relevance times significance, 0-9; 4 or more is material.
        uses_space: an activity in a space: its use stands in the ledger.
        ledger_selector: which moments of the ledger it is; "" is not said.
        is_valued: it is given a price.
    """

    id: str
    kind: Kind
    labels: Mapping[str, str]
    term: Term | None = None
    is_negative: bool = False
    is_intended: bool = True
    stakeholders: frozenset[str] = frozenset()
    indicators: frozenset[str] = frozenset()
    primary_indicators: frozenset[str] = frozenset()
    materiality: int = 0
    uses_space: bool = False
    ledger_selector: str = ""
    is_valued: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow: the one enables, contributes to or is required for the other.

    Attributes:
        start, end: ids of nodes.
        kind: enables, contributes or requires.
        rationale: why, by language.
        evidence: how that is known.
        assumptions: what must be so.
    """

    start: str
    end: str
    kind: str = "contributes"
    rationale: Mapping[str, str] = field(default_factory=dict[str, str])
    evidence: Evidence = Evidence.NONE
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """A theory of change.

    Attributes:
        nodes, links: what it is made of.
        looked_for_harm: somebody looked for what gets worse or was not meant, and found nothing.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    looked_for_harm: bool = False


MATERIAL: Final = 4
MOST_PRIMARY: Final = 7
RISKY: Final = 4
_LAYER: Final = {Kind.INPUT: 0, Kind.ACTIVITY: 1, Kind.OUTPUT: 2, Kind.OUTCOME: 3, Kind.IMPACT: 6}
_TERM: Final = {Term.SHORT: 0, Term.MEDIUM: 1, Term.LONG: 2, None: 0}


def validate(graph: Graph, *, languages: Collection[str] = ()) -> list[Issue]:
    """Return what is wrong with a theory of change, errors before warnings, each by rule and node.

    Args:
        graph: whose links name its own nodes; a link to an unknown node is an error of its own, T0.
        languages: of the report, nl, en or da: every label must be there in each; none where no report is made yet.
    """
    known = {each.id for each in graph.nodes}
    lost = [each for each in graph.links if not {each.start, each.end} <= known]
    if lost or len(known) < len(graph.nodes):
        return [
            *(error("T0", [each.start, each.end], "An arrow leads to nothing. Remove it.") for each in lost),
            *(_twice(graph.nodes)),
        ]
    found = _Reach(graph)
    issues = [each for rule in _RULES for each in rule(graph, found)]
    issues += _t10(graph, languages)
    return sorted(issues, key=lambda each: (not each.is_error, int(each.code[1:]), each.about))


def _twice(nodes: Iterable[Node]) -> Iterator[Issue]:
    seen = set[str]()
    for each in nodes:
        if each.id in seen:
            yield error("T0", [each.id], "Two parts have the same id. Give each its own.")
        seen.add(each.id)


class _Reach:
    """Which nodes lead to which, as sets; a cycle is followed once."""

    def __init__(self, graph: Graph) -> None:
        self.nodes = {each.id: each for each in graph.nodes}
        after, before = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        for each in graph.links:
            after[each.start].add(each.end)
            before[each.end].add(each.start)
        self.next, self.previous = after, before
        self.after = {each: _reached(each, after) for each in self.nodes}
        self.before = {each: _reached(each, before) for each in self.nodes}


def _reached(start: str, steps: Mapping[str, Collection[str]]) -> frozenset[str]:
    found, todo = set[str](), list(steps.get(start, ()))
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo += steps.get(here, ())
    return frozenset(found)


def ancestors(graph: Graph) -> dict[str, frozenset[str]]:
    """Return for each node the ids of all nodes that lead to it."""
    return _Reach(graph).before


def _of(graph: Graph, *kinds: Kind) -> list[Node]:
    return [each for each in graph.nodes if each.kind in kinds]


def _name(node: Node) -> str:
    return next(iter(node.labels.values()), node.id)


def _t1(_graph: Graph, found: _Reach) -> Iterator[Issue]:
    circles = {found.after[each] & found.before[each] for each in found.nodes if each in found.after[each]}
    for each in sorted(circles, key=sorted):
        yield error("T1", sorted(each), "These lead to each other in a circle. Remove one of the arrows.")


def _t2(graph: Graph, found: _Reach) -> Iterator[Issue]:
    outcomes = {each.id for each in _of(graph, Kind.OUTCOME)}
    for each in _of(graph, Kind.ACTIVITY):
        if not found.after[each.id] & outcomes:
            yield error(
                "T2", [each.id], f"“{_name(each)}” leads to no outcome. Draw what it changes.", name=_name(each)
            )


def _t3(graph: Graph, found: _Reach) -> Iterator[Issue]:
    activities = {each.id for each in _of(graph, Kind.ACTIVITY)}
    for each in _of(graph, Kind.OUTCOME):
        if not found.before[each.id] & activities:
            yield error(
                "T3", [each.id], f"No activity leads to “{_name(each)}”. Draw what brings it about.", name=_name(each)
            )


def _layer(node: Node) -> int | None:
    if node.kind == Kind.EXTERNAL:
        return None
    return _LAYER[node.kind] + (_TERM[node.term] if node.kind == Kind.OUTCOME else 0)


def _t4(_graph: Graph, found: _Reach) -> Iterator[Issue]:
    for start, others in sorted(found.next.items()):
        for end in sorted(others):
            one, other = found.nodes[start], found.nodes[end]
            first, last = _layer(one), _layer(other)
            if first is None or last is None:
                continue
            is_same_layer = one.kind == other.kind == Kind.OUTCOME and first == last
            if first > last or (first == last and not is_same_layer):
                text = f"The arrow from “{_name(one)}” to “{_name(other)}” leads back. Turn it, or remove it."
                yield error("T4", [start, end], text, name=_name(one), other=_name(other))


def _t5(graph: Graph, _found: _Reach) -> Iterator[Issue]:
    for each in _of(graph, Kind.OUTCOME):
        if not each.stakeholders:
            yield error("T5", [each.id], f"“{_name(each)}” is for nobody. Say for whom.", name=_name(each))


def _t6(graph: Graph, _found: _Reach) -> Iterator[Issue]:
    for each in _of(graph, Kind.OUTCOME):
        if each.materiality >= MATERIAL and not each.indicators:
            yield error(
                "T6",
                [each.id],
                f"“{_name(each)}” matters, and nothing measures it. Add an indicator.",
                name=_name(each),
            )


def _t7(graph: Graph, found: _Reach) -> Iterator[Issue]:
    for each in graph.links:
        if found.nodes[each.end].kind == Kind.OUTCOME and each.evidence == Evidence.NONE and not each.assumptions:
            names = {"name": _name(found.nodes[each.start]), "other": _name(found.nodes[each.end])}
            text = "Nothing says why “{name}” leads to “{other}”. Add how you know, or what you assume.".format(**names)
            yield error("T7", [each.start, each.end], text, **names)


def _t8(graph: Graph, _found: _Reach) -> Iterator[Issue]:
    for each in _of(graph, Kind.ACTIVITY):
        if each.uses_space and not each.ledger_selector:
            yield error(
                "T8", [each.id], f"“{_name(each)}” uses a space. Say which moments of use it is.", name=_name(each)
            )


def _t9(graph: Graph, _found: _Reach) -> Iterator[Issue]:
    outcomes = _of(graph, Kind.OUTCOME, Kind.IMPACT)
    if (
        outcomes
        and not graph.looked_for_harm
        and not any(each.is_negative or not each.is_intended for each in outcomes)
    ):
        yield error(
            "T9", [], "Nothing gets worse and everything is meant. Look for harm, and say so if you found none."
        )


def _t10(graph: Graph, languages: Collection[str]) -> Iterator[Issue]:
    for each in graph.nodes:
        for language in sorted(languages):
            if not each.labels.get(language, "").strip():
                gaps = {"name": _name(each), "language": language}
                yield error("T10", [each.id], "“{name}” has no name in {language}. Add it.".format(**gaps), **gaps)


def _t11(graph: Graph, _found: _Reach) -> Iterator[Issue]:
    primary = {indicator for each in graph.nodes for indicator in each.primary_indicators}
    if len(primary) > MOST_PRIMARY:
        text = f"{len(primary)} indicators come first. Choose at most {MOST_PRIMARY}: people answer short lists."
        yield warning("T11", sorted(primary), text, number=str(len(primary)))


def _t12(graph: Graph, found: _Reach) -> Iterator[Issue]:
    valued = [each for each in _of(graph, Kind.OUTCOME) if each.is_valued]
    for each in valued:
        for other in valued:
            shared = each.stakeholders & other.stakeholders
            if other.id in found.before[each.id] and other.id != each.id and shared:
                gaps = {"name": _name(other), "other": _name(each)}
                text = (
                    "“{name}” leads to “{other}”, and both are valued for the same people. Value the last one.".format(
                        **gaps
                    )
                )
                yield error("T12", [other.id, each.id], text, **gaps)


def _t13(graph: Graph, _found: _Reach) -> Iterator[Issue]:
    for link in graph.links:
        for each in link.assumptions:
            if each.risk >= RISKY and not each.is_tested:
                text = f"“{each.text}” may well not hold, and nothing tests it. Choose how you will know."
                yield warning("T13", [link.start, link.end], text, name=each.text)


def _t14(graph: Graph, found: _Reach) -> Iterator[Issue]:
    for each in graph.nodes:
        if not found.next.get(each.id) and not found.previous.get(each.id):
            yield warning("T14", [each.id], f"No arrow touches “{_name(each)}”.", name=_name(each))


def _t15(graph: Graph, found: _Reach) -> Iterator[Issue]:
    around = defaultdict[str, set[str]](set)
    for link in graph.links:
        around[link.start].add(link.end)
        around[link.end].add(link.start)
    parts, seen = list[list[str]](), set[str]()
    for each in graph.nodes:
        if each.id not in seen and around.get(each.id):
            part = sorted({each.id, *_reached(each.id, around)})
            seen.update(part)
            parts.append(part)
    largest = max(parts, key=len, default=list[str]())
    for part in parts:
        if part is not largest:
            name = _name(found.nodes[part[0]])
            yield warning("T15", part, f"“{name}” and what it touches stand apart from the rest.", name=name)


_Rule = Callable[[Graph, _Reach], Iterator[Issue]]
_RULES: Final[Sequence[_Rule]] = (_t1, _t2, _t3, _t4, _t5, _t6, _t7, _t8, _t9, _t11, _t12, _t13, _t14, _t15)


def fit(project: Collection[str], mission: Mapping[str, float], mapped: Mapping[str, str] | None = None) -> float:
    """Return how well a new project fits a mission: the weight of the mission's outcomes that the project has too.

    Args:
        project: ids of the outcomes of the project.
        mission: weight of each outcome of the mission, >= 0.
        mapped: outcomes of the project that mean one of the mission, by the id of the project.

    Returns:
        0-1; 0 where the mission has no weights.
    """
    same = mapped or {}
    reached = {same.get(each, each) for each in project}
    total = sum(mission.values())
    return sum(weight for outcome, weight in mission.items() if outcome in reached) / total if total else 0.0
