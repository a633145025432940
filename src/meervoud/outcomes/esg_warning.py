"""Whose ESG pages tell heads now and no more once a report is out: who kept such a page could subtract."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from meervoud.outcomes.esg_days import beside, days_of, near, told_by, years_in
from meervoud.outcomes.esg_heads import hidden_hosts
from meervoud.outcomes.facts import facts_of
from meervoud.outcomes.ledger import Ledger, ledger_of
from meervoud.outcomes.models import ProgrammeReport
from meervoud.outcomes.publishable import publishable
from meervoud.parties.models import Organisation, Programme

WHY: Final = "hosts of a programme, for its desk"


@dataclass(frozen=True)
class Exposed:
    """A host whose page of a year tells heads until a report is published."""

    host: Organisation
    year: int


def exposed_by(report: ProgrammeReport, today: date) -> list[Exposed]:
    """Return the hosts whose heads of a year stand on their pages now, and would be hidden once a draft is published.

    What else may hide them already (few heads, a count that came in late, another programme) is not looked at: then the list
    is longer than it must be, never shorter.

    Args:
        report: a draft.
        today: the day on the clock of its programme.
    """
    programme, period = report.programme, (report.first, report.last)
    years = years_in(near(programme, period, today)[0], today)
    if not years:
        return []
    ledgers = {year: ledger_of(programme, *days_of(year)) for year in years}
    coming = told_by(period, publishable(facts_of(programme, *period)))
    then = hidden_hosts(beside(programme, ledgers[years[0]], years[0], today, (coming,)))
    pairs = [(host, year) for year, host in _shown_now(programme, ledgers, today) if host in then]
    rows = Organisation.objects.every(because=WHY).filter(pk__in={host for host, _year in pairs})
    hosts = {str(each.pk): each for each in rows}
    found = [Exposed(hosts[host], year) for host, year in pairs]
    return sorted(found, key=lambda each: (each.host.name.casefold(), str(each.host.pk), each.year))


def _shown_now(programme: Programme, ledgers: dict[int, Ledger], today: date) -> Iterator[tuple[int, str]]:
    """Return years, each with the hosts whose heads are shown for it; years that hang together are looked at once."""
    hidden: dict[int, frozenset[str]] = {}
    for year, ledger in ledgers.items():
        if year not in hidden:
            known = beside(programme, ledger, year, today)
            hidden |= dict.fromkeys((each.days[0].year for each in known.years), hidden_hosts(known))
        counted = (each for each in ledger.tallies if each.visits and each.initiative not in ledger.sheltered)
        yield from ((year, host) for host in {ledger.rooms[each.room].host for each in counted} - hidden[year])
