"""Makers of use that was: moments of an agreement, put into a year that is over; and somebody who subtracts."""

from collections import Counter
from collections.abc import Hashable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from tests.core.impact.attacker import Puzzle
from tests.rooms.makers import TODAY, make_building, make_offer, make_organisation, make_space
from tests.rooms.usage.makers import Plan, make_plan

from meervoud.core.impact.use_figures import figures
from meervoud.outcomes.esg import esg_of, host_ledger
from meervoud.outcomes.frozen import read_frozen
from meervoud.outcomes.models import Published
from meervoud.parties.models import Organisation, Programme
from meervoud.places.models import Building, Neighbourhood
from meervoud.usage.models import UsageMoment

YEAR: Final = TODAY.year - 2
"""So long over, also in January, that its page tells heads."""


def lend(*, area_m2: float | None = 50, heads: tuple[int | None, ...] = (12, 9), month: int = 3, **values: Any) -> Plan:
    """Make an agreement of which the first moments took place in a year that is over, two hours each, on days of one month."""
    plan = make_plan(**values)
    space = plan.offer.space
    space.area_m2 = area_m2
    space.save(update_fields=["area_m2"])
    for number, people in enumerate(heads):
        hold(plan, number, datetime(YEAR, month, 1 + number, 18, tzinfo=UTC), people=people)
    return plan


def hold(plan: Plan, number: int, starts_at: datetime, *, hours: float = 2, **values: Any) -> None:
    """Let the moment of a number have taken place."""
    said = {"state": "held", "evidence": "host", "people": None, "settled_at": starts_at, **values}
    ends_at = starts_at + timedelta(hours=hours)
    plan.agreement.moments.filter(pk=plan.moments[number].pk).update(starts_at=starts_at, ends_at=ends_at, **said)


SQUARE: Final = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
MANY: Final = 300
APART: Final = "sheltered"
Days = tuple[date, date]


def came(
    programme: Programme, area: str, *days: tuple[date, int], host: Organisation | None = None, **values: Any
) -> Plan:
    """Let a group come to a host in a neighbourhood, on some days, so many each."""
    host = host or make_organisation(programme)
    around = {"outline": SQUARE, "west": 0.0, "south": 0.0, "east": 1.0, "north": 1.0}
    place, _ = Neighbourhood.objects.get_or_create(programme=programme, code=area, defaults={"name": area, **around})
    building = make_building(programme, host)
    Building.objects.every(because="a test").filter(pk=building.pk).update(neighbourhood=place)
    plan = make_plan(offer=make_offer(programme, host=host, space=make_space(building)), **values)
    for number, (day, people) in enumerate(days):
        hold(plan, number, datetime(day.year, day.month, day.day, 18, tzinfo=UTC), people=people)
    return plan


def outsider(
    programme: Programme, hosts: Iterable[Organisation], years: Iterable[int], *, has_rule: bool = True
) -> Puzzle:
    """Return all that somebody knows who has every report and every ESG page, and knows besides who came where, and when.

    What is not known is how many. Without the rule a page hides nothing but heads under five.
    """
    told = [
        read_frozen(each)["facts"]
        for each in Published.objects.every(because="a test").filter(report__programme=programme)
    ]
    periods = [(date.fromisoformat(each["first"]), date.fromisoformat(each["last"])) for each in told]
    all_years: list[Days] = [(date(year, 1, 1), date(year, 12, 31)) for year in years]
    truth, puzzle = _truth(programme, [*periods, *all_years]), Puzzle()
    for cell, people in truth.items():
        puzzle.ranges[cell], puzzle.likely[cell] = (0, MANY), people

    def adds_up(key: Hashable, cells: list[Hashable], shown: int | None) -> None:
        puzzle.sums.append((tuple(cells), key))
        puzzle.likely[key] = sum(puzzle.likely[cell] for cell in cells)
        puzzle.ranges[key] = (0, MANY * 9) if shown is None else (shown, shown)

    for days, facts in zip(periods, told, strict=True):
        adds_up(("all", days), [each for each in truth if _is_in(each, days)], facts["use"]["visits"])
        for row in facts["areas"]:
            name = APART if row["area"] is None else row["area"]
            adds_up((name, days), [each for each in truth if each[1] == name and _is_in(each, days)], row["visits"])
    for host in hosts:
        for year, days in zip(years, all_years, strict=True):
            visits = _told(host, year, programme, has_rule=has_rule)
            adds_up((host.name, days), [each for each in truth if each[0] == host.name and _is_in(each, days)], visits)
    return puzzle


def worked_out(puzzle: Puzzle) -> set[Hashable]:
    """Return what is few, or of sheltered groups, and cannot be five or more for all that is known."""
    few = [key for key, people in puzzle.likely.items() if 0 < people < 5]
    return {key for key in few if not {0, 5} <= puzzle.values(key, 5)}


def _told(host: Organisation, year: int, programme: Programme, *, has_rule: bool) -> int | None:
    if has_rule:
        visits: int | None = esg_of(host, year, [programme], TODAY)["use"]["visits"]
        return visits
    (part,) = host_ledger(host, year, [programme], TODAY)
    found = figures(part.tallies, part.whole.rooms).visits
    return None if 0 < found < 5 else found


def _truth(programme: Programme, periods: list[Days]) -> Counter[tuple[str, str, date]]:
    """Return how many came, by host, neighbourhood and piece of days, that by its first day."""
    begins = sorted({day for first, last in periods for day in (first, last + timedelta(days=1))})
    rows = UsageMoment.objects.every(because="a test").filter(agreement__programme=programme, state="held")
    truth = Counter[tuple[str, str, date]]()
    for each in rows.select_related("space__building__neighbourhood", "space__building__host", "agreement__request"):
        building, begin = each.space.building, max(day for day in begins if day <= each.starts_at.date())
        assert building.neighbourhood
        who = (building.host.name, building.neighbourhood.name)
        truth[(*((APART, APART) if each.agreement.request.is_sheltered else who), begin)] += each.people or 0
    return truth


def _is_in(cell: tuple[str, str, date], days: Days) -> bool:
    return days[0] <= cell[2] <= days[1]
