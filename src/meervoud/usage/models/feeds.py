"""Secret addresses of calendars: one person's view of what they may see."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models import Person, Viewer


class FeedQuerySet(ScopedQuerySet["Feed"]):
    """Feeds by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return a person's own feeds."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        return self._scoped().filter(person=viewer)


class Feed(OwnedModel):
    """A secret calendar address of one person, about what they may see; only the hash of its token is kept."""

    class About(models.TextChoices):
        """Of what the feed tells."""

        PERSON = "person", _("everything that is mine")
        SPACE = "space", _("one space")
        ORGANISATION = "organisation", _("one organisation")
        BUILDING = "building", _("one building")

    person = models.ForeignKey(Person, models.CASCADE, related_name="feeds")
    about = models.CharField(_("about"), max_length=12, choices=About.choices)
    thing = models.UUIDField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager.from_queryset(FeedQuerySet)()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(about="person", thing__isnull=True)
                | ~models.Q(about="person") & models.Q(thing__isnull=False),
                name="a_feed_is_about_something",
            ),
        )

    def __str__(self) -> str:
        return f"{self.about} {self.pk}"
