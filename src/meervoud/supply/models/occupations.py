"""Time that is taken: the only place where a space is occupied, guarded by the database itself."""

from typing import Self

from django.db import models

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models import Person, Viewer
from meervoud.places.models import Atom, Space


class TakingQuerySet(ScopedQuerySet["Taking"]):
    """Takings by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the takings of the spaces that a person may see, and what they took themselves."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        spaces = Space.objects.visible_to(viewer).values("id")
        return self._scoped().filter(models.Q(space__in=spaces) | models.Q(by=viewer))


class Taking(OwnedModel):
    """Why some time of a space is taken, and until when a hold stands; its occupations say which time.

    `request_key` makes a repeated request the same request: the second one gets the first one's answer.
    """

    class Kind(models.TextChoices):
        """What takes the time."""

        BUSY = "busy"
        HOLD = "hold"
        USE = "use"

    space = models.ForeignKey(Space, models.PROTECT, related_name="takings")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    request_key = models.CharField(max_length=80, unique=True)
    fingerprint = models.CharField(max_length=64)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(TakingQuerySet)()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(kind="hold") | models.Q(expires_at__isnull=False), name="a_hold_expires"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class OccupationQuerySet(ScopedQuerySet["Occupation"]):
    """Occupations by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the times of the takings that a viewer may see."""
        return self._scoped().filter(taking__in=Taking.objects.visible_to(viewer).values("id"))


class Occupation(OwnedModel):
    """One occurrence on one atom, half-open, buffers included; two active ones of an atom never overlap.

    The guard is an exclusion constraint on PostgreSQL and two triggers on SQLite; see migrations and guard.py.
    """

    taking = models.ForeignKey(Taking, models.CASCADE, related_name="occupations")
    atom = models.ForeignKey(Atom, models.PROTECT, related_name="occupations")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    shown_starts_at = models.DateTimeField()
    shown_ends_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)

    objects = ScopedManager.from_queryset(OccupationQuerySet)()

    class Meta:
        indexes = (models.Index(fields=["atom", "starts_at"], name="occupation_by_atom_and_start"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="occupation_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(shown_starts_at__gte=models.F("starts_at"))
                & models.Q(shown_ends_at__lte=models.F("ends_at"))
                & models.Q(shown_ends_at__gt=models.F("shown_starts_at")),
                name="occupation_holds_what_it_shows",
            ),
        )

    def __str__(self) -> str:
        return f"{self.starts_at} {self.ends_at}"
