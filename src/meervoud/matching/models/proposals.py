"""Proposals: a space for a request, with why and when, and what both sides said."""

from typing import Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.demand.models import Request
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models import Organisation, Person, Programme, ProgrammeRole, Viewer
from meervoud.supply.models import Offer, Taking


class State(models.TextChoices):
    """Where a proposal stands; see lifecycle.py for the moves."""

    SUGGESTED = "suggested", _("suggested")
    WAITING = "waiting", _("waits for its turn")
    ASKED = "asked", _("asked")
    AGREED = "agreed", _("both said yes")
    CONCLUDED = "concluded", _("signed")
    DECLINED = "declined", _("somebody said no")
    EXPIRED = "expired", _("nobody answered in time")
    WITHDRAWN = "withdrawn", _("withdrawn")


LIVE: Final = (State.SUGGESTED, State.WAITING, State.ASKED, State.AGREED)
SEEN_BY_HOST: Final = (
    *(State.ASKED, State.AGREED, State.CONCLUDED),
    *(State.DECLINED, State.EXPIRED, State.WITHDRAWN),
)
KNOWN_TO_BOTH: Final = (State.AGREED, State.CONCLUDED)
"""Where each side knows who the other is."""


class ProposalQuerySet(ScopedQuerySet["Proposal"]):
    """Proposals by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those for a person's requests, those a host was asked about, and those of their programmes."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        own = Organisation.objects.of_member(viewer).values("id")
        programmes = ProgrammeRole.objects.of_person(viewer).values("programme")
        asks = models.Q(request__asked_by=viewer) | models.Q(request__organisation__in=own)
        lends = models.Q(offer__host__in=own, state__in=SEEN_BY_HOST, asked_at__isnull=False)
        return self._scoped().filter(asks | lends | models.Q(programme__in=programmes))

    def for_host(self, person: Person) -> Self:
        """Return what the hosts that a person acts for were asked."""
        own = Organisation.objects.of_member(person).values("id")
        return self._scoped().filter(offer__host__in=own, asked_at__isnull=False)


class Proposal(OwnedModel):
    """A space proposed for a request, as the engine or a person saw it when it was made or last refreshed.

    `snapshot` is the engine's Proposal as written by snapshot.py: parts, patterns with every moment, what to ask, edges.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="proposals")
    request = models.ForeignKey(Request, models.CASCADE, related_name="proposals")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="proposals")
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SUGGESTED)
    certainty = models.CharField(max_length=8)
    score = models.PositiveIntegerField()
    rank = models.PositiveIntegerField(default=0)
    snapshot = models.JSONField(default=dict)
    asker_says = models.CharField(max_length=3, blank=True)
    host_says = models.CharField(max_length=3, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    hold = models.OneToOneField(Taking, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ScopedManager.from_queryset(ProposalQuerySet)()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ("rank", "created_at")
        indexes = (models.Index(fields=["programme", "state"], name="proposal_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=["request", "offer"],
                condition=models.Q(state__in=[each.value for each in LIVE]),
                name="one_live_proposal_of_a_pair",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="agreed") | models.Q(asker_says="yes", host_says="yes"),
                name="agreed_proposal_has_two_yes",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="asked") | models.Q(asked_at__isnull=False, expires_at__isnull=False),
                name="asked_proposal_expires",
            ),
        )

    def __str__(self) -> str:
        return f"{self.request_id} {self.offer_id} {self.state}"
