"""Scales that a server brings along: asked beside those that come with Meervoud, refused at start where they cannot be used."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from meervoud.core.errors import InputError
from meervoud.files.impact.scales import read_scales, use_packs

MANUAL = Path(__file__).parents[3] / "docs" / "manual" / "impact-plans.md"


@pytest.fixture(autouse=True)
def _without_packs_afterwards(tmp_path: Path) -> Iterator[None]:
    yield
    empty = tmp_path / "none"
    empty.mkdir()
    use_packs(empty)


def pack() -> str:
    """Return the example of the manual."""
    found = re.search(r"```toml\n(.*?)```", MANUAL.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_pack_of_the_manual_is_asked_beside_the_others(tmp_path: Path) -> None:
    before = set(read_scales())
    (tmp_path / "ours.toml").write_text(pack(), "utf-8")
    use_packs(tmp_path)
    assert set(read_scales()) == {*before, "our_scale"}
    assert read_scales()["our_scale"].is_pack


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("may_use = true", "may_use = false"), "pack_may_use"),
        (('id = "our_scale"', 'id = "djg6"'), "pack_built_in"),
        (("high = 4, seconds", "high = 0, seconds"), "pack_place"),
    ],
)
def test_a_pack_that_cannot_be_used_stops_the_start(tmp_path: Path, change: tuple[str, str], code: str) -> None:
    (tmp_path / "ours.toml").write_text(pack().replace(*change), "utf-8")
    with pytest.raises(InputError) as error:
        use_packs(tmp_path)
    assert error.value.code == code


def test_two_packs_with_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(pack(), "utf-8")
    with pytest.raises(InputError):
        use_packs(tmp_path)
