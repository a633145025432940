"""What was put into a plan: rooms of hosts among it; a discount rate of one's own; and what more money would do."""

from copy import deepcopy
from decimal import Decimal
from math import ceil
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from tests.rooms.outcomes.impact_makers import (
    CLAIM,
    NOW,
    VALUE,
    book,
    make_impact_plan,
    make_pairs,
    owner,
    write,
)

from meervoud.core.errors import InputError
from meervoud.files.impact.prices import read_economy
from meervoud.outcomes.impact.extract import extract_of, period_of
from meervoud.outcomes.impact.funding import next_year
from meervoud.outcomes.impact.inputs import Rooms
from meervoud.outcomes.impact.report_facts import facts_of_plan, value_of
from meervoud.outcomes.impact.run_words import discount_words, return_words
from meervoud.outcomes.impact.valuing import value_plan
from meervoud.outcomes.models import FigureTerms, ImpactPlan, Step, ValuationRun

pytestmark = pytest.mark.django_db
TEN = tuple((5, 7) for _ in range(10))
TYPED = 5000


def value(plan: ImpactPlan) -> ValuationRun:
    return value_plan(plan=plan, by=owner(plan), now=NOW)


def make_plan(**said: Any) -> ImpactPlan:
    plan = make_impact_plan(value=said)
    make_pairs(plan, TEN)
    return plan


def worth_of_rooms(plan: ImpactPlan) -> float:
    """Return what the rooms are worth in prices of 2024, by the index of the parameters."""
    extract = extract_of(book(plan))
    assert extract is not None
    assert extract.in_kind is not None
    factor = read_economy().prices["NL"].factors[extract.in_kind["price_year"], 2024]
    return float(Decimal(extract.in_kind["cents"][1]) / 100 * factor)


def set_tariff(plan: ImpactPlan, *, year: int) -> None:
    """Give the programme of a plan a tariff of its own."""
    assert plan.request is not None
    terms = FigureTerms(programme=plan.request.programme, tariff_low="5", tariff="6", tariff_high="7")
    terms.tariff_year, terms.tariff_source = year, "A tariff of the tests"
    terms.save()


def told(run: ValuationRun) -> list[str]:
    with override("en"):
        return return_words(run.statement, run.sources["rooms"])


class TestRooms:
    def test_rooms_that_hosts_gave_are_put_in(self) -> None:
        plan = make_plan()
        run = value(plan)
        rooms = worth_of_rooms(plan)
        assert rooms > 0
        assert run.statement["inputs"]["point"] == pytest.approx(TYPED + rooms)
        found = run.statement["ratio"]["point"]
        assert found == pytest.approx(run.statement["value"]["point"] / (TYPED + rooms))
        assert "The rooms that hosts gave are part of what was put in." in told(run)

    def test_the_value_itself_is_the_same_with_and_without_them(self) -> None:
        plan = make_plan()
        typed = make_plan(inputs=[*VALUE["inputs"], {**VALUE["inputs"][0], "id": "i2", "name": "Rent", "kind": "rent"}])
        assert value(plan).statement["value"] == value(typed).statement["value"]

    def test_who_types_in_what_rooms_are_worth_is_believed(self) -> None:
        rent = {
            **VALUE["inputs"][0],
            "id": "i2",
            "name": "Hall",
            "kind": "rent",
            "low": "",
            "likely": "900",
            "high": "",
        }
        run = value(make_plan(inputs=[*VALUE["inputs"], rent]))
        assert run.statement["inputs"]["point"] == pytest.approx(TYPED + 900)
        assert any("what was typed in as rent is part" in each for each in told(run))

    def test_rent_of_nothing_says_nothing_of_the_rooms(self) -> None:
        rent = {**VALUE["inputs"][0], "id": "i2", "name": "Hall", "kind": "rent", "low": "", "likely": "0", "high": ""}
        plan = make_plan(inputs=[*VALUE["inputs"], rent])
        assert value(plan).statement["inputs"]["point"] == pytest.approx(TYPED + worth_of_rooms(plan))

    def test_a_row_of_nothing_is_nothing_to_divide_by_either(self) -> None:
        nothing = {**VALUE["inputs"][0], "low": "", "likely": "0", "high": ""}
        assert value(make_plan(inputs=[nothing])).statement["ratio"] is None

    def test_rooms_of_several_programmes_are_said_to_be_left_out(self) -> None:
        plan = make_plan()
        run = value(plan)
        assert not any("several tariffs" in each for each in told(run))
        run.sources["rooms"] = Rooms.SEVERAL
        assert any("several tariffs" in each for each in told(run))

    def test_a_value_is_of_before_once_the_tariff_of_the_rooms_changes(self) -> None:
        plan = make_plan()
        value(plan)
        assert facts_of_plan(book(plan))[0]["value"] is not None
        set_tariff(plan, year=2019)
        assert facts_of_plan(book(plan))[0]["value"] is None

    def test_rooms_alone_are_nothing_to_divide_by(self) -> None:
        run = value(make_plan(inputs=[]))
        assert run.statement["ratio"] is None
        assert run.statement["host_contribution"] is not None

    def test_rooms_in_prices_that_nothing_brings_over_are_refused_with_what_to_do(self) -> None:
        plan = make_plan()
        set_tariff(plan, year=2026)
        with pytest.raises(InputError) as error:
            value(plan)
        assert error.value.code == "rooms_unpriced"
        assert not plan.runs.exists()
        rent = {**VALUE["inputs"][0], "id": "i2", "name": "Hall", "kind": "rent"}
        write(plan, Step.VALUE, {**VALUE, "inputs": [*VALUE["inputs"], rent]})
        assert value(plan).statement["inputs"]["point"] == pytest.approx(2 * TYPED)


