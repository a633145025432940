"""The rules T1 to T15 a second time, as the reference says them: reach by trying every walk, no sets kept."""

from collections.abc import Iterator

from meervoud.core.impact.theory_of_change import Graph, Kind, Node

ORDER = ["input", "activity", "output", "outcome short", "outcome medium", "outcome long", "impact"]


def codes(graph: Graph, languages: tuple[str, ...]) -> set[tuple[str, tuple[str, ...]]]:
    """Return the code of each fault and what it is about."""
    return {(code, tuple(sorted(about))) for code, about in _found(graph, languages)}


def reaches(graph: Graph, start: str, end: str) -> bool:
    """Say whether arrows lead from one node to another, by one arrow or more."""
    here = {start}
    for _ in graph.nodes:
        here = {link.end for link in graph.links if link.start in here} | (here - {start})
        if end in here:
            return True
    return False


def _found(graph: Graph, languages: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from _of_nodes(graph, languages)
    yield from _of_outcomes(graph)
    yield from _of_links(graph)
    outcomes = [each for each in graph.nodes if each.kind in (Kind.OUTCOME, Kind.IMPACT)]
    if outcomes and not graph.looked_for_harm and all(each.is_intended and not each.is_negative for each in outcomes):
        yield "T9", ()
    primary = {one for each in graph.nodes for one in each.primary_indicators}
    if len(primary) > 7:
        yield "T11", tuple(primary)
    parts = _parts(graph)
    if parts:
        largest = next(each for each in parts if len(each) == max(map(len, parts)))
        for each in parts:
            if each is not largest:
                yield "T15", tuple(each)


def _of_nodes(graph: Graph, languages: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    ids = [each.id for each in graph.nodes]
    outcomes = [each for each in graph.nodes if each.kind == Kind.OUTCOME]
    for each in graph.nodes:
        if reaches(graph, each.id, each.id):
            yield "T1", tuple(one for one in ids if reaches(graph, each.id, one) and reaches(graph, one, each.id))
        if each.kind == Kind.ACTIVITY and not any(reaches(graph, each.id, one.id) for one in outcomes):
            yield "T2", (each.id,)
        if each.kind == Kind.ACTIVITY and each.uses_space and not each.ledger_selector:
            yield "T8", (each.id,)
        if any(not each.labels.get(language, "").strip() for language in languages):
            yield "T10", (each.id,)
        if not any(each.id in (link.start, link.end) for link in graph.links):
            yield "T14", (each.id,)


def _of_outcomes(graph: Graph) -> Iterator[tuple[str, tuple[str, ...]]]:
    outcomes = [each for each in graph.nodes if each.kind == Kind.OUTCOME]
    for each in outcomes:
        if not any(reaches(graph, one.id, each.id) for one in graph.nodes if one.kind == Kind.ACTIVITY):
            yield "T3", (each.id,)
        if not each.stakeholders:
            yield "T5", (each.id,)
        if each.materiality >= 4 and not each.indicators:
            yield "T6", (each.id,)
        for other in outcomes:
            both = each.is_valued and other.is_valued and each.stakeholders & other.stakeholders
            if both and each.id != other.id and reaches(graph, other.id, each.id):
                yield "T12", (other.id, each.id)


def _of_links(graph: Graph) -> Iterator[tuple[str, tuple[str, ...]]]:
    node = {each.id: each for each in graph.nodes}
    for link in graph.links:
        start, end = node[link.start], node[link.end]
        if Kind.EXTERNAL not in (start.kind, end.kind):
            first, last = _place(start), _place(end)
            is_among_outcomes = start.kind == end.kind == Kind.OUTCOME
            if first > last or (first == last and not is_among_outcomes):
                yield "T4", (link.start, link.end)
        if end.kind == Kind.OUTCOME and link.evidence == 0 and not link.assumptions:
            yield "T7", (link.start, link.end)
        if any(each.risk >= 4 and not each.is_tested for each in link.assumptions):
            yield "T13", (link.start, link.end)


def _place(node: Node) -> int:
    if node.kind != Kind.OUTCOME:
        return ORDER.index(node.kind)
    return ORDER.index(f"outcome {node.term or 'short'}")


def _parts(graph: Graph) -> list[set[str]]:
    parts = list[set[str]]()
    for each in graph.nodes:
        part = {each.id}
        for _ in graph.nodes:
            part |= {link.end for link in graph.links if link.start in part}
            part |= {link.start for link in graph.links if link.end in part}
        is_touched = len(part) > 1 or any(link.start == each.id for link in graph.links)
        if is_touched and part not in parts:
            parts.append(part)
    return parts
