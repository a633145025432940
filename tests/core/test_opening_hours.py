"""Opening hours: reading, evaluating day by day, hostile input, and agreement with a plain loop over minutes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from meervoud.core.engine.day_hours import SlotHours, slots_of_days, spans_of_days
from meervoud.core.engine.opening_days import days_of
from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.hours import DaySpan, OpeningRule
from meervoud.core.errors import InputError

MONDAY = date(2026, 10, 19)
DAY = 1440
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WINDOWS = (date(2027, 12, 30), date(2028, 2, 27), date(2026, 3, 28), date(2026, 10, 24))
"""Year end, leap day, both weeks in which the clock changes."""


def span(text: str) -> DaySpan:
    start, end = ([int(part) for part in time.split(":")] for time in text.split("-"))
    return DaySpan(start[0] * 60 + start[1], end[0] * 60 + end[1])


def sure_on(value: str, day: date) -> list[DaySpan]:
    return list(spans_of_days(parse_opening_hours(value), day, 1).sure[0])


def possible_on(value: str, day: date) -> list[DaySpan]:
    return list(spans_of_days(parse_opening_hours(value), day, 1).possible[0])


def refusal_of(value: str) -> InputError:
    with pytest.raises(InputError) as caught:
        parse_opening_hours(value)
    return caught.value


class TestReading:
    def test_rules_keep_the_order_and_the_way_they_hang_together(self) -> None:
        hours = parse_opening_hours("Mo-Fr 09:00-17:00; Sa off, Su 10:00-12:00 || unknown")

        assert hours.rules == (
            OpeningRule("Mo-Fr", (span("9:00-17:00"),)),
            OpeningRule("Sa", (span("0:00-24:00"),), "closed"),
            OpeningRule("Su", (span("10:00-12:00"),), additional=True),
            OpeningRule("", (span("0:00-24:00"),), "unknown", fallback=True),
        )

    def test_open_end_becomes_a_rule_of_its_own(self) -> None:
        assert parse_opening_hours("Mo 12:00-14:00,18:00+").rules == (
            OpeningRule("Mo", (span("12:00-14:00"),)),
            OpeningRule("Mo", (span("18:00-29:00"),), "unknown", additional=True),
        )

    def test_later_span_wins_over_an_earlier_open_end(self) -> None:
        assert sure_on("07:00+,12:00-16:00", MONDAY) == [span("12:00-16:00")]

    @pytest.mark.parametrize(
        ("value", "night"), [("12:00+", "12:00-29:00"), ("21:00+", "21:00-31:00"), ("23:00+", "23:00-31:00")]
    )
    def test_open_end_lasts_until_five_at_least(self, value: str, night: str) -> None:
        assert parse_opening_hours(value).rules[0].spans == (span(night),)

    @pytest.mark.parametrize(
        "value",
        [
            "mo - FR 9:00 – 17:00",
            "Mo-Fr: 09:00-17:00",
            "monday-friday 09.00-17.00",
            "Mon-Fri09:00-17:00",
            "Mo-Fr 09:00-17:00;",
        ],
    )
    def test_harmless_ways_of_writing_mean_the_same(self, value: str) -> None:
        assert parse_opening_hours(value).rules == parse_opening_hours("Mo-Fr 09:00-17:00").rules

    def test_comma_between_days_with_a_space_is_a_list(self) -> None:
        assert parse_opening_hours("Sa, Su 09:00-16:00").rules == parse_opening_hours("Sa,Su 09:00-16:00").rules

    def test_remark_may_hold_any_sign(self) -> None:
        assert parse_opening_hours('Mo 10:00-12:00 "; || off, \' SH"; Tu 10:00-12:00').rules[0].state == "unknown"

    def test_closed_with_a_remark_stays_closed(self) -> None:
        assert parse_opening_hours('24/7 closed "moved"').rules[0].state == "closed"

    def test_closed_fall_back_is_left_out(self) -> None:
        assert len(parse_opening_hours("Mo 10:00-12:00 || off").rules) == 1

    def test_what_follows_a_fall_back_with_a_comma_is_never_sure(self) -> None:
        assert sure_on("We 10:00-12:00 || Mo 10:00-12:00, Mo 14:00-16:00", MONDAY) == []

    @pytest.mark.parametrize("value", ["Dec 24,25 off", "Dec 24,Dec 25 off", "Dec 24-25 off"])
    def test_days_of_one_month_may_share_its_name(self, value: str) -> None:
        days = days_of(parse_opening_hours(value).rules[0].days, date(2026, 12, 23), 4)

        assert days.tolist() == [False, True, True, False]

    def test_step_longer_than_the_span_of_weeks_leaves_the_first_week(self) -> None:
        days = days_of(parse_opening_hours("week 10-12/4 off").rules[0].days, date(2027, 3, 1), 28)

        assert np.flatnonzero(days).tolist() == list(range(7, 14))


class TestHolidays:
    def test_holiday_off_is_left_out_and_noted(self) -> None:
        hours = parse_opening_hours("Mo-Fr 09:00-17:00; PH off")

        assert hours.notes == ("holidays_named",)
        assert hours.rules == parse_opening_hours("Mo-Fr 09:00-17:00").rules

    def test_holiday_off_beside_a_weekday_closes_the_weekday(self) -> None:
        assert parse_opening_hours("Su,PH off").rules == parse_opening_hours("Su off").rules

    def test_holiday_hours_are_possible_every_day_and_past_midnight(self) -> None:
        value = "Mo-Fr 09:00-17:00; PH 22:00-02:00"

        assert sure_on(value, MONDAY) == [span("9:00-17:00")]
        assert possible_on(value, MONDAY) == [span("0:00-2:00"), span("9:00-17:00"), span("22:00-24:00")]

    def test_holiday_hours_keep_to_their_months(self) -> None:
        assert possible_on("Jul-Aug PH 10:00-12:00", MONDAY) == []

    def test_off_does_not_take_away_holiday_hours(self) -> None:
        assert possible_on("PH 10:00-12:00; Mo-Su off", MONDAY) == [span("10:00-12:00")]


class TestDays:
    def test_spill_of_the_day_before_the_first_counts(self) -> None:
        assert sure_on("Su 22:00-03:00", MONDAY) == [span("0:00-3:00")]

    def test_spans_stay_within_the_day_and_do_not_touch(self) -> None:
        assert sure_on("Mo 00:00-08:00,08:00-12:00,11:00-30:00", MONDAY) == [span("0:00-24:00")]

    def test_night_into_a_day_with_a_later_rule_is_unknown_and_noted(self) -> None:
        value = "Sa-Su 20:00-02:00; Mo 10:00-12:00"

        assert sure_on(value, MONDAY) == [span("10:00-12:00")]
        assert possible_on(value, MONDAY) == [span("0:00-2:00"), span("10:00-12:00")]
        assert parse_opening_hours(value).notes == ("night_unknown",)

    def test_night_into_a_day_off_is_unknown(self) -> None:
        assert sure_on("20:00-02:00; Mo off", MONDAY) == []
        assert possible_on("20:00-02:00; Mo off", MONDAY) == [span("0:00-2:00")]

    def test_night_of_a_day_off_is_unknown_too(self) -> None:
        assert sure_on("20:00-02:00; Mo off", MONDAY + timedelta(1)) == [span("20:00-24:00")]

    def test_night_after_a_comma_is_sure(self) -> None:
        assert sure_on("Sa-Su 20:00-02:00, Mo 10:00-12:00", MONDAY) == [span("0:00-2:00"), span("10:00-12:00")]
        assert parse_opening_hours("Sa-Su 20:00-02:00, Mo 10:00-12:00").notes == ()

    def test_off_with_times_past_midnight_takes_away_the_night(self) -> None:
        assert sure_on("20:00-04:00; Su 23:00-02:00 off", MONDAY) == [span("2:00-4:00"), span("20:00-24:00")]

    def test_unknown_for_the_whole_week_leaves_nothing_sure(self) -> None:
        assert sure_on('Mo-Fr 09:00-17:00; "by appointment"', MONDAY) == []

    def test_fewer_than_one_day_is_refused(self) -> None:
        with pytest.raises(InputError, match="Ask for one day at least"):
            spans_of_days(parse_opening_hours("24/7"), MONDAY, 0)

    def test_no_rule_at_all_is_closed(self) -> None:
        assert possible_on("PH off", MONDAY) == []


class TestSlots:
    def test_sure_half_hours_round_inward_and_possible_ones_outward(self) -> None:
        slots = slots_of_days(parse_opening_hours("Mo 09:10-10:40"), MONDAY, 2)

        assert slots.sure.tolist() == [0b11 << 19, 0]
        assert slots.possible.tolist() == [0b1111 << 18, 0]

    def test_whole_day_fills_48_bits(self) -> None:
        slots = slots_of_days(parse_opening_hours("24/7"), MONDAY, 3)

        assert slots.sure.dtype == np.uint64
        assert slots.sure.tolist() == [2**48 - 1] * 3

    def test_arrays_are_shared_and_cannot_be_changed(self) -> None:
        slots = slots_of_days(parse_opening_hours("Mo 10:00-12:00"), MONDAY, 7)

        assert slots is slots_of_days(parse_opening_hours("Mo 10:00-12:00"), MONDAY, 7)
        for array in (slots.sure, slots.possible):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1


class TestRefusing:
    def test_message_names_the_part_and_says_what_to_write(self) -> None:
        error = refusal_of("Mo-Fr 10:00-18:00; Sa 10-14")

        assert str(error) == (
            "The opening hours have a number where a time should be: '10'. Write hours and minutes on the 24-hour clock, for "
            "example 09:00-17:00."
        )
        assert (error.code, error.values) == ("hours_whole_hours", {"part": "10"})

    def test_school_holidays_are_to_be_entered_as_closures(self) -> None:
        assert "as closures" in str(refusal_of("Mo-Fr 09:00-17:00; SH off"))

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ("", "hours_empty"),
            (";", "hours_separator"),
            ("|| open", "hours_separator"),
            ("Mo 10:00-12:00 ||", "hours_separator"),
            ("We 12:00-18:00,", "hours_separator"),
            ("Mo 10:00-12:00 14:00-16:00", "hours_separator"),
            ("Mo open 10:00-12:00", "hours_separator"),
            ("PH Mo-Fr 10:00-12:00", "hours_separator"),
            ("Mo 10:00-12:00 week 5", "hours_separator"),
            ("Mo-Fr[1]", "hours_days"),
            ("Mo-", "hours_days"),
            ("Mo,Jan 10:00-12:00", "hours_days"),
            ("Jan,Mo 10:00-12:00", "hours_days"),
            ("Jan-Mar 5 off", "hours_days"),
            ("Jan,25 off", "hours_days"),
            ("Jan 5-9:00", "hours_days"),
            ("Sa[1", "hours_ordinal"),
            ("Sa[0]", "hours_ordinal"),
            ("Sa[3-2]", "hours_ordinal"),
            ("Sa[1] +1 day", "hours_offset"),
            ("Sa[1] +1", "hours_offset"),
            ("Mo -1", "hours_offset"),
            ("Jan 10-5 off", "hours_date"),
            ("2025 Feb 29 off", "hours_date"),
            ("2025 Feb 20-29 off", "hours_date"),
            ("2026 Nov-Feb off", "hours_year"),
            ("2026 Dec 25-Jan 3 off", "hours_year"),
            ("Dec 25-2026 Jan 3 off", "hours_year"),
            ("9999 off", "hours_year"),
            ("week 0 off", "hours_week"),
            ("week 9-3 off", "hours_week"),
            ("week 1-9/1 off", "hours_week"),
            ("0900-1700", "hours_year"),
            ("Mo 0900-1700", "hours_whole_hours"),
            ("Mo 09:00-17", "hours_whole_hours"),
            ("Mo 09:00-12:00,13-17", "hours_whole_hours"),
            ("24:00-25:00", "hours_time"),
            ("10:00-48:01", "hours_time"),
            ("10:60-12:00", "hours_time"),
            ("12:00/30", "hours_time_step"),
            ("11:00-6:00", "hours_twelve_hour"),
            ("Mo 10:00-12:00; 14:00-16:00", "hours_which_days"),
            ("Mo 10:00-12:00 open, 14:00-16:00", "hours_which_days"),
            ("Mo\x0010:00-12:00", "hours_character"),
            ("Mo ٠٩:٠٠-١٧:٠٠", "hours_character"),
            ("Mо 10:00-12:00", "hours_word"),
            ("Mo 10:00-12:00" * 200, "hours_too_long"),
            ("[" * 2000, "hours_separator"),
            ("1" * 2000, "hours_whole_hours"),
            ("Mo" * 1000, "hours_word"),
            ('"' * 1999, "hours_quote"),
        ],
    )
    def test_value_outside_the_subset_is_refused(self, value: str, code: str) -> None:
        assert refusal_of(value).code == code

    def test_unreadable_signs_do_not_reach_the_message(self) -> None:
        assert "\x00" not in str(refusal_of("\x00\x1b[31m"))

    def test_selector_that_the_library_cannot_read_is_refused(self) -> None:
        with pytest.raises(InputError, match="cannot be read"):
            days_of("Mo-Xx", MONDAY, 1)

    @pytest.mark.parametrize(
        "piece", ["Mo 1:00-2:00;", "Mo,", "Sa[1,", '"a",', "0:00-1:00,", "||open", "2026 Jan 1-", "week 1,"]
    )
    def test_long_repetition_ends(self, piece: str) -> None:
        read_or_refuse((piece * 2000)[:2000])


def read_or_refuse(value: str) -> None:
    try:
        hours = parse_opening_hours(value)
    except InputError as error:
        refused = error
    else:
        slots = slots_of_days(hours, MONDAY, 3)
        assert not (slots.sure & ~slots.possible).any()
        return
    assert refused.code.startswith("hours_")
    assert str(refused).endswith(".")


PIECES = (
    *WEEKDAYS,
    *(
        "Jan",
        "Feb 29",
        "2026",
        "week",
        "PH",
        "off",
        "open",
        "unknown",
        '"x"',
        "24/7",
        "09:00",
        "17:00",
        "26:00",
        "18:00+",
    ),
    *("-", "-", ",", ";", "||", "[", "]", "1", "53", "+", "/", ":", " ", " ", "easter", "am"),
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
@example("24/7 24/7")
def test_any_text_is_read_or_refused_with_a_message(value: str) -> None:
    read_or_refuse(value)


@dataclass(frozen=True)
class Chosen:
    """Days as text and as a question to a date, made apart from the code under test."""

    text: str
    holds: Callable[[date], bool]


def in_circle(value: int, first: int, last: int) -> bool:
    return first <= value <= last if first <= last else value >= first or value <= last


@st.composite
def weekday_choices(draw: st.DrawFn) -> Chosen:
    first, last = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    other, ordinal = draw(st.integers(0, 6)), draw(st.sampled_from([1, 2, 3, 4, 5, -1, -2]))
    text = WEEKDAYS[first] if first == last else f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"
    plain = Chosen(text, lambda day: in_circle(day.weekday(), first, last))
    nth = Chosen(f"{WEEKDAYS[other]}[{ordinal}]", lambda day: day.weekday() == other and is_nth(day, ordinal))
    both = Chosen(f"{plain.text},{nth.text}", lambda day: plain.holds(day) or nth.holds(day))
    return draw(st.sampled_from([plain, nth, both]))


def is_nth(day: date, ordinal: int) -> bool:
    if ordinal > 0:
        return (day.day - 1) // 7 + 1 == ordinal
    after = (day.replace(day=28) + timedelta(4)).replace(day=1)
    return ((after - day).days - 1) // 7 + 1 == -ordinal


@st.composite
def month_choices(draw: st.DrawFn) -> Chosen:
    first, last = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    text = MONTHS[first - 1] if first == last else f"{MONTHS[first - 1]}-{MONTHS[last - 1]}"
    return Chosen(text, lambda day: in_circle(day.month, first, last))


@st.composite
def date_choices(draw: st.DrawFn) -> Chosen:
    dates = st.dates(date(2028, 1, 1), date(2028, 12, 31))
    first, last = draw(dates), draw(dates)
    low, high = (first.month, first.day), (last.month, last.day)
    text = f"{MONTHS[low[0] - 1]} {low[1]}" + (f"-{MONTHS[high[0] - 1]} {high[1]}" if low != high else "")
    if low <= high:
        return Chosen(text, lambda day: low <= (day.month, day.day) <= high)
    return Chosen(text, lambda day: (day.month, day.day) >= low or (day.month, day.day) <= high)


@st.composite
def year_choices(draw: st.DrawFn) -> Chosen:
    first = draw(st.dates(date(2026, 1, 1), date(2029, 12, 31)))
    last = first + timedelta(draw(st.integers(1, 400)))
    text = "-".join(f"{day.year} {MONTHS[day.month - 1]} {day.day}" for day in (first, last))
    return Chosen(text, lambda day: first <= day <= last)


@st.composite
def week_choices(draw: st.DrawFn) -> Chosen:
    first = draw(st.integers(1, 53))
    last, step = draw(st.integers(first, 53)), draw(st.sampled_from([1, 2, 4]))
    text = f"week {first}-{last}" + (f"/{step}" if step > 1 else "")
    return Chosen(text, lambda day: day.isocalendar().week in range(first, last + 1, step))


PERIODS = st.one_of(month_choices(), date_choices(), year_choices(), week_choices())


@st.composite
def day_choices(draw: st.DrawFn) -> Chosen:
    period, weekday = draw(PERIODS), draw(weekday_choices())
    both = Chosen(f"{period.text} {weekday.text}", lambda day: period.holds(day) and weekday.holds(day))
    return draw(st.sampled_from([period, weekday, weekday, both]))


@settings(max_examples=200, deadline=None)
@given(day_choices())
def test_selector_means_the_days_that_a_plain_question_means(chosen: Chosen) -> None:
    (rule,) = parse_opening_hours(f"{chosen.text} off").rules
    first = date(2026, 12, 20)

    days = days_of(rule.days, first, 800)

    wrong = [first + timedelta(n) for n in range(800) if days[n] != chosen.holds(first + timedelta(n))]
    assert wrong == []


@dataclass(frozen=True)
class PlainRule:
    """A rule as it was drawn: days, spans with a state each, and how it hangs on the earlier ones."""

    days: Chosen
    spans: tuple[tuple[int, int, int], ...]
    separator: str
    closes: bool

    @property
    def replaces(self) -> bool:
        return self.spans == ((0, DAY, 0),) if self.closes else self.separator == "; "

    def after(self, state: int, *minutes: int) -> int:
        """The state once the rule is laid over it; more minutes than one are the same minute seen from several days."""
        for start, end, value in self.spans:
            if any(start <= minute < end for minute in minutes):
                state = max(state, 1) if self.separator == " || " else value
        return state


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


TIMES = st.one_of(
    st.just([(0, DAY, False)]),
    st.lists(st.tuples(st.integers(0, DAY - 1), st.integers(1, DAY), st.booleans()), min_size=1, max_size=2),
)


@st.composite
def values(draw: st.DrawFn) -> tuple[str, tuple[PlainRule, ...]]:
    """A value that is accepted, and what it means."""
    text = ""
    rules: list[PlainRule] = []
    for number in range(draw(st.integers(1, 5))):
        separator = draw(st.sampled_from(["; ", "; ", ", ", " || "])) if number else "; "
        state = draw(st.sampled_from(["", "", " open", " off", ' "ask"', " unknown"]))
        days = draw(day_choices())
        times = draw(
            st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1440), st.booleans()), min_size=1, max_size=2)
        )
        value = {"": 2, " open": 2, " off": 0}.get(state, 1)
        spans: list[tuple[int, int, int]] = []
        written: list[str] = []
        for start, length, open_end in times:
            end = start + length
            spans.append((start, end, value))
            written.append(f"{clock(start)}-{clock(end)}" + ("+" if open_end and value else ""))
            if open_end and value:
                spans.append((end, min(2880, max(1740, end + (480 if end >= 1320 else 600))), 1))
        text += (separator if number else "") + f"{days.text} {','.join(written)}{state}"
        if separator == " || " or (separator == ", " and rules[-1].separator == " || "):
            separator = " || "
            spans = [(start, end, 1) for start, end, _ in spans] if value else []
        rules.append(PlainRule(days, tuple(spans), separator, closes=value == 0))
    return text, tuple(rules)


def state_by_rule(rules: tuple[PlainRule, ...], day: date, minute: int) -> int:
    state = 0
    for rule in rules:
        today, yesterday = rule.days.holds(day), rule.days.holds(day - timedelta(1))
        state = 0 if today and rule.replaces else state
        state = rule.after(state, *[minute] * today, *[minute + DAY] * yesterday)
    return state


def state_by_day(rules: tuple[PlainRule, ...], day: date, minute: int) -> int:
    state = 0
    for rule in rules:
        if rule.days.holds(day):
            state = rule.after(0 if rule.replaces else state, minute)
    return state


def plain_slots(rules: tuple[PlainRule, ...], first: date, days: int) -> tuple[list[int], list[int]]:
    sure, possible = [0] * days, [0] * days
    for number in range(days):
        day = first + timedelta(number)
        for slot in range(48):
            answers = [plain_minute(rules, day, minute) for minute in range(slot * 30, slot * 30 + 30)]
            sure[number] |= all(answer == 2 for answer in answers) << slot
            possible[number] |= any(answers) << slot
    return sure, possible


def plain_minute(rules: tuple[PlainRule, ...], day: date, minute: int) -> int:
    first = state_by_rule(rules, day, minute)
    own, spill = state_by_day(rules, day, minute), state_by_day(rules, day - timedelta(1), minute + DAY)
    if first == 2 and 2 in {own, spill} and spill != 1:
        return 2
    return 1 if first or own or spill else 0


@settings(max_examples=60, deadline=None)
@given(values(), st.sampled_from(WINDOWS))
def test_slots_agree_with_a_plain_loop_over_minutes(value: tuple[str, tuple[PlainRule, ...]], first: date) -> None:
    text, rules = value

    slots = slots_of_days(parse_opening_hours(text), first, 3)

    assert (slots.sure.tolist(), slots.possible.tolist()) == plain_slots(rules, first, 3)


@settings(max_examples=60, deadline=None)
@given(values(), st.sampled_from(WINDOWS))
def test_slots_agree_with_the_spans(value: tuple[str, tuple[PlainRule, ...]], first: date) -> None:
    hours = parse_opening_hours(value[0])

    slots, spans = slots_of_days(hours, first, 8), spans_of_days(hours, first, 8)

    assert packed(slots) == [
        (
            sum(1 << slot for slot in range(48) if is_whole(sure, slot)),
            sum(1 << slot for slot in range(48) if is_touched(may, slot)),
        )
        for sure, may in zip(spans.sure, spans.possible, strict=True)
    ]


def packed(slots: SlotHours) -> list[tuple[int, int]]:
    return list(zip(slots.sure.tolist(), slots.possible.tolist(), strict=True))


def is_whole(spans: tuple[DaySpan, ...], slot: int) -> bool:
    return any(one.start <= slot * 30 and slot * 30 + 30 <= one.end for one in spans)


def is_touched(spans: tuple[DaySpan, ...], slot: int) -> bool:
    return any(one.start < slot * 30 + 30 and slot * 30 < one.end for one in spans)
