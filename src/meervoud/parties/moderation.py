"""Moderation: the first text of somebody nobody vouched for is read by the desk before it is sent."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import models, transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.events import happened
from meervoud.lib.journal import journal
from meervoud.parties.events import TextLetThrough
from meervoud.parties.mail import Letter, write_to
from meervoud.parties.models import Held, Message, Organisation, Person, Programme
from meervoud.parties.models.moderation import NotSent, Verdict, Why
from meervoud.parties.models.organisations import Verification
from meervoud.parties.roles import works_for

MOST_LINKS: Final = 2
LINK: Final = re.compile(
    r"\b(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net|info|biz|io|eu|nl|be|de|dk|me|ru|cn|xyz|top|shop|online|site)\b",
    re.IGNORECASE,
)
DESK: Final = "the desk decides about a text of its own programme"


def is_trusted(person: Person, programme: Programme) -> bool:
    """Say whether somebody of the programme vouched for a person: staff, a checked organisation, a text let through."""
    if works_for(person, programme):
        return True
    if Organisation.objects.of_member(person).filter(verification=Verification.VERIFIED).exists():
        return True
    wrote = Message.objects.written_by(person).filter(conversation__programme=programme, held_at__isnull=True)
    passed = Held.objects.every(because="whether the author is known here").filter(
        author=person, programme=programme, verdict=Verdict.LET_THROUGH
    )
    return wrote.exists() or passed.exists()


def why_held(person: Person, programme: Programme, text: str) -> str:
    """Return why a text is held back before it is sent, "" where it is not."""
    if works_for(person, programme):
        return ""
    if sum(1 for _ in LINK.finditer(text)) > MOST_LINKS:
        return Why.LINKS
    return "" if is_trusted(person, programme) else Why.FIRST


def hold(*, thing: models.Model, programme: Programme, author: Person | None, why: str) -> Held:
    """Hold a text back: only its author and the desk see it. One that was let through before is held again."""
    kind = thing._meta.model_name or ""
    rows = Held.objects.every(because="one row for each text that was ever held back")
    held, _ = rows.update_or_create(
        thing=thing.pk,
        defaults={
            "programme": programme,
            "author": author,
            "thing_kind": kind,
            "why": why,
            "verdict": Verdict.OPEN,
            "reason": "",
            "decided_by": None,
            "decided_at": None,
        },
    )
    journal(None, f"{kind}.held", thing, why=str(why))
    return held


def hidden_things(things: Iterable[UUID]) -> dict[UUID, Held]:
    """Return what is held back of some things that were found in a scope, by id."""
    rows = Held.objects.every(because="things that were found in the scope of who looks")
    return {row.thing: row for row in rows.filter(thing__in=list(things)).exclude(verdict=Verdict.LET_THROUGH)}


@transaction.atomic
def let_through(*, held: Held, by: Person, now: datetime) -> Held:
    """Send a text that was held back; its author is known in this programme from now on.

    Raises:
        ConflictError: it was decided already.
    """
    row = _undecided(held)
    row.verdict, row.decided_by, row.decided_at = Verdict.LET_THROUGH, by, now
    row.save()
    Message.objects.every(because=DESK).filter(pk=row.thing).update(held_at=None)
    journal(by, f"{row.thing_kind}.let_through", row, about=row.author_id, held=str(row.thing))
    if row.why != Why.REPORTS:  # what was reported had been sent before it was hidden
        happened(TextLetThrough(row.thing_kind, row.thing))
    return row


@transaction.atomic
def do_not_send(*, held: Held, by: Person, reason: str, path: str, now: datetime) -> Held:
    """Keep a text back for good, for a reason of the list, and tell its author.

    Args:
        held: what waits.
        by: staff of its programme.
        reason: one of NotSent.
        path: of the page where the author can write another one.
        now: when.

    Raises:
        InputError: a reason that is not on the list.
        ConflictError: it was decided already.
    """
    if reason not in NotSent.values:
        raise InputError("Choose a reason from the list.", code="reason_unknown")
    row = _undecided(held)
    row.verdict, row.reason, row.decided_by, row.decided_at = Verdict.NOT_SENT, reason, by, now
    row.save()
    journal(by, f"{row.thing_kind}.not_sent", row, about=row.author_id, held=str(row.thing), reason=reason)
    if row.author is not None:
        write_to(row.author, Letter("moderation", {"reason": reason, "path": path}, link=path))
    return row


def _undecided(held: Held) -> Held:
    rows = Held.objects.every(because=DESK).select_for_update(of=("self",)).select_related("author", "programme")
    row = rows.get(pk=held.pk)
    if row.verdict != Verdict.OPEN:
        raise ConflictError("Somebody of the desk decided about this already.")
    return row
