"""Requests for space: who, what for, where, and what it will bring about."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models import Organisation, Person, Programme, ProgrammeRole, Viewer


class State(models.TextChoices):
    """Where a request stands; see lifecycle.py for the moves."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    PLACED = "placed", _("placed")


class MeetsNow(models.TextChoices):
    """Where a group meets before it finds a room; "" is skipped."""

    NOWHERE = "nowhere", _("nowhere")
    AT_HOME = "at_home", _("at somebody's home")
    PAID_ROOM = "paid_room", _("in a room we pay for")
    ENDING_ROOM = "ending_room", _("in a room that ends")


class RequestQuerySet(ScopedQuerySet["Request"]):
    """Requests by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the requests of a person and their organisations, and those of the programmes they work for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        organisations = Organisation.objects.of_member(viewer).values("id")
        programmes = ProgrammeRole.objects.of_person(viewer).values("programme")
        return self._scoped().filter(
            models.Q(asked_by=viewer) | models.Q(organisation__in=organisations) | models.Q(programme__in=programmes)
        )

    def open_in(self, programme: Programme, *, because: str) -> Self:
        """Return the open requests of a programme."""
        return self.every(because=because).filter(programme=programme, state=State.OPEN)


class Request(OwnedModel):
    """A request for space. What is empty is not asked for."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="requests")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("organisation")
    )
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="requests")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    title = models.CharField(_("name of the activity"), max_length=120, blank=True)
    cause = models.CharField(_("cause"), max_length=20, blank=True)
    for_whom = models.CharField(_("for whom"), max_length=200, blank=True)
    brings_about = models.CharField(_("what it will bring about"), max_length=300, blank=True)
    group_min = models.PositiveIntegerField(_("people at least"), default=0)
    group_max = models.PositiveIntegerField(_("people at most"), default=0)
    area_m2 = models.FloatField(_("floor area in m2"), default=0)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    max_metres = models.PositiveIntegerField(_("how far at most"), null=True, blank=True)
    neighbourhood = models.CharField(_("neighbourhood"), max_length=120, blank=True)
    facilities = models.JSONField(_("what must be there"), default=list, blank=True)
    wishes = models.JSONField(_("what would be nice"), default=list, blank=True)
    activities = models.JSONField(_("what you will do"), default=list, blank=True)
    step_free = models.BooleanField(_("step-free access is needed"), default=False)
    loudness = models.CharField(_("how loud it gets"), max_length=10, blank=True)
    kind_of_activity = models.CharField(max_length=20, blank=True)
    budget_cents = models.PositiveIntegerField(null=True, blank=True)
    budget_per = models.CharField(max_length=5, default="hour")
    no_sectors = models.JSONField(_("sectors of companies you want no room of"), default=list, blank=True)
    meets_now = models.CharField(_("where you meet now"), max_length=12, choices=MeetsNow.choices, blank=True)
    meets_until = models.DateField(_("until when"), null=True, blank=True)
    meets_at_key = models.CharField(max_length=120, blank=True)
    is_sheltered = models.BooleanField(_("a group that needs shelter"), default=False)
    expires_on = models.DateField(_("open until"), null=True, blank=True)
    source_key = models.CharField(_("number in your own list"), max_length=120, blank=True, db_index=True)
    is_made_up = models.BooleanField(default=False)

    objects = ScopedManager.from_queryset(RequestQuerySet)()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(group_max__gte=models.F("group_min")), name="request_has_most_people_above_least"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(expires_on__isnull=False), name="open_request_expires"
            ),
        )

    def __str__(self) -> str:
        return self.title or str(self.pk)
