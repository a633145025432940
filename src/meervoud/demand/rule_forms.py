"""One form for each kind of rule that says when: every week, on dates, some hours a week, day and night."""

from abc import ABCMeta, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.requests import Continuous, Dates, Hours, Need, Weekly, Window
from meervoud.core.errors import InputError
from meervoud.demand.models import RequestRule
from meervoud.demand.question_forms import LENGTHS, WEEKS, clock_of, length_name, minute_of, weeks_name
from meervoud.demand.rule_fields import (
    EMPTY_DAYS,
    EMPTY_PERIODS,
    MOST_DAYS,
    MOST_PERIODS,
    Data,
    DaysField,
    PeriodsField,
    day_input,
    how_many,
    nth_weekdays,
)
from meervoud.lib.saying import say_error, spoken

Kind = RequestRule.Kind
TIMES: Final = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 24 * 60 + 1, 30)]
YEAR_AHEAD = timedelta(days=364)
SHARES: Final = {
    1.0: _("each time"),
    0.9: _("nearly each time: 9 times out of 10"),
    0.75: _("3 times out of 4"),
    0.5: _("half of the times"),
}
NTH: Final = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), -1: _("last")}


class KindOfForm(DeclarativeFieldsMetaclass, ABCMeta):
    """What makes a form whose kinds must each give some methods of their own."""


