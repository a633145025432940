"""Results to write down, made where tests need them: a plain one, and one whose names are out to break things."""

from dataclasses import replace

from meervoud.core.engine.index import build_index
from meervoud.core.engine.proposals import match
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.types.requests import Request
from meervoud.core.engine.types.spaces import Position, Price, Space
from meervoud.files.output.result_file import Matched, matched
from tests.makers import DAM, make_edge, make_grid, make_period, make_request, make_space, make_weekly

HOSTILE = (
    "<script>alert(1)</script>",
    "\"quotes' & <img src=x onerror=alert(1)>",
    "</title></svg></style><b onclick='x'>",
    "\u202eright to left\u202c \u05d0\u05d1",
    "\U0001f3e0\U0001f469\u200d\U0001f373 house",
    "x" * 5000,
    "{{ 7 * 7 }} %(number)s {% raw %}",
    "=HYPERLINK('http://example.org')",
    "+31 20 1234567",
    "-2+3",
    "@SUM(A1)",
    "\tTAB",
    "\rCR",
    "[bold red]markup[/bold red] :smile:",
    "\x1b[31mred\x07 bell",
    "not a character: \ufffe",
)


def make_matched(spaces: list[Space] | None = None, requests: list[Request] | None = None) -> Matched:
    """Match some spaces and requests, by default one that fits, one to ask, two that fail."""
    spaces = [*default_spaces()] if spaces is None else spaces
    requests = [*default_requests()] if requests is None else requests
    index = build_index(spaces, make_grid())
    return matched(spaces, requests, match(index, requests, load_weights()))


def default_spaces() -> list[Space]:
    return [
        make_space(
            "hall",
            name="Hall",
            kind="community_centre",
            host="Host",
            neighbourhood="East",
            capacity=40,
            facilities=frozenset({"kitchen", "piano"}),
            edges=(make_edge("doors", "08:00-22:00"),),
            buffer_minutes=15,
        ),
        make_space("nowhere", position=None, periods=(), capacity=100),
        make_space("small", capacity=5, price=Price(5000), periods=(make_period("Mo-Fr 09:00-17:00", "outside"),)),
        make_space("far", capacity=30, position=Position(52.5, 5.2), assumed=frozenset({"capacity"})),
    ]


def default_requests() -> list[Request]:
    return [
        make_request("r1", organisation="Choir", name="Evening", position=DAM, max_metres=2000, group_max=12),
        make_request("r2", name="Nobody", position=None, group_max=500, kind_of_activity="informing"),
        make_request("r3", position=DAM, needs=(make_weekly(window=(21, 23), minutes=110),), budget=Price(0)),
    ]


def make_hostile() -> Matched:
    """Return a result in which every free text is hostile."""
    spaces = [
        replace(space, name=text, host=text, neighbourhood=text)
        for text, space in zip(HOSTILE, (make_space(f"s{number:02}") for number in range(len(HOSTILE))), strict=True)
    ]
    requests = [
        make_request(f"r{number:02}", name=text, organisation=text, position=DAM) for number, text in enumerate(HOSTILE)
    ]
    return make_matched(spaces, requests)
