"""The words of an opening-hours value: cutting the text into tokens, and the sentences that refuse it."""

import re
from dataclasses import dataclass
from typing import Literal

from meervoud.core.errors import InputError

LONGEST = 2000

Kind = Literal[
    "time", "number", "year", "weekday", "month", "week", "holiday", "state", "always", "comment", "symbol", "end"
]

REFUSALS = {
    "hours_empty": "There are no opening hours in this value. Write for example Mo-Fr 09:00-17:00, or 24/7.",
    "hours_too_long": "The opening hours are {part} characters long; 2000 is the most. Leave out remarks.",
    "hours_character": "The opening hours have a character that cannot be read: {part}. Write for example Mo-Fr 09:00-17:00.",
    "hours_quote": "A remark in the opening hours has no end: {part}. Put straight quotes before and after the remark.",
    "hours_word": "The opening hours have a word that is not known: {part}. Use Mo, Tu, We, Th, Fr, Sa, Su for the days "
    "and put remarks between straight quotes.",
    "hours_sun": "The opening hours follow the sun: {part}. Write a clock time, for example 20:00.",
    "hours_easter": "The opening hours follow Easter: {part}. Leave it out and enter those dates as closures.",
    "hours_school": "The opening hours speak of school holidays: {part}. Leave it out and enter the school holidays as "
    "closures, with their dates.",
    "hours_season": "The opening hours name a season: {part}. Write the months, for example Apr-Sep.",
    "hours_am_pm": "The opening hours have a time with am or pm: {part}. Write it on the 24-hour clock, for example "
    "14:00 for two in the afternoon.",
    "hours_whole_hours": "The opening hours have a number where a time should be: {part}. Write hours and minutes on the "
    "24-hour clock, for example 09:00-17:00.",
    "hours_no_end": "The opening hours have a time without an end: {part}. Write until when, for example 16:00-22:00, or "
    "16:00+ if the end is not known.",
    "hours_same_time": "The opening hours begin and end at the same time: {part}. Write 00:00-24:00 for a whole day, or "
    "mend one of the two times.",
    "hours_twelve_hour": "The opening hours run past midnight, but may mean the afternoon: {part}. Write {part} with two "
    "digits for each hour, for example 09:00-18:00.",
    "hours_time": "The opening hours have a time that does not exist: {part}. Begin between 00:00 and 23:59 and end at "
    "48:00 at the latest.",
    "hours_time_step": "The opening hours have a step between moments: {part}. Write from when until when, without a "
    "slash.",
    "hours_open_end_off": "The opening hours close from a time without saying until when: {part}. Write both times, for "
    "example 17:00-24:00 off.",
    "hours_date": "The opening hours have a date that does not exist: {part}. Write for example Dec 24 or Jul 1-Aug 15.",
    "hours_year": "The opening hours have a year that cannot be used: {part}. Use years from 1900 to 2999, the earlier "
    "one first, and write the year at both ends of a period that passes New Year.",
    "hours_week": "The opening hours have a week that cannot be used: {part}. Use week 1 to 53, the lower number first, "
    "and a step from 2 to 26.",
    "hours_ordinal": "The opening hours have a weekday of the month that cannot be used: {part}. Write for example Sa[1] "
    "for the first Saturday, or Mo[-1] for the last Monday.",
    "hours_offset": "The opening hours count days from another day: {part}. Write the dates themselves.",
    "hours_days": "The days of the opening hours cannot be read at {part}. Write for example Mo-Fr, or Jun-Aug Sa,Su.",
    "hours_separator": "The opening hours cannot be read at {part}. Write the days first, then the times, and put a "
    "semicolon before the next days.",
    "hours_which_days": "The opening hours have times without days after times with days: {part}. Write for which days "
    "they are, for example Sa 10:00-14:00.",
    "hours_library": "The days of the opening hours cannot be read: {part}. Write for example Mo-Fr, or Jun-Aug Sa,Su.",
}
"""Code -> English sentence; {part} is the piece of the value that is wrong."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<comment>"[^"]*")|(?P<always>24/7(?![0-9:.]))|(?P<time>[0-9]{1,2}[:.][0-9]{2}(?![0-9]))"""
    r"""|(?P<number>[0-9]+)|(?P<word>[^\W\d_]+)|(?P<symbol>\|\||[-;,\[\]+/:])"""
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WORDS: dict[str, tuple[Kind, str]] = {
    **{day[:size]: ("weekday", day[:2].title()) for day in _WEEKDAYS for size in (2, 3, len(day))},
    **{month[:size]: ("month", month[:3].title()) for month in _MONTHS for size in (3, len(month))},
    "week": ("week", "week"),
    "ph": ("holiday", "PH"),
    "open": ("state", "open"),
    "off": ("state", "closed"),
    "closed": ("state", "closed"),
    "unknown": ("state", "unknown"),
}
_REFUSED_WORDS = {
    **dict.fromkeys(("sunrise", "sunset", "dawn", "dusk", "daylight"), "hours_sun"),
    **dict.fromkeys(("am", "pm", "a", "p"), "hours_am_pm"),
    **dict.fromkeys(("spring", "summer", "autumn", "winter", "seasonal"), "hours_season"),
    **dict.fromkeys(("sh", "school", "schoolholidays"), "hours_school"),
    **dict.fromkeys(("day", "days"), "hours_offset"),
    "easter": "hours_easter",
}


