"""Imports: what a sheet said, what it changed, and how to undo that."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
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
        WRITING = "writing", _("is being imported")
        CONFIRMED = "confirmed", _("imported")
        UNDOING = "undoing", _("is being undone")
        UNDONE = "undone", _("undone")
        DROPPED = "dropped", _("dropped")

    class Ending(models.TextChoices):
        """Why an import did not end as it was meant to."""

        CHANGED = "changed", _("something changed after the preview")
        CANCELLED = "cancelled", _("cancelled")
        FAULT = "fault", _("stopped by a fault")

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
    ordered_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")  # who confirmed or undid it
    fingerprint = models.CharField(max_length=64, blank=True)  # of the preview that was confirmed
    online = models.BooleanField(default=False)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    portions = models.PositiveIntegerField(null=True)  # in how many it is written; None: not known yet
    portions_written = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)  # how many things are to be written or undone
    done = models.PositiveIntegerField(default=0)  # how many of them are
    attempt = models.PositiveIntegerField(default=0)  # the last worker that took it; an older one writes nothing more
    leased_until = models.DateTimeField(
        null=True
    )  # until then a worker is trusted to be alive; None: nobody works at it

    objects = ScopedManager.from_queryset(ImportRunQuerySet)()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = (
            models.UniqueConstraint(
                fields=["programme"],
                condition=models.Q(state__in=["writing", "undoing"]),
                name="a_programme_writes_one_import_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class ImportChangeQuerySet(ScopedQuerySet["ImportChange"]):
    """Changes by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the changes of the imports that a viewer may see."""
        return self._scoped().filter(run__in=ImportRun.objects.visible_to(viewer).values("id"))


class ImportChange(OwnedModel):
    """What an import does to one thing: its values before (None: it was not there) and after; written by portion."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="changes")
    portion = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=120)
    thing = models.UUIDField()  # what is new has its id from the plan on
    before = models.JSONField(null=True)
    after = models.JSONField()

    objects = ScopedManager.from_queryset(ImportChangeQuerySet)()

    class Meta:
        indexes = (models.Index(fields=["run", "portion"], name="import_change_portion"),)

    def __str__(self) -> str:
        return self.key
