"""Buildings: where they stand, who hosts there, and the edges that bound every use."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models import Organisation, Person, Programme, ProgrammeRole, Viewer
from meervoud.places.models.neighbourhoods import Neighbourhood


class BuildingQuerySet(ScopedQuerySet["Building"]):
    """Buildings by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the buildings of a person's organisations, and those of the programmes they work for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        hosts = Organisation.objects.of_member(viewer).values("id")
        programmes = ProgrammeRole.objects.of_person(viewer).values("programme")
        return self._scoped().filter(models.Q(host__in=hosts) | models.Q(programme__in=programmes))


class Building(OwnedModel):
    """A building of a host. The exact address is private; the public point is blurred, and always the same."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="buildings")
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="buildings", verbose_name=_("host"))
    name = models.CharField(_("name of the building"), max_length=120, blank=True)
    street = models.CharField(_("street and number"), max_length=160, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    town = models.CharField(_("town"), max_length=80, blank=True)
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.SET_NULL, null=True, blank=True, related_name="buildings", verbose_name=_("neighbourhood")
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    public_latitude = models.FloatField(null=True, editable=False)
    public_longitude = models.FloatField(null=True, editable=False)
    morton = models.BigIntegerField(null=True, editable=False, db_index=True)
    doors = models.CharField(_("doors are open"), max_length=255, blank=True)
    alarm = models.CharField(_("alarm is off"), max_length=255, blank=True)
    lock_up_minutes = models.PositiveSmallIntegerField(_("minutes to leave before the alarm goes on"), default=15)
    cleaning = models.CharField(_("cleaners are at work"), max_length=255, blank=True)
    concierge = models.CharField(_("concierge is there"), max_length=255, blank=True)
    heating = models.CharField(_("heating is on"), max_length=255, blank=True)
    access_notes = models.TextField(_("how to get in"), blank=True)

    objects = ScopedManager.from_queryset(BuildingQuerySet)()

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="building_stands_on_earth",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.street
