"""Valuing a plan: from the ledger, answers and prices to a range; what is capped, and what is refused."""

from typing import Any

import pytest
from tests.rooms.makers import make_matchmaker
from tests.rooms.outcomes.impact_makers import (
    CLAIM,
    FULL,
    NETTING,
    NOW,
    PRICE,
    lock,
    make_impact_plan,
    make_pairs,
    owner,
    share,
    write,
)

from meervoud.core.errors import InputError
from meervoud.core.impact.valuation.statement import DoubleCountError
from meervoud.outcomes.impact.publishing import publish_impact_report
from meervoud.outcomes.impact.valuing import value_plan
from meervoud.outcomes.impact.writing import About, begin_plan
from meervoud.outcomes.models import ImpactPlan, Step, ValuationRun
from meervoud.usage.models import UsageMoment

pytestmark = pytest.mark.django_db
TEN = tuple((5, 7) for _ in range(10))


def value(plan: ImpactPlan) -> ValuationRun:
    return value_plan(plan=plan, by=owner(plan), now=NOW)


def refusal(plan: ImpactPlan) -> str:
    with pytest.raises(InputError) as error:
        value(plan)
    assert not plan.runs.exists()
    return error.value.code


def claims(**changed: Any) -> dict[str, Any]:
    return {"claims": [{**CLAIM, **changed}]}


def price(**changed: Any) -> dict[str, Any]:
    return {"prices": [{**PRICE, **changed}]}


def test_a_change_of_everybody_times_people_times_price_less_the_shares_is_the_value() -> None:
    plan = make_impact_plan()
    make_pairs(plan, TEN)
    point = value(plan).statement["value"]["point"]
    # two points, ten people, 10,000 each, less a quarter three times, at the end of the first year
    assert point == pytest.approx(2 * 10 * 10_000 * 0.75**3 / 1.0225, rel=1e-9)


def test_the_same_plan_and_seed_give_the_same_run() -> None:
    plan = make_impact_plan()
    make_pairs(plan, TEN)
    assert value(plan).sha256 == value(plan).sha256


def test_more_people_than_can_have_come_often_enough_are_capped_by_the_ledger() -> None:
    # four moments of twelve, three times each: at most sixteen people, told in fives
    plan = make_impact_plan(value=claims(people=60))
    make_pairs(plan, TEN)
    run = value(plan)
    told = run.sources["claims"]["More satisfied / Newcomers"]
    assert (told["claimed"], told["known"], told["counts"]) == (60, 15, 15)
    assert run.case["claims"][0]["people"] == 15


def test_nobody_claims_more_people_than_ever_came_for_a_first_time() -> None:
    plan = make_impact_plan(value=claims(people=60))
    held = UsageMoment.objects.every(because="a test").filter(agreement__request=plan.request_id, state="held")
    held.update(first_timers=2)
    held.filter(pk=held.order_by("starts_at")[0].pk).update(first_timers=8)
    make_pairs(plan, TEN)
    assert value(plan).sources["claims"]["More satisfied / Newcomers"]["counts"] == 10


def test_who_did_not_answer_again_counts_as_unchanged() -> None:
    plan = make_impact_plan()
    make_pairs(plan, (*TEN, *((5, None) for _ in range(10))))
    assert value(plan).statement["value"]["point"] == pytest.approx(1 * 10 * 10_000 * 0.75**3 / 1.0225, rel=1e-9)


def test_people_are_not_claimed_where_nobody_was_counted() -> None:
    plan = make_impact_plan(heads=(None, None, None))
    make_pairs(plan, TEN)
    assert refusal(plan) == "claim_not_counted"


def test_of_a_moment_that_was_not_counted_nobody_is_claimed() -> None:
    plan = make_impact_plan(heads=(12, None, 12, 12), value=claims(people=60))
    make_pairs(plan, TEN)
    assert value(plan).sources["claims"]["More satisfied / Newcomers"]["counts"] == 10


@pytest.mark.parametrize("number", [0, 4, 5, 9])
def test_fewer_than_ten_respondents_claim_nothing(number: int) -> None:
    plan = make_impact_plan()
    make_pairs(plan, TEN[:number])
    assert refusal(plan) == "claim_not_measured"


