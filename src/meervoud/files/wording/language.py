"""The language of what a person reads: sentences by gettext, dates, numbers and money by Babel."""

import gettext
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from babel import Locale
from babel.dates import format_date, get_day_names
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

from meervoud.core.errors import InputError
from meervoud.files.messages import MESSAGES, Values

LANGUAGES = ("en", "nl", "da")
DOMAIN = "django"  # one set of translations for the command and the web
Gap = str | int | float


def mark(text: str) -> str:
    """Mark a text for translation where it stands in a table."""
    return text


@dataclass(frozen=True)
class Language:
    """Says things in one language.

    Attributes:
        code: one of LANGUAGES.
    """

    code: str
    _texts: gettext.NullTranslations = field(repr=False, compare=False)

    @cached_property
    def locale(self) -> Locale:
        """The locale of Babel, with the day before the month and a 24-hour clock."""
        return Locale.parse("en_GB" if self.code == "en" else self.code)

    def say(self, message: str, **gaps: Gap) -> str:
        """Return a sentence with its named gaps filled."""
        return self._texts.gettext(message) % gaps

    def count(self, one: str, many: str, number: int, **gaps: Gap) -> str:
        """Return a sentence about a number, which fills the gap `number`."""
        return self._texts.ngettext(one, many, number) % {"number": self.number(number), **gaps}

    def error(self, error: InputError) -> str:
        """Return what an error says, from its code; its own English where no sentence is known for the code."""
        return self.sentence(error.code, error.values) or str(error)

    def sentence(self, code: str, values: Values) -> str:
        """Return the sentence of a code, "" where none is known.

        Where the values have a `reason_code`, the gap `reason` is filled with the sentence of that code.
        """
        if code not in MESSAGES:
            return ""
        gaps = dict(values)
        reason = self.sentence(str(gaps.pop("reason_code", "")), gaps)
        return self.say(MESSAGES[code], **(gaps | {"reason": reason} if reason else gaps))

    def number(self, value: float) -> str:
        """Return a number with the marks of the language, at most two decimals."""
        return str(format_decimal(value, format="#,##0.##", locale=self.locale))

    def price(self, value: str) -> str:
        """Return a price of a square metre an hour, given as "0.1570": at least two and at most four decimals."""
        return str(format_decimal(Decimal(value), format="#,##0.00##", locale=self.locale))

    def percent(self, share: float) -> str:
        """Return a share of 0-1 as a percentage."""
        return str(format_percent(share, locale=self.locale))

    def rate(self, share: float) -> str:
        """Return a share of 0-1 as a percentage with the decimals it has, four at most."""
        return str(format_percent(round(share, 6), decimal_quantization=False, locale=self.locale))

    def money(self, cents: int, currency: str) -> str:
        """Return an amount."""
        return str(format_currency(Decimal(cents) / 100, currency, locale=self.locale))

    def whole_money(self, cents: int, currency: str) -> str:
        """Return an amount without its cents: for what is known roughly."""
        return str(
            format_currency(round(cents / 100), currency, "¤\xa0#,##0", locale=self.locale, currency_digits=False)
        )

    def distance(self, metres: int) -> str:
        """Return a distance in metres below a kilometre, else in kilometres."""
        return f"{self.number(metres)} m" if metres < 1000 else f"{self.number(round(metres / 1000, 1))} km"

    def day(self, day: date) -> str:
        """Return a day like "ma 23 nov 2026"."""
        return self._date(day, "EEE d MMM y")

    def month(self, day: date) -> str:
        """Return the month of a day like "nov 2026"."""
        return self._date(day, "LLL y")

    def days(self, days: Sequence[date]) -> str:
        """Return days like "23 nov, 30 nov"."""
        return ", ".join(self._date(day, "d MMM") for day in days)

    def period(self, first: date, last: date) -> str:
        """Return a period like "21 dec 2026 - 3 jan 2027", or its one day."""
        days = [self._date(day, "d MMM y") for day in ((first,) if first == last else (first, last))]
        return " - ".join(days)

    def _date(self, day: date, pattern: str) -> str:
        # Danish writes a dot behind the number of a day; the dots of shortened names only clutter a list
        written = format_date(day, pattern.replace("d ", "d. ") if self.code == "da" else pattern, locale=self.locale)
        return re.sub(r"(?<=[^\W\d_])\.", "", written)

    def weekday(self, number: int) -> str:
        """Return the name of a weekday, 0 = Monday."""
        return str(get_day_names("wide", locale=self.locale)[number])

    def clock(self, minute: int) -> str:
        """Return a time on the clock; minutes past midnight belong to the next day."""
        return f"{minute // 60 % 24:02}:{minute % 60:02}"

    def span(self, start: int, end: int) -> str:
        """Return a part of the day, minutes after midnight: "19:00-22:00"; a day ends at 24:00."""
        return f"{self.clock(start)}-{'24:00' if end == 1440 else self.clock(end)}"

    def together(self, words: Sequence[str]) -> str:
        """Return words as one list: "a, b and c"."""
        return str(format_list(list(words), locale=self.locale)) if words else ""

    def either(self, words: Sequence[str]) -> str:
        """Return words as a choice: "a, b or c"."""
        return str(format_list(list(words), style="or", locale=self.locale)) if words else ""


def language(code: str) -> Language:
    """Return a language.

    Raises:
        InputError: the code is none of LANGUAGES.
    """
    if code not in LANGUAGES:
        raise InputError(f"The language {code!r} is not there. Use en, nl or da.", code="language_unknown", value=code)
    folder = Path(str(files("meervoud").joinpath("locale")))
    return Language(code, gettext.translation(DOMAIN, folder, languages=[code], fallback=code == "en"))
