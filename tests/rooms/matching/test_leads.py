"""Leads: places of the map, worked through by the desk until they are hosts; nobody else sees them."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.rooms.makers import TODAY, make_matchmaker, make_organisation, make_person, make_programme, make_request
from tests.rooms.matrix.world import make_neighbourhood, noon

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.models import JournalEntry
from meervoud.matching.lead_fits import who_could_come
from meervoud.matching.lead_hosts import become_host, put_back
from meervoud.matching.lead_lists import Comparison, bring_leads, read_places
from meervoud.matching.leads import (
    ask_lead,
    assign_lead,
    call_back_on,
    correct_lead,
    note_on_lead,
    note_visit,
    say_no_for,
)
from meervoud.matching.models import Lead, LeadList, LeadReason
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.parties.organisations import put_in_charge
from meervoud.places.models import Building, Space
from meervoud.supply.actions import change_offer, publish_offer
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db
EVERY = "a test"
OFFICE = {"osm": "node/1", "name": "Quay office", "office": "company", "footprint_m2": 500, "addr:street": "Quay"}
Values = Any  # the values of any field


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with noon():
        yield


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def desk(programme: Programme) -> Person:
    return make_matchmaker(programme)


def extract(*places: dict[str, Values]) -> bytes:
    """Return GeoJSON points with tags; without places one office."""
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [4.9, 52.37]}, "properties": each}
        for each in places or (OFFICE,)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def bring(programme: Programme, *places: dict[str, Values]) -> Comparison:
    return bring_leads(programme=programme, places=read_places("a.geojson", extract(*places)).taken, by=None)


def leads_of(programme: Programme) -> list[Lead]:
    return list(Lead.objects.every(because=EVERY).filter(programme=programme).order_by("source_id"))


@pytest.fixture
def lead(programme: Programme) -> Lead:
    bring(programme)
    return leads_of(programme)[0]


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def upload(name: str, content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content)}


def test_a_place_of_the_map_becomes_a_lead_with_what_the_map_tells(programme: Programme) -> None:
    make_neighbourhood(programme)
    hours = {"opening_hours": "Mo-Fr 08:00-18:00", "addr:housenumber": "7", "addr:city": "Zilverhaven"}
    bring(programme, {**OFFICE, **hours, "addr:postcode": "1011 AB", "phone": "020 555 0000"})
    (lead,) = leads_of(programme)
    assert (lead.name, lead.kind, lead.state, lead.source_id) == ("Quay office", "office", "new", "node/1")
    assert (lead.street, lead.postcode, lead.town) == ("Quay 7", "1011 AB", "Zilverhaven")
    assert (lead.neighbourhood, lead.opening_hours) == ("Havenkwartier", "Mo-Fr 08:00-18:00")
    assert (lead.latitude, lead.longitude) == (52.37, 4.9)
    assert lead.tags == {"footprint_m2": "500"}


def test_a_place_that_is_known_is_not_doubled_and_what_a_person_corrected_stays(
    programme: Programme, desk: Person, lead: Lead
) -> None:
    correct_lead(lead=lead, by=desk, values={"name": "The quay", "kind": "office"})
    found = bring(
        programme, {**OFFICE, "name": "Another name", "addr:street": "New street"}, {**OFFICE, "osm": "way/2"}
    )
    assert (len(found.new), len(found.changed), found.unchanged) == (1, 1, 0)
    first, second = leads_of(programme)
    assert (first.pk, first.name, first.street, first.said) == (lead.pk, "The quay", "New street", ["name"])
    assert second.name == "Quay office"
    again = bring(
        programme, {**OFFICE, "name": "Another name", "addr:street": "New street"}, {**OFFICE, "osm": "way/2"}
    )
    assert (len(again.new), len(again.changed), again.unchanged) == (0, 0, 2)


def test_two_programmes_may_have_the_same_place(programme: Programme, lead: Lead) -> None:
    other = make_programme()
    assert len(bring(other).new) == 1
    assert [each.pk for each in leads_of(programme)] == [lead.pk]


def test_a_lead_is_asked_visited_and_put_back_one_step(desk: Person, lead: Lead) -> None:
    assert ask_lead(lead=lead, by=desk).state == "asked"
    assert note_visit(lead=lead, by=desk).state == "visited"
    assert put_back(lead=lead, by=desk).state == "asked"
    with pytest.raises(ConflictError, match="There is no step to put back"):
        put_back(lead=lead, by=desk)
    with pytest.raises(ConflictError, match="This place was asked already"):
        ask_lead(lead=lead, by=desk)
    verbs = JournalEntry.objects.filter(thing=lead.pk).order_by("number").values_list("verb", "actor")
    assert list(verbs) == [(f"lead.{verb}", desk.pk) for verb in ("ask", "visit", "put_back")]


def test_a_no_needs_a_reason_of_the_list_and_can_be_put_back(desk: Person, lead: Lead) -> None:
    for reason in ("", "wrong people"):
        with pytest.raises(InputError, match="Choose one of the reasons"):
            say_no_for(lead=lead, by=desk, reason=reason)
    refused = say_no_for(lead=lead, by=desk, reason=LeadReason.ALWAYS_USED)
    assert (refused.state, refused.reason) == ("no", "always_used")
    for step in (ask_lead, note_visit, become_host):
        with pytest.raises(ConflictError, match="This place said no"):
            step(lead=lead, by=desk)
    back = put_back(lead=lead, by=desk)
    assert (back.state, back.reason) == ("new", "")


def test_a_lead_becomes_a_host_with_a_draft_that_nobody_finds(programme: Programme, desk: Person) -> None:
    make_neighbourhood(programme)
    bring(programme, {**OFFICE, "operator": "Quay Ltd", "wheelchair": "yes", "kitchen": "yes"})
    lead = become_host(lead=leads_of(programme)[0], by=desk)
    offer = Offer.objects.visible_to(desk).select_related("space__building__neighbourhood", "host").get()
    assert (lead.state, lead.offer, offer.state) == ("host", offer, "draft")
    assert (offer.host.name, offer.host.verification, offer.host.memberships.count()) == ("Quay Ltd", "unverified", 0)
    building, space = offer.space.building, offer.space
    assert (building.street, building.latitude, building.neighbourhood) == ("Quay", 52.37, building.neighbourhood)
    assert building.neighbourhood is not None
    assert (space.name, space.kind, space.capacity, space.area_m2) == ("Quay office", "office", 32, 80.0)
    assert (space.step_free, space.source_key) == ("yes", "node/1")
    assert set(space.assumed) == {"area", "capacity", "time"}
    assert [(each.hours, each.lend) for each in offer.periods.all()] == [("Mo-Fr 07:00-19:00", "outside")]
    assert building.doors == "07:00-23:00"
    assert Client().get(f"/spaces/{offer.pk}/").status_code == 404
    with pytest.raises(ConflictError, match="This place is a host already"):
        become_host(lead=lead, by=desk)


def test_a_host_is_put_back_while_nobody_touched_its_draft(desk: Person, lead: Lead) -> None:
    call_back_on(lead=note_visit(lead=lead, by=desk), by=desk, day=TODAY)
    become_host(lead=lead, by=desk, host_name="Quay Ltd")
    assert not Lead.objects.visible_to(desk).due(TODAY).exists()
    back = put_back(lead=lead, by=desk)
    assert (back.state, back.offer, back.call_back_on) == ("visited", None, TODAY)
    for table in (Offer, Space, Building, Organisation):
        assert not table.objects.every(because=EVERY).exists()


def took_over(offer: Offer, by: Person) -> None:
    put_in_charge(organisation=offer.host, person=make_person(), by=by)


def went_online(offer: Offer, by: Person) -> None:
    publish_offer(offer=offer, by=by)


def was_changed(offer: Offer, by: Person) -> None:
    change_offer(offer=offer, by=by, values={"price_kind": "free"})


@pytest.mark.parametrize("touch", [took_over, went_online, was_changed])
def test_a_host_stays_where_somebody_went_on_with_its_draft(
    desk: Person, lead: Lead, touch: Callable[[Offer, Person], None]
) -> None:
    host = become_host(lead=lead, by=desk)
    offer = Offer.objects.visible_to(desk).get()
    touch(offer, desk)
    with pytest.raises(ConflictError, match="Somebody went on with the draft"):
        put_back(lead=host, by=desk)
    assert Lead.objects.visible_to(desk).get().state == "host"
    assert Offer.objects.visible_to(desk).filter(pk=offer.pk).exists()


def test_a_host_stays_as_it_is_when_the_map_changes(programme: Programme, desk: Person, lead: Lead) -> None:
    become_host(lead=lead, by=desk)
    assert bring(programme, {**OFFICE, "name": "Another"}).unchanged == 1
    assert leads_of(programme)[0].name == "Quay office"


def test_staff_share_the_work_and_nobody_else_gets_any(programme: Programme, desk: Person, lead: Lead) -> None:
    colleague = make_matchmaker(programme)
    assert assign_lead(lead=lead, by=desk, to=colleague).assigned_to == colleague
    with pytest.raises(InputError, match="who works for this programme"):
        assign_lead(lead=lead, by=desk, to=make_person())
    assert call_back_on(lead=lead, by=desk, day=TODAY).call_back_on == TODAY
    assert note_on_lead(lead=lead, by=desk, text=" A hall. ").note == "A hall."


def test_what_is_due_stands_first_and_filters_choose(programme: Programme, desk: Person) -> None:
    places = [{**OFFICE, "osm": f"node/{number}", "name": f"Place {number}"} for number in range(4)]
    bring(programme, *places, {"osm": "node/9", "name": "A school", "amenity": "school"})
    first, second, third, *_ = leads_of(programme)
    call_back_on(lead=third, by=desk, day=TODAY - timedelta(days=1))
    call_back_on(lead=second, by=desk, day=TODAY + timedelta(days=9))
    say_no_for(lead=first, by=desk, reason="gone")
    client = signed_in(desk)

    def names(query: str) -> list[str]:
        return [str(lead) for lead, _, _ in client.get(f"/leads/{query}").context["leads"]]

    assert names("") == ["Place 2", "Place 1", "A school", "Place 3", "Place 0"]
    assert names("?due=on") == ["Place 2"]
    assert names("?state=no") == ["Place 0"]
    assert names("?kind=school") == ["A school"]
    assert len(names("?kind=nonsense&page=abc&neighbourhood=x")) == 5


def test_only_staff_of_the_programme_see_leads(programme: Programme, lead: Lead) -> None:
    member, other = make_person(), make_matchmaker(make_programme())
    make_organisation(programme, member=member)
    for person in (member, other, make_person()):
        client = signed_in(person)
        assert not Lead.objects.visible_to(person).exists()
        for part in ("", "letter/", "facts/"):
            assert client.get(f"/leads/{lead.pk}/{part}").status_code == 404
        assert client.post(f"/leads/{lead.pk}/move/ask/").status_code == 404
    assert b"Quay office" not in signed_in(other).get("/leads/").content
    assert Client().get(f"/leads/{lead.pk}/").status_code == 302
    assert leads_of(programme)[0].state == "new"


def test_a_file_is_looked_at_before_anything_is_written(programme: Programme, desk: Person, lead: Lead) -> None:
    client = signed_in(desk)
    content = extract(OFFICE, {**OFFICE, "osm": "node/2", "name": "New shop"}, {"osm": "node/3", "amenity": "bench"})
    answer = client.post("/leads/bring/", upload("a.geojson", content), follow=True)
    assert [each["value"] for each in answer.context["numbers"]] == ["1", "0", "1", "1"]
    assert "New shop" in answer.content.decode()
    assert len(leads_of(programme)) == 1
    here = answer.request["PATH_INFO"]
    assert client.post(here, {"answer": "bring"}, follow=True).status_code == 200
    assert [each.name for each in leads_of(programme)] == ["Quay office", "New shop"]
    assert client.post(here, {"answer": "bring"}).status_code == 404
    assert not LeadList.objects.visible_to(desk).exists()


def test_a_file_that_is_dropped_leaves_nothing_and_a_second_one_takes_its_place(
    programme: Programme, desk: Person
) -> None:
    client = signed_in(desk)
    client.post("/leads/bring/", upload("first.geojson", extract()))
    answer = client.post("/leads/bring/", upload("second.geojson", extract()), follow=True)
    assert LeadList.objects.visible_to(desk).get().file_name == "second.geojson"
    client.post(answer.request["PATH_INFO"], {"answer": "drop"})
    assert (leads_of(programme), LeadList.objects.visible_to(desk).count()) == ([], 0)


HOSTILE = {
    "no JSON": ("a.geojson", b"\xff\xfe<xml>"),
    "deep": ("a.geojson", b"[" * 100_000),
    "no list": ("a.json", b'{"features": {"a": 1}}'),
    "other coordinates": ("a.geojson", b'{"crs": {"properties": {"name": "EPSG:28992"}}, "features": []}'),
    "a sheet": ("a.csv", b"id,name\n1,x\n"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(programme: Programme, desk: Person, case: str) -> None:
    answer = signed_in(desk).post("/leads/bring/", upload(*HOSTILE[case]))
    assert answer.status_code == 422
    (message,) = answer.context["form"].errors["file"]
    assert message.endswith((".", "json"))
    assert len(message.split()) > 4
    assert not LeadList.objects.visible_to(desk).exists()


def test_hostile_places_are_left_out_and_the_others_come(programme: Programme, desk: Person) -> None:
    huge, half = "9" * 400, "\ud800\0"
    points = [f'{{"type": "Point", "coordinates": [{huge}, 1]}}', '{"type": "Point", "coordinates": "ab"}', "7"]
    broken = ", ".join(f'{{"geometry": {each}, "properties": {{"osm": "x", "office": "y"}}}}' for each in points)
    strange = {
        "osm": "n" * 500,
        "name": "<script>alert(1)</script>" + half,
        "office": "company",
        "capacity": huge,
        "footprint_m2": "1e400",
        "opening_hours": "(" * 5000,
        "operator": "o" * 5000,
        "addr:city": "t" * 5000,
    }
    content = extract(strange, OFFICE).decode()[:-2] + f', {broken}, 3, null, {{"properties": []}}]}}'
    client = signed_in(desk)
    answer = client.post("/leads/bring/", upload("a.geojson", content.encode()), follow=True)
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content
    assert client.post(answer.request["PATH_INFO"], {"answer": "bring"}, follow=True).status_code == 200
    assert len(leads_of(programme)) == 2
    for lead in leads_of(programme):
        assert b"<script>alert" not in client.get(f"/leads/{lead.pk}/").content
        assert client.post(f"/leads/{lead.pk}/move/host/").status_code == 302
    assert Offer.objects.visible_to(desk).count() == 2


def test_too_many_places_are_refused(programme: Programme) -> None:
    with pytest.raises(InputError, match="more than 1 places"):
        read_places("a.geojson", extract(OFFICE, {**OFFICE, "osm": "node/2"}), most=1)


def test_a_lead_says_what_it_could_serve_without_names(programme: Programme, desk: Person, lead: Lead) -> None:
    for number in range(6):
        make_request(programme, title=f"Secret {number}", group_max=10 + number)
    make_request(programme, title="Too large", group_max=400)
    fits = who_could_come(lead)
    assert (fits.open, fits.number, fits.to_ask, len(fits.best)) == (7, 6, 0, 3)
    text = signed_in(desk).get(f"/leads/{lead.pk}/").content.decode()
    assert "6 of 7 open requests could fit" in text
    assert "Secret" not in text
    correct_lead(lead=lead, by=desk, values={"kind": "school", "opening_hours": "Mo-Su 00:00-24:00"})
    assert who_could_come(leads_of(programme)[0]).number == 0  # a school that is in use day and night


def test_a_letter_is_there_in_three_languages_and_prints_no_small_numbers(
    programme: Programme, desk: Person, lead: Lead
) -> None:
    client = signed_in(desk)

    def text(language: str = "en") -> str:
        return client.get(f"/leads/{lead.pk}/letter/?language={language}").content.decode()

    for _ in range(4):
        make_request(programme, group_max=10)
    assert "look for a room at this moment" not in text()
    make_request(programme, group_max=10)
    assert "5 groups look for a room at this moment" in " ".join(text().split())
    assert "020 555 0100" in text()
    for language in ("nl", "en", "da"):
        assert f'<article class="letter" lang="{language}">' in text(language)
    assert '<article class="letter" lang="nl">' in text("xx")  # that of the country


def test_the_pages_of_a_lead_do_what_they_say(programme: Programme, desk: Person, lead: Lead) -> None:
    client, here = signed_in(desk), f"/leads/{lead.pk}/"
    said = {"note": "A hall upstairs", "call_back_on": str(TODAY), "assigned_to": str(desk.pk)}
    assert client.post(here, said).status_code == 302
    assert client.post(here, {"assigned_to": str(make_person().pk)}).status_code == 422
    assert client.post(here + "facts/", {"name": "Quay hall", "kind": "school"}).status_code == 302
    assert client.post(here + "facts/", {"kind": "school", "opening_hours": "whenever"}).status_code == 422
    kept = leads_of(programme)[0]
    assert (kept.note, kept.call_back_on, kept.assigned_to) == ("A hall upstairs", TODAY, desk)
    assert (kept.name, kept.kind, kept.street, kept.said) == ("Quay hall", "school", "", ["kind", "name", "street"])
    for move, state in (("ask", "asked"), ("visit", "visited"), ("back", "asked"), ("host", "host")):
        assert client.post(f"{here}move/{move}/", {"host_name": "Quay Ltd"}).status_code == 302
        assert leads_of(programme)[0].state == state
    assert client.post(f"{here}move/no/", {"reason": "gone"}).status_code == 409
    assert "The draft of this host" in client.get(here).content.decode()
    assert b'href="/leads/"' in client.get("/desk/").content


@pytest.mark.slow
def test_the_pages_ask_as_many_questions_for_thirty_leads_as_for_three(programme: Programme, desk: Person) -> None:
    client = signed_in(desk)

    def grow(numbers: range) -> dict[str, int]:
        bring(programme, *({**OFFICE, "osm": f"node/{number}", "name": f"Place {number}"} for number in numbers))
        for lead in leads_of(programme):
            assign_lead(lead=lead, by=desk, to=desk)
            make_request(programme)
        first = leads_of(programme)[0]
        return {address: questions(client, address) for address in ("/leads/", f"/leads/{first.pk}/")}

    assert grow(range(3)) == grow(range(3, 30))


def questions(client: Client, address: str) -> int:
    """Return how many questions a page asks the second time: the index is there then."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked.captured_queries)


