"""Serving people without account or e-mail: entered by somebody else, read back by letter, claimed with a code."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models, transaction

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.events import happened
from meervoud.lib.journal import journal
from meervoud.parties.events import RecordClaimed
from meervoud.parties.models import Membership, Person, ServedRecord
from meervoud.parties.organisations import hash_token

FORGET_DAYS = 180
CLAIMED = "record.claimed"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another


@dataclass(frozen=True)
class Caller:
    """Who called: as much as they told, and nothing they did not."""

    name: str
    phone: str = ""
    postal_address: str = ""
    language: str = "nl"


@dataclass(frozen=True)
class Call:
    """When somebody called and what was agreed."""

    at: datetime
    note: str = ""


def add_caller(caller: Caller) -> Person:
    """Keep somebody without account; they cannot sign in until they claim what was entered for them."""
    person = Person(name=caller.name.strip(), phone=caller.phone.strip(), language=caller.language)
    person.set_unusable_password()
    person.save()
    return person


@transaction.atomic
def serve(*, person: Person, caller: Caller, thing: models.Model, by: Person, call: Call) -> tuple[ServedRecord, str]:
    """Note that a thing was entered for somebody after a call, and return the code for the letter.

    The code is made here, printed once, and stored only as a hash.
    """
    code = make_code()
    record = ServedRecord.objects.create(
        person=person,
        entered_by=by,
        thing_kind=thing._meta.model_name or "",
        thing=thing.pk,
        call_at=call.at,
        call_note=call.note[:300],
        postal_address=caller.postal_address,
        code_hash=hash_token(code),
        forget_on=call.at.date() + timedelta(days=FORGET_DAYS),
    )
    journal(by, "record.entered_for", record, about=person.pk, entered=str(thing.pk))
    return record, code


@transaction.atomic
def new_code(*, record: ServedRecord, by: Person) -> str:
    """Make a new code for a letter that got lost; the old one stops working."""
    code = make_code()
    record.code_hash = hash_token(code)
    record.save(update_fields=["code_hash", "changed_at"])
    journal(by, "record.new_code", record, about=record.person_id)
    return code


def make_code() -> str:
    """Return a code of twelve letters that can be read out on the phone: 60 bits, like ABCD-EFGH-JKLM."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(12))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


@transaction.atomic
def claim(*, code: str, by: Person, now: datetime) -> ServedRecord:
    """Make what was entered for somebody the property of the account that knows the code.

    Returns:
        The record, now about the claimer; the things themselves follow by a reaction.

    Raises:
        InputError: no record has the code.
        ConflictError: somebody claimed it before.
    """
    # the lock lets a second claim of the same moment wait, and then find the code used
    rows = ServedRecord.objects.of_code(hash_token(_normal(code)))
    record = rows.select_for_update(of=("self",)).select_related("person").first()
    if record is None:
        raise InputError(
            "No record has this code. Compare it with the letter: twelve letters and digits in three groups.",
            code="claim_unknown",
        )
    if record.claimed_at:
        raise ConflictError("This code was used before. Call the desk if that was not you.")
    journal(by, CLAIMED, record, about=record.person_id)
    happened(RecordClaimed(record, by))
    _merge(record.person, by, now)
    record.refresh_from_db()
    return record


def _merge(caller: Person, by: Person, now: datetime) -> None:
    """Let the claimer stand in the place of the caller, of whom nothing stays behind that nobody could erase."""
    ServedRecord.objects.of_person(caller).update(person=by, claimed_at=now)
    entered = Membership.objects.of_person(caller)
    hosts = list(entered.values_list("organisation", flat=True))
    Membership.objects.of_person(by).filter(
        organisation__in=hosts
    ).delete()  # the caller's, of a manager, takes its place
    entered.update(person=by)
    caller.name, caller.phone, caller.is_active = "", "", False
    caller.save(update_fields=["name", "phone", "is_active"])


def people_to_forget(today: date) -> list[uuid.UUID]:
    """Return the people whose data nobody claimed in time."""
    everybody = ServedRecord.objects.every(because="the platform's own clock")
    late = everybody.filter(claimed_at__isnull=True, forget_on__lte=today)
    return list(late.values_list("person", flat=True).distinct())


def _normal(code: str) -> str:
    letters = "".join(each for each in code.upper() if each in LETTERS)
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))
