"""Our own check of CIDS: it sees what the published shapes see and more, and hostile input is a clear refusal."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from meervoud.cli import main
from meervoud.core.errors import InputError
from meervoud.files.impact import cids_graph
from meervoud.files.impact.cids_check import check_cids
from meervoud.files.impact.cids_document import cids_bytes
from meervoud.files.impact.cids_file import read_cids
from meervoud.files.impact.cids_terms import (
    CIDS,
    DATE_TIME,
    ENDED,
    LABEL,
    LEGAL_NAME,
    NAME,
    NUMBER,
    ORG,
    RULES,
    STARTED,
    STRING,
    short_name,
)
from meervoud.files.impact_messages import ISSUES
from meervoud.files.wording.language import LANGUAGES
from tests.files.impact.exports import everything
from tests.files.impact.shapes import SH, SHAPES, expanded, read_turtle, results, violations


def lose_the_region(document: dict[str, Any]) -> None:
    del node_of(document, "Address")[f"{CIDS}addressRegion"]


def write_a_number(document: dict[str, Any]) -> None:
    node_of(document, "Measure")[NUMBER] = [{"@value": 12.5}]


def tag_a_name(document: dict[str, Any]) -> None:
    node_of(document, "Outcome")[NAME] = [{"@value": "less lonely", "@language": "en"}]


def say_a_name_twice(document: dict[str, Any]) -> None:
    node_of(document, "Outcome")[NAME].append({"@value": "another", "@type": STRING})


def lose_a_unit(document: dict[str, Any]) -> None:
    del node_of(document, "Indicator")[f"{CIDS}unitDescription"]


def lose_the_code(document: dict[str, Any]) -> None:
    document["@graph"] = [each for each in document["@graph"] if "sdg" not in each["@id"]]


def lose_an_indicator(document: dict[str, Any]) -> None:
    document["@graph"].remove(node_of(document, "Indicator"))


def point_to_another_kind(document: dict[str, Any]) -> None:
    node_of(document, "Outcome")[f"{CIDS}forTheme"] = [{"@id": node_of(document, "Indicator")["@id"]}]


def write_where_a_node_belongs(document: dict[str, Any]) -> None:
    node_of(document, "Outcome")[f"{CIDS}forOrganization"] = [{"@value": "us"}]


def leave_out_the_time(document: dict[str, Any]) -> None:
    node_of(document, "IndicatorReport")[STARTED] = [{"@value": "2025-01-01"}]


def node_of(document: dict[str, Any], kind: str) -> dict[str, Any]:
    found = next(each for each in document["@graph"] if each["@type"][0].endswith(f"#{kind}"))
    assert isinstance(found, dict)
    return found


@pytest.mark.reference_data
@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lose_the_region, "C1"),
        (write_a_number, "C3"),
        (tag_a_name, "C4"),
        (say_a_name_twice, "C2"),
        (lose_a_unit, "C1"),
        (lose_the_code, "C6"),
        (lose_an_indicator, "C6"),
        (point_to_another_kind, "C7"),
        (write_where_a_node_belongs, "C8"),
        (leave_out_the_time, "C5"),
    ],
)
def test_a_broken_file_is_seen_by_the_shapes_and_by_our_own_check(
    reference_data: Path, damage: Callable[[dict[str, Any]], None], code: str
) -> None:
    document = json.loads(cids_bytes(everything()))
    damage(document)
    assert violations(results(reference_data, document)) != []
    assert code in {each.code for each in check_cids(document) if each.is_error}


@pytest.mark.reference_data
@pytest.mark.parametrize("written", ["2025-01-01", "2025-01-01T00:00:00", "2025-01-01T00:00Z"])
def test_a_day_that_is_called_a_moment_passes_the_shapes_and_not_our_check(reference_data: Path, written: str) -> None:
    document = json.loads(cids_bytes(everything()))
    node_of(document, "IndicatorReport")[STARTED] = [{"@value": written, "@type": DATE_TIME}]
    assert violations(results(reference_data, document)) == []
    assert [each.code for each in check_cids(document)] == ["C5"]


@pytest.mark.reference_data
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_what_the_shapes_refuse_our_check_refuses_too(reference_data: Path, data: st.DataObject) -> None:
    document = json.loads(cids_bytes(everything()))
    for _ in range(data.draw(st.integers(1, 2))):
        damage_anything(document["@graph"], data)
    refused = set(violations(results(reference_data, document)))
    found = {short_name(part) for each in check_cids(document) if each.is_error for part in each.about}
    assert refused <= found


VALUES = st.sampled_from(
    [
        *({"@value": value} for value in ("x", "", 1, 1.5, True)),
        {"@value": "x", "@language": "nl"},
        {"@value": "x", "@type": "https://example.org/other"},
        {"@value": "2025-01-01T00:00:00Z", "@type": DATE_TIME},
        {"@id": "https://example.org/nothing"},
        {"@id": "https://metadata.un.org/sdg/11"},
        {"@type": [f"{CIDS}Theme"], NAME: [{"@value": "inside"}]},
    ]
)


def damage_anything(nodes: list[dict[str, Any]], data: st.DataObject) -> None:
    told = data.draw(st.sampled_from(nodes))
    path = data.draw(st.sampled_from(sorted(told.keys() - {"@id"})))
    what = data.draw(st.sampled_from(["leave out", "replace", "add", "leave out all"]))
    if what == "leave out all":
        nodes.remove(told)
    elif what == "leave out":
        del told[path]
    elif path == "@type":
        told[path] = [data.draw(st.sampled_from([*RULES, f"{CIDS}SocialPurposeOrganization"]))]
    else:
        told[path] = [*(told[path] if what == "add" else []), data.draw(VALUES)]


@pytest.mark.reference_data
def test_our_rules_are_those_of_the_published_shapes(reference_data: Path) -> None:
    shapes = read_turtle(reference_data / SHAPES)
    published, ours = set[tuple[object, ...]](), set[tuple[object, ...]]()
    for shape in shapes.subjects(rdflib.RDF.type, SH.NodeShape):
        for target in shapes.objects(shape, SH.targetClass):
            for each in shapes.objects(shape, SH.property):
                path, datatype, kind, least, most, severity = (
                    str(None if (found := shapes.value(each, SH[name])) is None else found)
                    for name in ("path", "datatype", "class", "minCount", "maxCount", "severity")
                )
                published.add((str(target), path, datatype, kind, least, most, severity != "None"))
    organisations = [f"{CIDS}{each}Organization" for each in ("", "SocialPurpose", "Standards", "Financial")]
    texts = {"text": STRING, "time": DATE_TIME, "node": "None"}
    for name, rules in [*RULES.items(), *((each, RULES[f"{ORG}Organization"]) for each in organisations)]:
        for rule in rules:
            kind = rule.kind or "None"
            ours.add((name, rule.path, texts[rule.wanted], kind, str(rule.least), str(rule.most), rule.is_advice))
    assert ours == published
    assert len(ours) > 40


ORGANISATION = {"@id": "https://example.org/o", "@type": [f"{CIDS}Organization"], LEGAL_NAME: [{"@value": "us"}]}


def codes(document: object) -> list[str]:
    return [each.code for each in check_cids(document)]


@pytest.mark.parametrize(
    "document",
    [
        ORGANISATION,
        [ORGANISATION],
        {"@graph": [ORGANISATION]},
        {"@context": {}, "@graph": [ORGANISATION]},
        {**ORGANISATION, "@type": f"{ORG}Organization"},
        {**ORGANISATION, "@type": f"{CIDS}SocialPurposeOrganization"},
        {**ORGANISATION, LEGAL_NAME: "us"},
        {**ORGANISATION, LEGAL_NAME: [{"@value": "us"}, {"@value": "us", "@type": STRING}, None]},
        [ORGANISATION, {"@id": "https://example.org/o", LABEL: [{"@value": "us", "@language": "nl-BE"}]}],
    ],
)
def test_every_way_to_write_expanded_json_ld_is_read(document: object) -> None:
    assert codes(document) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({LEGAL_NAME: [{"@value": " "}]}, "C1"),
        ({LABEL: [{"@value": "x", "@language": "no language"}]}, "C10"),
        ({"hasName": [{"@value": "x"}]}, "C12"),
        ({"@id": "o"}, "C12"),
        ({"@type": [f"{CIDS}Organization", "Organisation"]}, "C12"),
        ({STARTED: [{"@value": "2026-01-01T00:00:00Z"}], ENDED: [{"@value": "2025-01-01T00:00:00Z"}]}, "C13"),
        ({f"{CIDS}hasCode": [{"@id": "https://metadata.un.org/sdg/1"}]}, "C6"),
        ({f"{CIDS}hasAddress": [{"@id": "https://example.org/o"}]}, "C7"),
    ],
)
def test_what_the_shapes_do_not_look_at_is_seen(more: dict[str, Any], code: str) -> None:
    assert codes({**ORGANISATION, **more}) == [code]


def test_every_rule_has_a_sentence() -> None:
    assert {f"C{number}" for number in range(1, 15)} <= ISSUES.keys()


def test_a_file_without_organisation_and_a_value_that_is_no_number_are_seen() -> None:
    assert codes([]) == ["C11"]
    measure = {"@type": ["http://ontology.eil.utoronto.ca/ISO21972/iso21972#Measure"], NUMBER: [{"@value": "many"}]}
    assert [(each.code, each.is_error) for each in check_cids([ORGANISATION, measure])] == [("C14", False)]


def deep(times: int) -> Any:  # Any: values of JSON
    part: Any = ORGANISATION
    for _ in range(times):
        part = {"https://example.org/p": [part]}
    return part


NONSENSE: tuple[Any, ...] = (None, 1, "x", True, [1], [[]], {"@graph": 1}, {"@graph": [None]})
NO_NAMES: tuple[Any, ...] = (1, "", [], {})
NO_TYPES: tuple[Any, ...] = (1, [1], {}, [""], None)
NOT_READ: tuple[Any, ...] = ("@reverse", "@included", "@graph", 1)
NO_VALUES: tuple[Any, ...] = (
    [],
    {"@list": []},
    {"@set": []},
    {"@value": {}},
    {"@value": []},
    {"@value": "x", "@type": 1},
    {"@value": "x", "@language": 1},
    {"@value": "x", "@language": "nl", "@type": STRING},
    {"@value": "x", "@id": "y"},
    {"@value": 10**5000},
    {"@id": {}},
)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        *((each, "cids_place") for each in NONSENSE),
        *(({**ORGANISATION, "@id": each}, "cids_place") for each in NO_NAMES),
        *(({**ORGANISATION, "@type": each}, "cids_place") for each in NO_TYPES),
        *(({**ORGANISATION, each: []}, "cids_place") for each in NOT_READ),
        *(({**ORGANISATION, LABEL: [each]}, "cids_place") for each in NO_VALUES),
        (deep(100_000), "cids_place"),
        ({"@context": "https://example.org/context", "@graph": []}, "cids_context"),
        ([{"@context": {"a": "b"}}], "cids_context"),
        ([{**ORGANISATION, LABEL: list(range(cids_graph.MOST_PARTS + 1))}], "cids_too_large"),
        ([{}] * (cids_graph.MOST_PARTS + 1), "cids_too_large"),
    ],
)
def test_hostile_input_is_a_clear_refusal(document: object, code: str) -> None:
    with pytest.raises(InputError) as caught:
        check_cids(document)
    assert caught.value.code == code
    assert len(str(caught.value)) < 300


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["@id", "@type", "@value", "@graph", "@language", "@context", NAME, STARTED, "x", f"{CIDS}hasCode"]
            ),
            inside | st.sampled_from([f"{CIDS}Outcome", "https://example.org/1"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(document=JSON)
@settings(max_examples=300, deadline=None)
def test_any_json_is_checked_or_refused(document: Any) -> None:
    try:
        found = check_cids(document)
    except InputError as error:
        assert error.code in {"cids_place", "cids_context"}  # noqa: PT017  # the rest of the outcomes is below
        return
    for each in found:
        assert ISSUES[each.code] % dict(each.gaps) == each.message


def written(folder: Path, content: bytes) -> Path:
    path = folder / "export.jsonld"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_says_whether_a_file_is_as_it_should_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    path = written(tmp_path, cids_bytes(everything()))
    assert main(["impact", "check-cids", str(path), "--lang", language]) == 0
    assert "export.jsonld" in capsys.readouterr().out
    document = json.loads(cids_bytes(everything()))
    lose_the_region(document)
    node_of(document, "Outcome").pop(f"{CIDS}hasDescription")
    assert (
        main(["impact", "check-cids", str(written(tmp_path, json.dumps(document).encode())), "--lang", language]) == 3
    )
    said = capsys.readouterr()
    assert "addressRegion" in said.out
    assert "hasDescription" in said.out
    assert said.err == ""


def test_the_command_prints_what_it_found_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(cids_bytes(everything()))
    lose_the_region(document)
    assert main(["impact", "check-cids", str(written(tmp_path, json.dumps(document).encode())), "--json"]) == 3
    [issue] = json.loads(capsys.readouterr().out)
    assert (issue["code"], issue["is_error"]) == ("C1", True)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": 1, "a": 2}', b'[{"@value": NaN}]', b"9" * 5000],
)
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["impact", "check-cids", str(written(tmp_path, content))]) == 4
    assert "is no JSON-LD" in capsys.readouterr().err.replace("\n", " ")
    assert main(["impact", "check-cids", str(tmp_path / "no.jsonld")]) == 4


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, cids_bytes(everything()))
    assert read_cids(path)
    monkeypatch.setattr("meervoud.files.impact.cids_file.MOST_BYTES", 100)
    with pytest.raises(InputError) as caught:
        read_cids(path)
    assert caught.value.code == "cids_unreadable"


@pytest.mark.reference_data
@pytest.mark.parametrize(
    ("name", "faults"),
    [
        ("meervoud-basic-valid.jsonld", 0),
        ("upstream-knowledge_graph.jsonld", 50),
        ("upstream-ValidTestData.utf8.ttl", 20),
    ],
)
def test_in_files_of_others_our_check_sees_what_the_shapes_see(reference_data: Path, name: str, faults: int) -> None:
    document = expanded(reference_data / "cids", name)
    refused = set(violations(results(reference_data, document)))
    found = [each for each in check_cids(document) if each.is_error]
    assert refused <= {short_name(part) for each in found for part in each.about}
    assert bool(refused) == bool(found)
    assert len(found) >= faults


@pytest.mark.reference_data
def test_a_file_with_short_names_is_refused(reference_data: Path) -> None:
    with pytest.raises(InputError) as caught:
        check_cids(read_cids(reference_data / "cids" / "examples" / "meervoud-basic-valid.jsonld"))
    assert caught.value.code == "cids_context"
