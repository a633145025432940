"""Imports: what a sheet said, what it changed, and how to undo that."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import BaseModel, OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models import Person, Programme, ProgrammeRole, Viewer

KINDS = [
    ("spaces", _("spaces")),
    ("requests", _("requests")),
    ("areas", _("neighbourhoods")),
    ("indicators", _("figures about neighbourhoods")),
]


class ImportRunQuerySet(ScopedQuerySet["ImportRun"]):
    """Imports by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the imports of the programmes that a person works for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        return self._scoped().filter(programme__in=ProgrammeRole.objects.of_person(viewer).values("programme"))


class ImportRun(OwnedModel):
    """One sheet: kept as it came until it is confirmed or dropped; then its changes are kept for the undo."""

    class State(models.TextChoices):
        """Where an import stands."""

        PREVIEW = "preview", _("to be confirmed")
        CONFIRMED = "confirmed", _("imported")
        UNDONE = "undone", _("undone")
        DROPPED = "dropped", _("dropped")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="imports")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEW)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(default=bytes)
    rows_read = models.PositiveIntegerField(default=0)
    rows_taken = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(ImportRunQuerySet)()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.file_name


class ImportChange(BaseModel):
    """What an import did to one thing: its values before (None: it was not there) and after."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="changes")
    key = models.CharField(max_length=120)
    thing = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField()

    def __str__(self) -> str:
        return self.key
