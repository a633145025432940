"""Step 1: why and for whom."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.outcomes.forms import date_input
from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.screens.screen import Screen
from meervoud.outcomes.models import Step
from meervoud.outcomes.periods import is_endless

LONG: Final = 1000


class ScopeForm(forms.Form):
    """What the plan is about."""

    is_all_optional = True
    mission = forms.CharField(
        label=gettext_lazy("What do you want to change, in one sentence?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For example: newcomers in our street speak enough Dutch to talk to their neighbours."),
    )
    audience = forms.CharField(
        label=gettext_lazy("For whom?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Who should notice the change, and about how many people that is."),
    )
    area = forms.CharField(label=gettext_lazy("Where?"), max_length=200, required=False)
    first = forms.DateField(label=gettext_lazy("First day"), widget=date_input(), required=False)
    last = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=date_input(),
        required=False,
        help_text=gettext_lazy("A year is usual. Figures of use are counted from the first to the last day."),
    )
    excluded = forms.CharField(
        label=gettext_lazy("What do you leave out?"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What you do not look at, and why. Write “nothing” if you leave nothing out."),
    )

    def clean(self) -> dict[str, Any]:  # Any: words and days
        """Refuse a period that ends before it starts."""
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first day. Check the two days."))
        elif first and last and is_endless(first, last):
            self.add_error("last", _("Choose a period of at most ten years."))
        return said


class ScopeScreen(Screen):
    """The screen of step 1."""

    step = Step.SCOPE
    template = "outcomes/impact/scope.html"

    def __init__(self, *args: Any) -> None:  # Any: as of every screen
        super().__init__(*args)
        self.form = ScopeForm(self.data, initial=self.before)

    def forms(self) -> list[forms.BaseForm]:
        """Return the one form."""
        return [self.form]

    def content(self) -> Content:
        """Return the five answers, days as text."""
        return {name: str(each) if each else "" for name, each in self.form.cleaned_data.items()}

    def context(self) -> dict[str, Any]:  # Any: what a template shows
        """Return the form."""
        return {"form": self.form}
