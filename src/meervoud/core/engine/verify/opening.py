"""Opening hours read a second time: minute by minute, the last rule that speaks of a minute decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours as DateSelector

from meervoud.core.engine.types.hours import OpeningHours, OpeningRule, State

DAY_MINUTES = 1440
HALF_HOUR = 30
HALF_HOURS = frozenset(range(0, DAY_MINUTES, HALF_HOUR))

_Layer = tuple[OpeningRule, int]
"""A rule, and how many minutes before the midnight of today its own day began: 0 or 1440."""


@dataclass(frozen=True)
class OpenDay:
    """Half-hours of one day, named by the minute at which they begin.

    Attributes:
        sure: surely open from beginning to end.
        possible: in at least one minute possibly open.
    """

    sure: frozenset[int]
    possible: frozenset[int]


def open_day(hours: OpeningHours, day: date) -> OpenDay:
    """Return the half-hours of a day that are surely open and those that are possibly open."""
    before = day - timedelta(days=1)
    today = tuple(_holds(rule.days, day) for rule in hours.rules)
    yesterday = tuple(_holds(rule.days, before) for rule in hours.rules)
    return _read(hours, today, yesterday)


@lru_cache(maxsize=1 << 16)
def _holds(days: str, day: date) -> bool:
    return not days or _selector(days).is_open(datetime.combine(day, time(12, 30)))


@lru_cache(maxsize=1 << 10)
def _selector(days: str) -> DateSelector:
    return DateSelector(f"{days} 12:00-13:00", auto_country=False, auto_timezone=False)


@lru_cache(maxsize=1 << 12)
def _read(hours: OpeningHours, today: tuple[bool, ...], yesterday: tuple[bool, ...]) -> OpenDay:
    all_rules = list(zip(hours.rules, today, yesterday, strict=True))
    usual = [each for each in all_rules if not each[0].holidays]
    own = [(rule, 0) for rule in _in_force([rule for rule, is_on, _ in usual if is_on])]
    night = [(rule, DAY_MINUTES) for rule in _in_force([rule for rule, _, was_on in usual if was_on])]
    holidays = _layers([each for each in all_rules if each[0].holidays])
    by_rule = _without_ended(usual)
    sure: set[int] = set()
    possible: set[int] = set()
    for half_hour in HALF_HOURS:
        minutes = _tell_apart(hours, half_hour)
        if all(_is_sure(by_rule, own, night, minute) for minute in minutes):
            sure.add(half_hour)
        if any(_says(layers, minute) != "closed" for layers in (by_rule, own, night, holidays) for minute in minutes):
            possible.add(half_hour)
    return OpenDay(frozenset(sure), frozenset(possible))


def _tell_apart(hours: OpeningHours, half_hour: int) -> set[int]:
    """Return the minutes of a half-hour at which something may change; between two of them nothing does."""
    edges = {edge % DAY_MINUTES for rule in hours.rules for span in rule.spans for edge in (span.start, span.end)}
    return {half_hour} | {edge for edge in edges if half_hour < edge < half_hour + HALF_HOUR}


def _is_sure(by_rule: Sequence[_Layer], own: Sequence[_Layer], night: Sequence[_Layer], minute: int) -> bool:
    spilt = _says(night, minute)
    by_day = _says(own, minute) if spilt == "closed" else spilt
    return by_day == _says(by_rule, minute) == "open"


def _says(layers: Sequence[_Layer], minute: int) -> State:
    """Ask the rules from the last to the first; a fall-back speaks only where those before it are closed."""
    may_fall_back = False
    for rule, midnight in reversed(layers):
        if not any(span.start <= minute + midnight < span.end for span in rule.spans):
            continue
        if not rule.fallback:
            return "unknown" if rule.state == "closed" and may_fall_back else rule.state
        may_fall_back = True
    return "unknown" if may_fall_back else "closed"


def _in_force(rules: Sequence[OpeningRule]) -> Sequence[OpeningRule]:
    replacing = [number for number, rule in enumerate(rules) if _starts_anew(rule)]
    return rules[max(replacing, default=0) :]


def _starts_anew(rule: OpeningRule) -> bool:
    if rule.state == "closed":
        return any(span.start <= 0 and span.end == DAY_MINUTES for span in rule.spans)
    return not (rule.additional or rule.fallback)


def _without_ended(rules: Sequence[tuple[OpeningRule, bool, bool]]) -> list[_Layer]:
    """Read by rule: what comes before the last rule that starts today anew is gone, nights included."""
    anew = [number for number, (rule, is_on, _) in enumerate(rules) if is_on and _starts_anew(rule)]
    return _layers(rules[max(anew, default=0) :])


def _layers(rules: Sequence[tuple[OpeningRule, bool, bool]]) -> list[_Layer]:
    return [
        (rule, midnight)
        for rule, is_on, was_on in rules
        for holds, midnight in ((is_on, 0), (was_on, DAY_MINUTES))
        if holds
    ]
