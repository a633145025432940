"""The forms of figures: a period, targets, costs, values of others, and what a square metre is worth."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.outcomes.models import Cost, FigureTerms, PortfolioValue, Target
from meervoud.outcomes.periods import EARLIEST, is_endless
from meervoud.parties.models import Programme


def date_input() -> forms.DateInput:
    """Return a field of the browser's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


DAYS: Final = {"first": date_input(), "last": date_input()}


class PeriodForm(forms.Form):
    """From which day up to and with which day; sent by GET."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=date_input())
    last = forms.DateField(label=gettext_lazy("Last day"), widget=date_input())

    def clean(self) -> dict[str, Any]:  # Any: dates
        """Refuse a period that ends before it starts, or is endless."""
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first day. Check the two days."))
        elif first and last and is_endless(first, last):
            self.add_error("last", _("Choose a period of at most ten years."))
        return said


def usual_period(programme: Programme, day: date) -> tuple[date, date]:
    """Return the period that is shown first: a programme that is over as a whole, else this year until today."""
    if programme.ends_on is not None and programme.ends_on <= day:
        return programme.starts_on, programme.ends_on
    first = max(programme.starts_on, day.replace(month=1, day=1))
    return min(first, day), day


class TargetForm(forms.ModelForm[Target]):
    """What the programme wants to reach in a period."""

    class Meta:
        model = Target
        fields = ("figure", "first", "last", "amount")
        widgets = DAYS


class CostForm(forms.ModelForm[Cost]):
    """What the programme itself costs."""

    amount = forms.DecimalField(label=gettext_lazy("Amount"), min_value=0, max_value=10**9, decimal_places=2)

    class Meta:
        model = Cost
        fields = ("what", "first", "last")
        widgets = DAYS


class PortfolioForm(forms.ModelForm[PortfolioValue]):
    """What somebody says that the initiatives themselves are worth."""

    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("Who says so, where and when. Without a source it is not shown."),
    )
    amount = forms.DecimalField(label=gettext_lazy("Amount"), min_value=0, max_value=10**12, decimal_places=2)

    class Meta:
        model = PortfolioValue
        fields = ("is_at_least", "initiatives", "year", "source")


class TermsForm(forms.ModelForm[FigureTerms]):
    """What a square metre is worth for an hour, and the hall that areas are compared with."""

    class Meta:
        model = FigureTerms
        exclude = ("programme",)

    def clean(self) -> dict[str, Any]:  # Any: numbers and words
        """Refuse a tariff outside its own range, and a hall without a floor or a source."""
        said: dict[str, Any] = super().clean() or {}
        low, value, high = (said.get(name) for name in ("tariff_low", "tariff", "tariff_high"))
        if low is not None and value is not None and high is not None and not 0 < low <= value <= high:
            self.add_error("tariff", _("Write a price between the lowest and the highest, and above 0."))
        if said.get("tariff_year") is not None and said["tariff_year"] < EARLIEST - 100:
            self.add_error("tariff_year", _("This price has no year. Say from which year it is."))
        if said.get("hall_name") and not (said.get("hall_m2") and said.get("hall_source") and said.get("hall_year")):
            self.add_error("hall_m2", _("Write its floor, and the source and year of that, or leave the hall out."))
        return said
