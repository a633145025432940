"""The moves of a lead."""

from typing import Final

from django.utils.translation import gettext_noop as mark

from meervoud.core.errors import ConflictError
from meervoud.lib.lifecycle import Moves, move_by
from meervoud.matching.models import Lead, LeadState

MOVES: Final[Moves] = {
    "ask": (frozenset({"new"}), "asked"),
    "visit": (frozenset({"new", "asked"}), "visited"),
    "refuse": (frozenset({"new", "asked", "visited"}), "no"),
    "become_host": (frozenset({"new", "asked", "visited"}), "host"),
}
SAYS: Final = {
    "new": mark("Nobody has asked this place yet."),
    "asked": mark("This place was asked already. Note a visit, a no, or that it becomes a host."),
    "visited": mark("Somebody has visited this place already. Note a no, or that it becomes a host."),
    "no": mark("This place said no. Put that back first."),
    "host": mark("This place is a host already. Go on with its draft."),
}


def move(lead: Lead, name: str) -> None:
    """Move a lead to its next state, not saved yet; the state it leaves can be put back once.

    Raises:
        ConflictError: the move is not possible from where it stands.
    """
    before = lead.state
    move_by(MOVES, SAYS, lead, name)
    lead.state_before = before


def put_back_move(lead: Lead) -> None:
    """Give a lead the state that it had before its last move, not saved yet.

    Raises:
        ConflictError: it has not moved since.
    """
    if not lead.state_before:
        raise ConflictError("There is no step to put back.")
    lead.state, lead.state_before, lead.reason = LeadState(lead.state_before), "", ""


def possible_moves(lead: Lead) -> frozenset[str]:
    """Return the names of the moves that a lead can make now, "back" among them."""
    moves = {name for name, (before, _) in MOVES.items() if lead.state in before}
    return frozenset(moves | ({"back"} if lead.state_before else set()))
