"""What became of the agreements of the demo city: moments that took place, were called off or moved, and what is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from meervoud.agreements.consenting import Needed, ask_approval
from meervoud.agreements.contacts import Reach, add_contact
from meervoud.agreements.drafts import begin_agreement
from meervoud.agreements.models import Agreement
from meervoud.matching.models import Proposal, Side, State
from meervoud.parties.models import Person, Programme
from meervoud.parties.roles import acts_for
from meervoud.supply.calendar import Span
from meervoud.usage.changing import Said, call_off
from meervoud.usage.checking_in import Report, check_in, settle_in_silence
from meervoud.usage.doors import make_door_code
from meervoud.usage.events import set_public
from meervoud.usage.incidents import Happened, settle_incident, tell_incident
from meervoud.usage.models import CheckIn, DoorCode, UsageMoment
from meervoud.usage.openness import Openness
from meervoud.usage.plan_changes import Asking, add_moments
from meervoud.usage.planning import Chosen
from meervoud.usage.rooms_instead import rooms_instead
from meervoud.usage.running import start_what_begins
from meervoud.usage.sheet_readers import add_reader
from meervoud.usage.standing_in import ask_stand_in
from meervoud.usage.waiting import wait_for
from meervoud.usage.wishes import Days, day_of, hours_of, span_on

BECAUSE: Final = "the demo city is made up"
Way = CheckIn.Way
Went = tuple[str, int, int | None]
WENT: Final[Mapping[str, Sequence[Went]]] = {
    "host": ((Way.ACCOUNT, 14, 6), (Way.LINK, 16, 3), (Way.HOST, 12, None), (Way.PAPER, 15, 2), (Way.ACCOUNT, 17, 1)),
    "neighbour": ((Way.STAFF, 8, 4), (Way.HOST, 0, None)),
    "choir": ((Way.DOOR, 28, 5), (Way.DOOR, 31, 2)),
    "dinner": ((Way.PAPER, 19, 8), (Way.STAFF, 0, None)),
    "trial": ((Way.HOST, 9, None),),
    "shelter": ((Way.STAFF, 12, 5),),
}
"""How many came to the first moments of a story, how many for the first time, and how it is known; 0 is nobody."""


def use_rooms(
    programme: Programme, agreements: Mapping[str, Agreement], people: Mapping[str, Person], now: datetime
) -> None:
    """Let weeks go by: reports come in, plans change, something happens; `agreements` by the name of their story."""
    start_what_begins(now=now)
    for name, agreement in agreements.items():
        _report(agreement, WENT.get(name, ()), people, now)
        _let_in(agreement, people["matchmaker"])
    settle_in_silence(now=now)
    _change_plans(agreements, people, now)
    _tell_what_happened(agreements, people, now)
    _begin_draft(programme, people, now)


def _past(agreement: Agreement, now: datetime) -> list[UsageMoment]:
    return list(_moments(agreement, ends_at__lt=now))


def _coming(agreement: Agreement, now: datetime) -> list[UsageMoment]:
    return list(_moments(agreement, starts_at__gt=now, state="planned"))


def _moments(agreement: Agreement, **which: datetime | str) -> QuerySet[UsageMoment]:
    rows = agreement.moments.filter(**which).select_related("space__building", "agreement__offer__space")
    return rows.order_by("starts_at")


def _report(agreement: Agreement, went: Sequence[Went], people: Mapping[str, Person], now: datetime) -> None:
    for number, (moment, (way, came, first)) in enumerate(zip(_past(agreement, now), went, strict=False)):
        by = {
            Way.ACCOUNT: agreement.request.asked_by,
            Way.HOST: _lender(agreement, people),
            Way.STAFF: people["matchmaker"],
        }
        report = Report(
            way=way,
            key=f"demo {agreement.pk.hex[:12]} {number}",
            was_held=came > 0,
            people=came or None,
            first_timers=first,
            by=by.get(Way(way)),
        )
        check_in(moment=moment, report=report, now=moment.ends_at)


def _lender(agreement: Agreement, people: Mapping[str, Person]) -> Person:
    """Return who speaks for a host: its own person, or the desk for a host that calls."""
    host = people["host"]
    return host if acts_for(host, agreement.offer.host) else people["matchmaker"]


def _let_in(agreement: Agreement, staff: Person) -> None:
    """Give the building a reader of its sheet, the door its code, and each side somebody to call."""
    space = agreement.offer.space
    address = f"receptie.{space.source_key.lower()}@example.org"
    add_reader(building=space.building, by=staff, role="reception", name="Balie beneden", email=address)
    if not DoorCode.objects.of(space=[space]).exists():
        make_door_code(offer=agreement.offer, by=staff)
    if not agreement.request.is_sheltered:
        reach = Reach(Side.ASKER, "contact", "Contact van de groep", "020 555 0120")
        add_contact(agreement=agreement, by=staff, reach=reach)


def _change_plans(agreements: Mapping[str, Agreement], people: Mapping[str, Person], now: datetime) -> None:
    """Cancel an evening, ask for one more, wait for one that is taken, and ask for another room for a lost one."""
    own, neighbour, dinner = (agreements.get(name) for name in ("host", "neighbour", "dinner"))
    if own is not None:
        group, evenings = people["initiative"], _coming(own, now)
        set_public(agreement=own, is_public=True, by=group, now=now)
        _ask_for_one_more(own, evenings[-1], group, now)
        if neighbour is not None:
            span = Span(evenings[3].starts_at, evenings[3].ends_at)
            wait_for(agreement=neighbour, span=span, by=people["matchmaker"], now=now)
        call_off(moment=evenings[2], scope="one", said=Said(group, Side.ASKER, "ill", now, "De begeleider is ziek."))
    if dinner is not None:
        lost, staff = _coming(dinner, now)[1], people["matchmaker"]
        call_off(moment=lost, scope="one", said=Said(staff, Side.HOST, "works", now, "De vloer wordt gelakt."))
        for room in rooms_instead(lost, dinner, now)[:1]:
            ask_stand_in(moment=lost, offer=room, by=staff, now=now)


def _ask_for_one_more(agreement: Agreement, last: UsageMoment, group: Person, now: datetime) -> None:
    """Let the group ask for one evening more, on the first day behind its last one on which the space is free."""
    zone = agreement.programme.time_zone
    end = Span(last.starts_at, last.ends_at)
    days = [day_of(end, zone) + timedelta(days=number) for number in range(1, 22)]
    spans = {span: day for day in days if (span := span_on(day, hours_of(end, zone), zone))}
    whys = Openness(agreement.offer, days[0], days[-1]).whys(list(spans), now)
    free = [span for span, why in zip(spans, whys, strict=True) if why is None]
    for span in free[:1]:
        day = spans[span]
        wish = Days((day,), hours_of(end, zone))
        asking = Asking(group, Side.ASKER, f"demo {agreement.pk}", now, "Een feestelijke laatste avond.")
        add_moments(agreement=agreement, wish=wish, chosen=[Chosen(day, span)], asking=asking)


def _tell_what_happened(agreements: Mapping[str, Agreement], people: Mapping[str, Person], now: datetime) -> None:
    """Leave one thing that happened open, and settle another."""
    for name, kind, note, how in (
        ("host", "lock", "De deur van de berging sluit niet meer. Wij hebben er een stoel voor gezet.", ""),
        ("choir", "damage", "Een stoelpoot is gebroken tijdens het opruimen.", "De koster heeft de stoel gelijmd."),
    ):
        for moment in _past(agreements[name], now)[-1:] if name in agreements else ():
            by = moment.agreement.request.asked_by
            said = Happened(kind=kind, note=note, key=f"demo {moment.pk.hex[:12]}", by=by)
            told = tell_incident(building=moment.space.building, said=said, moment=moment)
            if how:
                settle_incident(incident=told, how=how, by=people["matchmaker"], now=now)


def _begin_draft(programme: Programme, people: Mapping[str, Person], now: datetime) -> None:
    """Begin to write down what both said yes to this morning; somebody of the host has to approve first."""
    rows = Proposal.objects.every(because=BECAUSE).filter(programme=programme, state=State.AGREED)
    rows = rows.select_related("programme", "offer__space__building", "offer__host", "hold", "request__organisation")
    proposal = rows.order_by("request__source_key").first()
    if proposal is None:
        return
    staff = people["matchmaker"]
    agreement = begin_agreement(proposal=proposal, by=staff, language="nl", now=now)
    needed = Needed(Side.HOST, "works_council", "Ondernemingsraad", due_on=now.date() + timedelta(weeks=2))
    ask_approval(agreement=agreement, by=staff, needed=needed)
