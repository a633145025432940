"""What a plan was valued at, the impact reports that were published, and the stories beside them."""

from typing import Self

from django.db import models

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager
from meervoud.outcomes.models.impact_plans import ImpactPlan, OfPlanQuerySet
from meervoud.outcomes.models.reports import ToldWithConsent


class ValuationRun(OwnedModel):
    """One run: the case as it was, the seed, and the statement that follows from both. Rows are only added."""

    plan = models.ForeignKey(ImpactPlan, models.CASCADE, related_name="runs")
    case = models.JSONField()
    seed = models.PositiveBigIntegerField()
    statement = models.JSONField()
    sources = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    objects = ScopedManager.from_queryset(OfPlanQuerySet["ValuationRun"])()

    class Meta:
        ordering = ("-at",)
        constraints = (models.CheckConstraint(condition=~models.Q(sha256=""), name="a_run_has_its_hash"),)

    def __str__(self) -> str:
        return self.sha256


class ImpactReportQuerySet(OfPlanQuerySet["ImpactReport"]):
    """Impact reports by who asks."""

    def published(self) -> Self:
        """Return what everybody may read: nothing that was withdrawn, nothing of a programme that is not public."""
        rows = self._scoped().filter(withdrawn_at__isnull=True)
        return rows.exclude(plan__programme__is_public=False).exclude(plan__request__programme__is_public=False)


class ImpactReport(OwnedModel):
    """A report as it was published: its bytes with their hash. The database refuses to change them; see guard.py.

    `sheets` is whose sheets of answers its figures are made of, by scale: a later report may not differ by a few people.
    """

    plan = models.ForeignKey(ImpactPlan, models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sheets = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager.from_queryset(ImpactReportQuerySet)()

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.UniqueConstraint(fields=["plan", "number"], name="a_plan_has_each_report_once"),
            models.CheckConstraint(condition=~models.Q(sha256=""), name="an_impact_report_has_its_hash"),
        )

    def __str__(self) -> str:
        return self.sha256


class ImpactStoryQuerySet(OfPlanQuerySet["ImpactStory"]):
    """Stories of impact plans by who asks."""

    def published(self) -> Self:
        """Return what everybody may read: stories that nobody took back, of plans with a report that is out."""
        return (
            self._scoped()
            .filter(
                withdrawn_at__isnull=True,
                consent_on__isnull=False,
                plan__reports__withdrawn_at__isnull=True,
                plan__reports__isnull=False,
            )
            .distinct()
        )


class ImpactStory(ToldWithConsent):
    """A story beside the impact reports of a plan. It stays outside their bytes: consent can end."""

    plan = models.ForeignKey(ImpactPlan, models.CASCADE, related_name="stories")

    objects = ScopedManager.from_queryset(ImpactStoryQuerySet)()

    class Meta(ToldWithConsent.Meta):
        constraints = (
            models.CheckConstraint(
                condition=models.Q(picture=b"") | ~models.Q(picture_alt=""),
                name="a_picture_of_impact_says_what_is_to_be_seen",
            ),
        )