def test_the_command_brings_an_extract(
    programme: Programme, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "city.geojson"
    path.write_bytes(extract(OFFICE, {"osm": "node/3", "amenity": "bench"}))
    call_command("bring_leads", path, programme=programme.slug)
    assert capsys.readouterr().out == "1 new, 0 changed, 0 unchanged, 1 left out.\n"
    with pytest.raises(CommandError, match="There is no programme 'x'"):
        call_command("bring_leads", path, programme="x")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("bring_leads", tmp_path / "none.geojson", programme=programme.slug)
    path.write_bytes(b"{")
    with translation.override("en"), pytest.raises(CommandError, match="not readable GeoJSON"):
        call_command("bring_leads", path, programme=programme.slug)


@pytest.mark.slow
@pytest.mark.parametrize("city", ["helsinki", "london"])
def test_a_real_extract_becomes_leads_once(reference_data: Path, programme: Programme, desk: Person, city: str) -> None:
    content = (reference_data / f"real/osm-spaces/{city}.osm-spaces.geojson").read_bytes()
    reading = read_places(f"{city}.geojson", content)
    assert reading.read > 700
    assert len(reading.taken) > 300
    first = bring_leads(programme=programme, places=reading.taken, by=desk)
    again = bring_leads(programme=programme, places=reading.taken, by=desk)
    assert (len(first.new), len(again.new), again.changed, again.unchanged) == (
        len(reading.taken),
        0,
        (),
        len(reading.taken),
    )
    client = signed_in(desk)
    assert client.get("/leads/?page=2").status_code == 200
    for lead in leads_of(programme)[::25]:
        assert client.get(f"/leads/{lead.pk}/").status_code == 200
        assert become_host(lead=lead, by=desk).offer is not None
