"""Private texts that nobody else writes, planted in every private field of a world, and who may see each."""

from dataclasses import dataclass
from typing import Final

from tests.rooms.makers import (
    make_offer,
)
from tests.rooms.matrix.world import CALENDAR, NOW, World, make_picture, make_record, make_world

from meervoud.demand.models import Request
from meervoud.outcomes.impact.writing import keep_step
from meervoud.outcomes.models import AnswerSheet, Step
from meervoud.parties.conversations import About, reply, start_conversation
from meervoud.parties.models import Organisation
from meervoud.parties.organisations import invite
from meervoud.parties.served import Caller
from meervoud.places.actions import add_photo, settle
from meervoud.places.models import Building, Photo, Space
from meervoud.supply.actions import change_offered_space, pause_offer, save_changed
from meervoud.supply.host_calendars import put_calendar_file
from meervoud.supply.models import Offer

HOST: Final = frozenset({"member", "manager", "deputy"})
DESK: Final = frozenset({"matchmaker"})
ADMIN: Final = frozenset({"administrator"})
NOBODY: Final = frozenset[str]()
LATITUDE, LONGITUDE = 52.371928374651, 4.893746152839
"""Where the building stands; a public point has four decimals and lies elsewhere."""


@dataclass(frozen=True)
class Canary:
    """A text, and the roles that may see it."""

    name: str
    text: str
    seen_by: frozenset[str]


def plant_building(host: Organisation, offer: Offer) -> list[Canary]:
    """Plant what is private of a place."""
    private = {
        "name": "Huize Zwanendrift",
        "street": "Kwikstaartlaan 4711",
        "postcode": "9876 ZQ",
        "town": "Geheimstad",
        "access_notes": "Sleutelkluis achter de regenpijp, 73915",
    }
    building: Building = offer.space.building
    for field, text in private.items():
        setattr(building, field, text)
    building.latitude, building.longitude = LATITUDE, LONGITUDE
    settle(building)
    building.save()
    Space.objects.every(because="a test").filter(pk=offer.space_id).update(source_key="BRONSLEUTEL-5521")
    Organisation.objects.every(because="a test").filter(pk=host.pk).update(register_number="KVK-55443322")
    canaries = [Canary(f"building {field}", text, HOST | DESK) for field, text in private.items()]
    return [
        *canaries,
        Canary("latitude", str(LATITUDE)[:8], HOST | DESK),
        Canary("longitude", str(LONGITUDE)[:7], HOST | DESK),
        Canary("source key", "BRONSLEUTEL-5521", HOST | DESK),
        Canary("register number", "KVK-55443322", HOST | DESK | ADMIN),
    ]


SEES_NAME: Final = {
    "manager": HOST | DESK | {"asker"},
    "member": HOST | DESK,
    "deputy": HOST | DESK,
    "asker": HOST | DESK | {"asker"},
}
"""Who may see a name: who acts for the same organisation, the desk, and both sides of a conversation."""


def plant_people(world: World) -> list[Canary]:
    """Plant names, addresses and phone numbers."""
    canaries = []
    for number, (role, person) in enumerate(world.people.items()):
        person.name, person.email = f"Zwartkruis-{role}", f"roerdomp.{role}@geheim.example"
        person.phone = f"+31 6 135790{number:02}"
        person.save()
        itself = frozenset({role})
        canaries += [
            Canary(f"name of {role}", person.name, SEES_NAME.get(role, DESK) | itself | ADMIN),
            Canary(f"e-mail of {role}", person.email, itself | ADMIN),
            Canary(f"phone of {role}", person.phone, itself),
        ]
    return canaries


def plant_requests(world: World) -> list[Canary]:
    """Plant what a request tells: of a sheltered one everything, of another one who it is."""
    own = frozenset({"other_asker"}) | DESK
    words = {
        "title": "Schuilkring Nachtegaal",
        "for_whom": "vrouwen van de Kerkuil",
        "brings_about": "Veilig slapen bij de Wielewaal",
        "neighbourhood": "Stille Hoek",
        "meets_at_key": "ONDERDUIK-31",
        "source_key": "AANVRAAG-7788",
    }
    rows = Request.objects.every(because="a test")
    rows.filter(pk=world.sheltered.pk).update(**words, cause="newcomers")
    rows.filter(pk=world.open.pk).update(
        title="Kring Roodborst", for_whom="buren van Roodborst", source_key="AANVRAAG-99"
    )
    organisations = Organisation.objects.every(because="a test")
    organisations.filter(requests__pk=world.sheltered.pk).update(name="Stichting Verborgen Huis")
    organisations.filter(requests__pk=world.open.pk).update(name="Vereniging Appelvink")
    asker = frozenset({"asker"}) | DESK
    return [
        *(Canary(f"sheltered {field}", text, own) for field, text in words.items()),
        Canary("sheltered organisation", "Stichting Verborgen Huis", own | ADMIN),
        Canary("title of a request", "Kring Roodborst", asker),
        Canary("whom a request is for", "buren van Roodborst", asker),
        Canary("source key of a request", "AANVRAAG-99", asker),
        Canary("organisation of a request", "Vereniging Appelvink", asker | ADMIN),
    ]


