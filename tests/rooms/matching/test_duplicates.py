"""Requests that are one: found without comparing each with each, merged, undone, told apart."""

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.rooms.makers import (
    MONDAY,
    make_matchmaker,
    make_organisation,
    make_person,
    make_programme,
    make_request,
    weekly,
)
from tests.rooms.matching.test_proposals import ask_for, offer_of

from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.demand.actions import open_request, reopen_request, withdraw_request
from meervoud.demand.models import Request, RequestRule
from meervoud.matching import duplicates
from meervoud.matching.answering import Said, say_yes
from meervoud.matching.asking import ask_hosts
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.desk_cases import note_on_request
from meervoud.matching.desk_merging import goes_on_as, merge_requests, tell_apart, undo_merge
from meervoud.matching.duplicates import candidates, pair_of
from meervoud.matching.models import DeskCase, DeskNote, NotTheSame, Side
from meervoud.matching.proposing import propose_for
from meervoud.parties.models import Person, Programme
from meervoud.parties.privacy import forget

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=0, microsecond=0)
TODAY = timezone.localdate()
EVERY = "test"
OTHER_NEED = (weekly(weekdays=(3,), start=10, end=12),)


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


def is_pair(programme: Programme, one: Request, other: Request) -> bool:
    return pair_of(one.pk, other.pk) in {pair_of(each.first, each.second) for each in candidates(programme)}


def merge(keep: Request, other: Request, by: Person) -> DeskCase:
    return merge_requests(keep=keep, other=other, by=by, now=NOW, today=TODAY)


def fresh(row: Request) -> Request:
    return Request.objects.every(because=EVERY).select_related("programme").get(pk=row.pk)


def test_the_same_asker_and_the_same_days_or_a_similar_name_may_be_one(programme: Programme) -> None:
    asker = make_person()
    choir = make_request(programme, asked_by=asker, title="Koor de Lijster")
    same_days = make_request(programme, asked_by=asker, title="Zangmiddag")
    same_name = make_request(programme, asked_by=asker, title="De Lijster, koor", needs=OTHER_NEED)
    neither = make_request(programme, asked_by=asker, title="Huiswerkhulp", needs=OTHER_NEED, group_max=4)
    assert is_pair(programme, choir, same_days)
    assert is_pair(programme, choir, same_name)
    assert is_pair(programme, same_name, neither)  # the same days
    assert not is_pair(programme, choir, neither)


def test_of_two_askers_the_place_the_name_and_the_days_must_be_the_same(programme: Programme) -> None:
    one = make_request(programme, title="Repair Café Noord", neighbourhood="Noord")
    typed = make_request(programme, title="Repaircafe Noord!", neighbourhood="Noord")
    elsewhere = make_request(programme, title="Repair Café Noord", neighbourhood="Zuid")
    other_days = make_request(programme, title="Repair Café Noord", neighbourhood="Noord", needs=OTHER_NEED)
    other_name = make_request(programme, title="Taalles", neighbourhood="Noord")
    closed = make_request(programme, title="Repair Café Noord", neighbourhood="Noord", opened=False)
    foreign = make_request(title="Repair Café Noord", neighbourhood="Noord")
    assert is_pair(programme, one, typed)
    assert [is_pair(programme, one, each) for each in (elsewhere, other_days, other_name, closed, foreign)] == [
        False
    ] * 5


def test_a_group_of_several_people_is_one_asker(programme: Programme) -> None:
    group = make_organisation(programme)
    one = make_request(programme, organisation=group, title="Koor")
    assert is_pair(programme, one, make_request(programme, organisation=group, title="Zang"))


def test_two_without_a_name_and_without_days_are_no_pair(programme: Programme) -> None:
    rows = [make_request(programme, neighbourhood="Noord") for _ in range(2)]
    Request.objects.every(because=EVERY).update(title="")
    RequestRule.objects.every(because=EVERY).all().delete()
    assert not is_pair(programme, *rows)


def test_keeping_one_withdraws_the_other_and_brings_its_notes(programme: Programme, staff: Person) -> None:
    offer_of(programme)
    asker = make_person()
    keep, other = ask_for(programme, asked_by=asker, title="A"), ask_for(programme, asked_by=asker, title="B")
    propose_for(request=other, now=NOW)
    ask_hosts(proposals=other.proposals.all(), by=staff, now=NOW, asker_agrees=False)
    note_on_request(request=other, by=staff, text="Belde twee keer", now=NOW)
    case = merge(keep, other, staff)
    assert (fresh(other).state, fresh(keep).state, case.merged_into) == ("withdrawn", "open", keep)
    assert [each.state for each in other.proposals.all()] == ["withdrawn"]
    assert [(each.text, each.said_of) for each in keep.desk_notes.all()] == [("Belde twee keer", other)]
    assert not DeskCase.objects.every(because=EVERY).filter(request=keep, call_on__isnull=False).exists()
    assert candidates(programme) == []


