"""Spaces, the atoms of floor they are made of, and their photos."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.vocabulary import SPACE_KINDS
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models import Viewer
from meervoud.places.models.buildings import Building


class StepFree(models.TextChoices):
    """Can somebody in a wheelchair come in? "" is not known."""

    YES = "yes", _("yes")
    LIMITED = "limited", _("limited")
    NO = "no", _("no")


class AtomQuerySet(ScopedQuerySet["Atom"]):
    """Atoms by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the atoms of the buildings that a viewer may see."""
        return self._scoped().filter(building__in=Building.objects.visible_to(viewer).values("id"))


class Atom(OwnedModel):
    """The smallest piece of floor that can be lent; a hall is the atoms of its rooms."""

    building = models.ForeignKey(Building, models.CASCADE, related_name="atoms")

    objects = ScopedManager.from_queryset(AtomQuerySet)()

    def __str__(self) -> str:
        return str(self.pk)


class SpaceQuerySet(ScopedQuerySet["Space"]):
    """Spaces by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the spaces in the buildings that a viewer may see."""
        return self._scoped().filter(building__in=Building.objects.visible_to(viewer).values("id"))


class Space(OwnedModel):
    """A room, hall, shop or floor: what it is, whoever lends it. None and "" are unknown, never no."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="spaces", verbose_name=_("building"))
    name = models.CharField(_("name of the space"), max_length=120)
    kind = models.CharField(_("kind of space"), max_length=20, default="other", choices=[(k, k) for k in SPACE_KINDS])
    storey = models.CharField(_("floor"), max_length=40, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    capacity = models.PositiveIntegerField(_("most people"), null=True, blank=True)
    capacity_min = models.PositiveIntegerField(_("smallest group"), default=0, blank=True)
    area_m2 = models.FloatField(_("floor area in m2"), null=True, blank=True)
    facilities = models.JSONField(_("what is there"), default=list, blank=True)
    no_facilities = models.JSONField(_("what is not there"), default=list, blank=True)
    step_free = models.CharField(_("step-free access"), max_length=7, choices=StepFree.choices, blank=True)
    is_warm = models.BooleanField(_("is it warm?"), null=True, blank=True)
    toilet_place = models.CharField(_("where is the toilet?"), max_length=120, blank=True)
    atoms = models.ManyToManyField(Atom, related_name="spaces")
    assumed = models.JSONField(default=list, blank=True)
    source_key = models.CharField(_("number in your own list"), max_length=120, blank=True, db_index=True)

    objects = ScopedManager.from_queryset(SpaceQuerySet)()

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(capacity__isnull=True)
                | models.Q(capacity__gte=1) & models.Q(capacity__gte=models.F("capacity_min")),
                name="space_holds_its_smallest_group",
            ),
            models.CheckConstraint(
                condition=models.Q(area_m2__isnull=True) | models.Q(area_m2__gt=0), name="space_has_a_floor"
            ),
        )

    def __str__(self) -> str:
        return self.name


class PhotoQuerySet(ScopedQuerySet["Photo"]):
    """Photos by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the photos of the spaces that a viewer may see."""
        return self._scoped().filter(space__in=Space.objects.visible_to(viewer).values("id"))


class Photo(OwnedModel):
    """A photo of a space, re-encoded here, without what the camera wrote in it."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="photos")
    order = models.PositiveSmallIntegerField(default=0)
    description = models.CharField(_("what is to be seen"), max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    small = models.BinaryField()
    medium = models.BinaryField()
    large = models.BinaryField()

    objects = ScopedManager.from_queryset(PhotoQuerySet)()

    class Meta:
        ordering = ("order", "created_at")

    def __str__(self) -> str:
        return self.description
