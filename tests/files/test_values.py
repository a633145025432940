"""Cells as values: what may mean two things is refused, never guessed."""

import ast
import math
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import meervoud.core.engine.types
import meervoud.files
from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.requests import Window
from meervoud.core.engine.types.spaces import Position, Price
from meervoud.core.errors import InputError
from meervoud.files.messages import MESSAGES, say
from meervoud.files.tables.positions import parse_position
from meervoud.files.values.amounts import (
    area,
    metres,
    parse_group,
    parse_minutes,
    parse_number,
    parse_share,
    price,
    whole_number,
)
from meervoud.files.values.cells import Cell
from meervoud.files.values.moments import parse_date, parse_time, parse_weekdays, parse_window
from meervoud.files.values.words import find_word, parse_yes_no, words


def fault_of(read: Callable[[], object]) -> InputError:
    with pytest.raises(InputError) as caught:
        read()
    assert str(caught.value).endswith("."), "a message is a sentence"
    return caught.value


def fault(read: Callable[[], object]) -> str:
    return fault_of(read).code


def read_or_refuse(read: Callable[[Cell], object], cell: Cell) -> None:
    with suppress(InputError):
        read(cell)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("-3", "-3"),
        ("7,5", "7.5"),
        ("7.5", "7.5"),
        ("1.200,50", "1200.50"),
        ("1,200.50", "1200.50"),
        ("1.200.300", "1200300"),
        ("1 200", "1200"),
        ("0,125", "0.125"),
        ("1200,125", "1200.125"),
        ("12\xa0000", "12000"),
    ],
)
def test_numbers_that_mean_one_thing(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.200", "number_ambiguous"),
        ("1,200", "number_ambiguous"),
        ("85+60", "number_is_sum"),
        ("20-30", "number_is_range"),
        ("many", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("1,2,3", "not_a_number"),
        ("12 people", "not_a_number"),
        ("٣", "not_a_number"),
        ("--3", "not_a_number"),
        (".", "not_a_number"),
    ],
)
def test_numbers_that_do_not(text: str, code: str) -> None:
    assert fault(lambda: parse_number(text)) == code


def test_known_decimal_mark_settles_it() -> None:
    assert parse_number("1.200", ",") == 1200
    assert parse_number("1.200", ".") == Decimal("1.2")
    assert fault(lambda: parse_number("12.00", ",")) == "not_a_number"


@pytest.mark.parametrize("cell", [math.nan, math.inf, True, date(2026, 1, 1), None])
def test_cells_that_are_no_number(cell: Cell) -> None:
    assert fault(lambda: parse_number(cell)) in {"not_a_number", "number_is_date"}


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    for read in (whole_number(), area(), metres(), parse_group, parse_minutes, parse_share, price()):
        read_or_refuse(read, text)


@given(st.text(max_size=14))
def test_any_text_is_a_moment_or_is_refused(text: str) -> None:
    for read in (parse_date, parse_time, parse_window, parse_weekdays, parse_position, parse_yes_no):
        read_or_refuse(read, text)


def test_whole_numbers() -> None:
    assert whole_number()(12.0) == 12
    assert whole_number(zero_is_unknown=True)("0") is None
    assert fault(lambda: whole_number()("2,5")) == "number_not_whole"
    assert fault(lambda: whole_number()("-2")) == "number_outside"
    assert fault(lambda: whole_number()(1e300)) == "number_outside"


def test_areas_lengths_and_shares() -> None:
    assert area()("80,5 m²") == 80.5
    assert area()("0") is None
    assert metres()("2 km") == 2000
    assert metres()("1,5km") == 1500
    assert metres()("800 m") == 800
    assert fault(lambda: metres()("2 miles")) == "metres_unit"
    assert [parse_minutes(text) for text in ("90", "2 h", "1:30", "1u30", "1,5 uur", "2 timer")] == [
        90,
        120,
        90,
        90,
        90,
        120,
    ]
    assert parse_minutes(time(1, 30)) == 90
    assert fault(lambda: parse_minutes("soon")) == "minutes_unit"
    assert [parse_share(cell) for cell in ("90%", "0,9", 0.9, "90", "1")] == [0.9, 0.9, 0.9, 0.9, 1.0]
    assert fault(lambda: parse_share("150%")) == "share_outside"


def test_groups() -> None:
    assert parse_group("20") == (20, 20)
    assert parse_group("20-30") == (20, 30)
    assert parse_group("20 tot 30") == (20, 30)
    assert fault(lambda: parse_group("30-20")) == "range_backwards"
    assert fault(lambda: parse_group("20+5")) == "number_is_sum"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EUR 15", Price(1500)),
        ("€ 7,50", Price(750)),
        ("15 DKK", Price(1500, "DKK")),
        ("€ 15,-", Price(1500)),
        ("€ 10 per uur", Price(1000)),
        ("500 EUR/maand", Price(50000, "EUR", "month")),
        ("gratis", Price(0)),
        ("Free", Price(0)),
        ("0", Price(0)),
    ],
)
def test_money(text: str, expected: Price) -> None:
    assert price()(text) == expected


