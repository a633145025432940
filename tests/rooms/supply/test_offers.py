"""Listing a space: every step keeps what was typed, one click writes the hours, copies, moves, and the way to it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.rooms.makers import make_offer, make_organisation, make_person, make_programme

from meervoud.core.errors import ConflictError, InputError
from meervoud.parties.models import Organisation, Person
from meervoud.supply.actions import copy_to_next_room, end_offer, pause_offer, publish_offer, set_parts
from meervoud.supply.as_space import edges_of, end_sooner, space_of, with_parts
from meervoud.supply.calendar import Span, TakenError, take_time
from meervoud.supply.closed_days import holidays_of, read_periods, write_periods
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(client: Client) -> Person:
    person = make_person("Hanna Host")
    client.force_login(person)
    return person


@pytest.fixture
def offer(host: Person) -> Offer:
    programme = make_programme()
    return make_offer(programme, host=make_organisation(programme, member=host), published=False)


def again(offer: Offer) -> Offer:
    return with_parts(Offer.objects.every(because="test")).get(pk=offer.pk)


def test_the_way_to_an_offer_begins_with_a_name(client: Client, host: Person) -> None:
    make_programme()
    answer = client.post(
        "/offer/",
        {
            "host": "new",
            "host_name": "Kantoor",
            "host_kind": "company",
            "name": "Zaal",
            "kind": "office",
            "length": "hours",
        },
    )
    offer = Offer.objects.every(because="test").get()
    assert answer["Location"] == f"/offers/{offer.pk}/"
    assert (offer.state, offer.space.name, offer.host.name) == ("draft", "Zaal", "Kantoor")
    assert offer.host.verification == "unverified"
    assert Organisation.objects.of_member(host).get() == offer.host
    assert client.post("/offer/", {"host": "new", "name": "x", "kind": "office", "length": "hours"}).status_code == 422


POSTS: dict[str, dict[str, Any]] = {
    "space": {
        "capacity": "30",
        "capacity_min": "5",
        "area_m2": "80",
        "storey": "begane grond",
        "step_free": "limited",
        "is_warm": "yes",
        "toilet_place": "links in de gang",
        "facilities": ["kitchen", "wifi"],
        "no_facilities": ["piano"],
        "description": "Een lichte zaal.",
    },
    "use": {"any_activity": "listed", "activities": ["meeting", "meal"], "loudness": "talking", "causes": ["language"]},
    "rules": {"house_rules": "Ruim samen op.", "access_notes": "Code bij de balie"},
    "cost": {
        "price_kind": "price",
        "price": "12.5",
        "price_per": "hour",
        "evening_costs": "40",
        "cost_bearer": "host",
    },
    "limits": {
        "from_day": "2027-01-01",
        "until_day": "2027-12-31",
        "notice_days": "7",
        "buffer_minutes": "30",
        "most_evenings_a_month": "4",
        "closed": "2027-07-01 - 2027-08-31",
    },
    "edges": {"alarm_week_from": "06:00", "alarm_week_until": "22:00", "lock_up_minutes": "20"},
    "whole": {"condition": "Droog", "approvals": "Bestuur", "permitted_use": "Maatschappelijk"},
}


@pytest.mark.parametrize("name", POSTS)
def test_every_step_keeps_what_was_typed_and_shows_it_again(client: Client, offer: Offer, name: str) -> None:
    assert client.post(f"/offers/{offer.pk}/{name}/", POSTS[name]).status_code == 302
    page = client.get(f"/offers/{offer.pk}/{name}/").content.decode()
    for value in POSTS[name].values():
        for each in [value] if isinstance(value, str) else value:
            assert each in page, each


def test_what_the_steps_keep_is_what_the_engine_sees(client: Client, offer: Offer) -> None:
    for name, values in POSTS.items():
        client.post(f"/offers/{offer.pk}/{name}/", values)
    space = space_of(again(offer), today=date(2027, 2, 1))
    assert (space.capacity, space.capacity_min, space.area_m2, space.step_free) == (30, 5, 80, "limited")
    assert (space.facilities, space.no_facilities) == (frozenset({"kitchen", "wifi"}), frozenset({"piano"}))
    assert (space.activities, space.loudness, space.causes) == (
        frozenset({"meeting", "meal"}),
        "talking",
        frozenset({"language"}),
    )
    assert space.price
    assert (space.price.cents, space.price.per, space.buffer_minutes) == (1250, "hour", 30)
    assert [edge.hours.text for edge in space.edges] == ["Mo-Fr 06:00-22:00"]
    assert [span.end for edge in space.edges for rule in edge.hours.rules for span in rule.spans] == [22 * 60 - 20]
    assert {each.reason for each in space.closures} == {"closed", "notice"}


@pytest.mark.parametrize(
    ("way", "hours", "lend"),
    [
        ({"way": "office"}, "Mo-Fr 08:00-18:00", "outside"),
        ({"way": "always"}, "", "always"),
        (
            {"way": "rows", "lend": "inside", "working_from": "18:00", "working_until": "22:00"},
            "Mo-Fr 18:00-22:00",
            "inside",
        ),
        (
            {"way": "rows", "lend": "inside", "saturday_from": "20:00", "saturday_until": "02:00"},
            "Sa 20:00-02:00",
            "inside",
        ),
        (
            {"way": "week", "lend": "inside", "cells": ["1-38", "1-39", "3-38"]},
            "Tu 19:00-20:00; Th 19:00-19:30",
            "inside",
        ),
    ],
)
def test_hours_are_written_by_a_click_by_rows_or_by_a_week_to_tick(
    client: Client, offer: Offer, way: dict[str, Any], hours: str, lend: str
) -> None:
    assert client.post(f"/offers/{offer.pk}/hours/", way).status_code == 302
    period = again(offer).periods.get()
    assert (period.hours, period.lend) == (hours, lend)
    assert client.get(f"/offers/{offer.pk}/hours/").status_code == 200


@pytest.mark.parametrize(
    "way",
    [
        {"way": "rows", "lend": "inside"},
        {"way": "rows", "lend": "inside", "working_from": "18:00"},
        {"way": "week", "lend": "inside"},
        {"way": "week", "lend": "inside", "cells": ["9-99"]},
        {"way": "rows", "lend": "sometimes"},
    ],
)
def test_hours_that_make_no_sense_leave_the_old_ones(client: Client, offer: Offer, way: dict[str, Any]) -> None:
    before = again(offer).periods.get().hours
    assert client.post(f"/offers/{offer.pk}/hours/", way).status_code == 422
    assert again(offer).periods.get().hours == before


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("place", {"latitude": "52.1"}),
        ("place", {"latitude": "99", "longitude": "5"}),
        ("place", {"town": ""}),
        ("space", {"storey": ""}),
        ("space", {"capacity": "5", "capacity_min": "9"}),
        ("space", {"capacity": "5", "facilities": ["wifi"], "no_facilities": ["wifi"]}),
        ("cost", {"price_kind": "price"}),
        ("limits", {"from_day": "2027-02-01", "until_day": "2027-01-01"}),
        ("limits", {"closed": "in summer"}),
        ("limits", {"closed": "2027-02-30"}),
        ("limits", {"closed": "2027-08-31 - 2027-07-01"}),
        ("edges", {"alarm_week_from": "06:00"}),
    ],
)
def test_a_wrong_step_comes_back_with_a_sentence(
    client: Client, offer: Offer, name: str, values: dict[str, Any]
) -> None:
    answer = client.post(f"/offers/{offer.pk}/{name}/", values)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()


def test_hours_from_a_sheet_that_the_fields_cannot_show_stay_where_none_is_typed(client: Client, offer: Offer) -> None:
    building = offer.space.building
    building.doors, building.alarm = "Mo-Th 07:00-23:00; Fr 07:00-21:00", "Mo-Su 07:00-22:00"
    building.save()
    client.post(f"/offers/{offer.pk}/edges/", {"alarm_week_from": "06:00", "alarm_week_until": "21:00"})
    building.refresh_from_db()
    assert building.doors == "Mo-Th 07:00-23:00; Fr 07:00-21:00"
    assert building.alarm == "Mo-Fr 06:00-21:00"


def test_a_copy_has_all_but_the_name_the_photos_and_the_calendar(offer: Offer, host: Person) -> None:
    offer.house_rules, offer.most_evenings_a_month = "Ruim op.", 3
    offer.save()
    offer.closures.create(first=date(2027, 1, 1), last=date(2027, 1, 1), reason="holiday")
    copy = copy_to_next_room(offer=offer, by=host, name="Kamer twee")
    one, other = space_of(again(offer)), space_of(again(copy))
    assert other.name == "Kamer twee"
    assert (one.periods, one.closures, one.capacity, one.price) == (
        other.periods,
        other.closures,
        other.capacity,
        other.price,
    )
    assert (copy.house_rules, copy.most_evenings_a_month, copy.state) == ("Ruim op.", 3, "draft")
    assert copy.space.building == offer.space.building
    assert set(copy.space.atoms.all()).isdisjoint(offer.space.atoms.all())


def test_an_offer_moves_only_as_the_table_says(offer: Offer, host: Person) -> None:
    publish_offer(offer=offer, by=host)
    with pytest.raises(ConflictError):
        publish_offer(offer=offer, by=host)
    pause_offer(offer=offer, by=host)
    with pytest.raises(ConflictError):
        pause_offer(offer=offer, by=host)
    end_offer(offer=offer, by=host)
    publish_offer(offer=offer, by=host)
    assert again(offer).state == "published"


def test_an_offer_without_hours_cannot_go_online(client: Client, offer: Offer, host: Person) -> None:
    offer.periods.all().delete()
    with pytest.raises(InputError) as error:
        publish_offer(offer=offer, by=host)
    assert error.value.code == "offer_lacks_hours"
    page = client.post(f"/offers/{offer.pk}/move/publish/", follow=True, headers={"accept-language": "nl"})
    assert "zeg wanneer je haar uitleent" in page.content.decode()


def test_closed_days_are_read_and_written_as_they_were() -> None:
    text = "2026-12-24 - 2027-01-02\n2027-05-05"
    assert write_periods(read_periods("\n2027-05-05\n2026-12-24 tot en met 2027-01-02\n")) == text


def test_holidays_are_named_in_the_language_of_the_page_and_a_strange_country_has_none() -> None:
    assert any("2027-04-27" in day for day, _ in holidays_of("NL"))
    assert [each[0] for each in holidays_of("XX", ["2027-01-01"])] == ["2027-01-01"]


def test_everybody_is_out_some_minutes_before_the_alarm_and_a_whole_day_stays_whole(offer: Offer) -> None:
    building = offer.space.building
    building.alarm = "Mo-Fr 07:00-22:00; Sa 00:00-24:00; Su 10:00-10:10"
    edge = edges_of(building)[0]
    ends = [(rule.days, span.end, rule.state) for rule in edge.hours.rules for span in rule.spans]
    assert ends == [("Mo-Fr", 1305, "open"), ("Sa", 1440, "open"), ("Su", 610, "closed")]
    assert end_sooner(edge.hours, 0) == edge.hours


def test_a_paused_space_says_that_it_is_not_online_and_not_what_it_was(client: Client) -> None:
    offer = make_offer(name="Geheime zaal")
    assert client.get(f"/spaces/{offer.pk}/").status_code == 200
    pause_offer(offer=offer, by=make_person())
    answer = client.get(f"/spaces/{offer.pk}/", headers={"accept-language": "nl"})
    assert answer.status_code == 404
    assert "staat niet online" in answer.content.decode()
    assert "Geheime zaal" not in answer.content.decode()


def test_a_hall_is_made_of_its_rooms_on_the_page(client: Client, offer: Offer, host: Person) -> None:
    room = copy_to_next_room(offer=offer, by=host, name="Kamer")
    other = copy_to_next_room(offer=offer, by=host, name="Kamertje")
    rooms = [str(room.space_id), str(other.space_id)]
    assert client.post(f"/offers/{offer.pk}/space/", {"capacity": "60", "parts": rooms}).status_code == 302
    atoms = set(room.space.atoms.all()) | set(other.space.atoms.all())
    assert set(offer.space.atoms.all()) == atoms
    now = timezone.now().replace(second=0, microsecond=0)
    span = Span(now + timedelta(hours=1), now + timedelta(hours=2))
    take_time(space=room.space, spans=[span], request_key="room", by=host, now=now)
    with pytest.raises(TakenError):
        take_time(space=offer.space, spans=[span], request_key="hall", by=host, now=now)
    later = Span(span.ends_at, span.ends_at + timedelta(hours=1))
    take_time(space=offer.space, spans=[later], request_key="hall", by=host, now=now)
    refused = client.post(f"/offers/{offer.pk}/space/", {"capacity": "60"})
    assert refused.status_code == 422, "a hall that is taken stays made of its rooms"
    assert set(offer.space.atoms.all()) == atoms


def test_a_hall_that_is_free_can_become_floor_of_its_own_again(client: Client, offer: Offer, host: Person) -> None:
    room = copy_to_next_room(offer=offer, by=host, name="Kamer")
    own = set(offer.space.atoms.all())
    client.post(f"/offers/{offer.pk}/space/", {"capacity": "60", "parts": [str(room.space_id)]})
    assert set(offer.space.atoms.all()) == set(room.space.atoms.all())
    assert client.post(f"/offers/{offer.pk}/space/", {"capacity": "60"}).status_code == 302
    assert set(offer.space.atoms.all()).isdisjoint(room.space.atoms.all())
    assert set(offer.space.atoms.all()) != own


def test_a_space_is_not_made_of_rooms_elsewhere(offer: Offer, host: Person) -> None:
    for space in (make_offer().space, offer.space):
        with pytest.raises(InputError):
            set_parts(offer=offer, by=host, parts=[space])
