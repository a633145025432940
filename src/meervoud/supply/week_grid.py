"""The week grid: the friendly way to write opening hours, turned into the OpenStreetMap language and back."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.opening_tokens import LONGEST
from meervoud.core.engine.types.hours import DaySpan, OpeningHours, OpeningRule
from meervoud.core.errors import InputError

DAY: Final = 24 * 60
LATEST: Final = 32 * 60
"""A range ends at 08:00 the next morning at the latest."""
SLOT: Final = 30
SLOTS: Final = DAY // SLOT
WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
WEEKDAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

REFUSALS: Final[dict[str, str]] = {
    "no_hours": "No hours are filled in. Give at least one day with hours.",
    "week_grid_too_long": "The week has too many separate hours to keep. Join hours that lie close together.",
    "week_grid_broken": "The hours of %(weekday)s are not in order, overlap or lie outside the day. Fill them in again.",
    "week_grid_weekday": "%(value)s is not a day of the week. Use Mo, Tu, We, Th, Fr, Sa or Su.",
    "week_grid_cell": "There is no half-hour %(slot)s on day %(weekday)s. Tick the hours again.",
    "week_grid_time_missing": "%(weekday)s has only one time. Fill in from when and until when, or clear both.",
    "week_grid_time": "%(value)s on %(weekday)s is not a time. Write it like 09:00.",
    "week_grid_start": "The hours of %(weekday)s begin at 24:00. Begin at 00:00 on the next day.",
    "week_grid_same_time": "The hours of %(weekday)s begin and end at %(value)s. Write 00:00 and 24:00 for a whole day, or "
    "mend one of the two times.",
    "week_grid_too_late": "The hours of %(weekday)s from %(start)s to %(end)s end after 08:00 the next morning. Let them "
    "end earlier, and give the next day hours of its own.",
}
"""Code -> English sentence with named gaps; `weekday` is one of WEEKDAY_NAMES."""

Range = tuple[int, int]
"""Half-open, in minutes after the midnight at which the day begins."""
Cell = tuple[int, int]
"""Weekday 0-6, Monday first, and half-hour 0-47."""

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_WEEKDAY_SPAN = re.compile(r"([A-Z][a-z])(?:-([A-Z][a-z]))?")
_WHOLE_DAY = ((0, DAY),)


@dataclass(frozen=True)
class WeekGrid:
    """A week that repeats.

    Attributes:
        days: seven, Monday first; each with its ranges, sorted, none touching the next. They begin before midnight; one
            that runs past it ends above 1440, at 1920 at the latest.
    """

    days: tuple[tuple[Range, ...], ...]

    def __post_init__(self) -> None:
        """Refuse what could not be written."""
        for name, ranges in zip(WEEKDAY_NAMES, self.days, strict=True):
            ends = (-1, *(end for _, end in ranges))
            if not all(before < start < DAY for before, (start, _) in zip(ends, ranges, strict=False)) or not all(
                start < end <= LATEST for start, end in ranges
            ):
                raise _refusal("week_grid_broken", weekday=name)


def write_hours(grid: WeekGrid) -> str:
    """Write a grid in the opening_hours language, days with the same hours together: "Mo-Fr 09:00-17:00; Sa 10:00-14:00".

    Raises:
        InputError: no_hours where nothing is open; week_grid_too_long where the text would be longer than can be kept.
    """
    if not any(grid.days):
        raise _refusal("no_hours")
    if all(ranges == _WHOLE_DAY for ranges in grid.days):
        return "24/7"
    written, has_night = "", False
    for ranges in dict.fromkeys(filter(None, grid.days)):
        # after a semicolon the next day's hours might end the night before it, so nobody could be sure of that night
        separator = ", " if has_night else "; "
        rule = f"{_written_days(grid, ranges)} {','.join(map(_written_range, ranges))}"
        written = f"{written}{separator}{rule}" if written else rule
        has_night |= ranges[-1][1] > DAY
    if len(written) > LONGEST:
        raise _refusal("week_grid_too_long")
    return written


def read_hours(text: str) -> WeekGrid | None:
    """Return opening hours as a grid; None where a grid cannot show all of what they say, or they cannot be read."""
    try:
        hours = parse_opening_hours(text)
    except InputError:
        return None
    return _grid_of(hours)


def grid_from_cells(cells: Iterable[Cell]) -> WeekGrid:
    """Return the grid of ticked half-hours; an evening that goes on until 08:00 at the latest is one range.

    Raises:
        InputError: a half-hour that no week has.
    """
    ticked = [set[int]() for _ in WEEKDAYS]
    for weekday, slot in cells:
        if not (0 <= weekday < len(WEEKDAYS) and 0 <= slot < SLOTS):
            raise _refusal("week_grid_cell", weekday=weekday, slot=slot)
        ticked[weekday].add(slot)
    return WeekGrid(_with_nights([_merged((slot * SLOT, (slot + 1) * SLOT) for slot in slots) for slots in ticked]))


def cells_of(grid: WeekGrid) -> frozenset[Cell]:
    """Return the half-hours that lie wholly inside; what runs past midnight is on the next day, past Sunday on Monday.

    A half-hour that is open only by two ranges together, one past midnight and one of its own day, counts too.
    """
    by_day: list[list[Range]] = [[] for _ in WEEKDAYS]
    for weekday, ranges in enumerate(grid.days):
        for start, end in ranges:
            by_day[weekday].append((start, min(end, DAY)))
            by_day[(weekday + 1) % len(WEEKDAYS)].append((0, max(0, end - DAY)))
    return frozenset(
        (weekday, slot)
        for weekday, ranges in enumerate(by_day)
        for start, end in _merged(ranges)
        for slot in range(-(-start // SLOT), end // SLOT)
    )


def grid_from_form(rows: Iterable[tuple[str, str, str]]) -> WeekGrid:
    """Return the grid that somebody filled in.

    Args:
        rows: weekday ("Mo" to "Su"), from when and until when ("09:00"). Rows without times count for nothing. "24:00" may
            end a row; an end before the start is on the next day.

    Raises:
        InputError: a row that cannot be used; the sentence names its weekday.
    """
    days: list[list[Range]] = [[] for _ in WEEKDAYS]
    for weekday, start, end in rows:
        if weekday not in WEEKDAYS:
            raise _refusal("week_grid_weekday", value=weekday[:60])
        number = WEEKDAYS.index(weekday)
        if start.strip() or end.strip():
            days[number].append(_typed_range(WEEKDAY_NAMES[number], start.strip(), end.strip()))
    return WeekGrid(tuple(map(_merged, days)))


def _refusal(code: str, **values: str | float) -> InputError:
    return InputError(REFUSALS[code] % values, code=code, **values)


def _merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Sort ranges, join those that touch or overlap, drop empty ones."""
    joined: list[Range] = []
    for start, end in sorted(each for each in ranges if each[0] < each[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _with_nights(days: Sequence[tuple[Range, ...]]) -> tuple[tuple[Range, ...], ...]:
    """Move the small hours of a day to the evening before, where they belong together."""
    result = [list(ranges) for ranges in days]
    for weekday, ranges in enumerate(days):
        morning = days[(weekday + 1) % len(WEEKDAYS)][:1]
        if not ranges or not morning or ranges[-1][1] != DAY:
            continue
        start, end = morning[0]
        if ranges[-1][0] > 0 and start == 0 and end <= LATEST - DAY:
            result[weekday][-1] = (ranges[-1][0], DAY + end)
            result[(weekday + 1) % len(WEEKDAYS)].remove(morning[0])
    return tuple(map(tuple, result))


def _written_days(grid: WeekGrid, ranges: tuple[Range, ...]) -> str:
    """Write the days with these ranges: "Mo-Fr", "Mo,We", "Sa,Su"."""
    numbers = [number for number, others in enumerate(grid.days) if others == ranges]
    parts = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        days = [WEEKDAYS[number] for _, number in run]
        parts += [f"{days[0]}-{days[-1]}"] if len(days) > 2 else days
    return ",".join(parts)


def _written_range(times: Range) -> str:
    """Write "20:00-02:00"; a range of a day and more as "08:00-32:00", for "08:00-08:00" would mean nothing."""
    start, end = times
    shown = end - DAY if DAY < end < start + DAY else end
    return f"{_clock(start)}-{_clock(shown)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _typed_range(weekday: str, start: str, end: str) -> Range:
    if not (start and end):
        raise _refusal("week_grid_time_missing", weekday=weekday)
    first, last = _minutes(weekday, start), _minutes(weekday, end)
    if first == DAY:
        raise _refusal("week_grid_start", weekday=weekday)
    if first == last:
        raise _refusal("week_grid_same_time", weekday=weekday, value=start)
    last += DAY * (last < first)
    if last > LATEST:
        raise _refusal("week_grid_too_late", weekday=weekday, start=start, end=end)
    return first, last


def _minutes(weekday: str, text: str) -> int:
    if not _TIME.fullmatch(text):
        raise _refusal("week_grid_time", weekday=weekday, value=text[:60])
    return int(text[:2]) * 60 + int(text[3:])


def _grid_of(hours: OpeningHours) -> WeekGrid | None:
    """Follow the rules in their order; a note, a remark and a doubt are things that a grid cannot show."""
    has_night = any(span.end > DAY for rule in hours.rules for span in rule.spans)
    has_closed = any(rule.state == "closed" for rule in hours.rules)
    if hours.notes or '"' in hours.text or (has_night and has_closed):
        return None
    days: list[tuple[Range, ...]] = [()] * len(WEEKDAYS)
    for rule in hours.rules:
        numbers = _weekdays_of(rule.days)
        if numbers is None or rule.state == "unknown" or any(span.end > LATEST for span in rule.spans):
            return None
        for number in numbers:
            days[number] = _after(days[number], rule)
    return WeekGrid(tuple(days))


def _after(ranges: tuple[Range, ...], rule: OpeningRule) -> tuple[Range, ...]:
    """Return the ranges of a day after one more rule for it."""
    if rule.state == "closed":
        for span in rule.spans:
            ranges = tuple(piece for each in ranges for piece in _without(each, span))
        return ranges
    own = [(span.start, span.end) for span in rule.spans]
    return _merged([*ranges, *own] if rule.additional else own)


def _without(times: Range, closed: DaySpan) -> list[Range]:
    start, end = times
    pieces = (start, min(end, closed.start)), (max(start, closed.end), end)
    return [piece for piece in pieces if piece[0] < piece[1]]


def _weekdays_of(selector: str) -> list[int] | None:
    """Return the weekdays of a selector that names nothing else, "" being all; None for any other."""
    numbers: list[int] = []
    for part in selector.split(",") if selector else ["Mo-Su"]:
        span = _WEEKDAY_SPAN.fullmatch(part)
        if span is None or not {span[1], span[2] or span[1]} <= set(WEEKDAYS):
            return None
        first, last = WEEKDAYS.index(span[1]), WEEKDAYS.index(span[2] or span[1])
        numbers += [number % len(WEEKDAYS) for number in range(first, last + 1 + len(WEEKDAYS) * (last < first))]
    return numbers
