"""The rules against counting twice, each with a case that it lets through, and what other reports have."""

from dataclasses import replace
from typing import Any

import pytest

from meervoud.core.errors import InputError
from meervoud.core.impact.valuation.case import Case, Claim, Input, Payer, ProxyKind
from meervoud.core.impact.valuation.checks import SharedClaim, double_counts, over_claimed
from meervoud.core.impact.valuation.plausible import unusual
from meervoud.core.impact.valuation.uncertain import Fixed
from tests.core.impact.valuation.cases import CASE, CLAIM, CONSULTATION, DESK, case, share


def priced(kind: ProxyKind, code: str, **change: Any) -> Claim:
    """Return a claim with a price of a kind."""
    named: dict[str, Any] = {"outcome": code, "proxy": replace(CONSULTATION, kind=kind, code=code)}
    return replace(CLAIM, **(named | change))


FELT, OTHER_FELT = priced(ProxyKind.WELLBEING, "W1"), priced(ProxyKind.WELLBEING, "W2")
HEALTH, CARE = priced(ProxyKind.QALY, "Q"), priced(ProxyKind.CARE_COST, "C")
HOURS, RENT = priced(ProxyKind.VOLUNTEER_HOURS, "V"), priced(ProxyKind.RENT, "R")
GIVEN = Input("hours", "neighbours", ProxyKind.VOLUNTEER_HOURS, Fixed(10), "EUR", 2024, "NL")
SPACE = Input("space", "a host", ProxyKind.RENT, Fixed(10), "EUR", 2024, "NL")
BEFORE = replace(CLAIM, outcome="more contact")


def codes(one: Case) -> list[tuple[str, bool]]:
    return [(each.code, each.is_error) for each in double_counts(one)]


@pytest.mark.parametrize(
    ("wrong", "right", "expected"),
    [
        (case(CLAIM, replace(CLAIM)), case(CLAIM, replace(CLAIM, outcome="another")), ("D1", True)),
        (case(FELT, OTHER_FELT), case(FELT, replace(OTHER_FELT, stakeholder="others")), ("D2", True)),
        (case(HEALTH, CARE), case(HEALTH, replace(CARE, stakeholder="others")), ("D3", True)),
        (case(HEALTH, replace(CARE, payer=Payer.PERSON)), case(HEALTH), ("D3", False)),
        (case(HOURS, inputs=(DESK, GIVEN)), case(HOURS), ("D4", True)),
        (case(HOURS, FELT), case(HOURS, replace(FELT, stakeholder="others")), ("D4", True)),
        (case(RENT), case(RENT, inputs=(DESK, SPACE)), ("D5", True)),
        (
            case(BEFORE, replace(CLAIM, ancestors=frozenset({"more contact"}))),
            case(replace(BEFORE, stakeholder="others"), replace(CLAIM, ancestors=frozenset({"more contact"}))),
            ("D6", True),
        ),
        (
            case(replace(CLAIM, people=13, people_in_ledger=12)),
            case(replace(CLAIM, people=12, people_in_ledger=12)),
            ("D9", True),
        ),
    ],
)
def test_each_rule_finds_its_fault_and_lets_what_is_right_through(
    wrong: Case, right: Case, expected: tuple[str, bool]
) -> None:
    assert codes(wrong) == [expected]
    assert codes(right) == []


def test_an_issue_names_its_claims() -> None:
    (issue,) = double_counts(case(FELT, OTHER_FELT))
    assert issue.about == ("W1 / neighbours", "W2 / neighbours")
    assert issue.message.endswith(".")


def test_shares_of_all_claimants_add_up_to_at_most_one() -> None:
    third = [SharedClaim("booking 1", each, 1 / 3) for each in ("host", "group", "city")]
    assert over_claimed(third) == []
    (issue,) = over_claimed([*third, SharedClaim("booking 1", "fund", 0.1), SharedClaim("booking 2", "fund", 1)])
    assert (issue.code, issue.is_error, issue.about) == ("D7", True, ("city", "fund", "group", "host"))
    with pytest.raises(InputError):
        over_claimed([SharedClaim("booking 1", "host", 1.5)])


def test_what_other_reports_do_not_have_asks_for_a_reason() -> None:
    usual = replace(CLAIM, drop_off=share(0.25))
    assert [each.code for each in unusual(case(usual), 4.0)] == []
    odd = replace(
        CLAIM, deadweight=share(0), attribution_to_others=share(0.9), drop_off=share(0.6), displacement=share(0.01)
    )
    assert sorted(each.code for each in unusual(case(odd), 20)) == ["B1", "B2", "B3", "B4", "B5"]
    assert not any(each.is_error for each in unusual(case(odd), 20))
    said = replace(case(odd), reasons={f"B1 {odd.key}": "nobody met before", "B5": "little money was put in"})
    assert sorted(each.code for each in unusual(said, 20)) == ["B2", "B3", "B4"]
    assert [each.code for each in unusual(case(replace(usual, drop_off=share(0), years=1)), None)] == []
    assert [each.code for each in unusual(CASE, 1.2)] == ["B5"]
