"""The moves of a request."""

from typing import Final

from django.utils.translation import gettext_noop as mark

from meervoud.demand.models import Request
from meervoud.lib.lifecycle import Moves, move_by

MOVES: Final[Moves] = {
    "open": (frozenset({"draft", "withdrawn", "expired"}), "open"),
    "renew": (frozenset({"open", "expired"}), "open"),
    "withdraw": (frozenset({"draft", "open", "expired"}), "withdrawn"),
    "reopen": (frozenset({"withdrawn"}), "open"),
    "look_again": (frozenset({"placed"}), "open"),
    "place": (frozenset({"open", "expired"}), "placed"),
    "expire": (frozenset({"open"}), "expired"),
}
SAYS: Final = {
    "draft": mark("This request is still a draft."),
    "open": mark("This request is open already."),
    "withdrawn": mark("This request was withdrawn."),
    "expired": mark("This request has expired. Renew it first."),
    "placed": mark("This request has found a room."),
}


def move(request: Request, name: str) -> None:
    """Move a request to its next state, not saved yet.

    Raises:
        ConflictError: the move is not possible from where it stands.
    """
    move_by(MOVES, SAYS, request, name)
