"""How a file was read, in words: read = taken + refused, and each refusal with its place and remedy."""

from meervoud.files.reading import Note, Reading, Refusal
from meervoud.files.wording.language import Language


def say_reading(language: Language, reading: Reading[object]) -> str:
    """Return the sum of a reading: "spaces.csv: 60 rows read = 58 taken + 2 refused"."""
    text = language.count(
        "%(file)s: %(number)s row read = %(taken)s taken + %(refused)s refused",
        "%(file)s: %(number)s rows read = %(taken)s taken + %(refused)s refused",
        reading.read,
        file=reading.file,
        taken=language.number(reading.rows_taken),
        refused=language.number(reading.rows_refused),
    )
    if reading.left_out:
        left_out = language.count("%(number)s row left out", "%(number)s rows left out", reading.left_out)
        return f"{text}; {left_out}"
    return text


def say_refusal(language: Language, refusal: Refusal) -> str:
    """Return where, what and what to do; the value stands there once."""
    place = language.say("%(file)s, row %(row)s", file=refusal.file, row=str(refusal.row))
    if refusal.column:
        place = language.say("%(place)s, column %(column)s", place=place, column=refusal.column)
    sentence = _sentence(language, refusal.code, dict(refusal.values), refusal.message)
    value = f" {refusal.value!r}" if refusal.value and not _has_value(sentence, refusal) else ""
    return f"{place}:{value} {sentence}"


def _has_value(sentence: str, refusal: Refusal) -> bool:
    """Return whether a sentence names the value; that its letters stand somewhere in it is not enough."""
    return refusal.value in sentence and any(str(gap)[:200] == refusal.value for gap in refusal.values.values())


def say_note(language: Language, file: str, note: Note) -> str:
    """Return what a reader should know though nothing was refused."""
    place = language.say("%(file)s, row %(row)s", file=file, row=str(note.row)) if note.row else file
    return f"{place}: {_sentence(language, note.code, dict(note.values), note.message)}"


def _sentence(language: Language, code: str, values: dict[str, str | float], english: str) -> str:
    return language.sentence(code, values) or english
