"""The figures of use: hours, moments, people and floor, computed from the ledger so that parts add up to the whole."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from operator import attrgetter
from typing import Final, Literal

from meervoud.core.errors import InputError
from meervoud.core.impact.ledger import Room, Tally, Use

STAY_GAP_MINUTES: Final = 15
"""A group that is back within so many minutes was still there: one usage moment."""
WORKING_YEAR_HOURS: Final = 2_080
"""Hours in which a room of one's own would be used in a year; see `parameters/2026-11.toml`."""


@dataclass(frozen=True, slots=True)
class PeopleRange:
    """How many people there were, as far as counting tells.

    `bounds`: at least the largest head count of one use, for those were there together; at most every visit a new face,
    and not known (None) as soon as one use was not counted. Where some uses have first-timers counted, the sum of those
    lifts the lower end. `first_timers`: every use has its first-timers counted; their sum, kept within the bounds, is
    both ends.

    No way of counting heads can know these: who comes to two groups is a first-timer in both and counts twice, so that
    a sum of first-timers can be too high; who came for the first time before this set of uses began, or before anybody
    counted, is in no sum of first-timers, so that it can be too low. It is what the groups told, not a register of
    persons. There is no middle to print: nothing says that it is likelier than the ends.

    Attributes:
        least: people, >= 0.
        most: people, >= `least`; None is not known.
        method: what it was found by.
    """

    least: int
    most: int | None
    method: Literal["first_timers", "bounds"]


@dataclass(frozen=True, slots=True)
class UseFigures:
    """What uses amount to.

    The floor figures are of double use only, rooms that keep a use of their own; space that stood empty is re-use and
    stands apart. A room of which the floor is not known is in no figure in m2: `rooms_without_area` says how many.

    Attributes:
        room_minutes: usage hours, in minutes: the time that somebody was in a room, over the rooms.
        initiative_minutes: the time of each use, over the uses, shared or not; >= `room_minutes`.
        stays: usage moments: uses of one initiative in one room, with gaps of up to STAY_GAP_MINUTES closed.
        uses: rows of the ledger.
        counted: uses of which the people were counted.
        visits: people over those uses; who came twice counts twice.
        people: how many people that were.
        rooms: rooms with a use.
        initiatives: initiatives with a use.
        hosts: hosts of those rooms.
        matches: pairs of a room and an initiative.
        minutes_by_evidence: `room_minutes` by kind of evidence; they add up.
        uses_by_evidence: `uses` by kind of evidence; they add up.
        double_use_m2: A, distinct floor with a use, m2.
        match_m2: B, floor once for each match, m2; for comparing with older reports only.
        m2_hours: C, floor times the hours it was used, m2 * hour.
        saved_m2: D, floor that nobody had to keep for this alone: C / WORKING_YEAR_HOURS, m2 * working year.
        reuse_m2: A of the rooms that stood empty, m2; floor that was both, one after the other, is in both.
        reuse_m2_hours: C of those, m2 * hour.
        rooms_without_area: rooms with a use of which the floor is not known.
        minutes_without_area: `room_minutes` in those.
    """

    room_minutes: int
    initiative_minutes: int
    stays: int
    uses: int
    counted: int
    visits: int
    people: PeopleRange
    rooms: int
    initiatives: int
    hosts: int
    matches: int
    minutes_by_evidence: Mapping[str, int]
    uses_by_evidence: Mapping[str, int]
    double_use_m2: float
    match_m2: float
    m2_hours: float
    saved_m2: float
    reuse_m2: float
    reuse_m2_hours: float
    rooms_without_area: int
    minutes_without_area: int


