"""Usage moments: when a group is in a space by an agreement, as planned and as it went; and the series they belong to."""

from typing import Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.agreements.models import Agreement
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import M, ScopedManager, ScopedQuerySet
from meervoud.parties.models import Viewer
from meervoud.places.models import Space
from meervoud.supply.models import Taking


class State(models.TextChoices):
    """Where a moment stands; see lifecycle.py for the moves."""

    SEEKING = "seeking", _("looks for another room")
    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("called off")
    WITHDRAWN = "withdrawn", _("withdrawn by the host")
    HELD = "held", _("took place")
    NOT_HELD = "not_held", _("nobody came")


TAKES_TIME: Final = (State.PLANNED, State.HELD, State.NOT_HELD)


class Evidence(models.TextChoices):
    """How it is known what became of a moment, from strong to weak."""

    CHECKED_IN = "checked_in", _("checked in by who ran it")
    HOST = "host", _("confirmed by the host")
    PAPER = "paper", _("counted on paper")
    DOOR_CODE = "door_code", _("code at the door")
    SILENT = "silent", _("nobody objected in 7 days")
    IMPORTED = "imported", _("imported, not confirmed")


class MomentPartQuerySet(ScopedQuerySet[M]):
    """What belongs to an agreement, by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return what belongs to the agreements that a viewer may see."""
        return self._scoped().filter(agreement__in=Agreement.objects.visible_to(viewer).values("id"))


class Series(OwnedModel):
    """The same hours on the same weekdays, on the wall clock of the place, whatever the clock of the world does.

    A change of "this and following" ends a series and begins another; a change of one moment stays in its series.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="series")
    weekdays = models.JSONField()
    starts = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    every_weeks = models.PositiveSmallIntegerField(default=1)
    first = models.DateField()
    last = models.DateField()
    sequence = models.PositiveIntegerField(default=0)

    objects = ScopedManager.from_queryset(MomentPartQuerySet)()

    class Meta:
        ordering = ("first", "created_at")
        constraints = (
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="series_ends_after_it_starts"),
            models.CheckConstraint(
                condition=models.Q(minutes__gt=0) & models.Q(minutes__lte=24 * 60), name="series_lasts_up_to_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(every_weeks__gte=1) & models.Q(every_weeks__lte=8),
                name="series_comes_back_within_eight_weeks",
            ),
        )

    def __str__(self) -> str:
        return f"{self.weekdays} {self.starts}"


class UsageMoment(OwnedModel):
    """One moment of use: planned by an agreement, and what became of it.

    `recurs_on` is the day on which its series wanted it, whatever day it is moved to. `people` and `first_timers` are
    what counts, by the evidence named; every report of it stays a row of its own.
    """

    State, Evidence = State, Evidence

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="moments")
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="moments")
    recurs_on = models.DateField(null=True, blank=True)
    space = models.ForeignKey(Space, models.PROTECT, related_name="moments")
    taking = models.ForeignKey(Taking, models.SET_NULL, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(_("why"), max_length=20, blank=True)
    reason_text = models.CharField(_("why, in words"), max_length=300, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    evidence = models.CharField(_("evidence"), max_length=10, choices=Evidence.choices, blank=True)
    people = models.PositiveIntegerField(_("how many people"), null=True, blank=True)
    first_timers = models.PositiveIntegerField(_("how many for the first time"), null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    is_public = models.BooleanField(_("everybody may come"), default=False)

    objects = ScopedManager.from_queryset(MomentPartQuerySet)()

    class Meta:
        verbose_name = _("usage moment")
        verbose_name_plural = _("usage moments")
        ordering = ("starts_at", "pk")
        indexes = (
            models.Index(fields=["agreement", "starts_at"], name="moment_by_agreement"),
            models.Index(fields=["space", "starts_at"], name="moment_by_space"),
            models.Index(fields=["state", "ends_at"], name="moment_by_state"),
            models.Index(fields=["state", "starts_at"], name="moment_by_beginning"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="usage_moment_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["series", "recurs_on"], name="a_series_comes_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(series__isnull=True) | models.Q(recurs_on__isnull=False),
                name="a_moment_of_a_series_says_which_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["held", "not_held"]) | ~models.Q(evidence=""),
                name="what_became_of_a_moment_has_evidence",
            ),
            models.CheckConstraint(
                condition=models.Q(first_timers__isnull=True)
                | models.Q(people__isnull=False) & models.Q(people__gte=models.F("first_timers")),
                name="first_timers_are_among_the_people",
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.state}"
