"""A new project tested against the mission of a plan: which of its outcomes the project reaches, and how much they weigh."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.core.impact.theory_of_change import fit
from meervoud.lib.saying import spoken
from meervoud.outcomes.impact.book import Book, Content
from meervoud.outcomes.impact.wishes import weight_by_wish
from meervoud.outcomes.models import Step
from meervoud.outcomes.pictures import Bar

OF_PROJECT: Final = "project:"
"""Two plans number their outcomes alike: without this, two that mean different things would count as the same."""
NOWHERE: Final = ""


@dataclass(frozen=True)
class Mission:
    """What a plan is for.

    Attributes:
        names: its outcomes and wishes by id, without what gets worse or was not meant.
        weights: of each, together 1.
        has_points: the weights follow from the points of the groups; else all weigh the same.
    """

    names: Mapping[str, str]
    weights: Mapping[str, float]
    has_points: bool


@dataclass(frozen=True)
class Fit:
    """How a project fits.

    Attributes:
        sentence: the share of the mission that it reaches.
        bars: the outcomes of the mission with their weights, the heaviest first.
        reached, missed: names of outcomes of the mission.
        outside: names of outcomes of the project that the mission does not have.
    """

    sentence: str
    bars: list[Bar]
    reached: list[str]
    missed: list[str]
    outside: list[str]


def mission_of(book: Book) -> Mission:
    """Return what a plan is for, with weights from the points of its groups where they gave any."""
    wishes = {each["id"]: book.text(each["name"]) for each in book.rows(Step.STAKEHOLDERS, "wishes")}
    harm = {name for name, each in book.outcomes.items() if not is_wanted(each)}
    names = {name: text for name, text in (wishes | book.outcome_names).items() if name not in harm}
    points = weight_by_wish(book)
    whole = sum(points.get(each, 0) for each in names)
    if whole > 0:
        return Mission(names, {each: points.get(each, 0) / whole for each in names}, has_points=True)
    return Mission(names, dict.fromkeys(names, 1 / len(names)) if names else {}, has_points=False)


def is_wanted(outcome: Content) -> bool:
    """Say whether an outcome is one that somebody works for."""
    return not outcome.get("is_negative", False) and outcome.get("is_intended", True)


def wanted_of(book: Book) -> dict[str, str]:
    """Return the names of the outcomes that a project works for, by id."""
    return {name: text for name, text in book.outcome_names.items() if is_wanted(book.outcomes[name])}


def unwanted_of(book: Book) -> list[str]:
    """Return the names of what a project may make worse, or brings about unmeant."""
    return [text for name, text in book.outcome_names.items() if not is_wanted(book.outcomes[name])]


def suggested(project: Book, mission: Book) -> dict[str, str]:
    """Return which outcome of the mission an outcome of the project seems to be: one with the same words, in any language."""
    wishes = {each["id"]: each["name"] for each in mission.rows(Step.STAKEHOLDERS, "wishes")}
    labels = wishes | {name: each["label"] for name, each in mission.outcomes.items()}
    by_words = {_plain(text): name for name, words in labels.items() for text in words.values() if text.strip()}
    found = dict[str, str]()
    for name in wanted_of(project):
        words = map(_plain, project.outcomes[name]["label"].values())
        found[name] = next((by_words[each] for each in words if each in by_words), NOWHERE)
    return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def fit_of_ticked(mission: Mission, ticked: Iterable[str]) -> Fit:
    """Return how a project fits that somebody described by ticking outcomes of the mission."""
    return _fit(mission, {each: each for each in ticked}, {})


def fit_of_plan(mission: Mission, project: Mapping[str, str], mapped: Mapping[str, str]) -> Fit:
    """Return how the project of a plan fits.

    Args:
        mission: tested against.
        project: names of the outcomes of the project by id.
        mapped: which outcome of the mission each of them is; "" is none.
    """
    return _fit(mission, {OF_PROJECT + name: mapped.get(name, NOWHERE) for name in project}, project)


def _fit(mission: Mission, mapped: Mapping[str, str], project: Mapping[str, str]) -> Fit:
    same = {name: to for name, to in mapped.items() if to in mission.names}
    share = fit(list(mapped), mission.weights, same)
    reached = {*same.values()}
    order = sorted(mission.names, key=lambda each: (-mission.weights[each], mission.names[each]))
    return Fit(
        sentence=_("The project reaches %(share)s of what the mission weighs.") % {"share": spoken().percent(share)},
        bars=[_bar(mission, each, is_reached=each in reached) for each in order],
        reached=[mission.names[each] for each in order if each in reached],
        missed=[mission.names[each] for each in order if each not in reached],
        outside=[text for name, text in project.items() if OF_PROJECT + name not in same],
    )


def _bar(mission: Mission, name: str, *, is_reached: bool) -> Bar:
    weight = mission.weights[name]
    gaps = {"weight": spoken().percent(weight)}
    text = _("%(weight)s ✓") % gaps if is_reached else gaps["weight"]
    return Bar(mission.names[name], weight, text)


class ProjectForm(forms.Form):
    """Which plan is the project."""

    project = forms.ChoiceField(label=gettext_lazy("The plan of the project"))

    def __init__(self, *args: Any, plans: Iterable[tuple[str, str]], **named: Any) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        self.fields["project"].choices = list(plans)  # type: ignore[attr-defined]  # choices


class SameForm(forms.Form):
    """Which outcome of the mission each outcome of the project is."""

    def __init__(
        self, *args: Any, project: Mapping[str, str], mission: Mission, **named: Any
    ) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        choices = [(NOWHERE, _("not in our mission")), *mission.names.items()]
        self.of = {f"same-{name}": name for name in project}
        for field, name in self.of.items():
            label = _("“%(name)s” is the same as") % {"name": project[name]}
            self.fields[field] = forms.ChoiceField(label=label, choices=choices, required=False)
        self.is_all_optional = True

    def mapped(self) -> dict[str, str]:
        """Return which outcome of the mission each is."""
        return {name: self.cleaned_data.get(field, NOWHERE) for field, name in self.of.items()}


class TickForm(forms.Form):
    """Which outcomes of the mission a project reaches that has no plan."""

    ticked = forms.CharField(widget=forms.HiddenInput, initial="1", required=False)
    reaches = forms.MultipleChoiceField(
        label=gettext_lazy("Which outcomes does the project reach?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, mission: Mission, **named: Any) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        self.fields["reaches"].choices = list(mission.names.items())  # type: ignore[attr-defined]  # choices
        self.is_all_optional = True
