"""A first day at the desk of the demo city: what fits is suggested, some hosts are asked, one has said yes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from meervoud.demand.models import Request
from meervoud.matching.answering import Said, say_yes
from meervoud.matching.asking import ask_best
from meervoud.matching.desk_cases import assign_case, call_back
from meervoud.matching.models import Side
from meervoud.matching.running import start_run, work_on_run
from meervoud.parties.models import Person, Programme

BECAUSE: Final = "the demo city is made up"
ASKED: Final = 7
AGREED: Final = 2  # for one more a host has said yes, and the group has not


def work_a_day(programme: Programme, people: Mapping[str, Person], now: datetime) -> None:
    """Do what a matchmaker does in a morning; what waits longest comes first."""
    staff = people["matchmaker"]
    run = start_run(programme=programme, by=staff)
    work_on_run(run.pk, now=now)
    run.refresh_from_db()
    placed = [pk for pk, found in run.found.items() if found["outcome"] == "placed"]
    rows = list(Request.objects.open_in(programme, because=BECAUSE).filter(pk__in=placed).order_by("created_at", "pk"))
    for place, request in enumerate(rows[:ASKED]):
        group_agrees = place < AGREED
        asked = ask_best(request=request, by=staff, now=now, asker_agrees=group_agrees)
        if asked and place <= AGREED:
            say_yes(proposal=asked[0], said=Said(Side.HOST, staff, now))
    for request in rows[ASKED : ASKED + 2]:
        assign_case(request=request, by=staff, to=staff)
        call_back(request=request, by=staff, day=(now + timedelta(days=1)).date())
