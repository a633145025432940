"""The index: rows, cells, incremental change, a file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from meervoud.core.engine import availability, fitting
from meervoud.core.engine.availability import BookingArrays
from meervoud.core.engine.geography import metres_between, unit_vectors
from meervoud.core.engine.index import build_index
from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.proposals import answer, match
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.types.requests import Dates, Window
from meervoud.core.engine.types.spaces import OpenPeriod, Position, Price, Space
from meervoud.core.engine.types.time import Booking, Closure, DateRange
from meervoud.core.errors import InputError
from meervoud.files.output.index_file import load_index, save_index
from tests.makers import DAM, MONDAY, make_grid, make_request, make_space, make_weekly


def test_two_spaces_with_one_id_are_refused() -> None:
    with pytest.raises(InputError, match="'s1'"):
        build_index([make_space("s1"), make_space("s1")], make_grid())


def test_bookings_as_arrays_take_the_same_time_as_bookings_of_spaces() -> None:
    grid = make_grid()
    begin = datetime(MONDAY.year, MONDAY.month, MONDAY.day, tzinfo=UTC)
    spaces = [make_space(f"s{number}", position=Position(52.0 + number % 3, 4.9)) for number in range(7)]
    minutes = [(row, 600 * row + 45, 600 * row + 200) for row in range(7)] + [(2, 9_000, 12_000)]
    booked = [
        replace(
            space,
            bookings=tuple(
                Booking(begin + timedelta(minutes=low), begin + timedelta(minutes=high))
                for owner, low, high in minutes
                if owner == row
            ),
        )
        for row, space in enumerate(spaces)
    ]
    arrays = BookingArrays(*(np.array(column, dtype=np.int64) for column in zip(*minutes[::-1], strict=True)))
    assert (build_index(spaces, grid, taken=arrays).bits == build_index(booked, grid).bits).all()


def test_a_changed_space_changes_only_its_row() -> None:
    spaces = [make_space(f"s{number}") for number in range(4)]
    index = build_index(spaces, make_grid())
    before, row = index.bits.copy(), index.row_of["s2"]
    index.prices_in(("EUR", "hour"))
    busy = Booking(datetime(2026, 12, 1, 9, tzinfo=UTC), datetime(2026, 12, 3, 9, tzinfo=UTC))
    index.replace_space(replace(spaces[2], bookings=(busy,), price=Price(900)))
    changed = (index.bits != before).any(axis=(0, 2))
    assert changed.tolist() == [number == row for number in range(4)]
    assert index.prices_in(("EUR", "hour"))[0][row] == 900


def test_an_index_without_some_is_the_one_that_is_built_of_the_others() -> None:
    places = [Position(60.0, 10.0 + number / 100) for number in range(4)] + [Position(50.0, 4.9), None]
    hours = [(OpenPeriod(parse_opening_hours(f"Mo-Fr {8 + number:02}:00-20:00")),) for number in range(6)]
    spaces = [make_space(f"s{each}", position=places[each], periods=hours[each]) for each in range(6)]
    taken = BookingArrays(*(np.array([value], dtype=np.int64) for value in (3, 500, 700)))
    whole = build_index(spaces, make_grid(), taken=taken, cause_needs={("Noord", "health"): 3})
    for gone in ({"s4"}, {"s0", "s5"}, set[str](), {each.id for each in spaces}):
        left = [space for space in spaces if space.id not in gone]
        some = BookingArrays(
            np.array([row for row, each in enumerate(left) if each.id == "s3"]), *(taken.start, taken.end)
        )
        anew = build_index(left, make_grid(), taken=some if len(some.row) else None, cause_needs=whole.cause_needs)
        found = whole.without(gone)
        assert found.spaces == anew.spaces
        assert (found.bits == anew.bits).all()
        assert found.bits.shape == anew.bits.shape
        assert (found.cells.keys == anew.cells.keys).all()
        assert found.cause_needs == anew.cause_needs


def test_spaces_that_share_their_hours_are_compiled_as_if_they_were_alone() -> None:
    grid = make_grid()
    periods = (OpenPeriod(parse_opening_hours("Mo-Fr 09:00-17:00")),)
    closures = (Closure(DateRange(MONDAY, MONDAY + timedelta(days=3))),)
    again = (OpenPeriod(parse_opening_hours("Mo-Fr 09:00-17:00")),)
    spaces = [
        make_space("a", periods=periods),
        make_space("b", periods=periods, closures=closures),
        make_space("c", periods=again, closures=closures),
        make_space("d", periods=again),
    ]
    together = availability.compile_bits(spaces, grid)
    for row, space in enumerate(spaces):
        assert (together[:, row] == availability.compile_bits([space], grid)[:, 0]).all()


@pytest.mark.parametrize("changed", [make_space("new"), make_space("s0", position=Position(1, 1))])
def test_a_new_or_moved_space_needs_a_new_index(changed: Space) -> None:
    with pytest.raises(InputError, match="Build the index again"):
        build_index([make_space("s0")], make_grid()).replace_space(changed)


def test_an_index_in_a_file_is_the_same_index(tmp_path: Path) -> None:
    spaces, grid = [make_space("a"), make_space("b", position=None)], make_grid()
    index = build_index(spaces, grid)
    save_index(tmp_path / "index.npz", index)
    assert (load_index(tmp_path / "index.npz", spaces[::-1], grid).bits == index.bits).all()


def test_an_index_of_other_spaces_is_refused(tmp_path: Path) -> None:
    save_index(tmp_path / "index.npz", build_index([make_space("a")], make_grid()))
    for spaces, grid in (([make_space("a", buffer_minutes=15)], make_grid()), ([make_space("a")], make_grid(weeks=7))):
        with pytest.raises(InputError) as error:
            load_index(tmp_path / "index.npz", spaces, grid)
        assert error.value.code == "index_stale"
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 no zip")
    for name in ("broken.npz", "absent.npz"):
        with pytest.raises(InputError) as error:
            load_index(tmp_path / name, [make_space("a")], make_grid())
        assert error.value.code == "index_unreadable"


@pytest.mark.parametrize("metres", [1, 400, 3_000, 60_000])
def test_cells_never_lose_a_space_within_reach(metres: int) -> None:
    dice = np.random.default_rng(3)
    for latitude, longitude in ((52.37, 4.89), (-37.8, 144.9), (0.0, 0.0), (78.2, 15.6), (10.0, 179.999), (89.99, 0.0)):
        places = [
            Position(
                float(min(max(latitude + north * metres / 60_000, -90), 90)),
                float((longitude + east * metres / 60_000 + 180) % 360 - 180),
            )
            for north, east in dice.normal(0, 1, (200, 2))
        ]
        index = build_index(
            [make_space(f"s{n:03}", position=place) for n, place in enumerate(places)], make_grid(weeks=1)
        )
        near = set(index.cells.rows_near(Position(latitude, longitude), metres).tolist())
        within = metres_between(index.vectors, Position(latitude, longitude)) <= metres
        assert set(np.flatnonzero(within).tolist()) <= near


def test_distances_are_those_of_the_globe() -> None:
    # a quarter of the circle is 10,007.557 km on the mean radius; a degree of latitude 111,195 m
    pole, far, near = Position(90, 0), Position(0, 17), Position(53.3731, 4.8926)
    assert metres_between(unit_vectors([far]), pole).tolist() == [10_007_557]
    assert metres_between(unit_vectors([DAM, near, None]), DAM).tolist() == [0, 111_195, -1]


def test_in_pieces_or_at_once_the_answer_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    spaces = [
        make_space(f"s{number}", capacity=5 + number, buffer_minutes=number, position=Position(52 + number / 900, 4.9))
        for number in range(23)
    ]
    need = make_weekly("Mo,Tu,Th", window=(9, 21), minutes=90, per_week=2, same_start=False)
    requests = [make_request("a", group_max=12), make_request("b", needs=(need, make_weekly("Sa", (10, 14), 60)))]
    whole = match(build_index(spaces, make_grid()), requests, load_weights(), k=30)
    monkeypatch.setattr(fitting, "CHUNK", 4)
    monkeypatch.setattr(availability, "CHUNK", 3)
    assert match(build_index(spaces, make_grid()), requests, load_weights(), k=30) == whole


def test_more_than_255_dates_are_counted() -> None:
    # a byte counts to 255
    days = tuple(MONDAY + timedelta(days=number) for number in range(300))
    space = make_space("s", closures=(Closure(DateRange(days[7], days[8])),))
    need = Dates(days, Window(600, 720), 60, coverage_share=0.9, same_start=True)
    grid = make_grid(weeks=50)
    pattern = answer(build_index([space], grid), make_request(needs=(need,)), load_weights()).proposals[0].patterns[0]
    assert (pattern.held, pattern.wanted) == (298, 300)
