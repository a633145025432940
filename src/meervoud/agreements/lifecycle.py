"""The moves of an agreement."""

from typing import Final

from django.utils.translation import gettext_noop as mark

from meervoud.agreements.models import Agreement
from meervoud.lib.lifecycle import Moves, move_by

MOVES: Final[Moves] = {
    "propose": (frozenset({"draft", "proposed"}), "proposed"),
    "sign": (frozenset({"proposed"}), "signed"),
    "start": (frozenset({"signed"}), "active"),
    "end": (frozenset({"signed", "active"}), "ended"),
    "withdraw": (frozenset({"draft", "proposed"}), "withdrawn"),
}
SAYS: Final = {
    "draft": mark("This agreement is still a draft. Put it to both sides first."),
    "proposed": mark("This agreement was put to both sides. Wait for what they say."),
    "signed": mark("This agreement was signed. Make a new version to change it."),
    "active": mark("This agreement is in use. Make a new version to change it."),
    "ended": mark("This agreement has ended."),
    "withdrawn": mark("This agreement was withdrawn."),
}


def move(agreement: Agreement, name: str) -> None:
    """Move an agreement to its next state, not saved yet.

    Raises:
        ConflictError: the move is not possible from where it stands.
    """
    move_by(MOVES, SAYS, agreement, name)
