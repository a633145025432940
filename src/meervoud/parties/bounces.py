"""Mail that came back: reads delivery status notifications (RFC 3464) and notes whose address does not work.

Only a mail that we sent in the last thirty days counts, found by the Message-ID that we gave it and nobody can guess:
a forged notification switches nobody off.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message as Mail
from typing import Final

from django.db import transaction

from meervoud.lib.journal import journal
from meervoud.parties.mail import mark_mail_fault
from meervoud.parties.models import OutboxMail

MOST_BYTES: Final = 1_000_000
MOST_PARTS: Final = 100
KNOWN_FOR: Final = timedelta(days=30)
STATUS: Final = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b", re.ASCII)
MESSAGE_ID: Final = re.compile(r"<[^<>\s@]{1,120}@[^<>\s@]{1,120}>")
UNREADABLE: Final = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Notice:
    """What one notification says about one mail: its Message-ID, to whom, and an enhanced status like "5.1.1"."""

    message_id: str
    recipient: str
    status: str


@dataclass
class Bounces:
    """How many notifications said what."""

    hard: int = 0
    soft: int = 0
    known: int = 0
    strange: int = 0
    unreadable: int = 0


def read_notice(data: bytes) -> Notice | None:
    """Return what a mail says as a delivery status notification, None where it is none or cannot be read."""
    if len(data) > MOST_BYTES:
        return None
    try:
        return _notice_of(message_from_bytes(data))
    except UNREADABLE:
        return None


def _notice_of(mail: Mail) -> Notice | None:
    if mail.get_content_type() != "multipart/report":
        return None
    blocks, message_id = list[Mail](), ""
    for number, part in enumerate(mail.walk()):
        if number > MOST_PARTS:
            return None
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            payload = part.get_payload()
            blocks += [each for each in payload if isinstance(each, Mail)] if isinstance(payload, list) else []
        elif kind in ("message/rfc822", "text/rfc822-headers") and not message_id:
            message_id = _message_id(part)
    worst = max(_statuses(blocks), key=lambda found: found[0], default=None)
    return Notice(message_id, worst[1], worst[0]) if worst and message_id else None


def _statuses(blocks: Iterable[Mail]) -> Iterator[tuple[str, str]]:
    """Yield the status and recipient of each block; a status that contradicts its action does not count."""
    for block in blocks:
        found = STATUS.match(str(block.get("Status", "")))
        action = str(block.get("Action", "")).strip().lower()
        if found is None or found[1] == "2" or (found[1] == "5" and action != "failed"):
            continue
        recipient = str(block.get("Final-Recipient", "")).partition(";")[2].strip().lower()
        yield ".".join(found.groups()), recipient


def _message_id(part: Mail) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        said = str(payload[0].get("Message-ID", "")) if payload and isinstance(payload[0], Mail) else ""
    else:
        body = part.get_payload(decode=True)
        said = str(message_from_bytes(body).get("Message-ID", "")) if isinstance(body, bytes) else ""
    found = MESSAGE_ID.search(said[:400])
    return found[0] if found else ""


def note_bounces(mails: Iterable[bytes], *, now: datetime) -> Bounces:
    """Note what came back, and return how many of what; reading the same again changes nothing."""
    counted = Bounces()
    for data in mails:
        notice = read_notice(data)
        if notice is None:
            counted.unreadable += 1
        else:
            _note(notice, counted, now)
    return counted


@transaction.atomic
def _note(notice: Notice, counted: Bounces, now: datetime) -> None:
    sent = OutboxMail.objects.every(because="a notification names a mail of ours by an id that nobody can guess")
    lately = sent.filter(message_id=notice.message_id, sent_at__gt=now - KNOWN_FOR, sent_at__lte=now)
    mail = lately.select_for_update(of=("self",)).select_related("to").first()
    if mail is None:
        counted.strange += 1
        return
    if mail.fault == notice.status or mail.fault.startswith("5"):
        counted.known += 1
        return
    mail.fault = notice.status
    mail.save(update_fields=["fault", "changed_at"])
    if not notice.status.startswith("5"):
        counted.soft += 1
        return
    counted.hard += 1
    if mark_mail_fault(mail, notice.status, now) and mail.to is not None:
        journal(None, "person.mail_came_back", mail.to, about=mail.to.pk, status=notice.status)
