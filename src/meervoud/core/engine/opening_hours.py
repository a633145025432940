"""Reading opening hours: the accepted part of the OpenStreetMap language, as rules. docs/manual/opening-hours.md lists it."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import cast

from meervoud.core.engine.opening_days import Days, read_days
from meervoud.core.engine.opening_tokens import Cursor, refusal, tokens_of
from meervoud.core.engine.types.hours import DaySpan, OpeningHours, OpeningRule, State

_DAY = 24 * 60
_LATEST = 2 * _DAY
_OPEN_END_AT_LEAST = 29 * 60
_OPEN_END_LASTS, _LATE, _OPEN_END_LATE = 10 * 60, 22 * 60, 8 * 60


@dataclass(frozen=True)
class _Link:
    """How a rule hangs on the earlier ones."""

    additional: bool = False
    fallback: bool = False
    after_days: bool = False
    """An earlier rule names days, so this one must do so too."""


@lru_cache(maxsize=4096)
def parse_opening_hours(text: str) -> OpeningHours:
    """Read a value of the safe subset of the OpenStreetMap opening_hours language.

    A remark, an open end ("18:00+") and a fall-back ("||") become "unknown". Public holidays never open anything: "PH off"
    is left out and noted, other holiday rules are kept with `holidays` set.

    Args:
        text: the value, at most 2000 characters.

    Returns:
        The rules in the order written. `notes` has "holidays_named" where the value speaks of public holidays, and
        "night_unknown" where a night may run into a day with a later rule of its own and is unknown there.

    Raises:
        InputError: whatever is outside the subset or could mean two things; the message says which part and what to write
            instead. Codes are the keys of `opening_tokens.REFUSALS`, the value is `part`.

    References:
        wiki.openstreetmap.org, Key:opening_hours/specification; opening_hours.js 3.15 where that page leaves a choice.
    """
    cursor = Cursor(tokens_of(text))
    rules: list[OpeningRule] = []
    holidays_named = False
    link = _Link()
    if cursor.peek().kind == "end":
        raise refusal("hours_empty", text)
    while True:
        days, found = _rule(cursor, link)
        rules += found
        holidays_named |= days.holidays
        following = _next_link(cursor, link, after_days=link.after_days or bool(days.selector))
        if following is None:
            return OpeningHours(text, tuple(rules), _notes(rules, holidays_named=holidays_named))
        link = following


def _notes(rules: list[OpeningRule], *, holidays_named: bool) -> tuple[str, ...]:
    nights = [number for number, rule in enumerate(rules) if _is_night(rule)]
    replaced = any(_may_end_nights(rule) for rule in rules[nights[0] + 1 :]) if nights else False
    return ("holidays_named",) * holidays_named + ("night_unknown",) * replaced


def _is_night(rule: OpeningRule) -> bool:
    return rule.state == "open" and not rule.holidays and any(span.end > _DAY for span in rule.spans)


def _may_end_nights(rule: OpeningRule) -> bool:
    return not (rule.additional or rule.fallback or rule.holidays)


def _next_link(cursor: Cursor, before: _Link, *, after_days: bool) -> _Link | None:
    """Step over the separator; None at the end of the value."""
    if cursor.accept(","):
        return _Link(additional=True, fallback=before.fallback, after_days=after_days)
    if cursor.accept("||"):
        return _Link(fallback=True, after_days=after_days)
    if cursor.peek().kind != "end" and not cursor.sees(";"):
        raise refusal("hours_separator", cursor.peek().written)
    while cursor.accept(";"):
        pass
    return None if cursor.peek().kind == "end" else _Link(after_days=after_days)


def _rule(cursor: Cursor, link: _Link) -> tuple[Days, list[OpeningRule]]:
    """Read one rule: days, times, state, remark; at least one of them."""
    begin = cursor.at
    days = read_days(cursor)
    times = _times(cursor)
    state = _state(cursor)
    if cursor.at == begin:
        raise refusal("hours_separator", cursor.peek().written)
    if state == "closed" and any(is_open_end for _, is_open_end in times):
        raise refusal("hours_open_end_off", cursor.written(begin))
    everyday = not days.selector and not days.holidays
    if everyday and times and state != "closed" and (link.additional or (state == "open" and link.after_days)):
        raise refusal("hours_which_days", cursor.written(begin))
    if everyday and times and state == "unknown":
        link = _Link(additional=True, fallback=link.fallback)
    return days, _rules_of(days, times, state, link)


def _rules_of(days: Days, times: list[tuple[DaySpan, bool]], state: State, link: _Link) -> list[OpeningRule]:
    """Turn one written rule into rules with one state each, and one more for the holidays."""
    if link.fallback and state == "closed":
        return []
    pieces = _pieces(times, "unknown" if link.fallback else state)
    rules: list[OpeningRule] = []
    if not days.only_holidays:
        for number, (spans, piece_state) in enumerate(pieces):
            adds = link.additional or number > 0
            rules.append(OpeningRule(days.selector, spans, piece_state, additional=adds, fallback=link.fallback))
    if days.holidays and state != "closed":
        rules += [OpeningRule(days.period, spans, piece_state, holidays=True) for spans, piece_state in pieces]
    return rules


def _pieces(times: list[tuple[DaySpan, bool]], state: State) -> list[tuple[tuple[DaySpan, ...], State]]:
    """Group spans in the order written, so that a later span still wins over an earlier open end."""
    if not times:
        return [((DaySpan(0, _DAY),), state)]
    groups = groupby(times, key=lambda time: time[1])
    return [
        (
            tuple(sorted((span for span, _ in group), key=lambda span: (span.start, span.end))),
            "unknown" if vague else state,
        )
        for vague, group in groups
    ]


def _state(cursor: Cursor) -> State:
    """Read "open", "off", "closed", "unknown" and a remark; a remark on open hours makes them unknown."""
    state: State = "open"
    if cursor.peek().kind == "state":
        state = cast("State", cursor.take().value)
    if cursor.peek().kind == "comment":
        cursor.take()
        return "closed" if state == "closed" else "unknown"
    return state


def _times(cursor: Cursor) -> list[tuple[DaySpan, bool]]:
    """Read the spans of the day; True marks an open end. None written is an empty list."""
    if cursor.peek().kind == "always":
        cursor.take()
        cursor.accept(":")
        return []
    if cursor.peek().kind in {"number", "year"}:
        raise refusal("hours_whole_hours", cursor.written(cursor.at))
    if cursor.peek().kind != "time":
        return []
    times = _span(cursor)
    while cursor.sees(",") and cursor.peek(1).kind in {"time", "number"}:
        cursor.take()
        times += _span(cursor)
    return times


def _span(cursor: Cursor) -> list[tuple[DaySpan, bool]]:
    """Read one span: "09:00-17:00", "18:00+", "17:00-23:00+"."""
    begin = cursor.at
    start_text = cursor.take()
    if start_text.kind != "time":
        raise refusal("hours_whole_hours", start_text.written)
    start = _minutes(start_text.value)
    if start >= _DAY:
        raise refusal("hours_time", start_text.written)
    if cursor.accept("+"):
        return [_open_end(start)]
    if not cursor.accept("-"):
        raise refusal("hours_time_step" if cursor.sees("/") else "hours_no_end", start_text.written)
    end_text = cursor.peek()
    if end_text.kind != "time":
        raise refusal("hours_whole_hours" if end_text.kind == "number" else "hours_no_end", cursor.written(begin))
    end = _end(start, end_text.value, cursor.written(begin))
    cursor.take()
    if cursor.sees("/"):
        raise refusal("hours_time_step", cursor.written(begin))
    span = (DaySpan(start, end), False)
    return [span, _open_end(end)] if cursor.accept("+") else [span]


def _end(start: int, end_text: str, written: str) -> int:
    """Return the minute at which a span ends, counted from the midnight at which its day begins."""
    end = _minutes(end_text)
    if end == start:
        raise refusal("hours_same_time", written)
    if end > start:
        return end
    if len(end_text) == 4 and end > 0 and start < _DAY // 2:
        raise refusal("hours_twelve_hour", written)
    return end + _DAY


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > _LATEST:
        raise refusal("hours_time", text)
    return total


def _open_end(start: int) -> tuple[DaySpan, bool]:
    """Let an open end last until five in the morning at least; nobody knows, so no shorter than opening_hours.js has it."""
    lasts = _OPEN_END_LATE if start >= _LATE else _OPEN_END_LASTS
    return DaySpan(start, min(_LATEST, max(_OPEN_END_AT_LEAST, start + lasts))), True
