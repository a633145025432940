"""My data: what is known about a person, who looked at it, and forgetting it."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from meervoud.core.errors import ConflictError
from meervoud.lib.events import happened
from meervoud.lib.journal import journal
from meervoud.lib.models import JournalEntry
from meervoud.parties.events import PersonForgotten
from meervoud.parties.models import (
    Held,
    Invitation,
    Membership,
    Message,
    OutboxMail,
    Person,
    ProgrammeRole,
    Report,
    ServedRecord,
)
from meervoud.parties.models.organisations import Role
from meervoud.parties.models.people import Rhythm
from meervoud.parties.served import CLAIMED

LOOKED = "person.looked_at"
ERASED = "the person is being erased, also where somebody else wrote to them or of them"


def note_look(*, person: Person, by: Person, why: str) -> None:
    """Journal that somebody looked at the personal data of another; looking at one's own is not noted."""
    if person != by:
        journal(by, LOOKED, person, about=person.pk, why=why)


def looks_at(person: Person) -> list[JournalEntry]:
    """Return who looked at a person's data, the latest first."""
    return list(JournalEntry.objects.filter(_about(person), verb=LOOKED).order_by("-number")[:200])


def _about(person: Person) -> Q:
    """Return what finds the entries about a person, and those about the caller that they were before they claimed."""
    claimed = JournalEntry.objects.filter(verb=CLAIMED, actor=person.pk).values("about")
    return Q(about=person.pk) | Q(about__in=claimed)


def my_data(person: Person) -> dict[str, Any]:  # Any: values of JSON
    """Return what this room knows about a person, as it is handed out."""
    entries = JournalEntry.objects.filter(Q(actor=person.pk) | _about(person)).order_by("number")
    return {
        "person": {
            "id": str(person.pk),
            "name": person.name,
            "email": person.email or "",
            "phone": person.phone,
            "language": person.language,
            "mail_rhythm": person.mail_rhythm,
            "mail_fault": person.mail_fault,
            "joined_at": person.joined_at.isoformat(),
        },
        "memberships": [
            {"organisation": each.organisation.name, "role": each.role}
            for each in Membership.objects.of_person(person).select_related("organisation")
        ],
        "messages": [
            {"at": each.created_at.isoformat(), "text": each.text}
            for each in Message.objects.written_by(person).order_by("created_at")
        ],
        "reports": [
            {
                "at": each.created_at.isoformat(),
                "what": each.thing_kind,
                "wrong": each.wrong,
                "text": each.text,
                "outcome": each.outcome,
            }
            for each in Report.objects.made_by(person).order_by("created_at")
        ],
        "held_back": [
            {
                "at": each.created_at.isoformat(),
                "what": each.thing_kind,
                "why": each.why,
                "verdict": each.verdict,
                "reason": each.reason,
            }
            for each in Held.objects.every(because="a person's own texts").filter(author=person).order_by("created_at")
        ],
        "entered_for_me": [
            {"what": each.thing_kind, "call_at": each.call_at.isoformat(), "postal_address": each.postal_address}
            for each in ServedRecord.objects.of_person(person)
        ],
        "journal": [
            {"at": each.at.isoformat(), "what": each.verb, "by_me": each.actor == person.pk} for each in entries[:5000]
        ],
    }


@transaction.atomic
def change_person(*, person: Person, by: Person, name: str, phone: str, language: str) -> Person:
    """Correct what a person says of themselves; how often they get mail is chosen by `choose_rhythm`."""
    person.name, person.phone, person.language = name.strip(), phone.strip(), language
    person.save(update_fields=["name", "phone", "language"])
    journal(by, "person.changed", person, about=person.pk)
    return person


def blocks_forgetting(person: Person) -> list[str]:
    """Return the organisations that would be left without anybody who may act for them."""
    own = Membership.objects.of_person(person).filter(role=Role.MANAGER).select_related("organisation")
    return [
        each.organisation.name
        for each in own
        if not each.organisation.memberships.exclude(person=person).exists()
        and (each.organisation.offers.exclude(state="ended").exists())
    ]


@transaction.atomic
def forget(*, person: Person, by: Person | None) -> None:
    """Erase what says who a person is; the row and the journal keep an id that tells nothing.

    Raises:
        ConflictError: an organisation with spaces online would be left alone.
    """
    alone = blocks_forgetting(person)
    if alone and by is not None:
        raise ConflictError("You are the only one who acts for an organisation with spaces. Invite somebody first.")
    happened(PersonForgotten(person))
    Message.objects.written_by(person).update(text="…", author=None)
    Report.objects.made_by(person).update(text="", by=None)
    held = Held.objects.every(because=ERASED).filter(author=person)
    held.filter(verdict="").delete()  # nobody needs to decide about it; what was held stays unseen
    held.update(author=None)
    _forget_mail(person)
    ServedRecord.objects.of_person(person).update(postal_address="", call_note="")
    Membership.objects.of_person(person).delete()
    ProgrammeRole.objects.of_person(person).delete()
    person.name, person.phone, person.email, person.is_active = "", "", None, False
    person.mail_rhythm, person.mail_fault, person.mail_fault_address = Rhythm.AT_ONCE, "", ""
    person.mail_fault_since = None
    person.set_unusable_password()
    person.save()
    journal(by, "person.forgotten", person, about=person.pk)


def _forget_mail(person: Person) -> None:
    """Erase mail to a person, mail that names them to those they invited, and invitations to their address."""
    address = person.email or ""
    invitations = Invitation.objects.every(because=ERASED)
    guests = invitations.filter(invited_by=person).values("email")
    about = Q(to=person) | Q(address__iexact=address) | Q(to=None, address__in=guests)
    OutboxMail.objects.every(because=ERASED).filter(about).delete()
    invitations.filter(email__iexact=address).delete()
