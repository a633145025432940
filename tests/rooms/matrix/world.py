"""One small city with somebody of each role in it, and one thing of each kind; tests of access walk through it."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from PIL import Image
from tests.rooms.agreements.makers import make_agreed, make_draft, make_signed
from tests.rooms.makers import (
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
from tests.rooms.matrix.impact_world import make_impact
from tests.rooms.matrix.outcomes_world import make_outcomes

from meervoud.agreements.consenting import Approved, note_approval
from meervoud.agreements.contacts import Opens, Reach, add_contact, add_secret
from meervoud.agreements.models import (
    AccessSecret,
    Agreement,
    AgreementContact,
    Approval,
    ContractTemplate,
    Dependence,
    Document,
    Notice,
    TrialAnswer,
)
from meervoud.agreements.own_contracts import put_contract
from meervoud.agreements.papers.word import own_template
from meervoud.agreements.uploads import Paper
from meervoud.demand.models import Request, RequestRule
from meervoud.matching.answer_links import write_link
from meervoud.matching.answering import Said, say_more
from meervoud.matching.asking import ask_hosts
from meervoud.matching.desk_cases import call_back, note_on_request
from meervoud.matching.desk_filters import Chosen, save_filter
from meervoud.matching.desk_merging import tell_apart
from meervoud.matching.lead_lists import bring_leads, keep_list, read_places
from meervoud.matching.models import DeskNote, Lead, LeadList, MatchRun, Proposal, SavedFilter, Side
from meervoud.matching.proposing import propose_by_hand
from meervoud.matching.running import start_run
from meervoud.outcomes.models import (
    AnswerSheet,
    Cost,
    ImpactPlan,
    ImpactReport,
    ImpactStory,
    PastSheet,
    ProgrammeReport,
    Released,
    Story,
    ValuationRun,
    Wave,
)
from meervoud.parties.conversations import About, start_conversation
from meervoud.parties.mail_links import rhythm_token
from meervoud.parties.models import (
    Conversation,
    Held,
    Invitation,
    Membership,
    Message,
    Organisation,
    Person,
    Programme,
    Report,
    ServedRecord,
)
from meervoud.parties.models.organisations import Role
from meervoud.parties.organisations import invite
from meervoud.parties.reports import Reported, report
from meervoud.parties.served import Call, Caller, add_caller, serve
from meervoud.places.actions import add_photo
from meervoud.places.models import Building, Neighbourhood, Photo
from meervoud.site.imports.differences import Setting
from meervoud.site.imports.orders import confirm_import
from meervoud.site.imports.runs import preview_of, setting_of, start_import
from meervoud.site.keys import make_key
from meervoud.site.models import ApiKey, ImportRun
from meervoud.supply.calendar import Span
from meervoud.supply.host_calendars import put_calendar_file
from meervoud.supply.models import HostCalendar, Offer
from meervoud.usage.changing import Said as Off
from meervoud.usage.changing import call_off
from meervoud.usage.checking_in import Report as Told
from meervoud.usage.checking_in import check_in
from meervoud.usage.ending import Ending, give_notice
from meervoud.usage.feeds import make_feed
from meervoud.usage.incidents import Happened, tell_incident
from meervoud.usage.links import door_token, handed_on_token
from meervoud.usage.models import (
    DoorCode,
    Feed,
    Incident,
    PlanChange,
    SheetMail,
    SheetReader,
    StandIn,
    UsageMoment,
    Wait,
)
from meervoud.usage.plan_changes import Asking, add_moments
from meervoud.usage.planning import choose, preview_plan
from meervoud.usage.sheet_readers import add_reader, sheet_token
from meervoud.usage.standing_in import ask_stand_in
from meervoud.usage.waiting import wait_for
from meervoud.usage.wishes import Days, Hours

NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CALENDAR: Final = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261101T000000Z\r\n"
    b"DTSTART:20261201T100000Z\r\nDTEND:20261201T120000Z\r\nSUMMARY:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
ROLES: Final = (
    "anonymous",
    "nobody",
    "member",
    "manager",
    "deputy",
    "other_host",
    "asker",
    "other_asker",
    "matchmaker",
    "other_matchmaker",
    "administrator",
)
"""Who looks; `nobody` is signed in without anything, `other_...` has the same role elsewhere."""
STAFF: Final = ("matchmaker", "other_matchmaker", "administrator")
"""Who needs a second step to sign in."""
PLACES: Final = (
    b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": '
    b'[4.9, 52.37]}, "properties": {"osm": "node/7", "name": "Quay office", "office": "company", "footprint_m2": 300}}]}'
)
PAPER: Final = Paper(b"%PDF-1.4\ntrailer<<>>\n%%EOF\n", "application/pdf")
SHEET: Final = b"id,host,name,kind,people\n1,Hosts of the North,North room,cafe_restaurant,12\n"


@contextmanager
def noon() -> Iterator[None]:
    """Stop the clock at NOW."""
    with patch("django.utils.timezone.now", return_value=NOW):
        yield


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is written inside; an index that was made of it is for the caller to forget."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@dataclass
class World:
    """The things that addresses are about."""

    programme: Programme
    people: Mapping[str, Person]
    host: Organisation
    other: Organisation
    unchecked: Organisation
    online: Offer
    draft: Offer
    photo: Photo
    draft_photo: Photo
    calendar: HostCalendar
    open: Request
    sheltered: Request
    rule: RequestRule
    sheltered_rule: RequestRule
    proposal: Proposal
    suggestion: Proposal
    run: MatchRun
    conversation: Conversation
    invitation: Invitation
    token: str
    key: ApiKey
    record: ServedRecord
    host_record: ServedRecord
    code: str
    waiting: ImportRun
    imported: ImportRun
    elsewhere: ImportRun
    fingerprint: str
    lead: Lead
    lead_list: LeadList
    held: Held
    message: Message
    report: Report
    answer_token: str
    mail_token: str
    desk_note: DeskNote
    saved_filter: SavedFilter
    agreement: Agreement
    approval: Approval
    signed: Agreement
    moment: UsageMoment
    plan_change: PlanChange
    stand_in: StandIn
    wait: Wait
    feed: Feed
    feed_secret: str
    here_token: str
    door_token: str
    building: Building
    reader: SheetReader
    sheet_token: str
    incident: Incident
    scan: Document
    own_contract: ContractTemplate
    contact: AgreementContact
    secret: AccessSecret
    dependence: Dependence
    notice: Notice
    cost: Cost
    own_report: ProgrammeReport
    draft_report: ProgrammeReport
    story: Story
    draft_story: Story
    past_sheet: PastSheet
    released: Released
    own_plan: ImpactPlan
    valued: ValuationRun
    told: ImpactStory
    impact_out: ImpactReport
    impact_gone: ImpactReport
    wave: Wave
    wave_token: str
    answer_sheet: AnswerSheet
    answer_back: str

    def client(self, role: str) -> Client:
        """Return a browser that this role is signed in to."""
        client = Client(headers={"accept-language": "en"})
        if role != "anonymous":
            client.force_login(self.people[role])
        return client


def make_neighbourhood(programme: Programme, name: str = "Havenkwartier", west: float = 4.88) -> Neighbourhood:
    """Make a square of a city."""
    south, north, east = 52.36, 52.38, west + 0.04
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return Neighbourhood.objects.create(
        programme=programme,
        code=name.lower(),
        name=name,
        outline={"type": "Polygon", "coordinates": [ring]},
        west=west,
        south=south,
        east=east,
        north=north,
    )


def make_picture(note: str = "") -> bytes:
    """Make a JPEG; the note stands in what the camera wrote."""
    image, written = Image.new("RGB", (64, 48), "teal"), io.BytesIO()
    exif = image.getexif()
    exif[0x010E], exif[0x013B] = note, note  # description, artist
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 22.0, 18.94), 3: "E", 4: (4.0, 53.0, 9.21), 27: note.encode()})
    image.save(written, "JPEG", exif=exif, comment=note.encode())
    return written.getvalue()


def make_people(programme: Programme, other_programme: Programme) -> dict[str, Person]:
    """Make somebody of each role that needs nothing else; memberships follow with the organisations."""
    names = ("nobody", "member", "manager", "deputy", "other_host", "asker", "other_asker")
    people = {name: make_person(name.title()) for name in names}
    people["matchmaker"] = make_matchmaker(programme)
    people["other_matchmaker"] = make_matchmaker(other_programme)
    people["administrator"] = make_person("Administrator", is_staff=True, is_superuser=True)
    for role in STAFF:
        Authenticator.objects.get_or_create(user=people[role], type="totp", defaults={"data": {"secret": "set up"}})
    return people


def make_world() -> World:
    """Make the city: two programmes, three hosts, two groups that ask, and what they wrote to each other."""
    programme = make_programme(starts_on=date(2025, 1, 1))
    other_programme = make_programme()
    people = make_people(programme, other_programme)
    make_neighbourhood(programme)
    host = make_organisation(programme, member=people["manager"])
    Membership.objects.create(person=people["member"], organisation=host, role=Role.MEMBER)
    Membership.objects.create(person=people["deputy"], organisation=host, role=Role.DEPUTY)
    other = make_organisation(programme, member=people["other_host"])
    unchecked = make_organisation(programme, verified=False)
    online = make_offer(programme, host=host, space=make_space(make_building(programme, host)))
    draft = make_offer(programme, host=other, published=False)
    add_photo(space=online.space, by=people["manager"], data=make_picture(), description="The room")
    add_photo(space=draft.space, by=people["other_host"], data=make_picture(), description="The other room")
    calendar = put_calendar_file(
        offer=online, by=people["manager"], name="ours.ics", data=CALENDAR % b"Board meeting", now=NOW
    )
    initiative = make_organisation(programme, member=people["asker"], kind="foundation")
    asked = make_request(programme, asked_by=people["asker"], organisation=initiative, needs=(weekly(),))
    shelter = make_organisation(programme, member=people["other_asker"], kind="foundation")
    sheltered = make_request(programme, asked_by=people["other_asker"], organisation=shelter, is_sheltered=True)
    talk = start_conversation(
        programme=programme,
        by=people["asker"],
        organisation=host,
        about=About("offer", online.pk, online.space.name),
        text="May we come?",
    )
    invitation, token = invite(
        organisation=host, email="invited@example.org", role=Role.MEMBER, by=people["manager"], now=NOW
    )
    record, code = make_record(programme, people["matchmaker"])
    return World(
        programme=programme,
        people=people,
        host=host,
        other=other,
        unchecked=unchecked,
        online=online,
        draft=draft,
        photo=online.space.photos.get(),
        draft_photo=draft.space.photos.get(),
        calendar=calendar,
        open=asked,
        sheltered=sheltered,
        rule=asked.rules.get(),
        sheltered_rule=sheltered.rules.get(),
        proposal=make_proposal(asked, online, people["matchmaker"]),
        run=start_run(programme=programme, by=people["matchmaker"]),
        suggestion=make_proposal(sheltered, online, people["matchmaker"], is_asked=False),
        conversation=talk,
        invitation=invitation,
        token=token,
        key=make_key(person=people["manager"], name="Our website", scopes=["read:offers"], now=NOW)[0],
        record=record,
        host_record=make_host_record(programme, people["matchmaker"]),
        code=code,
        **make_leads(programme, people["matchmaker"]),
        **make_moderation(programme, host, online, talk),
        **make_desk(asked, sheltered, people["matchmaker"]),
        **make_evening(online, people["manager"]),
        **make_outcomes(programme, people["matchmaker"], NOW),
        **make_impact(asked, people["asker"], NOW),
        **make_agreements(other_programme, people["other_matchmaker"]),
        **make_imports(programme, people["matchmaker"], other_programme, people["other_matchmaker"]),
    )


def make_agreements(programme: Programme, by: Person) -> dict[str, Any]:
    """Make an agreement that waits for an approval, and one that both sides signed, between people of no other role."""
    host, asker = make_organisation(programme, member=make_person()), make_person()
    make_organisation(programme, member=asker, kind="foundation")
    waiting = make_agreed(programme, host, asker, by, NOW, "Walking group")
    settled = make_agreed(programme, host, asker, by, NOW, "Reading group")
    agreement, approval = make_draft(waiting, by, NOW)
    note_approval(approval=approval, by=by, said=Approved("refused", TODAY, minutes=PAPER))
    signed = make_signed(settled, by, NOW, TODAY, scan=PAPER)
    own = put_contract(programme=programme, by=by, code="en", name="ours.docx", data=own_template("en"))
    return {
        **make_usage(fresh(signed, by), by),
        "sheet_token": make_sheet_link(signed, by),
        "agreement": agreement,
        "approval": approval,
        "signed": signed,
        "scan": signed.documents.get(form="scan"),
        "own_contract": own,
        **make_lasting(signed, by),
    }


def fresh(agreement: Agreement, by: Person) -> Agreement:
    """Return an agreement with what its plan looks at."""
    rows = Agreement.objects.visible_to(by).select_related(
        "programme", "offer__space__building", "offer__host", "request__programme", "request__asked_by"
    )
    return rows.get(pk=agreement.pk)


def make_usage(signed: Agreement, by: Person) -> dict[str, Any]:
    """Make a plan in which a moment is withdrawn, another room is asked for it, more moments wait for a yes, and more."""
    asker, offer = signed.request.asked_by, signed.offer
    moments = list(signed.moments.order_by("starts_at").select_related("agreement__offer__space"))
    call_off(moment=moments[0], scope="one", said=Off(by, Side.HOST, "own_use", NOW))
    near = make_offer(signed.programme, host=make_organisation(signed.programme, member=make_person()))
    first = moments[-1].starts_at.astimezone(UTC).date() + timedelta(days=7)
    wish = Days((first,), Hours(time(19), time(21)))
    preview = preview_plan(agreement=signed, wish=wish, people=5, now=NOW)
    chosen, asking = choose(preview, preview.token, {}), Asking(asker, Side.ASKER, "world", NOW)
    told = Told("link", "key-of-the-world", was_held=True, people=9)
    check_in(moment=moments[2], report=told, now=moments[2].ends_at)
    signed.moments.filter(pk=moments[2].pk).update(state="planned", evidence="", people=None)
    feed, secret = make_feed(person=by, about="person")
    span = Span(moments[1].starts_at + timedelta(weeks=20), moments[1].ends_at + timedelta(weeks=20))
    door = DoorCode.objects.create(building=offer.space.building, space=offer.space)
    return {
        "moment": moments[1],
        "plan_change": add_moments(agreement=signed, wish=wish, chosen=chosen, asking=asking),
        "stand_in": ask_stand_in(moment=moments[0], offer=near, by=by, now=NOW),
        "wait": wait_for(agreement=signed, span=span, by=asker, now=NOW),
        "feed": feed,
        "feed_secret": secret,
        "here_token": handed_on_token(moments[1]),
        "door_token": door_token(door),
    }


def make_sheet_link(signed: Agreement, by: Person) -> str:
    """Let reception read the sheet of a building without an account, and return the word in its link."""
    return sheet_token(add_reader(building=signed.offer.space.building, by=by, role="reception", name="Reception"))


def make_evening(online: Offer, by: Person) -> dict[str, Any]:
    """Let a guard read the sheet of a building, mail them one, and tell that a tap drips there."""
    building = online.space.building
    reader = add_reader(building=building, by=by, role="guard", name="Night guard", email="guard@example.org")
    SheetMail.objects.create(building=building, reader=reader, day=TODAY, fingerprint="f" * 64, sent_at=NOW)
    said = Happened("damage", "The tap drips", "key-of-the-evening", by, photo=make_picture())
    return {
        "building": building,
        "reader": reader,
        "incident": tell_incident(building=building, said=said, space=online.space),
    }


def make_lasting(signed: Agreement, by: Person) -> dict[str, Any]:
    """Make whom to call, a code, who depends on the place, notice that waits for a yes, and an answer after a trial."""
    reach, opens = Reach(Side.HOST, "contact", "Conny Concierge", "020 555 0123"), Opens("code", "4711")
    host = signed.offer.host.memberships.get().person
    TrialAnswer.objects.create(agreement=signed, side=Side.HOST, goes_on=True, by=by)
    said = Ending(host, Side.HOST, TODAY + timedelta(days=3), "both", "We move")
    return {
        "contact": add_contact(agreement=signed, by=by, reach=reach),
        "secret": add_secret(agreement=signed, by=by, opens=opens),
        "dependence": signed.dependences.get(),
        "notice": give_notice(agreement=signed, said=said, now=NOW),
    }


def make_imports(programme: Programme, by: Person, other_programme: Programme, other: Person) -> dict[str, Any]:
    """Make a sheet that waits, the same sheet after it was confirmed, and one of another programme."""

    def start(programme: Programme, by: Person) -> tuple[ImportRun, Setting, str]:
        setting = setting_of(programme, by, NOW, TODAY)
        run = start_import(setting=setting, kind="spaces", name="rooms.csv", content=SHEET, most_rows=None)
        return run, setting, preview_of(run, setting).fingerprint

    imported, setting, fingerprint = start(programme, by)
    imported = confirm_import(run=imported, setting=setting, fingerprint=fingerprint)
    waiting, _, fingerprint = start(programme, by)
    elsewhere, _, _ = start(other_programme, other)
    return {"waiting": waiting, "imported": imported, "elsewhere": elsewhere, "fingerprint": fingerprint}


def make_moderation(programme: Programme, host: Organisation, online: Offer, talk: Conversation) -> dict[str, Any]:
    """Hold the first message of a stranger back, report a space, and sign the links of mails."""
    stranger, about = make_person("Stranger"), About("offer", online.pk, online.space.name)
    start_conversation(programme=programme, by=stranger, organisation=host, about=about, text="Buy our chairs")
    thing = Reported("offer", online.pk, programme)
    manager = host.memberships.get(role=Role.MANAGER).person
    proposal = Proposal.objects.every(because="a test").filter(state="asked").get()
    return {
        "held": Held.objects.visible_to(stranger).get(),
        "message": talk.messages.get(),
        "report": report(reported=thing, by=stranger, wrong="not_true", text="The lift is broken", now=NOW),
        "answer_token": write_link(proposal, Side.HOST, manager),
        "mail_token": rhythm_token(manager),
    }


def make_leads(programme: Programme, by: Person) -> dict[str, Any]:
    """Make a lead of the map, and keep the same extract until somebody says yes."""
    bring_leads(programme=programme, places=read_places("places.geojson", PLACES).taken, by=by)
    lead = Lead.objects.visible_to(by).get()
    return {"lead": lead, "lead_list": keep_list(programme=programme, by=by, name="places.geojson", content=PLACES)}


def make_desk(asked: Request, other: Request, by: Person) -> dict[str, Any]:
    """Make what the desk keeps: a note, a day to call back, a filter, and two requests that are not the same."""
    call_back(request=asked, by=by, day=TODAY, why="The host wants to know more")
    tell_apart(one=asked, other=other, by=by)
    chosen = Chosen({"show": "new"})
    return {
        "desk_note": note_on_request(request=asked, by=by, text="Better called in the morning", now=NOW),
        "saved_filter": save_filter(by=by, programme=asked.programme, name="New ones", chosen=chosen, is_shared=True),
    }


def make_record(
    programme: Programme, by: Person, caller: Caller | None = None, note: str = ""
) -> tuple[ServedRecord, str]:
    """Enter a request for somebody who called."""
    caller = caller or Caller("Greta Caller", "020 555 0199", "Postlane 1")
    person = add_caller(caller)
    request = make_request(programme, asked_by=person, title="Card evening")
    return serve(person=person, caller=caller, thing=request, by=by, call=Call(NOW, note))


def make_proposal(request: Request, offer: Offer, by: Person, *, is_asked: bool = True) -> Proposal:
    """Propose a space for a request; where the host is asked, the group has put a question already."""
    proposal = propose_by_hand(request=request, offer=offer, by=by, now=NOW)
    if is_asked:
        ask_hosts(proposals=[proposal], by=by, now=NOW, asker_agrees=False)
        said = Said(Side.ASKER, request.asked_by, NOW, "Is there a piano?")
        say_more(proposal=proposal, said=said, kind="question")
    return proposal


def make_host_record(programme: Programme, by: Person) -> ServedRecord:
    """Enter a space for a host who called."""
    caller = Caller("Gerrit Caller", "020 555 0198", "Postlane 2")
    person = add_caller(caller)
    host = make_organisation(programme, member=person, verified=False)
    offer = make_offer(programme, host=host, published=False)
    return serve(person=person, caller=caller, thing=offer, by=by, call=Call(NOW))[0]


def foreign_id(world: World, argument: str) -> UUID:
    """Return the id of something that only its own people may see, for an address that no table names yet."""
    known = {"run_id": world.waiting.pk, "request_id": world.sheltered.pk, "organisation_id": world.other.pk}
    return known.get(argument, world.draft.pk)


__all__ = ["NOW", "ROLES", "TODAY", "World", "foreign_id", "make_record", "make_world", "noon", "undone"]
