"""Check-in: three taps by whoever runs today, a code at the door, paper, the host, and silence."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from tests.rooms.makers import make_person
from tests.rooms.usage.makers import Plan, make_plan
from tests.rooms.usage.test_changing import is_free, letters, sign_for
from tests.rooms.usage.test_plan_pages import browser

from meervoud.core.errors import ConflictError, InputError, NotAllowedError
from meervoud.supply.calendar import Span
from meervoud.usage.checking_in import Report, ask_how_it_went, check_in, is_disputed, leave_early, settle_in_silence
from meervoud.usage.links import door_token, handed_on_token, running_in
from meervoud.usage.models import CheckIn, DoorCode, UsageMoment
from meervoud.usage.waiting import wait_for

pytestmark = pytest.mark.django_db


def first(plan: Plan) -> UsageMoment:
    return plan.moments[0]


def said(
    plan: Plan, way: str, *, held: bool = True, people: int | None = None, key: str = "", by: object = None
) -> None:
    moment = first(plan)
    report = Report(way, key or f"{way}-{held}-{people}", held, people, by=by)  # type: ignore[arg-type]  # a Person
    check_in(moment=moment, report=report, now=moment.ends_at)


def known(plan: Plan) -> tuple[str, str, int | None]:
    row = first(plan)
    return row.state, row.evidence, row.people


def test_the_strongest_report_counts_and_the_number_of_the_next_one_where_it_counted_nobody() -> None:
    plan = make_plan()
    said(plan, "door", people=9)
    assert known(plan) == ("held", "door_code", 9)
    said(plan, "paper", people=11)
    assert known(plan) == ("held", "paper", 11)
    said(plan, "host", by=plan.lender)
    assert known(plan) == ("held", "host", 11)
    said(plan, "link", people=12)
    said(plan, "link", people=13, key="again-13")
    assert known(plan) == ("held", "checked_in", 13)
    assert CheckIn.objects.visible_to(plan.asker).count() == 5


def test_the_same_report_sent_twice_counts_once_and_its_key_is_of_no_use_elsewhere() -> None:
    plan = make_plan()
    for _ in range(2):
        said(plan, "link", people=12, key="the-same-key")
    assert CheckIn.objects.visible_to(plan.asker).count() == 1
    other = plan.moments[1]
    with pytest.raises(InputError):
        check_in(moment=other, report=Report("link", "the-same-key", was_held=True), now=other.ends_at)


def test_the_host_says_nobody_came_and_the_group_says_otherwise_both_stay_and_it_is_seen() -> None:
    plan = make_plan()
    said(plan, "host", held=False, by=plan.lender)
    assert known(plan) == ("not_held", "host", None)
    said(plan, "link", people=5)
    assert known(plan) == ("held", "checked_in", 5)
    assert is_disputed(list(first(plan).check_ins.all()))


@pytest.mark.parametrize(
    ("people", "first_timers"), [(-1, None), (3, 4), (None, 1), (10**9, None)], ids=["below", "more", "alone", "huge"]
)
def test_numbers_that_cannot_be_are_refused(people: int | None, first_timers: int | None) -> None:
    plan = make_plan()
    report = Report("link", "some-key-1", was_held=True, people=people, first_timers=first_timers)
    with pytest.raises(InputError):
        check_in(moment=first(plan), report=report, now=first(plan).ends_at)


def test_nobody_reports_too_early_for_another_side_or_of_what_was_called_off() -> None:
    plan = make_plan()
    moment = first(plan)
    with pytest.raises(ConflictError):
        check_in(
            moment=moment,
            report=Report("link", "too-early-1", was_held=True),
            now=moment.starts_at - timedelta(hours=2),
        )
    for by in (None, plan.asker, make_person()):
        with pytest.raises(NotAllowedError):
            check_in(moment=moment, report=Report("host", "not-mine-1", was_held=True, by=by), now=moment.ends_at)
    plan.agreement.moments.filter(pk=moment.pk).update(state="cancelled")
    with pytest.raises(ConflictError):
        check_in(moment=moment, report=Report("link", "called-off", was_held=True), now=moment.ends_at)


def test_silence_of_seven_days_counts_as_held_without_a_number_and_says_so() -> None:
    plan = make_plan()
    moment = first(plan)
    assert settle_in_silence(now=moment.ends_at + timedelta(days=6, hours=23)) == 0
    assert settle_in_silence(now=moment.ends_at + timedelta(days=7)) == 1
    assert settle_in_silence(now=moment.ends_at + timedelta(days=7)) == 0
    assert known(plan) == ("held", "silent", None)


def test_the_group_is_asked_once_how_it_went() -> None:
    plan = make_plan()
    later = first(plan).ends_at + timedelta(hours=13)
    assert (ask_how_it_went(now=later), ask_how_it_went(now=later)) == (1, 0)


def test_who_leaves_early_gives_the_rest_to_who_waits() -> None:
    plan = make_plan()
    moment = first(plan)
    other = make_person(language="en")
    agreement = sign_for(plan, other, 3)
    half = moment.starts_at + timedelta(hours=1)
    wait = wait_for(agreement=agreement, span=Span(half, moment.ends_at), by=other, now=moment.starts_at)
    assert leave_early(moment=moment, ends_at=half, by=plan.asker, now=half - timedelta(minutes=5))
    wait.refresh_from_db()
    assert wait.state == "offered"
    assert any("has come free" in each for each in letters(plan, other.email))
    with pytest.raises(ConflictError):
        leave_early(moment=moment, ends_at=half, by=plan.asker, now=half)
    assert not is_free(plan.offer, Span(moment.starts_at, half))


def at(moment: UsageMoment, minutes: int = 30) -> object:
    return patch("django.utils.timezone.now", return_value=moment.starts_at + timedelta(minutes=minutes))


def test_a_link_that_is_handed_on_needs_no_account_and_sent_twice_counts_once() -> None:
    plan = make_plan()
    moment, client = first(plan), Client(headers={"accept-language": "en"})
    address = reverse("handed_on", args=[handed_on_token(moment)])
    with at(moment, -200):  # type: ignore[attr-defined]  # a patch
        assert "not begun yet" in client.get(address).content.decode()
    with at(moment):  # type: ignore[attr-defined]  # a patch
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "no-store"
        page = answer.content.decode()
        assert plan.asker.name not in page
        found = re.search(r'name="key" value="([^"]+)"', page)
        assert found
        sent = {"was_held": "yes", "people": "14", "first_timers": "3", "note": "", "key": found[1]}
        assert client.post(address, {**sent, "first_timers": "15"}).status_code == 422
        for _ in range(2):
            assert "It is written down" in client.post(address, sent).content.decode()
    row = first(plan)
    assert (row.state, row.people, row.first_timers, row.check_ins.count()) == ("held", 14, 3, 1)


@pytest.mark.parametrize("token", ["x", "x" * 3000, "a:b", "ImEi:1", "W10:aaaa"])
def test_a_link_that_was_tampered_with_opens_nothing(token: str) -> None:
    make_plan()
    client = Client()
    assert client.get(reverse("handed_on", args=[token])).status_code == 410
    assert client.get(reverse("door", args=[token])).status_code == 410


def test_a_link_dies_when_its_moment_moves_or_is_long_past() -> None:
    plan = make_plan()
    moment, client = first(plan), Client()
    address = reverse("handed_on", args=[handed_on_token(moment)])
    with at(moment, 60 * 24 * 4):  # type: ignore[attr-defined]  # a patch
        assert client.get(address).status_code == 410
    plan.agreement.moments.filter(pk=moment.pk).update(sequence=1)
    with at(moment):  # type: ignore[attr-defined]  # a patch
        assert client.get(address).status_code == 410


def test_the_code_at_the_door_opens_only_what_runs_there_now_and_names_nobody() -> None:
    plan = make_plan(title="Secret women's circle")
    moment, client = first(plan), Client(headers={"accept-language": "en"})
    code = DoorCode.objects.create(building=plan.offer.space.building, space=plan.offer.space)
    address = reverse("door", args=[door_token(code)])
    assert running_in(plan.offer.space, moment.starts_at - timedelta(hours=1)) is None
    with at(moment, -60):  # type: ignore[attr-defined]  # a patch
        assert "Nothing is planned here now" in client.get(address).content.decode()
    with at(moment):  # type: ignore[attr-defined]  # a patch
        page = client.get(address).content.decode()
        assert "Secret women" not in page
        client.post(address, {"was_held": "yes", "people": "7", "key": "door-key-1"})
    assert known(plan) == ("held", "door_code", 7)
    DoorCode.objects.every(because="a test").update(number=2)
    with at(moment):  # type: ignore[attr-defined]  # a patch
        assert client.get(address).status_code == 410


def test_a_paper_tally_is_typed_in_later_line_by_line() -> None:
    plan = make_plan()
    client, last = browser(plan.asker), plan.moments[2]
    address = reverse("plan_tally", args=[plan.agreement.pk])
    with at(last, 200):  # type: ignore[attr-defined]  # a patch
        client.force_login(plan.asker)
        page = client.get(address).content.decode()
        keys = re.findall(r'name="([0-9a-f]{32})-key" value="([^"]+)"', page)
        assert len(keys) == 3
        sent = {f"{moment}-key": key for moment, key in keys}
        sent |= {f"{keys[0][0]}-people": "8", f"{keys[1][0]}-was_held": "no"}
        assert client.post(address, {**sent, f"{keys[0][0]}-first_timers": "9"}).status_code == 422
        assert client.post(address, sent).status_code == 302
        assert browser(plan.lender).get(address).status_code in (302, 404)
    assert [each.state for each in plan.moments[:3]] == ["held", "not_held", "planned"]
    assert [each.evidence for each in plan.moments[:2]] == ["paper", "paper"]


def test_host_group_and_desk_say_it_on_the_page_of_the_moment() -> None:
    plan = make_plan()
    moment = first(plan)
    address = reverse("moment_check_in", args=[moment.pk])
    ways = []
    with at(moment, 180):  # type: ignore[attr-defined]  # a patch
        for number, (person, side) in enumerate(((plan.lender, "host"), (plan.asker, "asker"))):
            client = browser(person)
            assert "How did it go?" in client.get(reverse("moment", args=[moment.pk])).content.decode()
            client.post(address, {"was_held": "yes", "people": "6", "key": f"page-key-{number}", "side": side})
            client.post(address, {"was_held": "maybe", "key": "page-key-9"})
        ways = list(moment.check_ins.values_list("way", flat=True))
        assert browser(make_person()).post(address, {"was_held": "yes", "key": "page-key-8"}).status_code == 404
    assert sorted(ways) == ["account", "host"]
