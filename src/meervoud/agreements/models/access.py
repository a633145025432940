"""Whom to call about an agreement, and what opens the door: each seen only by who needs it, and when."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.agreements.models.agreements import RUNNING, Agreement, of_asker, of_desk, of_host
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.matching.models import Side
from meervoud.parties.models import Person, Viewer


class ContactQuerySet(ScopedQuerySet["AgreementContact"]):
    """Contacts by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of a person's own side and of the programmes they work for; the other side's while it is in force.

        The contacts of a sheltered group are never shown to its host, who calls the desk.
        """
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        way = "agreement__"
        asks, lends = of_asker(viewer, way), of_host(viewer, way)
        own = models.Q(side=Side.ASKER) & asks | models.Q(side=Side.HOST) & lends
        in_force = models.Q(agreement__state__in=RUNNING)
        sheltered = models.Q(side=Side.ASKER, agreement__request__is_sheltered=True)
        return self._scoped().filter(own | of_desk(viewer, way) | in_force & (asks | lends & ~sheltered))


class AgreementContact(OwnedModel):
    """Somebody to call for one side of an agreement; erased with the person it is about."""

    class Role(models.TextChoices):
        """What they are called about."""

        CONTACT = "contact", _("contact")
        DEPUTY = "deputy", _("stands in for the contact")
        OPENS = "opens", _("opens and closes")
        EMERGENCY = "emergency", _("in an emergency")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="contacts")
    side = models.CharField(max_length=5, choices=Side.choices)
    role = models.CharField(_("what for"), max_length=9, choices=Role.choices)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")

    objects = ScopedManager.from_queryset(ContactQuerySet)()

    class Meta:
        ordering = ("role", "created_at")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(phone="") | ~models.Q(email=""), name="a_contact_can_be_reached"
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.role}"


class SecretQuerySet(ScopedQuerySet["AccessSecret"]):
    """Access secrets by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of agreements where a person is of the host, those they wrote, and those of their programmes.

        The group sees them around its moments only, by usage/door_times.py; the desk says why it looks.
        """
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        way = "agreement__"
        return self._scoped().filter(of_host(viewer, way) | models.Q(by=viewer) | of_desk(viewer, way))


class AccessSecret(OwnedModel):
    """What opens a door: a code, where the key hangs, the alarm."""

    class Kind(models.TextChoices):
        """What it is."""

        CODE = "code", _("code of the door")
        KEY_PLACE = "key_place", _("where the key is")
        ALARM = "alarm_code", _("code of the alarm")
        NOTE = "note", _("something to know")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="access_secrets")
    kind = models.CharField(_("what it is"), max_length=10, choices=Kind.choices)
    text = models.CharField(_("the code or the place"), max_length=300)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    for_side = models.CharField(_("who needs it"), max_length=5, choices=Side.choices, default=Side.ASKER)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(SecretQuerySet)()

    class Meta:
        ordering = ("kind", "created_at")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="access_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
