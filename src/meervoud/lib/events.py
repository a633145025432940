"""Typed events: a lower room says what happened, the table of the front door says who reacts."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

E = TypeVar("E")
Reaction = Callable[[E], None]
_reactions: dict[type, Sequence[Callable[..., None]]] = {}


def set_reactions(table: Mapping[type, Sequence[Callable[..., None]]]) -> None:
    """Set the one table of reactions; called once by the front door."""
    _reactions.clear()
    _reactions.update(table)


def happened(event: object) -> None:
    """Run the reactions to an event at once, in the transaction of the deed."""
    for reaction in _reactions.get(type(event), ()):
        reaction(event)
