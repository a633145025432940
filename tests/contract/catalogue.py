"""The catalogues of translations: the sentences that the code says, and what is wrong with a catalogue.

`python -m tests.contract.catalogue` adds new sentences, drops those that nobody says any more, and compiles.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from meervoud.files.impact_messages import CAPS, GRADES, ISSUES
from meervoud.files.messages import MESSAGES
from meervoud.lib import images, safe_fetch
from meervoud.supply import week_grid

SOURCE: Final = Path(__file__).parents[2] / "src" / "meervoud"
TRANSLATED: Final = ("nl", "da")
TEXTS_OF: Final = {
    "say": 1,
    "mark": 1,
    "count": 2,
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "gettext_noop": 1,
    "ngettext": 2,
    "NotAllowedError": 1,
    "ConflictError": 1,
}
GAP: Final = re.compile(r"%\((\w+)\)s")
WORD: Final = re.compile(r"[^\W\d_]")
TEMPLATE_READER: Final = "jinja2.ext:babel_extract"
COMMENT: Final = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)
WIDTH: Final = 100
HEADERS: Final = {
    "nl": "The Dutch of Meervoud. Only its makers have read it; no other native speaker has checked it yet.",
    "da": "The Danish of Meervoud. No native speaker has checked it yet.",
}
SAME_IN: Final = {
    "nl": frozenset(
        {
            "%(number)s moment",
            "%(number)s moment: %(first)s",
            "Cookies",
            "Filters",
            "Internet",
            "Per",
            "Plan",
            "Postcode",
            "Privacy",
            "Score",
            "Website",
            "Week",
            "Week %(number)s",
            "alcohol",
            "budget",
            "code",
            "computers",
            "lift",
            "matchmaker",
            "online",
            "open",
            "piano",
            "postcode",
            "school",
            "sector",
            "toilet",
            "website",
            "whiteboard",
            "wifi",
        }
    ),
    "da": frozenset(
        {
            "%(name)s, for %(group)s",
            "For %(groups)s",
            "%(least)s person",
            "%(number)s person",
            "%(people)s person",
            "Alarm",
            "Cookies",
            "E-mail",
            "Internet",
            "Moderation",
            "Note",
            "Organisation",
            "Plan",
            "Print version %(number)s.",
            "Score",
            "Send",
            "Toilet",
            "Version %(number)s",
            "budget",
            "e-mail",
            "import",
            "matchmaker",
            "online",
            "organisation",
            "person",
            "reception",
            "toilet",
            "whiteboard",
            "wifi",
        }
    ),
}
"""Sentences that read the same in English and in the language; one of gaps alone always may."""


class Said(NamedTuple):
    """A sentence of the source; `many` is "" where it has no plural."""

    one: str
    many: str = ""


def sentences_said() -> set[Said]:
    """Return every sentence of the command and the web: of code, templates, report and the tables of what is refused."""
    tables = (MESSAGES, ISSUES, GRADES, CAPS, images.REFUSALS, safe_fetch.REFUSALS, week_grid.REFUSALS)
    found = {Said(text) for table in tables for text in table.values()}
    found.update(Said(name) for name in week_grid.WEEKDAY_NAMES)
    for path in sorted(SOURCE.rglob("*.py")):
        if "core" not in path.parts and "migrations" not in path.parts:
            found.update(said_in(path.read_text("utf-8")))
    for path in sorted((SOURCE / "site" / "templates").rglob("*.*")):
        found.update(said_in_template(path.read_text("utf-8")))
    for path in sorted((SOURCE / "files" / "templates").glob("*.html")):
        found.update(
            Said(str(texts)) for _, texts, _, _ in extract(TEMPLATE_READER, BytesIO(path.read_bytes()), {"_": None})
        )
    return found


def said_in(source: str) -> Iterator[Said]:
    """Return what a module says or marks; Babel's own reader of Python misses what stands inside an f-string."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            number = TEXTS_OF.get(getattr(node.func, "attr", getattr(node.func, "id", "")), 0)
            texts = [each.value for each in node.args[:number] if isinstance(each, ast.Constant)]
            if number and len(texts) == number and all(isinstance(text, str) for text in texts):
                yield Said(*map(str, texts))


