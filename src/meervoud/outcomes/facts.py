"""Everything a page, a report or a file shows of a period, as plain numbers: computed once, said in each language later.

What is here is what is frozen when a report is published, so it is values of JSON only: whole minutes, whole cents, codes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from meervoud.core.impact.contribution import UNIT, Tariff, contribution
from meervoud.core.impact.ledger import Tally
from meervoud.core.impact.use_figures import UseFigures, figures
from meervoud.outcomes.ledger import Ledger, ledger_of
from meervoud.outcomes.models import PortfolioValue, Target
from meervoud.outcomes.offered import offered_hours
from meervoud.outcomes.past import past_ledger
from meervoud.outcomes.shortfall import cost_cents, not_placed, room_before
from meervoud.outcomes.terms import hall_of, tariff_of
from meervoud.outcomes.withdrawn import withdrawn_dates
from meervoud.parties.models import Programme

Facts = dict[str, Any]  # Any: values of JSON
VERSION: Final = 2
"""Since 2, hours used in rooms that are not offered by the hour stand apart; before they were among the others."""
WHY: Final = "what a programme settled about its figures, for who works for it or reads what was published"


def facts_of(programme: Programme, first: date, last: date) -> Facts:
    """Return the facts of a period.

    Args:
        programme: whose.
        first: the first day.
        last: the last day, included.

    Returns:
        Values of JSON; small numbers of people are in it. `release.py` says what of it may leave the desk.
    """
    ledger, days = ledger_of(programme, first, last), (last - first).days + 1
    use, past = use_of(ledger), past_ledger(programme, first, last)
    before = use_of(ledger_of(programme, first - timedelta(days=days), first - timedelta(days=1)))
    return {
        "version": VERSION,
        "programme": _about(programme),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "use": use,
        "evidence": _evidence(ledger.tallies),
        "imported": use_of(past) if past.tallies else None,
        "before": before if before["uses"] else None,
        "targets": _targets(programme, first, last),
        "contribution": in_kind(use, tariff_of(programme)),
        "hall": hall_of(programme),
        "cost_cents": cost_cents(programme, first, last),
        "portfolio": _portfolio(programme),
        "months": dict(ledger.months),
        "areas": _areas(ledger),
        "hours": {
            "used": dict(ledger.hours),
            "offered": offered_hours(programme, first, last),
            "apart": dict(ledger.hours_apart),
            "groups": _groups(ledger),
        },
        **_shortfall(programme, first, last, ledger),
    }


def use_of(ledger: Ledger) -> Facts:
    """Return the figures of use of a ledger as values of JSON."""
    found: UseFigures = figures(ledger.tallies, ledger.rooms)
    return {**asdict(found), "people": asdict(found.people)}


def _about(programme: Programme) -> Facts:
    names = ("name", "city", "slug", "currency", "time_zone", "is_made_up")
    return {name: getattr(programme, name) for name in names}


def _evidence(tallies: Iterable[Tally]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"uses": 0, "minutes": 0, "visits": 0})
    for each in tallies:
        row = found[each.evidence]
        row["uses"] += each.uses
        row["minutes"] += each.room_minutes
        row["visits"] += each.visits
    return dict(found)


def _areas(ledger: Ledger) -> list[Facts]:
    """Return the figures of each neighbourhood; of sheltered groups there is one row without a place."""
    by_area: dict[str, list[Tally]] = defaultdict(list)
    hidden: list[Tally] = []
    for each in ledger.tallies:
        rows = hidden if each.initiative in ledger.sheltered else by_area[ledger.rooms[each.room].neighbourhood]
        rows.append(each)
    shown = [{"area": name, **_row(rows, ledger)} for name, rows in sorted(by_area.items())]
    return [*shown, *([{"area": None, **_row(hidden, ledger)}] if hidden else [])]


def _groups(ledger: Ledger) -> Facts:
    """Return how many groups the hours used and those apart are of: in each neighbourhood, and all together."""
    found: Facts = {}
    for name, is_apart in (("used", False), ("apart", True)):
        by_area: dict[str, set[str]] = defaultdict(set)
        for each in ledger.tallies:
            if each.initiative not in ledger.sheltered and (each.room in ledger.rooms_apart) == is_apart:
                by_area[ledger.rooms[each.room].neighbourhood].add(each.initiative)
        areas = {area: len(groups) for area, groups in by_area.items()}
        found[name] = {"areas": areas, "all": len(set[str]().union(*by_area.values()))}
    return found


def _row(tallies: Sequence[Tally], ledger: Ledger) -> Facts:
    found = figures(tallies, ledger.rooms)
    return {
        "minutes": found.room_minutes,
        "moments": found.stays,
        "visits": found.visits,
        "rooms": found.rooms,
        "initiatives": found.initiatives,
    }


def _targets(programme: Programme, first: date, last: date) -> dict[str, int]:
    rows = Target.objects.every(because=WHY).filter(programme=programme, first=first, last=last)
    return dict(rows.values_list("figure", "amount"))


def in_kind(use: Facts, tariff: Tariff) -> Facts:
    """Return what hosts contributed in kind by a tariff, as values of JSON."""
    money = contribution(use["m2_hours"] + use["reuse_m2_hours"], tariff)
    return {
        "cents": [round(each * 100) for each in (money.low, money.value, money.high)],
        "currency": money.currency,
        "tariff": [str(each) for each in (tariff.low, tariff.value, tariff.high)],
        "price_year": tariff.price_year,
        "source": tariff.source,
    }


def tariff_in(told: Facts) -> Tariff:
    """Return the tariff of what `in_kind` told."""
    low, value, high = map(Decimal, told["tariff"])
    return Tariff(low, value, high, told["currency"], UNIT, told["price_year"], told["source"])


def _portfolio(programme: Programme) -> list[Facts]:
    rows = PortfolioValue.objects.every(because=WHY).filter(programme=programme)
    return [dict(each) for each in rows.values("cents", "is_at_least", "initiatives", "year", "source")]


def _shortfall(programme: Programme, first: date, last: date, ledger: Ledger) -> Facts:
    missed = not_placed(programme, first, last)
    return {
        "not_placed": {
            "asked": missed.asked,
            "placed": missed.placed,
            "counts": sorted([area, reason, number] for (area, reason), number in missed.counts.items()),
        },
        "withdrawn": asdict(withdrawn_dates(programme, first, last)),
        "room_before": asdict(room_before(programme, {each.initiative for each in ledger.tallies})),
    }