def counted_minutes(uses: Iterable[Use], *, before: Iterable[Use] = ()) -> dict[str, int]:
    """Return for how many minutes each use counts in the usage hours of its room.

    A minute that several uses of one room share counts at the one that began first (of those, the first by id). So what
    counts of a use is its last minutes, the sum over a room is the length of the union of its uses, and the figures of
    the parts of a ledger add up to those of the whole, however it is parted, if each part is given what reaches into it.

    Args:
        uses: any order; every id once.
        before: uses that are not in `uses` and may reach into them; they only take minutes away.

    Returns:
        Minutes by id of use, 0 to `ends - starts`; nothing of `before`.
    """
    reached: dict[str, int] = {}
    minutes: dict[str, int] = {}
    before = list(before)
    others = {each.id for each in before}
    for each in _by_beginning(uses, before):
        free_from = max(each.starts, reached.get(each.room, each.starts))
        if each.id not in others:
            minutes[each.id] = max(0, each.ends - free_from)
        reached[each.room] = max(each.ends, free_from)
    return minutes


def starts_a_stay(uses: Iterable[Use], *, before: Iterable[Use] = ()) -> frozenset[str]:
    """Return the ids of the uses with which a usage moment begins.

    A use goes on from another one, and begins nothing, if that one is of the same initiative in the same room, began
    earlier (or at the same minute, with the lesser id), and ends STAY_GAP_MINUTES before it starts or later.

    Args:
        uses: any order; every id once.
        before: uses that are not in `uses` and may reach, the gap included, into them.
    """
    reached: dict[tuple[str, str], int] = {}
    found: set[str] = set()
    before = list(before)
    others = {each.id for each in before}
    for each in _by_beginning(uses, before):
        key = (each.room, each.initiative)
        latest = reached.get(key)
        if each.id not in others and (latest is None or latest < each.starts - STAY_GAP_MINUTES):
            found.add(each.id)
        reached[key] = each.ends if latest is None else max(latest, each.ends)
    return frozenset(found)


def tally(uses: Sequence[Use], *, before: Sequence[Use] = ()) -> list[Tally]:
    """Return the sums of uses by room, initiative and evidence, in that order of the alphabet.

    Args:
        uses: any order; every id once.
        before: uses that are not in `uses` and may reach into them, see `counted_minutes` and `starts_a_stay`.
    """
    return tallied(uses, counted_minutes(uses, before=before), starts_a_stay(uses, before=before))


def tallied(uses: Iterable[Use], minutes: Mapping[str, int], beginnings: Collection[str]) -> list[Tally]:
    """Return the same as `tally`, of uses that were looked at before.

    Args:
        uses: any order; every id once.
        minutes: for which each counts, from `counted_minutes`.
        beginnings: ids, from `starts_a_stay`.
    """
    groups: defaultdict[tuple[str, str, str], list[Use]] = defaultdict(list)
    for each in uses:
        groups[each.room, each.initiative, each.evidence].append(each)
    return [_tally_of(groups[key], minutes, beginnings) for key in sorted(groups)]


def figures(tallies: Iterable[Tally], rooms: Mapping[str, Room]) -> UseFigures:
    """Return the figures of tallies; several of one room, initiative and evidence add up.

    Args:
        tallies: any order; those without a use say nothing.
        rooms: by id; rooms without a tally say nothing.

    Raises:
        InputError: a tally is of a room that is not in `rooms`.

    References:
        Re-use is IRIS+ PI9170, Area of Buildings Reused.
    """
    held = [each for each in tallies if each.uses > 0]
    used = _rooms_of(held, rooms)
    matches = {(each.room, each.initiative) for each in held}
    minutes = _summed((each.room, each.room_minutes) for each in held)
    kept = [room for room in used if room.keeps_use]
    empty = [room for room in used if not room.keeps_use]
    m2_hours = _m2_hours(kept, minutes)
    without_area = [room.id for room in used if room.area_m2 is None]
    return UseFigures(
        room_minutes=sum(minutes.values()),
        initiative_minutes=sum(each.own_minutes for each in held),
        stays=sum(each.stays for each in held),
        uses=sum(each.uses for each in held),
        counted=sum(each.counted for each in held),
        visits=sum(each.visits for each in held),
        people=_people(held),
        rooms=len(used),
        initiatives=len({each.initiative for each in held}),
        hosts=len({room.host for room in used}),
        matches=len(matches),
        minutes_by_evidence=_summed((each.evidence, each.room_minutes) for each in held),
        uses_by_evidence=_summed((each.evidence, each.uses) for each in held),
        double_use_m2=distinct_floor(kept),
        match_m2=_match_m2(kept, matches),
        m2_hours=m2_hours,
        saved_m2=m2_hours / WORKING_YEAR_HOURS,
        reuse_m2=distinct_floor(empty),
        reuse_m2_hours=_m2_hours(empty, minutes),
        rooms_without_area=len(without_area),
        minutes_without_area=sum(minutes[each] for each in without_area),
    )


