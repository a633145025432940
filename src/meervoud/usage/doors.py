"""The code at the door of a space: made, renewed, and drawn to be printed."""

from typing import Final

from django.db import transaction
from django.utils.html import format_html
from django.utils.safestring import SafeString
from qrcode.constants import ERROR_CORRECT_Q  # type: ignore[import-untyped]  # the library has no types
from qrcode.main import QRCode  # type: ignore[import-untyped]  # likewise

from meervoud.core.errors import NotAllowedError
from meervoud.lib.journal import journal
from meervoud.parties.models import Person
from meervoud.parties.roles import acts_for, works_for
from meervoud.supply.models import Offer
from meervoud.usage.models import DoorCode

QUIET: Final = 4
"""Blank squares around a code, as its standard asks."""


def door_code_of(offer: Offer) -> DoorCode | None:
    """Return the code that hangs at the door of a space, None where none was made."""
    return DoorCode.objects.of(space=[offer.space]).first()


@transaction.atomic
def make_door_code(*, offer: Offer, by: Person) -> DoorCode:
    """Make the code of a door, or a new one: the old one opens nothing any more.

    Raises:
        NotAllowedError: the person neither acts for the host nor works for the programme.
    """
    if not (acts_for(by, offer.host) or works_for(by, offer.programme)):
        raise NotAllowedError("Only the host of the space and the desk make the code of its door.")
    code, is_new = DoorCode.objects.every(because="the space was found in a scope").get_or_create(
        space=offer.space, defaults={"building": offer.space.building}
    )
    if not is_new:
        code = offer.space.building.door_codes.select_for_update().get(pk=code.pk)
        code.number += 1
        code.save(update_fields=["number", "changed_at"])
    journal(by, "door_code.made", code, number=code.number)
    return code


def draw_code(text: str, label: str) -> SafeString:
    """Draw a text as a code to scan: one path of squares, without a style, so that a strict page shows it."""
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET)  # Q: a torn corner still reads
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return format_html(
        '<svg class="door-code" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" d="{}"/></svg>',
        label,
        len(rows),
        len(rows),
        len(rows),
        len(rows),
        path,
    )
