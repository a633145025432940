"""Consent of each side, and the approvals that a side needs of its own people before it signs."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction

from meervoud.agreements.drafts import (
    conditions_of,
    last_version,
    lock_agreement,
    may_change,
    rewritten,
    sides_of,
    write_version,
)
from meervoud.agreements.models import Agreement, Approval, Consent, Minutes, State, Version
from meervoud.agreements.terms import read_terms
from meervoud.agreements.uploads import Paper
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.journal import journal
from meervoud.matching.models import Side
from meervoud.parties.models import Person

MOST_LETTERS: Final = 1000
ERASED: Final = "—"


@transaction.atomic
def say_consent(*, agreement: Agreement, number: int, side: str, by: Person, kind: str, reason: str = "") -> Consent:
    """Say what a side thinks of the last version; what it said before of this version no longer counts.

    Raises:
        ConflictError: it was not put to both sides, or there is a newer version than the one that was read.
        InputError: a concern or an objection without a reason, or a kind that does not exist.
        NotAllowedError: the person does not speak for that side.
    """
    row = lock_agreement(agreement)
    if side not in sides_of(by, row):
        raise NotAllowedError("You do not speak for this side.")
    if row.state == State.DRAFT or not may_change(row):
        raise ConflictError("This agreement is not put to both sides at this moment. Look at it again.")
    version = last_version(row)
    if version.number != number:
        raise ConflictError("There is a newer version. Read what changed, then say what you think of it.")
    reason = reason.replace("\x00", "").strip()[:MOST_LETTERS]
    if kind not in Consent.Kind.values:
        raise InputError("Choose one of the answers.", code="consent_kind")
    if kind != Consent.Kind.AGREE and not reason:
        raise InputError("Write why, so that the other side can do something about it.", code="consent_reason")
    said = Consent.objects.create(agreement=row, version=version, side=side, kind=kind, reason=reason, by=by)
    journal(by, "agreement.consent", said, agreement=str(row.pk), side=side, kind=kind)
    return said


def forget_consents(person: Person) -> None:
    """Forget who said it and why, where a person is erased; that a side agreed or objected stays."""
    said = Consent.objects.every(because="the person is being erased").filter(by=person)
    said.exclude(reason="").update(reason=ERASED)
    said.update(by=None)


def consent_of(version: Version, side: str) -> Consent | None:
    """Return what a side said last about a version, None where it said nothing."""
    return version.consents.filter(side=side).order_by("-created_at", "-pk").first()


@dataclass(frozen=True)
class Needed:
    """An approval that a side needs: who, by name, by when, and whether signing waits for it."""

    side: str
    who: str
    name: str = ""
    due_on: date | None = None
    is_required: bool = True


@transaction.atomic
def ask_approval(*, agreement: Agreement, by: Person, needed: Needed) -> Approval:
    """Note whom a side must ask before it signs.

    Raises:
        ConflictError: it was signed or withdrawn.
        InputError: a kind of approval that does not exist.
        NotAllowedError: the person does not speak for that side.
    """
    row = lock_agreement(agreement)
    if needed.side not in sides_of(by, row):
        raise NotAllowedError("You do not speak for this side.")
    if not may_change(row):
        raise ConflictError("This agreement cannot be changed any more. Look at it again.")
    if needed.who not in Approval.Who.values:
        raise InputError("Choose who approves from the list.", code="approval_who")
    approval = Approval.objects.create(
        agreement=row,
        side=needed.side,
        who=needed.who,
        name=needed.name.strip()[:120],
        due_on=needed.due_on,
        is_required=needed.is_required,
        by=by,
    )
    journal(by, "agreement.approval_asked", approval, agreement=str(row.pk), side=needed.side, who=needed.who)
    return approval


@dataclass(frozen=True)
class Approved:
    """What somebody who approves said: the answer, the day, until when it holds, conditions, and minutes to keep."""

    answer: str
    on: date
    valid_until: date | None = None
    conditions: str = ""
    minutes: Paper | None = None


@transaction.atomic
def note_approval(*, approval: Approval, by: Person, said: Approved) -> Approval:
    """Write down what somebody who approves said; their conditions become part of a new version of the contract.

    Raises:
        ConflictError: the agreement was signed or withdrawn.
        InputError: an answer that does not exist, conditions that are not written, a day that ends before it begins.
        NotAllowedError: the person does not speak for that side.
    """
    agreement = lock_agreement(approval.agreement)
    if approval.side not in sides_of(by, agreement):
        raise NotAllowedError("You do not speak for this side.")
    if not may_change(agreement):
        raise ConflictError("This agreement cannot be changed any more. Look at it again.")
    row = agreement.approvals.select_for_update(of=("self",)).get(pk=approval.pk)
    _check_said(said)
    row.answer, row.answered_on, row.valid_until = said.answer, said.on, said.valid_until
    row.conditions = said.conditions.strip()[:2000] if said.answer == Approval.Answer.CONDITIONS else ""
    before = conditions_of(agreement)
    row.save()
    journal(by, "agreement.approval_noted", row, agreement=str(agreement.pk), answer=said.answer)
    if said.minutes is not None:
        _keep_minutes(row, by, said.minutes)
    conditions = conditions_of(agreement)
    if conditions != before:
        terms = read_terms(last_version(agreement).terms)
        clauses = rewritten(agreement, terms, (before, conditions))
        write_version(agreement, terms, clauses, by, row.get_who_display())
    return row


def _keep_minutes(approval: Approval, by: Person, paper: Paper) -> None:
    rows = Minutes.objects.every(because="the minutes of an approval that its own side writes down")
    values = {"data": paper.data, "media_type": paper.media_type, "by": by}
    kept, _is_new = rows.update_or_create(approval=approval, defaults=values)
    journal(by, "agreement.minutes_kept", kept, approval=str(approval.pk))


def _check_said(said: Approved) -> None:
    if said.answer not in {Approval.Answer.GIVEN, Approval.Answer.CONDITIONS, Approval.Answer.REFUSED}:
        raise InputError("Choose what they said from the list.", code="approval_answer")
    if said.answer == Approval.Answer.CONDITIONS and not said.conditions.strip():
        raise InputError("Write the conditions: they become part of the contract.", code="approval_conditions")
    if said.valid_until is not None and said.valid_until < said.on:
        raise InputError("The approval ends before it was given. Check the two days.", code="approval_days")


def open_approvals(agreement: Agreement, today: date) -> list[Approval]:
    """Return the approvals that signing waits for: required, and not given, refused, or no longer valid."""
    rows = agreement.approvals.filter(is_required=True)
    given = (Approval.Answer.GIVEN, Approval.Answer.CONDITIONS)
    return [
        each for each in rows if each.answer not in given or (each.valid_until is not None and each.valid_until < today)
    ]


def missing_consents(version: Version) -> list[str]:
    """Return the sides that have not agreed to a version, or object to it."""
    agreed = (Consent.Kind.AGREE, Consent.Kind.CONCERN)
    return [side for side in Side.values if (said := consent_of(version, side)) is None or said.kind not in agreed]
