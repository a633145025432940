"""Two people at the same moment: one agreement of a proposal, and one signature of a side."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.utils import timezone
from tests.rooms.agreements.makers import make_agreed
from tests.rooms.makers import make_matchmaker, make_organisation, make_person, make_programme
from tests.rooms.matching.test_two_at_once import faults_of, together

from meervoud.agreements.consenting import say_consent
from meervoud.agreements.drafts import begin_agreement, last_version, propose_agreement
from meervoud.agreements.models import Agreement, Signature
from meervoud.agreements.signing import Pen, sign
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.models import Proposal, Side
from meervoud.parties.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NOW = timezone.now().replace(second=0, microsecond=0)
EVERY = "a test looks at everything"


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


@pytest.fixture
def staff_and_proposal() -> tuple[Person, Proposal]:
    programme = make_programme()
    staff, asker = make_matchmaker(programme), make_person()
    host = make_organisation(programme, member=make_person())
    return staff, make_agreed(programme, host, asker, staff, NOW, "Language cafe")


def test_of_many_who_begin_at_once_one_does(staff_and_proposal: tuple[Person, Proposal]) -> None:
    staff, proposal = staff_and_proposal
    begin = partial(begin_agreement, proposal=proposal, by=staff, language="en", now=NOW)
    outcomes = together([begin] * 4)
    assert faults_of(outcomes) == []
    assert sum(isinstance(each, Agreement) for each in outcomes) == 1
    assert Agreement.objects.every(because=EVERY).count() == 1


def test_a_side_that_signs_twice_at_once_signs_once(staff_and_proposal: tuple[Person, Proposal]) -> None:
    staff, proposal = staff_and_proposal
    agreement = begin_agreement(proposal=proposal, by=staff, language="en", now=NOW)
    propose_agreement(agreement=agreement, by=staff)
    number = last_version(agreement).number
    for side in Side.values:
        say_consent(agreement=agreement, number=number, side=side, by=staff, kind="agree")
    pen = Pen(Side.HOST, staff, "paper")
    today = timezone.localdate()
    outcomes = together([partial(sign, agreement=agreement, number=number, pen=pen, now=NOW, today=today)] * 4)
    assert faults_of(outcomes) == []
    assert Signature.objects.every(because=EVERY).count() == 1
