"""One small city with somebody of each role in it, and one thing of each kind; tests of access walk through it."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
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

from meervoud.agreements.models import Agreement, Approval
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
from meervoud.places.models import Neighbourhood, Photo
from meervoud.site.imports.differences import Setting
from meervoud.site.imports.orders import confirm_import
from meervoud.site.imports.runs import preview_of, setting_of, start_import
from meervoud.site.keys import make_key
from meervoud.site.models import ApiKey, ImportRun
from meervoud.supply.host_calendars import put_calendar_file
from meervoud.supply.models import HostCalendar, Offer

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
    return {"agreement": agreement, "approval": approval, "signed": make_signed(settled, by, NOW, TODAY)}


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
