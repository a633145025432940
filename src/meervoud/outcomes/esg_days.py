"""What an ESG page has to be held against: its year and every published report that shares days with it, cut into pieces."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, IntegerField, Max, Sum, Value, When

from meervoud.core.errors import ConflictError
from meervoud.core.impact.ledger import Room, Tally
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.frozen import read_frozen
from meervoud.outcomes.ledger import Ledger, held_moments, rooms_of, sheltered_askers
from meervoud.outcomes.models import Published
from meervoud.parties.models import Programme

Days: TypeAlias = tuple[date, date]
"""The first and the last day, both included."""
Part: TypeAlias = tuple[str, str]
"""A part of the use of which a report tells the heads: ("area", its name) or ("evidence", its code)."""
REGISTER: Final = "what was published is public"
DAY: Final = timedelta(days=1)
ALL_COUNTS_ARE_IN: Final = timedelta(days=32)
"""How long after its last day a year tells heads: till then counts still come in, and each page would tell what the last did not."""


@dataclass(frozen=True)
class Told:
    """What a published report tells of heads.

    Attributes:
        days: its period.
        visits: by part; None is hidden.
    """

    days: Days
    visits: Mapping[Part, int | None]


@dataclass(frozen=True)
class Span:
    """What was counted over some days.

    Attributes:
        open: sums of groups that need no shelter.
        apart: sums of those that do.
    """

    days: Days
    open: tuple[Tally, ...]
    apart: tuple[Tally, ...]


@dataclass(frozen=True)
class Beside:
    """All that somebody with the pages of all hosts and the reports of a programme can lay side by side.

    Attributes:
        spans: the pieces that the borders of years and reports cut the days into; each year, each report, what both share.
        years: those of the spans that are years.
        told: what the reports tell.
        rooms: every room of the sums, by id.
    """

    spans: tuple[Span, ...]
    years: tuple[Span, ...]
    told: tuple[tuple[Told, Span], ...]
    rooms: Mapping[str, Room]


def days_of(year: int) -> Days:
    """Return the first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def tells_heads(year: int, today: date) -> bool:
    """Say whether a year is so long over that its heads stand still."""
    return today >= days_of(year)[1] + ALL_COUNTS_ARE_IN


def beside(programme: Programme, whole: Ledger, year: int, today: date, coming: tuple[Told, ...] = ()) -> Beside:
    """Return what a year of a programme can be laid beside.

    A report that spans a new year ties two years together, and these the reports of both: all of them are looked at.

    Args:
        programme: whose.
        whole: its ledger over the year.
        year: one that tells heads.
        today: the day on the clock of the programme.
        coming: what reports would tell that are not published yet, and share days with what hangs together with the year.
    """
    days, reports = near(programme, days_of(year), today, tuple(each.days for each in coming))
    years = [days_of(each) for each in years_in(days, today)]
    told = [*map(_told, reports), *coming]
    borders = {
        days[0],
        *(day for first, last in (*years, *(each.days for each in told)) for day in (first, last + DAY)),
    }
    begins = sorted(borders - {days[1] + DAY})
    pieces = [(first, after - DAY) for first, after in zip(begins, [*begins[1:], days[1] + DAY], strict=True)]
    sums, rooms = _sums(programme, whole, year, pieces)
    sheltered = frozenset(map(str, sheltered_askers(programme)))

    def span(over: Days) -> Span:
        inside = [row for piece, rows in zip(pieces, sums, strict=True) if _holds(over, piece) for row in rows]
        return Span(
            over,
            tuple(each for each in inside if each.initiative not in sheltered),
            tuple(each for each in inside if each.initiative in sheltered),
        )

    shared = [_shared(one, each.days) for one in years for each in told]
    wanted = dict.fromkeys([*pieces, *years, *(each.days for each in told), *(each for each in shared if each)])
    spans = {each: span(each) for each in wanted}
    return Beside(
        tuple(spans.values()),
        tuple(spans[each] for each in years),
        tuple((each, spans[each.days]) for each in told),
        rooms,
    )


def years_in(days: Days, today: date) -> list[int]:
    """Return the years of some days that tell heads."""
    return [each for each in range(days[0].year, days[1].year + 1) if tells_heads(each, today)]


def near(programme: Programme, days: Days, today: date, coming: tuple[Days, ...] = ()) -> tuple[Days, list[Published]]:
    """Return the days that hang together with some by reports and by years with pages, and those reports that are published.

    Args:
        programme: whose.
        days: where to begin.
        today: the day on the clock of the programme.
        coming: periods of reports that are not published yet.
    """
    rows = Published.objects.every(because=REGISTER).filter(report__programme=programme)
    periods = {pk: (first, last) for pk, first, last in rows.values_list("pk", "report__first", "report__last")}
    while True:
        found = {pk: each for pk, each in periods.items() if _shared(days, each)}
        spans = [days, *found.values(), *(each for each in coming if _shared(days, each))]
        wider = _with_years(min(spans)[0], max(last for _first, last in spans), today)
        if wider == days:
            return days, list(rows.filter(pk__in=found).select_related("report")) if found else []
        days = wider


def _with_years(first: date, last: date, today: date) -> Days:
    begin = days_of(first.year)[0] if tells_heads(first.year, today) else first
    return begin, days_of(last.year)[1] if tells_heads(last.year, today) else last


def _shared(one: Days, other: Days) -> Days | None:
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def _holds(wider: Days, narrower: Days) -> bool:
    return wider[0] <= narrower[0] and narrower[1] <= wider[1]


def _told(published: Published) -> Told:
    """Return what a report tells; one that is not what was published any more tells nothing, so that all is hidden beside it."""
    days = published.report.first, published.report.last
    try:
        return told_by(days, read_frozen(published)["facts"])
    except ConflictError:
        return Told(days, {})


def told_by(days: Days, facts: Facts) -> Told:
    """Return what a report over some days tells of heads, from the facts as they are published."""
    areas = {("area", row["area"]): row["visits"] for row in facts["areas"] if row["area"] is not None}
    return Told(days, {**areas, **{("evidence", code): row["visits"] for code, row in facts["evidence"].items()}})


def _sums(
    programme: Programme, whole: Ledger, year: int, pieces: Sequence[Days]
) -> tuple[list[Sequence[Tally]], Mapping[str, Room]]:
    """Return the sums of each piece, without minutes: however many pieces there are, they are read at once."""
    if list(pieces) == [days_of(year)]:
        return [whole.tallies], whole.rooms
    zone = ZoneInfo(programme.time_zone)
    ends = [datetime.combine(last + DAY, time(), zone) for _first, last in pieces]
    number = Case(
        *(When(starts_at__lt=end, then=Value(at)) for at, end in enumerate(ends)), output_field=IntegerField()
    )
    rows = held_moments(programme, pieces[0][0], pieces[-1][1]).order_by().annotate(piece=number)
    counted = Count("people"), Sum("people", default=0), Count("first_timers"), Sum("first_timers", default=0)
    found = rows.values_list("piece", "space", "asker", "evidence").annotate(
        Count("pk"), *counted, Max("people", default=0)
    )
    sums: dict[int, list[Tally]] = defaultdict(list)
    for piece, room, initiative, evidence, uses, *heads in found:
        sums[piece].append(Tally(str(room), str(initiative), evidence, 0, 0, 0, uses, *heads))
    rooms = rooms_of({each.room for part in sums.values() for each in part})
    return [sums[at] for at in range(len(pieces))], rooms
