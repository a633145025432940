"""Opening hours day by day: which minutes and half-hours are surely open, and which are possibly open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from meervoud.core.engine.opening_days import days_of
from meervoud.core.engine.types.hours import DaySpan, OpeningHours, OpeningRule
from meervoud.core.errors import InputError

_DAY = 24 * 60
_SLOTS = 48
_CLOSED, _UNKNOWN, _OPEN = 0, 1, 2
_CODES = {"closed": _CLOSED, "unknown": _UNKNOWN, "open": _OPEN}
_SLOT_STARTS = np.arange(0, _DAY, _DAY // _SLOTS)
_SLOT_BITS = np.left_shift(np.uint64(1), np.arange(_SLOTS, dtype=np.uint64))

_Bools = npt.NDArray[np.bool_]
_Words = npt.NDArray[np.uint64]
_States = npt.NDArray[np.int8]
_Part = tuple[OpeningRule, int]
"""A rule and the minute at which the day begins, seen from the rule: 0, or 1440 for what it spills into the next day."""


@dataclass(frozen=True)
class DayHours:
    """Spans of the day, day by day from `first`; every span lies within 0-1440, sorted, none touches the next.

    Attributes:
        first: the first day.
        sure: surely open, one tuple of spans a day.
        possible: open or unknown; a superset of `sure`.
    """

    first: date
    sure: tuple[tuple[DaySpan, ...], ...]
    possible: tuple[tuple[DaySpan, ...], ...]


@dataclass(frozen=True, eq=False)
class SlotHours:
    """Half-hours of the day, day by day; bit 0 is 00:00-00:30, bit 47 is 23:30-24:00.

    Attributes:
        sure: half-hours that are surely open from beginning to end, shape (days,), read-only.
        possible: half-hours touched by any minute that is open or unknown, shape (days,), read-only.
    """

    sure: _Words
    possible: _Words

    def __post_init__(self) -> None:
        """Protect the arrays: they are shared through a cache."""
        self.sure.flags.writeable = False
        self.possible.flags.writeable = False


@dataclass(frozen=True, eq=False)
class _DayKinds:
    """The few different days of a calendar: `kind` has one number a day, `sure` and `possible` (kinds, 1440)."""

    kind: list[int]
    sure: _Bools
    possible: _Bools


def spans_of_days(hours: OpeningHours, first: date, days: int) -> DayHours:
    """Return the spans that are surely open and possibly open, on the local wall clock.

    Where two readings of a value exist (does Friday's night go on past midnight if Saturday has a rule of its own?), a
    minute is surely open only if both say so, and possibly open if either does. Hours of public holidays are possible on
    every day. Closures are not known here: what a closed day spills into the next one is for the caller to take away.

    Args:
        hours: what `parse_opening_hours` returned.
        first: the first day; what spills over from the day before is in it.
        days: how many days, >= 1.

    Returns:
        Spans in minutes after midnight.

    Raises:
        InputError: fewer than one day.
    """
    kinds = _kinds_of_days(hours, first, days)
    sure = [_spans(minutes) for minutes in kinds.sure]
    possible = [_spans(minutes) for minutes in kinds.possible]
    return DayHours(first, tuple(sure[kind] for kind in kinds.kind), tuple(possible[kind] for kind in kinds.kind))


@lru_cache(maxsize=1024)
def slots_of_days(hours: OpeningHours, first: date, days: int) -> SlotHours:
    """Return the half-hours that are surely open (rounded inward) and possibly open (rounded outward).

    Args:
        hours: what `parse_opening_hours` returned.
        first: the first day; what spills over from the day before is in it.
        days: how many days, >= 1.

    Returns:
        Two arrays of 48-bit masks, shape (days,).

    Raises:
        InputError: fewer than one day.
    """
    kinds = _kinds_of_days(hours, first, days)
    whole = np.bitwise_and.reduceat(kinds.sure, _SLOT_STARTS, axis=1)
    touched = np.bitwise_or.reduceat(kinds.possible, _SLOT_STARTS, axis=1)
    return SlotHours(_words(whole)[kinds.kind], _words(touched)[kinds.kind])


def _words(slots: _Bools) -> _Words:
    words: _Words = np.bitwise_or.reduce(slots * _SLOT_BITS, axis=1)
    return words


def _spans(minutes: _Bools) -> tuple[DaySpan, ...]:
    edges = np.flatnonzero(np.diff(minutes, prepend=False, append=False)).tolist()
    return tuple(DaySpan(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True))


def _kinds_of_days(hours: OpeningHours, first: date, days: int) -> _DayKinds:
    """Sort the days by the rules that hold on them and on the day before, and work out each kind of day once."""
    if days < 1:
        raise InputError(
            f"Hours of {days} days cannot be worked out. Ask for one day at least.", code="hours_days_count"
        )
    rules = hours.rules
    holds = np.zeros((days + 1, len(rules)), dtype=np.bool_)
    for number, rule in enumerate(rules):
        holds[:, number] = days_of(rule.days, first - timedelta(days=1), days + 1)
    numbers: dict[bytes, int] = {}
    kind: list[int] = []
    examples: list[int] = []
    for day, key in enumerate(np.hstack((holds[1:], holds[:-1]))):
        number = numbers.setdefault(key.tobytes(), len(examples))
        if number == len(examples):
            examples.append(day)
        kind.append(number)
    pairs = [_day(rules, holds[day + 1].tolist(), holds[day].tolist()) for day in examples]
    return _DayKinds(kind, np.stack([sure for sure, _ in pairs]), np.stack([possible for _, possible in pairs]))


def _day(rules: Sequence[OpeningRule], today: Sequence[bool], yesterday: Sequence[bool]) -> tuple[_Bools, _Bools]:
    """Return the minutes that are surely and possibly open, each of shape (1440,).

    Two readings, joined on the safe side: "by day", where each day is worked out for itself and then spills over, and "by
    rule", as opening_hours.js has it, where a new rule or "off" for a day also ends the night that runs into that day.
    """
    usual = [
        (rule, is_on, was_on) for rule, is_on, was_on in zip(rules, today, yesterday, strict=True) if not rule.holidays
    ]
    by_rule = _paint(_parts_by_rule(usual))
    own = _paint([(rule, 0) for rule in _in_force([rule for rule, is_on, _ in usual if is_on])])
    spill = _paint([(rule, _DAY) for rule in _in_force([rule for rule, _, was_on in usual if was_on])])
    on_holidays = _paint(_holiday_parts(rules, today, yesterday))
    sure = (by_rule == _OPEN) & ((own == _OPEN) | (spill == _OPEN)) & (spill != _UNKNOWN)
    return sure, (by_rule | own | spill | on_holidays) > 0


def _holiday_parts(rules: Sequence[OpeningRule], today: Sequence[bool], yesterday: Sequence[bool]) -> list[_Part]:
    """Any day may be a holiday, and so may the day before."""
    parts = [(rule, 0) for rule, is_on in zip(rules, today, strict=True) if rule.holidays and is_on]
    return parts + [(rule, _DAY) for rule, was_on in zip(rules, yesterday, strict=True) if rule.holidays and was_on]


def _parts_by_rule(usual: Sequence[tuple[OpeningRule, bool, bool]]) -> list[_Part]:
    """A replacing rule drops all that earlier rules say of this day, also what they spill into it."""
    parts: list[_Part] = []
    for rule, is_on, was_on in usual:
        if is_on:
            parts = [(rule, 0)] if _replaces(rule) else [*parts, (rule, 0)]
        if was_on:
            parts.append((rule, _DAY))
    return parts


def _in_force(rules: Sequence[OpeningRule]) -> Sequence[OpeningRule]:
    """Return the rules of one day from the last one on that replaces the earlier ones."""
    lasts = [number for number, rule in enumerate(rules) if _replaces(rule)]
    return rules[lasts[-1] :] if lasts else rules


def _replaces(rule: OpeningRule) -> bool:
    """Say whether nothing of the earlier rules is left on the days of this one."""
    if rule.state == "closed":
        return rule.spans == (DaySpan(0, _DAY),)
    return not rule.additional and not rule.fallback


def _paint(parts: Sequence[_Part]) -> _States:
    """Lay the spans over each other in order, the later over the earlier; a fall-back only where all is closed."""
    minutes = np.full(_DAY, _CLOSED, dtype=np.int8)
    for rule, midnight in parts:
        for span in rule.spans:
            piece = minutes[max(0, span.start - midnight) : max(0, span.end - midnight)]
            if rule.fallback:
                np.maximum(piece, _UNKNOWN, out=piece)
            else:
                piece[:] = _CODES[rule.state]
    return minutes
