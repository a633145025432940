"""Actions on a draft: begin it from a proposal, change it by a new version, put it to both sides, take it back."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from meervoud.agreements.drafting import Written, terms_of, write_clauses
from meervoud.agreements.lifecycle import move
from meervoud.agreements.models import LIVE, Agreement, State, Version
from meervoud.agreements.terms import Terms, read_terms, write_terms
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.demand.models import Request
from meervoud.lib.journal import journal
from meervoud.matching.answering import keep_agreed
from meervoud.matching.asking import lock_request
from meervoud.matching.models import Proposal, Side
from meervoud.parties.models import Person
from meervoud.parties.roles import acts_for, works_for

WRITING: Final = timedelta(days=42)
"""How long the time is kept while an agreement is written: approvals take weeks."""
OWN: Final = "an agreement that was found in the scope of who acts"
MOST_LETTERS: Final = 6000


def sides_of(person: Person, agreement: Agreement) -> tuple[str, ...]:
    """Return for which sides a person may act: their own, or both for staff who write down what they heard."""
    if works_for(person, agreement.programme):
        return (Side.ASKER, Side.HOST)
    asks = person.pk == agreement.request.asked_by_id or acts_for(person, agreement.request.organisation)
    lends = acts_for(person, agreement.offer.host)
    return tuple(side for side, is_theirs in ((Side.ASKER, asks), (Side.HOST, lends)) if is_theirs)


@transaction.atomic
def begin_agreement(*, proposal: Proposal, by: Person, language: str, now: datetime) -> Agreement:
    """Write the first draft from a proposal to which both said yes, and keep its time for six weeks.

    Raises:
        ConflictError: not both said yes, the time is not kept any more, or there is an agreement already.
    """
    keep_agreed(
        proposal=proposal, until=now + WRITING, by=by, now=now
    )  # locks it: two at once begin one after the other
    if Agreement.objects.every(because=OWN).filter(proposal=proposal, state__in=LIVE).exists():
        raise ConflictError("There is an agreement for this proposal already.")
    terms = terms_of(proposal)
    agreement = Agreement.objects.create(
        programme=proposal.programme,
        proposal=proposal,
        request=proposal.request,
        offer=proposal.offer,
        kind=terms.kind,
        language=language,
    )
    write_version(agreement, terms, write_clauses(proposal, terms, code=language), by, "")
    journal(by, "agreement.begun", agreement, proposal=str(proposal.pk))
    return agreement


@transaction.atomic
def change_terms(*, agreement: Agreement, by: Person, terms: Terms, note: str = "") -> Version:
    """Make a new version with other terms; its clauses are written anew from the library. Nobody has agreed to it yet.

    Raises:
        ConflictError: it was signed or withdrawn.
        NotAllowedError: the person is of neither side and does not work for the programme.
    """
    row = lock_agreement(agreement)
    _check_open(row)
    if not sides_of(by, row):
        raise NotAllowedError("Only the two sides and the desk change an agreement.")
    row.kind = terms.kind
    row.save(update_fields=["kind", "changed_at"])
    clauses = write_clauses(row.proposal, terms, code=row.language, conditions=conditions_of(row))
    return write_version(row, terms, clauses, by, note)


@transaction.atomic
def change_clause(*, agreement: Agreement, by: Person, key: str, text: str, note: str = "") -> Version:
    """Make a new version in which one clause reads otherwise; the desk alone does this.

    Raises:
        ConflictError: it was signed or withdrawn.
        InputError: there is no such clause, or the text is empty or too long.
        NotAllowedError: the person does not work for the programme.
    """
    row = lock_agreement(agreement)
    _check_open(row)
    if not works_for(by, row.programme):
        raise NotAllowedError("Only the desk changes the words of a clause. Change the terms, or ask the desk.")
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not 0 < len(text) <= MOST_LETTERS:
        raise InputError(f"Write a clause of 1 to {MOST_LETTERS} letters.", code="clause_length", most=MOST_LETTERS)
    last = last_version(row)
    if key not in {each["key"] for each in last.clauses}:
        raise InputError("This clause is not part of the agreement. Look at it again.", code="clause_unknown")
    clauses = [
        Written(each["key"], "own" if each["key"] == key else each["version"], each["title"], each["text"])
        for each in last.clauses
    ]
    changed = [Written(key, "own", each.title, text) if each.key == key else each for each in clauses]
    return write_version(row, read_terms(last.terms), changed, by, note)


@transaction.atomic
def propose_agreement(*, agreement: Agreement, by: Person) -> Agreement:
    """Put the last version to both sides.

    Raises:
        ConflictError: it was signed or withdrawn.
        NotAllowedError: the person is of neither side and does not work for the programme.
    """
    row = lock_agreement(agreement)
    if not sides_of(by, row):
        raise NotAllowedError("Only the two sides and the desk change an agreement.")
    move(row, "propose")
    row.save(update_fields=["state", "changed_at"])
    journal(by, "agreement.proposed", row, version=last_version(row).number)
    return row


@transaction.atomic
def withdraw_agreement(*, agreement: Agreement, by: Person | None) -> Agreement:
    """Take an agreement back that was not signed; the proposal stays as it is. Nobody is the platform itself.

    Raises:
        ConflictError: it was signed or withdrawn.
        NotAllowedError: the person is of neither side and does not work for the programme.
    """
    row = lock_agreement(agreement)
    if by is not None and not sides_of(by, row):
        raise NotAllowedError("Only the two sides and the desk change an agreement.")
    move(row, "withdraw")
    row.save(update_fields=["state", "changed_at"])
    journal(by, "agreement.withdrawn", row)
    return row


def withdraw_agreements_of(request: Request) -> int:
    """Take back what was not signed yet of a request that is closed, and return how many."""
    rows = Agreement.objects.every(because=OWN).filter(request=request, state__in=(State.DRAFT, State.PROPOSED))
    for each in rows:
        withdraw_agreement(agreement=each, by=None)
    return len(rows)


def lock_agreement(agreement: Agreement) -> Agreement:
    """Return an agreement as it stands, while nobody else changes it until the end of the transaction.

    The request is locked first, as whoever withdraws it does: so two never wait for each other.
    """
    lock_request(Request(pk=agreement.request_id))
    rows = Agreement.objects.every(because=OWN).select_for_update(of=("self",))
    return rows.select_related(
        "programme",
        "proposal__programme",
        "proposal__hold",
        "proposal__offer__host",
        "proposal__offer__space__building",
        "proposal__request__organisation",
        "proposal__request__asked_by",
        "request__organisation",
        "offer__host",
        "offer__space",
    ).get(pk=agreement.pk)


def last_version(agreement: Agreement) -> Version:
    """Return the version that counts: the last one."""
    found = agreement.versions.order_by("-number").first()
    assert found is not None  # noqa: S101  # the first is made with the agreement
    return found


def conditions_of(agreement: Agreement) -> str:
    """Return the conditions of all who approved with some, which belong into the contract."""
    rows = agreement.approvals.filter(answer="conditions").order_by("created_at")
    return "\n".join(f"{each.name or each.get_who_display()}: {each.conditions}" for each in rows)


def _check_open(agreement: Agreement) -> None:
    if agreement.state not in (State.DRAFT, State.PROPOSED):
        move(agreement, "propose")  # says where it stands


def write_version(agreement: Agreement, terms: Terms, clauses: list[Written], by: Person, note: str) -> Version:
    last = agreement.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = Version.objects.create(
        agreement=agreement,
        number=last + 1,
        terms=write_terms(terms),
        clauses=[each.as_json() for each in clauses],
        note=note[:300],
        by=by,
    )
    journal(by, "agreement.version", version, agreement=str(agreement.pk), number=version.number)
    return version
