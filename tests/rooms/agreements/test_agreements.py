"""From two yes to a signed agreement: drafts, versions, consent, approvals, signatures, bytes that stay."""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone
from tests.rooms.makers import make_matchmaker, make_person, make_programme
from tests.rooms.matching.test_proposals import ask, ask_for, host_person, offer_of, rows

from meervoud.agreements.clause_library import VERSIONS, clauses_of
from meervoud.agreements.consenting import Approved, Needed, ask_approval, note_approval, open_approvals, say_consent
from meervoud.agreements.drafting import write_clauses
from meervoud.agreements.drafts import (
    begin_agreement,
    change_clause,
    change_terms,
    last_version,
    propose_agreement,
    sides_of,
    withdraw_agreement,
)
from meervoud.agreements.guard import GUARD
from meervoud.agreements.models import Agreement, Document, Signature, Version
from meervoud.agreements.signing import ApprovalOpenError, Pen, bytes_of, sign
from meervoud.agreements.terms import Access, Money, Terms, Times, read_terms, write_terms
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.demand.actions import withdraw_request
from meervoud.matching.answering import Said, expire_proposals, say_yes, withdraw, withdraw_all
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.models import Proposal, Side
from meervoud.parties.models import Person, Programme
from meervoud.parties.privacy import forget
from meervoud.site.own_data import everything_about
from meervoud.supply.calendar import active_occupations, release_expired_holds
from meervoud.supply.models import Taking

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=0, microsecond=0)
TODAY = timezone.localdate()
EVERY = "a test looks at everything"


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def proposal(programme: Programme) -> Proposal:
    """A proposal to which both said yes."""
    offer_of(programme, house_rules="Shoes off.")
    request = ask_for(programme, title="Language cafe")
    ask(request)
    row = rows(request)[0]
    say_yes(proposal=row, said=Said(Side.HOST, host_person(row), NOW))
    return rows(request)[0]


def begin(proposal: Proposal, by: Person | None = None) -> Agreement:
    return begin_agreement(proposal=proposal, by=by or host_person(proposal), language="en", now=NOW)


def both_agree(agreement: Agreement) -> None:
    number = last_version(agreement).number
    for side, by in people_of(agreement).items():
        say_consent(agreement=agreement, number=number, side=side, by=by, kind="agree")


def people_of(agreement: Agreement) -> dict[str, Person]:
    return {Side.ASKER: agreement.request.asked_by, Side.HOST: host_person(agreement.proposal)}


def sign_by(agreement: Agreement, side: str) -> Agreement:
    pen = Pen(side, people_of(agreement)[side], "platform")
    number = last_version(agreement).number
    return sign(agreement=agreement, number=number, pen=pen, now=NOW, today=TODAY)


def signed(proposal: Proposal) -> Agreement:
    agreement = begin(proposal)
    propose_agreement(agreement=agreement, by=host_person(proposal))
    both_agree(agreement)
    sign_by(agreement, Side.HOST)
    return sign_by(agreement, Side.ASKER)


def test_a_draft_says_what_was_proposed(proposal: Proposal) -> None:
    agreement = begin(proposal)
    terms = read_terms(last_version(agreement).terms)
    assert (terms.kind, terms.people, terms.house_rules) == ("hourly", 12, "Shoes off.")
    assert len(terms.times.moments) == 6
    assert terms.times.first <= terms.times.last
    words = {each["key"]: each["text"] for each in last_version(agreement).clauses}
    assert proposal.offer.host.name in words["parties"]
    assert "Language cafe" in words["space"]
    assert "deposit" not in words
    assert words["house_rules"].endswith("Shoes off.")


def test_terms_come_back_as_they_were_written(proposal: Proposal) -> None:
    terms = read_terms(last_version(begin(proposal)).terms)
    assert read_terms(json.loads(json.dumps(write_terms(terms)))) == terms


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["hourly", "loan", "temporary", "shop"])
@pytest.mark.parametrize("code", ["nl", "en", "da"])
def test_every_clause_can_be_filled_in_every_language(proposal: Proposal, version: str, kind: str, code: str) -> None:
    money = Money("price", "EUR", 1250, "month", 5000)
    terms = Terms(
        kind=kind,  # type: ignore[arg-type]  # one of the kinds
        times=Times(TODAY, TODAY),
        people=8,
        money=money,
        access=Access("key", "desk", "group", 10),
        house_rules="Quiet after ten.",
        in_return="A free concert.",
        other="The piano stays.",
        is_trial=True,
    )
    found = write_clauses(proposal, terms, code=code, conditions="No candles.", version=version)
    wanted = [each for each in clauses_of(version) if kind in each.kinds and each.when != "free"]
    assert [each.key for each in found] == [each.key for each in wanted]
    assert all("%(" not in each.text and each.text for each in found)


def test_the_time_is_kept_while_it_is_written_down(proposal: Proposal) -> None:
    begin(proposal)
    later = NOW + timedelta(days=20)  # the hold of fourteen days would be over
    assert release_expired_holds(now=later) == 0
    assert expire_proposals(now=later) == 0
    assert active_occupations(later).count() == 6
    assert release_expired_holds(now=NOW + timedelta(days=43)) == 1


