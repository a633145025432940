"""The figures of use: known answers by hand, and what would go wrong without each rule."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from meervoud.core.errors import InputError
from meervoud.core.impact.ledger import Tally, Use
from meervoud.core.impact.use_figures import (
    PeopleRange,
    UseFigures,
    counted_minutes,
    distinct_floor,
    figures,
    starts_a_stay,
    tally,
)
from tests.core.impact.ledgers import make_room, make_use, minute_of, rooms_by_id

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def figures_of(*uses: Use) -> UseFigures:
    return figures(tally(uses), rooms_by_id(*(make_room(each.room) for each in uses)))


@pytest.mark.parametrize(("day", "hours"), [((2025, 3, 30), 2), ((2025, 10, 26), 4), ((2025, 6, 1), 3)])
def test_a_night_is_as_long_as_it_was_when_the_clock_changes(day: tuple[int, int, int], hours: int) -> None:
    starts, ends = (datetime(*day, hour, tzinfo=AMSTERDAM) for hour in (1, 4))
    found = figures_of(make_use("night", minute_of(starts), minute_of(ends)))
    assert found.room_minutes == found.initiative_minutes == hours * 60


def test_a_shared_minute_counts_once_at_who_began_first() -> None:
    uses = (
        make_use("late", 90, 150, initiative="elders"),
        make_use("early", 60, 120),
        make_use("inside", 70, 80, initiative="repair"),
        make_use("elsewhere", 60, 120, room="attic", initiative="repair"),
    )
    assert counted_minutes(uses) == {"early": 60, "inside": 0, "late": 30, "elsewhere": 60}
    found = figures_of(*uses)
    assert found.room_minutes == 150
    assert found.initiative_minutes == 190


def test_a_plain_sum_of_lengths_is_more_than_the_room_was_used() -> None:
    uses = (make_use("a", 0, 60), make_use("b", 30, 90, initiative="elders"))
    union = len({minute for each in uses for minute in range(each.starts, each.ends)})
    assert sum(each.ends - each.starts for each in uses) > union
    assert sum(counted_minutes(uses).values()) == union


def test_of_two_that_begin_together_the_first_by_id_has_the_minutes() -> None:
    uses = (make_use("b", 0, 90, initiative="elders"), make_use("a", 0, 60))
    assert counted_minutes(uses) == {"a": 60, "b": 30}


def test_a_long_use_goes_on_taking_minutes_after_a_short_one_in_it() -> None:
    uses = (make_use("long", 0, 300), make_use("short", 10, 20), make_use("later", 200, 310))
    assert counted_minutes(uses) == {"long": 300, "short": 0, "later": 10}


def test_what_reaches_in_from_before_takes_its_minutes_away_and_is_not_counted() -> None:
    reaching, inside = make_use("before", 0, 70), make_use("inside", 60, 100, initiative="elders")
    assert counted_minutes([inside], before=[reaching]) == {"inside": 30}
    parts = tally([reaching]) + tally([inside], before=[reaching])
    assert sum(each.room_minutes for each in parts) == 100
    without = tally([reaching]) + tally([inside])
    assert sum(each.room_minutes for each in without) == 110  # the control: more than the room was used


@pytest.mark.parametrize(("gap", "stays"), [(-30, 1), (0, 1), (15, 1), (16, 2)])
def test_a_gap_of_up_to_fifteen_minutes_is_one_moment(gap: int, stays: int) -> None:
    uses = (make_use("a", 0, 60), make_use("b", 60 + gap, 130 + gap))
    assert figures_of(*uses).stays == stays
    split = tally(uses[:1]) + tally(uses[1:], before=uses[:1])
    assert sum(each.stays for each in split) == stays


def test_another_group_or_another_room_is_another_moment() -> None:
    uses = (make_use("a", 0, 60), make_use("b", 60, 90, initiative="elders"), make_use("c", 60, 90, room="attic"))
    assert starts_a_stay(uses) == {"a", "b", "c"}


def test_a_moment_goes_on_from_an_earlier_use_that_ends_last() -> None:
    uses = (make_use("whole day", 0, 480), make_use("short", 10, 20), make_use("evening", 490, 600))
    assert starts_a_stay(uses) == {"whole day"}


def test_a_moment_belongs_to_the_evidence_it_began_with() -> None:
    found = tally([make_use("a", 0, 60, evidence="host"), make_use("b", 60, 90, evidence="silent")])
    assert [(each.evidence, each.stays, each.uses) for each in found] == [("host", 1, 1), ("silent", 0, 1)]


def test_a_tally_has_every_sum_of_its_uses() -> None:
    uses = [
        make_use("a", 0, 60, people=12, first_timers=5),
        make_use("b", 30, 90, people=20),
        make_use("c", 200, 260),
        make_use("d", 0, 60, room="attic", evidence="paper"),
    ]
    assert tally(uses) == [
        Tally("attic", "choir", "paper", 60, 60, 1, 1, 0, 0, 0, 0, 0),
        Tally("hall", "choir", "checked_in", 150, 180, 2, 3, 2, 32, 1, 5, 20),
    ]


def test_the_largest_group_is_the_least_number_of_people_and_every_visit_the_most() -> None:
    uses = (make_use("a", 0, 60, people=12), make_use("b", 60, 90, people=20))
    assert figures_of(*uses).people == PeopleRange(20, 32, "bounds")


def test_the_most_is_not_known_as_soon_as_one_use_was_not_counted() -> None:
    uses = (make_use("a", 0, 60, people=12), make_use("b", 60, 90))
    assert figures_of(*uses).people == PeopleRange(12, None, "bounds")
    assert figures_of(make_use("b", 60, 90)).people == PeopleRange(0, None, "bounds")


@pytest.mark.parametrize(
    ("counts", "people"),
    [
        (((10, 10), (12, 3)), PeopleRange(13, 13, "first_timers")),
        (((10, 0), (12, 0)), PeopleRange(12, 12, "first_timers")),  # regulars: not fewer than were there at once
        (((10, 10), (4, 4)), PeopleRange(14, 14, "first_timers")),
        (((10, 10), (8, None)), PeopleRange(10, 18, "bounds")),
        (((10, 9), (8, 7), (9, None)), PeopleRange(16, 27, "bounds")),
        (((10, 9), (8, 7), (None, None)), PeopleRange(16, None, "bounds")),
    ],
)
def test_first_timers_say_how_many_people_where_they_were_counted(
    counts: tuple[tuple[int | None, int | None], ...], people: PeopleRange
) -> None:
    uses = [
        make_use(f"u{number}", number * 100, number * 100 + 60, people=came, first_timers=new)
        for number, (came, new) in enumerate(counts)
    ]
    assert figures_of(*uses).people == people


def test_first_timers_are_kept_within_the_bounds_when_a_ledger_says_the_impossible() -> None:
    # more first-timers than visits: the tables refuse it, a sheet from elsewhere may say it
    uses = [make_use("a", 0, 60, people=4, first_timers=9)]
    assert figures_of(*uses).people == PeopleRange(4, 4, "first_timers")


def test_a_hall_and_its_rooms_are_never_both_counted() -> None:
    hall = make_room("hall", area_m2=100.0, atoms="abcd")
    left, right = make_room("left", area_m2=60.0, atoms="ab"), make_room("right", area_m2=45.0, atoms="cd")
    other = make_room("other", area_m2=30.0, atoms="e")
    rooms = rooms_by_id(hall, left, right, other)
    uses = [make_use(name, 0, 60, room=name) for name in rooms]
    assert sum(room.area_m2 or 0 for room in rooms.values()) == 235.0  # the control: more than the building has
    assert figures(tally(uses), rooms).double_use_m2 == 130.0
    assert figures(tally(uses[1:]), rooms).double_use_m2 == 135.0


def test_rooms_that_share_a_piece_count_for_the_part_that_is_new() -> None:
    wide, narrow = make_room("wide", area_m2=90.0, atoms="abc"), make_room("narrow", area_m2=50.0, atoms="cd")
    assert distinct_floor([narrow, wide]) == 90.0 + 25.0
    hidden = make_room("wide", area_m2=None, atoms="abc")
    assert distinct_floor([narrow, hidden]) == 50.0  # what is not known covers nothing
    bare = [make_room(name, area_m2=10.0) for name in "xy"]
    assert distinct_floor(bare) == 20.0


def test_the_four_floor_figures_by_hand() -> None:
    rooms = rooms_by_id(
        make_room("hall", area_m2=100.0),
        make_room("attic", area_m2=40.0, host="school"),
        make_room("shop", area_m2=80.0, keeps_use=False),
        make_room("cellar", area_m2=None),
        make_room("never used", area_m2=999.0, host="nobody"),
    )
    uses = [
        make_use("a", 0, 120),
        make_use("b", 60, 180, initiative="elders"),
        make_use("c", 0, 90, room="attic"),
        make_use("d", 0, 600, room="shop", evidence="host"),
        make_use("e", 0, 30, room="cellar", evidence="host"),
    ]
    found = figures(tally(uses), rooms)
    assert found.double_use_m2 == 140.0
    assert found.match_m2 == 240.0  # the hall twice: that is why B only compares with older reports
    assert found.m2_hours == 100 * 3 + 40 * 1.5
    assert found.saved_m2 == 360 / 2080
    assert (found.reuse_m2, found.reuse_m2_hours) == (80.0, 800.0)
    assert (found.rooms_without_area, found.minutes_without_area) == (1, 30)
    assert (found.rooms, found.hosts, found.initiatives, found.matches, found.uses) == (4, 2, 2, 5, 5)
    assert found.minutes_by_evidence == {"checked_in": 270, "host": 630}
    assert found.uses_by_evidence == {"checked_in": 3, "host": 2}
    assert sum(found.minutes_by_evidence.values()) == found.room_minutes


def test_a_tally_without_a_use_brings_no_room() -> None:
    nothing = Tally("hall", "choir", "host", 0, 0, 0, 0, 0, 0, 0, 0, 0)
    found = figures([nothing], {})
    assert (found.rooms, found.initiatives, found.matches, found.double_use_m2) == (0, 0, 0, 0.0)
    assert found == figures([], {})
    assert found.people == PeopleRange(0, 0, "bounds")


def test_use_in_an_unknown_room_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="room attic") as error:
        figures(tally([make_use("a", 0, 60, room="attic")]), rooms_by_id(make_room("hall")))
    assert error.value.code == "ledger_room"
