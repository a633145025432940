"""Reports of what became of a moment, and the code at a door. A report is never changed; a later one stands beside it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager
from meervoud.parties.models import Person
from meervoud.usage.models.moments import UsageMoment
from meervoud.usage.models.plans import OfMomentQuerySet


class CheckIn(OwnedModel):
    """What somebody said about a moment. `key` makes the same report, sent twice, one row."""

    class Way(models.TextChoices):
        """How it came in."""

        ACCOUNT = "account", _("by the contact, signed in")
        LINK = "link", _("by the link that is handed on")
        DOOR = "door", _("by the code at the door")
        PAPER = "paper", _("typed in from paper")
        HOST = "host", _("by the host")
        STAFF = "staff", _("by the desk, after a call")

    moment = models.ForeignKey(UsageMoment, models.PROTECT, related_name="check_ins")
    way = models.CharField(max_length=7, choices=Way.choices)
    was_held = models.BooleanField(_("did it take place?"))
    people = models.PositiveIntegerField(_("how many people"), null=True, blank=True)
    first_timers = models.PositiveIntegerField(_("how many for the first time"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    said_at = models.DateTimeField()

    objects = ScopedManager.from_queryset(OfMomentQuerySet)()

    class Meta:
        ordering = ("said_at", "created_at")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(first_timers__isnull=True)
                | models.Q(people__isnull=False) & models.Q(people__gte=models.F("first_timers")),
                name="first_timers_of_a_report_are_among_the_people",
            ),
        )

    def __str__(self) -> str:
        return f"{self.way} {self.was_held}"
