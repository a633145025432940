"""Approvals: minutes for one side's eyes, who normally has a say, and until when an answer holds."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.rooms.agreements.test_pages import browser, post, text_of
from tests.rooms.makers import make_matchmaker, make_person, make_programme
from tests.rooms.matching.test_proposals import host_person
from tests.rooms.matrix.world import make_picture

from meervoud.agreements.approval_library import LATEST, add_suggested, presets, suggested
from meervoud.agreements.consenting import Approved, Needed, ask_approval, note_approval, open_approvals
from meervoud.agreements.drafts import withdraw_agreement
from meervoud.agreements.models import Agreement, Approval, Kind, Minutes
from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.lib.clock import today
from meervoud.matching.models import Side
from meervoud.parties.models import Programme
from meervoud.parties.models.organisations import Kind as OrganisationKind

pytestmark = pytest.mark.django_db
EVERY = "a test looks at everything"
PDF = b"%PDF-1.4\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def approval(agreement: Agreement) -> Approval:
    """A board of the host has to approve."""
    host = host_person(agreement.proposal)
    return ask_approval(agreement=agreement, by=host, needed=Needed(Side.HOST, "board", "Board of the quay"))


def note(client: Client, approval: Approval, data: bytes | None = PDF, **values: str) -> Any:  # Any: a test response
    sent: dict[str, Any] = {"answer": "given", "on": "2026-11-22", **values}  # Any: values of a form
    if data is not None:
        sent["minutes"] = SimpleUploadedFile("minutes.pdf", data)
    return client.post(f"/agreements/{approval.agreement_id}/approvals/{approval.pk}/", sent)


def address(approval: Approval) -> str:
    return f"/agreements/{approval.agreement_id}/approvals/{approval.pk}/minutes/"


def test_minutes_are_for_their_own_side_and_the_desk(
    agreement: Agreement, approval: Approval, programme: Programme
) -> None:
    host, asker = browser(host_person(agreement.proposal)), browser(agreement.request.asked_by)
    assert note(host, approval).status_code == 302
    answer = host.get(address(approval))
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert browser(make_matchmaker(programme)).get(address(approval)).status_code == 200
    assert address(approval) in text_of(host, agreement)
    shown = text_of(asker, agreement)
    assert "approved" in shown
    assert address(approval) not in shown
    for client in (asker, browser(make_person()), browser(make_matchmaker(make_programme()))):
        assert client.get(address(approval)).status_code == 404


def test_minutes_of_the_group_are_not_for_the_host(agreement: Agreement) -> None:
    asker = agreement.request.asked_by
    row = ask_approval(agreement=agreement, by=asker, needed=Needed(Side.ASKER, "board"))
    assert note(browser(asker), row).status_code == 302
    assert browser(asker).get(address(row)).status_code == 200
    assert browser(host_person(agreement.proposal)).get(address(row)).status_code == 404


def test_minutes_may_be_left_out_replaced_and_photographed(agreement: Agreement, approval: Approval) -> None:
    host = browser(host_person(agreement.proposal))
    note(host, approval, None)
    assert not Minutes.objects.every(because=EVERY).exists()
    assert host.get(address(approval)).status_code == 404
    for data in (PDF, make_picture("Kodachrome")):
        note(host, approval, data)
    kept = Minutes.objects.every(because=EVERY).get()
    assert kept.media_type == "image/webp"
    assert b"Kodachrome" not in bytes(kept.data)


def test_minutes_that_are_no_paper_change_nothing(agreement: Agreement, approval: Approval) -> None:
    host = browser(host_person(agreement.proposal))
    assert note(host, approval, b"MZ").status_code == 302
    assert "The file is no PDF, JPEG or PNG." in text_of(host, agreement)
    approval.refresh_from_db()
    assert approval.answer == ""


def test_the_other_side_writes_nothing_down(agreement: Agreement, approval: Approval) -> None:
    asker = browser(agreement.request.asked_by)
    assert note(asker, approval).status_code == 302
    assert not Minutes.objects.every(because=EVERY).exists()


def test_an_approval_says_until_when_it_holds_and_that_it_is_over(agreement: Agreement, approval: Approval) -> None:
    host = host_person(agreement.proposal)
    day = today()
    note_approval(approval=approval, by=host, said=Approved("given", day, day + timedelta(days=9)))
    assert "holds until" in text_of(browser(host), agreement)
    note_approval(approval=approval, by=host, said=Approved("given", day - timedelta(days=9), day - timedelta(days=1)))
    page = text_of(browser(host), agreement)
    assert "no longer valid" in page
    assert "Nobody can sign yet" in page


KINDS = {str(each) for each in OrganisationKind}


@pytest.mark.parametrize("preset", presets(), ids=lambda each: str(each.key))
def test_each_preset_names_things_that_exist_and_where_it_comes_from(preset: Any) -> None:  # Any: a Preset
    assert preset.who in Approval.Who.values
    assert preset.side in Side.values
    assert preset.country in {"NL", "BE", "DK"}
    assert preset.organisations <= KINDS
    assert preset.contracts <= {str(each) for each in Kind}
    assert (preset.basis == "law") is bool(preset.source)
    assert preset.checked <= date(2026, 11, 30)
    assert all(20 < len(text) < 400 for text in preset.reasons.values())


def test_presets_have_names_of_their_own_and_every_country_has_some() -> None:
    keys = [each.key for each in presets(LATEST)]
    assert len(set(keys)) == len(keys)
    assert {each.country for each in presets()} == {"NL", "BE", "DK"}


@pytest.mark.parametrize(("country", "wanted"), [("NL", "residents"), ("DK", "works_council"), ("DE", "")])
def test_suggestions_follow_the_country_and_the_kind_of_host(agreement: Agreement, country: str, wanted: str) -> None:
    agreement.programme.country = country
    agreement.offer.host.kind = "housing_organisation"
    found = {each.who for each in suggested(agreement, Side.HOST, set())}
    assert wanted not in found  # a Dutch association has no afdelingsmøde, a Danish one no works council on the list
    assert ("residents" in found) is (country == "DK")
    assert bool(found) is bool(wanted)


def test_a_shop_has_others_who_have_a_say(agreement: Agreement) -> None:
    agreement.offer.host.kind = "owner"
    before = {each.key for each in suggested(agreement, Side.HOST, set())}
    agreement.kind = "shop"
    assert {each.key for each in suggested(agreement, Side.HOST, set())} - before == {"nl-plan", "nl-bank"}


def test_a_side_adds_who_normally_has_a_say_with_one_click(agreement: Agreement) -> None:
    client = browser(host_person(agreement.proposal))
    page = text_of(client, agreement)
    assert "Who normally has a say" in page
    assert "Burgerlijk Wetboek, art. 7:221" in page
    assert "22 Nov 2026" in page
    assert "Practice, not law." in page
    keys = ["nl-landlord", "nl-insurer"]
    assert post(client, agreement, "suggested", side=Side.HOST, keys=keys).status_code == 302  # type: ignore[arg-type]  # a list is sent as many
    found = {each.who: each for each in agreement.approvals.all()}
    assert set(found) == {"landlord", "insurer"}
    assert (found["landlord"].is_required, found["insurer"].is_required) == (True, False)
    assert [each.who for each in open_approvals(agreement, today())] == ["landlord"]
    page = text_of(client, agreement)
    assert "nl-landlord" not in page
    assert "nl-director" in page


def test_nothing_is_added_twice_for_the_other_side_or_unknown(agreement: Agreement) -> None:
    host = host_person(agreement.proposal)
    for _ in range(2):
        add_suggested(agreement=agreement, by=host, side=Side.HOST, keys={"nl-landlord", "nl-insurer"})
    assert agreement.approvals.count() == 2
    for keys in (set(), {"burn"}, {"nl-landlord", "' OR 1=1"}):
        with pytest.raises(InputError):
            add_suggested(agreement=agreement, by=host, side=Side.HOST, keys=keys)
    with pytest.raises(NotAllowedError):
        add_suggested(agreement=agreement, by=agreement.request.asked_by, side=Side.HOST, keys={"nl-director"})
    assert add_suggested(agreement=agreement, by=host, side="burn", keys={"nl-director"}) == []
    withdraw_agreement(agreement=agreement, by=host)
    with pytest.raises(ConflictError):
        add_suggested(agreement=agreement, by=host, side=Side.HOST, keys={"nl-director"})
    assert "Who normally has a say" not in text_of(browser(host), agreement)


def test_the_page_costs_as_many_questions_with_many_minutes(agreement: Agreement) -> None:
    host, counts = host_person(agreement.proposal), []
    client = browser(host)
    for _ in range(2):
        for _each in range(4):
            row = ask_approval(agreement=agreement, by=host, needed=Needed(Side.HOST, "board"))
            note(client, row)
        with CaptureQueriesContext(connection) as seen:
            text_of(client, agreement)
        counts.append(len(seen))
    assert counts[0] == counts[1]
