"""The moves of a proposal."""

from typing import Final

from django.utils.translation import gettext_noop as mark

from meervoud.lib.lifecycle import Moves, move_by
from meervoud.matching.models import Proposal

MOVES: Final[Moves] = {
    "queue": (frozenset({"suggested"}), "waiting"),
    "ask": (frozenset({"suggested", "waiting"}), "asked"),
    "agree": (frozenset({"asked"}), "agreed"),
    "decline": (frozenset({"suggested", "waiting", "asked"}), "declined"),
    "conclude": (frozenset({"agreed"}), "concluded"),
    "expire": (frozenset({"asked", "agreed"}), "expired"),
    "withdraw": (frozenset({"suggested", "waiting", "asked", "agreed"}), "withdrawn"),
}
SAYS: Final = {
    "suggested": mark("This proposal was not sent yet."),
    "waiting": mark("This proposal waits for its turn."),
    "asked": mark("This proposal waits for an answer."),
    "agreed": mark("Both sides said yes to this proposal."),
    "concluded": mark("This proposal became a signed agreement."),
    "declined": mark("Somebody said no to this proposal."),
    "expired": mark("Nobody answered this proposal in time."),
    "withdrawn": mark("This proposal was withdrawn."),
}


def move(proposal: Proposal, name: str) -> None:
    """Move a proposal to its next state, not saved yet.

    Raises:
        ConflictError: the move is not possible from where it stands.
    """
    move_by(MOVES, SAYS, proposal, name)
