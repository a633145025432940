"""Contracts in Word: from our own template, or from that of a city, with the gaps filled from an agreement."""

import io
from functools import cache
from typing import Any, Final

import docx
from django.utils import translation
from django.utils.translation import gettext as _
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree  # type: ignore[import-untyped]  # ships no types

from meervoud.agreements.papers.content import Data
from meervoud.agreements.papers.docx_files import check_docx, same_bytes
from meervoud.agreements.papers.gaps import LISTS, WORDS, GapEnvironment
from meervoud.core.errors import InputError

_BROKEN = (etree.LxmlError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError)
"""What python-docx raises for files that are no whole document."""
_CONTROLS: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], " ")
MOST_TITLE: Final = 200


def docx_of(template: bytes, gaps: Data) -> bytes:
    """Return a Word file with the gaps of a template filled.

    Raises:
        InputError: the template is broken, names a gap that is not known, or says more than gaps and lists.
    """
    written = io.BytesIO()
    try:
        page = DocxTemplate(io.BytesIO(template))
        page.render(_plain(gaps), GapEnvironment(), autoescape=True)
        page.docx.core_properties.title = _plain(gaps["title"])[:MOST_TITLE]
        page.save(written)
    except TemplateError as error:
        why = str(error)[:200]
        raise InputError(f"The gaps cannot be read: {why}", code="contract_unreadable", why=why) from error
    except _BROKEN as error:
        raise InputError("The file is no Word document (.docx).", code="contract_kind") from error
    return same_bytes(written.getvalue())


def check_template(data: bytes) -> None:
    """Refuse a template that could not be filled, or that does more than that; it is filled once with made-up words.

    Raises:
        InputError: why not.
    """
    check_docx(data)
    docx_of(data, sample_gaps())


def sample_gaps() -> Data:
    """Return every gap with its own name in it."""
    lists = {name: [{field: f"{name} {field}" for field in fields}] for name, fields in LISTS.items()}
    return {**{name: name for name in WORDS}, **lists}


def gaps_of(paper: Data) -> Data:
    """Return what fills the gaps, from what stands on a contract; see content.contract_of."""
    moments, approvals = (each["rows"] for each in paper["tables"])
    return {
        **{name: paper["words"][name] for name in WORDS},
        "clauses": [{"number": str(number), **each} for number, each in enumerate(paper["clauses"], 1)],
        "moments": [dict(zip(LISTS["moments"], each, strict=True)) for each in moments],
        "approvals": [dict(zip(LISTS["approvals"], each, strict=True)) for each in approvals],
        "signatures": [{"text": "\n".join(filter(None, each.values()))} for each in paper["signatures"]],
    }


def _plain(value: Any) -> Any:  # Any: values of JSON
    """Return texts without the letters that XML cannot hold."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").translate(_CONTROLS).encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value]


@cache
def own_template(code: str) -> bytes:
    """Return our template in a language, as a file to begin from."""
    with translation.override(code):
        document = docx.Document()
        _set_language(document, code)
        document.core_properties.author = "Meervoud"
        document.sections[0].footer.paragraphs[0].text = "{{ model_text }} {{ version }} · {{ hash_short }}"
        _write(document)
    written = io.BytesIO()
    document.save(written)
    return same_bytes(written.getvalue())


def _set_language(document: WordDocument, code: str) -> None:
    for each in document.styles.element.iter(qn("w:lang")):
        each.set(qn("w:val"), {"en": "en-GB", "nl": "nl-NL", "da": "da-DK"}[code])


def _write(document: WordDocument) -> None:
    document.add_paragraph("{{ mark }}")
    document.add_heading("{{ title }}", level=1)
    document.add_paragraph("{{ kind }} · {{ version }} · {{ day }}")
    document.add_paragraph(_("Host: %(gap)s") % {"gap": "{{ host }}"})
    document.add_paragraph(_("Group: %(gap)s") % {"gap": "{{ group }}"})
    document.add_paragraph("{%p for each in clauses %}")
    document.add_heading("{{ each.number }}. {{ each.title }}", level=2)
    document.add_paragraph("{{ each.text }}")
    document.add_paragraph("{%p endfor %}")
    _write_table(document, "moments", _("All moments"), [_("Weekday"), _("Day"), _("From"), _("To"), _("Week")])
    heads = [_("Who approves"), _("For"), _("Answer"), _("On"), _("Holds until"), _("Conditions")]
    _write_table(document, "approvals", _("Approvals"), heads)
    document.add_heading(_("Signatures"), level=2)
    document.add_paragraph("{%p for each in signatures %}")
    document.add_paragraph("{{ each.text }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph(_("Fingerprint of what is signed (SHA-256): %(hash)s") % {"hash": "{{ hash }}"})


def _write_table(document: WordDocument, name: str, title: str, heads: list[str]) -> None:
    document.add_paragraph("{%p if " + name + " %}")
    document.add_heading(title, level=2)
    rows = [
        heads,
        ["{%tr for each in " + name + " %}"],
        ["{{ each." + each + " }}" for each in LISTS[name]],
        ["{%tr endfor %}"],
    ]
    table = document.add_table(rows=len(rows), cols=len(heads), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = text
    first = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001  # the only way to say that a row is the head of a table
    first.append(first.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    document.add_paragraph("{%p endif %}")
