"""Step 3: the forms of one box and of one arrow of the theory of change."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.core.impact.theory_of_change import Evidence, Kind, Term
from meervoud.outcomes.impact.book import Book, Content
from meervoud.outcomes.impact.screens.screen import Screen
from meervoud.outcomes.impact.theory_edits import (
    MOST_ARROWS,
    MOST_BOXES,
    Ends,
    arrow_key,
    new_box_id,
    put_arrow,
    put_box,
)
from meervoud.outcomes.impact.theory_words import AFTER, EVIDENCE, HEADINGS, LINKS, MEANT, RISKS, STATUSES
from meervoud.outcomes.models import Step

ASSUMPTIONS: Final = 3
LABEL, LONG = 120, 500
WHOLE_LEDGER: Final = "all"


def undrawn_wishes(book: Book) -> dict[str, Mapping[str, str]]:
    """Return the wishes of step 2 that no box draws yet, by id."""
    drawn = {each["id"] for each in book.rows(Step.THEORY, "nodes")}
    return {each["id"]: each["name"] for each in book.rows(Step.STAKEHOLDERS, "wishes") if each["id"] not in drawn}


class BoxForm(forms.Form):
    """One box."""

    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=MEANT)
    label = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=LABEL,
        help_text=gettext_lazy("For example: participants speak Dutch with their neighbours."),
    )
    term = forms.ChoiceField(
        label=gettext_lazy("Of an outcome: when does it show?"),
        choices=[("", gettext_lazy("this is no outcome")), *AFTER],
        required=False,
    )
    stakeholders = forms.MultipleChoiceField(
        label=gettext_lazy("Of an outcome: for whom?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_negative = forms.BooleanField(label=gettext_lazy("This makes something worse"), required=False)
    is_unintended = forms.BooleanField(label=gettext_lazy("Nobody means this to happen"), required=False)
    uses_space = forms.BooleanField(
        label=gettext_lazy("Of an activity: it takes place in a space"),
        required=False,
        help_text=gettext_lazy("Then its hours and visits come from the ledger of use."),
    )
    wish = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, groups: Mapping[str, str], **named: Any) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        self.fields["stakeholders"].choices = list(groups.items())  # type: ignore[attr-defined]  # choices
        if not groups:
            self.fields["stakeholders"].help_text = _("No group is named yet. Name them in step 2 first.")

    def clean(self) -> dict[str, Any]:  # Any: words and flags
        """Refuse an outcome without a time."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("kind") == Kind.OUTCOME and "term" in said and not said["term"]:
            self.add_error("term", _("Say when this outcome shows."))
        return said


class BoxScreen(Screen):
    """The screen of one box, known or new."""

    step = Step.THEORY
    template = "outcomes/impact/theory_box.html"

    def __init__(
        self, book: Book, data: QueryDict | None = None, *, row: Content | None = None, asked: Mapping[str, str]
    ) -> None:
        super().__init__(book, data)
        self.row, self.wishes = row, undrawn_wishes(book)
        self.form = BoxForm(data, groups=book.stakeholders, initial=self._initial(asked))

    def _initial(self, asked: Mapping[str, str]) -> dict[str, Any]:  # Any: values of fields
        if self.row is not None:
            said = {**self.row, "label": self.book.text(self.row["label"])}
            return {**said, "is_unintended": not self.row.get("is_intended", True)}
        wish = asked.get("wish", "")
        if wish in self.wishes:
            return {"kind": Kind.OUTCOME, "term": Term.SHORT, "label": self.book.text(self.wishes[wish]), "wish": wish}
        kind = asked.get("kind", "")
        return {"kind": kind if kind in list(Kind) else Kind.ACTIVITY}

    def forms(self) -> list[forms.BaseForm]:
        """Return the one form."""
        return [self.form]

    def is_valid(self) -> bool:
        """Say whether the form is right and there is room."""
        is_right = super().is_valid()
        if is_right and self.row is None and len(self.book.rows(Step.THEORY, "nodes")) >= MOST_BOXES:
            self.form.add_error(
                None, _("A drawing has at most %(most)s boxes. Remove one first.") % {"most": MOST_BOXES}
            )
        return is_right and not self.form.errors

    def box(self) -> Content:
        """Return the box as it is to be kept: only what its kind can have."""
        said = self.form.cleaned_data
        kind, is_wish = said["kind"], said["wish"] in self.wishes
        is_change = kind in (Kind.OUTCOME, Kind.IMPACT)
        uses_space = bool(said["uses_space"]) and kind == Kind.ACTIVITY
        old = self.row["label"] if self.row else self.wishes[said["wish"]] if is_wish else {}
        return {
            **(self.row or {}),
            "id": self.row["id"] if self.row else said["wish"] if is_wish else new_box_id(self.book),
            "kind": kind,
            "label": self.words(said["label"], old),
            "term": said["term"] if kind == Kind.OUTCOME else "",
            "is_negative": bool(said["is_negative"]) and is_change,
            "is_intended": not (said["is_unintended"] and is_change),
            "stakeholders": said["stakeholders"] if kind == Kind.OUTCOME else [],
            "uses_space": uses_space,
            "ledger_selector": WHOLE_LEDGER if uses_space else "",
        }

    def content(self) -> Content:
        """Return the theory with this box."""
        return put_box(self.before, self.box())


