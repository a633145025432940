"""The theory of change of a plan as the graph of the core, with what later steps say of its outcomes."""

from collections.abc import Collection, Mapping

from meervoud.core.impact.theory_of_change import Assumption, Evidence, Graph, Kind, Link, Node, Term
from meervoud.outcomes.impact.book import Book, Content
from meervoud.outcomes.models import Step

ABOUT_VALUE = "T12"


def graph_of(book: Book) -> Graph:
    """Return the theory of change of a plan."""
    return graph(book.content(Step.THEORY), _said_of(book), _valued(book))


def graph(theory: Content, said: Mapping[str, Content] | None = None, valued: Collection[str] = ()) -> Graph:
    """Return a theory of change as a graph.

    Args:
        theory: what stands in its step.
        said: rows of the outcomes and indicators, by outcome.
        valued: ids of outcomes that are given a price.
    """
    rows = said or {}
    return Graph(
        nodes=tuple(_node(each, rows.get(each["id"], {}), each["id"] in valued) for each in theory.get("nodes", [])),
        links=tuple(_link(each) for each in theory.get("links", [])),
        looked_for_harm=theory.get("looked_for_harm", False),
    )


def _said_of(book: Book) -> dict[str, Content]:
    return {each["outcome"]: each for each in book.rows(Step.INDICATORS, "outcomes")}


def _valued(book: Book) -> frozenset[str]:
    return frozenset(each["outcome"] for each in book.rows(Step.VALUE, "claims"))


def materiality_of(said: Content) -> int:
    """Return relevance times significance of an outcome; 0 where nobody said."""
    return int(said.get("relevance") or 0) * int(said.get("significance") or 0)


def _node(each: Content, said: Content, is_valued: bool) -> Node:  # noqa: FBT001  # private
    indicator = said.get("indicator") or ""
    indicators = frozenset({indicator} if indicator else ())
    return Node(
        id=each["id"],
        kind=Kind(each["kind"]),
        labels=each["label"],
        term=Term(each["term"]) if each.get("term") else None,
        is_negative=each.get("is_negative", False),
        is_intended=each.get("is_intended", True),
        stakeholders=frozenset(each.get("stakeholders", ())),
        indicators=indicators,
        primary_indicators=indicators if said.get("is_primary") else frozenset(),
        # an outcome that somebody dropped, with a reason, needs no indicator any more
        materiality=0 if said.get("dropped_because") else materiality_of(said),
        uses_space=each.get("uses_space", False),
        ledger_selector=each.get("ledger_selector", ""),
        is_valued=is_valued,
    )


def _link(each: Content) -> Link:
    return Link(
        start=each["start"],
        end=each["end"],
        kind=each.get("kind", "contributes"),
        rationale=each.get("rationale", {}),
        evidence=Evidence(each.get("evidence", 0)),
        assumptions=tuple(_assumption(one) for one in each.get("assumptions", ())),
    )


def _assumption(each: Content) -> Assumption:
    text = next((words for words in each["text"].values() if words), "")
    return Assumption(text, each.get("risk", 3), each.get("is_tested", False), each.get("status", "open"))