def distinct_floor(rooms: Iterable[Room]) -> float:
    """Return the floor of rooms in m2, every piece of it once: of a hall and its rooms the hall counts.

    From the room with most atoms down (of those, the first by id), a room counts for the share of its atoms that is not
    covered yet, as if its atoms were of equal size. A room without atoms is a piece of its own. A room of which the
    floor is not known counts for nothing, and covers nothing.

    Returns:
        m2, >= 0 and <= the sum of their areas.
    """
    covered: set[str] = set()
    parts: list[float] = []
    for room in sorted(rooms, key=lambda room: (-len(room.atoms), room.id)):
        if room.area_m2 is not None:
            new = len(room.atoms - covered)
            parts.append(room.area_m2 * new / len(room.atoms) if room.atoms else room.area_m2)
            covered |= room.atoms
    return fsum(parts)


def _by_beginning(uses: Iterable[Use], before: Iterable[Use]) -> list[Use]:
    # twice, so that no key is made for each of a hundred thousand uses; mostly they come in this order
    return sorted(sorted((*uses, *before), key=attrgetter("id")), key=attrgetter("starts"))


def _tally_of(uses: Sequence[Use], minutes: Mapping[str, int], beginnings: Collection[str]) -> Tally:
    """Return the tally of uses of one room, initiative and evidence."""
    people = [each.people for each in uses if each.people is not None]
    first_timers = [each.first_timers for each in uses if each.first_timers is not None]
    return Tally(
        room=uses[0].room,
        initiative=uses[0].initiative,
        evidence=uses[0].evidence,
        room_minutes=sum([minutes[each.id] for each in uses]),
        own_minutes=sum([each.ends - each.starts for each in uses]),
        stays=sum([each.id in beginnings for each in uses]),
        uses=len(uses),
        counted=len(people),
        visits=sum(people),
        first_counted=len(first_timers),
        first_timers=sum(first_timers),
        largest=max(people, default=0),
    )


def _people(tallies: Sequence[Tally]) -> PeopleRange:
    uses, first_counted = sum(each.uses for each in tallies), sum(each.first_counted for each in tallies)
    least = max((each.largest for each in tallies), default=0)
    most = None
    if sum(each.counted for each in tallies) == uses:
        most = sum(each.visits for each in tallies)
    if first_counted == 0:
        return PeopleRange(least, most, "bounds")
    told = max(least, sum(each.first_timers for each in tallies))
    told = told if most is None else min(told, most)
    if first_counted == uses:
        return PeopleRange(told, told, "first_timers")
    return PeopleRange(told, most, "bounds")


def _rooms_of(tallies: Iterable[Tally], rooms: Mapping[str, Room]) -> list[Room]:
    names = sorted({each.room for each in tallies})
    missing = next((name for name in names if name not in rooms), None)
    if missing is not None:
        raise InputError(
            f"The ledger has use in room {missing}, which is not among the rooms. Give that room too.",
            code="ledger_room",
            value=missing,
        )
    return [rooms[name] for name in names]


def _summed(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: defaultdict[str, int] = defaultdict(int)
    for name, amount in amounts:
        sums[name] += amount
    return {name: sums[name] for name in sorted(sums)}


def _floors(rooms: Iterable[Room]) -> Iterator[tuple[str, float]]:
    for room in rooms:
        if room.area_m2 is not None:
            yield room.id, room.area_m2


def _match_m2(rooms: Iterable[Room], matches: Iterable[tuple[str, str]]) -> float:
    times = _summed((room, 1) for room, _initiative in matches)
    return fsum(area * times[room] for room, area in _floors(rooms))


def _m2_hours(rooms: Iterable[Room], minutes: Mapping[str, int]) -> float:
    return fsum(area * minutes[room] / 60 for room, area in _floors(rooms))
