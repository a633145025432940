"""Columns of a table that are no field: which look like one, and which are kept as notes."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from meervoud.files.reading import Note
from meervoud.files.tables.mapping import KNOWN_COLUMNS, ColumnMapping, Matched, Subject, match_columns
from meervoud.files.tables.tables import Table
from meervoud.files.values.words import fold

NEAR = 0.76  # lets "capcity" and "weekday times" speak, and "date" not be taken for "rate"


def note_columns(table: Table, subject: Subject, mapping: ColumnMapping) -> list[Note]:
    """Return a note for each column that looks like a field that no other column fills, and one for all the others.

    Raises:
        InputError: see `match_columns`.
    """
    matched = match_columns(table, subject, mapping)
    notes, kept = list[Note](), list[str]()
    words = _free_words(matched, subject)
    for column in _plain_columns(table, matched):
        nearest = list(dict.fromkeys(words[word] for word in _near(fold(column), words)))[:3]
        if nearest:
            notes.append(Note("column_not_known", {"column": column, "nearest": ", ".join(nearest)}))
        else:
            kept.append(column)
    return [*notes, Note("columns_kept", {"columns": ", ".join(kept)})] if kept else notes


def _free_words(matched: Matched, subject: Subject) -> dict[str, str]:
    """Return the names, folded, of the fields that no column fills."""
    known = KNOWN_COLUMNS[subject]
    free = {name: words for name, words in known.items() if name not in matched.headers}
    return {fold(word): name for name, words in free.items() for word in (name, *words)}


def _plain_columns(table: Table, matched: Matched) -> Iterator[str]:
    """Go through the columns that are notes and of which nothing was said yet."""
    chosen = {fold(header) for header in matched.mapping.only}
    said = {str(note.values.get("column")) for note in table.notes}
    for column in matched.notes:
        if fold(column) not in chosen and re.sub(r" \(\d+\)$", "", column) not in said:
            yield column


def _near(column: str, words: dict[str, str]) -> list[str]:
    begun = [word for word in words if column.startswith(f"{word} ") or word.startswith(f"{column} ")]
    return begun or get_close_matches(column, words, n=3, cutoff=NEAR)
