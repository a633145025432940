"""Forms of a plan: which days and hours, where moments go, why one is called off."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from meervoud.core.errors import InputError
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.models import Side
from meervoud.usage.changing import REASONS
from meervoud.usage.wishes import Days, Hours, Weekly, Wish, days_of

DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
OFTEN: Final = (
    ("once", _("once")),
    ("1", _("every week")),
    ("2", _("every two weeks")),
    ("4", _("every four weeks")),
    ("days", _("on days that I write down")),
)
WORDS: Final[Mapping[str, Any]] = {  # Any: lazy texts
    "ill": _("somebody is ill"),
    "few_people": _("too few people come"),
    "holiday": _("we have a break"),
    "other_place": _("we are somewhere else that day"),
    "own_use": _("we need the space ourselves"),
    "works": _("works in the building"),
    "no_staff": _("nobody can open and close"),
    "safety": _("the space is not safe"),
    "pause": _("we pause for some days"),
    "ended": _("the agreement ended"),
    "other": _("something else"),
}
SCOPE_WORDS: Final = (
    ("one", _("only this moment")),
    ("following", _("this and the following ones")),
    ("all", _("all that are still to come")),
)


def day_field(label: Any, *, required: bool = True) -> forms.DateField:  # Any: a lazy text
    """Return a field for a day."""
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


def time_field(label: Any) -> forms.TimeField:  # Any: a lazy text
    """Return a field for a time of the day."""
    return forms.TimeField(
        label=label, input_formats=["%H:%M", "%H.%M"], widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )


class WishForm(forms.Form):
    """Which moments somebody wants."""

    often = forms.ChoiceField(label=_("How often?"), choices=OFTEN, widget=forms.RadioSelect, initial="1")
    first = day_field(_("First day"), required=False)
    last = day_field(_("Last day"), required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("On which weekdays?"),
        help_text=_("Nothing chosen is the weekday of the first day."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.CharField(
        label=_("The days, if you write them down"),
        help_text=_("One day a line, like 2026-12-24."),
        required=False,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    starts = time_field(_("From what time?"))
    ends = time_field(_("Until what time?"))

    def __init__(self, data: Any = None, **rest: Any) -> None:  # Any: Django's own values
        """Name the weekdays in the language of the page."""
        super().__init__(data, **rest)
        said = spoken()
        field = self.fields["weekdays"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # it is declared so above
        field.choices = [(str(each), said.weekday(each).capitalize()) for each in range(7)]

    def clean(self) -> dict[str, Any]:  # Any: the values of fields
        """Make the wish, and say what is missing beside the field that lacks it."""
        found = super().clean() or {}
        often = found.get("often")
        if often in ("once", "1", "2", "4") and not found.get("first"):
            self.add_error("first", _("Choose a day."))
        if often in ("1", "2", "4") and not found.get("last"):
            self.add_error("last", _("Choose a day."))
        if often == "days" and not DAY.findall(found.get("days", "")):
            self.add_error("days", _("Write one day a line, like 2026-12-24."))
        if not self.errors:
            self._make(found)
        return found

    def _make(self, found: dict[str, Any]) -> None:  # Any: the values of fields
        hours = Hours(found["starts"], found["ends"])
        try:
            self.wish = _wish(found, hours)
            days_of(self.wish)
        except InputError as error:
            self.add_error(None, say_error(error))
        except ValueError:
            self.add_error("days", _("One of these days is not in the calendar. Write days like 2026-12-24."))

    wish: Wish


def _wish(found: Mapping[str, Any], hours: Hours) -> Wish:  # Any: the values of fields
    if found["often"] == "once":
        return Days((found["first"],), hours)
    if found["often"] == "days":
        return Days(tuple(date.fromisoformat(each) for each in DAY.findall(found["days"])), hours)
    weekdays = frozenset(int(each) for each in found["weekdays"]) or frozenset({found["first"].weekday()})
    return Weekly(weekdays, found["first"], found["last"], hours, int(found["often"]))


class MoveForm(forms.Form):
    """Where moments go."""

    scope = forms.ChoiceField(label=_("Which moments?"), choices=SCOPE_WORDS, widget=forms.RadioSelect, initial="one")
    day = day_field(_("To which day does this one go?"))
    starts = time_field(_("From what time?"))
    ends = time_field(_("Until what time?"))

    def hours(self) -> Hours:
        """Return the hours that were chosen."""
        return Hours(self.cleaned_data["starts"], self.cleaned_data["ends"])


class CallOffForm(forms.Form):
    """Why a moment, or more of them, cannot be."""

    scope = forms.ChoiceField(label=_("Which moments?"), choices=SCOPE_WORDS, widget=forms.RadioSelect, initial="one")
    reason = forms.ChoiceField(label=_("Why?"), choices=())
    text = forms.CharField(
        label=_("More about it"),
        help_text=_("The other side reads this."),
        required=False,
        max_length=300,
    )

    def __init__(self, data: Any = None, *, side: str, **rest: Any) -> None:  # Any: Django's own values
        """Offer the reasons of one side."""
        super().__init__(data, **rest)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # it is declared so above
        field.choices = [(each, WORDS[each]) for each in REASONS[Side(side)] if each != "pause"]


class PauseForm(forms.Form):
    """Days on which the host needs the space itself."""

    first = day_field(_("First day"))
    last = day_field(_("Last day"))
    text = forms.CharField(
        label=_("More about it"), help_text=_("The other side reads this."), required=False, max_length=300
    )

    def clean(self) -> dict[str, Any]:  # Any: the values of fields
        """Refuse days in the wrong order, and more than two years."""
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first. Swap the two days."))
        if first and last and last - first > timedelta(days=731):
            self.add_error("last", _("Plan two years at most. Choose an earlier last day."))
        return found
