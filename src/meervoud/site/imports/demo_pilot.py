"""The made-up pilot in the database: a programme that is over, whose ledger adds up to the totals that a real pilot published."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from meervoud.agreements.models import Agreement, EndedWhy
from meervoud.agreements.models import State as AgreementState
from meervoud.demand.models import Request
from meervoud.files.demo_pilot import PilotMoment, pilot_moments, pilot_plan
from meervoud.files.impact.parameters import read_impact_parameters
from meervoud.lib.journal import journal
from meervoud.matching.models import Answer, Kind, Proposal, Side
from meervoud.matching.models import State as ProposalState
from meervoud.outcomes.models import Cost, FigureTerms, PortfolioValue, Target
from meervoud.parties.models import Organisation, Person, Programme, ProgrammePartner, ProgrammeRole
from meervoud.parties.models.organisations import Kind as OrganisationKind
from meervoud.parties.models.organisations import Verification
from meervoud.places.models import Atom, Building, Neighbourhood, Space
from meervoud.supply.models import Offer, OpeningPeriod
from meervoud.usage.models import CheckIn, Evidence, State, UsageMoment

SLUG: Final = "proefjaar"
BECAUSE: Final = "the made-up pilot"
NOT_PLACED: Final = 61
WITHDRAWN: Final = 9
MET: Final = ("nowhere", "at_home", "nowhere", "ending_room", "paid_room", "nowhere", "")
WAYS: Final = {"checked_in": "link", "host": "host", "paper": "paper", "door_code": "door"}


@dataclass(frozen=True)
class _Pilot:
    """What the rows hang on."""

    plan: dict[str, Any]  # Any: see pilot_plan
    programme: Programme
    staff: Person
    areas: Sequence[Neighbourhood]
    zone: ZoneInfo
    begun: datetime


@transaction.atomic
def load_pilot(*, beside: Programme, staff: Person, now: datetime) -> Programme:
    """Fill the database with the made-up pilot, and return its programme; where it stands there already, nothing is done.

    Args:
        beside: the demo city, whose neighbourhoods it has.
        staff: who looks after it.
        now: this moment.
    """
    there = Programme.objects.filter(slug=SLUG).first()
    if there is not None:
        return there
    plan = pilot_plan()
    programme = _programme(plan, beside)
    ProgrammeRole.objects.create(programme=programme, person=staff)
    zone = ZoneInfo(programme.time_zone)
    begun = datetime.combine(plan["first"], time(9), zone)
    pilot = _Pilot(plan, programme, staff, _areas(programme, beside), zone, begun)
    offers = [_offer(pilot, number, each) for number, each in enumerate(plan["offices"])]
    agreements = [_agreement(pilot, number, each, offers) for number, each in enumerate(plan["initiatives"])]
    _moments(pilot, agreements)
    _not_placed(pilot, offers)
    _settle(pilot)
    journal(None, "demo.pilot_loaded", programme, moments=plan["totals"]["moments"], at=now.isoformat())
    return programme


def _programme(plan: Mapping[str, Any], beside: Programme) -> Programme:  # Any: see pilot_plan
    return Programme.objects.create(
        slug=SLUG,
        name=plan["name"],
        city=beside.city,
        about=plan["about"],
        starts_on=plan["first"],
        ends_on=plan["last"],
        desk_phone=beside.desk_phone,
        desk_hours=beside.desk_hours,
        theme=beside.theme,
        is_made_up=True,
    )


def _areas(programme: Programme, beside: Programme) -> list[Neighbourhood]:
    names = ("code", "name", "kind", "outline", "west", "south", "east", "north")
    rows = Neighbourhood.objects.filter(programme=beside).exclude(kind="water").order_by("code")
    copies = [Neighbourhood(programme=programme, **{name: getattr(each, name) for name in names}) for each in rows]
    return Neighbourhood.objects.bulk_create(copies)


def _organisation(pilot: _Pilot, name: str, kind: str) -> Organisation:
    row = Organisation.objects.create(name=name, kind=kind, verification=Verification.VERIFIED, is_made_up=True)
    ProgrammePartner.objects.create(programme=pilot.programme, organisation=row)
    return row


def _offer(pilot: _Pilot, number: int, office: Mapping[str, Any]) -> Offer:  # Any: see pilot_plan
    host = _organisation(pilot, office["name"], OrganisationKind.COMPANY)
    area = pilot.areas[number % len(pilot.areas)]
    building = Building.objects.create(
        programme=pilot.programme, host=host, name=office["name"], town=pilot.programme.city, neighbourhood=area
    )
    space = Space.objects.create(
        building=building, name="Begane grond", kind="office", area_m2=office["m2"], capacity=90
    )
    space.atoms.add(Atom.objects.create(building=building))
    offer = Offer.objects.create(
        programme=pilot.programme,
        host=host,
        space=space,
        state="ended",
        price_kind="free",
        from_day=pilot.plan["first"],
        until_day=pilot.plan["last"],
        is_made_up=True,
    )
    Offer.objects.every(because=BECAUSE).filter(pk=offer.pk).update(created_at=pilot.begun)
    OpeningPeriod.objects.create(offer=offer, hours="Mo-Su 09:00-22:00", lend="inside")
    return offer


def _request(pilot: _Pilot, number: int, **values: Any) -> Request:  # Any: fields
    row = Request(
        programme=pilot.programme,
        asked_by=pilot.staff,
        neighbourhood=pilot.areas[number * 5 % len(pilot.areas)].name,
        meets_now=MET[number % len(MET)],
        is_made_up=True,
        **values,
    )
    row.save(force_insert=True)
    at = pilot.begun + timedelta(days=number % 150)
    Request.objects.every(because=BECAUSE).filter(pk=row.pk).update(created_at=at)
    return row


def _agreement(
    pilot: _Pilot, number: int, initiative: Mapping[str, Any], offers: Sequence[Offer]
) -> Agreement:  # Any: see pilot_plan
    group = _organisation(pilot, initiative["name"], OrganisationKind.FOUNDATION)
    said = {"organisation": group, "title": initiative["name"], "cause": initiative["cause"], "group_max": 45}
    request = _request(pilot, number, state="placed", **said)
    proposal = _proposal(pilot, request, offers[number % len(offers)], ProposalState.CONCLUDED)
    over = datetime.combine(pilot.plan["last"], time(22), pilot.zone)
    return Agreement.objects.create(
        programme=pilot.programme,
        proposal=proposal,
        request=request,
        offer=proposal.offer,
        state=AgreementState.ENDED,
        language="nl",
        signed_at=pilot.begun,
        ended_at=over,
        ended_why=EndedWhy.PERIOD,
    )


def _proposal(pilot: _Pilot, request: Request, offer: Offer, state: str) -> Proposal:
    return Proposal.objects.create(
        programme=pilot.programme,
        request=request,
        offer=offer,
        made_by=pilot.staff,
        state=state,
        certainty="sure",
        score=0,
        rank=1,
        asked_at=pilot.begun,
    )


def _moments(pilot: _Pilot, agreements: Sequence[Agreement]) -> None:
    """Write the moments that took place, each with the report it is known by, and some that hosts withdrew."""
    found = pilot_moments(pilot.plan)
    held = [_moment(pilot, agreements[each.initiative], each) for each in found]
    UsageMoment.objects.bulk_create(held)
    CheckIn.objects.bulk_create(
        CheckIn(
            moment=row,
            way=WAYS[each.evidence],
            was_held=True,
            people=each.people,
            first_timers=each.first_timers,
            key=f"pilot {number:05}",
            said_at=row.ends_at,
        )
        for number, (row, each) in enumerate(zip(held, found, strict=True))
        if each.evidence in WAYS
    )
    lost = [_moment(pilot, agreements[each.initiative], each) for each in found[:: len(found) // WITHDRAWN][:WITHDRAWN]]
    for row in lost:
        later = timedelta(hours=12)
        row.starts_at, row.ends_at = row.starts_at + later, row.ends_at + later
        row.state, row.evidence, row.people, row.first_timers = State.WITHDRAWN, "", None, None
        row.reason, row.settled_at = "needed", None
    UsageMoment.objects.bulk_create(lost)


def _moment(pilot: _Pilot, agreement: Agreement, said: PilotMoment) -> UsageMoment:
    ends_at = said.ends.replace(tzinfo=pilot.zone)
    return UsageMoment(
        agreement=agreement,
        space=agreement.offer.space,
        starts_at=said.starts.replace(tzinfo=pilot.zone),
        ends_at=ends_at,
        state=State.HELD,
        evidence=Evidence(said.evidence),
        people=said.people,
        first_timers=said.first_timers,
        settled_at=ends_at,
    )


def _not_placed(pilot: _Pilot, offers: Sequence[Offer]) -> None:
    """Write requests for which no room was found, each for one of the reasons there are."""
    dice = random.Random(SLUG)  # noqa: S311  # a made-up ledger
    for number in range(NOT_PLACED):
        how = dice.choice(("expired", "expired", "withdrawn", "host", "group", "silent"))
        state = "withdrawn" if how == "withdrawn" else "expired"
        request = _request(pilot, number, state=state, title=f"Verzonnen vraag {number + 1}")
        if how in ("host", "group", "silent"):
            ended = ProposalState.EXPIRED if how == "silent" else ProposalState.DECLINED
            proposal = _proposal(pilot, request, dice.choice(offers), ended)
            if how != "silent":
                side = Side.HOST if how == "host" else Side.ASKER
                Answer.objects.create(proposal=proposal, side=side, kind=Kind.NO, reason="time")


def _settle(pilot: _Pilot) -> None:
    """Write its targets, its costs, and the value that others gave its initiatives."""
    first, last, programme = pilot.plan["first"], pilot.plan["last"], pilot.programme
    for figure, amount in (("hours", 2_500), ("initiatives", 30), ("hosts", 12)):
        Target.objects.create(programme=programme, figure=figure, first=first, last=last, amount=amount)
    Cost.objects.create(programme=programme, what="Matchmaker (verzonnen)", first=first, last=last, cents=6_200_000)
    PortfolioValue.objects.create(programme=programme, is_at_least=True, **pilot.plan["portfolio"])
    parameters = read_impact_parameters()
    tariff, hall = parameters.tariff, parameters.halls["paradiso"]
    FigureTerms.objects.create(
        programme=programme,
        tariff_low=tariff.low,
        tariff=tariff.value,
        tariff_high=tariff.high,
        tariff_year=tariff.price_year or programme.starts_on.year,
        tariff_source=tariff.source,
        hall_name=hall.name,
        hall_m2=round(hall.m2),
        hall_source=hall.source,
        hall_year=hall.year,
    )
