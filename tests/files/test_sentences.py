"""Sentences: every code has a word and every claim a whole sentence, in each of the three languages."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meervoud.core.engine.index import build_index
from meervoud.core.engine.proposals import answer
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Request, Window
from meervoud.core.engine.types.results import (
    PART_NAMES,
    Answer,
    Certainty,
    Condition,
    Exclusion,
    FrameEdge,
    NearMiss,
    Pattern,
    Proposal,
    Relaxation,
    Rounding,
)
from meervoud.core.engine.types.spaces import Attribute, Price
from meervoud.core.engine.types.vocabulary import ACTIVITIES, EDGE_KINDS, FACILITIES, LOUDNESS, SPACE_KINDS
from meervoud.core.errors import InputError
from meervoud.files.wording import names
from meervoud.files.wording.language import LANGUAGES, Language, language
from meervoud.files.wording.need_sentences import say_need
from meervoud.files.wording.sentences import (
    say_counts,
    say_doubts,
    say_edges,
    say_exclusion,
    say_headline,
    say_missing,
    say_near_miss,
    say_parts,
    say_pattern,
    say_relaxation,
    say_rounding,
    say_without_room,
)
from tests.core import strategies
from tests.makers import MONDAY, make_request, make_space, make_weekly

SPOKEN = [pytest.param(language(code), id=code) for code in LANGUAGES]
every_language = pytest.mark.parametrize("spoken", SPOKEN)
REFUSED = tuple(each for each in get_args(Condition) if each != "evenings")  # evenings are asked for, never refused


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (names.SPACE_KINDS, SPACE_KINDS),
        (names.FACILITIES, FACILITIES),
        (names.ACTIVITIES, ACTIVITIES),
        (names.LOUDNESS, LOUDNESS),
        (names.PARTS, PART_NAMES),
        (names.CERTAINTIES, get_args(Certainty)),
        (names.CONDITIONS, (*get_args(Condition), *get_args(Attribute))),
        (names.EDGES, ("hours", *EDGE_KINDS, "closed", "holiday", "notice", "booking", "clock")),
    ],
    ids=["kinds", "facilities", "activities", "loudness", "parts", "certainties", "conditions", "edges"],
)
def test_every_code_has_a_word_and_every_word_a_code(table: dict[str, str], codes: Sequence[str]) -> None:
    assert set(table) == set(codes)
    assert all(word and word == word.strip() for word in table.values())
    shown = [language(code).say(word) for code in LANGUAGES for word in table.values()]
    assert all(word and "_" not in word for word in shown)


def test_a_reason_of_a_closure_that_has_no_word_is_shown_as_it_is() -> None:
    assert names.name_of(language("nl"), "edges", "stocktaking") == "stocktaking"


def check(text: str) -> None:
    assert text.strip()
    for leftover in ("%(", "%%", "None", "{", "}"):
        assert leftover not in text, text


REQUEST = make_request(
    group_max=12,
    area_m2=30,
    facilities=frozenset({"kitchen"}),
    activities=frozenset({"meal"}),
    loudness="singing",
    max_metres=900,
    budget=Price(1250, "DKK", "month"),
    needs=(
        make_weekly("Mo,We", per_week=2),
        Dates((date(2026, 12, 1),), Window(1080, 1500), 60),
        Hours(600, frozenset(range(7)), Window(0, 1440), 60, MONDAY, 1),
        Continuous(MONDAY, 1),
    ),
)
SPACE = make_space("s", assumed=frozenset({"capacity"}))
MISSES = {
    "time": ("90", "55"),
    "capacity": ("12", "5"),
    "capacity_min": ("2", "10"),
    "area": ("30", "12.5"),
    "facilities": ("kitchen,piano", "piano"),
    "step_free": ("yes", "no"),
    "activities": ("meal", "meal"),
    "loudness": ("singing", "quiet"),
    "distance": ("900", "1200"),
    "budget": ("1250", "99900"),
    "currency": ("DKK", "EUR"),
}
RELAXATIONS = {
    "start": (0, "1050"),
    "weekday": (0, "6"),
    "coverage": (2, "60"),
    "minutes": (1, "30"),
    "distance": (-1, "2500"),
    "capacity": (-1, "8"),
    "capacity_min": (-1, "20"),
    "area": (-1, "12.5"),
    "budget": (-1, "2000"),
    "facilities": (-1, "kitchen"),
    "activities": (-1, "meal"),
    "loudness": (-1, "quiet"),
    "step_free": (-1, "no"),
}


def test_the_cases_name_every_condition() -> None:
    assert set(MISSES) == set(REFUSED)
    assert set(RELAXATIONS) == (set(REFUSED) - {"time", "currency"}) | {
        "start",
        "weekday",
        "coverage",
        "minutes",
    }


@every_language
@pytest.mark.parametrize("condition", REFUSED)
def test_a_near_miss_is_a_sentence_for_every_condition(spoken: Language, condition: Condition) -> None:
    wanted, found = MISSES[condition]
    check(say_near_miss(spoken, REQUEST, NearMiss("s", condition, wanted, found), SPACE))
    check(say_near_miss(spoken, replace(REQUEST, budget=Price(0)), NearMiss("s", condition, wanted, found), SPACE))
    check(say_exclusion(spoken, Exclusion(condition, 1, 0)))
    check(say_exclusion(spoken, Exclusion(condition, 12_345, 3)))


@every_language
@pytest.mark.parametrize("kind", RELAXATIONS)
def test_a_change_is_a_sentence_for_every_kind(spoken: Language, kind: str) -> None:
    rule, value = RELAXATIONS[kind]
    for opens in (1, 2):
        check(say_relaxation(spoken, REQUEST, Relaxation(kind, rule, value, opens, ("s",))))


@every_language
@pytest.mark.parametrize("what", ["minutes", "window_start", "window_end", "min_block", "per_week"])
def test_what_the_half_hours_cost_is_a_sentence(spoken: Language, what: str) -> None:
    rounding = Rounding(0, what, 1085, 1110)  # type: ignore[arg-type]  # every word of the literal, by parametrize
    check(say_rounding(spoken, rounding))


@every_language
@pytest.mark.parametrize("cause", ["hours", *EDGE_KINDS, "closed", "holiday", "booking", "clock", "stocktaking"])
@pytest.mark.parametrize("minute", [-30, 0, 30, 1410, 1440, 1470, 2870])
def test_what_bounds_the_time_is_a_sentence(spoken: Language, cause: str, minute: int) -> None:
    edges = (FrameEdge(cause, "before", MONDAY, minute), FrameEdge(cause, "after", MONDAY, minute))
    before, after = say_edges(spoken, edges)
    check(before)
    check(after)
    assert before != after


@every_language
def test_a_need_is_a_sentence_for_every_kind(spoken: Language) -> None:
    said = say_need(spoken, replace(REQUEST, step_free=True, wishes=frozenset({"piano"})))
    assert len(said) == 4 + 9
    for text in (*said, *say_need(spoken, replace(REQUEST, budget=Price(0))), say_without_room(spoken)):
        check(text)
    assert say_need(spoken, make_request(needs=())) == []


@every_language
def test_a_pattern_is_a_sentence_for_every_unit(spoken: Language) -> None:
    days = tuple(date(2026, 12, day) for day in range(1, 12))
    pattern = Pattern(0, (1, 3), 1140, 120, 3, 4, "weeks", days, ())
    for changed in (
        pattern,
        replace(pattern, weekdays=(), unit="dates", missing=days[:1]),
        replace(pattern, start=None, unit="dates", missing=days[:7]),
        replace(pattern, start=None, weekdays=(), unit="days", missing=days[:6]),
    ):
        check(say_pattern(spoken, changed))
        check(say_missing(spoken, changed))
    assert say_missing(spoken, replace(pattern, missing=())) == ""


def sentences_about(spoken: Language, request: Request, said: Answer) -> Iterator[str]:
    yield from say_need(spoken, request)
    yield say_counts(spoken, said)
    yield from say_headline(spoken, [said])
    yield from (say_near_miss(spoken, request, each, SPACE) for each in said.near_misses)
    yield from (say_relaxation(spoken, request, each) for each in said.relaxations)
    yield from (say_exclusion(spoken, each) for each in said.exclusions)
    yield from (say_rounding(spoken, each) for each in said.rounding)
    for proposal in said.proposals:
        yield from sentences_of(spoken, proposal)


def sentences_of(spoken: Language, proposal: Proposal) -> Iterator[str]:
    yield from say_doubts(spoken, proposal)
    yield from say_edges(spoken, proposal.edges)
    yield from (say_pattern(spoken, each) for each in proposal.patterns)
    yield from (text for text in (say_missing(spoken, each) for each in proposal.patterns) if text)
    if proposal.parts:
        yield say_parts(spoken, proposal)


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_all_that_the_engine_says_of_any_city_is_sentences(data: st.DataObject) -> None:
    grid = data.draw(strategies.grids)
    spaces, request = data.draw(strategies.cities(grid)), data.draw(strategies.requests(grid))
    try:
        said = answer(build_index(spaces, replace(grid, weeks=grid.weeks + 4)), request, load_weights())
    except InputError:  # every day is closed
        return
    for code in LANGUAGES:
        for text in sentences_about(language(code), request, said):
            check(text)


@every_language
@pytest.mark.parametrize(
    "counts", [(0, 0, 0), (1, 0, 0), (1, 1, 1), (12_345, 2, 2)], ids=["none", "one", "each", "many"]
)
def test_counts_and_headlines_are_sentences(spoken: Language, counts: tuple[int, int, int]) -> None:
    said = Answer("r", 20_000, *counts, proposals=())
    nearly = replace(said, sure=0, assumed=0, to_ask=0, near_misses=(NearMiss("s", "time", "90", "5"),))
    check(say_counts(spoken, said))
    for text in say_headline(spoken, [said, nearly, replace(nearly, near_misses=())]):
        check(text)
