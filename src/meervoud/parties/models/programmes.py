"""Programmes: a pilot with an area, a period, rules, partners and a currency; the scope of matchmakers."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import BaseModel, OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models.organisations import Organisation
from meervoud.parties.models.people import Person, Viewer


class Programme(BaseModel):
    """What a city or foundation runs: everything online belongs to one."""

    slug = models.SlugField(_("name in addresses"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(_("city"), max_length=80)
    about = models.TextField(_("about the programme"), blank=True)
    rules = models.TextField(_("rules of the programme"), blank=True)
    area = models.JSONField(_("area"), null=True, blank=True, help_text=_("GeoJSON polygon; empty is everywhere."))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Amsterdam")
    country = models.CharField(_("country"), max_length=2, default="NL")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    desk_phone = models.CharField(_("phone of the desk"), max_length=40)
    desk_hours = models.CharField(_("hours of the desk"), max_length=120)
    desk_email = models.EmailField(_("e-mail address of the desk"), blank=True)
    theme = models.CharField(_("theme"), max_length=20, default="plain")
    is_public = models.BooleanField(_("is public"), default=True)
    is_made_up = models.BooleanField(default=False)
    partners = models.ManyToManyField(Organisation, through="ProgrammePartner", related_name="programmes")

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="programme_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ProgrammePartnerQuerySet(ScopedQuerySet["ProgrammePartner"]):
    """Partners by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return in which programmes the organisations take part that a viewer may see."""
        return self._scoped().filter(organisation__in=Organisation.objects.visible_to(viewer).values("id"))


class ProgrammePartner(OwnedModel):
    """An organisation takes part in a programme."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="partnerships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="partnerships")

    objects = ScopedManager.from_queryset(ProgrammePartnerQuerySet)()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["programme", "organisation"], name="partner_once_per_programme"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class ProgrammeRoleQuerySet(ScopedQuerySet["ProgrammeRole"]):
    """Who works for a programme, by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the roles in the programmes that a person works for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        return self._scoped().filter(programme__in=ProgrammeRole.objects.of_person(viewer).values("programme"))

    def of_person(self, person: Person) -> Self:
        """Return the roles of one person."""
        return self._scoped().filter(person=person)


class ProgrammeRole(OwnedModel):
    """A person works for a programme."""

    class Role(models.TextChoices):
        """What staff may do."""

        MATCHMAKER = "matchmaker", _("matchmaker")
        MANAGER = "manager", _("programme manager")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="roles")
    person = models.ForeignKey(Person, models.CASCADE, related_name="programme_roles")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.MATCHMAKER)

    objects = ScopedManager.from_queryset(ProgrammeRoleQuerySet)()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["programme", "person"], name="staff_once_per_programme"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"
