"""The moves of an offer."""

from typing import Final

from django.utils.translation import gettext_noop as mark

from meervoud.core.errors import ConflictError
from meervoud.supply.models import Offer

MOVES: Final[dict[str, tuple[frozenset[str], str]]] = {
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
    before, after = MOVES[name]
    if offer.state not in before:
        raise ConflictError(SAYS[offer.state])
    offer.state = after
