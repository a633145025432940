"""How often hosts say no, by cause: counted, small numbers hidden, sheltered groups left out."""

from collections.abc import Iterator

import pytest
from tests.rooms.makers import make_programme
from tests.rooms.matching.test_proposals import ask, ask_for, no_of, offer_of

from meervoud.matching.city_index import forget_indexes
from meervoud.matching.decline_rates import FEWEST, DeclineRate, decline_rates
from meervoud.matching.models import Side
from meervoud.parties.models import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


def asked(programme: Programme, number: int, declined: int, **values: object) -> None:
    for each in range(number):
        row = ask(ask_for(programme, weeks=6, **values))[0]
        if each < declined:
            no_of(Side.HOST, row, "time")


def test_the_share_of_noes_is_counted_by_cause_and_small_numbers_are_hidden() -> None:
    programme = make_programme()
    offer = offer_of(programme)
    offer.host.questions_a_week = None
    offer.host.save()
    asked(programme, 6, 3, cause="language")
    asked(programme, 5, 0, cause="repair")
    asked(programme, FEWEST - 1, FEWEST - 1, cause="newcomers")
    asked(programme, 5, 5, cause="dementia", is_sheltered=True)
    assert decline_rates(programme) == [DeclineRate("language", 6, 0.5), DeclineRate("repair", 5, 0.0)]
    assert decline_rates(make_programme()) == []
