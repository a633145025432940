"""Conversations through the platform that expose no address, and mail that leaves after the transaction."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.parties.models.organisations import Organisation
from meervoud.parties.models.people import LANGUAGES, Person, Viewer
from meervoud.parties.models.programmes import Programme, ProgrammeRole


class ConversationQuerySet(ScopedQuerySet["Conversation"]):
    """Conversations by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those a person started, those with their organisation, and those of their programme as staff."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        organisations = Organisation.objects.of_member(viewer).values("id")
        sent = models.Q(messages__held_at__isnull=True)  # what the desk has not let through is not there for others
        return (
            self._scoped()
            .filter(
                models.Q(started_by=viewer)
                | (models.Q(with_organisation__in=organisations) & sent)
                | models.Q(programme__roles__person=viewer)
            )
            .distinct()
        )


class Conversation(OwnedModel):
    """A question about a thing, between a person and an organisation."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    started_by = models.ForeignKey(Person, models.CASCADE, related_name="conversations")
    with_organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="conversations")
    subject = models.CharField(_("subject"), max_length=160)
    thing_kind = models.CharField(max_length=40)
    thing = models.UUIDField(db_index=True)

    objects = ScopedManager.from_queryset(ConversationQuerySet)()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")

    def __str__(self) -> str:
        return self.subject


class MessageQuerySet(ScopedQuerySet["Message"]):
    """Messages by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the messages of a viewer's conversations; held ones only to their author and to staff."""
        rows = self._scoped().filter(conversation__in=Conversation.objects.visible_to(viewer).values("id"))
        if not isinstance(viewer, Person):
            return rows
        programmes = ProgrammeRole.objects.of_person(viewer).values("programme")
        own = models.Q(author=viewer) | models.Q(conversation__programme__in=programmes)
        return rows.filter(own | models.Q(held_at__isnull=True))

    def written_by(self, person: Person) -> Self:
        """Return what one person wrote."""
        return self._scoped().filter(author=person)


class Message(OwnedModel):
    """One message of a conversation."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(_("message"), max_length=4000)
    held_at = models.DateTimeField(_("held back since"), null=True, blank=True)

    objects = ScopedManager.from_queryset(MessageQuerySet)()

    class Meta:
        ordering = ("created_at",)

    def __str__(self) -> str:
        return str(self.pk)


class OutboxMailQuerySet(ScopedQuerySet["OutboxMail"]):
    """Mails by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the mails to a person; staff read nobody's."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        return self._scoped().filter(to=viewer)


class OutboxMail(OwnedModel):
    """A mail to be sent: written in the transaction of what it tells, sent afterwards.

    One with `digest_after` never leaves itself: it becomes a line of the next digest.
    """

    to = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    address = models.EmailField()
    language = models.CharField(max_length=2, choices=LANGUAGES)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    sent_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=80, blank=True, db_index=True)
    link = models.CharField(max_length=200, blank=True)
    digest_after = models.DateTimeField(null=True, blank=True, db_index=True)
    message_id = models.CharField(max_length=200, blank=True, db_index=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)

    objects = ScopedManager.from_queryset(OutboxMailQuerySet)()

    class Meta:
        verbose_name_plural = "outbox mails"

    def __str__(self) -> str:
        return str(self.pk)
