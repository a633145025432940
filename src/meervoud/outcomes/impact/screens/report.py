"""Step 9: what is told, what is decided, and what the next euro would do."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.screens.screen import RowForm, Screen, rows_of
from meervoud.outcomes.models import Step

CHOICES: Final = (
    ("keep", gettext_lazy("keep")),
    ("change", gettext_lazy("change")),
    ("stop", gettext_lazy("stop")),
)
LONG: Final = 1500
LARGEST: Final = 10**9


class DecisionForm(RowForm):
    """One decision."""

    what = forms.CharField(label=gettext_lazy("What is it about?"), max_length=160)
    choice = forms.ChoiceField(label=gettext_lazy("What do you do with it?"), choices=CHOICES)
    why = forms.CharField(label=gettext_lazy("Why?"), max_length=300)


class TellingForm(forms.Form):
    """The words of the report."""

    is_all_optional = True
    summary = forms.CharField(
        label=gettext_lazy("What was it about, in a few sentences?"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea,
    )
    lessons = forms.CharField(
        label=gettext_lazy("What did you learn, also where it did not work?"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea,
    )


class FundingForm(forms.Form):
    """What is asked of a funder."""

    is_all_optional = True
    amount = forms.IntegerField(
        label=gettext_lazy("How much do you ask for the next year?"), min_value=0, max_value=LARGEST, required=False
    )
    purpose = forms.CharField(
        label=gettext_lazy("What will you do with it?"), max_length=600, required=False, widget=forms.Textarea
    )
    limits = forms.CharField(
        label=gettext_lazy("What stands in the way of reaching more people?"),
        max_length=600,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Such as rooms, volunteers, or people who do not find you. A funder asks this first."),
    )


DecisionRows = rows_of(DecisionForm)


class ReportScreen(Screen):
    """The screen of step 9."""

    step = Step.REPORT
    template = "outcomes/impact/report_step.html"

    def __init__(self, *args: Any) -> None:  # Any: as of every screen
        super().__init__(*args)
        said = self.before
        self.decisions = DecisionRows(self.data, prefix="decisions", initial=said.get("decisions", []))
        self.telling = TellingForm(self.data, prefix="telling", initial=said.get("telling", {}))
        self.funding = FundingForm(self.data, prefix="funding", initial=said.get("funding", {}))

    def forms(self) -> list[forms.BaseForm]:
        """Return the forms of the page."""
        return [*self.decisions.forms, self.telling, self.funding]

    def is_valid(self) -> bool:
        """Say whether everything is right."""
        return all(each.is_valid() for each in (self.edits, self.decisions, self.telling, self.funding))

    def content(self) -> Content:
        """Return decisions, words and what is asked."""
        rows = [{name: row[name] for name in ("what", "choice", "why")} for row in self.decisions.kept()]
        return {"decisions": rows, "telling": self.telling.cleaned_data, "funding": self.funding.cleaned_data}

    def context(self) -> dict[str, Any]:  # Any: what a template shows
        """Return the forms, and the reports that are out."""
        reports = self.book.plan.reports.defer("data")
        stories = self.book.plan.stories.defer("picture")
        written = {"decisions": self.decisions, "telling": self.telling, "funding": self.funding}
        return {**written, "reports": reports, "stories": stories}