def plant_offers(world: World) -> list[Canary]:
    """Plant offers that are not online: a draft, a paused one, one of a host that nobody checked."""
    by, other = world.people["other_host"], frozenset({"other_host"}) | DESK
    change_offered_space(
        offer=world.draft, by=by, values={"name": "Tekenzaal Ontwerp", "description": "Nog stil Krakeend"}
    )
    paused = make_offer(world.programme, host=world.other, name="Zaal Winterslaap", house_rules="Niet storen, Bergeend")
    pause_offer(offer=paused, by=by)
    make_offer(world.programme, host=world.unchecked, name="Lokaal Onbekend")
    world.unchecked.name, world.unchecked.register_number = "Stichting Nog Niet", "KVK-11223344"
    world.unchecked.save()
    return [
        Canary("draft name", "Tekenzaal Ontwerp", other),
        Canary("draft description", "Nog stil Krakeend", other),
        Canary("paused name", "Zaal Winterslaap", other),
        Canary("paused rules", "Niet storen, Bergeend", other),
        Canary("unchecked offer", "Lokaal Onbekend", DESK),
        Canary("unchecked host", "Stichting Nog Niet", DESK | ADMIN),
        Canary("unchecked register number", "KVK-11223344", DESK | ADMIN),
    ]


def plant_words(world: World) -> list[Canary]:
    """Plant what people wrote to each other, a letter, an invitation, a calendar and the notes of a camera."""
    manager, talks = world.people["manager"], HOST | DESK | {"asker"}
    about = About("offer", world.online.pk, world.online.space.name)
    talk = start_conversation(
        programme=world.programme,
        by=world.people["asker"],
        organisation=world.host,
        about=about,
        text="Oranjetip vraagt",
    )
    reply(conversation=talk, by=manager, text="Distelvlinder antwoordt")
    caller = Caller("Belster Putter", "020 777 66 55", "Postbusstraat 88 geheim")
    world.record, world.code = make_record(world.programme, world.people["matchmaker"], caller, "Belt terug na Grutto")
    world.invitation, world.token = invite(
        organisation=world.host, email="genodigde@geheim.example", role="member", by=manager, now=NOW
    )
    put_calendar_file(offer=world.online, by=manager, name="a.ics", data=CALENDAR % b"Ontslaggesprek Valk", now=NOW)
    world.calendar.refresh_from_db()
    world.calendar.url, world.calendar.file_name = "https://agenda.example/geheim-9f8e7d6c/basic.ics", ""
    world.calendar.save()
    return [
        Canary("question", "Oranjetip vraagt", talks),
        Canary("answer", "Distelvlinder antwoordt", talks),
        Canary("caller", "Belster Putter", DESK | ADMIN),
        Canary("phone of the caller", "020 777 66 55", DESK),
        Canary("postal address", "Postbusstraat 88 geheim", DESK),
        Canary("note of the call", "Belt terug na Grutto", DESK),
        Canary("claim code", world.code, NOBODY),
        Canary("claim code stored", world.record.code_hash, NOBODY),
        Canary("invitation token", world.token, NOBODY),
        Canary("invitation token stored", world.invitation.token_hash, NOBODY),
        Canary("invited address", "genodigde@geheim.example", frozenset({"manager", "deputy"})),
        Canary("title in a calendar", "Ontslaggesprek Valk", NOBODY),
        Canary("secret of a calendar's address", "geheim-9f8e7d6c", NOBODY),
    ]


