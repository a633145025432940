"""Fields for several days and several periods: a row of date inputs each, so that a phone shows its calendar."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.time import DateRange

EMPTY_DAYS, EMPTY_PERIODS, MOST_DAYS, MOST_PERIODS = 6, 2, 120, 30
Data = Any  # Django's own values


def day_input(label: Any) -> forms.DateInput:  # Any: a lazy text
    """Return an input for one day, with a name of its own for who cannot see the row."""
    return forms.DateInput(attrs={"type": "date", "aria-label": label}, format="%Y-%m-%d")


class RowOfDays(forms.MultiWidget):
    """Inputs for days, side by side; it has as many as there are values, and some empty ones."""

    use_fieldset = True

    def decompress(self, value: Data) -> list[date]:
        """Return one value for each input."""
        return list(value or ())

    def id_for_label(self, id_: str) -> str:
        """Return the id of the whole row, which is a fieldset."""
        return id_


class DaysField(forms.MultiValueField):
    """Several days, in any order; empty inputs are left out."""

    def __init__(self, *, shown: int, **rest: Data) -> None:
        """Make as many inputs as are shown."""
        labels = [format_lazy("{word} {number}", word=_("Date"), number=place + 1) for place in range(shown)]
        widget = RowOfDays([day_input(label) for label in labels])
        fields = [forms.DateField(required=False) for _each in labels]
        super().__init__(fields, widget=widget, require_all_fields=False, **rest)

    def compress(self, data_list: Sequence[date | None]) -> list[date]:
        """Return the days in order, each once."""
        return sorted({each for each in data_list or () if each})


class PeriodsField(forms.MultiValueField):
    """Several periods from a first to a last day; a period of one input is one day."""

    def __init__(self, *, shown: int, **rest: Data) -> None:
        """Make two inputs for each period shown."""
        words = (_("First day of period"), _("Last day of period"))
        labels = [
            format_lazy("{word} {number}", word=words[place % 2], number=place // 2 + 1) for place in range(shown * 2)
        ]
        widget = RowOfDays([day_input(label) for label in labels], attrs={"class": "period"})
        fields = [forms.DateField(required=False) for _each in labels]
        super().__init__(fields, widget=widget, require_all_fields=False, **rest)

    def compress(self, data_list: Sequence[date | None]) -> list[DateRange]:
        """Return the periods in the order given.

        Raises:
            ValidationError: one ends before it begins.
        """
        found = list[DateRange]()
        pairs = zip((data_list or ())[::2], (data_list or ())[1::2], strict=True)
        for first, last in pairs:
            if first or last:
                begins, ends = first or last, last or first
                assert begins is not None  # noqa: S101  # one of them is given
                assert ends is not None  # noqa: S101
                if ends < begins:
                    raise forms.ValidationError(_("A period ends before it begins. Put its first day first."))
                found.append(DateRange(begins, ends))
        return found


def how_many(name: str, data: Mapping[str, Data] | None, given: int, *, empty: int, most: int) -> int:
    """Return how many inputs a row has: those of the values, some empty ones, and whatever was sent."""
    numbers = [key.removeprefix(f"{name}_") for key in data or () if key.startswith(f"{name}_")]
    sent = max((int(each) + 1 for each in numbers if each.isdecimal() and len(each) < 4), default=0)
    return max(min(sent, most), given + empty)  # what is there is always shown, or saving would lose it


def nth_weekdays(nth: int, weekday: int, *, after: date, months: int) -> list[date]:
    """Return the nth weekday (0 = Monday) of the coming months, the first one not before a day.

    Args:
        nth: 1 to 4, or -1 for the last of the month.
        weekday: 0 to 6.
        after: the first day that counts.
        months: how many days are returned.
    """
    found, year, month = list[date](), after.year, after.month
    while len(found) < months:
        day = _nth(nth, weekday, year, month)
        if day >= after:
            found.append(day)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def _nth(nth: int, weekday: int, year: int, month: int) -> date:
    first = date(year, month, 1)
    if nth > 0:
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)
