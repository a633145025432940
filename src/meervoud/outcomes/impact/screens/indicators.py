"""Step 4: which outcomes matter, and what measures them."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.core.impact.priorities import MATERIAL
from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.measures import measure_choices
from meervoud.outcomes.impact.screens.screen import RowForm, Screen
from meervoud.outcomes.impact.theory import materiality_of
from meervoud.outcomes.models import Step

LEVELS: Final = (
    ("0", gettext_lazy("not at all")),
    ("1", gettext_lazy("a little")),
    ("2", gettext_lazy("quite")),
    ("3", gettext_lazy("very much")),
)


def _level(label: Any) -> forms.TypedChoiceField:  # Any: words that are translated later
    return forms.TypedChoiceField(
        label=label, choices=[("", gettext_lazy("choose")), *LEVELS], coerce=int, required=False, empty_value=None
    )


class IndicatorForm(RowForm):
    """One outcome: how much it matters, and what measures it."""

    relevance = _level(gettext_lazy("How much do the people it is about care?"))
    significance = _level(gettext_lazy("How large is the change?"))
    indicator = forms.ChoiceField(label=gettext_lazy("What measures it?"), required=False)
    is_primary = forms.BooleanField(label=gettext_lazy("This comes first in our report"), required=False)
    dropped_because = forms.CharField(
        label=gettext_lazy("If you leave it out although it matters: why?"), max_length=300, required=False
    )

    def __init__(self, *args: Any, **named: Any) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        self.fields["indicator"].choices = [("", _("nothing yet")), *measure_choices()]  # type: ignore[attr-defined]  # choices


IndicatorRows = forms.formset_factory(IndicatorForm, extra=0, absolute_max=200, max_num=200)


class IndicatorsScreen(Screen):
    """The screen of step 4."""

    step = Step.INDICATORS
    template = "outcomes/impact/indicators.html"

    def __init__(self, *args: Any) -> None:  # Any: as of every screen
        super().__init__(*args)
        self.said = {each["outcome"]: each for each in self.before.get("outcomes", [])}
        self.names = self.book.outcome_names
        initial = [{**self.said.get(outcome, {}), "id": outcome} for outcome in self.names]
        self.rows = IndicatorRows(self.data, prefix="outcomes", initial=initial)

    def forms(self) -> list[forms.BaseForm]:
        """Return a form for each outcome."""
        return list(self.rows.forms)

    def is_valid(self) -> bool:
        """Say whether all rows are right, and about the outcomes of this plan."""
        return self.edits.is_valid() and self.rows.is_valid()

    def content(self) -> Content:
        """Return what is said of each outcome that is drawn; the order of the page is that of the theory."""
        found = dict[str, Content]()
        for form in self.rows.forms:
            said = dict(form.cleaned_data)
            outcome = said.pop("id", "")
            if outcome in self.names:
                found[outcome] = {"outcome": outcome, **said}
        return {"outcomes": [found[name] for name in self.names if name in found]}

    def context(self) -> dict[str, Any]:  # Any: what a template shows
        """Return the rows with their names and how material each is."""
        shown = [
            {
                "form": form,
                "name": name,
                "materiality": (points := materiality_of(self.said.get(outcome, {}))),
                "is_material": points >= MATERIAL,
            }
            for form, (outcome, name) in zip(self.rows.forms, self.names.items(), strict=False)
        ]
        return {"rows": self.rows, "shown": shown}
