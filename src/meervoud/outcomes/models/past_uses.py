"""Use from before the platform, read from a sheet: imported, not confirmed, and always on a line of its own."""

import hashlib
from datetime import UTC, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.matching.models.leads import StaffQuerySet
from meervoud.parties.models import Person, Programme


class PastSheet(OwnedModel):
    """One sheet that was given: a task reads it, a person confirms it, and taking it back takes its rows back.

    `content` is there only while the sheet waits to be confirmed; `fingerprint` is its hash. What the task found:
    `fault` is why the file cannot be read at all, `faults` and `notes` are the first ones, as parts that are said in
    the language of the reader. `repeats` are the first rows that stand in the sheet twice, with the row they repeat.
    `left_out` is what was left out at confirming, for another sheet had told it.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="past_sheets")
    file_name = models.CharField(max_length=200)
    source = models.CharField(_("where these figures come from"), max_length=300)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    content = models.BinaryField(blank=True, default=b"")
    fingerprint = models.CharField(max_length=64, blank=True)
    ordered_at = models.DateTimeField(null=True, blank=True)  # when a task was written for it; None: none was
    attempts = models.PositiveSmallIntegerField(default=0)  # how many workers began to read it
    read_at = models.DateTimeField(null=True, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    rows_repeated = models.PositiveIntegerField(default=0)
    fault = models.JSONField(default=dict, blank=True)
    faults = models.JSONField(default=list, blank=True)
    faults_found = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list, blank=True)
    repeats = models.JSONField(default=list, blank=True)
    left_out = models.JSONField(default=list, blank=True)
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

    @property
    def is_being_read(self) -> bool:
        """Whether nobody knows yet what it says."""
        return self.read_at is None and self.confirmed_at is None


def key_of(host: str, space: str, initiative: str, starts_at: datetime) -> str:
    """Return what a row has in common with the same row in another sheet; large and small letters are the same."""
    told = (host.casefold(), space.casefold(), initiative.casefold(), starts_at.astimezone(UTC).isoformat())
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:40]


class ConfirmedManager(ScopedManager["PastUse"]):
    """The rows of sheets that were confirmed: the only ones that a figure, a list or an export may know."""

    def get_queryset(self) -> ScopedQuerySet["PastUse"]:
        """Return the rows that count."""
        return super().get_queryset().filter(is_confirmed=True)


class WaitingManager(ScopedManager["PastUse"]):
    """The rows of sheets that nobody confirmed: for the page of the sheet, and for confirming it."""

    def get_queryset(self) -> ScopedQuerySet["PastUse"]:
        """Return the rows that do not count."""
        return super().get_queryset().filter(is_confirmed=False)


class PastUse(OwnedModel):
    """One moment of use as a sheet tells it. Host, space and initiative are words of the sheet; `key` is their hash."""

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
    key = models.CharField(max_length=80, default="", editable=False)
    is_confirmed = models.BooleanField(default=False, editable=False)

    objects = ConfirmedManager.from_queryset(StaffQuerySet)()
    waiting = WaitingManager.from_queryset(StaffQuerySet)()

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
            models.UniqueConstraint(
                fields=["programme", "key"],
                condition=models.Q(is_confirmed=True),
                name="the_same_past_use_counts_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.space}"
