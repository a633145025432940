"""Several people at the same moment: a host's limit holds, a room is held once, one proposal for a pair. With controls."""

from collections.abc import Callable, Iterator
from functools import partial
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from tests.rooms.makers import make_offer, make_organisation, make_person, make_programme
from tests.rooms.matching.test_proposals import ask, ask_for, host_person, rows

from meervoud.core.errors import ConflictError
from meervoud.demand.models import Request
from meervoud.matching import asking
from meervoud.matching.answering import Said, say_yes
from meervoud.matching.asking import ask_best, ask_next, lock_request
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.models import LIVE, Proposal, Side, State
from meervoud.matching.open_requests import forget_open_requests
from meervoud.matching.proposing import propose_for
from meervoud.matching.running import start_run, work_on_run
from meervoud.parties.models import Organisation, Programme
from meervoud.supply.models import Taking

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
NOW = timezone.now().replace(second=0, microsecond=0)
EVERY = "a test looks at everything"
AT_ONCE, LIMIT = 6, 2


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


def together(attempts: list[Callable[[], object]]) -> list[object]:
    """Let every attempt start at the same moment on a connection of its own, and return what each came to."""
    barrier, outcomes = Barrier(len(attempts)), list[object]([None] * len(attempts))

    def run(number: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            outcomes[number] = attempts[number]()
        except Exception as error:  # noqa: BLE001  # every fault of a thread is looked at by the test
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(number,)) for number in range(len(attempts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def faults_of(outcomes: list[object]) -> list[object]:
    return [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, ConflictError)]


def host_with_rooms(programme: Programme, rooms: int = 1) -> Organisation:
    host = make_organisation(programme, member=make_person("Hanna"), questions_a_week=LIMIT)
    for _ in range(rooms):
        make_offer(programme, host=host, capacity=30)
    return host


def asked_of(host: Organisation) -> int:
    return Proposal.objects.every(because=EVERY).filter(offer__host=host, asked_at__isnull=False).count()


def ask_all(requests: list[Request]) -> list[object]:
    by = make_person()
    return together([partial(ask_best, request=one, by=by, now=NOW, asker_agrees=True) for one in requests])


def test_a_host_is_not_asked_more_often_than_it_can_carry_by_many_at_once(programme: Programme) -> None:
    host = host_with_rooms(programme)
    outcomes = ask_all([ask_for(programme) for _ in range(AT_ONCE)])
    assert faults_of(outcomes) == []
    assert asked_of(host) == LIMIT
    waiting = Proposal.objects.every(because=EVERY).filter(state=State.WAITING).count()
    assert waiting == AT_ONCE - LIMIT


def those_who_wait(programme: Programme) -> tuple[Organisation, list[Callable[[], object]]]:
    """Let many groups wait for one host, whose turn comes now for all of them: no journal entry queues them up first."""
    host = host_with_rooms(programme)
    Organisation.objects.every(because=EVERY).filter(pk=host.pk).update(questions_a_week=0)
    requests = [ask_for(programme) for _ in range(AT_ONCE)]
    for each in requests:
        ask_best(request=each, by=make_person(), now=NOW, asker_agrees=True)
    assert asked_of(host) == 0
    Organisation.objects.every(because=EVERY).filter(pk=host.pk).update(questions_a_week=LIMIT)
    return host, [partial(its_turn, one) for one in requests]


@transaction.atomic
def its_turn(request: Request) -> list[Proposal]:
    return ask_next(lock_request(request), by=None, now=NOW)


def test_a_limit_holds_when_the_turn_of_many_comes_at_once(programme: Programme) -> None:
    host, turns = those_who_wait(programme)
    assert faults_of(together(turns)) == []
    assert asked_of(host) == LIMIT


def test_without_the_lock_on_the_host_its_limit_is_passed(programme: Programme) -> None:
    """The control: whoever counts and then asks, without the lock, counts the same. SQLite lets in one writer at a time."""
    host, turns = those_who_wait(programme)
    counted, is_one_by_one = asking.can_carry, connection.vendor == "sqlite"
    look = Barrier(1 if is_one_by_one else AT_ONCE)

    def count_together(*told: object) -> bool:
        found = counted(*told)  # type: ignore[arg-type]  # what can_carry takes
        look.wait(30)
        return found

    with patch.object(asking, "_lock_hosts"), patch.object(asking, "can_carry", count_together):
        assert faults_of(together(turns)) == []
    assert asked_of(host) == (LIMIT if is_one_by_one else AT_ONCE)


def test_of_two_yes_to_the_same_time_one_holds_it(programme: Programme) -> None:
    host_with_rooms(programme)
    proposals = []
    for _ in range(LIMIT):
        request = ask_for(programme)
        ask(request, NOW)
        proposals.append(rows(request)[0])
    assert [each.state for each in proposals] == [State.ASKED] * LIMIT
    by = host_person(proposals[0])
    outcomes = together([partial(say_yes, proposal=one, said=Said(Side.HOST, by, NOW)) for one in proposals])
    assert faults_of(outcomes) == []
    agreed = Proposal.objects.every(because=EVERY).filter(state=State.AGREED)
    holds = Taking.objects.every(because=EVERY).filter(kind=Taking.Kind.HOLD, released_at__isnull=True)
    assert (agreed.count(), holds.count()) == (1, 1)


def test_two_yes_to_one_proposal_at_once_are_one_hold(programme: Programme) -> None:
    host_with_rooms(programme)
    request = ask_for(programme)
    ask(request, NOW)
    proposal = rows(request)[0]
    by = host_person(proposal)
    outcomes = together([lambda: say_yes(proposal=proposal, said=Said(Side.HOST, by, NOW)) for _ in range(4)])
    assert faults_of(outcomes) == []
    assert sum(isinstance(each, Proposal) for each in outcomes) == 1
    assert Taking.objects.every(because=EVERY).filter(kind=Taking.Kind.HOLD).count() == 1


def test_a_run_a_look_and_a_click_at_once_make_one_proposal_for_a_pair(programme: Programme) -> None:
    host_with_rooms(programme, rooms=3)
    requests = [ask_for(programme) for _ in range(4)]
    run = start_run(programme=programme, by=make_person())
    clicks: list[Callable[[], object]] = [partial(propose_for, request=one, now=NOW) for one in requests]
    outcomes = together([lambda: work_on_run(run.pk, now=NOW), lambda: work_on_run(run.pk, now=NOW), *clicks])
    assert faults_of(outcomes) == []
    live = list(Proposal.objects.every(because=EVERY).filter(state__in=LIVE).values_list("request", "offer"))
    assert len(live) == len(set(live)) == 4 * 3
    run.refresh_from_db()
    assert (run.state, len(run.found)) == ("done", 4)
