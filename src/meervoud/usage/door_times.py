"""When a group may see what opens the door: from a day before a moment until its end; and the note of every look."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from meervoud.agreements.models import RUNNING, AccessSecret, Agreement
from meervoud.core.errors import InputError
from meervoud.lib.journal import journal
from meervoud.lib.models import JournalEntry
from meervoud.parties.models import Person
from meervoud.usage.models import State, UsageMoment

BEFORE: Final = timedelta(hours=24)
SEEN: Final = "access.seen"
WHYS: Final = ("locked_out", "emergency", "check", "other")
NEEDED: Final = "what a side needs around a moment of its own agreement"


def moment_near(agreement: Agreement, now: datetime) -> UsageMoment | None:
    """Return the planned moment that runs, or begins within a day; None where there is none."""
    if agreement.state not in RUNNING:
        return None
    near = agreement.moments.filter(state__in=(State.PLANNED, State.HELD), starts_at__lte=now + BEFORE, ends_at__gt=now)
    here = near.filter(space__building=agreement.offer.space.building_id)  # another host's door is not this one
    return here.order_by("starts_at").first()


def secrets_for(agreement: Agreement, side: str, now: datetime) -> list[AccessSecret]:
    """Return what opens the door for a side that needs it now, on a day on which it holds."""
    if moment_near(agreement, now) is None:
        return []
    day = now.astimezone(ZoneInfo(agreement.programme.time_zone)).date()
    rows = AccessSecret.objects.every(because=NEEDED).filter(agreement=agreement, for_side=side)
    holds = (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_until=None) | Q(valid_until__gte=day))
    return list(rows.filter(holds))


@transaction.atomic
def note_look(*, agreement: Agreement, by: Person, side: str, why: str, now: datetime) -> bool:
    """Write down that somebody looked at what opens the door, once a day for each reason; say whether it is the first.

    Raises:
        InputError: a reason that is not on the list.
    """
    if why not in (*WHYS, "moment"):
        raise InputError("Say why you look. It is written down.", code="access_why")
    zone = ZoneInfo(agreement.programme.time_zone)
    begins = datetime.combine(now.astimezone(zone).date(), time(), zone)
    seen = JournalEntry.objects.filter(verb=SEEN, thing=agreement.pk, actor=by.pk, at__gte=begins)
    if seen.filter(details__why=why).exists():
        return False
    journal(by, SEEN, agreement, side=side, why=why)
    return True
