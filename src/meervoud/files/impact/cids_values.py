"""Single values of an export: texts, numbers, moments and names of nodes, each checked and written as the standard has it."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from meervoud.files.impact.cids_terms import DATE_TIME, STRING
from meervoud.files.messages import unreadable

MOST_LETTERS: Final = 10_000
MOST_DIGITS: Final = 60
SHOWN: Final = 60
_BASE: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+[#/:]")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")

Value = dict[str, Any]  # Any: values of JSON


def text(value: str, *, what: str = "-") -> Value:
    """Return plain text.

    Raises:
        InputError: it is empty, too long, or no text that can be written.
    """
    if not value.strip() or len(value) > MOST_LETTERS or any(_is_unusable(sign) for sign in value):
        raise unreadable("cids_text", what=shown(what))
    return {"@value": value, "@type": STRING}


def _is_unusable(sign: str) -> bool:
    return "\ud800" <= sign <= "\udfff" or (sign < " " and sign not in "\t\n\r")


def tagged(value: str, language: str, *, what: str = "-") -> Value:
    """Return text of a language.

    Raises:
        InputError: the text or the language cannot be used.
    """
    if not _LANGUAGE.fullmatch(language):
        raise unreadable("cids_language", value=shown(language))
    return {"@value": text(value, what=what)["@value"], "@language": language}


def number(value: Decimal, *, what: str = "-") -> Value:
    """Return a number as text, for that is how the standard has it.

    Raises:
        InputError: it is not finite, or has more digits than anything that is measured.
    """
    return text(digits(value, what=what))


def digits(value: Decimal, *, what: str = "-") -> str:
    """Return a number in digits, without exponent.

    Raises:
        InputError: it is not finite, or has more digits than anything that is measured.
    """
    if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS or len(value.as_tuple().digits) > MOST_DIGITS:
        raise unreadable("cids_number", what=shown(what))
    written = format(value, "f")
    if len(written) > 2 * MOST_DIGITS:
        raise unreadable("cids_number", what=shown(what))
    return written


def moment(value: datetime, *, what: str = "-") -> Value:
    """Return a moment with its day, time and offset.

    Raises:
        InputError: it knows no time zone.
    """
    if value.utcoffset() is None:
        raise unreadable("cids_period", what=shown(what))
    return {"@value": value.isoformat(timespec="seconds"), "@type": DATE_TIME}


def node_name(base: str, kind: str, own: str) -> str:
    """Return the full name of a node; a colon parts the kind from the id, and none is left in the id.

    Raises:
        InputError: the base is no address, or the id is empty or no text.
    """
    if not _BASE.fullmatch(base) or len(base) > MOST_LETTERS or not base.isprintable():
        raise unreadable("cids_base", value=shown(base))
    text(own, what=kind)
    return f"{base}{kind}:{quote(own, safe='')}"


def shown(value: str) -> str:
    """Return so much of a value as a message can show."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in value[: SHOWN + 1])
    return f"{plain[:SHOWN]}…" if len(value) > SHOWN else plain or "-"
