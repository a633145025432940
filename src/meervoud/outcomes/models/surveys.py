"""Surveys of an impact plan: waves, and the sheets of answers that people gave, known by a pseudonym only."""

from typing import Self

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.outcomes.models.impact_plans import ImpactPlan, OfPlanQuerySet, StepVersion
from meervoud.parties.models import Viewer
from meervoud.parties.models.people import LANGUAGES


class Moment(models.TextChoices):
    """At which point of the activity people are asked."""

    START = "start", _("at the start")
    LATER = "later", _("after some months")
    YEAR = "year", _("after a year")
    COMPARISON_START = "comparison_start", _("people without the activity, at the start")
    COMPARISON_LATER = "comparison_later", _("people without the activity, later")
    PULSE = "pulse", _("after a single time: one question")


class Channel(models.TextChoices):
    """How the answers came in."""

    LINK = "link", _("on a phone or computer")
    PAPER = "paper", _("on paper")


def name_of_round(moment: str, number: int) -> str:
    """Return at which point of the activity people are asked, and in which round, in the language of the page."""
    label = str(Moment(moment).label)
    return label if number == 1 else gettext("%(when)s, round %(round)s") % {"when": label, "round": number}


class WaveQuerySet(OfPlanQuerySet["Wave"]):
    """Waves by who asks."""

    def of_token(self, token: str) -> Self:
        """Return the wave that a link opens: whoever has the link may answer."""
        return self._scoped().filter(token=token)


class Wave(OwnedModel):
    """One time that people are asked: from which day to which, how many, and what."""

    plan = models.ForeignKey(ImpactPlan, models.CASCADE, related_name="waves")
    version = models.ForeignKey(StepVersion, models.PROTECT, related_name="+")
    moment = models.CharField(_("when in the activity"), max_length=16, choices=Moment.choices)
    round = models.PositiveSmallIntegerField(_("round"), default=1, db_default=1)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    asked = models.PositiveIntegerField(_("how many people you ask"))
    questions = models.JSONField(default=list)
    token = models.CharField(max_length=40, unique=True)

    objects = ScopedManager.from_queryset(WaveQuerySet)()

    class Meta:
        ordering = ("first", "created_at")
        constraints = (
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="wave_ends_after_it_starts"),
            models.CheckConstraint(condition=models.Q(asked__gte=1), name="a_wave_asks_somebody"),
            models.UniqueConstraint(fields=["plan", "moment", "round"], name="a_plan_asks_once_in_each_round"),
        )

    def __str__(self) -> str:
        return f"{self.moment} {self.round} {self.first}"

    @property
    def name(self) -> str:
        """At which point of the activity it asks, and in which round, in the language of the page."""
        return name_of_round(self.moment, self.round)

    @property
    def is_joined(self) -> bool:
        """Whether sheets are joined to others of the same people: not those of one evening, nor once the key is destroyed."""
        return self.moment != Moment.PULSE and self.plan.pairing_key is not None


class AnswerSheetQuerySet(ScopedQuerySet["AnswerSheet"]):
    """Answers by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the answers to the waves of a person's plans; screens show what they add up to, never one sheet."""
        return self._scoped().filter(wave__in=Wave.objects.visible_to(viewer).values("id"))


class AnswerSheet(OwnedModel):
    """What one person answered: no name, no address, no hour; the pseudonym joins two waves and nothing else.

    `words` is the answer to the open question: it stays here until a person has read it and cleared it for others.
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="sheets")
    pseudonym = models.CharField(max_length=24, blank=True)
    answers = models.JSONField(default=dict)
    words = models.CharField(max_length=600, blank=True)
    words_cleared = models.BooleanField(default=False)
    language = models.CharField(max_length=2, choices=LANGUAGES)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    day = models.DateField()
    has_consented = models.BooleanField()

    objects = ScopedManager.from_queryset(AnswerSheetQuerySet)()

    class Meta:
        ordering = ("day", "id")
        indexes = (models.Index(fields=["wave", "pseudonym"], name="sheet_by_pseudonym"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(has_consented=True), name="nobody_is_counted_without_consent"),
        )

    def __str__(self) -> str:
        return str(self.pk)
