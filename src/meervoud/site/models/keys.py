"""Personal keys: with one, a program reads what its person may see, as far as the key goes."""

from typing import Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models import Person, Viewer

SCOPES: Final = {
    "read:offers": _("read your own offers, also those that are not online"),
    "read:requests": _("read the requests that you may see"),
    "read:proposals": _("read the proposals that you may see"),
}


class ApiKeyQuerySet(ScopedQuerySet["ApiKey"]):
    """Keys by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the keys of a person; staff see only their own too."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        return self._scoped().filter(person=viewer)

    def of_hash(self, secret_hash: str) -> Self:
        """Return the key that a secret opens: whoever has the secret may."""
        return self._scoped().filter(secret_hash=secret_hash)


class ApiKey(OwnedModel):
    """A key of one person. The secret is shown once; here is its hash. What is revoked is deleted."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(ApiKeyQuerySet)()

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        ordering = ("created_at",)

    def __str__(self) -> str:
        return self.name