def said_in_template(source: str) -> Iterator[Said]:
    """Return what a template of Django says."""
    source = COMMENT.sub("", source)  # else it would hide what stands behind it
    calls = BytesIO(templatize(source).replace("\n", " ").strip().encode())  # one line: Python would mind its indents
    for _, texts, _, _ in extract("python", calls, {"gettext": None, "_": None, "ngettext": (1, 2)}):
        yield Said(texts) if isinstance(texts, str) else Said(*texts[:2])


def path_of(code: str) -> Path:
    """Return where the catalogue of a language stands."""
    return SOURCE / "locale" / code / "LC_MESSAGES" / "django.po"


def refreshed(code: str, old: polib.POFile, said: set[Said]) -> polib.POFile:
    """Return a catalogue of all that is said, with the translations of an old one, in the order of the sentences."""
    known = {_said(entry): entry for entry in old}
    new = polib.POFile(wrapwidth=WIDTH)
    new.header = HEADERS[code]
    new.metadata = {
        "Language": code,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    new.extend(known.get(each) or _empty(each) for each in sorted(said))
    return new


def _empty(said: Said) -> polib.POEntry:
    if said.many:
        return polib.POEntry(msgid=said.one, msgid_plural=said.many, msgstr_plural={0: "", 1: ""})
    return polib.POEntry(msgid=said.one)


def _said(entry: polib.POEntry) -> Said:
    return Said(entry.msgid, entry.msgid_plural)


def problems_of(code: str, catalogue: polib.POFile, said: set[Said]) -> list[str]:
    """Return what is wrong with a catalogue, [] where nothing is."""
    there = [_said(entry) for entry in catalogue]
    found = [f"missing: {each.one}" for each in sorted(said - set(there))]
    found += [f"nobody says: {each.one}" for each in sorted(set(there) - said)]
    if there != sorted(set(there)):
        found.append("not sorted, or twice the same; run make messages")
    for entry in catalogue:
        found += [f"{problem}: {entry.msgid}" for problem in _problems_of_entry(code, entry)]
    return found


def _problems_of_entry(code: str, entry: polib.POEntry) -> Iterator[str]:
    sources = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    gaps = set(GAP.findall(" ".join(sources)))
    if entry.fuzzy:
        yield "fuzzy"
    if len(texts) != len(sources) or not all(text.strip() for text in texts):
        yield "not translated"
    for text in filter(str.strip, texts):
        if set(GAP.findall(text)) != gaps or not _can_be_filled(text, gaps):
            yield "other gaps"
        if text in sources and entry.msgid not in SAME_IN[code] and WORD.search(GAP.sub("", text)):
            yield "the same as the English"


def _can_be_filled(text: str, gaps: set[str]) -> bool:
    try:
        return bool(text % dict.fromkeys(gaps, "x"))
    except (KeyError, TypeError, ValueError):
        return False


def read(code: str) -> polib.POFile:
    """Return the catalogue of a language; an empty one where there is none yet."""
    path = path_of(code)
    return polib.pofile(str(path), wrapwidth=WIDTH) if path.exists() else polib.POFile()


def compile_all() -> None:
    """Compile each catalogue; dates of files say too little after a checkout, so the content decides."""
    for code in TRANSLATED:
        place = path_of(code).with_suffix(".mo")
        content = read(code).to_binary()
        if not place.exists() or place.read_bytes() != content:
            unfinished = place.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(content)
            unfinished.replace(place)  # at once, so that no test reads half a file


def main() -> int:
    """Refresh and compile the catalogues; say what is left to translate."""
    said, left = sentences_said(), list[str]()
    for code in TRANSLATED:
        old = read(code)
        new = refreshed(code, old, said)
        path_of(code).write_text(f"{new}\n", "utf-8")
        left += [f"{code}: {problem}" for problem in problems_of(code, new, said)]
    compile_all()
    sys.stdout.write("".join(f"{line}\n" for line in left))
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
