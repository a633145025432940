"""Word files that people send: only a document, not too large when unpacked, no macros, nothing that reaches outside."""

import io
import re
import zipfile
from typing import Final

from meervoud.core.errors import InputError

MOST_BYTES: Final = 2_000_000
MOST_UNPACKED: Final = 20_000_000
MOST_WORDS: Final = 5_000_000
"""Of one part of the file that holds words."""
MOST_PARTS: Final = 300
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MAIN = b"wordprocessingml.document.main+xml"
_ENDINGS = (".xml", ".rels", ".png", ".jpg", ".jpeg", ".gif", ".odttf")
_FORBIDDEN = re.compile(
    rb"macroEnabled|vbaProject|/(oleObject|package|control|aFChunk|attachedTemplate|frame|subDocument)\""
)
_EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_DTD = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_FIELDS = re.compile(rb"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|MACROBUTTON)\b")
_FIXED = (1980, 1, 1, 0, 0, 0)


def check_docx(data: bytes) -> None:
    """Refuse what is not a plain Word document.

    Raises:
        InputError: why not.
    """
    if len(data) > MOST_BYTES:
        raise InputError("The file is larger than 2 MB.", code="contract_large", megabytes=MOST_BYTES // 1_000_000)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive.infolist())
            parts = {each.filename: archive.read(each) for each in archive.infolist() if not each.is_dir()}
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        raise _not_word() from error
    if _MAIN not in parts.get("[Content_Types].xml", b"") or "word/document.xml" not in parts:
        raise _not_word()
    for name, content in parts.items():
        _check_part(name, content)


def _not_word() -> InputError:
    return InputError("The file is no Word document (.docx).", code="contract_kind")


def _too_large() -> InputError:
    return InputError("The file is too large when it is unpacked.", code="contract_unpacked")


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    """Look at what the directory of the file says; reading never gives more than that."""
    names = [each.filename for each in entries]
    if len(names) > MOST_PARTS or sum(each.file_size for each in entries) > MOST_UNPACKED:
        raise _too_large()
    if any(each.file_size > MOST_WORDS for each in entries if each.filename.endswith((".xml", ".rels"))):
        raise _too_large()
    if len(set(names)) < len(names) or any(each.flag_bits & 1 for each in entries):
        raise _not_word()


def _check_part(name: str, content: bytes) -> None:
    if not name.lower().endswith(_ENDINGS) or _FORBIDDEN.search(content if name.endswith((".xml", ".rels")) else b""):
        raise InputError("The file has macros or other files in it.", code="contract_macros", what=name[:80])
    if not name.lower().endswith((".xml", ".rels")):
        return
    if _DTD.search(content) or b"\x00" in content[:200]:
        raise _not_word()
    reaches_out = any(not _HYPERLINK.search(each) for each in _EXTERNAL.findall(content))
    if reaches_out or (name.startswith("word/") and _FIELDS.search(content)):
        raise InputError("The file fetches something from elsewhere.", code="contract_reaches_out", what=name[:80])


def same_bytes(data: bytes) -> bytes:
    """Return a Word file without the moment it was packed at: the same for the same content."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        for each in before.infolist():
            entry = zipfile.ZipInfo(each.filename, _FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(each))
    return written.getvalue()
