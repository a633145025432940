"""What each step needs before it counts as done, in sentences; the rules of reference/impact.md 2."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from meervoud.core.impact.priorities import MATERIAL
from meervoud.outcomes.impact.book import Book
from meervoud.outcomes.impact.collecting import what_collection_needs
from meervoud.outcomes.impact.measures import minutes_of
from meervoud.outcomes.impact.theory import materiality_of
from meervoud.outcomes.impact.theory_words import problems_told
from meervoud.outcomes.models import Step

MOST_MINUTES: Final = 5
MOST_PRIMARY: Final = 5
SCOPE: Final = ("mission", "audience", "area", "first", "last", "excluded")
SHARES: Final = ("deadweight", "displacement", "attribution_to_others", "drop_off")


@dataclass(frozen=True)
class Standing:
    """Where a step stands.

    Attributes:
        step: which.
        status: done, doing or todo, as the list of tasks shows it.
        lacks: what is missing, in sentences.
        is_locked: its newest version is locked.
        number: of that version; 0 where nobody began.
    """

    step: Step
    status: str
    lacks: list[str]
    is_locked: bool
    number: int


def standing(book: Book) -> list[Standing]:
    """Return where each of the nine steps stands."""
    return [_standing(book, step) for step in Step]


def _standing(book: Book, step: Step) -> Standing:
    version = book.versions.get(step)
    is_begun = version is not None or (step == Step.COLLECTION and book.plan.waves.exists())
    lacks = what_lacks(book, step)
    status = "todo" if not is_begun else "doing" if lacks else "done"
    return Standing(step, status, lacks, book.is_locked(step), version.number if version else 0)


def what_lacks(book: Book, step: Step) -> list[str]:
    """Return what a step still needs, in sentences of the page's language; nothing where it may be locked."""
    return RULES[step](book)


def _scope(book: Book) -> list[str]:
    said = book.content(Step.SCOPE)
    return [] if all(said.get(name) for name in SCOPE) else [_("Answer all questions; “nothing” is an answer too.")]


def _stakeholders(book: Book) -> list[str]:
    roles = {each["role"] for each in book.rows(Step.STAKEHOLDERS, "stakeholders")}
    found = []
    if not roles & {"beneficiary", "both"}:
        found.append(_("Name at least one group that the change is for."))
    if not roles & {"contributor", "both"}:
        found.append(_("Name at least one group that puts something in."))
    return found


def _theory(book: Book) -> list[str]:
    if not book.rows(Step.THEORY, "nodes"):
        return [_("Draw at least one activity and what it changes.")]
    # what measures an outcome is chosen in the next step: T6 is looked at there
    return [each.sentence for each in problems_told(book) if each.is_error and each.code != "T6"]


def _indicators(book: Book) -> list[str]:
    rows = {each["outcome"]: each for each in book.rows(Step.INDICATORS, "outcomes")}
    names, found = book.outcome_names, []
    for outcome, name in names.items():
        said = rows.get(outcome, {})
        if said.get("relevance") is None or said.get("significance") is None:
            found.append(_("Say how much “%(name)s” matters.") % {"name": name})
        elif materiality_of(said) >= MATERIAL and not said.get("indicator") and not said.get("dropped_because"):
            found.append(_("“%(name)s” matters: choose what measures it, or write why not.") % {"name": name})
    if not names:
        found.append(_("Draw the outcomes in step 3 first."))
    if sum(bool(each.get("is_primary")) for each in rows.values()) > MOST_PRIMARY:
        found.append(_("Let at most five outcomes come first: people answer short lists."))
    return found


def _measurement(book: Book) -> list[str]:
    said = book.content(Step.MEASUREMENT)
    if not said.get("questions"):
        return [_("Choose what you ask, when and whom.")]
    if minutes_of(said["questions"]) > MOST_MINUTES:
        return [_("This takes a person more than five minutes. Leave questions out.")]
    return []


def _netting(book: Book) -> list[str]:
    rows = book.rows(Step.NETTING, "outcomes")
    missing = [
        name
        for name in SHARES
        for each in rows
        if not each.get(name, {}).get("reason") or each.get(name, {}).get("likely") is None
    ]
    if not rows:
        return [_("Say for at least one outcome what would have happened anyway.")]
    return [_("Give every share and its reason; nothing at all needs a reason too.")] if missing else []


def _value(book: Book) -> list[str]:
    if not book.rows(Step.VALUE, "claims"):
        return [_("Choose at least one outcome and its price, or write in step 9 why you value nothing.")]
    return [] if book.plan.runs.exists() else [_("Compute the value once.")]


def _report(book: Book) -> list[str]:
    return [] if book.rows(Step.REPORT, "decisions") else [_("Write at least one decision: keep, change or stop.")]


RULES: Final[Mapping[Step, Callable[[Book], list[str]]]] = {
    Step.SCOPE: _scope,
    Step.STAKEHOLDERS: _stakeholders,
    Step.THEORY: _theory,
    Step.INDICATORS: _indicators,
    Step.MEASUREMENT: _measurement,
    Step.COLLECTION: what_collection_needs,
    Step.NETTING: _netting,
    Step.VALUE: _value,
    Step.REPORT: _report,
}
