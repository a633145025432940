"""The contract in Word: on our template or a city's own, which is read before any of it runs."""

import io
import zipfile
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.rooms.agreements.test_pages import browser, post
from tests.rooms.makers import make_matchmaker, make_person, make_programme
from tests.rooms.matching.test_proposals import host_person

from meervoud.agreements.drafts import last_version
from meervoud.agreements.models import Agreement, ContractTemplate
from meervoud.agreements.own_contracts import put_contract, remove_contract
from meervoud.agreements.papers.docx_files import MOST_BYTES, MOST_PARTS, check_docx
from meervoud.agreements.papers.gaps import LISTS, MOST_LISTS, WORDS
from meervoud.agreements.papers.word import check_template, docx_of, own_template, sample_gaps
from meervoud.agreements.signing import digest_of
from meervoud.core.errors import InputError, NotAllowedError
from meervoud.lib.models import JournalEntry
from meervoud.parties.models import Programme

pytestmark = pytest.mark.django_db
EVERY = "a test looks at everything"
HOSTILE = "<w:p>&amp; {{ ''.__class__ }} {% for x in y %} {_{ }_} #read \x0b\x00"


def made(*paragraphs: str) -> bytes:
    """Return a Word file with paragraphs."""
    document, written = docx.Document(), io.BytesIO()
    for each in paragraphs:
        document.add_paragraph(each)
    document.save(written)
    return written.getvalue()