class RuleForm(forms.Form, metaclass=KindOfForm):
    """A rule of a request; each kind adds its own questions and makes its own need."""

    is_all_optional = True
    problem_field: ClassVar[str] = "minutes"

    def __init__(self, data: Data = None, *, need: Need | None, today: date) -> None:
        """Show a need that is there, or the answers that most people give."""
        super().__init__(data, initial=self.shown(need, today))
        self.today = today
        for name, values in (("start", TIMES[:-1]), ("end", TIMES[1:])):
            self._offer(name, [(each, each) for each in self._with_own(name, values)])
        self._offer("minutes", [(each, length_name(each)) for each in self._with_own("minutes", LENGTHS)])
        self._offer("weeks", [(each, weeks_name(each)) for each in self._with_own("weeks", WEEKS)])
        self._offer(
            "share", [(each, share_name(each)) for each in sorted(self._with_own("share", SHARES), reverse=True)]
        )
        self._offer("days", [(str(day), spoken().weekday(day).capitalize()) for day in range(7)])
        if "closed" in self.fields:
            self._add_row("closed", PeriodsField, EMPTY_PERIODS, MOST_PERIODS)

    def _with_own(self, name: str, values: Iterable[Any]) -> list[Any]:  # Any: values of choices
        """Return the usual values, and the one of the rule, which a sheet may have brought."""
        own = self.initial.get(name)
        return sorted({*values, *([] if own is None else [own])})

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:  # Any: values and texts of choices
        field = self.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _add_row(self, name: str, make: type[DaysField] | type[PeriodsField], empty: int, most: int) -> None:
        """Put a row with as many inputs as are needed in the place of a field."""
        old, given = self.fields[name], self.initial.get(name) or []
        inputs = 2 if make is PeriodsField else 1
        shown = how_many(
            name, self.data if self.is_bound else None, len(given) * inputs, empty=empty * inputs, most=most * inputs
        )
        self.fields[name] = make(shown=-(-shown // inputs), label=old.label, help_text=old.help_text, required=False)
        if make is PeriodsField:
            self.initial[name] = [day for period in given for day in (period.first, period.last)]

    @staticmethod
    @abstractmethod
    def shown(need: Need | None, today: date) -> dict[str, Any]:  # Any: values of fields
        """Return what the fields show at first."""

    @abstractmethod
    def need(self) -> Need:
        """Return the rule as the engine sees it.

        Raises:
            InputError: the answers do not go together.
        """

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Try the rule, so that what does not fit together is said here."""
        said = super().clean() or {}
        if not self.errors:
            try:
                need = self.need()
            except InputError as error:
                self.add_error(self.problem_field, say_error(error))
            else:
                self._refuse_past(need)
        return said

    def _refuse_past(self, need: Need) -> None:
        name = "dates" if isinstance(need, Dates) else "first"
        first = need.dates[0] if isinstance(need, Dates) else need.first
        last = need.dates[-1] if isinstance(need, Dates) else _last_day(need)
        if last < self.today:
            self.add_error(name, _("This lies in the past. Choose days to come."))
        elif first > self.today + YEAR_AHEAD:
            self.add_error(name, _("Choose a day within a year: nobody plans a room further ahead."))

    def window(self) -> Window:
        """Return the part of the day that would suit; an end before the start is on the next day."""
        start, end = minute_of(self.cleaned_data["start"]), minute_of(self.cleaned_data["end"])
        return Window(start, end if end > start else end + 1440)


class _Times(forms.Form):
    start = forms.ChoiceField(label=_("Not before"), choices=())
    end = forms.ChoiceField(label=_("Not after"), choices=())


class _Week(forms.Form):
    days = forms.TypedMultipleChoiceField(
        label=_("On which days?"),
        widget=forms.CheckboxSelectMultiple,
        choices=(),
        coerce=int,
        error_messages={"required": _("Tick one or more days.")},
    )


class _Series(forms.Form):
    first = forms.DateField(label=_("From which day?"), widget=day_input(_("From which day?")))
    weeks = forms.TypedChoiceField(label=_("How many weeks?"), coerce=int, choices=())
    share = forms.TypedChoiceField(
        label=_("How often must the room be free?"),
        help_text=_("A room that misses a time or two may still be the best."),
        coerce=float,
        choices=(),
    )
    closed = forms.Field(
        label=_("When do you not meet?"),
        help_text=_(
            "For example in the school holidays. Each pair is a first and a last day. Leave empty what you do not need."
        ),
        required=False,
    )


class WeeklyForm(RuleForm, _Week, _Times, _Series):
    """The same days, week after week."""

    minutes = forms.TypedChoiceField(label=_("How long each time?"), coerce=int, choices=())
    per_week = forms.TypedChoiceField(
        label=_("How many times a week?"), coerce=int, choices=[(each, each) for each in range(1, 8)]
    )
    same_start = forms.TypedChoiceField(
        label=_("Must it be the same day and hour each week?"),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        choices=[("yes", _("yes, always the same")), ("no", _("no, it may change from week to week"))],
    )
    extra = forms.Field(
        label=_("Extra days, at the same hours"),
        help_text=_("For example a feast. Leave empty what you do not need."),
        required=False,
    )
    field_order = (
        "days",
        "start",
        "end",
        "minutes",
        "per_week",
        "same_start",
        "first",
        "weeks",
        "share",
        "closed",
        "extra",
    )

    def __init__(self, *args: Data, **rest: Data) -> None:
        """Add the row of extra days."""
        super().__init__(*args, **rest)
        self._add_row("extra", DaysField, 2, MOST_DAYS)

    @staticmethod
    def shown(need: Need | None, today: date) -> dict[str, Any]:  # Any: values of fields
        """Return what the fields show at first."""
        if not isinstance(need, Weekly):
            return {
                "start": "19:00",
                "end": "22:00",
                "minutes": 120,
                "per_week": 1,
                "same_start": "yes",
                "first": today,
                "weeks": 12,
                "share": 0.9,
            }
        return {
            **_hours_shown(need.window, need.minutes),
            "days": sorted(need.weekdays),
            "per_week": need.per_week,
            "same_start": "yes" if need.same_start else "no",
            "first": need.first,
            "weeks": need.weeks,
            "share": need.coverage_share,
            "closed": list(need.closed),
            "extra": list(need.extra),
        }

    def need(self) -> Need:
        """Return the rule as the engine sees it."""
        said = self.cleaned_data
        return Weekly(
            frozenset(said["days"]), self.window(), said["minutes"], said["first"], said["weeks"], said["share"],
            said["per_week"], said["same_start"], tuple(said["closed"]), tuple(said["extra"]),
        )  # fmt: skip


class DatesForm(RuleForm, _Times):
    """Given dates: once, a series, or each first Tuesday of the month."""

    dates = forms.Field(label=_("On which dates?"), help_text=_("Save, and come back for more fields."), required=False)
    nth = forms.TypedChoiceField(
        label=_("Or: each month on the"), required=False, coerce=int, empty_value=None, choices=()
    )
    nth_day = forms.TypedChoiceField(
        label=_("day of the week"), required=False, coerce=int, empty_value=None, choices=()
    )
    months = forms.IntegerField(label=_("for how many months"), required=False, min_value=1, max_value=12)
    minutes = forms.TypedChoiceField(label=_("How long each time?"), coerce=int, choices=())
    share = forms.TypedChoiceField(label=_("How often must the room be free?"), coerce=float, choices=())
    same_start = forms.TypedChoiceField(
        label=_("Must it begin at the same hour each time?"),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        choices=[("yes", _("yes, always the same")), ("no", _("no, it may differ"))],
    )
    field_order = ("dates", "nth", "nth_day", "months", "start", "end", "minutes", "same_start", "share")

    def __init__(self, *args: Data, **rest: Data) -> None:
        """Add the row of dates."""
        super().__init__(*args, **rest)
        self._add_row("dates", DaysField, EMPTY_DAYS, MOST_DAYS)
        weekdays = [(day, spoken().weekday(day)) for day in range(7)]
        self._offer("nth", [("", _("not monthly")), *NTH.items()])
        self._offer("nth_day", [("", _("choose a day")), *weekdays])

    @staticmethod
    def shown(need: Need | None, today: date) -> dict[str, Any]:  # noqa: ARG004  # Any: values of fields; one shape for all kinds
        """Return what the fields show at first."""
        if not isinstance(need, Dates):
            return {"start": "19:00", "end": "22:00", "minutes": 120, "share": 1.0, "same_start": "no"}
        same = "yes" if need.same_start else "no"
        return {
            **_hours_shown(need.window, need.minutes),
            "dates": list(need.dates),
            "share": need.coverage_share,
            "same_start": same,
        }

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Ask for a date, or for the whole of a monthly day."""
        said = self.cleaned_data
        if said.get("nth") is not None and said.get("nth_day") is None:
            self.add_error("nth_day", _("Choose the day of the week as well."))
        elif not self.errors and not self.all_dates():
            self.add_error("dates", _("Choose one or more dates."))
        return super().clean()

    def all_dates(self) -> tuple[date, ...]:
        """Return the dates that were given and those of the monthly day, in order."""
        said = self.cleaned_data
        monthly = list[date]()
        if said.get("nth") is not None and said.get("nth_day") is not None:
            monthly = nth_weekdays(said["nth"], said["nth_day"], after=self.today, months=said.get("months") or 6)
        return tuple(sorted({*(said.get("dates") or ()), *monthly}))

    def need(self) -> Need:
        """Return the rule as the engine sees it."""
        said = self.cleaned_data
        return Dates(self.all_dates(), self.window(), said["minutes"], said["share"], said["same_start"])


class HoursForm(RuleForm, _Week, _Times, _Series):
    """Some hours a week, on whatever moments are free."""

    hours = forms.DecimalField(
        label=_("How many hours a week?"), min_value=Decimal("0.5"), max_value=168, decimal_places=1
    )
    minutes = forms.TypedChoiceField(
        label=_("How long must one time be at least?"),
        help_text=_("Shorter than this is of no use to you."),
        coerce=int,
        choices=(),
    )
    field_order = ("hours", "minutes", "days", "start", "end", "first", "weeks", "share", "closed")

    @staticmethod
    def shown(need: Need | None, today: date) -> dict[str, Any]:  # Any: values of fields
        """Return what the fields show at first."""
        if not isinstance(need, Hours):
            return {"start": "09:00", "end": "22:00", "minutes": 120, "first": today, "weeks": 12, "share": 0.9}
        return {
            **_hours_shown(need.window, need.min_block_minutes),
            "hours": Decimal(need.per_week_minutes) / 60,
            "days": sorted(need.weekdays),
            "first": need.first,
            "weeks": need.weeks,
            "share": need.coverage_share,
            "closed": list(need.closed),
        }

    def need(self) -> Need:
        """Return the rule as the engine sees it."""
        said = self.cleaned_data
        return Hours(
            int(said["hours"] * 60), frozenset(said["days"]), self.window(), said["minutes"], said["first"],
            said["weeks"], said["share"], tuple(said["closed"]),
        )  # fmt: skip


class WholeForm(RuleForm):
    """The space as a whole, day and night, for a time."""

    problem_field = "last"
    first = forms.DateField(label=_("From which day?"), widget=day_input(_("From which day?")))
    last = forms.DateField(
        label=_("Until and including which day?"), widget=day_input(_("Until and including which day?"))
    )
    share = forms.TypedChoiceField(label=_("How much of that time must it be free?"), coerce=float, choices=())

    @staticmethod
    def shown(need: Need | None, today: date) -> dict[str, Any]:  # Any: values of fields
        """Return what the fields show at first."""
        if not isinstance(need, Continuous):
            return {"first": today, "share": 1.0}
        return {"first": need.first, "last": need.last, "share": need.coverage_share}

    def clean_last(self) -> date:
        """Refuse a last day before the first, and more than five years."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data["last"]
        if first and last < first:
            raise forms.ValidationError(_("The last day comes before the first. Change one of the two."))
        if first and (last - first).days > 5 * 366:
            raise forms.ValidationError(_("Five years is the longest. Choose a sooner last day."))
        return last  # type: ignore[no-any-return]  # what a DateField made

    def need(self) -> Need:
        """Return the rule as the engine sees it."""
        said = self.cleaned_data
        return Continuous(said["first"], (said["last"] - said["first"]).days + 1, said["share"])


FORMS: Final[Mapping[str, type[RuleForm]]] = {
    Kind.WEEKLY: WeeklyForm,
    Kind.DATES: DatesForm,
    Kind.HOURS: HoursForm,
    Kind.CONTINUOUS: WholeForm,
}


def share_name(share: float) -> str | Promise:
    """Return "nearly each time", or a share of one's own in percent."""
    return SHARES.get(share) or spoken().percent(share)


def _hours_shown(window: Window, minutes: int) -> dict[str, Any]:  # Any: values of fields
    return {"start": clock_of(window.start), "end": clock_of(window.end), "minutes": minutes}


def _last_day(need: Weekly | Hours | Continuous) -> date:
    if isinstance(need, Continuous):
        return need.last
    last = need.first + timedelta(days=7 * need.weeks - 1)
    return max(last, *need.extra) if isinstance(need, Weekly) and need.extra else last
