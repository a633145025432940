"""What a value was computed from, as one hash: a value is told only while that is still so."""

from collections.abc import Mapping
from typing import Final

from meervoud.outcomes.impact.book import Book
from meervoud.outcomes.impact.collecting import Measured
from meervoud.outcomes.impact.extract import Extract
from meervoud.outcomes.impact.writing import UNDO, hash_of
from meervoud.outcomes.models import Step, ValuationRun

USED: Final = (
    Step.SCOPE,
    Step.STAKEHOLDERS,
    Step.THEORY,
    Step.INDICATORS,
    Step.MEASUREMENT,
    Step.NETTING,
    Step.VALUE,
)


def state_of(book: Book, extract: Extract | None, changes: Mapping[str, Measured]) -> str:
    """Return a hash over the steps, the ledger and the answers that a value is computed from."""
    steps = {str(int(step)): {name: each for name, each in book.content(step).items() if name != UNDO} for step in USED}
    answers = {name: list(each.sheets) for name, each in changes.items()}
    found = (extract.sha256, extract.in_kind) if extract else ("", None)
    return hash_of({"steps": steps, "ledger": found[0], "in_kind": found[1], "answers": answers})


def is_current(run: ValuationRun, book: Book, extract: Extract | None, changes: Mapping[str, Measured]) -> bool:
    """Say whether a run is about the plan as it stands now."""
    return bool(run.sources.get("state") == state_of(book, extract, changes))
