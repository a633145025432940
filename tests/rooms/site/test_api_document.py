"""Schemathesis asks every read of the API everything that its OpenAPI document allows, and much that it does not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.pytest.lazy import get_all_tests  # what parametrize() does, without the subtests of another pytest
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.rooms.matrix.world import NOW, World, make_world, noon

from meervoud.site.api import document, gate
from meervoud.site.api.document import api
from meervoud.site.keys import make_key
from meervoud.site.models import SCOPES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
READS = 12
SETTINGS = settings(
    max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
_secret: dict[str, str] = {}
_answered: set[str] = set()
_real: dict[str, str] = {}


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with noon():
        yield


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the connection of the test, as Django's own test client does: what is there is there in its transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def check(case: Any) -> None:  # Any: a case of schemathesis, of whatever operation
    for sent in (case.path_parameters, case.query):
        for name, value in dict(sent or {}).items():
            sent[name] = _real.get(value, value) if isinstance(value, str) else value
    headers = {"Accept-Encoding": "identity"}
    if not is_about_headers(case):  # else the key would mend what was broken on purpose
        headers["Authorization"] = f"Bearer {_secret['key']}"
    # a text that we did not sign is no cursor, and no schema can say so; test_api_pages.py has those
    without = [positive_data_acceptance] if "cursor" in (case.query or {}) else []
    if case.call_and_validate(headers=headers, excluded_checks=without).status_code == 200:
        _answered.add(case.operation.label)


def is_about_headers(case: Any) -> bool:  # Any: as above
    """Say whether a case breaks the headers."""
    about = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    return bool(about and about.mode.is_negative)


def document_with(world: World) -> dict[str, Any]:  # Any: values of JSON
    """Return the document with examples that `check` turns into what is there: the same questions at every run."""
    said = json.loads(json.dumps(api.get_openapi_schema()))
    known = {"offer_id": world.online, "request_id": world.open, "proposal_id": world.proposal}
    words = {name: f"11111111-1111-4111-8111-{number:012}" for number, name in enumerate(known)}
    words |= {"programme": "the-programme", "neighbourhood": "havenkwartier"}
    _real.update({words[name]: str(thing.pk) for name, thing in known.items()})
    _real["the-programme"] = world.programme.slug
    for path in said["paths"].values():
        for each in path["get"].get("parameters", []):
            if each["name"] in words:
                each["examples"] = {"known": {"value": words[each["name"]]}}
    return dict(said)


def faults(world: World, reads: str = "") -> tuple[list[str], set[str]]:
    """Return where the API does not keep to its document, and which reads were asked."""
    _, _secret["key"] = make_key(person=world.people["matchmaker"], name="Fuzz", scopes=list(SCOPES), now=NOW)
    load_all_checks()
    schema = schemathesis.openapi.from_dict(document_with(world))
    schema.app, schema.location = get_wsgi_application(), "/api/v1/openapi.json"
    asked, wrong = set[str](), list[str]()
    for each in get_all_tests(schema=schema, test_func=check, settings=SETTINGS, given_kwargs={}):
        assert isinstance(each, Ok), each
        operation, test = each.ok()
        if not operation.label.endswith(reads):
            continue
        asked.add(operation.label)
        try:
            test()
        except FailureGroup as error:
            wrong.append(f"{operation.label}: {[str(one) for one in error.exceptions]}")
    return wrong, asked


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "READS_A_MINUTE", 10**9)


def test_every_read_keeps_to_its_document() -> None:
    wrong, asked = faults(make_world())
    assert wrong == [], "\n\n".join(wrong)
    assert len(asked) == READS
    assert _answered == asked


def test_a_read_that_answers_what_its_document_does_not_say_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(document.MEANINGS, 422)
    wrong, asked = faults(make_world(), "/programmes")
    assert (len(asked), len(wrong)) == (1, 1)
    assert "Received: 422" in wrong[0]
