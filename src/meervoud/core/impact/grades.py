"""How well a figure is known, from A to E, and why: of a claimed outcome, and of a figure of the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from meervoud.core.impact.effects import Gate
from meervoud.core.impact.theory_of_change import Evidence


class Grade(StrEnum):
    """From well known to not known at all."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade and the codes of why, in order; their sentences are in files.impact_messages.GRADES."""

    grade: Grade
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """What a claimed outcome rests on.

    Attributes:
        evidence: as said on the arrow; a measurement of one's own counts only as far as its pairs go.
        own: what the pairs of the people themselves allow to say.
        comparison: what the smaller of the two groups allows to say, where a group without the activity answered too.
        many_left: more people stopped answering than answered twice.
        uses_by_evidence: uses of the ledger by kind of evidence, see core.impact.ledger.EVIDENCE; none where the outcome
            needs no space.
    """

    evidence: Evidence
    own: Gate = Gate.NOTHING
    comparison: Gate = Gate.NOTHING
    many_left: bool = False
    uses_by_evidence: Mapping[str, int] = field(default_factory=dict[str, int])


OF_OTHERS: Final = Graded(Grade.E, ("of_others",))
"""How well a figure of somebody else is known here, whoever they are: it is shown with its source, and nobody checked it."""
WEAK: Final = frozenset({"silent", "imported"})
"""Nobody objected within a week, or the figure came in from elsewhere."""
STRONG: Final = frozenset({"checked_in", "host"})
MOST_WEAK: Final = 0.5
LEAST_STRONG: Final = {Grade.A: 0.9, Grade.B: 0.7, Grade.C: 0.5, Grade.D: 0.25}
"""The share that somebody saw, from which on a figure of the ledger has a grade: a choice of our own."""
_ORDER: Final = tuple(Grade)
_COMPARED: Final = {Gate.FULL: (Grade.A, "compared"), Gate.SMALL_GROUP: (Grade.B, "compared_few")}
_MEASURED: Final = {
    Gate.FULL: (Grade.B, "measured"),
    Gate.SMALL_GROUP: (Grade.C, "measured_few"),
    Gate.MEAN: (Grade.D, "measured_very_few"),
}
_SAID: Final = {Evidence.LITERATURE: (Grade.C, "literature"), Evidence.PRACTICE: (Grade.D, "practice")}


def grade_outcome(support: Support) -> Graded:
    """Return how well a claimed outcome is known: by the best of what it rests on, and at most one step lower.

    A comparison group gives A, or B with 10-29 pairs; an own measurement B, C with 10-29 pairs, D with 5-9; literature
    C; practice D; nothing E. It is one step lower where more than half of the uses were seen by nobody, or where it was
    measured and most people stopped answering.
    """
    compared, measured = _COMPARED.get(support.comparison), _MEASURED.get(support.own)
    options = [each for each in (compared, measured, _SAID.get(support.evidence)) if each]
    if not options:
        too_few = support.evidence >= Evidence.OWN_MEASUREMENT
        return Graded(Grade.E, ("too_few_pairs" if too_few else "nothing_known",))
    best = min(options, key=lambda each: each[0])
    lowered = ["weak_ledger"] if _is_mostly_weak(support.uses_by_evidence) else []
    if support.many_left and best in (compared, measured):
        lowered.append("many_left")
    return Graded(_lower(best[0]) if lowered else best[0], (best[1], *lowered))


def grade_ledger(amounts_by_evidence: Mapping[str, float]) -> Graded:
    """Return how well a figure of the ledger is known: by the share that was checked in or that the host confirmed.

    Args:
        amounts_by_evidence: uses or minutes by kind of evidence, >= 0.
    """
    seen = _share(amounts_by_evidence, STRONG)
    if seen is None:
        return Graded(Grade.E, ("no_use",))
    found = next((grade for grade, least in LEAST_STRONG.items() if seen >= least), Grade.E)
    reasons = ["mostly_seen" if seen >= LEAST_STRONG[Grade.C] else "seldom_seen"]
    if _is_mostly_weak(amounts_by_evidence):
        reasons.append("mostly_unseen")
    return Graded(found, tuple(reasons))


def weakest(found: Iterable[Graded]) -> Graded:
    """Return how well a figure is known that rests on several claims: no better than the one that is known least.

    Args:
        found: of each claim; none is not known at all.
    """
    grades = [each.grade for each in found]
    return Graded(max(grades), ("weakest_claim",)) if grades else Graded(Grade.E, ("nothing_known",))


def _lower(grade: Grade) -> Grade:
    return _ORDER[min(_ORDER.index(grade) + 1, len(_ORDER) - 1)]


def _is_mostly_weak(amounts: Mapping[str, float]) -> bool:
    return (_share(amounts, WEAK) or 0) > MOST_WEAK


def _share(amounts: Mapping[str, float], kinds: frozenset[str]) -> float | None:
    whole = sum(amounts.values())
    return sum(amount for kind, amount in amounts.items() if kind in kinds) / whole if whole else None
