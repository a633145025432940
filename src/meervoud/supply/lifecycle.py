"""The moves of an offer."""

from typing import Final

from django.utils.translation import gettext_noop as mark

from meervoud.lib.lifecycle import Moves, move_by
from meervoud.supply.models import Offer

MOVES: Final[Moves] = {
    "publish": (frozenset({"draft", "paused", "ended"}), "published"),
    "pause": (frozenset({"published"}), "paused"),
    "end": (frozenset({"draft", "published", "paused"}), "ended"),
}
SAYS: Final = {
    "draft": mark("This offer is still a draft."),
    "published": mark("This offer is online already."),
    "paused": mark("This offer is paused already."),
    "ended": mark("This offer has ended."),
}


def move(offer: Offer, name: str) -> None:
    """Move an offer to its next state, not saved yet.

    Raises:
        ConflictError: the move is not possible from where it stands.
    """
    move_by(MOVES, SAYS, offer, name)
