"""Making, finding and revoking personal keys."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from meervoud.core.errors import ConflictError
from meervoud.lib.journal import journal
from meervoud.parties.models import Person
from meervoud.site.models import SCOPES, ApiKey
from meervoud.site.second_factor import lacks_second_step

PREFIX: Final = "mv_"
SECRET_BYTES: Final = 32
DAYS: Final = 365
MOST_KEYS: Final = 20
NOTE_USE_AFTER: Final = timedelta(minutes=1)


def hash_secret(secret: str) -> str:
    """Return what is kept of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_key(
    *, person: Person, name: str, scopes: Collection[str], now: datetime, days: int = DAYS
) -> tuple[ApiKey, str]:
    """Make a key for a person, and return it with its secret, which is kept nowhere.

    Raises:
        ConflictError: the person has as many keys as anybody may have.
    """
    Person.objects.select_for_update().get(pk=person.pk)  # two at once would both find room for one
    if ApiKey.objects.visible_to(person).count() >= MOST_KEYS:
        raise ConflictError("You have twenty keys. Revoke one that you do not use any more.")
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    key = ApiKey.objects.create(
        person=person,
        name=name.strip(),
        scopes=[each for each in SCOPES if each in scopes],
        secret_hash=hash_secret(secret),
        expires_at=now + timedelta(days=days),
    )
    journal(person, "key.made", key, about=person.pk, scopes=",".join(key.scopes))
    return key, secret


@transaction.atomic
def revoke_key(*, key: ApiKey, by: Person) -> None:
    """Take a key back: from now on it opens nothing."""
    journal(by, "key.revoked", key, about=key.person_id)
    ApiKey.objects.visible_to(by).filter(pk=key.pk).delete()


def forget_keys(person: Person) -> None:
    """Delete the keys of a person who is being erased, with the names that they gave them."""
    ApiKey.objects.visible_to(person).delete()


def key_of_secret(secret: str, now: datetime) -> ApiKey | None:
    """Return the key that a secret opens, and note that it was used; None where it opens nothing any more.

    A key opens nothing for staff without a second step either: it would be a way around it.
    """
    found = ApiKey.objects.of_hash(hash_secret(secret)).select_related("person").first()
    if found is None or found.expires_at <= now or not found.person.is_active or lacks_second_step(found.person):
        return None
    long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTE_USE_AFTER)
    if found.last_used_at is None or found.last_used_at <= now - NOTE_USE_AFTER:
        ApiKey.objects.of_hash(found.secret_hash).filter(long_ago).update(last_used_at=now)
    return found
