"""What of the facts may leave the desk: no small number of people or groups, in no table, and not by subtraction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from meervoud.core.impact.releases import Released, refuses
from meervoud.core.impact.small_cells import ShownTable, Table, shown
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.shortfall import REASONS
from meervoud.outcomes.sums import HOURS_A_WEEK

FEWEST: Final = 5
TOTAL: Final = "*"
SILENT: Final = "silent"
ADDS_UP: Final[Mapping[str, bool]] = {
    "visits": True,
    "people": False,
    "not_placed": True,
    "asked": True,
    "placed": True,
    "imported": True,
}
"""Whether a number of two periods is the sum of both: somebody who is there in both is one person, and two visits."""
OF_PEOPLE: Final = ("visits", "people", "counted")


def publishable(facts: Facts) -> Facts:
    """Return the facts as they may be published; a number that is not shown is None.

    Counts of people and of groups are hidden under five, and more are hidden so that no hidden one can be worked out. A
    neighbourhood has hours of the week of its own only where five groups or more used a room: else everybody could read
    when which group is where.
    """
    use, evidence, areas = _use(facts["use"]), _evidence(facts["evidence"]), _areas(facts["areas"])
    if use["visits"] is None or evidence.total is None or areas.total is None:
        use = {**use, "visits": None, "people": {**use["people"], "least": None, "most": None}, "counted": None}
        evidence, areas = evidence.without_visits(), areas.without_visits()
    return {
        **facts,
        "use": use,
        "imported": facts["imported"] and _use(facts["imported"]),
        "before": facts["before"]
        and {name: each for name, each in _use(facts["before"]).items() if name not in OF_PEOPLE},
        "evidence": {row.pop("code"): row for row in evidence.rows},
        "areas": areas.rows,
        "hours": hours_told(facts),
        "not_placed": _not_placed(facts["not_placed"]),
        "room_before": _room_before(facts["room_before"]),
    }


def _use(use: Facts) -> Facts:
    """Hide heads and groups: visits under five, a range of people whose lower end is, and under five initiatives."""
    visits, people = use["visits"], use["people"]
    least = people["least"]
    hidden: Facts = {}
    if 0 < visits < FEWEST or 0 < least < FEWEST:
        hidden |= {"visits": None, "people": {**people, "least": None, "most": None}, "counted": None}
    if 0 < use["initiatives"] < FEWEST:
        hidden |= {"initiatives": None, "matches": None}
    return {**use, **hidden}


@dataclass(frozen=True)
class Visits:
    """Rows of a table with their visits, hidden where they must be, and whether their total may be shown."""

    rows: list[Facts]
    total: int | None

    def without_visits(self) -> "Visits":
        """Return the rows with no visits at all."""
        return Visits([{**row, "visits": None} for row in self.rows], None)


def _evidence(evidence: Mapping[str, Mapping[str, int]]) -> Visits:
    """Hide visits. Where nobody objected nobody counted, as everybody knows: that zero gives nothing away."""
    codes = tuple(sorted(code for code, row in evidence.items() if code != SILENT or row["visits"]))
    if not codes:
        return Visits([{"code": code, **row} for code, row in evidence.items()], 0)
    table = shown(Table(("visits",), codes, (tuple(evidence[code]["visits"] for code in codes),)), k=FEWEST)
    seen: dict[str, int | None] = {code: table.value(("visits", code)) for code in codes}
    rows = [{"code": code, **row, "visits": seen.get(code, 0)} for code, row in evidence.items()]
    return Visits(rows, table.grand_total)


def _areas(rows: Sequence[Facts]) -> Visits:
    """Hide visits; how many rooms and groups a neighbourhood had is left out: it is one or two nearly everywhere."""
    if not rows:
        return Visits([], 0)
    names = tuple(_key(row["area"]) for row in rows)
    table = shown(Table(names, ("visits",), tuple((row["visits"],) for row in rows)), k=FEWEST)
    found = [
        {
            "area": row["area"],
            "minutes": row["minutes"],
            "moments": row["moments"],
            "visits": table.value((_key(row["area"]), "visits")),
        }
        for row in rows
    ]
    return Visits(found, table.grand_total)


def _key(area: str | None) -> str:
    return TOTAL if area is None else f"={area}"


def hours_told(facts: Facts) -> Facts:
    """Return the hours of the neighbourhoods with five groups or more, and of all others together, by five or more too.

    Whoever has fewer would read when which group is where. Hours in rooms that are not offered by the hour stand apart only
    where they, and the others beside them, are of five groups or more, or of none: everybody knows what both are together.
    Else they are among the hours used, and `apart` is None: then nobody can read what stood idle.
    """
    hours, groups = facts["hours"], facts["hours"]["groups"]
    rows = {name: hours[name] for name in ("used", "offered", "apart")}
    shelter = sum(row["initiatives"] for row in facts["areas"] if row["area"] is None)
    areas = {row["area"]: row["initiatives"] for row in facts["areas"] if row["area"] is not None}
    both = {"areas": areas, "all": facts["use"]["initiatives"] - shelter}
    if both["all"] < FEWEST:
        return {"used": {}, "offered": {"": _together(rows["offered"], [])}, "apart": None if both["all"] else {}}
    alone = _alone([both] if not groups["apart"]["all"] else [groups["used"], groups["apart"]])
    if alone is not None:
        return {name: _told(each, alone) for name, each in rows.items()}
    used = _added(rows["used"], rows["apart"])
    alone = _alone([both]) or []
    return {"used": _told(used, alone), "offered": _told(rows["offered"], alone), "apart": None}


def _alone(kinds: Sequence[Facts]) -> list[str] | None:
    """Return the neighbourhoods that may be told alone, so that in each and in the others together nobody is told among few.

    How many different groups the others have together is at least how many the busiest of them has; where that is too few,
    the least busy of the told ones joins them.

    Args:
        kinds: of use, each with its groups by neighbourhood ("areas") and all together ("all").

    Returns:
        None: not even all together may be told.
    """
    areas = {area for kind in kinds for area in kind["areas"]}

    def most(kind: Facts, among: Iterable[str]) -> int:
        return max((kind["areas"].get(area, 0) for area in among), default=0)

    busy = sorted(
        (area for area in areas if all(_is_safe(most(kind, [area])) for kind in kinds)),
        key=lambda area: (sum(most(kind, [area]) for kind in kinds), area),
    )
    while busy:
        if all(_is_safe(most(kind, areas.difference(busy))) for kind in kinds):
            return busy
        busy.pop(0)
    return [] if all(_is_safe(kind["all"]) for kind in kinds) else None


def _is_safe(groups: int) -> bool:
    return not 0 < groups < FEWEST


def _told(rows: Mapping[str, Sequence[int]], alone: Sequence[str]) -> dict[str, list[int]]:
    return {**{area: list(row) for area, row in rows.items() if area in alone}, "": _together(rows, alone)}


def _added(rows: Mapping[str, Sequence[int]], others: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    none = [0] * HOURS_A_WEEK
    return {
        area: [one + other for one, other in zip(rows.get(area, none), others.get(area, none), strict=True)]
        for area in {**rows, **others}
    }


def _together(rows: Mapping[str, Sequence[int]], apart: Sequence[str]) -> list[int]:
    rest = [row for area, row in rows.items() if area not in apart]
    return [sum(row[hour] for row in rest) for hour in range(HOURS_A_WEEK)]


def _not_placed(said: Facts) -> Facts:
    asked, placed = said["asked"], said["placed"]
    is_few = 0 < asked < FEWEST or 0 < placed < FEWEST
    if not said["counts"]:
        return {**said, "asked": None, "placed": None} if is_few else said
    counts = {(area, reason): number for area, reason, number in said["counts"]}
    areas, reasons = (
        sorted({area for area, _ in counts}),
        [each for each in REASONS if any(each == reason for _, reason in counts)],
    )
    cells = tuple(tuple(counts.get((area, reason), 0) for reason in reasons) for area in areas)
    table = shown(Table(tuple(f"={each}" for each in areas), tuple(reasons), cells), k=FEWEST)
    return {
        "asked": None if is_few or table.grand_total is None else asked,
        "placed": None if is_few or table.grand_total is None else placed,
        "counts": [[area, reason, table.value((f"={area}", reason))] for area in areas for reason in reasons],
        "totals": _totals(table, areas, reasons),
    }


def _totals(table: ShownTable, areas: Iterable[str], reasons: Iterable[str]) -> dict[str, dict[str, int | None]]:
    return {
        "areas": {area: table.value((f"={area}", None)) for area in areas},
        "reasons": {reason: table.value((None, reason)) for reason in reasons},
    }


def _room_before(said: Facts) -> Facts:
    names = ("without", "with", "unsaid")
    numbers = (said["without"], said["said"] - said["without"], said["unsaid"])
    if not sum(numbers):
        return said
    table = shown(Table(("groups",), names, (numbers,)), k=FEWEST)
    without, other, unsaid = (table.value(("groups", name)) for name in names)
    told = None if without is None or other is None else without + other
    return {"without": without, "said": told, "unsaid": unsaid}


def numbers_released(facts: Facts) -> Iterator[Released]:
    """Return every number about people or groups that published facts show or keep back, as the register holds it.

    Args:
        facts: from `publishable`.
    """
    starts, ends = date.fromisoformat(facts["first"]), date.fromisoformat(facts["last"]) + timedelta(days=1)

    def number(statistic: str, n: int | None, **scope: str) -> Released:
        return Released(statistic, frozenset(scope.items()), starts, ends, n)

    use = facts["use"]
    yield number("visits", use["visits"])
    yield number("people", use["people"]["least"])
    for row in facts["areas"]:
        yield number("visits", row["visits"], area=_key(row["area"]))
    for code, row in facts["evidence"].items():
        yield number("visits", row["visits"], evidence=code)
    if facts["imported"]:
        yield number("imported", facts["imported"]["visits"])
    missed = facts["not_placed"]
    yield number("asked", missed["asked"])
    yield number("placed", missed["placed"])
    yield number("not_placed", None if missed["asked"] is None else missed["asked"] - missed["placed"])
    for area, reason, n in missed["counts"]:
        yield number("not_placed", n, area=f"={area}", reason=reason)
    for area, n in missed.get("totals", {}).get("areas", {}).items():
        yield number("not_placed", n, area=f"={area}")
    for reason, n in missed.get("totals", {}).get("reasons", {}).items():
        yield number("not_placed", n, reason=reason)


def hidden_numbers(facts: Facts) -> int:
    """Return how many numbers of people, groups or requests are kept back in facts from `publishable`."""
    missed, before, whole = facts["not_placed"], facts["room_before"], (facts["use"], facts["imported"] or {})
    cells = [use.get(name, 0) for use in whole for name in ("visits", "counted", "initiatives", "matches")]
    cells += [use["people"]["least"] for use in whole if use]
    cells += [row["visits"] for row in (*facts["evidence"].values(), *facts["areas"])]
    cells += [missed["asked"], missed["placed"], *(each[-1] for each in missed["counts"])]
    cells += [each for row in missed.get("totals", {}).values() for each in row.values()]
    return [*cells, *before.values()].count(None)


def gives_away(earlier: Sequence[Released], new: Iterable[Released]) -> tuple[Released, Released] | None:
    """Return a number that was published and a new one that together would give a small number away; None if none do."""
    for each in new:
        found = refuses(earlier, each, k=FEWEST, adds_up=ADDS_UP[each.statistic])
        if found is not None:
            return found, each
    return None


def scope_of(filters: Iterable[tuple[str, str]]) -> str:
    """Return the part that a number is of as one text, as the register keeps it."""
    return "\n".join(f"{name}\t{value}" for name, value in sorted(filters))


def filters_of(scope: str) -> frozenset[tuple[str, str]]:
    """Return the part that a number is of from its text."""
    pairs: list[Any] = [tuple(line.split("\t", 1)) for line in scope.splitlines() if line]
    return frozenset(pairs)
