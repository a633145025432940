"""Rows of a CSV file, one at a time, whatever its encoding and delimiter."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from meervoud.files.messages import unreadable
from meervoud.files.reading import Note
from meervoud.files.tables.raw_rows import WHOLE_ROW, RawRow, Sheet

CHUNK_BYTES = 1 << 20
LONGEST_LINE = 1 << 20
SAMPLE_RECORDS = 30
DELIMITERS = ",;\t|"


@contextmanager
def open_csv(path: Path) -> Iterator[Sheet]:
    """Open a CSV file; its first row is the header.

    Raises:
        InputError: no known encoding fits, or a line has no end.
    """
    encoding = find_encoding(path)
    notes = (Note("encoding_guessed", {"encoding": encoding}),) if encoding == "cp1252" else ()
    with path.open(encoding=encoding, newline="") as sample:
        delimiter, lines_before = find_delimiter(sample)
    with path.open(encoding=encoding, newline="") as stream:
        yield Sheet(_rows(stream, delimiter, lines_before), notes)


def find_encoding(path: Path) -> str:
    """Return the first encoding in which the whole file is text; cp1252 comes last and is a guess."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif _every_other_is_nul(start[1::2], start[0::2]):
        candidates = ["utf-16-le"]
    elif _every_other_is_nul(start[0::2], start[1::2]):
        candidates = ["utf-16-be"]
    else:
        candidates = ["utf-8-sig", "cp1252"]
    for encoding in candidates:
        if _decodes(path, encoding):
            return encoding
    raise unreadable("encoding_unknown", file=path.name)


def _every_other_is_nul(these: bytes, others: bytes) -> bool:
    return len(these) > 1 and these.count(0) > len(these) * 0.6 and others.count(0) < len(others) * 0.1


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as stream:
        try:
            while chunk := stream.read(CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def find_delimiter(stream: TextIO) -> tuple[str, int]:
    """Return the delimiter that gives the top rows the most columns and the same number of them.

    The second value is how many lines to skip: 1 where the file begins with Excel's hint "sep=;".
    """
    lines = [line for line, _ in zip(_lines(stream), range(SAMPLE_RECORDS), strict=False)]
    if lines and (hint := re.fullmatch(r'"?sep=(.)"?', lines[0].strip(), re.IGNORECASE)):
        return hint[1], 1
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter)), 0


def _evenness(lines: list[str], delimiter: str) -> tuple[float, int]:
    try:
        widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter) if record)
    except csv.Error:
        return (0.0, 0)
    if not widths:
        return (0.0, 0)
    width, times = widths.most_common(1)[0]
    # one column is always even: any delimiter that gives more in half of the rows is better
    return (times / widths.total() if width > 1 else 0.0, width)


def _lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(LONGEST_LINE):
        if len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            raise unreadable("line_too_long", characters=LONGEST_LINE)
        yield line


def _rows(stream: TextIO, delimiter: str, lines_before: int) -> Iterator[RawRow]:
    lines = _lines(stream)
    for _ in range(lines_before):
        next(lines, None)
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t")
    number = lines_before
    while True:
        number += 1
        first_line = reader.line_num + 1 + lines_before
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            last_line = reader.line_num + lines_before
            error = unreadable("quotes_broken", first_line=first_line, last_line=last_line)
            yield RawRow(number, (), {WHOLE_ROW: error})
            continue
        if any("\0" in cell for cell in cells):
            problems = {index: unreadable("nul_byte") for index, cell in enumerate(cells) if "\0" in cell}
            yield RawRow(number, [cell.replace("\0", "\ufffd") for cell in cells], problems)
        else:
            yield RawRow(number, cells)
