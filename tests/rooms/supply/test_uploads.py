"""Hostile uploads and calendars: a sentence beside the field, nothing kept, nothing fetched from inside."""

import zlib
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.rooms.makers import make_offer, make_organisation, make_person, make_programme

from meervoud.places.models import Photo
from meervoud.supply.host_calendars import busy_spans, put_calendar_file
from meervoud.supply.models import HostCalendar, Occupation, Offer

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def offer(client: Client) -> Offer:
    programme, host = make_programme(), make_person()
    client.force_login(host)
    return make_offer(programme, host=make_organisation(programme, member=host))


def calendar(*lines: str) -> bytes:
    inside = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", *lines, "END:VCALENDAR", ""]
    return "\r\n".join(inside).encode()


def event(*lines: str) -> bytes:
    return calendar("BEGIN:VEVENT", "UID:1", "DTSTAMP:20261101T000000Z", *lines, "END:VEVENT")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        SVG,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        zlib.compress(b"0" * 10**6),
        b"\xff\xd8" + b"<html>",
    ],
    ids=["empty", "text", "svg", "png", "packed", "jpeg"],
)
@pytest.mark.django_db
def test_what_is_no_photo_is_refused_with_a_sentence(client: Client, offer: Offer, data: bytes) -> None:
    file = SimpleUploadedFile("photo.jpg", data, "image/jpeg")
    answer = client.post(f"/offers/{offer.pk}/photos/", {"photo": file, "description": "zaal"})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not Photo.objects.every(because="a test").exists()


@pytest.mark.parametrize(
    "data",
    [b"", b"BEGIN:VCARD", b"\0" * 100, b"x" * 1_100_000, b"<html></html>"],
    ids=["empty", "card", "nul", "large", "html"],
)
@pytest.mark.django_db
def test_what_is_no_calendar_is_refused_and_what_was_read_before_stays(
    client: Client, offer: Offer, data: bytes
) -> None:
    good = event("DTSTART:20261124T180000Z", "DTEND:20261124T200000Z")
    put_calendar_file(offer=offer, by=make_person(), name="good.ics", data=good, now=NOW)
    file = SimpleUploadedFile("agenda.ics", data)
    answer = client.post(f"/offers/{offer.pk}/calendar/", {"file": file})
    assert answer.status_code == 422
    assert HostCalendar.objects.every(because="a test").get().file_name == "good.ics"
    assert Occupation.objects.every(because="a test").filter(is_active=True).count() == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a.ics",
        "https://127.0.0.1/a.ics",
        "https://localhost/a",
        "file:///etc/passwd",
        "https://[::1]/",
        "x",
    ],
)
@pytest.mark.django_db
def test_a_calendar_is_never_fetched_from_inside(client: Client, offer: Offer, url: str) -> None:
    answer = client.post(f"/offers/{offer.pk}/calendar/", {"url": url})
    assert answer.status_code == 422
    assert not HostCalendar.objects.every(because="a test").exists()


@pytest.mark.django_db
def test_addresses_are_tried_only_so_often(client: Client, offer: Offer) -> None:
    answers = [client.post(f"/offers/{offer.pk}/calendar/", {"url": "https://127.0.0.1/"}) for _ in range(13)]
    assert [answer.status_code for answer in answers] == [422] * 12 + [429]


def test_a_poisoned_calendar_is_cut_off() -> None:
    every_second = event("DTSTART:20261124T180000Z", "DTEND:20261124T180001Z", "RRULE:FREQ=SECONDLY")
    spans, events = busy_spans(every_second, zone="Europe/Amsterdam", now=NOW)
    assert (spans, events) == ([], 0)


def test_busy_times_keep_the_wall_clock_over_the_change_of_the_clock() -> None:
    weekly = event(
        "DTSTART;TZID=Europe/Amsterdam:20270323T190000",
        "DTEND;TZID=Europe/Amsterdam:20270323T210000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
        "SUMMARY:secret meeting",
    )
    spans, _ = busy_spans(weekly, zone="Europe/Amsterdam", now=NOW)
    assert [(span.starts_at.hour, span.ends_at.hour) for span in spans] == [(18, 20), (17, 19)]


@pytest.mark.django_db
def test_of_a_calendar_only_the_times_are_kept() -> None:
    secret = event("DTSTART:20261124T180000Z", "DTEND:20261124T200000Z", "SUMMARY:secret meeting", "LOCATION:at home")
    put_calendar_file(offer=make_offer(), by=make_person(), name="a.ics", data=secret, now=NOW)
    kept = [repr(row) for model in (HostCalendar, Occupation) for row in model.objects.every(because="a test").values()]
    assert "secret" not in "".join(kept)
    assert "at home" not in "".join(kept)