def test_a_second_agreement_for_one_proposal_is_refused(proposal: Proposal) -> None:
    begin(proposal)
    with pytest.raises(ConflictError):
        begin(proposal)


def test_without_two_yes_there_is_nothing_to_write_down(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    ask(request)
    with pytest.raises(ConflictError):
        begin(rows(request)[0])


def test_strangers_change_nothing_and_staff_write_for_both(proposal: Proposal, programme: Programme) -> None:
    agreement, stranger, staff = begin(proposal), make_person(), make_matchmaker(programme)
    terms = read_terms(last_version(agreement).terms)
    assert sides_of(stranger, agreement) == ()
    assert set(sides_of(staff, agreement)) == set(Side.values)
    with pytest.raises(NotAllowedError):
        change_terms(agreement=agreement, by=stranger, terms=terms)
    with pytest.raises(NotAllowedError):
        propose_agreement(agreement=agreement, by=stranger)
    with pytest.raises(NotAllowedError):
        change_clause(agreement=agreement, by=stranger, key="care", text="Other words.")
    assert change_clause(agreement=agreement, by=staff, key="care", text="Other words.").number == 2
    assert change_clause(agreement=agreement, by=host_person(proposal), key="care", text="Ours.").number == 3


def test_consent_counts_for_the_version_that_was_read(proposal: Proposal) -> None:
    agreement = begin(proposal)
    host = host_person(proposal)
    propose_agreement(agreement=agreement, by=host)
    both_agree(agreement)
    terms = read_terms(last_version(agreement).terms)
    change_terms(agreement=agreement, by=host, terms=terms, note="a key")
    with pytest.raises(ConflictError, match="newer version"):
        say_consent(agreement=agreement, number=1, side=Side.HOST, by=host, kind="agree")
    with pytest.raises(ConflictError, match="Not both sides"):
        sign_by(agreement, Side.HOST)
    with pytest.raises(InputError):
        say_consent(agreement=agreement, number=2, side=Side.HOST, by=host, kind="object")
    say_consent(agreement=agreement, number=2, side=Side.HOST, by=host, kind="concern", reason="The stairs are steep.")
    say_consent(agreement=agreement, number=2, side=Side.ASKER, by=agreement.request.asked_by, kind="agree")
    assert sign_by(agreement, Side.HOST).state == "proposed"


def test_an_open_approval_stops_the_signature_and_its_conditions_enter_the_contract(proposal: Proposal) -> None:
    agreement = begin(proposal)
    host = host_person(proposal)
    needed = Needed(Side.HOST, "residents", "Meeting of the Kade", TODAY)
    approval = ask_approval(agreement=agreement, by=host, needed=needed)
    propose_agreement(agreement=agreement, by=host)
    both_agree(agreement)
    with pytest.raises(ApprovalOpenError) as refused:
        sign_by(agreement, Side.HOST)
    assert refused.value.names == "Meeting of the Kade"
    note_approval(approval=approval, by=host, said=Approved("conditions", TODAY, conditions="No music after ten."))
    version = last_version(agreement)
    assert version.number == 2
    assert "No music after ten." in {each["key"]: each["text"] for each in version.clauses}["conditions"]
    assert open_approvals(agreement, TODAY) == []
    both_agree(agreement)
    sign_by(agreement, Side.HOST)
    assert sign_by(agreement, Side.ASKER).state == "signed"


@pytest.mark.parametrize(
    ("said", "is_open"),
    [
        (Approved("given", TODAY), False),
        (Approved("given", TODAY - timedelta(days=9), TODAY - timedelta(days=1)), True),
        (Approved("refused", TODAY), True),
    ],
)
def test_refused_or_run_out_is_as_good_as_open(proposal: Proposal, said: Approved, *, is_open: bool) -> None:
    agreement = begin(proposal)
    host = host_person(proposal)
    approval = ask_approval(agreement=agreement, by=host, needed=Needed(Side.HOST, "landlord"))
    note_approval(approval=approval, by=host, said=said)
    assert bool(open_approvals(agreement, TODAY)) is is_open


def test_both_signatures_take_the_time_place_the_request_and_keep_the_bytes(proposal: Proposal) -> None:
    agreement = signed(proposal)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.request.state) == ("signed", "placed")
    assert agreement.taking is not None
    assert (agreement.taking.kind, agreement.taking.expires_at) == (Taking.Kind.USE, None)
    document = Document.objects.every(because=EVERY).get(form="json")
    assert document.sha256 == hashlib.sha256(bytes(document.data)).hexdigest()
    assert bytes(document.data) == bytes_of(agreement, last_version(agreement))
    assert Signature.objects.every(because=EVERY).values_list("sha256").distinct().count() == 1
    assert release_expired_holds(now=NOW + timedelta(days=400)) == 0
    assert active_occupations(NOW + timedelta(days=400)).count() == 6


def test_signing_twice_is_signing_once(proposal: Proposal) -> None:
    agreement = begin(proposal)
    propose_agreement(agreement=agreement, by=host_person(proposal))
    both_agree(agreement)
    sign_by(agreement, Side.HOST)
    assert sign_by(agreement, Side.HOST).state == "proposed"
    assert Signature.objects.every(because=EVERY).count() == 1


