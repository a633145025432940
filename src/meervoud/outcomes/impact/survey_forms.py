"""Forms of surveys: what a wave asks on a screen, a sheet of paper typed in, and the wave itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meervoud.files.impact.scales import LONGEST
from meervoud.lib.clock import today
from meervoud.outcomes.forms import date_input
from meervoud.outcomes.impact.asking import Asked, Group, groups_of, languages_of
from meervoud.outcomes.impact.pseudonyms import CARD, DAYS, Code
from meervoud.outcomes.impact.surveying import MOST_ASKED, MOST_DAYS, Said
from meervoud.outcomes.models import Moment, Wave
from meervoud.outcomes.periods import EARLIEST, LATEST
from meervoud.parties.models.people import LANGUAGES

USUAL_DAYS: Final = timedelta(days=14)
SINGLE_DAYS: Final = timedelta(days=2)
YEARS_AHEAD: Final = 2
"""Answers are erased two years after the last wave: one in a far year would keep them for good."""
HIDDEN_FROM_OTHERS: Final = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
"""A code is no address book entry: the browser neither keeps it nor sends it out to have it spelled."""
CODE: Final = ("mother", "birth_day", "street", "card")


@dataclass(frozen=True)
class Shown:
    """One question with its field, for the page."""

    asked: Asked
    field: forms.BoundField


@dataclass(frozen=True)
class ShownGroup:
    """Questions that belong together, with their fields."""

    intro: str
    shown: Sequence[Shown]


class AnswersForm(forms.Form):
    """What every form of answers has: a field for each question, the code, the consent."""

    is_all_optional = True
    sheet = forms.CharField(max_length=300, widget=forms.HiddenInput)
    consent = forms.BooleanField(label=gettext_lazy("I agree. You may use my answers in this way."))
    mother = forms.CharField(
        label=gettext_lazy("The first two letters of your mother’s first name"),
        help_text=gettext_lazy("Or of whoever raised you. If you do not know it, write XX."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=HIDDEN_FROM_OTHERS),
    )
    birth_day = forms.IntegerField(
        label=gettext_lazy("The day of the month you were born on (1 to 31)"),
        help_text=gettext_lazy("Only the day: for 7 March that is 7. If you do not know it, write 31."),
        min_value=1,
        max_value=DAYS,
        required=False,
        widget=forms.NumberInput(attrs={"autocomplete": "off"}),
    )
    street = forms.CharField(
        label=gettext_lazy("The last two letters of the street you grew up in"),
        help_text=gettext_lazy(
            "The first one you remember. Was there no street? Then of the village. If you do not know, write XX."
        ),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=HIDDEN_FROM_OTHERS),
    )
    card = forms.CharField(
        label=gettext_lazy("Or: the code on your card"),
        help_text=gettext_lazy("Only if you got a card with a code. Then leave the three questions open."),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=HIDDEN_FROM_OTHERS),
    )

    def __init__(self, *args: Any, wave: Wave, **named: Any) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        self.wave = wave
        self.groups: list[Group] = groups_of(wave)
        self.has_code = wave.is_joined
        for each in self._asked():
            self.fields[each.field] = self.field_of(each)
        if not self.has_code:
            for name in CODE:
                del self.fields[name]

    def field_of(self, asked: Asked) -> forms.Field:
        """Return the field of a question."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:  # Any: the values of fields
        """Refuse half a code: it would pair with nobody."""
        said: dict[str, Any] = super().clean() or {}
        three = [said.get("mother"), said.get("birth_day"), said.get("street")]
        is_wrong = any(name in self.errors for name in CODE)
        if self.has_code and not is_wrong and not said.get("card") and any(three) and not all(three):
            missing = next(name for name, each in zip(CODE, three, strict=False) if not each)
            self.add_error(missing, _("Answer all three questions of the code, or none of them."))
        if said.get("card") and sum(each.isalnum() for each in said["card"]) not in CARD:
            self.add_error("card", _("Type the code as it stands on the card."))
        return said

    def shown(self) -> Iterator[ShownGroup]:
        """Yield the questions with their fields."""
        for group in self.groups:
            yield ShownGroup(group.intro, [Shown(each, self[each.field]) for each in group.asked])

    def renew(self, word: str) -> None:
        """Give a form that was sent a new id for its sheet: the answers stay on the page, to be sent again."""
        assert isinstance(self.data, QueryDict)  # noqa: S101  # what a browser sent
        self.data = self.data.copy()
        self.data["sheet"] = word

    def code_fields(self) -> list[forms.BoundField]:
        """Return the fields of the code; none once nothing can be paired."""
        return [self[name] for name in CODE] if self.has_code else []

    def said(self, language: str) -> Said:
        """Return what was answered; what was skipped is not there."""
        given = self.cleaned_data
        answers, words = dict[str, dict[str, int]](), ""
        for each in self._asked():
            value = given.get(each.field)
            if each.kind == "words":
                words = value or ""
            elif value not in (None, ""):
                answers.setdefault(each.scale, {})[each.item] = int(value)
        return Said(answers, words, language, given["consent"], self._code(given))

    def _code(self, given: Mapping[str, Any]) -> Code:  # Any: the values of fields
        if not self.has_code:
            return Code()
        return Code(given["mother"], given["birth_day"], given["street"], given["card"])

    def _asked(self) -> list[Asked]:
        return [each for group in self.groups for each in group.asked]


