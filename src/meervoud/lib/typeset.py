"""PDFs by Typst: tagged for those who have them read aloud, and the same bytes for the same data.

People's texts go in as values of JSON and are only ever set as text. No font of the machine is used, so that every machine
prints the same; a letter that no font here has stands there by its number, and a line at the end names it.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

Data = dict[str, Any]  # Any: values of JSON

MEDIA_TYPE: Final = "application/pdf"
MOST_PROBES: Final = 64
"""How many strange letters of one document are tried one by one; more than that are taken as missing."""
_STRANGE = re.compile(r"[^\n -ɏ\u0300-\u036fͰ-ϿЀ-ӿḀ-\u206f€]")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\uffff]")
_PROBE = b'#set document(title: "p")\n#set text(lang: "en")\n#json(bytes(sys.inputs.data))'


def typeset(source: bytes, data: Data, at: datetime, *, root: Path) -> bytes:
    """Return a page as a PDF.

    Args:
        source: the page in Typst; it reads its data by `json(bytes(sys.inputs.data))`.
        data: what stands on it. `unprinted` has a gap %(letters)s for what no font can show.
        at: the moment that the file says it was made at.
        root: the only folder that the page can read files from.
    """
    shown, missing = _printable(data)
    shown["unprinted"] = data["unprinted"] % {"letters": ", ".join(missing)} if missing else ""
    try:
        return _compiled(source, shown, at, root=root)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        # letters that fail only beside others; tagged all the same
        return _compiled(source, shown, at, root=root, is_universal=False)


def _compiled(
    source: bytes, data: object, at: datetime | int, *, root: Path | None = None, is_universal: bool = True
) -> bytes:
    made = typst.Compiler(root=root, ignore_system_fonts=True).compile(
        source,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"] if is_universal else [],
        timestamp=at if isinstance(at, int) else int(at.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _printable(data: Data) -> tuple[Data, list[str]]:
    """Return data whose every letter a font has, and the numbers of the letters that none has."""
    strange = sorted({letter for text in _texts(data) for letter in _STRANGE.findall(_clean(text))})
    missing = [each for number, each in enumerate(strange) if number >= MOST_PROBES or not _has_glyph(each)]
    table = str.maketrans({each: f"[{_number(each)}]" for each in missing})
    shown = _changed(data, table)
    return shown, [_number(each) for each in missing]


def _number(letter: str) -> str:
    return f"U+{ord(letter):04X}"


def _clean(text: str) -> str:
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n")).encode("utf-8", "replace").decode()


def _texts(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for each in data.values():
            yield from _texts(each)
    elif isinstance(data, list | tuple):
        for each in data:
            yield from _texts(each)


def _changed(data: Any, table: dict[int, str]) -> Any:  # Any: values of JSON
    if isinstance(data, str):
        return _clean(data).translate(table)
    if isinstance(data, dict):
        return {name: _changed(each, table) for name, each in data.items()}
    if isinstance(data, list | tuple):
        return [_changed(each, table) for each in data]
    return data


@cache
def _has_glyph(letter: str) -> bool:
    try:
        _compiled(_PROBE, letter, 0)
    except typst.TypstError:
        return False
    return True
