"""Forms of the end of an agreement: notice, who depends on it, their plan, and what a trial evening leads to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meervoud.agreements.models import Dependence
from meervoud.usage.plan_forms import day_field

WAYS = (
    ("notice", _("with the notice that we agreed on")),
    ("both", _("sooner: the other side wants it too, and says so here")),
    ("safety", _("at once: it is not safe")),
)


class NoticeForm(forms.Form):
    """That an agreement ends."""

    why = forms.ChoiceField(label=_("How does it end?"), choices=WAYS, widget=forms.RadioSelect)
    last_day = day_field(_("Last day"))
    text = forms.CharField(
        label=_("Why, in a few words"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class DependsForm(forms.Form):
    """Who depends on a place."""

    who = forms.CharField(
        label=_("Who depends on this place?"),
        help_text=_("For example: the children of the homework class. Both sides read this; name no people."),
        max_length=120,
    )
    people = forms.IntegerField(label=_("How many people?"), min_value=1, max_value=100_000, required=False)
    needs = forms.CharField(label=_("What do they need?"), max_length=300, required=False)


class PlanForm(forms.Form):
    """The plan of who depends on a place."""

    plan = forms.ChoiceField(label=_("What is the plan?"), choices=Dependence.Plan.choices)
    text = forms.CharField(label=_("More about the plan"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own
        """Let the empty choice be chosen: there is no plan any more."""
        super().__init__(*args, **kwargs)
        self.fields["plan"].required = False


class TrialForm(forms.Form):
    """What a trial evening leads to."""

    goes_on = forms.ChoiceField(
        label=_("Do you go on?"),
        choices=(("yes", _("we go on")), ("no", _("we stop"))),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why, if you stop"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
