"""Signed words of surveys: the id of a sheet that goes out with a form, and the link to take answers back."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.core import signing

from meervoud.outcomes.models import AnswerSheet, Wave

FORM: Final = "meervoud.outcomes.survey_form"
BACK: Final = "meervoud.outcomes.survey_back"
MOST_LETTERS: Final = 300
BACK_FOR: Final = timedelta(days=30)
WHY: Final = "whoever answered has the link of their own sheet"
BAD: Final = (signing.BadSignature, ValueError, TypeError, AttributeError)


def new_sheet(wave: Wave) -> str:
    """Return the word that goes out with a form: the id that its sheet will have, of this wave only."""
    return signing.Signer(salt=FORM).sign_object([wave.pk.hex, uuid4().hex])


def sheet_id_of(word: str, wave: Wave) -> UUID | None:
    """Return the id in the word of a form; None where it is not ours, or of another wave."""
    try:
        of, key = signing.Signer(salt=FORM).unsign_object(word[:MOST_LETTERS])
        return UUID(key) if of == wave.pk.hex else None
    except BAD:
        return None


def back_word(sheet: AnswerSheet, today: date) -> str:
    """Return the word in the link by which somebody takes their answers back; it has the day, not the hour."""
    return signing.Signer(salt=BACK).sign_object([sheet.pk.hex, today.isoformat()])


def sheet_to_take_back(word: str, today: date) -> tuple[AnswerSheet | None, bool]:
    """Return the sheet of a link, None where it is gone; and whether the link is one of ours that has not run out."""
    try:
        key, since = signing.Signer(salt=BACK).unsign_object(word[:MOST_LETTERS])
        found, begun = UUID(key), date.fromisoformat(since)
    except BAD:
        return None, False
    if today > begun + BACK_FOR:
        return None, False
    return AnswerSheet.objects.every(because=WHY).filter(pk=found).select_related("wave__plan").first(), True
