"""One mail to both sides the day before a visit, on the wall clock; none when the proposal has ended."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from tests.rooms.makers import make_offer, make_organisation, make_person, make_programme, make_request

from meervoud.matching.answering import Said, say_more, withdraw
from meervoud.matching.asking import ask_hosts
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.models import Answer, Proposal, Side
from meervoud.matching.proposing import propose_by_hand
from meervoud.matching.visits import remind_of_visits, reminder_at
from meervoud.parties.models import OutboxMail, Person

pytestmark = pytest.mark.django_db
NOW = datetime.now(tz=UTC).replace(microsecond=0)  # noqa: TID251  # a proposal lies in the future of the real clock
CITY = ZoneInfo("Europe/Amsterdam")
TEST = "a test"


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


@pytest.fixture
def proposal() -> Proposal:
    programme = make_programme()
    host = make_organisation(programme, member=make_person("Hanna", language="en"))
    asker = make_person("Ida", language="en")
    asked = make_request(programme, asked_by=asker, title="Koor Roodborst")
    offer = make_offer(programme, host=host, capacity=30)
    row = propose_by_hand(request=asked, offer=offer, by=asker, now=NOW)
    ask_hosts(proposals=[row], by=asker, now=NOW, asker_agrees=False)
    return Proposal.objects.every(because=TEST).select_related("offer__host", "request").get()


def host_person(row: Proposal) -> Person:
    return Person.objects.get(memberships__organisation=row.offer.host)


def plan(row: Proposal, days: int = 3, hour: int = 10) -> datetime:
    """Plan a visit at an hour on the wall clock, some days ahead."""
    day = (NOW + timedelta(days=days)).astimezone(CITY)
    visit = day.replace(hour=hour, minute=0, second=0)
    said = Said(Side.HOST, host_person(row), NOW)
    say_more(proposal=row, said=said, kind="visit", visit_at=visit)
    return visit


def reminders() -> list[OutboxMail]:
    return list(OutboxMail.objects.every(because=TEST).filter(kind="visit"))


def test_both_sides_hear_once_the_day_before(proposal: Proposal) -> None:
    visit = plan(proposal)
    moment, told = NOW, list[datetime]()
    while moment < visit + timedelta(hours=2):
        told += [moment] * remind_of_visits(now=moment)
        moment += timedelta(minutes=30)
    assert len(told) == 1
    assert timedelta() <= told[0] - reminder_at(visit, "Europe/Amsterdam") < timedelta(minutes=30)
    assert {each.to for each in reminders()} == {host_person(proposal), proposal.request.asked_by}
    for mail in reminders():
        assert "10:00" in mail.subject
        assert "Roodborst" not in mail.subject + mail.text


@pytest.mark.parametrize(
    ("visit", "due"),
    [
        ("2026-03-29T10:00+02:00", "2026-03-28T09:00+01:00"),
        ("2026-03-30T00:30+02:00", "2026-03-29T09:00+02:00"),
        ("2026-10-25T10:00+01:00", "2026-10-24T09:00+02:00"),
        ("2026-10-26T23:30+01:00", "2026-10-25T09:00+01:00"),
    ],
)
def test_nine_stays_nine_in_the_nights_of_another_clock(visit: str, due: str) -> None:
    assert reminder_at(datetime.fromisoformat(visit), "Europe/Amsterdam") == datetime.fromisoformat(due)


def test_a_visit_late_on_the_evening_after_the_long_night_is_told_of_in_time(proposal: Proposal) -> None:
    visit = datetime(2026, 10, 26, 23, 30, tzinfo=CITY)
    due = reminder_at(visit, "Europe/Amsterdam")
    said = Said(Side.HOST, host_person(proposal), due - timedelta(days=2))
    answer = say_more(proposal=proposal, said=said, kind="visit", visit_at=visit)
    Answer.objects.every(because=TEST).filter(pk=answer.pk).update(created_at=due - timedelta(days=2))
    assert [remind_of_visits(now=due - timedelta(seconds=1)), remind_of_visits(now=due)] == [0, 1]


def test_a_proposal_that_has_ended_reminds_nobody(proposal: Proposal) -> None:
    visit = plan(proposal)
    withdraw(proposal=proposal, by=host_person(proposal), now=NOW)
    assert remind_of_visits(now=visit - timedelta(hours=3)) == 0
    assert reminders() == []


def test_only_the_visit_that_was_planned_last_counts(proposal: Proposal) -> None:
    first = plan(proposal, days=3)
    plan(proposal, days=5)
    assert remind_of_visits(now=first - timedelta(hours=3)) == 0


def test_a_visit_of_tomorrow_that_is_planned_today_needs_no_second_mail(proposal: Proposal) -> None:
    visit = plan(proposal)
    late = reminder_at(visit, "Europe/Amsterdam") + timedelta(hours=1)
    Answer.objects.every(because=TEST).update(created_at=late)
    assert remind_of_visits(now=late + timedelta(hours=1)) == 0


def test_a_visit_that_the_desk_has_not_read_yet_reminds_nobody(proposal: Proposal) -> None:
    visit = (NOW + timedelta(days=3)).replace(hour=12)
    said = Said(Side.ASKER, proposal.request.asked_by, NOW, "Buy my piano")
    say_more(proposal=proposal, said=said, kind="visit", visit_at=visit)
    with patch("django.utils.timezone.now", return_value=NOW):
        assert remind_of_visits(now=visit - timedelta(hours=3)) == 0
