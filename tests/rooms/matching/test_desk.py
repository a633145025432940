"""The desk: filters, saved ones, three views, cases, notes that nobody else reads, one deed on many."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.rooms.makers import make_matchmaker, make_organisation, make_person, make_programme, make_request
from tests.rooms.matching.test_proposals import ask_for, offer_of
from tests.rooms.matrix.world import make_neighbourhood

from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.demand.models import Request
from meervoud.lib.models import JournalEntry
from meervoud.matching.asking import ask_hosts
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.desk_cases import assign_case, call_back, note_on_request
from meervoud.matching.desk_filters import Chosen, chosen_in, lists_of, matching_rows, save_filter
from meervoud.matching.models import DeskCase, DeskNote, MatchRun, SavedFilter
from meervoud.matching.proposing import propose_for
from meervoud.matching.queue import Moment, neighbours, queue_of
from meervoud.parties.models import Person, Programme, ProgrammeRole
from meervoud.parties.privacy import LOOKED, forget

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=0, microsecond=0)
TODAY = timezone.localdate()
MOMENT = Moment(NOW + timedelta(minutes=1), TODAY)
EVERY = "test"


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def staff(programme: Programme) -> Person:
    return make_matchmaker(programme)


def client_of(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def case_of(request: Request) -> DeskCase:
    return DeskCase.objects.every(because=EVERY).get(request=request)


def titles(programme: Programme, by: Person, **values: str) -> list[str]:
    chosen = chosen_in(values, lists_of(programme))
    rows = matching_rows(programme, chosen, by, MOMENT, {"placed": [], "one_thing": []})
    return [row.title for row in rows]


def make_three(programme: Programme, staff: Person) -> tuple[Request, Request, Request]:
    koor = make_request(programme, title="Koor Élan", group_max=8, neighbourhood="Noord", cause="music")
    cafe = make_request(programme, title="Taalcafé", group_max=12, neighbourhood="Zuid", cause="language")
    repair = make_request(programme, title="Repair en koffie", group_max=30, neighbourhood="Noord", cause="repair")
    assign_case(request=koor, by=staff, to=staff)
    call_back(request=cafe, by=staff, day=TODAY)
    call_back(request=repair, by=staff, day=TODAY + timedelta(days=1))
    rows = Request.objects.every(because=EVERY)
    rows.filter(pk=repair.pk).update(created_at=NOW - timedelta(days=20), expires_on=TODAY + timedelta(days=3))
    return koor, cafe, repair


def test_filters_leave_what_they_name(programme: Programme, staff: Person) -> None:
    make_three(programme, staff)
    everything = ["Repair en koffie", "Koor Élan", "Taalcafé"]
    found = {
        "words=koor": titles(programme, staff, words="koor"),
        "words=élan KOOR": titles(programme, staff, words="élan KOOR"),
        "assigned=me": titles(programme, staff, assigned="me"),
        "assigned=nobody": titles(programme, staff, assigned="nobody"),
        "assigned=id": titles(programme, staff, assigned=str(staff.pk)),
        "neighbourhood": titles(programme, staff, neighbourhood="Noord"),
        "cause": titles(programme, staff, cause="language"),
        "people": titles(programme, staff, people_from="9", people_to="20"),
        "days": titles(programme, staff, days="14"),
        "stuck": titles(programme, staff, show="stuck"),
        "call_back": titles(programme, staff, show="call_back"),
        "combined": titles(programme, staff, neighbourhood="Noord", assigned="nobody"),
        "nothing": titles(programme, staff),
    }
    assert found == {
        "words=koor": ["Koor Élan"],
        "words=élan KOOR": ["Koor Élan"],
        "assigned=me": ["Koor Élan"],
        "assigned=nobody": ["Repair en koffie", "Taalcafé"],
        "assigned=id": ["Koor Élan"],
        "neighbourhood": ["Repair en koffie", "Koor Élan"],
        "cause": ["Taalcafé"],
        "people": ["Taalcafé"],
        "days": ["Repair en koffie"],
        "stuck": ["Repair en koffie"],
        "call_back": ["Taalcafé"],
        "combined": ["Repair en koffie"],
        "nothing": everything,
    }
    assert titles(programme, staff, order="expires")[0] == "Repair en koffie"
    Request.objects.every(because=EVERY).filter(title="Taalcafé").update(changed_at=NOW + timedelta(days=1))
    assert titles(programme, staff, order="changed")[0] == "Taalcafé"


@pytest.mark.parametrize(
    "bad", ["x" * 5000, "\x00", "-1", "9" * 5000, "' OR 1=1 --", "6f1c1c9e-2a55-4b6c-9f0a-000000000000", "<script>"]
)
def test_a_filter_that_makes_no_sense_is_left_out(programme: Programme, staff: Person, bad: str) -> None:
    make_request(programme, title="Koor")
    names = (
        "show",
        "outcome",
        "assigned",
        "neighbourhood",
        "cause",
        "people_from",
        "people_to",
        "days",
        "order",
        "view",
    )
    client = client_of(staff)
    for name in names:
        assert chosen_in({name: bad}, lists_of(programme)).values == {}, name
        answer = client.get("/queue/", {name: bad, "page": bad})
        assert answer.status_code == 200, name
        assert "Koor" in answer.content.decode(), name
    assert client.get("/queue/", {"words": bad}).status_code == 200


def test_the_two_figures_lead_to_exactly_those_requests(programme: Programme, staff: Person) -> None:
    placed, one, rest, gone = (make_request(programme, title=f"Groep {name}") for name in ("A", "B", "C", "D"))
    Request.objects.every(because=EVERY).filter(pk=gone.pk).update(state="withdrawn")
    found = {str(placed.pk): "placed", str(gone.pk): "placed", str(one.pk): "one_thing", str(rest.pk): "nothing"}
    outcomes = {key: {"outcome": each, "offer": "x", "condition": "capacity"} for key, each in found.items()}
    MatchRun.objects.create(programme=programme, by=staff, state="done", found=outcomes)
    client = client_of(staff)
    front = page_of(client, "/queue/")
    assert "<b>1</b> can be placed today" in front
    assert "<b>1</b> with only one condition in the way" in front
    first, second = page_of(client, "/queue/?outcome=placed"), page_of(client, "/queue/?outcome=one_thing")
    assert ("Groep A" in first, "Groep B" in first, "Groep D" in first) == (True, False, False)
    assert ("Groep A" in second, "Groep B" in second, "Groep C" in second) == (False, True, False)


def test_a_filter_is_saved_shared_and_deleted_by_its_owner_only(programme: Programme, staff: Person) -> None:
    colleague, stranger = make_matchmaker(programme), make_matchmaker(make_programme())
    client, other = client_of(staff), client_of(colleague)
    client.post("/queue/filters/?show=new&people_from=3&page=2&evil=1", {"name": "Kleine groepen"})
    saved = SavedFilter.objects.every(because=EVERY).get()
    assert saved.filters == {"show": "new", "people_from": "3"}
    assert "Kleine groepen" in page_of(client, "/queue/")
    assert "Kleine groepen" not in page_of(other, "/queue/")
    client.post("/queue/filters/?show=asked", {"name": "Kleine groepen", "is_shared": "on"})
    assert SavedFilter.objects.every(because=EVERY).get().filters == {"show": "asked"}
    assert "Kleine groepen" in page_of(other, "/queue/")
    assert "Kleine groepen" not in page_of(client_of(stranger), "/queue/")
    assert other.post(f"/queue/filters/{saved.pk}/delete/").status_code == 404
    assert client_of(stranger).post(f"/queue/filters/{saved.pk}/delete/").status_code == 404
    ProgrammeRole.objects.every(because=EVERY).filter(person=staff).delete()
    assert not SavedFilter.objects.visible_to(colleague).exists()
    ProgrammeRole.objects.create(programme=programme, person=staff)
    assert client.post(f"/queue/filters/{saved.pk}/delete/").status_code == 302
    assert not SavedFilter.objects.every(because=EVERY).exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\x00"])
def test_a_filter_needs_a_name(programme: Programme, staff: Person, name: str) -> None:
    with pytest.raises(InputError):
        save_filter(by=staff, programme=programme, name=name, chosen=Chosen({}), is_shared=False)
    client_of(staff).post("/queue/filters/", {"name": name})
    assert not SavedFilter.objects.every(because=EVERY).exists()


def test_a_person_has_twenty_filters_at_most(programme: Programme, staff: Person) -> None:
    for number in range(20):
        save_filter(by=staff, programme=programme, name=f"F{number}", chosen=Chosen({}), is_shared=False)
    with pytest.raises(ConflictError):
        save_filter(by=staff, programme=programme, name="one more", chosen=Chosen({}), is_shared=False)
    save_filter(by=staff, programme=programme, name="F3", chosen=Chosen({"show": "new"}), is_shared=True)
    with pytest.raises(NotAllowedError):
        save_filter(by=make_person(), programme=programme, name="F", chosen=Chosen({}), is_shared=False)


def test_the_list_says_who_does_it_when_to_call_and_what_waits_too_long(programme: Programme, staff: Person) -> None:
    make_three(programme, staff)
    text = page_of(client_of(staff), "/queue/")
    assert text.count("longer than 14 days</span>") == 1
    assert "Mila Matchmaker" in text
    assert "<b>now</b>" in text


def test_the_board_has_a_column_for_each_status_and_says_how_many_more(programme: Programme, staff: Person) -> None:
    offer_of(programme)
    request = ask_for(programme, title="Gevraagd")
    propose_for(request=request, now=NOW)
    ask_hosts(proposals=request.proposals.all(), by=staff, now=NOW, asker_agrees=False)
    asker = make_person()
    for number in range(53):
        make_request(programme, asked_by=asker, title=f"Groep {number:02}")
    text = page_of(client_of(staff), "/queue/?view=board")
    new, asked = text.index('id="column-new"'), text.index('id="column-asked"')
    assert text.count("data-row=") == 51
    assert "3 more, in the list" in text
    assert new < text.index("Groep 00") < asked < text.index("Gevraagd")
    assert "Groep 52" not in text
    assert "Groep 52" in page_of(client_of(staff), "/queue/?view=board&words=52")


def test_the_map_has_no_sheltered_request_and_counts_what_is_not_on_it(programme: Programme, staff: Person) -> None:
    make_neighbourhood(programme)
    make_request(programme, title="Op de kaart", latitude=52.37, longitude=4.9)
    make_request(programme, title="Schuilplek", latitude=52.3712, longitude=4.9012, is_sheltered=True)
    make_request(programme, title="Nergens")
    client = client_of(staff)
    text = page_of(client, "/queue/?view=map")
    assert "1 request is on the map." in text
    assert "1 request names no place." in text
    assert "1 request needs shelter" in text
    assert text.count('<circle class="point"') == 1
    for zoom in (8, 12, 18):
        points = client.get(f"/queue/points/?box=52,4,53,5&zoom={zoom}").json()["features"]
        assert [each["properties"]["number"] for each in points] == [1]
        assert [each["name"] for each in points[0]["properties"]["spaces"]] == ["Op de kaart"]
    assert client.get("/queue/points/?box=52,4,53,5&zoom=12&words=Schuil").json()["features"] == []
    assert client.get("/queue/points/?box=here&zoom=12").status_code == 400
    assert client_of(make_matchmaker(make_programme())).get("/queue/points/?box=52,4,53,5").json()["features"] == []


def test_next_and_previous_stay_in_the_filter(programme: Programme, staff: Person) -> None:
    koor, cafe, repair = make_three(programme, staff)
    rows = queue_of(programme)
    assert neighbours(rows, koor, "waits") == (repair, cafe)
    assert neighbours(rows.filter(neighbourhood="Noord"), koor, "waits") == (repair, None)
    koor.refresh_from_db()
    before, after = neighbours(rows, koor, "changed")
    assert {before, after} <= {cafe, repair, None}
    assert before != after
    text = page_of(client_of(staff), f"/queue/{koor.pk}/?neighbourhood=Noord")
    assert f"/queue/{repair.pk}/?neighbourhood=Noord" in text
    assert str(cafe.pk) not in text


def test_a_case_is_worked_on_its_page(programme: Programme, staff: Person) -> None:
    colleague, request = make_matchmaker(programme), make_request(programme, title="Koor")
    client, at = client_of(staff), f"/queue/{request.pk}"
    text = client.post(f"{at}/note/", {"text": "Gebeld, bellen terug"}, follow=True).content.decode()
    assert "Gebeld, bellen terug" in text
    client.post(f"{at}/take/")
    assert case_of(request).assigned_to == staff
    client.post(f"{at}/assign/", {"to": str(colleague.pk)})
    assert case_of(request).assigned_to == colleague
    client.post(f"{at}/assign/", {"to": ""})
    assert case_of(request).assigned_to is None
    client.post(f"{at}/call/", {"call_on": TODAY.isoformat(), "call_why": "Over de sleutel"})
    assert "Over de sleutel" in page_of(client, "/queue/?show=call_back")
    client.post(f"{at}/tomorrow/")
    assert (case_of(request).call_on, case_of(request).call_why) == (TODAY + timedelta(days=1), "Over de sleutel")
    client.post(f"{at}/called/")
    assert (case_of(request).call_on, case_of(request).call_why) == (None, "")
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {"case.noted", "case.assigned", "case.call_back"} <= verbs
    assert JournalEntry.objects.filter(verb=LOOKED, about=request.asked_by_id, actor=staff.pk).exists()


def test_hostile_input_on_a_case_changes_nothing(programme: Programme, staff: Person) -> None:
    request, client = make_request(programme), client_of(staff)
    at, stranger = f"/queue/{request.pk}", make_matchmaker(make_programme())
    assert client.post(f"{at}/note/", {"text": "x" * 2001}).status_code == 422
    assert client.post(f"{at}/note/", {"text": "  "}).status_code == 422
    assert client.post(f"{at}/note/", {"text": "a\x00b"}).status_code == 422
    assert client.post(f"{at}/assign/", {"to": str(stranger.pk)}).status_code == 422
    assert client.post(f"{at}/assign/", {"to": "me' --"}).status_code == 422
    assert client.post(f"{at}/call/", {"call_on": "31-02-2026"}).status_code == 422
    assert client.post(f"{at}/call/", {"call_on": TODAY.isoformat(), "call_why": "x" * 201}).status_code == 422
    assert not DeskNote.objects.every(because=EVERY).exists()
    assert not DeskCase.objects.every(because=EVERY).exists()
    with pytest.raises(InputError):
        assign_case(request=request, by=staff, to=stranger)
    with pytest.raises(InputError):
        note_on_request(request=request, by=staff, text="x" * 2001, now=NOW)
    with pytest.raises(NotAllowedError):
        note_on_request(request=request, by=stranger, text="x", now=NOW)
    with pytest.raises(NotAllowedError):
        call_back(request=request, by=request.asked_by, day=TODAY)


def test_a_note_is_read_by_the_staff_of_the_programme_only(programme: Programme, staff: Person) -> None:
    asker, member = make_person(), make_person()
    organisation = make_organisation(programme, member=member)
    request = make_request(programme, asked_by=asker, organisation=organisation)
    note_on_request(request=request, by=staff, text="Moeilijk te bereiken", now=NOW)
    assert "Moeilijk te bereiken" in page_of(client_of(make_matchmaker(programme)), f"/queue/{request.pk}/")
    for person in (asker, member, make_matchmaker(make_programme())):
        client = client_of(person)
        assert client.get(f"/queue/{request.pk}/").status_code == 404
        assert client.post(f"/queue/{request.pk}/note/", {"text": "x"}).status_code == 404
        assert not DeskNote.objects.visible_to(person).exists()
        assert not DeskCase.objects.visible_to(person).exists()
    assert "Moeilijk" not in page_of(client_of(asker), f"/requests/{request.pk}/")
    assert "Moeilijk" not in page_of(client_of(asker), "/me/export/")


def test_staff_of_one_programme_who_ask_in_another_see_no_case_of_their_own(programme: Programme) -> None:
    person = make_matchmaker(make_programme())
    request = make_request(programme, asked_by=person)
    note_on_request(request=request, by=make_matchmaker(programme), text="Over jou", now=NOW)
    assert client_of(person).get(f"/queue/{request.pk}/").status_code == 404
    assert not DeskNote.objects.visible_to(person).exists()


def test_what_is_erased_loses_its_text_or_its_writer(programme: Programme, staff: Person) -> None:
    asker = make_person()
    mine, other = make_request(programme, asked_by=asker), make_request(programme)
    about = note_on_request(request=mine, by=staff, text="Over de vrager", now=NOW)
    kept = note_on_request(request=other, by=staff, text="Over een ander", now=NOW)
    call_back(request=mine, by=staff, day=TODAY, why="Zij wilde iets weten")
    assign_case(request=other, by=staff, to=staff)
    save_filter(by=staff, programme=programme, name="Mijn filter", chosen=Chosen({}), is_shared=True)
    forget(person=asker, by=asker)
    about.refresh_from_db()
    assert (about.text, about.by, case_of(mine).call_why, case_of(mine).call_on) == ("", staff, "", None)
    ProgrammeRole.objects.every(because=EVERY).filter(person=staff).delete()
    forget(person=staff, by=staff)
    kept.refresh_from_db()
    assert (kept.text, kept.by, case_of(other).assigned_to) == ("Over een ander", None, None)
    assert not SavedFilter.objects.every(because=EVERY).exists()


def bulk(staff: Person, requests: list[Request], **said: str) -> str:
    data = {"request": [str(each.pk) for each in requests], **said}
    return client_of(staff).post("/queue/?show=new", data, follow=True).content.decode()


def test_one_deed_on_many(programme: Programme, staff: Person) -> None:
    colleague, foreign = make_matchmaker(programme), make_request(make_programme())
    requests = [make_request(programme, title=f"Groep {number}") for number in range(3)]
    assert "2 requests are with Mila Matchmaker now." in bulk(staff, requests[:2], deed="assign_me")
    assert {case_of(each).assigned_to for each in requests[:2]} == {staff}
    assert "3 requests are with" in bulk(staff, [*requests, foreign], deed="assign", to=str(colleague.pk))
    assert {case_of(each).assigned_to for each in requests} == {colleague}
    assert "3 requests are with nobody now." in bulk(staff, requests, deed="assign_nobody")
    told = bulk(staff, requests, deed="call", call_on=TODAY.isoformat(), call_why="Ronde")
    assert "3 requests are to call back." in told
    assert {(case_of(each).call_on, case_of(each).call_why) for each in requests} == {(TODAY, "Ronde")}
    assert "3 calls are done." in bulk(staff, requests, deed="called")
    assert "The note stands on 3 requests." in bulk(staff, requests, deed="note", text="Zelfde zaal")
    assert DeskNote.objects.every(because=EVERY).filter(text="Zelfde zaal").count() == 3
    assert not DeskCase.objects.every(because=EVERY).filter(request=foreign).exists()


def test_the_button_that_asks_wins_over_the_list_of_deeds(programme: Programme, staff: Person) -> None:
    offer_of(programme)
    request = ask_for(programme)
    assert "1 host is asked." in bulk(staff, [request], deed="assign_me", ask="yes")
    assert not DeskCase.objects.every(because=EVERY).exists()


def test_a_deed_that_lacks_something_says_so_and_does_nothing(programme: Programme, staff: Person) -> None:
    requests = [make_request(programme)]
    assert "Choose what to do" in bulk(staff, requests, deed="")
    assert "Choose the day" in bulk(staff, requests, deed="call")
    assert "Write a note" in bulk(staff, requests, deed="note", text="  ")
    assert "Tick one or more" in bulk(staff, [], deed="assign_me")
    stranger = make_matchmaker(make_programme())
    assert "To whom" in bulk(staff, requests, deed="assign", to=str(stranger.pk))
    assert "With what is ticked" in bulk(staff, requests, deed="burn")
    assert not DeskCase.objects.every(because=EVERY).exists()
    assert not DeskNote.objects.every(because=EVERY).exists()


def test_a_hundred_at_once_at_most(programme: Programme, staff: Person) -> None:
    asker = make_person()
    requests = [make_request(programme, asked_by=asker) for _ in range(102)]
    told = bulk(staff, requests, deed="assign_me")
    assert "100 requests are with" in told
    assert "the others are as they were" in told
    assert DeskCase.objects.every(because=EVERY).filter(assigned_to=staff).count() == 100


@pytest.mark.parametrize("view", ["list", "board", "map"])
def test_the_queue_asks_few_questions_and_reads_no_snapshot(programme: Programme, staff: Person, view: str) -> None:
    make_neighbourhood(programme)
    offer_of(programme)
    for number in range(8):
        request = ask_for(programme, title=f"Groep {number}", latitude=52.37, longitude=4.9)
        propose_for(request=request, now=NOW)
        assign_case(request=request, by=staff, to=staff)
    client = client_of(staff)
    client.get(f"/queue/?view={view}")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/queue/?view={view}").status_code == 200
    texts = [each["sql"] for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]]
    assert len(texts) <= 20, "\n".join(texts)
    assert [text for text in texts if '"snapshot"' in text] == []
