"""Step 5: which questions, when, whom, and how many minutes it costs them."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from meervoud.outcomes.impact.book import Content
from meervoud.outcomes.impact.measures import asked_of, open_questions, say_length, survey_choices
from meervoud.outcomes.impact.screens.screen import Screen
from meervoud.outcomes.models import Moment, Step

CONSENT: Final = gettext_lazy(
    "We ask this to learn whether our activity helps. You do not have to answer. We do not ask your name. "
    "Only the sum of all answers is shown."
)


class MeasurementForm(forms.Form):
    """The measurement plan."""

    questions = forms.MultipleChoiceField(
        label=gettext_lazy("What do you ask?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose few. A person should need at most five minutes; one and a half is better."),
    )
    moments = forms.MultipleChoiceField(
        label=gettext_lazy("When do you ask?"),
        choices=Moment.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Ask at least twice, so that you see a change. People without the activity show what would have happened anyway."
        ),
    )
    expected = forms.IntegerField(
        label=gettext_lazy("How many people do you ask?"),
        min_value=1,
        max_value=100_000,
        help_text=gettext_lazy("With fewer than 5 answers nothing is shown; with 30 or more you can say most."),
    )
    who = forms.CharField(
        label=gettext_lazy("Who asks, and who types in what came in on paper?"),
        max_length=200,
        help_text=gettext_lazy("A role is enough, such as: the volunteer at the door."),
    )
    dose = forms.IntegerField(
        label=gettext_lazy("How often must somebody have come to count?"),
        min_value=1,
        max_value=500,
        initial=3,
        help_text=gettext_lazy("Nobody claims a change for somebody who came once. Three times is usual."),
    )
    consent = forms.CharField(
        label=gettext_lazy("What people read before they answer"),
        max_length=600,
        initial=CONSENT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **named: Any) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        self.fields["questions"].choices = survey_choices()  # type: ignore[attr-defined]  # choices


class MeasurementScreen(Screen):
    """The screen of step 5."""

    step = Step.MEASUREMENT
    template = "outcomes/impact/measurement.html"

    def __init__(self, *args: Any) -> None:  # Any: as of every screen
        super().__init__(*args)
        wanted = [each.get("indicator") for each in self.book.rows(Step.INDICATORS, "outcomes")]
        known = {code for code, _label in survey_choices()}
        usual = {
            "questions": [*dict.fromkeys(each for each in wanted if each in known), *open_questions()],
            "moments": [Moment.START, Moment.LATER],
        }
        self.form = MeasurementForm(self.data, initial=self.before or usual)

    def forms(self) -> list[forms.BaseForm]:
        """Return the one form."""
        return [self.form]

    def content(self) -> Content:
        """Return the plan."""
        return dict(self.form.cleaned_data)

    def context(self) -> dict[str, Any]:  # Any: what a template shows
        """Return the form, and how long the questions take."""
        return {"form": self.form, "length": say_length(asked_of(self.book))}
