"""Examples to start a theory of change from: written for Meervoud, to be changed by whoever takes one."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from meervoud.core.impact.priorities import LEAST, MOST, MOST_RELEVANT
from meervoud.core.impact.theory_of_change import Evidence, Kind, Term
from meervoud.files.impact.toml_part import Part, Texts, read_toml

FOLDER: Final = "parameters/examples"
ROLES: Final = ("beneficiary", "contributor", "both")
LINKS: Final = ("enables", "contributes", "requires")
SELECTORS: Final = ("", "all")


@dataclass(frozen=True)
class Example:
    """A theory of change to start from, in all three languages.

    Attributes:
        id: of the example.
        version: the day of the file.
        names: what it is called.
        about: what the initiative does, in a sentence.
        sources: where it comes from; literature that an arrow leans on stands here.
        content: see `example_content`, which gives a copy that may be changed.
    """

    id: str
    version: str
    names: Texts
    about: Texts
    sources: tuple[str, ...]
    content: Mapping[str, Any]  # Any: values of JSON


@cache
def read_examples() -> Mapping[str, Example]:
    """Return the examples that come with Meervoud, by id."""
    folder = files("meervoud.core.impact") / FOLDER
    paths = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    found = [_example(read_toml(each.read_bytes(), each.name)) for each in paths]
    return {each.id: each for each in found}


def example_content(example: Example) -> dict[str, Any]:  # Any: values of JSON
    """Return an example as values of JSON: stakeholders, theory and outcomes; a copy, so that it may be changed."""
    return deepcopy(dict(example.content))


def _example(part: Part) -> Example:
    content = {
        "stakeholders": [_stakeholder(each) for each in part.parts("stakeholders")],
        "theory": {
            "nodes": [_node(each) for each in part.parts("nodes")],
            "links": [_link(each) for each in part.parts("links")],
            "looked_for_harm": part.flag("looked_for_harm"),
        },
        "outcomes": [_outcome(each) for each in part.parts("outcomes")],
    }
    found = Example(
        id=part.name("id"),
        version=part.text("version"),
        names=part.texts("name"),
        about=part.texts("about"),
        sources=tuple(map(str, part.items("sources"))),
        content=content,
    )
    part.end()
    return found


def _stakeholder(part: Part) -> dict[str, Any]:
    found = {
        "id": part.name("id"),
        "name": part.texts("name"),
        "role": part.one_of("role", ROLES),
        **{score: part.whole(score, LEAST, MOST) for score in ("affected", "influence", "interest")},
    }
    part.end()
    return found


def _node(part: Part) -> dict[str, Any]:
    found = {
        "id": part.name("id"),
        "kind": part.one_of("kind", tuple(Kind)),
        "label": part.texts("label"),
        "term": part.one_of("term", ("", *Term), ""),
        "is_negative": part.flag("is_negative", default=False),
        "is_intended": part.flag("is_intended", default=True),
        "stakeholders": [str(each) for each in part.items("stakeholders")],
        "uses_space": part.flag("uses_space", default=False),
        "ledger_selector": part.one_of("ledger_selector", SELECTORS, ""),
    }
    part.end()
    return found


def _link(part: Part) -> dict[str, Any]:
    found = {
        "start": part.name("start"),
        "end": part.name("end"),
        "kind": part.one_of("kind", LINKS),
        "rationale": part.texts("rationale"),
        "evidence": part.whole("evidence", Evidence.NONE, Evidence.COMPARISON),
        "assumptions": [_assumption(each) for each in part.parts("assumptions")],
    }
    part.end()
    return found


def _assumption(part: Part) -> dict[str, Any]:
    found = {
        "text": part.texts("text"),
        "risk": part.whole("risk", LEAST, MOST),
        "is_tested": part.flag("is_tested"),
        "status": "open",
    }
    part.end()
    return found


def _outcome(part: Part) -> dict[str, Any]:
    found = {
        "outcome": part.name("outcome"),
        "relevance": part.whole("relevance", 0, MOST_RELEVANT),
        "significance": part.whole("significance", 0, MOST_RELEVANT),
        "indicator": part.name("indicator"),
        "is_primary": part.flag("is_primary"),
    }
    part.end()
    return found
