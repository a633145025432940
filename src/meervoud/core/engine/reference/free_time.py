"""Which half-hours of a space are free, one by one."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours as Library

from meervoud.core.engine.types.hours import OpeningHours, OpeningRule
from meervoud.core.engine.types.spaces import OpenPeriod, Space
from meervoud.core.engine.types.time import Grid

Slots = set[int]  # day of the grid * 48 + half-hour
RANKS = {"closed": 0, "unknown": 1, "open": 2}


def free_half_hours(space: Space, grid: Grid) -> Slots:
    """Return every free half-hour of the grid as day * 48 + slot."""
    free: Slots = set()
    for number in range(grid.weeks * 7):
        day = grid.monday + timedelta(days=number)
        if any(closure.days.first <= day <= closure.days.last for closure in space.closures):
            continue
        for slot in range(48):
            if is_lent(space, day, slot) and not _is_taken(space, _moments(grid, day, slot)):
                free.add(number * 48 + slot)
    return free


def half_hour_exists(grid: Grid, number: int) -> bool:
    """Return whether a clock ever shows this half-hour; number is day * 48 + slot."""
    return bool(_moments(grid, grid.monday + timedelta(days=number // 48), number % 48))


def is_lent(space: Space, day: date, slot: int) -> bool:
    """Return whether hours and edges let a half-hour be lent; each is rounded to the safe side by itself."""
    here = [period for period in space.periods if period.season is None or _within(day, period)]
    outside = [period.hours for period in here if period.lend == "outside" and period.hours is not None]
    inside = any(
        period.lend == "always"
        or period.hours is None
        or (_is_wholly_open(period.hours, day, slot) and not _may_be_a_cancelled_night(space, period.hours, day, slot))
        for period in here
        if period.lend != "outside"
    )
    if not inside and not (outside and not any(_may_be_open(hours, day, slot) for hours in outside)):
        return False
    return all(
        not _may_be_open(edge.hours, day, slot) if edge.kind == "cleaning" else _is_wholly_open(edge.hours, day, slot)
        for edge in space.edges
    )


@lru_cache(maxsize=100_000)
def minutes_of_day(hours: OpeningHours, day: date) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
    """Return for each minute of a day whether it is surely open, and whether it is possibly open."""
    yesterday = day - timedelta(days=1)
    usual = [rule for rule in hours.rules if not rule.holidays]
    sure: list[bool] = []
    possible: list[bool] = []
    for minute in range(1440):
        straight = _state_by_rule(usual, day, minute)
        own = _state([rule for rule in usual if is_on(rule, day)], minute)
        spilled = _state([rule for rule in usual if is_on(rule, yesterday)], minute + 1440)
        sure.append(straight == "open" and "open" in (own, spilled))
        possible.append(
            {straight, own, spilled} != {"closed"}
            or any(_state([rule], minute) != "closed" and is_on(rule, day) for rule in hours.rules if rule.holidays)
            or any(
                _state([rule], minute + 1440) != "closed" and is_on(rule, yesterday)
                for rule in hours.rules
                if rule.holidays
            )
        )
    return tuple(sure), tuple(possible)


@lru_cache(maxsize=100_000)
def is_on(rule: OpeningRule, day: date) -> bool:
    """Return whether a day is one of the rule's days."""
    return not rule.days or Library(f"{rule.days} 00:00-24:00").is_open(datetime.combine(day, time(12)))


def _state_by_rule(rules: list[OpeningRule], day: date, minute: int) -> str:
    state = "closed"
    for rule in rules:
        if is_on(rule, day):
            state = _painted("closed" if _replaces(rule) else state, rule, minute)
        if is_on(rule, day - timedelta(days=1)):
            state = _painted(state, rule, minute + 1440)
    return state


def _state(rules: list[OpeningRule], minute: int) -> str:
    state = "closed"
    for rule in rules:
        state = _painted("closed" if _replaces(rule) else state, rule, minute)
    return state


def _painted(state: str, rule: OpeningRule, minute: int) -> str:
    if not any(span.start <= minute < span.end for span in rule.spans):
        return state
    if rule.fallback:
        return state if RANKS[state] >= RANKS["unknown"] else "unknown"
    return rule.state


def _replaces(rule: OpeningRule) -> bool:
    return not rule.additional and not rule.fallback and rule.state != "closed"


def _is_wholly_open(hours: OpeningHours, day: date, slot: int) -> bool:
    return all(minutes_of_day(hours, day)[0][slot * 30 : slot * 30 + 30])


def _may_be_a_cancelled_night(space: Space, hours: OpeningHours, day: date, slot: int) -> bool:
    """After a closed day, hours that run on from midnight may be the end of a night that did not take place."""
    yesterday = day - timedelta(days=1)
    if slot >= 16 or not any(closure.days.first <= yesterday <= closure.days.last for closure in space.closures):
        return False
    return all(_is_wholly_open(hours, day, earlier) for earlier in range(slot))


def _may_be_open(hours: OpeningHours, day: date, slot: int) -> bool:
    return any(minutes_of_day(hours, day)[1][slot * 30 : slot * 30 + 30])


def _within(day: date, period: OpenPeriod) -> bool:
    return period.season is not None and period.season.first <= day <= period.season.last


def _moments(grid: Grid, day: date, slot: int) -> list[datetime]:
    """Return the moments in UTC at which a clock shows this half-hour: none, one or two."""
    zone = ZoneInfo(grid.zone)
    shown = datetime.combine(day, time(slot // 2, slot % 2 * 30))
    found = {shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return [moment for moment in found if moment.astimezone(zone).replace(tzinfo=None) == shown]


def _is_taken(space: Space, moments: list[datetime]) -> bool:
    buffer, half_hour = timedelta(minutes=space.buffer_minutes), timedelta(minutes=30)
    return not moments or any(
        booking.starts_at - buffer < moment + half_hour and moment < booking.ends_at + buffer
        for moment in moments
        for booking in space.bookings
        if booking.ends_at > booking.starts_at
    )
