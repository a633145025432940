"""Impact plans: nine steps, each with one artefact in versions; a version that is locked never changes."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.demand.models import Request
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import M, ScopedManager, ScopedQuerySet
from meervoud.parties.models import Organisation, Person, Programme, ProgrammeRole, Viewer
from meervoud.parties.models.people import LANGUAGES


class Step(models.IntegerChoices):
    """The nine steps, in order."""

    SCOPE = 1, _("Why and for whom")
    STAKEHOLDERS = 2, _("Stakeholders and priorities")
    THEORY = 3, _("Theory of change")
    INDICATORS = 4, _("Outcomes and indicators")
    MEASUREMENT = 5, _("Measurement plan")
    COLLECTION = 6, _("Collect")
    NETTING = 7, _("Net down")
    VALUE = 8, _("Value")
    REPORT = 9, _("Report, learn, finance")


class ImpactPlanQuerySet(ScopedQuerySet["ImpactPlan"]):
    """Impact plans by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the plans of a person's own activities, of their organisations, and of the programmes they work for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        organisations = Organisation.objects.of_member(viewer).values("id")
        programmes = ProgrammeRole.objects.of_person(viewer).values("programme")
        return self._scoped().filter(
            models.Q(organisation__in=organisations)
            | models.Q(programme__in=programmes)
            | models.Q(request__asked_by=viewer)
            | models.Q(request__organisation__in=organisations)
        )


class ImpactPlan(OwnedModel):
    """What an initiative, an organisation or a programme wants to know about its effect, in nine steps.

    Who works for a programme sees the plan of that programme, and no plan of an initiative: that belongs to the initiative.
    `shown` is whose answers the figures were last made of, by scale: see impact/shown.py.
    """

    title = models.CharField(_("name of the plan"), max_length=120)
    request = models.ForeignKey(Request, models.PROTECT, null=True, blank=True, related_name="impact_plans")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="impact_plans")
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, blank=True, related_name="impact_plans")
    language = models.CharField(_("language of the texts"), max_length=2, choices=LANGUAGES)
    country = models.CharField(_("country"), max_length=2)
    currency = models.CharField(_("currency"), max_length=3)
    time_zone = models.CharField(max_length=40)
    pairing_key = models.BinaryField(null=True)
    shown = models.JSONField(default=dict)
    shown_number = models.PositiveIntegerField(default=0)
    is_made_up = models.BooleanField(default=False)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(ImpactPlanQuerySet)()

    class Meta:
        verbose_name = _("impact plan")
        verbose_name_plural = _("impact plans")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(request__isnull=False, organisation__isnull=True, programme__isnull=True)
                | models.Q(request__isnull=True, organisation__isnull=False, programme__isnull=True)
                | models.Q(request__isnull=True, organisation__isnull=True, programme__isnull=False),
                name="an_impact_plan_is_about_one_thing",
            ),
        )

    def __str__(self) -> str:
        return self.title


class OfPlanQuerySet(ScopedQuerySet[M]):
    """What belongs to an impact plan, by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return what belongs to the plans that a person sees."""
        return self._scoped().filter(plan__in=ImpactPlan.objects.visible_to(viewer).values("id"))


class StepVersion(OwnedModel):
    """One version of what a step leaves. The newest counts; once it is locked the database refuses to change it."""

    plan = models.ForeignKey(ImpactPlan, models.CASCADE, related_name="versions")
    step = models.PositiveSmallIntegerField(choices=Step.choices)
    number = models.PositiveIntegerField(default=1)
    content = models.JSONField(default=dict)
    edits = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    locked_at = models.DateTimeField(null=True)
    locked_by = models.UUIDField(null=True)

    objects = ScopedManager.from_queryset(OfPlanQuerySet)()

    class Meta:
        ordering = ("step", "-number")
        constraints = (
            models.UniqueConstraint(fields=["plan", "step", "number"], name="a_step_has_each_version_once"),
            models.UniqueConstraint(
                fields=["plan", "step"],
                condition=models.Q(locked_at__isnull=True),
                name="a_step_has_one_version_that_is_written",
            ),
            models.CheckConstraint(
                condition=models.Q(locked_at__isnull=True, sha256="")
                | models.Q(locked_at__isnull=False) & ~models.Q(sha256=""),
                name="a_locked_version_has_its_hash",
            ),
        )

    def __str__(self) -> str:
        return f"{self.step}.{self.number}"