def test_undone_within_fourteen_days_it_is_as_it_was(programme: Programme, staff: Person) -> None:
    keep, other = make_request(programme, title="A"), make_request(programme, title="B")
    until = fresh(other).expires_on
    note_on_request(request=other, by=staff, text="Van B", now=NOW)
    note_on_request(request=keep, by=staff, text="Van A", now=NOW)
    merge(keep, other, staff)
    late = NOW + timedelta(days=14, minutes=1)
    with pytest.raises(ConflictError):
        undo_merge(other=other, by=staff, now=late, today=TODAY)
    undo_merge(other=other, by=staff, now=NOW + timedelta(days=14), today=TODAY)
    assert (fresh(other).state, fresh(other).expires_on) == ("open", until)
    assert [each.text for each in keep.desk_notes.all()] == ["Van A"]
    assert [each.text for each in other.desk_notes.all()] == ["Van B"]
    with pytest.raises(ConflictError):
        undo_merge(other=other, by=staff, now=NOW, today=TODAY)


def test_who_may_not_merge_and_what_cannot_be_merged(programme: Programme, staff: Person) -> None:
    keep, other = make_request(programme), make_request(programme)
    with pytest.raises(InputError):
        merge(keep, keep, staff)
    with pytest.raises(InputError):
        merge(keep, make_request(make_programme()), staff)
    with pytest.raises(NotAllowedError):
        merge(keep, other, keep.asked_by)
    merge(keep, other, staff)
    with pytest.raises(ConflictError):
        merge(keep, other, staff)
    with pytest.raises(NotAllowedError):
        undo_merge(other=other, by=keep.asked_by, now=NOW, today=TODAY)


def test_what_has_two_yes_is_not_merged_away(programme: Programme, staff: Person) -> None:
    offer_of(programme)
    keep, other = ask_for(programme), ask_for(programme)
    propose_for(request=other, now=NOW)
    ask_hosts(proposals=other.proposals.all(), by=staff, now=NOW, asker_agrees=False)
    row = say_yes(proposal=other.proposals.get(), said=Said(Side.HOST, staff, NOW))
    say_yes(proposal=row, said=Said(Side.ASKER, staff, NOW))
    with pytest.raises(ConflictError):
        merge(keep, other, staff)
    assert fresh(other).state == "open"


def test_who_asked_is_told_which_one_goes_on_only_where_they_may_see_it(programme: Programme, staff: Person) -> None:
    asker, colleague = make_person(), make_person()
    group = make_organisation(programme, member=asker)
    keep = make_request(programme, asked_by=colleague, organisation=group, title="Koor Blijft")
    seen, unseen = make_request(programme, asked_by=asker), make_request(programme, title="Verdwijnt")
    merge(keep, seen, staff)
    assert not DeskCase.objects.every(because=EVERY).filter(request=keep, call_on=TODAY).exists()
    merge(keep, unseen, staff)
    assert "Verdwijnt" in DeskCase.objects.every(because=EVERY).get(request=keep, call_on=TODAY).call_why
    told = client_of(asker).get(f"/requests/{seen.pk}/").content.decode()
    assert f"/requests/{keep.pk}/" in told
    told = client_of(unseen.asked_by).get(f"/requests/{unseen.pk}/").content.decode()
    assert "The desk calls you about it." in told
    assert str(keep.pk) not in told
    assert "Koor Blijft" not in told


def test_a_chain_of_merges_leads_to_the_last_one(programme: Programme, staff: Person) -> None:
    first, second, third = (make_request(programme, title=name) for name in "ABC")
    note_on_request(request=first, by=staff, text="Van A", now=NOW)
    merge(second, first, staff)
    merge(third, second, staff)
    assert goes_on_as(fresh(first)) == third
    assert [each.text for each in third.desk_notes.all()] == ["Van A"]
    assert goes_on_as(fresh(third)) is None
    forget(person=first.asked_by, by=first.asked_by)
    assert set(DeskNote.objects.every(because=EVERY).values_list("text", flat=True)) == {""}
    with pytest.raises(ConflictError):
        undo_merge(other=fresh(first), by=staff, now=NOW, today=TODAY)  # what is erased is not opened again


