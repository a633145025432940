"""Actions on a draft: begin it from a proposal, change it by a new version, put it to both sides, take it back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from meervoud.agreements.clause_library import LATEST
from meervoud.agreements.drafting import Written, terms_of, write_clauses
from meervoud.agreements.events import AgreementWithdrawn
from meervoud.agreements.lifecycle import move
from meervoud.agreements.models import LIVE, RUNNING, WRITTEN, Agreement, Version
from meervoud.agreements.terms import Terms, read_terms, write_terms
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.demand.models import Request
from meervoud.lib.events import happened
from meervoud.lib.journal import journal
from meervoud.matching.answering import keep_agreed
from meervoud.matching.asking import lock_request
from meervoud.matching.models import Proposal, Side
from meervoud.parties.models import Person
from meervoud.parties.roles import acts_for, works_for
from meervoud.places.models import Space
from meervoud.supply.calendar import lock_spaces

WRITING: Final = timedelta(days=42)
"""How long the time is kept while an agreement is written: approvals take weeks."""
OWN: Final = "an agreement that was found in the scope of who acts"
MOST_LETTERS: Final = 6000
OWN_WORDS: Final = "own"
"""The version of a clause that people wrote themselves."""


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
    """Make a new version with other terms; its clauses are written anew where that changes them. Nobody has agreed to it yet.

    After signing, what was signed stays in force until both have signed the new version; times change through the plan.

    Raises:
        ConflictError: it was withdrawn or has ended, or times change after it was signed.
        NotAllowedError: the person is of neither side and does not work for the programme.
    """
    row = lock_agreement(agreement)
    _check_open(row)
    if not sides_of(by, row):
        raise NotAllowedError("Only the two sides and the desk change an agreement.")
    if row.state in RUNNING:
        _check_same_times(row, terms)
    else:
        row.kind = terms.kind
        row.save(update_fields=["kind", "changed_at"])
    conditions = conditions_of(row)
    return write_version(row, terms, rewritten(row, terms, (conditions, conditions)), by, note)


def _check_same_times(agreement: Agreement, terms: Terms) -> None:
    before = read_terms(last_version(agreement).terms)
    if terms.times != before.times or terms.is_trial != before.is_trial:
        raise ConflictError("After signing, times are changed in the plan. Change the other terms here.")


@transaction.atomic
def take_back_version(*, agreement: Agreement, by: Person, now: datetime) -> Agreement:
    """Take back what was proposed after signing: what both signed stays in force.

    Raises:
        ConflictError: nothing is proposed.
        NotAllowedError: the person is of neither side and does not work for the programme.
    """
    row = lock_agreement(agreement)
    if not sides_of(by, row):
        raise NotAllowedError("Only the two sides and the desk change an agreement.")
    signed = version_in_force(row)
    proposed = row.versions.filter(taken_back_at__isnull=True, number__gt=signed.number if signed else 0)
    if row.state not in RUNNING or not proposed.update(taken_back_at=now):
        raise ConflictError("Nothing is proposed at this moment. Look at it again.")
    journal(by, "agreement.change_taken_back", row)
    return row


def rewritten(agreement: Agreement, terms: Terms, conditions: tuple[str, str]) -> list[Written]:
    """Return the clauses of the library for new terms; one that people wrote themselves stays where nothing of it changes.

    Args:
        agreement: locked, with its proposal.
        terms: the new ones.
        conditions: of those who approve, before and after.
    """
    last, code = last_version(agreement), agreement.language
    own = {each["key"]: each["text"] for each in last.clauses if each["version"] == OWN_WORDS}
    after = write_clauses(agreement.proposal, terms, code=code, conditions=conditions[1])
    if not own:
        return after
    before = library_texts(agreement, last, conditions[0])
    return [
        Written(each.key, OWN_WORDS, each.title, own[each.key])
        if each.key in own and before.get(each.key) == each.text
        else each
        for each in after
    ]


def library_texts(agreement: Agreement, version: Version, conditions: str) -> dict[str, str]:
    """Return what the library says for the terms of a version, by clause."""
    terms = read_terms(version.terms)
    found = write_clauses(agreement.proposal, terms, code=agreement.language, conditions=conditions)
    return {each.key: each.text for each in found}


@transaction.atomic
def change_clause(*, agreement: Agreement, by: Person, key: str, text: str, note: str = "") -> Version:
    """Make a new version in which one clause reads otherwise; the words of the library are its own again.

    Raises:
        ConflictError: it was withdrawn or has ended.
        InputError: there is no such clause, or the text is empty or too long.
        NotAllowedError: the person is of neither side and does not work for the programme.
    """
    row = lock_agreement(agreement)
    _check_open(row)
    if not sides_of(by, row):
        raise NotAllowedError("Only the two sides and the desk change an agreement.")
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not 0 < len(text) <= MOST_LETTERS:
        raise InputError(f"Write a clause of 1 to {MOST_LETTERS} letters.", code="clause_length", most=MOST_LETTERS)
    last = last_version(row)
    if key not in {each["key"] for each in last.clauses}:
        raise InputError("This clause is not part of the agreement. Look at it again.", code="clause_unknown")
    if {each["key"]: each["text"] for each in last.clauses}[key] == text:
        return last
    version = LATEST if library_texts(row, last, conditions_of(row)).get(key) == text else OWN_WORDS
    clauses = [
        Written(key, version, each["title"], text) if each["key"] == key else Written(**each) for each in last.clauses
    ]
    return write_version(row, read_terms(last.terms), clauses, by, note)


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
    row = lock_agreement(agreement, spaces=spaces_elsewhere(agreement))
    if by is not None and not sides_of(by, row):
        raise NotAllowedError("Only the two sides and the desk change an agreement.")
    move(row, "withdraw")
    row.save(update_fields=["state", "changed_at"])
    happened(AgreementWithdrawn(row, by))
    journal(by, "agreement.withdrawn", row)
    return row


def withdraw_agreements_of(request: Request) -> int:
    """Take back what was not signed yet of a request that is closed, and return how many."""
    rows = Agreement.objects.every(because=OWN).filter(request=request, state__in=WRITTEN)
    for each in rows:
        withdraw_agreement(agreement=each, by=None)
    return len(rows)


def withdraw_expired(*, now: datetime) -> int:
    """Take back what nobody signed in time: its proposal has expired, and its time is free; return how many."""
    rows = Agreement.objects.every(because="the platform's own clock").filter(state__in=WRITTEN)
    late = list(rows.filter(proposal__state="expired", created_at__lte=now).select_related("offer__space"))
    return sum(_withdraw_expired(each) for each in late)


@transaction.atomic
def _withdraw_expired(agreement: Agreement) -> bool:
    row = lock_agreement(agreement, spaces=spaces_elsewhere(agreement))
    return row.state in WRITTEN and bool(withdraw_agreement(agreement=row, by=None))


def spaces_elsewhere(agreement: Agreement) -> list[Space]:
    """Return the other spaces that any version of an agreement names, whose time its signing and its end change."""
    kept = agreement.versions.values_list("terms", flat=True)
    offers = {each["offer"] for terms in kept for each in terms["times"].get("elsewhere", ())}
    return list(Space.objects.every(because=OWN).filter(offer__in=offers)) if offers else []


def lock_agreement(agreement: Agreement, *, spaces: Sequence[Space] = ()) -> Agreement:
    """Return an agreement as it stands, while nobody else changes it until the end of the transaction.

    The request is locked first, as whoever withdraws it does, then the time of its space and of other spaces that will
    be changed, and the journal last: everybody locks in this order, so that two never wait for each other.
    """
    lock_request(Request(pk=agreement.request_id))
    lock_spaces([agreement.offer.space, *spaces])
    rows = Agreement.objects.every(because=OWN).select_for_update(of=("self",))
    # three small queries: one that joins it all takes PostgreSQL many seconds while its statistics are new
    row = rows.select_related("programme", "offer__host", "offer__space__building").get(pk=agreement.pk)
    requests = Request.objects.every(because=OWN).select_related("organisation", "asked_by")
    row.request = requests.get(pk=row.request_id)
    row.proposal = Proposal.objects.every(because=OWN).select_related("hold").get(pk=row.proposal_id)
    row.proposal.programme, row.proposal.offer, row.proposal.request = row.programme, row.offer, row.request
    return row


def last_version(agreement: Agreement) -> Version:
    """Return the last version that was not taken back: what is written, proposed or in force."""
    found = agreement.versions.filter(taken_back_at__isnull=True).order_by("-number").first()
    assert found is not None  # noqa: S101  # the first is made with the agreement, and only later ones are taken back
    return found


def version_in_force(agreement: Agreement) -> Version | None:
    """Return the last version that both sides signed, None before they did."""
    return agreement.versions.filter(documents__form="json").order_by("-number").first()


def version_that_counts(agreement: Agreement) -> Version:
    """Return the version in force; before signing the one that is written."""
    return version_in_force(agreement) or last_version(agreement)


def may_change(agreement: Agreement) -> bool:
    """Say whether a version waits for consent, approvals and signatures: before signing, or proposed after it."""
    if agreement.state in WRITTEN:
        return True
    return agreement.state in RUNNING and last_version(agreement) != version_in_force(agreement)


def conditions_of(agreement: Agreement) -> str:
    """Return the conditions of all who approved with some, which belong into the contract."""
    rows = agreement.approvals.filter(answer="conditions").order_by("created_at")
    return "\n".join(f"{each.name or each.get_who_display()}: {each.conditions}" for each in rows)


def _check_open(agreement: Agreement) -> None:
    if agreement.state not in LIVE:
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
