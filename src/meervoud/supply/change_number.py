"""The number of the last change to supply, by which every process brings its index up to date."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection

from meervoud.lib.journal import stand_in_line
from meervoud.supply.models import ChangeNumber, Offer

COUNT_ON: Final = "UPDATE supply_changenumber SET number = number + 1 WHERE id = 1 RETURNING number"


def current_number() -> int:
    """Return the number of the last change."""
    return ChangeNumber.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def mark_changed(offer_ids: Iterable[UUID]) -> int:
    """Give offers the next number, in the transaction of the change; call it last.

    The row of the counter stays locked until the commit: so numbers become visible in their order, and nobody who
    has seen number n misses a change with a smaller one.
    """
    stand_in_line()
    number = _next_number()
    Offer.objects.every(because="the change number tells nobody anything").filter(pk__in=list(offer_ids)).update(
        change_number=number
    )
    return number


def _next_number() -> int:
    with connection.cursor() as cursor:  # one trip, where Django would update and then ask: everybody waits behind it
        cursor.execute(COUNT_ON)
        counted = cursor.fetchall()
    return int(counted[0][0]) if counted else ChangeNumber.objects.create(pk=1, number=1).number
