"""What the two sides said about a proposal, one row for each answer; none is ever changed."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.matching.models.proposals import Proposal
from meervoud.parties.models import Person, Viewer


class Side(models.TextChoices):
    """Who answers."""

    ASKER = "asker", _("the group")
    HOST = "host", _("the host")


class Kind(models.TextChoices):
    """What is answered."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    OTHER_TIME = "other_time", _("another time")
    QUESTION = "question", _("a question")
    VISIT = "visit", _("come and see")


class AnswerQuerySet(ScopedQuerySet["Answer"]):
    """Answers by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the answers to the proposals that a viewer may see."""
        return self._scoped().filter(proposal__in=Proposal.objects.visible_to(viewer).values("id"))


class Answer(OwnedModel):
    """One answer of one side; `by` may be staff who write down what they heard on the phone."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="answers")
    side = models.CharField(max_length=5, choices=Side.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    text = models.TextField(_("message"), max_length=1000, blank=True)
    visit_at = models.DateTimeField(_("moment of the visit"), null=True, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(AnswerQuerySet)()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(condition=~models.Q(kind="no") | ~models.Q(reason=""), name="a_no_has_a_reason"),
            models.CheckConstraint(
                condition=~models.Q(kind="visit") | models.Q(visit_at__isnull=False), name="a_visit_has_a_moment"
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.kind}"