def with_part(name: str, content: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """Return a Word file with one more part, or with some bytes of its main part changed."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made("{{ host }}"))) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.infolist():
            data = old.read(each)
            new.writestr(each.filename, data.replace(before, after) if before and each.filename == name else data)
        if not before:
            new.writestr(name, content)
    return written.getvalue()


def text_of(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    footers = [each.text for section in document.sections for each in section.footer.paragraphs]
    return "\n".join([*(each.text for each in document.paragraphs), *cells, *footers])


def word(client: Client, agreement: Agreement) -> bytes:
    answer = client.get(f"/agreements/{agreement.pk}/contract.docx")
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert answer["X-Content-Type-Options"] == "nosniff"
    content: bytes = answer.content
    return content


def send(client: Client, data: bytes, language: str = "en", name: str = "ours.docx") -> Any:  # Any: a test response
    return client.post("/desk/contracts/", {"language": language, "file": SimpleUploadedFile(name, data)})


def test_the_contract_in_word_has_everything(agreement: Agreement) -> None:
    data = word(browser(agreement.request.asked_by), agreement)
    version, said = last_version(agreement), text_of(data)
    for each in version.clauses:
        assert each["title"] in said
        assert each["text"].strip() in said
    for text in (
        "Draft",
        agreement.offer.host.name,
        "Weekday",
        digest_of(agreement, version),
        "Model text, not checked",
    ):
        assert text in said
    assert data == word(browser(agreement.request.asked_by), agreement)
    assert docx.Document(io.BytesIO(data)).core_properties.title == f"Agreement: {agreement.offer.space.name}"


def test_words_that_people_type_are_words_in_word_too(agreement: Agreement) -> None:
    client = browser(host_person(agreement.proposal))
    post(client, agreement, "clauses/care", text=HOSTILE.replace("\x00", "") + "\nnext line")
    said = text_of(word(client, agreement))
    assert "<w:p>&amp; {{ ''.__class__ }} {% for x in y %} " in said
    assert "#read" in said
    assert "\nnext line" in said


@pytest.mark.parametrize("code", ["nl", "en", "da"])
def test_our_own_template_passes_its_own_test(code: str) -> None:
    check_template(own_template(code))
    said = text_of(docx_of(own_template(code), sample_gaps()))
    for name, fields in LISTS.items():
        for field in fields:
            assert f"{name} {field}" in said
    assert "{" not in said


def test_the_own_contract_of_a_city_is_used_for_its_language(agreement: Agreement, programme: Programme) -> None:
    desk = browser(make_matchmaker(programme))
    ours = made(
        "OUR CITY {{ host }} and {{ group }}", "{%p for each in clauses %}", "{{ each.title }}!", "{%p endfor %}"
    )
    assert send(desk, ours).status_code == 302
    assert send(desk, made("DANSK"), "da").status_code == 302
    said = text_of(word(browser(agreement.request.asked_by), agreement))
    assert said.startswith(f"OUR CITY {agreement.offer.host.name} and ")
    assert f"{last_version(agreement).clauses[0]['title']}!" in said
    page = desk.get("/desk/contracts/").content.decode()
    assert "ours.docx" in page
    assert "{{ model_text }}" in page
    kept = ContractTemplate.objects.every(because=EVERY).get(language="en")
    assert desk.get(f"/desk/contracts/{kept.pk}/").content == ours
    assert desk.post(f"/desk/contracts/{kept.pk}/remove/").status_code == 302
    assert "OUR CITY" not in text_of(word(browser(agreement.request.asked_by), agreement))
    verbs = list(JournalEntry.objects.filter(verb__startswith="contract").values_list("verb", flat=True))
    assert verbs.count("contract_template.put") == 2
    assert verbs.count("contract_template.removed") == 1


def test_a_second_contract_takes_the_place_of_the_first(programme: Programme) -> None:
    staff = make_matchmaker(programme)
    for text in ("one", "two"):
        put_contract(programme=programme, by=staff, code="nl", name="../../x/a.docx", data=made(text))
    kept = ContractTemplate.objects.every(because=EVERY).get()
    assert (kept.name, text_of(bytes(kept.data)).strip()) == ("a.docx", "two")


def test_nobody_but_the_desk_brings_or_takes_away_a_contract(programme: Programme) -> None:
    staff = make_matchmaker(programme)
    kept = put_contract(programme=programme, by=staff, code="nl", name="a.docx", data=made("x"))
    for person in (make_person(), make_matchmaker(make_programme())):
        with pytest.raises(NotAllowedError):
            put_contract(programme=programme, by=person, code="en", name="a.docx", data=made("x"))
        with pytest.raises(NotAllowedError):
            remove_contract(template=kept, by=person)
        assert browser(person).get(f"/desk/contracts/{kept.pk}/").status_code == 404


def test_a_gap_that_is_not_known_is_named_where_the_file_is_brought(programme: Programme) -> None:
    answer = send(browser(make_matchmaker(programme)), made("{{ landlord }} {{ host }} {{ rent.amount }}"))
    assert answer.status_code == 422
    assert "These gaps are not known: landlord, rent.amount." in answer.content.decode()
    assert not ContractTemplate.objects.every(because=EVERY).exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{ ''.__class__.__mro__ }}", "contract_gaps"),
        ("{{ host.__class__ }}", "contract_gaps"),
        ("{{ host['__class__'] }}", "contract_says_more"),
        ("{{ host|attr('__class__') }}", "contract_says_more"),
        ("{% for i in range(10**9) %}x{% endfor %}", "contract_says_more"),
        ("{% for i in host %}x{% endfor %}", "contract_gaps"),
        ("{% for a in moments %}{% for b in moments %}x{% endfor %}{% endfor %}", "contract_says_more"),
        ("{% for host in moments %}{{ host }}{% endfor %}", "contract_says_more"),
        ("{% for a in moments recursive %}x{% endfor %}", "contract_says_more"),
        ("{{ 'a' * 10**9 }}", "contract_says_more"),
        ("{{ cycler('a') }}", "contract_says_more"),
        ("{% set x = host %}", "contract_says_more"),
        ("{% include 'a' %}", "contract_says_more"),
        ("{% macro a() %}{% endmacro %}", "contract_says_more"),
        ("{{ self }}", "contract_gaps"),
        ("{{ each.title }}", "contract_gaps"),
        ("{% for each in clauses %}{{ each.price }}{% endfor %}", "contract_gaps"),
        ("{{ host", "contract_unreadable"),
        ("{% for each in clauses %}", "contract_unreadable"),
        ("{% if host %}" * (MOST_LISTS + 1), "contract_unreadable"),
        ("{% for each in clauses %}x{% endfor %}" * (MOST_LISTS + 1), "contract_lists"),
        ("{% for each in clauses %}" + "long " * 13_000 + "{% endfor %}", "contract_list_long"),
        ("{% for each in clauses %}" + "{{ each.text }}" * 80 + "{% endfor %}", "contract_list_long"),
        ("{{ not " + "not " * 5000 + "host }}", "contract_says_more"),
    ],
)
def test_a_template_that_says_more_than_gaps_never_runs(text: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        check_template(made(text))
    assert refused.value.code in {code, "contract_kind"} if "not not" in text else refused.value.code == code


def test_gaps_in_headers_and_titles_are_read_too() -> None:
    document, written = docx.Document(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "{{ secret }}"
    document.save(written)
    with pytest.raises(InputError, match="secret"):
        check_template(written.getvalue())
    document.sections[0].header.paragraphs[0].text = ""
    document.core_properties.title = "{{ range(3) }}"
    written = io.BytesIO()
    document.save(written)
    with pytest.raises(InputError, match="more than gaps"):
        check_template(written.getvalue())


def test_conditions_and_all_gaps_are_taken() -> None:
    words = " ".join("{{ " + each + " }}" for each in WORDS)
    check_template(made(words, "{% if moments and not approvals %}x{% else %}y{% endif %}"))


RELATION = b'<Relationship Id="r99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" '
OUTSIDE = RELATION + b'Target="https://elsewhere.example/a" TargetMode="External"/></Relationships>'
RELS, END = "word/_rels/document.xml.rels", b"</Relationships>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "contract_kind"),
        (b"PK\x03\x04 no zip", "contract_kind"),
        (b"%PDF-1.7", "contract_kind"),
        (b"x" * (MOST_BYTES + 1), "contract_large"),
        (with_part("word/vbaProject.bin", b"x"), "contract_macros"),
        (with_part("word/embeddings/a.exe", b"x"), "contract_macros"),
        (with_part("[Content_Types].xml", b"", b"document.main+xml", b"document.macroEnabled.main+xml"), "contract_kind"),
        (with_part("word/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "contract_kind"),
        (with_part("word/extra.xml", '<?xml version="1.0"?><a/>'.encode("utf-16")), "contract_kind"),
        (with_part("word/bomb.xml", b"0" * 6_000_000), "contract_unpacked"),
        (with_part(RELS, b"", END, OUTSIDE % b"image"), "contract_reaches_out"),
        (with_part(RELS, b"", END, OUTSIDE % b"attachedTemplate"), "contract_macros"),
        (with_part("word/document.xml", b"", b"{{ host }}", b'</w:t></w:r><w:r><w:instrText>DDEAUTO c</w:instrText></w:r><w:r><w:t>'), "contract_reaches_out"),
        (with_part("word/document.xml", b"", b"</w:body>", b""), "contract_kind"),
    ],
    ids=range(14),
)  # fmt: skip
def test_files_that_are_no_plain_document_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        check_template(data)
    assert refused.value.code == code


def test_a_link_to_a_page_is_taken() -> None:
    check_template(with_part(RELS, b"", END, OUTSIDE % b"hyperlink"))


def test_a_file_of_very_many_parts_or_much_air_is_refused_before_it_is_unpacked() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(MOST_PARTS + 1):
            archive.writestr(f"word/{number}.xml", b"")
    with pytest.raises(InputError) as refused:
        check_docx(written.getvalue())
    assert refused.value.code == "contract_unpacked"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.png", b"\x00" * 25_000_000)
    assert len(written.getvalue()) < 100_000
    with pytest.raises(InputError) as refused:
        check_docx(written.getvalue())
    assert refused.value.code == "contract_unpacked"
