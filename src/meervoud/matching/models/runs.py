"""Match runs: every open request of a programme looked at once, with what was found."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import BaseModel, OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models import Person, Programme, ProgrammeRole, Viewer


class MatchRunQuerySet(ScopedQuerySet["MatchRun"]):
    """Runs by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the runs of the programmes that a person works for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        return self._scoped().filter(programme__in=ProgrammeRole.objects.of_person(viewer).values("programme"))


class MatchRun(OwnedModel):
    """One run over a programme. Nothing is sent by it: it leaves suggestions that somebody approves.

    `waiting` are the requests still to be looked at, `found` what each one looked at came to: its outcome, the offer that
    fits it best, and the one condition that is in the way where it is one. `fault` is the number that stands in the log
    where it broke off.
    """

    class State(models.TextChoices):
        """Where a run stands."""

        RUNNING = "running", _("is running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("broke off")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="match_runs")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    total = models.PositiveIntegerField(default=0)
    waiting = models.JSONField(default=list)
    found = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=12, blank=True)

    objects = ScopedManager.from_queryset(MatchRunQuerySet)()

    class Meta:
        verbose_name = _("match run")
        verbose_name_plural = _("match runs")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["programme"],
                condition=models.Q(state="running"),
                name="a_programme_has_one_match_run_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme_id} {self.state}"

    @property
    def done(self) -> int:
        """How many requests were looked at."""
        return self.total - len(self.waiting)


class ProposalMark(BaseModel):
    """Up to which change of supply, and which moment of demand, the suggestions of a programme are right."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="+")
    number = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.programme_id} {self.number}"
