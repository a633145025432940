"""Walks through the web as one role and keeps everything that it answers: pages, parts, files, headers."""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from django.urls import reverse
from tests.rooms.matrix.canaries import Canary
from tests.rooms.matrix.table import path_of, read_table
from tests.rooms.matrix.world import World, undone

LINK: Final = re.compile(r'(?:href|src|action|data-points|data-areas)="([^"#]+)')
QUERIES: Final = (
    "/find/?people=8&days=1&start=19:00&end=22:00&minutes=120&weeks=4",
    "/find/?near=havenkwartier&metres=500&step_free=on&free=on&kinds=meeting_room",
    "/find/?people=abc&near=nowhere&days=9&first=never&minutes=7&kinds=x&page=99",
    "/find/?people=99999&whole=on",
    "/find/points/?box=-90,-180,90,180&zoom=6",
    "/find/points/?box=52.3,4.8,52.4,5.0&zoom=18",
    "/find/points/?box=52.3,4.8,52.4,5.0&zoom=15&words=room",
    "/find/points/?box=a,b",
    "/find/points/",
    "/ask/?people=8&days=1&start=19:00&end=22:00&minutes=120&weeks=4",
    "/ask/?people=-1&days=8",
    "/nothing/here/",
    "/account/login/",
    "/account/email/",
    "/account/2fa/",
    "/admin/",
    "/static/nothing.js",
)
"""Addresses with questions in them, also with answers that make no sense."""
NONSENSE: Final = dict.fromkeys(("name", "email", "code", "text", "when", "people", "way", "street", "latitude"), "?")
PART: Final = {"HX-Request": "true"}
PROGRAM: Final = {"Accept": "application/json"}
MOST_LINKS: Final = 480


def answers(world: World, role: str, *, extra: Iterable[str] = ()) -> Iterator[tuple[str, Any]]:
    """Return (how it was asked, what was answered) for every address a role can think of."""
    client, lines = world.client(role), read_table()
    asked = set[str]()
    waiting = [*(path_of(line, world) for line in lines), *_more(world), *QUERIES, *extra]
    while waiting and len(asked) < MOST_LINKS:
        address = waiting.pop(0)
        if address in asked:
            continue
        asked.add(address)
        with undone():
            answer = client.get(address)
        yield f"GET {address}", answer
        if answer.status_code == 200 and is_page(answer):
            with undone():
                part = client.get(address, headers=PART)
            yield f"GET {address}, a part", part
        waiting += [link for link in links_of(answer) if link not in asked]
    for line in lines:
        for sent in ({}, NONSENSE):
            if line.post[role] in (404, 405):
                continue
            with undone():
                answer = client.post(path_of(line, world), sent, headers=PROGRAM if sent else {})
            yield f"POST {path_of(line, world)} {sorted(sent)}", answer
            client = world.client(role) if line.name in ("me_erase", "account_logout") else client


def _more(world: World) -> Iterator[str]:
    for photo in (world.photo, world.draft_photo):
        for size in ("small", "medium", "large"):
            yield reverse("photo", args=[photo.pk, size])
    for offer in (world.online, world.draft):
        for step in ("hours", "photos", "calendar", "fits"):
            yield f"/offers/{offer.pk}/{step}/"


def is_page(answer: Any) -> bool:  # Any: the answer of a test client
    """Say whether an answer is a page, or a part of one."""
    return "text/html" in answer.headers.get("Content-Type", "")


def links_of(answer: Any) -> list[str]:  # Any: the answer of a test client
    """Return the addresses on this site that a page leads to."""
    if not is_page(answer):
        return []
    found = [html.unescape(each) for each in LINK.findall(answer.content.decode())]
    return [each for each in found if each.startswith("/") and not urlsplit(each).path.startswith("/static/")]


def said(answer: Any) -> str:  # Any: the answer of a test client
    """Return everything an answer says: its headers, cookies and body, as it is and as a browser reads it."""
    body = b"".join(answer) if answer.streaming else answer.content
    text = body.decode("utf-8", "replace")
    cookies = answer.cookies.output()
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return "\n".join([head, cookies, text, html.unescape(text)])


def hits(canaries: Iterable[Canary], text: str) -> set[str]:
    """Return the names of the canaries that stand in a text, whatever its capitals and its decimal sign."""
    text = text.casefold()
    return {each.name for each in canaries if _stands_in(each.text.casefold(), text)}


def _stands_in(canary: str, text: str) -> bool:
    number = re.fullmatch(r"(\d+)\.(\d+)", canary)
    return canary in text or bool(number and f"{number[1]},{number[2]}" in text)


def crawl(world: World, role: str, *, extra: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return (how it was asked, everything that was said) for every address a role can think of."""
    return [(how, said(answer)) for how, answer in answers(world, role, extra=extra)]


def leaks(told: Iterable[tuple[str, str]], canaries: list[Canary], role: str) -> list[str]:
    """Return what a role gets to see that it may not: how it was asked, and which canary."""
    hidden = [each for each in canaries if role not in each.seen_by]
    return [f"{role} {how}: {name}" for how, text in told for name in sorted(_told(hidden, how, text))]


def sightings(told: Iterable[tuple[str, str]], canaries: list[Canary]) -> set[str]:
    """Return the names of the canaries that a role gets to see."""
    return {name for how, text in told for name in _told(canaries, how, text)}


def _told(canaries: Iterable[Canary], how: str, text: str) -> set[str]:
    return hits([each for each in canaries if each.text not in how], text)  # who asks with it knows it
