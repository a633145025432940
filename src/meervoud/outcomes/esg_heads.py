"""Of which hosts the heads may stand on their ESG pages, so that nobody works out a small or a sheltered group from them.

Somebody may have the pages of all hosts of all years and all reports of a programme, and subtract. The heads of a host are
hidden if, in its year or in what hangs together with it by reports,

1. it had use in a neighbourhood, or heads known by a kind of evidence, that a report hides: one that was published, or one that
   would be made now over a year, a report's days, or a piece that their borders cut out of each other;
2. its own heads in one of those, over one of those spans, are few;
3. without it the heads of a host of 2, or of this rule, in one of those could be worked out from the others there;
4. groups that need shelter came somewhere, and the hidden hosts together would still give theirs away.

Why that is enough: of a host that is shown, take everything to be known. It was only where reports tell all heads, and those
are the same numbers as now, so what it shows says nothing of the neighbourhoods that are hidden. Where they are shown, what is
left after taking off the shown hosts is the sum of the hidden ones, over any piece of days: that sum is safe by 3. A piece of
days in which a whole neighbourhood has few heads hides the neighbourhood by 1, so no sum of pieces is made of few.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, TypeAlias

from meervoud.core.impact.ledger import Room, Tally
from meervoud.core.impact.small_cells import Table, hide, shown
from meervoud.core.impact.use_figures import figures
from meervoud.outcomes.esg_days import Beside, Part, Span
from meervoud.outcomes.publishable import FEWEST, SILENT

READERS: Final = ("informed", "plain")
COLUMN: Final = "heads"
AREA: Final = "area"
KIND: Final = "evidence"
Rooms: TypeAlias = Mapping[str, Room]


def hidden_hosts(known: Beside) -> frozenset[str]:
    """Return the hosts whose heads are not shown."""
    gone, few = _hidden_parts(known), _with_few_people(known)
    hosts = few.union(*(_hosts_in(gone, span, known.rooms) for span in known.spans))
    lines = [each for span in known.spans for each in _lines(span, known.rooms, few)]
    while True:
        wider = hosts.union(*(each.hidden_beside(hosts) for each in lines))
        if wider == hosts:
            return hosts
        hosts = wider


def _hidden_parts(known: Beside) -> frozenset[Part]:
    """Return the parts whose heads a report hides; and neighbourhoods of which it tells others than now: the difference is a secret."""
    found = {part for span in known.spans for part in _hidden_now(span, known.rooms)}
    for told, span in known.told:
        now = _visits(span, known.rooms)
        for part in {*now, *told.visits}:
            visits = told.visits.get(part)
            if visits is None or (part[0] == AREA and visits != now.get(part, 0)):
                found.add(part)
    return frozenset(found)


def _hidden_now(span: Span, rooms: Rooms) -> AbstractSet[Part]:
    """Return the parts whose heads a report over these days would hide, as `publishable` does."""
    visits, whole = _visits(span, rooms), figures((*span.open, *span.apart), rooms)
    apart = {("", ""): sum(each.visits for each in span.apart)} if span.apart else {}
    areas = {part: number for part, number in visits.items() if part[0] == AREA} | apart
    kinds = {part: number for part, number in visits.items() if part[0] == KIND and (part[1] != SILENT or number)}
    seen = [_shown(each) for each in (areas, kinds) if each]
    if 0 < whole.visits < FEWEST or 0 < whole.people.least < FEWEST or None in seen:
        return set(visits)
    return {part for each in seen if each for part, number in each.items() if number is None}


def _shown(visits: Mapping[Part, int]) -> Mapping[Part, int | None] | None:
    """Return what is shown of a table of one line; None where its total is not."""
    names = {"\t".join(part): part for part in visits}
    table = shown(Table(tuple(names), (COLUMN,), tuple((visits[part],) for part in names.values())), k=FEWEST)
    return None if table.grand_total is None else {part: table.value((name, COLUMN)) for name, part in names.items()}


def _visits(span: Span, rooms: Rooms) -> Mapping[Part, int]:
    """Return the heads by part as a report tells them: of sheltered groups by evidence, but at no place."""
    visits = Counter[Part]()
    for each in span.open:
        visits[AREA, rooms[each.room].neighbourhood] += each.visits
    for each in (*span.open, *span.apart):
        visits[KIND, each.evidence] += each.visits
    return visits


def _hosts_in(parts: AbstractSet[Part], span: Span, rooms: Rooms) -> AbstractSet[str]:
    """Return the hosts with use in a neighbourhood of `parts`, or heads known by an evidence of them."""
    return {
        rooms[each.room].host
        for each in span.open
        if (AREA, rooms[each.room].neighbourhood) in parts or (each.visits and (KIND, each.evidence) in parts)
    }


def _with_few_people(known: Beside) -> frozenset[str]:
    """Return the hosts that had few people in a year, however often those came."""
    found = set[str]()
    for year in known.years:
        tallies = defaultdict[str, list[Tally]](list)
        for each in year.open:
            tallies[known.rooms[each.room].host].append(each)
        found |= {host for host, rows in tallies.items() if 0 < figures(rows, known.rooms).people.least < FEWEST}
    return frozenset(found)


@dataclass(frozen=True)
class Line:
    """Numbers that add up to one that may be known.

    Attributes:
        numbers: heads by host, above 0; of some, fewer than there were, because they are to be kept as if they were few.
        apart: heads of sheltered groups, which nobody may work out.
    """

    numbers: Mapping[str, int]
    apart: int = 0

    def hidden_beside(self, hosts: AbstractSet[str]) -> AbstractSet[str]:
        """Return the hosts to hide, where some are hidden already, so that none of those with few can be worked out."""
        return self._beside_few(hosts) | self._beside_sheltered(hosts)

    def _beside_few(self, hosts: AbstractSet[str]) -> AbstractSet[str]:
        """Sheltered groups do not count here as something hidden: a report tells how many they were together."""
        if not any(number < FEWEST for number in self.numbers.values()):
            return set()
        names = tuple(sorted(self.numbers))
        table = Table((COLUMN,), names, (tuple(self.numbers[each] for each in names),))
        start = frozenset((row, name) for row in (COLUMN, None) for name in names if name in hosts)
        return {name for _row, name in hide(table, k=FEWEST, lo=0, readers=READERS, start=start) if name is not None}

    def _beside_sheltered(self, hosts: AbstractSet[str]) -> AbstractSet[str]:
        if not self.apart:
            return set()
        known = sorted((number, name) for name, number in self.numbers.items() if name not in hosts)
        missing, found = FEWEST - sum(number for name, number in self.numbers.items() if name in hosts), set[str]()
        for number, name in known:
            if missing <= 0:
                break
            found.add(name)
            missing -= number
        return found


def _lines(span: Span, rooms: Rooms, few: AbstractSet[str]) -> Iterator[Line]:
    """Return the lines of a span: each neighbourhood, each kind of evidence, the whole, and first-timers where all were counted."""
    visits = defaultdict[Part, Counter[str]](Counter)
    whole, first = Counter[str](), Counter[str]()
    for each in span.open:
        room = rooms[each.room]
        visits[AREA, room.neighbourhood][room.host] += each.visits
        visits[KIND, each.evidence][room.host] += each.visits
        whole[room.host] += each.visits
        first[room.host] += each.first_timers
    kinds = Counter[Part]()
    for each in span.apart:
        kinds[KIND, each.evidence] += each.visits
    yield from (Line(_kept(numbers, few), kinds[part]) for part, numbers in visits.items())
    yield Line(_kept(whole, few), kinds.total())
    if figures((*span.open, *span.apart), rooms).people.method == "first_timers":
        yield Line(_kept(first, few), sum(each.first_timers for each in span.apart))


def _kept(numbers: Mapping[str, int], few: AbstractSet[str]) -> Mapping[str, int]:
    """Return the numbers above 0; those of hosts with few people count as few."""
    return {name: min(number, FEWEST - 1) if name in few else number for name, number in numbers.items() if number}
