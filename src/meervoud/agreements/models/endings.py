"""How an agreement ends: who depends on it and what their plan is, notice that a side gives, and what a trial led to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.agreements.models.agreements import Agreement, EndedWhy, PartQuerySet
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager
from meervoud.matching.models import Side
from meervoud.parties.models import Person


class Dependence(OwnedModel):
    """Somebody who depends on a place, and the plan for when the agreement ends; "" in `who` is the group itself.

    An agreement does not end while somebody depends on it without a plan.
    """

    class Plan(models.TextChoices):
        """What happens to them."""

        OPEN = "", _("no plan yet")
        OTHER_SPACE = "other_space", _("another space was found")
        STOPS = "stops", _("they stop, and want to")
        HOST_HELPS = "host_helps", _("the host helps them until they have a place")
        PARTNER = "partner", _("a partner takes them in")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="dependences")
    who = models.CharField(_("who depends on it"), max_length=120, blank=True)
    people = models.PositiveIntegerField(_("how many people"), null=True, blank=True)
    needs = models.CharField(_("what they need"), max_length=300, blank=True)
    plan = models.CharField(_("the plan"), max_length=11, choices=Plan.choices, blank=True, default=Plan.OPEN)
    plan_text = models.CharField(_("more about the plan"), max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(PartQuerySet)()

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=["agreement", "who"], name="who_depends_stands_there_once"),
            models.CheckConstraint(
                condition=models.Q(plan="", settled_at__isnull=True)
                | ~models.Q(plan="") & models.Q(settled_at__isnull=False),
                name="a_plan_says_since_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan or 'open'} {self.pk}"


class Notice(OwnedModel):
    """A side wants the agreement to end on a day; where both must want it, the other side says so."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="notices")
    side = models.CharField(max_length=5, choices=Side.choices)
    last_day = models.DateField(_("last day"))
    why = models.CharField(max_length=6, choices=EndedWhy.choices)
    text = models.CharField(_("why, in words"), max_length=300, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(PartQuerySet)()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["agreement"], condition=models.Q(taken_back_at__isnull=True), name="one_notice_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.last_day}"


class TrialAnswer(OwnedModel):
    """What a side wants after the trial evening: to go on, or to stop."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="trial_answers")
    side = models.CharField(max_length=5, choices=Side.choices)
    goes_on = models.BooleanField(_("goes on"))
    reason = models.CharField(_("why"), max_length=300, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(PartQuerySet)()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(fields=["agreement", "side"], name="a_side_answers_a_trial_once"),
            models.CheckConstraint(
                condition=models.Q(goes_on=True) | ~models.Q(reason=""), name="who_stops_after_a_trial_says_why"
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.goes_on}"
