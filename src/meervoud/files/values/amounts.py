"""Numbers, lengths, shares and money, as people write them in three languages. What may mean two things is refused."""

import math
import re
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Literal

from meervoud.core.engine.types.spaces import Price
from meervoud.files.messages import unreadable
from meervoud.files.values.cells import Cell, cell_text
from meervoud.files.values.words import PRICE_WORDS

DecimalMark = Literal[",", "."]
LARGEST = 10_000_000
_GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009'’](?=\d{3}(?!\d))")
_RANGE = re.compile(r"(\d+)\s*(?:-|–|—|to|tot|t/m|til|à)\s*(\d+)")
_AMBIGUOUS_CURRENCIES = {"kr": ("DKK", "SEK", "NOK"), "$": ("USD", "AUD", "CAD")}


def parse_number(cell: Cell, decimal: DecimalMark | None = None) -> Decimal:
    """Return a number; "1.200" without a known decimal mark is refused, for it is 1200 in one language and 1.2 in another.

    Raises:
        InputError: what stands there is not one number.
    """
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        code = "number_is_date" if isinstance(cell, date | time) else "not_a_number"
        raise unreadable(code, value=cell_text(cell))
    if isinstance(cell, int | float):
        if not math.isfinite(cell):
            raise unreadable("not_a_number", value=str(cell))
        return Decimal(str(cell))
    return _number_in_text(cell_text(cell), decimal)


def _number_in_text(shown: str, decimal: DecimalMark | None) -> Decimal:
    text = _GROUPED.sub("", shown)
    if not re.fullmatch(r"[+-]?\d[\d.,]*", text, re.ASCII):
        raise unreadable(_not_one_number(text), value=shown)
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text.lstrip("+"))
    mark = decimal or _decimal_mark(digits, shown)
    other = "." if mark == "," else ","
    if not re.fullmatch(rf"(\d+|\d{{1,3}}(\{other}\d{{3}})+)(\{mark}\d+)?", digits):
        raise unreadable("not_a_number", value=shown)
    return Decimal(sign + digits.replace(other, "").replace(mark, "."))


def _not_one_number(text: str) -> str:
    if re.fullmatch(r"\d+(\s*\+\s*\d+)+", text):
        return "number_is_sum"
    return "number_is_range" if _RANGE.fullmatch(text) else "not_a_number"


def _decimal_mark(digits: str, shown: str) -> DecimalMark:
    """Tell which of the two is the decimal mark, where the digits leave no doubt."""
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return "," if digits.rindex(",") > digits.rindex(".") else "."
    if points > 1:
        return ","
    if commas > 1:
        return "."
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits):
        one, other = digits.replace(",", "").replace(".", ""), digits.replace(",", ".")
        raise unreadable("number_ambiguous", value=shown, one=one, other=other)
    return "," if commas else "."


def whole_number(
    decimal: DecimalMark | None = None, *, low: int = 0, high: int = LARGEST, zero_is_unknown: bool = False
) -> Callable[[Cell], int | None]:
    """Return a reader of whole numbers between two bounds."""

    def read(cell: Cell) -> int | None:
        number = parse_number(cell, decimal)
        if number == 0 and zero_is_unknown:
            return None
        if number != int(number):
            raise unreadable("number_not_whole", value=cell_text(cell))
        if not low <= number <= high:
            raise unreadable("number_outside", value=cell_text(cell), low=low, high=high)
        return int(number)

    return read


def area(decimal: DecimalMark | None = None) -> Callable[[Cell], float | None]:
    """Return a reader of square metres; 0 is unknown."""

    def read(cell: Cell) -> float | None:
        without_unit = (
            re.sub(r"\s*(m2|m²|sqm|kvm|m\^2)$", "", cell, flags=re.IGNORECASE) if isinstance(cell, str) else cell
        )
        number = parse_number(without_unit, decimal)
        if not 0 <= number <= LARGEST:
            raise unreadable("number_outside", value=cell_text(cell), low=0, high=LARGEST)
        return float(number) or None

    return read


def parse_group(cell: Cell) -> tuple[int, int]:
    """Return the least and the most people of "20" or "20-30"; 0 and 0 where nothing is said."""
    if isinstance(cell, str) and (found := _RANGE.fullmatch(cell_text(cell))):
        low, high = int(found[1]), int(found[2])
        if low > high:
            raise unreadable("range_backwards", value=cell_text(cell))
        if high > LARGEST:
            raise unreadable("number_outside", value=cell_text(cell), low=0, high=LARGEST)
        return low, high
    people = whole_number()(cell) or 0
    return people, people


