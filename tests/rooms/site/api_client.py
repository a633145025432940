"""Asks the API as a program of somebody, with a key that goes as far as is said."""

from collections.abc import Collection
from typing import Any

from django.test import Client
from tests.rooms.matrix.world import NOW

from meervoud.parties.models import Person
from meervoud.site.keys import make_key
from meervoud.site.models import SCOPES

API = "/api/v1/"


def key_for(person: Person, scopes: Collection[str] = tuple(SCOPES), **values: Any) -> str:  # Any: see make_key
    """Make a key and return its secret."""
    return make_key(person=person, name="A program", scopes=scopes, now=NOW, **values)[1]


def ask(address: str, secret: str = "", *, language: str = "en", **asked: Any) -> Any:  # Any: values; an answer
    """Return what the API answers to a key, or to nobody."""
    headers = {"accept-language": language}
    if secret:
        headers["authorization"] = f"Bearer {secret}"
    return Client().get(API + address, asked, headers=headers)


def items(address: str, secret: str = "", **asked: Any) -> list[dict[str, Any]]:  # Any: values of JSON
    """Return the things of a list."""
    answer = ask(address, secret, **asked)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found
