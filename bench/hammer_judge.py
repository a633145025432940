"""The judge of the hammer: plain SQL and plain comparing; nothing of the platform's own code."""

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench.hammer_places import ATOMS, ROWS, Place, Rows
from bench.hammer_plan import Ask, ask_of, follows
from bench.hammer_workers import Outcome

OWN_FAULTS = ("deadlock", "locked", "timeout", "guard_refused")
Counts = dict[str, int]
Events = list[tuple[str, str]]


@dataclass(frozen=True)
class Stored:
    """What a database holds: faults that can be seen in it alone, and of each request whether its time is taken."""

    faults: Counts
    is_active: dict[str, bool]
    ids: dict[str, str]


def look(place: Place, name: str) -> Stored:
    """Read a database, and compare every taking with what its key asked for."""
    atoms: dict[str, set[str]] = defaultdict(set)
    for space, atom in place.read(name, ATOMS):
        atoms[space].add(atom)
    rows = place.read(name, ROWS)
    by_key: dict[str, Rows] = defaultdict(list)
    for row in rows:
        by_key[row[0]].append(row)
    torn = half = 0
    for key, mine in by_key.items():
        ask = ask_of(key)
        wanted = sorted((atom, start, end) for atom in atoms[ask.space] for start, end in ask.moments)
        torn += sorted((row[2], row[5], row[6]) for row in mine) != wanted
        half += len({bool(row[7]) for row in mine} | {not row[8] for row in mine}) > 1
    return Stored(
        {"overlapping_rows": overlapping(rows), "torn_series": torn, "half_released": half},
        {key: not mine[0][8] for key, mine in by_key.items()},
        {key: mine[0][1] for key, mine in by_key.items()},
    )


def overlapping(rows: Rows) -> int:
    """Return how many active rows begin before an earlier one of the same atom has ended: sort and compare."""
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        if row[7]:
            spans[row[2]].append((row[3], row[4]))
    found = 0
    for each in spans.values():
        last = 0
        for start, end in sorted(each):
            found += start < last
            last = max(last, end)
    return found


def judge_events(stored: Stored, said: Iterable[Events]) -> Counts:
    """Return what acknowledged deeds are not in the database: the events of each writer, in order."""
    faults = {"lost_takings": 0, "lost_releases": 0, "freed_by_nobody": 0}
    for events in said:
        takes = {key for deed, key in events if deed == "take"}
        releases = {key for deed, key in events if deed == "release"}
        faults["lost_takings"] += len(takes - set(stored.is_active))
        faults["lost_releases"] += sum(stored.is_active.get(key, True) for key in releases)
        free = sum(not stored.is_active.get(key, True) for key in takes - releases)
        faults["freed_by_nobody"] += max(free - 1, 0)  # one release may have been under way when its writer was killed
    return faults


def judge_rounds(outcomes: list[Outcome], stored: Stored) -> Counts:
    """Return what is wrong with rounds: nobody won, two won the same, somebody was refused for nothing or half."""
    faults: Counts = defaultdict(int)
    rounds: dict[int, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        rounds[each.turn].append(each)
    for turn, mine in rounds.items():
        winners = _winners(mine)
        before = _winners(rounds[turn - 1]) if follows(turn) else {}
        refused = [ask_of(each.key) for each in mine if each.result == "taken"]
        faults["rounds_without_a_winner"] += all(each.result != "ok" for each in mine)
        faults["two_winners_of_one_time"] += _clashes(list(winners.values()))
        possible = [*winners.values(), *before.values()]
        faults["refused_for_nothing"] += sum(not any(ask.clashes(other) for other in possible) for ask in refused)
        faults["refused_but_stored"] += sum(ask.key in stored.is_active and ask.key not in winners for ask in refused)
        faults["two_answers_to_one_key"] += sum(
            each.id != stored.ids.get(each.key) for each in mine if each.result == "ok"
        )
    released = {each.key for each in outcomes if each.deed == "release" and each.result == "ok"}
    taken = {each.key for each in outcomes if each.deed == "take" and each.result == "ok"}
    faults["lost_takings"] = sum(not stored.is_active.get(key, False) for key in taken - released)
    faults["lost_releases"] = sum(stored.is_active.get(key, True) for key in released)
    return dict(faults)


def _winners(outcomes: list[Outcome]) -> dict[str, Ask]:
    return {each.key: ask_of(each.key) for each in outcomes if each.deed == "take" and each.result == "ok"}


def _clashes(asks: list[Ask]) -> int:
    return sum(one.clashes(other) for place, one in enumerate(asks) for other in asks[:place])


def own_faults(results: Iterable[str]) -> Counts:
    """Return how often each fault came up that no attempt may end in."""
    counts = dict.fromkeys((*OWN_FAULTS, "other_errors"), 0)
    for result in results:
        if result in OWN_FAULTS:
            counts[result] += 1
        elif result not in ("ok", "taken"):
            print(f"  {result}", flush=True)
            counts["other_errors"] += 1
    return counts


def latency(outcomes: list[Outcome]) -> Mapping[str, float]:
    """Return p50, p95, p99 and the worst, in ms."""
    times = sorted(each.ms for each in outcomes)
    cuts = statistics.quantiles(times, n=100)
    return {"p50": round(cuts[49], 1), "p95": round(cuts[94], 1), "p99": round(cuts[98], 1), "worst": times[-1]}
