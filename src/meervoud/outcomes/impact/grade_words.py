"""How well the figures of a value are known, from A to E, in words: each line, each claim, of a run or a report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from meervoud.core.impact.grades import Grade, Graded, grade_ledger, weakest
from meervoud.files.impact_messages import GRADES
from meervoud.lib.saying import spoken
from meervoud.outcomes.facts import Facts


@dataclass(frozen=True)
class GradeWords:
    """A grade in words: its letter, what that means, and why."""

    letter: str
    meaning: str
    reasons: list[str]

    def __str__(self) -> str:
        """Return it on one line, for paper."""
        known = _("How well it is known, from A to E: %(grade)s.") % {"grade": self.letter}
        return " ".join([known, *self.reasons])


@dataclass(frozen=True)
class Grades:
    """The grades of what a value is made of; None is not kept: runs and reports of long ago do not have all.

    Attributes:
        in_kind: of what hosts gave: that of the ledger.
        value: of the value as a whole: that of its weakest claim.
        outcomes: of each outcome by id; a claim has that of its outcome.
    """

    in_kind: Graded | None = None
    value: Graded | None = None
    outcomes: Mapping[str, Graded] = field(default_factory=dict[str, Graded])


def grades_of_run(sources: Mapping[str, Any]) -> Grades:  # Any: JSON
    """Return the grades of a run, as they were when it was computed."""
    uses = sources["extract"].get("uses_by_evidence")
    kept = {name: _read(each) for name, each in sources.get("grades", {}).items()}
    outcomes = {name: each for name, each in kept.items() if each is not None}
    claimed = [outcomes[name] for name in {each["outcome"] for each in sources["claims"].values()} if name in outcomes]
    return Grades(None if uses is None else grade_ledger(uses), weakest(claimed) if claimed else None, outcomes)


def grades_of_report(facts: Facts) -> Grades:
    """Return the grades of a report, as they were frozen."""
    value = {"grade": (facts["value"] or {}).get("grade"), "reasons": ["weakest_claim"]}
    kept = {each["id"]: _read(each) for each in facts["outcomes"]}
    return Grades(_read(facts["use"] or {}), _read(value), {name: each for name, each in kept.items() if each})


def _read(told: Mapping[str, Any]) -> Graded | None:  # Any: JSON
    return Graded(Grade(told["grade"]), tuple(told.get("reasons", ()))) if told.get("grade") else None


def say_grade(graded: Graded | None) -> GradeWords | None:
    """Return a grade in words; None where none was kept."""
    if graded is None:
        return None
    said = spoken()
    reasons = [said.say(GRADES[each]) for each in graded.reasons if each in GRADES]
    return GradeWords(str(graded.grade), said.say(GRADES[graded.grade]), reasons)


def say_letters() -> str:
    """Return what the letters mean, on one line."""
    return _("From A to E: A is well known, B fairly well known, C partly known, D little known, E not known.")
