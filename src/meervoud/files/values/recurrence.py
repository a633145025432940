"""Recurrences as iCalendar writes them (RFC 5545): weekly ones as weekdays, others written out as dates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from dateutil.rrule import rrulestr

from meervoud.core.engine.types.requests import WEEKDAYS
from meervoud.core.engine.types.time import DateRange
from meervoud.files.messages import unreadable

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY")
PARTS = ("FREQ", "INTERVAL", "BYDAY", "BYSETPOS", "BYMONTHDAY", "WKST", "UNTIL", "COUNT")
LARGEST_SET = 31
LARGEST_PLACES = {"WEEKLY": 7, "MONTHLY": 31}
LONGEST_YEARS = 4
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True)
class Recurrence:
    """A checked RRULE.

    Attributes:
        text: as it was written, without "RRULE:".
        parts: name to value, upper case.
    """

    text: str
    parts: Mapping[str, str]

    @property
    def weekdays(self) -> frozenset[int]:
        """The weekdays, 0 = Monday; ordinals left aside."""
        found = (_DAY.fullmatch(entry) for entry in self.parts.get("BYDAY", "").split(",") if entry)
        codes = [code[:2].upper() for code in WEEKDAYS]
        return frozenset(codes.index(match[2]) for match in found if match)

    @property
    def is_plain_weekly(self) -> bool:
        """Whether it is the same weekdays every week, without an end."""
        plain = set(self.parts) <= {"FREQ", "INTERVAL", "BYDAY", "WKST"} and self.parts.get("INTERVAL", "1") == "1"
        return plain and self.parts["FREQ"] == "WEEKLY" and bool(self.weekdays)

    @property
    def needs_start(self) -> bool:
        """Whether it says nothing without a first day to count from."""
        has_days = any(part in self.parts for part in ("BYDAY", "BYMONTHDAY"))
        return not (has_days or self.parts["FREQ"] == "DAILY") or "COUNT" in self.parts or self._interval > 1

    @property
    def _interval(self) -> int:
        return int(self.parts.get("INTERVAL", "1"))


def parse_recurrence(text: str) -> Recurrence:
    """Return a recurrence by day, week or month; the rest is refused by name."""
    plain = re.sub(r"^RRULE:", "", text.strip(), flags=re.IGNORECASE).upper().rstrip(";")
    parts: dict[str, str] = {}
    for entry in plain.split(";"):
        name, equals, value = entry.partition("=")
        if not equals or not value or name in parts:
            raise unreadable("rrule_unreadable", value=text, part=entry)
        parts[name] = value
    if parts.get("FREQ") not in FREQUENCIES:
        raise unreadable("rrule_unsupported", value=text, part=f"FREQ={parts.get('FREQ', '')}")
    for name, value in parts.items():
        _check_part(text, name, value, parts["FREQ"])
    return Recurrence(plain, parts)


def _check_part(text: str, name: str, value: str, frequency: str) -> None:
    if name not in PARTS:
        raise unreadable("rrule_unsupported", value=text, part=f"{name}={value}")
    if name == "BYDAY":
        matches = [_DAY.fullmatch(entry) for entry in value.split(",")]
        is_right = all(match and (match[1] is None or frequency == "MONTHLY") for match in matches)
    elif name in {"BYSETPOS", "BYMONTHDAY"}:
        # a place that no set has would be looked for until the year 9999
        largest = LARGEST_PLACES.get(frequency, 0) if name == "BYSETPOS" else LARGEST_SET
        is_right = all(
            re.fullmatch(r"[+-]?\d{1,2}", entry) and 0 < abs(int(entry)) <= largest for entry in value.split(",")
        )
    elif name in {"INTERVAL", "COUNT"}:
        is_right = re.fullmatch(r"[1-9]\d{0,3}", value) is not None
    elif name == "UNTIL":
        is_right = re.fullmatch(r"\d{8}(T\d{6}Z?)?", value) is not None
    else:
        is_right = name == "FREQ" or value in {code.upper() for code in WEEKDAYS}
    if not is_right:
        raise unreadable("rrule_unreadable", value=text, part=f"{name}={value}")


def write_out(recurrence: Recurrence, period: DateRange, start: date | None) -> list[date]:
    """Return the days of a recurrence in a period; `start` is the day that intervals and counts begin at.

    Raises:
        InputError: it needs a start and has none, or no day lies in the period.
    """
    if recurrence.needs_start and start is None:
        raise unreadable("rrule_without_start", value=recurrence.text)
    first = start or period.first
    if abs(period.last.year - first.year) > LONGEST_YEARS:
        raise unreadable("rrule_empty", value=recurrence.text, first=str(first), last=str(period.last))
    days = [day for day in _expand(recurrence, first, period.last) if day >= period.first]
    if not days:
        raise unreadable("rrule_empty", value=recurrence.text, first=str(period.first), last=str(period.last))
    return days


def _expand(recurrence: Recurrence, first: date, last: date) -> list[date]:
    text, until = recurrence.text, datetime.combine(last, time.max)
    if said := recurrence.parts.get("UNTIL"):
        until = min(until, datetime.combine(date.fromisoformat(said[:8]), time.max))
        text = re.sub(r";?UNTIL=[^;]*", "", text).lstrip(";")
    try:
        rule = rrulestr(text, dtstart=datetime.combine(first, time()))
        return [moment.date() for moment in rule.between(datetime.combine(first, time()), until, inc=True)]
    except (ValueError, TypeError, OverflowError) as error:
        raise unreadable("rrule_unreadable", value=recurrence.text, part=str(error)) from error
