"""The journal: append-only, each entry bound to the one before it by a hash; chain.py checks it."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Protocol

from django.db import connection, models

from meervoud.lib.clock import now
from meervoud.lib.models import JournalEntry

Detail = str | int | bool | None
ORDER_LOCK = 7_412_201  # any number that no other advisory lock of ours has


class Actor(Protocol):
    """Whoever does something: a person."""

    @property
    def pk(self) -> uuid.UUID:
        """An opaque id."""
        ...


def journal(
    by: Actor | None, verb: str, thing: models.Model, *, about: uuid.UUID | None = None, **details: Detail
) -> JournalEntry:
    """Write who did what to what, in the transaction of the deed.

    Args:
        by: the person, None for the platform itself.
        verb: like "offer.paused".
        thing: a saved row with a UUID.
        about: the person whose data it concerns.
        details: codes and numbers, never names or addresses of people.
    """
    stand_in_line()
    last = JournalEntry.objects.order_by("-number").values_list("hash", flat=True).first() or ""
    entry = JournalEntry(
        at=now(),
        actor=by.pk if by else None,
        verb=verb,
        thing_kind=thing._meta.model_name or "",
        thing=thing.pk,
        about=about,
        details=details,
    )
    entry.hash = hash_of(last, entry)
    entry.save(force_insert=True)
    return entry


def hash_of(before: str, entry: JournalEntry) -> str:
    """Return the hash that binds an entry to the one before it."""
    said: Mapping[str, object] = {
        "before": before,
        "at": entry.at.isoformat(),
        "actor": str(entry.actor or ""),
        "verb": entry.verb,
        "kind": entry.thing_kind,
        "thing": str(entry.thing),
        "about": str(entry.about or ""),
        "details": entry.details,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def stand_in_line() -> None:
    """Wait until nobody else writes what everybody writes, and keep that turn until the end of the transaction.

    What everybody writes: this journal (two that read the same last hash would fork its chain), the change number with
    the offers it is given to, and the counts of the map. One line for all of it, or two could wait for each other; so
    whoever also locks something else locks that first. On SQLite the writer's lock is the line.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ORDER_LOCK])