class ArrowForm(forms.Form):
    """One arrow, without its assumptions."""

    start = forms.ChoiceField(label=gettext_lazy("From"))
    end = forms.ChoiceField(label=gettext_lazy("To"))
    kind = forms.ChoiceField(label=gettext_lazy("How does the one lead to the other?"), choices=LINKS)
    rationale = forms.CharField(
        label=gettext_lazy("Why?"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Why the one leads to the other, as you would tell a neighbour. Name a source if you have one."
        ),
    )
    evidence = forms.TypedChoiceField(label=gettext_lazy("How do you know?"), choices=EVIDENCE, coerce=int)

    def __init__(self, *args: Any, book: Book, old: Ends | None, **named: Any) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        rows = book.rows(Step.THEORY, "links")
        self.taken = {arrow_key(each) for each in rows} - {old}
        self.is_full = old is None and len(rows) >= MOST_ARROWS
        for name in ("start", "end"):
            self.fields[name].choices = [("", _("choose")), *_boxes_by_kind(book)]  # type: ignore[attr-defined]  # choices

    def clean(self) -> dict[str, Any]:  # Any: ids and words
        """Refuse an arrow to itself, and one that is there already."""
        said: dict[str, Any] = super().clean() or {}
        ends = said.get("start"), said.get("end")
        if not all(ends):
            return said
        if ends[0] == ends[1]:
            self.add_error("end", _("An arrow leads from one box to another. Choose another box."))
        elif ends in self.taken:
            self.add_error("end", _("This arrow is there already. Change that one, or choose another box."))
        elif self.is_full:
            gaps = {"most": MOST_ARROWS}
            self.add_error(None, _("A drawing has at most %(most)s arrows. Remove one first.") % gaps)
        return said


class AssumptionForm(forms.Form):
    """What must be so for an arrow to hold."""

    is_all_optional = True
    text = forms.CharField(label=gettext_lazy("What must be so?"), max_length=300, required=False)
    risk = forms.TypedChoiceField(label=gettext_lazy("How sure is it?"), choices=RISKS, coerce=int, initial=3)
    is_tested = forms.BooleanField(label=gettext_lazy("We test this"), required=False)
    test = forms.CharField(label=gettext_lazy("How will you see it?"), max_length=200, required=False)
    status = forms.ChoiceField(label=gettext_lazy("Does it hold?"), choices=STATUSES, initial="open")


class ArrowScreen(Screen):
    """The screen of one arrow, known or new."""

    step = Step.THEORY
    template = "outcomes/impact/theory_arrow.html"

    def __init__(
        self, book: Book, data: QueryDict | None = None, *, row: Content | None = None, asked: Mapping[str, str]
    ) -> None:
        super().__init__(book, data)
        self.row: Content = row or {}
        text, said = book.text, row or _asked_ends(asked)
        self.old: Ends | None = (row["start"], row["end"]) if row else None
        self.rationale: Mapping[str, str] = said.get("rationale", {})
        self.assumed: list[Content] = said.get("assumptions", [])
        self.form = ArrowForm(data, book=book, old=self.old, initial={**said, "rationale": text(self.rationale)})
        self.assumptions = [
            AssumptionForm(data, prefix=f"assumption{number}", initial=self._initial(number))
            for number in range(ASSUMPTIONS)
        ]

    def _initial(self, number: int) -> dict[str, Any]:  # Any: values of fields
        if number >= len(self.assumed):
            return {}
        said = self.assumed[number]
        return {**said, "text": self.book.text(said["text"]), "test": self.book.text(said.get("test", {}))}

    def forms(self) -> list[forms.BaseForm]:
        """Return the form of the arrow, and those of what it assumes."""
        return [self.form, *self.assumptions]

    def _kept_assumptions(self) -> Iterator[Content]:
        for number, form in enumerate(self.assumptions):
            said, old = form.cleaned_data, self.assumed[number] if number < len(self.assumed) else {}
            if said["text"]:
                test = self.words(said["test"], old.get("test", {})) if said["test"] else {}
                yield {
                    "text": self.words(said["text"], old.get("text", {})),
                    "risk": said["risk"],
                    "is_tested": bool(said["is_tested"] or test),
                    "test": test,
                    "status": said["status"],
                }

    def content(self) -> Content:
        """Return the theory with this arrow."""
        said = self.form.cleaned_data
        row = {
            **self.row,
            "start": said["start"],
            "end": said["end"],
            "kind": said["kind"],
            "rationale": self.words(said["rationale"], self.rationale) if said["rationale"] else {},
            "evidence": said["evidence"],
            "assumptions": list(self._kept_assumptions()),
        }
        return put_arrow(self.before, row, self.old)


def _asked_ends(asked: Mapping[str, str]) -> Content:
    """Return a new arrow between the boxes that the address names; until somebody says more, it is only believed."""
    ends = {"start": asked.get("from", ""), "end": asked.get("to", "")}
    return {**ends, "kind": "contributes", "evidence": Evidence.NONE.value}


def _boxes_by_kind(book: Book) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the boxes as choices: by kind, in the order of the drawing."""
    rows = book.rows(Step.THEORY, "nodes")
    headings = {**HEADINGS, Kind.OUTCOME: _("Outcomes")}
    found = [
        (str(headings[kind]), [(each["id"], book.text(each["label"])) for each in rows if each["kind"] == kind])
        for kind in Kind
    ]
    return [(heading, boxes) for heading, boxes in found if boxes]
