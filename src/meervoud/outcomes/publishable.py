"""What of the facts may leave the desk: no small number of people or groups, in no table, and not by subtraction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from meervoud.core.impact.releases import Released, refuses
from meervoud.core.impact.small_cells import ShownTable, Table, shown
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.ledger import HOURS_A_WEEK
from meervoud.outcomes.shortfall import REASONS

FEWEST: Final = 5
TOTAL: Final = "*"
SILENT: Final = "silent"
ADDS_UP: Final[Mapping[str, bool]] = {"visits": True, "people": False, "not_placed": True}
"""Whether a number of two periods is the sum of both: somebody who is there in both is one person, and two visits."""
OF_PEOPLE: Final = ("visits", "people", "counted")


def publishable(facts: Facts) -> Facts:
    """Return the facts as they may be published; a number that is not shown is None.

    Counts of people and of groups are hidden under five, and more are hidden so that no hidden one can be worked out. A
    neighbourhood has hours of the week of its own only where five groups or more used a room: else everybody could read
    when which group is where.
    """
    return {
        **facts,
        "use": _use(facts["use"]),
        "imported": facts["imported"] and _use(facts["imported"]),
        "before": facts["before"] and {name: each for name, each in facts["before"].items() if name not in OF_PEOPLE},
        "evidence": _evidence(facts["evidence"]),
        "areas": _areas(facts["areas"]),
        "hours": _hours(facts),
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


def _evidence(evidence: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int | None]]:
    """Hide visits. Where nobody objected nobody counted, as everybody knows: that zero gives nothing away."""
    codes = tuple(sorted(code for code, row in evidence.items() if code != SILENT or row["visits"]))
    shown_visits: dict[str, int | None] = dict.fromkeys(evidence, 0)
    if codes:
        table = shown(Table(("visits",), codes, (tuple(evidence[code]["visits"] for code in codes),)), k=FEWEST)
        shown_visits |= {code: table.value(("visits", code)) for code in codes}
    return {code: {**row, "visits": shown_visits[code]} for code, row in evidence.items()}


def _areas(rows: Sequence[Facts]) -> list[Facts]:
    """Hide visits; how many rooms and groups a neighbourhood had is left out: it is one or two nearly everywhere."""
    if not rows:
        return []
    names = tuple(_key(row["area"]) for row in rows)
    table = shown(Table(names, ("visits",), tuple((row["visits"],) for row in rows)), k=FEWEST)
    return [
        {
            "area": row["area"],
            "minutes": row["minutes"],
            "moments": row["moments"],
            "visits": table.value((_key(row["area"]), "visits")),
        }
        for row in rows
    ]


def _key(area: str | None) -> str:
    return TOTAL if area is None else f"={area}"


def _hours(facts: Facts) -> dict[str, dict[str, list[int]]]:
    busy = {row["area"] for row in facts["areas"] if row["initiatives"] >= FEWEST}
    found: dict[str, dict[str, list[int]]] = {}
    for name, by_area in facts["hours"].items():
        rest = [row for area, row in by_area.items() if area not in busy]
        together = [sum(row[hour] for row in rest) for hour in range(HOURS_A_WEEK)]
        found[name] = {**{area: row for area, row in by_area.items() if area in busy}, "": together}
    return found


def _not_placed(said: Facts) -> Facts:
    if not said["counts"]:
        return said
    counts = {(area, reason): number for area, reason, number in said["counts"]}
    areas, reasons = (
        sorted({area for area, _ in counts}),
        [each for each in REASONS if any(each == reason for _, reason in counts)],
    )
    cells = tuple(tuple(counts.get((area, reason), 0) for reason in reasons) for area in areas)
    table = shown(Table(tuple(f"={each}" for each in areas), tuple(reasons), cells), k=FEWEST)
    return {
        "asked": said["asked"] if table.grand_total is not None else None,
        "placed": said["placed"] if table.grand_total is not None else None,
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
    missed = facts["not_placed"]
    if missed["asked"] is not None:
        yield number("not_placed", missed["asked"] - missed["placed"])
    for area, reason, n in missed["counts"]:
        yield number("not_placed", n, area=f"={area}", reason=reason)
    for area, n in missed.get("totals", {}).get("areas", {}).items():
        yield number("not_placed", n, area=f"={area}")
    for reason, n in missed.get("totals", {}).get("reasons", {}).items():
        yield number("not_placed", n, reason=reason)


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
