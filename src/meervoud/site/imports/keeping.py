"""What an import or its undo leaves as it is, and why: noted beside what the sheet says of the thing."""

from collections.abc import Sequence
from typing import Final

from meervoud.site.models.imports import ImportChange

USED, CHANGED, GONE = "used", "changed", "gone"
KEPT: Final = "kept"  # in `after`: why
FIELDS: Final = "kept_fields"


def keep(change: ImportChange, why: str, fields: Sequence[str] = ()) -> None:
    """Note that a thing, or some fields of it, stay as they are now."""
    change.after = {**change.after, KEPT: why, FIELDS: list(fields)}


def is_kept(change: ImportChange) -> bool:
    """Say whether something of it was left as it is."""
    return KEPT in change.after
