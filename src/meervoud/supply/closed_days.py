"""Closed days as a host writes them, and the public holidays to tick."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date

import holidays
from django.utils.translation import get_language

from meervoud.core.errors import InputError
from meervoud.lib.clock import today

NAMES = {"nl": "nl", "da": "da", "en": "en_US"}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_periods(text: str) -> list[tuple[date, date]]:
    """Read one period a line: "2026-12-24", or "2026-12-24 to 2027-01-02" with any word or sign between the days.

    Raises:
        InputError: a line without one or two days, or a period that ends before it begins.
    """
    return [_period(line) for line in text.splitlines() if line.strip()]


def _period(line: str) -> tuple[date, date]:
    days = DAY.findall(line)
    try:
        first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    except (IndexError, ValueError) as error:
        raise InputError(
            f"{line.strip()[:80]!r} names no day. Write days like 2026-12-24.",
            code="closed_line",
            value=line.strip()[:80],
        ) from error
    if len(days) > 2 or last < first:
        raise InputError(
            f"{line.strip()[:80]!r} is no period. Write a first and a last day.",
            code="closed_line",
            value=line.strip()[:80],
        )
    return first, last


def write_periods(periods: Iterable[tuple[date, date]]) -> str:
    """Write closed days as `read_periods` reads them."""
    return "\n".join(str(first) if first == last else f"{first} - {last}" for first, last in sorted(periods))


def holidays_of(country: str, ticked: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return the public holidays of this year and the next two that are still to come, and those already ticked."""
    begin = today()
    years = [begin.year, begin.year + 1, begin.year + 2]
    language = NAMES.get((get_language() or "en")[:2], "en_US")
    found: dict[date, str] = {}
    with suppress(NotImplementedError):  # a country without a calendar: the host writes the days itself
        found.update(holidays.country_holidays(country, years=years, language=language))
    coming = {str(day): f"{name} ({day})" for day, name in sorted(found.items()) if day >= begin}
    return list({**{day: day for day in ticked}, **coming}.items())
