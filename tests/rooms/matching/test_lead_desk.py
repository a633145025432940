"""The desk and its leads: what was done by whom, files looked at page by page and forgotten, hosts that are here already."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.rooms.makers import TODAY, make_matchmaker, make_organisation, make_person, make_programme
from tests.rooms.matrix.world import NOW, noon

from meervoud.core.errors import ConflictError, InputError
from meervoud.lib.models import JournalEntry
from meervoud.matching.lead_hosts import become_host, hosts_named, put_back
from meervoud.matching.lead_lists import bring_leads, bring_list, drop_old_lists, keep_list, read_places
from meervoud.matching.leads import ask_lead, call_back_on, correct_lead, note_on_lead, say_no_for
from meervoud.matching.models import Lead, LeadList
from meervoud.parties.models import Organisation, Person, Programme
from meervoud.parties.privacy import forget
from meervoud.site import lead_history
from meervoud.site.due import do_what_is_due
from meervoud.supply.actions import change_offer
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db
TEST = "a test"


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


def extract(numbers: range, name: str = "Place") -> bytes:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [4.9, 52.37]},
            "properties": {
                "osm": f"node/{number}",
                "name": f"{name} {number}",
                "office": "company",
                "footprint_m2": 500,
            },
        }
        for number in numbers
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def lead(programme: Programme) -> Lead:
    bring_leads(programme=programme, places=read_places("a.geojson", extract(range(1))).taken, by=None)
    return Lead.objects.every(because=TEST).get(programme=programme)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


# what was done


def steps(lead: Lead) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(each.by, each.text) for each in lead_history.history_of(lead).steps]


def test_the_page_tells_who_did_what_the_latest_first(desk: Person, lead: Lead) -> None:
    other = make_matchmaker(lead.programme)
    other.name = "Otto of the desk"
    other.save()
    ask_lead(lead=lead, by=desk)
    note_on_lead(lead=lead, by=other, text="A hall upstairs")
    correct_lead(lead=lead, by=other, values={"name": "Quay hall", "town": "Zilverhaven"})
    say_no_for(lead=lead, by=desk, reason="too_small")
    put_back(lead=lead, by=desk)
    text = text_of(signed_in(desk), f"/leads/{lead.pk}/")
    said = [
        "Mila Matchmaker: The last step was put back. It was: no.",
        "Mila Matchmaker: They said no. The room is too small.",
        "Otto of the desk: What we know was corrected. Name of the place, town.",
        "Otto of the desk: The note was changed.",
        "Mila Matchmaker: They were asked.",
        "It came from the map.",
    ]
    places = [text.index(each) for each in said]
    assert places == sorted(places)


def test_of_who_is_gone_no_name_is_told(desk: Person, lead: Lead) -> None:
    gone = make_matchmaker(lead.programme)
    ask_lead(lead=lead, by=gone)
    forget(person=gone, by=None)
    JournalEntry.objects.create(
        at=NOW, actor=uuid4(), verb="lead.visit", thing_kind="lead", thing=lead.pk, hash="of a test"
    )
    assert steps(lead) == [
        ("somebody who left", "Somebody went to see it."),
        ("somebody who left", "They were asked."),
    ]


def test_what_was_done_with_another_lead_is_not_told(programme: Programme, desk: Person, lead: Lead) -> None:
    bring_leads(programme=programme, places=read_places("a.geojson", extract(range(2))).taken, by=desk)
    other = Lead.objects.every(because=TEST).get(source_id="node/1")
    ask_lead(lead=other, by=desk)
    assert (steps(lead), len(steps(other))) == ([], 1)


def test_a_long_history_is_cut_and_costs_no_more(
    monkeypatch: pytest.MonkeyPatch, programme: Programme, desk: Person, lead: Lead
) -> None:
    client, here = signed_in(desk), f"/leads/{lead.pk}/"

    def questions() -> int:
        client.get(here)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(here).status_code == 200
        return len(asked.captured_queries)

    note_on_lead(lead=lead, by=desk, text="first")
    few = questions()
    for number in range(5):
        note_on_lead(lead=lead, by=make_matchmaker(programme), text=f"note {number}")
    assert questions() == few
    monkeypatch.setattr(lead_history, "MOST", 3)
    assert (len(steps(lead)), "Older steps are not shown here." in text_of(client, here)) == (3, True)


# a file that waits


def waiting(programme: Programme, by: Person, content: bytes) -> LeadList:
    return keep_list(programme=programme, by=by, name="a.geojson", content=content)


def test_a_file_is_looked_at_page_by_page(programme: Programme, desk: Person) -> None:
    bring_leads(programme=programme, places=read_places("a.geojson", extract(range(5))).taken, by=None)
    places = json.loads(extract(range(3, 63), "Place"))
    places["features"][0]["properties"]["name"] = "Renamed"
    kept = waiting(programme, desk, json.dumps(places).encode())
    client, here = signed_in(desk), f"/leads/bring/{kept.pk}/"
    first = client.get(here)
    assert [each["value"] for each in first.context["numbers"]] == ["58", "1", "1", "0"]
    assert (len(first.context["places"]), first.context["page"]["pages"]) == (25, 3)
    seen = [str(place) for number in (1, 2, 3) for place in client.get(f"{here}?page={number}").context["places"]]
    assert seen == [f"Place {number}" for number in range(5, 63)]
    last = client.get(f"{here}?show=new&page=3").context["page"]
    assert last == {"number": 3, "pages": 3, "previous_url": "?show=new&page=2", "next_url": ""}
    assert [str(each) for each in client.get(f"{here}?show=changed").context["places"]] == ["Renamed"]


@pytest.mark.parametrize(
    "query", ["?page=abc&show=%00", "?page=-1", "?page=" + "9" * 400, "?show=<script>", "?show=left_out"]
)
def test_a_strange_page_of_a_file_is_one_of_its_pages(programme: Programme, desk: Person, query: str) -> None:
    kept = waiting(programme, desk, extract(range(3)))
    answer = signed_in(desk).get(f"/leads/bring/{kept.pk}/{query}")
    assert (answer.status_code, answer.context["page"]["number"]) == (200, 1)
    assert b"<script>" not in answer.content.replace(b"<script src", b"")


def test_a_file_that_nobody_took_over_is_forgotten_after_fourteen_days(programme: Programme, desk: Person) -> None:
    taken = waiting(programme, desk, extract(range(2)))
    bring_list(waiting=taken, by=desk)
    other = make_matchmaker(programme)
    old, young = waiting(programme, desk, extract(range(9))), waiting(programme, other, extract(range(9)))
    rows = LeadList.objects.every(because=TEST)
    rows.filter(pk=old.pk).update(created_at=NOW - timedelta(days=14, seconds=1))
    rows.filter(pk=young.pk).update(created_at=NOW - timedelta(days=14))
    assert do_what_is_due(now=NOW, today=TODAY)["lists of places forgotten"] == 1
    assert list(rows.values_list("pk", flat=True)) == [young.pk]
    assert drop_old_lists(now=NOW) == 0
    assert drop_old_lists(now=NOW + timedelta(days=1)) == 1
    assert Lead.objects.every(because=TEST).filter(programme=programme).count() == 2
    entry = JournalEntry.objects.filter(verb="leads.dropped", thing=old.pk).get()
    assert entry.actor is None


# a host that is here already


@pytest.fixture
def school(programme: Programme) -> Organisation:
    return make_organisation(programme, member=make_person(), name="De Ölmolen school")


def test_a_lead_becomes_a_space_of_a_host_that_is_here(desk: Person, lead: Lead, school: Organisation) -> None:
    number = Organisation.objects.every(because=TEST).count()
    found = become_host(lead=lead, by=desk, host_name="Not used", host_id=school.pk)
    assert found.offer is not None
    assert (found.state, found.offer.host_id, found.offer.state) == ("host", school.pk, "draft")
    assert Organisation.objects.every(because=TEST).count() == number
    assert steps(lead) == [(desk.name, "They became a host. The organisation was here already.")]


def test_putting_it_back_removes_the_draft_and_keeps_the_host(desk: Person, lead: Lead, school: Organisation) -> None:
    become_host(lead=lead, by=desk, host_id=school.pk)
    put_back(lead=lead, by=desk)
    assert not Offer.objects.every(because=TEST).exists()
    assert school.memberships.count() == 1
    assert Organisation.objects.every(because=TEST).filter(pk=school.pk).exists()
    found = become_host(lead=lead, by=desk, host_id=school.pk)
    assert found.offer is not None
    change_offer(offer=found.offer, by=school.people.get(), values={"house_rules": "Sweep the floor"})
    with pytest.raises(ConflictError):
        put_back(lead=lead, by=desk)


def test_only_organisations_of_the_programme_are_offered(programme: Programme, school: Organisation) -> None:
    other = make_organisation(make_programme(), name="De Ölmolen elsewhere")
    refused = make_organisation(programme, name="Ölmolen refused")
    refused.verification = "refused"
    refused.save()
    assert hosts_named(programme, "ölmolen") == [school]
    assert hosts_named(programme, "SCHOOL de") == [school]
    for words in ("", "   ", "school nothing", "%", "_", "\0", "x" * 5000, "' OR 1=1 --"):
        assert hosts_named(programme, words) == []
    assert other not in hosts_named(programme, "e")


def test_another_programmes_organisation_lends_nothing(programme: Programme, desk: Person, lead: Lead) -> None:
    other = make_organisation(make_programme())
    refused = make_organisation(programme)
    refused.verification = "refused"
    refused.save()
    for host_id in (other.pk, refused.pk, uuid4()):
        with pytest.raises(InputError) as error:
            become_host(lead=lead, by=desk, host_id=host_id)
        assert error.value.code == "lead_host"
        answer = signed_in(desk).post(f"/leads/{lead.pk}/move/host/", {"organisation": str(host_id)})
        assert (answer.status_code, b"Choose an organisation of this programme" in answer.content) == (400, True)
    for text in ("1 OR 1", "\0", "x" * 3000):
        assert signed_in(desk).post(f"/leads/{lead.pk}/move/host/", {"organisation": text}).status_code == 400
    assert not Offer.objects.every(because=TEST).exists()


def test_a_host_is_looked_for_on_the_page(programme: Programme, desk: Person, lead: Lead, school: Organisation) -> None:
    client, here = signed_in(desk), f"/leads/{lead.pk}/"
    assert str(school.pk) not in client.get(here).content.decode()
    page = client.get(here, {"host": "olmolen"}).content.decode()
    assert "No organisation of this programme has that in its name." in page
    page = client.get(here, {"host": "Ölmolen"}).content.decode()
    assert f'value="{school.pk}"' in page
    assert '<details id="yes" open>' in page
    for words in ("\0", "<script>alert(1)</script>", "x" * 4000):
        answer = client.get(here, {"host": words})
        assert (answer.status_code, b"<script>alert" in answer.content) == (200, False)
    for number in range(11):
        make_organisation(programme, name=f"Hall {number}")
    page = client.get(here, {"host": "hall"}).content.decode()
    assert page.count('name="organisation"') == 11  # ten of them, and a new one
    assert "There are more than ten of them." in page
    assert client.post(here + "move/host/", {"organisation": str(school.pk)}).status_code == 302
    assert Offer.objects.every(because=TEST).get().host == school


def test_the_day_and_the_upload_stay_as_they_were(desk: Person, lead: Lead) -> None:
    call_back_on(lead=lead, by=desk, day=TODAY)
    given = {"file": SimpleUploadedFile("a.geojson", extract(range(30)))}
    answer = signed_in(desk).post("/leads/bring/", given, follow=True)
    assert [each["value"] for each in answer.context["numbers"]] == ["29", "0", "1", "0"]
