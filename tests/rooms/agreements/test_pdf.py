"""The contract as a PDF: what people wrote stands there as they wrote it, tagged, and the same bytes each time."""

import contextlib
import hashlib
import re
import shutil
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.rooms.agreements.test_pages import both_agree, browser, post, sure, text_of
from tests.rooms.makers import make_matchmaker
from tests.rooms.matching.test_proposals import host_person, rows

from meervoud.agreements.consenting import Approved, Needed, ask_approval, note_approval
from meervoud.agreements.drafts import begin_agreement, change_terms, last_version
from meervoud.agreements.models import Agreement, Document
from meervoud.agreements.papers.content import contract_of
from meervoud.agreements.papers.pdf import pdf_of
from meervoud.agreements.signing import digest_of
from meervoud.agreements.terms import read_terms
from meervoud.lib.clock import now, today
from meervoud.lib.typeset import MOST_PROBES
from meervoud.matching.models import Proposal, Side
from meervoud.parties.models import Programme

pytestmark = pytest.mark.django_db
EVERY = "a test looks at everything"
HOSTILE = '#read("/etc/passwd") $x$ \\ *bold* _it_ `raw` <label> @ref [a] #{panic()} // no comment \\u{41}'
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext reads the PDF back")


def words_of(data: bytes, folder: Path) -> str:
    """Return what a PDF says, with blanks as one."""
    path = folder / "a.pdf"
    path.write_bytes(data)
    found = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    return re.sub(r"[\s\u200b]+", " ", found.stdout)


def pages_of(data: bytes, folder: Path) -> int:
    path = folder / "pages.pdf"
    path.write_bytes(data)
    found = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True)
    return int(re.search(r"^Pages:\s+(\d+)", found.stdout, re.MULTILINE)[1])  # type: ignore[index]  # it says so


def inflated(data: bytes) -> bytes:
    """Return a PDF with what is packed in it unpacked behind it."""
    found = [data]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        with contextlib.suppress(zlib.error):
            found.append(zlib.decompress(packed))
    return b"\n".join(found)


