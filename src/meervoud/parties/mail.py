"""The outbox: a mail is a row of the same transaction; it leaves afterwards, at once or as a line of a digest."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from meervoud.lib import clock
from meervoud.parties.mail_links import rhythm_path, weekly_path
from meervoud.parties.models import OutboxMail, Person
from meervoud.parties.models.messages import OutboxMailQuerySet
from meervoud.parties.models.people import Rhythm
from meervoud.parties.rhythm import next_digest

MOST_TRIES: Final = 8
PAUSES: Final = tuple(timedelta(minutes=each) for each in (5, 15, 60, 240, 720, 1440, 2880))
"""How long a mail waits after each try that failed: some servers want to be asked again later."""
SOON: Final = timedelta(days=2)
POLICY: Final = re.compile(r"\b5\.7\.\d")
OUTBOX: Final = "the platform sends what waits, whomever it is for"


@dataclass(frozen=True)
class Letter:
    """A mail before it is written: a template under `mail/` and its gaps. The first line is the subject.

    Attributes:
        name: of the template.
        gaps: its values.
        about: what it is about, like "proposal:ID"; a later letter replaces an earlier one that still waits.
        can_wait: whether it may wait for the digest of whoever wants one.
        ends_at: until when the reader can act; what ends soon after the next digest does not wait for it.
        link: the path of the page it is about, for the digest.
    """

    name: str
    gaps: Mapping[str, str] = field(default_factory=dict)
    about: str = ""
    can_wait: bool = False
    ends_at: datetime | None = None
    link: str = ""


def put_in_outbox(
    *, address: str, language: str, letter: Letter, to: Person | None = None, digest_after: datetime | None = None
) -> OutboxMail:
    """Write a mail in a language and keep it until it is sent; a gap never breaks a line, so none ends the subject."""
    gaps = {name: " ".join(value.split()) for name, value in letter.gaps.items()}
    with translation.override(language):
        text = render_to_string(f"mail/{letter.name}.txt", {**gaps, "base": settings.BASE_URL})
    subject, _, body = text.strip().partition("\n")
    return OutboxMail.objects.create(
        to=to,
        address=address,
        language=language,
        subject=subject.strip()[:200],
        text="" if digest_after else with_foot(body.strip(), to, language),
        kind=letter.name,
        about=letter.about,
        link=letter.link,
        digest_after=digest_after,
        message_id=new_message_id(),
    )


def with_foot(body: str, to: Person | None, language: str) -> str:
    """Return a text with the link to how often somebody wants mail; mail to an address without a person has none."""
    if to is None:
        return body
    with translation.override(language):
        foot = render_to_string("mail/foot.txt", {"base": settings.BASE_URL, "path": rhythm_path(to)})
    return f"{body}\n\n-- \n{foot.strip()}"


def new_message_id() -> str:
    """Return a name for a mail that nobody can guess: what comes back with it was sent by us."""
    return f"<{uuid4().hex}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"


def write_to(person: Person, letter: Letter) -> OutboxMail | None:
    """Write a mail to a person; None for somebody whom mail does not reach, who is served by phone and letter."""
    if not person.email or not person.is_active or person.mail_does_not_arrive:
        return None
    if letter.about:
        drop_waiting(letter.about, [person])
    return put_in_outbox(
        address=person.email,
        language=person.language,
        letter=letter,
        to=person,
        digest_after=_waits_until(person, letter),
    )


def _waits_until(person: Person, letter: Letter) -> datetime | None:
    """Return after when a letter goes into the digest, None where it leaves at once."""
    if not letter.can_wait or person.mail_rhythm == Rhythm.AT_ONCE:
        return None
    after = next_digest(person.mail_rhythm, clock.now())
    return None if letter.ends_at is not None and letter.ends_at < after + SOON else after


def drop_waiting(about: str, people: Iterable[Person]) -> None:
    """Take out of the digests to come what is settled, or told anew."""
    rows = OutboxMail.objects.every(because="mail about one thing, which is settled or told anew")
    rows.filter(about=about, to__in=list(people), digest_after__isnull=False, sent_at__isnull=True).delete()


def mails_to_send(now: datetime) -> OutboxMailQuerySet:
    """Return the mails whose turn it is."""
    rows = OutboxMail.objects.every(because=OUTBOX)
    due = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
    return rows.filter(due, sent_at__isnull=True, digest_after__isnull=True, tries__lt=MOST_TRIES)


def send_outbox(*, now: datetime, most: int = 100) -> int:
    """Send what waits, and return how many mails left.

    One that fails is tried again after longer and longer pauses, eight times at most; an address that does not exist
    is not tried again, and its owner sees it on the desk.
    """
    sent = 0
    waiting = mails_to_send(now)
    for mail in waiting.select_related("to").order_by("created_at")[:most]:
        # whoever counts the try sends: two of these at once do not send a mail twice
        if not waiting.filter(pk=mail.pk, tries=mail.tries).update(tries=mail.tries + 1):
            continue
        mail.tries += 1
        try:
            EmailMessage(mail.subject, mail.text, to=[mail.address], headers=_headers(mail)).send()
        except (OSError, ValueError) as error:  # ValueError: an address that no mail can carry
            _note_fault(mail, error, now)
        else:
            mail.sent_at, mail.fault, mail.text = now, "", ""  # what was sent is not kept: it may hold a secret link
            sent += 1
        mail.save(update_fields=["fault", "sent_at", "text", "tries", "next_try_at", "changed_at"])
    return sent


def _headers(mail: OutboxMail) -> dict[str, str]:
    headers = {"Message-ID": mail.message_id or new_message_id()}
    if mail.to is not None:
        headers["List-Unsubscribe"] = f"<{settings.BASE_URL}{weekly_path(mail.to)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _note_fault(mail: OutboxMail, error: Exception, now: datetime) -> None:
    said = answer_of(error)
    mail.fault = f"{type(error).__name__} {said}".strip()[:200]
    if isinstance(error, SMTPRecipientsRefused) and said.startswith("5") and not POLICY.search(said):
        mail.tries = MOST_TRIES
        mark_mail_fault(mail, said[:3], now)
    mail.next_try_at = now + PAUSES[min(mail.tries, len(PAUSES)) - 1]


def answer_of(error: Exception) -> str:
    """Return the number with which a server refused, and its enhanced code; never its words, which hold the address."""
    number, words = 0, b""
    if isinstance(error, SMTPRecipientsRefused):
        number, words = next(iter(error.recipients.values()), (0, b""))
    elif isinstance(error, SMTPResponseException):
        number, words = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""
    elif not isinstance(error, SMTPException):
        return ""
    found = re.search(rb"\b[245]\.\d{1,3}\.\d{1,3}\b", words)
    return f"{number or ''} {found[0].decode() if found else ''}".strip()


def mark_mail_fault(mail: OutboxMail, what: str, now: datetime) -> bool:
    """Note that mail to a person does not arrive, where it went to their present address; say whether it did."""
    if mail.to_id is None:
        return False
    rows = Person.objects.filter(pk=mail.to_id, email__iexact=mail.address)
    return bool(rows.update(mail_fault=what[:40], mail_fault_address=mail.address, mail_fault_since=now))
