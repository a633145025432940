"""The outbox: a mail is a row of the same transaction; it leaves afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from meervoud.parties.models import OutboxMail, Person

MOST_TRIES = 8


@dataclass(frozen=True)
class Letter:
    """A mail before it is written: a template under `mail/` and its gaps. The first line is the subject."""

    name: str
    gaps: Mapping[str, str] = field(default_factory=dict)


def put_in_outbox(*, address: str, language: str, letter: Letter, to: Person | None = None) -> OutboxMail:
    """Write a mail in a language and keep it until it is sent; a gap never breaks a line, so none ends the subject."""
    gaps = {name: " ".join(value.split()) for name, value in letter.gaps.items()}
    with translation.override(language):
        text = render_to_string(f"mail/{letter.name}.txt", {**gaps, "base": settings.BASE_URL})
    subject, _, body = text.strip().partition("\n")
    return OutboxMail.objects.create(
        to=to, address=address, language=language, subject=subject.strip()[:200], text=body.strip()
    )


def write_to(person: Person, letter: Letter) -> OutboxMail | None:
    """Write a mail to a person; None for somebody without e-mail, who is served by phone and letter."""
    if not person.email or not person.is_active:
        return None
    return put_in_outbox(address=person.email, language=person.language, letter=letter, to=person)


def send_outbox(*, now: datetime, most: int = 100) -> int:
    """Send what waits, and return how many mails left; one that fails is tried again later, eight times at most."""
    sent = 0
    everybody = OutboxMail.objects.every(because="the platform sends what waits, whomever it is for")
    waiting = everybody.filter(sent_at__isnull=True, tries__lt=MOST_TRIES)
    for mail in waiting.order_by("created_at")[:most]:
        # whoever counts the try sends: two of these at once do not send a mail twice
        if not waiting.filter(pk=mail.pk, tries=mail.tries).update(tries=mail.tries + 1):
            continue
        try:
            EmailMessage(mail.subject, mail.text, to=[mail.address]).send()
        except OSError as error:
            mail.fault = type(error).__name__
        else:
            mail.sent_at, mail.fault, mail.text = now, "", ""  # what was sent is not kept: it may hold a secret link
            sent += 1
        mail.save(update_fields=["fault", "sent_at", "text", "changed_at"])
    return sent
