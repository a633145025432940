"""What the desk keeps of a request: who works on it, when to call back, notes, filters, and which requests are one."""

from typing import Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.demand.models import Request
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import M, ScopedManager, ScopedQuerySet
from meervoud.matching.models.leads import StaffQuerySet
from meervoud.parties.models import Person, Programme, ProgrammeRole, Viewer

NOTE_LENGTH: Final = 2000
WHY_LENGTH: Final = 200
NAME_LENGTH: Final = 60


class OfRequestQuerySet(ScopedQuerySet[M]):
    """Rows about a request that only the staff of its programme may see, never who asks or lends."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the rows about requests of the programmes that a person works for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        return self._scoped().filter(request__programme__in=ProgrammeRole.objects.of_person(viewer).values("programme"))


class DeskCaseQuerySet(OfRequestQuerySet["DeskCase"]):
    """Cases by who asks."""


class DeskCase(OwnedModel):
    """A request at the desk: who of the staff works on it, when somebody calls back, and which request it was merged into."""

    request = models.OneToOneField(Request, models.CASCADE, related_name="desk_case")
    assigned_to = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who does it")
    )
    call_on = models.DateField(_("call back on"), null=True, blank=True)
    call_why = models.CharField(_("why"), max_length=WHY_LENGTH, blank=True)
    merged_into = models.ForeignKey(Request, models.SET_NULL, null=True, blank=True, related_name="merged_cases")
    merged_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(DeskCaseQuerySet)()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = (models.Index(fields=["call_on"], name="case_by_call_on"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(merged_at__isnull=False),
                name="a_merged_case_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("request")),
                name="a_case_is_merged_into_another_one",
            ),
        )

    def __str__(self) -> str:
        return str(self.request_id)


class DeskNoteQuerySet(OfRequestQuerySet["DeskNote"]):
    """Notes by who asks."""


class DeskNote(OwnedModel):
    """A note of the desk about a request; none is ever changed, but what is erased loses its text or who wrote it.

    A note that was copied at a merge keeps when it was said, and `said_of`: the request that it was written about.
    """

    request = models.ForeignKey(Request, models.CASCADE, related_name="desk_notes")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("note"), max_length=NOTE_LENGTH, blank=True)
    said_at = models.DateTimeField()
    said_of = models.ForeignKey(Request, models.CASCADE, related_name="+")
    copied_from = models.ForeignKey("self", models.CASCADE, null=True, related_name="copies")

    objects = ScopedManager.from_queryset(DeskNoteQuerySet)()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("-said_at", "-created_at")

    def __str__(self) -> str:
        return str(self.pk)


class SavedFilterQuerySet(ScopedQuerySet["SavedFilter"]):
    """Saved filters by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return a person's own filters and those that colleagues share, of the programmes they work for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        programmes = ProgrammeRole.objects.of_person(viewer).values("programme")
        colleagues = ProgrammeRole.objects.every(because="whether who shares it still works there").filter(
            person=models.OuterRef("person"), programme=models.OuterRef("programme")
        )
        shared = models.Q(models.Exists(colleagues), is_shared=True)
        return self._scoped().filter(models.Q(person=viewer) | shared, programme__in=programmes)


class SavedFilter(OwnedModel):
    """A filter of the queue under a name; `filters` holds the keys of desk_filters.KEYS only."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_filters")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    filters = models.JSONField(default=dict)
    is_shared = models.BooleanField(_("colleagues see it too"), default=False)

    objects = ScopedManager.from_queryset(SavedFilterQuerySet)()

    class Meta:
        ordering = ("name", "created_at")
        constraints = (
            models.UniqueConstraint(fields=["person", "programme", "name"], name="a_person_has_one_filter_of_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class NotTheSameQuerySet(StaffQuerySet["NotTheSame"]):
    """Pairs by who asks."""


class NotTheSame(OwnedModel):
    """Two requests that look alike, and somebody of the desk said that they are not the same; the smaller id is `first`."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="pairs_apart")
    first = models.ForeignKey(Request, models.CASCADE, related_name="+")
    second = models.ForeignKey(Request, models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(NotTheSameQuerySet)()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="a_pair_is_told_apart_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="a_pair_has_its_smaller_id_first"
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"
