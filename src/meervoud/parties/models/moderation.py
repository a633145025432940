"""What the desk looks at before others see it, and what people say is wrong."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models.people import Person, Viewer
from meervoud.parties.models.programmes import Programme, ProgrammeRole


class Why(models.TextChoices):
    """Why a text is held back."""

    FIRST = "first", _("the first text of somebody nobody vouched for")
    LINKS = "links", _("more than two links")
    REPORTS = "reports", _("reported by several people, or by the desk")


class Verdict(models.TextChoices):
    """What the desk decided."""

    OPEN = "", _("waits for the desk")
    LET_THROUGH = "let_through", _("let through")
    NOT_SENT = "not_sent", _("not sent")


class NotSent(models.TextChoices):
    """Why the desk does not send a text; the author is told in these words."""

    ADVERTISEMENT = "advertisement", _("it is an advertisement")
    NOT_ABOUT = "not_about", _("it is not about this space or request")
    UNKIND = "unkind", _("it is not friendly")
    PRIVATE = "private", _("it tells private things of somebody")
    UNSAFE = "unsafe", _("it asks for money, passwords or papers")


class HeldQuerySet(ScopedQuerySet["Held"]):
    """Held texts by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those that a person wrote, and those of the programmes they work for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        programmes = ProgrammeRole.objects.of_person(viewer).values("programme")
        return self._scoped().filter(models.Q(author=viewer) | models.Q(programme__in=programmes))


class Held(OwnedModel):
    """A text that only its author and the desk see, until the desk lets it through."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    author = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    thing_kind = models.CharField(max_length=20)
    thing = models.UUIDField(unique=True)
    why = models.CharField(max_length=8, choices=Why.choices)
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True, default=Verdict.OPEN)
    reason = models.CharField(max_length=16, choices=NotSent.choices, blank=True)
    decided_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(HeldQuerySet)()

    class Meta:
        ordering = ("created_at",)
        indexes = (models.Index(fields=["programme", "verdict"], name="held_by_verdict"),)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(verdict="not_sent") | ~models.Q(reason=""), name="what_is_not_sent_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.thing_kind} {self.thing}"


class Wrong(models.TextChoices):
    """What somebody says is wrong."""

    SPAM = "spam", _("spam or an advertisement")
    NOT_TRUE = "not_true", _("it is not true")
    UNSAFE = "unsafe", _("it is not safe")
    PRIVACY = "privacy", _("it shows somebody's privacy")
    OTHER = "other", _("something else")


class Outcome(models.TextChoices):
    """What the desk did about a report."""

    NOTHING = "nothing", _("nothing was wrong")
    TOLD = "told", _("told them")
    OFFLINE = "offline", _("taken offline")
    HIDDEN = "hidden", _("hidden")


class ReportQuerySet(ScopedQuerySet["Report"]):
    """Reports by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those that a person made, and those of the programmes they work for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        programmes = ProgrammeRole.objects.of_person(viewer).values("programme")
        return self._scoped().filter(models.Q(by=viewer) | models.Q(programme__in=programmes))

    def made_by(self, person: Person) -> Self:
        """Return what one person reported."""
        return self._scoped().filter(by=person)


class Report(OwnedModel):
    """Somebody says that something is wrong with a space, a message or a proposal; a visitor has no name."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    thing_kind = models.CharField(max_length=20)
    thing = models.UUIDField(db_index=True)
    wrong = models.CharField(_("what is wrong"), max_length=10, choices=Wrong.choices)
    text = models.TextField(_("in a few words"), max_length=1000, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    settled_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(ReportQuerySet)()

    class Meta:
        ordering = ("created_at",)
        indexes = (models.Index(fields=["programme", "outcome"], name="report_by_outcome"),)
        constraints = (
            models.UniqueConstraint(
                fields=["by", "thing"],
                condition=models.Q(by__isnull=False, outcome=""),
                name="one_open_report_of_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.thing_kind} {self.thing}"
