"""Whom to call for each side of an agreement, and what opens the door: written by the side it belongs to, or the desk."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Q

from meervoud.agreements.drafts import lock_agreement, sides_of
from meervoud.agreements.models import LIVE, AccessSecret, Agreement, AgreementContact
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.models import Person

MOST: Final = 12
OWN: Final = "the person is being erased, or reads what is kept about themselves"


@dataclass(frozen=True)
class Reach:
    """Somebody to call: for which side, what for, how; `is_me` where it is the person who writes it down."""

    side: str
    role: str
    name: str
    phone: str = ""
    email: str = ""
    is_me: bool = False


@transaction.atomic
def add_contact(*, agreement: Agreement, by: Person, reach: Reach) -> AgreementContact:
    """Write down whom to call for one's own side.

    Raises:
        ConflictError: the agreement is over, or the side has twelve.
        InputError: a role that does not exist, or nothing to reach them by.
        NotAllowedError: the person does not speak for that side.
    """
    row = _lock(agreement, by, reach.side)
    if reach.role not in AgreementContact.Role.values:
        raise InputError("Choose from the list what to call them for.", code="contact_role")
    name, phone, email = (_clean(each) for each in (reach.name, reach.phone, reach.email))
    if not name or not (phone or email):
        raise InputError("Give a name, and a phone number or an e-mail address.", code="contact_reach")
    if row.contacts.filter(side=reach.side).count() >= MOST:
        raise ConflictError("There are twelve on the list already. Remove one first.")
    contact = AgreementContact.objects.create(
        agreement=row,
        side=reach.side,
        role=reach.role,
        name=name[:120],
        phone=phone[:40],
        email=email[:254],
        person=by if reach.is_me else None,
    )
    journal(by, "contact.added", contact, agreement=str(row.pk), side=reach.side, role=reach.role)
    return contact


@transaction.atomic
def remove_contact(*, contact: AgreementContact, by: Person) -> None:
    """Take somebody off the list of one's own side.

    Raises:
        NotAllowedError: the person does not speak for that side.
    """
    agreement = lock_agreement(contact.agreement)
    if contact.side not in sides_of(by, agreement):
        raise NotAllowedError("You do not speak for this side.")
    journal(by, "contact.removed", contact, agreement=str(agreement.pk))
    agreement.contacts.filter(pk=contact.pk).delete()


@dataclass(frozen=True)
class Opens:
    """What opens a door: the kind, the text, who needs it, and between which days it holds."""

    kind: str
    text: str
    for_side: str = Side.ASKER
    valid_from: date | None = None
    valid_until: date | None = None


@transaction.atomic
def add_secret(*, agreement: Agreement, by: Person, opens: Opens) -> AccessSecret:
    """Write down what opens a door.

    Raises:
        ConflictError: the agreement is over, or there are twelve.
        InputError: a kind that does not exist, no text, or days that end before they begin.
        NotAllowedError: the person is of neither side and does not work for the programme.
    """
    row = _lock(agreement, by, None)
    text = _clean(opens.text)[:300]
    if opens.kind not in AccessSecret.Kind.values or opens.for_side not in Side.values:
        raise InputError("Choose from the list what it is.", code="access_kind")
    if not text:
        raise InputError("Write the code, or where the key is.", code="access_text")
    if opens.valid_from and opens.valid_until and opens.valid_until < opens.valid_from:
        raise InputError("The last day lies before the first. Swap the two days.", code="access_days")
    if row.access_secrets.count() >= MOST:
        raise ConflictError("There are twelve on the list already. Remove one first.")
    secret = AccessSecret.objects.create(
        agreement=row,
        kind=opens.kind,
        text=text,
        valid_from=opens.valid_from,
        valid_until=opens.valid_until,
        for_side=opens.for_side,
        by=by,
    )
    journal(by, "access.added", secret, agreement=str(row.pk), kind=opens.kind)
    return secret


@transaction.atomic
def remove_secret(*, secret: AccessSecret, by: Person) -> None:
    """Take away what opened a door: its text is gone.

    Raises:
        NotAllowedError: the person neither wrote it nor speaks for the host.
    """
    agreement = lock_agreement(secret.agreement)
    if secret.by_id != by.pk and Side.HOST not in sides_of(by, agreement):
        raise NotAllowedError("Who wrote this removes it, or the host.")
    journal(by, "access.removed", secret, agreement=str(agreement.pk), kind=secret.kind)
    agreement.access_secrets.filter(pk=secret.pk).delete()


def contacts_about(person: Person) -> Q:
    """Return what finds the contacts that are a person: as themselves, or by their address."""
    about = Q(person=person)
    return about | Q(email__iexact=person.email) if person.email else about


def forget_contacts(person: Person) -> None:
    """Remove a person from all lists, and their name from what they wrote; a door still opens for others."""
    AgreementContact.objects.every(because=OWN).filter(contacts_about(person)).delete()
    AccessSecret.objects.every(because=OWN).filter(by=person).update(by=None)


def _lock(agreement: Agreement, by: Person, side: str | None) -> Agreement:
    row = lock_agreement(agreement)
    sides = sides_of(by, row)
    if not sides or (side is not None and side not in sides):
        raise NotAllowedError("You do not speak for this side.")
    if row.state not in LIVE:
        raise ConflictError("This agreement is over. Look at it again.")
    return row


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()
