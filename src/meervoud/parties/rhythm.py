"""When mail that may wait is sent: by the wall clock of the city, so that seven in the morning stays seven."""

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from meervoud.lib.journal import journal
from meervoud.parties.models import OutboxMail, Person
from meervoud.parties.models.people import Rhythm

MORNING: Final = time(7)


def next_digest(rhythm: str, now: datetime, zone: str = "") -> datetime:
    """Return the first moment after `now` at which a digest is due: seven in the morning, weekly on Monday."""
    local = ZoneInfo(zone or settings.TIME_ZONE)
    day = now.astimezone(local).date()
    if rhythm == Rhythm.WEEKLY:
        day += timedelta(days=-day.weekday() % 7)
    step = timedelta(days=7 if rhythm == Rhythm.WEEKLY else 1)
    due = datetime.combine(day, MORNING, local).astimezone(UTC)
    return due if due > now else datetime.combine(day + step, MORNING, local).astimezone(UTC)


@transaction.atomic
def choose_rhythm(*, person: Person, rhythm: str, now: datetime, way: str) -> Person:
    """Change how often a person gets the mails that may wait; what waits already follows.

    Args:
        person: whose mail it is.
        rhythm: one of Rhythm.
        now: the digest that waits is due at the next moment of the new rhythm, or at once.
        way: "page", "link" or "mail program"; for the journal.
    """
    person.mail_rhythm = Rhythm(rhythm)
    person.save(update_fields=["mail_rhythm"])
    due = now if person.mail_rhythm == Rhythm.AT_ONCE else next_digest(person.mail_rhythm, now)
    rows = OutboxMail.objects.every(because="what waits for a person follows what that person chose")
    rows.filter(to=person, digest_after__isnull=False, sent_at__isnull=True).update(digest_after=due)
    journal(person, "person.mail_rhythm_chosen", person, about=person.pk, rhythm=str(person.mail_rhythm), way=way)
    return person


@transaction.atomic
def confirm_address(*, person: Person) -> Person:
    """Note that the address is right after all: mail is written to it again."""
    person.mail_fault, person.mail_fault_address, person.mail_fault_since = "", "", None
    person.save(update_fields=["mail_fault", "mail_fault_address", "mail_fault_since"])
    journal(person, "person.address_confirmed", person, about=person.pk)
    return person
