"""The moves of a usage moment."""

from typing import Final

from django.utils.translation import gettext_noop as mark

from meervoud.lib.lifecycle import Moves, move_by
from meervoud.usage.models import UsageMoment

MOVES: Final[Moves] = {
    "cancel": (frozenset({"planned", "seeking"}), "cancelled"),
    "withdraw": (frozenset({"planned"}), "withdrawn"),
    "find_room": (frozenset({"withdrawn", "seeking"}), "planned"),
    "restore": (frozenset({"cancelled", "withdrawn"}), "planned"),
    "hold": (frozenset({"planned", "held", "not_held"}), "held"),
    "miss": (frozenset({"planned", "held", "not_held"}), "not_held"),
}
SAYS: Final = {
    "seeking": mark("This moment still looks for a room."),
    "planned": mark("This moment is planned."),
    "cancelled": mark("This moment was cancelled by the group. Look at the plan again."),
    "withdrawn": mark("This moment was withdrawn by the host. Look at the plan again."),
    "held": mark("This moment took place already."),
    "not_held": mark("This moment is past: nobody came."),
}


def move(moment: UsageMoment, name: str) -> None:
    """Move a moment to its next state, not saved yet.

    Raises:
        ConflictError: the move is not possible from where it stands.
    """
    move_by(MOVES, SAYS, moment, name)
