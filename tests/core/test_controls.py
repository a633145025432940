"""Controls: with a fault put in on purpose, the comparisons with the plain engine and the verifier see it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from meervoud.core.engine import availability, fitting, kernel, lendable, musts, options, retrieval
from meervoud.core.engine.arrays import Words
from meervoud.core.engine.index import build_index
from meervoud.core.engine.proposals import match
from meervoud.core.engine.reference.free_time import free_half_hours
from meervoud.core.engine.reference.ranking import propose_plainly
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.results import Result
from meervoud.core.engine.types.spaces import Position, Space
from meervoud.core.engine.types.time import Booking, Closure, DateRange, Grid
from meervoud.core.engine.verify import verify
from tests.makers import DAM, make_edge, make_period, make_request, make_space, make_weekly

WEIGHTS = load_weights()
SPRING = Grid("Europe/Amsterdam", date(2026, 3, 23), 6)
TUESDAY = datetime(2026, 3, 31, 17, tzinfo=UTC)


def small_city() -> list[Space]:
    booking = Booking(TUESDAY, TUESDAY + timedelta(hours=2))
    night = make_period("Mo-Su 18:00-03:30")
    edges = (make_edge("doors", "Mo-Su 07:00-21:30"), make_edge("cleaning", "Tu 19:00-19:30"))
    closed = Closure(DateRange(date(2026, 4, 7), date(2026, 4, 7)))
    return [
        make_space("a", capacity=20, periods=(night,), bookings=(booking,), buffer_minutes=30),
        make_space("b", capacity=20, edges=edges, closures=(closed,)),
        make_space("c", position=Position(DAM.latitude + 0.02, DAM.longitude)),
        make_space("d", capacity=30, assumed=frozenset({"capacity"})),
        make_space("too short", capacity=20, periods=(make_period("Tu 18:00-19:30"),)),
        make_space("over midnight", capacity=20, periods=(make_period("Mo-Su 00:00-03:30,23:00-24:00"),)),
        make_space("unknown size"),
        make_space(
            "one week", capacity=20, periods=(replace(night, season=DateRange(SPRING.monday, date(2026, 3, 26))),)
        ),
    ]


def small_request() -> Request:
    need = make_weekly("Tu,Su", window=(18, 28), minutes=120, first=SPRING.monday, weeks=4, coverage_share=0.5)
    return make_request(needs=(need,), position=DAM, max_metres=1000, group_max=15, kind_of_activity="deciding")


def agrees() -> bool:
    """Say what the property tests say, on one city that has every corner."""
    spaces, request = small_city(), small_request()
    index = build_index(spaces, SPRING)
    free = all(
        {
            (week * 7 + day) * 48 + slot
            for day in range(7)
            for week in range(SPRING.weeks)
            for slot in range(48)
            if int(index.bits[day, index.row_of[space.id], week]) >> slot & 1
        }
        == free_half_hours(space, SPRING)
        for space in spaces
    )
    result: Result = match(index, [request], WEIGHTS)
    proposals = [replace(each, edges=()) for each in result.answers[0].proposals]
    plain = propose_plainly(spaces, request, SPRING, WEIGHTS)
    return free and proposals == plain and verify(spaces, [request], result) == []


def test_without_a_fault_all_agree() -> None:
    assert agrees()


def _short(words: Words, slots: int) -> Words:
    return kernel.erode(words, max(slots - 1, 1))


FAULTS = {
    "a moment that is half an hour too short": (options, "erode", _short),
    "the skipped hour offered": (lendable, "skipped_slots", lambda grid: np.zeros(grid.weeks * 7, dtype=np.uint64)),
    "no spill past midnight": (availability, "with_spill", lambda days: days),
    "bookings without their last half-hour": (
        availability,
        "booked_slots",
        lambda grid, spaces: lendable.booked_slots(grid, spaces) & ~np.uint64(1 << 40),
    ),
    "cleaning treated as an open door": (lendable, "BUSY_WHEN_OPEN", "nothing"),
    "unknown counted as known": (
        retrieval,
        "vague_words",
        lambda _index, _request, rows: np.zeros(len(rows), dtype=np.uint64),
    ),
    "distance not looked at": (
        musts,
        "metres_between",
        lambda vectors, _position: np.zeros(len(vectors), dtype=np.int64),
    ),
    "one week fewer than is enough": (options, "least_count", lambda _share, _wanted: 1),
    "time points lost": (fitting, "FULL_POINTS", 9_999),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_with_a_fault_they_do_not_agree(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, wrong = FAULTS[fault]
    monkeypatch.setattr(where, name, wrong)
    assert not agrees()
