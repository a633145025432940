"""The examples to start from are sound, whole in three languages, and claim no more than is known."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from meervoud.core.impact.priorities import is_material, materiality, priority
from meervoud.core.impact.theory_of_change import Assumption, Evidence, Graph, Kind, Link, Node, Term, validate
from meervoud.files.impact.examples import Example, example_content, read_examples
from meervoud.files.impact.scales import read_scales
from meervoud.files.wording.language import LANGUAGES
from tests.contract.test_language_level import HARDEST_LIX, MOST_WORDS, lix, sentences_of

COUNTED = ("visits", "people", "hours")
EXAMPLES = pytest.mark.parametrize("example", read_examples().values(), ids=lambda each: each.id)


def graph_of(content: Mapping[str, Any], code: str) -> Graph:
    """Return an example as the core sees it; reasons and assumptions in one language."""
    theory, outcomes = content["theory"], {each["outcome"]: each for each in content["outcomes"]}
    return Graph(
        tuple(_node(each, outcomes.get(each["id"])) for each in theory["nodes"]),
        tuple(_link(each, code) for each in theory["links"]),
        looked_for_harm=theory["looked_for_harm"],
    )


def _node(node: Mapping[str, Any], outcome: Mapping[str, Any] | None) -> Node:
    indicators = frozenset({outcome["indicator"]} if outcome else set[str]())
    return Node(
        id=node["id"],
        kind=Kind(node["kind"]),
        labels=node["label"],
        term=Term(node["term"]) if node["term"] else None,
        is_negative=node["is_negative"],
        is_intended=node["is_intended"],
        stakeholders=frozenset(node["stakeholders"]),
        indicators=indicators,
        primary_indicators=indicators if outcome and outcome["is_primary"] else frozenset(),
        materiality=materiality(relevance=outcome["relevance"], significance=outcome["significance"]) if outcome else 0,
        uses_space=node["uses_space"],
        ledger_selector=node["ledger_selector"],
    )


def _link(link: Mapping[str, Any], code: str) -> Link:
    assumptions = tuple(
        Assumption(each["text"][code], each["risk"], each["is_tested"], each["status"]) for each in link["assumptions"]
    )
    return Link(link["start"], link["end"], link["kind"], link["rationale"], Evidence(link["evidence"]), assumptions)


def texts_of(value: Any) -> list[dict[str, str]]:
    """Return every text of an example, by language."""
    if isinstance(value, Mapping):
        if value.keys() & set(LANGUAGES):
            return [dict(value)]
        return [text for each in value.values() for text in texts_of(each)]
    return [text for each in value for text in texts_of(each)] if isinstance(value, list) else []


def test_there_are_six() -> None:
    assert list(read_examples()) == [
        *("buddies", "dementia_choir", "food_bank", "homework_help", "language_cafe", "repair_workshop")
    ]


@EXAMPLES
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_theory_has_no_fault_and_no_warning(example: Example, code: str) -> None:
    assert validate(graph_of(example.content, code), languages=LANGUAGES) == []


def test_a_fault_in_an_example_would_be_found() -> None:
    content = example_content(read_examples()["language_cafe"])
    del content["theory"]["nodes"][0]["label"]["da"]
    content["outcomes"] = content["outcomes"][1:]
    content["theory"]["nodes"] = [each for each in content["theory"]["nodes"] if not each["is_negative"]]
    content["theory"]["links"] = [each for each in content["theory"]["links"] if each["end"] != "tired"]
    assert [each.code for each in validate(graph_of(content, "en"), languages=LANGUAGES)] == ["T9", "T10"]


@EXAMPLES
def test_something_may_get_worse_and_nobody_is_said_to_have_looked_already(example: Example) -> None:
    theory = example.content["theory"]
    assert not theory["looked_for_harm"]
    assert any(each["is_negative"] and not each["is_intended"] for each in theory["nodes"])
    assert 8 <= len(theory["nodes"]) <= 14


@EXAMPLES
def test_names_point_at_what_is_there(example: Example) -> None:
    content = example.content
    people = {each["id"] for each in content["stakeholders"]}
    nodes = {each["id"]: each for each in content["theory"]["nodes"]}
    outcomes = {name for name, each in nodes.items() if each["kind"] == "outcome"}
    assert len(people) == len(content["stakeholders"])
    assert len(nodes) == len(content["theory"]["nodes"])
    assert {each for node in nodes.values() for each in node["stakeholders"]} <= people
    assert {each["outcome"] for each in content["outcomes"]} == outcomes
    assert {each["indicator"] for each in content["outcomes"]} <= {*read_scales(), *COUNTED}
    assert all(bool(node["term"]) == (name in outcomes) for name, node in nodes.items())
    arrows = [(each["start"], each["end"]) for each in content["theory"]["links"]]
    assert len(set(arrows)) == len(arrows)


@EXAMPLES
def test_somebody_gains_somebody_gives_and_what_matters_is_measured_by_few_questions(example: Example) -> None:
    content = example.content
    roles = {each["role"] for each in content["stakeholders"]}
    assert roles & {"beneficiary", "both"}
    assert roles & {"contributor", "both"}
    for each in content["stakeholders"]:
        assert 1 <= priority(**{name: each[name] for name in ("affected", "influence", "interest")}) <= 5
    primary = [each for each in content["outcomes"] if each["is_primary"]]
    assert 1 <= len(primary) <= 5
    assert all(is_material(each["relevance"] * each["significance"]) for each in primary)
    material = [each for each in content["outcomes"] if is_material(each["relevance"] * each["significance"])]
    assert all(each["indicator"] != "open_question" for each in material)


@EXAMPLES
def test_evidence_is_practice_or_literature_that_is_named(example: Example) -> None:
    levels = {each["evidence"] for each in example.content["theory"]["links"]}
    assert levels <= {1, 2}
    assert 2 not in levels or any("doi.org" in each for each in example.sources)
    assert example.sources


@EXAMPLES
def test_the_words_are_there_in_every_language_and_easy(example: Example) -> None:
    texts = [example.names, example.about, *texts_of(dict(example.content))]
    assert len(texts) > 25
    for code in LANGUAGES:
        said = [each[code].strip() for each in texts]
        assert all(said)
        sentences = sentences_of(said)
        assert lix(sentences) < HARDEST_LIX
        assert max(map(len, sentences)) <= MOST_WORDS
    dutch = " ".join(each["nl"] for each in texts).lower().split()
    assert not {"u", "uw"} & set(dutch)


@EXAMPLES
def test_the_form_is_the_one_that_was_agreed(example: Example) -> None:
    content = example_content(example)
    assert json.loads(json.dumps(content)) == content
    assert list(content) == ["stakeholders", "theory", "outcomes"]
    assert list(content["theory"]) == ["nodes", "links", "looked_for_harm"]
    for each in content["stakeholders"]:
        assert list(each) == ["id", "name", "role", "affected", "influence", "interest"]
    for each in content["theory"]["nodes"]:
        assert list(each) == [
            *("id", "kind", "label", "term", "is_negative", "is_intended", "stakeholders", "uses_space"),
            "ledger_selector",
        ]
    for each in content["theory"]["links"]:
        assert list(each) == ["start", "end", "kind", "rationale", "evidence", "assumptions"]
        for assumption in each["assumptions"]:
            assert list(assumption) == ["text", "risk", "is_tested", "status"]
            assert assumption["status"] == "open"
    for each in content["outcomes"]:
        assert list(each) == ["outcome", "relevance", "significance", "indicator", "is_primary"]


def test_changing_a_copy_changes_no_example() -> None:
    example = read_examples()["buddies"]
    example_content(example)["theory"]["nodes"].clear()
    assert example_content(example)["theory"]["nodes"]