def test_the_database_refuses_to_change_or_remove_what_was_signed(proposal: Proposal) -> None:
    signed(proposal)
    rows_of = Document.objects.every(because=EVERY)
    for deed in (lambda: rows_of.update(sha256="0" * 64), rows_of.delete):
        with pytest.raises(DatabaseError, match="what_was_signed_stays"), transaction.atomic():
            deed()
    assert rows_of.count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_a_signed_document_could_be_changed(programme: Programme) -> None:
    """The control; and the check that refuses to start names what is missing."""
    offer_of(programme)
    request = ask_for(programme)
    ask(request)
    row = rows(request)[0]
    say_yes(proposal=row, said=Said(Side.HOST, host_person(row), NOW))
    signed(rows(request)[0])
    with connection.schema_editor() as editor:
        GUARD.drop(None, editor)
    try:
        assert GUARD.missing(connection)
        assert {each.id for each in GUARD.look(None, databases=["default"])} == {"agreements.E001"}
        assert Document.objects.every(because=EVERY).update(sha256="0" * 64) == 2
        Document.objects.every(because=EVERY).delete()
    finally:
        with connection.schema_editor() as editor:
            GUARD.add(None, editor)
    assert GUARD.missing(connection) == []


def test_a_hold_that_was_lost_meanwhile_is_not_signed_over(proposal: Proposal) -> None:
    agreement = begin(proposal)
    propose_agreement(agreement=agreement, by=host_person(proposal))
    both_agree(agreement)
    sign_by(agreement, Side.HOST)
    release_expired_holds(now=NOW + timedelta(days=60))
    with pytest.raises(ConflictError, match="not kept any more"):
        sign_by(agreement, Side.ASKER)
    agreement.refresh_from_db()
    assert agreement.state == "proposed"
    assert Version.objects.every(because=EVERY).count() == 1


def test_signed_time_is_never_freed_by_the_clock_or_by_taking_a_proposal_back(proposal: Proposal) -> None:
    agreement = signed(proposal)
    later = NOW + timedelta(days=400)
    assert expire_proposals(now=later) == 0
    proposal.refresh_from_db()
    assert proposal.state == "concluded"
    with pytest.raises(ConflictError, match="signed agreement"):
        withdraw(proposal=proposal, by=host_person(proposal), now=NOW)
    assert withdraw_all(request=agreement.request, now=NOW) == 0
    assert active_occupations(later).count() == 6


def test_were_the_proposal_left_agreed_the_clock_would_free_what_was_signed(proposal: Proposal) -> None:
    """The control: what `conclude` prevents."""
    signed(proposal)
    taken = Taking.objects.every(because=EVERY).get(kind=Taking.Kind.USE)
    rows_of = Proposal.objects.every(because=EVERY).filter(pk=proposal.pk)
    rows_of.update(state="agreed", hold=taken, expires_at=NOW + timedelta(days=42))
    assert expire_proposals(now=NOW + timedelta(days=400)) == 1
    assert active_occupations(NOW + timedelta(days=400)).count() == 0


def test_a_request_that_is_withdrawn_takes_its_draft_along(proposal: Proposal) -> None:
    agreement = begin(proposal)
    withdraw_request(request=agreement.request, by=agreement.request.asked_by)
    agreement.refresh_from_db()
    assert agreement.state == "withdrawn"
    with pytest.raises(ConflictError, match="withdrawn"):
        propose_agreement(agreement=agreement, by=host_person(proposal))


def test_each_side_may_take_a_draft_back_and_a_stranger_may_not(proposal: Proposal) -> None:
    agreement = begin(proposal)
    with pytest.raises(NotAllowedError):
        withdraw_agreement(agreement=agreement, by=make_person())
    assert withdraw_agreement(agreement=agreement, by=host_person(proposal)).state == "withdrawn"
    assert begin(proposal).state == "draft"  # and begin anew


def test_a_group_that_needs_shelter_has_no_name_in_what_its_host_reads(proposal: Proposal) -> None:
    request = proposal.request
    request.is_sheltered, request.title = True, "Women of the quay"
    request.save()
    version = last_version(begin(rows(request)[0]))
    words = json.dumps(version.clauses) + json.dumps(version.terms)
    assert "Women of the quay" not in words
    assert request.asked_by.name not in words
    assert proposal.programme.name in words


def test_a_person_takes_along_what_they_said_and_is_forgotten_without_the_agreement(proposal: Proposal) -> None:
    agreement = signed(proposal)
    person = agreement.request.asked_by
    told = everything_about(person)["agreements"]
    assert [(each["kind"], each["side"]) for each in told] == [("agree", "asker"), ("signed", "asker")]
    forget(person=person, by=None)
    agreement.refresh_from_db()
    assert agreement.state == "signed"
    assert not agreement.consents.filter(by=person).exists()
    assert active_occupations(NOW).count() == 6
    assert set(Document.objects.every(because=EVERY).values_list("form", flat=True)) == {"json", "pdf"}
