"""The forms that say on which terms a space is lent: what may be done, and what it costs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.vocabulary import ACTIVITIES, CAUSES, LOUDNESS
from meervoud.lib.saying import words_of
from meervoud.parties.models.organisations import Sector
from meervoud.supply.forms import Data, choose
from meervoud.supply.models import Offer


class UseForm(forms.Form):
    """What may be done. A host excludes activities, and companies of some sectors, from closed lists; never people."""

    any_activity = forms.ChoiceField(
        label=_("What may groups do?"),
        widget=forms.RadioSelect,
        choices=[
            ("listed", _("what I tick below")),
            ("except", _("everything but what I exclude below")),
            ("", _("I do not know yet: ask me")),
        ],
        required=False,
    )
    activities = forms.MultipleChoiceField(
        label=_("Allowed"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    no_activities = forms.MultipleChoiceField(
        label=_("Excluded"),
        help_text=_("You exclude activities, never groups of people."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )
    loudness = forms.ChoiceField(label=_("How loud may it get?"), required=False, choices=())
    causes = forms.MultipleChoiceField(
        label=_("What do you like to support?"),
        help_text=_("Groups with these causes come first in your list; all others may still ask."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=(),
    )

    no_sectors = forms.MultipleChoiceField(
        label=_("Companies of which sectors do you not lend to?"),
        help_text=_("This is about companies only. People are never excluded."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=Sector.choices,
    )

    def __init__(self, data: Data = None, **rest: Data) -> None:
        """Fill in the closed lists."""
        super().__init__(data, **rest)
        choose(self.fields["activities"], words_of("activities", ACTIVITIES))
        choose(self.fields["no_activities"], words_of("activities", ACTIVITIES))
        choose(self.fields["loudness"], [("", _("not known")), *words_of("loudness", LOUDNESS)])
        choose(self.fields["causes"], words_of("causes", CAUSES))


class CostForm(forms.Form):
    """What a group pays, and what an evening costs the host."""

    price_kind = forms.ChoiceField(
        label=_("What does a group pay?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[*Offer.PriceKind.choices, ("", _("not decided yet: ask me"))],
    )
    price = forms.DecimalField(label=_("How much?"), required=False, min_value=0, max_value=100_000, decimal_places=2)
    price_per = forms.ChoiceField(
        label=_("Per"), required=False, choices=[("hour", _("hour")), ("month", _("month"))], initial="hour"
    )
    evening_costs = forms.DecimalField(
        label=_("What does an evening cost you?"),
        help_text=_("Heating, cleaning, somebody who locks up. An estimate helps."),
        required=False,
        min_value=0,
        max_value=100_000,
        decimal_places=2,
    )
    cost_bearer = forms.ChoiceField(
        label=_("Who pays that?"), required=False, choices=[("", _("not known")), *Offer.CostBearer.choices]
    )

    def clean(self) -> dict[str, Any]:  # Any: Django's own
        """Ask how much a price is."""
        said = super().clean() or {}
        if said.get("price_kind") == "price" and said.get("price") is None and not self.errors:
            self.add_error("price", _("Say how much."))
        return said
