"""How a theory of change is changed: boxes and arrows put and removed, and the last changes taken back."""

import json
from collections.abc import Callable, Sequence
from itertools import count
from typing import Final

from meervoud.core.errors import ConflictError
from meervoud.outcomes.impact.book import Book, Content
from meervoud.outcomes.impact.writing import UNDO, keep_step
from meervoud.outcomes.models import Step, StepVersion
from meervoud.parties.models import Person

MOST_UNDO: Final = 20
MOST_BOXES: Final = 100
MOST_ARROWS: Final = 300
Key = tuple[str, ...]
Ends = tuple[str, str]


def box_key(row: Content) -> Key:
    """Return what tells a box from all others."""
    return (row["id"],)


def arrow_key(row: Content) -> Key:
    """Return what tells an arrow from all others: a pair of boxes has one in each direction."""
    return (row["start"], row["end"])


KEYS: Final[dict[str, Callable[[Content], Key]]] = {"nodes": box_key, "links": arrow_key}


def new_box_id(book: Book) -> str:
    """Return an id that nothing in the plan says: rows of later steps about a box that is gone must not find a new one."""
    said = json.dumps([each.content for each in book.versions.values()])
    first = len(book.rows(Step.THEORY, "nodes")) + 1
    return next(name for number in count(first) if f'"{(name := f"n{number:03}")}"' not in said)


def put_box(theory: Content, row: Content) -> Content:
    """Return the theory with a box: in the place of the one with its id, else as the last."""
    return _changed(theory, nodes=_put(theory.get("nodes", []), row, box_key, box_key(row)))


def remove_box(theory: Content, box: str) -> Content:
    """Return the theory without a box and its arrows."""
    return _changed(
        theory,
        nodes=[each for each in theory.get("nodes", []) if each["id"] != box],
        links=[each for each in theory.get("links", []) if box not in arrow_key(each)],
    )


def put_arrow(theory: Content, row: Content, instead_of: Ends | None = None) -> Content:
    """Return the theory with an arrow: in the place of another one, else as the last."""
    return _changed(theory, links=_put(theory.get("links", []), row, arrow_key, instead_of or arrow_key(row)))


def remove_arrow(theory: Content, ends: Ends) -> Content:
    """Return the theory without an arrow."""
    return _changed(theory, links=[each for each in theory.get("links", []) if arrow_key(each) != ends])


def say_looked(theory: Content, *, found_none: bool) -> Content:
    """Return the theory with the statement that somebody looked for harm and found none, or without it."""
    return _changed(theory, looked_for_harm=found_none)


def start_from(theory: Content, example: Content) -> Content:
    """Return an empty theory with what an example draws."""
    return _changed(theory, **example)


def undo(theory: Content) -> Content:
    """Return the theory as it was before its last change; the same where nothing can be taken back."""
    steps: Sequence[Content] = theory.get(UNDO, [])
    if not steps:
        return theory
    back = steps[-1]
    rows = {name: _taken_back(theory.get(name, []), back[name], key) for name, key in KEYS.items()}
    return {**theory, **rows, "looked_for_harm": back["looked_for_harm"], UNDO: steps[:-1]}


def keep_theory(*, book: Book, content: Content, edits: int, by: Person) -> StepVersion:
    """Keep a changed theory of change.

    Args:
        book: of the plan, as it was read for this change.
        content: the theory as it is now.
        edits: how often it was kept before, as the writer saw it.
        by: the writer.

    Raises:
        ConflictError: the step is locked, or somebody else has kept it since.
    """
    if edits != edits_of(book) and not book.is_locked(Step.THEORY):
        raise ConflictError(
            "Somebody else changed the theory of change since you opened this page. Look at what they changed, "
            "then keep yours again."
        )
    return keep_step(plan=book.plan, step=Step.THEORY, content=content, edits=edits_of(book), by=by)


def edits_of(book: Book) -> int:
    """Return how often the theory of change was kept."""
    found = book.versions.get(Step.THEORY)
    return found.edits if found else 0


def _put(rows: Sequence[Content], row: Content, key: Callable[[Content], Key], place: Key) -> list[Content]:
    if place in map(key, rows):
        return [row if key(each) == place else each for each in rows]
    return [*rows, row]


def _changed(theory: Content, **parts: object) -> Content:
    """Return the theory with other parts, and how to take that back; the very same where nothing changes."""
    before: Content = {"nodes": [], "links": [], "looked_for_harm": False, **theory}
    after = {**before, **parts}
    if after == before:
        return theory
    back: Content = {name: _way_back(before[name], after[name], key) for name, key in KEYS.items()}
    back["looked_for_harm"] = before["looked_for_harm"]
    return {**after, UNDO: [*before.get(UNDO, []), back][-MOST_UNDO:]}


def _way_back(old: Sequence[Content], new: Sequence[Content], key: Callable[[Content], Key]) -> Content:
    """Return only what differs: rows that came, and rows as they were with their places."""
    there = {key(each): each for each in new}
    before = {key(each) for each in old}
    return {
        "came": [list(each) for each in there if each not in before],
        "were": [[place, each] for place, each in enumerate(old) if there.get(key(each)) != each],
    }


def _taken_back(rows: Sequence[Content], back: Content, key: Callable[[Content], Key]) -> list[Content]:
    other = {tuple(each) for each in back["came"]} | {key(each) for _place, each in back["were"]}
    found = [each for each in rows if key(each) not in other]
    for place, each in sorted(back["were"], key=lambda pair: int(pair[0])):
        found.insert(place, each)
    return found
