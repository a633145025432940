"""CIDS: what is exported is as the published shapes have it, in three languages; what is missing is refused."""

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meervoud.core.errors import InputError
from meervoud.files.impact.cids import Address, Dimension, Export, HowMuch, Organisation, Period, Range
from meervoud.files.impact.cids_check import check_cids
from meervoud.files.impact.cids_document import cids_bytes, cids_document
from meervoud.files.impact.cids_terms import CIDS, DATE_TIME, LABEL, NAME, NUMBER, STARTED, STRING
from meervoud.files.impact.codes import read_goals, read_iris
from meervoud.files.messages import MESSAGES
from tests.files.impact.exports import BASE, LANGUAGES, YEAR, changed, everything, exports, words
from tests.files.impact.shapes import as_graph, read_turtle, results


def node(document: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [each for each in document["@graph"] if each["@id"] == BASE + name]
    return dict(found)


@pytest.mark.reference_data
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_export_with_everything_has_no_result_in_the_published_shapes(reference_data: Path, language: str) -> None:
    document = cids_document(everything(language))
    assert results(reference_data, document) == []
    goals = reference_data / "cids" / "codelists" / "SDGImpacts.ttl"
    assert results(reference_data, document, goals) == []
    assert check_cids(document) == []


@pytest.mark.reference_data
@given(export=exports())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_export_that_can_be_told_is_as_the_shapes_have_it(reference_data: Path, export: Export) -> None:
    document = json.loads(cids_bytes(export))
    assert results(reference_data, document) == []
    assert check_cids(document) == []


@pytest.mark.reference_data
def test_a_missing_description_is_advice_and_no_fault(reference_data: Path) -> None:
    document = cids_document(changed(everything(), "outcomes", descriptions={}))
    assert results(reference_data, document) == [("Info", "hasDescription")]
    assert [(each.code, each.is_error) for each in check_cids(document)] == [("C9", False)]


@pytest.mark.reference_data
def test_the_goals_are_called_as_the_published_list_calls_them(reference_data: Path) -> None:
    listed = read_turtle(reference_data / "cids" / "codelists" / "SDGImpacts.ttl")
    graph = as_graph(cids_document(everything()))
    assert [each.identifier for each in read_goals().values()] == [str(each) for each in range(1, 18)]
    for goal in read_goals().values():
        [name] = {str(each) for each in listed.objects(_iri(goal.iri), _iri(NAME))}
        assert goal.name == name
    assert graph.value(_iri("https://metadata.un.org/sdg/11"), _iri(NAME)) is not None


def _iri(name: str) -> Any:  # Any: a term of rdflib
    import rdflib

    return rdflib.URIRef(name)


def test_numbers_are_texts_and_times_are_full() -> None:
    document = cids_document(everything())
    assert node(document, "measure:figure:r2")[NUMBER] == [{"@value": "-1.00", "@type": STRING}]
    assert node(document, "figure:r2")[STARTED] == [{"@value": "2025-01-01T00:00:00+01:00", "@type": DATE_TIME}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_primary_name_is_untagged_and_the_others_are_labels(language: str) -> None:
    told = node(cids_document(everything(language)), "outcome:less%20lonely")
    assert told[NAME] == [{"@value": f"less lonely ({language})", "@type": STRING}]
    assert {each["@language"] for each in told[LABEL]} == set(LANGUAGES) - {language}


def test_the_interval_and_the_hash_of_the_ledger_stand_in_the_comments() -> None:
    document = cids_document(everything("en"))
    comments = [each["@value"] for each in node(document, "figure:r2")[f"{CIDS}hasComment"]]
    assert comments == ["20 pairs (en)", "The interval of 95 percent goes from -1.63 to -0.37."]
    [ledger] = node(document, "figure:r1")[f"{CIDS}hasComment"]
    assert "ab12" * 16 in ledger["@value"]


def test_nobody_fetches_anything_and_every_name_is_full() -> None:
    text = cids_bytes(everything()).decode()
    assert "@context" not in text
    for each in json.loads(text)["@graph"]:
        assert all(name.startswith(("http://", "https://", "@id", "@type")) for name in each)


def test_an_indicator_has_its_id_of_iris_and_the_code_is_in_the_file() -> None:
    document = cids_document(everything())
    told, code = node(document, "indicator:hours"), read_iris()["PI5683"]
    assert told["http://ontology.eil.utoronto.ca/tove/organization#hasIdentifier"][0]["@value"] == "PI5683"
    assert told[f"{CIDS}hasCode"] == [{"@id": code.iri}]
    assert [each["@type"] for each in document["@graph"] if each["@id"] == code.iri] == [[f"{CIDS}Code"]]
    assert read_iris().keys() == {"PI5683", "PI4060", "OI1166", "PI9170", "OI7914"}
    assert "40 years" in read_iris()["PI9170"].beware


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_the_same_export_in_another_order_is_the_same_file(data: st.DataObject) -> None:
    export = everything()
    parts = ("themes", "outcomes", "indicators", "reports", "stakeholders")
    turned: dict[str, Any] = {part: tuple(data.draw(st.permutations(getattr(export, part)))) for part in parts}
    mixed = replace(export, **turned)
    [impact] = export.impact_reports
    other = replace(impact, how_much=impact.how_much[::-1], risks=impact.risks[::-1])
    assert cids_bytes(replace(mixed, impact_reports=(other,))) == cids_bytes(export)


def where(region: str, street: str = "Voorbeeldstraat 1") -> Organisation:
    return Organisation("o1", "Stichting Voorbeeld", Address(street, "1021 AA", "Amsterdam", region, "NL"))


FULL = everything()
NAIVE = datetime(2025, 1, 1)  # noqa: DTZ001  # what is refused


@pytest.mark.parametrize(
    ("export", "code"),
    [
        (replace(FULL, organisation=where(" ")), "cids_region"),
        (replace(FULL, organisation=where("Noord-Holland", "")), "cids_address"),
        (replace(FULL, organisation=Organisation("", "x")), "cids_text"),
        (replace(FULL, organisation=Organisation("o", "\ud800")), "cids_text"),
        (replace(FULL, organisation=Organisation("o", "a\0b")), "cids_text"),
        (replace(FULL, organisation=Organisation("o", "x" * 20_000)), "cids_text"),
        *(
            (replace(FULL, base=base), "cids_base")
            for base in ("", "x#", "ftp://x#", "https://x y#", "https://x", "https://<#")
        ),
        (replace(FULL, language="fr"), "language_unknown"),
        (changed(FULL, "outcomes", names={"en": "only English"}), "cids_name"),
        (changed(FULL, "outcomes", names=words("x") | {"no language": "x"}), "cids_language"),
        (changed(FULL, "outcomes", themes=("no such",)), "cids_unknown"),
        (changed(FULL, "indicators", outcomes=("no such",)), "cids_unknown"),
        (changed(FULL, "reports", indicator="no such"), "cids_unknown"),
        (changed(FULL, "stakeholder_outcomes", outcome="no such"), "cids_unknown"),
        (changed(FULL, "impact_reports", stakeholder_outcome="no such"), "cids_unknown"),
        (changed(FULL, "indicators", unit={"en": "hours"}), "cids_unit"),
        (changed(FULL, "indicators", iris="PI0000"), "cids_iris"),
        (changed(FULL, "themes", goal=18), "cids_goal"),
        (changed(FULL, "themes", id="t2"), "cids_id"),
        (changed(FULL, "impact_reports", how_much=(HowMuch(Dimension.SCALE, Decimal(1), {}),) * 2), "cids_id"),
        (changed(FULL, "reports", value=Decimal("NaN")), "cids_number"),
        (changed(FULL, "reports", value=Decimal("1e1000000")), "cids_number"),
        (changed(FULL, "reports", value=Decimal("1e-1000000")), "cids_number"),
        (changed(FULL, "reports", range=Range(Decimal(0), Decimal("Infinity"), Decimal("0.9"))), "cids_number"),
        (changed(FULL, "reports", range=Range(Decimal(2), Decimal(1), Decimal("0.9"))), "cids_range"),
        (changed(FULL, "reports", range=Range(Decimal(1), Decimal(2), Decimal(90))), "cids_range"),
        (changed(FULL, "reports", period=Period(NAIVE, NAIVE)), "cids_period"),
        (changed(FULL, "reports", period=Period(YEAR.ends_at, YEAR.starts_at)), "cids_period"),
    ],
)
def test_what_the_standard_needs_and_is_not_there_is_refused(export: Export, code: str) -> None:
    with pytest.raises(InputError) as caught:
        cids_document(export)
    assert caught.value.code == code
    assert "%(" not in str(caught.value)
    if code != "language_unknown":
        assert MESSAGES[code] % caught.value.values == str(caught.value)