def plant_photos(world: World) -> list[Canary]:
    """Plant what a camera writes in a photo."""
    for offer, role in ((world.online, "manager"), (world.draft, "other_host")):
        data = make_picture("Fotograaf Kwartelman")
        assert b"Fotograaf Kwartelman" in data
        add_photo(space=offer.space, by=world.people[role], data=data, description="The room")
    world.photo = Photo.objects.every(because="a test").filter(space=world.online.space_id).order_by("-order")[0]
    world.draft_photo = Photo.objects.every(because="a test").filter(space=world.draft.space_id).order_by("-order")[0]
    return [Canary("note in a photo", "Fotograaf Kwartelman", NOBODY)]


def plant_import(world: World) -> list[Canary]:
    """Plant a sheet that waits to be confirmed."""
    world.waiting.file_name = "Lijst-Tapuit.csv"
    world.waiting.content = b"name,organisation,street,kind\nKamer Steltkluut,Bond Dodaars,Rietzangerweg 1,office\n"
    world.waiting.save()
    texts = {"name": "Lijst-Tapuit", "row": "Kamer Steltkluut", "host": "Bond Dodaars", "street": "Rietzangerweg 1"}
    return [Canary(f"{name} in a sheet", text, DESK) for name, text in texts.items()]


def plant_lead(world: World) -> list[Canary]:
    """Plant what the desk knows of a place that may become a host, and a file that waits."""
    world.lead.name, world.lead.street = "Kantoor Regenwulp", "Griendkade 5"
    world.lead.note, world.lead.source_id = "Bel na Torenvalk", "node/778899001"
    world.lead.save()
    world.lead_list.file_name = "Uittreksel-Kluut.geojson"
    world.lead_list.save()
    texts = {
        "name": world.lead.name,
        "street": world.lead.street,
        "note": world.lead.note,
        "number": world.lead.source_id,
        "file": world.lead_list.file_name,
    }
    return [Canary(f"{name} of a lead", text, DESK) for name, text in texts.items()]


def plant_desk(world: World) -> list[Canary]:
    """Plant what the desk writes about a request, and how somebody named a filter."""
    case = world.open.desk_case
    case.call_why = "Terugbellen over Waterhoen"
    case.save()
    world.desk_note.text = "Liever niet storen, Tureluur"
    world.desk_note.save()
    world.saved_filter.name = "Filter Kemphaan"
    world.saved_filter.save()
    return [
        Canary("note of the desk", world.desk_note.text, DESK),
        Canary("why the desk calls back", case.call_why, DESK),
        Canary("name of a filter", world.saved_filter.name, DESK),
    ]


def plant_evening(world: World) -> list[Canary]:
    """Plant who looks after a building, and what happened there."""
    world.reader.name, world.reader.email = "Bewaker Steltkluut", "steltkluut@geheim.example"
    world.reader.save()
    world.incident.note = "Ruit stuk bij de Bontbekplevier"
    world.incident.save()
    return [
        Canary("name of a reader", world.reader.name, HOST | DESK),
        Canary("e-mail of a reader", world.reader.email, HOST | DESK),
        Canary("what happened", world.incident.note, HOST | DESK),
    ]


def plant_impact(world: World) -> list[Canary]:
    """Plant what people answered without a name, who agreed to be in a story, and what a plan tells nobody yet."""
    rows = AnswerSheet.objects.every(because="a test").filter(pk=world.answer_sheet.pk)
    rows.update(words="Sinds de Kruisbek voel ik me minder alleen", pseudonym="feedface0123456789abcdef")
    world.told.consent_of = "Moeder Goudhaan"
    world.told.save()
    telling = {"telling": {"summary": "Nog geheim: de Sperwer"}, "decisions": [], "funding": {}}
    by = world.people["asker"]
    keep_step(plan=world.own_plan, step=Step.REPORT, content=telling, edits=0, by=by)
    asker = frozenset({"asker"})
    return [
        Canary("words of somebody who answered", "Sinds de Kruisbek", asker),
        Canary("pseudonym of somebody who answered", "feedface0123456789abcdef", NOBODY),
        Canary("who agreed to be in a story", "Moeder Goudhaan", NOBODY),
        Canary("what a plan tells nobody yet", "de Sperwer", asker),
    ]


def make_planted_world() -> tuple[World, list[Canary]]:
    """Make a world with a canary in every private field."""
    world = make_world()
    canaries = [
        *plant_building(world.host, world.online),
        *plant_people(world),
        *plant_requests(world),
        *plant_offers(world),
        *plant_words(world),
        *plant_photos(world),
        *plant_import(world),
        *plant_lead(world),
        *plant_desk(world),
        *plant_evening(world),
        *plant_impact(world),
    ]
    save_changed(world.online)
    return world, canaries
