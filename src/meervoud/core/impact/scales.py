"""Scales: how answers become a score. A scale is data (parameters/scales); a missing answer makes the score unknown, never a guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from meervoud.core.errors import InputError


class Scoring(StrEnum):
    """How a score is made of answers."""

    SUM = "sum"
    COUNT = "count"
    SINGLE = "single"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a scale.

    Attributes:
        id: of the question within its scale.
        low, high: its lowest and highest answer, whole numbers.
        is_reversed: a high answer counts as a low one.
        counts: for Scoring.COUNT: the answers that add one.
    """

    id: str
    low: int
    high: int
    is_reversed: bool = False
    counts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Band:
    """What a score means: from `low` to `high`, both included."""

    code: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale.

    Attributes:
        id: of the scale; two scales with other questions have other ids, and are never paired.
        scoring: sum of the answers, count of those that add one, or a single answer.
        items: its questions, in order.
        factor: by which a sum is multiplied.
        is_lower_better: a lower score is better.
        bands: what scores mean; none where nobody published that.
        source: who made it, where its scoring was read.
        licence: on what terms it may be used.
    """

    id: str
    scoring: Scoring
    items: tuple[Item, ...]
    is_lower_better: bool
    source: str
    licence: str
    factor: float = 1.0
    bands: tuple[Band, ...] = ()

    @property
    def reach(self) -> tuple[float, float]:
        """Return the lowest and the highest score."""
        if self.scoring == Scoring.COUNT:
            return 0.0, float(len(self.items))
        return self.factor * sum(each.low for each in self.items), self.factor * sum(each.high for each in self.items)


def score(scale: Scale, answers: Mapping[str, int | None]) -> float | None:
    """Return the score of one person.

    Args:
        scale: which.
        answers: by id of the question; None, or no answer at all, is missing.

    Returns:
        The score; None where an answer is missing.

    Raises:
        InputError: an answer is to no question of the scale, or outside its reach.
    """
    known = {each.id: each for each in scale.items}
    for name, answer in answers.items():
        item = known.get(name)
        if item is None or (answer is not None and not item.low <= answer <= item.high):
            raise InputError(
                f"“{answer}” is no answer to question {name} of {scale.id}. Check the sheet.",
                code="answer_unusable",
                question=name,
                value=str(answer),
            )
    given = [answers.get(each.id) for each in scale.items]
    whole = [each for each in given if each is not None]
    return None if len(whole) < len(given) else _scored(scale, whole)


def _scored(scale: Scale, answers: Sequence[int]) -> float:
    if scale.scoring == Scoring.COUNT:
        return float(sum(answer in item.counts for item, answer in zip(scale.items, answers, strict=True)))
    turned = [
        item.low + item.high - answer if item.is_reversed else answer
        for item, answer in zip(scale.items, answers, strict=True)
    ]
    return scale.factor * sum(turned)


def band_of(scale: Scale, found: float) -> str:
    """Return what a score means; "" where nobody published that."""
    return next((each.code for each in scale.bands if each.low <= found <= each.high), "")
