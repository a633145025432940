"""The examples of docs/api/engine.md run, and the page knows every public name."""

import re
from pathlib import Path

from meervoud.core import engine

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "engine.md"


def test_the_examples_run() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 2
    exec(compile("\n".join(blocks), str(PAGE), "exec"), {})  # noqa: S102  # our own page


def test_the_page_has_every_public_name() -> None:
    text = PAGE.read_text("utf-8")
    assert [name for name in engine.__all__ if name not in text] == []
