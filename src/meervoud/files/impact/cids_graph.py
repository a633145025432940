"""JSON-LD with full names as nodes and their values: parts inside parts are taken out, the same node is one node."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Never

from meervoud.files.impact.cids_terms import STRING, TYPE, XSD
from meervoud.files.impact.cids_values import shown
from meervoud.files.messages import unreadable

MOST_PARTS: Final = 200_000
MOST_DEPTH: Final = 40
MOST_BITS: Final = 1000
_OF_A_VALUE: Final = frozenset({"@value", "@type", "@language"})
_OF_A_NODE: Final = frozenset({"@id", "@type"})


@dataclass(frozen=True, slots=True)
class Reference:
    """Another node, by its name."""

    node: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A text with its kind: the full name of the datatype; "" where it has a language."""

    text: str
    kind: str
    language: str = ""


Values = dict[Reference | Literal, None]
"""As a set, for the same value twice is one; as a dict, for the order in which they stand there."""


@dataclass(frozen=True, slots=True)
class Graph:
    """All nodes of a document.

    Attributes:
        properties: the values of each node, by the name of the node and of the property.
        types: the classes of each node that has any.
    """

    properties: Mapping[str, Mapping[str, Values]]
    types: Mapping[str, frozenset[str]]


def read_graph(document: object) -> Graph:
    """Return the nodes of a document as read from JSON.

    Raises:
        InputError: it is no JSON-LD with full names, has a context, or is too large or too deep.
    """
    return _Reader().read(document)


class _Reader:
    def __init__(self) -> None:
        self.properties = dict[str, dict[str, Values]]()
        self.types = dict[str, set[str]]()
        self.parts, self.nameless = 0, 0
        self.todo = list[tuple[dict[str, Any], str, int]]()  # Any: values of JSON

    def read(self, document: object) -> Graph:
        for each in _tops(document):
            self._node(each, depth=0)
        while self.todo:  # a list instead of a call in a call: a document may be deeper than Python is
            self._fill(*self.todo.pop())
        return Graph(self.properties, {node: frozenset(types) for node, types in self.types.items()})

    def _node(self, part: object, depth: int) -> str:
        """Return the name of a node; what is in it is read later."""
        if not isinstance(part, dict) or depth > MOST_DEPTH:
            _refuse("@graph" if depth <= MOST_DEPTH else "depth")
        name = part.get("@id")
        if "@id" in part and not (isinstance(name, str) and name):
            _refuse("@id")
        if name is None:
            self.nameless += 1
            name = f"_:nameless:{self.nameless}"
        is_told = len(part) > 1 or "@id" not in part
        if is_told:
            self.properties.setdefault(name, {})
            self.todo.append((part, name, depth))
        return name

    def _fill(self, part: dict[str, Any], node: str, depth: int) -> None:  # Any: values of JSON
        for path, found in part.items():
            if not isinstance(path, str):
                _refuse("-")
            if path == "@type":
                self.types.setdefault(node, set()).update(_texts(found))
            elif path.startswith("@") and path not in _OF_A_NODE:
                _refuse(path)
            elif path != "@id":
                self._property(node, path, found, depth)

    def _property(self, node: str, path: str, found: object, depth: int) -> None:
        here = self.properties[node].setdefault(path, {})
        for each in found if isinstance(found, list) else [found]:
            self.parts += 1
            if self.parts > MOST_PARTS:
                raise unreadable("cids_too_large", most=MOST_PARTS)
            if each is None:
                continue
            value = self._value(each, path, depth)
            if path == TYPE and isinstance(value, Reference):
                self.types.setdefault(node, set()).add(value.node)
            elif value is not None:
                here[value] = None
        if not here:
            del self.properties[node][path]

    def _value(self, part: object, path: str, depth: int) -> Reference | Literal | None:
        if isinstance(part, dict) and "@value" not in part:
            if any(each in part for each in ("@list", "@set")):
                _refuse(path)
            return Reference(self._node(part, depth + 1))
        if not isinstance(part, dict):
            part = {"@value": part}
        if part["@value"] is None:
            return None
        return _literal(part, path)


def _tops(document: object) -> Iterator[object]:
    found = document
    if isinstance(found, dict):
        if found.get("@context"):
            raise unreadable("cids_context")
        names = found.keys() - {"@context"}
        found = found["@graph"] if names == {"@graph"} else [{name: found[name] for name in names}]
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        _refuse("-")
    if len(found) > MOST_PARTS:
        raise unreadable("cids_too_large", most=MOST_PARTS)
    for each in found:
        if isinstance(each, dict) and each.get("@context"):
            raise unreadable("cids_context")
        yield each


def _literal(part: dict[str, Any], path: str) -> Literal:  # Any: values of JSON
    value, kind, spoken = part["@value"], part.get("@type"), part.get("@language")
    is_sound = part.keys() <= _OF_A_VALUE and isinstance(value, str | int | float) and not (kind and spoken)
    if not is_sound or not isinstance(kind, str | None) or not isinstance(spoken, str | None):
        _refuse(path)
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        _refuse(path)  # Python would not write it out
    if spoken:
        return Literal(str(value), "", spoken)
    if isinstance(value, bool):
        return Literal(str(value).lower(), kind or f"{XSD}boolean")
    if isinstance(value, int | float):
        return Literal(str(value), kind or f"{XSD}{'integer' if isinstance(value, int) else 'double'}")
    return Literal(value, kind or STRING)


def _texts(found: object) -> list[str]:
    everything = found if isinstance(found, list) else [found]
    texts = [each for each in everything if isinstance(each, str) and each]
    return texts if len(texts) == len(everything) else _refuse("@type")


def _refuse(place: str) -> Never:
    raise unreadable("cids_place", place=shown(place))
