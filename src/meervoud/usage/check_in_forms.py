"""Forms of what became of a moment: three taps at the door, and many moments typed in from paper."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from meervoud.usage.checking_in import MOST_LETTERS, MOST_PEOPLE, Report
from meervoud.usage.models import UsageMoment

COUNT = {"inputmode": "numeric"}
HELD = (("yes", _("It took place")), ("no", _("Nobody came")))


def count_field(label: Any) -> forms.IntegerField:  # Any: a lazy text
    """Return a field for a number of people."""
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_PEOPLE, widget=forms.NumberInput(attrs=COUNT)
    )


class CheckInForm(forms.Form):
    """Held or not, how many, how many for the first time."""

    was_held = forms.ChoiceField(label=_("Did it take place?"), choices=HELD, widget=forms.RadioSelect)
    people = count_field(_("How many people were there?"))
    first_timers = count_field(_("How many for the first time?"))
    note = forms.CharField(label=_("Anything to say about it?"), max_length=MOST_LETTERS, required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, data: Any = None, **rest: Any) -> None:  # Any: Django's own values
        """Give each page a key of its own, so that the same answer sent twice counts once."""
        super().__init__(data, **rest)
        self.fields["key"].initial = uuid4().hex

    def clean(self) -> dict[str, Any]:  # Any: the values of fields
        """Refuse more first-timers than people."""
        found = super().clean() or {}
        people, first = found.get("people"), found.get("first_timers")
        if first is not None and not self.errors and (people is None or first > people):
            self.add_error(
                "first_timers", _("More people came for the first time than came at all. Check the two numbers.")
            )
        return found

    def report(self, way: str, by: Any = None) -> Report:  # Any: a Person or nobody
        """Return what was said."""
        said = self.cleaned_data
        was_held = said["was_held"] == "yes"
        people, first = (said["people"], said["first_timers"]) if was_held else (None, None)
        return Report(way, said["key"], was_held, people, first, said["note"], by)


class TallyRow(forms.Form):
    """One line of a paper tally; an empty line says nothing."""

    was_held = forms.ChoiceField(
        label=_("Did it take place?"), choices=(("", _("not on the paper")), *HELD), required=False
    )
    people = count_field(_("How many people were there?"))
    first_timers = count_field(_("How many for the first time?"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean(self) -> dict[str, Any]:  # Any: the values of fields
        """A number of people says that it took place; more first-timers than people cannot be."""
        found = super().clean() or {}
        people, first = found.get("people"), found.get("first_timers")
        if not found.get("was_held") and people is not None:
            found["was_held"] = "yes"
        if first is not None and not self.errors and (people is None or first > people):
            self.add_error(
                "first_timers", _("More people came for the first time than came at all. Check the two numbers.")
            )
        return found

    def report(self, by: Any) -> Report | None:  # Any: a Person
        """Return what the line says, None where it is empty."""
        said = self.cleaned_data
        if not said["was_held"]:
            return None
        was_held = said["was_held"] == "yes"
        people, first = (said["people"], said["first_timers"]) if was_held else (None, None)
        return Report("paper", said["key"], was_held, people, first, by=by)


def tally_rows(
    moments: Iterable[UsageMoment], data: Any = None
) -> list[tuple[UsageMoment, TallyRow]]:  # Any: Django's own
    """Return a line of the form for each moment."""
    return [(each, TallyRow(data, prefix=each.pk.hex, initial={"key": f"paper{uuid4().hex}"})) for each in moments]
