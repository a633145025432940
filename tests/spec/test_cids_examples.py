"""The example of the manual page on CIDS runs, and its file is as the standard has it."""

import json
import re
from pathlib import Path

import pytest
from tests.files.impact.shapes import results

from meervoud.cli import main
from meervoud.files.impact.codes import read_iris

MANUAL = Path(__file__).parents[2] / "docs" / "manual" / "cids.md"


def run_the_example(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    [code] = re.findall(r"```python\n(.*?)```", MANUAL.read_text("utf-8"), re.DOTALL)
    exec(compile(code, str(MANUAL), "exec"), {})  # noqa: S102  # our own manual
    return folder / "export.jsonld"


def test_the_example_makes_a_file_that_the_command_finds_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = run_the_example(tmp_path, monkeypatch)
    [command] = re.findall(r"^    meervoud (.+)$", MANUAL.read_text("utf-8"), re.MULTILINE)
    assert main(command.split()) == 0
    assert path.name in capsys.readouterr().out
    assert "-1.63" in path.read_text("utf-8")


@pytest.mark.reference_data
def test_the_published_shapes_find_nothing_in_the_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference_data: Path
) -> None:
    path = run_the_example(tmp_path, monkeypatch)
    assert results(reference_data.resolve(), json.loads(path.read_text("utf-8"))) == []


def test_the_manual_names_every_id_of_iris() -> None:
    text = MANUAL.read_text("utf-8")
    assert [each for each in read_iris() if each not in text] == []
