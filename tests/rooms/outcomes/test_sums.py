"""The sums of a dekad: what is packed comes out as it was, and parts add up to the whole."""

import random

import numpy as np
import pytest

from meervoud.core.impact.ledger import EVIDENCE, Tally
from meervoud.outcomes.sums import HOURS_A_WEEK, added_hours, added_tallies, pack, sums_of, unpack

PLACES = dict(zip("abcde", ["", "Aa", "Aa", "Bb", "Cc"], strict=True))


def make_tallies(dice: random.Random) -> list[Tally]:
    keys = {(dice.choice("abcde"), dice.choice("vwxyz"), dice.choice(EVIDENCE)) for _ in range(12)}
    return [Tally(*key, *(dice.randrange(2**40) for _ in range(9))) for key in sorted(keys)]


def make_hours(dice: random.Random) -> dict[str, list[int]]:
    return {name: [dice.randrange(2**40) for _ in range(HOURS_A_WEEK)] for name in dice.sample(["", "Aa", "Bb"], 2)}


def plain_sum(tallies: list[Tally]) -> list[Tally]:
    """Add up one by one."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for each in tallies:
        *sums, largest = found.get((each.room, each.initiative, each.evidence), [0] * 9)
        addends = [each.room_minutes, each.own_minutes, each.stays, each.uses, each.counted, each.visits]
        addends += [each.first_counted, each.first_timers]
        sums = [one + other for one, other in zip(sums, addends, strict=True)]
        found[each.room, each.initiative, each.evidence] = [*sums, max(largest, each.largest)]
    return [Tally(*key, *found[key]) for key in sorted(found)]


@pytest.mark.parametrize("seed", range(10))
def test_parts_that_were_packed_add_up_as_they_do_one_by_one(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # a test
    tallies, hours = [make_tallies(dice) for _ in range(4)], [make_hours(dice) for _ in range(4)]
    made = [sums_of(*each, ["z"], PLACES) for each in zip(tallies, hours, strict=True)]
    parts = [unpack(*pack(each)) for each in (*made, sums_of([], {}, [], {}))]
    found = added_tallies(parts)
    assert list(found) == plain_sum([each for part in tallies for each in part])
    assert {type(each.visits) for each in found} == {int}, "JSON knows no other"
    assert added_hours(parts) == {
        name: [sum(column) for column in zip(*(part[name] for part in hours if name in part), strict=True)]
        for name in sorted({name for part in hours for name in part})
    }
    assert parts[0].room_minutes == sum(each.room_minutes for each in tallies[0])


def test_what_is_packed_comes_out_as_it_was() -> None:
    dice = random.Random(3)  # noqa: S311  # a test
    sums = sums_of(make_tallies(dice), make_hours(dice), ["v"], PLACES)
    names, packed = pack(sums)
    found = unpack(names, packed)
    assert np.array_equal(found.tallies, sums.tallies)
    assert np.array_equal(found.hours, sums.hours)
    assert {name: getattr(found, name) for name in names} == names
    assert [found.places[each] for each in found.place_of_rooms] == [PLACES[each] for each in found.rooms]


def test_nothing_adds_up_to_nothing() -> None:
    assert added_tallies([]) == ()
    assert added_hours([sums_of([], {}, [], {})]) == {}
