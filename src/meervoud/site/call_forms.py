"""What is written down while somebody is on the phone: who calls, and what they ask for or lend."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from meervoud.core.engine.types.vocabulary import SPACE_KINDS
from meervoud.demand.question_forms import QuestionsForm, neighbourhoods
from meervoud.lib.saying import words_of
from meervoud.parties.models import Organisation, Programme
from meervoud.parties.models.organisations import Kind
from meervoud.parties.models.people import LANGUAGES
from meervoud.parties.served import Caller
from meervoud.supply.forms import choose
from meervoud.supply.models import Offer

CALLER = ("name", "phone", "postal_address", "language")


class CallerFields(forms.Form):
    """Who calls: as much as they like to tell."""

    name = forms.CharField(label=_("Name of the caller"), max_length=120)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    postal_address = forms.CharField(
        label=_("Postal address, for the letter"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=LANGUAGES)
    note = forms.CharField(label=_("What was agreed on the phone"), max_length=300, required=False)

    def caller(self) -> Caller:
        """Return who called."""
        said = self.cleaned_data
        return Caller(said["name"], said["phone"], said["postal_address"], said["language"])


class CallForm(QuestionsForm, CallerFields):
    """What somebody who asks for space tells: who they are, and the three answers."""

    title = forms.CharField(label=_("What is the activity called?"), max_length=120)

    field_order = (*CALLER, "title")


class HostCallForm(CallerFields):
    """What somebody who lends a space tells; the pages of the offer ask the rest."""

    host_name = forms.CharField(label=_("Name of the organisation that lends it"), max_length=160)
    host_kind = forms.ChoiceField(label=_("What kind of organisation is it?"), choices=Kind.choices)
    space_name = forms.CharField(label=_("What is the space called?"), max_length=120)
    kind = forms.ChoiceField(label=_("What kind of space is it?"), choices=())
    length = forms.ChoiceField(
        label=_("For how long do they lend it?"),
        choices=Offer.Length.choices,
        widget=forms.RadioSelect,
        initial=Offer.Length.HOURS,
    )
    neighbourhood = forms.ChoiceField(label=_("Neighbourhood"), required=False, choices=())
    street = forms.CharField(label=_("Street and number"), max_length=160, required=False)
    capacity = forms.IntegerField(label=_("Most people"), required=False, min_value=1, max_value=100_000)
    price_kind = forms.ChoiceField(
        label=_("What does it cost?"),
        required=False,
        choices=[
            ("", _("not said")),
            (Offer.PriceKind.FREE, _("nothing")),
            (Offer.PriceKind.COST_SHARE, _("a share of the costs")),
        ],
    )

    field_order = (
        *CALLER,
        "host_name",
        "host_kind",
        "space_name",
        "kind",
        "length",
        "neighbourhood",
        "street",
        "capacity",
        "price_kind",
        "note",
    )

    def __init__(self, data: Any = None, *, programme: Programme, **rest: Any) -> None:  # Any: Django's own values
        """Offer the kinds of spaces and the neighbourhoods of the programme."""
        super().__init__(data, **rest)
        self.programme = programme
        self.areas = {str(each.pk): each for each in neighbourhoods(programme)}
        choose(self.fields["kind"], words_of("kinds", SPACE_KINDS))
        areas = [(key, each.name) for key, each in self.areas.items()]
        choose(self.fields["neighbourhood"], [("", _("not said")), *areas])

    def clean_host_name(self) -> str:
        """Refuse the name of an organisation that has people of its own: they list their spaces themselves."""
        name = str(self.cleaned_data["host_name"]).strip()
        known = self.host_called(name)
        if known is not None and known.memberships.exists():
            raise forms.ValidationError(
                _("%(name)s has people of its own here. Let them list it, or invite the caller.") % {"name": name}
            )
        return name

    def host_called(self, name: str) -> Organisation | None:
        """Return the organisation of the programme that has a name, as a sheet may have brought it."""
        rows = Organisation.objects.every(because="staff of the programme enters a call; the view has checked that")
        return rows.filter(partnerships__programme=self.programme, name__iexact=name).first()


class ClaimForm(forms.Form):
    """The code of the letter."""

    code = forms.CharField(label=_("Code from the letter"), max_length=40)
