"""What every table has: an opaque id, and when the row was made and changed. And the journal's tables."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class BaseModel(models.Model):
    """A row with an id that tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        abstract = True


class OwnedModel(BaseModel):
    """A row that belongs to somebody; its room gives it a manager made of a ScopedQuerySet."""

    carries_scope: ClassVar[bool] = True

    class Meta:
        abstract = True


class JournalEntry(models.Model):
    """Who did what to what, when. Opaque ids only: names live in rows that can be erased."""

    number = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    verb = models.CharField(max_length=80)
    thing_kind = models.CharField(max_length=40)
    thing = models.UUIDField(db_index=True)
    about = models.UUIDField(null=True, db_index=True)
    details = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "journal entries"
        constraints = (models.UniqueConstraint(fields=["hash"], name="journal_entry_hash_is_unique"),)

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"


class RateBucket(models.Model):
    """How often one key did one thing lately."""

    key = models.CharField(max_length=120, primary_key=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
