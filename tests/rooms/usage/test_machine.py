"""From offer to use against a plain model: whatever people do in whatever order, the rows say what the model says.

The suite walks 40 runs of 25 steps on each database; MEERVOUD_MACHINE_RUNS=2000 and MEERVOUD_MACHINE_STEPS=50 walk the
whole of it.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.rooms.agreements.makers import make_signed
from tests.rooms.makers import (
    MONDAY,
    TODAY,
    make_building,
    make_matchmaker,
    make_offer,
    make_organisation,
    make_person,
    make_programme,
    make_request,
    make_space,
)
from tests.rooms.usage.makers import NOW

from meervoud.agreements.drafts import withdraw_agreement
from meervoud.agreements.models import Agreement
from meervoud.core.engine.types.requests import Dates, Window
from meervoud.core.errors import InputError
from meervoud.matching.answering import Said as Answered
from meervoud.matching.answering import say_yes, withdraw
from meervoud.matching.asking import ask_hosts
from meervoud.matching.city_index import forget_indexes
from meervoud.matching.models import Proposal, Side
from meervoud.matching.proposing import propose_by_hand
from meervoud.supply.actions import pause_offer, publish_offer
from meervoud.supply.calendar import active_occupations
from meervoud.usage.changing import Said, call_off
from meervoud.usage.checking_in import Report, check_in
from meervoud.usage.models import UsageMoment
from meervoud.usage.moving import Move, move_moments, preview_move
from meervoud.usage.plan_changes import Asking, add_moments
from meervoud.usage.planning import choose, preview_plan
from meervoud.usage.wishes import Days, Hours

RUNS = int(os.environ.get("MEERVOUD_MACHINE_RUNS", "40"))
STEPS = int(os.environ.get("MEERVOUD_MACHINE_STEPS", "25"))
ZONE = ZoneInfo("Europe/Amsterdam")
ROOMS = {"one": ("one",), "other": ("other",), "hall": ("one", "other")}
LENGTH = timedelta(hours=2)
SEEN = set[str]()
rooms, days = st.sampled_from(sorted(ROOMS)), st.integers(0, 4)
hours = st.integers(10, 18)
picks = st.integers(0, 1000)
Start = tuple[int, int]


def start_of(when: Start) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=when[0]), time(when[1]), ZONE)


@dataclass
class Thing:
    """What the model knows of one proposal, and of the agreement that follows."""

    room: str
    held: Start
    proposal: Proposal
    agreement: Agreement | None = None
    moments: dict[UUID, tuple[Start, str]] = field(default_factory=dict)


class FromOfferToUse(RuleBasedStateMachine):
    """People who offer, ask, agree, sign, plan, move, call off and check in."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        forget_indexes()
        self.programme = make_programme()
        self.desk = make_matchmaker(self.programme)
        host = make_organisation(self.programme, member=make_person(), questions_a_week=None)
        building = make_building(self.programme, host)
        one, other = make_space(building, name="one"), make_space(building, name="other")
        spaces = {"one": one, "other": other, "hall": make_space(building, parts=(one, other), name="hall")}
        self.offers = {name: make_offer(self.programme, host=host, space=space) for name, space in spaces.items()}
        self.paused: set[str] = set()
        self.things: list[Thing] = []
        self.taken: dict[tuple[str, UUID | Start], tuple[str, Start]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        forget_indexes()

    @initialize(first=days, second=days)
    def begin(self, first: int, second: int) -> None:
        """Start with a group in each of two rooms."""
        for number, (room, day) in enumerate((("one", first), ("other", second))):
            self.agree(room, day, 12)
            self.sign(number)

    def is_free(self, room: str, when: Start, but: tuple[str, Any] | None = None) -> bool:
        begins = start_of(when)
        return not any(
            set(ROOMS[room]) & set(ROOMS[other]) and abs(start_of(start) - begins) < LENGTH
            for key, (other, start) in self.taken.items()
            if key != but
        )

    def pick(self, number: int, kind: str) -> Thing | None:
        found = [each for each in self.things if (kind == "agreed") == (each.agreement is None)]
        return found[number % len(found)] if found else None

    @rule(room=rooms, day=days, hour=hours)
    def ask_and_agree(self, room: str, day: int, hour: int) -> None:
        self.agree(room, day, hour)

    def agree(self, room: str, day: int, hour: int) -> None:
        need = Dates((MONDAY + timedelta(days=day),), Window(hour * 60, hour * 60 + 120), 120)
        asker = make_person()
        request = make_request(self.programme, asked_by=asker, needs=(need,))
        fits = self.is_free(room, (day, hour)) and room not in self.paused
        try:
            proposal = propose_by_hand(request=request, offer=self.offers[room], by=self.desk, now=NOW)
        except InputError:
            assert not fits
            return
        assert fits
        ask_hosts(proposals=[proposal], by=self.desk, now=NOW, asker_agrees=True)
        say_yes(proposal=proposal, said=Answered(Side.HOST, self.desk, NOW))
        rows = Proposal.objects.visible_to(self.desk).select_related("programme", "offer__space__building", "hold")
        thing = Thing(room, (day, hour), rows.get(pk=proposal.pk))
        self.things.append(thing)
        self.taken["hold", proposal.pk] = (room, (day, hour))

    @precondition(lambda self: any(each.agreement is None for each in self.things))
    @rule(number=picks)
    def take_back(self, number: int) -> None:
        thing = self.pick(number, "agreed")
        assert thing is not None
        withdraw(proposal=thing.proposal, by=self.desk, now=NOW)
        self.things.remove(thing)
        del self.taken["hold", thing.proposal.pk]

    @precondition(lambda self: any(each.agreement is None for each in self.things))
    @rule(number=picks)
    def sign_one(self, number: int) -> None:
        self.sign(number)

    def sign(self, number: int) -> None:
        thing = self.pick(number, "agreed")
        assert thing is not None
        signed = make_signed(thing.proposal, self.desk, NOW, TODAY)
        rows = Agreement.objects.visible_to(self.desk).select_related(
            "programme", "offer__space__building", "offer__host", "request__programme"
        )
        thing.agreement = rows.get(pk=signed.pk)
        moment = thing.agreement.moments.get()
        del self.taken["hold", thing.proposal.pk]
        self.plan(thing, moment.pk, thing.held)
        with pytest.raises(Exception, match="signed"):
            withdraw_agreement(agreement=signed, by=self.desk)

    def plan(self, thing: Thing, moment: UUID, when: Start) -> None:
        thing.moments[moment] = (when, "planned")
        self.taken["moment", moment] = (thing.room, when)

    def planned(self, number: int) -> tuple[Thing, UUID] | None:
        found = [(each, pk) for each in self.things for pk, (_, state) in each.moments.items() if state == "planned"]
        return found[number % len(found)] if found else None

    @precondition(lambda self: any(each.agreement for each in self.things))
    @rule(number=picks, day=days, hour=hours)
    def add(self, number: int, day: int, hour: int) -> None:
        thing = self.pick(number, "signed")
        assert thing is not None
        assert thing.agreement is not None
        wish = Days((MONDAY + timedelta(days=day),), Hours(time(hour), time(hour + 2)))
        preview = preview_plan(agreement=thing.agreement, wish=wish, people=5, now=NOW)
        assert (not preview.conflicts) == self.is_free(thing.room, (day, hour))
        for conflict in preview.conflicts:
            for other in conflict.alternatives:
                if other.kind == "shift":
                    local = other.span.starts_at.astimezone(ZONE)
                    assert self.fits_exactly(thing.room, local)
        if not preview.conflicts:
            chosen = choose(preview, preview.token, {})
            asking = Asking(self.desk, Side.ASKER, uuid4().hex, NOW)
            change = add_moments(agreement=thing.agreement, wish=wish, chosen=chosen, asking=asking)
            assert change.state == "done"
            known = set(thing.moments)
            (new,) = [pk for pk in thing.agreement.moments.values_list("pk", flat=True) if pk not in known]
            self.plan(thing, new, (day, hour))

    def fits_exactly(self, room: str, local: datetime) -> bool:
        return not any(
            set(ROOMS[room]) & set(ROOMS[other]) and abs(start_of(start) - local) < LENGTH
            for other, start in self.taken.values()
        )

    @rule(number=picks, day=days, hour=hours)
    def move(self, number: int, day: int, hour: int) -> None:
        found = self.planned(number)
        if found is None:
            return
        thing, pk = found
        assert thing.agreement is not None
        rows = UsageMoment.objects.visible_to(self.desk).select_related("agreement__offer__space", "taking__space")
        moving = Move(rows.get(pk=pk), "one", MONDAY + timedelta(days=day), Hours(time(hour), time(hour + 2)))
        preview = preview_move(moving, thing.agreement, 5, NOW)
        assert (not preview.conflicts) == self.is_free(thing.room, (day, hour), ("moment", pk))
        if not preview.conflicts:
            asking = Asking(self.desk, Side.ASKER, uuid4().hex, NOW)
            move_moments(move=moving, token=preview.token, choices={}, people=5, asking=asking)
            self.plan(thing, pk, (day, hour))

    @rule(number=picks, side=st.sampled_from(["asker", "host"]))
    def call_it_off(self, number: int, side: str) -> None:
        found = self.planned(number)
        if found is None:
            return
        thing, pk = found
        moment = UsageMoment.objects.visible_to(self.desk).select_related("agreement__offer__space").get(pk=pk)
        call_off(moment=moment, scope="one", said=Said(self.desk, side, "other", NOW))
        when, _ = thing.moments[pk]
        thing.moments[pk] = (when, "withdrawn" if side == "host" else "cancelled")
        if side == "asker":
            del self.taken["moment", pk]

    @rule(number=picks, held=st.booleans(), people=st.integers(0, 30))
    def check(self, number: int, people: int, *, held: bool) -> None:
        found = self.planned(number)
        if found is None:
            return
        thing, pk = found
        moment = UsageMoment.objects.visible_to(self.desk).select_related("agreement__offer__space").get(pk=pk)
        report = Report("link", uuid4().hex, held, people)
        for _ in range(2):
            check_in(moment=moment, report=report, now=moment.ends_at)
        assert moment.check_ins.count() == 1
        when, _state = thing.moments[pk]
        thing.moments[pk] = (when, "held" if held else "not_held")
        moment.refresh_from_db()
        assert moment.people == (people if held else None)

    @rule(room=rooms)
    def pause_or_go_on(self, room: str) -> None:
        offer = self.offers[room]
        offer.refresh_from_db()
        if room in self.paused:
            publish_offer(offer=offer, by=self.desk)
            self.paused.remove(room)
        else:
            pause_offer(offer=offer, by=self.desk)
            self.paused.add(room)

    @invariant()
    def the_time_that_is_taken_is_that_of_the_model(self) -> None:
        rows = active_occupations(NOW).values_list("atom__spaces__name", "shown_starts_at")
        found = {(name, start) for name, start in rows if name in ("one", "other")}
        assert found == {(atom, start_of(when)) for room, when in self.taken.values() for atom in ROOMS[room]}

    @invariant()
    def no_two_active_moments_overlap(self) -> None:
        spans = sorted(active_occupations(NOW).values_list("atom", "starts_at", "ends_at"))
        for (atom, _, ends), (other, starts, _) in pairwise(spans):
            assert atom != other or ends <= starts

    @invariant()
    def each_moment_stands_where_the_model_says(self) -> None:
        rows = UsageMoment.objects.visible_to(self.desk).values_list("pk", "starts_at", "state")
        expected = {(pk, start_of(when), state) for each in self.things for pk, (when, state) in each.moments.items()}
        assert set(rows) == expected
        SEEN.update(state for _, _, state in expected)


def walk(runs: int, steps: int) -> None:
    quick = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(FromOfferToUse, settings=quick)


@pytest.mark.slow
@pytest.mark.django_db
def test_from_offer_to_use_the_rows_say_what_a_plain_model_says() -> None:
    SEEN.clear()
    walk(RUNS, STEPS)
    assert {"planned", "cancelled", "withdrawn", "held"} <= SEEN  # the walk has been everywhere


@pytest.mark.slow
@pytest.mark.django_db
def test_the_walk_notices_time_that_is_never_set_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meervoud.usage.changing.release_pieces", lambda **_: 0)
    with pytest.raises(AssertionError):
        walk(RUNS, STEPS)
