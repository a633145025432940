"""What a host lent in a year, over all programmes it lends rooms in: the figures of its page for its own ESG report.

The page is made to be published, so heads under five are hidden in it as in a report of a programme. Heads are told of a year
that is over, so that no page can be subtracted from one of the day before, and of no host by which those of another one, of a
neighbourhood or of a sheltered group could be worked out: see esg_heads. Hours, floor and amounts are always told.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from meervoud.core.impact.contribution import Tariff, contribution
from meervoud.core.impact.ledger import Tally
from meervoud.core.impact.use_figures import figures
from meervoud.lib.scope import ScopedQuerySet
from meervoud.outcomes.esg_days import ALL_COUNTS_ARE_IN, beside, tells_heads
from meervoud.outcomes.esg_heads import hidden_hosts
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.ledger import Ledger, held_moments, ledger_of, sheltered_askers
from meervoud.outcomes.offered import offered_minutes_of
from meervoud.outcomes.publishable import FEWEST
from meervoud.outcomes.terms import tariff_of
from meervoud.outcomes.withdrawn import withdrawn_dates
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.parties.roles import acts_for
from meervoud.supply.models import Offer
from meervoud.usage.models import State, UsageMoment

WHY: Final = "what one host lent, for its own members and the desk of the programme; the caller has checked that"
FIRST_YEAR: Final = 2000


@dataclass(frozen=True)
class Lent:
    """What a host lent in one programme in a year.

    Attributes:
        programme: which.
        first, last: the days that are counted; `last` is no day to come.
        whole: the ledger of the programme over those days.
        tallies: those of it in rooms of the host.
    """

    programme: Programme
    first: date
    last: date
    whole: Ledger
    tallies: tuple[Tally, ...]


def programmes_of(host: Organisation, viewer: Person) -> list[Programme]:
    """Return the programmes in which a host lends rooms: all of them for its members, for a desk only its own."""
    held = UsageMoment.objects.every(because=WHY).filter(state=State.HELD, space__building__host=host)
    offers = Offer.objects.every(because=WHY).filter(host=host).exclude(state=Offer.State.DRAFT)
    rows = Programme.objects.filter(
        Q(pk__in=held.values("agreement__programme")) | Q(pk__in=offers.values("programme"))
    )
    if not acts_for(viewer, host):
        rows = rows.filter(roles__person=viewer)
    return list(rows.distinct().order_by("name", "pk"))


def hosts_with_use(own: ScopedQuerySet[Organisation]) -> ScopedQuerySet[Organisation]:
    """Return those of some organisations in whose rooms something took place."""
    held = UsageMoment.objects.every(because=WHY).filter(state=State.HELD, space__building__host__in=own.values("pk"))
    return own.filter(pk__in=held.values("space__building__host"))


def years_with_use(host: Organisation, programmes: Iterable[Programme]) -> list[int]:
    """Return the years in which rooms of a host were used, the last one first."""
    years = set[int]()
    for programme in programmes:
        zone = ZoneInfo(programme.time_zone)
        rows = _of_host(host, programme).filter(state=State.HELD)
        years.update(each.year for each in rows.datetimes("starts_at", "year", tzinfo=zone))
    return sorted(years, reverse=True)


def host_ledger(host: Organisation, year: int, programmes: Iterable[Programme], today: date) -> list[Lent]:
    """Return what the realised moments in rooms of a host add up to, by programme.

    The ledgers of all hosts of a programme add up to that of the programme; groups that need shelter are in them.
    """
    return [_lent(host, programme, year, today) for programme in programmes]


def _lent(host: Organisation, programme: Programme, year: int, today: date) -> Lent:
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    whole, own = ledger_of(programme, first, last), str(host.pk)
    open_to_hosts = (each for each in whole.tallies if each.initiative not in whole.sheltered)
    tallies = tuple(each for each in open_to_hosts if whole.rooms[each.room].host == own)
    return Lent(programme, first, last, whole, tallies)


def esg_of(host: Organisation, year: int, programmes: Iterable[Programme], today: date) -> Facts:
    """Return the figures of a host in a year as values of JSON, as they may be published."""
    lent = host_ledger(host, year, programmes, today)
    tallies = [each for part in lent for each in part.tallies]
    rooms = {name: room for part in lent for name, room in part.whole.rooms.items()}
    found = figures(tallies, rooms)
    use = {**asdict(found), "people": asdict(found.people)}
    return {
        "host": host.name,
        "year": year,
        "until": max((part.last for part in lent), default=today).isoformat(),
        "is_made_up": host.is_made_up or any(part.programme.is_made_up for part in lent if part.tallies),
        "programmes": [_about(part) for part in lent],
        "tells_heads": tells_heads(year, today),
        "use": _heads_hidden(use) if _has_few(use) or _hides_heads(host, year, lent, today) else use,
        "contributions": _contributions(lent),
        "groups": sorted(_groups(host, lent), key=str.casefold),
        "withdrawn": _withdrawn(host, lent),
        "offered_minutes": sum(offered_minutes_of(host, part.programme, part.first, part.last) for part in lent),
    }


def _about(part: Lent) -> Facts:
    return {"name": part.programme.name, "city": part.programme.city, "is_made_up": part.programme.is_made_up}


def _has_few(use: Facts) -> bool:
    return bool(0 < use["visits"] < FEWEST or 0 < use["people"]["least"] < FEWEST)


def _heads_hidden(use: Facts) -> Facts:
    people = {**use["people"], "least": None, "most": None}
    return {**use, "visits": None, "people": people, "counted": None}


def _hides_heads(host: Organisation, year: int, lent: Iterable[Lent], today: date) -> bool:
    """Say whether the heads of a host are hidden, few or many; who has a page for each programme could tell them apart."""
    if not tells_heads(year, today):
        return True
    used = [part for part in lent if part.tallies]
    return any(
        _came_in_late(host, part) or str(host.pk) in hidden_hosts(beside(part.programme, part.whole, year, today))
        for part in used
    )


def _came_in_late(host: Organisation, part: Lent) -> bool:
    """Say whether a count of the year came in, or changed, after its heads could be read: the change would be told too."""
    day = part.last + ALL_COUNTS_ARE_IN
    told_from = datetime.combine(day, time(), ZoneInfo(part.programme.time_zone))
    rows = _between(_of_host(host, part.programme), part.programme, part.first, part.last)
    return bool(rows.filter(state__in=(State.HELD, State.NOT_HELD), settled_at__gte=told_from).exists())


def _contributions(lent: Iterable[Lent]) -> list[Facts]:
    """Return what was given in kind, a row for each tariff: two currencies, or two prices, are never added."""
    m2_hours = defaultdict[Tariff, float](float)
    for part in lent:
        found = figures(part.tallies, part.whole.rooms)
        if found.m2_hours or found.reuse_m2_hours:
            m2_hours[tariff_of(part.programme)] += found.m2_hours + found.reuse_m2_hours
    return [_money(amount, tariff) for tariff, amount in m2_hours.items()]


def _money(m2_hours: float, tariff: Tariff) -> Facts:
    money = contribution(m2_hours, tariff)
    return {
        "m2_hours": m2_hours,
        "cents": [round(each * 100) for each in (money.low, money.value, money.high)],
        "currency": money.currency,
        "tariff": [str(each) for each in (tariff.low, tariff.value, tariff.high)],
        "price_year": tariff.price_year,
        "source": tariff.source,
    }


def _groups(host: Organisation, lent: Sequence[Lent]) -> set[str]:
    """Return the names of groups whose agreements the host signed, and that need no shelter in any of the programmes."""
    sheltered = {each for part in lent for each in sheltered_askers(part.programme)}
    names, title = "agreement__request__organisation__name", "agreement__request__title"
    found = set[str]()
    for part in lent:
        rows = held_moments(part.programme, part.first, part.last).filter(
            space__building__host=host, agreement__offer__host=host
        )
        for asker, name, called in rows.order_by().values_list("asker", names, title).distinct():
            if asker not in sheltered and (name or called):
                found.add(name or called)
    return found


def _withdrawn(host: Organisation, lent: Iterable[Lent]) -> dict[str, int]:
    found = [withdrawn_dates(part.programme, part.first, part.last, host=host) for part in lent]
    return {name: sum(getattr(each, name) for each in found) for name in ("moments", "minutes", "moved")}


def _of_host(host: Organisation, programme: Programme) -> QuerySet[UsageMoment]:
    rows = UsageMoment.objects.every(because=WHY).filter(agreement__programme=programme)
    return rows.filter(space__building__host=host)


def _between(rows: Any, programme: Programme, first: date, last: date) -> Any:  # Any: usage moments
    zone = ZoneInfo(programme.time_zone)
    begin, end = (datetime.combine(each, time(), zone) for each in (first, last + timedelta(days=1)))
    return rows.filter(starts_at__gte=begin, starts_at__lt=end)
