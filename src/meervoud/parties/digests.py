"""Digests: what waits for a person becomes one mail when its hour has come."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from meervoud.parties.mail import new_message_id, with_foot
from meervoud.parties.models import OutboxMail, Person
from meervoud.parties.models.messages import OutboxMailQuerySet

CLOCK: Final = "the platform's own clock"
MOST_LINES: Final = 50


def write_digests(*, now: datetime) -> int:
    """Put what waits for each person into one mail, and return how many mails were written."""
    due = _waiting().filter(digest_after__lte=now).values_list("to", flat=True).distinct()
    return sum(_write_digest(person, now) for person in sorted(filter(None, due)))


@transaction.atomic
def _write_digest(person_id: UUID, now: datetime) -> bool:
    # the person is locked first: of two clocks the second finds nothing that waits
    person = Person.objects.select_for_update().get(pk=person_id)
    rows = list(_waiting().filter(to=person, digest_after__lte=now).order_by("created_at"))
    if not rows:
        return False
    _waiting().filter(pk__in=[row.pk for row in rows]).delete()
    if not person.email or not person.is_active or person.mail_does_not_arrive:
        return False
    _put_digest(person, rows)
    return True


def _put_digest(person: Person, rows: list[OutboxMail]) -> None:
    groups = {
        "proposals": [row for row in rows if row.kind == "proposal"],
        "messages": [row for row in rows if row.kind == "message"],
        "others": [row for row in rows if row.kind not in ("proposal", "message")],
    }
    shown = {name: found[:MOST_LINES] for name, found in groups.items()}
    with translation.override(person.language):
        text = render_to_string("mail/digest.txt", {**shown, "number": len(rows), "base": settings.BASE_URL})
    subject, _, body = text.strip().partition("\n")
    OutboxMail.objects.create(
        to=person,
        address=person.email or "",
        language=person.language,
        subject=subject.strip()[:200],
        text=with_foot(body.strip(), person, person.language),
        kind="digest",
        message_id=new_message_id(),
    )


def _waiting() -> OutboxMailQuerySet:
    return OutboxMail.objects.every(because=CLOCK).filter(digest_after__isnull=False, sent_at__isnull=True)
