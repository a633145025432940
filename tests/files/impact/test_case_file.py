"""A case from JSON: what it is worth, said and as JSON; every fault with its place."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from meervoud.cli import main
from meervoud.core.errors import InputError
from meervoud.core.impact.valuation.case import Correlation
from meervoud.core.impact.valuation.statement import value_case
from meervoud.files.impact.case_file import read_case
from meervoud.files.impact.statement_out import rounded
from meervoud.files.impact_messages import ISSUES
from meervoud.files.wording.language import LANGUAGES

SHARE = {"share": {"mean": 0.3, "people": 40}, "reason": "asked where they meet now"}
CASE: dict[str, Any] = {
    "format": "meervoud-impact-case/1",
    "terms": {"country": "NL", "currency": "EUR", "base_year": 2024, "horizon": 3, "draws": 2000},
    "claims": [
        {
            "outcome": "fewer visits to the doctor",
            "stakeholder": "neighbours",
            "quantity": {"low": 50, "mode": 100, "high": 120},
            "unit": "consultation",
            "proxy": "GP-NL",
            "deadweight": SHARE,
            "displacement": {"share": 0.1, "reason": "some moved from another house"},
            "attribution_to_others": SHARE,
            "drop_off": {"share": 0.2, "reason": "people stop coming"},
            "years": 2,
            "payer": "state",
        }
    ],
    "inputs": [
        {
            "name": "desk",
            "stakeholder": "municipality",
            "amount": 500,
            "currency": "EUR",
            "price_year": 2024,
            "country": "NL",
        }
    ],
    "host_contribution": {"low": "1000", "value": "2000", "high": "3000", "currency": "EUR"},
    "portfolio": [{"amount": 36000000, "currency": "EUR", "source": "usespace.nl/pilot"}],
}

QUANTITY = "quantity of fewer visits to the doctor / neighbours"
TOGETHER: dict[str, Any] = {"of": ["price GP-NL", QUANTITY], "rank": 0.6, "reason": "both are of one survey"}


def written(folder: Path, content: Any) -> Path:
    path = folder / "case.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def folder(parent: Path, name: str) -> Path:
    found = parent / name
    found.mkdir()
    return found


def changed(*place: str | int, to: Any) -> dict[str, Any]:
    """Return the case with one value changed."""
    content: Any = deepcopy(CASE)
    here = content
    for each in place[:-1]:
        here = here[each]
    here[place[-1]] = to
    return dict(content)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_case_is_valued_and_said_interval_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    assert main(["impact", "value", str(written(tmp_path, CASE)), "--seed", "1", "--lang", code]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    first = said.out.splitlines()[0]
    assert " 2" in first or " 1" in first
    assert said.out.count("EUR") >= 4
    assert "36" in said.out
    assert "usespace.nl/pilot" in said.out


def test_the_same_seed_gives_the_same_json_and_it_is_what_the_core_computes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, said = written(tmp_path, CASE), list[str]()
    for seed in ("1", "1", "2"):
        assert main(["impact", "value", str(path), "--seed", seed, "--json"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] != said[2]
    told, known = json.loads(said[0]), value_case(read_case(path), seed=1)
    assert told["value"] == {
        "low": known.value.low,
        "median": known.value.median,
        "high": known.value.high,
        "point": known.value.point,
    }
    assert told["by_payer"].keys() == {"state"}
    assert told["portfolio"][0]["amount"] == "36000000"
    first = 100 * 30.87 * 1.073 * 0.7 * 0.9 * 0.7
    assert known.value.point == pytest.approx(first / 1.0225 + first * 0.8 / 1.0225**2)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (changed("claims", 0, "deadweigth", to=1), "claims 1, deadweigth"),
        (changed("claims", 0, "quantity", to="many"), "claims 1, quantity"),
        (changed("claims", 0, "quantity", to={"low": 1, "high": 2}), "claims 1, quantity"),
        (changed("claims", 0, "quantity", to={"low": 1, "mode": "x", "high": 2}), "claims 1, quantity"),
        (changed("claims", 0, "quantity", to=True), "claims 1, quantity"),
        (changed("claims", 0, "proxy", to="NO-SUCH"), "claims 1, proxy"),
        (changed("claims", 0, "payer", to="nobody"), "claims 1, payer"),
        (changed("claims", 0, "years", to=-1), "claims 1, years"),
        (changed("claims", 0, "years", to=10**9), "claims 1, years"),
        (changed("claims", to="x"), "claims"),
        (changed("claims", to=[1]), "claims 1"),
        (changed("terms", "draws", to=10**9), "terms, draws"),
        (changed("terms", "horizon", to=0), "terms, horizon"),
        (changed("terms", to=None), "terms"),
        (changed("inputs", 0, "amount", to={"values": [1, "x"]}), "inputs 1, amount"),
        (changed("more", to=1), "more"),
        (changed("portfolio", 0, "amount", to="NaN"), "portfolio 1, amount"),
        (changed("host_contribution", "low", to="4000"), "host_contribution, low"),
        (changed("claims", 0, "outcome", to="\ud800"), "claims 1, outcome"),
        (changed("claims", 0, "outcome", to="x" * 3000), "claims 1, outcome"),
        (changed("claims", 0, "quantity", to={"values": [1] * 20_000}), "claims 1, quantity"),
        (changed("correlations", to={}), "correlations"),
        (changed("correlations", to=[{**TOGETHER, "of": "price GP-NL"}]), "correlations 1, of"),
        (changed("correlations", to=[{**TOGETHER, "of": []}]), "correlations 1, of"),
        (changed("correlations", to=[{**TOGETHER, "of": ["price GP-NL", 1]}]), "correlations 1, of"),
        (changed("correlations", to=[{**TOGETHER, "of": ["price GP-NL", "\ud800"]}]), "correlations 1, of"),
        (changed("correlations", to=[TOGETHER, {**TOGETHER, "rank": "much"}]), "correlations 2, rank"),
        (changed("correlations", to=[{**TOGETHER, "reason": 1}]), "correlations 1, reason"),
        (changed("correlations", to=[{**TOGETHER, "ranks": 0.6}]), "correlations 1, ranks"),
        (changed("terms", "discount", to=[{"from": 0, "rate": 0.02, "rat": 1}]), "terms, discount 1, rat"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, content: Any, place: str) -> None:
    with pytest.raises(InputError) as error:
        read_case(written(tmp_path, content))
    assert error.value.code == "case_place"
    assert error.value.values["place"] == place


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"format": "other"}',
        "1",
        "[" * 100_000,
        '"\\ud800"',
        '{"a": 1, "a": 2}',
        '{"a": 1e99999999999999999999}',
        "9" * 500,
        "1e400",
    ],
)
def test_what_is_no_case_is_refused(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["impact", "value", str(written(tmp_path, content))]) == 4
    assert "is no case to value" in capsys.readouterr().err
    assert main(["impact", "value", str(tmp_path / "no.json")]) == 4


def test_wrong_unit_currency_and_price_year_are_each_a_clear_refusal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = {"code": "OWN", "kind": "other", "unit": "consultation", "value": 10, "currency": "EUR", "country": "NL"}
    own |= {"source": "our own account", "read_in_source": True, "price_year": 2024}
    for content, words in (
        (changed("claims", 0, "unit", to="visit"), "is counted in visit"),
        (changed("claims", 0, "proxy", to={**own, "currency": "USD"}), "no rate from USD to EUR in 2024"),
        (changed("claims", 0, "proxy", to={**own, "price_year": None}), "has no price year"),
        (changed("claims", 0, "proxy", to={**own, "read_in_source": False}), "Nobody read the price OWN"),
        (changed("claims", 0, "deadweight", to={"share": 0.1}), "has no reason"),
        (changed("claims", to=[*CASE["claims"], *CASE["claims"]]), "valued more than once for neighbours"),
        (changed("claims", 0, "people", to=13), "The net value goes from"),
    ):
        main(["impact", "value", str(written(tmp_path, content))])
        said = capsys.readouterr()
        assert words in (said.err + said.out).replace("\n", " "), words


def test_a_price_index_of_the_case_brings_a_price_to_its_year(tmp_path: Path) -> None:
    content = changed("terms", "base_year", to=2025)
    with pytest.raises(InputError):
        value_case(read_case(written(tmp_path, content)), seed=1)
    content["terms"]["prices"] = [
        {"country": "NL", "from": 2022, "to": 2025, "factor": 1.107, "source": "a later table"}
    ]
    content["terms"]["prices"].append(
        {"country": "NL", "from": 2024, "to": 2025, "factor": 1.03, "source": "a later table"}
    )
    assert value_case(read_case(written(tmp_path, content)), seed=1).base_year == 2025


def test_a_price_of_ones_own_is_said_by_its_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = {"code": "hour of care", "unit": "consultation", "value": 0.01, "currency": "EUR", "country": "NL"}
    own |= {"source": "our own account", "read_in_source": True, "price_year": 2024}
    assert main(["impact", "value", str(written(tmp_path, changed("claims", 0, "proxy", to=own)))]) == 0
    said = capsys.readouterr().out
    assert "the price hour of care" in said
    assert "0.00" in said


def test_correlations_are_read_drawn_and_said_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, changed("correlations", to=[TOGETHER]))
    assert read_case(path).correlations == (Correlation(("price GP-NL", QUANTITY), 0.6, "both are of one survey"),)
    told = []
    for each in (
        path,
        written(folder(tmp_path, "without"), CASE),
        written(folder(tmp_path, "none"), CASE | {"correlations": []}),
    ):
        assert main(["impact", "value", str(each), "--seed", "1", "--json"]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[0]["correlations"] == [TOGETHER]
    assert "correlations" not in told[1]
    assert told[1] == told[2]
    assert told[0]["value"]["high"] > told[1]["value"]["high"]
    assert told[0]["tornado"] == told[1]["tornado"]
    assert main(["impact", "value", str(path), "--seed", "1"]) == 0
    said = capsys.readouterr().out.replace("\n", " ")
    assert "a rank correlation of 0.6: the price GP-NL and how much there is of" in said
    assert "(both are of one survey)" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"of": ["price GP-NL"]}, "two or more different numbers, and this one names: “price GP-NL”"),
        ({"of": ["price GP-NL", "price GPNL"]}, "names “price GPNL”, and this case has no such number"),
        ({"of": ["price GP-NL", "amount of desk"]}, "“amount of desk”, which is known exactly"),
        ({"rank": 1.5}, "is 1.5. Give a number between -1 and 1"),
        ({"reason": ""}, "has no reason. Write why they go together"),
        ({"of": ["price GP-NL", QUANTITY, "deadweight of" + QUANTITY[11:]], "rank": -0.9}, "cannot all be true"),
    ],
)
def test_a_correlation_that_cannot_be_is_a_clear_refusal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], words: str
) -> None:
    content = changed("correlations", to=[TOGETHER | change])
    assert main(["impact", "value", str(written(tmp_path, content)), "--lang", "en"]) == 4
    assert words in " ".join(capsys.readouterr().err.split())
    twice = changed("correlations", to=[TOGETHER, TOGETHER])
    assert main(["impact", "value", str(written(tmp_path, twice)), "--lang", "en"]) == 4
    assert "is said twice. Keep one" in " ".join(capsys.readouterr().err.split())


def test_every_issue_has_a_sentence_with_its_gaps() -> None:
    assert {"D1", "D2", "D3", "D4", "D5", "D6", "D7", "D9", "B1", "B2", "B3", "B4", "B5"} <= ISSUES.keys()
    assert [rounded(each) for each in (0, 1234, 0.01234, -98765)] == [0, 1200, 0.012, -99000]