def test_not_the_same_is_remembered(programme: Programme, staff: Person) -> None:
    asker = make_person()
    one, other = make_request(programme, asked_by=asker), make_request(programme, asked_by=asker)
    assert is_pair(programme, one, other)
    tell_apart(one=other, other=one, by=staff)
    tell_apart(one=one, other=other, by=staff)
    assert NotTheSame.objects.every(because=EVERY).count() == 1
    assert not is_pair(programme, one, other)
    with pytest.raises(NotAllowedError):
        tell_apart(one=one, other=other, by=asker)


def test_the_page_shows_pairs_side_by_side_and_does_it(programme: Programme, staff: Person) -> None:
    asker, client = make_person(), client_of(staff)
    one = make_request(programme, asked_by=asker, title="Koor Zuid", group_max=8)
    other = make_request(programme, asked_by=asker, title="Zuidkoor", group_max=9)
    text = client.get("/queue/duplicates/").content.decode()
    assert text.index("Koor Zuid") < text.index("Zuidkoor")
    assert text.count('class="differs"') == 1
    pair = {"first": str(one.pk), "second": str(other.pk)}
    for wrong in ({}, {**pair, "second": "x"}, {**pair, "second": str(uuid4())}, {**pair, "first": "9" * 5000}):
        assert client.post("/queue/duplicates/", {"deed": "merge", **wrong}).status_code == 404
    foreign = make_matchmaker(make_programme())
    assert client_of(foreign).post("/queue/duplicates/", {"deed": "merge", **pair}).status_code == 404
    assert client_of(asker).get("/queue/duplicates/").status_code == 404
    client.post("/queue/duplicates/", {"deed": "merge", **pair})
    assert fresh(other).state == "withdrawn"
    assert "Zuidkoor" in client.get("/queue/duplicates/").content.decode()
    assert "Merged into this one" in client.get(f"/queue/{one.pk}/").content.decode()
    assert "It goes on here" in client.get(f"/queue/{other.pk}/").content.decode()
    client.post("/queue/duplicates/", {"deed": "undo", "first": str(other.pk)})
    assert fresh(other).state == "open"
    client.post("/queue/duplicates/", {"deed": "apart", **pair})
    assert "No two are alike" in client.get("/queue/duplicates/").content.decode()


def test_a_request_that_was_withdrawn_by_mistake_is_opened_again() -> None:
    request = make_request()
    by, until = request.asked_by, request.expires_on
    with pytest.raises(ConflictError):
        reopen_request(request=request, by=by, today=TODAY)
    withdraw_request(request=request, by=by)
    reopen_request(request=request, by=by, today=TODAY)
    assert (fresh(request).state, fresh(request).expires_on) == ("open", until)
    withdraw_request(request=request, by=by)
    Request.objects.every(because=EVERY).filter(pk=request.pk).update(expires_on=TODAY - timedelta(days=1))
    assert reopen_request(request=fresh(request), by=by, today=TODAY).expires_on == TODAY + timedelta(days=14)
    draft = make_request(opened=False)
    withdraw_request(request=draft, by=draft.asked_by)
    with pytest.raises(ConflictError):
        reopen_request(request=draft, by=draft.asked_by, today=TODAY)
    open_request(request=draft, by=draft.asked_by, today=TODAY)


def test_three_thousand_requests_of_one_asker_are_looked_through_in_no_time(programme: Programme) -> None:
    asker = make_person()
    rows = [
        Request(
            programme=programme, asked_by=asker, title=f"Groep {number}", state="open", neighbourhood="Noord",
            group_max=5, expires_on=MONDAY,
        )
        for number in range(3000)
    ]  # fmt: skip
    Request.objects.bulk_create(rows)
    rule = {"kind": "weekly", "weekdays": [1], "window_start": 1140, "window_end": 1320, "minutes": 120}
    RequestRule.objects.bulk_create([RequestRule(request=row, first=MONDAY, **rule) for row in rows])
    compared, real = 0, duplicates._compare

    def counted(one: duplicates._Row, other: duplicates._Row) -> duplicates.Candidate | None:
        nonlocal compared
        compared += 1
        return real(one, other)

    with patch("meervoud.matching.duplicates._compare", counted):
        found = candidates(programme)
    assert compared <= 3000 * 8 * 3  # each with each would be 4.5 million
    assert found
