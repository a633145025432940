"""Every page once in each language and width: readable, for axe too, no wider than the screen, nothing in the console."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from meervoud.agreements.contacts import Opens, Reach, add_contact, add_secret
from meervoud.agreements.drafts import change_terms, last_version, propose_agreement
from meervoud.agreements.models import Agreement
from meervoud.agreements.own_contracts import put_contract
from meervoud.agreements.papers.word import own_template
from meervoud.agreements.terms import read_terms
from meervoud.matching.answer_links import write_link
from meervoud.matching.asking import ask_hosts
from meervoud.matching.lead_lists import bring_leads, keep_list, read_places
from meervoud.matching.leads import ask_lead, call_back_on, say_no_for
from meervoud.matching.models import Lead, Proposal, Side
from meervoud.matching.proposing import propose_by_hand
from meervoud.matching.running import start_run, work_on_run
from meervoud.outcomes.models import PastSheet
from meervoud.outcomes.past_imports import keep_sheet
from meervoud.parties.conversations import About, start_conversation
from meervoud.parties.mail_links import rhythm_path
from meervoud.parties.models import Person, Programme
from meervoud.parties.reports import Reported, report
from meervoud.parties.served import Call, Caller, add_caller, serve
from meervoud.places.actions import add_photo
from meervoud.supply.host_calendars import put_calendar_file
from meervoud.usage.doors import make_door_code
from meervoud.usage.incidents import Happened, tell_incident
from meervoud.usage.models import SheetReader, UsageMoment
from meervoud.usage.sheet_readers import add_reader, sheet_token
from tests.journeys.conftest import NewWalk
from tests.journeys.test_web_journeys import make_city
from tests.journeys.walk import Walk
from tests.rooms.agreements.makers import make_agreed, make_draft
from tests.rooms.makers import (
    make_building,
    make_matchmaker,
    make_offer,
    make_organisation,
    make_person,
    make_programme,
    make_request,
    make_space,
)
from tests.rooms.matrix.impact_world import make_impact
from tests.rooms.matrix.outcomes_world import make_outcomes
from tests.rooms.matrix.table import BEFORE
from tests.rooms.outcomes.impact_makers import FULL, make_unsigned_plan
from tests.rooms.usage.makers import make_plan

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nEND:VCALENDAR\r\n"
PLACES = (
    b'{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point", "coordinates": [4.9, 52.37]}, '
    b'"properties": {"osm": "node/7", "name": "Kantoor aan de Kade", "office": "company", "footprint_m2": 300}}, '
    b'{"geometry": {"type": "Point", "coordinates": [4.9, 52.37]}, "properties": {"osm": "way/8", "amenity": "school", '
    b'"addr:street": "Grotemarktstraatverlengde", "opening_hours": "Mo-Fr 08:00-17:00"}}, {"properties": {"osm": "1"}}]}'
)
Pages = tuple[Person | None, list[str]]


def make_host_pages() -> Pages:
    programme = make_city()
    host = make_person("Hanna Host")
    organisation = make_organisation(programme, member=host)
    offer = make_offer(programme, host=organisation, capacity=30, area_m2=80, facilities=["kitchen"])
    picture = BytesIO()
    Image.new("RGB", (800, 600), "teal").save(picture, "JPEG")
    add_photo(space=offer.space, by=host, data=picture.getvalue(), description="De zaal met tafels")
    put_calendar_file(offer=offer, by=host, name="agenda.ics", data=CALENDAR, now=timezone.now())
    whole = make_offer(
        programme,
        host=organisation,
        space=make_space(make_building(programme, organisation)),
        length="whole",
        condition="Droog",
        works_needed="Verlichting",
    )
    make_request(programme, is_sheltered=True, title="Geheim", group_max=9)
    make_request(programme, cause="language", brings_about="Buren spreken elkaar", group_max=12)
    steps = [
        f"/offers/{offer.pk}/{name}/" for name in ("place", "space", "hours", "edges", "use", "rules", "cost", "limits")
    ]
    rest = [f"/offers/{offer.pk}/{name}/" for name in ("photos", "calendar", "fits")]
    asked = make_request(programme, group_max=5)
    proposal = propose_by_hand(request=asked, offer=offer, by=host, now=timezone.now())
    ask_hosts(proposals=[proposal], by=host, now=timezone.now(), asker_agrees=True)
    link = f"/a/{write_link(Proposal.objects.visible_to(host).get(), Side.HOST, host)}"
    Person.objects.filter(pk=host.pk).update(mail_fault="5.1.1", mail_fault_address=host.email)
    own = [
        f"{link}/yes/",
        f"{link}/no/",
        rhythm_path(host),
        "/inbox/",
        "/impact/",
        f"/proposals/{proposal.pk}/",
        "/desk/",
        "/offer/",
        f"/offers/{offer.pk}/",
        f"/offers/{whole.pk}/whole/",
        "/me/",
        "/claim/",
    ]
    return host, [
        *own,
        *steps,
        *rest,
        f"/organisations/{organisation.pk}/",
        f"/organisations/{organisation.pk}/profile/",
        "/organisations/new/",
        f"/spaces/{whole.pk}/",
    ]


def make_asker_pages() -> Pages:
    programme = make_city()
    asker = make_person("Ida Initiatief")
    offer = make_offer(programme, capacity=30)
    request = make_request(programme, asked_by=asker, group_max=12)
    talk = start_conversation(
        programme=programme,
        by=asker,
        organisation=offer.host,
        about=About("offer", offer.pk, offer.space.name),
        text="Mogen wij op dinsdag komen?",
    )
    steps = [
        f"/requests/{request.pk}/{name}/" for name in ("questions", "activity", "musts", "budget", "companies", "now")
    ]
    when = f"/requests/{request.pk}/when"
    rules = [f"{when}/add/", *(f"{when}/add/{kind}/" for kind in ("weekly", "dates", "hours", "continuous"))]
    own = [f"/requests/{request.pk}/", *steps, *rules, f"{when}/{request.rules.get().pk}/"]
    account = ["/account/2fa/", "/account/2fa/webauthn/", "/account/email/"]
    matchmaker = make_matchmaker(programme)
    proposal = propose_by_hand(request=request, offer=offer, by=matchmaker, now=timezone.now())
    ask_hosts(proposals=[proposal], by=matchmaker, now=timezone.now(), asker_agrees=False)
    own += [f"/proposals/{proposal.pk}/", f"/requests/{request.pk}/why/{offer.pk}/", "/me/keys/"]
    own += [f"/report/proposal/{proposal.pk}/", f"/report/message/{talk.messages.get().pk}/"]
    return asker, [*own, f"/conversations/{talk.pk}/", "/invitation/none/", *account]


def make_desk_pages() -> Pages:
    programme = make_city()
    matchmaker = make_matchmaker(programme)
    make_organisation(programme, verified=False, name="Nieuwe buurtgroep")
    caller = Caller("Mevrouw Jansen", postal_address="Tuinlaan 3")
    person = add_caller(caller)
    request = make_request(programme, asked_by=person)
    record, _ = serve(person=person, caller=caller, thing=request, by=matchmaker, call=Call(timezone.now()))
    host = Caller("Meneer Bakker", postal_address="Kade 3")
    owner = add_caller(host)
    offer = make_offer(programme, host=make_organisation(programme, member=owner), published=False)
    lent, _ = serve(person=owner, caller=host, thing=offer, by=matchmaker, call=Call(timezone.now()))
    calls = ["/desk/calls/", "/desk/calls/space/", f"/desk/letters/{record.pk}/", f"/desk/letters/{lent.pk}/"]
    done = start_run(programme=programme, by=matchmaker)
    work_on_run(done.pk, now=timezone.now())
    running = start_run(programme=programme, by=matchmaker)
    queue = ["/queue/", "/queue/?show=new", "/queue/declines/", f"/queue/runs/{done.pk}/", f"/queue/runs/{running.pk}/"]
    queue += [
        "/queue/?view=board",
        "/queue/?view=map&words=Lang",
        f"/queue/{request.pk}/",
        "/queue/duplicates/",
        "/queue/figures/",
    ]
    make_moderation(programme)
    own = [
        "/desk/",
        "/impact/",
        "/moderation/",
        *make_agreement(programme, matchmaker),
        *make_evening(programme, matchmaker),
        *calls,
        f"/offers/{offer.pk}/",
        "/imports/",
    ]
    return matchmaker, [*own, *queue, *make_leads(programme, matchmaker), *make_figures(programme, matchmaker)]


def make_figures(programme: Programme, by: Person) -> list[str]:
    """Let somebody have been in a room in January, settle targets, publish one report and begin another."""
    made = make_outcomes(programme, by, timezone.now())
    plan = make_plan(signed=False, offer=make_offer(programme, area_m2=60))
    begins = datetime(2026, 1, 14, 18, tzinfo=UTC)
    moment = UsageMoment(agreement=plan.agreement, space=plan.offer.space, starts_at=begins)
    moment.ends_at, moment.people, moment.first_timers = begins + timedelta(hours=2), 12, 12
    moment.state, moment.evidence = "held", "host"
    moment.save()
    january = "?first=2026-01-01&last=2026-01-31"
    figures = [f"/desk/figures/{january}", f"/desk/figures/people/{january}", "/desk/figures/settings/"]
    draft = f"/desk/reports/{made['draft_report'].pk}/"
    seen = f"/reports/{made['own_report'].pk}/"
    written = ["/desk/reports/", draft, f"{draft}preview/", f"{draft}story/", f"/desk/reports/{made['own_report'].pk}/"]
    give = partial(keep_sheet, programme=programme, source="Onze lijst", by=by, now=timezone.now())
    past = give(name="oud.csv", content=BEFORE)
    again = give(name="nog eens.csv", content=BEFORE + b"Old host,Hall,Old club,2020-13-07,19:00,21:00\n")
    unread = PastSheet.objects.create(programme=programme, file_name="nieuw.csv", source="Onze lijst", content=BEFORE)
    host = plan.offer.host_id
    begun = [
        "/desk/past/",
        f"/desk/past/{past.pk}/",
        f"/desk/past/{again.pk}/",
        f"/desk/past/{unread.pk}/",
        f"/organisations/{host}/esg/2026/",
        f"/organisations/{host}/esg/2025/",
    ]
    return [*figures, *written, *begun, "/reports/", seen, f"{seen}figures/hours/"]


def make_agreement(programme: Programme, by: Person) -> list[str]:
    """Begin an agreement with an approval, changed once, and put to both sides."""
    now = timezone.now().replace(second=0, microsecond=0)
    host = make_organisation(programme, member=make_person())
    proposal = make_agreed(programme, host, make_person(), by, now, "Taalcafé")
    agreement, approval = make_draft(proposal, by, now)
    terms = read_terms(last_version(agreement).terms)
    change_terms(
        agreement=agreement, by=by, terms=replace(terms, in_return="Een concert in mei."), note="Tegenprestatie"
    )
    propose_agreement(agreement=agreement, by=by)
    page = f"/agreements/{agreement.pk}/"
    put_contract(programme=programme, by=by, code="nl", name="Huurcontract-buurtkamers.docx", data=own_template("nl"))
    papers = [f"{page}clauses/care/", f"{page}paper/", "/desk/contracts/"]
    return [page, f"{page}terms/", f"{page}approvals/{approval.pk}/brief/", f"/proposals/{proposal.pk}/", *papers]


def make_evening(programme: Programme, by: Person) -> list[str]:
    """Let a group come tonight to a building that a guard looks after, where a window broke; everybody may come."""
    now, host = timezone.now().replace(second=0, microsecond=0), make_organisation(programme, member=make_person())
    draft, _ = make_draft(make_agreed(programme, host, make_person(), by, now, "Buurtkoor"), by, now)
    change_terms(agreement=draft, by=by, terms=replace(read_terms(last_version(draft).terms), is_trial=True))
    draft.dependences.create(who="De kinderen van de huiswerkbegeleiding", people=9, needs="Een rustige kamer")
    reach = Reach(Side.HOST, "emergency", "Conny Conciërge", "020 555 0123", "conny@example.org")
    add_contact(agreement=draft, by=by, reach=reach)
    add_secret(agreement=draft, by=by, opens=Opens("key_place", "In het sleutelkastje links van de deur"))
    Agreement.objects.visible_to(by).filter(pk=draft.pk).update(state="signed", signed_at=now)
    agreement = Agreement.objects.visible_to(by).select_related("offer__space__building").get(pk=draft.pk)
    space = agreement.offer.space
    begins, ends = now + timedelta(hours=1), now + timedelta(hours=3)
    moment = UsageMoment(agreement=agreement, space=space, is_public=True, starts_at=begins, ends_at=ends)
    other = UsageMoment(agreement=agreement, space=space, state="withdrawn", starts_at=begins, ends_at=ends)
    UsageMoment.objects.bulk_create([moment, other])
    building = space.building
    for code in ("nl", "en", "da"):
        add_reader(building=building, by=by, role="guard", name=f"Nachtbeveiliging {code}", language=code)
    picture = BytesIO()
    Image.new("RGB", (800, 600), "teal").save(picture, "JPEG")
    said = Happened("damage", "Een ruit is stuk", "key-of-the-evening", by, photo=picture.getvalue())
    incident = tell_incident(building=building, said=said, moment=moment)
    make_door_code(offer=agreement.offer, by=by)
    page, place, door = f"/moments/{moment.pk}/", f"/buildings/{building.pk}/", f"/offers/{agreement.offer_id}/door/"
    papers = [door, f"{door}tally/", f"/agreements/{agreement.pk}/plan/paper/", f"{page}route/"]
    happened = ["/incidents/", f"/incidents/{incident.pk}/", "/events/", f"/events/{moment.pk}/"]
    lasting = [f"/agreements/{agreement.pk}/{part}" for part in ("end/", "trial/", "access/")]
    return [f"{place}sheet/", f"{place}happened/", f"{page}happened/", *papers, *happened, *lasting]


def make_moderation(programme: Programme) -> None:
    """Let a stranger write with a long link, and two people report a space."""
    lent, stranger = make_offer(programme), make_person("Sam Stoelendans", email="sam@example.org")
    about, text = About("offer", lent.pk, lent.space.name), "https://stoelen.example/" + "verkoop" * 12
    start_conversation(programme=programme, by=stranger, organisation=lent.host, about=about, text=text)
    for person in (stranger, None):
        thing = Reported("offer", lent.pk, programme)
        report(reported=thing, by=person, wrong="not_true", text="De lift is stuk", now=timezone.now())
    make_request(programme, asked_by=stranger)
    fault = {"mail_fault": "5.1.1", "mail_fault_address": stranger.email, "mail_fault_since": timezone.now()}
    Person.objects.filter(pk=stranger.pk).update(**fault)


def make_leads(programme: Programme, by: Person) -> list[str]:
    """Make leads in every state, and return the pages about them."""
    bring_leads(programme=programme, places=read_places("places.geojson", PLACES).taken, by=by)
    asked, refused = Lead.objects.visible_to(by).order_by("source_id")
    call_back_on(lead=ask_lead(lead=asked, by=by), by=by, day=timezone.localdate())
    say_no_for(lead=refused, by=by, reason="always_used")
    waiting = keep_list(programme=programme, by=by, name="places.geojson", content=PLACES)
    pages = [f"/leads/{asked.pk}/{part}" for part in ("", "facts/", "letter/?language=da")]
    return ["/leads/", "/leads/bring/", f"/leads/bring/{waiting.pk}/", f"/leads/{refused.pk}/", *pages]


def make_impact_pages() -> Pages:
    """Let somebody have a plan that is published, one that is filled in and still open, and one that is empty."""
    programme, asker, now = make_city(), make_person("Ida Initiatief"), timezone.now()
    make_request(programme, asked_by=asker)
    done = make_impact(make_request(programme, asked_by=asker), asker, now)
    doing = make_unsigned_plan(asked=make_request(programme, asked_by=asker), steps=tuple(FULL))
    empty = make_unsigned_plan(asked=make_request(programme, asked_by=asker), steps=())
    plan, run, wave = (done[each].pk for each in ("own_plan", "valued", "wave"))
    page, still, bare = (f"/impact/{each}/" for each in (plan, doing.pk, empty.pk))
    theory = ["theory/", "theory/box/", "theory/box/n1/", "theory/arrow/", "theory/arrow/n1/n2/", "fit/"]
    steps = [f"steps/{number}/" for number in (1, 2, 4, 5, 7, 8, 9)]
    surveyed = ["collect/", "collect/close/", f"collect/{wave}/", f"collect/{wave}/sheet/"]
    value = [f"value/{run}/", f"value/{run}/1/", "report/", "story/", "steps/1/1/"]
    own = [f"{page}{part}" for part in ("", *steps, *theory, *surveyed, *value, f"fit/?project={doing.pk}")]
    begun = [f"{still}{part}" for part in (*steps, "theory/", "collect/", "report/")]
    new = [f"{bare}{part}" for part in ("", *steps, "theory/", "theory/box/", "fit/", "collect/")]
    return asker, ["/impact/", *own, *begun, *new, *_read_by_everybody(done)]


def _read_by_everybody(done: dict[str, Any]) -> list[str]:  # Any: rows by name
    report, survey = f"/impact/reports/{done['impact_out'].pk}/", f"/s/{done['wave_token']}/"
    thanks = f"/s/{done['answer_back']}/"
    return [
        "/impact/reports/",
        report,
        f"{report}value/",
        f"{report}value/1/",
        survey,
        f"{thanks}thanks/",
        f"{thanks}back/",
    ]


def make_visitor_pages() -> Pages:
    programme = make_city()
    offers = [make_offer(programme, capacity=10 + number) for number in range(3)]
    day = timezone.localdate() + timedelta(days=7)
    asked = f"days=1&days=3&start=18:00&end=22:00&people=12&near=N0&first={day}"
    searches = ["/find/", f"/find/?{asked}", "/find/?people=5000", "/ask/", f"/ask/?{asked}", "/ask/?people=-1"]
    initiative = make_person("Ida Initiatief")
    done = make_impact(make_request(programme, asked_by=initiative), initiative, timezone.now())
    make_programme(starts_on=timezone.localdate())  # the second one
    city = [
        "/",
        "/programmes/",
        "/terms/",
        "/privacy/",
        "/accessibility/",
        "/components/",
        "/account/login/",
        "/account/signup/",
        *_read_by_everybody(done),
    ]
    return None, [*searches, f"/spaces/{offers[0].pk}/", f"/report/offer/{offers[0].pk}/", *city]


WIDTHS = (320, 1280)
WORLDS = {
    "host": make_host_pages,
    "asker": make_asker_pages,
    "desk": make_desk_pages,
    "impact": make_impact_pages,
    "visitor": make_visitor_pages,
}


def bring_session(walk: Walk, person: Person) -> None:
    """Sign in without the pages of signing in; those have their own test."""
    client = Client()
    client.force_login(person)
    walk.page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": walk.base}])


@pytest.mark.parametrize("code", ["nl", "en", "da"])
@pytest.mark.parametrize("world", WORLDS)
def test_every_page_in_every_language(walk: NewWalk, world: str, code: str) -> None:
    make: Callable[[], Pages] = WORLDS[world]
    person, paths = make()
    visitor = walk(width=WIDTHS[0], code=code)
    if person:
        bring_session(visitor, person)
    for path in paths:
        visitor.page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        visitor.page.goto(visitor.base + path)
        assert visitor.page.locator("html").get_attribute("lang") == code
        visitor.check()
        visitor.page.set_viewport_size({"width": WIDTHS[1], "height": 800})
        visitor.check()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_sheet_speaks_the_language_of_its_reader(walk: NewWalk, width: int) -> None:
    programme = make_city()
    matchmaker = make_matchmaker(programme)
    make_evening(programme, matchmaker)
    for reader in SheetReader.objects.visible_to(matchmaker):
        visitor = walk(width=width, code="nl")
        for path in ("", "happened/"):
            visitor.page.goto(f"{visitor.base}/sheet/{sheet_token(reader)}/{path}")
            assert visitor.page.locator("html").get_attribute("lang") == reader.language
            visitor.check()