def test_money_without_doubt_only() -> None:
    assert fault(lambda: price()("15")) == "currency_missing"
    assert fault(lambda: price()("50 kr.")) == "currency_ambiguous"
    assert price(currency="DKK")("50 kr.") == Price(5000, "DKK")
    assert price(currency="EUR")(15) == Price(1500)
    assert fault(lambda: price()("EUR 1,234")) == "number_ambiguous"
    assert fault(lambda: price(".")("EUR 1.234")) == "cents_not_whole"
    assert fault(lambda: price()("ask")) == "money_unreadable"
    assert fault(lambda: price()("EUR -5")) == "number_outside"


def test_times_and_windows() -> None:
    assert [parse_time(text) for text in ("19:00", "19.00", "19u", "19u30", "kl. 19", "9:05", "24:00")] == [
        *(1140, 1140, 1140, 1170, 1140, 545, 1440)
    ]
    assert fault(lambda: parse_time("25:00")) == "time_unreadable"
    assert parse_window("19:00-22:00") == Window(1140, 1320)
    assert parse_window("19u tot 22u30") == Window(1140, 1350)
    assert parse_window("22:00 – 02:00") == Window(1320, 1560)
    assert fault(lambda: parse_window("19:00")) == "window_unreadable"
    assert fault(lambda: parse_window("19:00-19:00")) == "window_unreadable"
    assert fault(lambda: parse_window("20:00-10:00")) == "window_outside_day"


@pytest.mark.parametrize(
    "cell", ["2026-03-01", "01-03-2026", "1/3/2026", "1.3.2026", "2026-03-01T00:00:00", "2026-03-01 00:00"]
)
def test_dates(cell: str) -> None:
    assert parse_date(cell) == date(2026, 3, 1)


def test_dates_that_are_none() -> None:
    assert parse_date(datetime(2026, 3, 1)) == date(2026, 3, 1)  # noqa: DTZ001  # a cell has no zone
    assert fault(lambda: parse_date("2026-03-01 10:00")) == "date_with_time"
    assert fault(lambda: parse_date("04/25/2026")) == "date_order"
    assert parse_date("04/25/2026", dayfirst=False) == date(2026, 4, 25)
    assert fault(lambda: parse_date("2026-02-30")) == "date_unreadable"
    assert fault(lambda: parse_date("1 March")) == "date_unreadable"
    assert fault(lambda: parse_date(46000)) == "date_serial"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("di,do", {1, 3}),
        ("ma-vr", {0, 1, 2, 3, 4}),
        ("tirsdag", {1}),
        ("Mo-Fr", {0, 1, 2, 3, 4}),
        ("vr-ma", {4, 5, 6, 0}),
        ("weekend", {5, 6}),
        ("hverdage", {0, 1, 2, 3, 4}),
        ("Tu, Th", {1, 3}),
        ("lør og søn", {5, 6}),
        ("di t/m do", {1, 2, 3}),
        ("Tuesdays", {1}),
        ("ma wo vr", {0, 2, 4}),
    ],
)
def test_weekdays(text: str, days: set[int]) -> None:
    assert parse_weekdays(text) == days


def test_weekday_that_is_none() -> None:
    assert fault(lambda: parse_weekdays("di, someday")) == "weekday_unknown"


def test_words_in_three_languages() -> None:
    assert words("facilities")("keuken; Køkken| beamer, wifi") == {"kitchen", "projector", "wifi"}
    assert find_word("kinds", "Buurthuis") == "community_centre"
    assert find_word("kinds", "community-centre") == "community_centre"
    assert [parse_yes_no(text) for text in ("ja", "Nej", "yes", "TRUE", "nee")] == [True, False, True, True, False]
    assert fault(lambda: parse_yes_no("beperkt")) == "yes_or_no"


def test_unknown_word_names_the_nearest() -> None:
    with pytest.raises(InputError, match="Nearest: kitchen"):
        find_word("facilities", "keukn")


def test_positions() -> None:
    assert parse_position("52.37, 4.89") == Position(52.37, 4.89)
    assert parse_position("52,37; 4,89") == Position(52.37, 4.89)
    assert parse_position("-37.8,144.9") == Position(-37.8, 144.9)
    assert fault(lambda: parse_position("144.9, -37.8")) == "coordinate_swapped"
    assert fault(lambda: parse_position("95, 200")) == "coordinate_outside"
    assert fault(lambda: parse_position("0, 0")) == "coordinate_zero"
    assert fault(lambda: parse_position("Damrak 1")) == "coordinate_unreadable"


def test_every_code_in_the_source_has_a_sentence() -> None:
    used = set()
    for path in Path(next(iter(meervoud.files.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                leaves = ast.walk(node.args[0]) if node.func.id in {"unreadable", "Note"} else []
                used |= {
                    leaf.value for leaf in leaves if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                }
    assert used <= set(MESSAGES)
    assert "id_missing" in used


def test_what_the_engine_refuses_has_a_sentence_too() -> None:
    used = set()
    for path in Path(next(iter(meervoud.core.engine.types.__path__))).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                used.add(node.value.value)
    assert used <= set(MESSAGES)
    error = fault_of(lambda: parse_opening_hours("Mon 3"))
    assert say(error.code, error.values) == str(error)
