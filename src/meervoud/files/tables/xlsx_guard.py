"""What must hold of a workbook before it is opened: it is one, it is not locked, and it does not unfold without end."""

import re
import zipfile
import zlib
from pathlib import Path
from posixpath import join, normpath

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring, iterparse
from openpyxl.utils.cell import range_boundaries

from meervoud.files.messages import unreadable

MOST_BYTES = 300_000_000
MOST_PARTS = 5_000
MOST_RATIO = 200
RATIO_FROM_BYTES = 5_000_000
CHUNK_BYTES = 1 << 20
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    AttributeError,
    ParseError,
    NotImplementedError,
    RuntimeError,
)

Block = tuple[int, int, int, int]
"""First column, first row, last column, last row, all counted from 1."""


def check_workbook(path: Path) -> None:
    """Refuse what is no workbook, what is locked, and what unfolds to more than a person could have typed.

    Raises:
        InputError: with what to do instead.
    """
    with path.open("rb") as stream:
        start = stream.read(1 << 16)
    if start.startswith(OLE_START):
        locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()[-(1 << 16) :] + start
        raise unreadable("workbook_locked" if locked else "workbook_old", file=path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(path, archive)
    except BROKEN as error:
        raise unreadable("workbook_broken", file=path.name) from error


def _check_parts(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise unreadable("workbook_locked", file=path.name)
    if "xl/workbook.xml" not in archive.namelist():
        raise unreadable("workbook_broken", file=path.name)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise unreadable("workbook_too_large", file=path.name, megabytes=MOST_BYTES // 1_000_000)
    unfolded = 0
    for part in parts:
        unfolded += _unfold(path, archive, part, MOST_BYTES - unfolded)


def _unfold(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, allowed: int) -> int:
    """Count what a part really unfolds to: what it says of itself may be a lie."""
    most = max(RATIO_FROM_BYTES, part.compress_size * MOST_RATIO)
    size = 0
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            if size == 0 and re.search(rb"<\0?!\0?(?:D\0?O\0?C\0?T|E\0?N\0?T)", chunk):
                raise unreadable("workbook_broken", file=path.name)
            size += len(chunk)
            if size > most or size > allowed:
                raise unreadable("workbook_too_large", file=path.name, megabytes=MOST_BYTES // 1_000_000)
    return size


def find_merged(path: Path, sheet: str) -> list[Block]:
    """Return the blocks of merged cells of a sheet; a streaming reader does not tell them."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _merged_in(archive, _part_of_sheet(archive, sheet))
    except (*BROKEN, DefusedXmlException) as error:
        raise unreadable("workbook_broken", file=path.name) from error


def _part_of_sheet(archive: zipfile.ZipFile, sheet: str) -> str:
    book = fromstring(archive.read("xl/workbook.xml"))
    identities = {entry.get("name"): entry.get(REL_ID) for entry in book.iter(f"{MAIN}sheet")}
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = {relation.get("Id"): str(relation.get("Target")) for relation in relations}[identities[sheet]]
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _merged_in(archive: zipfile.ZipFile, part: str) -> list[Block]:
    blocks = []
    with archive.open(part) as stream:
        for _, element in iterparse(stream):
            if element.tag == f"{MAIN}mergeCell":
                left, top, right, bottom = range_boundaries(element.get("ref"))
                if (left, top) != (right, bottom):
                    blocks.append((int(left), int(top), int(right), int(bottom)))
            elif element.tag == f"{MAIN}row":
                element.clear()
    return blocks
