"""Makers of plans: an agreement between people of its own, signed, with the moments of its pattern."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.rooms.agreements.makers import make_draft_only, make_signed
from tests.rooms.makers import (
    MONDAY,
    TODAY,
    make_building,
    make_matchmaker,
    make_offer,
    make_organisation,
    make_person,
    make_programme,
    make_request,
    make_space,
    weekly,
)

from meervoud.agreements.models import Agreement
from meervoud.core.engine.types.requests import Need
from meervoud.matching.answering import Said, say_yes
from meervoud.matching.asking import ask_hosts
from meervoud.matching.models import Proposal, Side
from meervoud.matching.proposing import propose_by_hand
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.supply.models import Offer
from meervoud.usage.models import UsageMoment
from meervoud.usage.wishes import Days, Hours

NOW = datetime.combine(TODAY, time(12), UTC)
EVENING = Hours(time(19), time(21))


@dataclass(frozen=True)
class Plan:
    """A signed agreement, and the people around it."""

    programme: Programme
    desk: Person
    lender: Person
    asker: Person
    host: Organisation
    offer: Offer
    agreement: Agreement

    @property
    def moments(self) -> list[UsageMoment]:
        """Every moment, in order."""
        return list(self.agreement.moments.order_by("starts_at").select_related("taking__space", "agreement"))


def make_proposal(
    programme: Programme,
    offer: Offer,
    asker: Person,
    by: Person,
    *,
    needs: tuple[Need, ...] = (weekly(),),
    **values: Any,
) -> Proposal:
    """Make a proposal to which both said yes."""
    request = make_request(programme, asked_by=asker, needs=needs, **values)
    proposal = propose_by_hand(request=request, offer=offer, by=by, now=NOW)
    ask_hosts(proposals=[proposal], by=by, now=NOW, asker_agrees=True)
    say_yes(proposal=proposal, said=Said(Side.HOST, by, NOW))
    rows = Proposal.objects.visible_to(by).select_related("programme", "offer__space__building", "hold")
    return rows.get(pk=proposal.pk)


def make_plan(
    *, signed: bool = True, offer: Offer | None = None, needs: tuple[Need, ...] = (weekly(),), **values: Any
) -> Plan:
    """Make an agreement about eight Tuesday evenings, from 19 to 21, or what `needs` say."""
    programme = offer.programme if offer else make_programme()
    desk, lender, asker = (
        make_matchmaker(programme),
        make_person("Hanna Host", language="en"),
        make_person("Amir Asker", language="en"),
    )
    host = offer.host if offer else make_organisation(programme, member=lender)
    offer = offer or make_offer(
        programme, host=host, space=make_space(make_building(programme, host), name="Quay room")
    )
    proposal = make_proposal(programme, offer, asker, desk, needs=needs, **values)
    agreement = make_signed(proposal, desk, NOW, TODAY) if signed else make_draft_only(proposal, desk, NOW)
    rows = Agreement.objects.visible_to(desk).select_related(
        "programme", "offer__space__building", "offer__host", "request__programme"
    )
    return Plan(programme, desk, lender, asker, host, offer, rows.get(pk=agreement.pk))


def tuesday(weeks: int) -> date:
    """The Tuesday some weeks from now."""
    return MONDAY + timedelta(days=1, weeks=weeks)


def one_day(day: date, hours: Hours = EVENING) -> Days:
    """A wish for one day."""
    return Days((day,), hours)
