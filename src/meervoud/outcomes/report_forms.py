"""The forms of a report: its period, its texts, stories with consent, corrections."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.lib.images import prepare_photo
from meervoud.outcomes.corrections import Difference
from meervoud.outcomes.forms import DAYS
from meervoud.outcomes.models import ImpactStory, ProgrammeReport, Story
from meervoud.outcomes.models.reports import ToldWithConsent

CHOICE: Final = "="
S = TypeVar("S", bound=ToldWithConsent)


class BeginForm(forms.ModelForm[ProgrammeReport]):
    """A new report: what it is called, of which days, in which language it is written."""

    class Meta:
        model = ProgrammeReport
        fields = ("title", "language", "first", "last")
        widgets = DAYS


class TextsForm(forms.ModelForm[ProgrammeReport]):
    """The words of a report."""

    class Meta:
        model = ProgrammeReport
        fields = ("title", "language", "summary", "kinds_of_matches", "lessons", "partners", "next_steps")


class StoryForm(forms.ModelForm[S]):
    """A story with its picture, and who agreed to be in it."""

    picture_file = forms.FileField(
        label=gettext_lazy("A picture"),
        required=False,
        help_text=gettext_lazy("JPEG, PNG or WebP. What the camera wrote in it is removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    class Meta:
        fields: tuple[str, ...] = ("title", "text", "picture_alt", "consent_of", "consent_on")
        widgets = {"consent_on": DAYS["first"], "text": forms.Textarea()}  # noqa: RUF012  # Django's own way

    def clean(self) -> dict[str, Any]:  # Any: words, a day, a picture
        """Refuse a picture without words for who cannot see it, and a story without consent."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("picture_file") and not said.get("picture_alt"):
            self.add_error("picture_alt", _("Say what is to be seen in the picture."))
        if not said.get("consent_of") or not said.get("consent_on"):
            self.add_error("consent_of", _("Write who agreed to be in this story, and on which day."))
        return said

    def values(self) -> dict[str, Any]:  # Any: fields
        """Return what the story is made of; the picture is drawn anew.

        Raises:
            InputError: the file is no picture that we can read.
        """
        said = dict(self.cleaned_data)
        file = said.pop("picture_file", None)
        return {**said, "picture": prepare_photo(file.read())[:2][-1].data if file else b""}


class ReportStoryForm(StoryForm[Story]):
    """A story of a programme's report."""

    class Meta(StoryForm.Meta):
        model = Story


class ImpactStoryForm(StoryForm[ImpactStory]):
    """A story beside the impact reports of a plan."""

    class Meta(StoryForm.Meta):
        model = ImpactStory


class CorrectionForm(forms.Form):
    """Which figure of a published report was wrong, out of those that the ledger gives otherwise now, and why."""

    figure = forms.ChoiceField(label=gettext_lazy("Which figure?"), widget=forms.RadioSelect())
    why = forms.CharField(
        label=gettext_lazy("Why was it wrong?"),
        max_length=500,
        widget=forms.Textarea(),
        help_text=gettext_lazy("Everybody reads this below the report."),
    )

    def __init__(self, *args: Any, differences: Sequence[Difference], **named: Any) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        self.fields["figure"].choices = [  # type: ignore[attr-defined]  # a field of choices
            (CHOICE.join((each.figure, each.said[1])), _say_difference(each)) for each in differences
        ]

    def choice(self) -> tuple[str, str]:
        """Return which figure is meant, and what it is now as the person saw it."""
        figure, _between, seen = self.cleaned_data["figure"].partition(CHOICE)
        return figure, seen


def _say_difference(each: Difference) -> str:
    (old, new), label = each.said, str(each.figure.label)
    gaps = {"figure": label[:1].upper() + label[1:], "old": old, "new": new}
    return _("%(figure)s: published %(old)s, by the ledger now %(new)s") % gaps
