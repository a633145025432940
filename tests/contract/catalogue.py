"""The catalogues of translations: the sentences that the code says, and what is wrong with a catalogue.

`python -m tests.contract.catalogue` adds new sentences, drops those that nobody says any more, and compiles.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import polib
from babel.messages.extract import extract

from meervoud.files.messages import MESSAGES

SOURCE: Final = Path(__file__).parents[2] / "src" / "meervoud"
TRANSLATED: Final = ("nl", "da")
KEYWORDS: Final = {"say": None, "count": (1, 2), "mark": None, "_": None}
GAP: Final = re.compile(r"%\((\w+)\)s")
WIDTH: Final = 100
HEADERS: Final = {
    "nl": "The Dutch of Meervoud. Only its makers have read it; no other native speaker has checked it yet.",
    "da": "The Danish of Meervoud. No native speaker has checked it yet.",
}
SAME_IN: Final = {
    "nl": frozenset({"wifi", "piano", "stage"}),
    "da": frozenset({"wifi", "piano"}),
}
"""Messages that read the same in English and in the language."""


class Said(NamedTuple):
    """A sentence of the source; `many` is "" where it has no plural."""

    one: str
    many: str = ""


def sentences_said() -> set[Said]:
    """Return every sentence of the command: of its code, its report and the tables of what it refuses."""
    found = {Said(text) for text in MESSAGES.values()}
    for path in sorted(SOURCE.glob("*.py")) + sorted((SOURCE / "files").glob("*.py")):
        found.update(_extract("python", path))
    for path in sorted((SOURCE / "files" / "templates").glob("*.html")):
        found.update(_extract("jinja2.ext:babel_extract", path))
    return found


def _extract(method: str, path: Path) -> Iterator[Said]:
    for _, texts, _, _ in extract(method, BytesIO(path.read_bytes()), keywords=KEYWORDS):
        yield Said(texts) if isinstance(texts, str) else Said(*texts)


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
    for text in texts:
        if set(GAP.findall(text)) != gaps or not _can_be_filled(text, gaps):
            yield "other gaps"
        if text in sources and entry.msgid not in SAME_IN[code]:
            yield "the same as the English"


def _can_be_filled(text: str, gaps: set[str]) -> bool:
    try:
        return bool(text % dict.fromkeys(gaps, "x")) or not text
    except (KeyError, TypeError, ValueError):
        return False


def read(code: str) -> polib.POFile:
    """Return the catalogue of a language; an empty one where there is none yet."""
    path = path_of(code)
    return polib.pofile(str(path), wrapwidth=WIDTH) if path.exists() else polib.POFile()


def compile_stale() -> None:
    """Compile each catalogue that is newer than its compiled form."""
    for code in TRANSLATED:
        source = path_of(code)
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime <= source.stat().st_mtime:
            read(code).save_as_mofile(str(compiled))


def main() -> int:
    """Refresh and compile the catalogues; say what is left to translate."""
    said, left = sentences_said(), list[str]()
    for code in TRANSLATED:
        old = read(code)
        new = refreshed(code, old, said)
        if str(new) != str(old):
            path_of(code).write_text(f"{new}\n", "utf-8")
        left += [f"{code}: {problem}" for problem in problems_of(code, new, said)]
    compile_stale()
    sys.stdout.write("".join(f"{line}\n" for line in left))
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
