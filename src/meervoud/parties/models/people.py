"""People, with or without an account, and the records that somebody entered for them."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet

LANGUAGES = [("nl", "Nederlands"), ("en", "English"), ("da", "Dansk")]


class Rhythm(models.TextChoices):
    """How often somebody wants the mails that may wait."""

    AT_ONCE = "at_once", _("at once")
    DAILY = "daily", _("one mail a day, at seven in the morning")
    WEEKLY = "weekly", _("one mail a week, on Monday morning")


class PersonManager(BaseUserManager["Person"]):
    """Makes people."""

    def create_user(
        self, email: str | None = None, password: str | None = None, **values: Any
    ) -> "Person":  # Any: fields
        """Make a person; without a password they sign in by a code, without e-mail not at all."""
        person = self.model(email=self.normalize_email(email) if email else None, **values)
        person.set_password(password) if password else person.set_unusable_password()
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **values: Any) -> "Person":  # Any: fields
        """Make a person who may use the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **values)


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody. Without e-mail they are served by phone and letter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="nl")
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_made_up = models.BooleanField(default=False)
    mail_rhythm = models.CharField(
        _("when you get mails that may wait"), max_length=8, choices=Rhythm.choices, default=Rhythm.AT_ONCE
    )
    mail_fault = models.CharField(max_length=40, blank=True)
    mail_fault_address = models.EmailField(blank=True)
    mail_fault_since = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or gettext("somebody")  # never the address: hosts and groups read this

    @property
    def mail_does_not_arrive(self) -> bool:
        """Whether mail to the present address came back; a new address begins anew."""
        return bool(self.mail_fault) and self.mail_fault_address == self.email

    def save(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own signature
        """Keep "no address" as NULL: two people without e-mail do not clash."""
        self.email = self.email or None
        super().save(*args, **kwargs)


Viewer = Person | AnonymousUser


class ServedRecordQuerySet(ScopedQuerySet["ServedRecord"]):
    """Records by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return a person's own records, and those that somebody of their programme entered."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        colleagues = Person.objects.filter(programme_roles__programme__roles__person=viewer).values("id")
        return self._scoped().filter(models.Q(person=viewer) | models.Q(entered_by__in=colleagues))

    def of_person(self, person: Person) -> Self:
        """Return the records of one person."""
        return self._scoped().filter(person=person)

    def of_code(self, code_hash: str) -> Self:
        """Return the record that a code opens: whoever has the letter may."""
        return self._scoped().filter(code_hash=code_hash)

    def of_things(self, things: ScopedQuerySet[Any]) -> Self:  # Any: requests, and what a later room lets be entered
        """Return the records about things that were found in a scope."""
        return self._scoped().filter(thing__in=things.values("pk"))


class ServedRecord(OwnedModel):
    """Something entered for a person without account: who did it, after which call, and the code that claims it.

    The code itself stands only in the letter; here is its hash. What nobody claims is forgotten on `forget_on`.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="served_records")
    entered_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    thing_kind = models.CharField(max_length=40)
    thing = models.UUIDField(db_index=True)
    call_at = models.DateTimeField(_("moment of the call"))
    call_note = models.CharField(_("what was agreed on the phone"), max_length=300, blank=True)
    postal_address = models.TextField(_("postal address"), blank=True)
    code_hash = models.CharField(max_length=64, unique=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    forget_on = models.DateField()

    objects = ScopedManager.from_queryset(ServedRecordQuerySet)()

    def __str__(self) -> str:
        return f"{self.thing_kind} {self.thing}"
