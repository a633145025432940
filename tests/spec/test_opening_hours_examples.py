"""The examples of the manual page on opening hours hold."""

import re
from datetime import date
from pathlib import Path

import pytest

from meervoud.core.engine.day_hours import spans_of_days
from meervoud.core.engine.opening_hours import parse_opening_hours
from meervoud.core.engine.opening_tokens import REFUSALS
from meervoud.core.engine.types.hours import DaySpan
from meervoud.core.errors import InputError

MANUAL = Path(__file__).parents[2] / "docs" / "manual" / "opening-hours.md"


def rows(columns: int) -> list[list[str]]:
    """The rows of the table with this many columns, without its head."""
    lines = [line for line in MANUAL.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [[row[0].strip("`").replace("\\|", "|"), *row[1:]] for row in cells if len(row) == columns]


def written(spans: tuple[DaySpan, ...]) -> str:
    texts = [f"{s.start // 60:02}:{s.start % 60:02}-{s.end // 60:02}:{s.end % 60:02}" for s in spans]
    return " ".join(texts) or "closed"


@pytest.mark.parametrize(("value", "meaning", "day", "sure", "possible"), rows(5))
def test_accepted_example_means_what_the_manual_says(
    value: str, meaning: str, day: str, sure: str, possible: str
) -> None:
    name, iso = day.split()
    first = date.fromisoformat(iso)

    hours = spans_of_days(parse_opening_hours(value), first, 1)

    assert f"{first:%a}" == name
    assert (written(hours.sure[0]), written(hours.possible[0])) == (sure, possible)


@pytest.mark.parametrize(("value", "code", "why"), rows(3))
def test_refused_example_is_refused_for_the_reason_in_the_manual(value: str, code: str, why: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_opening_hours(value)

    assert caught.value.code == code


def test_manual_shows_every_reason_for_a_refusal() -> None:
    shown = {code for _, code, _ in rows(3)} | {"hours_too_long"}

    # Only a change in the library could bring this one about: the grammar lets nothing through that it cannot read.
    assert shown == set(REFUSALS) - {"hours_library"}


def test_manual_has_both_tables() -> None:
    assert len(rows(5)) >= 30
    assert len(rows(3)) >= 20
