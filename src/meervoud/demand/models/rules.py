"""The rules of a request that say when: all of them must hold in the same space."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.demand.models.requests import Request
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models import Viewer


class RequestRuleQuerySet(ScopedQuerySet["RequestRule"]):
    """Rules by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the rules of the requests that a viewer may see."""
        return self._scoped().filter(request__in=Request.objects.visible_to(viewer).values("id"))


class RequestRule(OwnedModel):
    """One rule, of a kind of the engine; times are minutes after local midnight, weekdays 0 = Monday."""

    class Kind(models.TextChoices):
        """The four kinds of rules of the engine."""

        WEEKLY = "weekly", _("every week")
        DATES = "dates", _("on dates")
        HOURS = "hours", _("some hours a week")
        CONTINUOUS = "continuous", _("day and night, for a time")

    request = models.ForeignKey(Request, models.CASCADE, related_name="rules")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    weekdays = models.JSONField(default=list, blank=True)
    window_start = models.PositiveSmallIntegerField(default=0)
    window_end = models.PositiveSmallIntegerField(default=1440)
    minutes = models.PositiveIntegerField(default=0)
    first = models.DateField(null=True, blank=True)
    weeks = models.PositiveSmallIntegerField(default=1)
    days = models.PositiveSmallIntegerField(default=0)
    coverage_share = models.FloatField(default=0.9)
    per_week = models.PositiveSmallIntegerField(default=1)
    per_week_minutes = models.PositiveIntegerField(default=0)
    same_start = models.BooleanField(default=True)
    dates = models.JSONField(default=list, blank=True)
    closed = models.JSONField(default=list, blank=True)

    objects = ScopedManager.from_queryset(RequestRuleQuerySet)()

    class Meta:
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=["request", "order"], name="rule_has_its_own_place"),
            models.CheckConstraint(
                condition=models.Q(coverage_share__gt=0, coverage_share__lte=1), name="rule_covers_a_share"
            ),
        )

    def __str__(self) -> str:
        return self.kind
