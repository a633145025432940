"""An agreement that was just begun, for the tests of its papers."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from tests.rooms.makers import make_programme
from tests.rooms.matching.test_proposals import ask, ask_for, host_person, offer_of, rows

from meervoud.agreements.drafts import begin_agreement
from meervoud.agreements.models import Agreement
from meervoud.matching.answering import Said, say_yes
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.models import Proposal, Side
from meervoud.parties.models import Programme


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


@pytest.fixture
def programme() -> Programme:
    """A programme in Amsterdam."""
    return make_programme()


@pytest.fixture
def proposal(programme: Programme) -> Proposal:
    """A proposal to which both said yes."""
    now = timezone.now().replace(second=0, microsecond=0)
    offer_of(programme)
    request = ask_for(programme, title="Language cafe")
    ask(request)
    row = rows(request)[0]
    say_yes(proposal=row, said=Said(Side.HOST, host_person(row), now))
    return rows(request)[0]


@pytest.fixture
def agreement(proposal: Proposal) -> Agreement:
    """Its first draft, in English."""
    now = timezone.now().replace(second=0, microsecond=0)
    return begin_agreement(proposal=proposal, by=host_person(proposal), language="en", now=now)
