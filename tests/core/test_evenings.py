"""How often a month a request comes, and the hosts that lend a number of evenings."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meervoud.core.engine import build_index, load_weights, match
from meervoud.core.engine.evenings import days_a_month
from meervoud.core.engine.reference.evenings import days_a_month_plainly
from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Weekly, Window
from meervoud.core.engine.types.time import DateRange
from meervoud.core.engine.verify import verify
from meervoud.core.engine.verify.evenings import most_days_of_a_month
from tests.makers import make_grid, make_period, make_request, make_space

WEIGHTS = load_weights()
EVENING = Window(1140, 1320)
TUESDAY = date(2026, 12, 1)
DAY = st.dates(date(2026, 1, 1), date(2027, 12, 31))
WEEKDAYS = st.frozensets(st.integers(0, 6), min_size=1)
CLOSED = st.lists(
    st.tuples(DAY, st.integers(0, 40)).map(lambda pair: DateRange(pair[0], pair[0] + timedelta(days=pair[1]))),
    max_size=2,
).map(tuple)


@st.composite
def weekly(draw: st.DrawFn) -> Need:
    weekdays = draw(WEEKDAYS)
    extra = tuple(sorted(draw(st.sets(DAY, max_size=4))))
    times, closed = draw(st.integers(1, len(weekdays))), draw(CLOSED)
    same = draw(st.booleans())
    return Weekly(weekdays, EVENING, 60, draw(DAY), draw(st.integers(1, 30)), 0.9, times, same, closed, extra)


NEEDS: st.SearchStrategy[Need] = st.one_of(
    weekly(),
    st.sets(DAY, min_size=1, max_size=30).map(lambda days: Dates(tuple(sorted(days)), EVENING, 60)),
    st.builds(Hours, st.integers(1, 30).map(lambda each: each * 45), WEEKDAYS, st.just(EVENING), st.just(60), DAY,
              st.integers(1, 30), st.just(0.9), CLOSED),
    st.builds(Continuous, DAY, st.integers(1, 200)),
)  # fmt: skip


@given(st.lists(NEEDS, max_size=3).map(tuple))
def test_three_ways_to_count_agree(needs: tuple[Need, ...]) -> None:
    assert days_a_month(needs) == days_a_month_plainly(needs) == most_days_of_a_month(needs)


@pytest.mark.parametrize(
    ("need", "days"),
    [
        (Weekly(frozenset({1}), EVENING, 60, TUESDAY, 12), 5),  # five Tuesdays in December 2026
        (Weekly(frozenset({1, 2, 3}), EVENING, 60, TUESDAY, 4), 4),  # any of three days: four Thursdays are enough
        (Weekly(frozenset({1, 3}), EVENING, 60, TUESDAY, 12, per_week=2), 10),  # December has five of both
        (
            Weekly(frozenset({1}), EVENING, 60, TUESDAY, 12, closed=(DateRange(date(2026, 12, 20), date(2027, 1, 3)),)),
            4,
        ),
        (Weekly(frozenset({1}), EVENING, 60, TUESDAY, 3, extra=(date(2026, 12, 5), date(2026, 12, 6))), 5),
        (Weekly(frozenset({1, 2}), EVENING, 60, TUESDAY, 5, same_start=False), 4),  # the fifth week may be in January
        (Dates((date(2026, 12, 4), date(2026, 12, 18), date(2027, 1, 1)), EVENING, 60), 2),
        (Hours(540, frozenset(range(7)), EVENING, 60, TUESDAY, 4), 12),  # nine hours are three evenings a week
        (Continuous(date(2026, 12, 20), 20), 12),
    ],
)
def test_the_fullest_month_is_counted_as_by_hand(need: Need, days: int) -> None:
    assert days_a_month((need,)) == days_a_month_plainly((need,)) == most_days_of_a_month((need,)) == days


def test_a_host_that_lends_fewer_evenings_is_asked_first_and_ranked_after_who_is_sure() -> None:
    grid, open_hours = make_grid(), (make_period("Mo-Su 08:00-23:00"),)
    spaces = [
        make_space("few", periods=open_hours, most_evenings_a_month=3),
        make_space("none", periods=open_hours),
        make_space("plenty", periods=open_hours, most_evenings_a_month=9),
    ]
    request = make_request(needs=(Weekly(frozenset({1}), EVENING, 60, grid.monday, 6),))
    result = match(build_index(spaces, grid), [request], WEIGHTS)
    answer = result.answers[0]
    assert [(each.space_id, each.certainty, each.ask) for each in answer.proposals] == [
        ("none", "sure", ()),
        ("plenty", "sure", ()),
        ("few", "ask", ("evenings",)),
    ]
    assert (answer.sure, answer.to_ask) == (2, 1)
    assert verify(spaces, [request], result) == []


def test_a_limit_that_changes_is_seen_in_the_index_that_was_there() -> None:
    grid, open_hours = make_grid(), (make_period("Mo-Su 08:00-23:00"),)
    index = build_index([make_space("a", periods=open_hours)], grid)
    request = make_request(needs=(Weekly(frozenset({1}), EVENING, 60, grid.monday, 6),))
    assert match(index, [request], WEIGHTS).answers[0].sure == 1
    index.replace_space(make_space("a", periods=open_hours, most_evenings_a_month=3))
    assert match(index, [request], WEIGHTS).answers[0].to_ask == 1
    index.replace_space(make_space("a", periods=open_hours))
    assert match(index, [request], WEIGHTS).answers[0].sure == 1
