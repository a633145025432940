"""On random ledgers the figures agree with the plain ones, parts add up to the whole, and nothing leaves its bounds."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meervoud.core.errors import InputError
from meervoud.core.impact import use_figures
from meervoud.core.impact.ledger import Room, Tally, Use
from meervoud.core.impact.reference import plain_figures, plain_minutes, plain_stays
from meervoud.core.impact.use_figures import UseFigures, counted_minutes, figures, starts_a_stay, tally
from tests.core.impact.ledgers import AT_MOST, MONTH, Ledger, ledgers, make_room, make_use, rooms_by_id

parts = st.lists(st.integers(0, 3), min_size=AT_MOST, max_size=AT_MOST)


def differences(found: UseFigures, plain: dict[str, object]) -> list[str]:
    said = {**asdict(found), "people": (found.people.least, found.people.most, found.people.method)}
    assert said.keys() == plain.keys()
    return [
        name
        for name, value in said.items()
        if plain[name] != (pytest.approx(value, abs=1e-9) if isinstance(value, float) else value)
    ]


def in_parts(ledger: Ledger, numbers: list[int]) -> list[list[Use]]:
    part_of = {each.id: numbers[int(each.id[1:])] for each in ledger.uses}
    return [[each for each in ledger.uses if part_of[each.id] == number] for number in range(4)]


def tallies_by_part(ledger: Ledger, split: list[list[Use]]) -> list[Tally]:
    return [row for part in split for row in tally(part, before=[each for each in ledger.uses if each not in part])]


@given(ledgers())
def test_figures_agree_with_the_plain_ones(ledger: Ledger) -> None:
    assert differences(figures(tally(ledger.uses), ledger.rooms), plain_figures(ledger.uses, ledger.rooms)) == []


@given(ledgers(), parts)
def test_minutes_and_moments_of_a_part_agree_with_the_plain_ones(ledger: Ledger, numbers: list[int]) -> None:
    for part in in_parts(ledger, numbers):
        others = [each for each in ledger.uses if each not in part]
        assert counted_minutes(part, before=others) == plain_minutes(part, others)
        assert starts_a_stay(part, before=others) == plain_stays(part, others)


@given(ledgers(), parts)
def test_the_parts_of_any_partition_add_up_to_the_whole(ledger: Ledger, numbers: list[int]) -> None:
    rows = tallies_by_part(ledger, in_parts(ledger, numbers))
    assert figures(rows, ledger.rooms) == figures(tally(ledger.uses), ledger.rooms)


@given(ledgers())
def test_months_add_up_to_the_year_with_only_what_began_before_them(ledger: Ledger) -> None:
    rows = []
    for first in range(-MONTH, 5 * MONTH, MONTH):
        inside = [each for each in ledger.uses if first <= each.starts < first + MONTH]
        reaching = [each for each in ledger.uses if each.starts < first and each.ends >= first - 15]
        rows += tally(inside, before=reaching)
    assert figures(rows, ledger.rooms) == figures(tally(ledger.uses), ledger.rooms)


@given(ledgers())
def test_usage_hours_are_the_union_of_what_each_room_saw(ledger: Ledger) -> None:
    union = {(each.room, minute) for each in ledger.uses for minute in range(each.starts, each.ends)}
    found = figures(tally(ledger.uses), ledger.rooms)
    assert found.room_minutes == len(union)
    assert found.room_minutes <= found.initiative_minutes
    assert found.stays <= found.uses


@given(ledgers())
def test_what_counts_of_a_use_is_its_last_minutes(ledger: Ledger) -> None:
    counted = counted_minutes(ledger.uses)
    taken = [(each.room, minute) for each in ledger.uses for minute in range(each.ends - counted[each.id], each.ends)]
    assert len(taken) == len(set(taken))


@given(ledgers())
def test_double_used_floor_is_never_more_than_the_floor_there_is(ledger: Ledger) -> None:
    found = figures(tally(ledger.uses), ledger.rooms)
    used = [ledger.rooms[name] for name in {each.room for each in ledger.uses}]
    kept = sum(room.area_m2 or 0 for room in used if room.keeps_use)
    assert 0 <= found.double_use_m2 <= kept + 1e-9
    assert kept <= found.match_m2 + 1e-9
    assert found.reuse_m2 <= sum(room.area_m2 or 0 for room in used if not room.keeps_use) + 1e-9


@given(ledgers())
def test_people_are_never_outside_their_bounds(ledger: Ledger) -> None:
    people = figures(tally(ledger.uses), ledger.rooms).people
    assert people.least >= max((each.people or 0 for each in ledger.uses), default=0)
    if people.most is not None:
        assert people.least <= people.most <= sum(each.people or 0 for each in ledger.uses)
    all_counted = all(each.people is not None for each in ledger.uses)
    assert (people.most is not None) == all_counted


@given(ledgers())
def test_the_order_of_the_ledger_says_nothing(ledger: Ledger) -> None:
    assert tally(ledger.uses[::-1]) == tally(ledger.uses)


OVERLAP = (
    make_use("a", 0, 60),
    make_use("b", 30, 90, initiative="elders"),
    make_use("c", 105, 120, initiative="elders"),
)
HALL: dict[str, Room] = rooms_by_id(make_room("hall"))


def test_the_comparison_sees_a_gap_of_another_length(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = plain_figures(OVERLAP, HALL)
    assert differences(figures(tally(OVERLAP), HALL), plain) == []
    monkeypatch.setattr(use_figures, "STAY_GAP_MINUTES", 14)
    assert differences(figures(tally(OVERLAP), HALL), plain) == ["stays"]


def test_the_comparison_sees_a_plain_sum_of_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    def lengths(uses: list[Use], *, before: list[Use]) -> dict[str, int]:
        return {each.id: each.ends - each.starts for each in uses}

    monkeypatch.setattr(use_figures, "counted_minutes", lengths)
    wrong = differences(figures(tally(OVERLAP), HALL), plain_figures(OVERLAP, HALL))
    assert {"room_minutes", "m2_hours", "saved_m2"} <= set(wrong)


def test_the_parts_do_not_add_up_without_what_reaches_into_them() -> None:
    whole = figures(tally(OVERLAP), HALL)
    apart = figures([row for each in OVERLAP for row in tally([each])], HALL)
    assert (apart.room_minutes, apart.stays) == (135, 3)
    assert (whole.room_minutes, whole.stays) == (105, 2)


def test_the_plain_figures_refuse_an_unknown_room_too() -> None:
    with pytest.raises(InputError):
        plain_figures(OVERLAP, {})
