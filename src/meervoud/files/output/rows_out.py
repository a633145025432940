"""Proposals as rows of a table: for CSV and XLSX, in the language of the reader."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Answer, Proposal
from meervoud.files.output.result_file import Matched
from meervoud.files.wording.language import Language
from meervoud.files.wording.names import name_of
from meervoud.files.wording.sentences import say_doubts, say_edges, say_missing, say_parts, say_pattern, say_relaxation

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Value = str | int | float


def proposal_rows(what: Matched, language: Language) -> Iterator[list[Value]]:
    """Return a row of headers and a row for each proposal; a request without one has a row that says so."""
    yield [
        language.say("Request"),
        language.say("Organisation"),
        language.say("Rank"),
        language.say("Space"),
        language.say("Name of the space"),
        language.say("Host"),
        language.say("Certainty"),
        language.say("Score"),
        language.say("Metres"),
        language.say("When"),
        language.say("Not on"),
        language.say("Doubts"),
        language.say("Bounds of the time"),
        language.say("Parts of the score"),
        language.say("What would open more"),
    ]
    for request, answer in zip(what.requests, what.result.answers, strict=True):
        more = "; ".join(say_relaxation(language, request, each) for each in answer.relaxations)
        if not answer.proposals:
            yield [request.id, _who(request), "", "", language.say("No space fits"), *[""] * 9, more]
        for proposal in answer.proposals:
            yield [*_cells(what, language, request, answer, proposal), more]


def write_csv(path: Path, what: Matched, language: Language) -> None:
    """Write CSV that opens in a spreadsheet: UTF-8 with BOM, no cell that could run as a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for row in proposal_rows(what, language):
            writer.writerow([safe_cell(value) for value in row])


def write_xlsx(path: Path, what: Matched, language: Language) -> None:
    """Write a workbook with bold headers and a frozen first row; text stays text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(language.say("Proposals"))
    sheet.freeze_panes = "A2"
    for number, row in enumerate(proposal_rows(what, language)):
        cells = [WriteOnlyCell(sheet, value=_clean(value)) for value in row]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # never a formula, whatever it begins with
            if number == 0:
                cell.font = Font(bold=True)
        sheet.append(cells)
    book.save(path)


def safe_cell(value: Value) -> Value:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def _cells(what: Matched, language: Language, request: Request, answer: Answer, proposal: Proposal) -> list[Value]:
    space = what.space(proposal.space_id)
    missing = [say_missing(language, pattern) for pattern in proposal.patterns]
    return [
        answer.request_id,
        _who(request),
        proposal.rank,
        space.id,
        space.name,
        space.host,
        name_of(language, "certainties", proposal.certainty),
        proposal.score,
        "" if proposal.metres is None else proposal.metres,
        "; ".join(say_pattern(language, pattern) for pattern in proposal.patterns),
        "; ".join(text for text in missing if text),
        "; ".join(say_doubts(language, proposal)),
        "; ".join(say_edges(language, proposal.edges)),
        say_parts(language, proposal),
    ]


def _who(request: Request) -> str:
    return request.organisation or request.name


def _clean(value: Value) -> Value:
    # what is not allowed in XML: control characters, and the two that are no characters
    return _NOT_IN_XML.sub("", value) if isinstance(value, str) else value
