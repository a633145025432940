"""Leads: places that might lend a room, which a matchmaker works through until they are hosts."""

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.vocabulary import SPACE_KINDS
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import M, ScopedManager, ScopedQuerySet
from meervoud.parties.models import Person, Programme, ProgrammeRole, Viewer
from meervoud.supply.models import Offer


class LeadState(models.TextChoices):
    """How far a lead is; see lead_lifecycle.py for the moves."""

    NEW = "new", _("new")
    ASKED = "asked", _("asked")
    VISITED = "visited", _("visited")
    NO = "no", _("no")
    HOST = "host", _("host")


class LeadReason(models.TextChoices):
    """Why a place does not become a host: about space and time, never about people."""

    NO_ROOM = "no_room", _("there is no room to lend")
    ALWAYS_USED = "always_used", _("the room is always in use")
    TOO_SMALL = "too_small", _("the room is too small")
    HOURS = "hours", _("nobody can open and close at those hours")
    BUILDING = "building", _("the building cannot be used for this")
    NOT_NOW = "not_now", _("not now, perhaps later")
    GONE = "gone", _("the place is not there any more")


class StaffQuerySet(ScopedQuerySet[M]):
    """Rows of a programme that only those who work for it may see."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the rows of the programmes that a person works for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        return self._scoped().filter(programme__in=ProgrammeRole.objects.of_person(viewer).values("programme"))


class LeadQuerySet(StaffQuerySet["Lead"]):
    """Leads by who asks."""

    def due(self, today: date) -> Self:
        """Return the leads that somebody wanted to call back by now."""
        return self.filter(call_back_on__lte=today, state__in=(LeadState.NEW, LeadState.ASKED, LeadState.VISITED))


class Lead(OwnedModel):
    """A place that might lend a room. What is empty is not known.

    `tags` is what the map tells of the room; what follows from it is assumed anew each time. `said` names the fields
    that a person has corrected: the map does not overwrite those. `state_before` is what the last move can be put back to.
    """

    State, Reason = LeadState, LeadReason

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="leads")
    name = models.CharField(_("name of the place"), max_length=120, blank=True)
    kind = models.CharField(_("kind of space"), max_length=20, default="other", choices=[(k, k) for k in SPACE_KINDS])
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    neighbourhood = models.CharField(_("neighbourhood"), max_length=120, blank=True)
    street = models.CharField(_("street and number"), max_length=160, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    town = models.CharField(_("town"), max_length=80, blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=255, blank=True)
    tags = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=10, default="osm")
    source_id = models.CharField(max_length=80)
    said = models.JSONField(default=list, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=LeadState.choices, default=LeadState.NEW)
    state_before = models.CharField(max_length=10, choices=LeadState.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=12, choices=LeadReason.choices, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    call_back_on = models.DateField(_("call back on"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who does it")
    )
    offer = models.OneToOneField(Offer, models.SET_NULL, null=True, blank=True, related_name="lead")

    objects = ScopedManager.from_queryset(LeadQuerySet)()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        indexes = (models.Index(fields=["programme", "state"], name="lead_by_state"),)
        constraints = (
            models.UniqueConstraint(fields=["programme", "source", "source_id"], name="lead_once_per_programme"),
            models.CheckConstraint(
                condition=models.Q(state="no") & ~models.Q(reason="") | ~models.Q(state="no") & models.Q(reason=""),
                name="a_lead_that_says_no_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.street or self.source_id


class LeadListQuerySet(StaffQuerySet["LeadList"]):
    """Lists of places by who asks."""


class LeadList(OwnedModel):
    """An extract of the map that waits for a yes, one for each person; gone once its places are leads, or too old."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="lead_lists")
    by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()

    objects = ScopedManager.from_queryset(LeadListQuerySet)()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "by"], name="a_person_has_one_list_of_leads_waiting"),
        )

    def __str__(self) -> str:
        return self.file_name
