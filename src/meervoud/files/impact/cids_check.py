"""Whether a document is as the Basic tier of the Common Impact Data Standard has it: C1 to C14, on JSON-LD with full names.

It sees what the published shapes see, and what they miss: a date without a time, an empty name, a period that ends before it begins.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from meervoud.core.impact.issues import Issue, error, warning
from meervoud.files.impact.cids_graph import Graph, Literal, Reference, read_graph
from meervoud.files.impact.cids_terms import (
    ABOVE,
    CIDS,
    DATE_TIME,
    ENDED,
    NUMBER,
    ORG,
    RULES,
    STARTED,
    STRING,
    Rule,
    short_name,
)
from meervoud.files.impact.cids_values import shown
from meervoud.files.impact_messages import ISSUES

_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_FULL: Final = re.compile(r"(https?://|urn:)\S+")
_NODE: Final = re.compile(r"(_:|[A-Za-z][A-Za-z0-9+.-]*:)\S+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_CODE: Final = f"{CIDS}Code"
Value = Reference | Literal


def check_cids(document: object) -> list[Issue]:
    """Return what is wrong with a document, errors before warnings, each by rule and node; an empty list is good.

    Args:
        document: JSON-LD as read from JSON: a list of nodes, one node, or an object with @graph; names are full, without @context.

    Raises:
        InputError: it is no such JSON-LD, uses a context, or is too large or too deep.
    """
    graph = read_graph(document)
    found = [*_names(graph), *_organisation(graph), *_codes(graph)]
    for node in graph.properties:
        for rule in _rules(graph, node):
            found += _by_rule(graph, node, rule)
        found += _period(graph, node)
    return sorted(set(found), key=lambda each: (not each.is_error, int(each.code[1:]), each.about, each.gaps))


def _rules(graph: Graph, node: str) -> Iterable[Rule]:
    return {rule: None for kind in _kinds(graph, node) for rule in RULES.get(kind, ())}


def _kinds(graph: Graph, node: str) -> list[str]:
    """Return the classes of a node, in order, with what they are special cases of."""
    own = graph.types.get(node, frozenset())
    return sorted(own.union(*(ABOVE.get(each, ()) for each in own)))


def _issue(code: str, node: str, path: str = "", *, is_advice: bool = False, **gaps: str) -> Issue:
    told = {"node": shown(short_name(node)), **({"part": shown(short_name(path))} if path else {}), **gaps}
    about = [node, path] if path else [node]
    return (warning if is_advice else error)(code, about, ISSUES[code] % told, **told)


def _by_rule(graph: Graph, node: str, rule: Rule) -> Iterator[Issue]:
    values = graph.properties[node].get(rule.path, {})
    filled = [each for each in values if not (isinstance(each, Literal) and not each.text.strip())]
    if len(filled) < rule.least:
        yield _issue("C9" if rule.is_advice else "C1", node, rule.path, is_advice=rule.is_advice)
    if rule.most is not None and len(values) > rule.most:
        yield _issue("C2", node, rule.path, is_advice=rule.is_advice)
    for each in values:
        yield from _value(graph, node, rule, each)


def _value(graph: Graph, node: str, rule: Rule, value: Value) -> Iterator[Issue]:
    if isinstance(value, Reference):
        yield from _reference(graph, node, rule, value)
    elif rule.wanted == "node":
        yield _issue("C8", node, rule.path, is_advice=rule.is_advice)
    elif rule.wanted == "time":
        if value.kind != DATE_TIME or _moment(value.text) is None:
            yield _issue("C5", node, rule.path, is_advice=rule.is_advice)
    elif value.language or value.kind != STRING:
        yield _issue("C4" if value.language else "C3", node, rule.path, is_advice=rule.is_advice)
    elif rule.path == NUMBER and value.text.strip() and not _is_number(value.text):
        yield _issue("C14", node, rule.path, is_advice=True)


def _reference(graph: Graph, node: str, rule: Rule, value: Reference) -> Iterator[Issue]:
    if rule.wanted != "node":
        yield _issue("C3", node, rule.path, is_advice=rule.is_advice)
    elif value.node not in graph.properties:
        yield _issue("C6", node, rule.path, is_advice=rule.is_advice, other=shown(value.node))
    elif rule.kind not in _kinds(graph, value.node):
        gaps = {"other": shown(short_name(value.node)), "kind": short_name(rule.kind)}
        yield _issue("C7", node, rule.path, is_advice=rule.is_advice, **gaps)


def _moment(text: str) -> datetime | None:
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _period(graph: Graph, node: str) -> Iterator[Issue]:
    ends = [
        [_moment(each.text) for each in graph.properties[node].get(path, {}) if isinstance(each, Literal)]
        for path in (STARTED, ENDED)
    ]
    first, last = ([each for each in times if each is not None] for times in ends)
    if len(first) == len(last) == 1 and last[0] < first[0]:
        yield _issue("C13", node, ENDED)


def _organisation(graph: Graph) -> Iterator[Issue]:
    wanted = {f"{CIDS}Organization", f"{ORG}Organization"}
    if not any(wanted.intersection(_kinds(graph, each)) for each in graph.types):
        yield error("C11", [], ISSUES["C11"])


def _codes(graph: Graph) -> Iterator[Issue]:
    """Look at codes of nodes for which the Basic tier has no rule, such as indicators."""
    path = f"{CIDS}hasCode"
    for node, properties in graph.properties.items():
        if any(rule.path == path for rule in _rules(graph, node)):
            continue
        for each in properties.get(path, {}):
            yield from _value(graph, node, Rule(path, 0, None, "node", _CODE), each)


def _names(graph: Graph) -> Iterator[Issue]:
    """Look at what is named: a short name would be lost, and a language that is none cannot be read."""
    for node, properties in graph.properties.items():
        if not _NODE.fullmatch(node):
            yield _issue("C12", node, value=shown(node))
        for each in (*properties, *graph.types.get(node, ())):
            if not _FULL.fullmatch(each):
                yield _issue("C12", node, value=shown(each))
        for path, values in properties.items():
            for value in values:
                if isinstance(value, Literal) and value.language and not _LANGUAGE.fullmatch(value.language):
                    yield _issue("C10", node, path, value=shown(value.language))
