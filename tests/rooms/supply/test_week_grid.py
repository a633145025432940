"""The week grid says the same as the opening hours that are written from it, and shows only what it can show whole."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meervoud.core.engine.day_hours import spans_of_days
from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.errors import InputError
from meervoud.supply.week_grid import (
    REFUSALS,
    WEEKDAYS,
    Cell,
    Range,
    WeekGrid,
    cells_of,
    grid_from_cells,
    grid_from_form,
    read_hours,
    write_hours,
)

MONDAY = date(2026, 10, 19)
DAY = 1440
CLOSED = WeekGrid(((),) * 7)
ALWAYS = WeekGrid((((0, DAY),),) * 7)


def week(**days: str) -> WeekGrid:
    """Make a grid of days with their ranges: `Mo="540-1020,1080-1200"`."""
    ranges = {day: tuple(as_range(part) for part in text.split(",")) for day, text in days.items()}
    return WeekGrid(tuple(ranges.get(day, ()) for day in WEEKDAYS))


def as_range(text: str) -> Range:
    start, _, end = text.partition("-")
    return int(start), int(end)


def refusal_of(rows: list[tuple[str, str, str]]) -> InputError:
    with pytest.raises(InputError) as caught:
        grid_from_form(rows)
    assert str(caught.value) == REFUSALS[caught.value.code] % caught.value.values
    return caught.value


def minutes_of(grid: WeekGrid) -> set[int]:
    """The open minutes of a week, counted from Monday; what runs past Sunday is on Monday."""
    return {
        (number * DAY + minute) % (7 * DAY)
        for number, ranges in enumerate(grid.days)
        for start, end in ranges
        for minute in range(start, end)
    }


def surely_open(text: str) -> set[int] | None:
    """The open minutes of every week as the engine has them; None where it is in doubt or weeks differ."""
    hours = spans_of_days(parse_opening_hours(text), MONDAY, 21)
    if hours.sure != hours.possible or hours.sure[:7] != hours.sure[7:14] or hours.sure[:7] != hours.sure[14:]:
        return None
    days = hours.sure[:7]
    return {number * DAY + minute for number, day in enumerate(days) for s in day for minute in range(s.start, s.end)}


@st.composite
def day_ranges(draw: st.DrawFn) -> tuple[Range, ...]:
    step = draw(st.sampled_from((1, 15, 30, 240)))
    bounds = sorted(draw(st.sets(st.integers(0, 1920 // step).map(lambda number: number * step), max_size=8)))
    pairs = zip(bounds[::2], bounds[1::2], strict=False)
    return tuple((start, end) for start, end in pairs if start < DAY)


grids = st.lists(day_ranges(), min_size=1, max_size=3).flatmap(
    lambda few: st.lists(st.sampled_from([(), *few]), min_size=7, max_size=7).map(lambda days: WeekGrid(tuple(days)))
)
open_grids = grids.filter(lambda grid: any(grid.days))
cells = st.frozensets(st.tuples(st.integers(0, 6), st.integers(0, 47)), max_size=200)
blocks = st.lists(st.tuples(st.integers(0, 335), st.integers(1, 60)), max_size=6).map(
    lambda runs: frozenset(divmod(at % 336, 48) for start, length in runs for at in range(start, start + length))
)


class TestWriting:
    @pytest.mark.parametrize(
        ("grid", "text"),
        [
            (
                week(**dict.fromkeys(WEEKDAYS[:5], "540-1020"), Sa="600-840"),
                "Mo-Fr 09:00-17:00; Sa 10:00-14:00",
            ),
            (week(Mo="1080-1320", We="1080-1320"), "Mo,We 18:00-22:00"),
            (week(Sa="0-1440", Su="0-1440"), "Sa,Su 00:00-24:00"),
            (week(Tu="540-720,780-1020"), "Tu 09:00-12:00,13:00-17:00"),
            (week(Mo="1-2", Tu="3-4", We="1-2", Th="1-2", Fr="1-2"), "Mo,We-Fr 00:01-00:02; Tu 00:03-00:04"),
            (WeekGrid((((540, 1020),),) * 7), "Mo-Su 09:00-17:00"),
            (ALWAYS, "24/7"),
            (week(Fr="1200-1560"), "Fr 20:00-02:00"),
            (week(Fr="1200-1440"), "Fr 20:00-24:00"),
            (week(Fr="480-1920"), "Fr 08:00-32:00"),
            (week(Fr="0-1500"), "Fr 00:00-25:00"),
            (week(Fr="1320-1680", Sa="1260-1380"), "Fr 22:00-04:00, Sa 21:00-23:00"),
            (week(Mo="540-1020", Fr="1320-1680"), "Mo 09:00-17:00; Fr 22:00-04:00"),
            (week(Mo="1320-1500", We="540-600", Fr="600-660"), "Mo 22:00-01:00, We 09:00-10:00, Fr 10:00-11:00"),
        ],
    )
    def test_a_grid_is_written_as_a_person_would(self, grid: WeekGrid, text: str) -> None:
        assert write_hours(grid) == text
        assert read_hours(text) == grid

    def test_a_week_without_hours_is_refused(self) -> None:
        with pytest.raises(InputError, match="No hours are filled in") as caught:
            write_hours(CLOSED)
        assert caught.value.code == "no_hours"

    def test_more_separate_hours_than_can_be_kept_are_refused(self) -> None:
        days = [tuple((60 * hour + day, 60 * hour + day + 10) for hour in range(24)) for day in range(7)]

        with pytest.raises(InputError) as caught:
            write_hours(WeekGrid(tuple(days)))
        assert caught.value.code == "week_grid_too_long"

    @given(open_grids)
    def test_what_is_written_is_read_back_the_same(self, grid: WeekGrid) -> None:
        assert read_hours(write_hours(grid)) == grid

    @given(open_grids)
    def test_the_engine_is_sure_of_what_is_written_and_means_the_same(self, grid: WeekGrid) -> None:
        text = write_hours(grid)

        assert parse_opening_hours(text).notes == ()
        assert surely_open(text) == minutes_of(grid)

    @pytest.mark.parametrize(
        "ranges",
        [
            ((600, 600),),
            ((600, 540),),
            ((1440, 1500),),
            ((0, 1921),),
            ((-5, 9),),
            ((0, 60), (60, 90)),
            ((90, 99), (0, 9)),
        ],
    )
    def test_a_grid_in_disorder_cannot_be_made(self, ranges: tuple[Range, ...]) -> None:
        with pytest.raises(InputError, match="Tuesday") as caught:
            WeekGrid(((), ranges, (), (), (), (), ()))
        assert caught.value.code == "week_grid_broken"


class TestReading:
    @pytest.mark.parametrize(
        ("text", "grid"),
        [
            ("24/7", ALWAYS),
            ("Mo-Su", ALWAYS),
            ("closed", CLOSED),
            ("Monday: 9:30 – 17.30", week(Mo="570-1050")),
            ("09:00-10:00", WeekGrid((((540, 600),),) * 7)),
            ("Sa-Mo 09:00-10:00", week(Sa="540-600", Su="540-600", Mo="540-600")),
            ("Mo,We 09:00-12:00,12:00-13:00", week(Mo="540-780", We="540-780")),
            ("Mo-We 09:00-17:00; Tu 12:00-20:00", week(Mo="540-1020", Tu="720-1200", We="540-1020")),
            ("Mo,Tu 09:00-12:00, Tu 11:00-20:00", week(Mo="540-720", Tu="540-1200")),
            ("Mo-We 09:00-17:00; Tu off", week(Mo="540-1020", We="540-1020")),
            ("Mo 09:00-17:00; Mo 12:00-13:00 off", week(Mo="540-720,780-1020")),
            ("Mo off; Mo 09:00-17:00", week(Mo="540-1020")),
            ("Fr 20:00-26:00", week(Fr="1200-1560")),
            ("Fr 22:00-04:00, Sa 21:00-23:00", week(Fr="1320-1680", Sa="1260-1380")),
        ],
    )
    def test_hours_that_a_week_can_show_are_shown(self, text: str, grid: WeekGrid) -> None:
        assert read_hours(text) == grid

    @pytest.mark.parametrize(
        "text",
        [
            "Oct-Mar Sa 10:00-16:00",
            "Mo-Fr 09:00-17:00; Dec 24-Jan 2 off",
            "2026 Mo 09:00-17:00",
            "week 1-53/2 We 19:00-22:00",
            "Sa[1] 10:00-14:00",
            "Mo-Fr 09:00-17:00; PH off",
            "Mo-Fr,PH 09:00-17:00",
            "PH off",
            "Mo-Fr 18:00+",
            "Mo-Fr 17:00-22:00+",
            '"by appointment"',
            'Mo-Fr 09:00-17:00 "ring the bell"',
            'Mo-Fr 09:00-17:00; Sa off "ring the bell"',
            "Mo-Fr 09:00-17:00 unknown",
            'Mo-Fr 09:00-17:00 || "by appointment"',
            "Fr 22:00-04:00; Sa 21:00-23:00",
            "Fr 22:00-04:00, Sa 00:00-02:00 off",
            "Mo-Sa 09:00-12:00; Fr 22:00-34:00 off",
            "Fr 10:00-34:00",
            "08:00-sunset",
            "Mo-Fr 9-17",
            "nonsense",
            "",
        ],
    )
    def test_hours_that_a_week_cannot_show_are_left_alone(self, text: str) -> None:
        assert read_hours(text) is None

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(("Mo", "Tu,Th", "Mo-Fr", "Sa-Mo", "Fr,Sa", "Mo-Su", "Su")),
                st.sampled_from(
                    (
                        "",
                        "09:00-17:00",
                        "12:00-13:00,18:00-20:00",
                        "22:00-02:00",
                        "00:00-06:00",
                        "20:00-33:00",
                        "18:00-24:00",
                    )
                ),
                st.sampled_from(("", "", "", " off", " unknown", ' "ask"')),
                st.sampled_from(("; ", ", ", "; ", " || ")),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def test_what_is_shown_is_what_the_engine_is_sure_of(self, rules: list[tuple[str, str, str, str]]) -> None:
        text = "".join(f"{days} {times}{state}{separator}" for days, times, state, separator in rules)
        text = text.rstrip(";,| ")

        grid = read_hours(text)

        assert grid is None or surely_open(text) == minutes_of(grid)


class TestCells:
    def test_half_hours_side_by_side_are_one_range(self) -> None:
        assert grid_from_cells([(0, 19), (0, 18), (0, 18), (0, 21)]) == week(Mo="540-600,630-660")
        assert grid_from_cells([]) == CLOSED
        assert grid_from_cells((day, slot) for day in range(7) for slot in range(48)) == ALWAYS

    def test_an_evening_that_goes_on_is_one_range(self) -> None:
        assert grid_from_cells([(4, 47), (5, 0), (5, 1)]) == week(Fr="1410-1500")
        assert grid_from_cells([(6, 47), (0, 0)]) == week(Su="1410-1470")
        assert grid_from_cells([(4, 47), *((5, slot) for slot in range(16))]) == week(Fr="1410-1920")

    def test_a_night_that_becomes_a_day_stays_two_ranges(self) -> None:
        morning = [(5, slot) for slot in range(17)]
        friday = [(4, slot) for slot in range(48)]

        assert grid_from_cells([(4, 47), *morning]) == week(Fr="1410-1440", Sa="0-510")
        assert grid_from_cells([*friday, (5, 0)]) == week(Fr="0-1440", Sa="0-30")

    def test_only_half_hours_wholly_inside_are_ticked(self) -> None:
        assert cells_of(week(Mo="545-665")) == {(0, 19), (0, 20), (0, 21)}
        assert cells_of(week(Mo="545-565")) == frozenset()
        assert cells_of(week(Su="1400-1490")) == {(6, 47), (0, 0)}
        assert cells_of(week(Mo="1430-1450", Tu="10-30")) == {(1, 0)}
        assert len(cells_of(ALWAYS)) == 336

    @pytest.mark.parametrize("cell", [(7, 0), (-1, 0), (0, 48), (0, -1)])
    def test_a_half_hour_outside_the_week_is_refused(self, cell: Cell) -> None:
        with pytest.raises(InputError) as caught:
            grid_from_cells([cell])
        assert caught.value.code == "week_grid_cell"

    @given(cells | blocks)
    def test_what_is_ticked_stays_ticked(self, ticked: frozenset[Cell]) -> None:
        assert cells_of(grid_from_cells(ticked)) == ticked

    @given(grids)
    def test_every_ticked_half_hour_is_open_for_all_its_minutes_and_no_other_is(self, grid: WeekGrid) -> None:
        minutes = minutes_of(grid)
        whole = {
            (day, slot)
            for day in range(7)
            for slot in range(48)
            if minutes.issuperset(range(day * DAY + slot * 30, day * DAY + slot * 30 + 30))
        }

        assert cells_of(grid) == whole

    @given(blocks.filter(bool))
    def test_what_is_ticked_can_be_written_and_read(self, ticked: frozenset[Cell]) -> None:
        grid = read_hours(write_hours(grid_from_cells(ticked)))

        assert grid is not None
        assert cells_of(grid) == ticked


class TestForm:
    def test_rows_become_ranges_and_blank_rows_count_for_nothing(self) -> None:
        rows = [
            ("Mo", "13:00", "17:00"),
            ("Mo", "09:00", "12:00"),
            ("Mo", " 11:30", "12:30 "),
            ("Tu", "", ""),
            ("We", " ", ""),
            ("Fr", "20:00", "02:00"),
            ("Sa", "20:00", "24:00"),
            ("Su", "20:00", "00:00"),
            ("Th", "00:00", "24:00"),
        ]

        assert grid_from_form(rows) == week(
            Mo="540-750,780-1020", Fr="1200-1560", Sa="1200-1440", Su="1200-1440", Th="0-1440"
        )
        assert grid_from_form([]) == CLOSED

    @pytest.mark.parametrize(
        ("start", "end", "code"),
        [
            ("09:00", "", "week_grid_time_missing"),
            ("", "09:00", "week_grid_time_missing"),
            ("9:00", "10:00", "week_grid_time"),
            ("09:00", "25:00", "week_grid_time"),
            ("09:00", "24:30", "week_grid_time"),
            ("09:60", "10:00", "week_grid_time"),
            ("nine", "10:00", "week_grid_time"),
            ("٠٩:٠٠", "10:00", "week_grid_time"),
            ("09:00", "10:00; Tu off", "week_grid_time"),
            ("24:00", "10:00", "week_grid_start"),
            ("09:00", "09:00", "week_grid_same_time"),
            ("24:00", "24:00", "week_grid_start"),
            ("20:00", "08:01", "week_grid_too_late"),
        ],
    )
    def test_a_row_that_cannot_be_used_is_refused_by_the_name_of_its_day(self, start: str, end: str, code: str) -> None:
        refusal = refusal_of([("Mo", "09:00", "10:00"), ("We", start, end)])

        assert refusal.code == code
        assert "Wednesday" in str(refusal)
        assert refusal.values["weekday"] == "Wednesday"

    @pytest.mark.parametrize("weekday", ["", "Monday", "mo", "7"])
    def test_a_day_that_no_week_has_is_refused(self, weekday: str) -> None:
        assert refusal_of([(weekday, "09:00", "10:00")]).code == "week_grid_weekday"

    def test_a_night_ends_at_eight_in_the_morning_at_the_latest(self) -> None:
        assert grid_from_form([("We", "20:00", "08:00")]) == week(We="1200-1920")


def test_the_days_of_the_tests_begin_on_a_monday() -> None:
    assert MONDAY.weekday() == 0
    assert (MONDAY + timedelta(days=21)).month == 11
