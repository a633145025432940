"""How well each outcome is known, from A to E: by the arrows, the answers, and the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass

from meervoud.core.impact.effects import FEWEST_FOR_ALL, FEWEST_FOR_INTERVAL, Gate
from meervoud.core.impact.grades import Graded, Support, grade_ledger, grade_outcome
from meervoud.core.impact.theory_of_change import Evidence
from meervoud.outcomes.impact.book import Book
from meervoud.outcomes.impact.collecting import Measured
from meervoud.outcomes.impact.extract import Extract
from meervoud.outcomes.impact.measures import LEDGER
from meervoud.outcomes.models import Step


@dataclass(frozen=True)
class Known:
    """One outcome as it is known: its id, what measures it, and its grade with the codes of why."""

    outcome: str
    indicator: str
    graded: Graded


def known_outcomes(book: Book, changes: Mapping[str, Measured], extract: Extract | None) -> list[Known]:
    """Return how well each outcome is known that something measures, in the order of the theory of change."""
    uses = extract.uses_by_evidence if extract else {}
    strongest = dict[str, Evidence]()
    for each in book.rows(Step.THEORY, "links"):
        strongest[each["end"]] = max(strongest.get(each["end"], Evidence.NONE), Evidence(each.get("evidence", 0)))
    found, outcomes = list[Known](), book.outcomes
    for each in book.rows(Step.INDICATORS, "outcomes"):
        outcome, indicator = each["outcome"], each.get("indicator")
        if outcome not in outcomes or not indicator:
            continue
        graded = (
            grade_ledger(uses) if indicator in LEDGER else _graded(strongest.get(outcome), changes.get(indicator), uses)
        )
        found.append(Known(outcome, indicator, graded))
    return found


def _graded(evidence: Evidence | None, change: Measured | None, uses: Mapping[str, int]) -> Graded:
    if change is None:
        return grade_outcome(Support(evidence or Evidence.NONE, uses_by_evidence=uses))
    return grade_outcome(
        Support(
            evidence or Evidence.NONE,
            own=change.effect.gate,
            comparison=_gate(change.compared_pairs),
            many_left="many_left" in change.effect.warnings,
            uses_by_evidence=uses,
        )
    )


def _gate(pairs: int) -> Gate:
    if pairs < FEWEST_FOR_INTERVAL:
        return Gate.NOTHING
    return Gate.FULL if pairs >= FEWEST_FOR_ALL else Gate.SMALL_GROUP
