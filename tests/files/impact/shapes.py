"""The published shapes of the Basic tier, and what they find in a document: for tests, with pySHACL."""

import json
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pyshacl
import rdflib

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
SHAPES = Path("cids") / "shacl" / "cids.basictier.shacl.ttl"


@cache
def read_turtle(path: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(path)


def as_graph(document: Any, *more: Path) -> rdflib.Graph:  # Any: values of JSON
    """Return a document as a graph, with what is in more files of Turtle."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of rdflib's own reader
        graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    for path in more:
        graph.parse(path)
    return graph


def expanded(folder: Path, name: str) -> Any:  # Any: values of JSON
    """Return an example with full names; its context is read from the folder, not from the network."""
    path = folder / "examples" / name
    if path.suffix == ".ttl":
        graph = read_turtle(path)
    else:
        context = json.loads((folder / "contexts" / "cidsContext.jsonld").read_text("utf-8"))
        graph = as_graph(json.loads(path.read_text("utf-8")) | context)
    return json.loads(graph.serialize(format="json-ld"))


def results(reference_data: Path, document: Any, *more: Path) -> list[tuple[str, str]]:  # Any: values of JSON
    """Return the severity and the path of each result of the shapes."""
    shapes = read_turtle(reference_data / SHAPES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries among themselves
        _, found, _ = pyshacl.validate(as_graph(document, *more), shacl_graph=shapes, ont_graph=shapes)
    assert isinstance(found, rdflib.Graph)
    return sorted(
        (_last(found.value(each, SH.resultSeverity)), _last(found.value(each, SH.resultPath)))
        for each in found.subjects(rdflib.RDF.type, SH.ValidationResult)
    )


def violations(found: Sequence[tuple[str, str]]) -> list[str]:
    """Return the paths of the faults, without advice."""
    return [path for severity, path in found if severity == "Violation"]


def _last(name: object) -> str:
    return str(name).rsplit("#", 1)[-1]
