"""Secret calendar addresses: made once, shown once, kept as a hash, taken back at any time."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from meervoud.core.errors import InputError
from meervoud.lib.journal import journal
from meervoud.parties.models import Organisation, Person
from meervoud.places.models import Building, Space
from meervoud.usage.models import Feed, UsageMoment

MOST: Final = 20
LONG_AGO: Final = timedelta(days=92)
NOTED_EVERY: Final = timedelta(minutes=10)
TOKEN_WHY: Final = "whoever has the secret address reads what its owner may see"  # noqa: S105  # a reason, no secret


@transaction.atomic
def make_feed(*, person: Person, about: str, thing: UUID | None = None) -> tuple[Feed, str]:
    """Make a secret address for one person, and return it with its secret word, which is nowhere kept.

    Raises:
        InputError: the thing is not theirs to see, or they have twenty addresses already.
    """
    if (
        about not in Feed.About.values
        or (thing is None) != (about == Feed.About.PERSON)
        or not _may_see(person, about, thing)
    ):
        raise InputError("Choose a calendar from the list.", code="feed_about")
    if Feed.objects.visible_to(person).count() >= MOST:
        raise InputError(f"You have {MOST} calendar addresses. Take one back first.", code="feed_many", most=MOST)
    secret = secrets.token_urlsafe(32)
    feed = Feed.objects.create(person=person, about=about, thing=thing, token_hash=_hash(secret))
    journal(person, "feed.made", feed, about=person.pk, of=about)
    return feed, secret


@transaction.atomic
def take_back_feed(*, feed: Feed, by: Person) -> None:
    """Make a secret address stop working."""
    journal(by, "feed.taken_back", feed, about=feed.person_id)
    Feed.objects.visible_to(by).filter(pk=feed.pk).delete()


def feed_of(secret: str) -> Feed | None:
    """Return the feed of a secret word, None where there is none or its owner is gone."""
    rows = Feed.objects.every(because=TOKEN_WHY).filter(token_hash=_hash(secret[:200]), person__is_active=True)
    return rows.select_related("person").first()


def note_use(feed: Feed, now: datetime) -> None:
    """Note that somebody followed the address, at most every ten minutes."""
    if feed.last_used_at is None or feed.last_used_at < now - NOTED_EVERY:
        Feed.objects.every(because=TOKEN_WHY).filter(pk=feed.pk).update(last_used_at=now)


def moments_of_feed(feed: Feed, now: datetime) -> QuerySet[UsageMoment]:
    """Return what a feed tells: what its owner may see at this moment, whole series, not long past."""
    rows = UsageMoment.objects.visible_to(feed.person)
    recent = Q(series__isnull=True, ends_at__gt=now - LONG_AGO) | Q(series__last__gte=(now - LONG_AGO).date())
    return with_words(rows.filter(_about(feed)).filter(recent))


def with_words(rows: QuerySet[UsageMoment]) -> QuerySet[UsageMoment]:
    """Return moments with everything that a calendar says of them, in one query."""
    return rows.select_related(
        "agreement__programme", "agreement__request", "agreement__offer__space__building", "space__building", "series"
    )


def _about(feed: Feed) -> Q:
    if feed.about == Feed.About.SPACE:
        return Q(space=feed.thing)
    if feed.about == Feed.About.BUILDING:
        return Q(space__building=feed.thing)
    if feed.about == Feed.About.ORGANISATION:
        return Q(agreement__request__organisation=feed.thing) | Q(agreement__offer__host=feed.thing)
    return Q()


def _may_see(person: Person, about: str, thing: UUID | None) -> bool:
    if thing is None:
        return True
    if about == Feed.About.SPACE:
        return Space.objects.visible_to(person).filter(pk=thing).exists()
    if about == Feed.About.BUILDING:
        return Building.objects.visible_to(person).filter(pk=thing).exists()
    if about == Feed.About.ORGANISATION:
        return Organisation.objects.of_member(person).filter(pk=thing).exists()
    return True


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