def words_field(asked: Asked) -> forms.Field:
    """Return the field of an open question."""
    return forms.CharField(
        label=asked.text,
        required=False,
        max_length=LONGEST,
        help_text=_("At most %(most)s letters. Write no names.") % {"most": LONGEST},
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class SurveyForm(AnswersForm):
    """What somebody answers who has the link."""

    def field_of(self, asked: Asked) -> forms.Field:
        """Return buttons to choose from, with one to skip the question."""
        if asked.kind == "words":
            return words_field(asked)
        if asked.kind == "number":
            return forms.IntegerField(label=asked.text, min_value=asked.low, max_value=asked.high, required=False)
        names = dict(asked.names)
        numbers = range(asked.low, asked.high + 1)
        choices = [(str(each), names[each] if asked.kind == "names" else str(each)) for each in numbers]
        return forms.ChoiceField(
            label=asked.text,
            choices=[*choices, ("", gettext_lazy("No answer"))],
            required=False,
            initial="",
            widget=forms.RadioSelect,
        )


class SheetForm(AnswersForm):
    """A sheet of paper, typed in: numbers only, so that no hand leaves the keyboard."""

    consent = forms.BooleanField(label=gettext_lazy("The box under “I agree” is ticked on the paper."))
    day = forms.DateField(label=gettext_lazy("Day on the paper"), widget=date_input())
    language = forms.ChoiceField(label=gettext_lazy("Language of the paper"))

    def __init__(self, *args: Any, **named: Any) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        known = languages_of(self.wave)
        self.fields["language"].choices = [each for each in LANGUAGES if each[0] in known]  # type: ignore[attr-defined]  # choices

    def field_of(self, asked: Asked) -> forms.Field:
        """Return a number to type, with what each number says."""
        if asked.kind == "words":
            return words_field(asked)
        meaning = " · ".join(f"{number} {name}" for number, name in asked.names)
        return forms.IntegerField(
            label=asked.text,
            help_text=meaning if asked.kind == "names" else f"{asked.low}-{asked.high}",
            min_value=asked.low,
            max_value=asked.high,
            required=False,
            widget=forms.NumberInput(attrs={"autocomplete": "off"}),
        )


class TermsForm(forms.Form):
    """The days of a wave, and how many people it asks."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=date_input())
    last = forms.DateField(label=gettext_lazy("Last day"), widget=date_input())
    asked = forms.IntegerField(
        label=gettext_lazy("How many people do you ask?"),
        help_text=gettext_lazy("Count everybody who gets the question, also those who say no. It gives the response."),
        min_value=1,
        max_value=MOST_ASKED,
    )

    def clean(self) -> dict[str, Any]:  # Any: the values of fields
        """Refuse days that are not in order."""
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        for name, day in (("first", first), ("last", last)):
            if day and not EARLIEST <= day.year <= today().year + YEARS_AHEAD:
                self.add_error(name, _("Choose a day within the next two years."))
                return said
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first day. Check the two days."))
        elif first and last and last - first > MOST_DAYS:
            self.add_error("last", _("A wave lasts a year at most. Choose an earlier last day."))
        return said


class WaveForm(TermsForm):
    """A new wave: at which point of the activity, from when; on a day of use, or on days of its own."""

    field_order = ("moment", "use", "first", "last", "asked")
    moment = forms.ChoiceField(
        label=gettext_lazy("At which point of the activity do you ask?"), widget=forms.RadioSelect
    )
    use = forms.ChoiceField(
        label=gettext_lazy("On a day that people come"),
        help_text=gettext_lazy("Then the wave begins on that day. Leave it open to choose the first day yourself."),
        required=False,
    )

    def __init__(
        self, *args: Any, moments: Sequence[tuple[str, str]], uses: Mapping[str, tuple[date, str]], **named: Any
    ) -> None:  # Any: Django's own
        super().__init__(*args, **named)
        self.uses = uses
        self.fields["moment"].choices = list(moments)  # type: ignore[attr-defined]  # choices
        last = self.fields["last"]
        last.required = False
        last.help_text = _("Leave it open for two weeks, or for two days after a single time.")
        self.fields["first"].required = not uses
        if uses:
            choices = [("", _("No, on other days")), *((key, label) for key, (_day, label) in uses.items())]
            self.fields["use"].choices = choices  # type: ignore[attr-defined]  # choices
        else:
            del self.fields["use"]

    def clean(self) -> dict[str, Any]:  # Any: the values of fields
        """Take the first day from the day of use that was chosen."""
        chosen = self.cleaned_data.get("use")
        if chosen:
            self.cleaned_data["first"] = self.uses[chosen][0]
        elif not self.cleaned_data.get("first") and "first" not in self.errors:
            self.add_error("first", _("Choose a day on which people come, or a first day."))
        first = self.cleaned_data.get("first")
        if first and first.year <= LATEST and not self.cleaned_data.get("last") and "last" not in self.errors:
            is_pulse = self.cleaned_data.get("moment") == Moment.PULSE
            self.cleaned_data["last"] = first + (SINGLE_DAYS if is_pulse else USUAL_DAYS)
        return super().clean()

    def values(self) -> dict[str, Any]:  # Any: see begin_wave
        """Return what begin_wave needs."""
        return {name: self.cleaned_data[name] for name in ("moment", "first", "last", "asked")}
