"""The three questions that every search and every request begins with: when, how many, where."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from shapely.geometry import shape

from meervoud.core.engine.types.requests import Need, Weekly, Window
from meervoud.core.engine.types.spaces import Position
from meervoud.core.errors import InputError
from meervoud.lib.saying import say_error, spoken
from meervoud.parties.models import Programme
from meervoud.places.models import Neighbourhood

HALF_HOURS = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(6 * 60, 24 * 60 + 1, 30)]
LENGTHS = (60, 90, 120, 150, 180, 240, 300, 480)
WEEKS = (1, 4, 8, 12, 26, 52)
METRES = (500, 1000, 2000, 3000, 5000, 10000)


class QuestionsForm(forms.Form):
    """When, how many, where; everything may be left open."""

    is_all_optional = True
    defaults: ClassVar[Mapping[str, int]] = {"minutes": 120, "weeks": 12, "metres": 2000}

    days = forms.MultipleChoiceField(
        label=_("On which days?"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    start = forms.ChoiceField(label=_("Not before"), required=False, choices=())
    end = forms.ChoiceField(label=_("Not after"), required=False, choices=())
    minutes = forms.TypedChoiceField(label=_("How long each time?"), required=False, coerce=int)
    first = forms.DateField(
        label=_("From which day?"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    weeks = forms.TypedChoiceField(label=_("How many weeks?"), required=False, coerce=int)
    people = forms.IntegerField(label=_("How many people?"), required=False, min_value=1, max_value=100_000)
    near = forms.ChoiceField(label=_("Near which neighbourhood?"), required=False, choices=())
    metres = forms.TypedChoiceField(label=_("How far at most?"), required=False, coerce=int)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, programme: Programme, today: date, **rest: Any
    ) -> None:
        """Fill in the choices of the programme, in the language of the page. Any: Django's own values."""
        super().__init__(self._with_defaults(data), **rest)
        self.programme, self.today = programme, today
        said = spoken()
        self.areas = {area.code: area for area in neighbourhoods(programme)}
        times: list[tuple[str, Any]] = [("", _("any time")), *((each, each) for each in HALF_HOURS)]
        self.choose("days", [(str(day), said.weekday(day).capitalize()) for day in range(7)])
        self.choose("start", times[:-1])
        self.choose("end", times)
        self.choose("minutes", [(each, length_name(each)) for each in LENGTHS])
        self.choose("weeks", [(each, weeks_name(each)) for each in WEEKS])
        self.choose("near", [("", _("anywhere")), *((code, area.name) for code, area in self.areas.items())])
        self.choose("metres", [(each, said.distance(each)) for each in METRES])
        for name, value in self.defaults.items():
            self.fields[name].initial = value

    @classmethod
    def _with_defaults(cls, data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:  # Any: Django's own values
        """Fill in what an address leaves out, so that the fields show what is searched."""
        missing = [name for name in cls.defaults if data is not None and not data.get(name)]
        if data is None or not missing:
            return data
        filled = data.copy() if isinstance(data, QueryDict) else MultiValueDict({k: [v] for k, v in data.items()})
        for name in missing:
            filled[name] = str(cls.defaults[name])
        return filled

    def choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:  # Any: values and texts of choices
        """Give a field its choices."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # every field that chooses is one
        field.choices = choices

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Try the rule, so that what does not fit together is said here."""
        said = super().clean() or {}
        if not self.errors:
            try:
                self.needs()
            except InputError as error:
                self.add_error("minutes", say_error(error))
        return said

    def needs(self) -> tuple[Need, ...]:
        """Return when, as the engine asks it; () where no day was chosen.

        Raises:
            InputError: the length does not fit between the times.
        """
        said = self.cleaned_data
        days = frozenset(int(day) for day in said.get("days") or ())
        if not days:
            return ()
        start, end = minute_of(said.get("start") or "08:00"), minute_of(said.get("end") or "22:00")
        weeks, minutes = said.get("weeks") or 12, said.get("minutes") or 120
        first = max(said.get("first") or self.today, self.today)
        weeks = min(weeks, 52 - (first - self.today).days // 7)
        window = Window(start, end) if end > start else Window(start, end + 1440)
        return (Weekly(days, window, minutes, first, max(weeks, 1)),)

    def clean_first(self) -> date | None:
        """Refuse a day more than eleven months ahead: only a year is searched."""
        first: date | None = self.cleaned_data.get("first")
        if first and first > self.today + timedelta(days=330):
            raise forms.ValidationError(_("Choose a day within eleven months."))
        return first

    def position(self) -> tuple[Position | None, int | None]:
        """Return the middle of the chosen neighbourhood and the greatest distance in metres."""
        area = self.areas.get(self.cleaned_data.get("near") or "")
        if area is None:
            return None, None
        inside = shape(area.outline).representative_point()
        return Position(round(inside.y, 5), round(inside.x, 5)), self.cleaned_data.get("metres") or 2000


class PlaceForm(QuestionsForm):
    """How many and where, for a request whose rules are more than three questions can show."""

    def __init__(self, *args: Any, **rest: Any) -> None:  # Any: Django's own values
        """Leave out what the pages of its rules ask."""
        super().__init__(*args, **rest)
        for name in ("days", "start", "end", "minutes", "first", "weeks"):
            del self.fields[name]


def length_name(minutes: int) -> str:
    """Return "1.5 hours" in the language of the page."""
    said = spoken()
    hours = ngettext("%(number)s hour", "%(number)s hours", 1 if minutes == 60 else 2)
    return hours % {"number": said.number(minutes / 60)}


def weeks_name(weeks: int) -> str:
    """Return "every week, 12 weeks" or "once"."""
    if weeks == 1:
        return str(_("once, in this week"))
    return ngettext("every week, %(number)s week", "every week, %(number)s weeks", weeks) % {"number": weeks}


def clock_of(minute: int) -> str:
    """Return "19:30" of minutes after midnight; a day ends at 24:00."""
    return "24:00" if minute == 1440 else f"{minute // 60 % 24:02}:{minute % 60:02}"


def minute_of(text: str) -> int:
    """Return minutes after midnight of "19:30"."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def neighbourhoods(programme: Programme) -> list[Neighbourhood]:
    """Return the neighbourhoods of a programme by name, without the water."""
    return list(Neighbourhood.objects.filter(programme=programme).exclude(kind="water"))