def pdf(client: Client, agreement: Agreement) -> bytes:
    answer = client.get(f"/agreements/{agreement.pk}/contract.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    content: bytes = answer.content
    return content


def other(agreement: Agreement, text: str) -> None:
    terms = read_terms(last_version(agreement).terms)
    change_terms(agreement=agreement, by=host_person(agreement.proposal), terms=replace(terms, other=text))


@needs_poppler
def test_a_draft_says_so_and_has_everything(agreement: Agreement, tmp_path: Path) -> None:
    host = host_person(agreement.proposal)
    approval = ask_approval(agreement=agreement, by=host, needed=Needed(Side.HOST, "board", "Board of the quay"))
    note_approval(approval=approval, by=host, said=Approved("conditions", today(), today(), "No candles."))
    said = words_of(pdf(browser(host), agreement), tmp_path)
    version = last_version(agreement)
    digest = digest_of(agreement, version)
    for each in version.clauses:
        assert each["title"] in said
    for text in (
        "Draft",
        agreement.offer.host.name,
        "Board of the quay",
        "No candles.",
        digest,
        "Name, date and signature",
    ):
        assert text in said
    assert f"Model text, not checked by a lawyer. · Version 2 · {digest[:12]} 1 / " in said
    moments = read_terms(version.terms).times.moments
    heads = "Weekday Day From To Week"
    assert heads in said
    assert len(
        re.findall(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d+ \w+ \d{4} \d\d:\d\d \d\d:\d\d \d+", said)
    ) == len(moments)


@needs_poppler
def test_the_notice_stands_on_every_page(agreement: Agreement, tmp_path: Path) -> None:
    other(agreement, "A long line of words.\n" * 90)
    data = pdf(browser(host_person(agreement.proposal)), agreement)
    assert pages_of(data, tmp_path) > 1
    assert words_of(data, tmp_path).count("Model text, not checked by a lawyer.") == pages_of(data, tmp_path)


@needs_poppler
def test_words_that_people_type_are_data_and_never_typst(agreement: Agreement, tmp_path: Path) -> None:
    other(agreement, HOSTILE)
    said = words_of(pdf(browser(host_person(agreement.proposal)), agreement), tmp_path)
    assert HOSTILE in said
    assert "root:" not in said


@needs_poppler
def test_letters_of_many_scripts_are_printed_and_others_are_named(agreement: Agreement, tmp_path: Path) -> None:
    other(agreement, "smørrebrød på æblet, naïef; Привет; مرحبا; 日本 🎉 \x01")
    said = words_of(pdf(browser(host_person(agreement.proposal)), agreement), tmp_path)
    assert "smørrebrød på æblet, naïef; Привет; " in said
    assert "مرحبا" in said
    assert "[U+65E5][U+672C] [U+1F389]" in said
    assert "could not be printed, and stand here by their number: U+65E5, U+672C, U+1F389." in said


def test_a_wall_of_strange_letters_costs_no_more_than_a_few_tries(agreement: Agreement) -> None:
    other(agreement, "".join(chr(0x4E00 + number) for number in range(10 * MOST_PROBES)))
    assert pdf(browser(host_person(agreement.proposal)), agreement).startswith(b"%PDF-")


def test_a_pdf_is_tagged_names_its_language_and_is_the_same_every_time(agreement: Agreement) -> None:
    client = browser(host_person(agreement.proposal))
    data = pdf(client, agreement)
    inside = inflated(data)
    for mark in (b"/StructTreeRoot", b"/Lang(en)", b"<pdfuaid:part>1</pdfuaid:part>", b"/S/TH", b"/S/H1"):
        assert mark in inside.replace(b"/S /", b"/S/")
    assert data == pdf(client, agreement)


@pytest.mark.parametrize("code", ["nl", "da"])
def test_the_paper_is_in_the_language_of_the_agreement(proposal: Proposal, code: str) -> None:
    agreement = begin_agreement(proposal=proposal, by=host_person(proposal), language=code, now=now())
    assert f"/Lang({code})".encode() in inflated(pdf(browser(host_person(proposal)), agreement))


@needs_poppler
def test_what_was_signed_is_kept_as_a_pdf_and_handed_out_as_it_is(agreement: Agreement, tmp_path: Path) -> None:
    clients = both_agree(agreement)
    for side, client in clients.items():
        post(sure(client), agreement, "sign", side=side)
    kept = Document.objects.every(because=EVERY).get(form="pdf")
    data = pdf(clients[Side.ASKER], agreement)
    assert data == bytes(kept.data)
    assert hashlib.sha256(data).hexdigest() == kept.sha256
    assert kept.sha256 in text_of(clients[Side.ASKER], agreement)
    said = words_of(data, tmp_path)
    assert "Draft" not in said
    assert said.count("Signed by ") == 2
    assert said.count(digest_of(agreement, last_version(agreement))) == 3  # two signatures, and the contract itself


def test_the_kept_pdf_is_under_the_guard_and_is_there_once(agreement: Agreement) -> None:
    for side, client in both_agree(agreement).items():
        post(sure(client), agreement, "sign", side=side)
    kept = Document.objects.every(because=EVERY).filter(form="pdf")
    with pytest.raises(DatabaseError, match="what_was_signed_stays"):
        kept.update(data=b"other")


def test_a_second_pdf_of_a_version_is_refused(agreement: Agreement) -> None:
    for side, client in both_agree(agreement).items():
        post(sure(client), agreement, "sign", side=side)
    first = Document.objects.every(because=EVERY).get(form="pdf")
    with pytest.raises(DatabaseError, match=r"one_document_of_a_form_and_side|UNIQUE"):
        Document.objects.create(
            agreement=agreement, version=first.version, form="pdf", data=b"x", media_type="a/b", sha256="0" * 64
        )


@needs_poppler
def test_a_group_that_needs_shelter_stays_without_a_name_on_paper(
    proposal: Proposal, programme: Programme, tmp_path: Path
) -> None:
    request = proposal.request
    request.is_sheltered, request.title = True, "Women of the quay"
    request.save()
    agreement = begin_agreement(proposal=rows(request)[0], by=host_person(proposal), language="en", now=now())
    ask_approval(
        agreement=agreement, by=request.asked_by, needed=Needed(Side.ASKER, "board", "Hidden House", is_required=False)
    )
    clients = both_agree(agreement)
    for side, client in clients.items():
        post(sure(client), agreement, "sign", side=side)
    said = words_of(pdf(clients[Side.HOST], agreement), tmp_path)
    assert "Draft" not in said
    for secret in ("Women of the quay", request.asked_by.name, "Hidden House"):
        assert secret not in said
    assert f"Signed by a group that {programme.name} knows by name" in said
    assert request.asked_by.name not in text_of(clients[Side.HOST], agreement)


def test_the_paper_costs_as_many_questions_with_many_approvals(agreement: Agreement) -> None:
    host, counts = host_person(agreement.proposal), []
    client = browser(host)
    for _ in range(2):
        for _each in range(4):
            ask_approval(agreement=agreement, by=host, needed=Needed(Side.HOST, "board"))
        with CaptureQueriesContext(connection) as seen:
            pdf(client, agreement)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@needs_poppler
def test_one_page_to_decide_on_is_one_page_whatever_people_write(agreement: Agreement, tmp_path: Path) -> None:
    host = host_person(agreement.proposal)
    approval = ask_approval(agreement=agreement, by=host, needed=Needed(Side.HOST, "residents", "M" * 120, today()))
    client, address = browser(host), f"/agreements/{agreement.pk}/approvals/{approval.pk}/brief.pdf"
    short = client.get(address).content
    said = words_of(short, tmp_path)
    assert pages_of(short, tmp_path) == 1
    for text in (
        "Asked of: meeting of residents",
        "At most 12 people",
        "6 moments, the first:",
        "Your answer",
        "opens and",
    ):
        assert text in said
    assert "Shortened" not in said
    terms = replace(read_terms(last_version(agreement).terms), end_text="Wmw " * 250)
    change_terms(agreement=agreement, by=host, terms=terms)
    for key in ("parties", "space", "times", "free", "access", "insurance", "end"):
        post(client, agreement, f"clauses/{key}", text=f"{key} " + "W\n" * 2900)
    long = client.get(address).content
    assert pages_of(long, tmp_path) == 1
    assert "Shortened to fit one page." in words_of(long, tmp_path)
    assert "Your answer" in words_of(long, tmp_path)


def test_staff_of_the_programme_take_the_same_bytes(agreement: Agreement, programme: Programme) -> None:
    staff = browser(make_matchmaker(programme))
    assert pdf(staff, agreement) == pdf(browser(agreement.request.asked_by), agreement)


def test_what_stands_on_paper_is_plain_data(agreement: Agreement) -> None:
    version = last_version(agreement)
    data = contract_of(agreement, version, digest_of(agreement, version))
    assert pdf_of("contract", data, version.created_at) == pdf_of("contract", data, version.created_at)
    assert pdf_of("contract", {**data, "mark": "Copy"}, version.created_at) != pdf_of(
        "contract", data, version.created_at
    )
