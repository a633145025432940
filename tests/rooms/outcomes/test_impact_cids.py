"""A report with a value in the Common Impact Data Standard: its interval, the deadweight of each claim, and no result in the shapes."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from tests.files.impact.shapes import results
from tests.rooms.outcomes.impact_makers import (
    CLAIM,
    NETTING,
    NODES,
    NOW,
    PRICE,
    STAKEHOLDERS,
    lock,
    make_impact_plan,
    make_pairs,
    owner,
    write,
)

from meervoud.files.impact.cids_check import check_cids
from meervoud.files.impact.cids_terms import CIDS, NUMBER, REMARK, VALUE
from meervoud.files.impact.statement_out import rounded
from meervoud.outcomes.facts import Facts
from meervoud.outcomes.frozen import read_bytes
from meervoud.outcomes.impact.cids_export import cids_bytes
from meervoud.outcomes.impact.publishing import publish_impact_report
from meervoud.outcomes.impact.valuing import value_plan
from meervoud.outcomes.models import ImpactPlan, ImpactReport, Step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
BASE = "https://zilverhaven.example/impact/reports/1/"
HERE = f"{BASE.rstrip('/')}#"
LANGUAGES = ("nl", "en", "da")


def make_ready(language: str = "en", **changed: Any) -> ImpactPlan:
    """Make a plan with a claim, that can be published."""
    plan = make_impact_plan(**changed)
    plan.language = language
    plan.save(update_fields=["language"])
    write(plan, Step.REPORT, {"decisions": [{"what": "The evening", "choice": "keep", "why": "People come back"}]})
    make_pairs(plan, tuple((5, 7) for _ in range(12)))
    lock(plan, Step.SCOPE, Step.STAKEHOLDERS, Step.THEORY)
    return plan


def publish(plan: ImpactPlan) -> ImpactReport:
    value_plan(plan=plan, by=owner(plan), now=NOW)
    return publish_impact_report(plan=plan, by=owner(plan), now=NOW)


def document_of(row: ImpactReport, facts: Facts | None = None) -> Any:  # Any: values of JSON
    return json.loads(cids_bytes(row, facts or read_bytes(row), BASE))


def node(document: Any, name: str) -> dict[str, Any]:  # Any: values of JSON
    [found] = [each for each in document["@graph"] if each["@id"] == HERE + name]
    return dict(found)


def names_of(document: Any, kind: str) -> list[str]:  # Any: values of JSON
    return [each["@id"].removeprefix(HERE) for each in document["@graph"] if each["@type"] == [CIDS + kind]]


def number(document: Any, told: dict[str, Any]) -> str:  # Any: values of JSON
    [place] = told[VALUE]
    [found] = node(document, place["@id"].removeprefix(HERE))[NUMBER]
    return str(found["@value"])


@pytest.mark.reference_data
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_with_a_value_has_no_result_in_the_published_shapes(reference_data: Path, language: str) -> None:
    document = document_of(publish(make_ready(language)))
    assert names_of(document, "Counterfactual") == ["anyway:ImpactScale:n3-s1"]
    assert "figure:social-value" in names_of(document, "IndicatorReport")
    assert results(reference_data, document) == []
    assert check_cids(document) == []


@pytest.mark.reference_data
def test_the_shapes_would_see_a_value_without_its_measure(reference_data: Path) -> None:
    """The control: the shapes do look at the figure of the value."""
    document = document_of(publish(make_ready()))
    told = next(each for each in document["@graph"] if each["@id"] == f"{HERE}figure:social-value")
    del told[VALUE]
    assert results(reference_data, document) == [("Violation", "value")]
    assert [each.code for each in check_cids(document)] == ["C1"]


def test_the_interval_stands_in_the_comment_with_two_digits_as_on_the_page() -> None:
    row = publish(make_ready())
    facts, document = read_bytes(row), document_of(row)
    told, interval = node(document, "figure:social-value"), facts["value"]["statement"]["value"]
    low, point, high = (f"{rounded(interval[name]):.0f}" for name in ("low", "point", "high"))
    assert number(document, told) == point
    comments = [each["@value"] for each in told[f"{CIDS}hasComment"]]
    assert f"The interval of 90 percent goes from {low} to {high}." in comments
    assert any(each.startswith("How well it is known, from A to E: C.") for each in comments)
    unit = node(document, "indicator:social-value")[f"{CIDS}unitDescription"]
    assert unit[0]["@value"] == "EUR, in prices of 2024"


@pytest.mark.parametrize(
    ("likely", "written", "said"),
    [
        ({"low": 20.0, "likely": 25.0, "high": 35.0}, "0.250", "between 20% and 35%, most likely 25%"),
        ({"low": 0.0, "likely": 0.0, "high": 0.0}, "0.000", "0%"),
    ],
)
def test_what_would_have_happened_anyway_hangs_on_whom_it_is_for(
    likely: dict[str, float], written: str, said: str
) -> None:
    netting = read_netting({**likely, "reason": "By what the group told"})
    row = publish(make_ready(netting=netting, value={"claims": [{**CLAIM, "why_unusual": "We asked around"}]}))
    document = document_of(row)
    [report] = node(document, "for-whom:n3-s1")[f"{CIDS}hasImpactReport"]
    [scale] = node(document, report["@id"].removeprefix(HERE))[f"{CIDS}hasImpactScale"]
    told = node(document, scale["@id"].removeprefix(HERE))
    counts = read_bytes(row)["value"]["sources"]["claims"]["More satisfied / Newcomers"]["counts"]
    assert (number(document, told), told[f"{CIDS}hasDescription"][0]["@value"]) == (str(counts), "people")
    [anyway] = told[f"{CIDS}hasCounterfactual"]
    found = node(document, anyway["@id"].removeprefix(HERE))
    assert number(document, found) == written
    [description] = found[f"{CIDS}hasDescription"]
    assert description["@value"].endswith(f"{said}: By what the group told")
    assert {each["@language"] for each in found[REMARK]} == {"nl", "da"}


def read_netting(deadweight: dict[str, Any]) -> dict[str, Any]:
    """Return step 7 with another deadweight."""
    return {"outcomes": [{**NETTING[0], "deadweight": deadweight}]}


def test_visits_are_told_in_fives_and_hours_as_they_are() -> None:
    for measure, unit, expected in (("visits", "visit", "45"), ("hours", "hour", "8.000")):
        indicator = {"outcome": "n3", "relevance": 3, "significance": 2, "indicator": measure, "is_primary": True}
        price = {"claims": [CLAIM], "prices": [{**PRICE, "unit": unit}]}
        plan = make_ready(indicators={"outcomes": [indicator]}, value=price)
        document = document_of(publish(plan))
        assert number(document, node(document, "ImpactScale:n3-s1")) == expected  # 48 heads in 4 times 2 hours


def test_each_claim_has_its_own_and_a_group_without_a_claim_has_none() -> None:
    nodes = [{**each, "stakeholders": ["s1", "s2", "s3"]} if each["id"] == "n3" else each for each in NODES]
    third = {**STAKEHOLDERS[0], "id": "s3", "name": {"en": "Neighbours"}}
    claims = [{**CLAIM, "people": 10}, {**CLAIM, "stakeholder": "s2", "people": 5, "payer": "organisation"}]
    plan = make_ready(
        heads=(30, 30, 30),
        theory={"nodes": nodes},
        stakeholders={"stakeholders": [*STAKEHOLDERS, third]},
        value={"claims": claims},
    )
    document = document_of(publish(plan))
    assert names_of(document, "Counterfactual") == ["anyway:ImpactScale:n3-s1", "anyway:ImpactScale:n3-s2"]
    assert f"{CIDS}hasImpactReport" not in node(document, "for-whom:n3-s3")
    assert [each.code for each in check_cids(document) if each.is_error] == []


def test_without_a_value_nothing_of_it_is_told() -> None:
    plan = make_ready(value={"claims": []})
    document = document_of(publish_impact_report(plan=plan, by=owner(plan), now=NOW))
    assert names_of(document, "Counterfactual") == names_of(document, "ImpactReport") == []
    assert "social-value" not in json.dumps(document)


def test_a_report_without_the_grade_of_its_value_is_told_without_it() -> None:
    row = publish(make_ready())
    facts = read_bytes(row)
    del facts["value"]["grade"]
    told = node(document_of(row, facts), "figure:social-value")
    assert [each["@value"][:15] for each in told[f"{CIDS}hasComment"]] == ["The interval of"]


def test_the_same_report_with_a_value_gives_the_same_bytes_in_every_language() -> None:
    row = publish(make_ready())
    found = set()
    for language in LANGUAGES:
        with translation.override(language):
            found.add(cids_bytes(row, read_bytes(row), BASE))
    assert len(found) == 1


def test_every_number_of_the_value_stands_in_the_public_report_too() -> None:
    row = publish(make_ready())
    document, facts = document_of(row), read_bytes(row)
    shown = {"10", "0.250", *(f"{rounded(each):.0f}" for each in _interval(facts))}
    for name in ("figure:social-value", "ImpactScale:n3-s1", "anyway:ImpactScale:n3-s1"):
        assert number(document, node(document, name)) in shown


def _interval(facts: Facts) -> list[float]:
    return [facts["value"]["statement"]["value"][name] for name in ("low", "point", "high")]
