"""Use from before the platform, as sheets tell it: its own ledger, never mixed with the other."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from meervoud.core.impact.ledger import Room, Use
from meervoud.core.impact.use_figures import tally
from meervoud.outcomes.ledger import EPOCH, Ledger
from meervoud.outcomes.models import PastUse
from meervoud.parties.models import Programme

WHY: Final = "imported sums of a whole programme, for who works for it or reads what was published"


def past_ledger(programme: Programme, first: date, last: date) -> Ledger:
    """Return the ledger of imported use that began in a period; rooms, hosts and groups are the words of the sheets."""
    zone = ZoneInfo(programme.time_zone)
    begin, end = (datetime.combine(each, time(), zone) for each in (first, last + timedelta(days=1)))
    known = PastUse.objects.every(because=WHY).filter(programme=programme)
    found = known.filter(starts_at__gte=begin, starts_at__lt=end)
    rows, uses, rooms = list(found), list[Use](), dict[str, Room]()
    for each in rows:
        key = "\n".join((each.host.casefold(), each.space.casefold()))
        rooms.setdefault(
            key, Room(key, each.host.casefold(), each.neighbourhood, each.area_m2, each.keeps_use, frozenset({key}))
        )
        if rooms[key].area_m2 is None and each.area_m2 is not None:
            rooms[key] = replace(rooms[key], area_m2=each.area_m2)  # one row that knows the floor is enough
        start, until = (int((at - EPOCH).total_seconds()) // 60 for at in (each.starts_at, each.ends_at))
        uses.append(
            Use(
                *(str(each.pk), key, each.initiative.casefold(), start, until, "imported"),
                each.people,
                each.first_timers,
            )
        )
    return Ledger(tuple(tally(uses)), rooms, frozenset(), {}, {})
