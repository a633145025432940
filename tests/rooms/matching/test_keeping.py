"""Suggestions are kept right while the world changes, the same as if all were made anew; good news is told once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone
from tests.rooms.makers import make_offer, make_organisation, make_person, make_programme
from tests.rooms.matching.test_proposals import ask_for, offer_of

from meervoud.demand.models import RequestRule
from meervoud.matching.asking import ask_best
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.keeping import MOST_OFFERS, keep_right
from meervoud.matching.models import Proposal, State
from meervoud.matching.open_requests import forget_open_requests
from meervoud.matching.proposing import propose_for
from meervoud.matching.tasks import enqueue_looks
from meervoud.parties.models import Organisation, OutboxMail, Programme
from meervoud.parties.organisations import change_organisation
from meervoud.supply.actions import change_offer, change_offered_space, pause_offer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    forget_open_requests()
    yield
    forget_indexes()
    forget_open_requests()


@pytest.fixture
def programme() -> Programme:
    return make_programme()


def suggested(programme: Programme) -> set[tuple[object, ...]]:
    rows = Proposal.objects.every(because="test").filter(programme=programme, state=State.SUGGESTED)
    return {(each.request_id, each.offer_id, each.score, each.rank) for each in rows}


def anew(programme: Programme) -> set[tuple[object, ...]]:
    """The plain way: every open request looked at again."""
    for request in programme.requests.every(because="test").filter(state="open"):
        propose_for(request=request, now=timezone.now())
    return suggested(programme)


def look(programme: Programme) -> int:
    return keep_right(programme=programme, now=timezone.now())


def mails() -> list[str]:
    return [each.subject for each in OutboxMail.objects.every(because="test")]


def test_what_was_posted_has_its_suggestions_at_the_next_look(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    assert look(programme) == 1
    assert [each[0] for each in suggested(programme)] == [request.pk]
    assert mails() == []  # it is seen on the page at once: no news


def test_looking_again_is_the_same_as_making_all_anew(programme: Programme) -> None:
    offers = [offer_of(programme) for _ in range(4)]
    for people in (5, 12, 25):
        ask_for(programme, group_max=people)
    look(programme)
    changes: list[Callable[[], object]] = [
        lambda: pause_offer(offer=offers[0], by=make_person()),
        lambda: change_offered_space(offer=offers[1], by=make_person(), values={"capacity": 10}),
        lambda: change_offer(offer=offers[2], by=make_person(), values={"causes": ["language"]}),
        lambda: make_offer(programme, capacity=40),
        lambda: ask_for(programme, group_max=38),
    ]
    for change in changes:
        change()
        look(programme)
        kept = suggested(programme)
        assert kept == anew(programme)
        assert kept


def test_only_what_a_changed_space_touches_is_looked_at(programme: Programme) -> None:
    offer = offer_of(programme)
    fits, too_many = ask_for(programme), ask_for(programme, group_max=400)
    look(programme)
    for row in (fits, too_many):
        type(row).objects.every(because="test").filter(pk=row.pk).update(changed_at=timezone.now() - timedelta(days=1))
        row.rules.all().update(changed_at=timezone.now() - timedelta(days=1))
    change_offer(offer=offer, by=make_person(), values={"causes": ["language"]})
    assert look(programme) == 1


def test_better_news_is_told_once_a_day_and_worse_never(programme: Programme) -> None:
    first = offer_of(programme)
    ask_for(programme, facilities=[], wishes=["piano"])
    look(programme)
    better = make_offer(programme, capacity=30, facilities=["piano"])
    look(programme)
    assert len(mails()) == 1
    assert better.space.name in mails()[0]
    make_offer(programme, capacity=30, facilities=["piano"])
    pause_offer(offer=first, by=make_person())
    look(programme)
    assert len(mails()) == 1


def test_a_large_import_is_looked_at_as_a_whole(programme: Programme) -> None:
    request = ask_for(programme)
    look(programme)
    for _ in range(MOST_OFFERS + 1):
        offer_of(programme)
    assert look(programme) == 1
    assert {each[0] for each in suggested(programme)} == {request.pk}


def test_a_task_is_written_only_where_something_changed(programme: Programme) -> None:
    offer_of(programme)
    assert enqueue_looks() == 1  # done at once in a test
    assert enqueue_looks() == 0
    offer_of(programme)
    assert enqueue_looks() == 1


@pytest.mark.parametrize("seed", range(4))
def test_many_changes_leave_what_making_all_anew_would(programme: Programme, seed: int) -> None:
    dice = Random(seed)  # noqa: S311  # a repeatable test
    hosts = [make_organisation(programme, member=make_person(), sector=each) for each in ("", "tobacco", "alcohol")]
    offers = [make_offer(programme, host=dice.choice(hosts), capacity=dice.randrange(8, 60)) for _ in range(16)]
    for number in range(12):
        group = dice.choice(hosts) if number % 3 == 0 else None
        said: dict[str, object] = {"wishes": dice.choice(([], ["piano"])), "no_sectors": dice.choice(REFUSED)}
        said |= {"facilities": [], "organisation": group, "group_max": dice.randrange(3, 50)}
        ask_for(programme, weeks=6, **said)
    look(programme)
    settle(programme)
    looked_at = 0
    for _ in range(10):
        for offer in dice.sample(offers, 2):
            people, there = dice.randrange(8, 60), PIANO[dice.randrange(2)]
            change_offered_space(offer=offer, by=make_person(), values={"capacity": people, "facilities": there})
        change_offer(offer=dice.choice(offers), by=make_person(), values={"no_sectors": dice.choice(REFUSED)})
        if dice.random() < 0.3:
            change_sector(dice.choice(hosts), dice.choice(("", "tobacco", "alcohol")))
        looked_at += look(programme)
        kept = suggested(programme)
        assert kept == anew(programme)
        request = dice.choice(list(programme.requests.every(because="test")))
        ask_best(request=request, by=make_person(), now=timezone.now(), asker_agrees=False)
    assert looked_at < 10 * 12  # what no change touches is left alone


PIANO: list[list[str]] = [[], ["piano"]]
REFUSED: list[list[str]] = [[], [], ["tobacco"], ["alcohol", "weapons"]]


def change_sector(organisation: Organisation, sector: str) -> None:
    by = organisation.memberships.get().person
    change_organisation(organisation=organisation, by=by, values={"sector": sector})


def settle(programme: Programme) -> None:
    """Make what was posted old, so that only the spaces that change bring a look."""
    then = timezone.now() - timedelta(days=1)
    rows = programme.requests.every(because="test")
    rows.update(changed_at=then)
    RequestRule.objects.every(because="test").update(changed_at=then)


def test_the_first_look_of_a_day_is_at_everything(programme: Programme) -> None:
    offer_of(programme)
    ask_for(programme)
    look(programme)
    settle(programme)
    assert look(programme) == 0
    assert keep_right(programme=programme, now=timezone.now() + timedelta(days=1)) == 1
