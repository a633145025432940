"""The desk's queue and match runs: what waits for whom, asking for many, watched and taken up again, nothing sent."""

from collections.abc import Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_tasks import TaskResultStatus
from tests.rooms.makers import make_matchmaker, make_offer, make_organisation, make_person, make_programme, make_request
from tests.rooms.matching.test_proposals import ask_for, offer_of, tuesdays

from meervoud.core.errors import ConflictError
from meervoud.demand.models import Request
from meervoud.matching.answering import Said, say_yes
from meervoud.matching.asking import ask_hosts
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.models import MatchRun, Proposal, Side
from meervoud.matching.proposing import propose_for
from meervoud.matching.queue import counts_of, filtered, queue_of
from meervoud.matching.running import PORTION, cancel_run, difference, lost_runs, start_run, take_up_again, work_on_run
from meervoud.matching.tasks import run_match
from meervoud.parties.models import OutboxMail, Programme
from meervoud.supply.actions import pause_offer

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=0, microsecond=0)
EVERY = "test"


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


@pytest.fixture
def programme() -> Programme:
    return make_programme()


def status_of(programme: Programme, request: Request) -> str:
    return str(vars(queue_of(programme).get(pk=request.pk))["status"])


def test_a_request_moves_through_the_queue(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    assert status_of(programme, request) == "new"
    propose_for(request=request, now=NOW)
    assert status_of(programme, request) == "suggested"
    staff = make_matchmaker(programme)
    ask_hosts(proposals=request.proposals.all(), by=staff, now=NOW, asker_agrees=False)
    assert status_of(programme, request) == "asked"
    row = say_yes(proposal=request.proposals.get(), said=Said(Side.HOST, staff, NOW))
    assert status_of(programme, request) == "one_yes"
    say_yes(proposal=row, said=Said(Side.ASKER, staff, NOW))
    assert status_of(programme, request) == "agreed"


def test_what_waits_long_and_what_expires_is_found(programme: Programme) -> None:
    old, soon, fresh = ask_for(programme), ask_for(programme), ask_for(programme)
    rows = Request.objects.every(because=EVERY)
    rows.filter(pk=old.pk).update(created_at=NOW - timedelta(days=15))
    rows.filter(pk=soon.pk).update(expires_on=NOW.date() + timedelta(days=3))
    queue = queue_of(programme)
    assert [each.pk for each in filtered(queue, "stuck", now=NOW, today=NOW.date())] == [old.pk]
    assert [each.pk for each in filtered(queue, "expiring", now=NOW, today=NOW.date())] == [soon.pk]
    assert queue.first() == old
    counts = counts_of(queue, now=NOW, today=NOW.date())
    assert (counts["new"], counts["stuck"], counts["expiring"], counts["agreed"]) == (3, 1, 1, 0)
    assert fresh in queue


def test_a_run_finds_who_can_be_placed_who_fails_on_one_thing_and_sends_nothing(programme: Programme) -> None:
    offer_of(programme)
    fits, too_many = ask_for(programme), ask_for(programme, group_max=31)
    hopeless = make_request(programme, needs=(tuesdays(start=3, end=5),), group_max=400)
    run = start_run(programme=programme, by=make_matchmaker(programme))
    work_on_run(run.pk, now=NOW)
    run.refresh_from_db()
    assert run.state == "done"
    assert {key: each["outcome"] for key, each in run.found.items()} == {
        str(fits.pk): "placed", str(too_many.pk): "one_thing", str(hopeless.pk): "nothing",
    }  # fmt: skip
    assert run.found[str(too_many.pk)]["condition"] == "capacity"
    assert [each.state for each in Proposal.objects.every(because=EVERY)] == ["suggested"]
    assert not OutboxMail.objects.every(because=EVERY).exists()


def test_a_worker_killed_in_the_middle_loses_nothing_and_proposes_nothing_twice(programme: Programme) -> None:
    offer_of(programme)
    for _ in range(PORTION + 5):
        ask_for(programme)
    run = start_run(programme=programme, by=make_matchmaker(programme))
    looked = 0

    def dies(*_args: object, **_rest: object) -> dict[str, str]:
        nonlocal looked
        looked += 1
        if looked == PORTION + 3:
            raise KeyboardInterrupt
        return {"outcome": "nothing"}

    with patch("meervoud.matching.running._outcome", dies), pytest.raises(KeyboardInterrupt):
        work_on_run(run.pk, now=NOW)
    run.refresh_from_db()
    assert (run.state, run.done, len(run.found)) == ("running", PORTION, PORTION)  # the torn portion left no trace
    assert Proposal.objects.every(because=EVERY).count() == PORTION
    assert lost_runs(timezone.now() + timedelta(minutes=5)) == [run.pk]  # the lease is by the real clock
    work_on_run(run.pk, now=NOW)
    work_on_run(run.pk, now=NOW)
    run.refresh_from_db()
    assert (run.state, run.done, len(run.found)) == ("done", run.total, run.total)
    pairs = list(Proposal.objects.every(because=EVERY).values_list("request", "offer"))
    assert len(pairs) == len(set(pairs)) == PORTION + 5


def test_the_database_refuses_a_second_live_proposal_of_a_pair(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    row = propose_for(request=request, now=NOW).new[0]
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.bulk_create(
            [Proposal(programme=programme, request=request, offer=row.offer, score=1, certainty="sure")]
        )


def test_a_run_that_was_cancelled_stops_and_a_programme_has_one_at_a_time(programme: Programme) -> None:
    offer_of(programme)
    ask_for(programme)
    staff = make_matchmaker(programme)
    run = start_run(programme=programme, by=staff)
    with pytest.raises(ConflictError):
        start_run(programme=programme, by=staff)
    cancel_run(run=run, by=staff, now=NOW)
    work_on_run(run.pk, now=NOW)
    run.refresh_from_db()
    assert (run.state, run.done) == ("cancelled", 0)
    with pytest.raises(ConflictError):
        cancel_run(run=run, by=staff, now=NOW)
    assert start_run(programme=programme, by=staff).state == "running"


def test_a_run_tells_what_is_otherwise_than_the_last_time(programme: Programme) -> None:
    offer, staff = offer_of(programme), make_matchmaker(programme)
    request = ask_for(programme)
    first = start_run(programme=programme, by=staff)
    work_on_run(first.pk, now=NOW)
    first.refresh_from_db()
    assert difference(first) is None
    pause_offer(offer=offer, by=staff)
    second = start_run(programme=programme, by=staff)
    work_on_run(second.pk, now=NOW)
    second.refresh_from_db()
    changes = difference(second)
    assert changes is not None
    assert (changes.newly_placed, changes.no_longer, changes.other_space) == ((), (str(request.pk),), ())


def test_the_desk_asks_for_many_at_once_on_its_page(programme: Programme) -> None:
    host = make_organisation(programme, member=make_person())
    host.questions_a_week = None
    host.save()
    for _ in range(3):
        make_offer(programme, host=host, capacity=30)
    requests = [ask_for(programme) for _ in range(4)]
    foreign = ask_for(make_programme())
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(make_matchmaker(programme))
    ids = [str(each.pk) for each in (*requests[:2], foreign)]
    page = desk.post("/queue/", {"request": [*ids, "no id"]}, follow=True).content.decode()
    assert "6 hosts are asked" in page
    assert {status_of(programme, each) for each in requests[:2]} == {"asked"}
    assert {status_of(programme, each) for each in requests[2:]} == {"new"}
    assert not foreign.proposals.exists()


def test_the_pages_of_a_run_show_progress_and_then_what_it_found(programme: Programme) -> None:
    offer_of(programme)
    ask_for(programme, title="Repair Cafe")
    staff = make_matchmaker(programme)
    desk = Client(headers={"accept-language": "en"})
    desk.force_login(staff)
    run = start_run(programme=programme, by=staff)
    page = desk.get(f"/queue/runs/{run.pk}/")
    assert "<progress" in page.content.decode()
    part = desk.get(f"/queue/runs/{run.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<progress" in part
    assert "<html" not in part
    work_on_run(run.pk, now=NOW)
    page = desk.get(f"/queue/runs/{run.pk}/")
    assert "1 can be placed today" in page.content.decode()
    assert "Repair Cafe" in page.content.decode()
    assert desk.get(f"/queue/runs/{run.pk}/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert MatchRun.objects.visible_to(make_matchmaker(make_programme())).count() == 0


def test_a_run_that_breaks_off_says_so_and_goes_on_where_it_was(
    client: Client, programme: Programme, caplog: pytest.LogCaptureFixture
) -> None:
    offer_of(programme)
    ask_for(programme)
    staff = make_matchmaker(programme)
    begun = start_run(programme=programme, by=staff)
    with patch("meervoud.matching.running._outcome", side_effect=ZeroDivisionError("secret words")):
        assert run_match.enqueue(str(begun.pk)).status == TaskResultStatus.FAILED
    begun.refresh_from_db()
    assert (begun.state, begun.done) == ("failed", 0)
    assert begun.fault in caplog.text
    assert lost_runs(NOW + timedelta(days=1)) == []  # nobody tries for ever what breaks off
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/queue/runs/{begun.pk}/").content.decode()
    assert begun.fault in page
    assert "secret words" not in page
    client.post(f"/queue/runs/{begun.pk}/again/")
    begun.refresh_from_db()
    assert (begun.state, begun.done, begun.fault) == ("done", 1, "")
    with pytest.raises(ConflictError):
        take_up_again(run=begun, by=staff)