def metres(decimal: DecimalMark | None = None) -> Callable[[Cell], int]:
    """Return a reader of distances: a bare number is metres."""

    def read(cell: Cell) -> int:
        if not isinstance(cell, str):
            return whole_number()(cell) or 0
        found = re.fullmatch(r"([\d.,' ]+?)\s*(m|km|metres?|meters?|kilometers?)?", cell_text(cell), re.IGNORECASE)
        if not found:
            raise unreadable("metres_unit", value=cell_text(cell))
        number = parse_number(found[1], decimal)
        distance = number * 1000 if (found[2] or "m").lower().startswith("k") else number
        if distance > LARGEST:
            raise unreadable("number_outside", value=cell_text(cell), low=0, high=LARGEST)
        return round(distance)

    return read


def parse_minutes(cell: Cell) -> int:
    """Return a length of time: a bare number is minutes, "2 h" and "1:30" are hours."""
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute
    text = cell_text(cell).lower()
    if found := re.fullmatch(r"(\d{1,3}):([0-5]\d)", text):
        return int(found[1]) * 60 + int(found[2])
    if found := re.fullmatch(r"(\d{1,2})\s*(?:h|u)\s*([0-5]\d)", text):
        return int(found[1]) * 60 + int(found[2])
    if found := re.fullmatch(r"(\d+(?:[.,]\d{1,2})?)\s*(?:h|u|t|hours?|uur|uren|timer?)", text):
        return _whole_minutes(Decimal(found[1].replace(",", ".")) * 60, text)
    if found := re.fullmatch(r"(\d+)\s*(?:m|min|minutes?|minuten|minutter)?\.?", text):
        return int(found[1])
    raise unreadable("minutes_unit", value=cell_text(cell))


def _whole_minutes(minutes: Decimal, text: str) -> int:
    if minutes != int(minutes):
        raise unreadable("minutes_unit", value=text)
    return int(minutes)


def parse_share(cell: Cell) -> float:
    """Return a share of "90%", "0.9" or 90; 1 is all."""
    text = cell_text(cell)
    number = parse_number(text.rstrip("% ") if isinstance(cell, str) else cell, None)
    share = number / 100 if text.endswith("%") or number > 1 else number
    if not 0 < share <= 1:
        raise unreadable("share_outside", value=text)
    return float(share)


def price(decimal: DecimalMark | None = None, currency: str | None = None) -> Callable[[Cell], Price]:
    """Return a reader of amounts, per hour unless it says per month; a bare number needs a given currency."""

    def read(cell: Cell) -> Price:
        shown = cell_text(cell)
        text, per = _split_per(shown.casefold().strip())
        if text in PRICE_WORDS.free:
            return Price(0, currency or "EUR", per)
        number_text, said = _split_currency(text, shown, currency)
        amount = parse_number(cell if number_text == text and not isinstance(cell, str) else number_text, decimal)
        if amount == 0:
            return Price(0, said or currency or "EUR", per)
        if said is None and currency is None:
            raise unreadable("currency_missing", value=shown)
        return Price(_cents(amount, shown), said or currency or "EUR", per)

    return read


def _split_per(text: str) -> tuple[str, Literal["hour", "month"]]:
    found = re.fullmatch(r"(.*?)\s*(?:/|\bper\b|\bpr\b\.?|\bp\b/)\s*([a-zà-ÿ]+)\.?", text)
    if not found:
        return text, "hour"
    if found[2] in PRICE_WORDS.month:
        return found[1], "month"
    if found[2] in PRICE_WORDS.hour:
        return found[1], "hour"
    raise unreadable("money_unreadable", value=text)


def _split_currency(text: str, shown: str, currency: str | None) -> tuple[str, str | None]:
    found = re.fullmatch(r"([^\d\s.,+-]*\.?)\s*([+-]?\d[\d.,' \u00a0]*?)(?:,-|,--|\.-)?\s*([^\d\s.,+-]*\.?)", text)
    if not found or (found[1] and found[3]):
        raise unreadable("money_unreadable", value=shown)
    word = (found[1] or found[3]).rstrip(".")
    return found[2], _currency(word, shown, currency) if word else None


def _currency(word: str, shown: str, currency: str | None) -> str:
    if word in PRICE_WORDS.currencies:
        return PRICE_WORDS.currencies[word]
    if word not in _AMBIGUOUS_CURRENCIES:
        raise unreadable("money_unreadable", value=shown)
    if currency in _AMBIGUOUS_CURRENCIES[word]:
        return str(currency)
    raise unreadable("currency_ambiguous", value=shown)


def _cents(amount: Decimal, shown: str) -> int:
    cents = amount * 100
    if cents != int(cents):
        raise unreadable("cents_not_whole", value=shown)
    if not 0 <= cents <= LARGEST * 100:
        raise unreadable("number_outside", value=shown, low=0, high=LARGEST)
    return int(cents)
