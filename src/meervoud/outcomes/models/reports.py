"""Reports of a programme over a period: written, then published and never changed; corrections stand beside them."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import M, ScopedManager, ScopedQuerySet
from meervoud.matching.models.leads import StaffQuerySet
from meervoud.outcomes.models.terms import Figure
from meervoud.parties.models import Person, Programme, Viewer
from meervoud.parties.models.people import LANGUAGES


class ProgrammeReportQuerySet(StaffQuerySet["ProgrammeReport"]):
    """Reports by who asks."""

    def published(self) -> Self:
        """Return what everybody may read: published reports of public programmes."""
        return self._scoped().filter(published__isnull=False, programme__is_public=True)


class ProgrammeReport(OwnedModel):
    """What a programme tells of a period, in words; its figures come from the ledger on the day it is published."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="programme_reports")
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language of the texts"), max_length=2, choices=LANGUAGES)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    summary = models.TextField(_("what this period was about"), max_length=2000, blank=True)
    kinds_of_matches = models.TextField(_("kinds of matches"), max_length=4000, blank=True)
    lessons = models.TextField(_("lessons"), max_length=4000, blank=True)
    partners = models.TextField(_("partners"), max_length=2000, blank=True)
    next_steps = models.TextField(_("next steps"), max_length=4000, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(ProgrammeReportQuerySet)()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("-last", "-created_at")
        constraints = (
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="report_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return self.title


class OfReportQuerySet(ScopedQuerySet[M]):
    """What belongs to a report, by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return what belongs to the reports of the programmes that a person works for."""
        return self._scoped().filter(report__in=ProgrammeReport.objects.visible_to(viewer).values("id"))

    def published(self) -> Self:
        """Return what belongs to what everybody may read."""
        return self._scoped().filter(report__published__isnull=False, report__programme__is_public=True)


class Published(OwnedModel):
    """The bytes of a report as it was published, with their hash. The database refuses to change them; see guard.py."""

    report = models.OneToOneField(ProgrammeReport, models.PROTECT, related_name="published")
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    objects = ScopedManager.from_queryset(OfReportQuerySet)()

    class Meta:
        constraints = (models.CheckConstraint(condition=~models.Q(sha256=""), name="a_published_report_has_its_hash"),)

    def __str__(self) -> str:
        return self.sha256


class ToldWithConsent(OwnedModel):
    """A story and a picture, told with the consent of who is in it; taken back, its words and its picture are erased."""

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("the story"), max_length=3000)
    picture = models.BinaryField(blank=True, default=b"")
    picture_alt = models.CharField(_("what is to be seen"), max_length=200, blank=True)
    consent_of = models.CharField(_("who agreed to be in it"), max_length=120, blank=True)
    consent_on = models.DateField(_("on which day"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ("created_at",)

    def __str__(self) -> str:
        return self.title


class Story(ToldWithConsent):
    """A story in a report of a programme."""

    report = models.ForeignKey(ProgrammeReport, models.CASCADE, related_name="stories")

    objects = ScopedManager.from_queryset(OfReportQuerySet)()

    class Meta(ToldWithConsent.Meta):
        constraints = (
            models.CheckConstraint(
                condition=models.Q(picture=b"") | ~models.Q(picture_alt=""), name="a_picture_says_what_is_to_be_seen"
            ),
        )


class Correction(OwnedModel):
    """A figure of a published report that was wrong: the old one, the new one, and why. Corrections are only added.

    Both figures are parts of facts, see corrections.part_of, so that everybody reads them in their own language.
    """

    report = models.ForeignKey(ProgrammeReport, models.PROTECT, related_name="corrections")
    figure = models.CharField(_("figure"), max_length=12, choices=Figure.choices)
    old = models.JSONField(_("old figure"))
    new = models.JSONField(_("new figure"))
    why = models.CharField(_("why"), max_length=500)
    by = models.UUIDField(null=True)

    objects = ScopedManager.from_queryset(OfReportQuerySet)()

    class Meta:
        ordering = ("created_at",)
        constraints = (models.CheckConstraint(condition=~models.Q(why=""), name="a_correction_says_why"),)

    def __str__(self) -> str:
        return f"{self.figure}: {self.why}"


class Released(OwnedModel):
    """One number about people that was published, or kept back (None): no later report may give a small one away beside it."""

    report = models.ForeignKey(ProgrammeReport, models.PROTECT, related_name="released")
    correction = models.ForeignKey(Correction, models.PROTECT, null=True, related_name="released")
    statistic = models.CharField(max_length=40)
    scope = models.CharField(max_length=400, blank=True)
    first = models.DateField()
    last = models.DateField()
    number = models.PositiveIntegerField(null=True)

    objects = ScopedManager.from_queryset(OfReportQuerySet)()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["report", "statistic", "scope"],
                condition=models.Q(correction__isnull=True),
                name="a_number_is_released_once_in_a_report",
            ),
        )

    def __str__(self) -> str:
        return f"{self.statistic} {self.scope} {self.number}"
