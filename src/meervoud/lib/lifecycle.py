"""Moving a thing from state to state by the table of its room."""

from collections.abc import Mapping
from typing import Protocol

from meervoud.core.errors import ConflictError

Moves = Mapping[str, tuple[frozenset[str], str]]
"""Name of a move -> the states it starts from, and the state it leads to."""


class HasState(Protocol):
    """A row with a state."""

    state: str


def move_by(moves: Moves, says: Mapping[str, str], thing: HasState, name: str) -> None:
    """Move a thing to its next state, not saved yet.

    Raises:
        ConflictError: the move is not possible from where it stands; the message is what `says` tells of that state.
    """
    before, after = moves[name]
    if thing.state not in before:
        raise ConflictError(says[thing.state])
    thing.state = after
