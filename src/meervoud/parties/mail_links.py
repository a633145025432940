"""Signed links in mails: they open how often somebody wants mail, and nothing else."""

from typing import Final
from uuid import UUID

from django.core import signing
from django.urls import reverse

from meervoud.parties.models import Person

SALT: Final = "meervoud.parties.mail_rhythm"


def rhythm_token(person: Person) -> str:
    """Return the word in the link of a person. It does not expire: an old mail must still be stoppable."""
    return signing.Signer(salt=SALT).sign(person.pk.hex)


def person_of_token(token: str) -> Person | None:
    """Return the person of a link, None where it was tampered with or they are not here any more."""
    try:
        return Person.objects.filter(pk=UUID(signing.Signer(salt=SALT).unsign(token[:200])), is_active=True).first()
    except (signing.BadSignature, ValueError):
        return None


def rhythm_path(person: Person) -> str:
    """Return the path of the page where a person chooses how often they get mail."""
    return reverse("mail_rhythm", args=[rhythm_token(person)])


def weekly_path(person: Person) -> str:
    """Return the path that a mail program posts to when somebody presses its button "unsubscribe"."""
    return reverse("mail_weekly", args=[rhythm_token(person)])
