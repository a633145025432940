"""The examples of docs/api/web.md run against a server, and the page knows every read and every scope."""

import re
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from tests.rooms.makers import make_matchmaker, make_offer, make_organisation, make_person, make_programme, make_request

from meervoud.lib.clock import now
from meervoud.matching.asking import ask_hosts
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.proposing import propose_by_hand
from meervoud.site.api.document import api
from meervoud.site.keys import make_key
from meervoud.site.models import SCOPES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "web.md"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_examples_run(live_server: LiveServer, capsys: pytest.CaptureFixture[str]) -> None:
    forget_indexes()
    programme, host = make_programme(), make_person()
    matchmaker = make_matchmaker(programme)
    offer = make_offer(programme, host=make_organisation(programme, member=host), name="The quay room")
    proposal = propose_by_hand(request=make_request(programme), offer=offer, by=matchmaker, now=now())
    ask_hosts(proposals=[proposal], by=matchmaker, now=now(), asker_agrees=False)
    _, secret = make_key(person=host, name="Planner", scopes=list(SCOPES), now=now())
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 1
    exec(compile(blocks[0], str(PAGE), "exec"), {"BASE": live_server.url, "KEY": secret})  # noqa: S102  # our own page
    assert re.findall(r"^The quay room (\d+) ?", capsys.readouterr().out, re.MULTILINE)[-1] == "12"


def test_the_page_has_every_read_and_every_scope() -> None:
    text = PAGE.read_text("utf-8")
    reads = [re.sub(r"\{\w+\}", "<id>", path.removeprefix("/api/v1/")) for path in api.get_openapi_schema()["paths"]]
    assert [each for each in [*reads, *SCOPES] if f"`{each}`" not in text] == []
