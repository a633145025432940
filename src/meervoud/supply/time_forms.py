"""The forms that say when a space is lent: hours, edges of the building, closed days and limits."""

import re
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from meervoud.places.models import Building
from meervoud.supply.forms import Data, Rows

TIMES = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 24 * 60 + 1, 30)]
EDGE_TITLES = {
    "doors": _("The doors of the building"),
    "alarm": _("The alarm"),
    "cleaning": _("The cleaners"),
    "concierge": _("The concierge"),
    "heating": _("The heating"),
}
EDGE_LABELS = {
    "doors": (_("Open from"), _("Open until")),
    "alarm": (_("Goes off at"), _("Goes on at")),
    "cleaning": (_("At work from"), _("At work until")),
    "concierge": (_("There from"), _("There until")),
    "heating": (_("Warm from"), _("Warm until")),
}
EDGE_RULE = re.compile(r"(Mo-Fr|Sa-Su|Mo-Su) (\d\d:\d\d)-(\d\d:\d\d)")
EDGE_PARTS = {"Mo-Fr": ("week",), "Sa-Su": ("weekend",), "Mo-Su": ("week", "weekend")}
EDGE_WHOLE = re.compile(rf"(?:{EDGE_RULE.pattern}(?:; )?)*")
HOURS_ROWS = {
    "working": (_("Monday to Friday"), (0, 1, 2, 3, 4)),
    "saturday": (_("Saturday"), (5,)),
    "sunday": (_("Sunday"), (6,)),
}


class HoursForm(forms.Form):
    """When a space is lent, in three rows; whoever wants more ticks the week."""

    is_all_optional = True

    lend = forms.ChoiceField(
        label=_("Which hours do you mean?"),
        widget=forms.RadioSelect,
        choices=[
            ("outside", _("the hours we use it ourselves: groups come outside them")),
            ("inside", _("the hours groups can come")),
            ("always", _("groups can come day and night")),
        ],
    )

    def __init__(self, data: Data = None, **rest: Data) -> None:
        """Make two fields for each row."""
        super().__init__(data, **rest)
        times: list[tuple[str, Any]] = [("", "-"), *((each, each) for each in TIMES)]
        for name, (days, _numbers) in HOURS_ROWS.items():
            for end, label in (("from", _("from")), ("until", _("until"))):
                said = format_lazy("{days} {label}", days=days, label=label)
                self.fields[f"{name}_{end}"] = forms.ChoiceField(label=said, required=False, choices=times)

    def rows(self) -> list[tuple[int, str, str]]:
        """Return (weekday, from, until) as `grid_from_form` reads them."""
        return [
            (day, self.cleaned_data.get(f"{name}_from") or "", self.cleaned_data.get(f"{name}_until") or "")
            for name, (_days, numbers) in HOURS_ROWS.items()
            for day in numbers
        ]

    def row_fields(self) -> list[forms.BoundField]:
        """Return the fields of the rows."""
        return [self[f"{name}_{end}"] for name in HOURS_ROWS for end in ("from", "until")]


class WeekForm(forms.Form):
    """A week of half-hours to tick."""

    lend = forms.ChoiceField(choices=[("outside", ""), ("inside", "")])
    cells = forms.MultipleChoiceField(
        required=False, choices=[(f"{day}-{slot}", "") for day in range(7) for slot in range(48)]
    )


class EdgesForm(forms.Form):
    """What bounds every use of the building, as times a host knows; the syntax behind them nobody has to see."""

    is_all_optional = True

    lock_up_minutes = forms.IntegerField(
        label=_("How many minutes before the alarm goes on must everybody be out?"),
        required=False,
        min_value=0,
        max_value=120,
        initial=15,
    )

    def __init__(self, data: Data = None, **rest: Data) -> None:
        """Make four fields for each edge: from and until, on working days and in the weekend."""
        super().__init__(data, **rest)
        times: list[tuple[str, Any]] = [("", _("not known")), *((each, each) for each in TIMES)]
        for kind, (on, off) in EDGE_LABELS.items():
            for part, days in (("week", _("Monday to Friday")), ("weekend", _("Saturday and Sunday"))):
                for end, label in (("from", on), ("until", off)):
                    said = format_lazy("{label} ({days})", label=label, days=days)
                    self.fields[f"{kind}_{part}_{end}"] = forms.ChoiceField(label=said, required=False, choices=times)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields of each edge under its title."""
        ends = ("week_from", "week_until", "weekend_from", "weekend_until")
        return [(str(EDGE_TITLES[kind]), [self[f"{kind}_{end}"] for end in ends]) for kind in EDGE_LABELS]

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Ask for both ends of a time."""
        said = super().clean() or {}
        for kind in EDGE_LABELS:
            for part in ("week", "weekend"):
                one, other = (said.get(f"{kind}_{part}_{end}") for end in ("from", "until"))
                if bool(one) != bool(other):
                    self.add_error(f"{kind}_{part}_{'until' if one else 'from'}", _("Give both times, or neither."))
        return said

    def hours(self) -> dict[str, str]:
        """Return the opening hours of each edge, "" where nothing is known."""
        found = {}
        for kind in EDGE_LABELS:
            week, weekend = (
                (self.cleaned_data.get(f"{kind}_{part}_from"), self.cleaned_data.get(f"{kind}_{part}_until"))
                for part in ("week", "weekend")
            )
            rules = [f"Mo-Fr {week[0]}-{week[1]}"] if week[0] else []
            rules += [f"Sa-Su {weekend[0]}-{weekend[1]}"] if weekend[0] else []
            found[kind] = "; ".join(rules)
        return found

    @classmethod
    def times_in(cls, building: Building) -> dict[str, str | int]:
        """Return the values of the fields for what is known of a building."""
        values: dict[str, str | int] = {"lock_up_minutes": building.lock_up_minutes}
        for kind in EDGE_LABELS:
            for days, start, end in EDGE_RULE.findall(getattr(building, kind)):
                for part in EDGE_PARTS[days]:
                    values |= {f"{kind}_{part}_from": start, f"{kind}_{part}_until": end}
        return values

    @classmethod
    def is_shown_whole(cls, building: Building) -> bool:
        """Say whether the fields can show all that is known; other hours came from a sheet and stay as they are."""
        return all(EDGE_WHOLE.fullmatch(getattr(building, kind)) for kind in EDGE_LABELS)


class LimitsForm(forms.Form):
    """How often, how soon, from when until when, and the days without use."""

    from_day = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until_day = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    notice_days = forms.IntegerField(
        label=_("How many days ahead must a group ask?"), required=False, min_value=0, max_value=365
    )
    buffer_minutes = forms.IntegerField(
        label=_("Minutes you need between two groups"), required=False, min_value=0, max_value=1440
    )
    most_evenings_a_month = forms.IntegerField(
        label=_("At most how many times a month?"), required=False, min_value=1, max_value=31
    )
    holidays = forms.MultipleChoiceField(
        label=_("Closed on public holidays"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    closed = forms.CharField(
        label=_("Other days you are closed"),
        help_text=_("One period a line, for example 2026-12-24 to 2027-01-02."),
        required=False,
        max_length=4000,
        widget=Rows(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Refuse an end before the beginning."""
        said = super().clean() or {}
        if said.get("from_day") and said.get("until_day") and said["until_day"] < said["from_day"]:
            self.add_error("until_day", _("The last day lies before the first."))
        return said
