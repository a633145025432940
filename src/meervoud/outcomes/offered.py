"""How many rooms were offered in each hour of the week: the spare time that the use is held against."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from meervoud.core.engine.lendable import free_slots
from meervoud.core.engine.types.time import Grid
from meervoud.lib.clock import today
from meervoud.outcomes.ledger import parts_of
from meervoud.outcomes.models import OfferedMonth
from meervoud.outcomes.sums import HOURS_A_WEEK, Hours
from meervoud.parties.models import Organisation, Programme
from meervoud.places.models import Neighbourhood
from meervoud.supply.as_space import space_of, with_parts
from meervoud.supply.models import Offer
from meervoud.supply.models.offers import State

WHY: Final = "hours offered in a whole programme, for who works for it or reads what was published"
SLOT_MINUTES: Final = 30
WEEKS: Final = 6
AT_ONCE: Final = 500


def offered_hours(programme: Programme, first: date, last: date) -> Hours:
    """Return the room-minutes offered in each of the 168 hours of the week, by name of neighbourhood, over a period.

    Offers by the hour only: a room that is lent as a whole has no hours. Whole months are looked at once and kept, the running one once a day. A month of which only a part lies in the
    period counts by its share of days. A room that came to another neighbourhood stays where its month was looked at.

    Args:
        programme: whose rooms.
        first: the first day.
        last: the last day, included.
    """
    hours: dict[str, list[float]] = defaultdict(lambda: [0.0] * HOURS_A_WEEK)
    for begin, end in parts_of(first, last):
        month = begin.replace(day=1)
        days = ((month + timedelta(days=31)).replace(day=1) - month).days
        share = ((end - begin).days + 1) / days
        for area, row in offered_month(programme, month).items():
            hours[area] = [one + other * share for one, other in zip(hours[area], row, strict=True)]
    names, named = _names_of(hours), defaultdict[str, list[float]](lambda: [0.0] * HOURS_A_WEEK)
    for area, minutes in hours.items():
        name = names.get(area, "")
        named[name] = [one + other for one, other in zip(named[name], minutes, strict=True)]
    return {name: [round(each) for each in row] for name, row in named.items()}


def _names_of(ids: Iterable[str]) -> dict[str, str]:
    """Return the names of neighbourhoods by id; "" is none and has no name."""
    rows = Neighbourhood.objects.filter(pk__in={UUID(each) for each in ids if each})
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}


def offered_month(programme: Programme, month: date) -> Hours:
    """Return what is offered in a month by the id of each neighbourhood, from what was kept of it; "" is none."""
    rows, day = OfferedMonth.objects.every(because=WHY).filter(programme=programme, first=month), today()
    end = (month + timedelta(days=31)).replace(day=1)
    kept = rows.filter(looked_on__gte=min(day, end)).first()
    if kept is not None and all(map(_is_id, kept.hours)):
        found: Hours = kept.hours
        return found
    hours = _look(programme, month, end)
    OfferedMonth.objects.every(because=WHY).update_or_create(
        programme=programme, first=month, defaults={"looked_on": day, "hours": hours}
    )
    return hours


def _is_id(area: str) -> bool:
    """Say whether a neighbourhood is known by its id; months that were looked at before have names, which may change."""
    try:
        return not area or bool(UUID(area))
    except ValueError:
        return False


def _look(programme: Programme, month: date, end: date) -> Hours:
    """Look at the hours as they stand in the offers now: what they were before is not kept anywhere."""
    grid = Grid(programme.time_zone, month - timedelta(days=month.weekday()), WEEKS)
    found = Counter[tuple[str, int, int]]()
    for offer in _offers(programme).iterator(AT_ONCE):
        first, last = _days_of(offer, month, end)
        if first >= last:
            continue
        area, slots = offer.space.building.neighbourhood_id, free_slots(space_of(offer), grid)
        for day in range((first - grid.monday).days, (last - grid.monday).days):
            found[str(area or ""), day % 7, int(slots[day])] += 1
    hours: Hours = defaultdict(lambda: [0] * HOURS_A_WEEK)
    for (area_id, weekday, word), number in found.items():
        for hour, minutes in _minutes(word):
            hours[area_id][weekday * 24 + hour] += minutes * number
    return dict(hours)


def offered_minutes_of(host: Organisation, programme: Programme, first: date, last: date) -> int:
    """Return the room-minutes that one host offered over a period, as its offers stand now."""
    monday, found = first - timedelta(days=first.weekday()), 0
    grid = Grid(programme.time_zone, monday, (last - monday).days // 7 + 1)
    for offer in _offers(programme).filter(host=host).iterator(AT_ONCE):
        since, until = _days_of(offer, first, last + timedelta(days=1))
        if since < until:
            slots = free_slots(space_of(offer), grid)[(since - monday).days : (until - monday).days]
            found += SLOT_MINUTES * sum(int(word).bit_count() for word in slots)
    return found


def _offers(programme: Programme) -> QuerySet[Offer]:
    rows = Offer.objects.every(because=WHY).filter(programme=programme, length=Offer.Length.HOURS)
    return with_parts(rows.exclude(state=State.DRAFT).order_by("pk"))


def _days_of(offer: Offer, month: date, end: date) -> tuple[date, date]:
    """Return the days of a month on which an offer stood: from its first, up to but not its last plus one."""
    zone = ZoneInfo(offer.programme.time_zone)
    first = max(month, offer.from_day or month, _day(offer.created_at, zone))
    last = min(end, offer.until_day + timedelta(days=1) if offer.until_day else end)
    if offer.state in (State.ENDED, State.PAUSED):
        last = min(last, _day(offer.changed_at, zone))
    return first, last


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _minutes(word: int) -> Iterator[tuple[int, int]]:
    for hour in range(24):
        both = word >> (2 * hour) & 3
        if both:
            yield hour, SLOT_MINUTES * both.bit_count()
