"""Who must know of an evening in a building, what they were sent, and what happened there."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import M, ScopedManager, ScopedQuerySet
from meervoud.parties.models import Organisation, Person, ProgrammeRole, Viewer
from meervoud.parties.models.people import LANGUAGES
from meervoud.places.models import Building, Space
from meervoud.usage.models.moments import UsageMoment


class OfBuildingQuerySet(ScopedQuerySet[M]):
    """What belongs to a building, by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return what belongs to the buildings of a person's organisations and of the programmes they work for."""
        return self._scoped().filter(building__in=Building.objects.visible_to(viewer).values("id"))


class SheetReader(OwnedModel):
    """Somebody of a building without an account, who gets the sheet of an evening by mail and by a link.

    The link is signed with `number`; a higher number makes old links stop working.
    """

    class Role(models.TextChoices):
        """What they do there."""

        RECEPTION = "reception", _("reception")
        GUARD = "guard", _("guard")
        CLEANER = "cleaner", _("cleaner")
        CARETAKER = "caretaker", _("caretaker")
        OTHER = "other", _("somebody else")

    building = models.ForeignKey(Building, models.CASCADE, related_name="sheet_readers")
    role = models.CharField(_("what they do"), max_length=9, choices=Role.choices)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="nl")
    number = models.PositiveIntegerField(default=1)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(OfBuildingQuerySet)()

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"


class SheetMail(OwnedModel):
    """The sheet of one day that was mailed to a reader last; another fingerprint is a change to tell.

    `lines` are what it said: a list of {moment, space, room, starts_at, ends_at}, without a name of anybody.
    """

    building = models.ForeignKey(Building, models.CASCADE, related_name="sheet_mails")
    reader = models.ForeignKey(SheetReader, models.CASCADE, related_name="mails")
    day = models.DateField()
    fingerprint = models.CharField(max_length=64)
    lines = models.JSONField(default=list)
    sent_at = models.DateTimeField()

    objects = ScopedManager.from_queryset(OfBuildingQuerySet)()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["reader", "day"], name="a_reader_has_one_sheet_a_day"),)

    def __str__(self) -> str:
        return f"{self.day}"


class IncidentQuerySet(ScopedQuerySet["Incident"]):
    """What happened, by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return what happened in the buildings of a viewer, and at the moments of their own agreements."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        own = Organisation.objects.of_member(viewer).values("id")
        programmes = ProgrammeRole.objects.of_person(viewer).values("programme")
        buildings = models.Q(building__host__in=own) | models.Q(building__programme__in=programmes)
        moments = UsageMoment.objects.visible_to(viewer).values("id")
        return self._scoped().filter(buildings | models.Q(moment__in=moments) | models.Q(by=viewer))


class Incident(OwnedModel):
    """Something happened: damage, a lock, the alarm, the neighbours. It stays open until somebody settles it."""

    class Kind(models.TextChoices):
        """What."""

        DAMAGE = "damage", _("something is broken")
        LOCK = "lock", _("door, lock or key")
        ALARM = "alarm", _("the alarm")
        NEIGHBOURS = "neighbours", _("the neighbours")
        OTHER = "other", _("something else")

    class Teller(models.TextChoices):
        """Who told; by name it is not said to the other side."""

        HOST = "host", _("the host")
        ASKER = "asker", _("the group")
        DESK = "desk", _("the desk")
        READER = "reader", _("somebody who looks after the building")

    building = models.ForeignKey(Building, models.PROTECT, related_name="incidents")
    space = models.ForeignKey(Space, models.PROTECT, null=True, blank=True, related_name="incidents")
    moment = models.ForeignKey(UsageMoment, models.SET_NULL, null=True, blank=True, related_name="incidents")
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind.choices)
    note = models.TextField(_("what happened, in words"), max_length=2000)
    photo = models.BinaryField(null=True, blank=True)
    teller = models.CharField(max_length=6, choices=Teller.choices, default=Teller.DESK)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    by_reader = models.ForeignKey(SheetReader, models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_how = models.CharField(_("how it was settled"), max_length=500, blank=True)

    objects = ScopedManager.from_queryset(IncidentQuerySet)()

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["building", "settled_at"], name="incident_by_building"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True) | ~models.Q(settled_how=""), name="settled_says_how"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class DoorCode(OwnedModel):
    """The code that hangs at the door of a space. The address is signed with `number`; a higher one ends old codes."""

    building = models.ForeignKey(Building, models.CASCADE, related_name="door_codes")
    space = models.OneToOneField(Space, models.CASCADE, related_name="door_code")
    number = models.PositiveIntegerField(default=1)

    objects = ScopedManager.from_queryset(OfBuildingQuerySet)()

    def __str__(self) -> str:
        return str(self.pk)