@dataclass(frozen=True)
class Token:
    """One word of the value; `value` is tidied ("Mo", "09:30"), `written` is how it stood."""

    kind: Kind
    value: str
    written: str


class Cursor:
    """Walks over the tokens of one value; past the last one stands a token of kind "end"."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self.at = 0

    def peek(self, ahead: int = 0) -> Token:
        """Return the token that comes next, or a later one."""
        place = self.at + ahead
        return self._tokens[place] if place < len(self._tokens) else Token("end", "", "")

    def take(self) -> Token:
        """Return the next token and step over it."""
        token = self.peek()
        self.at += 1
        return token

    def accept(self, symbol: str) -> bool:
        """Step over this symbol if it comes next, and say whether it did."""
        found = self.sees(symbol)
        self.at += found
        return found

    def sees(self, symbol: str) -> bool:
        """Return whether this symbol comes next."""
        token = self.peek()
        return token.kind == "symbol" and token.value == symbol

    def written(self, since: int) -> str:
        """Return the text from token `since` up to and including the next one."""
        return " ".join(token.written for token in self._tokens[since : self.at + 1])


def refusal(code: str, part: str) -> InputError:
    """Return the error that says why a value is refused.

    Args:
        code: a key of REFUSALS.
        part: the piece of the value that is wrong; shown between quotes, at most 60 characters.
    """
    shown = "".join(letter if letter.isprintable() else "?" for letter in part[:60]).strip() or "the end"
    quoted = shown if code == "hours_too_long" else f"'{shown}'"
    return InputError(REFUSALS[code].format(part=quoted), code=code, part=shown)


def tokens_of(text: str) -> list[Token]:
    """Cut a value into tokens.

    Raises:
        InputError: too long, or a character or word that the language does not have.
    """
    if len(text) > LONGEST:
        raise refusal("hours_too_long", str(len(text)))
    tidy = text.translate(_DASHES)
    tokens: list[Token] = []
    at = 0
    while at < len(tidy):
        match = _TOKEN.match(tidy, at)
        if match is None:
            raise refusal("hours_quote" if tidy[at] == '"' else "hours_character", tidy[at : at + 20])
        if match.lastgroup != "space":
            tokens.append(_token(str(match.lastgroup), match.group()))
        at = match.end()
    return tokens


def _token(group: str, written: str) -> Token:
    if group == "word":
        return _word(written)
    if group == "number":
        return Token("year" if len(written) == 4 else "number", written, written)
    if group == "time":
        return Token("time", written.replace(".", ":"), written)
    if group == "always":
        return Token("always", written, written)
    return Token("comment" if group == "comment" else "symbol", written, written)


def _word(written: str) -> Token:
    word = written.lower()
    if word in _REFUSED_WORDS:
        raise refusal(_REFUSED_WORDS[word], written)
    if word not in _WORDS:
        raise refusal("hours_word", written)
    kind, value = _WORDS[word]
    return Token(kind, value, written)