def test_what_gets_worse_counts_below_nothing() -> None:
    theory = FULL[Step.THEORY]
    nodes = [{**each, "is_negative": each["id"] == "n3"} for each in theory["nodes"]]
    said: dict[str, Any] = {
        "indicators": {"outcomes": [INDICATOR_OF_ANOTHER_UNIT]},
        "theory": {**theory, "nodes": nodes},
    }
    harm = make_impact_plan(value=price(unit="visit"), **said)
    assert value(harm).statement["value"]["point"] < 0


def test_people_of_two_groups_are_different_people() -> None:
    theory = FULL[Step.THEORY]
    nodes = [{**each, "stakeholders": ["s1", "s2"]} if each["id"] == "n3" else each for each in theory["nodes"]]
    both = {"claims": [{**CLAIM, "people": 60}, {**CLAIM, "stakeholder": "s2", "people": 60, "payer": "organisation"}]}
    plan = make_impact_plan(heads=(30, 30, 30), theory={**theory, "nodes": nodes}, value=both)
    make_pairs(plan, TEN)
    assert refusal(plan) == "claim_too_few"  # the first group took all thirty
    both["claims"][0]["people"] = 20
    plan = make_impact_plan(heads=(30, 30, 30), theory={**theory, "nodes": nodes}, value=both)
    make_pairs(plan, TEN)
    told = value(plan).sources["claims"]
    assert sorted(each["counts"] for each in told.values()) == [10, 20]


def test_visits_are_claimed_for_one_group_only() -> None:
    theory = FULL[Step.THEORY]
    nodes = [{**each, "stakeholders": ["s1", "s2"]} if each["id"] == "n3" else each for each in theory["nodes"]]
    said: dict[str, Any] = {
        "indicators": {"outcomes": [INDICATOR_OF_ANOTHER_UNIT]},
        "theory": {**theory, "nodes": nodes},
    }
    both = {"claims": [CLAIM, {**CLAIM, "stakeholder": "s2"}], **price(unit="visit")}
    assert refusal(make_impact_plan(value=both, **said)) == "claim_split"


@pytest.mark.parametrize("wrong", [{"dropped_because": "Too dear"}, {"indicator": ""}])
def test_an_outcome_that_nothing_measures_is_not_claimed(wrong: dict[str, Any]) -> None:
    plan = make_impact_plan(indicators={"outcomes": [{**FULL[Step.INDICATORS]["outcomes"][0], **wrong}]})
    make_pairs(plan, TEN)
    assert refusal(plan) == "claim_gone"


def test_a_claim_for_a_group_that_the_outcome_is_not_for_is_refused() -> None:
    plan = make_impact_plan(value=claims(stakeholder="s2"))
    make_pairs(plan, TEN)
    assert refusal(plan) == "claim_gone"


def test_fewer_than_five_people_claim_nothing() -> None:
    plan = make_impact_plan(value=claims(people=4))
    make_pairs(plan, TEN)
    assert refusal(plan) == "claim_too_few"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (price(unit="hour"), "unit_differs"),
        (price(price_year=None), "proxy_year"),
        (price(source=""), "proxy_unread"),
        (price(currency="GBP"), "rate_missing"),
        (price(low="11000"), "proxy_order"),
        (price(price_year=2025), "price_year_later"),
        (claims(proxy="p9"), "proxy_gone"),
        (claims(proxy="WELLBY-UK"), "unit_differs"),
        ({"claims": []}, "plan_no_claims"),
    ],
)
def test_what_does_not_belong_together_is_refused(changed: dict[str, Any], code: str) -> None:
    if code == "unit_differs" and "claims" in changed:
        changed = {**changed, **price()}
        plan = make_impact_plan(value=changed, indicators={"outcomes": [INDICATOR_OF_ANOTHER_UNIT]})
    else:
        plan = make_impact_plan(value=changed)
    make_pairs(plan, TEN)
    assert refusal(plan) == code


INDICATOR_OF_ANOTHER_UNIT = {
    "outcome": "n3",
    "relevance": 3,
    "significance": 2,
    "indicator": "visits",
    "is_primary": True,
}


