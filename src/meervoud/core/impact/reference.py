"""The figures of use once more, slow and plain: every minute of every room looked at. Tests compare the two."""

from collections.abc import Iterable, Mapping, Sequence

from meervoud.core.errors import InputError
from meervoud.core.impact.ledger import Room, Use


def plain_minutes(uses: Sequence[Use], before: Sequence[Use] = ()) -> dict[str, int]:
    """Return the minutes counted for each use, by id: of every minute of a room, who is there and began first has it."""
    minutes = dict.fromkeys((each.id for each in uses), 0)
    everybody = [*uses, *before]
    for room in {each.room for each in uses}:
        for minute in _minutes_of(uses, room):
            there = [each for each in everybody if each.room == room and each.starts <= minute < each.ends]
            first = min(there, key=lambda each: (each.starts, each.id)).id
            if first in minutes:
                minutes[first] += 1
    return minutes


def plain_stays(uses: Sequence[Use], before: Sequence[Use] = ()) -> set[str]:
    """Return the ids of uses that begin a usage moment: each is held against each other one."""
    return {each.id for each in uses if not any(_goes_on(each, other) for other in [*uses, *before])}


def plain_figures(uses: Sequence[Use], rooms: Mapping[str, Room], before: Sequence[Use] = ()) -> dict[str, object]:
    """Return the figures of uses by the names of `UseFigures`; people are a triple (least, most, method).

    Raises:
        InputError: a use is in a room that is not in `rooms`.
    """
    minutes, stays = plain_minutes(uses, before), plain_stays(uses, before)
    names = {each.room for each in uses}
    if not names <= set(rooms):
        raise InputError("A room of the ledger is missing. Give every room.", code="ledger_room", value="-")
    used = [room for name, room in rooms.items() if name in names]
    kept, empty = [room for room in used if room.keeps_use], [room for room in used if not room.keeps_use]
    unmeasured = {room.id for room in used if room.area_m2 is None}
    evidence = {each.evidence for each in uses}
    return {
        "room_minutes": sum(minutes.values()),
        "initiative_minutes": sum(len(range(each.starts, each.ends)) for each in uses),
        "stays": len(stays),
        "uses": len(uses),
        "counted": len([each for each in uses if each.people is not None]),
        "visits": sum(each.people or 0 for each in uses),
        "people": _people(uses),
        "rooms": len(names),
        "initiatives": len({each.initiative for each in uses}),
        "hosts": len({room.host for room in used}),
        "matches": len({(each.room, each.initiative) for each in uses}),
        "minutes_by_evidence": {
            one: sum(minutes[each.id] for each in uses if each.evidence == one) for one in evidence
        },
        "uses_by_evidence": {one: len([each for each in uses if each.evidence == one]) for one in evidence},
        "double_use_m2": _floor(kept),
        "match_m2": sum(_area(room) * len({each.initiative for each in uses if each.room == room.id}) for room in kept),
        "m2_hours": _m2_hours(uses, kept, minutes),
        "saved_m2": _m2_hours(uses, kept, minutes) / 40 / 52,
        "reuse_m2": _floor(empty),
        "reuse_m2_hours": _m2_hours(uses, empty, minutes),
        "rooms_without_area": len(unmeasured),
        "minutes_without_area": sum(minutes[each.id] for each in uses if each.room in unmeasured),
    }


def _minutes_of(uses: Iterable[Use], room: str) -> set[int]:
    return {minute for each in uses if each.room == room for minute in range(each.starts, each.ends)}


def _goes_on(use: Use, other: Use) -> bool:
    if (other.room, other.initiative) != (use.room, use.initiative) or other.id == use.id:
        return False
    return (other.starts, other.id) < (use.starts, use.id) and use.starts - other.ends <= 15


def _people(uses: Sequence[Use]) -> tuple[int, int | None, str]:
    heads = [each.people for each in uses if each.people is not None]
    new = [each.first_timers for each in uses if each.first_timers is not None]
    least, most = max([0, *heads]), sum(heads) if len(heads) == len(uses) else None
    if not new:
        return least, most, "bounds"
    while least < sum(new) and (most is None or least < most):
        least += 1
    return (least, least, "first_timers") if len(new) == len(uses) else (least, most, "bounds")


def _area(room: Room) -> float:
    return 0.0 if room.area_m2 is None else room.area_m2


def _floor(rooms: Sequence[Room]) -> float:
    """Return the floor, atom by atom: each counts in the largest room of known floor that has it."""
    known = [room for room in rooms if room.area_m2 is not None]
    floor = sum(_area(room) for room in known if not room.atoms)
    for atom in {atom for room in known for atom in room.atoms}:
        holder = min((room for room in known if atom in room.atoms), key=lambda room: (-len(room.atoms), room.id))
        floor += _area(holder) / len(holder.atoms)
    return floor


def _m2_hours(uses: Iterable[Use], rooms: Iterable[Room], minutes: Mapping[str, int]) -> float:
    areas = {room.id: _area(room) for room in rooms}
    return sum(areas[each.room] / 60 * minutes[each.id] for each in uses if each.room in areas)
