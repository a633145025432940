"""What stands in a plan: the newest version of each step, as one book that rules and screens read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meervoud.outcomes.models import ImpactPlan, Step, StepVersion

Content = dict[str, Any]  # Any: JSON; its form is that of the step's own forms


@dataclass(frozen=True)
class Book:
    """A plan with the newest version of each of its steps.

    Attributes:
        plan: whose.
        versions: newest, by step; a step that nobody began is not there.
    """

    plan: ImpactPlan
    versions: Mapping[int, StepVersion]

    def content(self, step: Step) -> Content:
        """Return what stands in a step; nothing where nobody began it."""
        found = self.versions.get(step)
        return found.content if found else {}

    def rows(self, step: Step, name: str) -> Sequence[Content]:
        """Return a list in a step."""
        found: Sequence[Content] = self.content(step).get(name, [])
        return found

    def is_locked(self, step: Step) -> bool:
        """Say whether the newest version of a step is locked."""
        found = self.versions.get(step)
        return found is not None and found.locked_at is not None

    def text(self, words: Mapping[str, str]) -> str:
        """Return words in the language of the plan; in another one where they are missing there."""
        return str(words.get(self.plan.language, "")) or next((each for each in words.values() if each), "")

    @property
    def stakeholders(self) -> dict[str, str]:
        """The names of the stakeholders by id."""
        return {each["id"]: self.text(each["name"]) for each in self.rows(Step.STAKEHOLDERS, "stakeholders")}

    @property
    def outcomes(self) -> dict[str, Content]:
        """The outcomes of the theory of change by id."""
        return {each["id"]: each for each in self.rows(Step.THEORY, "nodes") if each["kind"] == "outcome"}

    @property
    def outcome_names(self) -> dict[str, str]:
        """The names of the outcomes by id."""
        return {name: self.text(each["label"]) for name, each in self.outcomes.items()}


def book_of(plan: ImpactPlan) -> Book:
    """Return the newest version of each step of a plan, in one query."""
    found = dict[int, StepVersion]()
    for each in plan.versions.order_by("step", "number"):
        found[each.step] = each
    return Book(plan, found)
