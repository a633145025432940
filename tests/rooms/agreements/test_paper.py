"""Signing on paper: the scan of exactly this version, kept for good, by who shows once more who they are."""

import hashlib
import io
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.utils import DatabaseError
from django.test import Client
from PIL import Image
from tests.rooms.agreements.test_pages import TERMS, both_agree, browser, post, sure, text_of
from tests.rooms.makers import make_matchmaker, make_person
from tests.rooms.matching.test_proposals import host_person, rows
from tests.rooms.matrix.world import make_picture

from meervoud.agreements.drafts import begin_agreement, last_version
from meervoud.agreements.models import Agreement, Document, Signature
from meervoud.agreements.signing import digest_of
from meervoud.agreements.uploads import MOST_BYTES, read_paper
from meervoud.core.errors import InputError
from meervoud.lib.clock import now
from meervoud.lib.models import JournalEntry
from meervoud.matching.models import Proposal, Side
from meervoud.parties.models import Programme

pytestmark = pytest.mark.django_db
EVERY = "a test looks at everything"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def scan(client: Client, agreement: Agreement, side: str, data: bytes = PDF, **values: Any) -> Any:  # Any: form values
    number = last_version(agreement).number
    sent = {"version": number, "side": side, "file": SimpleUploadedFile("scan.pdf", data), **values}
    return client.post(f"/agreements/{agreement.pk}/paper/", sent)


def scans() -> Any:  # Any: a queryset
    return Document.objects.every(because=EVERY).filter(form="scan")


def test_a_side_signs_by_a_scan_of_its_paper(agreement: Agreement) -> None:
    clients = both_agree(agreement)
    host = sure(clients[Side.HOST])
    page = host.get(f"/agreements/{agreement.pk}/paper/").content.decode()
    assert digest_of(agreement, last_version(agreement)) in page
    assert scan(host, agreement, Side.HOST).status_code == 302
    signature = Signature.objects.every(because=EVERY).get()
    assert (signature.way, signature.side) == ("paper", "host")
    assert signature.sha256 == digest_of(agreement, last_version(agreement))
    kept = scans().get()
    assert (bytes(kept.data), kept.side, kept.sha256) == (PDF, "host", hashlib.sha256(PDF).hexdigest())
    asker = clients[Side.ASKER]
    shown = text_of(asker, agreement)
    assert "on paper, Hanna" in " ".join(shown.split())
    answer = asker.get(f"/agreements/{agreement.pk}/paper/{kept.pk}/")
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith('attachment; filename="signed-')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert post(sure(asker), agreement, "sign", side=Side.ASKER).status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == "signed"
    assert set(Document.objects.every(because=EVERY).values_list("form", flat=True)) == {"json", "pdf", "scan"}
    assert "agreement.scan_kept" in set(JournalEntry.objects.values_list("verb", flat=True))


def test_the_desk_brings_the_paper_of_a_side(agreement: Agreement, programme: Programme) -> None:
    both_agree(agreement)
    person = make_matchmaker(programme)
    Authenticator.objects.get_or_create(user=person, type="totp", defaults={"data": {"secret": "set up"}})
    staff = sure(browser(person))
    assert scan(staff, agreement, "").status_code == 422
    assert scan(staff, agreement, "burn").status_code == 422
    for side in Side.values:
        assert scan(staff, agreement, side).status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == "signed"
    assert set(scans().values_list("side", flat=True)) == set(Side.values)


def test_nobody_brings_paper_without_showing_again_who_they_are(agreement: Agreement) -> None:
    person = host_person(agreement.proposal)
    person.set_password("long enough and known")
    person.save()
    both_agree(agreement)
    client = browser(person)
    for answer in (client.get(f"/agreements/{agreement.pk}/paper/"), scan(client, agreement, Side.HOST)):
        assert answer["Location"].startswith("/account/reauthenticate/")
    assert not scans().exists()


