"""Pages of the API by cursor, faults of ours, and scores: each told to whom it concerns."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import pytest
from django.core import signing
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.rooms.makers import make_matchmaker, make_offer, make_programme
from tests.rooms.matrix.world import World, make_world, noon
from tests.rooms.once import as_new, made_once
from tests.rooms.site.api_client import API, ask, items, key_for

from meervoud.site.api import gate, paging, public_reads
from meervoud.site.api.paging import SALT, write_cursor
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
TEST = "a test"


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


def pages(address: str, secret: str = "", **asked: Any) -> list[list[str]]:  # Any: values
    """Return the ids of all pages, by following what each page says of the next one."""
    found, cursor = list[list[str]](), dict[str, str]()
    while True:
        page = ask(address, secret, **asked, **cursor).json()
        found.append([each["id"] for each in page.get("items", page.get("features"))])
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


def test_pages_follow_each_other_without_a_gap(world: World) -> None:
    for _ in range(6):
        make_offer(world.programme)
    for address in ("offers", "offers.geojson"):
        found = pages(address, limit=3)
        assert [len(each) for each in found] == [3, 3, 1]
        assert sum(found, []) == sum(pages(address, limit=100), [])  # noqa: RUF017  # a few
    assert ask("offers", limit=3).json()["total"] == 7


def test_rows_of_one_moment_come_once_each(world: World) -> None:
    made = [make_offer(world.programme) for _ in range(6)]
    rows = Offer.objects.every(because=TEST)
    rows.filter(pk__in=[each.pk for each in made]).update(created_at=world.online.created_at)
    found = sum(pages("offers", limit=2), [])  # noqa: RUF017  # a few
    assert (len(found), found) == (7, sorted(found))


def test_what_is_added_or_ends_in_between_shifts_nothing(world: World) -> None:
    made = [make_offer(world.programme) for _ in range(5)]
    rows = Offer.objects.every(because=TEST)
    for number, each in enumerate(made, 1):
        rows.filter(pk=each.pk).update(created_at=world.online.created_at + timedelta(minutes=number))
    newer = made[-1]
    rows.filter(pk=newer.pk).update(state="draft")
    first = ask("offers", limit=2).json()
    rows.filter(pk=newer.pk).update(state="published")
    shown = [UUID(each["id"]) for each in first["items"]]
    assert shown == [world.online.pk, made[0].pk]
    rows.filter(pk__in=shown).update(state="paused")
    rest = items("offers", limit=100, cursor=first["next_cursor"])
    assert [UUID(each["id"]) for each in rest] == [each.pk for each in made[1:]]


def test_the_header_leads_to_the_next_page(world: World) -> None:
    for _ in range(4):
        make_offer(world.programme, kind="theatre")
    answer = ask("offers", limit=3, kind="theatre")
    link = answer.headers["Link"]
    assert link.endswith('>; rel="next"')
    parts = urlsplit(link[1:].partition(">")[0])
    assert (parts.scheme, parts.path) == ("http", f"{API}offers")
    for method in ("get", "head"):
        assert getattr(Client(), method)(f"{API}offers?limit=3&kind=theatre").headers["Link"] == link
    following = Client().get(f"{parts.path}?{parts.query}")
    assert [each["kind"] for each in following.json()["items"]] == ["theatre"]
    assert "Link" not in following.headers
    assert "Link" not in ask("offers", limit=2, offset=0).headers


def strange_cursors(world: World) -> list[str]:
    good = write_cursor(world.online)
    signer = signing.Signer(salt=f"{SALT} supply.Offer")
    signed: tuple[Any, ...] = (
        [],
        {},
        "x",
        None,
        7,
        ["today", "x"],
        [1, 2],
        ["2026-01-01T00:00:00+00:00", "x"],
        ["2026", str(world.online.pk), 3],
    )
    other = write_cursor(world.open)
    flipped = good[:5] + ("A" if good[5] != "A" else "B") + good[6:]
    return [
        "",
        "x",
        ":",
        "a:b:c",
        good[:-1],
        good + "x",
        flipped,
        good.partition(":")[0],
        other,
        "\0",
        "é:é",
        "' OR 1=1 --",
        "9" * 400,
        "9" * 5000,
        *(signer.sign_object(each) for each in signed),
    ]


def test_a_cursor_that_we_did_not_write_is_told_by_name(world: World) -> None:
    make_offer(world.programme)
    assert ask("offers", cursor=write_cursor(world.online)).status_code == 200
    for cursor in strange_cursors(world):
        answer = Client(headers={"accept-language": "en"}).get(f"{API}offers?cursor={quote(cursor)}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM), cursor
        (error,) = answer.json()["errors"]
        assert (error["name"], error["code"]) == (
            "cursor",
            "string_too_long" if len(cursor) > paging.MOST_LETTERS else "strange_cursor",
        )


def test_a_cursor_opens_nothing_by_itself(world: World) -> None:
    cursor = write_cursor(world.open)
    assert ask("requests", cursor=cursor).status_code == 401
    assert items("requests", key_for(world.people["nobody"]), cursor=cursor) == []


def test_a_later_page_asks_no_more_than_the_first(world: World) -> None:
    for _ in range(9):
        make_offer(world.programme)

    def questions(**asked: Any) -> int:  # Any: values
        ask("offers", **asked)
        with CaptureQueriesContext(connection) as found:
            assert ask("offers", **asked).status_code == 200
        return sum("SAVEPOINT" not in each["sql"] for each in found.captured_queries)

    cursor = ask("offers", limit=3).json()["next_cursor"]
    assert questions(limit=3, cursor=cursor) == questions(limit=6, cursor=cursor) == questions(limit=3)


# faults


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_fault_has_an_id_that_stands_in_the_log_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("the secret of the engine room")

    monkeypatch.setattr(public_reads, "public_offers", breaks)
    with caplog.at_level(logging.ERROR):
        answer = getattr(Client(headers={"accept-language": "en"}), method)(API + "offers")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, PROBLEM)
    (record,) = [each for each in caplog.records if each.name == "meervoud.site.api.problems"]
    assert record.exc_info is not None
    assert "engine room" in str(record.exc_info[1])
    if method == "get":
        body = answer.json()
        assert (set(body), body["status"]) == ({"type", "title", "status", "detail", "instance"}, 500)
        assert body["instance"].startswith("urn:uuid:")
        assert body["instance"] in record.getMessage()
        assert b"engine" not in answer.content


def test_a_fault_before_the_read_is_a_problem_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise DatabaseError("no connection to db-7.internal")

    monkeypatch.setattr(gate, "take_token", away)
    secret = key_for(world.people["asker"])
    for address in ("", "offers", "nothing", "requests"):
        answer = ask(address, secret)
        assert (answer.status_code, answer.headers["Content-Type"]) == (500, PROBLEM)
        assert b"internal" not in answer.content


# scores


def test_only_staff_read_the_score_and_its_parts(world: World) -> None:
    row = world.proposal
    for role in ("matchmaker", "asker", "manager"):
        secret = key_for(world.people[role])
        (listed,) = [each for each in items("proposals", secret, state="asked") if each["id"] == str(row.pk)]
        assert listed == ask(f"proposals/{row.pk}", secret).json()
        if role != "matchmaker":
            assert (listed["score"], listed["parts"]) == (None, None)
            continue
        assert listed["score"] == row.score > 0
        parts = listed["parts"]
        weights = sum(each["weight"] for each in parts)
        assert sum(each["points"] * each["weight"] for each in parts) // weights == row.score
    assert items("proposals", key_for(make_matchmaker(make_programme())), state="asked") == []
