"""The verifier finds every claim of a true result again, and reports every claim that was changed."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from meervoud.core.engine.index import build_index
from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.proposals import match
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Request, Window
from meervoud.core.engine.types.results import Answer, FrameEdge, Moment, NearMiss, Proposal, Relaxation, Result
from meervoud.core.engine.types.spaces import OpenPeriod, Position, Price, Space
from meervoud.core.engine.types.time import Booking, Closure, DateRange, Grid
from meervoud.core.engine.verify import Violation, verify
from meervoud.core.engine.verify.opening import open_day
from meervoud.core.errors import InputError
from tests.core import strategies as city
from tests.makers import DAM, MONDAY, make_edge, make_grid, make_period, make_request, make_space, make_weekly

WEIGHTS = load_weights()
CAUSE_NEEDS = {("east", "language"): 9000, ("west", "music"): 4000}
OFTEN_OPEN = (
    "24/7",
    "Mo-Su 08:00-23:00",
    "Mo-Su 19:00-03:00",
    "Mo-Fr 00:00-24:00; Sa 10:00-12:00",
    "Mo-Su 10:00-14:00,16:00-26:00",
    "Mo-Su 06:00-30:00; We off",
    'Mo-Fr 08:00-22:00 || "by appointment"',
    "Mo-Su 08:00-20:00, Fr 20:00-28:00; Sa[1] 20:00+, PH 01:00-02:00",
)
quiet = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
Change = Callable[[Any], Any]  # Any: from one frozen dataclass of a result to another of the same kind


def check(grid: Grid, spaces: list[Space], request: Request, k: int = 10, near: int = 5) -> list[Violation]:
    try:
        result = match(build_index(spaces, grid, cause_needs=CAUSE_NEEDS), [request], WEIGHTS, k=k, near=near)
    except InputError:
        assume(False)  # noqa: FBT003  # hypothesis has it so: a rule that leaves the grid is refused
        raise
    return verify(spaces, [request], result, cause_needs=CAUSE_NEEDS)


@pytest.mark.slow
@quiet
@given(st.data())
def test_every_claim_about_a_random_city_is_found_again(data: st.DataObject) -> None:
    grid = data.draw(city.grids)
    spaces, request = data.draw(city.cities(grid)), data.draw(city.requests(grid))
    k, near = data.draw(st.sampled_from((1, 2, 10))), data.draw(st.sampled_from((1, 5)))
    assert check(grid, spaces, request, k=k, near=near) == []


@pytest.mark.slow
@quiet
@given(st.data())
def test_every_claim_about_time_is_found_again_where_spaces_are_often_open(data: st.DataObject) -> None:
    grid = data.draw(city.grids)
    hours = st.sampled_from(OFTEN_OPEN).map(parse_opening_hours)
    spaces = [
        Space(
            each.id,
            periods=(OpenPeriod(data.draw(hours)), *each.periods[:1]),
            edges=each.edges if data.draw(st.booleans()) else (),
            closures=each.closures,
            bookings=each.bookings[:3],
            buffer_minutes=each.buffer_minutes,
        )
        for each in data.draw(city.cities(grid, most=3))
    ]
    needs = data.draw(st.lists(city.needs(grid), min_size=1, max_size=3))
    assert check(grid, spaces, Request("r", needs=tuple(needs))) == []


def read_manual() -> list[tuple[str, date, str, str]]:
    """Return the rows of the manual's table: a value, a day, what is surely and what is possibly open."""
    text = (Path(__file__).parents[2] / "docs/manual/opening-hours.md").read_text("utf-8").replace("\\|", "/OR/")
    rows = re.findall(r"^\| `([^`]+)` \|[^|]*\| \w{3} (\S+) \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    return [(row[0].replace("/OR/", "|"), date.fromisoformat(row[1]), row[2], row[3]) for row in rows]


def half_hours(spans: str) -> set[int]:
    pairs = re.findall(r"(\d\d):(\d\d)-(\d\d):(\d\d)", spans)
    edges = [(int(a) * 60 + int(b), int(c) * 60 + int(d)) for a, b, c, d in pairs]
    return {minute for start, end in edges for minute in range(start, end, 30)}


@pytest.mark.parametrize(("value", "day", "sure", "possible"), read_manual())
def test_the_verifier_reads_opening_hours_as_the_manual_says(value: str, day: date, sure: str, possible: str) -> None:
    read = open_day(parse_opening_hours(value), day)
    assert (set(read.sure), set(read.possible)) == (half_hours(sure), half_hours(possible))


def test_the_night_after_a_closure_is_not_lent_on_the_first_day_of_the_grid() -> None:
    closed = Closure(DateRange(MONDAY - timedelta(days=3), MONDAY - timedelta(days=1)))
    spaces = [make_space(periods=(make_period("Mo-Su 20:00-04:00"),), closures=(closed,))]
    request = make_request(needs=(Dates((MONDAY,), Window(0, 180), 60),))
    result = match(build_index(spaces, make_grid()), [request], WEIGHTS)
    assert verify(spaces, [request], result) == []


def hour(day: int, start: int, hours: int = 1) -> Booking:
    begin = datetime(2026, 12, day, start, tzinfo=UTC)
    return Booking(begin, begin + timedelta(hours=hours))


def make_city() -> list[Space]:
    """Return spaces of every fate: three fit, one is to be asked, the others fail on one condition or on two."""
    told: dict[str, Any] = {  # Any: whatever fields a space has
        "capacity": 16,
        "facilities": frozenset({"kitchen", "projector"}),
        "price": Price(1000),
        "neighbourhood": "east",
        "area_m2": 40,
        "activities": frozenset({"meeting"}),
        "step_free": "yes",
        "loudness": "singing",
        "periods": (make_period("Mo-Fr 09:00-22:00"),),
    }
    north = Position(DAM.latitude + 0.005, DAM.longitude)
    fates: dict[str, dict[str, Any]] = {
        "best": {"bookings": (hour(15, 18, 2),), "edges": (make_edge("doors", "Mo-Sa 08:00-21:30"),)},
        "good": {"position": north, "capacity": 40},
        "hoped": {"assumed": frozenset({"capacity"})},
        "asked": {"step_free": None},
        "busy": {"bookings": tuple(hour(day, 17, 4) for day in (1, 3, 8, 10))},
        "crowded": {"capacity": 8},
        "dear": {"price": Price(2500)},
        "far": {"position": Position(DAM.latitude + 0.05, DAM.longitude)},
        "bare": {"facilities": frozenset(), "no_facilities": frozenset({"kitchen"})},
        "selective": {"capacity_min": 14},
        "small": {"area_m2": 20},
        "still": {"loudness": "quiet"},
        "strict": {"activities": frozenset({"meal"})},
        "steep": {"step_free": "no"},
        "foreign": {"price": Price(100, "DKK")},
        "hopeless": {"capacity": 8, "step_free": "no"},
    }
    return [make_space(name, **(told | fate)) for name, fate in fates.items()]


SPACES = make_city()
REQUEST = make_request(
    position=DAM,
    max_metres=2000,
    group_max=12,
    area_m2=25,
    facilities=frozenset({"kitchen"}),
    wishes=frozenset({"projector", "piano"}),
    activities=frozenset({"meeting"}),
    loudness="talking",
    step_free=True,
    cause="language",
    budget=Price(1500),
    kind_of_activity="informing",
    meets_at="best",
    needs=(make_weekly("Tu,Th", minutes=100, coverage_share=0.7, per_week=2),),
)
RESULT = match(build_index(SPACES, make_grid(), cause_needs=CAUSE_NEEDS), [REQUEST], WEIGHTS)


def claims(result: Result, request: Request = REQUEST, spaces: list[Space] = SPACES) -> set[str]:
    return {violation.claim for violation in verify(spaces, [request], result, cause_needs=CAUSE_NEEDS)}


def in_answer(change: Change) -> Change:
    return lambda result: replace(result, answers=(change(result.answers[0]), *result.answers[1:]))


def answer_with(**values: Any) -> Change:  # Any: whatever fields the test names
    return in_answer(lambda answer: replace(answer, **values))


def in_proposal(change: Change, number: int = 0) -> Change:
    def changed(answer: Answer) -> Answer:
        proposals = list(answer.proposals)
        proposals[number] = change(proposals[number])
        return replace(answer, proposals=tuple(proposals))

    return in_answer(changed)


def proposal_with(number: int = 0, **values: Any) -> Change:  # Any: whatever fields the test names
    return in_proposal(lambda proposal: replace(proposal, **values), number)


def in_pattern(change: Change) -> Change:
    return in_proposal(lambda proposal: replace(proposal, patterns=(change(proposal.patterns[0]),)))


def pattern_with(**values: Any) -> Change:  # Any: whatever fields the test names
    return in_pattern(lambda pattern: replace(pattern, **values))


def move_moment(moment: Moment) -> Moment:
    return replace(moment, start=moment.start + 30, end=moment.end + 30)


def change_part(name: str) -> Change:
    def changed(proposal: Proposal) -> Proposal:
        parts = [replace(each, points=each.points - 1) if each.name == name else each for each in proposal.parts]
        return replace(proposal, parts=tuple(parts))

    return in_proposal(changed)


def move_edge(proposal: Proposal) -> Proposal:
    first, *rest = proposal.edges
    return replace(proposal, edges=(replace(first, minute=first.minute + 30), *rest))


def without_proposal(number: int, *, renumber: bool = True) -> Change:
    def changed(answer: Answer) -> Answer:
        left = [each for place, each in enumerate(answer.proposals) if place != number]
        ranked = [replace(each, rank=place + 1) for place, each in enumerate(left)] if renumber else left
        return replace(answer, proposals=tuple(ranked))

    return in_answer(changed)


def swapped(answer: Answer) -> Answer:
    first, second, *rest = answer.proposals
    return replace(answer, proposals=(replace(second, rank=1), replace(first, rank=2), *rest))


def in_near_miss(condition: str, change: Callable[[NearMiss], NearMiss]) -> Change:
    return in_answer(
        lambda answer: replace(
            answer, near_misses=tuple(change(m) if m.condition == condition else m for m in answer.near_misses)
        )
    )


def in_relaxation(kind: str, change: Callable[[Relaxation], Relaxation]) -> Change:
    return in_answer(
        lambda answer: replace(
            answer, relaxations=tuple(change(each) if each.kind == kind else each for each in answer.relaxations)
        )
    )


def in_exclusions(change: Change) -> Change:
    return in_answer(lambda answer: replace(answer, exclusions=(change(answer.exclusions[0]), *answer.exclusions[1:])))


def test_the_city_of_these_tests_makes_every_kind_of_claim() -> None:
    found = RESULT.answers[0]
    assert claims(RESULT) == set()
    assert [each.space_id for each in found.proposals] == ["best", "good", "hoped", "asked"]
    assert {part.name for part in found.proposals[0].parts} == set(PARTS)
    assert found.proposals[0].patterns[0].missing
    assert found.proposals[0].edges
    assert {each.condition for each in found.near_misses} == {each.condition for each in found.exclusions}
    assert len(found.exclusions) == 11
    assert found.rounding
    assert {each.kind for each in found.relaxations} >= {"distance", "capacity", "capacity_min", "budget", "facilities"}


PARTS = ("time_fit", "distance", "size_fit", "wishes", "causes", "neighbourhood", "continuity")
PROPOSAL_CHANGES: dict[str, tuple[Change, str]] = {
    "score": (in_proposal(lambda each: replace(each, score=each.score - 1)), "score"),
    "a part left out": (in_proposal(lambda each: replace(each, parts=each.parts[1:])), "parts"),
    "weight": (
        in_proposal(lambda each: replace(each, parts=(replace(each.parts[0], weight=9), *each.parts[1:]))),
        "parts.time_fit",
    ),
    **{f"points of {name}": (change_part(name), f"parts.{name}") for name in PARTS},
    "metres": (in_proposal(lambda each: replace(each, metres=each.metres + 5)), "metres"),
    "metres unknown": (proposal_with(metres=None), "metres"),
    "certainty": (proposal_with(certainty="assumed"), "certainty"),
    "certainty of what is to be asked": (proposal_with(3, certainty="sure"), "certainty"),
    "ask": (proposal_with(3, ask=()), "ask"),
    "assumed": (proposal_with(2, assumed=()), "assumed"),
    "another space": (proposal_with(space_id="crowded"), "fits"),
    "no such space": (proposal_with(space_id="nowhere"), "space"),
    "another request": (proposal_with(request_id="r2"), "request_id"),
    "edge": (in_proposal(move_edge), "edges"),
    "an edge of another cause": (
        in_proposal(lambda each: replace(each, edges=(*each.edges, replace(each.edges[0], cause="alarm")))),
        "edges",
    ),
    "an edge left out": (in_proposal(lambda each: replace(each, edges=each.edges[1:])), "edges left out"),
    "no patterns": (proposal_with(patterns=()), "patterns"),
    "rule": (pattern_with(rule=1), "patterns[0].rule"),
    "weekdays": (pattern_with(weekdays=(1, 2)), "patterns[0].weekdays"),
    "start": (pattern_with(start=1170), "patterns[0].start"),
    "minutes": (pattern_with(minutes=90), "patterns[0].minutes"),
    "held": (pattern_with(held=4), "patterns[0].held"),
    "wanted": (pattern_with(wanted=3), "patterns[0].wanted"),
    "unit": (pattern_with(unit="dates"), "patterns[0].unit"),
    "missing": (pattern_with(missing=()), "patterns[0].missing"),
    "a moment moved": (
        in_pattern(lambda each: replace(each, moments=(move_moment(each.moments[0]), *each.moments[1:]))),
        "patterns[0].moments",
    ),
    "a moment left out": (in_pattern(lambda each: replace(each, moments=each.moments[:-1])), "patterns[0].moments"),
}
ANSWER_CHANGES: dict[str, tuple[Change, str]] = {
    "rank": (proposal_with(1, rank=3), "ranks"),
    "order": (in_answer(swapped), "order"),
    "the first left out": (without_proposal(0), "left out"),
    "one in the middle left out": (without_proposal(1), "left out"),
    "one in the middle left out, ranks kept": (without_proposal(2, renumber=False), "ranks"),
    "a space twice": (
        in_answer(lambda each: replace(each, proposals=(*each.proposals, each.proposals[0]))),
        "a space listed twice",
    ),
    "sure": (answer_with(sure=3), "how many sure"),
    "assumed": (answer_with(assumed=0), "how many assumed"),
    "to ask": (answer_with(to_ask=2), "how many ask"),
    "considered": (answer_with(considered=15), "considered"),
    "without room": (answer_with(without_room=False), "without_room"),
    "rounding": (
        in_answer(lambda each: replace(each, rounding=(replace(each.rounding[0], used=150), *each.rounding[1:]))),
        "rounding",
    ),
    "rounding left out": (answer_with(rounding=()), "rounding"),
    "exclusion": (in_exclusions(lambda each: replace(each, spaces=each.spaces + 1)), "exclusions"),
    "excluded alone": (in_exclusions(lambda each: replace(each, alone=each.alone + 1)), "exclusions"),
    "another condition excludes": (in_exclusions(lambda each: replace(each, condition="time")), "exclusions"),
    "exclusion left out": (in_answer(lambda each: replace(each, exclusions=each.exclusions[1:])), "exclusions"),
    "another answer": (lambda result: replace(result, answers=(*result.answers, result.answers[0])), "answers"),
    "no answer": (lambda result: replace(result, answers=()), "answers"),
}
CONDITIONS = sorted(each.condition for each in RESULT.answers[0].exclusions)
MISS_CHANGES: dict[str, tuple[Change, str]] = {
    **{
        f"{name} found": (in_near_miss(name, lambda miss: replace(miss, found="77")), f"near miss, {name} found")
        for name in CONDITIONS
    },
    **{
        f"{name} wanted": (in_near_miss(name, lambda miss: replace(miss, wanted="77")), f"near miss, {name} wanted")
        for name in CONDITIONS
    },
    "condition": (in_near_miss("budget", lambda miss: replace(miss, condition="area")), "near miss"),
    "a space that fits": (in_near_miss("budget", lambda miss: replace(miss, space_id="best")), "near miss"),
    "a space that fails on two": (in_near_miss("budget", lambda miss: replace(miss, space_id="hopeless")), "near miss"),
    "no such space": (in_near_miss("budget", lambda miss: replace(miss, space_id="nowhere")), "near miss"),
}
RELAXATION_CHANGES: dict[str, tuple[Change, str]] = {
    "distance too short": (
        in_relaxation("distance", lambda each: replace(each, value="2001")),
        "relaxation distance 2001",
    ),
    "no number": (in_relaxation("distance", lambda each: replace(each, value="wide")), "relaxation distance wide"),
    "capacity": (in_relaxation("capacity", lambda each: replace(each, value="9")), "relaxation capacity 9"),
    "another name": (
        in_relaxation("facilities", lambda each: replace(each, value="piano")),
        "relaxation facilities piano",
    ),
    "budget": (in_relaxation("budget", lambda each: replace(each, value="2400")), "relaxation budget 2400"),
    "another kind": (
        in_relaxation("step_free", lambda each: replace(each, kind="currency", value="DKK")),
        "relaxation currency DKK",
    ),
    "a space that fits already": (
        in_relaxation("budget", lambda each: replace(each, space_ids=("best", *each.space_ids), opens=2)),
        "relaxation budget 2500",
    ),
    "opens": (in_relaxation("budget", lambda each: replace(each, opens=2)), "relaxation budget 2500 opens"),
    "another weekday": (
        in_answer(lambda each: replace(each, relaxations=(Relaxation("weekday", 0, "6", 1, ("busy",)),))),
        "relaxation weekday 6",
    ),
    "a share that is not low enough": (
        in_answer(lambda each: replace(each, relaxations=(Relaxation("coverage", 0, "51", 1, ("busy",)),))),
        "relaxation coverage 51",
    ),
    "a start out of the day": (
        in_answer(lambda each: replace(each, relaxations=(Relaxation("start", 0, "1900", 1, ("busy",)),))),
        "relaxation start 1900",
    ),
    "no such rule": (
        in_answer(lambda each: replace(each, relaxations=(Relaxation("minutes", 7, "60", 1, ("busy",)),))),
        "relaxation minutes 60",
    ),
}


@pytest.mark.parametrize(("change", "claim"), PROPOSAL_CHANGES.values(), ids=PROPOSAL_CHANGES.keys())
def test_a_proposal_that_was_changed_is_reported(change: Change, claim: str) -> None:
    assert claim in claims(change(RESULT))


@pytest.mark.parametrize(("change", "claim"), ANSWER_CHANGES.values(), ids=ANSWER_CHANGES.keys())
def test_an_answer_that_was_changed_is_reported(change: Change, claim: str) -> None:
    assert claim in claims(change(RESULT))


@pytest.mark.parametrize(("change", "claim"), MISS_CHANGES.values(), ids=MISS_CHANGES.keys())
def test_a_near_miss_that_was_changed_is_reported(change: Change, claim: str) -> None:
    assert claim in claims(change(RESULT))


@pytest.mark.parametrize(("change", "claim"), RELAXATION_CHANGES.values(), ids=RELAXATION_CHANGES.keys())
def test_a_relaxation_that_was_changed_is_reported(change: Change, claim: str) -> None:
    assert claim in claims(change(RESULT))


def test_near_misses_that_are_not_the_nearest_are_reported() -> None:
    north = Position(DAM.latitude + 0.005, DAM.longitude)
    spaces = [*SPACES, replace(next(each for each in SPACES if each.id == "crowded"), id="c2", position=north)]
    result = match(build_index(spaces, make_grid(), cause_needs=CAUSE_NEEDS), [REQUEST], WEIGHTS)
    changed = in_answer(
        lambda each: replace(each, near_misses=tuple(miss for miss in each.near_misses if miss.space_id != "crowded"))
    )(result)
    assert claims(result, spaces=spaces) == set()
    assert claims(changed, spaces=spaces) == {"nearest that fail on capacity"}


NEEDS = {
    "dates": Dates((date(2026, 12, 1), date(2026, 12, 4)), Window(600, 900), 60),
    "hours": Hours(240, frozenset({0, 2}), Window(540, 720), 60, MONDAY, 2),
    "continuous": Continuous(MONDAY, 5, 0.4),
    "any start": make_weekly("Mo,Tu", window=(9, 18), same_start=False),
}


@pytest.mark.parametrize("name", NEEDS)
def test_a_pattern_of_every_kind_of_rule_is_derived_again(name: str) -> None:
    space = make_space(periods=(make_period("24/7"),), bookings=(hour(2, 8, 2),))
    request = make_request(needs=(NEEDS[name],))
    result = match(build_index([space], make_grid()), [request], WEIGHTS)
    assert claims(result, request, [space]) == set()
    for change, claim in (
        (pattern_with(held=99), "patterns[0].held"),
        (pattern_with(missing=(MONDAY,)), "patterns[0].missing"),
        (pattern_with(moments=(Moment(MONDAY, 0, 30),)), "patterns[0].moments"),
    ):
        assert claim in claims(change(result), request, [space])


def test_a_second_rule_that_takes_the_time_of_the_first_is_reported() -> None:
    space = make_space(periods=(make_period("Tu 19:00-22:00"),))
    request = make_request(needs=(make_weekly(minutes=60), make_weekly(minutes=60)))
    result = match(build_index([space], make_grid()), [request], WEIGHTS)
    first, second = result.answers[0].proposals[0].patterns
    changed = in_proposal(lambda each: replace(each, patterns=(first, replace(first, rule=1))))(result)
    assert (first.start, second.start) == (1140, 1200)
    assert {"patterns[1].start", "patterns[1].moments"} <= claims(changed, request, [space])


def test_an_edge_names_its_cause_and_is_at_most_a_day_away() -> None:
    space = make_space(periods=(make_period("Tu 17:00-23:00"),))
    request = make_request(needs=(make_weekly(weeks=1),))
    result = match(build_index([space], make_grid()), [request], WEIGHTS)
    tuesday = MONDAY + timedelta(days=1)
    edges = (FrameEdge("hours", "before", tuesday, 1020), FrameEdge("hours", "after", tuesday, 1380))
    assert claims(proposal_with(edges=edges)(result), request, [space]) == set()
    assert claims(proposal_with(edges=edges[:1])(result), request, [space]) == {"edges left out"}
