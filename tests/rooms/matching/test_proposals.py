"""Proposals: made for a request, kept right, asked of hosts, answered by both sides, held, expired, learned from."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.rooms.makers import (
    make_matchmaker,
    make_offer,
    make_organisation,
    make_person,
    make_programme,
    make_request,
)

from meervoud.core.engine.types.requests import Weekly, Window
from meervoud.core.errors import ConflictError, InputError
from meervoud.demand.models import Request
from meervoud.matching.answering import HOLD_DAYS, Said, expire_proposals, say_more, say_no, say_yes, withdraw
from meervoud.matching.asking import ANSWER_DAYS, AT_ONCE, ask_hosts, ask_those_who_wait
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.disclosure import disclosed_to_group, disclosed_to_host, street_only
from meervoud.matching.models import Answer, Proposal, Side
from meervoud.matching.pairs import spans_of, why_not
from meervoud.matching.proposing import propose_by_hand, propose_for
from meervoud.matching.queries import what_fits
from meervoud.matching.reasons import ASKER, HOST
from meervoud.matching.snapshot import read_snapshot, write_snapshot
from meervoud.parties.models import OutboxMail, Person, Programme
from meervoud.supply.actions import pause_offer
from meervoud.supply.calendar import Span, active_occupations, take_time
from meervoud.supply.models import Offer

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(second=0, microsecond=0)


@pytest.fixture(autouse=True)
def _fresh_indexes() -> Iterator[None]:
    forget_indexes()
    yield
    forget_indexes()


@pytest.fixture
def programme() -> Programme:
    return make_programme()


def tuesdays(weeks: int = 6, start: int = 19, end: int = 21) -> Weekly:
    first = timezone.localdate() + timedelta(days=2)
    return Weekly(frozenset({1}), Window(start * 60, end * 60), 120, first, weeks, 1.0)


def ask_for(programme: Programme, *, weeks: int = 6, **values: object) -> Request:
    values = {"group_max": 12, "asked_by": make_person("Ida"), **values}
    return make_request(programme, needs=(tuesdays(weeks),), **values)  # type: ignore[arg-type]  # values of any field


def offer_of(programme: Programme, **values: object) -> Offer:
    host = make_organisation(programme, member=make_person("Hanna"))
    return make_offer(programme, host=host, capacity=30, **values)  # type: ignore[arg-type]  # values of any field


def rows(request: Request) -> list[Proposal]:
    return list(request.proposals.select_related("offer__space__building", "offer__host", "programme", "request"))


def host_person(proposal: Proposal) -> Person:
    return proposal.offer.host.memberships.get().person


def ask(request: Request, now: datetime = NOW) -> list[Proposal]:
    propose_for(request=request, now=now)
    return ask_hosts(proposals=rows(request), by=request.asked_by, now=now, asker_agrees=True)


def yes_of(side: str, proposal: Proposal, now: datetime = NOW) -> Proposal:
    by = host_person(proposal) if side == Side.HOST else proposal.request.asked_by
    return say_yes(proposal=proposal, said=Said(side, by, now))


def no_of(side: str, proposal: Proposal, reason: str, now: datetime = NOW) -> Proposal:
    return say_no(proposal=proposal, said=Said(side, make_person(), now), reason=reason)


# made and kept right


def test_the_best_spaces_are_suggested_as_the_engine_explains_them(programme: Programme) -> None:
    offers = [offer_of(programme, **({"loudness": "singing"} if number else {})) for number in range(7)]
    request = ask_for(programme)
    changes = propose_for(request=request, now=NOW)
    assert len(changes.new) == 5
    fitting = what_fits(request, most=5)
    assert [read_snapshot(each.snapshot) for each in rows(request)] == list(fitting.answer.proposals)
    assert {each.offer_id for each in rows(request)} <= {each.pk for each in offers}
    assert propose_for(request=request, now=NOW) == type(changes)()  # nothing new: nobody is told anything


def test_a_snapshot_is_the_same_after_it_was_a_row(programme: Programme) -> None:
    offer_of(programme)
    proposal = what_fits(ask_for(programme)).answer.proposals[0]
    assert read_snapshot(write_snapshot(proposal)) == proposal


def test_a_suggestion_goes_when_its_space_does_and_a_better_one_comes(programme: Programme) -> None:
    offer = offer_of(programme)
    request = ask_for(programme)
    propose_for(request=request, now=NOW)
    pause_offer(offer=offer, by=make_person())
    other = offer_of(programme)
    changes = propose_for(request=request, now=NOW)
    assert [each.offer_id for each in changes.new] == [other.pk]
    assert [(each.offer_id, each.state) for each in changes.gone] == [(offer.pk, "withdrawn")]


def test_a_request_that_is_withdrawn_has_no_suggestions(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    propose_for(request=request, now=NOW)
    Request.objects.every(because="test").filter(pk=request.pk).update(state="withdrawn")
    request.refresh_from_db()
    assert len(propose_for(request=request, now=NOW).gone) == 1


def test_what_somebody_chose_by_hand_has_the_same_explanation(programme: Programme) -> None:
    for _ in range(5):
        offer_of(programme)
    request, staff = ask_for(programme), make_matchmaker(programme)
    offer = offer_of(programme)
    for place, chosen in enumerate(what_fits(request, most=6).answer.proposals, start=1):
        offer = Offer.objects.every(because="test").get(pk=chosen.space_id)
        made = propose_by_hand(request=request, offer=offer, by=staff, now=NOW)
        assert (made.rank, made.made_by, made.score) == (place, staff, chosen.score)
        assert read_snapshot(made.snapshot).patterns == chosen.patterns
    with pytest.raises(ConflictError):
        propose_by_hand(request=request, offer=offer, by=staff, now=NOW)


def test_why_not_names_what_fails_and_a_space_that_does_not_fit_is_not_proposed(programme: Programme) -> None:
    small = offer_of(programme)
    request = ask_for(programme, group_max=31)
    verdict = why_not(request, small.pk)
    assert verdict.proposal is None
    assert verdict.place == 0
    assert verdict.answer is not None
    assert [each.condition for each in verdict.answer.near_misses] == ["capacity"]
    with pytest.raises(InputError):
        propose_by_hand(request=request, offer=small, by=make_person(), now=NOW)
    pause_offer(offer=small, by=make_person())
    assert why_not(request, small.pk).space is None


# asked


def test_three_hosts_are_asked_at_once_and_the_next_one_when_one_says_no(programme: Programme) -> None:
    for _ in range(5):
        offer_of(programme)
    request = ask_for(programme)
    asked = ask(request)
    assert len(asked) == AT_ONCE
    assert [each.state for each in rows(request)] == ["asked"] * 3 + ["waiting"] * 2
    no_of(Side.HOST, asked[0], "time")
    assert [each.state for each in rows(request)] == ["declined"] + ["asked"] * 3 + ["waiting"]


def test_a_host_is_never_asked_more_often_in_a_week_than_it_can_carry(programme: Programme) -> None:
    offer = offer_of(programme)
    offer.host.questions_a_week = 2
    offer.host.save()
    requests = [ask_for(programme) for _ in range(3)]
    for each in requests:
        ask(each)
    assert [row.state for each in requests for row in rows(each)] == ["asked", "asked", "waiting"]
    later = NOW + timedelta(days=ANSWER_DAYS, minutes=1)
    assert ask_those_who_wait(now=NOW + timedelta(days=1)) == 0
    assert expire_proposals(now=later) == 2
    assert ask_those_who_wait(now=later) == 1  # a week went by: now it is its turn
    assert [row.state for row in rows(requests[2])] == ["asked"]
    assert ask_those_who_wait(now=later) == 0


def test_nobody_is_asked_for_a_request_that_is_not_open(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    propose_for(request=request, now=NOW)
    Request.objects.every(because="test").filter(pk=request.pk).update(state="expired")
    with pytest.raises(ConflictError):
        ask_hosts(proposals=rows(request), by=request.asked_by, now=NOW, asker_agrees=True)


def test_the_mail_to_a_host_names_the_space_and_never_the_group(programme: Programme) -> None:
    offer = offer_of(programme)
    request = ask_for(programme, title="Kring Roodborst", for_whom="vluchtelingen")
    ask(request)
    mail = OutboxMail.objects.every(because="test").get()
    assert offer.space.name in mail.subject
    assert not any(word in mail.subject + mail.text for word in ("Roodborst", "vluchtelingen", "Ida"))


# answered


def test_two_yes_hold_the_time_for_fourteen_days_and_let_the_others_go(programme: Programme) -> None:
    offers = [offer_of(programme) for _ in range(3)]
    request = ask_for(programme)
    asked = ask(request)
    agreed = yes_of(Side.HOST, asked[0])
    assert agreed.state == "agreed"
    assert agreed.hold is not None
    assert agreed.hold.expires_at == NOW + timedelta(days=HOLD_DAYS)
    taken = active_occupations(NOW).filter(taking=agreed.hold)
    assert taken.count() == 6
    assert sorted(each.state for each in rows(request)) == ["agreed", "withdrawn", "withdrawn"]
    assert {each.pk for each in offers} == {each.offer_id for each in rows(request)}
    assert why_not(request, agreed.offer_id).proposal is None  # its own time is taken now, for everybody


def test_one_yes_alone_holds_nothing(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    propose_for(request=request, now=NOW)
    ask_hosts(proposals=rows(request), by=make_matchmaker(programme), now=NOW, asker_agrees=False)
    row = yes_of(Side.HOST, rows(request)[0])
    assert (row.state, row.host_says, row.asker_says) == ("asked", "yes", "")
    assert not active_occupations(NOW).exists()
    assert yes_of(Side.ASKER, row).state == "agreed"


def test_when_the_time_was_taken_meanwhile_another_one_is_proposed_and_nobody_has_said_yes_to_it(
    programme: Programme,
) -> None:
    offer = offer_of(programme)
    request = make_request(programme, needs=(tuesdays(end=22),), group_max=12)
    row = ask(request)[0]
    before = read_snapshot(row.snapshot).patterns[0]
    verdict = why_not(request, offer.pk)
    assert verdict.proposal is not None
    first = spans_of(verdict.asked, verdict.proposal, programme.time_zone)[0]
    take_time(
        space=offer.space,
        spans=[Span(first.starts_at, first.starts_at + timedelta(minutes=30))],
        request_key="x",
        by=None,
        now=NOW,
    )
    changed = yes_of(Side.HOST, row)
    assert (changed.state, changed.host_says, changed.asker_says) == ("asked", "", "")
    assert read_snapshot(changed.snapshot).patterns[0].start != before.start
    assert yes_of(Side.HOST, changed).host_says == "yes"


def test_a_yes_to_what_does_not_fit_any_more_is_refused_and_nothing_is_held(programme: Programme) -> None:
    offer = offer_of(programme)
    row = ask(ask_for(programme))[0]
    pause_offer(offer=offer, by=make_person())
    with pytest.raises(ConflictError):
        yes_of(Side.HOST, row)
    assert not active_occupations(NOW).exists()
    assert Answer.objects.every(because="test").count() == 0


def test_a_no_has_a_reason_of_the_closed_list(programme: Programme) -> None:
    offer_of(programme)
    row = ask(ask_for(programme))[0]
    with pytest.raises(InputError):
        no_of(Side.HOST, row, "too_far")  # that is for the group
    with pytest.raises(InputError):
        no_of(Side.HOST, row, "their religion")
    assert no_of(Side.HOST, row, "activity").state == "declined"
    with pytest.raises(ConflictError):
        yes_of(Side.ASKER, row)


def test_another_time_a_question_and_a_visit_reach_the_other_side_and_give_a_week_more(programme: Programme) -> None:
    offer_of(programme)
    row = ask(ask_for(programme))[0]
    later = NOW + timedelta(days=3)
    host = Said(Side.HOST, host_person(row), later, "Kan het ook op woensdag?")
    say_more(proposal=row, said=host, kind="other_time")
    say_more(proposal=row, said=Said(Side.ASKER, row.request.asked_by, later, "Is er een piano?"), kind="question")
    visit = later + timedelta(days=2)
    say_more(proposal=row, said=Said(Side.HOST, host_person(row), later), kind="visit", visit_at=visit)
    row.refresh_from_db()
    assert row.expires_at == later + timedelta(days=ANSWER_DAYS)
    assert [(each.side, each.kind) for each in row.answers.all()] == [
        ("host", "other_time"), ("asker", "question"), ("host", "visit"),
    ]  # fmt: skip
    with pytest.raises(InputError):
        say_more(proposal=row, said=Said(Side.HOST, make_person(), later), kind="visit", visit_at=NOW)
    with pytest.raises(InputError):
        say_more(proposal=row, said=Said(Side.HOST, make_person(), later), kind="question")


def test_what_nobody_answers_expires_and_what_was_held_is_free_again(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    agreed = yes_of(Side.HOST, ask(request)[0])
    assert expire_proposals(now=NOW + timedelta(days=HOLD_DAYS, minutes=-1)) == 0
    assert expire_proposals(now=NOW + timedelta(days=HOLD_DAYS)) == 1
    agreed.refresh_from_db()
    assert agreed.state == "expired"
    assert not active_occupations(NOW).exists()
    assert expire_proposals(now=NOW + timedelta(days=HOLD_DAYS)) == 0


def test_whoever_withdraws_frees_the_time(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    agreed = yes_of(Side.HOST, ask(request)[0])
    withdraw(proposal=agreed, by=request.asked_by, now=NOW)
    assert not active_occupations(NOW).exists()
    assert why_not(request, agreed.offer_id).proposal is not None


# told step by step


def test_needs_come_before_identity_and_the_street_before_the_number(programme: Programme) -> None:
    offer = offer_of(programme)
    offer.space.building.street = "Kade 12a"
    offer.space.building.save()
    request = ask_for(programme, title="Kring Roodborst")
    propose_for(request=request, now=NOW)
    ask_hosts(proposals=rows(request), by=make_matchmaker(programme), now=NOW, asker_agrees=False)
    row = rows(request)[0]
    assert disclosed_to_host(row).group == ""
    assert disclosed_to_group(row).street == ""
    yes_of(Side.HOST, row)
    row = rows(request)[0]
    assert disclosed_to_host(row).group == ""
    assert disclosed_to_group(row).street == "Kade"
    yes_of(Side.ASKER, row)
    row = rows(request)[0]
    assert "Kring Roodborst" in disclosed_to_host(row).group
    row.request.is_sheltered = True
    assert (disclosed_to_host(row).group, disclosed_to_host(row).is_met_through_desk) == ("", True)
    assert disclosed_to_group(row).street == "Kade 12a"


@pytest.mark.parametrize(
    ("street", "only"),
    [
        ("Kade 12a", "Kade"),
        ("12 Quay Street", "Quay Street"),
        ("Plein 1940-1945 3", "Plein"),
        ("Kade", "Kade"),
        ("", ""),
        ("Havnegade 7, 2. tv", "Havnegade"),
    ],
)
def test_a_street_is_shown_without_its_number(street: str, only: str) -> None:
    assert street_only(street).startswith(only)
    assert not any(each.isdigit() for each in street_only(street))


def test_a_host_sees_a_proposal_only_once_it_was_asked(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    propose_for(request=request, now=NOW)
    row = rows(request)[0]
    host, stranger = host_person(row), make_person()
    assert not Proposal.objects.visible_to(host).exists()
    assert Proposal.objects.visible_to(request.asked_by).get() == row
    ask_hosts(proposals=[row], by=request.asked_by, now=NOW, asker_agrees=True)
    assert Proposal.objects.visible_to(host).get() == row
    assert not Proposal.objects.visible_to(stranger).exists()
    assert Proposal.objects.visible_to(make_matchmaker(programme)).get() == row
    assert not Proposal.objects.visible_to(make_matchmaker(make_programme())).exists()


# learned


@pytest.mark.parametrize(
    ("reason", "comes_back_after_a_month"),
    [("not_now", True), ("enough", True), ("too_many", False), ("too_often", False)],
)
def test_a_no_of_a_host_teaches_the_next_proposals(
    programme: Programme,
    reason: str,
    comes_back_after_a_month: bool,  # noqa: FBT001  # a case of a table
) -> None:
    offer_of(programme)
    row = ask(ask_for(programme, weeks=20))[0]
    no_of(Side.HOST, row, reason)
    other = ask_for(programme, weeks=20)
    assert propose_for(request=other, now=timezone.now()).new == ()
    later = propose_for(request=other, now=timezone.now() + timedelta(days=31)).new
    assert bool(later) is comes_back_after_a_month


def test_a_smaller_group_may_ask_where_a_larger_one_was_too_many(programme: Programme) -> None:
    offer_of(programme)
    no_of(Side.HOST, ask(ask_for(programme, group_max=20))[0], "too_many")
    assert propose_for(request=ask_for(programme, group_max=20), now=timezone.now()).new == ()
    assert len(propose_for(request=ask_for(programme, group_max=8), now=timezone.now()).new) == 1


def test_a_no_of_a_group_counts_for_that_group_alone(programme: Programme) -> None:
    offer_of(programme)
    request = ask_for(programme)
    no_of(Side.ASKER, ask(request)[0], "too_small")
    assert propose_for(request=request, now=timezone.now()).new == ()
    assert len(propose_for(request=ask_for(programme), now=timezone.now()).new) == 1


def test_the_reasons_are_about_space_and_time_never_about_people() -> None:
    words = " ".join(str(each) for each in (*HOST.values(), *ASKER.values())).lower()
    assert not any(each in words for each in ("religion", "origin", "age", "gender", "language", "who they are"))


def test_days_are_in_the_programmes_own_clock(programme: Programme) -> None:
    offer = offer_of(programme, hours="Mo-Su 00:00-24:00")
    request = make_request(programme, needs=(tuesdays(start=23, end=25),), group_max=5)
    verdict = why_not(request, offer.pk)
    assert verdict.proposal is not None
    spans = spans_of(verdict.asked, verdict.proposal, "Europe/Amsterdam")
    assert all(each.ends_at - each.starts_at == timedelta(hours=2) for each in spans)
    assert isinstance(verdict.proposal.patterns[0].moments[0].day, date)


def test_a_host_nobody_has_asked_gets_addresses_to_send_on(programme: Programme) -> None:
    offer, other = offer_of(programme), offer_of(programme)
    client = Client(headers={"accept-language": "en"})
    client.force_login(offer.host.memberships.get().person)
    page = client.get("/inbox/").content.decode()
    assert f"/spaces/{offer.pk}/" in page
    assert f"/spaces/{other.pk}/" not in page


def test_a_request_that_nothing_fits_says_when_we_look_again(programme: Programme) -> None:
    request = ask_for(programme)
    client = Client(headers={"accept-language": "en"})
    client.force_login(request.asked_by)
    assert "We look again by ourselves" in client.get(f"/requests/{request.pk}/").content.decode()
