"""Of many moments exactly those clash whose time is taken, on any floor of the space."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rooms.supply.test_calendar import at, make_hall, take

from meervoud.supply.calendar import Span, TakenError

SEED = 7


@pytest.mark.django_db
def test_exactly_the_moments_that_overlap_taken_time_clash_whatever_their_order() -> None:
    dice = random.Random(SEED)  # noqa: S311  # a test
    one, other, hall = make_hall()
    taken = list[Span]()
    for room in (one, other):
        mine = [at(12 * place + dice.randrange(9), dice.choice((0.5, 1, 2, 3)), day=1) for place in range(0, 60, 2)]
        take(room, *mine)
        taken += mine
    asked = [at(8 * place + dice.randrange(5), dice.choice((0.5, 1, 2, 3)), day=1) for place in range(90)]
    dice.shuffle(asked)
    wanted = tuple(span for span in asked if any(span.overlaps(each) for each in taken))
    assert 10 < len(wanted) < 80
    with pytest.raises(TakenError) as error:
        take(hall, *asked)
    assert error.value.spans == wanted
    take(hall, *(span for span in asked if span not in wanted))


@pytest.mark.django_db
def test_a_series_asks_the_database_once_whether_it_is_free() -> None:
    room, _, _ = make_hall()
    take(room, at(2))
    counts = []
    for moments in (1, 50):
        first = 1 if moments == 1 else 3
        with CaptureQueriesContext(connection) as queries:
            take(room, *(at(24 * (first + place)) for place in range(moments)))
        counts.append(len(queries))
    assert counts[0] == counts[1]