class TestDiscount:
    def test_a_rate_of_ones_own_goes_before_that_of_the_country(self) -> None:
        usual, own = make_plan(), make_plan(terms={**VALUE["terms"], "discount": "4", "discount_source": "A handbook"})
        one, other = (value(each).statement["value"]["point"] for each in (usual, own))
        assert other / one == pytest.approx(1.0225 / 1.04)

    def test_a_country_without_a_rate_needs_one_with_its_source(self) -> None:
        plan = make_plan()
        plan.country = "BE"
        plan.save()
        with pytest.raises(InputError) as error:
            value(plan)
        assert error.value.code == "discount_unknown"
        said = {**VALUE["terms"], "discount": "4.00", "discount_source": "A handbook"}
        write(plan, Step.VALUE, {**VALUE, "terms": said})
        told = value_of(value(plan))["sources"]["discount"]
        with override("en"):
            assert discount_words(told) == "With each later year money counts less, by 4% (A handbook)."

    def test_rates_that_change_are_told_with_their_years(self) -> None:
        told = {"bands": [[0, 0.035], [36, 0.025]], "source": "A ministry"}
        with override("en"):
            said = discount_words(told)
        assert said == "With each later year money counts less, by 3.5%, from year 36 on 2.5% (A ministry)."
        assert discount_words(None) == ""

    def test_the_screen_asks_where_a_rate_was_read(self, client: Client) -> None:
        plan = make_plan()
        client.force_login(owner(plan))
        sent = {
            "edits": "1",
            **{f"{name}-{each}": "0" for name in ("claims", "prices", "inputs", "rates") for each in COUNTS},
            "terms-base_year": "2024", "terms-horizon": "3", "terms-seed": "1", "terms-discount": "4",
        }  # fmt: skip
        answer = client.post(f"/impact/{plan.pk}/steps/8/", sent, headers={"accept-language": "en"})
        assert answer.status_code == 422
        assert "Say where you read this rate" in answer.content.decode()


COUNTS = ("TOTAL_FORMS", "INITIAL_FORMS")


class TestFunding:
    def test_people_of_two_groups_are_added_and_those_of_one_are_not(self) -> None:
        told = deepcopy(value_of(value(make_plan())))
        inputs = told["statement"]["inputs"]
        (only,) = told["sources"]["claims"].values()
        assert only["counts"] == CLAIM["people"] == 10

        def most(*rows: dict[str, Any]) -> int:
            told["sources"]["claims"] = {str(number): {**only, **row} for number, row in enumerate(rows)}
            found = next_year(ceil(inputs["low"]), told).people
            assert found is not None
            return found[1]

        assert most({}) == 10
        assert most({}, {"outcome": "n9"}) == 10
        assert most({}, {"stakeholder": "s9", "counts": 5}) == 15


@pytest.mark.parametrize(("first", "last"), [("0001-01-01", "0001-12-31"), ("9999-01-01", "9999-12-31")])
def test_a_scope_of_a_time_without_a_ledger_has_no_period(first: str, last: str) -> None:
    plan = make_impact_plan(scope={"first": first, "last": last})
    assert period_of(book(plan)) is None
    assert extract_of(book(plan)) is None
