"""Changes of a plan that wait for a yes: moments to add or to move, other rooms for one date, and who waits for a time."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.agreements.models import Agreement
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import M, ScopedManager, ScopedQuerySet
from meervoud.matching.models import Side
from meervoud.parties.models import Organisation, Person, ProgrammeRole, Viewer
from meervoud.places.models import Space
from meervoud.supply.models import Offer, Taking
from meervoud.usage.models.moments import MomentPartQuerySet, UsageMoment


class PlanChange(OwnedModel):
    """Moments that one side wants to add or to move; their time is held until the other side says yes or no.

    `rows` are a list of {moment, series, recurs_on, starts_at, ends_at}; `series` numbers those of `new_series`.
    """

    class State(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed", _("waits for the other side")
        DONE = "done", _("done")
        DECLINED = "declined", _("the other side said no")
        EXPIRED = "expired", _("nobody answered in time")
        TAKEN_BACK = "taken_back", _("taken back")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="plan_changes")
    side = models.CharField(max_length=5, choices=Side.choices)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    rows = models.JSONField()
    new_series = models.JSONField(default=list)
    holds = models.ManyToManyField(Taking, related_name="+")
    request_key = models.CharField(max_length=80, unique=True)
    note = models.CharField(_("why, in words"), max_length=300, blank=True)
    expires_at = models.DateTimeField()

    objects = ScopedManager.from_queryset(MomentPartQuerySet)()

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return f"{self.side} {self.state}"


class OfMomentQuerySet(ScopedQuerySet[M]):
    """What belongs to a moment, by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return what belongs to the moments that a viewer may see."""
        return self._scoped().filter(moment__in=UsageMoment.objects.visible_to(viewer).values("id"))


class StandInQuerySet(ScopedQuerySet["StandIn"]):
    """Other rooms by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of the moments of a viewer, and those that their own organisations were asked for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        own = Organisation.objects.of_member(viewer).values("id")
        programmes = ProgrammeRole.objects.of_person(viewer).values("programme")
        moments = UsageMoment.objects.visible_to(viewer).values("id")
        asked = models.Q(offer__host__in=own) | models.Q(offer__programme__in=programmes)
        return self._scoped().filter(asked | models.Q(moment__in=moments))


class StandIn(OwnedModel):
    """Another room for one date, asked of whoever lends it; its time is held until they answer."""

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", _("asked")
        YES = "yes", _("yes")
        NO = "no", _("no")
        EXPIRED = "expired", _("nobody answered in time")
        TAKEN_BACK = "taken_back", _("taken back")

    moment = models.ForeignKey(UsageMoment, models.CASCADE, related_name="stand_ins")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="stand_ins")
    hold = models.ForeignKey(Taking, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()

    objects = ScopedManager.from_queryset(StandInQuerySet)()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["moment"], condition=models.Q(state="asked"), name="one_other_room_is_asked_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class Wait(OwnedModel):
    """A group waits for a time of a space that is taken; when it comes free, the first in the row is offered it."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("waits")
        OFFERED = "offered", _("offered")
        TAKEN = "taken", _("taken up")
        PASSED = "passed", _("let go")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="waits")
    space = models.ForeignKey(Space, models.CASCADE, related_name="waits")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    hold = models.ForeignKey(Taking, models.SET_NULL, null=True, blank=True, related_name="+")
    offered_until = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(MomentPartQuerySet)()

    class Meta:
        ordering = ("created_at", "pk")
        indexes = (models.Index(fields=["space", "starts_at"], name="wait_by_space"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="wait_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["agreement", "space", "starts_at"],
                condition=models.Q(state__in=["waiting", "offered"]),
                name="a_group_waits_once_for_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} {self.state}"