def test_a_photograph_loses_where_and_by_what_it_was_taken(agreement: Agreement) -> None:
    clients = both_agree(agreement)
    assert b"Kodachrome" in make_picture("Kodachrome")
    assert scan(sure(clients[Side.HOST]), agreement, Side.HOST, make_picture("Kodachrome")).status_code == 302
    kept = scans().get()
    assert kept.media_type == "image/webp"
    assert b"Kodachrome" not in bytes(kept.data)
    with Image.open(io.BytesIO(bytes(kept.data))) as image:
        assert not image.getexif()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "paper_kind"),
        (b"MZ\x90\x00", "paper_kind"),
        (b"<html><script>alert(1)</script>", "paper_kind"),
        (b"GIF89a" + b"\x00" * 99, "paper_kind"),
        (b"%PDF-1.4 cut in two", "paper_kind"),
        (b"\xff\xd8\xff broken", "image_unreadable"),
        (b"%PDF-" + b" " * MOST_BYTES + b"%%EOF", "paper_large"),
    ],
    ids=range(7),
)
def test_what_is_no_paper_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_paper(data)
    assert refused.value.code == code


def test_wrong_paper_signs_nothing_and_says_why(agreement: Agreement) -> None:
    client = sure(both_agree(agreement)[Side.HOST])
    answer = scan(client, agreement, Side.HOST, b"MZ")
    assert answer.status_code == 422
    assert "The file is no PDF, JPEG or PNG." in answer.content.decode()
    assert scan(client, agreement, Side.ASKER).status_code == 422  # only their own side
    assert not Signature.objects.every(because=EVERY).exists()
    assert not scans().exists()


def test_paper_of_an_older_version_signs_nothing(agreement: Agreement) -> None:
    client = sure(both_agree(agreement)[Side.HOST])
    client.post(f"/agreements/{agreement.pk}/terms/", TERMS)
    answer = scan(client, agreement, Side.HOST, version="1")
    assert answer.status_code == 422
    assert "newer version" in answer.content.decode()
    assert not scans().exists()


def test_a_second_scan_of_a_side_is_refused_and_the_first_stays(agreement: Agreement) -> None:
    client = sure(both_agree(agreement)[Side.HOST])
    assert scan(client, agreement, Side.HOST).status_code == 302
    answer = scan(client, agreement, Side.HOST, PDF + b"\n%%EOF")
    assert "has signed this version already" in answer.content.decode()
    assert bytes(scans().get().data) == PDF


def test_a_scan_is_never_changed(agreement: Agreement) -> None:
    scan(sure(both_agree(agreement)[Side.HOST]), agreement, Side.HOST)
    with pytest.raises(DatabaseError, match="what_was_signed_stays"):
        scans().update(data=b"other")


def test_a_scan_is_of_one_side_and_nothing_else_is(agreement: Agreement) -> None:
    with pytest.raises(DatabaseError, match="only_signed_paper_is_of_one_side"):
        Document.objects.create(
            agreement=agreement,
            version=last_version(agreement),
            form="scan",
            data=b"x",
            media_type="a/b",
            sha256="0" * 64,
        )


def test_before_both_agree_the_page_takes_no_paper(agreement: Agreement) -> None:
    client = sure(browser(host_person(agreement.proposal)))
    page = client.get(f"/agreements/{agreement.pk}/paper/").content.decode()
    assert "Nobody can sign yet" in page
    assert 'type="file"' not in page
    assert scan(client, agreement, Side.HOST).status_code == 422
    assert not scans().exists()


def test_paper_with_the_name_of_a_sheltered_group_is_not_for_its_host(proposal: Proposal, programme: Programme) -> None:
    request = proposal.request
    request.is_sheltered = True
    request.save()
    agreement = begin_agreement(proposal=rows(request)[0], by=host_person(proposal), language="en", now=now())
    clients = both_agree(agreement)
    scan(sure(clients[Side.ASKER]), agreement, Side.ASKER)
    kept = scans().get()
    address = f"/agreements/{agreement.pk}/paper/{kept.pk}/"
    host = text_of(clients[Side.HOST], agreement)
    assert str(kept.pk) not in host
    assert request.asked_by.name not in host
    assert "on paper" in host
    assert clients[Side.HOST].get(address).status_code == 404
    for person in (request.asked_by, make_matchmaker(programme)):
        assert browser(person).get(address).status_code == 200
    assert browser(make_person()).get(address).status_code == 404
