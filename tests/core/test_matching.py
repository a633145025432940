"""What a matchmaker expects, by hand: musts, unknowns, near misses, scores, nights, several rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from meervoud.core.engine.index import build_index
from meervoud.core.engine.proposals import answer, match, who_fits
from meervoud.core.engine.score import load_weights
from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Request, Weekly, Window
from meervoud.core.engine.types.results import Answer, Weights
from meervoud.core.engine.types.spaces import OpenPeriod, Position, Price, Space
from meervoud.core.engine.types.time import Booking, Closure, DateRange
from meervoud.core.errors import InputError
from tests.makers import DAM, MONDAY, make_edge, make_grid, make_period, make_request, make_space, make_weekly

WEIGHTS = load_weights()


def ask(spaces: list[Space], request: Request, weights: Weights = WEIGHTS, weeks: int = 8) -> Answer:
    return answer(build_index(spaces, make_grid(weeks=weeks)), request, weights)


def found(spaces: list[Space], request: Request) -> list[tuple[str, str]]:
    return [(each.space_id, each.certainty) for each in ask(spaces, request).proposals]


def north(metres: int) -> Position:
    return Position(DAM.latitude + metres / 111_195, DAM.longitude)


def test_sure_comes_before_assumed_comes_before_ask_whatever_the_score() -> None:
    spaces = [
        make_space("ask", position=DAM),
        make_space("assumed", capacity=12, position=north(100), assumed=frozenset({"capacity"})),
        make_space("sure", capacity=400, position=north(900)),
    ]
    result = ask(spaces, make_request(position=DAM, max_metres=1000, group_max=10))
    assert [each.space_id for each in result.proposals] == ["sure", "assumed", "ask"]
    assert (result.sure, result.assumed, result.to_ask) == (1, 1, 1)
    assert result.proposals[1].assumed == ("capacity",)
    assert result.proposals[2].ask == ("capacity",)


@pytest.mark.parametrize(("step_free", "certainty"), [("yes", "sure"), ("limited", "ask"), (None, "ask"), ("no", None)])
def test_step_free_access_that_is_needed_is_never_offered_as_yes_when_unknown(step_free: str, certainty: str) -> None:
    answers = found([make_space("s", step_free=step_free)], make_request(step_free=True))
    assert answers == ([("s", certainty)] if certainty else [])


@pytest.mark.parametrize(
    ("host", "certainty"),
    [
        ({"activities": frozenset({"meal"})}, "sure"),
        ({"activities": frozenset({"meeting"})}, None),
        ({"no_activities": frozenset({"alcohol"})}, "sure"),
        ({"no_activities": frozenset({"meal"})}, None),
        ({}, "ask"),
    ],
)
def test_a_host_permits_what_it_lists_or_all_but_what_it_excludes(host: dict[str, object], certainty: str) -> None:
    answers = found([make_space("s", **host)], make_request(activities=frozenset({"meal"})))
    assert answers == ([("s", certainty)] if certainty else [])


@pytest.mark.parametrize(
    ("price", "budget", "certainty"),
    [
        (Price(0, "DKK"), Price(0, "EUR"), "sure"),
        (Price(1500), Price(1500), "sure"),
        (Price(1501), Price(1500), None),
        (Price(100, "DKK"), Price(1500, "EUR"), None),
        (Price(40_000, per="month"), Price(1500), "ask"),
        (None, Price(1500), "ask"),
    ],
)
def test_a_price_is_compared_in_one_currency_and_one_length_of_time(
    price: Price, budget: Price, certainty: str
) -> None:
    result = ask([make_space("s", price=price)], make_request(budget=budget))
    assert [each.certainty for each in result.proposals] == ([certainty] if certainty else [])
    if price == Price(100, "DKK"):
        assert [each.condition for each in result.exclusions] == ["currency"]


def test_a_choir_does_not_take_the_ballroom() -> None:
    spaces = [make_space("ballroom", capacity=300), make_space("hall", capacity=32)]
    result = ask(spaces, make_request(group_max=30, group_min=20))
    assert [each.space_id for each in result.proposals] == ["hall", "ballroom"]
    assert [part.points for part in result.proposals[1].parts if part.name == "size_fit"] == [1250]


def test_scores_are_the_weighted_mean_of_their_parts_rounded_down() -> None:
    space = make_space(
        "s", capacity=40, position=north(1000), facilities=frozenset({"piano"}), causes=frozenset({"music"})
    )
    asked = make_request(position=DAM, group_max=30, wishes=frozenset({"piano", "stage"}), cause="music", meets_at="s")
    best = ask([space], asked).proposals[0]
    points = {part.name: part.points for part in best.parts}
    assert points == {
        "time_fit": 10_000,
        "distance": 5_000,
        "size_fit": 9_375,
        "wishes": 5_000,
        "causes": 10_000,
        "continuity": 10_000,
    }
    assert best.score == (30 * 10_000 + 20 * 5_000 + 20 * 9_375 + 10 * 5_000 + 10 * 10_000 + 5 * 10_000) // 95


def test_the_engine_ranks_without_time_too() -> None:
    spaces = [make_space("far", position=north(3000), periods=()), make_space("near", position=north(10), periods=())]
    result = ask(spaces, Request(id="r", position=DAM))
    assert [each.space_id for each in result.proposals] == ["near", "far"]
    assert result.proposals[0].patterns == ()


def test_a_night_rule_fits_a_bar_but_not_a_building_that_locks_at_midnight() -> None:
    night = Weekly(frozenset({4}), Window(22 * 60, 26 * 60), 240, MONDAY, 4)
    open_late = make_period("Fr 18:00-04:00", "inside")
    spaces = [
        make_space("bar", periods=(open_late,)),
        make_space("hall", periods=(open_late,), edges=(make_edge("doors", "Mo-Su 08:00-24:00"),)),
    ]
    best = ask(spaces, make_request(needs=(night,))).proposals
    assert [each.space_id for each in best] == ["bar"]
    assert (best[0].patterns[0].moments[0].start, best[0].patterns[0].moments[0].end) == (1320, 1560)


def test_every_edge_of_an_office_is_hard_and_named() -> None:
    office = make_space(
        "office",
        periods=(make_period("Mo-Fr 08:00-18:00", "outside"),),
        edges=(
            make_edge("doors", "Mo-Fr 07:00-22:00"),
            make_edge("cleaning", "Tu 18:00-19:00"),
            make_edge("alarm", "Mo-Su 06:00-21:45"),
        ),
    )
    best = ask([office], make_request(needs=(make_weekly(window=(17, 23), minutes=60),))).proposals[0]
    assert best.patterns[0].start == 19 * 60
    told = {(edge.cause, edge.side): edge.minute for edge in best.edges}
    assert told["cleaning", "before"] == 19 * 60
    assert told["hours", "before"] == 18 * 60
    assert told["alarm", "after"] == 21 * 60 + 30
    assert told["doors", "after"] == 22 * 60
    late = ask([office], make_request(needs=(make_weekly(window=(20, 23), minutes=120),)))
    assert late.proposals == ()  # the alarm arms at 21:45: half past nine is the end


def test_near_misses_name_the_one_condition_and_what_relaxing_opens() -> None:
    spaces = [
        make_space("a", capacity=10),
        make_space("b", capacity=18),
        make_space("c", capacity=18, no_facilities=frozenset({"piano"})),
        make_space("d", capacity=30, no_facilities=frozenset({"piano"}), facilities=frozenset({"kitchen"})),
        make_space("e", capacity=30, facilities=frozenset({"piano"}), position=north(2600)),
        make_space("f", capacity=30, facilities=frozenset({"piano"}), periods=(make_period("Th 08:00-23:00"),)),
        make_space("g", capacity=30, facilities=frozenset({"piano"}), periods=(make_period("Tu 08:00-20:30"),)),
    ]
    asked = make_request(group_max=20, facilities=frozenset({"piano"}), position=DAM, max_metres=2000)
    result = ask(spaces, asked)
    assert result.proposals == ()
    assert {(miss.space_id, miss.condition, miss.found) for miss in result.near_misses} == {
        ("a", "capacity", "10"),
        ("b", "capacity", "18"),
        ("d", "facilities", "piano"),
        ("e", "distance", "2600"),
        ("f", "time", "0"),
        ("g", "time", "0"),
    }
    relaxed = {(each.kind, each.value): each.space_ids for each in result.relaxations}
    assert relaxed == {
        ("capacity", "18"): ("b",),
        ("facilities", "piano"): ("d",),
        ("distance", "2600"): ("e",),
        ("weekday", "3"): ("f",),
        ("start", "1110"): ("g",),
        ("minutes", "90"): ("g",),
    }
    assert {(each.condition, each.spaces, each.alone) for each in result.exclusions} == {
        ("capacity", 3, 2),
        ("facilities", 2, 1),
        ("distance", 1, 1),
        ("time", 2, 2),
    }


def test_doing_without_two_things_also_opens_what_lacks_one_of_them() -> None:
    piano, kitchen = frozenset({"piano"}), frozenset({"kitchen"})
    spaces = [
        make_space("no kitchen", facilities=piano, no_facilities=kitchen),
        make_space("neither", no_facilities=piano | kitchen),
    ]
    result = ask(spaces, make_request(facilities=piano | kitchen))
    assert {each.value: each.space_ids for each in result.relaxations} == {
        "kitchen": ("no kitchen",),
        "kitchen,piano": ("neither", "no kitchen"),
    }


def test_rules_that_fit_apart_and_not_together_are_said_to_do_so() -> None:
    space = make_space("s", periods=(make_period("Tu 19:00-21:00"),))
    rules = (make_weekly(window=(18, 22)), make_weekly(window=(18, 22), minutes=60))
    misses = ask([space], make_request(needs=rules)).near_misses
    assert [(miss.condition, miss.wanted, miss.found) for miss in misses] == [("time", "90", "together")]


def test_a_night_after_the_last_searched_day_is_refused_not_lost() -> None:
    shop = make_space("s", periods=(OpenPeriod(None, "always"),))
    night = Weekly(frozenset({6}), Window(22 * 60, 26 * 60), 240, MONDAY, 2)
    with pytest.raises(InputError, match="2026-12-13"):
        ask([shop], make_request(needs=(night,)), weeks=2)
    assert ask([shop], make_request(needs=(night,)), weeks=3).sure == 1


def test_a_coverage_that_is_nearly_reached_is_named() -> None:
    closed = Closure(DateRange(MONDAY, MONDAY + timedelta(days=6)))
    result = ask([make_space("s", closures=(closed,))], make_request())
    assert [(each.kind, each.value, each.opens) for each in result.relaxations if each.kind == "coverage"] == [
        ("coverage", "75", 1)
    ]


def test_the_best_weekday_is_the_one_that_works_in_most_weeks() -> None:
    closed = Closure(DateRange(date(2026, 12, 8), date(2026, 12, 8)))
    result = ask([make_space("s", closures=(closed,))], make_request(needs=(make_weekly("Tu,Th", coverage_share=0.5),)))
    assert result.proposals[0].patterns[0].weekdays == (3,)
    assert result.proposals[0].patterns[0].held == 4


def test_two_evenings_a_week_need_the_same_start_on_both() -> None:
    space = make_space("s", periods=(make_period("Mo 18:00-22:00; We 19:00-22:00; Fr 20:00-21:00"),))
    need = make_weekly("Mo,We,Fr", window=(18, 22), minutes=120, per_week=2)
    pattern = ask([space], make_request(needs=(need,))).proposals[0].patterns[0]
    assert (pattern.weekdays, pattern.start) == ((0, 2), 19 * 60)
    assert ask([space], make_request(needs=(replace(need, per_week=3),))).proposals == ()


def test_changing_times_are_enough_where_the_start_may_differ() -> None:
    # 7 December 18-20 and 21 December 20-22: no start is free on both
    space = make_space("s", periods=(make_period("Mo[1] 18:00-20:00; Mo[3] 20:00-22:00"),))
    need = make_weekly("Mo", (18, 22), same_start=False, first=date(2026, 12, 7), weeks=3, coverage_share=0.6)
    assert ask([space], make_request(needs=(replace(need, same_start=True),))).proposals == ()
    pattern = ask([space], make_request(needs=(need,))).proposals[0].patterns[0]
    assert [(moment.day.day, moment.start) for moment in pattern.moments] == [(7, 1080), (21, 1200)]
    assert (pattern.start, pattern.held, pattern.missing) == (None, 2, (date(2026, 12, 14),))


def test_rules_of_one_request_never_take_the_same_time() -> None:
    space = make_space("s", periods=(make_period("Tu 19:00-22:00"),))
    twice = (make_weekly(minutes=90), make_weekly(minutes=90))
    patterns = ask([space], make_request(needs=twice)).proposals[0].patterns
    assert [pattern.start for pattern in patterns] == [19 * 60, 20 * 60 + 30]
    assert ask([space], make_request(needs=(*twice, make_weekly(minutes=30)))).proposals == ()


def test_closed_periods_and_extra_dates_belong_to_the_rule() -> None:
    need = make_weekly(
        closed=(DateRange(date(2026, 12, 8), date(2026, 12, 14)),), extra=(date(2026, 12, 12),), coverage_share=1.0
    )
    busy = Closure(DateRange(date(2026, 12, 8), date(2026, 12, 8)))
    pattern = ask([make_space("s", closures=(busy,))], make_request(needs=(need,))).proposals[0].patterns[0]
    days = [date(2026, 12, 1), date(2026, 12, 12), date(2026, 12, 15), date(2026, 12, 22)]
    assert [moment.day for moment in pattern.moments] == days


def test_dates_hours_and_whole_months_are_needs_too() -> None:
    dates = Dates((date(2026, 12, 5), date(2026, 12, 31)), Window(600, 1020), 240)
    hours = Hours(600, frozenset(range(5)), Window(540, 1020), 120, MONDAY, 3)
    months = Continuous(MONDAY, 28)
    shop, hall = make_space("shop", periods=(OpenPeriod(None, "always"),)), make_space("hall")
    assert [each for each, _ in found([shop, hall], make_request(needs=(dates, hours)))] == ["hall", "shop"]
    assert [each for each, _ in found([shop, hall], make_request(needs=(months,)))] == ["shop"]
    taken = Booking(datetime(2026, 12, 2, 9, tzinfo=UTC), datetime(2026, 12, 2, 10, tzinfo=UTC))
    assert found([replace(shop, bookings=(taken,))], make_request(needs=(months,))) == []
    most = replace(months, coverage_share=0.9)
    assert found([replace(shop, bookings=(taken,))], make_request(needs=(most,))) == [("shop", "sure")]


def test_a_fixed_time_off_the_half_hour_takes_the_room_from_the_half_hour_before_to_the_one_after() -> None:
    need = Weekly(frozenset({5}), Window(13 * 60 + 45, 15 * 60 + 15), 90, MONDAY, 4)
    result = ask([make_space("s")], make_request(needs=(need,)))
    assert (result.proposals[0].patterns[0].start, result.proposals[0].patterns[0].minutes) == (13 * 60 + 30, 120)
    assert {(each.what, each.asked, each.used) for each in result.rounding} == {
        ("minutes", 90, 120),
        ("window_start", 825, 810),
        ("window_end", 915, 930),
    }


def test_work_that_one_does_alone_gets_a_question_and_no_lower_score() -> None:
    spaces = [make_space("s")]
    alone, together = (ask(spaces, make_request(kind_of_activity=kind)) for kind in ("deciding", "learning"))
    assert (alone.without_room, together.without_room) == (True, False)
    assert alone.proposals == together.proposals


def test_a_rule_beyond_the_searched_weeks_is_refused_with_the_day() -> None:
    with pytest.raises(InputError, match="2027-01-26"):
        ask([make_space()], make_request(needs=(make_weekly(weeks=12),)))


def test_two_requests_with_one_id_are_refused() -> None:
    with pytest.raises(InputError, match="'r1'"):
        match(build_index([make_space()], make_grid()), [make_request(), make_request()], WEIGHTS)


def test_an_empty_city_and_an_empty_list_have_empty_answers() -> None:
    assert match(build_index([], make_grid()), [make_request()], WEIGHTS).answers[0].considered == 0
    assert match(build_index([make_space()], make_grid()), [], WEIGHTS).answers == ()


def test_who_fits_a_space_lists_requests_best_first() -> None:
    index = build_index([make_space("s", capacity=20)], make_grid())
    requests = [
        make_request("small", group_max=2),
        make_request("right", group_max=18),
        make_request("big", group_max=30),
    ]
    assert [each.request_id for each in who_fits(index, "s", requests, WEIGHTS)] == ["right", "small"]


@pytest.mark.parametrize(
    "text",
    ["", "version = 1", "version='x'\n[parts]\n", "[parts", "version='x'\n[parts]\ntime_fit={weight=-1}\n[constants]"],
)
def test_weights_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        load_weights(text)