def test_a_share_without_a_reason_is_refused_also_nothing_at_all() -> None:
    plan = make_impact_plan(netting={"outcomes": [{**NETTING[0], "deadweight": share(0.0, "")}]})
    make_pairs(plan, TEN)
    assert refusal(plan) == "share_reason"


def test_one_outcome_of_one_group_is_not_claimed_twice() -> None:
    plan = make_impact_plan(value={"claims": [CLAIM, {**CLAIM, "proxy": "p1"}]})
    make_pairs(plan, TEN)
    with pytest.raises(DoubleCountError) as error:
        value(plan)
    assert [each.code for each in error.value.issues] == ["D1", "D2"]


def test_a_reason_for_an_unusual_share_ends_its_warning() -> None:
    plan = make_impact_plan(netting={"outcomes": [{**NETTING[0], "deadweight": share(80.0, "They met elsewhere")}]})
    make_pairs(plan, TEN)
    assert "B1" in [each["code"] for each in value(plan).statement["issues"]]
    reasoned = make_impact_plan(
        netting={"outcomes": [{**NETTING[0], "deadweight": share(80.0, "They met elsewhere")}]},
        value=claims(why_unusual="A room two streets on was free"),
    )
    make_pairs(reasoned, TEN)
    assert "B1" not in [each["code"] for each in value(reasoned).statement["issues"]]


def test_what_hosts_gave_stands_on_a_line_of_its_own() -> None:
    plan = make_impact_plan()
    make_pairs(plan, TEN)
    run = value(plan)
    assert run.statement["host_contribution"] is not None
    assert run.statement["value"]["point"] == pytest.approx(2 * 10 * 10_000 * 0.75**3 / 1.0225, rel=1e-9)


def test_a_claim_about_an_outcome_that_is_not_drawn_any_more_is_refused() -> None:
    plan = make_impact_plan()
    make_pairs(plan, TEN)
    theory = FULL[Step.THEORY]
    write(plan, Step.THEORY, {**theory, "nodes": [each for each in theory["nodes"] if each["id"] != "n3"], "links": []})
    assert refusal(plan) == "claim_gone"


class TestTwoPlans:
    def make_both(self, first: float, second: float) -> tuple[ImpactPlan, ImpactPlan]:
        """Make the plan of a group, published, and one of its programme about the same moments; both leave a share to others."""
        plan, other = self.make_unpublished(first, second)
        self.publish(plan)
        return plan, other

    @staticmethod
    def publish(plan: ImpactPlan) -> None:
        value_plan(plan=plan, by=owner(plan), now=NOW)
        publish_impact_report(plan=plan, by=owner(plan), now=NOW)

    @staticmethod
    def make_unpublished(first: float, second: float) -> tuple[ImpactPlan, ImpactPlan]:
        plan = make_impact_plan(netting={"outcomes": [{**NETTING[0], "attribution_to_others": share(first)}]})
        make_pairs(plan, TEN)
        lock(plan, Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY)
        assert plan.request is not None
        programme = plan.request.programme
        other = begin_plan(
            title="All", about=About(programme, programme=programme), language="en", by=make_matchmaker(programme)
        )
        netting = {"outcomes": [{**NETTING[0], "attribution_to_others": share(second)}]}
        for step, content in {**FULL, Step.NETTING: netting}.items():
            write(other, step, content)
        make_pairs(other, TEN)
        return plan, other

    def test_together_they_claim_no_more_than_all_of_a_change(self) -> None:
        _plan, other = self.make_both(25, 25)
        with pytest.raises(DoubleCountError) as error:
            value(other)
        assert [each.code for each in error.value.issues] == ["D7"]

    def test_shares_that_add_up_are_both_valued(self) -> None:
        _plan, other = self.make_both(60, 50)
        assert value(other).statement["value"]["point"] > 0

    def test_a_value_of_before_is_held_against_what_was_published_since(self) -> None:
        plan, other = self.make_unpublished(25, 25)
        lock(other, Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY)
        value(other)
        self.publish(plan)
        with pytest.raises(DoubleCountError):
            publish_impact_report(plan=other, by=owner(other), now=NOW)
        assert not other.reports.exists()
