"""The steps of a request after its three questions, each a short form; all but its name can wait or be left open."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.vocabulary import ACTIVITIES, CAUSES, FACILITIES, LOUDNESS
from meervoud.demand.models.requests import MeetsNow
from meervoud.lib.saying import words_of
from meervoud.parties.models import Organisation
from meervoud.parties.models.organisations import Sector

Data = Any  # Django's own values
DAY = {"type": "date"}


class ActivityForm(forms.Form):
    """What a group does, for whom, and what it brings about."""

    title = forms.CharField(label=_("What is the activity called?"), max_length=120)
    cause = forms.ChoiceField(label=_("What is it about?"), required=False, choices=())
    for_whom = forms.CharField(
        label=_("For whom is it?"),
        help_text=_("For example: neighbours who learn Dutch."),
        required=False,
        max_length=200,
    )
    brings_about = forms.CharField(
        label=_("What will it bring about?"),
        help_text=_("One sentence. For example: people dare to speak Dutch in the shop."),
        required=False,
        max_length=300,
    )
    kind_of_activity = forms.ChoiceField(
        label=_("What do people do together?"),
        required=False,
        choices=[
            ("", _("not said")),
            ("personal_contact", _("meet in person")),
            ("learning", _("learn and develop")),
            ("finding_solutions", _("find solutions together")),
            ("informing", _("inform each other")),
            ("deciding", _("decide something")),
            ("producing_alone", _("work alone, side by side")),
        ],
    )
    organisation = forms.ChoiceField(label=_("For which organisation do you ask?"), required=False, choices=())
    is_sheltered = forms.BooleanField(
        label=_("This group needs shelter: nothing about its place, host or hours may ever be public"), required=False
    )

    def __init__(self, data: Data = None, *, organisations: Sequence[Organisation] = (), **rest: Data) -> None:
        """Fill in the causes, and the asker's own organisations."""
        super().__init__(data, **rest)
        self.organisations = {str(each.pk): each for each in organisations}
        own = [(key, each.name) for key, each in self.organisations.items()]
        choices = {
            "cause": [("", _("not said")), *words_of("causes", CAUSES)],
            "organisation": [("", _("for none: as neighbours")), *own],
        }
        for name, each in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
            field.choices = each


class MustsForm(forms.Form):
    """What must be there, and what would be nice."""

    step_free = forms.BooleanField(label=_("Somebody who comes needs step-free access"), required=False)
    facilities = forms.MultipleChoiceField(
        label=_("What must be there?"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    wishes = forms.MultipleChoiceField(
        label=_("What would be nice?"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    activities = forms.MultipleChoiceField(
        label=_("What will you do there?"),
        help_text=_("Only what a host could mind."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )
    loudness = forms.ChoiceField(label=_("How loud does it get?"), required=False, choices=())
    area_m2 = forms.FloatField(label=_("Least floor area in m2"), required=False, min_value=0, max_value=1_000_000)

    def __init__(self, data: Data = None, **rest: Data) -> None:
        """Fill in the closed lists."""
        super().__init__(data, **rest)
        lists: dict[str, list[tuple[str, Any]]] = {
            "facilities": words_of("facilities", FACILITIES),
            "wishes": words_of("facilities", FACILITIES),
            "activities": words_of("activities", ACTIVITIES),
            "loudness": [("", _("not said")), *words_of("loudness", LOUDNESS)],
        }
        for name, choices in lists.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
            field.choices = choices


class BudgetForm(forms.Form):
    """What a group can pay."""

    can_pay = forms.ChoiceField(
        label=_("What can you pay?"),
        widget=forms.RadioSelect,
        choices=[("", _("we talk about it")), ("nothing", _("nothing: it must be free")), ("some", _("at most this"))],
        required=False,
    )
    budget = forms.DecimalField(label=_("Amount"), required=False, min_value=0, max_value=100_000, decimal_places=2)
    budget_per = forms.ChoiceField(
        label=_("Per"), required=False, choices=[("hour", _("hour")), ("month", _("month"))], initial="hour"
    )

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Ask for the amount."""
        said = super().clean() or {}
        if said.get("can_pay") == "some" and said.get("budget") is None and not self.errors:
            self.add_error("budget", _("Say how much, or choose another answer."))
        return said


class CompaniesForm(forms.Form):
    """Companies whose rooms a group does not want, by their sector; people and groups are never meant."""

    no_sectors = forms.MultipleChoiceField(
        label=_("Companies of which sectors do you want no room of?"),
        help_text=_("This is about companies only. People are never excluded. You may skip it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=Sector.choices,
    )


class NowForm(forms.Form):
    """Where a group meets now: a question that cannot be asked later. It may be skipped."""

    meets_now = forms.ChoiceField(
        label=_("Where do you meet now?"),
        help_text=_("This shows later what a room has changed. You may skip it."),
        required=False,
        widget=forms.RadioSelect,
        choices=[*MeetsNow.choices, ("", _("I skip this question"))],
    )
    meets_until = forms.DateField(
        label=_("If that room ends: until when can you stay?"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )
