"""Use from before the platform, read from a sheet: imported, not confirmed, and always on a line of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager
from meervoud.matching.models.leads import StaffQuerySet
from meervoud.parties.models import Person, Programme


class PastSheet(OwnedModel):
    """One sheet that was given; its rows are there from when it is confirmed, and taking it back takes them back.

    `content` is there only while the sheet waits to be confirmed; `fingerprint` is its hash.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="past_sheets")
    file_name = models.CharField(max_length=200)
    source = models.CharField(_("where these figures come from"), max_length=300)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    content = models.BinaryField(blank=True, default=b"")
    fingerprint = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(StaffQuerySet)()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "fingerprint"],
                condition=~models.Q(fingerprint=""),
                name="the_same_sheet_is_given_once",
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class PastUse(OwnedModel):
    """One moment of use as a sheet tells it. Host, space and initiative are words of the sheet."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="past_uses")
    sheet = models.ForeignKey(PastSheet, models.CASCADE, related_name="uses")
    host = models.CharField(_("host"), max_length=120)
    space = models.CharField(_("space"), max_length=120)
    initiative = models.CharField(_("initiative"), max_length=120)
    neighbourhood = models.CharField(_("neighbourhood"), max_length=120, blank=True)
    area_m2 = models.FloatField(_("floor area in m2"), null=True, blank=True)
    keeps_use = models.BooleanField(_("the host goes on using it"), default=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    people = models.PositiveIntegerField(_("how many people"), null=True, blank=True)
    first_timers = models.PositiveIntegerField(_("how many for the first time"), null=True, blank=True)

    objects = ScopedManager.from_queryset(StaffQuerySet)()

    class Meta:
        ordering = ("starts_at", "pk")
        indexes = (models.Index(fields=["programme", "starts_at"], name="past_use_by_programme"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="past_use_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(area_m2__isnull=True) | models.Q(area_m2__gt=0), name="past_use_has_a_floor"
            ),
            models.CheckConstraint(
                condition=models.Q(first_timers__isnull=True)
                | models.Q(people__isnull=False) & models.Q(people__gte=models.F("first_timers")),
                name="past_first_timers_are_among_the_people",
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.space}"
