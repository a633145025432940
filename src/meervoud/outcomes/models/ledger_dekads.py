"""Sums of the ledger by dekad, so that a year of moments need not be read anew for every look at it."""

from django.db import models

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager
from meervoud.matching.models.leads import StaffQuerySet
from meervoud.parties.models import Programme


class LedgerDekad(OwnedModel):
    """What the usage moments that began in one dekad add up to: ten days of a month, or what is left of it after twenty.

    `sums` are the names in the sums and `packed` their numbers, see sums.py. `changes` counts how often a moment of the dekad was settled; the sums hold while `summed_at_change` is equal to it.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="ledger_dekads")
    first = models.DateField()
    changes = models.PositiveIntegerField(default=0)
    summed_at_change = models.IntegerField(default=-1)
    sums = models.JSONField(default=dict)
    packed = models.BinaryField(default=b"")

    objects = ScopedManager.from_queryset(StaffQuerySet)()

    class Meta:
        ordering = ("first",)
        constraints = (
            models.UniqueConstraint(fields=["programme", "first"], name="a_dekad_is_summed_once_per_programme"),
        )

    def __str__(self) -> str:
        return f"{self.first:%Y-%m-%d}"


class OfferedMonth(OwnedModel):
    """How many rooms were offered in each hour of the week of one month, as it was known on one day.

    `hours` has a list of 168 numbers of room-minutes for the id of each neighbourhood, "" for none; Monday 00:00 first.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="offered_months")
    first = models.DateField()
    looked_on = models.DateField()
    hours = models.JSONField(default=dict)

    objects = ScopedManager.from_queryset(StaffQuerySet)()

    class Meta:
        ordering = ("first",)
        constraints = (
            models.UniqueConstraint(fields=["programme", "first"], name="a_month_is_offered_once_per_programme"),
        )

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"
