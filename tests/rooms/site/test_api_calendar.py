"""The free time of a space as a calendar that other programs read: right to the hour, and silent about the rest."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar
from tests.rooms.makers import make_offer, make_organisation, make_person, make_programme
from tests.rooms.matrix.world import NOW, World, make_world, noon
from tests.rooms.once import as_new, made_once
from tests.rooms.site.api_client import API, ask

from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.types.spaces import OpenPeriod, Space
from meervoud.core.engine.types.time import Grid
from meervoud.matching.free_spans import free_spans_of
from meervoud.matching.free_time import free_time
from meervoud.supply.actions import end_offer

pytestmark = pytest.mark.django_db
Spans = list[tuple[datetime, datetime]]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with noon():
        yield


def make() -> World:
    with noon():
        return make_world()


made_world = made_once(make)


@pytest.fixture
def world(made_world: World) -> World:
    return as_new(made_world)


def events(answer: Any) -> list[Any]:  # Any: an answer; components
    """Return the events of a calendar, as a parser of others reads them."""
    assert answer.status_code == 200, answer.content
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def spans_of(answer: Any) -> Spans:  # Any: an answer
    return [(each.start, each.end) for each in events(answer)]


def test_a_parser_reads_each_free_day_in_utc() -> None:
    offer = make_offer(hours="Mo-Fr 18:00-22:00", name="The quay; room, one")
    answer = ask(f"offers/{offer.pk}/free.ics", days=7)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = events(answer)
    assert spans_of(answer)[0] == (datetime(2026, 11, 23, 17, tzinfo=UTC), datetime(2026, 11, 23, 21, tzinfo=UTC))
    assert len(found) == 5
    first = found[0]
    assert (str(first["SUMMARY"]), str(first["TRANSP"])) == ("Free: The quay; room, one", "TRANSPARENT")
    assert first["DTSTAMP"].dt == NOW
    assert str(first["URL"]).endswith(f"/spaces/{offer.pk}/")
    assert b"DTSTART:20261123T170000Z\r\n" in answer.content
    assert b"DTSTAMP:20261122T120000Z\r\n" in answer.content
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_an_event_keeps_its_id_and_no_two_have_one() -> None:
    offer = make_offer(hours="Mo-Su 18:00-22:00")
    first, again = events(ask(f"offers/{offer.pk}/free.ics")), events(ask(f"offers/{offer.pk}/free.ics", language="nl"))
    ids = [str(each["UID"]) for each in first]
    assert ids == [str(each["UID"]) for each in again]
    assert len(set(ids)) == len(ids) == 60
    other = make_offer(offer.programme, hours="Mo-Su 18:00-22:00")
    assert not set(ids) & {str(each["UID"]) for each in events(ask(f"offers/{other.pk}/free.ics"))}


def test_what_is_taken_is_not_in_it_and_nobody_says_why(world: World) -> None:
    answer = ask(f"offers/{world.online.pk}/free.ics", days=30)
    for word in (b"Board meeting", b"ours.ics", b"Language", b"ATTENDEE", b"ORGANIZER", b"DESCRIPTION", b"LOCATION"):
        assert word not in answer.content
    found = free_time(world.programme, str(world.online.pk), most=20)
    assert found is not None
    zone = ZoneInfo(world.programme.time_zone)
    spans = spans_of(answer)
    for moment in found.moments[:10]:
        midnight = datetime.combine(moment.day, datetime.min.time(), tzinfo=zone)
        start, end = midnight + timedelta(minutes=moment.start), midnight + timedelta(minutes=moment.end)
        assert any(a <= start and end <= b for a, b in spans), moment
    meeting, day = (datetime(2026, 12, 1, 10, tzinfo=UTC), datetime(2026, 12, 1, 12, tzinfo=UTC)), timedelta(days=1)
    assert not [span for span in spans if span[0] < meeting[1] and meeting[0] < span[1]]
    assert [span for span in spans if span[0] <= meeting[0] - day and meeting[1] - day <= span[1]]  # else it is free
    assert all(b1 < a2 for (_, b1), (a2, _) in pairwise(spans))


def test_where_nothing_is_free_it_says_so_and_is_still_a_calendar() -> None:
    offer = make_offer(hours="Sa 18:00-22:00")
    answer = ask(f"offers/{offer.pk}/free.ics", days=3)
    assert events(answer) == []
    (nothing,) = list[Any](Calendar.from_ical(answer.content).walk("VFREEBUSY"))  # Any: a component
    assert (nothing.start, nothing.end) == (
        datetime(2026, 11, 22, 23, tzinfo=UTC),
        datetime(2026, 11, 25, 23, tzinfo=UTC),
    )
    assert nothing["FREEBUSY"].params["FBTYPE"] == "BUSY-UNAVAILABLE"


def test_only_what_is_online_has_a_calendar(world: World) -> None:
    programme = make_programme(is_public=False)
    hidden = make_offer(programme)
    ended = make_offer(world.programme, host=make_organisation(world.programme))
    end_offer(offer=ended, by=make_person())
    for each in (world.draft, hidden, ended):
        assert ask(f"offers/{each.pk}/free.ics").status_code == 404
    for query in ("days=0", "days=181", "days=x", "days=" + "9" * 400, "until=2026"):
        answer = Client().get(f"{API}offers/{world.online.pk}/free.ics?{query}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


def test_the_page_of_the_space_and_the_document_lead_to_it(world: World) -> None:
    address = f"{API}offers/{world.online.pk}/free.ics"
    assert f'href="{address}"' in Client().get(f"/spaces/{world.online.pk}/").content.decode()
    read = ask("openapi.json").json()["paths"][API + "offers/{offer_id}/free.ics"]["get"]
    assert list(read["responses"]["200"]["content"]) == ["text/calendar"]


# the nights on which the clock changes


def local_spans(hours: str, day: date, zone: str = "Europe/Amsterdam", days: int = 1) -> Spans:
    space = Space(id="a", kind="other", periods=(OpenPeriod(hours=parse_opening_hours(hours)),))
    grid = Grid(zone, day - timedelta(days=day.weekday()), 4)
    return list(free_spans_of(space, grid, day, days=days).spans)


def at(day: int, hour: int, minute: int = 0, *, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


LAST_SUNDAY = date(2026, 10, 25)
AUTUMN = {
    "18:00-22:00": [(at(25, 17), at(25, 21))],
    "00:00-24:00": [(at(24, 22), at(25, 23))],  # twenty-five hours
    "00:00-02:00": [(at(24, 22), at(25, 0))],
    "00:00-02:30": [(at(24, 22), at(25, 0, 30))],  # until the first half past two
    "02:30-05:00": [(at(25, 1, 30), at(25, 4))],  # from the second one on
    "03:00-05:00": [(at(25, 2), at(25, 4))],
    "02:00-02:30": [],
}


@pytest.mark.parametrize("hours", AUTUMN)
def test_the_last_sunday_of_october_is_right(hours: str) -> None:
    assert local_spans(f"Mo-Su {hours}", LAST_SUNDAY) == AUTUMN[hours]


def test_an_evening_has_another_hour_of_utc_after_the_change() -> None:
    found = local_spans("Mo-Su 18:00-22:00", date(2026, 10, 24), days=3)
    assert [start for start, _ in found] == [at(24, 16), at(25, 17), at(26, 17)]


SPRING = {
    "00:00-24:00": [(at(28, 23, month=3), at(29, 22, month=3))],  # twenty-three hours
    "00:00-02:00": [(at(28, 23, month=3), at(29, 1, month=3))],
    "03:00-05:00": [(at(29, 1, month=3), at(29, 3, month=3))],
    "02:00-03:00": [],
}


@pytest.mark.parametrize("hours", SPRING)
def test_the_last_sunday_of_march_is_right(hours: str) -> None:
    assert local_spans(f"Mo-Su {hours}", date(2026, 3, 29)) == SPRING[hours]


def test_days_and_nights_without_an_end_are_one_span() -> None:
    assert local_spans("24/7", date(2026, 10, 20), days=9) == [(at(19, 22), at(28, 23))]
